"""Every kind of damage to the content is named with its file and its entry, all together."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.domain.care_model import read_care_model
from shelter_desk.domain.errors import ContentError
from shelter_desk.paths import content_files

FILES = content_files()
TABLE = Path(__file__).with_name("content_damage.toml")
DAMAGE = tomllib.loads(TABLE.read_text(encoding="utf-8"))["damage"]
S01 = "care_model/01_crisis_safety.toml"


def damaged(files, row):
    text = files[row["file"]]
    if "pattern" in row:
        changed = re.sub(row["pattern"], lambda _: row["new"], text, count=1)
    else:
        changed = text.replace(row["old"], row["new"], 1)
    assert changed != text, f"{row['what']}: the content has changed, nothing is damaged any more"
    return {**files, row["file"]: changed}


def problems_of(files):
    with pytest.raises(ContentError) as caught:
        read_care_model(files)
    return caught.value.problems


def is_named(problems, row):
    file = row.get("named", row["file"])
    return any(
        p.field == file
        and p.message.startswith(file)
        and row["entry"] in p.message
        and row["says"] in p.message
        for p in problems
    )


@pytest.mark.parametrize("row", DAMAGE, ids=[row["what"].replace(" ", "-") for row in DAMAGE])
def test_damage_is_named_with_file_and_entry(row):
    problems = problems_of(damaged(FILES, row))
    assert is_named(problems, row), "\n".join(p.message for p in problems)


def test_at_least_forty_kinds_of_damage_are_tried():
    assert len({row["what"] for row in DAMAGE}) >= 40


def test_every_missing_file_is_named():
    problems = problems_of({"manifest.toml": FILES["manifest.toml"]})
    text = "\n".join(p.message for p in problems if "missing" in p.message)
    needed = set(FILES) - {"manifest.toml", "profiles/texas.toml"}
    assert [file for file in sorted(needed) if file not in text] == []


def test_a_missing_manifest_is_named():
    problems = problems_of({f: text for f, text in FILES.items() if f != "manifest.toml"})
    assert "manifest.toml: the file is missing" in [p.message for p in problems]


def test_a_profile_that_nothing_needs_may_be_absent():
    files = {name: text for name, text in FILES.items() if name != "profiles/texas.toml"}
    assert set(read_care_model(files).profiles) == {"default"}


@pytest.mark.parametrize("place", ["notes.toml", "care_model/old/01_x.toml", "list/x.toml"])
def test_a_misplaced_file_is_not_silently_ignored(place):
    assert [p.field for p in problems_of({**FILES, place: ""})] == [place]


def test_all_problems_of_all_files_come_together():
    """One damage in each file that the table knows, all at once; each is still named."""
    one_each = {row["file"]: row for row in DAMAGE if row["what"] != "list id"}
    files = FILES
    for row in one_each.values():
        files = damaged(files, row)
    problems = problems_of(files)
    assert len(one_each) >= 15
    assert [row["what"] for row in one_each.values() if not is_named(problems, row)] == []


def test_one_damage_makes_one_problem():
    files = {**FILES, S01: FILES[S01].replace('"assent"', '"nod"', 1)}
    assert [p.message for p in problems_of(files)] == [
        "care_model/01_crisis_safety.toml: crisis_safety.01: consent 'nod' is not known"
    ]


VALUES = st.sampled_from(
    ["1", "-1", "true", '"x"', '""', "[]", "[1]", '["x"]', "{}", "[{}]", "1.5", "2026-01-01"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_value_of_any_type_does_worse_than_a_content_error(data):
    file = data.draw(st.sampled_from(sorted(FILES)))
    lines = FILES[file].split("\n")
    places = [n for n, line in enumerate(lines) if re.fullmatch(r"\w+ = .*[^\[]", line)]
    place = data.draw(st.sampled_from(places))
    key = lines[place].split(" = ", 1)[0]
    lines[place] = f"{key} = {data.draw(VALUES)}"
    problems = problems_or_none({**FILES, file: "\n".join(lines)})
    assert problems is None or (problems and all(p.field and p.message for p in problems))


def problems_or_none(files):
    try:
        read_care_model(files)
    except ContentError as error:
        return error.problems
    return None
