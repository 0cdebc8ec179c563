"""The appointments of today and tomorrow for the whole house, and of one stay from today on."""

from __future__ import annotations

from datetime import timedelta

from shelter_desk.desk.appointments import AppointmentLine, agenda, appointments_of
from shelter_desk.desk.base import Area
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.ahead import AheadCard
from shelter_desk.ui.calendar.appointment_sheet import open_appointment
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.calendar.week import nine_o_clock
from shelter_desk.ui.calendar.words import midnight
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.shared import Shared

_DAYS = 2


class SoonCard(AheadCard):
    """Today and tomorrow, for the house."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, with_name=True)
        self.opened.connect(self._open)
        self.more_wanted.connect(self._week)
        shared.refresh_on(Area.CALENDAR | Area.RESIDENTS, self.refresh, self)

    def refresh(self) -> None:
        """Show what is planned now. Also called as time goes on."""
        shared, today = self._shared, self._shared.today()
        since = midnight(today, shared.zone)
        until = midnight(today + timedelta(days=_DAYS), shared.zone)
        self.show_lines(shared.ask(agenda, since=since, until=until), today)

    def _open(self, line: AppointmentLine) -> None:
        open_appointment(self, self._shared, care_model(self._shared), line)

    def _week(self) -> None:
        self._shared.go("calendar")


class StaySoonCard(AheadCard):
    """From today on, for one stay."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared, with_name=False, may_add=shared.may(May.WRITE_CARE))
        self._stay_id = ""
        self.opened.connect(self._open)
        self.more_wanted.connect(self._week)
        self.add_wanted.connect(self._plan)
        shared.refresh_on(Area.CALENDAR, self._refresh, self)

    def show_stay(self, stay_id: str) -> None:
        """Show the appointments of a stay."""
        self._stay_id = stay_id
        self._refresh()

    def _refresh(self) -> None:
        if self._stay_id:
            shared, today = self._shared, self._shared.today()
            since = midnight(today, shared.zone)
            found = shared.ask(appointments_of, stay_id=self._stay_id, since=since)
            self.show_lines(found, today)

    def _open(self, line: AppointmentLine) -> None:
        open_appointment(self, self._shared, care_model(self._shared), line)

    def _week(self) -> None:
        self._shared.go("calendar")

    def _plan(self) -> None:
        shared = self._shared
        asks = CalendarAsks(self, shared, care_model(shared))
        tomorrow = shared.today() + timedelta(days=1)
        asks.plan(nine_o_clock(tomorrow, shared.now(), shared.zone), self._stay_id)
