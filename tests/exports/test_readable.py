"""The locked PDF: AES-256 of revision 6; another reader opens it with its words, never without."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from invented_pack import WORDS, contents, sealed, signed

from shelter_desk.desk.pack_words import PACK_WORDS
from shelter_desk.exports.problems import PackError
from shelter_desk.exports.readable import lock_pdf, report_in
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import Furniture, Heading, Paper, Text
from shelter_desk.store.keys.word_list import words_to_draw

PDF_WORDS = "acid bulb crisp dwell ember flint"
MARK = "Process evidence of the house"


@pytest.fixture(scope="module")
def report():
    furniture = Furniture(
        title=MARK, owner="Harbor House", notice="n", log_short_form="Log 1", subject=MARK
    )
    return pdf.make_pdf(Paper(furniture=furniture, blocks=(Heading(MARK), Text("Words " * 400))))


@pytest.fixture(scope="module")
def locked(report):
    return lock_pdf(report, PDF_WORDS)


def test_another_reader_opens_it_with_the_words_and_reads_every_page(report, locked):
    opened = pypdfium2.PdfDocument(locked, password=PDF_WORDS)
    plain = pypdfium2.PdfDocument(report)
    assert len(opened) == len(plain)
    for one, other in zip(opened, plain, strict=True):
        text = one.get_textpage().get_text_bounded()
        assert text == other.get_textpage().get_text_bounded() != ""


@pytest.mark.parametrize("words", ["", None, WORDS, PDF_WORDS.upper(), PDF_WORDS[:-1]])
def test_without_its_own_words_nobody_opens_it(words, locked):
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(locked, password=words)


def test_the_longest_words_there_are_open_it_whole(report):
    """A reader that cut them, at 32 letters or at 127 bytes, would call them wrong."""
    words = " ".join(sorted(words_to_draw(), key=len)[-PACK_WORDS:])
    assert 32 < len(words.encode()) <= 127
    locked = lock_pdf(report, words)
    assert len(pypdfium2.PdfDocument(locked, password=words)) >= 1
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(locked, password=words[:-1])


def test_it_is_the_strongest_kind_and_tells_no_title(locked):
    for mark in (rb"/R 6\b", rb"/V 5\b", rb"/AESV3\b", rb"/Length 256\b"):
        assert re.search(mark, locked), mark
    for encoding in ("utf-8", "utf-16-be"):
        assert MARK.encode(encoding) not in locked
        assert "Harbor House".encode(encoding) not in locked
    assert b"EncryptMetadata false" not in locked


def test_two_locked_pdfs_of_one_report_have_nothing_in_common_to_compare(report, locked):
    assert lock_pdf(report, PDF_WORDS) != locked


def test_the_report_comes_out_of_a_pack_that_passes_its_checks_only(tmp_path, report):
    whole = contents()
    files = signed(files={**whole.files, "data/report.pdf": report}).files
    pack = tmp_path / "K7Q29XVD.age"
    pack.write_bytes(sealed(files))
    assert report_in(pack, WORDS) == report
    pack.write_bytes(sealed({**files, "data/report.pdf": report + b"x"}))
    with pytest.raises(PackError, match="was changed"):
        report_in(pack, WORDS)
    without = {path: data for path, data in whole.files.items() if path != "data/report.pdf"}
    pack.write_bytes(sealed(signed(files=without).files))
    with pytest.raises(PackError, match="no report"):
        report_in(pack, WORDS)
