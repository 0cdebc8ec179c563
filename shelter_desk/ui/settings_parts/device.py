"""How this computer shows the desk: text size, colours, names."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Card, ChipChoice, KeyCap, Label, Line, SectionHeader

_SIZES = ("100", "125", "150", "200")


class DeviceCard(Card):
    """Text size and colours. They hold for this computer, whoever signs in."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.memory = Label("", "caption", wrap=True)
        sizes = [(size, f"{size} %") for size in _SIZES]
        self.size_choice = ChipChoice(sizes, "")
        self.colours, self.names = ChipChoice((), ""), ChipChoice((), "")
        self.staff = ChipChoice((), "")
        super().__init__(spacing=10)
        schemes = (
            ("system", self.tr("Same as computer")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
            ("contrast", self.tr("High contrast")),
        )
        self.colours.set_options(schemes)
        names = (("whole", self.tr("Preferred name")), ("initials", self.tr("Initials")))
        self.names.set_options(names)
        self.names.setAccessibleName(self.tr("Names on screen"))
        staff = (("chosen", self.tr("Choose your name")), ("typed", self.tr("Type your name")))
        self.staff.set_options(staff)
        self.staff.setAccessibleName(self.tr("Staff names when signing in"))
        self.size_choice.setAccessibleName(self.tr("Text size"))
        self.colours.setAccessibleName(self.tr("Colors"))
        self._add_lines()
        self.size_choice.chosen.connect(self._resize)
        self.colours.chosen.connect(self._recolour)
        self.names.chosen.connect(self._rename)
        self.staff.chosen.connect(self._hide_staff)
        theme().changed.connect(self._show)
        self._show()

    def _add_lines(self) -> None:
        keys = row(KeyCap("F9"), Label(self.tr("or")), KeyCap("Esc Esc Esc"), STRETCH)
        self.add(
            SectionHeader(self.tr("This computer"), icon="monitor"),
            Line(),
            setting(self.tr("Text size"), self.tr("Also Ctrl + and Ctrl −"), self.size_choice),
            Line(),
            setting(
                self.tr("Colors"), self.tr("Follows the computer unless you choose"), self.colours
            ),
            Line(),
            setting(
                self.tr("Names on screen"),
                self.tr("Initials hide names from people standing behind you"),
                self.names,
            ),
            Line(),
            setting(
                self.tr("Staff names when signing in"),
                self.tr("Typed names show nobody at this computer who works here"),
                self.staff,
            ),
            Line(),
            setting(self.tr("Hide key"), self.tr("Covers everything at once."), keys),
            Line(),
            setting(self.tr("Memory of the computer"), self._what_for(), self.memory),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.memory.setText(self.tr(self._shared.desk.keyring_sentence))

    def _what_for(self) -> str:
        return self.tr("Notices when an older copy of the records was put in place")

    def _show(self) -> None:
        settings = theme().settings
        self.size_choice.set_value(str(settings.text_scale_percent))
        self.colours.set_value(settings.colour_scheme)
        self.names.set_value("initials" if settings.initials_only else "whole")
        self.staff.set_value("typed" if settings.hides_staff else "chosen")

    def _resize(self, percent: str) -> None:
        theme().apply(theme().settings._replace(text_scale_percent=int(percent)))

    def _recolour(self, scheme: str) -> None:
        theme().apply(theme().settings._replace(colour_scheme=scheme))

    def _rename(self, names: str) -> None:
        theme().apply(theme().settings._replace(initials_only=names == "initials"))

    def _hide_staff(self, how: str) -> None:
        theme().apply(theme().settings._replace(hides_staff=how == "typed"))


def setting(title: str, hint: str, control: QWidget) -> QWidget:
    """Return one line of settings: what it is at the left, the choice at the right."""
    words = column(Label(title, "strong"), Label(hint, "caption", wrap=True), STRETCH, spacing=1)
    return row((words, 2), (control, 3), spacing=14)
