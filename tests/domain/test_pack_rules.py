"""The rules of audit packs: whole as shipped, and every kind of damage is named with its file."""

import pytest

from shelter_desk.domain.errors import ContentError, InvalidError
from shelter_desk.domain.pack_rules import COUNTS, ROWS, SUMMARY, read_pack_rules
from shelter_desk.exports.profiles import pack_rules, pack_rules_files

FILES = pack_rules_files()
LICENSOR, BOARD, GRANT = (
    f"profiles/{name}.toml" for name in ("licensor", "board", "grant-totals")
)
DAMAGE = (
    ('a file nobody knows', LICENSOR, '"04_timeliness", ',
     '"04_tales", ', "'04_tales'"),
    ('rows among the totals', LICENSOR, '"04_timeliness", ',
     '"04_timeliness_by_record", ', 'under rows'),
    ('totals among the rows', LICENSOR, 'rows = [\n    ',
     'rows = [\n    "04_timeliness", ', 'no lines'),
    ('rows without a ground', LICENSOR, 'row_bases = ["licensing-statute", "court-mandate"]',
     'row_bases = []', 'need a ground'),
    ('a ground that opens nothing', LICENSOR, '"court-mandate"]',
     '"board-oversight"]', 'allows no lines'),
    ('a ground nobody knows', LICENSOR, '"court-mandate"]',
     '"good-will"]', "'good-will'"),
    ('no usual ground', LICENSOR, 'basis = "process-evidence"',
     'basis = "trust"', "'trust'"),
    ('a class nobody knows', LICENSOR, '"privileged"',
     '"secrets"', "'secrets'"),
    ('counts for the public', BOARD, '"07_census", ',
     '"05_incidents", "07_census", ', 'named recipient'),
    ('too small a group', GRANT, 'k = 5',
     'k = 3', 'k 3'),
    ('a public k of five', BOARD, 'k = 11',
     'k = 5', 'k 5'),
    ('census without a summary', GRANT, 'audience = "named"',
     'audience = ""', 'needs a summary'),
    ('a key nobody knows', GRANT, 'order = 1',
     'order = 1\nsecret = true', "'secret'"),
    ('a missing key', GRANT, 'purpose = "Grant report"\n',
     '', "'purpose' is missing"),
    ('two of one order', GRANT, 'order = 1',
     'order = 2', 'order appears 2 times'),
    ('no TOML', GRANT, 'k = 5',
     'k = = 5', 'TOML'),
    ('an item nobody knows', 'groups.toml', '"crisis_shelter.05"',
     '"crisis_shelter.99"', 'crisis_shelter.99'),
    ('an item of the house', 'groups.toml', '"crisis_shelter.05"',
     '"medication.06"', 'of the house'),
    ('an item in two groups', 'groups.toml', '["case_management.07"]',
     '["case_management.04"]', '2 times'),
    ('a line of a service nobody knows', 'lines.toml', '"basic_needs"',
     '"basic_wants"', 'basic_wants'),
    ('a column twice', 'files.toml', '["Answered", "items answered in the period"]',
     '["Document", "again"]', 'twice'),
    ('a column without meaning', 'files.toml', '"items answered in the period"]',
     '""]', 'a meaning'),
    ('a file that holds what nobody knows', 'files.toml', 'holds = "counts"',
     'holds = "tales"', "'tales'"),
    ('a ground that opens what nobody knows', 'bases.toml', 'opens = ["rows"]',
     'opens = ["names"]', "'names'"),
)  # fmt: skip


def test_the_shipped_rules_are_whole(care_model):
    rules = pack_rules(care_model)
    assert list(rules.profiles) == [
        "grant-totals", "licensor", "accreditor", "custodian", "board",
    ]  # fmt: skip
    held = {name for one in rules.profiles.values() for name in (*one.files, *one.rows)}
    assert held == set(rules.files)  # no file that nobody gets


@pytest.mark.parametrize("case", DAMAGE, ids=[case[0].replace(" ", "-") for case in DAMAGE])
def test_damage_is_named_with_its_file(case, care_model):
    _, file, old, new, says = case
    changed = FILES[file].replace(old, new, 1)
    assert changed != FILES[file], "the rules have changed, nothing is damaged any more"
    with pytest.raises(ContentError) as caught:
        read_pack_rules({**FILES, file: changed}, care_model)
    folder = "profiles/"
    named = [p for p in caught.value.problems if p.field in (file, folder)]
    assert any(says in problem.message for problem in named), caught.value.problems


def test_every_problem_is_named_at_once(care_model):
    broken = {
        **FILES,
        LICENSOR: FILES[LICENSOR].replace("k = 5", "k = 2"),
        "bases.toml": FILES["bases.toml"].replace('title = "Oversight by the board"\n', ""),
    }
    with pytest.raises(ContentError) as caught:
        read_pack_rules(broken, care_model)
    assert {problem.field for problem in caught.value.problems} == {LICENSOR, "bases.toml"}


def test_totals_are_all_that_a_funder_or_a_board_can_ever_be_given(care_model):
    rules = pack_rules(care_model)
    for name in ("grant-totals", "board"):
        profile = rules.profile(name)
        assert (profile.rows, profile.row_bases, profile.most_sample) == ((), (), 0)
        assert not [file for file in profile.files if rules.files[file].holds == ROWS]
    assert not [f for f in rules.profile("board").files if rules.files[f].holds == COUNTS]
    assert [f for f in rules.profile("board").files if rules.files[f].holds == SUMMARY]


def test_substance_use_and_legal_papers_stay_out_of_every_profile(care_model):
    for profile in pack_rules(care_model).profiles.values():
        assert {"identity", "location", "substance-use", "privileged"} <= profile.closed


def test_an_unknown_profile_is_refused_with_the_known_ones(care_model):
    with pytest.raises(InvalidError, match="licensor"):
        pack_rules(care_model).profile("press")
