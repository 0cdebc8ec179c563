"""What the palette finds: residents, notes, things to do, settings; and that somebody looked.

A search of people and notes goes into the audit trail once: when something of a record is opened
from it, when the palette is closed, or after a pause in typing, since what was found has then been
seen. Not at every key: a trail of "s", "sk", "sky" would hide the searches that matter, and each
line costs a write. What was typed is never kept, only how much was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import finding, finding_notes
from shelter_desk.desk.finding import FoundPerson
from shelter_desk.desk.finding_notes import FoundNote
from shelter_desk.desk.residents import NoteSearched
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.palette import Hit, matches
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.words import LINE
from shelter_desk.ui.today_lists import shown_name, shown_text
from shelter_desk.ui.visits.sheets import HERE

_MOST_NOTES = 8


def _tr(text: str) -> str:
    return QCoreApplication.translate("finders", text)


class Finders:
    """What the palette finds in the records, and things to do."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._people: Sequence[FoundPerson] = ()
        self._notes: Sequence[FoundNote] = ()

    def records(self, typed: str) -> Sequence[Hit]:
        """Return residents that fit what was typed, the surest first, and then notes."""
        self._people = self._shared.ask(finding.people, text=typed)
        self._notes = self._shared.ask(finding_notes.notes, text=typed)
        found = [self._person(line) for line in self._people]
        return [*found, *(self._note(line) for line in self._notes[:_MOST_NOTES])]

    def looked(self, typed: str) -> None:
        """Note in the trail that somebody looked; `typed` is what was found last."""
        by_identity = any(line.how == "identity" for line in self._people)
        notes = len(self._notes)
        if typed:
            self._shared.attempt(NoteSearched(len(self._people), notes, by_identity=by_identity))

    def actions(self, typed: str) -> Sequence[Hit]:
        """Return the things to do, and the settings, that fit what was typed."""
        group = _tr("Actions")
        wanted = (
            (_tr("New arrival"), "arrival", "", "door-open"),
            (_tr("Log a service"), "log_service", "", "clipboard-check"),
            (_tr("Someone is missing"), "missing", "someone", "siren"),
            (_tr("Incident"), "incidents", "new", "clipboard-list"),
        )
        found = [
            Hit(group, text, _Go(self._shared, page, subject), icon=icon)
            for text, page, subject, icon in wanted
            if matches(typed, text)
        ]
        return found if not typed else [*found, *self._at_the_door(typed), *self._settings(typed)]

    def _at_the_door(self, typed: str) -> list[Hit]:
        text, means = _tr("An inspector is here"), _tr("Unannounced; let them look at a sample")
        if not self._shared.may(May.EXPORT) or not matches(typed, text, means):
            return []
        return [Hit(_tr("Actions"), text, _Go(self._shared, "visits", HERE), means, "door-open")]

    def _settings(self, typed: str) -> list[Hit]:
        wanted = [("device", _tr("Text size, colors"), _tr("This computer"))]
        if self._shared.may(May.MANAGE_SHELTER):
            wanted += [
                ("backups", _tr("Backups"), _tr("To a stick or a folder")),
                ("shelter", _tr("Name, time zone, shifts, idle time"), _tr("The shelter")),
                ("beds", _tr("Beds"), _tr("The shelter")),
                ("audiences", _tr("Audiences of summaries"), _tr("The shelter")),
            ]
        closed = _tr("Open for a time what is closed to you")
        means = _tr("In an emergency, break-glass; with a reason and a colleague")
        go_on = Hit(
            _tr("Settings"), closed, _Go(self._shared, "people", "closed"), means, "lock-open"
        )
        emergency = [go_on] if matches(typed, closed, means) else []
        found = emergency + [
            Hit(_tr("Settings"), text, _Go(self._shared, "settings", part), below, "settings")
            for part, text, below in wanted
            if matches(typed, text, _tr("Settings"))
        ]
        pages = (
            ("model", _tr("Change the care model"), "list-checks", ""),
            (
                "kept",
                _tr("Records of who left"),
                "archive",
                _tr("How long they are kept, retention, destroying"),
            ),
        )
        for page, text, icon, means in pages if self._shared.may(May.MANAGE_SHELTER) else ():
            if matches(typed, text, means):
                go = _Go(self._shared, page, "")
                found.append(Hit(_tr("Settings"), text, go, means, icon))
        return found

    def _person(self, line: FoundPerson) -> Hit:
        how = {
            "sound": _tr("{0}, sounds alike"),
            "identity": _tr("{0}, by another name"),
        }.get(line.how, "{0}")
        below = how.format(line.case_code)
        if line.also:
            below = _tr("{0}, also written down as {1}").format(
                line.case_code, shown_name(line.also)
            )
        return Hit(
            _tr("Residents"),
            shown_name(line.called),
            _Go(self._shared, "resident", line.stay_id),
            below if line.is_here else _tr("{0}, has left").format(below),
            avatar=shown_name(line.called),
            is_record=True,
        )

    def _note(self, line: FoundNote) -> Hit:
        page, subject, icon = "resident", line.stay_id or "", "clipboard-check"
        if line.incident_id is not None:
            page, subject, icon = "incidents", line.incident_id, "clipboard-list"
        elif line.line_id is not None:
            page, subject, icon = "shift_log", f"{LINE}{line.line_id}", "book-open"
        elif line.stay_id is None:
            page = "today"
        at = show_moment(line.written_at, self._shared.zone)
        parts = (shown_name(line.called) or _tr("The house"), line.title, at)
        text = shown_text(line.text, (line.called, *line.names))
        go = _Go(self._shared, page, subject)
        return Hit(_tr("Notes"), text, go, " · ".join(parts), icon, is_record=True)


class _Go:
    """Opens a page; a method object, so that nothing holds a page that is gone."""

    def __init__(self, shared: Shared, page: str, subject: str) -> None:
        self._shared, self._page, self._subject = shared, page, subject

    def __call__(self) -> None:
        self._shared.go(self._page, self._subject)
