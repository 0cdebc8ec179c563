"""What must be true of every item of the content, whatever happens in a stay."""

# ruff: noqa: DTZ001 - hypothesis takes bounds without a zone

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.due import (
    Answer,
    Occurred,
    Shifts,
    StayFacts,
    answered_due,
    lead,
    open_occurrences,
)
from shelter_desk.domain.durations import Span
from tests.domain.stays import MODEL

CODES = sorted(MODEL.triggers)
OUTCOMES = ("done", "declined", "not-applicable", "deferred", "blocked")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
either = st.booleans()
open_stay = st.just(False)  # never ended
hours = st.integers(0, 9000).map(lambda n: timedelta(hours=n))
shifts = st.builds(
    Shifts,
    st.sampled_from([(time(7), time(15), time(23)), (time(6), time(18)), (time(2, 30),), ()]),
    st.sampled_from(
        [ZoneInfo(z) for z in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC")]
    ),
)
# Every kind of item as often as the rare ones, not in proportion to their number.
KINDS = sorted({(i.due.after, i.repeat) for i in MODEL.items.values()})
items = st.sampled_from(KINDS).flatmap(
    lambda kind: st.sampled_from(
        [i for i in MODEL.items.values() if (i.due.after, i.repeat) == kind]
    )
)


@st.composite
def happenings(draw, item, began, prefix):
    codes = sorted(item.starts_on) or CODES
    known = st.none() | hours
    found = draw(st.lists(st.tuples(st.sampled_from(codes), hours, known), max_size=4))
    return tuple(
        Occurred(
            code, began + after, f"{prefix}{number}", None if known is None else began + known
        )
        for number, (code, after, known) in enumerate(found)
    )


@st.composite
def cases(draw, ended=either):
    """Return (item, facts, keywords of the question)."""
    item, began = draw(items), draw(moments)
    facts = StayFacts(
        began_at=began,
        ended_at=began + draw(hours) if draw(ended) else None,
        service_opened_at=began + draw(hours),
        phase_started_at={},
        court_dates=draw(happenings(item, began, "c")),
        events=draw(happenings(item, began, "e")),
        planned_exit_at=began + draw(hours) if draw(st.booleans()) else None,
        exit_known_at=began + draw(hours) if draw(st.booleans()) else None,
    )
    noted(f"{item.due.after}, {item.repeat}")
    return item, facts, {"shifts": draw(shifts), "starts": MODEL.starts}


@st.composite
def answered(draw, ended=either):
    """Return a case and answers to what was open, in the order in which they were given."""
    item, facts, kw = draw(cases(ended=ended))
    answers = []
    at = facts.began_at
    for _ in range(draw(st.integers(0, 5))):
        open_now = open_occurrences(item, facts, answers, **kw)
        if not open_now:
            break
        at += draw(st.integers(1, 600_000).map(lambda n: timedelta(seconds=n)))
        chosen = draw(st.sampled_from(open_now))
        until = at + draw(hours)
        answers.append(Answer(chosen.key, draw(st.sampled_from(OUTCOMES)), at, until))
    return item, facts, tuple(answers), kw


@given(answered())
def test_the_same_question_has_the_same_answer(case):
    item, facts, answers, kw = case
    first = open_occurrences(item, facts, answers, **kw)
    assert open_occurrences(item, facts, answers, **kw) == first
    assert open_occurrences(item, facts, answers + answers, **kw) == first


@given(answered(), st.randoms())
def test_the_order_in_which_things_were_entered_does_not_matter(case, random):
    item, facts, answers, kw = case
    expected = open_occurrences(item, facts, answers, **kw)
    mixed = [random.sample(part, len(part)) for part in (answers, facts.events, facts.court_dates)]
    other = replace(facts, events=tuple(mixed[1]), court_dates=tuple(mixed[2]))
    assert open_occurrences(item, other, mixed[0], **kw) == expected


@given(answered())
def test_moments_are_utc_and_sorted_and_keys_are_unique(case):
    item, facts, answers, kw = case
    found = open_occurrences(item, facts, answers, **kw)
    assert all(one.due_at.tzinfo is UTC for one in found)
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    assert len({one.key for one in found}) == len(found)


@given(answered())
def test_a_series_never_has_more_than_one_round_open(case):
    item, facts, answers, kw = case
    if item.repeat in ("period", "each-shift"):
        assert len(open_occurrences(item, facts, answers, **kw)) <= 1


@given(answered(), st.data())
def test_a_closing_answer_closes_what_it_answers_and_nothing_else(case, data):
    item, facts, answers, kw = case
    before = open_occurrences(item, facts, answers, **kw)
    if not before:
        return
    chosen = data.draw(st.sampled_from(before))
    outcome = data.draw(st.sampled_from(sorted(CLOSING_OUTCOMES)))
    latest = max([facts.began_at, *(a.done_at for a in answers)]) + timedelta(seconds=1)
    after = open_occurrences(item, facts, (*answers, Answer(chosen.key, outcome, latest)), **kw)
    assert chosen.key not in {one.key for one in after}
    others = tuple(one for one in before if one.key != chosen.key)
    assert [one for one in after if not one.key.startswith("next:")] == list(others)


@given(answered(), st.data())
def test_an_open_answer_keeps_it_open(case, data):
    item, facts, answers, kw = case
    before = open_occurrences(item, facts, answers, **kw)
    if not before:
        return
    chosen = data.draw(st.sampled_from(before))
    latest = max([facts.began_at, *(a.done_at for a in answers)]) + timedelta(seconds=1)
    until = latest + data.draw(hours)
    deferred = (*answers, Answer(chosen.key, "deferred", latest, until))
    after = {one.key: one for one in open_occurrences(item, facts, deferred, **kw)}
    assert after.keys() == {one.key for one in before}
    assert (after[chosen.key].due_at, after[chosen.key].blocked) == (until, False)
    blocked = (*answers, Answer(chosen.key, "blocked", latest))
    after = {one.key: one for one in open_occurrences(item, facts, blocked, **kw)}
    assert after[chosen.key] == chosen._replace(blocked=True)


spans = st.builds(Span, st.integers(-400, 400)) | st.builds(
    Span, st.just(0), st.integers(-9000, 9000).map(lambda n: timedelta(minutes=n))
)


@given(spans, moments, st.integers(-9000, 9000), shifts)
def test_nobody_is_late_with_what_they_could_not_know(span, at, ahead, calendar):
    """What comes before has a day at least and never less than its span; else nothing changes."""
    zone, known_at = calendar.zone, at - timedelta(hours=ahead)
    due_at, alone = lead(span, at, known_at, zone), lead(span, at, None, zone)
    assert alone == span.after(at, zone)
    if alone >= at or alone >= known_at + timedelta(hours=24):
        assert due_at == alone
    else:
        assert due_at == max(alone, min(at, known_at + timedelta(hours=24)))
        assert due_at <= at
        assert due_at > known_at or at <= known_at
    later = lead(span, at, known_at + timedelta(hours=1), zone)
    assert later >= due_at, "known later, due later"


@given(cases(ended=open_stay), st.integers(1, 500))
def test_what_lies_ahead_is_never_overdue_at_once(case, ahead):
    item, facts, kw = case
    now = facts.began_at + timedelta(days=3)
    at = now + timedelta(hours=ahead)
    code = min(item.starts_on, default="court-hearing")
    facts = replace(
        facts,
        court_dates=(Occurred("court-hearing", at, "c", now),),
        events=(Occurred(code, at, "e", now),),
        planned_exit_at=at,
        exit_known_at=now,
    )
    asked = item.due.span.length.total_seconds() < 0 and item.repeat != "period"
    for one in open_occurrences(item, facts, (), **kw):
        if asked or one.key.startswith(("court:", "event:", "discharge")):
            assert min(now + timedelta(hours=24), at) <= one.due_at


@given(cases(ended=open_stay))
def test_no_event_is_lost(case):
    """Each starting event and each court date has its occurrence, or its series is open."""
    item, facts, kw = case
    keys = {one.key for one in open_occurrences(item, facts, (), **kw)}
    started = [e.key for e in facts.events if e.code in item.starts_on]
    if item.repeat == "each-event":
        assert {f"event:{key}" for key in started} <= keys
        if item.due.after == "court-date":
            assert {f"court:{c.key}" for c in facts.court_dates} <= keys
        assert ("admission" in keys) == (item.due.after == "admission")
        contacts = max(len(item.schedule), 1)
        assert sum(key.startswith("event:") for key in keys) == contacts * len(started)
    elif started and item.repeat != "once":
        assert keys == {"next:0"}
    elif item.due.after in ("admission", "previous"):
        assert len(keys) == 1


@given(answered(ended=open_stay), st.sampled_from(CODES), hours)
def test_a_further_event_never_makes_anything_later_or_go_away(case, code, after):
    item, facts, answers, kw = case
    code = min(item.starts_on, default=code)
    more = Occurred(code, facts.began_at + after, "new")
    before = open_occurrences(item, facts, answers, **kw)
    then = {
        one.key: one
        for one in open_occurrences(
            item, replace(facts, events=(*facts.events, more)), answers, **kw
        )
    }
    assert [one.key for one in before if one.key not in then] == []
    assert [one for one in before if then[one.key].due_at > one.due_at] == []


@given(cases(ended=open_stay), st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_a_series_moves_forward_with_every_round(case, delays):
    """Done on time or late, the next round lies after the moment it was done."""
    item, facts, kw = case
    facts = replace(facts, planned_exit_at=None, service_opened_at=facts.began_at)
    answers = []
    for number, delay in enumerate(delays):
        found = open_occurrences(item, facts, answers, **kw)
        if item.repeat not in ("period", "each-shift") or not found:
            return
        (one,) = found
        assert one.key == f"next:{number}"
        last = max((a.done_at for a in answers), default=one.due_at - timedelta(1))
        starting = {event.at for event in (*facts.events, *facts.court_dates)}
        assert one.due_at > last or any(at > last for at in starting)
        answers.append(Answer(one.key, "done", max(one.due_at, last) + timedelta(hours=delay)))


@given(cases(ended=open_stay), st.integers(1, 10_000), st.integers(0, 10_000))
def test_a_round_done_later_is_followed_later(case, after, more):
    item, facts, kw = case
    facts = replace(facts, events=(), court_dates=(), service_opened_at=facts.began_at)
    if item.repeat not in ("period", "each-shift") or item.due.after in ("discharge", "event"):
        return
    moments_done = [facts.began_at + timedelta(minutes=n) for n in (after, after + more)]
    first, second = (
        open_occurrences(item, facts, (Answer("next:0", "done", at),), **kw)[0].due_at
        for at in moments_done
    )
    # An hour that happens twice has one wall clock: there, and only there, order may fold.
    assert second >= first - timedelta(hours=1)
    if kw["shifts"].zone.key == "UTC":
        assert second >= first


@given(answered(ended=open_stay))
def test_every_answer_had_been_due_when_it_was_open(case):
    """What was open before an answer, at its due date, is what the answer had been due at."""
    item, facts, answers, kw = case
    expected = {}
    for number, answer in enumerate(answers):
        if answer.outcome in CLOSING_OUTCOMES:
            earlier = [a for a in answers[:number] if a.outcome in CLOSING_OUTCOMES]
            found = {one.key: one.due_at for one in open_occurrences(item, facts, earlier, **kw)}
            expected[answer.occurrence] = found[answer.occurrence]
    assert answered_due(item, facts, answers, **kw) == expected


@given(cases(ended=st.just(True)))
def test_after_the_exit_only_what_follows_it_is_open(case):
    item, facts, kw = case
    for one in open_occurrences(item, facts, (), **kw):
        starting = {f"event:{e.key}": e.at for e in facts.events}
        starting |= {f"court:{c.key}": c.at for c in facts.court_dates}
        own = starting.get(one.key.split("/")[0])
        later_event = own is not None and (own >= facts.ended_at or one.due_at > facts.ended_at)
        in_series = any(at >= facts.ended_at for at in starting.values())
        at_leaving = item.due.after == "discharge" and one.due_at >= facts.ended_at
        assert later_event or at_leaving or in_series, one


@settings(max_examples=30)
@given(st.data())
def test_every_item_of_the_content_can_be_asked_about(data):
    began, kw = data.draw(moments), {"shifts": data.draw(shifts), "starts": MODEL.starts}
    facts = StayFacts(
        began, None, began,
        court_dates=(Occurred("court-hearing", began + timedelta(days=9), "c"),),
        events=tuple(Occurred(code, began + timedelta(days=1), code) for code in CODES),
        planned_exit_at=began + timedelta(days=200),
    )  # fmt: skip
    silent = [
        i.id
        for i in MODEL.items.values()
        if not i.ends_on and not open_occurrences(i, facts, (), **kw)  # some have ended just now
    ]
    waiting_for_exit = [
        i.id for i in MODEL.items.values()
        if i.due.after == "discharge" and i.due.within > timedelta(0)
    ]  # fmt: skip
    assert silent == waiting_for_exit
    assert len(silent) == 7
