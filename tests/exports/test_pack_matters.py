"""What an auditor reads of documents, medicines, complaints and outcomes: shown, or why not."""

import csv
import io
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from shelter_desk.desk import care, residents
from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.dated_papers import RecordPaper
from shelter_desk.desk.happenings import RecordEvent
from shelter_desk.desk.reporting import exact_report
from shelter_desk.desk.shelter import AddBed
from shelter_desk.exports.pack_contents import prepare_pack
from shelter_desk.exports.pack_figures import NO_SUMMARY
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.pack_outcomes import line_rows, outcome_rows, people_rows

AFTER = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
DOCUMENTS = ("crisis_shelter.05", "crisis_shelter.10", "emergency_medical.09")
OF_ONE = "crisis_safety.08"
COMPLAINT, AS_NEEDED = "residential_care.08", "medication.05"
MANY = 10


def answer(opened, stay, item_id, outcome="done"):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    line = next(i for s in plan.services for i in s.items if i.item_id == item_id and i.occurrence)
    opened.desk.do(care.AnswerItem(stay, item_id, line.occurrence, outcome))


@pytest.fixture(scope="module")
def filled(founded_once):
    """Ten residents with their documents, a dose and a complaint each; one dose was refused."""
    opened = founded_once
    desk, clock = opened.desk, opened.clock
    for number in range(MANY):  # a house of a size that shows each file
        desk.do(AddBed(f"Room {number}"))
    stays = [desk.do(residents.Admit(f"Fern {n}", clock())).subject for n in range(MANY)]
    clock.forward(hours=1)
    for stay in stays:
        desk.do(residents.NoteOpened(stay))
        for item_id in DOCUMENTS:
            answer(opened, stay, item_id)
        desk.do(RecordEvent(stay, "complaint", clock()))
        desk.do(RecordEvent(stay, "as-needed-dose", clock()))
    for at, stay in enumerate(stays):
        answer(opened, stay, AS_NEEDED, "declined" if at == 0 else "done")
    answer(opened, stays[0], OF_ONE)  # the only one of its service: no line by service is shown
    clock.forward(days=3)
    for stay in stays:
        answer(opened, stay, COMPLAINT)
    paper = RecordPaper("policy-medication", date(2026, 2, 3), expires_on=date(2027, 2, 2))
    desk.do(paper)
    clock.at = AFTER
    return prepare_pack(desk, PackOrder("licensor", "2026-Q1"))


