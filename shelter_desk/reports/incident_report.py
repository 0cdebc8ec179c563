"""An incident report on paper, in the order of its eleven elements; no story, no address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.incident_lines import PersonLine
from shelter_desk.desk.incident_paper import IncidentPaper
from shelter_desk.domain.care_model import CareModel
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
    WriteOn,
)
from shelter_desk.reports.wording import plain_date

_NOTICE = "Confidential. For the person named in the basis only; keep it locked, then destroy it."
_LEFT_OUT = "Other residents who had a part are left out of this copy."


def incident_report_pdf(
    found: IncidentPaper, *, basis: str, model: CareModel, zone: ZoneInfo
) -> bytes:
    """Return the report as a PDF, made in memory for the printer."""
    return pdf.make_pdf(incident_report(found, basis=basis, model=model, zone=zone))


def incident_report(
    found: IncidentPaper,
    *,
    basis: str,
    model: CareModel,
    zone: ZoneInfo,
    size: PageSize = PageSize.LETTER,
) -> Paper:
    """Return the report as a paper, not yet set. The furniture names nobody."""
    return Paper(
        furniture=Furniture(title="Incident report", owner="", notice=_NOTICE),
        blocks=tuple(_blocks(found, basis, model, zone)),
        size=size,
    )


def _blocks(found: IncidentPaper, basis: str, model: CareModel, zone: ZoneInfo) -> Iterator[Block]:
    whole, say = found.found, _Say(model, zone)
    yield Heading("Incident report")
    yield Text(f"Basis: {basis}", Tone.MUTED)
    if found.left_out:
        yield Text(_LEFT_OUT, Tone.STRONG)
    yield Facts(tuple(_elements(found, say)))
    yield Table(
        title="Who was told",
        columns=("Recipient", "Due", "Told", "Reference"),
        rows=tuple(
            (
                model.label("notice-recipients", line.recipient),
                say.moment(line.due_at),
                say.told(line.told_at, line.reason),
                line.reference or "",
            )
            for line in whole.notices
        ),
    )
    if whole.steps:
        yield Table(
            title="What follows",
            columns=("What", "By", "Done"),
            rows=tuple(
                (step.text, plain_date(step.due_on), say.moment(step.done_at))
                for step in whole.steps
            ),
        )
    yield WriteOn(("Signature and role", "Date"))


class _Say:
    """Puts codes and moments into the words of a paper."""

    def __init__(self, model: CareModel, zone: ZoneInfo) -> None:
        self._model, self._zone = model, zone

    def moment(self, moment: datetime | None) -> str:
        """Return day and time with the zone's letters, or "" for none."""
        if moment is None:
            return ""
        local = moment.astimezone(self._zone)
        return f"{plain_date(local.date())}, {local:%H:%M} ({local:%Z})"

    def told(self, told_at: datetime | None, reason: str) -> str:
        """Return when somebody was told, or why not."""
        return self.moment(told_at) or self.code("notice-reasons", reason) or "not yet"

    def code(self, list_id: str, code: str) -> str:
        """Return the label of a code, "" for none."""
        return self._model.label(list_id, code) if code else ""

    def codes(self, list_id: str, codes: tuple[str, ...]) -> str:
        """Return the labels of codes, one a line."""
        return "\n".join(self.code(list_id, code) for code in codes)

    def person(self, one: PersonLine) -> str:
        """Return who somebody is, and their part."""
        part = self.code("incident-parts", one.part).casefold()
        if one.stay_id is not None:
            note = f"; {one.note}" if one.note else ""
            return f"{one.called}, {one.case_code}: {part}{note}"
        who = f"Staff, {one.staff_name}" if one.staff_name else ""
        return f"{who or self.code('incident-people', one.role)}: {part}"


def _elements(found: IncidentPaper, say: _Say) -> Iterator[tuple[str, str]]:
    whole, report = found.found, found.found.report

    def people(element: str, fits: Callable[[PersonLine], bool]) -> str:
        lines = [say.person(one) for one in whole.people if fits(one)]
        return "\n".join(lines) or ("Nobody" if element in report.nobody else "Not answered yet")

    line = whole.line
    yield "1. Operation", found.operation
    times = f"Happened {say.moment(line.occurred_at)}\nLearned of {say.moment(line.found_at)}"
    yield "2. Time", times
    yield "3. Child", people("child", lambda one: one.stay_id is not None)
    adults = people("adults and roles", lambda one: one.stay_id is None and one.part != "witness")
    yield "4. Adults and roles", adults
    yield "5. Witnesses", people("witnesses", lambda one: one.part == "witness")
    yield "6. Nature", say.codes("incident-types", line.types)
    where = say.code("incident-places", line.place)
    around = say.codes("incident-circumstances", report.circumstances)
    yield "7. Circumstances", f"{where}\n{around}".strip()
    yield (
        "8. Interventions",
        say.codes("incident-steps", report.interventions) or "Not answered yet",
    )
    treated = say.code("incident-treatment", report.treated)
    yield "9. Treating professional", treated or "Not answered yet"
    yield (
        "10. Resolution",
        say.code("incident-resolutions", report.resolution) or "Not answered yet",
    )
    back = say.code("incident-returns", report.return_update) or "Nobody left"
    yield "11. Return update", back
    if whole.note:
        yield "To do", whole.note
    yield "Reported by", line.reported_by
