"""Each field about a resident shows who requires it, and nearly none of them needs an answer."""

from __future__ import annotations

import pytest

from shelter_desk.desk import residents
from shelter_desk.domain.funder_questions import QUESTIONS
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.intake_form import IntakeForm
from shelter_desk.ui.required_by import required_by
from shelter_desk.ui.stay.funder_sheet import ask_funder_answers
from shelter_desk.ui.widgets import Label
from tests.ui.real_window import Opened, Records

NEEDED = {"called", "arrived_at"}


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def words_of(frame):
    return " ".join(label.text() for label in frame.findChildren(Label))


def test_every_field_of_an_arrival_says_who_requires_it(opened):
    opened.go("arrival")
    (form,) = opened.window.findChildren(IntakeForm)
    frames = {name: frame for one in form._forms for name, frame in one.frames.items()}
    assert set(frames) > NEEDED
    for name, frame in frames.items():
        assert required_by(name), f"say in required_by who requires {name}"
        assert required_by(name) in words_of(frame)
    fields = {name: one for part in form._forms for name, one in part._fields.items()}
    assert {name for name, one in fields.items() if getattr(one, "needed", False)} == NEEDED


def test_every_field_of_the_details_says_who_requires_it(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    frames = page.details.form.frames
    assert {"legal_name", "also_known", "born_on"} < set(frames)
    for name, frame in frames.items():
        assert required_by(name), name
        assert required_by(name) in words_of(frame)


def test_every_question_of_a_funder_says_which_funder_asks_it(opened):
    stay_id = opened.admit()
    stay = opened.desk.ask(residents.record, stay_id=stay_id, now=opened.clock())
    ask_funder_answers(opened.window, opened.shared, opened.desk.house.care_model, stay)
    frames = opened.sheet(FormSheet).form.frames
    assert frames
    for name, frame in frames.items():
        for program in QUESTIONS[name].asked_by:
            assert program.upper() in words_of(frame)
