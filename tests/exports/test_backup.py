"""A backup comes back whole, opens only for whom it should, and forgets who was erased."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from backup_place import NEW_PASSPHRASE, Place
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as driver

from shelter_desk.desk import accounts, audit_log, backups, entry, exported, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.finding import people
from shelter_desk.desk.finding_notes import notes
from shelter_desk.desk.incident_record import whole_incident
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.kept_records import kept_records
from shelter_desk.desk.key_copies import kept_keys, keys_name
from shelter_desk.desk.removing import PutBack, TakeAway, destroy
from shelter_desk.desk.restoring import NobodyToOpenError, NoSuchDirectorError, WithKit
from shelter_desk.desk.roster import roster
from shelter_desk.desk.service_log import LogService
from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.way_back import NoKeyFileError, by_passphrase
from shelter_desk.domain.errors import DeskError, NotPermittedError
from shelter_desk.domain.ids import StaffId
from shelter_desk.domain.incidents import Report
from shelter_desk.domain.staff import StaffMember
from shelter_desk.domain.trouble import DamagedStoreError, MissingStoreError, StoreExistsError
from shelter_desk.exports.age import AgeWriter
from shelter_desk.exports.backup import READ_ME, delete_former_keys, make_backup
from shelter_desk.exports.problems import DriveFullError
from shelter_desk.exports.restore import Here, KeysPartMissingError, restore_backup
from shelter_desk.exports.stick import PackDrive
from shelter_desk.store.backup import BackupDamagedError, digest_of
from shelter_desk.store.keys import slot_file, slots
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.opening import STORE_NAME, connect
from tests.conftest import PASSPHRASE, join

PAGE, RESERVED = 4096, 80


@pytest.fixture
def place(open_desk, tmp_path) -> Place:
    made = Place(open_desk, tmp_path / "stick")
    made.stick.mkdir()
    made.admit("Skylarkin", 15)
    made.admit("Ada")
    return made


def sign_in(place: Place, folder: Path, passphrase: str = NEW_PASSPHRASE):
    person = entry.people(folder)[0][0]
    return entry.sign_in(folder, person, passphrase, place.opened.care_model, place.opened.clock)


def names(desk) -> list[tuple[str, object]]:
    return sorted((line.called, line.age) for line in desk.ask(roster, now=desk.now()))


def test_the_records_come_back_with_every_row_and_the_first_event_says_so(place, tmp_path):
    made = place.back_up()
    before = names(place.desk)
    told = place.restore(tmp_path / "back")
    assert told.events == made.events
    desk = sign_in(place, tmp_path / "back")
    try:
        assert names(desk) == before
        assert [name for name, _ in before] == ["Ada", "Skylarkin"]
        assert desk.ask(audit_log.trail).is_whole
        assert all(finding.passed for finding in desk.check_file())
        lines = desk.ask(audit_log.events, limit=3)
        first = next(line for line in lines if line.seq == made.events + 1)
        assert first.action == "records.restore"
        assert first.reason == f"backup-ends-at:{made.events}:recovery-kit"
        place.opened.desk.close()
        place.opened.desk = desk
        place.admit("Ash")
        assert "Ash" in {name for name, _ in names(desk)}
    finally:
        desk.close()


def test_nobody_else_signs_in_to_restored_records(place, tmp_path):
    place.back_up()
    place.restore(tmp_path / "back")
    assert len(entry.people(tmp_path / "back")) == 1
    with pytest.raises(DeskError):
        sign_in(place, tmp_path / "back", PASSPHRASE)


def test_a_backup_holds_no_slot_and_no_name_can_be_read_in_it(place):
    made = place.back_up()
    for file in place.stick.glob("*.age"):
        assert b"Skylarkin" not in file.read_bytes()
        plain = place.plain(file)
        assert b"Skylarkin" not in plain
        assert b"wrapped" not in plain
        assert b"argon" not in plain.lower()
    inside = place.inside(made.written.path)
    assert list(inside) == ["backup.json", "store.db"]
    assert b"stick" not in inside["backup.json"]


def pages(data: bytes, key: bytes) -> bytes:
    """Return every page of a SQLCipher file in plain text, free pages too."""
    plain = bytearray()
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        body = page[16 if start == 0 else 0 : PAGE - RESERVED]
        iv = page[PAGE - RESERVED :][:16]
        opened = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        plain += opened.update(body) + opened.finalize()
    return bytes(plain)


def test_no_page_of_the_records_part_keeps_a_residents_key_or_name(place):
    place.desk.keep_draft("note", "x", "Canary words half typed")
    write_incident(place.desk)
    made = place.back_up()
    inside = place.inside(made.written.path)
    facts = json.loads(inside["backup.json"])
    plain = pages(inside["store.db"], bytes.fromhex(facts["store_key"]))
    assert b"CREATE TABLE resident_key" in plain  # the pages were really opened
    keys = place.keys()["rows"]
    assert len(keys["resident"]) == 20  # two residents, ten record classes
    assert len(keys["incident"]) == 2
    rows = keys["resident"] + keys["incident"]
    assert [row for row in rows if bytes.fromhex(row[6]) in plain] == []
    links = [link for _, link in place.keys()["links"].values()]
    assert len(links) == 2
    assert [link for link in links if link.encode() in plain] == []
    for words in (b"Skylarkin", b"Canary words", b"Bilby"):
        assert words not in plain


def write_incident(desk):
    now = desk.now()
    incident_id = desk.do(StartIncident(("injury",), now, now, "kitchen")).subject
    desk.do(WriteReport(incident_id, Report(), "Bilby at the door"))
    return incident_id


def test_the_words_of_an_incident_come_back_with_the_keys_part(place, tmp_path):
    incident_id = write_incident(place.desk)
    made = place.back_up()
    place.restore(tmp_path / "back", made.written.path)
    desk = sign_in(place, tmp_path / "back")
    assert desk.ask(whole_incident, incident_id=incident_id).note == "Bilby at the door"
    assert [one.text for one in desk.ask(notes, text="bilby")] == ["Bilby at the door"]
    desk.close()


def destroyed_by_two(place, stay_id):
    desk, clock, words = place.desk, place.opened.clock, "four invented words here"
    join(desk, Colleague("d" * 20, "Dot", ("nurse",), words))
    desk.do(residents.RecordExit(stay_id, clock(), "kin", "422"))
    (line,) = desk.ask(kept_records, now=clock())
    removal_id = desk.do(TakeAway(line.resident_id, "entered-twice")).subject
    clock.forward(days=30)
    destroy(desk, removal_id, Second("d" * 20, words))


def test_an_erased_residents_words_are_gone_from_the_old_backup_too(place, tmp_path):
    old = place.back_up()
    saved = tmp_path / "drawer"
    shutil.copytree(place.stick, saved)
    gone = place.desk.ask(roster, now=place.desk.now())
    sky = next(line for line in gone if line.called == "Skylarkin")
    destroyed_by_two(place, sky.stay_id)
    place.back_up()
    assert sky.called == "Skylarkin"
    told = place.restore(tmp_path / "back", old.written.path)
    assert told.events == old.events
    desk = sign_in(place, tmp_path / "back")
    assert [name for name, _ in names(desk)] == ["Ada"]
    assert links(desk) == links(place.desk), "nor does anything say which facts were theirs"
    assert len(links(desk)) == 1
    desk.close()
    # The honest limit: what lay in a drawer since before still has the key.
    place.restore(tmp_path / "drawer-back", saved / old.written.path.name)
    desk = sign_in(place, tmp_path / "drawer-back")
    assert [name for name, _ in names(desk)] == ["Ada", "Skylarkin"]
    assert len(links(desk)) == 2
    desk.close()


def links(desk) -> list[tuple[int, str]]:
    with desk._store.unguarded() as connection:
        return connection.execute("SELECT resident_id, link FROM fact_link").fetchall()


def test_a_record_that_was_taken_away_stays_off_the_lists_of_a_restore_and_comes_back(
    place, tmp_path
):
    desk, clock = place.desk, place.opened.clock
    arrived = clock()
    stay_id = desk.do(residents.Admit("Moss", arrived, legal_name="Moss Numbat")).subject
    desk.do(LogService(stay_id, "basic_needs", arrived, 10, note="Quokka seen"))
    clock.forward(minutes=10)
    desk.do(residents.RecordExit(stay_id, clock(), "kin", "422"))
    (line,) = desk.ask(kept_records, now=clock())
    removal_id = desk.do(TakeAway(line.resident_id, "entered-twice")).subject
    desk = place.opened.again()  # whoever signs in makes findable what is not
    for folder in (None, tmp_path / "back"):
        if folder is not None:
            place.back_up()
            place.restore(folder)
            desk = sign_in(place, folder)
        assert desk.ask(notes, text="quokka") == ()
        assert [*desk.ask(people, text="moss"), *desk.ask(people, text="numbat")] == []
        with desk._store.unguarded() as connection:
            called = {name for (name,) in connection.execute("SELECT called FROM resident_index")}
        assert called == {"Ada", "Skylarkin"}
    desk.do(PutBack(removal_id))
    assert [one.text for one in desk.ask(notes, text="quokka")] == ["Quokka seen"]
    assert desk.ask(people, text="moss")
    assert desk.ask(people, text="numbat")
    desk.close()


def test_a_backup_from_before_the_keys_changed_opens_with_the_newest_keys_part(place, tmp_path):
    colleague = Colleague("c" * 20, "Ash", ("nurse",), "four invented words here")
    join(place.desk, colleague)
    old = place.back_up()
    accounts.end_access(place.desk, PASSPHRASE, "c" * 20)
    place.admit("Moss")
    place.back_up()
    place.restore(tmp_path / "back", old.written.path)
    desk = sign_in(place, tmp_path / "back")
    assert [name for name, _ in names(desk)] == ["Ada", "Skylarkin"]
    desk.do(residents.Admit("Fern", desk.now(), legal_name="Fern Invented"))
    desk.close()
    desk = sign_in(place, tmp_path / "back")
    assert [name for name, _ in names(desk)] == ["Ada", "Fern", "Skylarkin"]
    desk.close()


def test_who_left_and_is_back_with_a_backup_is_shut_out_by_ending_it_again(place, tmp_path):
    ash, words = "c" * 20, "four invented words here"
    join(place.desk, Colleague(ash, "Ash", ("nurse",), words))
    kept = slots.unlock(slot_file.read_slots(place.opened.folder).slots, ash, words).dek
    place.back_up()
    accounts.end_access(place.desk, PASSPHRASE, ash)
    place.restore(tmp_path / "back")
    desk = sign_in(place, tmp_path / "back")
    assert [one.name for one in desk.ask(staff_list) if one.is_active] == ["Ash", "Dana"]
    accounts.end_access(desk, NEW_PASSPHRASE, ash)
    assert [name for name, _ in names(desk)] == ["Ada", "Skylarkin"]
    desk.close()
    with pytest.raises(DamagedStoreError):
        connect(tmp_path / "back" / STORE_NAME, kept)
    desk = sign_in(place, tmp_path / "back")
    assert desk.alarm is None
    desk.close()


def test_a_backup_of_an_older_version_is_brought_up_to_date(place, tmp_path):
    made = place.back_up()
    inside = place.inside(made.written.path)
    older = tmp_path / "older"
    older.mkdir()
    (older / STORE_NAME).write_bytes(inside["store.db"])
    facts = json.loads(inside["backup.json"])
    connection = connect(older / STORE_NAME, bytes.fromhex(facts["store_key"]))
    # As a version wrote it that had other tables.
    connection.execute("CREATE TABLE of_former_times (id INTEGER PRIMARY KEY)")
    connection.close()
    facts |= {
        "size": (older / STORE_NAME).stat().st_size,
        "sha256": digest_of(older / STORE_NAME),
        "rows": {**facts["rows"], "gone_since": 3},
    }
    seal_again(place, made.written.path, facts, (older / STORE_NAME).read_bytes())
    assert place.restore(tmp_path / "back").events == made.events


def facts_of(place, path: Path) -> dict:
    return json.loads(place.inside(path)["backup.json"])


def seal_again(place, path: Path, facts: dict, store: bytes) -> None:
    """Write a records part anew, as another version would have written it."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, data in (("backup.json", json.dumps(facts).encode()), ("store.db", store)):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    with path.open("wb") as target, AgeWriter(target, [place.opened.kit.public_key]) as sealed:
        sealed.write(plain.getvalue())


