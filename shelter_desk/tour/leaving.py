"""What could leave the building, looked at: a summary, a report, an audit pack, everything."""

from __future__ import annotations

from typing import cast

from shelter_desk.tour.hands import KEY, Tour, press, write
from shelter_desk.ui.main_window import MainWindow
from shelter_desk.ui.pages.audit_pack import AuditPackPage
from shelter_desk.ui.pages.reports import ReportsPage
from shelter_desk.ui.pages.summary import SummaryPage
from shelter_desk.ui.shots import settle

_QUARTERS = 4


def what_leaves(tour: Tour, window: MainWindow) -> None:
    """Look at everything that could leave; one report is handed over."""
    _summary(tour, window)
    _report(tour, window)
    _pack(tour, window)
    _everything(tour, window)


def _report(tour: Tour, window: MainWindow) -> None:
    with tour.step("an exact report is handed over by name, and could become public"):
        window.go("reports")
        settle()
        page = cast("ReportsPage", window.view("reports"))
        page.choose_folder = lambda host, title: str(tour.out)
        page.count.setFocus()
        press(window, KEY.Key_Space)
        tour.picture(window, "report")
        page.leave.setFocus()
        press(window, KEY.Key_Space)
        write(window, "State agency")
        tour.picture(window, "report_for_whom")
        press(window, KEY.Key_Return)
        page.told.setFocus()
        page.told.selectRow(0)
        page.publish.setFocus()
        press(window, KEY.Key_Space)
        tour.picture(window, "report_becomes_public")
        press(window, KEY.Key_Escape)


def _summary(tour: Tour, window: MainWindow) -> None:
    with tour.step("a summary of last year, worked out and looked at"):
        window.go("summary")
        settle()
        page = cast("SummaryPage", window.view("summary"))
        page.period.setFocus()
        for _ in range(_QUARTERS):  # the quarters stand above the years
            press(window, KEY.Key_Down)
        page.audience.buttons()[1].setFocus()
        press(window, KEY.Key_Space)
        page.prepare.setFocus()
        press(window, KEY.Key_Space)
    tour.picture(window, "summary")


def _pack(tour: Tour, window: MainWindow) -> None:
    with tour.step("an audit pack, laid out and looked at"):
        window.go("audit_pack")
        settle()
        page = cast("AuditPackPage", window.view("audit_pack"))
        page.profile.setFocus()
        press(window, KEY.Key_Down)  # from the funder to the licensor
        page.choices.draw.setFocus()
        press(window, KEY.Key_Space)
        tour.picture(window, "sample")
        press(window, KEY.Key_Escape)
        page.make.setFocus()
        press(window, KEY.Key_Space)
        tour.picture(window, "pack_preview")
        press(window, KEY.Key_Escape)
    tour.picture(window, "pack_left")


def _everything(tour: Tour, window: MainWindow) -> None:
    with tour.step("everything could leave: looked at, and left"):
        window.go("settings", "moving")
        settle()
        tour.picture(window, "moving")
        press(window, KEY.Key_Space)
        tour.picture(window, "everything_leaves")
        press(window, KEY.Key_Escape)
