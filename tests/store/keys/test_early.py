"""Who may sign in is told without a key, and only from a key file that is beyond doubt."""

import json

import pytest

from shelter_desk.store.keys import early, slot_file


def test_the_people_are_those_of_the_checked_key_file(open_desk):
    slots = slot_file.read_slots(open_desk.folder).slots
    checked = tuple((slot.staff_public_id, slot.name) for slot in slots.staff)
    assert early.people(open_desk.folder) == checked != ()


@pytest.mark.parametrize("name", [early.FIRST_COPY, early.SECOND_COPY])
def test_copies_that_differ_in_one_byte_are_left_to_the_full_check(open_desk, name):
    file = open_desk.folder / name
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert early.people(open_desk.folder) == ()
    file.unlink()
    assert early.people(open_desk.folder) == ()
    file.write_bytes(whole)
    assert early.people(open_desk.folder) != ()


@pytest.mark.parametrize(
    "staff",
    [
        *(None, 7, {}, [], [None], [{}], [{"staff_id": "x"}], [{"staff_id": "x", "name": 7}]),
        [{"staff_id": ["x"], "name": "Ada"}],
    ],
)
def test_two_equal_copies_of_something_else_name_nobody(tmp_path, staff):
    for name in (early.FIRST_COPY, early.SECOND_COPY):
        (tmp_path / name).write_text(json.dumps({"staff": staff}))
    assert early.people(tmp_path) == ()


def test_no_key_file_and_no_tries_are_told_without_loading_anything(tmp_path):
    assert not early.exists(tmp_path)
    assert early.people(tmp_path) == ()
    assert not early.has_failed_tries(tmp_path)
