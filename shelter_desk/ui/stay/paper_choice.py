"""A paper for a young person: which one, and in which language; then it is shown and printed."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.resident_papers import MakeResidentPaper, shipped_papers
from shelter_desk.desk.residents import ResidentRecord
from shelter_desk.desk.who_looked import who_looked
from shelter_desk.domain.file_looks import LOOKED_PAPER
from shelter_desk.domain.resident_papers import FIRST, PaperLanguage
from shelter_desk.domain.staff import May
from shelter_desk.reports.resident_paper import resident_paper_pdf
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name

RETURN_PAPER = "welcome-back"


def ask_paper(
    host: QWidget, shared: Shared, printer: Paper, stay: ResidentRecord, first: str = ""
) -> FormSheet:
    """Ask which paper, in the language of their record unless another is chosen."""
    papers = shipped_papers()
    every = papers.languages[FIRST].papers.values()
    may_list = shared.may(May.READ_AUDIT)
    titles = [(one.id, one.title) for one in every if one.id != LOOKED_PAPER or may_list]
    languages = [(code, one.name) for code, one in papers.languages.items()]
    form = Form(
        (
            Choice("paper", _tr("Which paper"), titles, needed=True, wide=True),
            Choice("language", _tr("In which language"), languages, chips=True, needed=True),
        )
    )
    form.put({"paper": first or titles[0][0], "language": papers.language_of(stay.language)})

    def take(values: dict[str, Any]) -> bool:
        command = MakeResidentPaper(stay.stay_id, values["paper"], values["language"])
        if shared.attempt(command, invalid=form.show_problems) is None:
            return False
        language = papers.languages[values["language"]]
        show = partial(_show, host, printer, language.papers[values["paper"]].title)
        work = partial(_pdf, shared, stay, language, values["paper"])
        shared.jobs.run(host, work, show, shared.tell)
        return True

    intro = _tr("It is theirs: of them, at most the name they like stands on it, and no house.")
    title = _tr("A paper for {0}").format(shown_name(stay.called))
    sheet = FormSheet(title, form, _tr("Show the paper"), take, intro=intro)
    sheet.keeps(shared, "resident-paper", stay.stay_id).open_over(host, form.editors["paper"])
    return sheet


def _pdf(shared: Shared, stay: ResidentRecord, language: PaperLanguage, paper: str) -> bytes:
    is_list = paper == LOOKED_PAPER
    looks = shared.desk.ask(who_looked, stay_id=stay.stay_id) if is_list else None
    return resident_paper_pdf(language, paper, stay.called, looks)


def _show(host: QWidget, printer: Paper, title: str, pdf: bytes) -> None:
    sheet = PaperSheet(title, pdf, printer)
    sheet.open_over(host, sheet.print)


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
