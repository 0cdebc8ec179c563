"""Tells when the person has left the computer: screen lock, sleep, another user.

Linux says it on its message bus, Windows in window messages. macOS has no way without a library
of its own: there only the quiet minutes and the wall clock lock the desk.
"""

from __future__ import annotations

import os
import sys
from typing import cast

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath

from shelter_desk.app.away_windows import SessionFilter

_LOGIND = "org.freedesktop.login1"
_LOGIND_PATH = "/org/freedesktop/login1"
_SCREENSAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
)
_ANSWER_MS = 500


class AwayWatch(QObject):
    """Emits `away`. On a system without these messages it stays silent."""

    away = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter: SessionFilter | None = None

    def start(self, window_id: int) -> None:
        """Begin to listen; `window_id` is the window that Windows sends its messages to."""
        if sys.platform == "win32":
            self._filter = SessionFilter(self.away.emit)
            self._filter.install(window_id)
        elif sys.platform == "linux":
            self._listen_to_logind(QDBusConnection.systemBus())
            self._listen_to_screensavers(QDBusConnection.sessionBus())

    def _listen_to_logind(self, bus: QDBusConnection) -> None:
        if not bus.isConnected():
            return
        manager, session = f"{_LOGIND}.Manager", f"{_LOGIND}.Session"
        own = _own_session(bus)
        asleep, left = _slot("_asked(bool)"), _slot("_left()")
        bus.connect(_LOGIND, _LOGIND_PATH, manager, "PrepareForSleep", self, asleep)
        bus.connect(_LOGIND, own, session, "Lock", self, left)
        properties = "org.freedesktop.DBus.Properties"
        changed = _slot("_changed(QString,QVariantMap,QStringList)")
        bus.connect(_LOGIND, own, properties, "PropertiesChanged", self, changed)

    def _listen_to_screensavers(self, bus: QDBusConnection) -> None:
        if bus.isConnected():
            for name in _SCREENSAVERS:
                bus.connect("", "", name, "ActiveChanged", self, _slot("_asked(bool)"))

    @Slot()
    def _left(self) -> None:
        self.away.emit()

    @Slot(bool)
    def _asked(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on:
            self.away.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def _changed(self, interface: str, values: dict[str, object], _gone: list[str]) -> None:
        is_ours = interface == f"{_LOGIND}.Session"
        if is_ours and (values.get("LockedHint") is True or values.get("Active") is False):
            self.away.emit()


def _own_session(bus: QDBusConnection) -> str:
    """Return the path of this login session; "" (any session) when logind does not say."""
    asked: tuple[tuple[str, object], ...] = (
        ("GetSession", os.environ.get("XDG_SESSION_ID", "")),
        ("GetSessionByPID", os.getpid()),
    )
    for method, argument in asked:
        if not argument:
            continue
        call = QDBusMessage.createMethodCall(_LOGIND, _LOGIND_PATH, f"{_LOGIND}.Manager", method)
        call.setArguments([argument])
        answer = bus.call(call, timeout=_ANSWER_MS)
        for found in answer.arguments():
            if isinstance(found, QDBusObjectPath):
                return found.path()
    return ""


def _slot(signature: str) -> bytes:
    return cast(bytes, SLOT(signature))  # what works is a str, the type hints say bytes
