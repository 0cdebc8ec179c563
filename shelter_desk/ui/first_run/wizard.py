"""The frame of first set-up: the row of steps, Back, Next, and the making of the records."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.door import Door
from shelter_desk.ui.door_values import NewShelter
from shelter_desk.ui.first_run.steps import (
    Director,
    PrintKit,
    Ready,
    Shelter,
    Step,
    TypeBack,
    Welcome,
)
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.printing import Paper
from shelter_desk.ui.scale import STRETCH, Margins, at_most, fill, measures, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Button, Card, Icon, Label, Line, PrimaryButton, Scroll
from shelter_desk.ui.widgets.steps import Steps

_TYPE_BACK, _READY = 4, 5
_SMALL = 520  # px at 100 %: a window less tall than this needs all its room for the step
_ROOMY: Margins = (20, 36, 20, 36)
_TIGHT: Margins = (8, 6, 8, 6)


class FirstRunPage(QWidget):
    """Emits `opened` with the open desk when all is done, `left` when the person goes back."""

    opened = Signal(object)
    left = Signal()
    restore_wanted = Signal()
    troubled = Signal(object)

    def __init__(self, door: Door, jobs: Jobs, paper: Paper) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._desk: object = None
        welcome = Welcome()
        welcome.restore.clicked.connect(self.restore_wanted)
        self.shelter, self.director = Shelter(door.zones()), Director(door)
        self.kit, self.typed = PrintKit(door, paper), TypeBack(door)
        self.steps: tuple[Step, ...] = (
            welcome,
            self.shelter,
            self.director,
            self.kit,
            self.typed,
            Ready(),
        )
        self._stack, self._row = QStackedWidget(), Steps([step.name for step in self.steps])
        for step in self.steps:
            self._stack.addWidget(Scroll(step))
        self.back = Button(self.tr("Back"), "arrow-left")
        self.next = PrimaryButton(self.tr("Next"), "arrow-right")
        self._time = Label(self.tr("about 6 minutes"), "caption")
        title = Label(self.tr("Set up Shelter Desk"), "h2")
        head = row(Icon("house-heart", "primary", 24), title, STRETCH, self._time, spacing=10)
        foot = row(self.back, STRETCH, self.next)
        parts = (head, self._row, Line(), (self._stack, 1), Line(), foot)
        card = Card(*parts, spacing=14, margins=(28, 20, 28, 18))
        at_most(card, 1080)
        self._head = head
        frame = _Ground()
        self._around = QVBoxLayout(frame)
        fill(self._around, ((row(STRETCH, (card, 40), STRETCH), 1),), margins=_ROOMY)
        fill(QVBoxLayout(self), (frame,))
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)

    @property
    def place(self) -> int:
        """Return which step is open, from 0."""
        return self._stack.currentIndex()

    def start(self) -> None:
        """Show the first step."""
        self._show(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.height() / theme().scale < _SMALL
        self._head.setVisible(not small)
        measures(self._around, spacing=0, margins=_TIGHT if small else _ROOMY)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            on = self.focusWidget()
            if isinstance(on, QPushButton) and on is not self.next:
                on.click()  # Enter on another button means that button
            else:
                self._next()
            return
        super().keyPressEvent(event)

    def _show(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._row.set_now(place)
        self._time.setVisible(place < _READY)
        self.back.setVisible(place != _READY)
        self.back.setText(self.tr("Another folder") if place == 0 else self.tr("Back"))
        self.back.set_kind("plain", "folder-open" if place == 0 else "arrow-left")
        self.next.setText(self.tr("Open the desk") if place == _READY else self.tr("Next"))
        self.next.setEnabled(True)
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)
        self.steps[place].start()

    def _back(self) -> None:
        if self.place == 0:
            self.left.emit()
        else:
            self._show(self.place - 1)

    def _next(self) -> None:
        if not self.next.isEnabled() or not self.steps[self.place].is_ready():
            return
        if self.place == _READY:
            self.opened.emit(self._desk)
        elif self.place == _TYPE_BACK:
            self._create()
        else:
            self._prepare(self.place + 1)
            self._show(self.place + 1)

    def _prepare(self, place: int) -> None:
        step = self.steps[place]
        if step is self.director:
            self.director.choice.know_names(self.shelter.called.text())
        elif step is self.kit:
            self.kit.show_kit(self.shelter.called.text().strip())
        elif step is self.typed:
            self.typed.kit = self.kit.kit

    def _create(self) -> None:
        kit = self.kit.kit
        if kit is None:
            return
        shelter = NewShelter(
            name=self.shelter.called.text().strip(),
            zone=self.shelter.zone.currentText(),
            director=self.director.called.text().strip(),
            passphrase=self.director.choice.value(),
        )
        self.typed.show_failure("")
        self.next.setEnabled(False)
        self.next.setText(self.tr("Making the records…"))
        work = partial(self._door.create, shelter, kit)
        self._jobs.run(self, work, self._created, self._failed)

    def _created(self, desk: object) -> None:
        self._desk = desk
        self.director.choice.clear()
        self.typed.typed.clear()
        self._show(_READY)

    def _failed(self, error: Exception) -> None:
        self.next.setEnabled(True)
        self.next.setText(self.tr("Next"))
        if isinstance(error, DeskError):
            self.typed.show_failure(words_for(error).text)
        else:
            self.troubled.emit(error)


class _Ground(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().tokens.bg))
        painter.end()
