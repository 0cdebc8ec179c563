"""A class that is closed to somebody: two people open it for a time, and a director is told."""

from dataclasses import replace

import pytest

from shelter_desk.desk import accounts, audit_log, entry, finding_notes, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.care import AnswerItem, stay_plan
from shelter_desk.desk.openings import (
    CloseClass,
    OpenClass,
    SecondPersonError,
    SeeOpening,
    my_openings,
    openings_to_see,
)
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.domain.record_classes import View
from shelter_desk.store.keys.errors import WrongPassphraseError
from tests.conftest import PASSPHRASE

ADA, ASH, KIT = "a" * 20, "b" * 20, "c" * 20
WORDS, OTHER = "four invented words here", "other invented words now"
HEALTH = "emergency_medical.01"


@pytest.fixture
def colleagues():
    return (
        Colleague(ADA, "Ada", ("residential-staff",), WORDS),
        Colleague(ASH, "Ash", ("education-liaison",), OTHER),
    )


@pytest.fixture
def house(open_desk):
    """A house with a shift worker at the desk, a colleague beside them, and a health answer."""
    desk, clock = open_desk.desk, open_desk.clock
    stay_id = desk.do(residents.Admit("Sky", clock(), legal_name="Sky Invented")).subject
    clock.forward(minutes=5)
    line = item(desk, stay_id, clock())
    desk.do(AnswerItem(stay_id, HEALTH, line.occurrence, note="a health note"))
    open_desk.director, open_desk.stay_id = desk.staff.public_id, stay_id
    sign_in(open_desk, ADA, WORDS)
    return open_desk


def sign_in(opened, person, words):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def item(desk, stay_id, now):
    plan = desk.ask(stay_plan, stay_id=stay_id, now=now)
    lines = [line for service in plan.services for line in service.items]
    return next((line for line in lines if line.item_id == HEALTH), None)


def wanted(record_class="health", minutes=60, second=ASH, reason="medical-emergency"):
    return OpenClass(accounts.new_staff_id(), record_class, reason, minutes, second)


def note(house):
    line = item(house.desk, house.stay_id, house.clock())
    return line.last.note if line is not None and line.last is not None else None


def test_two_people_open_a_class_and_it_closes_by_itself(house):
    assert note(house) is None
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    assert note(house) == "a health note"
    house.clock.forward(minutes=59)
    assert note(house) == "a health note"
    house.clock.forward(minutes=1)
    assert note(house) is None
    assert house.desk.ask(my_openings, now=house.clock()) == ()


def test_it_outlives_a_lock_and_is_nobody_elses(house):
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    sign_in(house, ASH, OTHER)
    assert note(house) is None
    sign_in(house, ADA, WORDS)
    assert note(house) == "a health note"


def test_whoever_opened_it_may_close_it_and_nobody_else(house):
    accounts.open_class(house.desk, WORDS, wanted(minutes=720), OTHER)
    (line,) = house.desk.ask(my_openings, now=house.clock())
    assert (line.class_name, line.who, line.second) == ("Health", "Ada", "Ash")
    sign_in(house, ASH, OTHER)
    with pytest.raises(NotPermittedError):
        house.desk.do(CloseClass(line.opening_id))
    sign_in(house, ADA, WORDS)
    house.desk.do(CloseClass(line.opening_id))
    assert note(house) is None


@pytest.mark.parametrize(
    ("own", "second"), [("not the words", OTHER), (WORDS, "not the words"), (WORDS, WORDS)]
)
def test_without_both_passphrases_nothing_is_opened(house, own, second):
    with pytest.raises(WrongPassphraseError):
        accounts.open_class(house.desk, own, wanted(), second)
    assert note(house) is None
    assert house.desk.ask(my_openings, now=house.clock()) == ()


def test_nobody_agrees_with_themselves(house):
    with pytest.raises(SecondPersonError):
        accounts.open_class(house.desk, WORDS, wanted(second=ADA), WORDS)
    assert note(house) is None


