"""Exact figures are handed over by a director, once, on a basis; what was told is frozen."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlcipher3

from shelter_desk.desk import accounts, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.funder_answers import AnswerFunders, funder_answers
from shelter_desk.desk.report_releases import HandOver, ToWhom, seen_digest
from shelter_desk.desk.reporting import (
    NoteExplained,
    exact_report,
    handed_over,
    handed_over_report,
    report_behind,
    told_last,
)
from shelter_desk.desk.service_log import CorrectEntry, Given, LogService
from shelter_desk.domain.errors import InvalidError, NotPermittedError, StaleError
from shelter_desk.domain.report_values import changes
from tests.conftest import PASSPHRASE, newly_founded

QUARTER = "2026-Q1"
AFTER = datetime(2026, 4, 2, 12, tzinfo=UTC)
AGENCY = ToWhom("State agency", "aggregate-reporting")
WORDS = "other invented words for tests"


@pytest.fixture
def house(open_desk):
    return in_april(open_desk)


def in_april(open_desk):
    """One resident and one entry in March; now it is April."""
    open_desk.stay = open_desk.desk.do(
        residents.Admit("Sky", open_desk.clock(), age_guess=15)
    ).subject
    at = open_desk.clock.forward(hours=2)
    open_desk.given_at = at
    logged = LogService(open_desk.stay, "crisis_shelter", at, 15, voca_code="D1")
    open_desk.entry = open_desk.desk.do(logged).subject
    open_desk.clock.at = AFTER
    return open_desk


def report(house, report_id="voca", period=QUARTER):
    return house.desk.ask(exact_report, report_id=report_id, period=period)


def hand_over(house, to=AGENCY, report_id="voca", period=QUARTER):
    seen = seen_digest(report(house, report_id, period))
    return house.desk.do(HandOver(report_id, period, to, seen)).subject


def correct(house, units=4):
    what = Given("crisis_shelter", house.given_at, 15, "D1", units=units)
    house.entry = house.desk.do(CorrectEntry(house.entry, 1, what)).subject


def wrong(house, *args, **more):
    with pytest.raises(InvalidError) as caught:
        hand_over(house, *args, **more)
    return [problem.field for problem in caught.value.problems]


def test_what_was_handed_over_stays_and_the_amendment_says_old_and_new(house):
    first = hand_over(house)
    correct(house)
    assert house.desk.ask(handed_over_report, release_id=first).figures()["lines/D1/times"] == 1
    before = house.desk.ask(told_last, report_id="voca", period=QUARTER, recipient="State agency")
    (change,) = changes(report(house), before.report)
    assert (change.figure, change.before, change.now) == ("lines/D1/times", 1, 4)
    assert "Emergency shelter" in change.words
    hand_over(house, ToWhom("State agency", "aggregate-reporting", reason="Miscounted"))
    lines = house.desk.ask(handed_over)
    assert [(one.number, one.reason) for one in lines] == [(2, "Miscounted"), (1, "")]
    assert house.desk.ask(handed_over_report, release_id=first).figures()["lines/D1/times"] == 1


def test_an_amendment_needs_a_change_and_a_reason(house):
    hand_over(house)
    assert wrong(house) == ["recipient"]
    correct(house)
    assert wrong(house) == ["reason"]


def test_another_recipient_is_told_for_the_first_time(house):
    hand_over(house)
    hand_over(house, ToWhom("County office", "award-condition"))
    assert {one.number for one in house.desk.ask(handed_over)} == {1}


def test_nothing_is_handed_over_that_was_not_looked_at(house):
    seen = seen_digest(report(house))
    correct(house)
    with pytest.raises(StaleError):
        house.desk.do(HandOver("voca", QUARTER, AGENCY, seen))
    assert house.desk.ask(handed_over) == ()


def test_a_recipient_a_basis_and_a_period_that_is_over_are_needed(house):
    assert wrong(house, ToWhom("  ", "aggregate-reporting")) == ["recipient"]
    assert wrong(house, ToWhom("State agency")) == ["basis"]
    assert wrong(house, ToWhom("State agency", "rhy-program")) == ["basis"]
    assert wrong(house, period="2026-Q2") == ["period"]
    assert wrong(house, ToWhom("A" * 201, "aggregate-reporting", "B" * 201)) == [
        "recipient", "reason",
    ]  # fmt: skip


def test_a_year_of_the_quarterly_form_and_a_protected_report_are_refused(house):
    for report_id, period, field in (
        ("voca", "2026", "period"),
        ("summary", QUARTER, "report"),
        ("nonsense", QUARTER, "report"),
    ):
        with pytest.raises(InvalidError) as caught:
            report(house, report_id, period)
        assert [problem.field for problem in caught.value.problems] == [field]


def test_the_file_itself_refuses_to_change_what_was_handed_over(house):
    hand_over(house)
    with house.desk._store.unguarded() as connection:
        newest = connection.execute("SELECT max(id) FROM audit_event").fetchone()[0]
        for column in ("content = '{}'", "recipient = 'x'", "goes_public = 1", "reason = 'x'"):
            with pytest.raises(sqlcipher3.IntegrityError):
                connection.execute(f"UPDATE report_release SET {column}, event_id = {newest + 1}")


def test_handing_over_and_looking_behind_a_figure_stand_in_the_trail(house):
    hand_over(house)
    house.desk.do(NoteExplained("voca", QUARTER, "lines/D1/times"))
    looked, handed = house.desk.ask(events)[:2]
    assert (looked.action, looked.reason) == ("report.explain", f"voca:{QUARTER}:lines/D1/times")
    assert (handed.action, handed.reason) == ("report.hand-over", f"voca:{QUARTER}:1")


# Roles


@pytest.fixture(scope="module")
def with_colleagues(tmp_path_factory, care_model):
    """A case manager and a nurse beside the director."""
    opened = newly_founded(tmp_path_factory.mktemp("reports") / "records", care_model)
    ids = {role: f"{place:020x}" for place, role in enumerate(("case-manager", "nurse"), 1)}
    for role, public_id in ids.items():
        accounts.add_colleague(
            opened.desk, PASSPHRASE, Colleague(public_id, f"Ada {role}", (role,), WORDS)
        )
    in_april(opened)
    at = opened.given_at
    opened.desk.do(LogService(opened.stay, "emergency_medical", at, 15, voca_code="B1"))
    opened.desk.do(AnswerFunders(opened.stay, {"race": ("NativeHIPacific",)}))

    def become(role):
        opened.desk.close()
        opened.desk = entry.sign_in(opened.folder, ids[role], WORDS, care_model, opened.clock)
        return opened.desk

    opened.become = become
    yield opened
    opened.desk.close()


def test_a_case_manager_prepares_and_a_director_hands_over(with_colleagues):
    desk = with_colleagues.become("case-manager")
    assert report(with_colleagues).figures()["individuals/total/people"] == 1
    with pytest.raises(NotPermittedError):
        hand_over(with_colleagues)
    found = desk.ask(
        report_behind, report_id="voca", period=QUARTER, figure="age/age-13-17/people"
    )
    assert [line.called for line in found.lines] == ["Sky"]


def test_staff_who_make_no_reports_see_none_and_nothing_behind_them(with_colleagues):
    desk, figure = with_colleagues.become("nurse"), "lines/D1/times"
    for ask in (
        lambda: report(with_colleagues),
        lambda: desk.ask(handed_over),
        lambda: desk.ask(report_behind, report_id="voca", period=QUARTER, figure=figure),
        lambda: desk.do(NoteExplained("voca", QUARTER, figure)),
    ):
        with pytest.raises(NotPermittedError):
            ask()


def test_records_of_a_class_that_a_role_does_not_read_are_counted_but_not_shown(with_colleagues):
    with_colleagues.become("case-manager")
    seen = {}
    for line in ("B1", "D1"):
        found = with_colleagues.desk.ask(
            report_behind, report_id="voca", period=QUARTER, figure=f"lines/{line}/times"
        )
        seen[line] = (found.value, len(found.lines), found.closed)
    assert seen == {"B1": ("1", 0, 1), "D1": ("1", 1, 0)}
    screened = with_colleagues.desk.ask(
        report_behind, report_id="licensing", period=QUARTER,
        figure="screenings/crisis_mental.01/open",
    )  # fmt: skip
    health = with_colleagues.desk.ask(
        report_behind, report_id="licensing", period=QUARTER,
        figure="screenings/emergency_medical.09/open",
    )  # fmt: skip
    assert (len(screened.lines), screened.closed) == (1, 0)
    assert (health.lines, health.closed) == ((), 1)


# What funders ask


def test_answers_are_kept_per_stay_and_can_be_taken_back(house):
    ask = lambda: dict(house.desk.ask(funder_answers, stay_id=house.stay))  # noqa: E731 - short
    house.desk.do(AnswerFunders(house.stay, {"race": ("White",), "crimes": ()}))
    assert ask() == {"race": ("White",), "crimes": ()}
    house.desk.do(AnswerFunders(house.stay, {"race": None}))
    assert ask() == {"crimes": ()}
    house.desk.do(AnswerFunders(house.stay, {"race": ("9",)}))
    assert ask() == {"crimes": (), "race": ("9",)}


@pytest.mark.parametrize(
    "answers",
    [
        {"nonsense": ("1",)}, {"race": ("X",)}, {"race": ("White", "9")}, {"race": ()},
        {"gender-line": ("voca-male", "voca-female")}, {"crimes": ("15", "15")},
        {"safe-client": ("2",)}, {"safe-worker": ("9",)},
    ],
)  # fmt: skip
def test_answers_that_no_list_has_or_that_contradict_each_other_are_refused(house, answers):
    with pytest.raises(InvalidError):
        house.desk.do(AnswerFunders(house.stay, answers))
    assert not house.desk.ask(funder_answers, stay_id=house.stay)


def test_answers_are_sealed_and_for_those_who_read_identities(with_colleagues):
    with with_colleagues.desk._store.unguarded() as connection:
        texts = [
            *connection.execute("SELECT codes_sealed FROM funder_answer").fetchall(),
            *connection.execute("SELECT body FROM audit_detail").fetchall(),
        ]
    assert len(texts) > 5
    assert not any(b"NativeHI" in one for (one,) in texts)
    desk = with_colleagues.become("nurse")
    with pytest.raises(NotPermittedError):
        desk.ask(funder_answers, stay_id=with_colleagues.stay)
    with pytest.raises(NotPermittedError):
        desk.do(AnswerFunders(with_colleagues.stay, {"race": ("White",)}))
    desk = with_colleagues.become("case-manager")
    assert desk.ask(funder_answers, stay_id=with_colleagues.stay) == {"race": ("NativeHIPacific",)}
    desk.do(AnswerFunders(with_colleagues.stay, {"gender": ("0",)}))


def test_the_newest_answers_of_somebody_who_came_again_are_counted(house):
    house.desk.do(AnswerFunders(house.stay, {"race": ("White",), "gender": ("0",)}))
    house.clock.at = AFTER + timedelta(days=1)
    house.desk.do(residents.RecordExit(house.stay, AFTER, "completed", "422"))
    who = house.desk.ask(residents.record, stay_id=house.stay, now=house.clock()).resident_id
    at = house.clock.forward(days=30)
    again = house.desk.do(residents.Admit("Sky", at, resident_id=who)).subject
    house.desk.do(AnswerFunders(again, {"race": ("Asian",)}))
    house.desk.do(LogService(again, "crisis_shelter", at, 15, voca_code="D1"))
    found = report(house, period="2026-Q2").figures()
    assert found["individuals/continuing/people"] == 1  # new in the quarter before
    assert found["race/all/people"] == 0
    rhy = report(house, "rhy", "2026-Q2").figures()
    assert (rhy["race/Asian/people"], rhy["race/White/people"]) == (1, 0)
    assert rhy["gender/0/people"] == 1
