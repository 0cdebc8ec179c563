"""An incident with real windows: from discovery, with its clocks, to the close by the director."""

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from shelter_desk.desk.audit_log import events
from shelter_desk.desk.incident_record import incidents, whole_incident
from shelter_desk.desk.incident_report import CloseIncident, WriteReport
from shelter_desk.desk.incident_trail import incident_trail
from shelter_desk.desk.incidents import StepDone, WithdrawIncident
from shelter_desk.desk.missing import StartMissing, WithdrawMissing
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.telling import NeedNotTell
from shelter_desk.domain.incidents import MAY_BE_NOBODY, Report
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.widgets import Chip
from shelter_desk.ui.widgets.overlays import focusables
from tests.ui.real_window import Opened, Records, settle


class KeptPaper:
    """Keeps what is printed."""

    def __init__(self):
        self.printed = []

    def print_pdf(self, _host, pdf):
        self.printed.append(pdf)
        return True


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    made = Opened(records, qtbot)
    yield made
    for line in made.desk.ask(incidents):
        if line.is_open:
            finish(made.desk, line)
    records.everyone_leaves()


def finish(desk, line):
    """Close what a test left open, so that the next one has a quiet house."""
    found = desk.ask(whole_incident, incident_id=line.incident_id)
    if line.filed_at is None:
        desk.do(WithdrawIncident(line.incident_id))
        return
    for notice in found.notices:
        if not notice.is_answered:
            desk.do(NeedNotTell(notice.notice_id, "told-already"))
    for step in found.steps:
        if step.done_at is None:
            desk.do(StepDone(step.step_id))
    desk.do(CloseIncident(line.incident_id))


def save(sheet, **values):
    sheet.form.put(values)
    sheet.try_save()
    settle()


def begin(opened, *stays, types=("critical-injury",)):
    page = opened.go("incidents")
    page.start.click()
    save(opened.sheet(), types=types, place="kitchen", residents=stays)
    return page, page._incident_id


def seen(opened, incident_id):
    return opened.desk.ask(whole_incident, incident_id=incident_id)


def test_from_discovery_to_the_close_by_the_director(opened):
    sky = opened.admit("Sky")
    opened.clock.forward(days=1)
    page, incident_id = begin(opened, sky)
    assert page.stack.currentWidget() is page.view
    page.view.notices.buttons["tell", "director"].click()
    save(opened.sheet(), whom="Ruth")
    form = page.view.report.form
    page.view.close_button.click()
    assert "still needs answers" in page.view.not_closed.text
    assert form.frames["treated"].problem.text() == "This one is needed."
    assert "who saw it" in form.frames["nobody"].problem.text()
    assert opened.told == []
    form.editors["note"].setFocus()
    opened.write("Check")
    page.view.close_button.click()
    assert "not saved yet" in page.view.not_closed.text
    assert form.typed()["note"] == "Check", "nothing typed is lost"
    page.view.add_person.click()
    save(opened.sheet(), who="role:medical-worker", part="responded")
    assert not page.view.not_closed.isVisible()
    page.view.report.form.put(
        {"circumstances": ("meal",), "interventions": ("first-aid",), "treated": "emergency",
         "resolution": "calm", "note": "Check the step daily"}
    )  # fmt: skip
    assert page.view.report.try_save()
    assert page.view.report.left.text == "Still open: who saw it."
    page.view.report.form.put({"nobody": ("witnesses",)})
    assert page.view.report.try_save()
    assert page.view.state.text == "report written"
    page.view.add_step.click()
    save(opened.sheet(), text="Mend the step", due_on=opened.shared.today())
    reached = [one.accessibleName() or one.text() for one in focusables(page.view)]
    for earlier, later in (
        ("All incidents", "State licensing: was told"),
        ("State licensing: was told", "Director on call: take the answer back"),
        ("Director on call: take the answer back", "Add somebody…"),
        ("Add somebody…", "Save the report"),
        ("Save the report", "Done: Mend the step"),
        ("Done: Mend the step", "Add a step…"),
        ("Add a step…", "Close this incident"),
        ("Close this incident", "Print the whole report…"),
    ):
        assert reached.index(earlier) < reached.index(later), "Tab goes as the eye does"
    page.view.report.save.setFocus()
    opened.press(*[Qt.Key.Key_Tab] * 3)
    assert opened.window.focusWidget() is page.view.close_button, "within the page, not the rail"
    page.view.close_button.click()
    assert "no answer yet" in page.view.not_closed.text, "beside the button, in no dialog"
    assert opened.told == []
    for recipient in ("custodian", "licensing"):
        page.view.notices.buttons["tell", recipient].click()
        save(opened.sheet(), whom="A desk", reference="R-7")
    (step,) = seen(opened, incident_id).steps
    page.view.buttons["done", step.step_id].click()
    page.view.close_button.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert opened.window.focusWidget() is page.view.to_list
    assert seen(opened, incident_id).line.closed_at == opened.clock()
    assert page.view.state.text == "closed"
    assert not page.view.report.isEnabled()
    assert not opened.window.strip.isVisible()
    trail = page.view.trail
    said = [label.text() for label in trail.findChildren(QLabel) if label.isVisible()]
    done = [one.words for one in opened.desk.ask(incident_trail, incident_id=incident_id)]
    assert done[0] == "Closed an incident"
    assert {"Wrote an incident report", "Did what follows an incident"} <= set(done)
    assert [one for one in said if one in done] == done, "each line of it, newest first"
    assert any("Dana" in one for one in said)


