"""Errors into words, at one edge: what the desk refuses, and what nobody expected."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType
from typing import NamedTuple

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.widgets import Icon, Label, PrimaryButton, Sheet

_log = logging.getLogger(__name__)


class Words(NamedTuple):
    """What a person reads about an error. `code` is empty when they can act on it themselves."""

    title: str
    text: str
    code: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("messages", text)


def words_for(error: BaseException) -> Words:
    """Return the words for an error: its own for a `DeskError`, a code for everything else."""
    if isinstance(error, DeskError):
        return Words(_tr("That did not go through"), _tr(str(error)))
    return Words(
        _tr("Something went wrong inside the program"),
        _tr(
            "It is not your fault, and what was saved is safe. If it happens again, tell whoever "
            "looks after this computer the code below."
        ),
        error_code(error),
    )


def sentence_for(error: BaseException) -> str:
    """Return the words for an error in one line, for a place beside a field."""
    words = words_for(error)
    return " ".join(filter(None, (words.text, words.code)))


def error_code(error: BaseException) -> str:
    """Return a short code that says where it happened, without a word of what was in it.

    Kind of error, module and line, and four letters of a digest of the whole way there. The same
    fault gives the same code.
    """
    # heavy: a native library
    from hashlib import sha256  # noqa: PLC0415 - start-up time

    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{PurePath(frame.filename).stem}:{frame.lineno}" for frame in frames]
    digest = sha256("|".join([type(error).__name__, *places]).encode()).hexdigest()[:4].upper()
    last = places[-1] if places else "?"
    return f"{type(error).__name__} {last} {digest}"


class MessageSheet(Sheet):
    """A calm sheet with what happened and what can be done."""

    def __init__(self, words: Words) -> None:
        self.words = words
        code = Label(words.code, "caption") if words.code else None
        text = column(Label(words.text, wrap=True), code, spacing=6)
        self.close_button = PrimaryButton("")
        buttons = row(STRETCH, self.close_button)
        body = row(Icon("info", "info", 24), (text, 1), spacing=14)
        super().__init__(words.title, body, buttons, width=500)
        if code is not None:
            code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button.setText(self.tr("Back to the desk"))
        self.close_button.clicked.connect(self.close_sheet)


def tell(host: QWidget, error: BaseException) -> MessageSheet:
    """Show an error over the window of `host`."""
    sheet = MessageSheet(words_for(error))
    sheet.open_over(host, sheet.close_button)
    return sheet


class LastResort(QObject):
    """Catches what nobody caught: logs the code, and shows the last-resort sheet once.

    `host` returns the window to show it over, or None while there is none. Call `install` once;
    `uninstall` puts the hooks back.
    """

    _happened = Signal(object)

    def __init__(self, host: Callable[[], QWidget | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._shown: MessageSheet | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._happened.connect(self._show)

    def install(self) -> None:
        """Take over the hooks of the interpreter, its threads and Qt."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        qInstallMessageHandler(_qt_said)

    def uninstall(self) -> None:
        """Put the hooks back."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def _caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        _log.error("unexpected: %s", error_code(error))
        self._happened.emit(error)

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, error: BaseException) -> None:
        host = self._host()
        if host is None or self._shown is not None:
            return  # one sheet is enough; the log has the rest
        self._shown = tell(host, error)
        self._shown.closed.connect(self._forget)

    def _forget(self) -> None:
        self._shown = None


def _qt_said(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if kind is QtMsgType.QtDebugMsg:
        return
    # Qt's own texts speak of widgets and plugins, never of people.
    _log.warning("qt: %s", text)
