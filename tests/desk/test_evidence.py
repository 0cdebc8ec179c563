"""Process evidence: counts of how care was run, never a figure few people stand behind."""

from datetime import UTC, datetime

import pytest

from shelter_desk.desk import (
    care,
    custody,
    evidence,
    residents,
    service_log,
    shelter,
    summaries,
    trail_seals,
)
from shelter_desk.desk.care_counts import care_request, care_tables
from shelter_desk.disclosure import SafeRelease, protect
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period
from shelter_desk.exports.summary_release import MadeSummary, make_summary, release_care_counts

QUARTER, YEAR = Period(2026, 1), Period(2026)
AFTER = datetime(2027, 1, 2, tzinfo=UTC)
CALLED = ("Sky", "Ash", "River", "Wren", "Juniper", "Moss")


def admit(opened, count, first=0):
    return [
        opened.desk.do(residents.Admit(called, opened.clock())).subject
        for called in CALLED[first : first + count]
    ]


def admit_more(opened, count):
    return [
        opened.desk.do(residents.Admit(f"Ash {number}", opened.clock())).subject
        for number in range(count)
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
    """What a pack would show of the period, with the ledger as it is."""
    request = opened.desk.ask(care_request, period=period, now=now).request
    release = protect(request, earlier=opened.desk.ask(summaries.ledger).known)
    assert isinstance(release, SafeRelease), release
    return care_tables(release)


def used(table):
    """The rows in which anything was counted."""
    return [row[1:] for row in table.rows if set(row[1:]) != {"0"}]


def totals(table):
    return table.rows[-1][1:]


def staff_tables(opened, period=QUARTER):
    found = opened.desk.ask(evidence.about_staff_work, period=period, now=AFTER)
    return {table.id: table for table in found}


def test_five_residents_behind_every_figure_show_every_row(open_desk):
    answer_all_first(open_desk, admit(open_desk, 5))
    table = tables(open_desk)["completeness"]
    assert table.columns == ("Service", "Answered", "In time", "Late")
    assert used(table) == [("5", "5", "0")] * 2
    assert len(table.rows) == len(open_desk.desk.house.care_model.services) + 1


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
    table = tables(open_desk)["completeness"]
    assert totals(table) == ("6", "6", "0")
    # No answer was late: that may stand in every line, the others may not.
    assert {row[1:] for row in table.rows[:-1]} == {("*", "*", "0")}


def test_one_late_answer_hides_what_it_could_be_counted_out_of(open_desk, clock):
    stays = admit(open_desk, 6)
    answer_all_first(open_desk, stays[:5])
    clock.forward(days=3)
    answer_all_first(open_desk, stays[5:])
    assert tables(open_desk)["completeness"].rows == (("All", "6", "*", "*"),)


def test_many_answers_of_few_residents_are_still_few_residents(open_desk, clock):
    stay = admit(open_desk, 1)[0]
    plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=clock())
    lines = [line for s in plan.services for line in s.items if line.occurrence]
    single = [line for line in lines if line.needs_signatures == 1][:6]
    assert len(single) == 6
    for line in single:
        open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence))
    assert tables(open_desk)["completeness"].rows == (("All", "*", "*", "*"),)


def test_a_year_is_left_out_once_one_of_its_quarters_is_out(open_desk):
    answer_all_first(open_desk, admit(open_desk, 5))
    assert used(tables(open_desk, YEAR)["completeness"])
    open_desk.clock.at = AFTER
    assert isinstance(release_care_counts(open_desk.desk, period=QUARTER), SafeRelease)
    assert {cell for t in tables(open_desk, YEAR).values() for r in t.rows for cell in r[1:]} == {
        "*"
    }
    assert len(tables(open_desk)["completeness"].rows) > 2


