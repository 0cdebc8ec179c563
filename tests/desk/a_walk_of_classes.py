"""One invented stay with something of every record class, seen with the eyes of every role.

Everything is asked through `desk.ask`, on a real encrypted store, by real colleagues with keys of
their own. What they saw is kept as plain values; the tests then compare it with the table.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

import shelter_desk.desk
from shelter_desk.desk import accounts, care, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.appointments import agenda, appointments_of, one_appointment
from shelter_desk.desk.assigning import assignments
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.base import Command, Question
from shelter_desk.desk.care import AnswerItem, RecordEvent, SetNeed, StartPhase, stay_plan
from shelter_desk.desk.dated import dated
from shelter_desk.desk.finding import people
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.funder_answers import funder_answers
from shelter_desk.desk.go_bag import go_bag
from shelter_desk.desk.going import Going
from shelter_desk.desk.handoff import handoff_sheet
from shelter_desk.desk.history import history
from shelter_desk.desk.incident_paper import incident_paper
from shelter_desk.desk.incident_record import incident_of, incidents, whole_incident
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.desk.incident_trail import incident_trail
from shelter_desk.desk.incidents import AddPerson, AddStep, StartIncident, WithdrawIncident
from shelter_desk.desk.incidents_shown import incidents_drawn
from shelter_desk.desk.item import item_line, signers
from shelter_desk.desk.missing import AddMissingLine, StartMissing, WriteLastSeen
from shelter_desk.desk.missing_record import absences, episode, episodes_of, missing_board
from shelter_desk.desk.missing_return import CloseMissing, RecordReturn, WriteReturnTalk
from shelter_desk.desk.notices import contact_rules, due_notices
from shelter_desk.desk.police_sheet import police_sheet_facts
from shelter_desk.desk.record_lines import records_in_common, records_shown, records_until
from shelter_desk.desk.rounds import shift_round
from shelter_desk.desk.seat_records import seat_record
from shelter_desk.desk.seats import OpenSeat
from shelter_desk.desk.service_log import (
    LogFilter,
    LogService,
    entries,
    entry_history,
    last_entry,
    log_lines,
    log_sums,
)
from shelter_desk.desk.staffing import staffing
from shelter_desk.desk.starting import recent_events, what_follows
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.desk.telling import NeedNotTell, SetContactRule, Tell
from shelter_desk.desk.today import board
from shelter_desk.desk.visit_check import my_points, pre_check
from shelter_desk.desk.visits import PlanVisit
from shelter_desk.desk.who_looked import who_looked
from shelter_desk.desk.who_touched import who_touched
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.incidents import Report
from shelter_desk.domain.missing_cards import LastSeen, ReturnTalk
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import ROLE_IDS
from tests.conftest import PASSPHRASE
from tests.drawing import draw_of

WORDS = "four invented words here"
CLASSES = (
    "general",
    "identity",
    "location",
    "health",
    "mental-health",
    "substance-use",
    "privileged",
    "investigation",
    "education",
    "family",
)
SERVICES = {
    "general": "basic_needs",
    "health": "physical_health",
    "mental-health": "mental_health",
    "substance-use": "substance_use",
    "privileged": "legal_advocacy",
    "education": "education_reentry",
    "family": "family_reconciliation",
}
EVENTS = {
    "general": "complaint",
    "health": "infection-found",
    "mental-health": "screen-positive",
    "substance-use": "opioid-use-known",
    "privileged": "release-made",
    "investigation": "victim-identified",
    "education": "discipline-notice",
    "family": "first-contact",
    "location": "address-learned",
    "identity": "key-facts-changed",
}
BORN = date(2010, 6, 5)
# Words that are sealed in the records, and the class they are of.
MARKS = {
    "Legalmark": "identity",
    "Streetmark": "location",
    "Lookmark": "location",
    "Lastseenmark": "location",
    "Whommark": "investigation",
    "Partmark": "investigation",
    "Incidentmark": "investigation",
    "Stepmark": "investigation",
    "Toldmark": "investigation",
    **{f"Note-{name}-mark": name for name in CLASSES},
    **{f"Entry-{name}-mark": name for name in SERVICES},
}


@dataclass(frozen=True)
class Written:
    """What was written: by class, the item that was answered and the one that was left open."""

    stay_id: str
    answered: dict[str, str]
    answers: dict[str, str]
    left_open: dict[str, tuple[str, str]]
    appointments: dict[str, str]
    entries: dict[str, str]
    episode_id: str
    incident_id: str
    visit_id: str
    draw_id: str


def write_everything(opened):
    """Write something of every class, as the director who founded the shelter."""
    desk, clock = opened.desk, opened.clock
    stay_id = desk.do(
        residents.Admit("Sky", clock(), legal_name="Legalmark Sky", born_on=BORN)
    ).subject
    for phase in opened.care_model.phases:
        desk.do(StartPhase(stay_id, phase))
    for service in opened.care_model.services:
        desk.do(SetNeed(stay_id, service, "in-progress"))
    clock.forward(minutes=5)
    for code in EVENTS.values():
        desk.do(RecordEvent(stay_id, code, clock()))
    clock.forward(minutes=5)
    logged = {}
    for name, service in SERVICES.items():
        note = f"Entry-{name}-mark"
        logged[name] = desk.do(LogService(stay_id, service, clock(), 30, note=note)).subject
    appointments = _appointments(opened, stay_id)
    episode_id, incident_id = _absence(opened, stay_id), _incident(opened, stay_id)
    answered, answers, left_open = _items(opened, stay_id)
    for person in ("family", "counsel"):
        desk.do(SetContactRule(stay_id, person, "do-not-tell"))
    cases = (episode_id, incident_id, _visit(opened), draw_of(opened.desk, stay_id))
    return Written(stay_id, answered, answers, left_open, appointments, logged, *cases)


def _items(opened, stay_id):
    plan = opened.desk.ask(stay_plan, stay_id=stay_id, now=opened.clock())
    open_ones = {name: [] for name in CLASSES}
    for service in plan.services:
        for item in service.items:
            if item.occurrence and item.needs_signatures == 0:
                open_ones[item.record_class].append(item)
    answered, answers, left_open = {}, {}, {}
    for name, items in open_ones.items():
        # Where it can be, the one that is answered is given to a role that does not read it.
        readers = opened.care_model.record_classes[name].readers
        once = {item.item_id: item for item in items}.values()
        first, second = sorted(once, key=lambda item: item.role in readers)[:2]
        note = "" if first.outcome_only else f"Note-{name}-mark"
        answered[name] = first.item_id
        answers[name] = opened.desk.do(
            AnswerItem(stay_id, first.item_id, first.occurrence, note=note)
        ).subject
        left_open[name] = (second.item_id, second.occurrence)
    return answered, answers, left_open


def _appointments(opened, stay_id):
    starts_at = opened.clock() + timedelta(days=1)
    going = Going(place="Streetmark 1")
    return {
        kind: opened.desk.do(PlanAppointment(stay_id, kind, starts_at, going=going)).subject
        for kind in ("mentor", "treatment", "interview", "counseling")
    }


def _absence(opened, stay_id):
    """Write an absence down that is over and closed: its doors of the night have closed too."""
    desk, clock = opened.desk, opened.clock
    episode_id = desk.do(StartMissing(stay_id, clock())).subject
    desk.do(WriteLastSeen(episode_id, LastSeen(place="Lastseenmark")))
    desk.do(AddMissingLine(episode_id, "search", "room", "not-there", note="Lookmark"))
    clock.forward(minutes=10)
    for line in desk.ask(episode, episode_id=episode_id).notices:
        _tell(desk, line)
    desk.do(RecordReturn(episode_id, clock(), "self"))
    for line in desk.ask(episode, episode_id=episode_id).notices:
        if not line.is_answered:
            _tell(desk, line)
    desk.do(WriteReturnTalk(episode_id, ReturnTalk(reasons=("missed-someone",))))
    desk.do(CloseMissing(episode_id))
    return episode_id


def _tell(desk, line):
    if line.recipient == "police":
        desk.do(Tell(line.notice_id, None, "Whommark", "R-7"))
    else:
        desk.do(NeedNotTell(line.notice_id, "told-already"))


def _incident(opened, stay_id):
    desk, now = opened.desk, opened.clock()
    incident_id = desk.do(StartIncident(("injury",), now, now, "kitchen", (stay_id,))).subject
    desk.do(AddPerson(incident_id, "witness", stay_id=stay_id, note="Partmark"))
    desk.do(WriteReport(incident_id, Report(), "Incidentmark"))
    desk.do(AddStep(incident_id, "Stepmark", now.date()))
    for line in desk.ask(whole_incident, incident_id=incident_id).notices:
        desk.do(Tell(line.notice_id, None, "Toldmark", "R-8"))
    desk.do(WithdrawIncident(incident_id))
    return incident_id


def _visit(opened):
    """Plan a visit, whose check looks at everything that is open."""
    today = opened.clock().date()
    days = (today - timedelta(days=30), today, today + timedelta(days=60))
    return opened.desk.do(PlanVisit("Office", "Rule", "licensor", *days)).subject


def _seat(desk, draw_id):
    """Open a seat, where they may: one that was open before ended when they signed in."""
    try:
        return desk.do(OpenSeat("A. Auditor", "Rule", draw_id, 240)).subject
    except NotPermittedError:
        return ""


# Looking


def ask_everything(desk, written, now):
    """Ask every question that can show something of a stay; None where it was refused."""
    stay_id = written.stay_id
    asked = {
        "record": (residents.record, {"stay_id": stay_id, "now": now}),
        "roster": (residents.roster, {"now": now}),
        "search": (residents.search, {"text": "sk"}),
        "board": (board, {"now": now}),
        "stay_plan": (stay_plan, {"stay_id": stay_id, "now": now}),
        "history": (history, {"stay_id": stay_id, "limit": 1000}),
        "entries": (entries, {"stay_id": stay_id}),
        "log_lines": (log_lines, {"wanted": LogFilter(now - timedelta(days=3), now)}),
        "log_sums": (log_sums, {"wanted": LogFilter(now - timedelta(days=3), now)}),
        "notes": (notes, {"text": "mark"}),
        "people": (people, {"text": "Legalmark"}),
        "last_entry": (last_entry, {"stay_id": stay_id}),
        "agenda": (agenda, {"since": now, "until": now + timedelta(days=3)}),
        "dated": (
            dated,
            {"now": now, "since": now, "until": now + timedelta(days=7), "with_overdue": True},
        ),
        "appointments_of": (appointments_of, {"stay_id": stay_id, "since": now}),
        "missing_board": (missing_board, {"now": now}),
        "go_bag": (go_bag, {"now": now}),
        "assignments": (assignments, {}),
        "shift_round": (shift_round, {"now": now}),
        "handoff_sheet": (handoff_sheet, {"now": now}),
        "staffing": (staffing, {"now": now}),
        "episode": (episode, {"episode_id": written.episode_id}),
        "episodes_of": (episodes_of, {"stay_id": stay_id}),
        "absences": (absences, {"year": now.year}),
        "police_sheet_facts": (police_sheet_facts, {"episode_id": written.episode_id, "now": now}),
        "incidents": (incidents, {}),
        "whole_incident": (whole_incident, {"incident_id": written.incident_id}),
        "incident_trail": (incident_trail, {"incident_id": written.incident_id}),
        "incident_paper": (incident_paper, {"incident_id": written.incident_id}),
        "incident_of": (incident_of, {"episode_id": written.episode_id}),
        "recent_events": (recent_events, {"stay_id": stay_id, "limit": 1000}),
        "what_follows": (
            what_follows,
            {"stay_id": stay_id, "code": "possible-assault", "at": now, "now": now},
        ),
        "due_notices": (due_notices, {}),
        "contact_rules": (contact_rules, {"stay_id": stay_id}),
        "funder_answers": (funder_answers, {"stay_id": stay_id}),
        "events": (events, {"limit": 10_000}),
        "who_touched": (who_touched, {"kinds": ("item", "service"), "limit": 10_000}),
        "stay_trail": (stay_trail, {"stay_id": stay_id, "limit": 10_000}),
        "who_looked": (who_looked, {"stay_id": stay_id}),
        "my_points": (my_points, {"now": now}),
        "pre_check": (pre_check, {"visit_id": written.visit_id, "now": now}),
        "seat_record": (
            seat_record,
            {"seat_id": _seat(desk, written.draw_id), "stay_id": stay_id, "now": now},
        ),
        "records_until": (
            records_until,
            {"since": now - timedelta(days=9), "until": now, "closed": frozenset()},
        ),
        "incidents_drawn": (
            incidents_drawn,
            {
                "incidents": (written.incident_id,),
                "period": Period.quarter_of(now.date()),
                "now": now + timedelta(days=100),
            },
        ),
        "records_in_common": (
            records_in_common,
            {
                "period": Period.quarter_of(now.date()),
                "now": now + timedelta(days=100),
                "closed": frozenset(),
                "least": 1,
            },
        ),
        "records_shown": (
            records_shown,
            {
                "stays": (stay_id,),
                "period": Period.quarter_of(now.date()),
                "now": now + timedelta(days=100),
                "closed": frozenset(),
            },
        ),
    }
    seen = {name: _ask(desk, question, **values) for name, (question, values) in asked.items()}
    for name, answer_id in written.answers.items():
        seen[f"signers {name}"] = _ask(desk, signers, answer_id=answer_id)
    for name, entry_id in written.entries.items():
        seen[f"entry_history {name}"] = _ask(desk, entry_history, entry_id=entry_id)
    for name, appointment_id in written.appointments.items():
        seen[f"one_appointment {name}"] = _ask(
            desk, one_appointment, appointment_id=appointment_id
        )
    for name in CLASSES:
        for item_id in (written.answered[name], written.left_open[name][0]):
            keys = {"stay_id": stay_id, "item_id": item_id, "occurrence": None}
            seen[f"item_line {item_id}"] = _ask(desk, item_line, **keys)
    return seen


def _ask(desk, question, **values):
    try:
        return desk.ask(question, **values)
    except NotPermittedError:
        return None


def words_in(value):
    """Return every text anywhere in a value."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [word for part in value for word in words_in(part)]
    return []


