"""A pack for a reader's own key: the colleague signs whose it is, and it is sealed to that one."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest
import sqlcipher3
from tampered_key_packs import AUDITOR, STRANGER, identity_file, recipient

from shelter_desk.desk import custody, exported, trail_seals
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second, agreement
from shelter_desk.desk.releasing import AgreeToExport, SecondNeededError, agreed_text
from shelter_desk.domain.errors import InvalidError
from shelter_desk.exports.age_keys import Identities
from shelter_desk.exports.pack_contents import make_pack, prepare_pack, release_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.problems import PackError
from shelter_desk.exports.readable import write_locked_pdf
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify

ADA, ADAS = "a" * 20, "four invented words here"
KEY, OTHER = recipient(AUDITOR), recipient(STRANGER)
TO_KEY = PackOrder("board", "2026-Q1", recipient_key=KEY)


@pytest.fixture
def colleagues():
    return (Colleague(ADA, "Ada", ("nurse",), ADAS),)


@pytest.fixture
def desk(open_desk):
    open_desk.clock.forward(days=120)
    return open_desk.desk


def swapped(prepared):
    """Return what was laid out with another reader's key on the screen."""
    order = replace(prepared.wanted.order, recipient_key=OTHER)
    return replace(prepared, wanted=replace(prepared.wanted, order=order))


def test_two_people_seal_a_pack_to_one_key_and_to_no_other(desk, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    prepared, ada = prepare_pack(desk, TO_KEY), agreement(desk, Second(ADA, ADAS))
    said = desk.ask(agreed_text, custody_id=prepared.custody_id)
    assert f'"recipient_key":"{KEY}"'.encode() in said

    # Who signed for one key has not agreed to another; and the file itself keeps the first.
    for_other = ada._unlocked.sign(said.replace(KEY.encode(), OTHER.encode()))
    with pytest.raises(SecondNeededError):
        desk.do(AgreeToExport(prepared.custody_id, ADA, for_other))
    swap = f"UPDATE custody SET recipient_key = '{OTHER}', event_id = 1000000"
    with (
        desk._store.unguarded() as connection,
        pytest.raises(sqlcipher3.IntegrityError, match="the key it began with"),
    ):
        connection.execute(swap)
    made = release_pack(desk, prepared, PackDrive(stick), "", ada)

    key_file = tmp_path / "key.txt"
    key_file.write_bytes(identity_file(AUDITOR))
    opened = subprocess.run(
        ["age", "-d", "-i", key_file, made.written.path], capture_output=True, check=True
    )
    assert len(opened.stdout) > 10_000
    assert verify(made.written.path, Identities([AUDITOR]), signer=made.fingerprint).ok
    refused = verify(made.written.path, Identities([STRANGER]))
    assert refused.reason == f"It was not sealed to the key given, which is {OTHER}."
    (line,) = desk.ask(exported.export_list)
    assert (line.result, line.second, line.recipient_key) == ("delivered", "Ada", KEY)
    # The reader finds their own key in the log that the pack carries, signed.
    shown = [event.text for event in desk.ask(trail_seals.shown_events, size=10**6)]
    assert sum(f'"reason":"pack:board:2026-Q1:board-oversight:{KEY}"' in one for one in shown) == 1

    # Once more, while what sealed it is held: the locked PDF is made of what lies on the drive.
    pdf = write_locked_pdf(
        desk, PackDrive(stick), made.written.path, made.opens_with, "other words", made.custody_id
    )
    assert pdf.path.read_bytes().startswith(b"%PDF")
    for file in stick.iterdir():
        assert KEY.encode() not in file.read_bytes(), "nothing beside it says whose it is"


def test_a_key_that_was_not_looked_at_is_never_sealed_to(desk, tmp_path):
    ada = agreement(desk, Second(ADA, ADAS))
    prepared = prepare_pack(desk, TO_KEY)
    with pytest.raises(PackError, match="not the one shown"):
        release_pack(desk, swapped(prepared), PackDrive(tmp_path), "", ada)
    by_words = prepare_pack(desk, replace(TO_KEY, recipient_key=""))
    with pytest.raises(PackError, match="not the one shown"):
        release_pack(desk, swapped(by_words), PackDrive(tmp_path), "six words", ada)
    by_words = prepare_pack(desk, replace(TO_KEY, recipient_key=""))
    with pytest.raises(PackError, match="no words"):
        release_pack(desk, by_words, PackDrive(tmp_path), " ", ada)
    assert list(tmp_path.glob("*.age")) == []
    assert {line.result for line in desk.ask(exported.export_list)} == {"failed"}


def test_what_is_refused_as_a_key_leaves_no_trace_of_an_export(desk, tmp_path):
    for key in (f"{KEY} ", KEY.upper(), OTHER[:-1], "age1" + "q" * 58):
        with pytest.raises(InvalidError) as refused:
            make_pack(
                desk,
                replace(TO_KEY, recipient_key=key),
                PackDrive(tmp_path),
                "",
                Second(ADA, ADAS),
            )
        assert [problem.field for problem in refused.value.problems] == ["recipient_key"]
    begin = custody.BeginExport("everything", "", "", "A lawyer", "Moving", recipient_key=KEY)
    with pytest.raises(InvalidError, match="Only a pack"):
        desk.do(begin)
    assert desk.ask(exported.export_list) == ()
