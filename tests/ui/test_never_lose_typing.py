"""What is typed anywhere comes back to the same person on the same form, and to nobody else.

Forms are found by machine: a function that makes one and is not run by this walk turns it red, and
so does a field outside of forms that nobody has given a reason for. A field that is added to a
form is answered by the walk without being told: it answers whatever there is to answer.
"""

import time

import pytest
from PySide6.QtWidgets import QLabel

from shelter_desk.desk import accounts, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Form, Text
from shelter_desk.ui.log_form import LogForm
from tests.ui.conftest import plain_look
from tests.ui.every_form import (
    ADA,
    WORDS,
    House,
    Ran,
    answer_all,
    answers,
    files_with_loose,
    form_in,
    keeper_of,
    makers_of_forms,
    things,
)
from tests.ui.real_window import Opened, Records, settle

INPUTS = {
    "LineEdit", "SearchBox", "TextArea", "DropDown", "Picker", "CheckBox", "Chip", "ChipChoice",
    "SegmentedControl", "SecretEdit", "TextEditor", "LongTextEditor", "NumberEditor",
    "ChoiceEditor", "SeveralEditor", "ThreeWayEditor", "DayEditor", "MomentEditor", "WhenPart",
    "PassphraseChoice",
}  # fmt: skip
FILTER = "it chooses what is shown, and is no part of the records"
SECRET = "a passphrase is never kept"
BEFORE = "nobody has signed in yet, so there is nowhere to keep it"
PART = "a part of a form, which keeps it"
LEAVES = "what leaves is chosen anew each time, by whoever lets it leave"
NOT_KEPT = {
    "editors.py": PART,
    "fields.py": PART,
    "when_part.py": PART,
    "log_length.py": PART,
    "log_funder.py": PART,
    "log_whom.py": PART,
    "shift/chips.py": PART,
    "missing/overview.py": FILTER,
    "pages/calendar.py": FILTER,
    "pages/checks.py": FILTER,
    "pages/resident.py": FILTER,
    "pages/residents.py": FILTER,
    "pages/service_log.py": FILTER,
    "pages/shift_log.py": FILTER,
    "pages/today.py": FILTER,
    "stay/plan.py": FILTER,
    "palette.py": FILTER,
    "pages/model.py": FILTER,
    "second_sheet.py": SECRET,
    "people/acting.py": SECRET,
    "people/opening_sheet.py": SECRET,
    "people/sheets.py": SECRET,
    "passphrase.py": SECRET,
    "cover.py": SECRET,
    "seat.py": SECRET,  # and a filter: which of the records is looked at
    "pages/visits.py": FILTER,
    "pages/kept.py": FILTER,
    "shift/signing_card.py": SECRET,
    "pack_sheet.py": "words are on paper, says whoever makes a pack",
    "forgot.py": BEFORE,
    "unlock.py": BEFORE,
    "restore_steps.py": BEFORE,
    "first_run/steps.py": BEFORE,
    "agreement.py": BEFORE,
    "pages/audit_pack.py": LEAVES,
    "pack_choices.py": LEAVES,
    "pack_lock.py": LEAVES,
    "pack_opening.py": "that a key was compared by phone holds for this pack alone",
    "sample_sheet.py": "dice are thrown once, in front of the reviewer",
    "pages/summary.py": LEAVES,
    "report_parts/choice.py": LEAVES,
    "periods_shown.py": LEAVES,
    "summary_parts/choices.py": LEAVES,
    "summary_parts/year.py": FILTER,
    "alarm.py": "one press answers an alarm",
    "settings_parts/device.py": "a setting of this computer holds as soon as it is chosen",
}


@pytest.fixture
def records(tmp_path, care_model):
    made = Records(tmp_path, care_model)
    desk = made.desk
    accounts.add_colleague(
        desk, WORDS, Colleague(ADA, "Ada", desk.staff.roles, "four invented words here")
    )
    made.things = [things(desk, made.clock, called) for called in ("Sky", "Ash")]
    yield made
    made.desk.close()


def walk(records):
    """Answer every form there is, let a second go by, and end the window as a crash does.

    Returns what was typed into each, and which functions of the windows ran.
    """
    house, typed, ran, forms = House(records), {}, Ran(), []
    for name, opener in {**house.pages(0), **house.sheets(0)}.items():
        with ran:
            opened = opener()
        is_page = name in house.pages(0)
        form = opened if is_page else form_in(opened)
        typed[name] = typed_into(name, form)
        if is_page:
            kept_within_a_second([form])  # no flush and no leaving: only time goes by
        else:
            forms.append(form)
            opened.hide()
    kept_within_a_second(forms)
    house.kill()
    return typed, ran.of_windows()


