"""What was written down about a resident, to complete or correct."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.residents import Correct, ResidentRecord
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.forms import Day, Field, Form, LongText, Number, Text
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.required_by import hinted
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
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
        self.form: Form | None = None
        self._kept: KeptForm | None = None
        self.save = PrimaryButton(self.tr("Save"), "check")
        self.drop = Button(self.tr("Drop it"))
        self.waiting = Banner("", Tone.WARN, action=self.drop)
        self._fields_place = Pile(spacing=12)
        inside = column(Card(self.waiting, self._fields_place, spacing=12), STRETCH)
        fill(QVBoxLayout(self), ((Scroll(inside), 1), row(STRETCH, self.save)), spacing=8)
        self.save.clicked.connect(self.try_save)
        self.drop.clicked.connect(self._drop)

    def show_record(self, record: ResidentRecord) -> None:
        """Show a record. What is being typed over the same record stays."""
        before, self._record = self._record, record
        is_same = before is not None and before.stay_id == record.stay_id
        if self._kept is not None and not is_same:
            self._kept.stop()  # what was typed belongs to the one shown before
        if not self._shared.may(May.INTAKE):
            self._show_words(record)
            return
        if is_same and self._kept is not None:
            self._kept.flush()
            if self._kept.is_kept or before == record:
                return  # what is typed stays, over the version it was typed over
        self._show_form(record)

    def try_save(self) -> None:
        """Save what is typed; problems stand beside their fields."""
        form, record, kept = self.form, self._record, self._kept
        values = form.values_or_problems() if form is not None else None
        if form is None or record is None or kept is None or values is None:
            return
        version = int(kept.beside[_VERSION])
        command = Correct(resident_id=record.resident_id, version=version, **values)
        said = self.tr("Details saved")
        self._shared.attempt(command, said=said, invalid=form.show_problems, written=kept.done)

    def flush(self) -> None:
        """Keep what is typed: a lock is coming, or another page."""
        if self.form is not None:
            self.form.flush()

    def _show_form(self, record: ResidentRecord) -> None:
        self._fields_place.clear()
        self.form = Form(self._fields(record), columns=2)
        self.form.put(_values(record))
        self._kept = KeptForm(self.form, self._drafts)
        self._kept.waits.connect(self.waiting.setVisible)
        self.waiting.say(self._kept.words(shown_name(record.called)), Tone.WARN)
        self._kept.begin(record.stay_id, {_VERSION: str(record.version)})
        self._fields_place.add(self.form)
        self.save.show()

    def _show_words(self, record: ResidentRecord) -> None:
        self._fields_place.clear()
        self.form = self._kept = None
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
        short = self.tr("Short and neutral.")
        fields: list[Field] = [
            Text(
                "called",
                self.tr("What they want to be called"),
                needed=True,
                longest=80,
                hint=hinted("called"),
            ),
            Text(
                "pronouns",
                self.tr("Pronouns"),
                placeholder=self.tr("in their own words"),
                hint=hinted("pronouns"),
            ),
            Text("language", self.tr("Language they like to speak"), hint=hinted("language")),
            Number(
                "age_guess",
                self.tr("Age, if guessed anew"),
                most=120,
                hint=hinted("age_guess", age),
            ),
            LongText("good_to_know", self.tr("Good to know"), hint=hinted("good_to_know", short)),
        ]
        if record.legal_name is not None:
            hint = hinted("legal_name")
            fields.append(Text("legal_name", self.tr("Legal name"), hint=hint))
            also = self.tr("Other names they have used, with commas between.")
            fields.append(
                Text("also_known", self.tr("Also known as"), hint=hinted("also_known", also))
            )
            born = hinted("born_on")
            fields.append(Day("born_on", self.tr("Born on"), today, hint=born))
        return tuple(fields)

    def _drop(self) -> None:
        if self._record is not None and self._kept is not None:
            self._kept.done()
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
