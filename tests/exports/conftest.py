"""Shared by the tests of packs: their helper modules, and the choice to go without a browser."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_modifyitems(config, items):
    """Leave the browser tests out, and say so, where SHELTER_DESK_NO_BROWSER=1 is set."""
    if os.environ.get("SHELTER_DESK_NO_BROWSER") != "1":
        return
    left_out = [item for item in items if item.path.name == "test_opener_browser.py"]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
