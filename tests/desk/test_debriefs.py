"""A debrief is owed by two kinds of incident, and held once it stands in the records."""

from datetime import UTC, datetime

import pytest

from shelter_desk.desk import care, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.debriefs import WRITE_UP
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_return import RecordReturn, WriteReturnTalk
from shelter_desk.desk.record_lines import records_shown
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.domain.periods import Period
from tests.conftest import PASSPHRASE

ADA, WORDS = "a" * 20, "four invented words here"
AFTER = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def colleagues():
    return (Colleague(ADA, "Ada", ("residential-staff",), WORDS),)


def test_a_debrief_is_held_once_it_is_signed_or_talked_and_owed_by_nothing_else(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    stay = desk.do(residents.Admit("Sky", clock())).subject
    clock.forward(hours=1)
    episode = desk.do(StartMissing(stay, clock())).subject
    for types, during in (("fight-or-assault", None), ("physical-intervention", None),
                          ("left-without-permission", episode)):  # fmt: skip
        desk.do(StartIncident((types,), clock(), clock(), "kitchen", (stay,), during))
        clock.forward(hours=1)

    def held():
        (shown,) = open_desk.desk.ask(
            records_shown, stays=(stay,), period=Period(2026, 1), now=AFTER, closed=frozenset()
        )
        return [one.debrief for one in shown.incidents]

    assert held() == [None, False, None]  # who is not back yet is owed no talk
    desk.do(RecordReturn(episode, clock(), "self"))
    assert held() == [None, False, False]
    desk.do(WriteReturnTalk(episode, ReturnTalk(("not-asked",))))
    plan = desk.ask(care.stay_plan, stay_id=stay, now=clock())
    line = next(i for s in plan.services for i in s.items if i.item_id == WRITE_UP)
    answer = desk.do(care.AnswerItem(stay, WRITE_UP, line.occurrence)).subject
    assert held() == [None, False, True]  # it takes two signatures
    dana = desk.staff.public_id
    desk.close()
    open_desk.desk = entry.sign_in(open_desk.folder, ADA, WORDS, open_desk.care_model, clock)
    open_desk.desk.do(care.SignAnswer(answer))
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(open_desk.folder, dana, PASSPHRASE, open_desk.care_model, clock)
    assert held() == [None, True, True]
