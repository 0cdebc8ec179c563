"""Keeps PySide from reading the source of every module that is imported after it.

PySide looks there for its own name, to know which modules could have asked for its `__feature__`
switches, and Python keeps each source it was asked for. We use no such switch. Measured on a start
up to Today: 17 MB of memory and a seventh of the time to import.
"""

from __future__ import annotations

import sys
from typing import Any

# PySide has no setting for it; a test says when a newer one does it another way.
_FEATURE_MODULE = "shibokensupport.feature"
_KNOWN = "pyside_feature_dict"


class _AllKnown(dict[str, Any]):
    """Says of each module that it has been looked at."""

    def __contains__(self, _name: object) -> bool:
        return True


def leave_sources_unread() -> None:
    """Tell PySide that it knows all modules already. Harmless where it does not ask."""
    feature = sys.modules.get(_FEATURE_MODULE)
    known = getattr(feature, _KNOWN, None)
    if isinstance(known, dict) and not isinstance(known, _AllKnown):
        setattr(feature, _KNOWN, _AllKnown(known))
