"""Who pays for a service, on which of their lines, and what their rules say about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.service_rules import FUNDERS, LINES, rules_of, usual_funder
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import fill, row
from shelter_desk.ui.widgets import Label, SegmentedControl


class FunderPart(QWidget):
    """The funder line, the funder, and the rule that goes with the line."""

    edited = Signal()

    def __init__(self, model: CareModel) -> None:
        super().__init__()
        self._model = model
        self._service = ""
        self._said = False  # whether somebody chose the funder, so that a line must not
        self.line = Picker(self.tr("Funder line"))
        payers = [(value.code, value.label) for value in model.values(FUNDERS)]
        self.payer = SegmentedControl(payers, self.tr("Who pays"))
        self.rule = Label("", "caption", wrap=True)
        fill(QVBoxLayout(self), (row((self.line, 1), self.payer), self.rule), spacing=6)
        self.line.activated.connect(self._line_chosen)
        self.payer.chosen.connect(self._payer_chosen)
        self.line.activated.connect(self.edited)
        self.payer.chosen.connect(self.edited)
        self.setFocusProxy(self.line)

    def offer(self, service_id: str) -> None:
        """Offer the lines of a service; one that is the only one is chosen."""
        self._service, self._said = service_id, False
        codes = self._model.services[service_id].voca if service_id else ()
        label = self._model.label
        options = [(code, f"{code}  {label(LINES, code)}") for code in codes]
        self.line.offer([*options, ("", self.tr("Not decided now"))])
        self.line.choose(codes[0] if len(codes) == 1 else "")
        self._line_chosen()

    def put(self, line: str | None, payer: str) -> None:
        """Choose a line and who pays."""
        self.line.choose(line or "")
        self._said = True
        self.payer.set_value(payer)
        self._show_rule()

    def values(self) -> tuple[str | None, str]:
        """Return the line, or None, and who pays."""
        return self.line.code() or None, self.payer.value()

    def _line_chosen(self) -> None:
        if not self._said:
            self.payer.set_value(usual_funder(self.line.code()))
        self._show_rule()

    def _payer_chosen(self) -> None:
        self._said = True

    def _show_rule(self) -> None:
        rules = rules_of(self._model, self._service, self.line.code())
        self.rule.setText("  ".join(rule.text for rule in rules))
        self.rule.setVisible(bool(rules))
