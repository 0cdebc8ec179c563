from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shelter_desk.domain.bech32 import age_recipient
from shelter_desk.domain.evidence import AS_BEFORE, EvidenceReport, EvidenceTable
from shelter_desk.exports.opener import opener_sha256
from shelter_desk.reports.blocks import PageSize
from shelter_desk.reports.cover_sheet import CoverSheet, cover_sheet_pdf
from shelter_desk.reports.process_evidence import evidence_csv, evidence_pdf
from shelter_desk.reports.words_sheet import words_sheet_pdf

MADE_ON = date(2026, 4, 2)
LOG = "12,481 · K7Q2 9XVD 3MTA 0W5E"
KEY = age_recipient(bytes(range(32)))
WORDS = ("kiwi", "crayon", "latch", "t-shirt", "ripple", "onset")


def sheet() -> CoverSheet:
    return CoverSheet(
        shelter_label="Willow House",
        purpose="Licence review",
        period_label="January to March 2026",
        export_id="P-7H2K",
        pack_name="K7Q29XVD.age",
        signer_fingerprint="9XVD 3MTA 0W5E K7Q2",
        log_short_form=LOG,
        opener_sha256=opener_sha256(),
        made_on=MADE_ON,
        pack_sha256="ab" * 32,
    )


def timeliness(rows: int = 3) -> EvidenceTable:
    return EvidenceTable(
        id="timeliness",
        title="Checklist items dealt with on time",
        columns=("Service", "Item", "Due", "On time", "Share"),
        rows=tuple(
            (f"Crisis safety {at}", "Agree on a safety plan", "24 hours", f"{at * 37:,}", f"{at}%")
            for at in range(rows)
        ),
        note="Counted by the day an item was due.",
    )


def report(*tables: EvidenceTable) -> EvidenceReport:
    return EvidenceReport(
        shelter_label="Willow House",
        period_label="January to March 2026",
        profile_title="Process evidence for the licensor",
        tables=tables,
        checkpoint_short_form=LOG,
        made_at=datetime(2026, 4, 2, 14, 5, tzinfo=ZoneInfo("America/Chicago")),
        program_version="0.1.0",
        recipient="Accreditor",
        purpose="Accreditation review",
    )


def test_the_report_names_the_reader_and_the_purpose_that_its_foot_speaks_of(read_pdf) -> None:
    read = read_pdf(evidence_pdf(report(timeliness())))
    assert "For, and purpose Accreditor · Accreditation review" in read.text
    assert "For the recipient and the purpose named on page 1 only." in read.text


def test_the_cover_sheet_carries_every_mark_to_compare(read_pdf) -> None:
    read = read_pdf(cover_sheet_pdf(sheet()))
    assert len(read.pages) == 1
    bare = "".join(read.text.split())
    for mark in ("P-7H2K", "K7Q29XVD.age", "9XVD 3MTA 0W5E K7Q2", LOG, opener_sha256(), "ab" * 32):
        assert "".join(mark.split()) in bare
    assert "2 April 2026" in read.text
    assert "OPEN-ME.html" in read.text


def fullest() -> CoverSheet:
    return replace(
        sheet(),
        purpose="Licensing review of the year before, as asked for in writing",
        pdf_sha256="cd" * 32,
        recipient="Invented office for the licensing of residential programs, second region",
        ground="Audit or evaluation by the agency that licenses this house",
        series_label="Number 12, after P-7H2K of 30 September 2026",
        return_by=date(2026, 7, 1),
    )


@pytest.mark.parametrize("key", ["", KEY], ids=["words", "key"])
@pytest.mark.parametrize("size", PageSize)
def test_the_fullest_cover_sheet_fits_one_page_of_either_paper(read_pdf, size, key) -> None:
    read = read_pdf(cover_sheet_pdf(replace(fullest(), recipient_key=key), size=size))
    assert len(read.pages) == 1
    for last in ("Received by", "Date", "Give back or destroy by 1 July 2026"):
        assert last in read.text


