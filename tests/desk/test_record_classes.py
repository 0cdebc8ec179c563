"""Ten record classes against eight roles, through every question and command of the desk."""

from inspect import signature

import pytest

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.seat_records import CLOSED
from shelter_desk.domain.record_classes import View, access_of, class_of
from shelter_desk.domain.staff import EVERY_ROLE, ROLE_IDS
from tests.conftest import newly_founded
from tests.desk.a_walk_of_classes import (
    BORN,
    CLASSES,
    EVENTS,
    MARKS,
    SERVICES,
    every_question,
    lines_of,
    seen_by_each_role,
    today_lines,
    words_in,
)

# Written out by hand: the shipped content must say the same, or this table is changed on purpose.
READS = {
    "intake-worker": {"general", "identity"},
    "nurse": {"general", "health", "substance-use"},
    "case-manager": {
        "general",
        "identity",
        "location",
        "mental-health",
        "education",
        "family",
    },
    "clinician": {"general", "health", "mental-health", "substance-use", "family"},
    "education-liaison": {"general", "education"},
    "legal-advocate": {"general", "privileged"},
    "residential-staff": {"general"},
    "director": {"general", "identity", "location", "privileged", "investigation"},
}
CARDS = {"residential-staff": {"health", "mental-health"}, "director": {"health", "mental-health"}}
# Questions of the desk that show nothing of any resident's classes, and why.
NOTHING_OF_A_CLASS = {
    "audiences": "whom summaries are for",
    "backup_state": "when backups were made",
    "recipients": "public keys of backups",
    "kit_use": "for which colleague the recovery kit was used, and when",
    "kit_made_at": "when the recovery kit was made",
    "beds": "names of beds, and who is called what",
    "settings": "the shelter's settings",
    "staff_list": "names and roles of staff",
    "refuse_as_second": "whether two accounts count as two people",
    "tries_to_note": "failed tries to sign in",
    "trail": "whether the audit trail is whole",
    "leaves": "hashes",
    "shown_events": "events about exports and seals",
    "seals": "seals of the trail",
    "export_list": "which exports were made",
    "signer": "the public key of who signs",
    "due_drift": "item ids of a check of the whole store, no resident",
    "identifiers": "names that exports look for, to keep them out; of roles that read identity",
    "model_words": "words of the care model",
    "bed_board": "beds, who sleeps in them, which are held free",
    "census": "who was in the house on a day, and in which bed",
    "has_accepted": "whether one has accepted the confidentiality agreement",
    "is_behind": "whether finding has to be made anew",
    "shift_lines": "the shift log: everybody on shift writes and reads it",
    "shift_paper": "the shift log of one resident",
    "my_openings": "which classes are open to oneself for a time",
    "openings_to_see": "who opened a class for a time, for directors",
    "appointment_changes": "times and states of an appointment, not its kind or place",
    "releases": "summaries that were released: protected totals",
    "ledger": "summaries that were released: protected totals",
    "summary_request": "totals, protected before anybody sees them",
    "summary_asked": "totals, protected before anybody sees them",
    "papers_of": "files of summaries that were released: protected totals",
    "tellable": "names of lines of a summary",
    "told_figures": "totals that are public",
    "slips_of": "how many slips without a name there are",
    "directors": "names of directors",
    "approval_text": "what a director signs: digests",
    "exact_report": "totals that a funder or licensor is told, nobody in them",
    "handed_over": "reports that were handed over: to whom, when, why",
    "handed_over_report": "totals that a funder or licensor was told",
    "told_last": "totals that a funder or licensor was told",
    "funder_counts": "totals that a funder asks for, nobody in them",
    "handoffs": "who signed a handoff, and how many were counted",
    "care_request": "totals, protected before anybody sees them",
    "about_staff_work": "totals about staff work",
    "is_over": "whether a period is over",
    "about_the_house": "staff without names, handoffs, checks of the house, versions of its rules",
    "seat_facts": "who sits at the inspector's seat, until when, and which dice drew",
    "seats_to_close": "which seats were open when the program ended: ids",
    "seat_left": "who sat at a seat when the program ended, for directors",
    "seat_stays": "case codes and days of the records drawn for a seat",
    "joined": "names and case codes of records that are joined, and who joined them",
    "maybe_same": "names and case codes of who sounds alike; birth dates as `record` opens them",
    "kept_records": "names and days of who left, for directors; on hold, taken away, destroyed",
    "destruction": "by whom and by which rule something was destroyed, nobody it was about",
    "destruction_text": "what a colleague signs: ids and days",
    "people_drawn": "staff without names: roles, papers, hours of training",
    "stays_between": "which stays a period has, for a pack",
    "stays_to_release": "names, case codes and days of those whose release can be written down",
    "stays_of_code": "the days of the stays under a case code, for a release",
}
FINDABLE = {mark for mark in MARKS if mark.startswith(("Note-", "Entry-"))}
# What a question is asked with that can show something of a resident.
ABOUT_SOMEBODY = {
    "stay_id", "resident_id", "episode_id", "incident_id", "answer_id", "entry_id",
    "appointment_id", "text", "wanted", "now", "at", "since", "year",
}  # fmt: skip
PAIRS = [(name, role) for name in CLASSES for role in ROLE_IDS]
every_pair = pytest.mark.parametrize(("name", "role"), PAIRS)
every_role = pytest.mark.parametrize("role", ROLE_IDS)


