"""What was typed and not yet saved, kept in the store until it is saved or dropped.

For page writers::

    self.drafts = Drafts(shared, "resident-details")
    self.form.changed.connect(self._keep)            # self.drafts.keep(stay_id, self.form.typed())
    typed = self.drafts.read(stay_id)                # {} when there is none
    self.drafts.drop(stay_id)                        # after saving
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from shelter_desk.desk import Desk
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError
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
    def _desk(self) -> Desk:
        return cast("Desk", self._shared.desk)


def care_model(shared: Shared) -> CareModel:
    """Return the care model under the shelter's jurisdiction profile."""
    return cast("Desk", shared.desk).house.care_model
