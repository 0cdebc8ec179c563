from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from shelter_desk.disclosure.checker import fingerprint
from shelter_desk.reports.summary import summary_pdf
from shelter_desk.reports.summary_check import Verdict, verify_summary
from shelter_desk.reports.summary_files import envelope_bytes, summary_files
from shelter_desk.reports.summary_seal import SEALED_KEYS, digest_of
from tests.reports.summary_people import MADE_AT, SHELTER, files, release

NAMES = ("summary.pdf", "summary.csv", "summary.xlsx", "certificate.json")


def failed(verdict: Verdict) -> list[str]:
    return [check.title for check in verdict.checks if not check.passed]


def with_digit(data: bytes, at: int) -> bytes:
    return data[:at] + b"%d" % ((data[at] - 48 + 1) % 10) + data[at + 1 :]


def digits(data: bytes) -> list[int]:
    return [at for at, byte in enumerate(data) if 48 <= byte <= 57]


def resealed(made: dict[str, bytes], change=lambda envelope: None) -> dict[str, bytes]:
    """The files with every digest made right again, as somebody who knows the format can."""
    envelope = json.loads(made["certificate.json"])
    change(envelope)
    envelope["seal"] = digest_of({key: envelope[key] for key in SEALED_KEYS})
    envelope["files"] = {name: hashlib.sha256(made[name]).hexdigest() for name in NAMES[:3]}
    del envelope["digest"]
    made["certificate.json"] = envelope_bytes({**envelope, "digest": digest_of(envelope)})
    return made


def workbook_with(made: bytes, change) -> bytes:
    """The workbook, packed again after `change` looked at its parts: name -> bytes."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return into.getvalue()


def test_untouched_files_pass_every_check() -> None:
    verdict = verify_summary(files())
    assert verdict.ok
    assert len(verdict.checks) == 8
    envelope = json.loads(files()["certificate.json"])
    assert (verdict.digest, verdict.seal) == (envelope["digest"], envelope["seal"])


@pytest.mark.parametrize("name", ["summary.csv", "certificate.json"])
def test_every_changed_digit_is_refused(name: str) -> None:
    made = files()
    places = digits(made[name])
    assert len(places) > 150
    passed = [at for at in places if verify_summary({**made, name: with_digit(made[name], at)}).ok]
    assert passed == []


@pytest.mark.parametrize("name", NAMES)
def test_changed_bytes_anywhere_are_refused(name: str) -> None:
    made = files()
    places = range(0, len(made[name]), max(1, len(made[name]) // 200))
    passed = []
    for at in places:
        changed = bytearray(made[name])
        changed[at] ^= 1
        if verify_summary({**made, name: bytes(changed)}).ok:
            passed.append(at)
    assert len(places) >= 200
    assert passed == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_a_cut_file_is_refused(name: str, keep: int) -> None:
    made = files()
    verdict = verify_summary({**made, name: made[name][:keep]})
    assert not verdict.ok
    assert "Expecting" not in str(verdict), "staff read this, not Python"


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_refused(name: str) -> None:
    made = files()
    del made[name]
    assert not verify_summary(made).ok


def test_files_that_do_not_belong_to_it_change_nothing() -> None:
    assert verify_summary({**files(), "tour.json": b"{}"}).ok


# Somebody who also makes the digests right again


def test_a_csv_changed_with_its_digests_is_still_refused() -> None:
    made = files()
    count = 0
    for at in digits(made["summary.csv"])[::3]:
        changed = {**made, "summary.csv": with_digit(made["summary.csv"], at)}
        assert "summary.csv shows these figures" in failed(verify_summary(resealed(changed)))
        count += 1
    assert count > 60


def test_a_withheld_figure_filled_in_is_refused() -> None:
    made = files()
    made["summary.csv"] = made["summary.csv"].replace(b"11 or younger,all,All,*", b"younger,all,6")
    assert failed(verify_summary(resealed(made))) == ["summary.csv shows these figures"]


def test_other_words_for_what_a_table_means_are_refused() -> None:
    made = resealed(files(), lambda envelope: envelope["tables"][0].update(means="Nobody."))
    wrong = {"summary.csv shows these figures", "summary.xlsx shows these figures"}
    assert wrong <= set(failed(verify_summary(made)))


def test_a_workbook_changed_with_its_digests_is_still_refused() -> None:
    made = files()

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet2.xml"]
        assert sheet.count(b"<v>64</v>") == 1
        parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"<v>64</v>", b"<v>65</v>")

    made["summary.xlsx"] = workbook_with(made["summary.xlsx"], change)
    assert failed(verify_summary(resealed(made))) == ["summary.xlsx shows these figures"]


def _hidden(parts: dict[str, bytes]) -> None:
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book.replace(b'sheetId="2"', b'sheetId="2" state="hidden"')


def _formula(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"<v>64</v>", b"<f>60+4</f><v>64</v>")


def _hidden_row(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(b'<row r="5"', b'<row r="5" hidden="1"')


def _inline_text(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet2.xml"]
    cell = b'<c r="C5" t="inlineStr"><is><t>6</t></is></c></row>'
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"</row>", cell, 1)


def _macro(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"x"


def _comment(parts: dict[str, bytes]) -> None:
    parts["xl/comments1.xml"] = b"<comments/>"


def _entity(parts: dict[str, bytes]) -> None:
    book = parts["xl/workbook.xml"]
    head, rest = book.split(b"?>", 1)
    parts["xl/workbook.xml"] = head + b'?><!DOCTYPE a [<!ENTITY b "c">]>' + rest


def _huge(parts: dict[str, bytes]) -> None:
    parts["xl/theme/theme1.xml"] = b" " * 30_000_000


def _unlisted(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet9.xml"] = parts["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_hidden, "hidden"),
        (_hidden_row, "hidden"),
        (_inline_text, "neither a number"),
        (_formula, "formula"),
        (_macro, "never holds"),
        (_comment, "never holds"),
        (_entity, "document type"),
        (_huge, "too large"),
        (_unlisted, "not listed"),
    ],
)
def test_a_workbook_that_hides_or_runs_something_is_refused(change, said: str) -> None:
    made = files()
    made["summary.xlsx"] = workbook_with(made["summary.xlsx"], change)
    [check] = [check for check in verify_summary(resealed(made)).checks if not check.passed]
    assert check.title == "summary.xlsx shows these figures"
    assert said in check.detail


def test_a_pdf_of_other_figures_is_refused_with_right_digests() -> None:
    made = files()
    made["summary.pdf"] = summary_pdf(release(), MADE_AT.replace(hour=9), SHELTER)
    assert failed(verify_summary(resealed(made))) == ["summary.pdf shows these figures"]


@pytest.mark.parametrize("odd", [b"", b"%PDF-1.7", b"not a PDF"])
def test_a_pdf_that_is_none_is_refused_with_right_digests(odd: bytes) -> None:
    made = {**files(), "summary.pdf": odd}
    assert failed(verify_summary(resealed(made))) == ["summary.pdf shows these figures"]


def test_a_table_that_leaves_the_certificate_behind_is_refused() -> None:
    made = files()

    def change(envelope) -> None:
        envelope["tables"][0]["cells"][0][0] = 6

    assert "The figures are the certified ones" in failed(verify_summary(resealed(made, change)))


def test_a_table_left_out_is_refused() -> None:
    made = files()
    verdict = verify_summary(resealed(made, lambda envelope: envelope["tables"].pop()))
    assert "The figures are the certified ones" in failed(verdict)


def values_in(value, at=()):
    """Every number, word and blank of a JSON value, with the way to it."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in inner:
            yield from values_in(part, (*at, key))
    else:
        yield at, value


