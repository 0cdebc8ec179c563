"""Signing in looks at the newest of the trail: quickly, and never past a forged end."""

from dataclasses import replace

from shelter_desk.desk import audit_log, residents
from shelter_desk.domain.audit import leaf_hash, next_head, read_event

SALT = bytes(16)


def add_event(opened, *, signature):
    """Append an event that fits the chain, past the desk, and return its number."""
    with opened.desk._store.unguarded() as connection:
        seq, text, head, key = connection.execute(
            "SELECT id, text, head, key_id FROM audit_event ORDER BY id DESC LIMIT 1"
        ).fetchone()
        event = replace(read_event(text), seq=seq + 1, action="forged", fields=(), detail="")
        text = event.text()
        leaf = leaf_hash(SALT, text)
        connection.execute(
            "INSERT INTO audit_event (id, text, salt, leaf, head, key_id, signature)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (seq + 1, text, SALT, leaf, next_head(head, leaf), key, signature),
        )
    return seq + 1


def test_a_forged_newest_event_is_an_alarm_at_sign_in(open_desk):
    open_desk.desk.do(residents.Admit("Sky", open_desk.clock()))
    forged = add_event(open_desk, signature=bytes(64))
    alarm = open_desk.again().alarm
    assert alarm is not None
    assert alarm.broken_entry == forged
    assert "signature" in alarm.sentence


def test_a_forged_signature_further_back_is_found_by_the_trail(open_desk):
    forged = add_event(open_desk, signature=bytes(64))
    open_desk.desk.do(residents.Admit("Sky", open_desk.clock()))
    report = open_desk.again().ask(audit_log.trail)
    assert not report.is_whole
    assert f"Entry {forged} " in report.problem


def test_an_event_that_does_not_follow_is_an_alarm_at_sign_in(open_desk):
    with open_desk.desk._store.unguarded() as connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET leaf = randomblob(32) WHERE id = 2")
    alarm = open_desk.again().alarm
    assert alarm is not None
    assert alarm.broken_entry == 2
