"""Missing and return, with real windows: two keys start the clock, and every page shows it."""

from datetime import timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk.audit_log import events
from shelter_desk.desk.missing import WithdrawMissing
from shelter_desk.desk.missing_record import episode, missing_board
from shelter_desk.desk.missing_return import CloseMissing, WriteReturnTalk
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.telling import NeedNotTell
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.missing.who import WhoSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.theme import theme
from tests.domain.stays import MODEL
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, Records, settle

KEY = Qt.Key


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    made = Opened(records, qtbot)
    yield made
    for line in board(made).episodes:
        finish(made, line.episode_id)
    records.everyone_leaves()


def board(opened):
    return opened.desk.ask(missing_board, now=opened.clock())


def finish(opened, episode_id):
    """Answer everything and close, so that the next test has a quiet house."""
    desk, found = opened.desk, opened.desk.ask(episode, episode_id=episode_id)
    if found.line.is_missing:
        desk.do(WithdrawMissing(episode_id))
        return
    for line in found.notices:
        if not line.is_answered:
            desk.do(NeedNotTell(line.notice_id, "told-already"))
    desk.do(WriteReturnTalk(episode_id, ReturnTalk(("not-asked",))))
    desk.do(CloseMissing(episode_id))


def save(sheet, **values):
    sheet.form.put(values)
    sheet.try_save()
    settle()


def start(opened, *, key=KEY.Key_1):
    """Press F8 and the key of somebody; return the page and the episode."""
    opened.press(KEY.Key_F8, key)
    return opened.window.view("missing"), board(opened).episodes[0]


def test_two_keys_from_any_page_start_the_clock_at_the_first_of_them(opened):
    opened.admit("Ada")
    sky = opened.admit("Sky")
    opened.clock.forward(hours=8)
    opened.go("settings")
    opened.press(KEY.Key_F8)
    pressed_at = opened.clock()
    assert isinstance(opened.sheet(), WhoSheet)
    opened.clock.forward(minutes=2)
    opened.press(KEY.Key_2)
    (line,) = board(opened).episodes
    assert (line.stay_id, line.called, line.discovered_at) == (sky, "Sky", pressed_at)
    assert opened.window.page == "missing"
    assert opened.sheet() is None


def test_seen_earlier_than_the_key_was_pressed_is_corrected(opened):
    opened.admit()
    opened.clock.forward(hours=5)
    page, line = start(opened)
    page.view.head.earlier.click()
    seen_at = line.discovered_at - timedelta(minutes=45)
    save(opened.sheet(), discovered_at=seen_at)
    assert board(opened).episodes[0].discovered_at == seen_at
    assert opened.window.strip.words.text() == "Sky is missing from care, 45 min"


def test_after_an_answer_the_keyboard_is_on_the_next_notice(opened):
    opened.admit()
    page, _ = start(opened)
    page.view.notices.buttons["tell", "director"].click()
    opened.write("Ruth")
    opened.press(KEY.Key_Return)
    assert opened.sheet() is None
    assert page.view.notices.buttons["tell", "police"].hasFocus()
    opened.press(KEY.Key_Space)
    assert opened.sheet() is not None
    opened.press(KEY.Key_Escape)


def test_who_is_called_first_has_the_keyboard_when_the_clock_starts(opened):
    opened.admit("Sky")
    page, _episode = start(opened)
    settle()
    assert opened.window.focusWidget() is next(iter(page.view.notices.buttons.values()))


def test_the_keyboard_is_not_lost_when_they_are_back(opened):
    opened.admit("Zoë María-José Æther Ó Súilleabháin de la Cruz Łukasz Nguyễn")
    page, _episode = start(opened)
    page.view.head.back.setFocus()
    opened.press(KEY.Key_Space)
    sheet = opened.sheet(FormSheet)
    assert sheet.title.wordWrap(), "a long name leaves room for what the sheet is about"
    save(sheet, way="self")
    settle()
    assert opened.window.focusWidget() is next(iter(page.view.notices.buttons.values()))


def test_the_clocks_of_the_page_run_on_and_the_keyboard_stays(opened):
    opened.admit()
    page, _ = start(opened)
    button = page.view.notices.buttons["tell", "police"]
    button.setFocus()
    opened.clock.forward(minutes=50)
    page._timer.timeout.emit()
    assert page.view.head.state.text == "missing from care, 50 min"
    assert button.hasFocus()


def test_where_there_is_little_room_the_head_of_an_absence_goes_along(opened, look):
    opened.admit()
    look.apply(DeviceSettings(text_scale_percent=200, colour_scheme="dark"))
    opened.window.resize(1366, 768)
    page, _ = start(opened)
    view = page.view
    assert view.columns.isAncestorOf(view.head)
    assert view.columns.height() > view.height() * 0.9, "clocks and search have the whole page"
    assert view.head.isVisible()
    look.apply(DeviceSettings(text_scale_percent=100, colour_scheme="light"))
    opened.press()
    assert view.head.parentWidget() is view
    assert view.head.isVisible()


