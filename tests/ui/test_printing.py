"""Pages of a PDF are drawn from memory; files are written whole or not at all."""

import io

import pytest
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from shelter_desk.ui.printing import pdf_pages, write_whole


def two_pages():
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 100))
    canvas.setFillColor(HexColor("#FF0000"))
    canvas.rect(0, 0, 100, 100, stroke=0, fill=1)
    canvas.showPage()
    canvas.setFillColor(HexColor("#0000FF"))
    canvas.rect(0, 0, 200, 100, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_every_page_is_drawn_in_its_colours():
    first, second = list(pdf_pages(two_pages(), dpi=72))
    assert (first.width(), first.height()) == (200, 100)
    assert first.pixelColor(50, 50).name() == "#ff0000"
    assert first.pixelColor(150, 50).name() == "#ffffff"
    assert second.pixelColor(150, 50).name() == "#0000ff"


def test_a_file_is_written_whole(tmp_path):
    place = tmp_path / "kit.pdf"
    place.write_bytes(b"old")
    write_whole(place, b"new" * 1000)
    assert place.read_bytes() == b"new" * 1000
    assert [path.name for path in tmp_path.iterdir()] == ["kit.pdf"]


def test_a_place_that_is_not_there_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(OSError, match=r"\w"):
        write_whole(tmp_path / "no" / "kit.pdf", b"new")
    assert list(tmp_path.iterdir()) == []
