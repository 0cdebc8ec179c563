"""Checks, training, licences, findings: written down by a director, known before a visit."""

from datetime import date, timedelta

import pytest

from shelter_desk.desk import accounts, audit_log, entry, visit_check, visits
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.dated_papers import RecordPaper, TakePaperBack, dated_papers
from shelter_desk.desk.evidence_house import about_the_house
from shelter_desk.desk.findings import (
    ChangeFinding,
    CorrectFinding,
    RecordFinding,
    ReopenFinding,
    WithdrawFinding,
    findings_of,
)
from shelter_desk.desk.staff import AddStaff
from shelter_desk.desk.visit_check import my_points, pre_check
from shelter_desk.desk.visits import EndVisit, PlanVisit
from shelter_desk.domain.dated_papers import CURRENT, EXPIRED, EXPIRING, MISSING
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.domain.periods import Period
from shelter_desk.exports.pack_house import findings_rows, house_papers_rows, staffing_rows
from tests.conftest import PASSPHRASE

TODAY = date(2026, 3, 10)
ADA, WORDS = "a" * 20, "four invented words here"
DAY = timedelta(days=1)


def plan(desk, visit_on=TODAY + 28 * DAY):
    days = (TODAY - 365 * DAY, TODAY + 10 * DAY, visit_on)
    return desk.do(PlanVisit("Licensing office", "Rule 7", "licensor", *days)).subject


def held(desk, visit_on=TODAY):
    visit_id = plan(desk, visit_on)
    desk.do(EndVisit(visit_id, "held"))
    return visit_id


def find_something(desk, visit_id, owner_id="", due_on=TODAY + 30 * DAY):
    owner = owner_id or desk.staff.public_id
    words = "Two fire drills are missing"
    return desk.do(RecordFinding(visit_id, "building", words, owner, due_on)).subject


def points(opened, visit_id, kind):
    found = opened.desk.ask(pre_check, visit_id=visit_id, now=opened.clock())
    return [one for one in found if one.kind == kind]


def states(desk, staff_id=""):
    lines = desk.ask(dated_papers, today=TODAY)
    return {one.paper.kind.id: one.paper.state for one in lines if one.staff_id == staff_id}


def problems(desk, command):
    with pytest.raises(InvalidError) as refused:
        desk.do(command)
    return [one.field for one in refused.value.problems]


def test_a_paper_is_missing_until_seen_and_its_renewal_stands_until_it_is_taken_back(open_desk):
    desk = open_desk.desk
    me = desk.staff.public_id
    assert states(desk)["fire-inspection"] == MISSING
    assert states(desk, me)["background-check"] == MISSING
    desk.do(RecordPaper("background-check", TODAY - 900 * DAY, me, TODAY - DAY))
    assert states(desk, me)["background-check"] == EXPIRED
    newer = desk.do(RecordPaper("background-check", TODAY, me, TODAY + 1800 * DAY)).subject
    assert states(desk, me)["background-check"] == CURRENT
    desk.do(TakePaperBack(newer))
    assert states(desk, me)["background-check"] == EXPIRED
    assert problems(desk, TakePaperBack(newer)) == ["paper_id"]
    done = [one.action for one in desk.ask(audit_log.events)]
    assert (done.count("paper.record"), done.count("paper.take-back")) == (2, 1)


def test_a_training_of_three_is_one_entry_and_each_of_them_has_it(open_desk):
    desk = open_desk.desk
    staff = [desk.staff.public_id]
    for number, name in enumerate(("Ada", "Ash")):
        accounts.add_colleague(
            desk, PASSPHRASE, Colleague(str(number) * 20, name, ("nurse",), WORDS)
        )
        staff.append(str(number) * 20)
    before = len(desk.ask(audit_log.events))
    training = RecordPaper("trauma-training", TODAY, staff[0], hours=4, also=tuple(staff[1:]))
    first = desk.do(training).subject
    assert len(desk.ask(audit_log.events)) == before + 1
    assert [states(desk, one)["trauma-training"] for one in staff] == [CURRENT] * 3
    desk.do(TakePaperBack(first))  # one of them was not there after all
    assert [states(desk, one)["trauma-training"] for one in staff] == [MISSING, CURRENT, CURRENT]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "fire-inspection", "staff_id": "", "also": (ADA,)}, "also"),
        ({"kind": "diary"}, "kind"),
        ({"kind": "fire-inspection"}, "staff_id"),
        ({"staff_id": ""}, "staff_id"),
        ({"issued_on": TODAY + DAY}, "issued_on"),
        ({"expires_on": TODAY - 2 * DAY}, "expires_on"),
        ({"hours": 201}, "hours"),
    ],
)
def test_each_wrong_answer_about_a_paper_is_named_at_its_field(change, field, open_desk):
    desk = open_desk.desk
    values = {"kind": "first-aid", "issued_on": TODAY - DAY, "staff_id": desk.staff.public_id}
    assert problems(desk, RecordPaper(**values | change)) == [field]