def test_the_cover_sheet_tells_of_each_thing_the_opener_asks_for(read_pdf) -> None:
    text = " ".join(read_pdf(cover_sheet_pdf(fullest())).text.split())
    for asked in (".age", "words", "fingerprint of this sheet", "audit log of its sheet"):
        assert asked in text


def test_the_cover_sheet_of_a_pack_sealed_to_a_key_shows_the_key_and_tells_of_no_words(
    read_pdf,
) -> None:
    text = " ".join(read_pdf(cover_sheet_pdf(replace(sheet(), recipient_key=KEY))).text.split())
    assert KEY in text.replace(" ", "")
    assert f" {KEY[-16:-12]} {KEY[-12:-8]} {KEY[-8:-4]} {KEY[-4:]} " in text
    assert "then your key file" in text
    assert "above is not yours, call the shelter" in text
    assert "words" not in text.split("How to open")[1].split("README.txt")[0]
    assert KEY not in "".join(read_pdf(cover_sheet_pdf(sheet())).text.split())


@pytest.mark.parametrize("wrong", ["", "AB" * 32, "ab" * 31])
def test_a_digest_nobody_could_compare_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        replace(sheet(), opener_sha256=wrong)


def test_the_words_stand_in_order_and_name_no_shelter(read_pdf) -> None:
    read = read_pdf(words_sheet_pdf(WORDS, "P-7H2K", MADE_ON))
    assert len(read.pages) == 1
    for place, word in enumerate(WORDS, start=1):
        assert f"{place} {word}" in read.text
    assert "P-7H2K" in read.text
    assert "shelter" not in read.text.lower()


def test_the_words_of_the_locked_pdf_are_told_apart_and_how_a_pdf_wants_them(read_pdf) -> None:
    pack, pdf = (
        read_pdf(words_sheet_pdf(WORDS, "P-7H2K", MADE_ON, of_pdf=of)) for of in (False, True)
    )
    assert "Words for the PDF of pack P-7H2K" in pdf.text
    assert "Words for pack P-7H2K" in pack.text
    assert "do not matter" in pack.text
    assert "do not matter" not in pdf.text  # a reader of PDFs compares every letter
    assert "as they stand here" in pdf.text


@pytest.mark.parametrize("wrong", [(), ("kiwi", ""), ("kiwi crayon",)])
def test_words_that_are_not_single_words_are_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one by one"):
        words_sheet_pdf(wrong, "P-7H2K", MADE_ON)


def test_the_evidence_shows_every_cell_of_every_table(read_pdf) -> None:
    table = timeliness(90)
    read = read_pdf(evidence_pdf(report(table)))
    assert len(read.pages) > 2
    for row in table.rows:
        assert " ".join((row[0], row[1])) in read.text.replace("\n", " ")
        assert row[3] in read.text
    assert all(LOG in page for page in read.pages)
    assert all(f"Page {at} of {len(read.pages)}" in p for at, p in enumerate(read.pages, start=1))
    assert "2 April 2026, 14:05 CDT" in read.text
    assert read.outline == ("Process evidence for the licensor", table.title)


def test_the_head_of_a_long_table_stands_on_every_page(read_pdf) -> None:
    read = read_pdf(evidence_pdf(report(timeliness(90))))
    assert all("On time" in page for page in read.pages)


def test_a_table_without_rows_says_so(read_pdf) -> None:
    assert "Nothing to show" in read_pdf(evidence_pdf(report(timeliness(0)))).text


def test_the_same_report_has_the_same_bytes() -> None:
    assert evidence_pdf(report(timeliness())) == evidence_pdf(report(timeliness()))


def test_markup_in_a_cell_is_printed_not_obeyed(read_pdf) -> None:
    table = EvidenceTable("odd", "A <b>title</b> & more", ("Item",), (("<font size=40>&amp;",),))
    text = read_pdf(evidence_pdf(report(table))).text
    assert "<font size=40>&amp;" in text
    assert "A <b>title</b> & more" in text