def test_a_notice_that_is_near_is_on_every_page_and_opens_the_incident(opened):
    page, incident_id = begin(opened, opened.admit())
    opened.go("today")
    strip = opened.window.strip
    assert strip.isVisible()
    assert strip.words.text() == "A notice is due"
    assert strip.next.text.startswith("Next: Director on call by")
    strip.button.click()
    assert opened.window.page == "incidents"
    assert page._incident_id == incident_id


def test_an_incident_begins_by_a_few_keys_however_many_kinds_there_are(opened):
    for name in ("Sky", "Ada", "Wombat"):
        opened.admit(name)
    page = opened.go("incidents")
    page.start.click()
    settle()
    form = opened.sheet().form
    (first, second, *_, last), key = form.editors["types"].findChildren(Chip), Qt.Key
    assert opened.window.focusWidget() is first
    opened.press(key.Key_Right, key.Key_Space, key.Key_Home, key.Key_Left)
    assert opened.window.focusWidget() is last
    assert [one.isChecked() for one in (first, second, last)] == [False, True, False]
    opened.press(key.Key_Tab)
    assert form.editors["occurred_at"].isAncestorOf(opened.window.focusWidget())
    opened.press(key.Key_Backtab)
    assert opened.window.focusWidget() is last, "Tab comes back to where it left"
    tabs = 0
    people = form.editors["residents"]
    while not people.isAncestorOf(opened.window.focusWidget()):
        opened.press(key.Key_Tab)
        tabs += 1
    assert tabs <= 10
    opened.press(key.Key_Down, key.Key_Space)
    assert len(people.read()) == 1
    opened.sheet().close_sheet()


def test_where_there_is_little_room_the_head_of_an_incident_goes_along(opened, look):
    look.apply(DeviceSettings(text_scale_percent=200, colour_scheme="dark"))
    opened.window.resize(1366, 768)
    page, _ = begin(opened, opened.admit())
    view = page.view
    assert view.main.isAncestorOf(view.head)
    assert view.columns.height() > view.height() * 0.9, "the report has the whole page"
    look.apply(DeviceSettings(text_scale_percent=100, colour_scheme="light"))
    opened.press()
    assert view.head.parentWidget() is view
    assert view.head.isVisible()


def test_the_report_comes_back_as_it_was_typed(opened):
    page, incident_id = begin(opened, opened.admit())
    page.view.report.form.editors["note"].setFocus()
    opened.write("Check the step")
    opened.shared.flushing.emit()
    opened.go("today")
    page = opened.go("incidents", incident_id)
    assert page.view.report.form.typed()["note"] == "Check the step"
    assert seen(opened, incident_id).note == ""
    assert page.view.report.try_save()
    assert seen(opened, incident_id).note == "Check the step"


