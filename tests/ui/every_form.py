"""Every form of the program: how a person gets to it, and hands that answer all it asks."""

import ast
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
)

from shelter_desk.desk import appointments, care, missing, service_log
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.beds import bed_board
from shelter_desk.desk.dated_papers import dated_papers
from shelter_desk.desk.exported import ExportLine
from shelter_desk.desk.findings import FindingLine
from shelter_desk.desk.going_public import PublicationAsked
from shelter_desk.desk.handovers import OutLine
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.information_releases import ReleaseLine
from shelter_desk.desk.kept_records import KeptRecord
from shelter_desk.desk.missing_record import episode
from shelter_desk.desk.model_editor import must_stay
from shelter_desk.desk.residents import Admit, record
from shelter_desk.desk.shelter import beds
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.visit_check import Point
from shelter_desk.desk.visits import VisitLine
from shelter_desk.disclosure import Weighed
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.domain.overlay import HIDE, Change
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.domain.retention import Kept
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.ui import bed_card
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.census_sheet import CensusSheet
from shelter_desk.ui.drafts import KeptForm
from shelter_desk.ui.drafts import care_model as model_of
from shelter_desk.ui.editors import NumberEditor
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.handover_card import ask_handover, ask_handover_end
from shelter_desk.ui.incidents.sheets import IncidentAsks
from shelter_desk.ui.kept.sheets import ask_hold, ask_removal
from shelter_desk.ui.leave_sheet import ask_why_left
from shelter_desk.ui.log_sheet import open_correction, open_log_sheet
from shelter_desk.ui.missing.sheets import Asks
from shelter_desk.ui.model_parts.sheets import Sheets
from shelter_desk.ui.people.opening_sheet import OpenClassSheet
from shelter_desk.ui.people.paper_sheet import ask_dated_paper
from shelter_desk.ui.people.sheets import AddPersonSheet, RolesSheet
from shelter_desk.ui.printing import RealPaper
from shelter_desk.ui.release_sheets import ask_release, ask_revoke
from shelter_desk.ui.report_parts.hand_over import ask_to_whom
from shelter_desk.ui.report_parts.publishing import ask_publication
from shelter_desk.ui.report_parts.slip_sheet import ask_slip
from shelter_desk.ui.settings_parts.export_sheet import ExportSheet
from shelter_desk.ui.settings_parts.lists import AudiencesCard, BedsCard
from shelter_desk.ui.settings_parts.shelter import ShelterCard
from shelter_desk.ui.shift.sheets import CorrectionSheet, ask_basis
from shelter_desk.ui.stay import sheets as stay_sheets
from shelter_desk.ui.stay.event_sheet import open_event_sheet
from shelter_desk.ui.stay.funder_sheet import ask_funder_answers, ask_house_answers
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.stay.paper_choice import ask_paper
from shelter_desk.ui.stay.same_person import ask_join
from shelter_desk.ui.summary_parts.told import ToldCard
from shelter_desk.ui.today_work import Work
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.visits.findings import ask_correction, ask_finding, ask_other_owner
from shelter_desk.ui.visits.seat_sheet import ask_seat
from shelter_desk.ui.visits.sheets import ask_here, ask_owner, ask_visit
from shelter_desk.ui.widgets import SearchBox
from tests.ui.real_window import Opened, settle

UI = Path(__file__).parents[2] / "shelter_desk" / "ui"
WORDS = "invented words for tests only"
ADA = "aaaaaaaaaaaaaaaaaaaa"


# What the source says


