"""The key file after a power cut at any moment of its replacement: old or new, never neither.

The calls of a real `write_slots` are recorded with strace and replayed into every state a disk
may legally be in: what was not waited for is there, gone, cut short or full of zeros, and the
names in the folder change in order or each by itself.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shelter_desk.store.keys.errors import SlotsDamagedError
from shelter_desk.store.keys.identity import NewStaff
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.slot_file import read_slots, write_slots
from shelter_desk.store.keys.slot_format import from_bytes, to_bytes
from shelter_desk.store.keys.slots import create_vault, replace_kit

ROOT = Path(__file__).parents[3]
OLD, ASH = create_vault(NewStaff("stf-ash", "Ash"), "opal heron teapot", new_kit(), KdfSettings())
NEW = replace_kit(OLD, ASH, new_kit())

PROGRAM = """
import pathlib, sys
from shelter_desk.store.keys.slot_file import write_slots
from shelter_desk.store.keys.slot_format import from_bytes
write_slots(pathlib.Path(sys.argv[1]), from_bytes(pathlib.Path(sys.argv[2]).read_bytes()))
"""

Call = tuple[str, str, str, bytes]  # kind, name, other name, data


def _record(folder: Path, new: Path, log: Path) -> list[Call]:
    if shutil.which("strace") is None:
        pytest.fail("strace is missing: install the package strace")
    done = subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "100000", "-o", log,
         "-e", "trace=openat,write,fsync,rename,unlink",
         sys.executable, "-c", PROGRAM, folder, new],
        cwd=ROOT, timeout=60, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [call for line in log.read_text().splitlines() if (call := _read_call(line, folder))]


def _read_call(line: str, folder: Path) -> Call | None:
    plain = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), line)
    if str(folder) not in plain or "= -1" in plain:
        return None
    name = rf"{re.escape(str(folder))}/?([\w.]*)"
    if "openat(" in plain and "O_CREAT" in plain:
        return ("create", re.search(rf'"{name}"', plain)[1], "", b"")
    if "fsync(" in plain:
        return ("sync", re.search(rf"<{name}>", plain)[1], "", b"")
    if "rename(" in plain:
        return ("rename", *re.search(rf'"{name}", "{name}"', plain).groups(), b"")
    if "write(" in plain:
        data = re.search(r'>, "(.*)", \d+\) ', plain, re.DOTALL)[1].encode("latin-1")
        return ("write", re.search(rf"<{name}>", plain)[1], "", data)
    return None


class Disk:
    """A folder as the disk may keep it: what was not waited for may be lost."""

    def __init__(self, names: dict[str, bytes]) -> None:
        self.contents = {number: [data] for number, data in enumerate(names.values())}
        self.durable = {name: number for number, name in enumerate(names)}
        self.now = dict(self.durable)
        self.waiting: list[tuple[str, int, str]] = []  # name, file, former name

    def create(self, name: str, *_: object) -> None:
        self.now[name] = len(self.contents)
        self.contents[self.now[name]] = [b""]
        self.waiting.append((name, self.now[name], ""))

    def write(self, name: str, _: str, data: bytes) -> None:
        whole = self.contents[self.now[name]][-1] + data
        half, none = whole[: len(whole) // 2], bytes(len(whole))
        torn = half + none[len(half) :]
        self.contents[self.now[name]] = [b"", half, none, torn, whole]

    def rename(self, name: str, other: str, _: bytes) -> None:
        self.now[other] = self.now.pop(name)
        self.waiting.append((other, self.now[other], name))

    def sync(self, name: str, *_: object) -> None:
        if name:
            self.contents[self.now[name]] = self.contents[self.now[name]][-1:]
        else:
            self.durable, self.waiting = dict(self.now), []

    def states(self) -> Iterator[dict[str, bytes]]:
        """Yield every folder (name -> contents) that may be found after the cut."""
        for kept in itertools.product((False, True), repeat=len(self.waiting)):
            names = dict(self.durable)
            for name, file, former in itertools.compress(self.waiting, kept):
                names[name] = file
                names.pop(former, None)
            for chosen in itertools.product(*(self.contents[file] for file in names.values())):
                yield dict(zip(names, chosen, strict=True))


def _after_a_cut(calls: list[Call]) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Yield how many calls were made, and every folder that may be found after them."""
    disk = Disk({"slots.json": to_bytes(OLD), "slots.bak": to_bytes(OLD)})
    yield from ((0, state) for state in disk.states())
    for made, (kind, *arguments) in enumerate(calls, start=1):
        getattr(disk, kind)(*arguments)
        yield from ((made, state) for state in disk.states())


def _is_whole(data: bytes) -> bool:
    try:
        return from_bytes(data) in (OLD, NEW)
    except SlotsDamagedError:
        return False


@pytest.mark.slow  # needs strace
def test_after_a_power_cut_at_any_call_both_copies_are_whole(tmp_path: Path) -> None:
    folder, new = tmp_path / "records", tmp_path / "new.json"
    folder.mkdir()
    write_slots(folder, OLD)
    new.write_bytes(to_bytes(NEW))
    calls = _record(folder, new, tmp_path / "log")
    assert [kind for kind, *_ in calls] == ["create", "write", "sync", "rename", "sync"] * 2
    found = []
    for made, state in _after_a_cut(calls):
        assert _is_whole(state["slots.json"])
        assert _is_whole(state["slots.bak"])
        shutil.rmtree(folder)
        folder.mkdir()
        for name, data in state.items():
            (folder / name).write_bytes(data)
        found.append(read_slots(folder).slots == NEW)
        assert found[-1] or made < len(calls)
    assert len(found) == 31  # all there are, because so little is left unwaited for
    assert {True, False} == set(found)


@pytest.mark.slow  # needs strace
def test_the_replay_finds_a_replacement_that_does_not_wait(tmp_path: Path) -> None:
    folder, new = tmp_path / "records", tmp_path / "new.json"
    folder.mkdir()
    new.write_bytes(to_bytes(NEW))
    careless = [call for call in _record(folder, new, tmp_path / "log") if call[0] != "sync"]
    states = [state for _, state in _after_a_cut(careless)]
    broken = [s for s in states if not (_is_whole(s["slots.json"]) or _is_whole(s["slots.bak"]))]
    assert len(states) > 200
    assert broken
