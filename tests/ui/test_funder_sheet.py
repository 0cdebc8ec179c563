"""What funders ask about a person: asked once, kept per stay, open to who reads identities."""

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from shelter_desk.desk.funder_answers import AnswerFunders, funder_answers
from shelter_desk.desk.reporting import exact_report
from shelter_desk.desk.residents import RecordExit
from shelter_desk.desk.service_log import LogService
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.stay.funder_sheet import NONE_FITS
from tests.ui.real_window import Opened, settle


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def sheet_of(opened, stay, words="What funders ask…"):
    page = opened.go("resident", stay)
    (action,) = [one for one in page.head.more_menu().actions() if one.text() == words]
    action.trigger()
    settle()
    return opened.sheet(FormSheet)


def kept(opened, stay):
    return dict(opened.desk.ask(funder_answers, stay_id=stay))


def test_answers_come_back_and_what_is_left_open_was_not_asked(opened):
    stay = opened.admit()
    sheet = sheet_of(opened, stay)
    assert "completion" not in sheet.form.editors  # that is asked at the end
    sheet.form.put({"race": ("White", "Asian"), "classifications": (NONE_FITS,), "school": "1"})
    sheet.save.click()
    settle()
    assert kept(opened, stay) == {
        "race": ("Asian", "White"), "classifications": (), "school": ("1",), "crimes": ("15",),
    }  # fmt: skip
    sheet = sheet_of(opened, stay)
    values = sheet.form.values()
    assert set(values["race"]) == {"White", "Asian"}
    assert values["classifications"] == (NONE_FITS,)
    sheet.form.put({"race": ()})
    sheet.save.click()
    settle()
    assert "race" not in kept(opened, stay)


def test_school_and_life_after_the_stay_are_asked_apart_and_under_seal(opened):
    stay, words = opened.admit("Moss"), "School and life after the stay…"
    sheet = sheet_of(opened, opened.admit(), words)
    assert {"first-day", "attendance", "credits", "grade-passed"} == set(sheet.form.editors)
    sheet.close_sheet()
    opened.desk.do(RecordExit(stay, opened.clock.forward(hours=1), "completed", "422"))
    sheet = sheet_of(opened, stay, words)
    assert {one for one in sheet.form.editors if one.endswith("-later")} == {
        "safe-later", "busy-later", "exploiter-later", "help-later",
    }  # fmt: skip
    assert "this house" in " ".join(label.text() for label in sheet.findChildren(QLabel))
    sheet.form.put({"attendance": "75-89", "safe-later": "prefers-not-to-say"})
    sheet.save.click()
    settle()
    assert kept(opened, stay) == {"attendance": ("75-89",), "safe-later": ("prefers-not-to-say",)}
    assert "attendance" not in sheet_of(opened, stay).form.editors
    with opened.desk._store.unguarded() as connection:
        ((sealed,), _) = connection.execute("SELECT codes_sealed FROM funder_answer").fetchall()
    assert b"75-89" not in sealed


def test_the_sheet_speaks_of_nobody_as_a_client(opened):
    stay = opened.admit()
    opened.desk.do(RecordExit(stay, opened.clock.forward(hours=1), "completed", "422"))
    sheet = sheet_of(opened, stay)
    words = [label.text() for label in sheet.findChildren(QCheckBox)]
    assert "Prefers not to say" in words
    assert len(words) > 30
    boxes = sheet.findChildren(QComboBox)
    words += [box.itemText(at) for box in boxes for at in range(box.count())]
    assert "They had to leave" in words
    assert not [one for one in words if "lient" in one]


def test_answers_that_do_not_go_together_are_told_beside_the_question(opened):
    stay = opened.admit()
    sheet = sheet_of(opened, stay)
    sheet.form.put({"race": ("White", "9")})
    sheet.save.click()
    settle()
    assert sheet.isVisible()
    assert kept(opened, stay) == {}


def test_they_are_what_the_form_of_the_funder_counts(opened):
    stay = opened.admit()
    given = LogService(stay, "crisis_shelter", opened.clock(), 15, voca_code="D1")
    opened.desk.do(given)
    sheet = sheet_of(opened, stay)
    sheet.form.put({"gender": ("0",), "crimes": ("15", "17")})
    sheet.save.click()
    settle()
    found = opened.desk.ask(exact_report, report_id="voca", period="2026-Q1").figures()
    assert found["gender/voca-female/people"] == found["crimes/17/people"] == 1


@pytest.mark.parametrize("scale", [100, 200])
def test_after_the_exit_it_asks_more_and_fits_the_window(opened, look, scale):
    look.apply(DeviceSettings(text_scale_percent=scale, colour_scheme="dark"))
    stay = opened.admit()
    opened.desk.do(RecordExit(stay, opened.clock.forward(hours=1), "completed", "422"))
    sheet = sheet_of(opened, stay)
    assert {"completion", "safe-client", "safe-worker"} <= set(sheet.form.editors)
    assert opened.window.rect().contains(sheet.card.geometry())


def test_what_everybody_comes_here_for_is_ticked_until_somebody_says_otherwise(opened):
    stay = opened.admit()
    sheet = sheet_of(opened, stay)
    assert sheet.form.values()["crimes"] == ("15",)
    assert any("Ticked already" in label.text() for label in sheet.findChildren(QLabel))
    sheet.form.put({"crimes": (NONE_FITS,)})
    sheet.save.click()
    settle()
    assert kept(opened, stay) == {"crimes": ()}
    assert sheet_of(opened, stay).form.values()["crimes"] == (NONE_FITS,)


def test_who_was_not_asked_counts_in_the_line_of_the_house(opened):
    """The form of the funder has no line for those who were not asked."""
    stays = [opened.admit(called) for called in ("Sky", "Bay", "Fern")]
    for stay in stays:
        given = LogService(stay, "crisis_shelter", opened.clock(), 15, voca_code="D1")
        opened.desk.do(given)
    opened.desk.do(AnswerFunders(stays[0], {"crimes": ("17",)}))
    opened.desk.do(AnswerFunders(stays[1], {"crimes": ()}))
    report = opened.desk.ask(exact_report, report_id="voca", period="2026-Q1")
    found = report.figures()
    asked = {line: found[f"crimes/{line}/people"] for line in ("15", "17", "not-recorded")}
    assert asked == {"15": 1, "17": 1, "not-recorded": 1}
    (table,) = [one for one in report.tables if one.id == "crimes"]
    assert "Not asked, and counted in line 15" in {row.label for row in table.rows}
