"""The command that drives the windows through a night and keeps the pictures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from shelter_desk.app.clock import now
from shelter_desk.cli.display import draw_in_memory_without_display
from shelter_desk.cli.writing import make_folder, write_all
from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.desk.releasing import seconds
from shelter_desk.disclosure import Refused
from shelter_desk.exports.pack_contents import make_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.summary_release import make_summary
from shelter_desk.exports.verify import verify
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.settings import DeviceSettings


def tour(options: argparse.Namespace) -> int:
    """Take the tour; needs no display."""
    out = Path(options.out)
    make_folder(out)
    draw_in_memory_without_display()
    # heavy: Qt, and its platform must be chosen first
    from shelter_desk.tour import Tour, take_tour  # noqa: PLC0415 - the platform comes first

    device = DeviceSettings(options.scale, "dark" if options.dark else "light")

    def finish(desk: Desk, tour: Tour) -> dict[str, object]:
        with tour.step("the de-identified summary, made and checked"):
            facts = _summary(desk, out / "summary")
        with tour.step("the audit pack, made and checked"):
            return {**facts, **_pack(desk, out)}

    with tempfile.TemporaryDirectory(prefix="shelter-desk-tour-") as place:
        taken = take_tour(out, Path(place), device, finish)
    sys.stdout.write(f"{taken.pictures} pictures and tour.json are in {out}\n")
    return 0


def _pack(desk: Desk, out: Path) -> dict[str, object]:
    folder, words = out / "pack", new_pack_words()
    folder.mkdir(parents=True, exist_ok=True)
    # heavy: the demo is imported with the tour, after the platform was chosen
    from shelter_desk.app.demo import DEMO_PASSPHRASE  # noqa: PLC0415 - as the tour itself

    second = next((Second(one, DEMO_PASSPHRASE) for one, _ in desk.ask(seconds)), None)
    order = PackOrder("licensor", str(now().year - 1))
    made = make_pack(desk, order, PackDrive(folder), words, second)
    # Invented people only: the words of a real pack never lie beside it.
    (out / "pack-words.txt").write_text(f"{words}\n", "utf-8")
    verdict = verify(made.written.path, words)
    return {"pack": made.written.path.name, "pack_verified": verdict.ok}


def _summary(desk: Desk, folder: Path) -> dict[str, object]:
    year = str(now().year - 1)  # the newest year that is over
    made = make_summary(desk, period=year, audience="named")
    if isinstance(made, Refused):
        return {"summary": made.reason}
    write_all(folder, made.files)
    verdict = verify_summary(made.files)
    return {
        "summary": f"{made.release.shown} figures shown, {made.release.withheld} withheld",
        "summary_verified": verdict.ok,
    }
