"""Records are shown in classes that agree in all that tells when somebody came or left."""

import random
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from shelter_desk.domain.equivalence import classes_of, facts_of
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.record_lines import (
    LEFT_OUT,
    MISSING,
    NOT_DUE,
    NOT_NEEDED,
    PRESENT,
    IncidentShown,
    ItemLine,
    RecordShown,
)

DAYS = 90
"""Of the period of every test."""
ONCE = {"photo": 1, "exam": 3, "screen": 14, "plan": 30, "review": 60}
WEEKLY = "weekly"


def line(item_id, due, *, done=None, status="overdue", late=None, signed=None):
    hours = timedelta(hours=late) if late is not None else None
    signers = ("Nurse",) if signed is not None else ()
    return ItemLine(
        item_id, item_id, due, done, hours, "Nurse", status, "", 1, signers, signed,
        in_period=True,
    )  # fmt: skip


def stay(last_day, *, left_on=None, lines=None):
    """A stay that is `last_day` days long at the end of the period, with everything overdue."""
    until, first = left_on or last_day, last_day - DAYS + 1
    due = [*ONCE.items(), *((WEEKLY, day) for day in range(7, until, 7))]
    made = tuple(line(one, day) for one, day in due if day < until and day >= first)
    return RecordShown(
        has_ended=left_on is not None,
        items=made if lines is None else lines,
        incidents=(),
        first_month=first <= 1 and until > 30,
        first_day=first,
        last_day=last_day,
        quarters=frozenset({"2026-Q1"}),
        dated={**dict.fromkeys(ONCE, False), WEEKLY: True},
    )


def for_reader(records, least=5, people=None):
    shared = classes_of(records, people or range(len(records)), least)
    return [
        None if one is None else RecordForReader(record, one)
        for record, one in zip(records, shared, strict=True)
    ]


def told(shown):
    """All that tells of days, whatever became of it."""
    if shown is None:
        return None
    rows = shown.told_once(
        (one.line.item_id, one.due, one.done, one.late) for one in shown.lines()
    )
    return (*rows, shown.ended, *(shown.state_of({one})[0] for one in (*ONCE, WEEKLY)))


def test_all_of_a_class_tell_the_same_of_their_days_and_hold_for_each_of_them():
    dice = random.Random(5)
    for size in (4, 5, 6, 12, 40):
        records = [
            stay(last, left_on=dice.choice((None, None, None, max(1, last - dice.randrange(60)))))
            for last in (dice.randrange(1, 300) for _ in range(size))
        ]
        shown = for_reader(records)
        classes = {}
        for at, one in enumerate(shown):
            if one is not None:
                classes.setdefault(told(one), []).append(at)
                assert one.shared <= set(facts_of(records[at]))
        assert size < 5 or sum(map(len, classes.values())) >= 5
        assert all(len(of) >= 5 for of in classes.values())
        assert size >= 5 or not classes


def test_who_is_new_is_left_out_where_they_would_hide_what_all_others_have():
    shown = for_reader([*(stay(80 + one) for one in range(6)), stay(2)])
    assert shown[-1] is None
    assert all(shown[:-1])
    assert {row[0] for row in told(shown[0]) if isinstance(row, tuple)} >= {
        "photo",
        "exam",
        "plan",
    }


def test_two_stays_of_one_person_do_not_make_a_class_larger():
    records = [stay(80) for _ in range(5)]
    assert all(for_reader(records))
    assert not any(for_reader(records, people=[1, 2, 3, 4, 4]))


def test_days_stand_only_of_what_is_due_once_and_where_all_had_their_whole_month():
    shown = for_reader([stay(80 + one) for one in range(5)])[0]
    days = {one.line.item_id: one.due for one in shown.lines()}
    assert days == {
        "photo": "1",
        "exam": "3",
        "screen": "14",
        "plan": "30",
        "review": "",
        WEEKLY: "",
    }
    shown = for_reader([*(stay(80 + one) for one in range(4)), stay(100)])[0]
    assert {one.due for one in shown.lines()} == {""}
    known = RecordForReader(stay(80), None)
    assert {one.due for one in known.lines()} >= {"1", "3", "7", "31-90"}
    assert known.ended is False


