"""The full export: all of it, in open formats, sealed, and only when two people let it out."""

import csv
import hashlib
import io
import json
import tarfile
from datetime import timedelta

import pytest

from shelter_desk.desk import audit_log, custody, exported, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.appointing import Going, PlanAppointment
from shelter_desk.desk.everything import (
    LEFT_OUT,
    last_event,
    part_of_everything,
    tables_that_leave,
)
from shelter_desk.desk.funder_answers import AnswerFunders
from shelter_desk.desk.handing_over import SignHandoff
from shelter_desk.desk.releasing import SecondNeededError
from shelter_desk.desk.service_log import CorrectEntry, Given, LogService
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.exports.age import decrypt
from shelter_desk.exports.everything import ExportOrder, export_everything
from shelter_desk.exports.problems import DriveError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.store import schema
from tests.conftest import join

WORDS = "kiwi crayon latch ozone trance poppy"
COLLEAGUE = "other invented words for tests"
ORDER = ExportOrder("Another system", "We move")


def lived_in(opened):
    """One resident with words of every kind that is sealed, and a corrected entry."""
    desk, now = opened.desk, opened.clock()
    stay = desk.do(
        residents.Admit(
            "Zephyrine", now, legal_name="Zéphyrine Canary", good_to_know="Likes = and +",
            age_guess=15,
        )
    ).subject  # fmt: skip
    desk.do(AnswerFunders(stay, {"race": ("White",)}))
    entry = desk.do(LogService(stay, "crisis_shelter", now, 15, note="slept\nwell")).subject
    desk.do(CorrectEntry(entry, 1, Given("crisis_shelter", now, 20, note="slept well")))
    going = Going(place="12 Canary Street")
    desk.do(PlanAppointment(stay, "mentor", now + timedelta(days=1), going=going))
    return stay


def sent(opened, folder, second=None):
    folder.mkdir(exist_ok=True)
    made = export_everything(opened.desk, ORDER, PackDrive(folder), WORDS, second)
    with made.written.path.open("rb") as source:
        archive = decrypt(source, WORDS, most=1 << 26)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return made, {m.name: tar.extractfile(m).read() for m in tar.getmembers()}


def rows_of(files, table):
    text = files[f"tables/{table}.001.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_everything_is_there_opened_with_its_history_and_described(open_desk, tmp_path):
    lived_in(open_desk)
    made, files = sent(open_desk, tmp_path / "out")
    (resident,) = rows_of(files, "resident")
    assert resident["called"] == "Zephyrine"
    assert resident["legal_name"] == "Zéphyrine Canary"
    entries = rows_of(files, "service_entry")
    assert [one["note"] for one in entries] == ["slept\nwell", "slept well"]
    assert entries[0]["withdrawn_at"] == "2026-03-10T06:05:00.000Z"
    assert entries[1]["corrects_id"] == entries[0]["id"]
    assert rows_of(files, "appointment")[0]["place"] == "12 Canary Street"
    assert rows_of(files, "funder_answer")[0]["codes"] == '["White"]'
    details = {row["event_id"]: row["body"] for row in rows_of(files, "audit_detail")}
    assert any("slept well" in body or "note_sealed" in body for body in details.values())
    assert made.rows == sum(len(rows_of(files, table.name)) for table in tables_that_leave())
    with open_desk.desk._store.unguarded() as connection:
        for table in schema.metadata.tables.values():
            count = connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            if table.name not in (
                *LEFT_OUT,
                "custody",
                "checkpoint",
                "audit_event",
                "audit_detail",
            ):
                assert len(rows_of(files, table.name)) == count, table.name


def test_words_about_the_house_are_opened_too(open_desk, tmp_path):
    desk, now = open_desk.desk, open_desk.clock()
    desk.do(WriteLine(LineWords(text="The boiler is warm again")))
    desk.do(SignHandoff(now, 1, 1, "One sits on the step"))
    _, files = sent(open_desk, tmp_path / "out")
    assert rows_of(files, "shift_line")[0]["words"] == "The boiler is warm again"
    assert rows_of(files, "handoff")[0]["words"] == "One sits on the step"
    assert len(rows_of(files, "house_day")) == 1


def test_csv_and_json_say_the_same_and_the_sums_are_right(open_desk, tmp_path):
    lived_in(open_desk)
    made, files = sent(open_desk, tmp_path / "out")
    assert made.files == len(files)
    for table in tables_that_leave():
        rows = rows_of(files, table.name)
        names = [column.name for column in table.columns]
        assert files[f"tables/{table.name}.001.csv"].decode().split("\r\n")[0].split(",") == names
        if table.name.startswith("audit_"):
            continue
        listed = json.loads(files[f"tables/{table.name}.001.json"])
        plain = [{k: "" if v is None else str(v) for k, v in one.items()} for one in listed]
        assert [{k: v.removeprefix("'") for k, v in row.items()} for row in rows] == [
            {k: v.removeprefix("'") for k, v in one.items()} for one in plain
        ]
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
        if name != "SHA256SUMS"
    }  # fmt: skip


