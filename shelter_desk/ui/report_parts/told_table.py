"""The list of reports that were handed over to somebody by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.reporting import HandedOver
from shelter_desk.domain.periods import Period
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.ui.dates import show_day, show_moment
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import Table

_ROW = 36


def told_table(zone: ZoneInfo) -> Table[HandedOver]:
    """Return the list, still empty."""
    table = Table[HandedOver](
        _columns(zone), _tr("Handed over"), key=_key, row_height=_ROW, fit=True
    )
    keep_row_height(table, _ROW)
    return table


def _columns(zone: ZoneInfo) -> tuple[Column[HandedOver], ...]:
    def report(line: HandedOver) -> str:
        return _tr(REPORTS[line.report_id].title)

    def version(line: HandedOver) -> str:
        if line.number == 1:
            return _tr("First")
        return _tr("Amendment {0}").format(line.number - 1)

    def public(line: HandedOver) -> str:
        if line.public_since is not None:
            return show_day(line.public_since.astimezone(zone).date())
        return _tr("From the first") if line.goes_public else _tr("No")

    return (
        Column(_tr("When"), lambda line: show_moment(line.made_at, zone), width=180),
        Column(_tr("Report"), report, width=220),
        Column(_tr("Period"), lambda line: Period.parse(line.period).label, width=180),
        Column(_tr("For"), lambda line: line.recipient, width=150, stretch=True),
        Column(_tr("Version"), version, width=130),
        Column(_tr("Public"), public, width=130),
        Column(_tr("By"), lambda line: line.by, width=110, quiet=True),
    )


def _key(line: HandedOver) -> str:
    return line.release_id


def _tr(text: str) -> str:
    return QCoreApplication.translate("reports", text)
