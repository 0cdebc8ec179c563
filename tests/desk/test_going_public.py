"""A report that stayed with its recipient becomes public: weighed before, known after."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from shelter_desk.desk import residents, summaries
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.going_public import (
    MakePublic,
    TellsTooMuchError,
    publication_asked,
    weigh_publication,
)
from shelter_desk.desk.report_releases import HandOver, ToWhom, seen_digest
from shelter_desk.desk.reporting import exact_report, handed_over, handed_over_report
from shelter_desk.desk.service_log import LogService
from shelter_desk.disclosure import Weighed
from shelter_desk.domain.errors import InvalidError, NotPermittedError, StaleError
from shelter_desk.exports.summary_release import make_summary
from tests.desk.test_release_ledger import case_manager

QUARTER, AFTER = "2026-Q1", datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
HERE = 12


@pytest.fixture
def house(open_desk):
    """A dozen residents in March, all given one service; now it is April."""
    for number in range(HERE):
        stay = open_desk.desk.do(
            residents.Admit(f"Sky {number}", open_desk.clock(), age_guess=12 if number < 4 else 15)
        ).subject
        open_desk.desk.do(LogService(stay, "basic_needs", open_desk.clock(), 15))
    open_desk.clock.at = AFTER
    return open_desk


def hand_over(house, recipient="A program", *, public=False):
    seen = seen_digest(house.desk.ask(exact_report, report_id="rhy", period=QUARTER))
    to = ToWhom(recipient, "rhy-program", goes_public=public)
    return house.desk.do(HandOver("rhy", QUARTER, to, seen)).subject


def make_public(house, release_id, reason="published"):
    asked = house.desk.ask(publication_asked, release_id=release_id)
    found = weigh_publication(asked)
    house.desk.do(MakePublic(release_id, reason, found, asked.newest))
    return found


def told(house):
    return [one for one in house.desk.ask(summaries.ledger).known if one.get("told")]


def test_it_is_known_to_later_releases_from_then_on_and_not_before(house):
    release_id = hand_over(house)
    assert told(house) == []
    before = house.desk.ask(summaries.ledger).newest
    found = make_public(house, release_id)
    assert found.together == ()
    (entry,) = told(house)
    figures = {one["id"]: one["value"] for one in entry["figures"]}
    assert figures["rhy/people/served/count"] == HERE
    assert house.desk.ask(summaries.ledger).newest != before, "what was prepared before is stale"
    (line,) = house.desk.ask(handed_over)
    assert (line.goes_public, line.is_public, line.public_since) == (False, True, AFTER)
    event = house.desk.ask(events, limit=1)[0]
    assert (event.action, event.object) == ("report.make-public", release_id)
    assert event.reason == f"rhy:{QUARTER}:published"
    with pytest.raises(InvalidError, match="public already"):
        house.desk.ask(publication_asked, release_id=release_id)


def test_what_becomes_public_later_is_what_was_told_then(house):
    later, _ = hand_over(house), hand_over(house, "Another", public=True)
    with house.desk._store.unguarded() as connection:
        rows = connection.execute("SELECT content FROM report_facts").fetchall()
    assert len(rows) == 2
    assert rows[0] == rows[1], "whom it was about is kept of every report, in the same words"
    house.clock.at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    house.desk.do(residents.Admit("Late", house.clock(), age_guess=15))
    house.clock.at = AFTER
    make_public(house, later)
    assert [len(one["people"]["raw"]) for one in told(house)] == [HERE, HERE]
    assert json.loads(rows[0][0])["people"] == told(house)[0]["people"]


def test_nobody_here_agrees_where_it_is_not_shown_to_be_harmless(house):
    """The summary that is out tells who was given which service; so does the report."""
    assert not hasattr(make_summary(house.desk, period=QUARTER, audience="named"), "reason")
    release_id = hand_over(house)
    asked = house.desk.ask(publication_asked, release_id=release_id)
    found = weigh_publication(asked)
    assert any("in another way" in one for one in found.together)
    with pytest.raises(TellsTooMuchError):
        house.desk.do(MakePublic(release_id, "agreed", found, asked.newest))
    assert told(house) == []
    house.desk.do(MakePublic(release_id, "law", found, asked.newest))
    assert len(told(house)) == 1


def test_beside_nothing_it_can_be_agreed_to_and_its_own_small_figures_are_counted(house):
    release_id = hand_over(house)
    figures = house.desk.ask(handed_over_report, release_id=release_id).figures()
    small = [name for name, value in figures.items() if isinstance(value, int) and 0 < value < 11]
    assert {"age/age-0-12/people", "age/age-13-17/people"} <= set(small), small
    assert house.desk.ask(publication_asked, release_id=release_id).small == len(small)
    assert make_public(house, release_id, "agreed").together == ()


def test_what_went_out_meanwhile_has_to_be_weighed_too(house):
    release_id = hand_over(house)
    asked, found = house.desk.ask(publication_asked, release_id=release_id), Weighed(())
    make_public(house, hand_over(house, "Another"))
    with pytest.raises(StaleError):
        house.desk.do(MakePublic(release_id, "published", found, asked.newest))
    with pytest.raises(InvalidError, match="why it is public"):
        house.desk.do(MakePublic(release_id, "because", found, asked.newest))


def test_only_a_director_makes_a_report_public(house):
    release_id = hand_over(house)
    asked, found = house.desk.ask(publication_asked, release_id=release_id), Weighed(())
    desk, _, _ = case_manager(house)
    assert desk.ask(handed_over), "they see that it was handed over"
    for wanted in (
        lambda: desk.ask(publication_asked, release_id=release_id),
        lambda: desk.do(MakePublic(release_id, "published", found, asked.newest)),
    ):
        with pytest.raises(NotPermittedError):
            wanted()


def test_why_it_may_not_be_public_names_no_figure_by_its_id(house):
    """Somebody has to read it: classes by the words of the page, and whose figure it is."""
    first, second = hand_over(house), hand_over(house, "Another")
    make_public(house, first)
    (known,) = told(house)
    assert set(known["words"]) == set(known["defined"])
    assert "Runaway and homeless youth lists: served" in known["words"].values()
    assert not hasattr(make_summary(house.desk, period=QUARTER, audience="named"), "reason")
    (out,) = [one for one in house.desk.ask(summaries.ledger).known if not one.get("told")]
    assert set(out["defined"]) <= set(out["words"])
    asked = house.desk.ask(publication_asked, release_id=second)
    for reason in weigh_publication(asked).together:
        assert "/" not in reason, reason
