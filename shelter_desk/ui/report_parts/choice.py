"""Which report, and of when; each report offers the periods that its recipient knows."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.domain.periods import Period
from shelter_desk.domain.report_kinds import REPORTS, ReportKind
from shelter_desk.ui.periods_shown import finished_periods
from shelter_desk.ui.scale import fill
from shelter_desk.ui.widgets import DropDown, FieldFrame, Label

_USUAL = "voca"


class ReportChoice(QWidget):
    """Says `changed` whenever another report or period is chosen; `about` says what it is."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self.kind, self.period = DropDown(self.tr("Report")), DropDown(self.tr("Period"))
        self.about = Label("", "caption", wrap=True)
        for kind in REPORTS.values():
            self.kind.addItem(self.tr(kind.title), kind.id)
        self.kind.setCurrentIndex(self.kind.findData(_USUAL))
        self.period.setMinimumContentsLength(18)
        parts = (
            (FieldFrame(self.tr("Report"), self.kind), 3),
            (FieldFrame(self.tr("Period"), self.period), 2),
        )
        fill(QHBoxLayout(self), parts, spacing=16)
        self._offer_periods()
        self.kind.currentIndexChanged.connect(self._offer_periods)
        self.period.currentIndexChanged.connect(self._told)

    @property
    def wanted(self) -> ReportKind:
        """Return the report that is chosen."""
        return REPORTS[str(self.kind.currentData())]

    @property
    def year_words(self) -> str:
        """Return what stands on the button that takes the whole year; "" where it cannot."""
        year = self._year
        return self.tr("Count the whole year {0} instead").format(year) if year else ""

    def take_year(self) -> None:
        """Choose the year of the quarter that is chosen."""
        self.period.setCurrentIndex(self.period.findData(self._year))

    @property
    def _year(self) -> str:
        chosen = Period.parse(str(self.period.currentData()))
        year = str(chosen.year)
        return year if chosen.quarter and self.period.findData(year) >= 0 else ""

    def _told(self) -> None:
        self.changed.emit()

    def _offer_periods(self) -> None:
        kind, before = self.wanted, self.period.currentData()
        self.period.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.period.clear()
        for period in finished_periods(self._today):
            if period.quarter or not kind.quarters_only:
                self.period.addItem(period.label, period.id)
        self.period.setCurrentIndex(max(0, self.period.findData(before)))
        self.period.blockSignals(False)  # noqa: FBT003 - Qt's own
        product = (
            self.tr("Exact counts for one recipient by name, not for publication.")
            if kind.is_exact
            else self.tr("Safe tables: nobody can be worked out from them.")
        )
        self.about.setText(f"{self.tr(kind.about)} {product}")
        self.changed.emit()