@cache
def trees():
    """Return (file, its tree) of every module of the windows."""
    paths = sorted(UI.rglob("*.py"))
    return [
        (path.relative_to(UI).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths
    ]


def word(node):
    """Return the last word of a name, such as Form of forms.Form."""
    return getattr(node, "id", None) or getattr(node, "attr", "")


def is_one_of(node, names):
    """Tell whether a class derives from one of these."""
    return isinstance(node, ast.ClassDef) and any(word(base) in names for base in node.bases)


@cache
def names_of_forms():
    """Return the name of every class that is a form, however far down it derives from one."""
    names, size = {"TypedForm"}, 0
    nodes = [node for _, tree in trees() for node in tree.body]
    while size != len(names):
        size = len(names)
        names |= {node.name for node in nodes if is_one_of(node, names)}
    return names


def calls_in(node, names):
    """Return the calls of these names within a node. `Form(())` asks nothing: nothing to lose."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    found = [one for one in found if word(one.func) in names]
    return [one for one in found if ast.unparse(one) != "Form(())"]


def makers_of_forms():
    """Return (file, function, its first line) of each function that makes a form."""
    found = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and calls_in(node, names_of_forms()):
                first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
                found.add((name, node.name, first))
    return found


def files_with_loose(names):
    """Return the files that make one of these outside of a form."""
    loose = set()
    for name, tree in trees():
        forms = [one for one in ast.walk(tree) if is_one_of(one, names_of_forms())]
        inside = {id(call) for form in forms for call in calls_in(form, names)}
        if any(id(call) not in inside for call in calls_in(tree, names)):
            loose.add(name)
    return loose


class Ran:
    """Notes which functions of the windows run while it is open."""

    def __init__(self):
        self.seen = set()

    def __enter__(self):
        sys.settrace(self._note)
        return self

    def __exit__(self, *_):
        sys.settrace(None)

    def _note(self, frame, _event, _arg):
        code = frame.f_code
        self.seen.add((code.co_filename, code.co_name, code.co_firstlineno))

    def of_windows(self):
        """Return (file, function, its first line) of each."""
        return {
            (Path(file).relative_to(UI).as_posix(), name, line)
            for file, name, line in self.seen
            if file.startswith(str(UI))
        }


# A house with two of everything


def things(desk, clock, called):
    """Return one of everything that a form can be about."""
    stay = desk.do(Admit(called, clock())).subject
    at = clock.forward(minutes=5)
    entry_id = desk.do(service_log.LogService(stay, "life_skills", at, 50)).subject
    line_id = desk.do(WriteLine(LineWords((stay,), ("slept-badly",), "", must_know=False))).subject
    incident = desk.do(StartIncident(("injury",), at, at, "kitchen", (stay,))).subject
    later = at.replace(year=2026, month=4)
    desk.do(PlanAppointment(stay, "medical", later, 60))
    gone = desk.do(missing.StartMissing(stay, at)).subject
    return {
        "stay": stay,
        "incident": incident,
        "episode": gone,
        "entry": entry_id,
        "line": line_id,
    }


class Unwatched:
    """Closes no window at the end: those of this walk are gone by then, as after a crash."""

    def addWidget(self, _window):  # noqa: N802 - as qtbot spells it
        """Leave it alone."""

    def waitUntil(self, holds):  # noqa: N802 - as qtbot spells it
        """Wait as qtbot does, for longer than one test."""
        while not holds():
            settle()


class House:
    """One window on records with two of everything."""

    def __init__(self, records):
        self.opened = Opened(records, Unwatched())
        self.records = records

    def kill(self):
        """End the window as a crash does: nothing is closed, nothing flushed."""
        shiboken6.delete(self.opened.window)

    def pages(self, which):
        """Return name -> a function that opens a page and returns the form on it.

        Those that are there once for each person know only the first of two things.
        """
        opened, one = self.opened, self.records.things[which]
        go = opened.go
        about = {
            "details": lambda: part(go("resident", one["stay"])),
            "last seen": lambda: go("missing", one["episode"]).view.card.form,
            "incident report": lambda: go("incidents", one["incident"]).view.report.form,
        }
        once = {
            "arrival": lambda: go("arrival").form,
            "a service": lambda: go("log_service").form,
            "shift line": lambda: go("shift_log").form,
            "handing over": lambda: go("handoff").outgoing.form,
            "care model": lambda: gathered(go("model"), opened),
            "the shelter": lambda: go("settings").findChild(ShelterCard).form,
        }
        return about if which else {**about, **once}

    def sheets(self, which):
        """Return name -> a function that opens a sheet and returns it."""
        about = {**self._of_stay(which), **self._of_missing(which), **self._of_house(which)}
        return about if which else {**about, **self._there_once()}

    def _parts(self, which):
        opened, one = self.opened, self.records.things[which]
        return opened.window, opened.shared, model_of(opened.shared), one

    def _of_stay(self, which):
        host, shared, model, one = self._parts(which)
        ask, stay_id = shared.ask, one["stay"]
        stay = ask(record, stay_id=stay_id, now=shared.now())
        plan = ask(care.stay_plan, stay_id=stay_id, now=shared.now())
        item = next(
            item
            for service in plan.services
            for item in service.items
            if item.state == "open" and item.may_answer and item.occurrence is not None
        )
        entry = next(
            one_
            for one_ in ask(service_log.entries, stay_id=stay_id)
            if one_.entry_id == one["entry"]
        )
        now = shared.now()
        wanted = LinesWanted(now.replace(year=2025), now.replace(year=2027), stay_id)
        line = ask(shift_lines, wanted=wanted)[0]
        return {
            "item": lambda: shown(ItemSheet(shared, model, stay_id, item), host),
            "event": lambda: open_event_sheet(host, shared, model, stay_id),
            "service": lambda: open_log_sheet(host, shared, stay_id),
            "ticked service": lambda: open_log_sheet(host, shared, stay_id, "basic_needs"),
            "entry": lambda: open_correction(host, shared, entry),
            "line": lambda: shown(CorrectionSheet(shared, model, line), host),
            "shift log paper": lambda: ask_basis(host, shared, model, stay_id, print),
            "join": lambda: ask_join(host, shared, stay),
            "resident paper": lambda: ask_paper(host, shared, RealPaper(), stay),
            "report": lambda: ask_to_whom(
                host, shared, REPORTS["voca"], ("2026-Q1", "2025-Q4")[which], bool
            ),
            "publication": lambda: ask_publication(
                host, shared, PublicationAsked("ab"[which] * 20, {}, (), "", 3), Weighed(())
            ),
            "status": lambda: stay_sheets.ask_status(
                host, shared, model, stay_id, (plan.services[0], "declined")
            ),
            "correct exit": lambda: stay_sheets.ask_correct_exit(host, shared, model, stay),
            "correct arrival": lambda: stay_sheets.ask_correct_arrival(host, shared, stay),
            "exit": lambda: stay_sheets.ask_exit(host, shared, model, stay),
            "planned exit": lambda: stay_sheets.ask_planned_exit(host, shared, stay),
            "bed": lambda: stay_sheets.ask_bed(host, shared, stay),
            "funders": lambda: ask_funder_answers(host, shared, model, stay),
            "house answers": lambda: ask_house_answers(host, shared, model, stay),
        }

    def _of_missing(self, which):
        host, shared, model, one = self._parts(which)
        asks, episode_id = Asks(host, shared, model), one["episode"]
        notice = shared.ask(episode, episode_id=episode_id).notices[0]
        incident, incidents_ = one["incident"], IncidentAsks(host, shared, model)
        return {
            "told": lambda: asks.told(notice),
            "reason": lambda: asks.reason(notice),
            "missing line": lambda: asks.line(episode_id, "search"),
            "discovery": lambda: asks.discovery(episode_id, shared.now()),
            "back": lambda: asks.back(episode_id, "Sky"),
            "talk": lambda: asks.talk(episode_id, ReturnTalk()),
            "police sheet": lambda: asks.police_sheet(episode_id, print),
            "absences": lambda: asks.log_of(2025 + which, (), print),
            "rule": lambda: asks.rule(one["stay"], "mother", ""),
            "person": lambda: incidents_.person(incident),
            "step": lambda: incidents_.step(incident),
            "incident paper": lambda: incidents_.paper(incident, None, print),
        }

    def _of_house(self, which):
        host, shared, model, one = self._parts(which)
        ask, calendar = shared.ask, CalendarAsks(host, shared, model)
        (planned, *_) = ask(appointments.appointments_of, stay_id=one["stay"], since=shared.now())
        bed = [line for line in ask(bed_board).beds if line.state == "free"][which]
        sheets = Sheets(shared, model, lambda _changes: None)
        item = list(model.items.values())[which]
        service = ("basic_needs", "medication")[which]
        of_beds, of_list = BedsCard(shared), ask(beds)[which]
        of_beds.setParent(host)
        people = [line for line in ask(staff_list) if line.is_active]
        closed = list(model.record_classes.values())[which]
        rest = ("", None, "", "", None, shared.today(), "", None)
        out = OutLine(f"{which:020}", "Licensor", "2026-Q1", f"{which + 2:020}", *rest)
        pack = ExportLine(
            f"{which + 7:020}", "pack", shared.now(), None, "", "licensor", "2026-Q1", "Licensor",
            "licensor-review", "", 0, 0, b"", "", "", "", False, False, "", "", "",
        )  # fmt: skip
        days = (shared.today(), shared.today(), shared.today() + timedelta(days=20))
        signed = ("custodian", "Invented County Office", "review", (), shared.today())
        release = ReleaseLine(f"{which + 6:020}", one["stay"], "Sky", *signed)
        rules = pack_rules(model)
        reader = rules.profile(("custodian", "licensor")[which])
        named = ("Licensing office", "Section 1", "licensor", *days, "planned")
        visit = VisitLine(f"{which + 4:020}", *named)
        kept = (Kept(shared.today(), "record-retention"), True, None, "", None, "", None, None)
        left = KeptRecord(f"{which + 8:020}", "X-1", "Sky", shared.today(), *kept, False)
        held = VisitLine(f"{which + 4:020}", *named[:-1], "held")
        found = FindingLine(
            f"{which + 9:020}", held.visit_id, "Office", "licensor", shared.today(), "records",
            "Two drills are missing", people[which].staff_id, people[which].name, (),
            shared.today(), None, "", "",
        )  # fmt: skip
        papers = [line for line in ask(dated_papers, today=shared.today()) if line.staff_id]
        point = Point(f"late:{which}", "late", None, "", "Late", None, 1, None)
        return {
            "left pack": lambda: ask_why_left(host, shared, pack, bool),
            "keep by law": lambda: ask_hold(host, shared, left),
            "removal": lambda: ask_removal(host, shared, left),
            "visit": lambda: ask_visit(host, shared, visit),
            "visit owner": lambda: ask_owner(host, shared, visit, (point,)),
            "finding": lambda: ask_finding(host, shared, held),
            "finding corrected": lambda: ask_correction(host, shared, found),
            "finding owner": lambda: ask_other_owner(host, shared, found),
            "dated paper": lambda: ask_dated_paper(host, shared, papers[which]),
            "seat": lambda: ask_seat(host, shared, visit, print),
            "release": lambda: ask_release(host, shared, rules, reader, print),
            "revoke release": lambda: ask_revoke(host, shared, release),
            "handover": lambda: ask_handover(host, shared, out),
            "handover end": lambda: ask_handover_end(host, shared, out),
            "told figure": lambda: told_card(shared, host, which).ask(),
            "rename bed": lambda: asked(self.opened, lambda: of_beds._act(of_list, "rename")),
            "hold": lambda: bed_card._ask_hold(host, shared, model, bed),
            "plan": lambda: calendar.plan(stay_id=one["stay"]),
            "move": lambda: calendar.move(planned),
            "change": lambda: calendar.change(planned),
            "settle": lambda: calendar.settle(planned, "missed"),
            "change item": lambda: shown(sheets.change(item), host),
            "hide": lambda: shown(sheets.hide(item), host),
            "add item": lambda: shown(sheets.add_item(service, frozenset()), host),
            "roles": lambda: shown(RolesSheet(shared, model, people[which]), host),
            "open class": lambda: shown(OpenClassSheet(shared, model, closed), host),
        }

    def _there_once(self):
        host, shared, model, _ = self._parts(0)
        sheets = Sheets(shared, model, lambda _changes: None)
        return {
            "start": lambda: IncidentAsks(host, shared, model).start(print),
            "add service": lambda: shown(sheets.add_service("own_1"), host),
            "hand over": lambda: Work(shared, host).hand_over(),
            "beds": lambda: top(self.opened, BedsCard(shared), host),
            "visit of today": lambda: ask_here(host, shared, print),
            "audiences": lambda: top(self.opened, AudiencesCard(shared), host),
            "add person": lambda: shown(AddPersonSheet(shared, model), host),
            "slip": lambda: ask_slip(host, shared),
            "everything": lambda: shown(ExportSheet(shared), host),
            "census": lambda: shown(CensusSheet(shared, lambda one: one.called, print), host),
        }


def part(page):
    page.show_part("details")
    settle()
    return page.details.form


def told_card(shared, host, which):
    card = ToldCard(shared)
    card.setParent(host)
    card.period = ("2025-Q4", "2025-Q3")[which]
    return card


def gathered(page, opened):
    """Hide an item, so that the page asks why; return what it asks."""
    model = model_of(opened.shared)
    item = next(one for one in model.items.values() if not must_stay(one.id))
    if not any(change.kind == HIDE for change in page.changes):
        page.set_changes((Change(HIDE, item.id, "tested", ""),))
    return page.form


def shown(sheet, host):
    sheet.open_over(host)
    return sheet


def top(opened, card, host):
    card.setParent(host)
    return asked(opened, card.add_one)


def asked(opened, ask):
    ask()
    return opened.sheet(FormSheet)


def form_in(sheet):
    """Return the form of a sheet: the outermost one."""
    forms = sheet.findChildren(TypedForm)
    return next(
        one for one in forms if not any(o is not one and o.isAncestorOf(one) for o in forms)
    )


def keeper_of(form):
    """Return what keeps a form."""
    return form.findChild(KeptForm, options=Qt.FindChildOption.FindDirectChildrenOnly)


# Hands


def inputs(form):
    """Return (what it is called, widget) of everything there is to answer, as it is seen."""
    kinds = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractButton, QTableView)
    found, count = [], {}
    for widget in form.findChildren(kinds[0]) + [
        w for k in kinds[1:] for w in form.findChildren(k)
    ]:
        plain = isinstance(widget, QAbstractButton) and not widget.isCheckable()
        inner = isinstance(widget.parent(), QComboBox)
        if plain or inner or not widget.isVisibleTo(form) or not widget.isEnabled():
            continue
        words = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
        name = (type(widget).__name__, words)
        count[name] = count.get(name, 0) + 1
        found.append(((*name, count[name]), widget))
    return found


def answers(form):
    """Return what each input shows."""
    return {name: value_of(widget) for name, widget in inputs(form)}


def value_of(widget):
    if isinstance(widget, QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QTableView):
        return widget.currentIndex().row()
    return widget.isChecked()


def answer_all(form):
    """Answer everything by keys and clicks, also what an answer brings up; return what shows."""
    touched = set()
    for _ in range(200):
        todo = [(name, widget) for name, widget in inputs(form) if name not in touched]
        if not todo:
            break
        name, widget = todo[0]
        touched.add(name)
        answer(widget)
    QApplication.processEvents()
    return answers(form)


def answer(widget):
    if isinstance(widget, QComboBox):
        before = widget.currentIndex()
        QTest.keyClick(widget, Qt.Key.Key_Down)
        if widget.currentIndex() == before:
            QTest.keyClick(widget, Qt.Key.Key_Up)
    elif isinstance(widget, QAbstractButton):
        widget.click()
    elif isinstance(widget, QTableView):
        widget.selectRow(widget.model().rowCount() - 1)
    elif isinstance(widget, SearchBox):
        QTest.keyClicks(widget, "co")
    elif isinstance(widget.parent(), NumberEditor):
        QTest.keyClicks(widget, "7")
    else:
        QTest.keyClicks(widget, "half a sentence")
