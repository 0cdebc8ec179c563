"""What was written down about a resident, to complete or correct."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.residents import Correct, ResidentRecord
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.drafts import Drafts
from shelter_desk.ui.forms import Day, Field, Form, LongText, Number, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, Card, Label, PrimaryButton, Scroll

_VERSION = "version of the record"  # kept with a draft: what it was typed over


class Details(QWidget):
    """The answers of intake as a form that keeps its drafts; plain words for those who only read.

    Legal name and birth date show only where the identity part is open to the person.
    """

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._drafts = Drafts(shared, "resident-details")
        self._record: ResidentRecord | None = None
        self._version = 0
        self.form: Form | None = None
        self.save = PrimaryButton(self.tr("Save"), "check")
        self.drop = Button(self.tr("Drop it"))
        words = self.tr("This was typed before and is not saved yet.")
        self.waiting = Banner(words, Tone.WARN, action=self.drop)
        self._fields_place = Pile(spacing=12)
        inside = column(Card(self.waiting, self._fields_place, spacing=12), STRETCH)
        fill(QVBoxLayout(self), ((Scroll(inside), 1), row(STRETCH, self.save)), spacing=8)
        self.save.clicked.connect(self.try_save)
        self.drop.clicked.connect(self._drop)
        shared.flushing.connect(self.flush)

    def show_record(self, record: ResidentRecord) -> None:
        """Show a record. What is being typed over the same record stays."""
        before = self._record
        if before is not None and before.stay_id != record.stay_id:
            self.flush()  # what was typed belongs to the one shown before
        self._record = record
        if not self._shared.may(May.INTAKE):
            self._show_words(record)
            return
        if before is not None and before.stay_id == record.stay_id and self.form is not None:
            self.flush()
            if self._drafts.read(record.stay_id):
                self.waiting.show()  # what is typed stays, over the version it was typed over
                return
            if before == record:
                return
        self._show_form(record)

    def try_save(self) -> None:
        """Save what is typed; problems stand beside their fields."""
        if self.form is None or self._record is None:
            return
        values = self.form.values_or_problems()
        if values is None:
            return
        command = Correct(resident_id=self._record.resident_id, version=self._version, **values)
        stay_id = self._record.stay_id
        self.form.flush()
        kept = self._drafts.read(stay_id)
        self._drafts.drop(stay_id)  # before the page hears of it, so that it shows the new record
        done = self._shared.attempt(
            command, said=self.tr("Details saved"), invalid=self.form.show_problems
        )
        if done is None and kept:
            self._drafts.keep(stay_id, kept)
        elif done is not None:
            self.waiting.hide()

    def flush(self) -> None:
        """Keep what is typed: a lock is coming, or another page."""
        if self.form is not None:
            self.form.flush()

    def _show_form(self, record: ResidentRecord) -> None:
        self._fields_place.clear()
        self._version = record.version
        self.form = Form(self._fields(record), columns=2)
        self.form.put(_values(record))
        kept = self._drafts.read(record.stay_id)
        self.waiting.setVisible(bool(kept))
        if kept:
            self._version = int(kept.pop(_VERSION, str(record.version)))
            self.form.restore(kept)
        self.form.changed.connect(self._keep)
        self._fields_place.add(self.form)
        self.save.show()

    def _show_words(self, record: ResidentRecord) -> None:
        self._fields_place.clear()
        self.form = None
        self.waiting.hide()
        self.save.hide()
        for field in self._fields(record):
            value = _values(record).get(field.name)
            words = show_day(value) if isinstance(value, date) else str(value or "")
            shown = words or self.tr("Not written down")
            self._fields_place.add(
                column(Label(field.label, "caption-strong"), Label(shown, wrap=True), spacing=2)
            )

    def _fields(self, record: ResidentRecord) -> tuple[Field, ...]:
        today = self._shared.today()
        age = ""
        if record.age is not None and record.born_is_guess:
            age = self.tr("Now about {0} years, by a guess.").format(record.age)
        fields: list[Field] = [
            Text("called", self.tr("What they want to be called"), needed=True, longest=80),
            Text("pronouns", self.tr("Pronouns"), placeholder=self.tr("in their own words")),
            Text("language", self.tr("Language they like to speak")),
            Number("age_guess", self.tr("Age, if guessed anew"), most=120, hint=age),
            LongText("good_to_know", self.tr("Good to know"), hint=self.tr("Short and neutral.")),
        ]
        if record.legal_name is not None:
            hint = self.tr("Only where a form requires it.")
            fields.append(Text("legal_name", self.tr("Legal name"), hint=hint))
            also = self.tr("Other names they have used, with commas between.")
            fields.append(Text("also_known", self.tr("Also known as"), hint=also))
            fields.append(Day("born_on", self.tr("Born on"), today))
        return tuple(fields)

    def _keep(self) -> None:
        if self.form is not None and self._record is not None:
            typed = self.form.typed() | {_VERSION: str(self._version)}
            self._drafts.keep(self._record.stay_id, typed)

    def _drop(self) -> None:
        if self._record is not None:
            self._drafts.drop(self._record.stay_id)
            self._show_form(self._record)


def _values(record: ResidentRecord) -> dict[str, object]:
    values: dict[str, object] = {
        "called": record.called,
        "pronouns": record.pronouns,
        "language": record.language,
        "good_to_know": record.good_to_know,
    }
    if record.legal_name is not None:
        values |= {
            "legal_name": record.legal_name,
            "also_known": record.also_known,
            "born_on": record.born_on,
        }
    return values
