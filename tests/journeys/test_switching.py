"""Several people on one computer: the agreement comes first, drafts and events stay their own."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.cli import main
from shelter_desk.desk import accounts, audit_log, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreements import AcceptAgreement, has_accepted, shipped_agreement
from shelter_desk.desk.service_log import LogService
from shelter_desk.domain.agreement import agreement_from
from shelter_desk.domain.errors import ContentError, InvalidError
from shelter_desk.paths import resources
from shelter_desk.ui.agreement import AgreementPage
from shelter_desk.ui.unlock import UnlockPage
from tests.conftest import PASSPHRASE
from tests.journeys.program import Running, settle

KEY = Qt.Key
ADA, WORDS = "a" * 20, "four invented words here"


@pytest.fixture
def running(look, open_desk):
    """The program on a folder in which Dana and Ada may sign in; it stays in this process."""
    ada = Colleague(ADA, "Ada", ("case-manager",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    open_desk.director = open_desk.desk.staff.public_id
    open_desk.desk.settle()
    open_desk.desk.close()
    started = Running(open_desk.folder, now=open_desk.clock)
    started.program.keeps_process = True
    started.director = open_desk.director
    yield started
    started.close()


def sign_in(running, name, words):
    """Choose a person by their tile, type the passphrase, press Enter."""
    page = running.page
    assert isinstance(page, UnlockPage)
    next(tile for tile in page.tiles() if tile.person.name == name).click()
    page.secret.setFocus()
    running.write(words)
    running.press(KEY.Key_Return)
    settle()


def accept(running):
    page = running.page
    assert isinstance(page, AgreementPage)
    running.press(KEY.Key_Space)
    page.go_on.setFocus()
    running.press(KEY.Key_Space)
    settle()


def switch(running):
    running.press(KEY.Key_L, modifier=Qt.KeyboardModifier.ControlModifier | SHIFT)
    settle()


SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_newcomer_sees_no_record_before_the_agreement(running):
    sign_in(running, "Ada", WORDS)
    assert isinstance(running.page, AgreementPage)
    assert running.window is None
    assert not running.page.go_on.isEnabled()
    accept(running)
    assert running.window is not None
    switch(running)
    sign_in(running, "Ada", WORDS)
    assert running.window is not None  # once is enough
    assert running.desk.staff.name == "Ada"


def test_who_does_not_accept_is_back_at_the_first_page(running):
    sign_in(running, "Ada", WORDS)
    running.page.not_now.click()
    settle()
    assert isinstance(running.page, UnlockPage)
    assert running.desk is None
    sign_in(running, "Dana", PASSPHRASE)
    assert running.window is not None
    actions = [line.action for line in running.desk.ask(audit_log.events)]
    assert "staff.agreement" not in actions


def test_another_person_takes_over_and_each_event_names_who_did_it(running):
    sign_in(running, "Dana", PASSPHRASE)
    now = running.program.door.now()
    stay_id = running.desk.do(residents.Admit("Sky", now)).subject
    switch(running)
    assert isinstance(running.page, UnlockPage)
    assert {tile.person.name for tile in running.page.tiles()} == {"Dana", "Ada"}
    sign_in(running, "Ada", WORDS)
    accept(running)
    running.desk.do(LogService(stay_id, "basic_needs", now, 15))
    switch(running)
    sign_in(running, "Dana", PASSPHRASE)
    done = {line.action: line.who for line in running.desk.ask(audit_log.events)}
    assert done["service.log"] == "Ada"
    assert done["staff.agreement"] == "Ada"
    assert done["resident.admit"] == "Dana"
    assert running.desk.ask(audit_log.trail).is_whole


def test_what_is_being_typed_stays_with_its_author(running):
    sign_in(running, "Dana", PASSPHRASE)
    running.window.go("arrival")
    settle()
    view = running.window.view("arrival")
    view.form.person.editors["called"].setFocus()
    running.write("Skylarkia")
    switch(running)
    sign_in(running, "Ada", WORDS)
    accept(running)
    running.window.go("arrival")
    settle()
    assert running.window.view("arrival").form.typed()["called"] == ""
    switch(running)
    sign_in(running, "Dana", PASSPHRASE)
    running.window.go("arrival")
    settle()
    assert running.window.view("arrival").form.typed()["called"] == "Skylarkia"


def test_a_new_edition_is_asked_for_again(open_desk):
    desk, now = open_desk.desk, shipped_agreement()
    assert desk.ask(has_accepted, edition=now.edition)  # by the founder, at set-up
    text = (resources() / "agreement" / "confidentiality.toml").read_text("utf-8")
    revised = agreement_from(text.replace("once, calmly", "once, in peace"))
    assert revised.edition != now.edition
    assert not desk.ask(has_accepted, edition=revised.edition)
    with pytest.raises(InvalidError):
        desk.do(AcceptAgreement(revised.edition))  # only the text that was shown is accepted


@pytest.mark.parametrize("damage", ["", "points = []", "title = 3"])
def test_nobody_agrees_to_a_damaged_text(damage):
    with pytest.raises(ContentError):
        agreement_from(damage)


def test_the_command_line_waits_for_the_agreement_too(open_desk, capsys):
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", ("director",), WORDS))
    open_desk.desk.close()
    secret = open_desk.folder.parent / "words.txt"
    secret.write_text(WORDS + "\n")
    arguments = ["check", str(open_desk.folder), "--staff", "Ada"]
    assert main([*arguments, "--passphrase-file", str(secret)]) == 1
    assert "confidentiality agreement" in capsys.readouterr().err
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    open_desk.desk.do(AcceptAgreement(shipped_agreement().edition))
    open_desk.desk.close()
    assert main([*arguments, "--passphrase-file", str(secret)]) == 0
