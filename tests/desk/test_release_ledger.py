"""What is out stays as it went out, who let it out is known, and what is public is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shelter_desk.desk import accounts, audit_log, residents, summaries
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.approving import Approval, ApprovalNeededError, approval_text, directors
from shelter_desk.desk.frozen import papers_of
from shelter_desk.desk.second_person import desk_beside, unlocked_colleague
from shelter_desk.desk.told_figures import TellFigure, WithdrawTold, tellable, told_figures
from shelter_desk.disclosure import Refused
from shelter_desk.domain.errors import InvalidError, StaleError
from shelter_desk.exports.summary_plan import ask_for_year, prepare_year
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    ask_for_summary,
    make_summary,
    prepare_summary,
)
from shelter_desk.reports.summary_check import verify_summary
from tests.conftest import PASSPHRASE
from tests.desk.test_handoff import accept

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
ASH, WORDS = "b" * 20, "four invented words here"


def admit(opened, count, years=(2009, 2012)):
    """Admit so many; their ages go round."""
    return [
        opened.desk.do(
            residents.Admit(f"Sky {n}", opened.clock(), born_on=date(years[n % len(years)], 1, 2))
        ).subject
        for n in range(count)
    ]


def with_residents(opened, count=30, years=(2009, 2012)):
    stays = admit(opened, count, years)
    opened.clock.at = AFTER
    return stays


def prepared(desk, **more):
    wanted = {"period": "2026-Q1", "audience": "named", **more}
    found = prepare_summary(ask_for_summary(desk, **wanted))
    assert isinstance(found, PreparedSummary), found
    return found


def values(found):
    return {f["id"]: f["value"] for f in found.release.certificate["figures"]}


def test_the_same_summary_again_is_the_same_bytes_and_in_the_trail(open_desk):
    with_residents(open_desk)
    first = make_summary(open_desk.desk, period="2026-Q1", audience="named", recipient="A. Funder")
    open_desk.clock.forward(days=9)
    again = prepared(open_desk.desk)
    assert again.out_since == AFTER
    assert again.hand_out(open_desk.desk.do) == first.files
    assert again.release.tables == first.release.tables
    assert again.release.dropped == first.release.dropped
    (line,) = open_desk.desk.ask(summaries.releases)
    assert (line.recipient, line.made_by, line.approved_by) == ("A. Funder", "Dana", "Dana")
    assert open_desk.desk.ask(papers_of, release_id=line.release_id) == first.files
    said = [line.action for line in open_desk.desk.ask(audit_log.events, limit=9)]
    assert said.count("summary.again") == said.count("summary.release") == 1


def test_what_was_corrected_since_does_not_change_what_is_out(open_desk):
    stays = with_residents(open_desk)
    first = make_summary(open_desk.desk, period="2026-Q1", audience="public")
    assert not isinstance(first, Refused)
    open_desk.clock.at = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    open_desk.desk.do(residents.RecordExit(stays[0], open_desk.clock(), "left-early", "99"))
    admit(open_desk, 1)
    open_desk.clock.at = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
    again = prepared(open_desk.desk, audience="public")
    assert again.hand_out(open_desk.desk.do) == first.files
    other = prepared(open_desk.desk)
    assert other.release.population_shown == first.release.population_shown == 30


def unproved(desk):
    """Make what is out one of an earlier version: it is true, and its proof holds no more."""
    with desk._store.unguarded() as connection:
        of_release = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
        for (name,) in connection.execute(of_release, ("summary_release",)).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(
            "UPDATE summary_release SET certificate = json_remove(certificate, '$.worlds')"
        )


def test_what_an_earlier_version_let_out_is_told_anew_where_nothing_was_corrected(open_desk):
    with_residents(open_desk)
    first = make_summary(open_desk.desk, period="2026-Q1", audience="named")
    unproved(open_desk.desk)
    question = ask_for_summary(open_desk.desk, period="2026-Q1", audience="named")
    refused = prepare_summary(question)
    assert isinstance(refused, Refused)
    assert "Count it anew" in refused.reason
    anew = prepared(open_desk.desk, restated=True)
    assert anew.out_since is None
    before, after = first.release.certificate, anew.release.certificate
    told = [{one["id"]: one["value"] for one in of["figures"]} for of in (before, after)]
    assert told[0] == told[1], "shown stays shown, and withheld stays withheld"
    files = anew.hand_out(open_desk.desk.do)
    assert verify_summary(files).ok
    again = prepared(open_desk.desk)
    assert again.hand_out(open_desk.desk.do) == files, "from then on it is repeated as it is"
    changed = question.before.certificate["figures"][1]
    changed["value"] = (changed["value"] or 0) + 1
    question = replace(question, wanted=replace(question.wanted, restated=True))
    assert isinstance(prepare_summary(question), Refused), "what is not true is no ground"


def test_a_restated_summary_tells_no_change_of_one(open_desk):
    """One more was here than was thought: the old number is out, so the new one must not be."""
    with_residents(open_desk)
    make_summary(open_desk.desk, period="2026-Q1", audience="named")
    open_desk.clock.at = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    admit(open_desk, 1)
    open_desk.clock.at = AFTER
    question = ask_for_summary(open_desk.desk, period="2026-Q1", audience="named", restated=True)
    assert question.request.population == 31
    refused = prepare_summary(question)
    assert isinstance(refused, Refused)
    open_desk.clock.at = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    admit(open_desk, 11)
    open_desk.clock.at = AFTER
    question = ask_for_summary(open_desk.desk, period="2026-Q1", audience="named", restated=True)
    restated = prepare_summary(question)
    assert isinstance(restated, PreparedSummary), restated
    assert restated.release.population_shown == 42
    assert restated.hand_out(open_desk.desk.do)
    assert prepared(open_desk.desk).release.population_shown == 42


def test_a_number_in_a_newspaper_is_known_to_the_next_summary(open_desk):
    """Four of 31 are under 18: with the other 27 in the paper, everybody could say so."""
    desk = open_desk.desk
    with_residents(open_desk, 31, years=(*(2007,) * 7, 2009))
    before = values(prepared(desk))
    blank = [f for f in before if f.startswith("served/") and before[f] is None]
    old = max(blank)
    words = {line.figure: line.words for line in desk.ask(tellable, period="2026-Q1", now=AFTER)}
    assert words[old].startswith("Residents served, by age: ")
    shown = desk.do(TellFigure("2026-Q1", old, 27, "The Harbor Herald", date(2026, 4, 1))).subject
    (line,) = desk.ask(told_figures)
    assert (line.value, line.told_to, line.period) == (27, "The Harbor Herald", "2026-Q1")
    refused = prepare_summary(ask_for_summary(desk, period="2026-Q1", audience="named"))
    assert isinstance(refused, Refused)
    assert "public already gives away" in refused.reason
    desk.do(WithdrawTold(shown))
    assert desk.ask(told_figures) == ()
    assert values(prepared(desk)) == before


def test_what_was_told_while_a_summary_was_prepared_stops_it(open_desk):
    with_residents(open_desk)
    ready = prepared(open_desk.desk)
    tell = TellFigure("2026-Q1", "release/total/total", 30, "A speech", date(2026, 4, 1))
    open_desk.desk.do(tell)
    with pytest.raises(StaleError):
        ready.hand_out(open_desk.desk.do)


@pytest.mark.parametrize(
    "wrong",
    [
        {"figure": "served/nothing/all"},
        {"told_to": " "},
        {"value": -1},
        {"told_on": date(2026, 4, 9)},
        {"period": "2026-Q2"},
    ],
)
def test_a_told_figure_says_what_where_and_when(open_desk, wrong):
    with_residents(open_desk, 1)
    right = {
        "period": "2026-Q1", "figure": "release/total/total", "value": 1, "told_to": "A talk",
        "told_on": date(2026, 4, 1),
    }  # fmt: skip
    with pytest.raises(InvalidError):
        open_desk.desk.do(TellFigure(**(right | wrong)))
    assert open_desk.desk.ask(told_figures) == ()


def case_manager(opened):
    """Return the desk of a case manager at these records, and Dana's keys."""
    new = Colleague(ASH, "Ash", ("case-manager",), WORDS)
    accounts.add_colleague(opened.desk, PASSPHRASE, new)
    accept(opened, ASH)
    now = opened.clock()
    dana = opened.desk.staff.public_id
    desk = desk_beside(opened.desk, unlocked_colleague(opened.folder, ASH, WORDS, now))
    return desk, unlocked_colleague(opened.folder, dana, PASSPHRASE, now), dana


