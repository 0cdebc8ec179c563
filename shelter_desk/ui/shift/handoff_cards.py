"""The cards of the handoff sheet: what comes first, one resident, the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.handoff_lines import (
    Critical,
    HandoffSheet,
    ResidentSheet,
    by_person,
    of_the_house,
)
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.calendar.words import lacking, state_words
from shelter_desk.ui.dates import show_moment, show_time
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.chips import flowing
from shelter_desk.ui.shift.words import chip_words, text_of, what_of
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Avatar, Button, Card, Icon, Label, Pill, SectionHeader

_MOST_PEOPLE = 3  # of whom the oldest of what is overdue is said in words
_MOST_FIRST = 12


def _tr(text: str) -> str:
    return QCoreApplication.translate("shift", text)


class FirstCard(Card):
    """What must be known before anything else; hidden when there is nothing."""

    def __init__(self, shared: Shared, model: CareModel) -> None:
        self._shared, self._model = shared, model
        super().__init__(tone=Tone.DANGER, spacing=6)

    def show_sheet(self, found: HandoffSheet) -> None:
        """Show who is missing, what is overdue and safety first, and who must be told."""
        self.clear()
        lines = list(self._lines(found))
        self.setVisible(bool(lines))
        if not lines:
            return
        head = SectionHeader(_tr("First of all"), icon="triangle-alert", tone=Tone.DANGER)
        shown = [Label(text, wrap=True) for text in lines[:_MOST_FIRST]]
        left = len(lines) - _MOST_FIRST
        if left > 0:
            more = _tr("and {0} more, on Today and in the paper").format(left)
            shown.append(Label(more, "caption"))
        self.add(head, *shown)

    def _lines(self, found: HandoffSheet) -> Iterable[str]:
        zone, label = self._shared.zone, self._model.label
        for one in found.residents:
            if one.missing_since is not None:
                at = show_moment(one.missing_since, zone)
                yield _tr("{0} is missing since {1}").format(shown_name(one.called), at)
        if found.owed:
            owed = found.owed[0]
            recipient = label("notice-recipients", owed.recipient)
            by = show_moment(owed.due_at, zone)
            words = _tr("{0} notices are owed; the first by {2}: {1}")
            if len(found.owed) == 1:
                words = _tr("A notice is owed by {2}: {1}")
            yield words.format(len(found.owed), recipient, by)
        for code in found.house_incidents:
            yield _tr("Incident: {0}").format(label("incident-types", code))
        yield from self._overdue(by_person(found.critical))

    def _overdue(self, people: Sequence[tuple[Critical, int]]) -> Iterable[str]:
        """Yield what is overdue and safety first: a line for the oldest, then names in one."""
        for oldest, count in people[:_MOST_PEOPLE]:
            who = self._who(oldest)
            if count == 1:
                yield _tr("{0}: overdue, safety first: {1}").format(who, oldest.text)
            else:
                words = _tr("{0}: {1} overdue, safety first; the oldest: {2}")
                yield words.format(who, count, oldest.text)
        others = [f"{self._who(oldest)} {count}" for oldest, count in people[_MOST_PEOPLE:]]
        if others:
            yield _tr("Also overdue, safety first: {0}").format(", ".join(others))

    @staticmethod
    def _who(line: Critical) -> str:
        if not line.stay_id:
            return _tr("The house")
        name = shown_name(line.called)
        return _tr("{0} (has left)").format(name) if line.has_left else name


class ResidentCard(Card):
    """One resident: the everyday words, the must-know lines, and what else changed.

    Of whom nothing must be known the words stand beside the name, and what was written is a line.
    """

    opened = Signal(str)

    def __init__(self, shared: Shared, model: CareModel, one: ResidentSheet) -> None:
        self._shared, self._model, self.one = shared, model, one
        name = shown_name(one.called)
        self.open_log = Button(_tr("Log"), kind="ghost")
        self.open_log.setAccessibleName(_tr("Shift log of {0}").format(name))
        known = [one.case_code, one.bed]
        if one.open_items and one.left_at is None:
            known.append(_tr("{0} open items").format(one.open_items))
        who = (
            Avatar(name, 28),
            Label(name, "h3"),
            Label("  ·  ".join(part for part in known if part), "muted"),
        )
        pills = [Pill(words, tone) for words, tone in self._pills()]
        written = self._written()
        if one.must_be_known:
            head = row(*who, STRETCH, self.open_log, spacing=10)
            parts: list[QWidget | None] = [head, flowing(pills) if pills else None]
            parts += [self._must_know(line) for line in one.must_know]
            parts += [Label(text, wrap=True) for text in self._texts()]
            margins = (14, 8, 12, 10)
        else:
            beside = column(STRETCH, flowing([*who, *pills], spacing=10), STRETCH)
            parts = [row((beside, 1), self.open_log, spacing=10)]
            margins = (14, 3, 12, 8 if written else 3)
        if written:
            parts.append(Label(written, "muted"))
        super().__init__(*parts, spacing=5, margins=margins)
        self.setAccessibleName(name)
        self.open_log.clicked.connect(self._open)

    def _open(self) -> None:
        self.opened.emit(self.one.stay_id)

    def _pills(self) -> Iterable[tuple[str, Tone]]:
        one, zone = self.one, self._shared.zone
        if one.missing_since is not None:
            at = show_time(one.missing_since, zone)
            yield _tr("missing since {0}").format(at), Tone.DANGER
        if one.arrived_at is not None:
            yield _tr("new, arrived {0}").format(show_time(one.arrived_at, zone)), Tone.INFO
        if one.left_at is not None:
            yield _tr("left {0}").format(show_time(one.left_at, zone)), Tone.NEUTRAL
        for code in one.incidents:
            yield self._model.label("incident-types", code), Tone.WARN
        if one.overdue:
            yield _tr("{0} overdue").format(one.overdue), Tone.DANGER
        for code in one.chips:
            yield chip_words((code,), self._model), Tone.NEUTRAL

    def _must_know(self, line: ShiftLine) -> QWidget:
        words = Label(what_of(line, self._model), "strong", wrap=True)
        mark = Icon("triangle-alert", "warn")
        mark.setAccessibleName(_tr("Must know"))
        return row(mark, (words, 1), spacing=8)

    def _texts(self) -> Iterable[str]:
        one, zone = self.one, self._shared.zone
        if one.more_must_know:
            yield _tr("and {0} more to know in the log").format(one.more_must_know)
        for plan in one.appointments:
            at = show_moment(plan.starts_at, zone)
            states = [state_words(plan), *lacking(plan)]
            yield _tr("{0}: {1}, {2}").format(at, plan.kind_name, ", ".join(states))

    def _written(self) -> str:
        """Return what else was written, in one line: the log has it whole."""
        return "  ·  ".join(text_of(line) for line in self.one.written)


class SilentCard(Card):
    """The names of those about whom nothing was written."""

    def __init__(self, people: Sequence[ResidentSheet]) -> None:
        names = ", ".join(shown_name(one.called) for one in people)
        words = _tr("Nothing was written about {0}.").format(names)
        super().__init__(Label(words, "muted", wrap=True), margins=(14, 10, 12, 10))


class HouseCard(Card):
    """What was written about the house: all that must be known, and the newest of the rest."""

    def __init__(self, model: CareModel, lines: Iterable[ShiftLine]) -> None:
        head = SectionHeader(_tr("The house"), icon="house")
        every, left = of_the_house(lines)
        shown = [self._line(line, model) for line in every]
        if left > 0:
            more = _tr("and {0} more lines in the log").format(left)
            shown.append(Label(more, "caption"))
        super().__init__(head, *shown, spacing=5)

    @staticmethod
    def _line(line: ShiftLine, model: CareModel) -> QWidget:
        style = "strong" if line.must_know else "body"
        words = Label(what_of(line, model), style, wrap=True)
        return row((words, 1), Label(line.who, "caption"), spacing=10)
