"""What a page is made of, as frozen values: no report touches the typesetter itself.

A report is a function from answers to a `Paper`; `pdf.make_pdf` is the only way from a `Paper` to
bytes. So every report can be read in a test without drawing anything, and none of them pays for
the typesetter before a page is really wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shelter_desk.reports.charts import BarChart


class PageSize(Enum):
    """The two papers of the world's offices, in points (width, height)."""

    LETTER = (612.0, 792.0)
    A4 = (595.2756, 841.8898)


class Tone(Enum):
    """How a paragraph speaks."""

    BODY = "body"
    LEAD = "lead"
    MUTED = "muted"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 and 2 also become bookmarks of the file."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of plain text; nothing in it is read as markup."""

    text: str
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Points:
    """A short list; numbered where the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one pair a line; a line break in a value is kept."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """At most four large figures in a row, each with the words under it."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may run over several pages; its heading stays with its first rows.

    `numeric` names the columns (by place, from 0) whose text stands at the right edge.
    `strong_rows` names the rows (by place) that are totals. `chart` stands under the table, drawn
    by the same plan as on screen.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    numeric: frozenset[int] = frozenset()
    strong_rows: frozenset[int] = frozenset()
    chart: BarChart | None = None

    def __post_init__(self) -> None:
        """Refuse a ragged table: a cell in the wrong column would be a wrong statement."""
        ragged = [at for at, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if ragged:
            raise ValueError(f"table {self.title!r}: rows {ragged} do not fit the columns")


@dataclass(frozen=True, slots=True)
class Notice:
    """A quiet box for what must not be overlooked."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeSquare:
    """A code to type by hand, in large groups, beside the same code as a QR square."""

    groups: tuple[str, ...]
    groups_per_line: int
    qr_text: str


@dataclass(frozen=True, slots=True)
class NumberedWords:
    """A few words, large, each with its number, in two columns."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriteOn:
    """Lines to write on with a pen, each with its label."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows starts on a page of its own."""


Block = (
    Heading
    | Text
    | Points
    | Facts
    | Figures
    | Table
    | Notice
    | CodeSquare
    | NumberedWords
    | WriteOn
    | NewPage
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page. Nothing here may name a resident.

    `owner` is the shelter as the receiver knows it, `notice` the confidentiality sentence,
    `log_short_form` the audit log's size and root (empty where no log is vouched for).
    """

    title: str
    owner: str
    notice: str
    log_short_form: str = ""
    subject: str = ""
    page_words: str = "Page {0} of {1}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document, ready to be set."""

    furniture: Furniture
    blocks: tuple[Block, ...]
    size: PageSize = PageSize.LETTER
    language: str = "en-US"
