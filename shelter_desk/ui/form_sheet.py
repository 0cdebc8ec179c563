"""A sheet that holds a form: Enter saves, Esc leaves, problems stand beside their fields.

For page writers::

    sheet = FormSheet(self.tr("Record an exit"), form, self.tr("Record the exit"), self._record)
    sheet.keeps(shared, "record-exit", stay_id).open_over(self)

`_record(values)` gets the values of the form and says whether they were taken; then it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.forms import Form
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Button, Label, PrimaryButton, Scroll, Sheet

Take = Callable[[dict[str, Any]], bool]


class FitScroll(Scroll):
    """As tall as what is in it while there is room; scrolls when there is not."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._held = widget
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self._held.layout()
        if layout is not None and layout.hasHeightForWidth():
            # The form's grid says less here than it takes at the end: never below its least.
            least = layout.totalMinimumSize().height()
            return max(layout.totalHeightForWidth(width), least)
        return self._held.sizeHint().height()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), self.heightForWidth(max(self.width(), theme().px(300))))


class FormSheet(Sheet):
    """A form over the page. `take` says whether the values were taken; then the sheet closes."""

    def __init__(
        self,
        title: str,
        form: Form,
        action: str,
        take: Take,
        *,
        intro: str = "",
        width: float = 560,
    ) -> None:
        self.form, self.take = form, take
        self._where: tuple[Drafts, str] | None = None
        self._kept: KeptForm | None = None
        self.save = PrimaryButton(action, "check")
        self.leave = Button("")
        words = Label(intro, "muted", wrap=True) if intro else None
        self._waiting = Label("", "faint", wrap=True)
        inside = FitScroll(column(words, self._waiting, form, spacing=10))
        super().__init__(title, (inside, 1), row(STRETCH, self.leave, self.save), width=width)
        self._waiting.hide()
        self.leave.setText(self.tr("Leave it"))
        self.leave.clicked.connect(self.close_sheet)
        self.save.clicked.connect(self.try_save)

    def keeps(self, shared: Shared, name: str, subject: str = "") -> FormSheet:
        """Say where what is typed here is kept: a name of this form, and whom or what it is about.

        Whoever opens it again with the same subject finds it again, and nobody else does.
        """
        self._where = Drafts(shared, name), subject
        return self

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Show over the whole window of `host`, with what was typed here before and not saved."""
        if self._where is None:
            message = "say where this sheet keeps what is typed"
            raise TypeError(message)
        drafts, subject = self._where
        self._kept = KeptForm(self.form, drafts, subject)
        self._waiting.setText(self._kept.words())
        self._waiting.setVisible(self._kept.is_kept)
        super().open_over(host, focus)

    def close_sheet(self) -> None:
        """Close; what was typed and not saved is kept."""
        self.form.flush()
        super().close_sheet()

    def try_save(self) -> None:
        """Hand the values over; close when they were taken."""
        values = self.form.values_or_problems()
        if values is not None and self.take(values):
            if self._kept is not None:
                self._kept.done()
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_save)
            return
        super().keyPressEvent(event)


def press_enter(host: QWidget, otherwise: Callable[[], None]) -> None:
    """Press the button that has the keyboard, or else do what Enter means here."""
    focused = host.window().focusWidget()
    if isinstance(focused, Button):
        focused.click()
    else:
        otherwise()
