"""A series that an event ends runs only from its start to that end."""

# ruff: noqa: DTZ001 - hypothesis takes bounds without a zone

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.care_model import read_care_model
from shelter_desk.domain.due import Occurred
from shelter_desk.domain.errors import ContentError
from shelter_desk.paths import content_files
from tests.domain.stays import done, due, event, stay

SERIES = ("missing_response.08", "missing_response.09")
LEFT = event("missing-start", 2026, 5, 10, 20, 0, key="left")
BACK = event("returned", 2026, 5, 12, 9, 0, key="back")
LEFT_AGAIN = event("missing-start", 2026, 6, 1, 22, 0, key="left2")


@pytest.mark.parametrize("item_id", SERIES)
def test_nobody_is_searched_for_who_never_was_missing(item_id):
    assert due(item_id) == {}


@pytest.mark.parametrize("item_id", SERIES)
def test_it_runs_while_they_are_missing_and_ends_with_the_return(item_id):
    assert list(due(item_id, stay(events=(LEFT,)))) == ["next:0"]
    answered = (done("next:0", 2026, 5, 10, 21, 0),)
    assert list(due(item_id, stay(events=(LEFT,)), answered)) == ["next:1"]
    assert due(item_id, stay(events=(LEFT, BACK)), answered) == {}


def test_a_second_time_missing_starts_from_its_own_beginning():
    answered = (done("next:0", 2026, 5, 10, 21, 0),)
    facts = stay(events=(LEFT, BACK, LEFT_AGAIN))
    found = due("missing_response.08", facts, answered)
    assert found == {"next:1": datetime(2026, 6, 2, 2, 0)}  # four hours after ten at night


moments = st.integers(1, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@given(st.lists(st.tuples(st.sampled_from(["missing-start", "returned"]), moments), max_size=8))
def test_a_series_is_open_exactly_while_the_newest_start_has_no_end(happened):
    began = datetime(2026, 5, 4, 6, 10, tzinfo=UTC)
    events = tuple(Occurred(code, began + at, f"e{n}") for n, (code, at) in enumerate(happened))
    starts = [one.at for one in events if one.code == "missing-start"]
    ends = [one.at for one in events if one.code == "returned"]
    is_missing = bool(starts) and (not ends or max(starts) > max(ends))
    for item_id in SERIES:
        assert bool(due(item_id, stay(began=began, events=events))) is is_missing


def test_only_a_series_can_be_ended_by_an_event():
    files = dict(content_files())
    name = "lists/item_triggers.toml"
    files[name] = files[name].replace(
        'ends = ["missing_response.08"', 'ends = ["missing_response.01"'
    )
    with pytest.raises(ContentError, match="no series that could end"):
        read_care_model(files)