def test_every_column_of_the_records_is_described_or_left_out_with_a_reason():
    facts = {table.name: table for table in tables_that_leave()}
    assert set(facts) | set(LEFT_OUT) >= set(schema.metadata.tables)
    assert not set(facts) & set(LEFT_OUT)
    for table in facts.values():
        assert table.words
        for column in table.columns:
            assert column.words, f"{table.name}.{column.name}"
        assert len({column.name for column in table.columns}) == len(table.columns)


def test_no_key_and_no_plaintext_is_in_the_file_that_left(open_desk, tmp_path):
    lived_in(open_desk)
    made, files = sent(open_desk, tmp_path / "out")
    assert not any("resident_key" in name or "compartment" in name for name in files)
    sealed = made.written.path.read_bytes()
    for word in (b"Zephyrine", b"Canary", b"slept"):
        assert word not in sealed
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".age"]


def test_what_was_lawfully_destroyed_has_no_value(open_desk, tmp_path):
    stay = lived_in(open_desk)
    with open_desk.desk._store.unguarded() as connection:
        connection.execute("DROP TRIGGER resident_key_no_delete")
        connection.execute("DELETE FROM resident_key")
        connection.commit()
    open_desk.again()
    _, files = sent(open_desk, tmp_path / "out")
    (resident,) = rows_of(files, "resident")
    assert (resident["called"], resident["legal_name"]) == ("", "")
    assert resident["case_code"]
    assert len(rows_of(files, "service_entry")) == 2
    assert stay


def test_it_stands_in_the_records_who_why_and_how_it_ended(open_desk, tmp_path):
    lived_in(open_desk)
    made, _ = sent(open_desk, tmp_path / "out")
    line = open_desk.desk.ask(exported.export_list)[0]
    assert (line.kind, line.recipient, line.purpose, line.result) == (
        "everything", "Another system", "We move", "delivered",
    )  # fmt: skip
    assert line.sha256 == made.written.sha256
    actions = [event.action for event in open_desk.desk.ask(audit_log.events)]
    assert actions[:3] == ["custody.end", "audit.checkpoint", "custody.begin"]


def test_an_export_without_a_reason_or_a_place_leaves_nothing(open_desk, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(InvalidError):
        export_everything(open_desk.desk, ExportOrder("Them", " "), PackDrive(folder), WORDS)
    with pytest.raises(DriveError):
        export_everything(open_desk.desk, ORDER, PackDrive(tmp_path / "gone"), WORDS)
    assert open_desk.desk.ask(exported.export_list)[0].result == "failed"
    assert list(folder.iterdir()) == []
    open_desk.desk.do(residents.Admit("Zephyrine", open_desk.clock()))
    before = open_desk.desk.ask(audit_log.events)
    named = ExportOrder("For Zephyrine", "About zephyrine")
    with pytest.raises(InvalidError) as refused:
        export_everything(open_desk.desk, named, PackDrive(folder), WORDS)
    assert [one.field for one in refused.value.problems] == ["recipient", "reason"]
    assert open_desk.desk.ask(audit_log.events) == before, "no name is in the trail"


def test_rows_are_read_only_for_an_export_under_way(open_desk, tmp_path):
    made, _ = sent(open_desk, tmp_path / "out")
    asked = {"table": "resident", "after": 0, "up_to": 10**6}
    with pytest.raises(NotPermittedError):
        open_desk.desk.ask(part_of_everything, custody_id=made.custody_id, **asked)
    pack = open_desk.desk.do(
        custody.BeginExport("pack", "board", "2026-Q1", "Board", "Look")
    ).subject
    with pytest.raises(NotPermittedError):
        open_desk.desk.ask(part_of_everything, custody_id=pack, **asked)


def test_two_people_let_it_out_and_only_a_director_asks(open_desk, tmp_path):
    case_manager = Colleague("1" * 20, "Ada", ("case-manager",), COLLEAGUE)
    join(open_desk.desk, case_manager)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(SecondNeededError):
        export_everything(open_desk.desk, ORDER, PackDrive(folder), WORDS)
    begun = open_desk.desk.do(
        custody.BeginExport("everything", "full-export", "", "Them", "Move")
    ).subject
    up_to = open_desk.desk.ask(last_event)
    with pytest.raises(NotPermittedError):
        open_desk.desk.ask(
            part_of_everything, custody_id=begun, table="resident", after=0, up_to=up_to
        )
    made, _ = sent(open_desk, folder, Second("1" * 20, COLLEAGUE))
    assert open_desk.desk.ask(exported.export_list)[0].second == "Ada"
    assert made.written.path.exists()


def test_a_row_written_after_the_export_began_is_not_in_it(open_desk):
    begun = open_desk.desk.do(
        custody.BeginExport("everything", "full-export", "", "Them", "Move")
    ).subject
    up_to = open_desk.desk.ask(last_event)
    lived_in(open_desk)
    for table in ("resident", "stay", "service_entry", "audit_event"):
        part = open_desk.desk.ask(
            part_of_everything, custody_id=begun, table=table, after=0, up_to=up_to
        )
        assert len(part.rows) == (up_to if table == "audit_event" else 0)
