"""What funders and the house ask about a person: from lists, with who asks it, none needed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.funder_answers import AnswerFunders, choices, funder_answers
from shelter_desk.desk.residents import ResidentRecord
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.funder_questions import (
    AFTER,
    EXIT,
    HOUSE,
    QUESTIONS,
    RHY,
    VOCA,
    FunderQuestion,
)
from shelter_desk.ui.fields import Field
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Several
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

NONE_FITS, NOT_ASKED = "none-fits", "was-not-asked"
# The lists of funders speak of clients; this house does not. On their papers their words stay.
_OUR_WORDS = {
    "Client doesn't know": QT_TRANSLATE_NOOP("funders", "Does not know"),
    "Client prefers not to answer": QT_TRANSLATE_NOOP("funders", "Prefers not to say"),
    "Client voluntarily left early": QT_TRANSLATE_NOOP("funders", "They left early, by choice"),
    "Client was expelled or otherwise involuntarily discharged from project": QT_TRANSLATE_NOOP(
        "funders", "They had to leave"
    ),
}
_NOT_COLLECTED = "Data not collected"
"""What is left open says that already."""


def ask_funder_answers(
    host: QWidget, shared: Shared, model: CareModel, stay: ResidentRecord
) -> FormSheet:
    """Ask what funders ask, with what was answered before. What is left empty was not asked."""
    asked = [q for q in _fitting(stay) if HOUSE not in q.asked_by]
    intro = _tr(
        "Funders ask this about everybody; nobody has to answer. Ask gently, in their own words, "
        "and leave open what was not asked."
    )
    title = _tr("What funders ask about {0}").format(shown_name(stay.called))
    sheet = _sheet(shared, (model, stay), asked, (title, intro))
    sheet.keeps(shared, "funder-answers", stay.stay_id)
    return _opened(host, sheet)


def ask_house_answers(
    host: QWidget, shared: Shared, model: CareModel, stay: ResidentRecord
) -> FormSheet:
    """Ask for the outcomes of the house: school in the stay, and what was found after it."""
    asked = [q for q in _fitting(stay) if HOUSE in q.asked_by]
    intro = _tr(
        "This is counted in the outcomes of a year, as totals only, and stays under seal. Nobody "
        "has to answer; leave open what was not asked."
    )
    title = _tr("School and life after the stay: {0}").format(shown_name(stay.called))
    sheet = _sheet(shared, (model, stay), asked, (title, intro))
    sheet.keeps(shared, "house-answers", stay.stay_id)
    return _opened(host, sheet)


def _fitting(stay: ResidentRecord) -> list[FunderQuestion]:
    later = () if stay.ended_at is not None else (EXIT, AFTER)
    return [question for question in QUESTIONS.values() if question.stage not in later]


def _sheet(
    shared: Shared,
    of: tuple[CareModel, ResidentRecord],
    asked: list[FunderQuestion],
    said: tuple[str, str],
) -> FormSheet:
    (model, stay), (title, intro) = of, said
    form = Form([_field(model, question) for question in asked])
    before = shared.ask(funder_answers, stay_id=stay.stay_id)
    usual = {q.id: (model.lists[q.list_id].default,) for q in asked if q.id not in before}
    given = {name: codes for name, codes in {**usual, **before}.items() if codes != ("",)}
    form.put({q.id: _put(q, given[q.id]) for q in asked if q.id in given})

    def take(values: dict[str, Any]) -> bool:
        answers = {question.id: _codes(question, values[question.id]) for question in asked}
        command = AnswerFunders(stay.stay_id, answers)
        said = _tr("Answers saved")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    return FormSheet(title, form, _tr("Save"), take, intro=intro, width=680)


def _opened(host: QWidget, sheet: FormSheet) -> FormSheet:
    sheet.open_over(host, next(iter(sheet.form.editors.values())))
    return sheet


def _field(model: CareModel, question: FunderQuestion) -> Field:
    programs = {VOCA: "VOCA", RHY: "RHY", HOUSE: _tr("this house")}
    hint = _tr("Asked by {0}.").format(", ".join(programs[one] for one in question.asked_by))
    if model.lists[question.list_id].default:
        hint = f"{hint} {_tr('Ticked already: what everybody comes here for.')}"
    options = [
        (code, _tr(_OUR_WORDS.get(words, words)))
        for code, words in choices(model, question)
        if words != _NOT_COLLECTED
    ]
    label = _tr(question.title)
    if question.none_fits:
        options.append((NONE_FITS, _tr("None of these")))
    if question.is_many:
        return Several(question.id, label, options, hint=hint)
    return Choice(question.id, label, [(NOT_ASKED, _tr("Not asked")), *options], hint=hint)


def _put(question: FunderQuestion, codes: tuple[str, ...]) -> object:
    if question.is_many:
        return codes or (NONE_FITS,)
    return codes[0] if codes else NOT_ASKED


def _codes(question: FunderQuestion, value: object) -> tuple[str, ...] | None:
    """Return the codes of what was chosen; None where nothing was."""
    if question.is_many:
        chosen = tuple(str(one) for one in value) if isinstance(value, tuple) else ()
        without = tuple(code for code in chosen if code != NONE_FITS)
        return without if without or NONE_FITS in chosen else None
    return None if value in ("", None, NOT_ASKED) else (str(value),)


def _tr(text: str) -> str:
    return QCoreApplication.translate("funders", text)
