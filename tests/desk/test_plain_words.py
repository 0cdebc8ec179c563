"""Every free word of the file when a record is destroyed: gone, or named with a reason."""

from datetime import timedelta

from sqlalchemy import LargeBinary, Text

from shelter_desk.desk import residents, shelter
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.custody import BeginExport
from shelter_desk.desk.findings import CorrectFinding, RecordFinding
from shelter_desk.desk.handing_over import SignHandoff
from shelter_desk.desk.model_editor import SaveModel
from shelter_desk.desk.named_alike import names_gone
from shelter_desk.desk.plain_words import STANDS, told_short
from shelter_desk.desk.removing import TakeAway, destroy
from shelter_desk.desk.seats import OpenSeat
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.visits import EndVisit, PlanVisit
from shelter_desk.domain.overlay import TEXT, Change
from shelter_desk.store import schema
from tests.conftest import join
from tests.desk.test_erasing import WORDS
from tests.desk.who_left import ADA, records
from tests.drawing import drawn_so_far

NAME = "Skylarkin"
# Where words go from: sealed since, blanked, or deleted with the record.
GONE = {
    "shift_line": "house_text",
    "handoff": "why",
    "visit_finding": "finding evidence",
    "resident_index": "called folded born_on",
    "resident_word": "rest sound",
}
# Of somebody else, or about nobody: no resident is named by what stands there.
OTHERS = {
    "staff": "name",  # a colleague; told where it is alike (`NamesGone.alike`)
    "audit_event": "text",  # codes; the trail is never rewritten
    "checkpoint": "note",  # bytes: the signed head of the trail
}
# Codes, days, digests and numbers: each command refuses what its list does not have.
CODES = {
    "agreement": "edition",
    "appointment": "kind company transport state reason start_key",
    "appointment_change": "what reason",
    "assignment": "item_id occurrence",
    "audience": "kind",
    "audit_event": "actor action object",
    "audit_visit": "scope since_on until_on visit_on state",
    "bed_hold": "reason",
    "care_facts": "period content",
    "checkpoint": "purpose",
    "class_opening": "record_class reason",
    "compartment_key": "compartment",
    "compartment_seal": "compartment kind",
    "contact_rule": "person rule",
    "custody": "kind result profile period sha256 basis contents why recipient_key"
    " file_name fingerprint opener_sha256 pdf_sha256 return_by series",
    "dated_paper": "kind issued_on expires_on",
    "draft": "form subject",
    "due_item": "service_id item_id occurrence state",
    "fact_link": "link",
    "funder_answer": "question",
    "handoff": "answer_key",
    "handoff_signature": "side",
    "handover": "taken_on wanted due_on ended ended_on how",
    "house_day": "day",
    "house_day_key": "compartment",
    "incident": "types place start_keys circumstances interventions treated resolution"
    " return_update nobody",
    "incident_key": "compartment",
    "incident_person": "role part",
    "incident_step": "due_on",
    "information_release": "purpose parts from_on until_on signers alone longer revoked_how",
    "item_answer": "item_id occurrence outcome reason role model_version",
    "item_signature": "role",
    "legal_hold": "reason",
    "lent_copy": "place matter",
    "missing_episode": "start_key return_keys return_way",
    "missing_line": "kind code result",
    "model_edition": "shipped",
    "note_place": "kind place subject",
    "notice": "stage recipient item_id reason",
    "own_rating": "period answers",
    "paper_disclosure": "paper basis parts",
    "release_facts": "period content",
    "release_paper": "name",
    "removal": "reason rule kept_until",
    "report_facts": "period content",
    "report_publication": "reason",
    "report_release": "report period basis content",
    "resident": "case_code",
    "resident_key": "compartment",
    "sample_draw": "profile period seed of_list",
    "sample_place": "label",
    "service_entry": "service_id voca_code funder group_key",
    "service_need": "service_id status reason offer_again_on",
    "shelter": "vault_id zone profile shift_starts model_version",
    "shift_line": "chips",
    "staff": "roles",
    "stay": "brought_by exit_type exit_destination",
    "stay_event": "code reopened",
    "stay_phase": "phase",
    "summary_release": "period audience snapshot certificate proof detail",
    "told_figure": "period figure counts told_on",
    "unmarked": "compartment",
    "visit_finding": "area due_on corrected_on",
    "visit_point": "point due_on",
}
TRAIL = {"audit_detail.body", "audit_event.text"}


def named(of_table):
    return {f"{table}.{name}" for table, names in of_table.items() for name in names.split()}


def texts_of_the_file():
    return {
        f"{table.name}.{column.name}"
        for table in schema.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text) and column.name != "public_id"
    }


