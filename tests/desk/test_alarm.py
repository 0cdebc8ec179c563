"""The alarm on real files: what raises it, what it forbids, and how a director ends it."""

import shutil

import pytest

from shelter_desk.desk import alarm, audit_log, residents, today
from shelter_desk.domain.audit import EMPTY_HEAD, leaf_hash, next_head, read_event
from shelter_desk.domain.errors import InvalidError
from shelter_desk.store.opening import STORE_NAME, connect


def admit(opened, called="Sky"):
    return opened.desk.do(residents.Admit(called, opened.clock())).subject


def older_copy_put_in_place(opened):
    """Three entries are acknowledged, then yesterday's file comes back."""
    opened.desk.settle()
    older = (opened.folder / STORE_NAME).read_bytes()
    for name in ("Sky", "Ada", "Ash"):
        admit(opened, name)
    opened.desk.close()
    (opened.folder / STORE_NAME).write_bytes(older)


def with_the_key(opened, *statements):
    """Do to the closed file what an insider with its key and another program could do."""
    dek = bytes(opened.desk._store._dek)
    opened.desk.close()
    connection = connect(opened.folder / STORE_NAME, dek)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return dek


def test_an_older_copy_is_read_only_until_a_director_has_looked(open_desk):
    older_copy_put_in_place(open_desk)
    before = (open_desk.folder / STORE_NAME).read_bytes()
    desk = open_desk.again()
    assert "The newest 3 of them are not in these records" in desk.alarm.sentence
    assert desk.ask(today.board, now=open_desk.clock()).in_house == 0
    with pytest.raises(alarm.AlarmError):
        admit(open_desk)
    with pytest.raises(alarm.AlarmError), desk.copied():
        pytest.fail("a copy was made of records that do not agree")
    with pytest.raises(InvalidError, match="behind it"):
        desk.do(alarm.SeeAlarm(desk.alarm, "because"))
    desk.close()
    assert (open_desk.folder / STORE_NAME).read_bytes() == before  # looking changed nothing


def test_looking_at_it_is_written_down_and_the_desk_works_again(open_desk):
    older_copy_put_in_place(open_desk)
    desk = open_desk.again()
    told = desk.alarm
    desk.do(alarm.SeeAlarm(told, "backup-restored"))
    assert desk.alarm is None
    admit(open_desk)
    seen = [e for e in desk.ask(audit_log.events) if e.action == "audit.alarm-seen"]
    assert [(e.reason, e.object) for e in seen] == [("backup-restored", "records")]
    assert open_desk.again().alarm is None  # the witness begins anew
    assert open_desk.desk.ask(audit_log.trail).is_whole


def test_an_alarm_that_nobody_answered_is_there_again(open_desk):
    older_copy_put_in_place(open_desk)
    sentence = open_desk.again().alarm.sentence
    assert open_desk.again().alarm.sentence == sentence


def test_details_changed_by_somebody_with_the_key_are_told_and_can_be_answered(open_desk):
    admit(open_desk)
    entry = open_desk.desk.ask(audit_log.trail).count
    with_the_key(
        open_desk,
        "DROP TRIGGER audit_detail_no_update",
        f"UPDATE audit_detail SET body = x'7b7d' WHERE event_id = {entry}",
    )
    desk = open_desk.again()
    assert f"Entry {entry} " in desk.alarm.sentence
    assert "details that were changed" in desk.alarm.sentence
    desk.do(alarm.SeeAlarm(desk.alarm, "unexplained"))
    assert open_desk.again().alarm is None  # this one was looked at
    assert not open_desk.desk.ask(audit_log.trail).is_whole  # and a check still tells the truth


def test_a_detail_taken_away_is_told(open_desk):
    admit(open_desk)
    with_the_key(open_desk, "DROP TRIGGER audit_detail_no_delete", "DELETE FROM audit_detail")
    assert "has lost its details" in open_desk.again().alarm.sentence


def test_a_trail_written_anew_with_the_key_contradicts_the_witness(open_desk):
    admit(open_desk)
    dek = with_the_key(open_desk, "DROP TRIGGER audit_event_no_update")
    connection = connect(open_desk.folder / STORE_NAME, dek)
    head, rows = EMPTY_HEAD, connection.execute("SELECT id, text, salt FROM audit_event")
    for seq, text, salt in rows.fetchall():
        event = read_event(text)
        new = text if event.action != "resident.admit" else text.replace("admit", "adjust")
        leaf = leaf_hash(salt, new)
        head = next_head(head, leaf)
        values = (new, leaf, head, seq)
        connection.execute(
            "UPDATE audit_event SET text = ?, leaf = ?, head = ? WHERE id = ?", values
        )
    connection.close()
    told = " ".join(open_desk.again().alarm.sentences)
    assert "signature" in told  # the insider has the store's key, not Dana's
    assert "was not what it is now" in told


def test_without_head_log_an_older_copy_needs_another_witness(open_desk):
    """What each witness is worth: this is why there are several."""
    older_copy_put_in_place(open_desk)
    (open_desk.folder / "head.log").unlink()
    assert open_desk.again().alarm is None
    shutil.rmtree(open_desk.folder)
