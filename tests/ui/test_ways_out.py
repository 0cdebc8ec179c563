"""Every way by which something leaves the house on paper, in a file or by copying is recorded.

The ways are found in the source: a call that prints, writes a file or fills the clipboard stands
in `WAYS_OUT`, or the test fails. Each paper is then made and printed through its window; the trail
must say so, with who and what, before the first page is at the printer.
"""

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import shelter_desk
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.ui.census_sheet import CensusSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from tests.ui.real_door import KeptPaper
from tests.ui.real_window import Opened, settle

PACKAGE = Path(shelter_desk.__file__).parent
TESTS = PACKAGE.parent / "tests"
PRINTS = {"PaperSheet", "print_pdf", "save_pdf", "QPrinter", "QPdfWriter"}
COPIES = {"clipboard", "QMimeData"}
WRITES = {
    "write_together", "write_files", "write_pack", "write_whole", "write_all", "replace_bytes",
    "write_text", "write_bytes", "QSaveFile", "NamedTemporaryFile", "mkstemp",
}  # fmt: skip
CALLED = re.compile(rf"\b(open|{'|'.join(sorted(PRINTS | COPIES | WRITES))})\(")
# Papers, made and printed below: the calls that show each, and the event that says so.
PAPERS = {
    "house board": ("ui/pages/residents.py ResidentsPage._show_paper", "house.print"),
    "go-bag": ("ui/pages/residents.py ResidentsPage._show_paper", "house.print"),
    "census": ("ui/pages/residents.py ResidentsPage._show_paper", "house.print"),
    "week": ("ui/calendar/on_paper.py CalendarPaper._show", "house.print"),
    "handoff": ("ui/pages/handoff.py HandoffPage._show_paper", "handoff.print"),
    "shift log": ("ui/pages/shift_log.py ShiftLogPage._show_paper", "paper.disclose"),
    "paper for them": ("ui/stay/paper_choice.py _show", "paper.resident"),
    "incident": ("ui/pages/incidents.py IncidentsPage._show_paper", "paper.disclose"),
    "police": ("ui/pages/missing.py MissingPage._show_paper", "paper.disclose"),
    "absences": ("ui/pages/missing.py MissingPage._show_paper", "paper.disclose"),
    "grid": ("ui/pages/visits.py VisitsPage._show_grid", "visit.grid"),
    "list": ("ui/widgets/table.py Table._copy", "list.copy"),
}
# What takes longer to make, or more people: the test that shows that the trail says so.
SHOWN_ELSEWHERE = {
    "ui/pages/kept.py KeptPage._show": ("ui/test_kept_page.py", "removal.paper"),
    "ui/pages/audit_pack.py AuditPackPage._print_words": (
        "exports/test_pack_of_one.py", "custody.begin"),
    "ui/pack_results.py show_cover": (
        "exports/test_pack_of_one.py", "custody.end"),
    "ui/people/sheets.py SlipSheet._print": ("desk/test_accounts.py", "staff.add"),
    "ui/first_run/steps.py PrintKit._print": ("ui/test_new_kit.py", "kit.replace"),
    "ui/first_run/steps.py PrintKit._save": ("ui/test_new_kit.py", "kit.replace"),
    "ui/report_parts/leaving.py saved": ("desk/test_report_releases.py", "report.hand-over"),
    "ui/summary_parts/saving.py _save": ("desk/test_release_ledger.py", "summary.release"),
    "cli/reports.py _exact": ("desk/test_report_releases.py", "report.hand-over"),
    "cli/reports.py _protected": ("desk/test_release_ledger.py", "summary.release"),
    "cli/summary.py summary": ("desk/test_release_ledger.py", "summary.release"),
    "cli/summary.py _year_together": ("desk/test_release_ledger.py", "summary.release"),
    "cli/packing.py run.make": ("exports/test_pack_of_one.py", "custody.end"),
    "cli/packing.py _keep_sheet": ("exports/test_pack_of_one.py", "custody.end"),
    "exports/backup.py _written": ("exports/test_backup.py", "custody.end"),
    "exports/everything.py _exported": ("exports/test_everything.py", "custody.begin"),
    "exports/pack_contents.py _released": ("exports/test_pack_of_one.py", "custody.write"),
    "exports/readable.py write_locked_pdf": ("ui/test_audit_pack_page.py", "custody.locked-pdf"),
}  # fmt: skip
# Not a way of its own, and why.
NO_WAY_OF_ITS_OWN = {
    "ui/paper_sheet.py PaperSheet._print": "prints what whoever shows the sheet has recorded",
    "ui/widgets/inputs.py forget_copied": "takes secrets off, and puts nothing on",
    "ui/printing.py RealPaper.print_pdf": "the printer: whoever calls it stands here",
    "ui/printing.py RealPaper.save_pdf": "the file dialog: whoever calls it stands here",
    "ui/printing.py write_whole": "the file itself",
    "cli/writing.py write_all": "the files themselves: whoever calls it stands here",
    "exports/stick.py write_pack": "the drive itself",
    "cli/protect.py protect": "a table from a file that was given; no records are open",
    "cli/sealed_out.py keep_words": "the words of an export that custody knows; who makes it asks",
    "desk/key_copies.py keep_key_copy": "keys under passphrases, beside backups and nowhere else",
    "settings.py write_device_settings": "the settings of this computer: nobody in them",
    "settings.py write_records_folder": "where the records are",
    "cli/tour.py _pack": "the tour of an invented house",
    "cli/tour.py _summary": "the tour of an invented house",
    "tour/hands.py Tour.write": "the tour of an invented house",
}


