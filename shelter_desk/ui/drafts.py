"""What was typed and not yet saved, kept in the store until it is saved or dropped.

For page writers::

    self.drafts = Drafts(shared, "resident-details")
    self.form.changed.connect(self._keep)            # self.drafts.keep(stay_id, self.form.typed())
    typed = self.drafts.read(stay_id)                # {} when there is none
    self.drafts.drop(stay_id)                        # after saving

A `FormSheet` does all of that when it is told where: ``sheet.keeps(shared, "bed-hold", bed_id)``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QObject, SignalInstance

from shelter_desk.desk import Desk
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.forms import Form
from shelter_desk.ui.shared import Shared


class Drafts:
    """The drafts of one form; each belongs to a subject, such as the public id of a stay."""

    def __init__(self, shared: Shared, form: str) -> None:
        self._shared, self._form = shared, form

    def keep(self, subject: str, typed: Mapping[str, str]) -> None:
        """Keep what is typed: field name -> text. A disk that refuses is told, not raised.

        The pause after the last key may end when the desk is already closed: leaving the page
        has kept the text by then.
        """
        try:
            self._desk.keep_draft(self._form, subject, json.dumps(dict(typed)))
        except DeskError as error:
            self._shared.tell(error)

    def read(self, subject: str) -> dict[str, str]:
        """Return what was typed before; empty when nothing waits."""
        body = self._desk.draft(self._form, subject)
        if not body:
            return {}
        kept = json.loads(body)
        return {str(name): str(text) for name, text in kept.items()}

    def drop(self, subject: str) -> None:
        """Forget the draft: it was saved, or is not wanted."""
        self._desk.drop_draft(self._form, subject)

    @property
    def flushing(self) -> SignalInstance:
        """Return the signal that says: keep what is typed now."""
        return self._shared.flushing

    @property
    def _desk(self) -> Desk:
        return cast("Desk", self._shared.desk)


class KeptForm(QObject):
    """Keeps what is typed in a form at one place, and gives it back when the form opens again.

    What stands there as the form opened is nothing typed. Say `done` when it was saved.
    """

    def __init__(self, form: Form, drafts: Drafts, subject: str) -> None:
        super().__init__(form)
        self._form, self._drafts, self._subject = form, drafts, subject
        self._opened_with, self._is_over = form.typed(), False
        kept = drafts.read(subject)
        self.is_kept = bool(kept)
        form.restore(kept)
        form.changed.connect(self._keep)
        drafts.flushing.connect(form.flush)

    def flush(self) -> None:
        """Keep now what is typed: the form goes out of sight."""
        self._form.flush()

    def stop(self) -> None:
        """Keep what is typed so far, and nothing any more."""
        if not self._is_over:
            self._form.flush()
            self._form.changed.disconnect(self._keep)
            self._is_over = True

    def done(self) -> None:
        """Forget what was typed: it is in the records now."""
        self.stop()
        self._forget()

    def _keep(self) -> None:
        typed = self._form.typed()
        if typed == self._opened_with:
            self._forget()
        else:
            self._drafts.keep(self._subject, typed)
            self.is_kept = True

    def _forget(self) -> None:
        if self.is_kept:
            self._drafts.drop(self._subject)
            self.is_kept = False


def care_model(shared: Shared) -> CareModel:
    """Return the care model under the shelter's jurisdiction profile."""
    return cast("Desk", shared.desk).house.care_model