def lines_of(plan):
    """Return item id -> the lines of a plan."""
    found = {}
    for service in plan.services:
        for item in service.items:
            found.setdefault(item.item_id, []).append(item)
    return found


def today_lines(found):
    """Return every open line of a board, those in cards too."""
    groups = (group for card in found.arrivals for group in card.groups)
    return [*found.lines, *(line for group in groups for line in group.lines)]


@dataclass
class Seen:
    """What one role saw, and which of the items left open they could answer."""

    answers: dict[str, object]
    could_answer: set[str]
    could_set: set[str]


def seen_by_each_role(opened):
    """Return role -> what somebody with this role alone saw of the written records."""
    people = {role: f"{place:020x}" for place, role in enumerate(ROLE_IDS, 1)}
    for role, public_id in people.items():
        accounts.add_colleague(
            opened.desk, PASSPHRASE, Colleague(public_id, f"Ada {role}", (role,), WORDS)
        )
    written = write_everything(opened)
    found = {}
    for role, public_id in people.items():
        opened.desk.close()
        opened.desk = entry.sign_in(
            opened.folder, public_id, WORDS, opened.care_model, opened.clock
        )
        answers = ask_everything(opened.desk, written, opened.clock())
        found[role] = Seen(answers, _answered(opened, written), _set(opened, written))
    return written, found


def _answered(opened, written):
    until, possible = opened.clock() + timedelta(days=30), set()
    reason = opened.care_model.reasons_for("deferred")[0].code
    for name, (item_id, occurrence) in written.left_open.items():
        command = care.AnswerItem(
            written.stay_id, item_id, occurrence, "deferred", reason=reason, until=until
        )
        if _does(opened.desk, command):
            possible.add(name)
    return possible


def _set(opened, written):
    return {
        name
        for name, service in SERVICES.items()
        if _does(opened.desk, SetNeed(written.stay_id, service, "in-progress"))
    }


def _does(desk, command):
    try:
        desk.do(command)
    except NotPermittedError:
        return False
    return True


def every_question():
    """Return every question of the desk, by name."""
    return dict(_all_names(lambda value: isinstance(value, Question)))


def every_command():
    """Return every command of the desk, by name."""

    def is_command(value):
        return isinstance(value, type) and issubclass(value, Command)

    return {name: kind for name, kind in _all_names(is_command) if kind is not Command}


def _all_names(wanted):
    for module in pkgutil.iter_modules(shelter_desk.desk.__path__):
        names = vars(importlib.import_module(f"shelter_desk.desk.{module.name}"))
        yield from ((name, value) for name, value in names.items() if wanted(value))
