"""What holds for the whole shelter: name, time zone, jurisdiction, quiet minutes, shifts."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk.shelter import ChangeShelter, ShelterSettings, settings
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.dates import read_time
from shelter_desk.ui.drafts import Drafts, KeptForm, care_model
from shelter_desk.ui.form_sheet import press_enter
from shelter_desk.ui.forms import Choice, Field, Form, Number, Text
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Card, Label, Line, PrimaryButton, SectionHeader

_FIRST_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


class ShelterCard(Card):
    """The shelter's settings as a form."""

    def __init__(self, shared: Shared) -> None:
        super().__init__(spacing=10)
        self._shared = shared
        self._settings: ShelterSettings | None = None
        self.form = Form(self._fields(), columns=2)
        self._kept = KeptForm(self.form, Drafts(shared, "shelter-settings"))
        self.save = PrimaryButton(self.tr("Save"), "check")
        head = SectionHeader(self.tr("The shelter"), icon="house-heart")
        self.waiting = Label(self.tr("Not saved yet"), "caption")
        self.waiting.hide()
        self._kept.waits.connect(self.waiting.setVisible)
        self.add(head, Line(), self.form, row(STRETCH, self.waiting, self.save))
        self.save.clicked.connect(self.try_save)

    def refresh(self) -> None:
        """Show the settings as they are."""
        found = self._shared.ask(settings)
        if found == self._settings:
            return
        self._settings = found
        self._kept.stop()
        self.form.put(
            {
                "name": found.name,
                "zone": found.zone,
                "profile": found.profile,
                "shift_starts": ", ".join(found.shift_starts),
            }
        )
        self.form.editors["idle_minutes"].put(found.idle_minutes)
        self._kept.begin("")

    def try_save(self) -> None:
        """Change the settings; due dates follow."""
        values = self.form.values_or_problems()
        if values is None or self._settings is None:
            return
        starts = read_starts(values["shift_starts"])
        if not starts:
            message = self.tr("Enter the times shifts begin, such as 7:00, 15:00, 23:00.")
            self.form.show_problems((Problem("shift_starts", message),))
            return
        changed = values | {"shift_starts": starts}
        command = ChangeShelter(version=self._settings.version, **changed)
        said = self.tr("Settings saved")
        if values["zone"] != self._settings.zone:
            said = self.tr("Settings saved. Times on screen change when you sign in again.")
        problems = self.form.show_problems
        self._shared.attempt(command, said=said, invalid=problems, written=self._kept.done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_save)
            return
        super().keyPressEvent(event)

    def _fields(self) -> tuple[Field, ...]:
        profiles = care_model(self._shared).profiles.values()
        quiet = self.tr("A warning comes first, and typed text is kept.")
        law = self.tr("Sets the clocks. Have a lawyer of your state confirm them.")
        shifts = self.tr("Separated by commas")
        return (
            Text("name", self.tr("Name of the shelter"), needed=True, longest=80),
            Choice("zone", self.tr("Time zone"), zones(), needed=True),
            Choice(
                "profile",
                self.tr("Jurisdiction"),
                [(profile.id, profile.name) for profile in profiles],
                needed=True,
                hint=law,
            ),
            Number(
                "idle_minutes",
                self.tr("Lock after quiet minutes"),
                1,
                60,
                self.tr("min"),
                hint=quiet,
                needed=True,
            ),
            Text("shift_starts", self.tr("Shifts begin at"), hint=shifts, needed=True),
        )


def zones() -> list[tuple[str, str]]:
    """Return every time zone, those of the United States first."""
    others = sorted(name for name in available_timezones() - set(_FIRST_ZONES) if "/" in name)
    plain = [name for name in others if not name.startswith(("Etc/", "posix/", "right/"))]
    return [(name, name.replace("_", " ")) for name in (*_FIRST_ZONES, *plain, "UTC")]


def read_starts(text: Any) -> tuple[str, ...]:  # noqa: ANN401 - a value of a form
    """Return the times typed as "HH:MM", or nothing when one of them cannot be read."""
    parts = [part.strip() for part in str(text).split(",") if part.strip()]
    clocks = [read_time(part) for part in parts]
    if None in clocks:
        return ()
    return tuple(f"{clock:%H:%M}" for clock in clocks if clock is not None)
