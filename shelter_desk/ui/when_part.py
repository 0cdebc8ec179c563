"""When something was: now, or an earlier moment that is typed."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout

from shelter_desk.ui.editors import Editor, MomentEditor, UnreadableError
from shelter_desk.ui.scale import STRETCH, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import SegmentedControl

_NOW, _EARLIER = "now", "earlier"


class WhenPart(Editor):
    """Now, unless "Earlier" is chosen and a moment typed. Its value is None for now."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        words = ((_NOW, self.tr("Now")), (_EARLIER, self.tr("Earlier…")))
        self.choice = SegmentedControl(words, self.tr("When"))
        self.at = MomentEditor(self.tr("When"), shared.now(), shared.zone)
        fill(QHBoxLayout(self), (self.choice, (self.at, 1), STRETCH), spacing=8)
        self.setFocusProxy(self.at)
        self.choice.chosen.connect(self._chosen)
        self.at.edited.connect(self.edited)
        self.put(None)

    def typed(self) -> str:
        return f"{self.choice.value()}\n{self.at.typed()}"

    def put_typed(self, typed: str) -> None:
        code, _, moment = typed.partition("\n")
        self._show(code or _NOW)
        self.at.put_typed(moment)

    def put(self, value: object) -> None:
        self._show(_EARLIER if isinstance(value, datetime) else _NOW)
        self.at.put(value)

    def read(self) -> datetime | None:
        if self.choice.value() != _EARLIER:
            return None
        at = self.at.read()
        if at is None:
            raise UnreadableError(self.tr("This one is needed."))
        return at

    def _show(self, code: str) -> None:
        self.choice.set_value(code)
        self.at.setVisible(code == _EARLIER)

    def _chosen(self, code: str) -> None:
        self.at.setVisible(code == _EARLIER)
        if code == _EARLIER:
            if not self.at.typed().strip():
                self.at.put(self._shared.now())
            self.at.setFocus()
        self.edited.emit()
