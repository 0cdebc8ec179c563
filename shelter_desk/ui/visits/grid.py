"""The completeness grid of a visit, made off the main thread: it walks every record looked at."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import cast

from shelter_desk.desk import Desk
from shelter_desk.desk.dated_papers import PaperLine, dated_papers, shipped_paper_kinds
from shelter_desk.desk.record_lines import records_until
from shelter_desk.desk.shelter import settings
from shelter_desk.desk.visits import NoteGrid, VisitLine
from shelter_desk.domain.completeness import CompletenessGrid, completeness_grid
from shelter_desk.domain.dated_papers import HOUSE, PaperRow, paper_rows
from shelter_desk.exports.labels import fresh_labels, shuffled
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.reports.completeness_grid import GridSheet, grid_pdf
from shelter_desk.ui.shared import Shared

_FILE = "03_file_completeness"


def document_items(shared: Shared) -> frozenset[str]:
    """Return the ids of the checklist items that stand for a document of the standard file."""
    model = cast("Desk", shared.desk).house.care_model
    groups = [one for one in pack_rules(model).groups if one.file == _FILE]
    return frozenset(item for group in groups for item in group.items)


def grid_of(shared: Shared, visit: VisitLine) -> CompletenessGrid:
    """Return the grid of the records that a visit looks at, as they stand now."""
    desk, zone = cast("Desk", shared.desk), shared.zone
    end = datetime.combine(visit.until_on + timedelta(days=1), time(), zone)
    records = desk.ask(
        records_until,
        since=datetime.combine(visit.since_on, time(), zone),
        until=min(end, desk.now()),
        closed=frozenset(),
    )
    groups = pack_rules(desk.house.care_model).groups
    documents = [(one.title, one.items) for one in groups if one.file == _FILE]
    return completeness_grid(documents, records, fresh_labels(len(records)))


def _papers(
    lines: tuple[PaperLine, ...],
) -> tuple[tuple[PaperRow, ...], tuple[PaperRow, ...], tuple[str, ...]]:
    """Return the rows of the house and of staff, and a label for each person, in no order."""
    kinds, found = shipped_paper_kinds(), tuple(line.paper for line in lines)
    people = list(dict.fromkeys(line.staff_id for line in lines if line.staff_id))
    mixed = [people[at] for at in shuffled(len(people))]
    house, staff = paper_rows(found, (HOUSE,), kinds), paper_rows(found, mixed, kinds)
    return house, staff, tuple(fresh_labels(len(mixed)))


def grid_paper(shared: Shared, visit: VisitLine) -> bytes:
    """Return the grid as a PDF, once it stands in the trail that it was made."""
    desk, grid = cast("Desk", shared.desk), grid_of(shared, visit)
    made_on = desk.now().astimezone(shared.zone).date()
    house, staff, people = _papers(desk.ask(dated_papers, today=made_on))
    sheet = GridSheet(
        shelter_label=desk.ask(settings).name,
        agency=visit.agency,
        since_on=visit.since_on,
        until_on=visit.until_on,
        made_on=made_on,
        grid=grid,
        house=house,
        staff=staff,
        people=people,
    )
    paper = grid_pdf(sheet)
    desk.do(NoteGrid(visit.visit_id, len(grid.labels)))
    return paper
