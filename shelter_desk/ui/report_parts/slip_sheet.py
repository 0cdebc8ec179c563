"""A slip without a name on which a resident rated the house: written down in a few keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.own_ratings import WriteSlip, rating_questions, slips_of
from shelter_desk.domain.own_ratings import LEAST, MOST
from shelter_desk.domain.periods import Period
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Number
from shelter_desk.ui.shared import Shared


def ask_slip(host: QWidget, shared: Shared) -> FormSheet:
    """Ask for the numbers of one slip; what was left empty stays empty."""
    now = Period.quarter_of(shared.today())
    quarters = tuple((one.id, one.label) for one in (now, now.previous))
    questions = rating_questions()
    form = Form(
        (
            Choice("period", _tr("Quarter it was given in"), quarters, needed=True),
            *(
                Number(name, _tr(words), least=LEAST, most=MOST)
                for name, words in questions.items()
            ),
        )
    )
    form.put({"period": now.id})

    def take(values: dict[str, Any]) -> bool:
        period = values.pop("period")
        given = {name: number for name, number in values.items() if number is not None}
        if shared.attempt(WriteSlip(period, given), invalid=form.show_problems) is None:
            return False
        count = shared.ask(slips_of, period=period)
        shared.toast(_tr("Written down. Slips of that quarter: {0}").format(count))
        return True

    intro = _tr(
        "Numbers from 0 to 10, without a name. Collect slips in a box and write several down at a "
        "time, so that nobody knows whose is whose. No slip is shown again."
    )
    sheet = FormSheet(_tr("A resident’s slip"), form, _tr("Write it down"), take, intro=intro)
    sheet.keeps(shared, "own-rating").open_over(host)
    return sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("reports", text)
