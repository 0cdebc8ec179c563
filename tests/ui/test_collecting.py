"""Garbage is collected on the windows' thread, so that no other thread takes windows apart."""

import gc
import threading
import weakref

from PySide6.QtWidgets import QWidget

from shelter_desk.ui.collecting import Collector


class Knot:
    """Two objects that hold each other, one of them Qt's: only a collection frees them."""

    def __init__(self):
        self.widget = QWidget()
        self.widget.knot = self


def test_no_other_thread_collects_and_the_windows_thread_does(qapp, qtbot):
    gc.enable()  # as it is before there are windows
    collector = Collector(qapp)
    knot = weakref.ref(Knot().widget)
    freed_on = []
    weakref.finalize(knot(), lambda: freed_on.append(threading.current_thread()))

    other = threading.Thread(target=lambda: [[] for _ in range(200_000)])
    other.start()
    other.join()
    assert knot() is not None  # 200,000 new objects, and nothing was collected there
    assert not gc.isenabled()
    kept = [[] for _ in range(200_000)]
    qtbot.waitUntil(lambda: knot() is None, timeout=5000)
    assert freed_on == [threading.main_thread()]
    assert kept
    collector.deleteLater()
