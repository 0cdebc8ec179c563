"""A resident's page on real records: opened, ticked, answered, signed and taken back by keys."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from shelter_desk.desk import audit_log, care, residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.missing import StartMissing
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.record_classes import class_of
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.log_sheet import LogSheet
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.stay.rows import TO_DO
from shelter_desk.ui.widgets import Label, Urgency
from shelter_desk.ui.widgets.overlays import focusables
from tests.ui.real_window import Opened, Records

KEY = Qt.Key


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


def views(opened, *stays):
    return [
        line
        for line in opened.desk.ask(audit_log.events)
        if line.action == residents.NoteOpened.action and line.object in stays
    ]


def first_list(page):
    return next(card.list for card in page.plan.cards.values() if card.list.lines)


def focused_item(opened, page):
    page.plan.focus_first()
    return opened.window.focusWidget().line().key


def test_opening_a_record_is_one_event_and_coming_back_is_another(opened):
    stay, other = opened.admit(), opened.admit("Ash")
    opened.go("resident", stay)
    opened.go("resident", stay)
    assert [line.object for line in views(opened, stay, other)] == [stay]
    opened.go("settings")
    opened.go("resident", stay)
    opened.go("resident", other)
    assert [line.object for line in views(opened, stay, other)] == [other, stay, stay]


def test_the_head_says_who_it_is_and_nothing_shows_without_the_event(opened):
    stay = opened.admit(age_guess=16, pronouns="they")
    page = opened.go("resident", stay)
    code = opened.desk.ask(residents.record, stay_id=stay, now=opened.clock()).case_code
    assert page.head.name.text() == "Sky"
    assert page.head.code.text == code
    assert "about 16 years" in page.head.facts.text()
    assert "they" in page.head.facts.text()
    opened.go("resident", "no such stay")
    assert page.nobody.isVisible()
    assert not page.head.isVisible()
    assert len(opened.told) == 1


def test_space_ticks_the_item_and_ctrl_z_takes_it_back(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = focused_item(opened, page)
    before = len(first_list(page).lines)
    opened.press(KEY.Key_Space)
    assert opened.items(stay)[item.item_id].state in ("closed", "signature")
    assert opened.said == [f"Ticked “{item.text}”"]
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert opened.items(stay)[item.item_id].state == "open"
    assert len(first_list(page).lines) == before


def test_a_phase_is_a_view_and_locks_nothing(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    shown = {}
    for phase in ("immediate", "ongoing", "long-term", "all"):
        page.plan.phases.set_value(phase)
        page.plan.phases.chosen.emit(phase)
        shown[phase] = {code for code, card in page.plan.cards.items() if card.isVisible()}
    assert shown["immediate"]
    assert shown["ongoing"]
    assert shown["immediate"] != shown["ongoing"]
    assert shown["immediate"] | shown["ongoing"] | shown["long-term"] == shown["all"]
    assert all(card.isEnabled() for card in page.plan.cards.values())
    page.head.wanted.emit("phase:ongoing")
    assert {phase.phase_id for phase in opened.plan(stay).phases if phase.is_open} >= {
        "immediate",
        "ongoing",
    }


def test_to_do_leaves_out_what_is_dealt_with_and_all_shows_it_ticked(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    lines = [line for card in page.plan.cards.values() for line in card.list.lines]
    assert lines
    assert all(line.key.state in TO_DO for line in lines)
    once = next(item for item in opened.items(stay).values() if single(item))
    opened.shared.do(care.AnswerItem(stay, once.item_id, once.occurrence))
    show_all(page)
    lines = [line for card in page.plan.cards.values() for line in card.list.lines]
    ticked = next(line for line in lines if line.key.item_id == once.item_id)
    assert ticked.checked
    assert "Dana" in ticked.below


def show_all(page):
    for choice in (page.plan.phases, page.plan.what):
        choice.set_value("all")
        choice.chosen.emit("all")


def single(item):
    return item.state == "open" and item.occurrence == "once" and item.needs_signatures < 2


def test_every_outcome_asks_for_what_it_needs(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = next(item for item in opened.items(stay).values() if single(item))
    asked = {}
    for outcome in ("done", "declined", "not-applicable", "deferred", "blocked"):
        sheet = page.plan.open_item(item)
        sheet.choose(outcome)
        asked[outcome] = set(sheet.form.editors)
        sheet.close_sheet()
    always = {"done_at", "note"}
    assert asked["done"] == always
    assert asked["declined"] == asked["not-applicable"] == asked["blocked"] == always | {"reason"}
    assert asked["deferred"] == always | {"reason", "until"}


def test_an_item_is_blocked_with_a_reason_by_keys_alone(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = focused_item(opened, page)
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(ItemSheet)
    assert item.text == sheet.title.text()
    opened.press(KEY.Key_Right, KEY.Key_Right, KEY.Key_Right, KEY.Key_Right)
    assert sheet.outcome.value() == "blocked"
    opened.press(KEY.Key_Return)
    assert sheet.form.frames["reason"].problem.isVisible()
    opened.press(KEY.Key_Space)  # the problem took the keyboard to the reasons
    if not sheet.form.editors["reason"].typed():
        sheet.form.editors["reason"].put_typed("consent")
    opened.press(KEY.Key_Return)
    line = opened.items(stay)[item.item_id]
    assert line.state == "blocked"
    assert line.last.reason_label
    assert opened.sheet() is None


def test_a_note_typed_is_kept_over_a_lock_and_over_leaving(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    focused_item(opened, page)
    opened.press(KEY.Key_N)
    opened.write("asked for a night light")
    opened.shared.flushing.emit()
    opened.press(KEY.Key_Escape)
    assert opened.sheet() is None
    opened.press(KEY.Key_N)
    sheet = opened.sheet(ItemSheet)
    assert sheet.form.editors["note"].typed() == "asked for a night light"
    opened.press(KEY.Key_Return)
    item = sheet.item
    assert opened.items(stay)[item.item_id].last.note == "asked for a night light"


def test_another_outcome_and_back_loses_no_answer(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = next(item for item in opened.items(stay).values() if single(item))
    sheet = page.plan.open_item(item)
    sheet.choose("deferred")
    sheet.form.editors["until"].put_typed("half past\nnoon")
    sheet.form.editors["note"].put_typed("asked again at breakfast")
    sheet.choose("done")
    assert sheet.form.editors["note"].typed() == "asked again at breakfast"
    sheet.choose("deferred")
    assert sheet.form.editors["until"].typed() == "half past\nnoon"
    sheet.close_sheet()


def test_what_was_put_off_is_late_again_once_its_day_is_over(opened):
    stay = opened.admit()
    item = next(item for item in opened.items(stay).values() if single(item))
    until = opened.clock() + timedelta(days=2)
    put_off = {"outcome": "deferred", "reason": "staffing", "until": until}
    opened.desk.do(care.AnswerItem(stay, item.item_id, item.occurrence, **put_off))
    seen = {}
    for days in (1, 4):
        opened.clock.forward(days=days)
        opened.go("residents")
        page = opened.go("resident", stay)
        show_all(page)
        lines = [line for card in page.plan.cards.values() for line in card.list.lines]
        line = next(line for line in lines if line.key.item_id == item.item_id)
        seen[days] = line.due, line.urgency
    assert seen[1][0].startswith("until ")
    assert seen[4] == ("overdue by 3 days", Urgency.LATE)


def test_a_late_entry_is_visible(opened):
    stay = opened.admit()
    opened.clock.forward(hours=5)
    item = next(item for item in opened.items(stay).values() if single(item))
    early = opened.clock() - timedelta(hours=4)
    opened.desk.do(care.AnswerItem(stay, item.item_id, item.occurrence, done_at=early))
    page = opened.go("resident", stay)
    show_all(page)
    lines = [line for card in page.plan.cards.values() for line in card.list.lines]
    line = next(line for line in lines if line.key.item_id == item.item_id)
    assert "written down later" in line.below
    sheet = page.plan.open_item(line.key)
    sheet.take_back.click()
    assert opened.items(stay)[item.item_id].state == "open"


def test_a_second_signature_is_waited_for_and_the_first_person_cannot_give_it(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = next(i for i in opened.items(stay).values() if i.needs_signatures == 2 and i.occurrence)
    opened.shared.do(care.AnswerItem(stay, item.item_id, item.occurrence))
    rows = [line for card in page.plan.cards.values() for line in card.list.lines]
    waiting = next(line for line in rows if line.key.item_id == item.item_id)
    assert "Waits for a second person" in waiting.below
    assert waiting.due == "to be signed"
    sheet = page.plan.open_item(waiting.key)
    assert not sheet.sign.isVisible()
    texts = [label.text() for label in sheet.findChildren(Label)]
    assert "You have signed this. It waits for a second person." in texts
    sheet.close_sheet()
    with pytest.raises(InvalidError):
        opened.desk.do(care.SignAnswer(waiting.key.last.answer_id))


def test_a_service_goes_on_hold_only_with_a_reason(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    card = next(iter(page.plan.cards.values()))
    labels = [action.text() for action in card.status_menu().actions()]
    assert labels == ["Needed", "In progress", "Met", "Not needed", "Declined", "On hold"]
    hold = card.status_menu().actions()[-1]
    hold.trigger()
    sheet = opened.sheet(FormSheet)
    opened.press(KEY.Key_Return)
    assert sheet.isVisible()
    opened.write("waits for an interpreter")
    opened.press(KEY.Key_Return)
    service = next(
        s for s in opened.plan(stay).services if s.service_id == card.service.service_id
    )
    assert (service.status, service.reason) == ("on-hold", "waits for an interpreter")
    card.status_menu().actions()[1].trigger()
    assert card.status.text() == "In progress"


def test_a_service_nobody_asked_about_says_so(opened):
    page = opened.go("resident", opened.admit())
    page.plan.phases.chosen.emit("all")
    unasked = [c for c in page.plan.cards.values() if c.service.status is None]
    assert unasked
    assert {card.status.text() for card in unasked} == {"Not asked yet"}


def test_an_event_opens_what_follows_from_it(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    before = page.plan._plan
    page.head.happened.click()
    opened.write("credible threat")
    opened.press(KEY.Key_Return)
    assert opened.sheet() is None
    open_now = sum(len(s.items) for s in opened.plan(stay).services)
    assert open_now >= sum(len(s.items) for s in before.services)
    kinds = [line.kind for line in page.timeline.table.lines]
    assert "event" in kinds


def test_that_others_came_stands_in_the_timeline_and_not_beside_the_plan(opened):
    stay = opened.admit()
    for name in ("Ash", "Fern"):
        opened.clock.forward(hours=1)
        opened.admit(name)
    page = opened.go("resident", stay)
    beside = [label.text() for label in page.happened.findChildren(Label)]
    assert "Arrived" in beside
    assert "Someone is admitted" not in beside
    titles = [line.title for line in page.timeline.table.lines]
    assert titles.count("Someone is admitted") == 2


def test_details_keep_what_is_typed_and_a_stale_one_is_refused(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    page.show_part("details")
    page.details.form.editors["pronouns"].setFocus()
    opened.write("they")
    opened.go("settings")
    record = opened.desk.ask(residents.record, stay_id=stay, now=opened.clock())
    opened.desk.do(residents.Correct(record.resident_id, record.version, "Skye"))
    opened.go("resident", stay)
    page.show_part("details")
    assert page.details.waiting.isVisible()
    assert page.details.form.editors["pronouns"].typed() == "they"
    page.details.save.click()
    assert len(opened.told) == 1  # it was typed over an older record
    page.details.drop.click()
    assert page.details.form.editors["called"].typed() == "Skye"
    page.details.form.put({"pronouns": "they"})
    page.details.save.click()
    record = opened.desk.ask(residents.record, stay_id=stay, now=opened.clock())
    assert (record.called, record.pronouns) == ("Skye", "they")


def test_an_exit_asks_for_type_and_place_and_not_sure_is_an_answer(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    opened.clock.forward(days=3)
    court = opened.clock() + timedelta(days=9)
    opened.desk.do(PlanAppointment(stay, "court", court))
    page.head.exit.click()
    sheet = opened.sheet(FormSheet)
    words = " ".join(label.text() for label in sheet.findChildren(Label))
    assert "Planned for them from now on: 1." in words
    assert show_moment(court, opened.desk.house.zone) in words
    sheet.try_save()
    assert sheet.form.frames["exit_type"].problem.isVisible()
    assert sheet.form.frames["destination"].problem.isVisible()
    sheet.form.put({"exit_type": "left-early", "destination": "99"})
    sheet.try_save()
    record = opened.desk.ask(residents.record, stay_id=stay, now=opened.clock())
    assert record.ended_at is not None
    assert record.exit_destination == "99"
    assert page.head.ended.isVisible()
    assert not page.head.exit.isVisible()


def test_an_exit_on_a_clock_that_was_set_back_says_which_moment_was_written(opened):
    arrived = opened.clock()
    stay = opened.admit()
    opened.clock.forward(hours=-3)
    page = opened.go("resident", stay)
    page.head.exit.click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"exit_type": "left-early", "destination": "99"})
    sheet.try_save()
    when = show_moment(arrived, opened.desk.house.zone)
    assert opened.said[-1].startswith("Exit recorded")
    assert f"Written as at {when}:" in opened.said[-1]
    opened.clock.forward(hours=4)


def test_bed_and_planned_move_are_changed_from_the_menu(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    page.head.wanted.emit("bed")
    sheet = opened.sheet(FormSheet)
    code = next(code for code, name in sheet.form._fields["bed_id"].options if name == "2A")
    sheet.form.put({"bed_id": code})
    sheet.try_save()
    assert "2A" in page.head.facts.text()
    page.head.wanted.emit("plan-exit")
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"planned_exit_at": opened.clock() + timedelta(days=60)})
    sheet.try_save()
    assert "move planned" in page.head.facts.text()


def test_ctrl_enter_logs_a_service_for_this_resident(opened):
    stay = opened.admit()
    opened.go("resident", stay)
    opened.press(KEY.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    sheet = opened.sheet(LogSheet)
    assert sheet.form.who.code() == stay


def test_history_shows_who_opened_the_record(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    page.show_part("history")
    assert page.changes.table.lines[0].words == "Opened a resident's record"


def test_history_says_which_item_was_ticked_and_taken_back_and_by_whom(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    item = focused_item(opened, page)
    opened.press(KEY.Key_Space)
    opened.press(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    page.show_part("history")
    table = page.changes.table
    newest = [(line.words, line.about, line.who) for line in table.lines[:2]]
    assert newest == [
        ("Undid an answer", item.text, "Dana"),
        ("Answered a checklist item", item.text, "Dana"),
    ]
    shown = table.model().index(0, 1)
    assert shown.data(Qt.ItemDataRole.AccessibleTextRole) == f"Undid an answer, {item.text}"


def test_everything_the_keyboard_reaches_has_a_name(opened):
    stay = opened.admit()
    walked = 0
    for name in ("resident", "log_service", "settings", "audit_trail", "about"):
        view = opened.go(name, stay if name == "resident" else "")
        for part in ("plan", "timeline", "details", "history") if name == "resident" else ("",):
            if part:
                view.show_part(part)
            for widget in focusables(view):
                said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert said, (name, part, widget)
                walked += 1
    assert walked > 100


@pytest.mark.parametrize("scale", [100, 200])
def test_everything_stays_inside_the_window_at_any_text_size(opened, look, scale):
    look.apply(DeviceSettings(text_scale_percent=scale, colour_scheme="light"))
    opened.window.resize(1366, 768)
    page = opened.go("resident", opened.admit(good_to_know="Likes the door ajar."))
    for part in ("plan", "timeline", "details", "history"):
        page.show_part(part)
        opened.press()
        assert opened.window.width() == 1366
        assert page.minimumSizeHint().width() <= page.width()
    opened.shared.do(StartMissing(opened.admit("Wombat"), opened.clock()))
    opened.press()  # the clock of an absence takes room from every page
    head, facts = page.head, page.head.facts
    assert facts.height() >= facts.heightForWidth(facts.width()), "the facts are not cut"
    assert head.geometry().bottom() < page.tabs.mapTo(head.parentWidget(), QPoint()).y()
    for act in ("event", "exit", "bed", "plan-exit", "log"):
        page.head.wanted.emit(act)
        sheet = opened.sheet()
        assert opened.window.rect().contains(sheet.card.geometry()), act
        sheet.close_sheet()


def test_a_service_on_hold_stays_in_view_and_is_neither_done_nor_owed(opened):
    stay = opened.admit()
    page = opened.go("resident", stay)
    page.plan.phases.set_value("all")
    page.plan.phases.chosen.emit("all")
    service_id, card = next(
        (name, one) for name, one in page.plan.cards.items() if one.service.total
    )
    item = next(one for one in card.service.items if one.state in TO_DO)
    opened.desk.do(care.AnswerItem(stay, item.item_id, item.occurrence))
    before = opened.plan(stay)
    opened.desk.do(care.SetNeed(stay, service_id, "on-hold", reason="closed until Monday"))
    opened.go("residents")
    opened.go("resident", stay)
    assert card.isVisible()
    assert card.held.text() == "closed until Monday"
    assert not card.words.isVisible()
    line = next(one for one in opened.plan(stay).services if one.service_id == service_id)
    assert (line.done, line.total, line.overdue) == (0, 0, 0)
    everything = {phase.phase_id: phase.done for phase in opened.plan(stay).phases}
    assert everything["all"] < {phase.phase_id: phase.done for phase in before.phases}["all"]
    opened.shared.do(care.SetNeed(stay, service_id, "in-progress"))
    assert card.service.total > 0
    assert not card.held.isVisible()


def test_what_is_closed_to_somebody_says_where_it_is_opened_in_an_emergency(opened):
    page = opened.go("resident", opened.admit())
    card = next(iter(page.plan.cards.values()))
    assert card.status_menu().actions()[-1].text() == "On hold"
    card.service = card.service._replace(is_closed=True)
    opening = card.status_menu().actions()[-1]
    assert opening.text() == "Open it in an emergency…"
    went = []
    opened.shared.went.connect(lambda *where: went.append(where))
    opening.trigger()
    assert opened.window.page == "people"
    assert went == [("people", class_of(card.service.service))]
