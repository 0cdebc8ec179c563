"""What is typed anywhere comes back to the same person on the same form, and to nobody else.

Every sheet with a form is found by machine: a new one that this test is not told how to open turns
it red, and so does a form that says nowhere where it is kept.
"""

import ast
import json
from pathlib import Path

import pytest
import shiboken6

from shelter_desk.desk import accounts, appointments, care, entry, missing
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.beds import bed_board
from shelter_desk.desk.handovers import OutLine
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing_record import episode
from shelter_desk.desk.residents import Admit, record
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.ui import bed_card
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.drafts import care_model as model_of
from shelter_desk.ui.editors import (
    ChoiceEditor,
    DayEditor,
    MomentEditor,
    NumberEditor,
    SeveralEditor,
    ThreeWayEditor,
)
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Form, Text
from shelter_desk.ui.handover_card import ask_handover, ask_handover_end
from shelter_desk.ui.incidents.sheets import IncidentAsks
from shelter_desk.ui.missing.sheets import Asks
from shelter_desk.ui.model_parts.sheets import Sheets
from shelter_desk.ui.settings_parts.lists import AudiencesCard, BedsCard
from shelter_desk.ui.shift.sheets import ask_basis
from shelter_desk.ui.stay import sheets as stay_sheets
from shelter_desk.ui.today_work import Work
from tests.ui.real_window import Opened, Records, settle

UI = Path(__file__).parents[2] / "shelter_desk" / "ui"
WORDS = "invented words for tests only"
ADA = "aaaaaaaaaaaaaaaaaaaa"
# Functions that only help to open a sheet, or hand it on.
HELPERS = {
    "give_chosen",  # the same sheet as hand_over, about one row
    "press_bed", "_sheet", "_open", "_ask", "keeps", "_ask_release",
}  # fmt: skip
# Modules that build a form whose drafts another module keeps, and which.
KEPT_ELSEWHERE = {
    "forms.py": "the form itself",
    "drafts.py": "where drafts are kept",
    "intake_form.py": "pages/arrival.py",
    "log_sheet.py": "log_form.py",
    "incidents/view.py": "incidents/report_form.py",
    "pages/log_service.py": "log_form.py",
    "pages/shift_log.py": "shift/line_form.py",
    "shift/sheets.py": "shift/line_form.py",
    "people/sheets.py": "people/acting.py",
    "people/opening_sheet.py": "people/acting.py",
}


def returns_a_sheet(node):
    return (
        isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and "FormSheet" in ast.unparse(node.returns)
    )


def openers_in_the_program():
    found = set()
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {node.name for node in ast.walk(tree) if returns_a_sheet(node)}
    return found - HELPERS


class Unwatched:
    """Closes no window at the end: those of this walk are gone by then, as after a crash."""

    def __init__(self, qtbot):
        self.waitUntil = qtbot.waitUntil

    def addWidget(self, _window):  # noqa: N802 - as qtbot spells it
        """Leave it alone."""


