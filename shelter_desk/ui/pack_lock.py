"""What a pack is sealed with: six words, or the public age key that its recipient gave."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from shelter_desk.domain.age_typed import (
    LONGEST_FILE,
    NotAKeyError,
    SecretGivenError,
    holds_secret,
    last_letters,
    recipient_in,
    text_of,
)
from shelter_desk.ui.messages import sentence_for
from shelter_desk.ui.printing import documents
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.widgets import (
    Button,
    FieldFrame,
    Label,
    LineEdit,
    SegmentedControl,
    announce,
    forget_copied,
)

WORDS, KEY = "words", "key"
_KEY_LETTERS = 62


class PackLock(QWidget):
    """Gives `recipient_key()`: the recipient's public key as age writes it, or "" for words.

    A key is checked while it is pasted. A secret key is not kept, not even to be undone or to be
    pasted once more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kind = SegmentedControl(
            ((WORDS, self.tr("Six words")), (KEY, self.tr("The recipient’s own age key"))),
            self.tr("What opens the pack"),
        )
        self.kind.set_value(WORDS)
        self.key = LineEdit(self.tr("Public key of the recipient"), placeholder="age1…")
        self.load = Button(self.tr("From a file…"), "folder-open")
        self.ends = Label("", wrap=True)
        self.frame = FieldFrame(
            self.tr("Public key of the recipient"),
            self.key,
            hint=self.tr("They send it to you: one line that begins with age1."),
            needed=True,
        )
        beside = column(Label("", "caption-strong"), self.load, STRETCH, spacing=4)
        self._asked = column(row((self.frame, 1), beside, spacing=10), self.ends, spacing=4)
        self._before = ""
        opened = FieldFrame(self.tr("What opens the pack"), self.kind)
        fill(QVBoxLayout(self), (opened, self._asked), spacing=10)
        self.kind.chosen.connect(self._show_kind)
        self.key.textChanged.connect(self._typed)
        self.key.editingFinished.connect(self._told_whole)
        self.load.clicked.connect(self._load)
        self._show_kind()

    def recipient_key(self) -> str:
        """Return the key to seal to, or "" where words open the pack. Ask `is_ready` before."""
        return recipient_in(self.key.text()) if self.kind.value() == KEY else ""

    def is_ready(self) -> bool:
        """Return whether nothing is missing; what is stands beside its field, in focus."""
        if self.kind.value() == WORDS:
            return True
        said = self._problem(self.key.text())
        self.frame.show_problem(said)
        if said:
            self.key.setFocus()
        return not said

    def begin_again(self) -> None:
        """Forget the key: the next pack is for somebody else until that is said anew."""
        self.kind.set_value(WORDS)
        self.key.setText("")
        self._show_kind()

    def choose_file(self) -> str:
        """Let the person choose the file of a key; "" when they leave it."""
        title = self.tr("Choose the file with the public key")
        return QFileDialog.getOpenFileName(self, title, documents())[0]

    def _show_kind(self, _value: object = None) -> None:
        self._asked.setVisible(self.kind.value() == KEY)

    def _typed(self, text: str) -> None:
        is_typed = text[:-1] == self._before or text == self._before[:-1]
        self._before = text
        try:
            self._show_ends(recipient_in(text) if text.strip() else "")
        except SecretGivenError as error:
            self.key.setText("")  # which forgets what could be undone as well
            taken = forget_copied(holds_secret)
            off = self.tr("It was taken off the clipboard as well.") if taken else ""
            self._tell(f"{sentence_for(error)} {off}".strip())
        except NotAKeyError as error:
            self._show_ends("")
            if not is_typed or len(text) >= _KEY_LETTERS:  # who types it is not done yet
                self._tell(sentence_for(error))

    def _told_whole(self) -> None:
        said = self._problem(self.key.text()) if self.key.text().strip() else ""
        if said != self.frame.problem.text() and said:
            self._tell(said)

    def _problem(self, text: str) -> str:
        try:
            recipient_in(text)
        except NotAKeyError as error:
            return sentence_for(error)
        return ""

    def _tell(self, words: str) -> None:
        self.frame.show_problem(words)
        announce(self.key, words)

    def _show_ends(self, key: str) -> None:
        if key:
            self.frame.show_problem("")
        told = self.tr("It ends in {0}. Before the pack is made, they read that to you.")
        self.ends.setText(told.format(last_letters(key)) if key else "")
        self.ends.setVisible(bool(key))

    def _load(self) -> None:
        chosen = self.choose_file()
        if not chosen:
            return
        try:
            with Path(chosen).open("rb") as source:
                self.key.setText(recipient_in(text_of(source.read(LONGEST_FILE))))
        except NotAKeyError as error:  # what stood in the field stays
            self._tell(sentence_for(error))
        except OSError:
            self._tell(self.tr("The file could not be read. Choose it again."))
