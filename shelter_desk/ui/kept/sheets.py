"""Asks why a record is kept by law, and why it is taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.base import Command
from shelter_desk.desk.kept_records import KeptRecord
from shelter_desk.desk.legal_holds import PutOnHold
from shelter_desk.desk.removing import TakeAway
from shelter_desk.domain.retention import (
    BIN_DAYS,
    ENTERED_TWICE,
    HOLD_REASONS,
    REMOVAL_REASONS,
    RETENTION_ENDED,
)
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.kept.words import together
from shelter_desk.ui.shared import Shared


def ask_hold(host: QWidget, shared: Shared, line: KeptRecord) -> FormSheet:
    """Ask why a record must be kept whatever the schedule says."""
    words = _tr("While it is kept by law nobody can take it away or destroy it.")
    title = _tr("Keep the record {0} by law").format(line.case_code)
    return _ask(
        host,
        shared,
        ("legal-hold", line.resident_id),
        (title, words, _tr("Keep it by law"), _tr("The record is kept by law")),
        HOLD_REASONS,
        lambda reason: PutOnHold(line.resident_id, reason),
    )


def ask_removal(host: QWidget, shared: Shared, line: KeptRecord) -> FormSheet:
    """Ask why a record is taken away. It can be put back for a month at least."""
    words = _tr("It goes off every list and search. For {0} days at least you can put it back.")
    title = _tr("Take the record {0} away").format(line.case_code)
    reasons = {
        code: name
        for code, name in REMOVAL_REASONS.items()
        if (line.may_go or code != RETENTION_ENDED) and not (line.joined and code == ENTERED_TWICE)
    }
    intro = " ".join(filter(None, (words.format(BIN_DAYS), together(line))))
    return _ask(
        host,
        shared,
        ("removal", line.resident_id),
        (
            title,
            intro,
            _tr("Take it away"),
            _tr("The record is taken away"),
        ),
        reasons,
        lambda reason: TakeAway(line.resident_id, reason),
    )


def _ask(
    host: QWidget,
    shared: Shared,
    kept_at: tuple[str, str],
    words: tuple[str, str, str, str],
    reasons: Mapping[str, str],
    command: Callable[[str], Command],
) -> FormSheet:
    title, intro, action, said = words
    choices = tuple((code, _tr(name)) for code, name in reasons.items())
    form = Form((Choice("reason", _tr("Why"), choices, chips=True, needed=True),))

    def take(values: dict[str, Any]) -> bool:
        done = shared.attempt(command(values["reason"]), said=said, invalid=form.show_problems)
        return done is not None

    sheet = FormSheet(title, form, action, take, intro=intro)
    sheet.keeps(shared, *kept_at).open_over(host)
    return sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptPage", text)
