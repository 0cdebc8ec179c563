"""What a summary is asked for: period, readers, and how finely ages are told apart."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.details import DETAILS, MARGINS, Detail
from shelter_desk.domain.periods import Period
from shelter_desk.ui.periods_shown import period_choice
from shelter_desk.ui.scale import column, fill, row
from shelter_desk.ui.widgets import CheckBox, ChipChoice, DropDown, FieldFrame, Label, LineEdit

LONGEST = 120


class SummaryChoices(QWidget):
    """Says with `changed` that something else is asked for now."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.period = period_choice(self.tr("Period"), today)
        self.audience = ChipChoice(
            (("public", self.tr("The public")), ("named", self.tr("One recipient by name"))),
            self.tr("Who will read it"),
        )
        self.audience.set_value("public")
        self.detail = DropDown(self.tr("How finely ages are told apart"))
        for code in DETAILS:
            self.detail.addItem(self.detail_words(code), code)
        self.recipient = LineEdit(self.tr("Name of the recipient"))
        self.recipient.setMaxLength(LONGEST)
        self._recipient_frame = FieldFrame(self.tr("Name of the recipient"), self.recipient)
        first = row(
            (FieldFrame(self.tr("Period"), self.period), 1),
            (FieldFrame(self.tr("Who will read it"), self.audience), 1),
            spacing=16,
        )
        second = row(
            (FieldFrame(self.tr("How finely ages are told apart"), self.detail), 1),
            (self._recipient_frame, 1),
            spacing=16,
        )
        self.three_way = CheckBox(self.tr("Cross three things"))
        self.insider = CheckBox(self.tr("A resident may read it"))
        about_three = self.tr(
            "Age, phase, and whether they came in the period. It takes many residents."
        )
        about_insider = self.tr(
            "They know that they are counted, and still cannot tell that their group is small."
        )
        third = row(
            (column(self.three_way, Label(about_three, "caption", wrap=True), spacing=2), 1),
            (column(self.insider, Label(about_insider, "caption", wrap=True), spacing=2), 1),
            spacing=16,
        )
        fill(QVBoxLayout(self), (first, second, third), spacing=10)
        for box, about in ((self.three_way, about_three), (self.insider, about_insider)):
            box.setAccessibleDescription(about)
            box.toggled.connect(self._ticked)
        self.period.currentIndexChanged.connect(self.changed)
        self.detail.currentIndexChanged.connect(self._detail_chosen)
        self.recipient.textEdited.connect(self.changed)
        self.audience.chosen.connect(self._reader_chosen)
        self._reader_chosen()

    @property
    def is_named(self) -> bool:
        """Whether it is for one recipient by name."""
        return self.audience.value() == "named"

    @property
    def is_year(self) -> bool:
        """Whether a whole year is chosen."""
        chosen = self.period.currentData()
        return bool(chosen) and not Period.parse(str(chosen)).quarter

    def wanted(self) -> dict[str, str]:
        """Return what is asked for: period, audience, detail, recipient."""
        return {
            "period": str(self.period.currentData()),
            "audience": self.audience.value(),
            "detail": self._wanted_detail().word,
            "recipient": self.recipient.text().strip() if self.is_named else "",
        }

    def adopt(self, period: str, detail: str) -> None:
        """Choose another period and another detail."""
        place = self.period.findData(period)
        if place < 0:
            self.period.addItem(Period.parse(period).label, period)
            place = self.period.count() - 1
        self.period.setCurrentIndex(place)
        wanted = Detail.parse(detail)
        self.detail.setCurrentIndex(self.detail.findData(wanted.ages))
        self.three_way.setChecked(wanted.three_way)
        self.insider.setChecked(wanted.insider)

    def detail_words(self, detail: str) -> str:
        """Put the ages of a detail into words."""
        return {
            "bands": self.tr("Every age band"),
            "pairs": self.tr("Two age bands together"),
            "halves": self.tr("Under 18, and older"),
            "margins": self.tr("Every age band, nothing crossed"),
        }[Detail.parse(detail).ages]

    def _wanted_detail(self) -> Detail:
        return Detail(
            str(self.detail.currentData()),
            three_way=self.three_way.isChecked() and self.three_way.isEnabled(),
            insider=self.insider.isChecked(),
        )

    def _ticked(self, _on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.changed.emit()

    def _detail_chosen(self, _place: int) -> None:
        self.three_way.setEnabled(self.detail.currentData() != MARGINS)
        self.changed.emit()

    def _reader_chosen(self) -> None:
        self._recipient_frame.setVisible(self.is_named)
        self.changed.emit()