def rows_of(pack, name):
    text = pack.files[f"data/{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text)))


def lines(pack, name):
    """First column -> the others."""
    return {first: tuple(others) for first, *others in (r.values() for r in rows_of(pack, name))}


def test_in_a_middle_house_all_lines_of_a_file_stand_together_and_it_is_said_why(
    filled,
):
    medicines = lines(filled, "10_medication_audit")
    why = "a house of fewer than 20 beds shows the lines of a file together only"
    for title in ("Doses given, by shift or as needed", "Doses refused, by shift or as needed"):
        assert medicines[title] == ("*", "*", "*", "", why)
    assert medicines["All of these"] == ("10", "10", "0", "100", "")
    documents = lines(filled, "03_file_completeness")
    groups = {one.title for one in filled.wanted.rules.documents}
    assert set(documents) == groups | {"All of these"}
    assert documents["All of these"] == ("21", "21", "0", "100", "")
    assert lines(filled, "11_grievances_drills")["All of these"] == ("10", "10", "0", "100", "")
    # Nothing else divides the same answers: one answer could be counted out of the two.
    services = [row for row in rows_of(filled, "04_timeliness") if row["Service"] != "All"]
    assert {row["Answered"] for row in services} <= {"*"}
    # Health screenings are open to two roles: what these answered elsewhere could be told.
    assert set(lines(filled, "08_answers_by_role")) == {"All"}


def test_documents_of_those_who_came_stand_by_resident_and_outcomes_by_line(filled):
    arrivals = lines(filled, "03_documents_on_arrival")
    assert arrivals["Complete and sign the admission health screening"] == (
        "10", "10", "0", "0", "",
    )  # fmt: skip
    assert arrivals["Write a contact plan for each person"] == ("10", "0", "0", "10", "")
    outcomes = lines(filled, "13_outcomes")
    first = "Residents admitted, first stay or a further one: First stay"
    assert outcomes[first][:2] == ("10", "10")
    assert outcomes["Residents who left, planned or not"][:2] == ("0", "0")
    assert any(path.startswith("data/outcomes/") for path in filled.files)
    people = rows_of(filled, "06_people_by_service")
    assert people[0]["Residents"] == "10"
    assert {row["Service"]: row["RHY lines"] for row in people}["Education re-entry"] == "5"


def test_a_line_of_a_grant_holds_between_the_fewest_and_the_most(filled):
    by_line = {(row["List"], row["Line"]): row for row in rows_of(filled, "06_residents_by_line")}
    people = {row["Service"]: row["Residents"] for row in rows_of(filled, "06_people_by_service")}
    for row in by_line.values():  # of one service it is that figure; of several what they allow
        of = [people[name] for name in row["Services"].split("; ") if name in people]
        shown = [int(one) for one in of if one != "*"]
        assert row["At least"] == (str(max(shown, default=0)) if shown or not of else "*")
        most = "*" if "*" in of else str(min(sum(shown), MANY))
        assert row["At most"] == most
    health = by_line["RHY (R14)", "14 Health/medical care"]
    assert health["Services"] == (
        "Emergency medical and forensic care; Ongoing physical, dental and reproductive health"
    )
    prevention = by_line["RHY (R14)", "18 Substance use disorder/Prevention Services"]
    assert prevention["Services"] == "none of the care model counts in this line"
    exact = filled.wanted.desk.ask(exact_report, report_id="rhy", period="2026-Q1")
    table = next(one for one in exact.tables if one.id == "connections")
    for line in table.rows:
        row = by_line["RHY (R14)", f"{line.code} {line.label}"]
        if row["At most"] != "*":
            assert int(row["At least"]) <= line.values[0] <= int(row["At most"])


def test_every_service_that_counts_for_a_grant_stands_in_one_line_of_each_list(filled, care_model):
    lines_of_grants = filled.wanted.rules.lines
    named = [service for line in lines_of_grants for service in line.services]
    assert sorted(named) == sorted(set(care_model.services) - {"medication"})


def test_no_line_is_withheld_without_a_reason(filled, care_model):
    for name in (
        "03_file_completeness", "03_documents_on_arrival", "05_incidents", "06_people_by_service",
        "06_residents_by_line", "07_census", "10_medication_audit", "11_grievances_drills",
        "13_outcomes",
    ):  # fmt: skip
        for row in rows_of(filled, name):
            assert bool(row["Why withheld"]) == ("*" in row.values()), (name, row)
    # Below ten residents nothing of the summary leaves: each line says so.
    for row in (
        *outcome_rows(None, None, None, is_asked=True),
        *people_rows(None, care_model.services),
        *line_rows(None, filled.wanted.rules.lines, care_model.services),
    ):
        assert row[-1] == NO_SUMMARY, row
    # A pack for the public is given no outcomes: nothing says that they stayed out.
    board = [row[0] for row in outcome_rows(None, None, None, is_asked=False)]
    assert "All other outcomes" not in board


def test_what_a_pack_does_not_count_is_not_said_to_be_withheld(filled):
    """The board is given no counts of care, so none was tried of incidents and given up."""
    prepared = prepare_pack(filled.wanted.desk, PackOrder("board", "2026-Q1"))
    outcomes = prepared.files["data/13_outcomes.csv"].decode()
    assert "Nights for each resident" in outcomes
    assert "incidents" not in outcomes
    assert "no version" not in outcomes


def test_records_opened_stand_by_role(filled):
    opened = lines(filled, "12_records_opened")
    assert opened["All"] == opened["Intake worker"] == ("10", "10", "0", "0", "0")


def test_every_column_of_these_files_is_in_the_dictionary(filled):
    stated = {(row["File"], row["Column"]) for row in rows_of(filled, "02_definitions")}
    for name in filled.wanted.profile.files:
        if f"data/{name}.csv" in filled.files:
            head = filled.files[f"data/{name}.csv"].decode().splitlines()[0]
            columns = next(csv.reader([head]))
            assert {(name, column) for column in columns} <= stated


def test_a_policy_stands_with_the_quarter_of_its_review_and_of_the_next_one(filled):
    policies = lines(filled, "14_policy_index")
    reviewed = policies["Policy approved or reviewed: medication"]
    assert reviewed == ("", "", "2026-Q1", "2027-Q1", "")
    assert policies["Care model"][1:3] == ("2026-Q1", "")  # as shipped, no change was saved
    assert len([title for title in policies if title.startswith("Policy")]) == 1


def test_a_pack_after_corrections_repeats_what_is_out_and_so_tells_of_nobody(filled):
    """A reader of both packs subtracts one from the other, and looks for what one of them hides.

    One screening was never made after all, and one dose was given: counted anew, each would be
    the one resident between two figures, or the reason why a line is blank in one pack alone.
    """
    desk = filled.wanted.desk
    with desk._store.unguarded() as connection:
        for item_id, outcome in ((DOCUMENTS[0], "done"), (AS_NEEDED, "declined")):
            (answer_id,) = connection.execute(
                "SELECT public_id FROM item_answer WHERE item_id = ? AND outcome = ? LIMIT 1",
                (item_id, outcome),
            ).fetchone()
            desk.do(care.UndoAnswer(answer_id))
    again = prepare_pack(desk, PackOrder("licensor", "2026-Q1"))
    assert again.laid.note == ""
    # Staff stand under labels that are drawn for each pack; what left is one pack more by now.
    others = {"data/09_staffing.csv", "data/12_access_and_disclosure.csv"}
    compared = [
        path
        for path in filled.files
        if path.startswith(("data/summary/", "data/outcomes/")) or path.endswith(".csv")
    ]
    assert len(compared) > 20
    differ = {path for path in compared if filled.files[path] != again.files.get(path)}
    assert differ <= others
    # Another profile lays the same counts out: nothing of it can be set against the first.
    groups, now = filled.wanted.rules.groups, desk.now()
    few = {"10_medication_audit"}
    asked = desk.ask(
        care_request, period=filled.wanted.period, now=now, groups=groups, files=few
    ).request
    totals = {table.id: table.total for table in asked.tables}
    assert totals["completeness"] == totals["groups"] == totals["answers"] == 41


@contextmanager
def proof_of_an_earlier_version(desk):
    """What is out of this period as an earlier version left it, and again as it was."""
    with desk._store.unguarded() as connection:
        of_release = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
        triggers = connection.execute(of_release, ("summary_release",)).fetchall()
        proofs = connection.execute(
            "SELECT certificate, id FROM summary_release WHERE detail = 'outcomes'"
        ).fetchall()
        assert proofs
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(
            "UPDATE summary_release SET certificate = json_remove(certificate, '$.worlds')"
            " WHERE detail = 'outcomes'"
        )
    yield
    with desk._store.unguarded() as connection:
        put_back = "UPDATE summary_release SET certificate = ? WHERE id = ?"
        for proof in proofs:
            connection.execute(put_back, tuple(proof))
        for _, sql in triggers:
            connection.execute(sql)


def test_where_what_is_out_cannot_be_repeated_the_pack_says_so_and_leaves_it_out(filled):
    desk = filled.wanted.desk
    with proof_of_an_earlier_version(desk):
        again = prepare_pack(desk, PackOrder("licensor", "2026-Q1"))
    assert again.laid.note.startswith("No outcomes of residents are in this pack. The proof")
    assert "The paper handed out then stands" in again.laid.note
    assert not any(path.startswith("data/outcomes/") for path in again.files)
    assert any(path.startswith("data/summary/") for path in again.files)
    assert lines(again, "13_outcomes")["All other outcomes"][-1] == NO_SUMMARY
    assert b"Some figures stayed out" in again.files["data/17_differencing_check.txt"]