def test_the_newest_keys_open_every_older_backup(place, tmp_path):
    first = place.back_up()
    place.admit("Ash")
    second = place.back_up()
    assert len(list(place.stick.glob("B-*.age"))) == 2
    assert len(list(place.stick.glob("K-*.age"))) == 1
    place.restore(tmp_path / "first", first.written.path)
    desk = sign_in(place, tmp_path / "first")
    assert [name for name, _ in names(desk)] == ["Ada", "Skylarkin"]
    desk.close()
    assert place.restore(tmp_path / "newest").events == second.events


def test_records_from_an_older_backup_never_replace_keys_of_a_newer_one(place, tmp_path):
    older = place.back_up()
    place.admit("Ash")
    newer = place.back_up()
    place.restore(tmp_path / "older", older.written.path)
    place.desk.close()
    place.opened.desk = sign_in(place, tmp_path / "older")
    place.opened.clock.forward(days=1)
    place.admit("Moss")
    made = place.back_up()
    assert made.former == (keys_name(facts_of(place, newer.written.path)["vault_id"]),)
    place.restore(tmp_path / "newer", newer.written.path)
    place.restore(tmp_path / "newest")
    for folder, called in (("newer", "Ash"), ("newest", "Moss")):
        desk = sign_in(place, tmp_path / folder)
        assert [name for name, _ in names(desk)] == sorted(("Ada", "Skylarkin", called))
        desk.close()
    place.admit("Fern")
    again = place.back_up()  # the line goes on, and replaces its own keys only
    assert len(list(place.stick.glob("K-*.age"))) == 2
    assert place.restore(tmp_path / "again").events == again.events


