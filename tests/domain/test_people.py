"""Names and codes of people."""

from __future__ import annotations

import pytest

from shelter_desk.domain import people


@pytest.mark.parametrize("number", [0, 204, 22_999])
def test_what_is_made_as_a_case_code_is_known_as_one(number):
    assert people.may_be_case_code(people.case_code(number))


@pytest.mark.parametrize("text", ["", "A", "SKY", "K-20", "K-2044", "KK204", "K-20A", "K-204\n"])
def test_a_name_is_not_taken_for_a_case_code(text):
    assert not people.may_be_case_code(text)
