"""The care model as a shelter changes it: through the desk, on real encrypted records."""

import json
from dataclasses import replace

import pytest

from shelter_desk.desk import care, entry, residents
from shelter_desk.desk.model_editor import (
    SaveModel,
    changed_model,
    effect,
    is_new_model,
    standing_behind,
)
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError, StaleError
from shelter_desk.domain.overlay import DUE, HIDE, ITEM, ROLE, SERVICE, TEXT, Change
from tests.conftest import PASSPHRASE

ITEM_ID = "basic_needs.01"
WHY = "Our house does it another way"


def change(opened, kind, target=ITEM_ID, value="", reason=WHY):
    item = opened.desk.house.care_model.items.get(target)
    was = item.text if item and kind in (TEXT, HIDE) else ""
    return Change(kind, target, value, was, reason)


def save(opened, *changes, **more):
    edition = opened.desk.ask(changed_model).edition
    return opened.desk.do(SaveModel(edition, changes, WHY, **more))


def lines(opened, stay):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    return {one.item_id: one for service in plan.services for one in service.items}


@pytest.fixture
def stay(open_desk):
    return open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject


def test_new_words_are_everywhere_and_survive_a_sign_in(open_desk, stay):
    save(open_desk, change(open_desk, TEXT, value="Offer a warm drink first"))
    for _ in range(2):
        assert lines(open_desk, stay)[ITEM_ID].text == "Offer a warm drink first"
        open_desk.again()
    assert open_desk.desk.ask(changed_model).edition == 1


def test_history_keeps_the_words_an_item_was_ticked_under(open_desk, stay):
    old = lines(open_desk, stay)[ITEM_ID]
    open_desk.desk.do(care.AnswerItem(stay, ITEM_ID, old.occurrence))
    save(open_desk, change(open_desk, TEXT, value="Second words"))
    open_desk.clock.forward(minutes=5)
    again = lines(open_desk, stay)[ITEM_ID]
    if again.occurrence:
        open_desk.desk.do(care.AnswerItem(stay, ITEM_ID, again.occurrence))
    save(open_desk, change(open_desk, TEXT, value="Third words"))
    told = [one.title for one in open_desk.desk.ask(care.history, stay_id=stay)]
    assert old.text in told
    assert "Third words" not in told


def test_a_hidden_item_is_due_nowhere_and_what_was_ticked_keeps_its_words(open_desk, stay):
    old = lines(open_desk, stay)[ITEM_ID]
    open_desk.desk.do(care.AnswerItem(stay, ITEM_ID, old.occurrence))
    looked = (ITEM_ID,) if old.safety_critical else ()
    save(open_desk, change(open_desk, HIDE), looked_again=looked)
    assert ITEM_ID not in lines(open_desk, stay)
    assert old.text in [one.title for one in open_desk.desk.ask(care.history, stay_id=stay)]
    assert open_desk.desk.ask(due_drift) == ()


def critical(opened):
    return next(
        item.id
        for item in opened.desk.house.care_model.items.values()
        if item.safety_critical and not item.id.startswith("missing_response")
    )


def test_hiding_what_keeps_people_safe_asks_for_a_reason_and_a_second_look(open_desk):
    item_id = critical(open_desk)
    with pytest.raises(InvalidError):
        save(open_desk, change(open_desk, HIDE, item_id))
    with pytest.raises(InvalidError):
        save(open_desk, change(open_desk, HIDE, item_id, reason=""), looked_again=(item_id,))
    save(open_desk, change(open_desk, HIDE, item_id), looked_again=(item_id,))
    assert item_id not in open_desk.desk.house.care_model.items


def test_it_may_be_reworded_without(open_desk):
    item_id = critical(open_desk)
    save(open_desk, change(open_desk, TEXT, item_id, "In our own words"))
    assert open_desk.desk.house.care_model.items[item_id].text == "In our own words"


def test_what_a_page_works_with_cannot_be_hidden(open_desk):
    for item_id in ("missing_response.03", "residential_care.06", "crisis_legal.01"):
        with pytest.raises(InvalidError) as told:
            save(open_desk, change(open_desk, HIDE, item_id), looked_again=(item_id,))
        assert "cannot" in str(told.value) or "not hidden" in str(told.value)