def is_way_out(call):
    """Tell whether a call prints, copies or writes something."""
    called = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
    words = [one.value for one in call.args if isinstance(one, ast.Constant)]
    opens = called == "open" and any(
        isinstance(word, str) and re.fullmatch(r"[wxa]b?\+?", word) for word in words
    )
    return called in PRINTS | COPIES | WRITES or opens


def ways_out(node, within=""):
    """Yield where something is printed, copied or written below a node of the source."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and is_way_out(child):
            yield within
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from ways_out(child, f"{within}.{child.name}".lstrip("."))
        else:
            yield from ways_out(child, within)


def test_every_way_out_is_known():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE)
        if place.parts[0] != "store":  # the records themselves: nothing leaves by it
            text = path.read_text("utf-8")
            if not CALLED.search(text):
                continue  # the trees of all files would take seconds
            found |= {f"{place.as_posix()} {one}" for one in ways_out(ast.parse(text))}
    known = {place for place, _ in PAPERS.values()} | set(SHOWN_ELSEWHERE)
    assert found - known - set(NO_WAY_OF_ITS_OWN) == set(), "record it, and let it stand here"
    assert (known | set(NO_WAY_OF_ITS_OWN)) - found == set(), "gone: let it stand here no more"
    for test, action in SHOWN_ELSEWHERE.values():
        assert action in WORDS
        assert f'"{action}"' in (TESTS / test).read_text("utf-8"), (test, action)


class Printer(KeptPaper):
    """Notes what stood in the trail when the first page came."""

    def __init__(self, desk):
        super().__init__()
        self._desk, self.stood = desk, None

    def print_pdf(self, host, pdf):
        self.stood = self._desk.ask(events, limit=4)
        return super().print_pdf(host, pdf)


def give_ground(opened, basis):
    sheet = opened.sheet()
    sheet.form.put({"basis": basis})
    sheet.try_save()
    settle()


def make_census(opened, page):
    page.census.click()
    opened.sheet(CensusSheet).print.click()


def make_shift_log(opened, page):
    page.whose.setCurrentIndex(page.whose.count() - 1)
    page.whose.activated.emit(0)
    page.print.click()
    give_ground(opened, "own-copy")


def make_paper_for_them(opened, page):
    (act,) = [one for one in page.head.more_menu().actions() if "Papers" in one.text()]
    act.trigger()
    settle()
    opened.sheet().try_save()


def make_incident(opened, page):
    page.view.buttons["paper", ""].click()
    give_ground(opened, "licensing-duty")


def make_police(opened, page):
    opened.press(Qt.Key.Key_F8, Qt.Key.Key_1)
    page.view.sheet.click()
    give_ground(opened, "missing-child-report")


def make_absences(opened, page):
    page.overview.print.click()
    give_ground(opened, "licensing-duty")


def make_grid(opened, page):
    page.plan.click()
    settle()
    opened.write("Invented office")
    opened.sheet().form.put({"scope": "licensor", "authority": "Rule 7"})
    opened.sheet().try_save()
    settle()
    page.grid.click()


# Paper -> the page that it is made on, and how, up to the sheet that shows it.
MAKES = {
    "house board": ("residents", lambda _, page: page.print.click()),
    "go-bag": ("residents", lambda _, page: page.bag.click()),
    "census": ("residents", make_census),
    "week": ("calendar", lambda _, page: page.print.click()),
    "handoff": ("handoff", lambda _, page: page.print.click()),
    "shift log": ("shift_log", make_shift_log),
    "paper for them": ("resident", make_paper_for_them),
    "incident": ("incidents", make_incident),
    "police": ("missing", make_police),
    "absences": ("missing", make_absences),
    "grid": ("visits", make_grid),
}


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def test_every_paper_stands_in_the_trail_before_it_is_printed(opened):
    stay, now = opened.admit("Sky"), opened.clock()
    incident = opened.desk.do(StartIncident(("injury",), now, now, "kitchen", (stay,))).subject
    printer, missed = Printer(opened.desk), []
    assert {*MAKES, "list"} == set(PAPERS)
    for name, (place, make) in MAKES.items():
        page = opened.go(place, {"resident": stay, "incidents": incident}.get(place, ""))
        (page.papers if place == "calendar" else page).paper = printer
        action, before = PAPERS[name][1], opened.desk.ask(events, limit=1)[0].seq
        make(opened, page)
        settle()
        sheet = opened.sheet(PaperSheet)
        assert sheet is not None, name
        sheet.print.click()
        said = [one for one in printer.stood if one.seq > before and one.action == action]
        if not said or said[0].who != "Dana" or not (said[0].object or said[0].reason):
            missed.append((name, said))
        sheet.close_sheet()
        settle()
    assert missed == [], "nothing says who made it, and what it was"
    assert len(printer.printed) == len(PAPERS) - 1

    page = opened.go("residents")
    page.table.setFocus()
    opened.press(Qt.Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert "Sky" in QApplication.clipboard().text()
    newest = opened.desk.ask(events, limit=1)[0]
    assert (newest.action, newest.who, newest.reason) == ("list.copy", "Dana", "residents:1")
    assert opened.said[-1].startswith("Copied.")