def test_a_copy_for_one_resident_leaves_the_others_out(opened):
    sky, ada = opened.admit("Sky"), opened.admit("Ada")
    page, incident_id = begin(opened, sky, ada)
    page.paper = KeptPaper()
    page.asks.person(incident_id)
    save(opened.sheet(), who=f"stay:{ada}", part="hurt", note="Ice for the wrist")
    codes = {one.called: one.case_code for one in seen(opened, incident_id).residents}
    for stay in ("", sky):
        page.view.buttons["paper", stay].click()
        save(opened.sheet(), basis="own-copy" if stay else "licensing-duty")
        paper = opened.sheet(PaperSheet)
        paper.print.click()
        paper.close_sheet()
        settle()
    whole, copy = (text_of(pdf) for pdf in page.paper.printed)
    for words in ("Sky", "Ada", codes["Sky"], codes["Ada"], "Ice for the wrist"):
        assert words in whole
    assert "Sky" in copy
    assert codes["Sky"] in copy
    for words in ("Ada", codes["Ada"], "Ice for the wrist"):
        assert words not in copy
    assert "left out of this copy" in copy
    newest = [one.reason for one in opened.desk.ask(events, limit=4)]
    assert "incident-report:own-copy" in newest
    assert "incident-report:licensing-duty" in newest


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def test_every_element_stands_on_the_paper_under_its_number(opened):
    page, incident_id = begin(opened, opened.admit())
    whole = Report(("meal",), ("calm-talk",), "nurse", "calm", "", MAY_BE_NOBODY)
    opened.desk.do(WriteReport(incident_id, whole, "Check the step"))
    page.paper = KeptPaper()
    page.view.buttons["paper", ""].click()
    save(opened.sheet(), basis="licensing-duty")
    paper = opened.sheet(PaperSheet)
    paper.print.click()
    paper.close_sheet()
    text = text_of(page.paper.printed[0])
    for number in range(1, 12):
        assert f"{number}. " in text
    for words in ("Harbor House", "Critical injury", "Kitchen", "Meal", "Calm talk", "Our nurse",
                  "Everybody is safe and calm", "Check the step", "Dana"):  # fmt: skip
        assert words in text


def test_an_absence_is_reported_from_its_own_page_and_only_once(opened):
    sky = opened.admit()
    episode_id = opened.desk.do(StartMissing(sky, opened.clock())).subject
    for _ in range(2):
        page = opened.go("missing", episode_id)
        page.view.head.incident.click()
        settle()
    assert opened.window.page == "incidents"
    (line,) = [one for one in opened.desk.ask(incidents) if one.is_open]
    assert line.types == ("left-without-permission",)
    recipients = [one.recipient for one in opened.desk.ask(due_notices)]
    assert recipients.count("licensing") == 1
    opened.desk.do(WithdrawMissing(episode_id))


def test_what_was_no_incident_is_taken_back(opened):
    page, incident_id = begin(opened, opened.admit())
    page.view.mistake.click()
    settle()
    assert seen(opened, incident_id).line.is_withdrawn
    assert page.view.state.text == "taken back"
    assert opened.desk.ask(due_notices) == ()


def test_the_list_is_found_again_and_closing_says_what_is_open(opened):
    sky, page = opened.admit(), opened.go("incidents")
    begin(opened, sky)
    settle()
    assert opened.window.focusWidget() is next(iter(page.view.notices.buttons.values()))
    page.view.close_button.click()
    assert opened.told == []
    beside = page.view.report.form.frames
    assert beside["interventions"].problem.text() == "This one is needed."
    assert "which adults and their roles" in beside["nobody"].problem.text()
    opened.window.rail.button("incidents").click()
    settle()
    assert page.list.isVisible()
    page.open(opened.desk.ask(incidents)[0].incident_id)
    page.view.to_list.click()
    settle()
    assert page.list.isVisible()
    assert opened.window.focusWidget() is page.table


def test_missing_from_care_shows_everybody_when_it_is_chosen_again(opened):
    stay = opened.admit()
    missing = opened.desk.do(StartMissing(stay, opened.clock())).subject
    page = opened.go("missing", missing)
    assert page.view.isVisible()
    opened.window.rail.button("missing").click()
    settle()
    assert page.overview.isVisible()
    opened.desk.do(WithdrawMissing(missing))
