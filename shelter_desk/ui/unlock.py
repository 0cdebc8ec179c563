"""The unlock page: choose who you are, type your passphrase."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.people import folded
from shelter_desk.ui.door import Door, DoorPerson
from shelter_desk.ui.front import FrontCard, FrontPage, brand
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import RADIUS_CARD, Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    FieldFrame,
    FlowLayout,
    Icon,
    Label,
    LineEdit,
    PrimaryButton,
    SecretEdit,
    announce,
)
from shelter_desk.ui.widgets.marks import draw_avatar

_Elide = Qt.TextElideMode.ElideRight
_MODIFIER = Qt.KeyboardModifier


class PersonTile(QRadioButton):
    """One person: initials, name, role. `picked` is a click; arrows only move the choice."""

    picked = Signal()
    typed = Signal(object)  # the key, where a letter was typed

    def __init__(self, person: DoorPerson) -> None:
        super().__init__(person.name)
        self.person = person
        self.setAccessibleName(person.name)
        self.setAccessibleDescription(person.role)
        self.setToolTip(person.name)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(119), theme().px(100 if self.person.role else 84))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.isChecked():
            self.picked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setChecked(True)
            self.picked.emit()
            return
        held = event.modifiers() & ~(_MODIFIER.ShiftModifier | _MODIFIER.KeypadModifier)
        if event.text().strip() and event.text().isprintable() and not held:
            self.typed.emit(event)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        tokens, px = look.tokens, look.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, focused = self.isChecked(), self.hasFocus()
        painter.setBrush(QColor(tokens.accent_soft if on else tokens.raised))
        line = tokens.focus if focused else tokens.primary if on else tokens.border
        thick = 2 if on or focused else 1
        painter.setPen(QPen(QColor(line), thick))
        inset = thick / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset),
            px(RADIUS_CARD - 2),
            px(RADIUS_CARD - 2),
        )
        face = px(40)
        draw_avatar(painter, QRect((self.width() - face) // 2, px(11), face, face), self.text())
        self._draw_line(painter, px(53), self.text(), strong=True)
        self._draw_line(painter, px(73), self.person.role, strong=False)
        painter.end()

    def _draw_line(self, painter: QPainter, y: int, text: str, *, strong: bool) -> None:
        look = theme()
        painter.setFont(look.font(14, Weight.STRONG) if strong else look.font(12))
        painter.setPen(QColor(look.tokens.text if strong else look.tokens.faint))
        room = QRect(look.px(6), y, self.width() - look.px(12), look.px(20))
        words = painter.fontMetrics().elidedText(text, _Elide, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


class UnlockPage(QWidget):
    """Emits `opened` with the open desk, `troubled` with an error that has its own page."""

    opened = Signal(object)
    troubled = Signal(object)
    forgot = Signal()
    restore_wanted = Signal()

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._group = QButtonGroup(self)
        self._tiles = self._make_tiles()
        self.name = LineEdit(self.tr("Your name"))
        self.secret = SecretEdit(self.tr("Your passphrase"))
        self.unlock = PrimaryButton(self.tr("Unlock"), "lock-open")
        self.unlock.setSizePolicy(self.secret.sizePolicy())
        self.forgotten = Button(self.tr("I forgot it"), kind="ghost")
        self.restore = Button(self.tr("Restore a backup"), kind="ghost")
        self.banner = Banner("", Tone.OK)
        self.banner.hide()
        self.problem = Label("", "body", tone=Tone.WARN, wrap=True)
        self.problem.hide()
        self._caps_icon = Icon("triangle-alert", "warn", 16)
        self.caps = Label(self.tr("Caps Lock is on"), "body", tone=Tone.WARN)
        self._show_caps(on=False)
        fill(QVBoxLayout(self), (self._page(),), spacing=0)
        self._wait = QTimer(self)
        self._wait.setInterval(1000)
        self._wait.timeout.connect(self._one_second_less)
        self._left = 0
        self.secret.edit.installEventFilter(self)
        self.name.returnPressed.connect(self._to_passphrase)
        self.secret.entered.connect(self._try)
        self.unlock.clicked.connect(self._try)
        self.forgotten.clicked.connect(self.forgot)
        self.restore.clicked.connect(self.restore_wanted)

    def start(self, said: str = "") -> None:
        """Show the page afresh, with a sentence on top if there is something to say."""
        self.banner.say(said)
        self.banner.setVisible(bool(said))
        self.secret.clear()
        self._say("")
        buttons = self._group.buttons()
        if len(buttons) == 1:
            buttons[0].setChecked(True)
        chosen = self._group.checkedButton()
        first: QWidget = self.secret if chosen or not buttons else buttons[0]
        (self.name if not buttons else first).setFocus(Qt.FocusReason.OtherFocusReason)
        self._pause()

    def tiles(self) -> tuple[PersonTile, ...]:
        """Return the people shown."""
        return tuple(tile for tile in self._group.buttons() if isinstance(tile, PersonTile))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            text = event.text()
            if len(text) == 1 and text.isalpha():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._show_caps(on=text.isupper() != shift and text.upper() != text.lower())
        return False

    def _make_tiles(self) -> QWidget | None:
        people = self._door.staff()
        if theme().settings.hides_staff:
            return None
        tiles = QWidget()
        flow = FlowLayout(8, tiles)
        for person in people:
            tile = PersonTile(person)
            self._group.addButton(tile)
            tile.picked.connect(self._to_passphrase)
            tile.typed.connect(self._type_on)
            flow.addWidget(tile)
        tiles.setAccessibleName(self.tr("Who are you?"))
        policy = tiles.sizePolicy()
        policy.setHeightForWidth(True)
        tiles.setSizePolicy(policy)
        return tiles

    def _page(self) -> FrontPage:
        where = self.tr("this computer only, nothing is sent to the internet")
        quiet = f"{self._door.shelter_name} · {where}" if self._door.shelter_name else where
        line = Label(quiet, "muted", wrap=True)
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if self._tiles is not None:
            who = FieldFrame(self.tr("Who are you?"), self._tiles)
        else:
            who = FieldFrame(self.tr("Your name"), self.name)
        foot = row(self._caps_icon, self.caps, STRETCH, self.restore, self.forgotten, spacing=6)
        card = FrontCard(
            brand(self.tr("Shelter Desk")),
            line,
            self.banner,
            who,
            FieldFrame(self.tr("Your passphrase"), self.secret),
            self.unlock,
            self.problem,
            foot,
        )
        below: list[QWidget | float] = []
        if self._door.note:
            below += [Icon("hard-drive-download", "ok", 16), Label(self._door.note, "caption"), 14]
        locked = Label(self.tr("Data on this disk is encrypted"), "caption")
        return FrontPage(card, *below, Icon("shield-check", "ok", 16), locked)

    def _show_caps(self, *, on: bool) -> None:
        self._caps_icon.setVisible(on and self._caps_icon.parent() is not None)
        self.caps.setVisible(on and self.caps.parent() is not None)

    def _to_passphrase(self) -> None:
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type_on(self, event: QKeyEvent) -> None:
        """Take the keys of somebody who did not see that a name has the keyboard."""
        self._to_passphrase()
        QApplication.sendEvent(self.secret.edit, event)

    def _named(self) -> str:
        """Return whose name was typed; nobody's goes wrong as a passphrase does."""
        typed, people = self.name.text().strip(), self._door.staff()
        same = [person.id for person in people if folded(person.name) == folded(typed)]
        exact = [person.id for person in people if person.name == typed]
        return next(iter((*exact, *same, typed)))

    def _try(self) -> None:
        tile = self._group.checkedButton()
        who = tile.person.id if isinstance(tile, PersonTile) else self._named()
        if not self.unlock.isEnabled():
            return
        if not who:
            self._ask_who()
            return
        if not self.secret.text():
            self._say(self.tr("Type your passphrase."))
            self.secret.setFocus()
            return
        self._say(self.tr("Opening…"), Tone.INFO)
        self.unlock.setEnabled(False)
        work = partial(self._door.unlock, who, self.secret.text())
        self._jobs.run(self, work, self._opened, self._failed)

    def _ask_who(self) -> None:
        tile = next(iter(self._group.buttons()), None)
        said = self.tr("First choose who you are.") if tile else self.tr("Type your name.")
        self._say(said)
        (tile or self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _opened(self, desk: object) -> None:
        self.unlock.setEnabled(True)
        self.secret.clear()
        self._say("")
        self.opened.emit(desk)

    def _failed(self, error: Exception) -> None:
        self.unlock.setEnabled(True)
        self.secret.clear()
        self._say("")
        if getattr(error, "code", "") or not isinstance(error, DeskError):
            self.troubled.emit(error)
            return
        self._say(words_for(error).text)
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pause()

    def _say(self, text: str, tone: Tone = Tone.WARN) -> None:
        self.problem.set_tone(tone)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        announce(self.problem, text)

    def _pause(self) -> None:
        self._left = self._door.wait_s()
        if self._left > 0:
            self._wait.start()
            self._say_wait()

    def _one_second_less(self) -> None:
        self._left -= 1
        self._say_wait()

    def _say_wait(self) -> None:
        waiting = self._left > 0
        self.unlock.setEnabled(not waiting)
        if waiting:
            self.unlock.setText(self.tr("Wait {0} s").format(self._left))
            return
        self._wait.stop()
        self.unlock.setText(self.tr("Unlock"))
