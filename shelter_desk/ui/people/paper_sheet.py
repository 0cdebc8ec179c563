"""The sheet that writes down a check, a training or a licence that was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.dated_papers import MOST_HOURS, PaperLine, RecordPaper, shipped_paper_kinds
from shelter_desk.desk.staff import staff_list
from shelter_desk.domain.dated_papers import OF_HOUSE, PaperKind, usual_end
from shelter_desk.ui.editors import UnreadableError
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Field, Form, Number, Several
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_HOUSE_CODE = "house"
_INTRO = QT_TRANSLATE_NOOP(
    "papers", "Only that you saw it, and until when it holds: never what it says."
)


class PaperForm(Form):
    """Asks when a paper was issued; its usual last day follows until somebody writes another."""

    def __init__(self, fields: tuple[Field, ...], kind: PaperKind | None, today: date) -> None:
        super().__init__(fields, columns=2)
        self._kind, self._kinds = kind, shipped_paper_kinds()
        self._proposed: object = None
        self.put({"issued_on": today})
        self.editors["issued_on"].edited.connect(self._propose)
        if "kind" in self.editors:
            self.editors["kind"].edited.connect(self._propose)
        self._propose()

    def _propose(self) -> None:
        typed = self.editors["expires_on"].typed()
        if typed not in ("", self._proposed):
            return
        values = self.typed()
        kind = self._kind or self._kinds.get(values.get("kind", ""))
        issued_on = self._issued_on()
        if kind is not None and issued_on is not None:
            self.put({"expires_on": usual_end(kind, issued_on)})
            self._proposed = self.editors["expires_on"].typed()

    def _issued_on(self) -> date | None:
        try:
            found = self.editors["issued_on"].read()
        except UnreadableError:
            return None
        return found if isinstance(found, date) else None


def ask_dated_paper(host: QWidget, shared: Shared, line: PaperLine | None = None) -> FormSheet:
    """Ask for one paper; of `line` it is known whose and what, otherwise both are asked."""
    kind = line.paper.kind if line else None
    form = PaperForm(tuple(_fields(shared, line)), kind, shared.today())

    def take(values: dict[str, Any]) -> bool:
        holder = values.pop("staff_id", line.staff_id if line else "")
        values.setdefault("kind", kind.id if kind else "")
        values["hours"] = values.get("hours") or 0
        values["also"] = tuple(values.get("also") or ())
        command = RecordPaper(staff_id="" if holder == _HOUSE_CODE else holder, **values)
        said = tr("It is written down")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    title = tr("Write a paper down")
    if line is not None:
        whose = line.name or tr("The house")
        title = tr("{0}: {1}").format(whose, tr(line.paper.kind.title))
    sheet = FormSheet(title, form, tr("Write it down"), take, intro=tr(_INTRO), width=620)
    sheet.keeps(shared, "dated-paper", line.key if line else "").open_over(host)
    return sheet


def _fields(shared: Shared, line: PaperLine | None) -> Iterator[Field]:
    today = shared.today()
    people = tuple((one.staff_id, one.name) for one in shared.ask(staff_list) if one.is_active)
    if line is None:
        house = (_HOUSE_CODE, tr("The house"))
        kinds = tuple((one.id, _named(one)) for one in shipped_paper_kinds().values())
        yield Choice("staff_id", tr("Whose it is"), (*people, house), needed=True)
        yield Choice("kind", tr("What it is"), kinds, needed=True)
    yield Day("issued_on", tr("Issued or held on"), today, needed=True)
    hint = tr("Its last day. Leave it empty where it has none.")
    yield Day("expires_on", tr("Holds until"), today, hint=hint, ahead=True)
    if line is None or line.paper.kind.counts_hours:
        yield Number("hours", tr("Hours of training"), most=MOST_HOURS)
        others = tuple(one for one in people if line is None or one[0] != line.staff_id)
        if others:
            yield Several("also", tr("The same holds for"), others, chips=True)


def _named(kind: PaperKind) -> str:
    title = tr(kind.title)
    return tr("{0} (the house)").format(title) if kind.of == OF_HOUSE else title


def tr(text: str) -> str:
    """Translate a word of papers."""
    return QCoreApplication.translate("papers", text)
