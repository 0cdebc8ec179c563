"""Invented shelters: real records, written through the real desk, the same for the same seed."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shelter_desk.desk import audit_log, entry, residents, service_log, today
from shelter_desk.desk.appointments import agenda
from shelter_desk.desk.dated_papers import dated_papers
from shelter_desk.desk.handoff import handoff_sheet, handoffs
from shelter_desk.desk.rounds import DONE, OPEN, shift_round
from shelter_desk.desk.same_person import maybe_same
from shelter_desk.desk.shelter import settings
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.dated_papers import CURRENT, EXPIRED, MISSING
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.exports.pack_contents import prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.report_handing import (
    ToWhom,
    ask_for_protected,
    ask_for_report,
    hand_over,
)
from shelter_desk.exports.summary_release import PreparedSummary, prepare_summary
from shelter_desk.sample import write_demo, write_sample
from shelter_desk.sample.care_given import Usual
from shelter_desk.sample.last_shift import COLLEAGUE
from tests.sample.found_in_files import PHONE, STREET, places_of, spellings

UNTIL = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
WORDS = "invented words for tests only"


def opened(folder, care_model):
    return entry.sign_in(folder, entry.people(folder)[0][0], WORDS, care_model, lambda: UNTIL)


def written(folder, care_model, seed, residents_=12, entries=60):
    report = write_sample(
        folder,
        residents=residents_,
        entries=entries,
        seed=seed,
        passphrase=WORDS,
        care_model=care_model,
        until=UNTIL,
    )
    return report, opened(folder, care_model)


def digest(desk):
    """A digest of what people would see; ids and case codes are fresh in every store."""
    seen = []
    for line in desk.ask(residents.roster, now=UNTIL):
        record = desk.ask(residents.record, stay_id=line.stay_id, now=UNTIL)
        given = desk.ask(service_log.entries, stay_id=line.stay_id, limit=1000)
        seen.append((line.called, line.age, line.bed, line.overdue, line.open_items))
        seen.append((record.began_at, record.pronouns, record.brought_by, record.good_to_know))
        seen += [(one.given_at, one.minutes, one.service_id, one.who) for one in given]
    board = desk.ask(today.board, now=UNTIL)
    seen += [(one.called, one.item_id, one.due_at, one.state) for one in board.lines]
    assert len(seen) > 100
    return hashlib.sha256(repr(sorted(seen, key=repr)).encode()).hexdigest()


def test_the_same_seed_tells_the_same_history_and_another_does_not(tmp_path, care_model):
    digests = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        _, desk = written(tmp_path / name, care_model, seed)
        digests.append(digest(desk))
        desk.close()
    assert digests[0] == digests[1] != digests[2]


def test_what_was_asked_for_is_there_and_the_trail_is_whole(tmp_path, care_model):
    report, desk = written(tmp_path / "r", care_model, 3)
    try:
        here = desk.ask(residents.roster, now=UNTIL)
        assert (report.stays, report.entries, len(here)) == (12, 60, 9)
        trail = desk.ask(audit_log.trail)
        assert trail.is_whole
        assert trail.count == report.events + 1  # and the sign-in just now
        logged = desk.ask(audit_log.events, limit=100_000)
        assert sum(line.action == "service.log" for line in logged) == 60
        assert sum(line.action == "stay.exit" for line in logged) == 3
        assert desk.ask(due_drift) == ()
    finally:
        desk.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory, care_model):
    """Return the report of the demo house, and the desk of its director."""
    folder = tmp_path_factory.mktemp("demo") / "r"
    report = write_demo(folder, WORDS, care_model, UNTIL)
    desk = opened(folder, care_model)
    yield report, desk
    desk.close()


def test_the_demo_day_is_one_that_a_director_can_read(demo):
    report, desk = demo
    board = desk.ask(today.board, now=UNTIL)
    rest_today = sum(line.bucket == today.DUE_TODAY for line in board.lines)
    assert (board.in_house, board.beds, report.stays) == (9, 12, 79)
    assert len(board.arrivals) == 1
    assert UNTIL - board.arrivals[0].arrived_at < timedelta(hours=4)
    assert 1 <= board.overdue <= 12
    assert 10 <= rest_today <= 25
    assert board.done


def test_the_demo_house_is_one_that_staff_would_believe(demo):
    _, desk = demo
    board = desk.ask(today.board, now=UNTIL)
    late = [line for line in board.lines if line.bucket == today.OVERDUE]
    assert all(UNTIL - line.due_at < timedelta(days=7) for line in late)
    assert not any(line.safety_critical for line in late)
    here = desk.ask(residents.roster, now=UNTIL)
    twice = [desk.ask(maybe_same, stay_id=one.stay_id, now=UNTIL) for one in here]
    assert not [one for found in twice for one in found if one.is_likely]
    assert len({line.overdue for line in here}) > 1
    acts = Counter(one.action for one in desk.ask(audit_log.events, limit=100_000))
    assert acts["phase.start"] > 100
    given = [desk.ask(service_log.entries, stay_id=one.stay_id, limit=100) for one in here]
    per_service = Counter(one.service_id for lines in given for one in lines)
    assert per_service["residential_care"] > 2 * per_service["missing_response"]
    assert per_service["medication"]


def test_the_demo_house_is_in_the_middle_of_a_shift(demo):
    _, desk = demo
    (signed,) = desk.ask(handoffs)
    assert (signed.outgoing, signed.incoming) == ("Dana", COLLEAGUE)
    assert signed.counted == signed.expected >= 7
    sheet = desk.ask(handoff_sheet, now=UNTIL)
    assert sheet.since == signed.until
    assert sum(bool(one.must_know) for one in sheet.residents) >= 2
    assert sheet.house
    wanted = LinesWanted(UNTIL - timedelta(days=1), UNTIL)
    lines = desk.ask(shift_lines, wanted=wanted)
    assert len(lines) >= 12
    assert any(not line.people for line in lines)
    assert any(len(line.people) > 1 for line in lines)


def test_a_round_of_the_demo_house_is_half_done(demo):
    _, desk = demo
    found = desk.ask(shift_round, now=UNTIL)
    states = Counter(cell.state for line in found.lines for cell in line.cells.values())
    assert states[DONE]
    assert states[OPEN]
    assert found.left


def test_days_ahead_of_the_demo_house_hold_a_court_date_and_things_to_settle(demo):
    _, desk = demo
    planned = desk.ask(agenda, since=UNTIL, until=UNTIL + timedelta(days=14))
    assert len(planned) >= 8
    assert "court" in {one.kind for one in planned}
    assert {one.company for one in planned} >= {"open", "staff"}


def test_nobody_is_trained_for_a_job_on_the_first_night(care_model):
    first, month, season = (
        {one.id for one in Usual(care_model).services(days)[0]} for days in (0.1, 30, 80)
    )
    assert "crisis_safety" in first
    assert not first & {"job_training", "mental_health", "long_term_housing"}
    assert "mental_health" in month
    assert not month & {"crisis_safety", "job_training"}
    assert season > month
    assert "job_training" in season
    assert all("medication" in services for services in (first, month, season))


def test_the_demo_house_has_its_papers_on_file_but_for_a_few(demo):
    _, desk = demo
    me = desk.staff.public_id
    for day in (UNTIL.date(), UNTIL.date() - timedelta(days=70)):  # a quarter that is over as well
        lines = desk.ask(dated_papers, today=day)
        needed = [line for line in lines if line.paper.is_needed]
        missing = {line.name for line in needed if line.paper.state == MISSING}
        assert len(needed) > 40
        assert 0 < len(missing) < 4
        mine = [line.paper.state for line in needed if line.staff_id == me]
        assert len(mine) == 7
        assert mine.count(MISSING) + mine.count(EXPIRED) <= 1
    assert {line.paper.state for line in lines} >= {MISSING, CURRENT}


@pytest.mark.slow  # minutes: a hundred stays with ten thousand entries
def test_a_larger_history_is_whole_too(tmp_path, care_model):
    report, desk = written(tmp_path / "r", care_model, 5, residents_=100, entries=10_000)
    try:
        assert report.events > 10_000
        assert desk.ask(audit_log.trail).is_whole
    finally:
        desk.close()


# Everything that leaves


def identities(desk):
    """Every word that tells who somebody is, straight from the records of the demo house."""
    with desk._store.unguarded() as connection:
        stays = [row[0] for row in connection.execute("SELECT public_id FROM stay").fetchall()]
    found = set()
    for stay in stays:
        one = desk.ask(residents.record, stay_id=stay, now=UNTIL)
        found |= {one.called, one.case_code, one.legal_name, *one.legal_name.split()}
        found |= set(one.also_known.split(", "))
        found |= set(PHONE.findall(one.good_to_know)) | set(STREET.findall(one.good_to_know))
        found |= set() if one.born_on is None else set(spellings(one.born_on))
    ahead = desk.ask(agenda, since=UNTIL - timedelta(days=30), until=UNTIL + timedelta(days=90))
    found |= {line.place for line in ahead if line.place}
    found |= {line.name for line in desk.ask(staff_list)}
    return found - {"", *desk.ask(settings).name.split()}  # the house is called like some are


def exported(desk):
    """Every report of both periods, and a pack of totals: path -> bytes."""
    files = {}
    for report_id, kind in REPORTS.items():
        for period in ("2025-Q4", "2025"):
            made = {}
            if kind.is_exact and not (kind.quarters_only and period == "2025"):
                question = ask_for_report(desk, report_id=report_id, period=period)
                made = hand_over(desk, question, ToWhom("Agency", kind.bases[0].code)).files
            elif not kind.is_exact:
                recipient = "Agency" if kind.is_named else ""
                prepared = prepare_summary(
                    ask_for_protected(
                        desk, report_id=report_id, period=period, recipient=recipient
                    )
                )
                if isinstance(prepared, PreparedSummary):
                    made = prepared.hand_out(desk.do)
            files |= {f"{report_id}/{period}/{name}": data for name, data in made.items()}
    pack = prepare_pack(desk, PackOrder("licensor", "2025-Q4"))
    return files | {f"pack/{name}": data for name, data in pack.files.items()}


def test_no_file_that_leaves_names_anybody_of_the_demo_house(demo):
    _, desk = demo
    known, files = identities(desk), exported(desk)
    assert len(known) > 150
    assert {name.split("/")[0] for name in files} >= {"summary", "outcomes", "voca", "rhy"}
    assert {name.rpartition(".")[2] for name in files} >= {"pdf", "csv", "xlsx", "json"}
    assert places_of(known, files) == []
    name = next(iter(desk.ask(residents.roster, now=UNTIL))).called
    planted = {"summary/summary.csv": f"a,{name.upper()},b".encode()}
    assert places_of(known, planted) == [(name.upper(), "summary/summary.csv")]