@pytest.fixture(scope="module")
def walk(tmp_path_factory, care_model):
    """Walk once; every test looks at what was seen."""
    opened = open_records(tmp_path_factory.mktemp("classes"), care_model)
    try:
        yield seen_by_each_role(opened)
    finally:
        opened.desk.close()


def open_records(place, care_model):
    return newly_founded(place / "records", care_model)


def expected(care_model, name, role, item_id):
    if name in READS[role]:
        return View.OPEN
    if care_model.items[item_id].role == role:
        return View.ENTER
    return View.CARD if name in CARDS.get(role, ()) else View.HIDDEN


@every_role
def test_the_shipped_content_gives_each_role_the_classes_of_the_table(care_model, role):
    access = access_of(care_model, (role,))
    assert access.classes == READS[role]
    assert set(CLASSES) == set(care_model.record_classes)
    assert set(care_model.roles[role].reads) == READS[role]


def test_every_question_of_the_desk_is_walked_or_known_to_show_nothing(walk):
    _, found = walk
    asked = {name.split()[0] for name in found["nurse"].answers}
    assert not asked & set(NOTHING_OF_A_CLASS)
    known = asked | set(NOTHING_OF_A_CLASS)
    unknown = {
        name
        for name, question in every_question().items()
        if name not in known and ABOUT_SOMEBODY & set(signature(question.answer).parameters)
    }
    assert not unknown, "walk it in a_walk_of_classes.py, or say here that it shows nothing"
    assert known <= set(every_question())


@every_pair
def test_sealed_words_are_shown_to_the_readers_of_their_class_only(walk, care_model, name, role):
    marks = {mark for mark, of in MARKS.items() if of == name}
    said = "\n".join(words_in(list(walk[1][role].answers.values())))
    told = {mark for mark in marks if mark in said}
    no_note = care_model.items[walk[0].answered[name]].outcome_only
    written = marks - ({f"Note-{name}-mark"} if no_note else set())
    assert written or name == "privileged"  # it keeps outcomes, and no words at all
    assert told == (written if name in READS[role] else set())


@every_pair
def test_an_item_is_open_entered_a_card_or_not_there(walk, care_model, name, role):
    written, found = walk
    lines = lines_of(found[role].answers["stay_plan"])
    item_id, occurrence = written.left_open[name]
    view = expected(care_model, name, role, item_id)
    if view is View.HIDDEN:
        assert item_id not in lines
        assert found[role].answers[f"item_line {item_id}"] is None
    else:
        assert {line.view for line in lines[item_id]} == {view}
        assert occurrence in {line.occurrence for line in lines[item_id]}
        assert found[role].answers[f"item_line {item_id}"].view is view
        assert lines[item_id][0].may_answer == (view is not View.CARD)


@every_pair
def test_an_answer_is_shown_to_the_readers_of_its_class_only(walk, care_model, name, role):
    written, found = walk
    seen, item_id = found[role].answers, written.answered[name]
    is_reader, text = name in READS[role], care_model.items[item_id].text
    lines = lines_of(seen["stay_plan"]).get(item_id, [])
    assert any(line.last for line in lines) == is_reader
    line = seen[f"item_line {item_id}"]
    assert bool(line and line.last) == is_reader
    assert (item_id in {done.item_id for done in seen["board"].done}) == is_reader
    assert (text in {line.title for line in seen["history"]}) == is_reader
    may_enter = expected(care_model, name, role, item_id) in (View.OPEN, View.ENTER)
    assert (seen[f"signers {name}"] is not None) == may_enter


@every_pair
def test_the_seat_shows_no_closed_class_and_nothing_its_opener_may_not_read(
    walk, care_model, name, role
):
    written, found = walk
    lines = found[role].answers["seat_record"]
    if role != "director":
        assert lines is None
        return
    text = care_model.items[written.answered[name]].text
    is_shown = any(line.text == text and line.done_at for line in lines)
    assert is_shown is (name in READS[role] and name not in CLOSED)