class House:
    """Records with two of everything a sheet can be about, and one window on them."""

    def __init__(self, records, qtbot):
        self.opened = Opened(records, Unwatched(qtbot))
        self.records = records

    def openers(self, which):
        """Return name of the opener -> a function that opens its sheet about one of two things."""
        host, shared = self.opened.window, self.opened.shared
        model, things = model_of(shared), self.records.things[which]
        ask = shared.ask
        stay = ask(record, stay_id=things["stay"], now=shared.now())
        episode_id = things["episode"]
        notice = ask(episode, episode_id=episode_id).notices[0]
        incident = things["incident"]
        planned = next(
            one
            for one in ask(appointments.appointments_of, stay_id=stay.stay_id, since=shared.now())
        )
        plan = ask(care.stay_plan, stay_id=stay.stay_id, now=shared.now())
        bed = [one for one in ask(bed_board).beds if one.state == "free"][which]
        asks, incidents_ = Asks(host, shared, model), IncidentAsks(host, shared, model)
        calendar = CalendarAsks(host, shared, model)
        sheets = Sheets(shared, model, lambda _changes: None)
        item = list(model.items.values())[which]
        rest = ("", None, "", "", None, "", None)
        out = OutLine(f"{which:020}", "Licensor", "2026-Q1", f"{which + 2:020}", *rest)
        return {
            "ask_handover": lambda: ask_handover(host, shared, out),
            "ask_handover_end": lambda: ask_handover_end(host, shared, out),
            "_ask_hold": lambda: bed_card._ask_hold(host, shared, model, bed),
            "plan": lambda: calendar.plan(stay_id=stay.stay_id),
            "move": lambda: calendar.move(planned),
            "change": lambda: calendar.change(planned),
            "settle": lambda: calendar.settle(planned, "missed"),
            "start": lambda: incidents_.start(print) if which == 0 else None,
            "person": lambda: incidents_.person(incident),
            "step": lambda: incidents_.step(incident),
            "paper": lambda: incidents_.paper(incident, None, print),
            "told": lambda: asks.told(notice),
            "reason": lambda: asks.reason(notice),
            "line": lambda: asks.line(episode_id, "search"),
            "discovery": lambda: asks.discovery(episode_id, shared.now()),
            "back": lambda: asks.back(episode_id, "Sky"),
            "talk": lambda: asks.talk(episode_id, ReturnTalk()),
            "police_sheet": lambda: asks.police_sheet(episode_id, print),
            "log_of": lambda: asks.log_of(2025 + which, (), print),
            "rule": lambda: asks.rule(stay.stay_id, "mother", ""),
            "change item": lambda: shown(sheets.change(item), host),
            "hide": lambda: shown(sheets.hide(item), host),
            "add_item": lambda: shown(
                sheets.add_item(("basic_needs", "medication")[which], frozenset()), host
            ),
            "add_service": lambda: (
                shown(sheets.add_service("own_1"), host) if which == 0 else None
            ),
            "ask_basis": lambda: ask_basis(host, shared, model, stay.stay_id, print),
            "ask_status": lambda: stay_sheets.ask_status(
                host, shared, model, stay.stay_id, (plan.services[0], "declined")
            ),
            "ask_correct_exit": lambda: stay_sheets.ask_correct_exit(host, shared, model, stay),
            "ask_correct_arrival": lambda: stay_sheets.ask_correct_arrival(host, shared, stay),
            "ask_exit": lambda: stay_sheets.ask_exit(host, shared, model, stay),
            "ask_planned_exit": lambda: stay_sheets.ask_planned_exit(host, shared, stay),
            "ask_bed": lambda: stay_sheets.ask_bed(host, shared, stay),
            "hand_over": lambda: Work(shared, host).hand_over() if which == 0 else None,
            "beds": lambda: top(self.opened, BedsCard(shared), host) if which == 0 else None,
            "audiences": lambda: (
                top(self.opened, AudiencesCard(shared), host) if which == 0 else None
            ),
        }

    def kill(self):
        """End the window as a crash does: nothing is closed, nothing flushed."""
        shiboken6.delete(self.opened.window)


def shown(sheet, host):
    sheet.open_over(host)
    return sheet


def top(opened, card, host):
    card.setParent(host)
    card.add_one()
    return opened.sheet(FormSheet)


def type_into(form):
    """Put something into every field as typing does; return what then stands there."""
    for editor in form.editors.values():
        before = editor.typed()
        for text in candidates(editor):
            editor.put_typed(text)
            if editor.typed() != before:
                break
        editor.edited.emit()
    return form.typed()