def test_a_visit_knows_what_is_missing_ran_out_or_will_before_it(open_desk):
    desk = open_desk.desk
    me, visit_id = desk.staff.public_id, plan(desk)
    desk.do(RecordPaper("first-aid", TODAY - 800 * DAY, me, TODAY - 5 * DAY))
    desk.do(RecordPaper("insurance", TODAY - 300 * DAY, "", TODAY + 20 * DAY))
    desk.do(RecordPaper("fire-inspection", TODAY - 300 * DAY, "", TODAY + 28 * DAY))
    found = {one.point: one for one in points(open_desk, visit_id, visit_check.PAPER)}
    assert found[f"paper:{me}:first-aid"].text == "First aid and CPR: ran out"
    assert "Background check" in found[f"paper:{me}"].text
    assert found[f"paper:{me}"].about == "Dana"
    assert "Licence of the house" in found["paper:house"].text
    coming = [one.text for one in points(open_desk, visit_id, visit_check.COMING)]
    assert "Insurance: runs out before the visit" in coming
    assert not any("Fire" in one for one in coming)  # it holds on the day of the visit itself
    desk.do(visits.GivePoints(visit_id, (f"paper:{me}",), me, TODAY + DAY))
    ((_, mine),) = desk.ask(my_points, now=open_desk.clock())
    assert [one.point for one in mine] == [f"paper:{me}"]


