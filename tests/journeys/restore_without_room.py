"""Restore a backup onto a disk with no room, in the real program. Prints what the page said.

Run as `restore_without_room.py FOLDER STICK CODE`, in a mount namespace of its own.
"""

import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from shelter_desk.app.door import RealDoor
from shelter_desk.paths import resources
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.look import install
from shelter_desk.ui.printing import RealPaper


def main(place: Path, stick: Path, code: str) -> None:
    """Mount a disk of 256 KiB at `place`, and restore there."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], check=True)
    app = QApplication([])
    install(app, resources(), DeviceSettings())
    window = EntryWindow(RealDoor(place / "records"), InlineJobs(), RealPaper())
    window.show_restore()
    window.show()
    page = window.page
    page.places.backup.setText(str(stick))
    page.next.click()
    page.opener.kit.setText(code)
    page.next.click()
    page.words.choice.again.edit.setText(page.words.choice.value())
    page.next.click()
    print(f"step: {page.place}")
    print(f"said: {page.places.target_frame.problem.text()}")
    print(f"left: {[one.name for one in place.iterdir()]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