def test_every_text_of_the_file_is_known_to_hold_free_words_or_none():
    kinds = (set(STANDS), named(GONE), named(OTHERS), named(CODES))
    assert set().union(*kinds) == texts_of_the_file(), "say of a new column what it may hold"
    assert sum(map(len, kinds)) == len(texts_of_the_file()), "each of one kind"


def written_by_commands(opened):
    """Write the name into every free word about the house that one command reaches."""
    desk, day = opened.desk, opened.clock().date()
    desk.do(shelter.AddBed(f"{NAME}’s old bed"))
    desk.do(shelter.AddAudience(f"Friends of {NAME}", "named"))
    desk.do(
        BeginExport("pack", "funder", "2026-Q1", f"{NAME} Fund", f"for {NAME}", "", f"§ {NAME}")
    )
    visit = desk.do(PlanVisit(f"{NAME} Agency", f"Rule {NAME}", "licensor", day, day, day)).subject
    desk.do(OpenSeat(f"Officer {NAME}", f"Order {NAME}", drawn_so_far(desk), 60))
    desk.do(EndVisit(visit, "held"))
    item = opened.care_model.items["basic_needs.01"]
    changes = (Change(TEXT, item.id, f"Ask {NAME}", item.text),)
    desk.do(SaveModel(0, changes, f"{NAME} asked for it"))
    me = desk.staff.public_id
    finding = desk.do(RecordFinding(visit, "building", f"{NAME}’s door sticks", me, day)).subject
    desk.do(CorrectFinding(finding, day, f"{NAME}’s door opens"))
    desk.do(WriteLine(LineWords(text=f"{NAME} rang")))
    desk.do(SignHandoff(opened.clock() - timedelta(hours=8), 0, 1, f"{NAME} is out"))


def written_raw(connection, name):
    """Write the name into a column as a command for it would, whatever the row is otherwise."""
    table, _, column = name.partition(".")
    words = f"{NAME} in {name}"
    held = connection.execute(f"SELECT {column} FROM {table}").fetchall()
    if any(NAME in str(value) for (value,) in held):
        return
    if held:
        connection.execute(f"UPDATE {table} SET {column} = ?", (words,))
        return
    values = {one.name: 1 for one in schema.metadata.tables[table].columns}
    for one in schema.metadata.tables[table].columns:
        if isinstance(one.type, Text):
            values[one.name] = "1"
        elif isinstance(one.type, LargeBinary):
            values[one.name] = b"1"
    values[column] = words
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


def plant_the_rest(opened):
    with opened.desk._store.unguarded() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for name in STANDS:
            table = name.partition(".")[0]
            guards = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
                (table,),
            ).fetchall()
            for guard, _ in guards:
                connection.execute(f"DROP TRIGGER {guard}")
            written_raw(connection, name)
            for _, sql in guards:
                connection.execute(sql)


def where_it_stands(opened):
    """Return table and column of everything in the file that holds the name, readable."""
    found = set()
    with opened.desk._store.unguarded() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(f"SELECT * FROM {table}")
            names = [one[0] for one in rows.description]
            for row in rows:
                for column, value in zip(names, row, strict=True):
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    if NAME.lower().encode() in raw.lower():
                        found.add(f"{table}.{column}")
    return found


def test_after_a_destruction_the_name_stands_where_a_reason_is_given_and_was_told(open_desk):
    opened, desk = open_desk, open_desk.desk
    join(desk, Colleague(ADA, "Ada", ("director",), WORDS))
    stay = desk.do(residents.Admit(NAME, opened.clock(), age_guess=15)).subject
    opened.clock.forward(minutes=5)
    desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    desk.do(residents.Admit("Wombat", opened.clock(), age_guess=15))
    written_by_commands(opened)
    plant_the_rest(opened)
    assert where_it_stands(opened) >= set(STANDS)
    opened.clock.forward(days=366 * 6)
    (line,) = [one for one in records(opened) if one.called == NAME]
    removal_id = desk.do(TakeAway(line.resident_id, "retention-ended")).subject
    with desk._store.unguarded() as connection:
        kept = {
            name: [
                words
                for (words,) in connection.execute(
                    "SELECT {1} FROM {0} WHERE {1} LIKE '%{2}%'".format(*name.split("."), NAME)
                )
            ]
            for name in STANDS
        }
    told = desk.ask(names_gone, removal_id=removal_id).stays
    assert all(kept.values())
    assert {told_short(words) for of_one in kept.values() for words in of_one} == set(told)
    opened.clock.forward(days=30)
    destroy(desk, removal_id, Second(ADA, WORDS))
    assert where_it_stands(opened) - TRAIL == set(STANDS)