def instead_of(value):
    if value is None:
        return [0, 7]
    if isinstance(value, bool):
        return [not value]
    return [value + 1, value - 1, None] if isinstance(value, int) else [value + "x"]


def accepted_changes(step: int) -> tuple[list[object], int]:
    """Change every step-th value of the certificate, make all digests right; what passes?"""
    made = files()
    everything = json.loads(made["certificate.json"])
    digests = {"digest", "seal", "files"}
    places = [(at, old) for at, old in values_in(everything) if at[0] not in digests]
    passed, tried = [], 0
    for at, old in places[::step]:
        for new in instead_of(old):

            def change(envelope, at=at, new=new) -> None:
                place = envelope
                for key in at[:-1]:
                    place = place[key]
                place[at[-1]] = new
                envelope["certificate"]["sha256"] = fingerprint(envelope["certificate"])

            if at != ("certificate", "sha256"):
                tried += 1
                if verify_summary(resealed(dict(made), change)).ok:
                    passed.append((at, new))
    return passed, tried


def test_changed_values_of_the_certificate_are_refused_with_right_digests() -> None:
    passed, tried = accepted_changes(23)
    assert passed == []
    assert tried > 50


@pytest.mark.slow  # more than a thousand summaries, each with its PDF read
def test_every_changed_value_of_the_certificate_is_refused_with_right_digests() -> None:
    passed, tried = accepted_changes(1)
    assert passed == []
    assert tried > 1000


def test_a_consistent_forgery_shows_another_digest() -> None:
    """What the words of the module say: only the shelter's own record gives it away."""
    forged, real = (
        verify_summary(summary_files(release(), MADE_AT, "Oak House")),
        verify_summary(files()),
    )
    assert forged.ok
    assert forged.digest != real.digest
    assert forged.seal != real.seal


@pytest.mark.parametrize(
    "odd",
    [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b'{"format":"shelter-desk-summary/1"}'],
)
def test_a_certificate_that_is_none_is_refused(odd: bytes) -> None:
    verdict = verify_summary({**files(), "certificate.json": odd})
    assert not verdict.ok
    assert verdict.digest == ""