def test_a_director_approves_what_somebody_else_releases(open_desk):
    with_residents(open_desk)
    desk, keys, dana = case_manager(open_desk)
    assert open_desk.desk.ask(directors) == ()
    assert desk.ask(directors) == ((dana, "Dana"),)
    ready = prepared(desk, recipient="A. Funder")
    with pytest.raises(ApprovalNeededError):
        ready.hand_out(desk.do)
    other = desk.ask(approval_text, certificates=ready.certificates, recipient="Somebody else")
    with pytest.raises(ApprovalNeededError):
        ready.hand_out(desk.do, Approval(dana, keys.sign(other)))
    assert desk.ask(summaries.releases) == ()
    said = desk.ask(approval_text, certificates=ready.certificates, recipient="A. Funder")
    with pytest.raises(ApprovalNeededError):
        ready.hand_out(desk.do, Approval(ASH, keys.sign(said)))
    files = ready.hand_out(desk.do, Approval(dana, keys.sign(said)))
    assert verify_summary(files).ok
    (line,) = desk.ask(summaries.releases)
    assert (line.made_by, line.approved_by) == ("Ash", "Dana")


def test_a_year_is_decided_together_and_given_out_in_parts(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    for month in (2, 5, 8, 11):
        clock.at = datetime(2026, month, 3, 9, 0, tzinfo=UTC)
        stays = admit(open_desk, 16)
        clock.forward(days=20)
        for stay in stays:
            desk.do(residents.RecordExit(stay, clock(), "left-early", "99"))
    clock.at = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    year = prepare_year(ask_for_year(desk, year="2026", audience="named", recipient="A. Funder"))
    assert sorted(year.summaries) == ["2026", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    files = year.hand_out(desk.do)
    assert all(verify_summary(of_one).ok for of_one in files.values())
    lines = desk.ask(summaries.releases)
    assert {line.period for line in lines} == set(files)
    again = prepared(desk, period="2026-Q3")
    assert again.hand_out(desk.do) == files["2026-Q3"]
    assert len(desk.ask(summaries.releases)) == 5
