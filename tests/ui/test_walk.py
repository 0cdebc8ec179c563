"""A walk through every window by keyboard: names, roles, visible focus, order, no cut text."""

from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QBoxLayout, QLabel, QWidget

from shelter_desk.domain.errors import StaleError
from shelter_desk.settings import DeviceSettings
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.messages import tell
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import confirm
from shelter_desk.ui.widgets.overlays import focusables
from tests.conftest import PASSPHRASE, newly_founded, shipped_model
from tests.ui.conftest import plain_look
from tests.ui.real_door import KeptPaper, backup_of_house, house_door, kit_code, new_door
from tests.ui.small_pages import PAGES

SPEAKING = {
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.List,
    QAccessible.Role.Table, QAccessible.Role.Tree, QAccessible.Role.PushButton,
}  # fmt: skip


def main_window(place, page="today"):
    desk = newly_founded(place / "records", shipped_model()).desk
    shared = Shared(desk, InlineJobs(), ZoneInfo("America/Chicago"))
    house = House("Harbor House", "Director", lambda passphrase: passphrase == PASSPHRASE)
    window = MainWindow(shared, PAGES, house)
    window.destroyed.connect(desk.close)
    window.go(page)
    return window


def entry(door):
    window = EntryWindow(door, InlineJobs(), KeptPaper())
    window.opened.connect(lambda desk: window.destroyed.connect(desk.close))
    window.start()
    return window


def first_run(place, step):
    window = entry(new_door(place))
    page = window.page
    for number in range(step):
        page.shelter.called.setText("Harbor House")
        page.director.called.setText("Ruth M.")
        page.director.choice.again.edit.setText(page.director.choice.value())
        page.kit.kept.setChecked(True)
        page.typed.typed.setText(page.kit.kit.code if page.kit.kit else "")
        assert page.place == number
        page._next()
    return window


def forgot(place, step):
    window = entry(house_door(place))
    window.show_forgot()
    if step:
        window.page.kit.setText(kit_code())
        window.page._next()
    return window


def restore(place, step, *, own=False):
    stick, code = backup_of_house(place)
    window = entry(new_door(place))
    window.show_restore()
    page = window.page
    page.places.backup.setText(str(stick))
    page.opener.kit.setText(code)
    page.words.choice.again.edit.setText(page.words.choice.value())
    if own:
        page.opener.kind.buttons()[1].click()
    for _ in range(step):
        page._next()
    assert page.place == step
    return window


def without_records(place):
    door = house_door(place)
    (door.folder / STORE_NAME).unlink()
    return entry(door)


def names_typed(place):
    theme().apply(theme().settings._replace(hides_staff=True))
    window = entry(house_door(place))
    assert window.page.tiles() == ()
    return window


def with_sheet(place, open_sheet):
    window = main_window(place)
    window.opened_sheet = open_sheet(window)
    return window


def asked(window):
    return confirm(window, title="Withdraw?", text="…", action="Withdraw", on_yes=print)


WINDOWS = {
    "today": main_window,
    "residents": partial(main_window, page="residents"),
    "intake": partial(main_window, page="intake"),
    "palette": partial(with_sheet, open_sheet=lambda w: w.search()),
    "message": partial(with_sheet, open_sheet=lambda w: tell(w, StaleError())),
    "question": partial(with_sheet, open_sheet=asked),
    "unlock": lambda place: entry(house_door(place)),
    "unlock-hidden": names_typed,
    "trouble": without_records,
    "forgot-1": partial(forgot, step=0),
    "forgot-2": partial(forgot, step=1),
    **{f"restore-{step}": partial(restore, step=step) for step in range(4)},
    "restore-own": partial(restore, step=1, own=True),
    **{f"first-{step}": partial(first_run, step=step) for step in range(6)},
}


@pytest.fixture(scope="module", params=WINDOWS)
def window(request, qapp, tmp_path_factory):
    """Return one window; what is asked of it follows, before the next one is made."""
    plain_look(qapp)
    made = WINDOWS[request.param](tmp_path_factory.mktemp(request.param))
    made.show()
    made.activateWindow()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def shown(window, look, qtbot):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QApplication.processEvents()
    return window


