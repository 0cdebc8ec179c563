"""A shelter's changes lie over any shipped model: nothing raises, nothing is lost."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.domain.durations import Span, parse_span
from shelter_desk.domain.overlay import (
    DUE,
    HIDE,
    INTERVAL,
    ITEM,
    ORDER,
    ROLE,
    SERVICE,
    TEXT,
    Change,
    as_text,
    conflicts,
    from_text,
    lay_over,
    shipped_value,
    with_change,
    without,
    words_of,
    written,
)

ITEMS = ("crisis_safety.01", "crisis_safety.02", "basic_needs.01", "medication.02", "gone.01")
NEW_ITEM = json.dumps(
    {"text": "Feed the cat", "role": "nurse", "within": "PT2H", "record_class": "general"}
)
OWN_ITEM = "own_garden.h01"
NEW_SERVICE = json.dumps({"name": "Garden", "short_name": "Garden", "phases": ["ongoing"]})
SPANS = st.sampled_from(["PT1H", "P1D", "P7D", "PT90M"])
ROLES = st.sampled_from(["nurse", "director"])
CHANGES = st.one_of(
    st.builds(Change, st.just(HIDE), st.sampled_from(ITEMS)),
    st.builds(Change, st.just(TEXT), st.sampled_from(ITEMS), st.text(min_size=1, max_size=20)),
    st.builds(Change, st.just(ROLE), st.sampled_from(ITEMS), ROLES),
    st.builds(Change, st.sampled_from([DUE, INTERVAL]), st.sampled_from(ITEMS), SPANS),
    st.builds(
        Change,
        st.just(ORDER),
        st.sampled_from(["crisis_safety", "gone"]),
        st.permutations(["crisis_safety.03", "crisis_safety.01", "nothing.09"]).map(" ".join),
    ),
    st.just(Change(SERVICE, "own_garden", NEW_SERVICE)),
    st.just(Change(ITEM, OWN_ITEM, NEW_ITEM)),
    st.just(Change(ITEM, "basic_needs.h01", NEW_ITEM)),
)
SEVERAL = st.lists(CHANGES, max_size=8, unique_by=lambda one: one.key).map(tuple)
QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def shipped(care_model):
    return care_model.services_under("default")


def items(services):
    return {item.id: item for service in services.values() for item in service.items}


def made_over(services, changes):
    """Return the changes with what the shipped model says where they change it."""
    return tuple(
        replace(one, was=shipped_value(services, one.kind, one.target) or "") for one in changes
    )


@QUICK
@given(changes=SEVERAL)
def test_any_changes_can_be_laid_over_and_only_hidden_items_go(care_model, changes):
    before, after = items(shipped(care_model)), items(lay_over(shipped(care_model), changes))
    hidden = {one.target for one in changes if one.kind == HIDE}
    added = {one.target for one in changes if one.kind == ITEM}
    assert before.keys() - after.keys() == hidden & before.keys()
    assert after.keys() - before.keys() <= added
    touched = {one.target for one in changes}
    assert all(after[key] == before[key] for key in before.keys() & after.keys() - touched)


@QUICK
@given(changes=SEVERAL)
def test_changes_are_kept_as_text_and_come_back(changes):
    assert from_text(as_text(changes)) == changes


@QUICK
@given(changes=SEVERAL)
def test_over_the_model_they_were_made_for_nothing_is_in_conflict(care_model, changes):
    services = shipped(care_model)
    known = tuple(one for one in made_over(services, changes) if not one.target.startswith("gone"))
    own = {one.target for one in known if one.kind == SERVICE}
    fits = tuple(one for one in known if one.target != OWN_ITEM or "own_garden" in own)
    fits = tuple(one for one in fits if one.kind != INTERVAL or one.was)
    assert conflicts(services, fits) == ()


@QUICK
@given(changes=SEVERAL, words=st.text(min_size=1, max_size=9), which=st.sampled_from(ITEMS[:4]))
def test_an_upgrade_keeps_both_sides(care_model, changes, words, which):
    old = shipped(care_model)
    changes = made_over(old, changes)
    new = lay_over(old, (Change(TEXT, which, f"Shipped anew: {words}"),))
    after = items(lay_over(new, changes))
    ours = {one.target: one.value for one in changes if one.kind == TEXT}
    hidden = {one.target for one in changes if one.kind == HIDE}
    if which not in hidden:
        assert after[which].text == ours.get(which, f"Shipped anew: {words}")
    told = {(one.change.kind, one.change.target) for one in conflicts(new, changes)}
    if which in ours:
        assert (TEXT, which) in told, "the director is shown that both changed it"
    if which in hidden:
        assert (HIDE, which) in told
    assert {one.target for one in changes if one.kind == ITEM} - {OWN_ITEM} <= after.keys()


def test_an_item_that_an_upgrade_drops_is_a_conflict_and_its_change_is_kept(care_model):
    old = shipped(care_model)
    (change,) = made_over(old, (Change(TEXT, "crisis_safety.02", "Put trackers in the box"),))
    new = lay_over(old, (Change(HIDE, "crisis_safety.02"),))
    (found,) = conflicts(new, (change,))
    assert (found.change, found.now) == (change, None)
    assert "crisis_safety.02" not in items(lay_over(new, (change,)))


def test_a_new_item_of_an_upgrade_stays_behind_its_neighbour_in_a_changed_order(care_model):
    old = shipped(care_model)
    ids = [item.id for item in old["crisis_safety"].items]
    order = [ids[2], ids[0], ids[1], *ids[3:]]
    before = replace(
        old["crisis_safety"], items=tuple(i for i in old["crisis_safety"].items if i.id != ids[1])
    )
    change = Change(ORDER, "crisis_safety", " ".join(i for i in order if i != ids[1]))
    found = lay_over({"crisis_safety": old["crisis_safety"]}, (change,))["crisis_safety"]
    assert [item.id for item in found.items][:3] == [ids[2], ids[0], ids[1]]
    assert len(found.items) == len(before.items) + 1


def test_a_clock_is_changed_and_its_further_times_no_longer_hold(care_model):
    after = items(
        lay_over(shipped(care_model), (Change(DUE, "crisis_safety.01", "PT30M", "PT1H"),))
    )
    assert str(after["crisis_safety.01"].due.span) == "30 minutes"
    assert after["crisis_safety.01"].schedule == ()


def test_one_change_of_a_thing_at_most_and_back_to_shipped_is_none():
    first = Change(TEXT, "a.01", "One", "Shipped")
    changes = with_change(with_change((), first), replace(first, value="Two"))
    assert [one.value for one in changes] == ["Two"]
    assert with_change(changes, replace(first, value="Shipped")) == ()
    assert without(changes, first.key) == ()


def test_words_of_an_edition_are_those_that_are_the_shelters_own(care_model):
    changes = (
        Change(TEXT, "crisis_safety.01", "Ask gently"),
        Change(ROLE, "basic_needs.01", "nurse"),
    )
    assert words_of(lay_over(shipped(care_model), changes), changes) == {
        "crisis_safety.01": "Ask gently"
    }


@pytest.mark.parametrize("text", ["PT1H", "P7D", "PT90M", "-P7D", "P1DT2H", "PT45S"])
def test_a_length_is_written_so_that_it_is_read_back(text):
    assert parse_span(written(parse_span(text))) == parse_span(text)


def test_no_length_is_written_too():
    assert parse_span(written(Span())) == Span()


def test_the_model_keeps_its_changes_under_another_profile(care_model):
    changed = care_model.changed(3, (Change(TEXT, "crisis_safety.01", "Ask gently"),))
    other = changed.under("texas")
    assert other.items["crisis_safety.01"].text == "Ask gently"
    assert (other.edition_name, care_model.edition_name) == (
        f"{care_model.version}+3",
        care_model.version,
    )