def test_a_summary_that_is_out_by_phase_leaves_the_services_their_total(open_desk):
    """Phases and services cut the same answers: one less the other could leave a few."""
    answer_all_first(open_desk, admit(open_desk, 6) + admit_more(open_desk, 6))
    assert len(used(tables(open_desk)["completeness"])) == 2
    open_desk.clock.at = AFTER
    made = make_summary(open_desk.desk, period="2026-Q1", audience="named")
    assert isinstance(made, MadeSummary)
    out = {table.id: table for table in made.release.tables}
    assert {cell for row in out["in-time"].cells for cell in row} == {0, 12}
    completeness = tables(open_desk)["completeness"]
    assert totals(completeness) == ("12", "12", "0")
    assert {row[1:] for row in completeness.rows[:-1]} == {("*", "*", "0")}


def test_services_that_are_out_leave_the_summary_its_totals(open_desk):
    answer_all_first(open_desk, admit(open_desk, 6) + admit_more(open_desk, 6))
    open_desk.clock.at = AFTER
    assert isinstance(release_care_counts(open_desk.desk, period=QUARTER), SafeRelease)
    made = make_summary(open_desk.desk, period="2026-Q1", audience="named")
    assert isinstance(made, MadeSummary)
    out = {table.id: table for table in made.release.tables}
    assert {cell for row in out["in-time"].cells for cell in row} == {None}
    assert out["in-time"].total == 12
    assert out["served"].total == 12


def test_counts_that_changed_after_they_left_are_told_again_as_they_were(open_desk, clock):
    stays = admit(open_desk, 6)
    answer_all_first(open_desk, stays)
    early = clock()
    for stay in stays:
        open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", early, 30))
    clock.at = AFTER
    first = release_care_counts(open_desk.desk, period=QUARTER)
    for stay in stays:
        open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", early, 30))
    again = release_care_counts(open_desk.desk, period=QUARTER)
    assert isinstance(again, SafeRelease)
    assert again.certificate == first.certificate


def test_late_entries_count_what_was_written_down_over_an_hour_later(open_desk, clock):
    stays = admit(open_desk, 5)
    clock.forward(hours=5)
    for stay in stays:
        early = clock().replace(minute=0)
        for given in (early.replace(hour=early.hour - 3), clock()):
            open_desk.desk.do(service_log.LogService(stay, "crisis_shelter", given, 30))
    table = tables(open_desk)["late-entries"]
    assert table.columns == ("Entries", "Written down", "Within an hour", "Later")
    assert used(table) == [("10", "5", "5"), ("10", "5", "5")]


def test_openings_of_records_count_by_resident(open_desk):
    stays = admit(open_desk, 5)
    for stay in stays[:4]:
        open_desk.desk.do(residents.NoteOpened(stay))
    assert tables(open_desk)["access"].rows == (("All", *["*"] * 5),)
    open_desk.desk.do(residents.NoteOpened(stays[4]))
    shown = tables(open_desk)["access"].rows
    assert shown[0] == ("Intake worker", "5", "5", "0", "0", "0")
    assert shown[-1] == ("All", "5", "5", "0", "0", "0")


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
    open_desk.desk.do(trail_seals.MakeCheckpoint("pack"))
    found = staff_tables(open_desk)
    assert found["disclosures"].rows == (
        ("Export of a pack: board", "failed", "1"),
        ("Export of a pack: board", "not ended", "1"),
    )
    assert [row[:2] for row in found["seals"].rows] == [("pack", "5")]


def test_a_period_in_which_nothing_left_says_so_without_a_double_no(open_desk):
    left = staff_tables(open_desk, Period.parse("2025-Q4"))["disclosures"]
    assert left.rows == (("Exports and releases of every kind", "–", "0"),)


def test_a_period_that_still_grows_is_refused(open_desk, clock):
    for question in (care_request, evidence.about_staff_work):
        with pytest.raises(InvalidError, match="not over"):
            open_desk.desk.ask(question, period=QUARTER, now=clock())


def test_the_period_ends_at_midnight_of_the_shelter(open_desk):
    assert open_desk.desk.ask(shelter.settings).zone == "America/New_York"
    midnight = datetime(2026, 4, 1, 4, tzinfo=UTC)
    assert open_desk.desk.ask(care_request, period=QUARTER, now=midnight)
    with pytest.raises(InvalidError):
        tables(open_desk, now=midnight.replace(hour=3))