def test_what_was_typed_comes_back_to_the_same_person_on_the_same_form_only(
    records, qapp, subtests
):
    """One test, and no fixture for three: two workers would each walk for their share of them."""
    plain_look(qapp)
    typed, ran = walk(records)
    with subtests.test("every function that makes a form is run by this walk"):
        makers = makers_of_forms()
        assert len(makers) > 30
        assert makers - ran == set(), "tell every_form.py how a person gets to these"
    with subtests.test("the same person finds it, on the same form only"):
        same_person_finds_it(House(records), typed)
    with subtests.test("nobody else finds it"):
        nobody_else_finds_it(records, typed)


def test_every_field_stands_in_a_form_or_says_why_not():
    loose = files_with_loose(INPUTS)
    loose = {name for name in loose if not name.startswith("widgets/")}
    assert loose - NOT_KEPT.keys() == set()
    assert NOT_KEPT.keys() - loose == set(), "a reason for what is not there any more"


def test_a_sheet_that_keeps_nothing_cannot_be_opened(look, open_desk, qtbot):
    opened = Opened(open_desk, qtbot)
    sheet = FormSheet("A new one", Form((Text("text", "Text"),)), "Save", lambda _v: True)
    with pytest.raises(TypeError):
        sheet.open_over(opened.window)
    sheet.deleteLater()
    opened.window.close()


def typed_into(name, form):
    """Answer everything; return what was answered, as text and as it is seen."""
    settle()
    before = form.typed()
    answer_all(form)
    assert form.typed() != before, f"nothing could be typed into {name}"
    return form.typed(), answers(form)


def kept_within_a_second(forms):
    until = time.monotonic() + 1.5
    while time.monotonic() < until and not all(form.is_settled for form in forms):
        settle()
    assert all(form.is_settled for form in forms)


def same_person_finds_it(house, typed):
    """After a crash: as it was typed, as it was seen; and no problem takes any of it away."""
    for name, opener in {**house.pages(0), **house.sheets(0)}.items():
        opened = opener()
        form = opened if name in house.pages(0) else form_in(opened)
        assert form.typed() == typed[name][0], f"{name} does not come back"
        assert answers(form) == typed[name][1], f"{name} comes back, and is not shown"
        says_whom(name, opened, form)
        form.show_problems((Problem("nothing", "Look at this again."),))
        if isinstance(opened, FormSheet) and broken(form):
            opened.try_save()
        assert form.typed() == typed[name][0], f"an invalid {name} loses what was typed"
        if form is not opened:
            opened.close_sheet()
    for name, opener in {**house.pages(1), **house.sheets(1)}.items():
        opened = opener()
        form = opened if name in house.pages(1) else form_in(opened)
        assert form.typed() != typed[name][0], f"{name} shows it about somebody else"
        assert not keeper_of(form).is_kept
        if form is not opened:
            opened.close_sheet()
    house.kill()


def says_whom(name, opened, form):
    """What gives typing back says in words that it is not saved, and names whom it is about."""
    keeper = keeper_of(form)
    about = keeper._drafts.about_whom(keeper.subject or "")
    said = [label.text() for label in opened.window().findChildren(QLabel) if label.isVisible()]
    if about:
        chosen = form.who.names() if isinstance(form, LogForm) else about  # others may be chosen
        wanted = f"You typed this about {', '.join(chosen)}. It is not saved yet."
        assert about == ("Sky",)
        assert wanted in said, f"{name} does not say about whom it gives typing back"


def nobody_else_finds_it(records, typed):
    """Another person at the same computer finds every form as if nothing had been typed."""
    records.desk.close()
    folder, care = records.desk.folder, records.desk.house.care_model
    records.desk = entry.sign_in(folder, ADA, "four invented words here", care, records.clock)
    other = House(records)
    for name, opener in {**other.pages(0), **other.sheets(0)}.items():
        opened = opener()
        form = opened if name in other.pages(0) else form_in(opened)
        if name == "care model":  # the walk itself gathers a change there
            assert form.typed() != typed[name][0]
        else:
            assert not keeper_of(form).is_kept, f"{name} shows it to somebody else"
        if form is not opened:
            opened.close_sheet()
    other.kill()


def broken(form):
    """Say whether the form cannot be saved as it stands: then trying changes no record."""
    try:
        form.values()
    except Exception:
        return True
    return False
