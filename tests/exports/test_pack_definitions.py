"""Whoever has nothing but one file of a pack finds in its definitions what a * in it means."""

import pytest

from shelter_desk.domain.pack_rules import COUNTS, ROWS
from shelter_desk.exports.pack_definitions import definitions
from shelter_desk.exports.pack_figures import why_withheld
from shelter_desk.exports.profiles import pack_rules

PROFILES = ("grant-totals", "licensor", "accreditor", "board", "custodian")


def test_what_is_no_checklist_item_is_not_withheld_for_being_late():
    assert "late" not in why_withheld(("*",))


@pytest.mark.parametrize("profile_id", PROFILES)
def test_each_file_that_can_withhold_says_why(care_model, profile_id):
    rules = pack_rules(care_model)
    lines = tuple(definitions(rules, rules.profile(profile_id), {}, "1"))
    about = {file: meaning for file, column, meaning, _ in lines if not column}
    columns = {(file, column) for file, column, _, _ in lines}
    for name, meaning in about.items():
        if name in rules.files and rules.files[name].holds == COUNTS:
            told_beside = (name, "Why withheld") in columns
            assert told_beside != ("* stands for a figure that is withheld" in meaning), name


@pytest.mark.parametrize("profile_id", PROFILES)
def test_a_file_of_single_records_is_not_missed_in_a_pack_of_totals(care_model, profile_id):
    rules = pack_rules(care_model)
    for name, column, meaning, _ in definitions(rules, rules.profile(profile_id), {}, "1"):
        if name in rules.files and not column:
            says_so = "Only in a pack that leaves on a ground for single records." in meaning
            is_of_some = rules.files[name].holds == ROWS and profile_id != "custodian"
            assert says_so == is_of_some, name


def test_a_pack_of_one_young_person_names_no_file_that_it_does_not_hold(care_model):
    rules = pack_rules(care_model)
    lines = tuple(definitions(rules, rules.profile("custodian"), {}, "1"))
    told = " ".join(meaning for _, column, meaning, _ in lines if not column)
    assert "03_file_completeness" not in told
    assert "04_timeliness counts" not in told
    assert "too few others" not in told