def test_keys_from_before_the_records_were_brought_back_can_be_deleted(place, tmp_path):
    older = place.back_up()
    place.admit("Ash")
    newer = place.back_up()
    place.restore(tmp_path / "older", older.written.path)
    place.desk.close()
    place.opened.desk = sign_in(place, tmp_path / "older")
    place.opened.clock.forward(days=1)
    made = place.back_up()
    assert len(made.former) == 1
    delete_former_keys(place.desk, made)
    assert not [name for name in made.former if (place.stick / name).exists()]
    told = [one for one in place.desk.ask(audit_log.events) if one.action == "backup.delete-keys"]
    assert [one.reason for one in told] == [made.former[0]]
    assert place.back_up().former == ()
    with pytest.raises(DeskError):
        place.restore(tmp_path / "newer", newer.written.path)
    assert place.restore(tmp_path / "made", made.written.path).events == made.events


def test_it_says_how_much_is_missing_when_something_here_remembers(place, tmp_path):
    made = place.back_up()
    for name in ("Ash", "Robin"):
        place.admit(name)
    told = place.restore(tmp_path / "back", None, place.opened.folder)
    assert told.newest_known == made.events + 3  # the end of the export, and two arrivals


def test_a_director_restores_with_a_passphrase_where_the_key_file_is_left(place, tmp_path):
    place.back_up()
    facts_vault = place.keys()["vault_id"]
    kept = kept_keys(facts_vault)
    place.desk.close()
    shutil.rmtree(place.opened.folder)
    way = by_passphrase((place.opened.folder, kept), PASSPHRASE)
    model, clock = place.opened.care_model, place.opened.clock
    restore_backup(place.stick, tmp_path / "back", way, Here(model, clock))
    desk = sign_in(place, tmp_path / "back", PASSPHRASE)
    assert [name for name, _ in names(desk)] == ["Ada", "Skylarkin"]
    desk.close()


