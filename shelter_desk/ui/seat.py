"""The screen of the inspector's seat: it lies over the whole window until its time is over.

It has a `Shared` of its own on a desk that answers nothing but this seat. What lies behind stays
closed until the person at the desk types their passphrase, or the window is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.seat_records import (
    SeatFacts,
    SeatLine,
    SeatOverError,
    SeatStay,
    seat_facts,
    seat_record,
    seat_stays,
)
from shelter_desk.desk.seats import CloseSeat, LookFromSeat, SeatedDesk
from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.dates import show_day, show_moment
from shelter_desk.ui.messages import sentence_for
from shelter_desk.ui.scale import STRETCH, column, fill, fixed, row
from shelter_desk.ui.seat_words import doubts, drawn_words
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    DropDown,
    FieldFrame,
    Label,
    Scroll,
    SecretEdit,
    Table,
)
from shelter_desk.ui.widgets.overlays import move_focus

_SECOND_MS = 1_000
_MARK_EVERY = (420, 150)  # px at 100 % between two marks, across (at least) and down
_LEAST_TABLE, _BELOW = 180, 16  # px at 100 %: the table, and what is seen below its line
_MARK_GAP = 40  # px at 100 % after the words of one


class SeatView(QWidget):
    """Read-only: a record is chosen, its lines are shown, every look is written down first."""

    ended = Signal(bool)  # whether the passphrase ended it; else the time did

    def __init__(
        self, host: QWidget, shared: Shared, seat_id: str, check: Callable[[str], bool]
    ) -> None:
        super().__init__(host)
        desk = SeatedDesk(shared.desk, seat_id)
        self._shared = Shared(desk, shared.jobs, shared.zone, self)
        self._seat_id, self._check, self._shown = seat_id, check, ""
        self.sat_down = QElapsedTimer()  # a clock that nobody can set back
        self.sat_down.start()
        self.facts: SeatFacts = self._shared.ask(seat_facts, seat_id=seat_id, now=desk.now())
        self._granted_s = self._left_by_clock()
        self._stays = self._shared.ask(seat_stays, seat_id=seat_id, now=desk.now())
        self.setAccessibleName(self.tr("Records to look at"))
        self.record = DropDown(self.tr("Record"))
        for stay in self._stays:
            self.record.addItem(self._name(stay), stay.stay_id)
        self.record.setPlaceholderText(self.tr("Choose a record…"))
        self.record.setCurrentIndex(-1)
        self.left = Label("", "strong")
        self.table = _Shown(self._columns(), self.tr("What was done and what is open"))
        self.whole = Label(self.tr("Choose a line to read all of it."), "muted", wrap=True)
        self.secret = SecretEdit(self.tr("Passphrase of the person at the desk"))
        self.secret.edit.setPlaceholderText(self.tr("Passphrase"))
        self.end = Button(self.tr("End it"), "lock")
        self.problem = Label("", tone=Tone.WARN)
        self._arrange()
        self.mark = _Mark(self, self._mark_words())
        self._ticks = QTimer(self)
        self._ticks.timeout.connect(self.tick)
        self._ticks.start(_SECOND_MS)
        self.record.currentIndexChanged.connect(self.look)
        self.table.chosen.connect(self._show_whole)
        self.secret.entered.connect(self._try)
        self.end.clicked.connect(self._try)
        self.setGeometry(host.rect())
        self.tick()

    @property
    def lines(self) -> tuple[SeatLine, ...]:
        """Return the lines shown."""
        return tuple(self.table.lines)

    def look(self) -> None:
        """Write the look down, then show the record; without the one there is no other."""
        stay_id = self.record.currentData()
        if not stay_id or stay_id == self._shown:
            return
        self._shown = ""
        self.table.show_lines(())
        try:
            self._shared.do(LookFromSeat(self._seat_id, stay_id))
            keys = {"seat_id": self._seat_id, "stay_id": stay_id, "now": self._shared.now()}
            self.table.show_lines(self._shared.ask(seat_record, **keys))
        except SeatOverError:
            self._over()
        except DeskError as error:
            self.problem.setText(sentence_for(error))
        else:
            self._shown = stay_id

    def tick(self) -> None:
        """Show how long is left; when nothing is, end."""
        steady = self._granted_s - self.sat_down.elapsed() // _SECOND_MS
        left = min(self._left_by_clock(), steady)
        if left <= 0:
            self._over()
            return
        words = self.tr("{0} minutes left") if left >= 120 else self.tr("1 minute left")
        self.left.setText(words.format(left // 60))

    def close_seat(self) -> None:
        """Write down that the looking is over; the seat shows nothing from now on."""
        if self._ticks.isActive():
            self._ticks.stop()
            self.table.show_lines(())
            self._shared.attempt(CloseSeat(self._seat_id))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        move_focus(self, forward=forward)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # nothing typed here reaches what lies behind

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.mark.setGeometry(self.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().tokens.bg))
        painter.end()

    def _arrange(self) -> None:
        title = self.tr("Read only, for {0}").format(self.facts.visitor)
        ground, doubted = self.tr("Ground: {0}").format(self.facts.authority), ""
        if self.facts.draw is not None:
            ground += "\n" + drawn_words(self.facts.draw, self._shared.zone)
            doubted = " ".join(doubts(self.facts.draw))
        head = row(Label(title, "h2"), STRETCH, self.left, spacing=12)
        fixed(self.secret, width=260)
        foot = row(self.problem, STRETCH, self.secret, self.end, spacing=8)
        choose = Card(Label(ground, "muted", wrap=True),
                      Label(doubted, tone=Tone.WARN, wrap=True) if doubted else None,
                      FieldFrame(self.tr("Record, by case code"), self.record))  # fmt: skip
        # In large letters what is said of the draw leaves the table no room: then both scroll.
        shown = Card((self.table, 1), self.whole)
        self._middle = Scroll(column(choose, (shown, 1), spacing=12))
        parts = (head, (self._middle, 1), foot)
        fill(QVBoxLayout(self), parts, spacing=12, margins=(20, 16, 20, 14))

    def _show_whole(self, line: object) -> None:
        # What was to be done is often longer than its column, the more so in large letters.
        if isinstance(line, SeatLine):
            self.whole.setText(line.text)
            self._middle.ensureWidgetVisible(self.whole, 0, theme().px(_BELOW))

    def _over(self) -> None:
        self._finish(by_person=False)

    def _try(self) -> None:
        passphrase = self.secret.text()
        self.secret.clear()
        if not passphrase or not self.end.isEnabled():
            return
        self.end.setEnabled(False)
        self.problem.setText(self.tr("Checking…"))
        self._shared.jobs.run(self, lambda: self._check(passphrase), self._tried, self._failed)

    def _tried(self, right: bool) -> None:  # noqa: FBT001 - the answer of a job
        self.end.setEnabled(True)
        if right:
            self._finish(by_person=True)
        else:
            self.problem.setText(self.tr("That is not the passphrase."))

    def _failed(self, error: Exception) -> None:
        self.end.setEnabled(True)
        self.problem.setText(sentence_for(error))

    def _finish(self, *, by_person: bool) -> None:
        if self._ticks.isActive():
            self.close_seat()  # a disk that refuses it keeps nobody in the seat
            self.ended.emit(by_person)

    def _left_by_clock(self) -> int:
        return int((self.facts.until_at - self._shared.now()).total_seconds())

    def _name(self, stay: SeatStay) -> str:
        began = show_day(self._day(stay.began_at))
        if stay.ended_at is None:
            return self.tr("{0}, since {1}").format(stay.case_code, began)
        ended = show_day(self._day(stay.ended_at))
        return self.tr("{0}, {1} to {2}").format(stay.case_code, began, ended)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._shared.zone).date()

    def _mark_words(self) -> str:
        opened = show_moment(self.facts.opened_at, self._shared.zone)
        return self.tr("{0} · {1} · read only").format(self.facts.visitor, opened)

    def _columns(self) -> tuple[Column[SeatLine], ...]:
        def when(moment: datetime | None) -> str:
            return show_moment(moment, self._shared.zone) if moment else ""

        def signed(line: SeatLine) -> str:
            needed = line.needs_signatures
            return self.tr("{0} of {1}").format(line.signed, needed) if needed else ""

        return (
            Column(self.tr("What"), lambda line: line.text, width=300, stretch=True,
                   below=lambda line: line.service),
            Column(self.tr("Due"), lambda line: when(line.due_at), width=150),
            Column(self.tr("Done"), lambda line: when(line.done_at), width=150),
            Column(self.tr("Written down"), lambda line: when(line.entered_at), width=150),
            Column(self.tr("Outcome"), lambda line: line.outcome or self.tr("open"), width=120,
                   tone=lambda line: Tone.OK if line.done_at else Tone.WARN),
            Column(self.tr("Role"), lambda line: line.role, width=130),
            Column(self.tr("Signed"), signed, width=80),
        )  # fmt: skip


class _Shown(Table[SeatLine]):
    """A table that is looked at and not copied; a few of its lines are always in sight."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme().px(_LEAST_TABLE))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), theme().px(_LEAST_TABLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)


class _Mark(QWidget):
    """Who looks and since when, across everything: a photo of the screen tells of both."""

    def __init__(self, host: QWidget, words: str) -> None:
        super().__init__(host)
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.raise_()

    @property
    def across(self) -> int:
        """Return how far one mark is from the next in its line, in px: the words and a gap."""
        wide = QFontMetrics(_mark_font()).horizontalAdvance(self._words)
        return max(theme().px(_MARK_EVERY[0]), wide + theme().px(_MARK_GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        colour = QColor(look.tokens.text)
        colour.setAlpha(26)
        painter = QPainter(self)
        painter.setFont(_mark_font())
        painter.setPen(colour)
        painter.rotate(-18)
        across, down = self.across, look.px(_MARK_EVERY[1])
        wide = self.width() + self.height()
        for line, y in enumerate(range(0, wide + down, down)):
            for x in range(-wide - line % 2 * across // 2, wide, across):
                painter.drawText(QRect(x, y, across, down), 0, self._words)
        painter.end()


def _mark_font() -> QFont:
    return theme().font(16, Weight.STRONG)
