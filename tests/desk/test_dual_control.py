"""Two accounts are two people once each has a passphrase only they know, and a day has passed."""

import pytest

from shelter_desk.desk import accounts, custody
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second, agreement
from shelter_desk.desk.dual_control import (
    NotTheirOwnError,
    NotYourOwnError,
    TooNewError,
    refuse_as_second,
)
from shelter_desk.desk.openings import OpenClass, my_openings
from shelter_desk.desk.releasing import AgreeToExport, agreed_text
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.domain.errors import InvalidError
from tests.conftest import PASSPHRASE, join
from tests.desk.test_accounts import sign_in

ADA, ASH = "a" * 20, "b" * 20
GIVEN, OWN = "four words on paper", "four words of hers"


def begun(desk):
    return desk.do(custody.BeginExport("pack", "board", "2026-Q1", "Board", "Meeting")).subject


def signed(opened, custody_id, words):
    keys = unlocked_colleague(opened.folder, ADA, words, opened.clock())
    return AgreeToExport(
        custody_id, ADA, keys.sign(opened.desk.ask(agreed_text, custody_id=custody_id))
    )


def test_a_director_does_not_agree_with_an_account_they_just_made(open_desk):
    opened, clock = open_desk, open_desk.clock
    clock.forward(days=40)
    new = Colleague(ADA, "Ada", ("director",), GIVEN)
    accounts.add_colleague(opened.desk, PASSPHRASE, new)
    pack = begun(opened.desk)
    clock.forward(days=2)
    with pytest.raises(NotTheirOwnError):  # whoever made it was shown its words
        agreement(opened.desk, Second(ADA, GIVEN))
    with pytest.raises(NotTheirOwnError):  # nor past the page
        opened.desk.do(signed(opened, pack, GIVEN))

    founder = opened.desk.staff.public_id
    adas = sign_in(opened, ADA, GIVEN)
    with pytest.raises(NotYourOwnError):  # nor the other way round
        agreement(adas, Second(founder, PASSPHRASE))
    with pytest.raises(InvalidError):
        accounts.change_passphrase(adas, GIVEN, GIVEN)
    accounts.change_passphrase(adas, GIVEN, OWN)
    adas.ask(refuse_as_second, staff_id=founder, now=clock())

    desk = sign_in(opened, founder, PASSPHRASE)
    accounts.set_passphrase(desk, PASSPHRASE, ADA, GIVEN)  # new words, so it begins anew
    accounts.change_passphrase(sign_in(opened, ADA, GIVEN), GIVEN, OWN)
    desk = sign_in(opened, founder, PASSPHRASE)
    agree = signed(opened, pack, OWN)
    for hours in (0, 23):
        clock.forward(hours=hours)
        with pytest.raises(TooNewError):
            agreement(desk, Second(ADA, OWN))
        with pytest.raises(TooNewError):
            desk.do(agree)
    clock.forward(hours=1)
    desk.do(agree)


def test_two_who_found_a_shelter_are_two_from_the_start(open_desk):
    join(open_desk.desk, Colleague(ADA, "Ada", ("director",), OWN))
    assert agreement(open_desk.desk, Second(ADA, OWN)).staff_id == ADA
    open_desk.clock.forward(days=1)  # and the next account is one like any other
    join(open_desk.desk, Colleague(ASH, "Ash", ("director",), OWN))
    with pytest.raises(TooNewError):
        agreement(open_desk.desk, Second(ASH, OWN))


def test_an_emergency_does_not_wait_but_takes_words_of_their_own(open_desk):
    join(open_desk.desk, Colleague(ASH, "Ash", ("residential-staff",), OWN))
    open_desk.clock.forward(days=40)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), GIVEN))
    opening = OpenClass("9" * 20, "health", "medical-emergency", 60, ADA)
    desk = sign_in(open_desk, ASH, OWN)
    with pytest.raises(NotTheirOwnError):
        accounts.open_class(desk, OWN, opening, GIVEN)
    accounts.change_passphrase(sign_in(open_desk, ADA, GIVEN), GIVEN, f"{OWN} too")
    desk = sign_in(open_desk, ASH, OWN)
    accounts.open_class(desk, OWN, opening, f"{OWN} too")
    assert len(desk.ask(my_openings, now=open_desk.clock())) == 1
