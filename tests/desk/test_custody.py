"""Exports are written down before they start; the trail is sealed so that others can check it."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shelter_desk.desk import audit_log, custody, exported, trail_seals
from shelter_desk.domain.errors import InvalidError, NotFoundError, NotPermittedError
from shelter_desk.domain.merkle import merkle_root, read_checkpoint, read_note
from shelter_desk.domain.staff import StaffMember

ROOT = bytes(32)


def begin(opened, **changes):
    values = {
        "kind": "pack",
        "profile": "licensor",
        "period": "2026-Q1",
        "recipient": "Licensor",
        "purpose": "Licensing review",
    }
    return opened.desk.do(custody.BeginExport(**values | changes)).subject


def test_an_export_that_never_ended_stays_visible(open_desk, clock):
    custody_id = begin(open_desk)
    open_desk.again()
    (line,) = open_desk.desk.ask(exported.export_list)
    assert (line.custody_id, line.began_at) == (custody_id, clock())
    assert (line.result, line.ended_at) == ("", None)


def test_a_delivered_export_carries_its_digest_and_the_state_of_the_trail(open_desk, clock):
    custody_id = begin(open_desk)
    clock.forward(minutes=2)
    open_desk.desk.do(custody.ExportDelivered(custody_id, "ab" * 32, 1234, 7, ROOT))
    (line,) = open_desk.desk.ask(exported.export_list)
    assert (line.result, line.ended_at) == ("delivered", clock())
    assert (line.sha256, line.size, line.log_size, line.log_root) == ("ab" * 32, 1234, 7, ROOT)


def test_a_failed_export_keeps_its_reason_in_the_trail(open_desk):
    custody_id = begin(open_desk)
    open_desk.desk.do(custody.ExportFailed(custody_id, "drive-full"))
    assert open_desk.desk.ask(exported.export_list)[0].result == "failed"
    newest = open_desk.desk.ask(audit_log.events)[0]
    assert (newest.action, newest.reason) == ("custody.end", "failed:drive-full")


def test_an_export_ends_once(open_desk):
    custody_id = begin(open_desk)
    open_desk.desk.do(custody.ExportFailed(custody_id, "drive-gone"))
    for again in (
        custody.ExportFailed(custody_id, "drive-gone"),
        custody.ExportDelivered(custody_id, "ab" * 32, 1, 1, ROOT),
    ):
        with pytest.raises(InvalidError):
            open_desk.desk.do(again)
    with pytest.raises(NotFoundError):
        open_desk.desk.do(custody.ExportFailed("00", "drive-gone"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "letter"), ("recipient", " "), ("purpose", "x" * 201), ("profile", "a b")],
)
def test_what_does_not_fit_is_refused_beside_its_field(open_desk, field, value):
    with pytest.raises(InvalidError) as told:
        begin(open_desk, **{field: value})
    assert [problem.field for problem in told.value.problems] == [field]
    assert open_desk.desk.ask(exported.export_list) == ()


def test_a_seal_covers_every_entry_before_it_and_is_signed(open_desk):
    begin(open_desk)
    before = open_desk.desk.ask(audit_log.trail).count
    open_desk.desk.do(trail_seals.MakeCheckpoint("pack"))
    (seal,) = open_desk.desk.ask(trail_seals.seals)
    leaves = open_desk.desk.ask(trail_seals.leaves, size=seal.size)
    assert (seal.size, seal.event_id) == (before, before + 1) == (len(leaves), before + 1)
    assert merkle_root(leaves) == seal.root
    note, signer = read_note(seal.note), open_desk.desk.ask(trail_seals.signer)
    said = read_checkpoint(note.text)
    assert (said.origin, said.size, said.root) == (signer.origin, seal.size, seal.root)
    key = Ed25519PublicKey.from_public_bytes(signer.public_key)
    key.verify(note.signatures[0].signature, note.text.encode())
    assert open_desk.desk.ask(audit_log.trail).is_whole


def test_only_events_about_exports_and_seals_may_leave(open_desk):
    custody_id = begin(open_desk)
    open_desk.desk.do(trail_seals.MakeCheckpoint("pack"))
    open_desk.desk.do(custody.ExportFailed(custody_id, "drive-gone"))
    size = open_desk.desk.ask(audit_log.trail).count
    every = open_desk.desk.ask(audit_log.events)
    shown = open_desk.desk.ask(trail_seals.shown_events, size=size)
    assert [event.seq for event in shown] == [size - 2, size - 1, size]
    assert len(every) > len(shown)
    assert open_desk.desk.ask(trail_seals.shown_events, size=size - 1) == shown[:-1]


def test_signing_an_export_cannot_forge_an_entry_of_the_trail(open_desk):
    desk = open_desk.desk
    key = Ed25519PublicKey.from_public_bytes(desk.ask(trail_seals.signer).public_key)
    key.verify(desk.sign_export(b"a manifest"), b"a manifest")
    with pytest.raises(ValueError, match="audit trail"):
        desk.sign_export(desk._who.vault_id + bytes(40))


def test_every_door_here_needs_the_permission_to_export():
    nurse = StaffMember(1, "aa", "Ash", ("nurse",))
    doors = [
        custody.BeginExport.needs, custody.ExportDelivered.needs, custody.ExportFailed.needs,
        trail_seals.MakeCheckpoint.needs, trail_seals.leaves.needs, trail_seals.shown_events.needs,
        trail_seals.seals.needs, exported.export_list.needs, trail_seals.signer.needs,
    ]  # fmt: skip
    for needed in doors:
        with pytest.raises(NotPermittedError):
            nurse.require(needed)
