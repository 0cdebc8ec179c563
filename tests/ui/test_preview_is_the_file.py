"""Of every report: each number and * that was looked at is in PDF, list and workbook, no other."""

import csv
import io
import re
from collections import defaultdict

import openpyxl
import pypdfium2

from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.reports import exact_report
from shelter_desk.reports.summary_tables import bars_of, bars_tell
from shelter_desk.reports.wording import WITHHELD_NOTE, figure, plain_moment, plain_period
from shelter_desk.ui.form_sheet import FormSheet
from tests.ui.real_window import Opened, settle
from tests.ui.test_reports_page import choose, hand_over, lived_in

NOTICE = exact_report._NOTICE
CERTIFICATE = "Privacy certificate"


def on_screen(page):
    """Return title -> head and lines, every cell as it is read on screen."""
    tables = list(page.exact.tables.values()) or list(page.safe.tables)
    seen = {}
    for table in tables:
        model = table.lines_model
        lines = [
            [str(model.index(at, place).data()) for place in range(model.columnCount())]
            for at in range(model.rowCount())
        ]
        heads = [column.heading for column in model.columns]
        assert table.accessibleName() not in seen
        seen[table.accessibleName()] = [heads, *lines]
    return seen


def plain(cell):
    """Return a cell without the thousands that are set apart for people."""
    return cell.replace(",", "") if re.fullmatch(r"[\d,.]+", cell) else cell


def of_list(data):
    found = defaultdict(list)
    for line in csv.DictReader(io.StringIO(data.decode())):
        found[line["table"]].append(line["value"])
    return dict(found)


def of_workbook(data):
    book, found = openpyxl.load_workbook(io.BytesIO(data)), {}
    assert all(sheet.sheet_state == "visible" for sheet in book)
    for sheet in book.worksheets[1:]:
        rows = [[cell for cell in row if cell is not None] for row in sheet.values]
        found[rows[0][0]] = [[str(cell) for cell in row] for row in rows[2:]]
    return found


def tight(text):
    return re.sub(r"\s+", "", text)


def pages_of(data):
    with pypdfium2.PdfDocument(data) as paper:
        said = [tight(page.get_textpage().get_text_bounded()) for page in paper]
    counted = (tight(f"Page {number} of {len(said)}") for number in range(1, len(said) + 1))
    return [page.replace(count, "") for page, count in zip(said, counted, strict=True)]


def rest_of(pages, pieces, known):
    """Return what else is on the pages: pieces come in this order, known words anywhere."""
    rest = "".join(pages)
    for often in known[:2]:  # what every page repeats may stand between two lines of a table
        rest = rest.replace(tight(often), "")
    left, place = [], 0
    for piece in map(tight, pieces):
        at = rest.find(piece, place)
        assert at >= 0, (piece, rest[place : place + 300])
        left.append(rest[place:at])
        place = at + len(piece)
    left.append(rest[place:])
    words = sorted(filter(None, map(tight, known)), key=len, reverse=True)
    without = "|".join(map(re.escape, words))
    return [re.sub(without, "", part) for part in left]


def on_paper(data, seen, kind, made, known):
    """Check that the PDF holds the lines that were on screen, in order, and no other figure."""
    pages, pieces = pages_of(data), []
    title = f"{made.title}, {plain_period(made.period)}"
    repeated = [title, f"{kind.label}. {NOTICE}" if kind.is_exact else WITHHELD_NOTE]
    known = [*repeated, plain_period(made.period), *known]
    if kind.is_exact:
        known += [*made.rules, *(basis.words for basis in kind.bases)]
        known += [one.note for one in made.tables]
    else:
        place = next(at for at, said in enumerate(pages) if tight(CERTIFICATE) in said)
        pages = pages[:place]  # what it says of itself stands in tests of the certificate
        pieces = [f"{made.population_shown} residents", f"{made.shown} figures"]
        pieces += [f"{made.withheld} figures"]
        known += [one.means for one in made.tables]
    for (title, (heads, *lines)), one in zip(seen.items(), made.tables, strict=True):
        pieces += [title, *("".join(line) for line in lines)]
        known += heads
        if not kind.is_exact and bars_tell(one):
            pieces += [f"{label}{figure(value)}" for label, value in bars_of(one)]
            known.append(title)
    for left in rest_of(pages, pieces, known):
        assert not re.search(r"[\d*]", left), (kind.id, left)


def test_what_is_looked_at_is_what_leaves_and_nothing_else(look, open_desk, qtbot, tmp_path):
    opened = Opened(open_desk, qtbot)
    page = lived_in(opened, 24)
    page.choose_folder = lambda _host, _title: str(tmp_path)
    for kind in REPORTS.values():
        choose(page, kind.id)
        page.count.click()
        if kind.is_named and not kind.is_exact:
            sheet = opened.sheet(FormSheet)
            sheet.form.put({"recipient": "County office"})
            sheet.save.click()
            settle()
        seen = on_screen(page)
        exact, prepared = page._exact, page._prepared
        assert len(seen) > 2, kind.id
        hand_over(opened, page) if kind.is_exact else page.leave.click()
        settle()
        (folder,) = (one for one in tmp_path.iterdir() if f" {kind.id} " in one.name)
        files = {path.suffix: path.read_bytes() for path in folder.iterdir()}
        numbers = {
            title: [plain(cell) for line in lines[1:] for cell in line[1:]]
            for title, lines in seen.items()
        }
        assert of_list(files[".csv"]) == numbers, kind.id
        in_book = {
            title: [[plain(cell) for cell in line if cell] for line in lines]
            for title, lines in seen.items()
        }
        assert of_workbook(files[".xlsx"]) == in_book, kind.id
        now = plain_moment(opened.clock().astimezone(opened.desk.house.zone))
        on_paper(files[".pdf"], seen, kind, exact.report if exact else prepared.release, [now])
