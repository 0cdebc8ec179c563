"""Opening a record class for a time: for what reason, how long, and who agrees."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import Desk, accounts
from shelter_desk.desk.openings import EVERYTHING, MINUTES, REASONS, OpenClass
from shelter_desk.desk.second_person import ColleaguePassphraseError
from shelter_desk.desk.staff import staff_list
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import RecordClass
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.people.acting import Act, ActSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, FieldFrame, SecretEdit


class OpenClassSheet(ActSheet):
    """Two people open it together; a director is told."""

    touches = EVERYTHING

    def __init__(self, shared: Shared, model: CareModel, opened: RecordClass) -> None:
        self._opened = opened
        me = shared.staff.public_id
        others = [
            (one.staff_id, one.name)
            for one in shared.ask(staff_list)
            if one.is_active and one.can_sign_in and one.staff_id != me
        ]
        reasons = [(value.code, value.label) for value in model.values(REASONS)]
        hours = [(str(minutes), _hours(minutes)) for minutes in MINUTES]
        self.form = Form(
            (
                Choice("reason", _tr("Why"), tuple(reasons), needed=True),
                Choice("minutes", _tr("For how long"), tuple(hours), chips=True, needed=True),
                Choice("second_id", _tr("Who agrees"), tuple(others), needed=True),
            )
        )
        self.second = SecretEdit(_tr("Passphrase of the colleague who agrees"))
        words = _tr(
            "For an emergency. It stands in the audit trail, with every record you look at "
            "meanwhile, and a director is told. It closes by itself."
        )
        super().__init__(
            shared,
            _tr("Open “{0}” for a time").format(opened.name),
            _tr("Open it"),
            Banner(words, Tone.WARN),
            self.form,
            FieldFrame(_tr("Passphrase of the colleague who agrees"), self.second),
        )
        self.keep(self.form, "class-open", opened.id)

    def act(self) -> Act | None:
        values = self.form.values_or_problems()
        if values is None:
            return None
        if not self.second.text():
            self.say_problem(self.tr("The colleague who agrees types their own passphrase."))
            self.second.setFocus()
            return None
        wanted = OpenClass(
            accounts.new_staff_id(),
            self._opened.id,
            values["reason"],
            int(values["minutes"]),
            values["second_id"],
        )
        return partial(_open, wanted, self.second.text())

    def _failed(self, error: Exception) -> None:
        own = self.own.text()
        super()._failed(error)
        if isinstance(error, ColleaguePassphraseError):  # one's own was right: it stays
            self.own.edit.setText(own)
            self.second.clear()
            self.second.setFocus()

    def dismissed(self) -> None:
        """Leave it; both passphrases are forgotten."""
        self.second.clear()
        super().dismissed()


def _open(wanted: OpenClass, second: str, desk: Desk, own: str) -> None:
    accounts.open_class(desk, own, wanted, second)


def _hours(minutes: int) -> str:
    hours = minutes // 60
    return _tr("1 hour") if hours == 1 else _tr("{0} hours").format(hours)


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)
