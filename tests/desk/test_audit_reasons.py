"""The trail keeps codes; whoever reads it sees the words of the lists they are from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shelter_desk.desk import audit_reasons, care, residents
from shelter_desk.desk.appointing import PlanAppointment, SettleAppointment
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.audit_reasons import reason_in_words
from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_record import episode
from shelter_desk.desk.telling import NeedNotTell

CODE = re.compile(r"[a-z]+(?:[-_][a-z]+)+")


def test_what_a_shift_does_is_told_in_words_and_the_code_stays(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    stay = desk.do(residents.Admit("Sky", clock(), age_guess=15)).subject
    desk.do(care.SetNeed(stay, "legal_advocacy", "in-progress"))
    plan = desk.ask(care.stay_plan, stay_id=stay, now=clock())
    item = next(
        one for service in plan.services for one in service.items
        if one.occurrence and not one.needs_signatures
    )  # fmt: skip
    why = desk.house.care_model.reasons_for("declined")[0].code
    desk.do(care.AnswerItem(stay, item.item_id, item.occurrence, "declined", reason=why))
    key = desk.do(PlanAppointment(stay, "court", clock() + timedelta(days=2))).subject
    desk.do(SettleAppointment(key, "cancelled", "not-needed"))
    missing = desk.do(StartMissing(stay, clock())).subject
    notice = desk.ask(episode, episode_id=missing).notices[0]
    desk.do(NeedNotTell(notice.notice_id, "told-already"))
    desk.do(StartIncident(("injury", "self-harm"), clock(), clock(), "kitchen", (stay,)))
    seen = {one.action: one for one in desk.ask(events)}
    label = desk.house.care_model.label
    service = desk.house.care_model.services["legal_advocacy"].name
    told = {
        "service.need": f"{service}, {label('service-status', 'in-progress')}",
        "appointment.plan": label("appointment-kinds", "court"),
        "incident.start": ", ".join(
            label("incident-types", one) for one in ("injury", "self-harm")
        ),
    }
    for action, words in told.items():
        assert seen[action].why == words
        assert seen[action].reason not in ("", words), "the code is what the trail keeps"
    for one in seen.values():
        assert bool(one.why) == bool(one.reason), one.action
        assert not CODE.fullmatch(one.why), f"{one.action}: {one.why}"


@pytest.mark.parametrize("action", sorted(audit_reasons._PARTS))
def test_every_action_that_is_read_by_lists_is_one_of_the_trail(action, care_model):
    assert action in WORDS
    assert reason_in_words(care_model, action, "") == ""


def test_digests_dates_and_what_no_list_has_stay_as_they_are(care_model):
    digest = "4f" * 32
    assert reason_in_words(care_model, "custody.contents", digest) == digest
    assert reason_in_words(care_model, "custody.hand-over", "return:2026-03-12") == (
        "to be returned by, 2026-03-12"
    )
    assert reason_in_words(care_model, "appointment.plan", "no-more-listed") == "no more listed"
    draw_id = "0123456789abcdefghjk"  # which draw a seat shows: for the trail, not for people
    assert reason_in_words(care_model, "seat.open", f"3:60:{draw_id}") == "3 records, 60 minutes"