def test_everybody_is_here_starts_nothing(opened):
    opened.admit()
    opened.press(KEY.Key_F8, KEY.Key_Escape)
    page = opened.window.view("missing")
    assert page.isAncestorOf(opened.window.focusWidget()), "not lost with the page it came from"
    assert board(opened).episodes == ()
    assert not opened.window.strip.isVisible()


def test_every_page_shows_who_since_when_and_what_is_next(opened):
    opened.admit()
    start(opened)
    opened.clock.forward(minutes=20)
    strip = opened.window.strip
    for name in ("today", "residents", "summary", "settings", "log_service", "arrival", "missing"):
        opened.go(name)
        strip.refresh()
        assert strip.isVisible(), name
        assert strip.words.text() == "Sky is missing from care, 20 min", name
        assert strip.next.text.startswith("Next: Director on call overdue by 5 min"), name
    opened.go("today")
    strip.button.click()
    assert opened.window.page == "missing"


def test_the_strip_shows_initials_where_names_are_not_shown(opened):
    opened.admit("Sky River")
    start(opened)
    theme().apply(DeviceSettings(colour_scheme="light", initials_only=True))
    settle()
    assert opened.window.strip.words.text().startswith("SR is missing from care")
    theme().apply(DeviceSettings(colour_scheme="light"))


def test_the_strip_runs_on_when_the_clock_is_set_back(opened):
    opened.admit()
    start(opened)
    opened.clock.forward(hours=-3)
    opened.window.strip.refresh()
    assert "0 min" in opened.window.strip.words.text()
    assert "clock was set back" in opened.window.strip.words.text()
    opened.clock.forward(hours=3)


def test_a_hidden_desk_hides_the_strip_too(opened):
    opened.admit()
    start(opened)
    opened.window.hide_now()
    settle()
    assert not opened.window.strip.isVisible()
    opened.window.cover.opened.emit()


def test_missing_and_return_from_the_first_key_to_the_close(opened):
    opened.admit()
    opened.clock.forward(days=1)
    page, line = start(opened)
    card = page.view.card
    card.form.put({"place": "Kitchen", "wearing": "Grey hoodie", "risks": ("medicine",)})
    assert card.try_save()
    page.view.search.add.click()
    save(opened.sheet(), code="room", result="not-there")
    page.view.tries.add.click()
    save(opened.sheet(), code="phone", result="no-answer")
    page.view.notices.buttons["tell", "police"].click()
    save(opened.sheet(), whom="Officer Reed, badge 44", reference="26-0311")
    page.view.notices.buttons["reason", "licensing"].click()
    save(opened.sheet(), reason="not-this-state")
    opened.clock.forward(hours=3)
    page.view.head.back.click()
    save(opened.sheet(), returned_at=opened.clock(), way="self")
    assert page.view.welcome.isVisible()
    assert opened.window.strip.words.text().startswith("Sky is back safe")
    assert set(page.view.again.buttons) == {("tell", "police"), ("reason", "police")}
    page.view.head.talk.click()
    save(opened.sheet(), reasons=("missed-someone",), helps=("talk",), hurt="no")
    page.view.head.close_button.click()
    assert "no answer yet" in str(opened.told[-1])
    found = opened.desk.ask(episode, episode_id=line.episode_id)
    for notice in found.notices:
        if not notice.is_answered:
            save(page.asks.reason(notice), reason="told-already")
    page.view.head.close_button.click()
    settle()
    found = opened.desk.ask(episode, episode_id=line.episode_id)
    assert found.line.closed_at is not None
    assert (found.card.place, found.talk.reasons) == ("Kitchen", ("missed-someone",))
    assert [look.code for look in found.looks] == ["room", "phone"]
    assert not opened.window.strip.isVisible()


def test_the_card_comes_back_as_it_was_typed_after_a_lock(opened):
    opened.admit()
    page, line = start(opened)
    page.view.card.form.editors["place"].setFocus()
    opened.write("By the swings")
    opened.shared.flushing.emit()
    opened.go("today")
    page = opened.go("missing", line.episode_id)
    assert page.view.card.form.typed()["place"] == "By the swings"
    assert opened.desk.ask(episode, episode_id=line.episode_id).card.place == ""
    assert page.view.card.try_save()
    assert opened.desk.ask(episode, episode_id=line.episode_id).card.place == "By the swings"
    assert opened.desk.draft("last-seen", line.episode_id) is None


def test_what_one_resident_s_card_says_is_never_on_another_s(opened):
    opened.admit("Ada")
    opened.admit("Sky")
    page, _ = start(opened, key=KEY.Key_1)
    page.view.card.form.editors["place"].setFocus()
    opened.write("About Ada")
    page, _ = start(opened, key=KEY.Key_2)
    assert page.view.card.form.typed()["place"] == ""


