"""The list of who has looked at a file: days and people, counts, kinds; told in two languages."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.resident_papers import shipped_papers
from shelter_desk.domain.file_looks import (
    CHANGED,
    KINDS,
    LOOKED,
    TO_OTHERS,
    TO_YOU,
    WROTE,
    Act,
    FileLook,
    file_looks,
    kind_of,
)

DAY = date(2026, 11, 28)
acts = st.lists(
    st.builds(
        Act,
        seq=st.integers(1, 10_000),
        day=st.integers(0, 3).map(lambda back: DAY - timedelta(days=back)),
        who=st.sampled_from(["Dana", "Robin", "Lee"]),
        action=st.sampled_from(sorted(WORDS)),
    ),
    unique_by=lambda act: act.seq,
)


@given(acts)
def test_every_act_is_counted_once_under_its_day_and_person(found):
    looks = file_looks(found)
    assert [look.day for look in looks] == sorted((look.day for look in looks), reverse=True)
    assert len({(look.day, look.who) for look in looks}) == len(looks)
    told = {(one.day, one.who, kind): count for one in looks for kind, count in one.acts}
    assert told == Counter((act.day, act.who, kind_of(act.action)) for act in found)
    for look in looks:
        assert [kind for kind in KINDS if kind in dict(look.acts)] == [k for k, _ in look.acts]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("resident.view", LOOKED),
        ("seat.look", LOOKED),
        ("paper.disclose", TO_OTHERS),
        ("paper.resident", TO_YOU),
        ("resident.admit", WROTE),
        ("item.answer", WROTE),
        ("item.sign", WROTE),
        ("shift-line.write", WROTE),
        ("incident.close", WROTE),
        ("missing.return", WROTE),
        ("service.log-group", WROTE),
        ("resident.correct", CHANGED),
        ("item.undo", CHANGED),
        ("stay.event-withdrawn", CHANGED),
        ("stay.correct-arrival", CHANGED),
        ("stay.reopen", CHANGED),
        ("stay.bed", CHANGED),
        ("missing.line-withdrawn", CHANGED),
        ("service.restore", CHANGED),
        ("appointment.move", CHANGED),
        ("release.revoke", CHANGED),
        ("record.join", CHANGED),
        ("removal.take", CHANGED),
    ],
)
def test_an_act_is_called_what_it_is(action, kind):
    assert action in WORDS
    assert kind_of(action) == kind


def test_a_line_is_told_in_words_of_both_languages():
    look = FileLook(DAY, "Dana", ((LOOKED, 1), (WROTE, 3), (TO_YOU, 1)))
    languages = shipped_papers().languages
    assert languages["en"].looked.said(look) == (
        "28 November 2026", "Dana", "looked at it, wrote in it 3 times, made a paper for you",
    )  # fmt: skip
    assert languages["es"].looked.said(look) == (
        "28 de noviembre de 2026", "Dana", "lo vio, escribió en él 3 veces, hizo un papel para ti",
    )  # fmt: skip