def candidates(editor):
    if isinstance(editor, ChoiceEditor):
        return editor._codes
    if isinstance(editor, SeveralEditor):
        return [json.dumps([code]) for code in editor._boxes]
    if isinstance(editor, ThreeWayEditor):
        return ["yes", "no"]
    if isinstance(editor, NumberEditor):
        return ["7", "8"]
    if isinstance(editor, DayEditor | MomentEditor):
        return ["32 of March", "half past\nnoon"]
    return ["half a sentence that nobody saved", "another half"]


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("typing"), care_model)
    desk, now = made.desk, made.clock()
    accounts.add_colleague(
        desk, WORDS, Colleague(ADA, "Ada", desk.staff.roles, "four invented words here")
    )
    made.things = [things(desk, now, called, made.clock) for called in ("Sky", "Ash")]
    yield made
    made.desk.close()


def things(desk, now, called, clock):
    stay = desk.do(Admit(called, now)).subject
    at = clock.forward(minutes=5)
    incident = desk.do(StartIncident(("injury",), at, at, "kitchen", (stay,))).subject
    later = at.replace(year=2026, month=4)
    desk.do(PlanAppointment(stay, "medical", later, 60))
    gone = desk.do(missing.StartMissing(stay, at)).subject
    return {"stay": stay, "incident": incident, "episode": gone}


def test_every_sheet_of_the_program_is_in_this_walk(look, records, qtbot):
    house = House(records, qtbot)
    known = set(house.openers(0)) - {"change item", "beds", "audiences"}
    assert openers_in_the_program() == known, "tell this test how a new sheet is opened"
    house.opened.window.close()


def test_every_form_says_where_it_is_kept():
    silent = []
    for path in sorted(UI.rglob("*.py")):
        text, name = path.read_text("utf-8"), path.relative_to(UI).as_posix()
        if "Form(" in text and "Drafts(" not in text and "FormSheet(" not in text:
            silent.append(name)
    assert set(silent) - KEPT_ELSEWHERE.keys() == set()
    for where in KEPT_ELSEWHERE.values():
        assert not where.endswith(".py") or "Drafts(" in (UI / where).read_text("utf-8")


def test_a_sheet_that_keeps_nothing_cannot_be_opened(look, records, qtbot):
    opened = Opened(records, qtbot)
    sheet = FormSheet("A new one", Form((Text("text", "Text"),)), "Save", lambda _v: True)
    with pytest.raises(TypeError):
        sheet.open_over(opened.window)
    sheet.deleteLater()
    opened.window.close()


def test_what_was_typed_comes_back_to_the_same_person_on_the_same_form_only(look, records, qtbot):
    house = House(records, qtbot)
    typed = {}
    for name, opener in house.openers(0).items():
        sheet = opener()
        settle()
        before = sheet.form.typed()
        typed[name] = type_into(sheet.form)
        assert typed[name] != before, f"nothing could be typed into {name}"
        qtbot.waitUntil(lambda form=sheet.form: not form._timer.isActive(), timeout=1_000)
    house.kill()
    again = House(records, qtbot)
    for name, opener in again.openers(0).items():
        sheet = opener()
        assert sheet.form.typed() == typed[name], f"{name} does not come back"
        if broken(sheet.form):
            sheet.try_save()
        assert sheet.form.typed() == typed[name], f"an invalid {name} loses what was typed"
        sheet.close_sheet()
    for name, opener in again.openers(1).items():
        sheet = opener()
        if sheet is not None:
            text = sheet.form.typed()
            assert text != typed[name], f"{name} shows it about somebody else"
            sheet.close_sheet()
    again.kill()
    records.desk.close()
    folder = records.desk.folder
    care = records.desk.house.care_model
    records.desk = entry.sign_in(folder, ADA, "four invented words here", care, records.clock)
    other = House(records, qtbot)
    for name, opener in other.openers(0).items():
        sheet = opener()
        assert not sheet._kept.is_kept, f"{name} shows it to somebody else"
        sheet.close_sheet()
    other.opened.window.close()


def broken(form):
    """Say whether the form cannot be saved as it stands: then trying changes no record."""
    try:
        form.values()
    except Exception:
        return True
    return False
