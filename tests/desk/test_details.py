"""Three things crossed, and a resident among the readers: asked for in one word, safe."""

from __future__ import annotations

import csv
import io
import itertools
import random
from datetime import UTC, datetime

import pytest

from shelter_desk.desk.count_page import SLICES
from shelter_desk.desk.counts import request_of
from shelter_desk.desk.details import DETAILS, Detail
from shelter_desk.desk.period_facts import PeriodFacts, Person
from shelter_desk.disclosure import Refused, SafeRelease, protect
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period
from shelter_desk.exports.summary_fit import fitted
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.union_attacker import Union

K, MADE_AT = 5, datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
BANDS = {"age-0-12": 11, "age-13-17": 15, "age-18-24": 19}
CLASSES = list(itertools.product(BANDS, ("yes", "no"), ("came", "before")))


def facts(size, seed=1):
    draw, people = random.Random(f"details {seed}"), {}
    for number in range(size):
        age = draw.choices(list(BANDS.values()), (2, 10, 5))[0]
        phases = ["ongoing"] if draw.random() < 0.6 else ["immediate"]
        people[str(number)] = Person(True, age, 1, draw.random() < 0.4, False, phases)
    return PeriodFacts(Period.parse("2026-Q1"), people)


def asked(held, model, **more):
    return request_of(held, model, audience="named", detail=Detail(**more).word)


def groups(held):
    """Class -> how many are in it."""
    found = dict.fromkeys(CLASSES, 0)
    names = {age: band for band, age in BANDS.items()}
    for one in held.people.values():
        phase, came = "ongoing" in one.phases, one.came
        key = (names[one.age], "yes" if phase else "no", "came" if came else "before")
        found[key] += 1
    return found


def inside(figure):
    """Which classes a figure of the file is about, or None where it is about something else."""
    table, row, column = figure.split("/")
    only = {"ongoing-came": "came", "ongoing-before": "before", "admitted": "came"}
    if table == "phases":
        return [c for c in CLASSES if (c[1] == "yes") is (row == "ongoing")]
    if table not in ("served", "ongoing", *only):
        return None
    return [
        one for one in CLASSES
        if row in (one[0], "total")
        and column in ("all", "total", one[1])
        and only.get(table, one[2]) == one[2]
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_things_crossed_tell_nothing_small_from_the_bytes(seed, care_model):
    held = facts(90, seed)
    request = asked(held, care_model, three_way=True)
    release = fitted(request, protect(request))
    assert isinstance(release, SafeRelease), release
    files = summary_files(release, MADE_AT, "Willow House")
    assert verify_summary(files).ok
    reader, read = Union(CLASSES), 0
    for line in csv.DictReader(io.StringIO(files["summary.csv"].decode())):
        about = inside(line["figure"]) if line["counted"] == "residents" else None
        if about:
            blank, read = line["value"] == "*", read + 1
            places = [reader.place[one] for one in about]
            reader.knows(places, 1 if blank else int(line["value"]), None if blank else 0)
    assert read > 30
    counts = groups(held)
    lines = itertools.product(
        [*((b,) for b in BANDS), tuple(BANDS)], *2 * [[(0,), (1,), (0, 1)]]
    )  # fmt: skip
    small = 0
    for bands, phases, cames in lines:
        group = [
            one for one in CLASSES
            if one[0] in bands
            and ("yes", "no").index(one[1]) in phases
            and ("came", "before").index(one[2]) in cames
        ]  # fmt: skip
        if 0 < sum(counts[one] for one in group) < K:
            small += 1
            assert reader.tells([reader.place[one] for one in group], K) == "", group
    assert small >= 2


def test_too_few_residents_for_three_things_are_refused_with_the_next_rung(care_model):
    held = facts(40)
    request = asked(held, care_model, three_way=True)
    refused = fitted(request, protect(request))
    assert isinstance(refused, Refused)
    assert refused.rung == "family"
    assert "two things at once" in refused.next_rung
    plain = asked(held, care_model)
    assert isinstance(fitted(plain, protect(plain)), SafeRelease)


def test_who_may_read_along_is_asked_of_the_engine(care_model):
    held = facts(90)
    found = {}
    for insider in (False, True):
        request = asked(held, care_model, insider=insider)
        assert request.settings.insider is insider
        release = protect(request)
        assert isinstance(release, SafeRelease)
        found[insider] = release.shown
    assert found[True] <= found[False]


def test_the_word_of_a_detail_is_read_back_and_nothing_else_is():
    flags = (False, True)
    for ages, three_way, insider in itertools.product(DETAILS, flags, flags):
        word = Detail(ages, three_way=three_way, insider=insider).word
        if ages == "margins" and three_way:
            with pytest.raises(InvalidError):
                Detail.parse(word)
        else:
            assert Detail.parse(word).word == word
    for wrong in ("", "years", "bands+", "bands+insider+three-way", "bands+insider+insider"):
        with pytest.raises(InvalidError):
            Detail.parse(wrong)


def test_slices_stand_beside_the_table_they_add_up_to(care_model):
    held = facts(90)
    tables = {table.id: table for table in asked(held, care_model, three_way=True).tables}
    whole, came, before = (tables[name].cells for name in ("ongoing", *SLICES))
    for sums, one, other in zip(whole, came, before, strict=True):
        assert sums == tuple(a + b for a, b in zip(one, other, strict=True))
