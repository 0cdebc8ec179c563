"""What leaves is let out by two people, and the second one signs what it is."""

import pytest

from shelter_desk.desk import accounts, audit_log, custody, exported, trail_seals
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second, agreement
from shelter_desk.desk.releasing import AgreeToExport, SecondNeededError, agreed_text, seconds
from shelter_desk.domain.errors import InvalidError
from shelter_desk.exports.pack_contents import make_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.stick import PackDrive
from shelter_desk.store.keys.errors import WrongPassphraseError
from tests.conftest import PASSPHRASE, join

ADA, ASH, WORDS = "a" * 20, "b" * 20, "four invented words here"
ORDER = PackOrder("licensor", "2026-Q1")
PACK_WORDS = "kiwi crayon latch ozone trance poppy"


def with_ada(opened, role="nurse"):
    new = Colleague(ADA, "Ada", (role,), WORDS)
    join(opened.desk, new)
    opened.clock.forward(days=120)
    return opened.desk


def begun(desk, purpose="Visit"):
    begin = custody.BeginExport("pack", "licensor", "2026-q1", "Licensor", purpose)
    return desk.do(begin).subject


def end(desk, custody_id):
    return desk.do(custody.ExportDelivered(custody_id, "a" * 64, 9, 1, bytes(32)))


def test_alone_in_the_house_nobody_has_to_agree(open_desk):
    assert open_desk.desk.ask(seconds) == ()
    assert agreement(open_desk.desk, None) is None
    end(open_desk.desk, begun(open_desk.desk))


def test_with_a_colleague_nothing_leaves_without_them(open_desk, tmp_path):
    desk = with_ada(open_desk)
    assert desk.ask(seconds) == ((ADA, "Ada"),)
    before = desk.ask(audit_log.trail).count
    for second in (None, Second(ASH, WORDS), Second(desk.staff.public_id, PASSPHRASE)):
        with pytest.raises(SecondNeededError):
            make_pack(desk, ORDER, PackDrive(tmp_path), PACK_WORDS, second)
    with pytest.raises(WrongPassphraseError):
        agreement(desk, Second(ADA, PASSPHRASE))
    assert list(tmp_path.glob("*.age")) == []
    assert desk.ask(exported.export_list) == ()
    assert desk.ask(audit_log.trail).count == before  # a failed try is noted at the next sign-in


def test_an_end_without_agreement_is_refused_in_the_desk_itself(open_desk):
    desk = with_ada(open_desk)
    custody_id = begun(desk)
    with pytest.raises(SecondNeededError):
        end(desk, custody_id)
    desk.do(custody.ExportFailed(custody_id, "second-needed"))


def test_a_pack_that_two_people_let_out_says_so_to_its_reader(open_desk, tmp_path):
    desk = with_ada(open_desk)
    made = make_pack(desk, ORDER, PackDrive(tmp_path), PACK_WORDS, Second(ADA, WORDS))
    (line,) = desk.ask(exported.export_list)
    assert (line.result, line.second) == ("delivered", "Ada")
    shown = [event.text for event in desk.ask(trail_seals.shown_events, size=10**6)]
    assert sum('"action":"custody.agree"' in text and ADA in text for text in shown) == 1
    assert made.written.path.exists()
    assert desk.ask(audit_log.trail).is_whole


def test_an_agreement_fits_one_export_and_one_person(open_desk):
    desk = with_ada(open_desk)
    one, other = begun(desk), begun(desk, "Another visit")
    ada = agreement(desk, Second(ADA, WORDS))
    signed = ada._unlocked.sign(desk.ask(agreed_text, custody_id=one))
    for custody_id, who, signature in (
        (other, ADA, signed),
        (one, desk.staff.public_id, signed),
        (one, ADA, bytes(64)),
        (one, ADA, ada._unlocked.sign(b"something else")),
    ):
        with pytest.raises(SecondNeededError):
            desk.do(AgreeToExport(custody_id, who, signature))
    ada.give(desk, one)
    with pytest.raises(InvalidError):
        ada.give(desk, one)
    end(desk, one)
    with pytest.raises(SecondNeededError):
        end(desk, other)


def test_who_left_can_agree_to_nothing(open_desk):
    desk = with_ada(open_desk)
    join(desk, Colleague(ASH, "Ash", ("nurse",), WORDS))
    custody_id = begun(desk)
    ada = agreement(desk, Second(ADA, WORDS))
    accounts.end_access(desk, PASSPHRASE, ADA)
    assert desk.ask(seconds) == ((ASH, "Ash"),)
    with pytest.raises(SecondNeededError):
        ada.give(desk, custody_id)
