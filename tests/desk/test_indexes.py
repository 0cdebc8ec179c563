"""Daily work costs the same after five years: no table read through, no statement planned twice.

SQLite's own plans say so, and the authorizer, which is asked whenever a statement is prepared.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from shelter_desk.desk import (
    appointments,
    assigning,
    beds,
    care,
    care_counts,
    evidence,
    evidence_house,
    finding,
    finding_notes,
    funder_answers,
    funder_counts,
    handing_over,
    handoff,
    incident_trail,
    item,
    kit_use,
    reporting,
    residents,
    rounds,
    service_log,
    shift_lines,
    shift_log,
    staffing,
    stay_trail,
    today,
    trail_seals,
    who_touched,
)
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.domain.periods import Period
from shelter_desk.exports.profiles import pack_rules

# Few rows for ever; and the indexes that hold only the stays of those who are here, and only what
# is still open.
SMALL = ("bed", "bed_hold", "staff", "staff_key", "shelter")
# The newest event: read backwards along the key, and left after one row.
ONE_STEP = re.compile(r"ORDER BY audit_event\.id DESC\n LIMIT 1\b")
OF_THOSE_HERE = ("USING INDEX one_open_stay", "USING INDEX one_stay_in_a_bed")
HARMLESS = re.compile(
    r"SCAN json_each VIRTUAL TABLE"  # a list of words that the question itself was given
    r"|SCAN note_words VIRTUAL TABLE INDEX \d+:M"  # M: looked up in the index of words
    r"|SCAN found$"  # at most 2,000 notes found so far
    r"|SCAN main\.note_words_config"  # a few settings of the index of words
)
STILL_OPEN = (
    "USING INDEX missing_episode_unclosed",
    "USING INDEX incident_unclosed",
    "notice_open",
    "USING INDEX assignment_standing",
    "INDEX one_open_merge",  # joined records, few
)


def plans(opened, work: Callable[[], object]) -> dict[str, list[str]]:
    """Return each statement that `work` ran -> the steps of its plan."""
    run = []
    with opened.desk._store.unguarded() as connection:
        connection.set_trace_callback(run.append)
        try:
            work()
        finally:
            connection.set_trace_callback(None)
        begins = ("BEGIN", "COMMIT", "ROLLBACK", "--")
        reads = [sql for sql in run if not sql.startswith(begins) and not ONE_STEP.search(sql)]
        return {
            sql: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            for sql in reads
        }


def scans(plan: list[str]) -> list[str]:
    return [
        step
        for step in plan
        if step.startswith("SCAN")
        and not HARMLESS.match(step)
        and step.split()[1] not in SMALL
        and not any(index in step for index in (*OF_THOSE_HERE, *STILL_OPEN))
    ]


def week(now):
    return service_log.LogFilter(now - timedelta(days=7), now + timedelta(days=1))


def days(now, stay=None):
    return shift_log.LinesWanted(now - timedelta(days=7), now, stay)


def given(line, stay):
    return assigning.OpenLine(stay, line.item_id, line.occurrence)


def work_of(opened, stay, name):
    ask, do, now = opened.desk.ask, opened.desk.do, opened.clock()
    other = do(residents.Admit("Ash", now)).subject
    a_bed = next(bed.bed_id for bed in ask(beds.bed_board).beds if bed.state == beds.FREE)
    plan = ask(care.stay_plan, stay_id=stay, now=now)
    line = next(one for service in plan.services for one in service.items if one.occurrence)
    answer = ""
    if name == "who signed":
        answer = do(care.AnswerItem(stay, line.item_id, line.occurrence)).subject
    incident = ""
    if name == "who changed an incident":
        incident = do(StartIncident(("injury",), now, now, "kitchen", (stay,))).subject
    me = opened.desk.staff.public_id
    return {
        "Today": partial(ask, today.board, now=now),
        "the roster": partial(ask, residents.roster, now=now),
        "a record": partial(ask, residents.record, stay_id=stay, now=now),
        "a plan": partial(ask, care.stay_plan, stay_id=stay, now=now),
        "what happened": partial(ask, care.history, stay_id=stay),
        "an item": partial(
            ask, item.item_line, stay_id=stay, item_id=line.item_id, occurrence=line.occurrence
        ),
        "who signed": partial(ask, item.signers, answer_id=answer),
        "who changed it": partial(ask, stay_trail.stay_trail, stay_id=stay),
        "who changed an incident": partial(
            ask, incident_trail.incident_trail, incident_id=incident
        ),
        "who touched a page": partial(
            ask, who_touched.who_touched, kinds=("visit", "finding", "seat")
        ),
        "who touched a record": partial(
            ask, who_touched.who_touched, kinds=("visit",), records=(me,)
        ),
        "a search": partial(ask, residents.search, text="s"),
        "people found": partial(ask, finding.people, text="skai"),
        "notes found": partial(ask, finding_notes.notes, text="blanket"),
        "the agenda": partial(ask, appointments.agenda, since=now, until=now + timedelta(days=7)),
        "appointments": partial(ask, appointments.appointments_of, stay_id=stay, since=now),
        "a day's lines": partial(ask, service_log.log_lines, wanted=week(now)),
        "a stay's lines": partial(
            ask, service_log.log_lines, wanted=replace(week(now), stay_id=stay)
        ),
        "a day's sums": partial(ask, service_log.log_sums, wanted=week(now)),
        "a funder's week": partial(
            ask, funder_counts.funder_counts, since=now - timedelta(days=7), until=now
        ),
        **{
            f"the {one} report": partial(
                ask, reporting.exact_report, report_id=one, period="2026-Q1"
            )
            for one in reporting.BUILDERS
        },
        "behind a figure": partial(
            ask,
            reporting.report_behind,
            report_id="licensing",
            period="2026-Q1",
            figure="census/all/nights",
        ),
        "reports told": partial(
            ask, reporting.told_last, report_id="voca", period="2026-Q1", recipient="Agency"
        ),
        "what funders ask": partial(ask, funder_answers.funder_answers, stay_id=stay),
        "a group entry": partial(
            do, service_log.LogGroup([stay, other], service_log.Given("life_skills", now, 15))
        ),
        "the shift log": partial(ask, shift_log.shift_lines, wanted=days(now)),
        "a stay's shift log": partial(ask, shift_log.shift_lines, wanted=days(now, stay)),
        "a line": partial(
            do, shift_lines.WriteLine(shift_lines.LineWords((stay,), (), "Sky ate"))
        ),
        "the bed board": partial(ask, beds.bed_board),
        "a census": partial(ask, beds.census, at=now),
        "another bed": partial(do, residents.MoveBed(stay, a_bed)),
        "who has what": partial(ask, assigning.assignments),
        "an item given": partial(do, assigning.AssignItems((given(line, stay),), me)),
        "a round": partial(ask, rounds.shift_round, now=now),
        "the kit, used": partial(ask, kit_use.kit_use, now=now),
        "the kit, made": partial(ask, kit_use.kit_made_at),
        "the handoff sheet": partial(ask, handoff.handoff_sheet, now=now),
        "handoffs": partial(ask, handoff.handoffs),
        "staff for residents": partial(ask, staffing.staffing, now=now),
        "a signed handoff": partial(do, handing_over.SignHandoff(now, 3, 1, "so it is")),
        "entries": partial(ask, service_log.entries, stay_id=stay),
        "the last entry": partial(ask, service_log.last_entry),
        "a tick": partial(do, care.AnswerItem(stay, line.item_id, line.occurrence)),
        "an entry": partial(do, service_log.LogService(stay, "crisis_shelter", now, 15)),
    }[name]


DAILY = pytest.mark.parametrize(
    "name",
    [
        "Today", "the roster", "a record", "a plan", "what happened", "an item", "who signed",
        "who changed it", "a search", "people found", "notes found", "entries", "the last entry",
        "a tick", "an entry",
        "the agenda", "appointments", "a day's lines", "a stay's lines", "a day's sums",
        "the voca report", "the rhy report", "the licensing report", "behind a figure",
        "reports told", "what funders ask", "a funder's week",
        "a group entry", "the bed board", "a census", "another bed",
        "the shift log", "a stay\'s shift log", "a line",
        "who touched a page", "who touched a record",
        "who has what", "an item given", "a round", "who changed an incident",
        "the kit, used", "the kit, made",
        "the handoff sheet", "handoffs", "a signed handoff", "staff for residents",
    ],
)  # fmt: skip


@DAILY
def test_daily_work_reads_through_no_table_that_grows(open_desk, name):
    stay = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    found = plans(open_desk, work_of(open_desk, stay, name))
    assert found
    assert {sql: scans(plan) for sql, plan in found.items() if scans(plan)} == {}


@DAILY
def test_a_statement_of_daily_work_is_prepared_once(open_desk, name):
    # The same item twice: another one may count from something else, and read that too.
    first, second = (
        open_desk.desk.do(residents.Admit(called, open_desk.clock())).subject
        for called in ("Sky", "Ada")
    )
    prepared = []

    def authorize(*step: object) -> int:
        prepared.append(step)
        return 0

    with open_desk.desk._store.unguarded() as connection:
        connection.set_authorizer(authorize)
        work_of(open_desk, first, name)()
        assert prepared
        prepared.clear()
        work_of(open_desk, second, name)()
    assert prepared == []


def test_a_pack_reads_through_the_trail_for_its_leaves_alone(open_desk, care_model, clock):
    # A million events are a gigabyte: a question that looks at each costs more than all the rest.
    desk, period = open_desk.desk, Period.parse("2025-Q4")
    rules, now = pack_rules(care_model), clock()
    asked = partial(desk.ask, period=period, now=now)
    found = {}
    for question in (
        partial(asked, evidence.about_staff_work),
        partial(asked, evidence_house.about_the_house),
        partial(asked, care_counts.care_request, groups=rules.groups),
        partial(desk.ask, trail_seals.shown_events, size=1_000),
    ):
        found |= plans(open_desk, question)
    steps = [step for plan in found.values() for step in plan if "audit_event" in step]
    assert steps
    assert [step for step in steps if re.search(r"^SCAN|\(rowid[<>]", step)] == []


def test_a_plan_that_reads_through_a_table_is_noticed(open_desk):
    with open_desk.desk._store.unguarded() as connection:
        rows = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM resident_index ORDER BY folded"
        ).fetchall()
    assert scans([row[3] for row in rows])