@every_pair
def test_the_check_before_a_visit_names_what_its_planner_sees(walk, care_model, name, role):
    written, found = walk
    points = found[role].answers["pre_check"]
    if role != "director":
        assert points is None
        return
    item_id, _ = written.left_open[name]
    named = any(item_id in point.point for point in points)
    view = expected(care_model, name, role, item_id)
    assert named is (view in (View.OPEN, View.ENTER))


@every_pair
def test_a_record_for_a_reviewer_holds_the_classes_its_maker_reads(walk, care_model, name, role):
    written, found = walk
    records = found[role].answers["records_shown"]
    if role != "director":
        assert records is None
        return
    shown = {line.item_id for line in records[0].items}
    assert (written.answered[name] in shown) == (name in READS[role])


@every_role
def test_an_incident_for_a_reviewer_is_shown_to_who_lets_packs_out_and_opens_them(walk, role):
    _, found = walk
    shown = found[role].answers["incidents_drawn"]
    assert (shown is not None) == (role == "director")
    assert role != "director" or not {"Stepmark", "Partmark"} & set(words_in(shown))


@pytest.mark.parametrize("role", ROLE_IDS)
def test_the_one_list_by_time_shows_the_items_of_today_and_no_other(walk, role):
    seen = walk[1][role].answers
    told = {(one.stay_id, one.item_id) for one in seen["due_notices"]}
    in_list = {
        (one.stay_id, one.what.item_id)
        for one in seen["dated"]
        if isinstance(one.what, ListedItem)
    }
    assert in_list == {(line.stay_id, line.item_id) for line in today_lines(seen["board"])} - told
    kinds = [one.what.kind for one in seen["dated"] if isinstance(one.what, AppointmentLine)]
    assert sorted(kinds) == sorted(
        {line.appointment_id: line.kind for line in seen["agenda"]}.values()
    )


@every_pair
def test_today_lists_what_may_be_seen_and_counts_no_more(walk, care_model, name, role):
    _, found = walk
    seen = found[role].answers
    lines = [line for line in today_lines(seen["board"]) if line.listed.item.record_class == name]
    views = {expected(care_model, name, role, line.item_id) for line in lines}
    assert View.HIDDEN not in views
    assert {line.view for line in lines} == views
    if name in READS[role] | CARDS.get(role, set()):
        assert lines
    shown = [item for lines in lines_of(seen["stay_plan"]).values() for item in lines]
    (mine,) = seen["roster"]
    assert mine.open_items == sum(item.occurrence is not None for item in shown)


@every_pair
def test_where_a_service_stands_and_its_entries_are_of_its_class(walk, care_model, name, role):
    if name not in SERVICES:
        assert all(class_of(one) != name for one in care_model.services.values())
        return
    service, seen = SERVICES[name], walk[1][role].answers
    assert class_of(care_model.services[service]) == name
    plan = {line.service_id: line for line in seen["stay_plan"].services}
    told = service in plan and plan[service].status == "in-progress"
    is_reader = name in READS[role]
    assert told == is_reader
    assert (service in {entry.service_id for entry in seen["entries"]}) == is_reader
    assert (service in {entry.service_id for entry in seen["log_lines"]}) == is_reader
    assert seen["log_sums"].entries == len(seen["log_lines"]) == len(READS[role] & set(SERVICES))
    assert (seen[f"entry_history {name}"] is not None) == is_reader
    entered = {line.service_id for line in seen["history"] if line.kind == "entry"}
    assert (service in entered) == is_reader


@every_pair
def test_what_happened_is_told_to_whom_it_gives_something_to_do(walk, care_model, name, role):
    code = EVENTS[name]
    views = {
        expected(care_model, item.record_class, role, item.id)
        for item in care_model.items.values()
        if code in item.starts_on
    }
    told = {line.title for line in walk[1][role].answers["history"] if line.kind == "event"}
    is_told = care_model.triggers[code].label in told
    assert is_told == any(view is not View.HIDDEN for view in views)
    recent = {line.code for line in walk[1][role].answers["recent_events"]}
    assert (code in recent) == is_told
    if name in READS[role]:
        assert is_told


@every_role
def test_what_an_event_would_open_is_named_to_whom_may_see_it(walk, care_model, role):
    follows = walk[1][role].answers["what_follows"]
    assert len(follows) > 2
    for one in follows:
        view = expected(care_model, care_model.items[one.item_id].record_class, role, one.item_id)
        assert bool(one.text) == (view is not View.HIDDEN)


@every_pair
def test_an_item_is_answered_by_readers_and_by_the_role_it_is_given_to(
    walk, care_model, name, role
):
    written, found = walk
    view = expected(care_model, name, role, written.left_open[name][0])
    assert (name in found[role].could_answer) == (view in (View.OPEN, View.ENTER))


@every_pair
def test_a_service_is_set_by_readers_and_by_whoever_does_its_work(walk, care_model, name, role):
    if name not in SERVICES:
        return
    items = care_model.services[SERVICES[name]].items
    works = View.ENTER in {expected(care_model, one.record_class, role, one.id) for one in items}
    assert (name in walk[1][role].could_set) == (name in READS[role] or works)