def test_a_passphrase_opens_nothing_without_a_key_file_or_when_it_is_another(place, tmp_path):
    with pytest.raises(NoKeyFileError):
        by_passphrase((tmp_path, tmp_path / "nowhere"), PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        by_passphrase((tmp_path, place.opened.folder), NEW_PASSPHRASE)


def test_a_name_that_was_no_director_is_told_apart_from_a_wrong_kit(place, tmp_path):
    place.back_up()
    way = WithKit(place.opened.kit, NEW_PASSPHRASE, "Ash")
    here = Here(place.opened.care_model, place.opened.clock)
    with pytest.raises(NoSuchDirectorError):
        restore_backup(place.stick, tmp_path / "no", way, here)
    assert not (tmp_path / "no").exists()


def test_a_restore_tells_how_far_it_is(place, tmp_path):
    place.back_up()
    told = []
    here = Here(place.opened.care_model, place.opened.clock, told=lambda *one: told.append(one))
    way = WithKit(place.opened.kit, NEW_PASSPHRASE)
    restore_backup(place.stick, tmp_path / "back", way, here)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 0


def test_another_kit_opens_nothing_and_leaves_nothing(place, tmp_path):
    place.back_up()
    way = WithKit(new_kit(), NEW_PASSPHRASE)
    here = Here(place.opened.care_model, place.opened.clock)
    with pytest.raises(NobodyToOpenError):
        restore_backup(place.stick, tmp_path / "no", way, here)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["records", "stick"]


def test_a_backup_from_before_a_new_kit_opens_with_the_former_kit_only(place, tmp_path):
    old = place.back_up().written.path
    kit, here = new_kit(), Here(place.opened.care_model, place.opened.clock)
    accounts.replace_kit(place.desk, PASSPHRASE, kit.code)
    with pytest.raises(NobodyToOpenError):
        restore_backup(place.stick, tmp_path / "no", WithKit(kit, NEW_PASSPHRASE), here)
    place.restore(tmp_path / "back")
    assert len(names(sign_in(place, tmp_path / "back"))) == 2
    place.back_up()  # and the next one with the new kit only; the keys beside it are the newest
    for backup in (place.stick, old):
        with pytest.raises(NobodyToOpenError):
            place.restore(tmp_path / "no", backup)
    restore_backup(place.stick, tmp_path / "new", WithKit(kit, NEW_PASSPHRASE), here)
    assert len(names(sign_in(place, tmp_path / "new"))) == 2


@pytest.mark.parametrize("which", ["B", "K"])
def test_no_damage_passes_and_none_leaves_a_folder(place, tmp_path, which):
    made = place.back_up()
    file = made.written.path if which == "B" else place.keys_file()
    good = file.read_bytes()
    tried = 0
    for start in range(0, len(good), len(good) // 20):
        for bad in (
            good[:start] + bytes([good[start] ^ 1]) + good[start + 1 :],
            good[:start],
        ):
            file.write_bytes(bad)
            with pytest.raises((BackupDamagedError, NobodyToOpenError)):
                place.restore(tmp_path / "no", made.written.path)
            assert sorted(p.name for p in tmp_path.iterdir()) == ["records", "stick"]
            tried += 1
    print(f"{which}: {tried} damaged files, all refused, nothing left")
    assert tried >= 40


def test_a_backup_without_its_keys_part_says_which_file_to_bring(place, tmp_path):
    place.back_up()
    place.keys_file().rename(tmp_path / "elsewhere.age")
    with pytest.raises(KeysPartMissingError, match="begins with K-"):
        place.restore(tmp_path / "no")
    assert not (tmp_path / "no").exists()


def test_keys_older_than_the_backup_are_refused(place, tmp_path):
    place.back_up()
    older = place.keys_file().read_bytes()
    place.admit("Ash")
    made = place.back_up()
    place.keys_file().write_bytes(older)
    with pytest.raises(BackupDamagedError):
        place.restore(tmp_path / "no", made.written.path)


def test_nothing_that_is_there_is_written_over(place, tmp_path):
    place.back_up()
    with pytest.raises(StoreExistsError):
        place.restore(place.opened.folder)
    with pytest.raises(MissingStoreError):
        place.restore(tmp_path / "no", tmp_path)


def test_only_a_director_makes_a_backup(place):
    nurse = StaffMember(StaffId(1), "aa", "Ash", ("nurse",))
    for question in (backups.backup_state, backups.recipients):
        with pytest.raises(NotPermittedError):
            nurse.require(question.needs)


def test_the_records_know_when_the_last_backup_was_and_when_one_is_due(place):
    clock = place.opened.clock
    state = place.desk.ask(backups.backup_state, now=clock())
    assert (state.last_at, state.is_due) == (None, False)
    clock.forward(days=7)
    assert place.desk.ask(backups.backup_state, now=clock()).is_due
    place.back_up()
    acts = [one.action for one in place.desk.ask(audit_log.events, limit=9)]
    assert [one for one in acts if "custody" in one] == ["custody.end", "custody.begin"]
    state = place.desk.ask(backups.backup_state, now=clock())
    assert (state.last_at, state.is_due) == (clock(), False)
    assert not place.desk.ask(backups.backup_state, now=clock.forward(days=6)).is_due
    assert place.desk.ask(backups.backup_state, now=clock.forward(days=1)).is_due


class _FullStick(PackDrive):
    """Room for nothing."""

    def check_room(self, size: int) -> None:
        raise DriveFullError


def test_a_full_stick_leaves_the_former_backup_and_is_written_down(place, tmp_path):
    place.back_up()
    before = {file.name: file.read_bytes() for file in place.stick.iterdir()}
    with pytest.raises(DriveFullError):
        make_backup(place.desk, _FullStick(place.stick))
    assert {file.name: file.read_bytes() for file in place.stick.iterdir()} == before
    assert place.desk.ask(exported.export_list)[0].result == "failed"
    assert not list(place.opened.folder.glob(".copy.*"))


def test_what_a_backup_that_was_cut_off_left_is_gone_at_the_next_sign_in(place):
    left = place.opened.folder / ".copy.0badcafe"
    left.mkdir()
    (left / STORE_NAME).write_bytes(b"half a copy")
    place.opened.again()
    assert not left.exists()


def commands_of_the_read_me(place) -> tuple[str, str]:
    text = (place.stick / READ_ME).read_text()
    script = re.search(r"---- kit\.py\n(.*?)\n---- end", text, re.DOTALL)[1]
    opening = next(line.strip() for line in text.splitlines() if "| tar -x" in line)
    return script, opening


def test_stock_programs_alone_bring_the_records_back(place, tmp_path):
    """The text beside the backup is true: its commands, run as they stand, open it."""
    made = place.back_up()
    script, opening = commands_of_the_read_me(place)
    work = tmp_path / "work"
    work.mkdir()
    (work / "kit.py").write_text(script)
    done = subprocess.run(
        ["python3", "-I", "kit.py"], cwd=work, input=place.opened.kit.code + "\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == place.opened.kit.age_identity
    (work / "key.txt").write_text(done.stdout)
    (work / "B-EXAMPLE.age").write_bytes(made.written.path.read_bytes())
    subprocess.run(["bash", "-ceo", "pipefail", opening], cwd=work, check=True)
    key = json.loads((work / "backup.json").read_text())["store_key"]
    connection = driver.connect(work / "store.db")
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    assert connection.execute("SELECT count(*) FROM stay").fetchone() == (2,)
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    connection.close()