@pytest.mark.parametrize(
    "wrong",
    [
        Change(TEXT, ITEM_ID, "  "), Change(TEXT, ITEM_ID, "x" * 161),
        Change(ROLE, ITEM_ID, "nobody"), Change(DUE, ITEM_ID, "soon"),
        Change(DUE, ITEM_ID, "-P1D", "PT1H"),
        Change(ITEM, "basic_needs.h01", json.dumps({"text": "", "role": "nurse"})),
        Change(SERVICE, "basic_needs2", json.dumps({"name": "A", "short_name": "A"})),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_whole(open_desk, wrong):
    with pytest.raises(InvalidError):
        save(open_desk, change(open_desk, TEXT, value="Good words"), wrong)
    assert open_desk.desk.ask(changed_model).changes == ()


def test_a_save_says_why_and_two_directors_never_overwrite_each_other(open_desk):
    with pytest.raises(InvalidError):
        open_desk.desk.do(SaveModel(0, (change(open_desk, TEXT, value="One"),), ""))
    save(open_desk, change(open_desk, TEXT, value="One"))
    with pytest.raises(StaleError):
        open_desk.desk.do(SaveModel(0, (change(open_desk, TEXT, value="Two"),), WHY))


def test_the_effect_on_what_is_due_is_what_then_happens(open_desk, stay):
    before = {key: (line.occurrence, line.due_ms) for key, line in lines(open_desk, stay).items()}
    due = next(key for key, line in lines(open_desk, stay).items() if key == ITEM_ID)
    changes = (
        Change(DUE, due, "PT30M", "", WHY),
        Change(
            ITEM,
            "basic_needs.h01",
            json.dumps(
                {
                    "text": "Show the reading corner",
                    "role": "residential-staff",
                    "within": "P1D",
                    "record_class": "general",
                }
            ),
        ),
    )
    told = open_desk.desk.ask(effect, changes=changes)
    assert (told.opens, told.closes) == (1, 0)
    assert told.moves >= 1
    assert before == {
        key: (line.occurrence, line.due_ms) for key, line in lines(open_desk, stay).items()
    }, "asking changes nothing"
    save(open_desk, *changes)
    after = lines(open_desk, stay)
    assert after["basic_needs.h01"].text == "Show the reading corner"
    assert after[due].due_ms != before[due][1]
    none = open_desk.desk.ask(effect, changes=changes)
    assert (none.opens, none.closes, none.moves) == (0, 0, 0)


def test_an_added_service_is_offered_to_whoever_comes_next(open_desk):
    told = {"name": "Garden", "short_name": "Garden", "phases": ["ongoing"]}
    told |= {"default_need": "needed"}
    item = {
        "text": "Walk through the garden together",
        "role": "residential-staff",
        "within": "P2D",
        "record_class": "general",
    }
    save(
        open_desk,
        Change(SERVICE, "own_garden", json.dumps(told)),
        Change(ITEM, "own_garden.h01", json.dumps(item)),
    )
    stay = open_desk.desk.do(residents.Admit("Ash", open_desk.clock())).subject
    line = lines(open_desk, stay)["own_garden.h01"]
    open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence))
    told_of = [one.title for one in open_desk.desk.ask(care.history, stay_id=stay)]
    assert "Walk through the garden together" in told_of


def test_an_upgrade_of_the_shipped_model_merges_and_history_keeps_both_words(open_desk, stay):
    shipped = open_desk.care_model
    old = lines(open_desk, stay)[ITEM_ID]
    open_desk.desk.do(care.AnswerItem(stay, ITEM_ID, old.occurrence))
    save(open_desk, change(open_desk, TEXT, "basic_needs.02", "Our own words"))
    newer = {
        key: replace(
            service,
            items=tuple(replace(item, text=f"Anew: {item.text}") for item in service.items),
        )
        for key, service in shipped.shipped.items()
    }
    upgraded = replace(shipped, version="9.9.9", shipped=newer).under(shipped.profile_id)
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    open_desk.desk = entry.sign_in(open_desk.folder, person, PASSPHRASE, upgraded, open_desk.clock)
    assert not open_desk.desk.ask(is_new_model)
    model = open_desk.desk.house.care_model
    assert model.items["basic_needs.02"].text == "Our own words"
    assert model.items[ITEM_ID].text.startswith("Anew: ")
    told = open_desk.desk.ask(changed_model)
    assert [(one.change.target, one.now[:5]) for one in told.conflicts] == [
        ("basic_needs.02", "Anew:")
    ]
    words = [one.title for one in open_desk.desk.ask(care.history, stay_id=stay)]
    assert old.text in words
    assert f"Anew: {old.text}" not in words
    assert open_desk.desk.ask(due_drift) == ()


def test_the_law_behind_an_item_is_named(open_desk):
    model = open_desk.desk.house.care_model
    item = next(one for one in model.items.values() if one.basis)
    assert [one.key for one in standing_behind(model, item)] == list(item.basis)
