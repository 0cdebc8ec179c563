"""`pack --recipient-key`: sealed to the reader's own age key, with no words anywhere."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from pypdf import PdfReader

from shelter_desk.app.clock import now
from shelter_desk.cli import main
from shelter_desk.desk import entry, exported, residents
from tests.conftest import PASSPHRASE, Clock, OpenDesk


@pytest.fixture(scope="module")
def auditor(tmp_path_factory):
    """A key file as the auditor's age-keygen makes it, and the public key in it."""
    place = tmp_path_factory.mktemp("auditor") / "key.txt"
    subprocess.run(["age-keygen", "-o", place], capture_output=True, check=True)
    named = subprocess.run(["age-keygen", "-y", place], capture_output=True, check=True)
    return place, named.stdout.decode().strip()


@pytest.fixture(scope="module")
def records(founded, care_model, tmp_path_factory):
    """A closed store with one resident, and a file that holds its passphrase."""
    top, clock = tmp_path_factory.mktemp("keyed"), Clock()
    shutil.copytree(founded.folder, top / "records")
    desk = entry.enter(top / "records", founded.keys, care_model, clock)
    desk.do(residents.Admit("Ottoline", clock()))
    desk.close()
    (top / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return OpenDesk(desk, top / "records", clock, founded.kit, care_model)


def pack(opened, *more):
    arguments = [
        "pack", str(opened.folder), "--profile", "board", "--period", "2026-Q1",
        "--passphrase-file", str(opened.folder.parent / "passphrase"), *map(str, more),
    ]  # fmt: skip
    return main(arguments)


def exports_of(opened):
    opened.clock.at = now() + timedelta(seconds=1)
    lines = opened.again().ask(exported.export_list)
    opened.desk.close()
    return lines


def test_what_is_no_public_key_is_refused_before_anything_is_written(
    records, auditor, tmp_path, capsys
):
    (secret_file, public), before = auditor, exports_of(records)
    out, two = tmp_path / "stick", tmp_path / "two.txt"
    two.write_text(f"{public}\n{public}\n")
    secret = secret_file.read_text().split()[-1]
    for given, says in (
        (public[:-1] + ("q" if public[-1] != "q" else "p"), "not copied whole"),
        (public.upper(), "small letters"),
        ("ssh-ed25519 AAAA", "a key of SSH"),
        (secret, "the secret part"),
        (secret_file, "the secret part"),
        (two, "more than one line"),
        (tmp_path / "none.txt", "no such file"),
        (tmp_path, "folder"),
    ):
        assert pack(records, "--out", out, "--recipient-key", given) == 1
        told = capsys.readouterr().err
        assert says in told, given
        assert secret not in told
    assert not out.exists()
    for wrong in (
        ["--out", out],
        ["--out", out, "--recipient-key", public, "--words-out", tmp_path / "w"],
        ["--out", out, "--recipient-key", public, "--words-sheet", tmp_path / "w.pdf"],
    ):
        with pytest.raises(SystemExit) as ended:
            pack(records, *wrong)
        assert ended.value.code == 2
        assert "--words-out" in capsys.readouterr().err
    assert exports_of(records) == before


def test_a_pack_to_a_key_opens_with_it_alone_and_its_papers_tell_of_no_words(
    records, auditor, tmp_path, capsys
):
    secret_file, public = auditor
    out, key, cover = tmp_path / "stick", tmp_path / "public.txt", tmp_path / "cover.pdf"
    key.write_bytes(f"# the inspector, by phone\r\n{public}\r\n".encode())
    pdf_words = tmp_path / "pdf-words.txt"
    papers = ("--cover", cover, "--locked-pdf-words", pdf_words)
    assert pack(records, "--out", out, "--recipient-key", key, *papers) == 0
    told = capsys.readouterr().out
    assert f"Sealed to:   {public}" in told
    assert public[-4:] in told.split("by phone: ")[1].splitlines()[0]
    (path,) = out.glob("*.age")
    opened = subprocess.run(
        ["age", "-d", "-i", secret_file, path], capture_output=True, check=True
    )
    assert b"manifest.json" in opened.stdout
    assert main(["verify", str(path), "--identity", str(secret_file)]) == 0
    (locked,) = out.glob("*.pdf")
    assert PdfReader(locked).decrypt(pdf_words.read_text("utf-8").strip())
    sheet = "".join(PdfReader(cover).pages[0].extract_text().split())
    assert public in sheet
    (line,) = exports_of(records)
    assert (line.result, line.recipient_key) == ("delivered", public)
