"""The open points of a visit as a table: what, about whom, since when, and who settles it."""

from __future__ import annotations

from shelter_desk.desk.visit_check import Point
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.visits.words import kind_tone, kind_words, tr
from shelter_desk.ui.widgets import Table

_ROW = 40


def points_table(shared: Shared) -> Table[Point]:
    """Return the table, still empty; a row that is opened is one point."""
    table = Table[Point](
        _columns(shared), tr("Open points"), key=_point, row_height=_ROW, fit=True
    )
    keep_row_height(table, _ROW)
    return table


def _columns(shared: Shared) -> tuple[Column[Point], ...]:
    def since(line: Point) -> str:
        local = line.since and line.since.astimezone(shared.zone).date()
        return show_day(local) if local else ""

    def whose(line: Point) -> str:
        return line.owner.name if line.owner else tr("nobody yet")

    def until(line: Point) -> str:
        return show_day(line.owner.due_on) if line.owner else ""

    def words(line: Point) -> str:
        return f"{line.count} × {line.text}" if line.count > 1 else tr(line.text)

    return (
        Column(tr("What"), lambda line: kind_words(line.kind), width=150,
               tone=lambda line: kind_tone(line.kind)),
        Column(tr("About"), lambda line: line.about or tr("The house"), width=130),
        Column(tr("Point"), words, width=260, stretch=True),
        Column(tr("Due or done"), since, width=110),
        Column(tr("Who settles it"), whose, width=140, below=until),
    )  # fmt: skip


def _point(line: Point) -> str:
    return line.point