def root_of(window):
    return getattr(window, "opened_sheet", window)


def test_everything_reached_by_tab_says_its_name_and_role(shown):
    widgets = focusables(root_of(shown))
    assert widgets
    for widget in widgets:
        spoken = QAccessible.queryAccessibleInterface(widget)
        assert spoken.text(QAccessible.Text.Name).strip(), widget
        assert spoken.role() in SPEAKING, (widget, spoken.role())


def test_the_focus_is_seen_on_everything(shown):
    widgets = focusables(root_of(shown))
    for widget in widgets:
        if isinstance(widget, QAbstractItemView) and not widget.model().rowCount():
            continue
        widget.clearFocus()
        QApplication.processEvents()
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert widget.hasFocus(), widget
        assert widget.grab().toImage() != without, widget
        widget.clearFocus()


def test_tab_reaches_everything_once_and_comes_back(shown):
    root = root_of(shown)
    expected = focusables(root)
    expected[0].setFocus()
    seen = []
    for _ in range(len(expected) + 2):
        now = shown.focusWidget()
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
        QApplication.processEvents()
    reached = set(map(id, seen))
    # Of a group of radio buttons only one is reached by Tab; arrows do the rest.
    missed = [w for w in expected if id(w) not in reached and not w.inherits("QRadioButton")]
    assert missed == []
    skipped = [w for w in expected if id(w) not in reached]
    assert len(seen) - len(reached) <= 3 + len(skipped)


def test_tab_goes_down_the_page_not_up_and_down(shown):
    """Within each part of the window the next stop is below or to the right of the last."""
    widgets = [
        w for w in focusables(root_of(shown)) if w.visibleRegion().boundingRect().height() > 4
    ]
    spots = [(w, w.mapTo(shown, QPoint(0, 0))) for w in widgets]
    back = [
        (one, other)
        for (one, a), (other, b) in pairwise(spots)
        if one.parentWidget() is other.parentWidget() and b.y() + other.height() <= a.y()
    ]
    assert back == []


@pytest.mark.parametrize("scale", [100, 200])
def test_no_word_is_cut_off(shown, look, scale, qtbot):
    look.apply(DeviceSettings(scale, "light"))
    QApplication.processEvents()
    QApplication.processEvents()
    checked = 0
    for label in root_of(shown).findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        checked += 1
        if label.wordWrap():
            assert label.height() + 1 >= label.heightForWidth(label.width()), label.text()
        else:
            assert label.height() + 1 >= label.fontMetrics().height(), label.text()
    assert checked


def test_nothing_is_wider_than_the_window_at_200_percent(shown, look):
    look.apply(DeviceSettings(200, "light"))
    for _ in range(3):
        QApplication.processEvents()
    for widget in focusables(root_of(shown)):
        left = widget.mapTo(shown, QPoint(0, 0)).x()
        assert left >= 0, widget
        assert left + widget.width() <= shown.width() + 1, widget


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_lies_over_its_neighbour_or_outside_its_box(shown, look, scale):
    look.apply(DeviceSettings(scale, "light"))
    for _ in range(3):
        QApplication.processEvents()
    pairs = 0
    for parent in root_of(shown).findChildren(QWidget):
        layout = parent.layout()
        if not isinstance(layout, QBoxLayout) or not parent.isVisible():
            continue
        boxes = [layout.itemAt(n).widget() for n in range(layout.count())]
        shown_boxes = [box for box in boxes if box is not None and box.isVisible()]
        for box in shown_boxes:
            assert parent.rect().adjusted(-1, -1, 1, 1).contains(box.geometry()), (parent, box)
        for one, other in pairwise(shown_boxes):
            pairs += 1
            assert not one.geometry().intersects(other.geometry()), (one, other)
    assert pairs


def test_no_window_of_its_own_is_left_behind(shown):
    visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert visible == [shown]
    assert isinstance(shown, QWidget)
