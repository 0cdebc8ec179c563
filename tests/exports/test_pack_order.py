"""Single records leave on a recorded ground that allows them, and on no other."""

import pytest

from shelter_desk.domain.errors import InvalidError
from shelter_desk.exports.pack_order import PackOrder, ground_of
from shelter_desk.exports.profiles import pack_rules

STATUTE = "Invented Code 42.1"


@pytest.fixture(scope="module")
def rules(care_model):
    return pack_rules(care_model)


def ground(rules, profile, **order):
    return ground_of(PackOrder(profile, "2026-Q1", **order), rules.profile(profile), rules)


def test_without_more_a_pack_stands_on_its_usual_ground(rules):
    for profile in rules.profiles.values():
        order = {"release_id": "a" * 20} if profile.is_of_one else {}
        assert ground(rules, profile.id, **order).code == profile.basis


def test_the_record_of_one_waits_for_a_release(rules):
    with pytest.raises(InvalidError, match="release"):
        ground(rules, "custodian")


@pytest.mark.parametrize("holds", [{"with_rows": True}, {"draw_ids": ("a" * 20,)}])
@pytest.mark.parametrize(
    "profile", ["grant-totals", "board", "licensor", "accreditor", "custodian"]
)
def test_records_need_a_ground_that_allows_them(rules, profile, holds):
    for basis in ("", *rules.bases):
        order = {"basis": basis, "authority": STATUTE, **holds}
        allowed = basis in rules.profile(profile).row_bases and basis != "written-release"
        if allowed:
            assert ground(rules, profile, **order).code == basis
        else:
            with pytest.raises(InvalidError):
                ground(rules, profile, **order)


def test_the_ground_is_named_with_its_section(rules):
    for authority in ("", "  "):
        with pytest.raises(InvalidError, match="section"):
            ground(
                rules, "licensor", with_rows=True, basis="licensing-statute", authority=authority
            )


def test_a_ground_of_another_profile_is_no_ground(rules):
    with pytest.raises(InvalidError):
        ground(rules, "licensor", basis="accreditation-agreement")
