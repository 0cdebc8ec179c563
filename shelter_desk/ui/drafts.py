"""What was typed and not yet saved, kept in the store until it is saved or dropped.

For page writers::

    self.kept = KeptForm(self.form, Drafts(shared, "resident-details"))
    self.form.put(values)                            # what stands there is nothing typed
    self.kept.begin(stay_id)                         # what waits about this one is given back
    shared.attempt(command, written=self.kept.done)  # saved: nothing waits any more

A `FormSheet` does all of that when it is told where: ``sheet.keeps(shared, "bed-hold", bed_id)``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance

from shelter_desk.desk import Desk
from shelter_desk.desk.drafts import about_whom
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.typed import TypedForm


class Drafts:
    """The drafts of one form; each belongs to a subject, such as the public id of a stay."""

    def __init__(self, shared: Shared, form: str) -> None:
        self._shared, self._form = shared, form

    def keep(self, subject: str, typed: Mapping[str, str]) -> bool:
        """Keep what is typed: field name -> text. A disk that refuses is told, not raised.

        The pause after the last key may end when the desk is already closed: leaving the page
        has kept the text by then.
        """
        try:
            self._desk.keep_draft(self._form, subject, json.dumps(dict(typed)))
        except DeskError as error:
            self._shared.tell(error)
            return False
        return True

    def read(self, subject: str) -> dict[str, str]:
        """Return what was typed before; empty when nothing waits."""
        body = self._desk.draft(self._form, subject)
        if not body:
            return {}
        kept = json.loads(body)
        return {str(name): str(text) for name, text in kept.items()}

    def about_whom(self, subject: str) -> tuple[str, ...]:
        """Return the residents a subject means, as names are shown on this screen."""
        if not self._shared.may(May.READ_RECORDS):
            return ()
        return tuple(map(shown_name, self._shared.ask(about_whom, subject=subject)))

    def drop(self, subject: str) -> None:
        """Forget the draft: it was saved, or is not wanted. A disk that refuses is told."""
        try:
            self._desk.drop_draft(self._form, subject)
        except DeskError as error:
            self._shared.tell(error)

    @property
    def flushing(self) -> SignalInstance:
        """Return the signal that says: keep what is typed now."""
        return self._shared.flushing

    @property
    def _desk(self) -> Desk:
        return cast("Desk", self._shared.desk)


class KeptForm(QObject):
    """Keeps what is typed in a form about one thing after another, and gives it back.

    What stands there at `begin` is nothing typed. Say `done` when it is in the records.
    """

    is_kept = False
    waits = Signal(bool)  # whether something typed is kept that is not saved

    def __init__(self, form: TypedForm, drafts: Drafts, subject: str | None = None) -> None:
        """Begin at once where it is said what the form is about."""
        super().__init__(form)
        self._form, self._drafts = form, drafts
        self._opened_with: dict[str, str] = {}
        self.subject: str | None = None
        self.beside: dict[str, str] = {}
        form.changed.connect(self._keep)
        drafts.flushing.connect(form.flush)
        if subject is not None:
            self.begin(subject)

    def begin(self, subject: str, beside: Mapping[str, str] | None = None) -> None:
        """Keep from now on what is typed about a subject, and put back what waits there.

        `beside` is kept with it, such as the version that is typed over; a draft brings its own.
        """
        kept = self._drafts.read(subject)
        self.beside, self.subject = dict(beside or {}), subject
        self._opened_with = self._all()
        self.beside = {name: kept.pop(name, text) for name, text in self.beside.items()}
        if kept:
            self._form.restore(kept)
        self._form.settle()
        self._say(is_kept=bool(kept))

    def flush(self) -> None:
        """Keep now what is typed: the form goes out of sight."""
        self._form.flush()

    def stop(self) -> None:
        """Keep what is typed so far, and nothing any more until it begins again."""
        self._form.flush()
        self.subject = None

    def done(self) -> None:
        """Forget what was typed: it is in the records now, or not wanted."""
        self._form.settle()
        self._opened_with = self._all()
        self._forget()

    def words(self, *names: str) -> str:
        """Say that something typed before waits here, and about whom: names, or of the subject."""
        about = ", ".join(names or self._drafts.about_whom(self.subject or ""))
        if about:
            words = _tr("You typed this about {0}. It is not saved yet.")
            return words.format(about)
        return _tr("You typed this. It is not saved yet.")

    def put_beside(self, name: str, text: str) -> None:
        """Keep something else with what is typed, at once."""
        self.beside[name] = text
        self._keep()

    def _all(self) -> dict[str, str]:
        return {**self._form.typed(), **self.beside}

    def _keep(self) -> None:
        if self.subject is None:
            return
        typed = self._all()
        if typed == self._opened_with:
            self._forget()
        elif self._drafts.keep(self.subject, typed):
            self._say(is_kept=True)

    def _forget(self) -> None:
        if self.is_kept and self.subject is not None:
            self._drafts.drop(self.subject)
            self._say(is_kept=False)

    def _say(self, *, is_kept: bool) -> None:
        self.is_kept = is_kept
        self.waits.emit(is_kept)


def _tr(words: str) -> str:
    return QCoreApplication.translate("KeptForm", words)


def care_model(shared: Shared) -> CareModel:
    """Return the care model under the shelter's jurisdiction profile."""
    return cast("Desk", shared.desk).house.care_model