def test_the_desk_refuses_what_the_second_person_did_not_sign(house):
    folder = house.folder
    file = entry.slot_file.read_slots(folder).slots
    ash = entry.unlock(folder, file, ASH, OTHER, house.clock())
    agreed = wanted()
    signature = ash.sign(agreed.agreed(ash.vault_id, ADA))
    for other in (
        replace(agreed, minutes=720),
        replace(agreed, record_class="substance-use"),
        replace(agreed, public_id=accounts.new_staff_id()),
        replace(agreed, reason="danger"),
    ):
        with pytest.raises(SecondPersonError):
            house.desk.do(replace(other, signature=signature))
    with pytest.raises(SecondPersonError):
        house.desk.do(agreed)
    assert note(house) is None
    house.desk.do(replace(agreed, signature=signature))
    (line,) = house.desk.ask(my_openings, now=house.clock())
    assert line.opening_id == agreed.public_id
    assert note(house) is None  # without the key it is agreed to, and not open


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("record_class", {"record_class": "general"}),
        ("record_class", {"record_class": "nothing"}),
        ("reason", {"reason": "curious"}),
        ("minutes", {"minutes": 100_000}),
    ],
)
def test_what_is_not_of_the_list_is_refused_beside_its_field(house, field, change):
    with pytest.raises(InvalidError) as refused:
        accounts.open_class(house.desk, WORDS, wanted(**change), OTHER)
    assert [one.field for one in refused.value.problems] == [field]


def test_a_director_is_told_until_they_have_looked(house):
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    with pytest.raises(NotPermittedError):
        house.desk.ask(openings_to_see)
    sign_in(house, house.director, PASSPHRASE)
    (line,) = house.desk.ask(openings_to_see)
    assert (line.who, line.class_name, line.reason) == ("Ada", "Health", "Medical emergency")
    house.desk.do(SeeOpening(line.opening_id))
    assert house.desk.ask(openings_to_see) == ()


def test_every_view_meanwhile_is_marked_in_the_trail(house):
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    house.desk.do(residents.NoteOpened(house.stay_id))
    house.clock.forward(minutes=61)
    house.desk.do(residents.NoteOpened(house.stay_id))
    sign_in(house, house.director, PASSPHRASE)
    views = [one.reason for one in house.desk.ask(audit_log.events) if one.who == "Ada"]
    assert views[:2] == ["record", "record:health"]
    assert f"health:medical-emergency:60:{ASH}" in views


def test_an_opened_class_lends_the_keys_that_only_the_second_person_holds(house):
    director = house.director
    sign_in(house, ASH, OTHER)  # an education liaison holds no identities
    now = house.clock()
    ask = {"stay_id": house.stay_id, "now": now}
    assert house.desk.ask(residents.record, **ask).legal_name is None
    accounts.open_class(house.desk, OTHER, wanted("identity", second=director), PASSPHRASE)
    assert house.desk.ask(residents.record, **ask).legal_name == "Sky Invented"
    house.clock.forward(minutes=60)
    ask["now"] = house.clock()
    assert house.desk.ask(residents.record, **ask).legal_name is None


def test_an_item_of_an_opened_class_is_open_like_ones_own(house):
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    assert item(house.desk, house.stay_id, house.clock()).view is View.OPEN


def lent_keys(desk):
    with desk._store.unguarded() as connection:
        return connection.execute("SELECT count(*) FROM opening_key").fetchone()[0]


@pytest.mark.parametrize("end", ["closed", "over"])
def test_no_key_stays_behind_when_the_time_is_over(house, end):
    accounts.open_class(house.desk, WORDS, wanted(), OTHER)
    assert lent_keys(house.desk) == 1
    assert "health" in {name.value for name in house.desk._sealer.held()}
    if end == "closed":
        (line,) = house.desk.ask(my_openings, now=house.clock())
        house.desk.do(CloseClass(line.opening_id))
    else:
        house.clock.forward(minutes=60)
    assert note(house) is None
    assert {name.value for name in house.desk._sealer.held()} == {"general"}
    sign_in(house, ASH, OTHER)
    assert lent_keys(house.desk) == 0


def test_new_keys_end_what_was_open_for_a_time(house):
    accounts.open_class(house.desk, WORDS, wanted(minutes=720), OTHER)
    accounts.end_access(sign_in(house, house.director, PASSPHRASE), PASSPHRASE, ASH)
    desk = sign_in(house, ADA, WORDS)
    assert note(house) is None
    assert desk.ask(finding_notes.notes, text="health") == ()
    (line,) = desk.ask(my_openings, now=house.clock())
    desk.do(CloseClass(line.opening_id))
    director = {"second": house.director}
    accounts.open_class(desk, WORDS, wanted(**director), PASSPHRASE)
    assert note(house) == "a health note"
