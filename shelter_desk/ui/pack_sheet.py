"""The words of an audit pack or a full export, shown once, on the way to paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from shelter_desk.ui.scale import STRETCH, measures, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, CheckBox, Label, PrimaryButton, Sheet

_ACROSS = 3


class WordsSheet(Sheet):
    """Shows the words; what they open is made only after the person says they are on paper.

    `print_words` sends them to a printer, and nowhere else; None: they open a full export, and are
    written by hand. `of_pdf`: they are those of the PDF beside the pack.
    """

    def __init__(
        self,
        words: str,
        on_written: Callable[[], None],
        print_words: Callable[[], object] | None,
        *,
        of_pdf: bool = False,
    ) -> None:
        self._on_written = on_written
        self.print = Button("", "printer")
        self.written = CheckBox("")
        self.go_on = PrimaryButton("", "package-check")
        self.leave = Button("")
        intro, warning = Label("", "muted", wrap=True), Banner("", Tone.WARN)
        shown = words_grid(words.split())
        buttons = row(self.print, STRETCH, self.leave, self.go_on)
        super().__init__("", intro, shown, warning, self.written, buttons, width=560)
        title, action = self.tr("The six words that open this pack"), self.tr("Make the pack")
        if print_words is None:
            title, action = self.tr("The six words that open it"), self.tr("Let it leave")
        if of_pdf:
            title = self.tr("Six words of its own, for the locked PDF")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        intro.setText(
            self.tr(
                "Write them on paper, in this order, and never on the stick. They are shown "
                "only now, and kept nowhere. Without them, nobody can open it."
            )
        )
        if of_pdf:
            how = self.tr("A PDF wants them typed as they stand here, one space between two.")
            intro.setText(f"{intro.text()} {how}")
        warning.say(self.tr("Give the paper to the recipient apart from the stick."))
        self.written.setText(self.tr("The words are on paper"))
        self.go_on.setText(action)
        self.print.setText(self.tr("Print the words…"))
        self.print.setVisible(print_words is not None)
        if print_words is not None:
            self.print.clicked.connect(print_words)
        self.leave.setText(self.tr("Leave it"))
        self.go_on.setEnabled(False)
        self.written.toggled.connect(self.go_on.setEnabled)
        self.leave.clicked.connect(self.close_sheet)
        self.go_on.clicked.connect(self._go_on)

    def _go_on(self) -> None:
        self.close_sheet()
        self._on_written()


def words_grid(words: Sequence[str], across: int = _ACROSS) -> QWidget:
    """Return the words numbered, so that none is left out on paper."""
    shown = QWidget()
    shown.setAccessibleName(" ".join(words))
    box = QGridLayout(shown)
    measures(box, spacing=10)
    for place, word in enumerate(words):
        label = Label(f"{place + 1}  {word}", "h2")
        label.setAccessibleName(f"{place + 1}: {word}")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)  # never copied
        box.addWidget(label, place // across, place % across)
    return shown
