"""Before everything leaves: what that means, for whom, why, and one's own passphrase once more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import Area, Desk
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.forms import Form, Text
from shelter_desk.ui.people.acting import Act, ActSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Label


class ExportSheet(ActSheet):
    """Makes nothing yet: says who gets it and why, once the passphrase was theirs."""

    touches = Area(0)

    def __init__(self, shared: Shared) -> None:
        self.recipient = self.reason = ""
        self.form = Form(
            (
                Text("recipient", _tr("Who gets it"), needed=True),
                Text("reason", _tr("Why it leaves"), needed=True, hint=_tr("Name no resident.")),
            )
        )
        warning = Banner("", Tone.DANGER)
        words = _tr(
            "For moving to another system, and for nothing else. A funder, an auditor or the "
            "police get a report, a pack or a paper, which hold less. Whoever holds this file and "
            "its six words can read every record, and nothing that happens here takes it back."
        )
        super().__init__(
            shared,
            _tr("Let everything leave"),
            _tr("Go on"),
            warning,
            Label(words, "muted", wrap=True),
            self.form,
        )
        warning.say(
            _tr(
                "This is everything: names, notes, where residents are and were, what was taken "
                "back, and the audit trail."
            )
        )
        self.keep(self.form, "full-export")

    def act(self) -> Act | None:
        values = self.form.values_or_problems()
        if values is None:
            return None
        self.recipient, self.reason = values["recipient"], values["reason"]
        return partial(_may_begin, self._shared.staff.public_id, values)

    def refused(self, problems: Sequence[Problem]) -> None:
        self.form.show_problems(problems)


def _may_begin(staff_id: str, typed: dict[str, str], desk: Desk, passphrase: str) -> None:
    """Pass when the passphrase is theirs, no class is closed to them, and nobody is named."""
    # it prepares a statement for every table
    from shelter_desk.desk.everything import last_event  # noqa: PLC0415 - start-up time
    from shelter_desk.exports.typed_words import refuse_typed  # noqa: PLC0415 - start-up time

    unlocked_colleague(desk.folder, staff_id, passphrase, desk.now())
    desk.ask(last_event)
    refuse_typed(desk, typed)


def _tr(text: str) -> str:
    return QCoreApplication.translate("moving", text)
