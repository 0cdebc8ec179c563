"""`pack` and `verify` on the command line, from a real store to a checked file."""

import pytest

from shelter_desk.app.clock import now
from shelter_desk.cli import main
from shelter_desk.desk import accounts, entry, exported, residents
from shelter_desk.desk.accounts import Colleague

PASSPHRASE = "invented words for tests only"


@pytest.fixture
def records(open_desk, tmp_path):
    """A closed store with one resident, and a file that holds its passphrase."""
    open_desk.desk.do(residents.Admit("Ottoline", open_desk.clock()))
    open_desk.desk.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return open_desk


def pack(opened, out, words, *more):
    arguments = [
        "pack", str(opened.folder), "--profile", "licensor", "--period", "2026-Q1",
        "--out", str(out), "--words-out", str(words),
        "--passphrase-file", str(opened.folder.parent / "passphrase"), *more,
    ]  # fmt: skip
    return main(arguments)


def exports_of(opened):
    opened.clock.at = now()
    return opened.again().ask(exported.export_list)


def test_a_pack_is_written_and_its_words_open_it(records, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(records, out, words) == 0
    said = capsys.readouterr().out
    (path,) = out.glob("*.age")
    assert str(path) in said
    assert "Fingerprint:" in said
    assert "Log:" in said
    typed = words.read_text("utf-8").strip()
    assert len(typed.split()) == 6
    assert typed not in said
    assert {file.name for file in out.iterdir()} == {path.name, "OPEN-ME.html", "READ-ME.txt"}
    assert main(["verify", str(path), "--words-file", str(words)]) == 0
    assert [line.result for line in exports_of(records)] == ["delivered"]


def test_a_tampered_pack_and_wrong_words_are_refused(records, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(records, out, words) == 0
    (path,) = out.glob("*.age")
    other = tmp_path / "other.txt"
    other.write_text("not these words at all please\n", "utf-8")
    assert main(["verify", str(path), "--words-file", str(other)]) == 1
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    capsys.readouterr()
    assert main(["verify", str(path), "--words-file", str(words)]) == 1
    assert capsys.readouterr().err.strip()


def test_an_older_pack_is_refused_by_what_is_kept_of_the_newer(records, tmp_path, capsys):
    told = []
    for name in ("old", "new"):
        assert pack(records, tmp_path / name, tmp_path / f"{name}.txt") == 0
        told.append(capsys.readouterr().out)
    (log,) = [line[4:].strip() for line in told[1].splitlines() if line.startswith("Log:")]
    (older,), (newer,) = ((tmp_path / name).glob("*.age") for name in ("old", "new"))

    def check(path, words, *more):
        return main(["verify", str(path), "--words-file", str(tmp_path / words), *more])

    assert check(older, "old.txt") == 0  # it is whole, and says that it is the first
    assert "the first pack for this reader" in capsys.readouterr().out
    assert check(older, "old.txt", "--after", log) == 1
    assert "older than the one you had" in capsys.readouterr().err
    assert check(newer, "new.txt", "--after", log, "--signer", "0" * 16) == 1
    assert "another key" in capsys.readouterr().err
    (tmp_path / "kept").write_text(f"Log {log}", "utf-8")
    assert check(newer, "new.txt", "--after", str(tmp_path / "kept")) == 0
    assert "This is pack 2 for this reader" in capsys.readouterr().out
    assert check(newer, "new.txt", "--after", str(tmp_path / "nothing")) == 1
    assert "cover sheet" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["inside", "deep", "itself", "dots", "link", "file-link"])
def test_words_beside_the_pack_are_refused_before_anything_is_written(
    records, tmp_path, capsys, place
):
    out = tmp_path / "stick"
    out.mkdir()
    link, file_link = tmp_path / "link", tmp_path / "words-link"
    if place.endswith("link"):
        link.symlink_to(out, target_is_directory=True)
        file_link.symlink_to(out / "words.txt")
    words = {
        "inside": out / "words.txt",
        "deep": out / "a" / "b" / "words.txt",
        "itself": out,
        "dots": tmp_path / "x" / ".." / "stick" / "words.txt",
        "link": link / "words.txt",
        "file-link": file_link,
    }[place]
    assert pack(records, out, words) == 1
    assert "words" in capsys.readouterr().err
    assert list(out.iterdir()) == []
    assert exports_of(records) == ()


def test_words_of_an_earlier_pack_are_never_written_over(records, tmp_path, capsys):
    words = tmp_path / "words.txt"
    words.write_text("six words of an earlier pack", "utf-8")
    assert pack(records, tmp_path / "stick", words) == 1
    assert words.read_text("utf-8") == "six words of an earlier pack"
    assert "already" in capsys.readouterr().err


def test_a_refused_order_leaves_neither_words_nor_pack(records, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(records, out, words, "--period", "2999") == 1
    assert "not over" in capsys.readouterr().err
    assert not words.exists()
    assert not list(out.glob("*.age"))


def test_an_out_that_is_a_file_fails_in_words(records, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    out.write_text("a file", "utf-8")
    assert pack(records, out, words) == 1
    assert capsys.readouterr().err.strip()
    assert not words.exists()


def test_with_a_colleague_a_pack_takes_two_people(open_desk, tmp_path, capsys):
    words_of_ada = "four invented words here"
    new = Colleague("a" * 20, "Ada", ("nurse",), words_of_ada)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, new)
    open_desk.desk.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    (tmp_path / "second").write_text(words_of_ada + "\n", "utf-8")
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    dana = ("--staff", "Dana")
    second = ("--second-passphrase-file", str(tmp_path / "second"))
    assert pack(open_desk, out, words, *dana) == 1
    assert "--second: Ada" in capsys.readouterr().err
    assert pack(open_desk, out, words, *dana, "--second", "Dana", *second) == 1
    wrong = ("--second-passphrase-file", str(tmp_path / "passphrase"))
    assert pack(open_desk, out, words, *dana, "--second", "Ada", *wrong) == 1
    assert not words.exists()
    assert not list(out.glob("*.age")) if out.exists() else True
    assert pack(open_desk, out, words, *dana, "--second", "Ada", *second) == 0
    open_desk.clock.at = now()
    (dana_id,) = [one for one, name in entry.people(open_desk.folder) if name == "Dana"]
    open_desk.desk = entry.sign_in(
        open_desk.folder, dana_id, PASSPHRASE, open_desk.care_model, open_desk.clock
    )
    lines = open_desk.desk.ask(exported.export_list)
    assert [(line.result, line.second) for line in lines] == [("delivered", "Ada")]
