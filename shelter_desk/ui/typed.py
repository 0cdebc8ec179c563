"""What people type into: it says within a second that there is something to keep.

A form of declared fields is a `Form`; questions that are laid out by hand are a `TypedForm` of
their own. Both are kept by the same `KeptForm` (`ui/drafts.py`) and show problems the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.errors import Problem
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, FieldFrame

_DRAFT_MS = 900


class TypedForm(QWidget):
    """Questions whose answers can be kept as text, and given back.

    Whoever derives from it connects every editor to `note_edit`, and fills `frames` (the name of a
    problem's field -> where it is shown).
    """

    changed = Signal()  # at most a second after the first key that is not kept yet

    def __init__(self) -> None:
        super().__init__()
        self.frames: dict[str, FieldFrame] = {}
        self.banner = Banner("", Tone.WARN)
        self.banner.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_DRAFT_MS)
        self._pause.timeout.connect(self.changed)

    def typed(self) -> dict[str, str]:
        """Return field name -> what is typed, for a draft."""
        raise NotImplementedError

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show a draft again. Names the form does not have are passed over."""
        raise NotImplementedError

    def flush(self) -> None:
        """Emit `changed` now if it is due: a lock is coming, or another page."""
        if self._pause.isActive():
            self._pause.stop()
            self.changed.emit()

    def settle(self) -> None:
        """Take what stands here for what nobody typed just now."""
        self._pause.stop()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing waits to be kept."""
        return not self._pause.isActive()

    def note_edit(self) -> None:
        """Say soon that there is something to keep. Takes no notice of a signal's arguments."""
        # Not restarted by every key: while someone types on and on, it is saved on and on.
        if not self._pause.isActive():
            self._pause.start()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem under its field and clear the others; the first gets the keyboard.

        A problem of no field of this form shows above the form.
        """
        messages = {problem.field: problem.message for problem in problems}
        for name, frame in self.frames.items():
            frame.show_problem(messages.get(name, ""))
        others = [text for name, text in messages.items() if name not in self.frames]
        self.banner.say(" ".join(others))
        self.banner.setVisible(bool(others))
        first = next((name for name in self.frames if name in messages), None)
        if first is not None:
            self.go_to_problem(first)

    def go_to_problem(self, name: str) -> None:
        """Give the keyboard to the field that needs another look."""
        self.frames[name].editor.setFocus()
