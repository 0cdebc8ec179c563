"""What Windows says when the session is locked, left or put to sleep."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

# Source: WinUser.h and WtsApi32.h of the Windows SDK.
WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
_PBT_APMSUSPEND = 4
# console disconnect, remote disconnect, logoff, lock
_LEAVING = frozenset({2, 4, 6, 7})
_NOTIFY_FOR_THIS_SESSION = 0


def is_leaving(message: int, reason: int) -> bool:
    """Tell whether a window message says that nobody is at this session any more."""
    if message == WM_POWERBROADCAST:
        return reason == _PBT_APMSUSPEND
    return message == WM_WTSSESSION_CHANGE and reason in _LEAVING


class SessionFilter(QAbstractNativeEventFilter):
    """Calls `left` when a message of this kind passes by; lets every message through."""

    def __init__(self, left: Callable[[], None]) -> None:
        super().__init__()
        self._left = left

    def install(self, window_id: int) -> None:
        """Ask Windows for the messages, and look at them."""
        if sys.platform == "win32":
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
                ctypes.c_void_p(window_id), _NOTIFY_FOR_THIS_SESSION
            )
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Look at one message."""
        if sys.platform == "win32" and kind == b"windows_generic_MSG":
            from ctypes import wintypes  # noqa: PLC0415 - Windows only

            found = wintypes.MSG.from_address(int(message))
            if is_leaving(found.message, found.wParam):
                self._left()
        return False, 0