def test_the_csv_reads_back_cell_by_cell() -> None:
    table = EvidenceTable(
        "odd", "Odd", ("Item", "Count"), (('He said "no", then\nleft', "1,126"), ("–", "-3"))
    )
    rows = list(csv.reader(io.StringIO(evidence_csv(table).decode(), newline="")))
    assert [tuple(row) for row in rows] == [table.columns, *table.rows]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1"])
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    table = EvidenceTable("odd", "Odd", ("Item",), ((cell,),))
    [_, [read]] = list(csv.reader(io.StringIO(evidence_csv(table).decode(), newline="")))
    assert read == "'" + cell


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match="rows \\[1\\]"):
        EvidenceTable("odd", "Odd", ("A", "B"), (("1", "2"), ("1",)))


def test_two_tables_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        report(timeliness(), timeliness())


def test_a_table_name_that_leaves_its_folder_is_refused() -> None:
    with pytest.raises(ValueError, match="file name"):
        EvidenceTable("../odd", "Odd", ("A",), ())


def test_a_reason_is_said_once_under_its_table(read_pdf) -> None:
    first, second = "too few stand behind it", "there was none to divide by"
    columns = ("Line", "Count", "Why withheld")
    rows = tuple((f"Line {at}", "*", first) for at in range(40))
    one = EvidenceTable("one", "One reason", columns, rows, "A note.")
    text = " ".join(read_pdf(evidence_pdf(report(one))).text.split())
    assert text.count(first) == 1
    assert f"Why withheld: {first}. A note." in text
    two = replace(one, rows=(*rows, ("Share", "*", second), ("Shown", "12", "")))
    text = " ".join(read_pdf(evidence_pdf(report(two))).text.split())
    assert f"Why withheld: 1: {first}. 2: {second}. A note." in text
    assert all(f"Line {at} * 1" in text for at in range(40))
    assert "Share * 2 Shown 12" in text
    shown = replace(one, rows=(("Shown", "12", ""),))
    assert "Why" not in read_pdf(evidence_pdf(report(shown))).text
    assert evidence_csv(one).decode().count(first) == 40
    means = "All who came, by the first answer that was written down after they came."
    told = (("Screening: in time", "4", means), ("Screening: late", "3", AS_BEFORE))
    heads = ("Line", "Count", "How")
    counted = EvidenceTable("how", "Counted", heads, (*told, ("Plan", "2", "x")))
    text = " ".join(read_pdf(evidence_pdf(report(counted))).text.split())
    assert "Screening: in time 4 1 Screening: late 3 1 Plan 2 2" in text
    assert f"Counted: how they were counted How What it means 1 {means} 2 x" in text


def test_lists_beside_many_columns_stand_in_a_table_of_their_own(read_pdf) -> None:
    facts = ("Person", "Roles", "Could sign in", "Agreement", "Signed in", "Papers current")
    papers = "Background check; Child abuse registry check; Written finding; Driving licence"
    hours = "First aid and CPR: 8; Trauma and trafficking: 6"
    rows = tuple((f"P{at:02}", "Nurse", "whole", "newest", "7", "3 of 7") for at in range(12))
    columns = (*facts, "Papers not current", "Training hours")
    whole = EvidenceTable("staff", "Staff", columns, tuple((*r, papers, hours) for r in rows))
    read = read_pdf(evidence_pdf(report(whole)))
    assert read.outline[1:] == ("Staff", "Staff: papers not current, training hours")
    text = " ".join(read.text.split())
    assert text.count(" ".join(rows[0])) == 1
    assert text.count(f"P00 {papers} {hours}") == 1, "each list on one line beside its person"
    short = replace(whole, rows=tuple((*r, "Background check", "") for r in rows))
    read = read_pdf(evidence_pdf(report(short)))
    assert read.outline[1:] == ("Staff",), "without lists it is one table"
    few = EvidenceTable("few", "Few", ("Person", "Papers"), (("P00", papers),))
    assert read_pdf(evidence_pdf(report(few))).outline[1:] == ("Few",)
