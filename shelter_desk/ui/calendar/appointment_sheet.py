"""One appointment: what is known of it, what can be done with it, and what was done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.appointing import OpenAppointment, SettleAppointment
from shelter_desk.desk.appointments import (
    CANCELLED,
    KEPT,
    MISSED,
    PLANNED,
    AppointmentChange,
    AppointmentLine,
    appointment_changes,
    one_appointment,
)
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.calendar.words import (
    change_words,
    hours,
    lacking,
    state_tone,
    state_words,
    where,
    who_goes,
)
from shelter_desk.ui.dates import show_day, show_moment
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    FlowLayout,
    Icon,
    Label,
    Line,
    Pill,
    PrimaryButton,
    Sheet,
)


class AppointmentSheet(Sheet):
    """Shows one appointment. Each act closes it, and asks a question of its own where it must."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel, key: str) -> None:
        self._host, self._shared = host, shared
        self._asks = CalendarAsks(host, shared, model)
        self.line = shared.ask(one_appointment, appointment_id=key)
        changes = shared.ask(appointment_changes, appointment_id=key)
        self.acts = self._make_acts()
        self.leave = Button("")
        inside = FitScroll(column(self._facts(), self._history(changes), spacing=12))
        title = f"{shown_name(self.line.called)}  ·  {self.line.kind_name}"
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        for button in (*self.acts.values(), self.leave):
            flow.addWidget(button)
        super().__init__(title, (inside, 1), buttons, width=700)
        self.leave.setText(self.tr("Close"))
        self.leave.clicked.connect(self.close_sheet)
        self._say()

    def _make_acts(self) -> dict[str, Button]:
        line, now = self.line, self._shared.now()
        names = ["resident"]
        if self._shared.may(May.WRITE_CARE):
            if line.state == PLANNED:
                settled = (KEPT, MISSED) if line.starts_at <= now else ()
                names = [*settled, "move", "change", CANCELLED, "resident"]
            else:
                names = ["open", "resident"]
        made: dict[str, Button] = {}
        for name in names:
            made[name] = PrimaryButton("", "check") if name == KEPT else Button("")
            made[name].setProperty("act", name)
        return made

    def _say(self) -> None:
        words = {
            KEPT: self.tr("Kept"),
            MISSED: self.tr("Missed…"),
            "move": self.tr("Another time…"),
            "change": self.tr("Who goes along…"),
            CANCELLED: self.tr("Cancel it…"),
            "open": self.tr("Planned again"),
            "resident": self.tr("Open resident"),
        }
        for name, button in self.acts.items():
            button.setText(words[name])
            button.clicked.connect(self._pressed)

    def _facts(self) -> QWidget:
        line, zone = self.line, self._shared.zone
        day = show_day(line.starts_at.astimezone(zone).date(), weekday=True)
        state = Pill(state_words(line), state_tone(line))
        parts: list[QWidget] = [
            row(Label(f"{day}, {hours(line, zone)}", "strong"), state, STRETCH)
        ]
        if line.reason:
            parts.append(Label(line.reason, "muted", wrap=True))
        parts += [Banner(self._sentence(words), Tone.WARN) for words in lacking(line)]
        for icon, words in (
            ("users", who_goes(line)),
            ("car", line.transport_name),
            ("map-pin", where(line)),
        ):
            parts.append(row(Icon(icon, "accent_text", 16), (Label(words, wrap=True), 1)))
        return column(*parts, spacing=8)

    def _history(self, changes: tuple[AppointmentChange, ...]) -> QWidget:
        lines = [Line(), Label(self.tr("What was done"), "caption-strong")]
        lines += [self._change(one) for one in changes]
        return column(*lines, spacing=6)

    def _change(self, one: AppointmentChange) -> QWidget:
        zone = self._shared.zone
        what = self.tr("{0}, for {1}").format(
            change_words(one.what), show_moment(one.starts_at, zone)
        )
        below = (one.reason, one.who, show_moment(one.changed_at, zone))
        return column(
            Label(what, wrap=True),
            Label("  ·  ".join(part for part in below if part), "caption", wrap=True),
            spacing=0,
        )

    def _sentence(self, words: str) -> str:
        return f"{words[:1].upper()}{words[1:]}."

    def _pressed(self) -> None:
        act = str(self.sender().property("act"))
        doing: dict[str, Callable[[], object]] = {
            KEPT: self._kept,
            MISSED: self._missed,
            CANCELLED: self._cancel,
            "move": self._move,
            "change": self._change_it,
            "open": self._open_again,
            "resident": self._resident,
        }
        self.close_sheet()
        doing[act]()

    def _kept(self) -> None:
        command = SettleAppointment(self.line.appointment_id, KEPT)
        self._shared.attempt(command, said=self.tr("Written down: kept"))

    def _missed(self) -> None:
        self._asks.settle(self.line, MISSED)

    def _cancel(self) -> None:
        self._asks.settle(self.line, CANCELLED)

    def _move(self) -> None:
        self._asks.move(self.line)

    def _change_it(self) -> None:
        self._asks.change(self.line)

    def _open_again(self) -> None:
        command = OpenAppointment(self.line.appointment_id)
        self._shared.attempt(command, said=self.tr("Planned again"))

    def _resident(self) -> None:
        self._shared.go("resident", self.line.stay_id)


def open_appointment(
    host: QWidget, shared: Shared, model: CareModel, line: AppointmentLine
) -> AppointmentSheet:
    """Open one appointment over the window of `host`."""
    sheet = AppointmentSheet(host, shared, model, line.appointment_id)
    sheet.open_over(host, next(iter(sheet.acts.values())))
    return sheet