def test_who_left_is_asked_for_no_paper(open_desk):
    desk = open_desk.desk
    accounts.add_colleague(desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    assert states(desk, ADA)["professional-licence"] == MISSING
    accounts.end_access(desk, PASSPHRASE, ADA)
    assert states(desk, ADA) == {}
    assert problems(desk, RecordPaper("first-aid", TODAY, ADA)) == ["staff_id"]


def test_a_finding_is_open_until_something_shows_that_it_is_corrected(open_desk):
    desk = open_desk.desk
    visit_id = held(desk)
    finding_id = find_something(desk, visit_id)
    following = plan(desk, TODAY + 90 * DAY)
    (point,) = points(open_desk, following, visit_check.FINDING)
    assert (point.text, point.owner.name) == ("Two fire drills are missing", "Dana")
    open_desk.clock.forward(days=33)
    (line,) = desk.ask(findings_of, visit_id=visit_id)
    assert line.days_past(TODAY + 33 * DAY) == 3
    assert problems(desk, CorrectFinding(finding_id, TODAY, " ")) == ["evidence"]
    assert problems(desk, CorrectFinding(finding_id, TODAY + 99 * DAY, "x")) == ["corrected_on"]
    desk.do(CorrectFinding(finding_id, TODAY + 33 * DAY, "Drill log, pages 3 and 4"))
    (line,) = desk.ask(findings_of, visit_id=visit_id)
    assert (line.corrected_by, line.evidence) == ("Dana", "Drill log, pages 3 and 4")
    assert line.days_past(TODAY + 99 * DAY) == 0
    assert points(open_desk, following, visit_check.FINDING) == []
    assert problems(desk, CorrectFinding(finding_id, TODAY, "again")) == ["finding_id"]
    desk.do(ReopenFinding(finding_id))
    assert len(points(open_desk, following, visit_check.FINDING)) == 1
    desk.do(WithdrawFinding(finding_id))
    assert desk.ask(findings_of, visit_id=visit_id) == ()
    assert problems(desk, ReopenFinding(finding_id)) == ["finding_id"]


def test_only_a_held_visit_found_something_and_all_that_is_wrong_is_named(open_desk):
    desk = open_desk.desk
    me, visit_id = desk.staff.public_id, plan(desk)
    command = RecordFinding(visit_id, "weather", "", me, TODAY)
    assert problems(desk, command) == ["visit_id", "area", "finding", "due_on"]


def test_whoever_corrects_a_finding_sees_it_as_theirs_whatever_their_role(open_desk):
    desk = open_desk.desk
    accounts.add_colleague(desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    visit_id = held(desk)
    finding_id = find_something(desk, visit_id)
    desk.do(ChangeFinding(finding_id, ADA, TODAY + 60 * DAY))
    desk.close()
    open_desk.desk = desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    ((visit, (point,)),) = desk.ask(my_points, now=open_desk.clock())
    assert (visit.visit_id, point.owner.due_on) == (visit_id, TODAY + 60 * DAY)
    for question, values in (
        (dated_papers, {"today": TODAY}),
        (findings_of, {"visit_id": visit_id}),
    ):
        with pytest.raises(NotPermittedError):
            desk.ask(question, **values)
    for command in (
        RecordPaper("first-aid", TODAY, ADA),
        TakePaperBack("x"),
        CorrectFinding(finding_id, TODAY, "Seen"),
        ReopenFinding(finding_id),
        WithdrawFinding(finding_id),
        ChangeFinding(finding_id, ADA, TODAY),
        RecordFinding(visit_id, "records", "x", ADA, TODAY),
    ):
        with pytest.raises(NotPermittedError):
            desk.do(command)


def test_a_pack_says_how_papers_and_findings_stood_on_the_last_day_of_its_time(open_desk):
    desk = open_desk.desk
    me = desk.staff.public_id
    desk.do(RecordPaper("first-aid", TODAY - 9 * DAY, me, date(2026, 5, 2), hours=8))
    desk.do(RecordPaper("medication-training", TODAY - 9 * DAY, me, date(2027, 5, 2), hours=4))
    desk.do(RecordPaper("fire-inspection", date(2025, 4, 1), "", date(2026, 3, 31)))
    desk.do(RecordPaper("driving-licence", date(2020, 4, 1), me, date(2026, 3, 30)))
    late = find_something(desk, held(desk), due_on=TODAY + 10 * DAY)
    open_desk.clock.forward(days=40)
    desk.do(CorrectFinding(late, date(2026, 4, 5), "Seen"))  # after the quarter
    quarter = Period.parse("2026-Q1")
    house = desk.ask(about_the_house, period=quarter, now=open_desk.clock())
    (person,) = staffing_rows(house)
    assert person[5] == "1 of 7"
    assert person[6].startswith("Background check; ")
    assert person[6].endswith("; Training: trauma and trafficking, mandated reporting")
    assert person[7] == "First aid and CPR: 8; Giving medicines: 4"
    assert "Driving licence: ran out" in person[8]
    fire = next(row for row in house_papers_rows(house) if row[0] == "Fire inspection")
    assert fire == ("Fire inspection", "holds and ends within 60 days", "2025-Q2", "2026-Q1")
    (row,) = findings_rows(house)
    assert row[:3] == ("2026-Q1", "licensor", "The house and its safety")
    assert row[4:] == ("10", "", "open and past its day")
    assert "Dana" not in repr((person, row))
    assert "drill" not in repr(row)


def test_a_paper_that_nobody_asks_of_somebody_is_none_of_those_that_lapsed(open_desk):
    desk = open_desk.desk
    nurse, aide = "bbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccc"
    desk.do(AddStaff(nurse, "Bo", ("nurse",)))
    desk.do(AddStaff(aide, "Cy", ("residential-staff",)))
    ran_out = date(2026, 2, 1)
    desk.do(RecordPaper("professional-licence", TODAY - 40 * DAY, nurse, ran_out, also=(aide,)))
    open_desk.clock.forward(days=40)
    house = desk.ask(about_the_house, period=Period.parse("2026-Q1"), now=open_desk.clock())
    rows = {row[1]: row for row in staffing_rows(house)}
    assert rows["Nurse"][5] == "0 of 7"
    assert rows["Residential staff"][5] == "0 of 6"


def test_states_of_papers_are_told_before_they_run_out(open_desk):
    desk = open_desk.desk
    desk.do(RecordPaper("insurance", TODAY - DAY, "", TODAY + 59 * DAY))
    assert states(desk)["insurance"] == EXPIRING
