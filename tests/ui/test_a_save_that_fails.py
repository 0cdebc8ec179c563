"""On every form: the disk refuses the save, it is said in words, nothing typed is lost, and the
next save goes through.

The refusal is the system's own: past a limit the kernel takes no byte more of any file, or SQLite
finds no room in the records (SQLITE_FULL). Nothing in the program knows of it.
"""

from datetime import timedelta

import pytest

from shelter_desk.desk.audit_log import events as events_of
from shelter_desk.domain.trouble import TroubleError
from shelter_desk.ui.editors import DayEditor, LongTextEditor, MomentEditor, TextEditor
from shelter_desk.ui.messages import MessageSheet
from shelter_desk.ui.widgets import PrimaryButton, Sheet
from tests.full_disk import disk_that_takes_nothing, store_that_is_full
from tests.ui.conftest import plain_look
from tests.ui.every_form import House, answer_all, answers, form_in, things
from tests.ui.real_window import Records, settle

pytestmark = pytest.mark.linux
# One of each make: a page, a sheet of fields, and the sheets that are no plain forms.
SHORT = ("details", "ticked service", "line", "told", "plan", "exit")
GATHERS = "it saves nothing by itself: the page gathers what it says and saves that"
INVENTED = (
    "this walk has only an invented id of what it is about: the desk finds nothing to change"
)
ALIKE = "it is saved as its sister is, which this walk saves: with any answers it asks first"
NOT_SAVED_HERE = {
    "change item": GATHERS, "hide": GATHERS, "add item": GATHERS, "add service": GATHERS,
    "report": GATHERS, "visit": INVENTED, "visit owner": INVENTED, "revoke release": INVENTED,
    "publication": INVENTED, "left pack": INVENTED, "keep by law": INVENTED, "removal": INVENTED,
    "finding": INVENTED, "finding corrected": INVENTED, "finding owner": INVENTED,
    "handover": INVENTED, "handover end": INVENTED,
    "incident report": "any answers are not a whole report, says the desk before it writes",
    "arrival": "the journey on a small disk saves it, full and with room again",
    "last seen": "it keeps what is typed by itself, and has no button",
    "event": "its answers are keys, not a main button", "census": "it only asks",
    "a service": ALIKE, "service": ALIKE, "shift line": ALIKE, "care model": ALIKE,
    "join": ALIKE, "correct exit": ALIKE, "bed": ALIKE, "reason": ALIKE, "rule": ALIKE,
    "rename bed": ALIKE, "hand over": ALIKE, "roles": "it asks for a passphrase",
    "open class": "it asks for two passphrases", "everything": "it asks for a passphrase",
    "add person": "it asks for a passphrase",
}  # fmt: skip


FOUND_ROOM = "found room"
"""What it deletes first (work that is no longer due) made enough room for what it writes."""


@pytest.fixture
def records(tmp_path, care_model):
    made = Records(tmp_path, care_model)
    made.things = [things(made.desk, made.clock, called) for called in ("Sky", "Ash")]
    yield made
    made.desk.close()


def every_form(house):
    pages, sheets = house.pages(0), house.sheets(0)
    return {**pages, **sheets}, set(pages)


def save_of(root, form):
    """Return the button that saves: the one main button that can be pressed."""
    inside = [one for one in form.findChildren(PrimaryButton) if one.isVisible()]
    found = inside or [one for one in root.findChildren(PrimaryButton) if one.isVisible()]
    found = [one for one in found if one.isEnabled()]
    return found[-1] if found else None


def close_messages(house):
    for sheet in house.opened.window.findChildren(MessageSheet):
        sheet.close_sheet()
    settle()


def fillings(house, form):
    """Answer a form in one way after the other, until one of them can be saved."""
    before, now = form.typed(), house.opened.clock()
    yield lambda: None
    yield lambda: answer_all(form)
    for moment in (now, now + timedelta(days=2)):
        yield lambda moment=moment: at(form, moment)
    yield lambda: (form.restore(before), texts_only(form))


