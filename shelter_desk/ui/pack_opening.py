"""What opens the pack that is about to be made: words on the way to paper, or a key to compare."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.domain.age_typed import in_fours, last_letters
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, CheckBox, Label, PrimaryButton, Sheet

PrintWords = Callable[..., object]
"""Takes words to a printer, and nowhere else; `of_pdf=True` for those of the locked PDF."""


class KeySheet(Sheet):
    """Shows whose key it is; the pack is made only once they have read its end out.

    Whoever can put another key in the place of the reader's, in a letter or an e-mail, would open
    the pack instead. Only a voice at a number that was known before shows that they did not.
    """

    def __init__(self, key: str, on_compared: Callable[[], None]) -> None:
        self._on_compared = on_compared
        self.compared, self.leave = CheckBox(""), Button("")
        self.go_on = PrimaryButton("", "package-check")
        intro, warning = Label("", "muted", wrap=True), Banner("", Tone.WARN)
        whole = Label(in_fours(key), "caption", wrap=True)
        whole.setAccessibleName(key)
        buttons = row(STRETCH, self.leave, self.go_on)
        parts = (intro, _letters(last_letters(key)), whole, warning, self.compared, buttons)
        super().__init__("", *parts, width=560)
        title = self.tr("The key that opens this pack")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        intro.setText(
            self.tr(
                "Call the recipient on a number that you had before, not one that came with the "
                "key. Let them read the last sixteen letters and digits of their key to you. No "
                "words open this pack."
            )
        )
        warning.say(
            self.tr("If one differs, somebody else would open it. Leave it, and ask anew.")
        )
        self.compared.setText(self.tr("They read the same to us"))
        self.leave.setText(self.tr("Leave it"))
        self.go_on.setText(self.tr("Make the pack"))
        self.go_on.setEnabled(False)
        self.compared.toggled.connect(self.go_on.setEnabled)
        self.leave.clicked.connect(self.close_sheet)
        self.go_on.clicked.connect(self._go_on)

    def _go_on(self) -> None:
        self.close_sheet()
        self._on_compared()


def show_what_opens(
    host: QWidget,
    key: str,
    print_words: PrintWords,
    go_on: Callable[[str, str], None],
    *,
    with_pdf: bool,
) -> None:
    """Show the reader's `key`, or new words; then those of the PDF; then call `go_on` with both.

    A pack sealed to a key has no words: they are "" then, and those of no PDF are "".
    """
    words = "" if key else new_pack_words()
    then = partial(go_on, words, "")
    if with_pdf:
        then = partial(_show_words_of_pdf, host, print_words, partial(go_on, words))
    if key:
        sheet = KeySheet(key, then)
        sheet.open_over(host, sheet.compared)
    else:
        of_pack = WordsSheet(words, then, partial(print_words, words))
        of_pack.open_over(host, of_pack.written)


def _show_words_of_pdf(
    host: QWidget, print_words: PrintWords, go_on: Callable[[str], None]
) -> None:
    words = new_pack_words()
    printed = partial(print_words, words, of_pdf=True)
    sheet = WordsSheet(words, partial(go_on, words), printed, of_pdf=True)
    sheet.open_over(host, sheet.written)


def _letters(groups: str) -> QWidget:
    shown, labels = QWidget(), []
    for group in groups.split():
        label = Label(group, "h2")
        label.setAccessibleName(" ".join(group))  # letter by letter, as they are compared
        labels.append(label)
    fill(QHBoxLayout(shown), (*labels, STRETCH), spacing=18)
    return shown
