"""Memory that was freed goes back to the system, where the C library would keep it.

glibc keeps the small pieces of a heap: a cache of 64 MB stays with the process after it was given
up, and counts when something large is made next. Elsewhere nothing is done, and nothing measured.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from threading import current_thread, main_thread


def give_back() -> None:
    """Return what is free to the system, as far as this C library can; never fails."""
    # Where there are windows only their thread collects, and by a timer: see ui.collecting.
    if gc.isenabled() and current_thread() is main_thread():
        gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it
        if trim is not None:
            trim(0)