def test_what_came_oftener_than_for_others_is_told_by_as_many_of_its_worst():
    many = [line(WEEKLY, 7 + 7 * at, done=8 + 7 * at, status="done", late=at) for at in range(5)]
    few = [line(WEEKLY, day, done=day, status="done", late=0) for day in (7, 14)]
    shown = for_reader([stay(60, lines=tuple(of)) for of in (few, few, few, few, many)])
    by_item = [[one.late for one in each.lines()] for each in shown]
    assert by_item == [["in time"] * 2] * 4 + [["up to 1 day"] * 2]
    assert [told(each)[0][-1] for each in shown] == ["more than once"] * 5


def test_nothing_tells_for_whom_something_came_oftener():
    dice, seen = random.Random(8), Counter()
    for _ in range(60):
        lasts = [dice.randrange(20, 90) for _ in range(5)]
        late = dice.choice((None, 1, 400))
        status, done = ("overdue", None) if late is None else ("done", 95)
        records = [
            stay(last, lines=tuple(
                line(WEEKLY, day, done=done, status=status, late=late) for day in range(7, last, 7)
            ))
            for last in lasts
        ]  # fmt: skip
        shown = for_reader(records)
        assert len({told(one) for one in shown}) == 1
        seen[sum(1 for _ in shown[0].lines())] += 1
        seen["differ"] += len({len(one.items) for one in records}) > 1
    assert seen["differ"] > 50
    assert {0, 1, 2, 3, 4} <= set(seen)


def test_a_document_has_a_state_only_where_it_was_due_of_all():
    new, old = stay(20), stay(70)
    shown = for_reader([new, *[old] * 4])
    assert {one.state_of({"plan"})[0] for one in shown} == {LEFT_OUT}
    assert {one.state_of({"exam"})[0] for one in shown} == {MISSING}
    assert old.state_of({"plan"})[0] == MISSING, "the house sees it"
    unasked = replace(old, unasked=frozenset({"exam"}), items=old.items[:1])
    shown = for_reader([unasked, *[old] * 4])
    assert [one.state_of({"exam"})[0] for one in shown] == [NOT_NEEDED, *[MISSING] * 4]
    gone = replace(old, has_ended=True)
    of_event = [one.state_of({"event item"})[0] for one in for_reader([gone] * 5)]
    assert of_event == [NOT_DUE] * 5, "never due would tell that they left"


def test_of_what_follows_no_day_of_theirs_lateness_is_a_word_where_somebody_is_new():
    late = line("event item", 3, done=18, status="done", late=24 * 15, signed=9)
    old, new = stay(80), stay(20)
    old, new = (replace(one, items=(*one.items, late)) for one in (old, new))
    for records, *words in (
        ([old] * 5, "over 14 days", "9"),
        ([new, *[old] * 4], "late", ""),
    ):
        (found,) = [one for one in for_reader(records)[-1].lines() if one.line is late]
        assert [found.late, found.signed, found.due] == [*words, ""]


def test_an_incident_tells_its_quarter_only_where_all_were_here_in_it():
    held = IncidentShown(("Fall",), "2026-Q1", 40, "07:00", (), False, None, True, True)
    old = replace(stay(80), incidents=(held,), quarters=frozenset({"2026-Q1", "2026-Q2"}))
    late = replace(stay(80), quarters=frozenset({"2026-Q2"}))
    assert for_reader([old] * 5)[0].when(held) == ("2026-Q1", "")
    assert for_reader([late, *[old] * 4])[1].when(held) == ("", "")
    assert RecordForReader(old, None).when(held) == ("2026-Q1", "31-90")


def test_what_was_done_before_its_day_is_no_sign_that_it_was_due():
    early = replace(stay(20), items=(line("plan", 30, done=4, status="done", signed=0),))
    old = stay(70)
    assert early.state_of({"plan"})[0] == PRESENT
    shown = for_reader([early, *[old] * 4])
    assert {one.state_of({"plan"})[0] for one in shown} == {LEFT_OUT}
    assert not [one for one in shown[0].lines() if one.line.item_id == "plan"]


def test_of_a_long_year_the_classes_take_little_memory():
    dice = random.Random(9)
    asked = {f"item {at}": at % 3 > 0 for at in range(80)}
    records = [
        replace(stay(dice.randrange(1, 400)), dated=asked, unasked=frozenset(asked))
        for _ in range(150)
    ]
    assert sum(len(set(facts_of(one))) for one in records) > 60_000
    tracemalloc.start()
    shared = classes_of(records, range(len(records)), 5)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert None not in shared
    assert peak < 4 << 20, f"{peak:,} bytes, {now:,} of them kept"