def at(form, moment):
    for editor in getattr(form, "editors", {}).values():
        if isinstance(editor, DayEditor):
            editor.put(moment.date())
        elif isinstance(editor, MomentEditor):
            editor.put(moment)


def texts_only(form):
    for editor in getattr(form, "editors", {}).values():
        if isinstance(editor, TextEditor | LongTextEditor):
            editor.put("half a sentence")


def refuse_one(house, opener, disk, *, is_page):
    """Try to save on a disk that takes nothing, and then on a good one; return what happened."""
    opened = opener()
    form = opened if is_page else form_in(opened)
    settle()
    found = "no button"
    for fill in fillings(house, form):
        fill()
        settle()
        form.flush()
        found = try_both(house, opened, form, disk)
        if found in ("saved", "asks then", FOUND_ROOM):
            break
    return found


def try_both(house, opened, form, disk):
    told, is_page = house.opened.told, opened is form
    save = save_of(house.opened.window, form) if is_page else save_of(opened, form)
    if save is None:
        return "no button"
    with disk(house):
        typed, seen, events = form.typed(), answers(form), count(house)
        told.clear()
        save.click()
        settle()
        if count(house) > events:
            assert disk is is_full, "something was saved"
            assert not told
            return FOUND_ROOM
    refused = list(told)
    assert form.typed() == typed, "what was typed is lost"
    assert answers(form) == seen, "what was typed is not shown any more"
    assert is_page or opened.isVisible(), "the sheet closed as if it had been saved"
    assert len(messages(house)) == len(refused)
    close_messages(house)
    if not refused:
        return "asks first"
    assert all(isinstance(error, TroubleError) for error in refused), refused
    told.clear()
    save.click()
    settle()
    assert not [error for error in told if isinstance(error, TroubleError)], told
    close_messages(house)
    return "saved" if count(house) > events else "asks then"


def count(house):
    """Return how many events the trail has: its newest number."""
    return house.opened.desk.ask(events_of, limit=1)[0].seq


def messages(house):
    return [one for one in house.opened.window.findChildren(MessageSheet) if one.isVisible()]


def takes_nothing(_house):
    return disk_that_takes_nothing()


def is_full(house):
    return store_that_is_full(house.opened.desk)


def walk(records, wanted, disk=takes_nothing):
    house = House(records)
    forms, pages = every_form(house)
    found = {}
    for name in wanted or forms:
        try:
            found[name] = refuse_one(house, forms[name], disk, is_page=name in pages)
        except (AssertionError, RuntimeError) as error:
            found[name] = f"FAILS: {error}".splitlines()[0]
        close_messages(house)
        while (sheet := house.opened.sheet(Sheet)) is not None:
            sheet.close_sheet()
            settle()
    house.kill()
    return found


def test_a_refused_save_loses_nothing_and_the_next_one_goes_through(records, qapp):
    plain_look(qapp)
    assert walk(records, SHORT) == dict.fromkeys(SHORT, "saved")


def test_a_save_without_room_says_so_and_goes_through_once_there_is_some(records, qapp):
    plain_look(qapp)
    assert walk(records, SHORT, is_full) == {**dict.fromkeys(SHORT, "saved"), "exit": FOUND_ROOM}


@pytest.mark.slow
@pytest.mark.parametrize("disk", [takes_nothing, is_full])
def test_a_refused_save_loses_nothing_on_any_form(records, qapp, disk):
    """Slow: some seventy forms, each saved on a bad disk and on a good one."""
    plain_look(qapp)
    found = walk(records, (), disk)
    not_saved = {name for name, what in found.items() if what not in ("saved", FOUND_ROOM)}
    assert not_saved <= NOT_SAVED_HERE.keys()
    lost = ("what was typed", "the sheet closed", "something was saved")
    assert not [name for name, what in found.items() if any(words in what for words in lost)]