@every_pair
def test_notes_are_found_by_the_readers_of_their_class_only(walk, care_model, name, role):
    _, found = walk
    texts = {line.text for line in found[role].answers["notes"]}
    written = {mark for mark, of in MARKS.items() if of == name and mark in FINDABLE}
    if care_model.items[walk[0].answered[name]].outcome_only:
        written.discard(f"Note-{name}-mark")
    assert texts & set(MARKS) & {mark for mark, of in MARKS.items() if of == name} == (
        written if name in READS[role] else set()
    )


@every_role
def test_a_legal_name_finds_somebody_for_those_who_may_open_it(walk, role):
    assert bool(walk[1][role].answers["people"]) == ("identity" in READS[role])


@every_role
def test_birth_date_and_destination_go_with_their_classes(walk, role):
    record = walk[1][role].answers["record"]
    is_told = "identity" in READS[role]
    assert record.born_on == (BORN if is_told else None)
    assert (record.legal_name is not None) == is_told
    assert (walk[1][role].answers["funder_answers"] is not None) == is_told


@every_role
def test_a_closed_absence_and_incident_are_open_to_their_readers_only(walk, role):
    seen = walk[1][role].answers
    assert (seen["episode"].card is not None) == ("location" in READS[role])
    assert (seen["police_sheet_facts"] is not None) == ("location" in READS[role])
    assert (seen["episode"].talk is not None) == ("investigation" in READS[role])
    for name in ("incidents", "whole_incident", "incident_paper"):
        assert bool(seen[name]) == ("investigation" in READS[role])


@every_role
def test_a_kind_of_appointment_is_named_to_whom_may_know_of_it(walk, role):
    may_know = READS[role] | CARDS.get(role, set())
    seen = walk[1][role].answers
    kinds = [line.kind for line in seen["agenda"]]
    closed = {"treatment": "substance-use", "interview": "investigation"}
    closed["counseling"] = "mental-health"
    for kind, name in closed.items():
        assert (kind in kinds) == (name in may_know)
        assert (seen[f"one_appointment {kind}"].kind == kind) == (name in may_know)
    assert "mentor" in kinds
    assert len(kinds) == 4
    assert kinds == [line.kind for line in seen["appointments_of"]]


@every_role
def test_only_who_reads_the_trail_is_told_who_opened_what(walk, role):
    seen = walk[1][role].answers
    assert (seen["events"] is not None) == (role == "director")
    assert (seen["who_touched"] is not None) == (role == "director")
    assert (seen["stay_trail"] is not None) == (role == "director")
    assert (seen["incident_trail"] is not None) == (role == "director")


@pytest.mark.parametrize("name", CLASSES)
def test_an_audit_line_says_no_more_than_the_record_does(walk, care_model, name):
    written, found = walk
    seen, is_reader = found["director"].answers, name in READS["director"]
    text = care_model.items[written.answered[name]].text
    about = {(line.action, line.about) for line in seen["stay_trail"]}
    assert (("item.answer", text) in about) == is_reader
    outcome = {
        line.reason
        for line in seen["events"]
        if line.object == written.answers[name] and line.action == "item.answer"
    }
    assert outcome == ({"done"} if is_reader else {""})
    of_page = [line for line in seen["events"] if line.action.startswith(("item.", "service."))]
    assert list(seen["who_touched"]) == of_page, "the history of a page is the trail, in part"
    if name in SERVICES:
        service = SERVICES[name]
        reasons = {line.reason.partition(":")[0] for line in seen["events"]}
        assert (service in reasons) == is_reader
        assert (("service.log", care_model.services[service].name) in about) == is_reader


def test_whoever_holds_every_role_sees_everything(care_model):
    access = access_of(care_model, EVERY_ROLE)
    assert access.reads_all
    assert set(access.views.values()) == {View.OPEN}
    assert access.services == set(care_model.services)
    assert access.triggers == set(care_model.triggers)


@pytest.mark.parametrize("also", CLASSES)
def test_a_class_that_was_opened_besides_is_read_like_ones_own(care_model, also):
    access = access_of(care_model, ("residential-staff",), (also,))
    assert access.classes == {"general", also}
    for item in care_model.items.values():
        if item.record_class == also:
            assert access.view(item.id) is View.OPEN


def test_two_roles_see_what_each_of_them_sees(care_model):
    both = access_of(care_model, ("nurse", "education-liaison"))
    for item in care_model.items.values():
        views = [
            access_of(care_model, (role,)).view(item.id) for role in ("nurse", "education-liaison")
        ]
        order = list(View)
        assert both.view(item.id) is min(views, key=order.index)
