"""Whom a report is for: who they are, why they may be told, and why figures are amended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.report_releases import ToWhom
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.report_kinds import ReportKind
from shelter_desk.exports.typed_words import refuse_typed
from shelter_desk.ui.fields import Field
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Text
from shelter_desk.ui.shared import Shared

Take = Callable[[ToWhom], bool]


def _tr(text: str) -> str:
    return QCoreApplication.translate("reports", text)


def ask_to_whom(
    host: QWidget, shared: Shared, kind: ReportKind, period: str, take: Take
) -> FormSheet:
    """Ask for whom a report is; `take` says whether it is on its way."""
    form = Form(_fields(kind))
    if kind.bases:
        form.put({"basis": kind.bases[0].code})
    if kind.is_exact:
        form.put({"goes_public": "no"})

    def taken(values: dict[str, Any]) -> bool:
        recipient, reason = values["recipient"], values.get("reason") or ""
        try:
            refuse_typed(shared.desk, {"recipient": recipient, "reason": reason})
        except InvalidError as error:
            form.show_problems(error.problems)
            return False
        return take(
            ToWhom(
                recipient,
                values.get("basis") or "",
                reason,
                goes_public=values.get("goes_public") == "yes",
            )
        )

    intro = _tr(
        "What is handed over is written down and frozen. Name nobody who lives or works here."
    )
    action = _tr("Choose where to save") if kind.is_exact else _tr("Count it")
    sheet = FormSheet(_tr("Who it is for"), form, action, taken, intro=intro)
    sheet.keeps(shared, "report-hand-over", f"{kind.id}:{period}")
    sheet.open_over(host)
    return sheet


def _fields(kind: ReportKind) -> tuple[Field, ...]:
    who = Text("recipient", _tr("For whom, by name"), needed=True)
    if not kind.is_exact:
        return (who,)
    bases = [(basis.code, _tr(basis.words)) for basis in kind.bases]
    published = (
        ("no", _tr("No, they keep it")),
        ("yes", _tr("Yes, or they may")),
    )
    return (
        who,
        Choice("basis", _tr("Why they may be told"), bases, needed=True),
        Text(
            "reason",
            _tr("Why figures are amended"),
            hint=_tr("Only when they were told otherwise before."),
        ),
        Choice("goes_public", _tr("Will they publish it?"), published, chips=True, needed=True),
    )
