from __future__ import annotations

import ctypes
import subprocess
import sys
from datetime import date
from itertools import pairwise

import pypdfium2
import pytest
import segno

from shelter_desk.reports.blocks import PageSize
from shelter_desk.reports.recovery_kit import recovery_kit_pdf

CODE = "M8A6-0YYH-HZFQ-78GC-5WZ2-JW0E-YWEM-ZH5H"
MADE_ON = date(2026, 1, 3)


def kit(code: str = CODE, size: PageSize = PageSize.LETTER) -> bytes:
    return recovery_kit_pdf("Willow House", code, MADE_ON, size=size)


def test_each_of_two_pages_is_a_whole_copy(read_pdf) -> None:
    read = read_pdf(kit())
    assert len(read.pages) == 2
    for number, page in enumerate(read.pages, start=1):
        letters = "".join(page.split())
        assert f"copy {number} of 2" in page
        assert "Willow House" in page
        assert "3 January 2026" in page
        for place, group in enumerate(CODE.split("-"), start=1):
            assert f"{place}.{group}" in letters
        assert "Where to keep it" in page
        assert "How to use it" in page


def test_every_letter_of_the_code_takes_as_much_room_as_any_other() -> None:
    document = pypdfium2.PdfDocument(kit(CODE.replace("M8A6", "1W1W")))
    text = document[0].get_textpage()
    letters = [text.get_text_range(at, 1) for at in range(text.count_chars())]
    place = "".join(letters).index("1W1W")
    x, y = ctypes.c_double(), ctypes.c_double()
    starts = []
    for at in range(place, place + 4):
        pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
        starts.append(x.value)
    document.close()
    assert len({round(b - a, 2) for a, b in pairwise(starts)}) == 1


def test_the_square_holds_the_code(read_pdf) -> None:
    matrix = segno.make(CODE, error="m", micro=False).matrix
    scale, side = 6, 132 / len(matrix)
    pages = read_pdf(kit(), scale).images
    for page in pages:
        dark = page.convert("L").point(lambda value: 255 * (value < 128))
        frame = page.size[1]
        left, top = _square_at(dark, frame)
        read = [
            [
                dark.getpixel(
                    (int(left + (x + 0.5) * side * scale), int(top + (y + 0.5) * side * scale))
                )
                for x in range(len(matrix))
            ]
            for y in range(len(matrix))
        ]
        assert read == [[255 if module else 0 for module in row] for row in matrix]


def _square_at(dark, height: int) -> tuple[int, int]:
    """The top left corner of the square: the first dark of the columns it stands in."""
    left = (54 + 22) * 6
    strip = dark.crop((left - 6, int(height * 0.22), left + 132 * 6, int(height * 0.45)))
    box = strip.getbbox()
    assert box is not None
    return left - 6 + box[0], int(height * 0.22) + box[1]


def test_the_same_kit_has_the_same_bytes() -> None:
    assert kit() == kit()


def test_another_code_has_other_bytes() -> None:
    assert kit() != kit(CODE.replace("M8A6", "M8A7"))


def test_a_kit_fits_two_pages_of_either_paper(read_pdf) -> None:
    for size in PageSize:
        assert len(read_pdf(kit(size=size)).pages) == 2


def test_the_file_tells_neither_time_nor_author(read_pdf) -> None:
    metadata = read_pdf(kit()).metadata
    assert metadata["Author"] == ""
    assert "2026" not in metadata["CreationDate"]
    assert CODE not in str(metadata)


@pytest.mark.parametrize(
    "wrong", ["", CODE[:-1], CODE.lower(), CODE.replace("0", "O"), CODE + "-"]
)
def test_a_code_nobody_could_type_back_is_refused_unsaid(wrong: str) -> None:
    with pytest.raises(ValueError, match="eight groups") as caught:
        kit(wrong)
    assert not wrong or wrong not in str(caught.value)


def test_the_typesetter_is_not_loaded_before_a_page_is_wanted() -> None:
    script = (
        "import sys; import shelter_desk.reports.recovery_kit; "
        "print(any(name.split('.')[0] in {'reportlab', 'segno', 'xlsxwriter'}"
        " for name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
