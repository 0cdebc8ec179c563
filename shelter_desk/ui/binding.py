"""A guard against one fault of the Qt binding that would end the program after some hours."""

from __future__ import annotations

import ctypes
import sys

_CONSTANTS = (None, True, False)


def keep_constants_alive() -> bool:
    """Give `None`, `True` and `False` references without end; True where it was needed.

    On Python 3.11 every call into PySide6 6.12.0 that returns nothing gives back one reference to
    `None` more than it took (measured: 300 calls of `QWidget.setObjectName`, 300 references gone),
    and every signal with a bool one to `True` or `False` (a program that did nothing else ended
    before its thousandth). When none are left the interpreter aborts, with everything that was
    typed. From Python 3.12 on they live for ever, and nothing is done.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return False
    for constant in _CONSTANTS:
        count = ctypes.c_ssize_t.from_address(id(constant))
        if count.value < sys.maxsize // 4:
            count.value += sys.maxsize // 2
    return True
