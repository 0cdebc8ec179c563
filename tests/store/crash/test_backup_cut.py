"""A backup or a restore is cut off anywhere: what has its name is whole, what was whole stays."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from disk import ACKNOWLEDGED, Disk, cuts, read_calls
from one_backup import DONE, KIT, PASSPHRASE, back_up, found, now, restore
from tools import environment, killed, points, strace, watcher

from shelter_desk.desk import entry, residents
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.age import decrypt

pytestmark = pytest.mark.linux

PROGRAM = Path(__file__).with_name("one_backup.py")


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """Records, and a stick that holds one backup of them."""
    place = tmp_path_factory.mktemp("before")
    found(place / "records")
    (place / "stick").mkdir()
    back_up(place / "records", place / "stick")
    return place


def command(*words: object) -> list[str]:
    return [sys.executable, str(PROGRAM), *map(str, words)]


def stick_verdict(stick: Path, former: set[str], *, told: bool) -> str:
    """Say what a stick is worth, by the recovery kit: "former", "new", or what is wrong."""
    parts = {file.name for file in stick.glob("B-*.age")}
    keys = list(stick.glob("K-*.age"))
    if not former <= parts or len(keys) != 1:
        return "LOST the former backup"
    try:
        known = json.loads(opened(keys[0]))["events"]
        ends = [facts(stick / name)["events"] for name in parts]
    except (DeskError, tarfile.TarError, ValueError):
        return "DAMAGED"
    if known < max(ends):
        return "KEYS older than a backup"
    if told and parts == former:
        return "LOST what was acknowledged"
    return "new" if parts > former else "former"


def opened(file: Path) -> bytes:
    return decrypt(io.BytesIO(file.read_bytes()), KIT.private_key, most=1 << 30)


def facts(file: Path) -> dict:
    with tarfile.open(fileobj=io.BytesIO(opened(file))) as archive:
        told = json.load(archive.extractfile("backup.json"))
        assert archive.getmember("store.db").size == told["size"]
        return told


@pytest.mark.parametrize("in_order", [True, False], ids=["ordered", "independent"])
@pytest.mark.parametrize("states", [pytest.param(60), pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_power_cut_leaves_the_former_backup_or_a_whole_new_one(
    before: Path, tmp_path: Path, folder: Path, states: int, in_order: bool
) -> None:
    shutil.copytree(before / "records", tmp_path / "records")
    stick = tmp_path / "stick"
    shutil.copytree(before / "stick", stick)
    old = {file.name: file.read_bytes() for file in stick.iterdir()}
    log = tmp_path / "calls.log"
    subprocess.run(
        command("backup", tmp_path / "records", stick, stick / ACKNOWLEDGED),
        env=environment(LD_PRELOAD=watcher(tmp_path), FILE_CALLS_FOLDER=stick, FILE_CALLS_LOG=log),
        check=True,
    )
    calls = read_calls(log, stick)
    former = {name for name in old if name.startswith("B-")}
    verdicts: Counter[str] = Counter()
    disk = Disk(old, names_in_order=in_order)
    for names, told in cuts(calls, disk, states, random.Random(7)):
        shutil.rmtree(folder)
        folder.mkdir()
        for name, data in names.items():
            (folder / name).write_bytes(data)
        verdicts[stick_verdict(folder, former, told=told == DONE)] += 1
    print(f"{states} power cuts of {len(calls)} calls while a backup is made: {dict(verdicts)}")
    assert set(verdicts) <= {"former", "new"}
    assert verdicts.total() == states
    assert verdicts["former"]
    assert verdicts["new"]


@pytest.mark.parametrize("every", [100, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_file_call_of_a_backup_leaves_the_former_one_or_a_whole_new_one(
    before: Path, folder: Path, tmp_path: Path, every: int
) -> None:
    def start_again() -> tuple[Path, Path, Path]:
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        (tmp_path / "told").unlink(missing_ok=True)
        return folder / "records", folder / "stick", tmp_path / "told"

    words = start_again()
    former = {file.name for file in words[1].glob("B-*.age")}
    log = tmp_path / "log"
    subprocess.run([*strace(log), *command("backup", *words)], env=environment(), check=True)
    every_point = points(log)
    verdicts: Counter[str] = Counter()
    for name, number in every_point[::every]:
        words = start_again()
        if not killed(log, name, number, command("backup", *words)):
            verdicts["not reached"] += 1
            continue
        verdict = stick_verdict(words[1], former, told=words[2].exists())
        assert verdict in {"former", "new"}, f"{name} {number}: {verdict}"
        verdicts[verdict] += 1
        back_up(*words[:2])  # the records are whole, and the next backup is too
        assert stick_verdict(words[1], former, told=True) == "new"
        assert not list(words[0].glob(".copy.*"))
        assert not list(words[1].glob(".*.part"))
    kinds = dict(Counter(name for name, _ in every_point))
    print(f"{verdicts.total()} of {len(every_point)} kill points {kinds}: {dict(verdicts)}")
    assert verdicts["former"]
    assert verdicts["not reached"] <= verdicts.total() // 5


@pytest.mark.parametrize("every", [100, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_file_call_of_a_restore_leaves_nothing_or_whole_records(
    before: Path, folder: Path, tmp_path: Path, care_model: CareModel, every: int
) -> None:
    target, log = folder / "back", tmp_path / "log"
    words = (before / "stick", target, tmp_path / "told")
    subprocess.run([*strace(log), *command("restore", *words)], env=environment(), check=True)
    every_point = points(log)
    verdicts: Counter[str] = Counter()
    for name, number in every_point[::every]:
        shutil.rmtree(folder)
        folder.mkdir()
        (tmp_path / "told").unlink(missing_ok=True)
        if not killed(log, name, number, command("restore", *words)):
            verdicts["not reached"] += 1
        elif target.exists():
            assert residents_in(target, care_model) == ["Sky"], f"{name} {number}: not whole"
            verdicts["whole"] += 1
        else:
            assert not (tmp_path / "told").exists()
            restore(before / "stick", target)  # and it can be done again at once
            verdicts["nothing"] += 1
    kinds = dict(Counter(name for name, _ in every_point))
    print(f"{verdicts.total()} of {len(every_point)} kill points {kinds}: {dict(verdicts)}")
    assert verdicts.total() == len(every_point[::every])
    assert verdicts["nothing"]


def residents_in(folder: Path, care_model: CareModel) -> list[str]:
    person = entry.people(folder)[0][0]
    desk = entry.sign_in(folder, person, PASSPHRASE, care_model, now)
    try:
        assert desk.alarm is None
        return [line.called for line in desk.ask(residents.roster, now=now())]
    finally:
        desk.close()
