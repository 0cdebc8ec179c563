"""Process evidence: counts of how care was run, never a figure few people stand behind."""

from datetime import UTC, datetime

import pytest

from shelter_desk.desk import care, custody, evidence, residents, service_log, shelter
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period

QUARTER, YEAR = Period(2026, 1), Period(2026)
AFTER = datetime(2027, 1, 2, tzinfo=UTC)
CALLED = ("Sky", "Ash", "River", "Wren", "Juniper", "Moss")


def admit(opened, count, first=0):
    return [
        opened.desk.do(residents.Admit(called, opened.clock())).subject
        for called in CALLED[first : first + count]
    ]


def answer_all_first(opened, stays, minutes=5):
    opened.clock.forward(minutes=minutes)
    for stay in stays:
        plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
        line = next(
            line
            for service in plan.services
            for line in service.items
            if line.occurrence == "admission" and line.needs_signatures == 1
        )
        opened.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence))


def tables(opened, period=QUARTER, now=AFTER):
    found = opened.desk.ask(evidence.about_care, period=period, now=now)
    return {table.id: table for table in found}


def staff_tables(opened, period=QUARTER):
    found = opened.desk.ask(evidence.about_staff_work, period=period, now=AFTER)
    return {table.id: table for table in found}


def test_five_residents_behind_every_figure_show_every_row(open_desk):
    answer_all_first(open_desk, admit(open_desk, 5))
    table = tables(open_desk)["completeness"]
    assert table.columns == ("Service", "Answered", "In time", "Late")
    assert len(table.rows) == 2
    assert [row[1:] for row in table.rows] == [("5", "5", "0")] * 2


def test_four_residents_show_nothing_at_all(open_desk):
    answer_all_first(open_desk, admit(open_desk, 4))
    for table in (tables(open_desk)[name] for name in ("completeness", "signatures")):
        assert table.rows == (("All", *["*"] * (len(table.columns) - 1)),)


def test_one_answer_of_another_service_takes_the_rows_but_leaves_the_totals(open_desk, clock):
    stays = admit(open_desk, 5)
    answer_all_first(open_desk, stays)
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stays[0], now=clock())
    used = {line.service_id for s in plan.services for line in s.items if line.last}
    other = next(
        line
        for s in plan.services
        if s.service_id not in used
        for line in s.items
        if line.occurrence and line.needs_signatures == 1 and line.due_at > clock()
    )
    open_desk.desk.do(care.AnswerItem(stays[0], other.item_id, other.occurrence))
    assert tables(open_desk)["completeness"].rows == (("All", "6", "6", "0"),)


def test_one_late_answer_hides_what_it_could_be_counted_out_of(open_desk, clock):
    stays = admit(open_desk, 6)
    answer_all_first(open_desk, stays[:5])
    clock.forward(days=3)
    answer_all_first(open_desk, stays[5:])
    assert tables(open_desk)["completeness"].rows == (("All", "*", "*", "*"),)


def test_many_answers_of_few_residents_are_still_few_residents(open_desk, clock):
    stay = admit(open_desk, 1)[0]
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=clock())
    lines = [line for s in plan.services for line in s.items if line.occurrence]
    single = [line for line in lines if line.needs_signatures == 1][:6]
    assert len(single) == 6
    for line in single:
        open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence))
    assert tables(open_desk)["completeness"].rows == (("All", "*", "*", "*"),)


def test_a_year_shows_no_more_than_its_poorest_quarter(open_desk, clock):
    answer_all_first(open_desk, admit(open_desk, 5))
    assert len(tables(open_desk, YEAR)["completeness"].rows) == 2
    clock.forward(days=60)
    answer_all_first(open_desk, admit(open_desk, 1, first=5))
    assert len(tables(open_desk)["completeness"].rows) == 2
    assert tables(open_desk, YEAR)["completeness"].rows == (("All", "*", "*", "*"),)


def test_late_entries_count_what_was_written_down_over_an_hour_later(open_desk, clock):
    stays = admit(open_desk, 5)
    clock.forward(hours=5)
    for stay in stays:
        early = clock().replace(minute=0)
        for given in (early.replace(hour=early.hour - 3), clock()):
            open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", given, 30))
    rows = tables(open_desk)["late-entries"].rows
    assert rows == (("Service entries", "5", "5"), ("All", "5", "5"))


def test_openings_of_records_count_by_resident(open_desk):
    stays = admit(open_desk, 5)
    for stay in stays[:4]:
        open_desk.desk.do(residents.NoteOpened(stay))
    assert tables(open_desk)["access"].rows == (("All", "*"),)
    open_desk.desk.do(residents.NoteOpened(stays[4]))
    assert tables(open_desk)["access"].rows[-1] == ("All", "5")


def test_staff_work_is_free_and_counts_only_the_period(open_desk, clock):
    row = dict(staff_tables(open_desk)["staff-acts"].rows)
    assert row["Signed in"] == "1"
    open_desk.again()
    assert dict(staff_tables(open_desk)["staff-acts"].rows)["Signed in"] == "2"
    clock.forward(days=40)
    open_desk.again()
    assert dict(staff_tables(open_desk)["staff-acts"].rows)["Signed in"] == "2"


def test_disclosures_and_seals_are_told(open_desk):
    order = custody.BeginExport("pack", "board", "2025", "Board", "Board oversight")
    custody_id = open_desk.desk.do(order).subject
    open_desk.desk.do(custody.ExportFailed(custody_id, "drive-gone"))
    open_desk.desk.do(order)
    open_desk.desk.do(custody.MakeCheckpoint("pack"))
    found = staff_tables(open_desk)
    assert found["disclosures"].rows == (
        ("Export of a pack: board", "failed", "1"),
        ("Export of a pack: board", "not ended", "1"),
    )
    assert [row[:2] for row in found["seals"].rows] == [("pack", "5")]


def test_a_period_that_still_grows_is_refused(open_desk, clock):
    for question in (evidence.about_care, evidence.about_staff_work):
        with pytest.raises(InvalidError, match="not over"):
            open_desk.desk.ask(question, period=QUARTER, now=clock())


def test_the_period_ends_at_midnight_of_the_shelter(open_desk):
    assert open_desk.desk.ask(shelter.settings).zone == "America/New_York"
    midnight = datetime(2026, 4, 1, 4, tzinfo=UTC)
    assert open_desk.desk.ask(evidence.about_care, period=QUARTER, now=midnight)
    with pytest.raises(InvalidError):
        tables(open_desk, now=midnight.replace(hour=3))
