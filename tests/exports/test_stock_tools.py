"""The read-me inside a pack is true: its commands, run as they stand, check the pack."""

from __future__ import annotations

import subprocess

import pytest
from invented_pack import WORDS, archive, held, resigned, sealed, signed
from tampered_key_packs import AUDITOR, identity_file, sealed_to
from typed_age import age

from shelter_desk.exports.manifest import fingerprint
from shelter_desk.exports.opener import readme_in_pack

COMMANDS = [
    line.strip()
    for line in readme_in_pack().splitlines()
    if line.startswith("     ")
    and not line.startswith(("     leaf", "     head", "     root", "      "))
]


def commands_with(word):
    found = [command for command in COMMANDS if word in command]
    assert found, word
    return found


STOCK = {"age", "tar", "sha256sum", "openssl", "python3"}
SHELL = {"basenc", "base32", "cd", "cut", "diff", "find", "grep", "head", "mkdir", "sed", "sort"}
SHELL |= {"tail", "tr"}


def test_the_read_me_asks_for_stock_tools_and_nothing_else():
    programs = {part.split()[0] for line in COMMANDS for part in line.split(" | ")}
    assert programs >= STOCK
    assert programs <= STOCK | SHELL


def unpacked(tmp_path, files, *, to_key=False):
    """Do step 1 of the read-me."""
    by_words, by_key, *unpacking = COMMANDS[:5]
    assert (by_words.split()[:3], by_key.split()[:3]) == (["age", "-d", "-o"], ["age", "-d", "-i"])
    if to_key:
        (tmp_path / "PACK.age").write_bytes(sealed_to(AUDITOR, archive(files)))
        (tmp_path / "KEY.txt").write_bytes(identity_file(AUDITOR))
        assert run(by_key, tmp_path).returncode == 0
    else:
        (tmp_path / "PACK.age").write_bytes(sealed(files))
        assert age(*by_words.split()[1:], words=WORDS, folder=tmp_path) == 0
    assert unpacking[-1] == "cd pack"
    for command in unpacking[:-1]:
        run(command, tmp_path)
    return tmp_path / "pack"


def run(command, folder):
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def run_all(folder):
    """Run every command after the first five, in order; return (command, result)."""
    return [(command, run(command, folder)) for command in COMMANDS[5:]]


@pytest.mark.parametrize("to_key", [False, True], ids=["words", "key"])
def test_a_good_pack_passes_every_command_of_the_read_me(tmp_path, to_key):
    pack = signed()
    folder = unpacked(tmp_path, held(pack), to_key=to_key)

    results = run_all(folder)

    assert [(c, r.stderr) for c, r in results if r.returncode or r.stderr] == []
    assert len(results) == 10
    said = "\n".join(result.stdout for _, result in results)
    assert said.count("Signature Verified Successfully") == 2
    assert fingerprint(pack.manifest.signer_key).replace(" ", "") in said
    assert "audit log: 300 entries, 5 shown, all in order" in said
    assert said.count(": OK") == len(pack.manifest.files)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("data/census.csv", lambda b: b + b"x"),
        ("manifest.json", lambda b: b.replace(b"2026-Q1", b"2026-Q3")),
        ("data/more.csv", lambda b: b"x"),
    ],
)
def test_a_changed_pack_fails_at_a_command_of_the_read_me(path, change, tmp_path):
    files = held(signed())
    files[path] = change(files.get(path, b""))
    results = run_all(unpacked(tmp_path, files))
    assert [command for command, result in results if result.returncode] != []


def test_a_link_in_a_pack_fails_at_a_command_of_the_read_me(tmp_path):
    folder = unpacked(tmp_path, held(signed()))
    (folder / "data" / "more.csv").symlink_to("census.csv")
    failed = [command for command, result in run_all(folder) if result.returncode]
    assert len(failed) == 1
    assert "diff" in failed[0]


def test_a_changed_log_fails_at_the_script_of_the_read_me(tmp_path):
    files = held(signed())
    leaves = files["audit/leaves.bin"]
    files["audit/leaves.bin"] = leaves[:-1] + bytes([leaves[-1] ^ 1])
    results = run_all(unpacked(tmp_path, resigned(files)))
    failed = [command for command, result in results if result.returncode]
    assert failed[0] == "python3 ../check.py"
