"""`pack` and `verify` on the command line, from a real store to a checked file."""

import shutil
from datetime import timedelta

import pytest
from pypdf import PdfReader

from shelter_desk.app.clock import now
from shelter_desk.cli import main
from shelter_desk.desk import entry, exported, residents, summaries
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.information_releases import RecordRelease
from shelter_desk.domain.releases import Terms
from shelter_desk.exports.verify import verify
from tests.conftest import PASSPHRASE, Clock, OpenDesk, join


@pytest.fixture(scope="module")
def records(founded, care_model, tmp_path_factory):
    """A closed store with one resident, and a file that holds its passphrase; for all tests."""
    return store_in(tmp_path_factory.mktemp("packs"), founded, care_model)


def store_in(top, founded, care_model):
    clock = Clock()
    shutil.copytree(founded.folder, top / "records")
    desk = entry.enter(top / "records", founded.keys, care_model, clock)
    desk.do(residents.Admit("Ottoline", clock()))
    desk.close()
    (top / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return OpenDesk(desk, top / "records", clock, founded.kit, care_model)


@pytest.fixture(scope="module")
def untouched(founded, care_model, tmp_path_factory):
    """Another for those who are refused: at the end not one of them has begun an export."""
    opened = store_in(tmp_path_factory.mktemp("refused"), founded, care_model)
    yield opened
    assert exports_of(opened) == ()


def pack(opened, out, words, *more):
    arguments = [
        "pack", str(opened.folder), "--profile", "licensor", "--period", "2026-Q1",
        "--out", str(out), "--words-out", str(words),
        "--passphrase-file", str(opened.folder.parent / "passphrase"), *more,
    ]  # fmt: skip
    return main(arguments)


def exports_of(opened):
    opened.clock.at = now()
    lines = opened.again().ask(exported.export_list)
    opened.desk.close()
    return lines


@pytest.mark.parametrize("place", ["inside", "deep", "itself", "dots", "link", "file-link"])
def test_words_beside_the_pack_are_refused_before_anything_is_written(
    untouched, tmp_path, capsys, place
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
    assert pack(untouched, out, words) == 1
    assert "words" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_words_of_an_earlier_pack_are_never_written_over(untouched, tmp_path, capsys):
    words = tmp_path / "words.txt"
    words.write_text("six words of an earlier pack", "utf-8")
    assert pack(untouched, tmp_path / "stick", words) == 1
    assert words.read_text("utf-8") == "six words of an earlier pack"
    assert "already" in capsys.readouterr().err


def test_a_refused_order_leaves_neither_words_nor_pack(untouched, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(untouched, out, words, "--period", "2999") == 1
    assert "not over" in capsys.readouterr().err
    assert not words.exists()
    assert not list(out.glob("*.age"))


def test_an_out_that_is_a_file_fails_in_words(untouched, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    out.write_text("a file", "utf-8")
    assert pack(untouched, out, words) == 1
    assert capsys.readouterr().err.strip()
    assert not words.exists()


@pytest.mark.parametrize("paper", ["--locked-pdf-words", "--words-sheet"])
@pytest.mark.parametrize("place", ["stick/pdf.txt", "words.txt"])
def test_every_paper_with_words_lies_apart_too(untouched, tmp_path, capsys, place, paper):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(untouched, out, words, paper, str(tmp_path / place)) == 1
    assert "words" in capsys.readouterr().err


def test_a_pack_is_written_and_its_words_open_it_and_no_other_words(records, tmp_path, capsys):
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
    assert exports_of(records)[0].result == "delivered"
    other = tmp_path / "other.txt"
    other.write_text("not these words at all please\n", "utf-8")
    assert main(["verify", str(path), "--words-file", str(other)]) == 1
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    capsys.readouterr()
    assert main(["verify", str(path), "--words-file", str(words)]) == 1
    assert capsys.readouterr().err.strip()


def test_a_preview_lists_every_file_and_leaves_nothing_behind(records, capsys):
    look = ("--profile", "licensor", "--period", "2026-Q1", "--preview")
    bound = len(released(records))
    assert said(records, "pack", *look) == 0
    told = capsys.readouterr().out
    assert "data/report.pdf" in told
    assert "Ottoline" not in told
    line = exports_of(records)[0]
    assert (line.result, line.was_written) == ("failed", False)
    assert len(released(records)) == bound
    assert said(records, "pack", *look, "--show", "data/07_census.csv") == 0
    assert capsys.readouterr().out.startswith("Figure,Count,How")
    assert [one.result for one in exports_of(records)[:2]] == ["failed"] * 2


@pytest.mark.parametrize(
    "path", ["04_timeliness_by_record.csv", "report.pdf", "x/../07_census.csv"]
)
def test_single_records_are_never_printed_and_nothing_is_laid_out_for_it(untouched, path, capsys):
    look = ("--profile", "licensor", "--period", "2026-Q1", "--preview", "--show", f"data/{path}")
    assert said(untouched, "pack", *look) == 1
    captured = capsys.readouterr()
    assert (captured.out, "in the window" in captured.err) == ("", True)


@pytest.mark.parametrize("more", [(), ("--show", "data/07_census.csv"), ("--out", "x")])
def test_a_pack_that_is_neither_looked_at_nor_written_is_wrong_usage(untouched, more, capsys):
    with pytest.raises(SystemExit) as stopped:
        said(untouched, "pack", "--profile", "licensor", "--period", "2026-Q1", *more)
    assert stopped.value.code == 2
    assert "--words-out" in capsys.readouterr().err


def released(opened):
    lines = opened.again().ask(summaries.releases)
    opened.desk.close()
    return lines


def test_an_older_pack_is_refused_by_what_is_kept_of_the_newer(records, tmp_path, capsys):
    told, board = [], ("--profile", "board")  # the quickest to lay out
    for name in ("old", "new"):
        assert pack(records, tmp_path / name, tmp_path / f"{name}.txt", *board) == 0
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
    refused = capsys.readouterr().err
    assert "no file nothing there" in refused
    assert "cover sheet" in refused
    (tmp_path / "kept").write_bytes(b"\xff\xfe")
    assert check(newer, "new.txt", "--after", str(tmp_path / "kept")) == 1
    assert "is told by its manifest.json" in capsys.readouterr().err


def test_with_a_colleague_a_pack_takes_two_people(open_desk, tmp_path, capsys):
    words_of_ada = "four invented words here"
    new = Colleague("a" * 20, "Ada", ("nurse",), words_of_ada)
    join(open_desk.desk, new)
    open_desk.desk.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    (tmp_path / "second").write_text(words_of_ada + "\n", "utf-8")
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    dana = ("--staff", "Dana", "--profile", "board")
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


def said(opened, command, *more):
    there = ("--passphrase-file", str(opened.folder.parent / "passphrase"))
    return main([command, str(opened.folder), *more, *there])


def test_a_sample_is_fixed_drawn_and_packed_with_rows_a_locked_pdf_and_its_cover(
    records, tmp_path, capsys
):
    licensor = ("--profile", "licensor")
    assert said(records, "pack-sample", *licensor, "--period", "2026-Q1") == 0
    told = dict(line.split(":", 1) for line in capsys.readouterr().out.splitlines() if ":" in line)
    fixed = told["List"].strip()
    assert (told["Records"].strip(), len(told["Mark"].split())) == ("1", 4)
    assert said(records, "pack-sample", "--list", fixed, "--dice", "3 1 6 2 5 4") == 1
    dice = ("--dice", "3 1 6 2 5 4", "--count")
    assert said(records, "pack-sample", "--list", fixed, *dice, "31") == 1
    assert said(records, "pack-sample", "--list", fixed, *dice, "1") == 0
    assert said(records, "pack-sample", "--list", fixed, "--withdraw") == 1  # it was drawn
    capsys.readouterr()
    assert said(records, "pack-choices", *licensor) == 0
    choices = capsys.readouterr().out
    assert f"sample   {fixed}" in choices
    assert "ground   licensing-statute" in choices

    out, words, cover = tmp_path / "stick", tmp_path / "words.txt", tmp_path / "cover.pdf"
    pdf_words = tmp_path / "pdf-words.txt"
    more = ("--sample", fixed, "--rows", "--recipient", "Invented board", "--reason", "A visit")
    sheet = tmp_path / "words.pdf"
    papers = ("--locked-pdf-words", str(pdf_words), "--cover", str(cover))
    papers += ("--words-sheet", str(sheet))
    assert pack(records, out, words, *more) == 1
    assert "ground" in capsys.readouterr().err
    assert not words.exists()
    ground = ("--ground", "licensing-statute", "--authority", "Invented Code 42.1")
    assert pack(records, out, words, *more, *ground, *papers) == 0
    typed = words.read_text("utf-8").split()
    assert not any(word in capsys.readouterr().out.split() for word in typed)
    printed = PdfReader(sheet).pages[0].extract_text()
    assert all(word in printed for word in typed)
    (path,) = out.glob("*.age")
    (locked,) = out.glob("*.pdf")
    assert PdfReader(locked).decrypt(pdf_words.read_text("utf-8").strip())
    assert pdf_words.read_text("utf-8") != words.read_text("utf-8")
    assert cover.read_bytes().startswith(b"%PDF")
    facts = verify(path, words.read_text("utf-8")).manifest.facts
    assert (facts.recipient, facts.purpose) == ("Invented board", "A visit")
    assert (facts.legal_basis, facts.samples[0].wanted) == ("licensing-statute", 1)
    line = exports_of(records)[0]
    assert (line.authority, line.has_rows) == ("Invented Code 42.1", True)


def test_the_words_of_a_pack_stay_where_a_paper_of_it_cannot_be_written(records, tmp_path, capsys):
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    cover = tmp_path / "no such folder" / "cover.pdf"
    other = ("--profile", "board", "--recipient", "Another board")
    assert pack(records, out, words, *other, "--cover", str(cover)) == 1
    assert "The pack is whole" in capsys.readouterr().err
    (path,) = out.glob("*.age")
    assert verify(path, words.read_text("utf-8")).ok


def test_a_pack_of_one_leaves_under_the_release_that_is_named(records, tmp_path, capsys):
    records.clock.at = now()
    desk, today = records.again(), now().date()
    (stay,) = [line.stay_id for line in desk.ask(residents.roster, now=now())]
    terms = Terms(
        recipient="custodian", agency="Invented County Office", purpose="review",
        parts=("04_timeliness_by_record",),
        from_on=today - timedelta(days=2), until_on=today + timedelta(days=30),
        signers=("young-person", "custodial-agency"), told=True, is_safe=True,
    )  # fmt: skip
    release_id = desk.do(RecordRelease(stay, terms)).subject
    desk.close()
    assert said(records, "pack-choices", "--profile", "custodian") == 0
    assert f"release  {release_id}" in capsys.readouterr().out
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    custodian = ("--profile", "custodian")
    assert pack(records, out, words, *custodian) == 1
    assert "release" in capsys.readouterr().err
    assert pack(records, out, words, *custodian, "--release", release_id) == 0


def test_a_release_is_written_down_from_a_file_and_never_from_the_arguments(
    records, tmp_path, capsys
):
    records.clock.at = now()
    desk, today = records.again(), now().date()
    (line,) = desk.ask(residents.roster, now=now())
    desk.close()
    terms = tmp_path / "release.toml"
    text = f"""
        whose = "{line.case_code.lower()}"
        recipient = "custodian"
        agency = "Invented County Office"
        purpose = "review"
        parts = ["04_timeliness_by_record"]
        from_on = {today - timedelta(days=2)}
        until_on = {today + timedelta(days=30)}
        signers = ["young-person", "custodial-agency"]
        told = true
        is_safe = true
    """
    terms.write_text(text, "utf-8")
    assert said(records, "pack-release", "--terms", str(terms)) == 0
    release = capsys.readouterr().out.split()[1]
    assert said(records, "pack-choices", "--profile", "custodian") == 0
    assert release in capsys.readouterr().out
    for wrong, says in (
        (text.replace("told = true", "told = false"), "declining"),
        (text.replace("told = true", "told = 1"), "told cannot be read"),
        (text.replace("purpose", "propose"), "1 of the names"),
        (text.replace('recipient = "custodian"', ""), "does not say: recipient"),
        (text.replace("agency = ", "# "), "does not say: agency"),
        (text.replace("Invented County Office", " "), "Name the one agency"),
        (text.replace(line.case_code.lower(), "Skylarkin"), "has the case code"),
        ("whose is it", "must be TOML"),
    ):
        terms.write_text(wrong, "utf-8")
        assert said(records, "pack-release", "--terms", str(terms)) == 1
        refusal = capsys.readouterr().err
        assert says in refusal
        assert "Skylarkin" not in refusal


def test_the_record_of_somebody_who_left_leaves_under_their_release(
    founded, care_model, tmp_path, capsys
):
    opened = store_in(tmp_path, founded, care_model)
    desk = opened.again()
    (line,) = desk.ask(residents.roster, now=opened.clock())
    arrived = opened.clock().astimezone(desk.house.zone).date()
    opened.clock.forward(days=4)
    desk.do(residents.RecordExit(line.stay_id, opened.clock(), "kin", "422"))
    desk.close()
    opened.clock.at = now()
    terms, today = tmp_path / "release.toml", now().date()
    text = f"""
        whose = "{line.case_code}"
        arrived_on = {arrived}
        recipient = "custodian"
        agency = "Invented County Office"
        purpose = "review"
        parts = ["03_completeness_by_record"]
        from_on = {today - timedelta(days=2)}
        until_on = {today + timedelta(days=30)}
        signers = ["young-person", "custodial-agency"]
        told = true
        is_safe = true
    """
    terms.write_text(text.replace(str(arrived), str(arrived - timedelta(days=1))), "utf-8")
    assert said(opened, "pack-release", "--terms", str(terms)) == 1
    assert "No stay under that case code" in capsys.readouterr().err
    terms.write_text(text, "utf-8")
    assert said(opened, "pack-release", "--terms", str(terms)) == 0
    release = capsys.readouterr().out.split()[1]
    out, words = tmp_path / "stick", tmp_path / "words.txt"
    assert pack(opened, out, words, "--profile", "custodian", "--release", release) == 0
    (path,) = out.glob("*.age")
    verdict = verify(path, words.read_text("utf-8"))
    assert verdict.ok
    assert verdict.manifest.facts.counts["03_completeness_by_record"] > 10
