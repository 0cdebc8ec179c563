"""Boxes for typing: a line, a paragraph, a secret, a search; and the frame around a field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets.buttons import IconButton
from shelter_desk.ui.widgets.text import Label

_SHORTEST_SECRET = 8


class LineEdit(QLineEdit):
    """One line. `name` is what screen readers say; a label beside it says the same."""

    def __init__(self, name: str = "", *, placeholder: str = "", icon: str = "") -> None:
        super().__init__()
        self._icon_name = icon
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._settle()
        theme().changed.connect(self._settle)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(70), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon_name:
            look = theme()
            painter = QPainter(self)
            side = look.px(16)
            mark = look.pixmap(self._icon_name, "muted", 16)
            painter.drawPixmap(look.px(10), (self.height() - side) // 2, side, side, mark)
            painter.end()

    def _settle(self) -> None:
        px = theme().px
        self.setTextMargins(px(32) if self._icon_name else px(9), 0, px(8), 0)
        self.setMinimumHeight(px(36))
        self.setFont(theme().font(14))


class TextArea(QPlainTextEdit):
    """A paragraph. Tab moves on, Enter makes a new line, Ctrl+Enter is left to the page."""

    def __init__(self, name: str = "", *, lines: int = 4, placeholder: str = "") -> None:
        super().__init__()
        self._lines = lines
        self.setProperty("isTextArea", True)  # noqa: FBT003 - a Qt property
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settle()
        theme().changed.connect(self._settle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _settle(self) -> None:
        look = theme()
        self.setFont(look.font(14))
        self.document().setDocumentMargin(look.px(7))
        self.setViewportMargins(2, 2, 2, 2)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * self._lines + look.px(20))
        self.setMaximumHeight(self.fontMetrics().lineSpacing() * (self._lines + 4) + look.px(20))


def forget_copied(is_secret: Callable[[str], bool]) -> bool:
    """Empty the clipboard, and on Linux the marked text, that holds a secret; say whether."""
    board, found = QGuiApplication.clipboard(), False
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        if is_secret(board.text(mode)):
            board.clear(mode)
            found = True
    return found


class SecretLine(LineEdit):
    """One line for a secret. What was pasted into it is taken off the clipboard after it was used.

    That is when the line is emptied, written anew or off the screen, and only if the clipboard
    still holds it: whoever came to the computer next could paste it. Nothing is copied from here.
    """

    def __init__(self, name: str = "", *, placeholder: str = "") -> None:
        super().__init__(name, placeholder=placeholder)
        self._before = ""
        self.textChanged.connect(self._changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeySequence.StandardKey
        if event.matches(keys.Copy) or event.matches(keys.Cut):
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._forget(self.text())
        super().hideEvent(event)

    def _changed(self, text: str) -> None:
        before, self._before = self._before, text
        if len(before) - len(text) > 1:  # not a letter that is corrected
            self._forget(before)

    def _forget(self, secret: str) -> None:
        letters = _letters(secret)
        if len(letters) >= _SHORTEST_SECRET:
            forget_copied(lambda copied: _letters(copied) == letters)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))  # of a kit the line groups them itself


class SecretEdit(QWidget):
    """A box for a passphrase with an eye to show it. Keeps no undo history, offers no copy."""

    edited = Signal()
    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.edit = SecretLine(name)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.eye = IconButton("eye", self.tr("Show the passphrase"))
        self.eye.clicked.connect(self._toggle)
        self.edit.textEdited.connect(self.edited)
        self.edit.returnPressed.connect(self.entered)
        fill(QHBoxLayout(self), ((self.edit, 1), self.eye), spacing=6)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """Return what was typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Empty the box and hide its text again."""
        self.edit.clear()
        self._show(shown=False)

    def _toggle(self) -> None:
        self._show(shown=self.edit.echoMode() is QLineEdit.EchoMode.Password)

    def _show(self, *, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        name = self.tr("Hide the passphrase") if shown else self.tr("Show the passphrase")
        self.eye.set_kind("plain", "eye-off" if shown else "eye")
        self.eye.setAccessibleName(name)
        self.eye.setToolTip(name)


class SearchBox(LineEdit):
    """Filters while you type; Esc empties it first and only then leaves."""

    searched = Signal(str)

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__(name, placeholder=placeholder or name, icon="search")
        self.setClearButtonEnabled(False)
        self.textChanged.connect(self.searched)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class FieldFrame(QWidget):
    """A label above an editor, a hint below it, and room for what needs another look."""

    def __init__(
        self, label: str, editor: QWidget, *, hint: str = "", needed: bool = False
    ) -> None:
        super().__init__()
        self.editor = editor
        self.label = Label(label, "caption-strong")
        self.label.setBuddy(editor)
        mark = Label(self.tr("needed"), "faint") if needed else None
        self._hint = Label(hint, "faint", wrap=True)
        if not hint:
            self._hint.hide()  # never show() before there is a parent: it would be a window
        self.problem = Label("", "body", tone=Tone.DANGER, wrap=True)
        self.problem.hide()
        head = row(self.label, mark, STRETCH, spacing=6)
        fill(QVBoxLayout(self), (head, editor, self._hint, self.problem, STRETCH), spacing=4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for typing in ("edited", "textEdited"):  # ours; Qt's
            if hasattr(editor, typing):
                getattr(editor, typing).connect(self._begin_again)
        self._describe()

    def show_problem(self, message: str) -> None:
        """Show what needs another look beside the field, or nothing when it is ""."""
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self._describe()

    def _begin_again(self) -> None:
        # What was wrong is not what stands here now; the next try will say.
        if self.problem.text():
            self.show_problem("")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        return super().event(event)

    def _describe(self) -> None:
        target = self.editor.focusProxy() or self.editor
        if not target.accessibleName():
            target.setAccessibleName(self.label.text())
        words = " ".join(part for part in (self.problem.text(), self._hint.text()) if part)
        target.setAccessibleDescription(words)