def test_the_facts_sheet_leaves_only_on_a_basis_and_is_in_the_trail(opened):
    opened.admit()
    page, _ = start(opened)
    page.paper = KeptPaper()
    page.view.sheet.click()
    basis = opened.sheet()
    basis.try_save()
    assert basis.isVisible(), "without a basis nothing is made"
    save(basis, basis="missing-child-report")
    paper = opened.sheet(PaperSheet)
    paper.print.click()
    assert page.paper.printed[0].startswith(b"%PDF")
    paper.close_sheet()
    newest = opened.desk.ask(events, limit=3)
    assert ("paper.disclose", "police-sheet:missing-child-report") in [
        (one.action, one.reason) for one in newest
    ]


def test_family_cannot_be_told_before_there_is_a_contact_rule(opened):
    opened.admit()
    page, _ = start(opened)
    assert not page.view.notices.buttons["tell", "family"].isEnabled()
    page.view.rules.buttons["family"].click()
    save(opened.sheet(), rule="tell")
    assert page.view.notices.buttons["tell", "family"].isEnabled()


def test_opening_an_episode_is_in_the_trail(opened):
    opened.admit()
    _, line = start(opened)
    opened.go("today")
    before = opened.desk.ask(events, limit=1)[0].seq
    opened.go("missing", line.episode_id)
    newest = opened.desk.ask(events, limit=1)[0]
    assert (newest.seq, newest.action, newest.reason) == (before + 1, "resident.view", "missing")


def test_the_overview_lists_the_absences_of_the_year(opened):
    opened.admit("Ash")
    page, line = start(opened)
    opened.clock.forward(hours=2)
    page._act("back")
    save(opened.sheet(), returned_at=opened.clock() - timedelta(minutes=1), way="police")
    page = opened.go("missing")
    assert [one.line.episode_id for one in page.overview.log.lines][-1] == line.episode_id
    page.overview.log.opened.emit(page.overview.log.lines[-1])
    assert page.stack.currentWidget() is page.view


def test_the_log_of_the_year_is_printed_by_case_code_on_a_basis(opened):
    opened.admit("Sky")
    page, line = start(opened)
    page.view.notices.buttons["tell", "police"].click()
    save(opened.sheet(), whom="Officer Reed", reference="26-0311")
    opened.clock.forward(hours=2)
    page._act("back")
    save(opened.sheet(), returned_at=opened.clock(), way="police")
    page = opened.go("missing")
    page.paper = KeptPaper()
    page.overview.print.click()
    save(opened.sheet(), basis="licensing-duty")
    paper = opened.sheet(PaperSheet)
    paper.print.click()
    paper.close_sheet()
    document = pypdfium2.PdfDocument(page.paper.printed[0])
    printed = " ".join(one.get_textpage().get_text_range() for one in document)
    text = " ".join(printed.split())  # a line may end between two words
    for words in (line.case_code, "26-0311", "With police", "2.0 h", "Absences of 2026"):
        assert words in text
    assert "Sky" not in text
    assert "Reed" not in text
    reasons = [one.reason for one in opened.desk.ask(events, limit=3)]
    assert "absence-log:2026:licensing-duty" in reasons


WORDS = ("runaway", "awol", "escape", "ran away", "absconded")


def test_no_word_on_these_pages_blames(opened):
    opened.admit()
    page, _ = start(opened)
    texts = [label.text() for label in page.findChildren(type(opened.window.strip.words))]
    texts += [value.label for name in ("return-ways", "leaving-reasons") for value in values(name)]
    assert len(texts) > 40
    assert not [text for text in texts if any(word in text.casefold() for word in WORDS)]


def values(name):
    return MODEL.values(name)


def test_what_only_the_search_asked_for_is_closed_with_one_key_and_never_by_itself(opened):
    opened.admit()
    opened.clock.forward(days=1)
    page, line = start(opened)
    stay = line.stay_id
    assert not page.view.head.moot.isVisible()
    opened.clock.forward(hours=3)
    page.view.head.back.click()
    save(opened.sheet(), returned_at=opened.clock(), way="self")
    confirm = "missing_response.01"
    assert opened.items(stay)[confirm].occurrence, "a safety-critical item never closes by itself"
    moot = page.view.head.moot
    assert moot.isVisible()
    assert moot.text() == "No longer needed: 2 checks"
    assert "Confirm the resident is missing" in moot.toolTip()
    moot.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert not opened.items(stay)[confirm].occurrence
    last = opened.items(stay)[confirm].last
    assert (last.outcome_label, last.reason_label) == (
        "Not applicable",
        "Back safe before it was done",
    )
    assert not moot.isVisible()
    owed = {one.item_id for one in opened.desk.ask(due_notices) if one.item_id}
    assert owed, "whom to tell stays"
    assert all(opened.items(stay)[item].occurrence for item in owed)
    opened.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert opened.items(stay)[confirm].occurrence
    assert moot.isVisible()
