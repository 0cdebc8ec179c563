"""The counts behind summaries: the same answer is in time, or late, in every report."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shelter_desk.desk import care, residents
from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.counts import summary_request
from shelter_desk.domain.periods import Period

AFTER = datetime(2027, 1, 2, tzinfo=UTC)
CALLED = ("Sky", "Ash", "River", "Wren", "Juniper", "Moss")


@dataclass(frozen=True)
class AnswerUndated(care.AnswerItem):
    """An answer to something that had no due time, as records brought over from paper have."""

    def _add(self, write, item, line, public_id):
        return super()._add(write, item, replace(line, due_at=None), public_id)


def first_item(opened, stay):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    lines = (line for service in plan.services for line in service.items)
    return next(i for i in lines if i.occurrence == "admission" and i.needs_signatures == 1)


def answered(opened, made=care.AnswerItem):
    for called in CALLED:
        stay = opened.desk.do(residents.Admit(called, opened.clock())).subject
        line = first_item(opened, stay)
        opened.clock.forward(days=3)
        opened.desk.do(made(stay, line.item_id, line.occurrence))


def counted(opened):
    """In time and late, in the summary and in the evidence."""
    asked = opened.desk.ask(summary_request, period="2026-Q1", audience="named", now=AFTER)
    tables = {table.id: table for table in asked.tables}
    care_asked = opened.desk.ask(care_request, period=Period(2026, 1), now=AFTER).request
    (told,) = (table for table in care_asked.tables if table.id == "completeness")
    sums = tuple(sum(column) for column in zip(*told.cells, strict=True))
    return (tables["in-time"].total, tables["late"].total), sums


def test_what_was_due_days_ago_is_late_in_both(open_desk):
    answered(open_desk)
    assert counted(open_desk) == ((0, 6), (0, 6))


def test_what_had_no_due_time_is_in_time_in_both(open_desk):
    answered(open_desk, AnswerUndated)
    assert counted(open_desk) == ((6, 0), (6, 0))


def test_nights_by_age_carry_what_they_tell_of_residents(open_desk):
    answered(open_desk)
    asked = open_desk.desk.ask(summary_request, period="2026-Q1", audience="named", now=AFTER)
    tables = {table.id: table for table in asked.tables}
    assert (tables["nights"].behind, tables["nights"].most_each) == ("served", 90)
    assert tables["times"].behind == "services"
    assert [row.code for row in tables["nights"].rows] == [r.code for r in tables["served"].rows]
