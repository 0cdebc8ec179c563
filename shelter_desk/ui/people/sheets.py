"""What a director does to an account, each in a sheet of its own; and one's own passphrase."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import Desk, accounts
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.staff import StaffLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.people import NAME_LIMIT
from shelter_desk.domain.staff import DIRECTOR
from shelter_desk.reports.passphrase_slip import passphrase_slip_pdf
from shelter_desk.ui.door_values import Strength
from shelter_desk.ui.forms import Form, Several, Text
from shelter_desk.ui.pack_sheet import words_grid
from shelter_desk.ui.passphrase import PassphraseChoice
from shelter_desk.ui.people.acting import Act, ActSheet
from shelter_desk.ui.printing import Paper
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, CheckBox, Label, PrimaryButton, Sheet


class AddPersonSheet(ActSheet):
    """Takes a colleague into the staff; `passphrase` is then shown once."""

    def __init__(self, shared: Shared, model: CareModel) -> None:
        self.passphrase = accounts.new_passphrase()
        self.form = Form((_name_field(), _roles_field(model)))
        super().__init__(shared, _tr("Add a colleague"), _tr("Add them"), self.form)
        self.keep(self.form, "person-add")

    def act(self) -> Act | None:
        values = self.form.values_or_problems()
        if values is None:
            return None
        new = Colleague(
            accounts.new_staff_id(), values["name"], _in_order(values["roles"]), self.passphrase
        )
        return partial(_add, new)


class RolesSheet(ActSheet):
    """Gives a colleague other roles; of one's own, some may be given up."""

    def __init__(self, shared: Shared, model: CareModel, person: StaffLine) -> None:
        self._person = person
        is_own = person.staff_id == shared.staff.public_id
        self.form = Form((_roles_field(model, person.roles if is_own else None),))
        self.form.put({"roles": person.roles})
        words = _tr("The roles decide what they may open and do, from their next sign-in on.")
        if is_own:
            words = _tr(
                "You can give roles up, and not take any: another director gives you more. "
                "You stay a director. It holds from your next sign-in on."
            )
        title = _tr("Roles of {0}").format(person.name)
        super().__init__(
            shared, title, _tr("Change the roles"), Label(words, "muted", wrap=True), self.form
        )
        self.keep(self.form, "person-roles", person.staff_id)

    def act(self) -> Act | None:
        values = self.form.values_or_problems()
        if values is None:
            return None
        return partial(_change_roles, self._person.staff_id, _in_order(values["roles"]))


class NewWordsSheet(ActSheet):
    """Sets new words for a colleague who forgot theirs, or never had any; shown once then."""

    def __init__(self, shared: Shared, person: StaffLine) -> None:
        self._person = person
        self.passphrase = accounts.new_passphrase()
        words = _tr(
            "{0} gets four new words, shown on the next page. The former passphrase stops working."
        )
        title = _tr("A new passphrase for {0}").format(person.name)
        intro = Label(words.format(person.name), "muted", wrap=True)
        super().__init__(shared, title, _tr("Set new words"), intro)

    def act(self) -> Act | None:
        return partial(_set_words, self._person.staff_id, self.passphrase)


class EndAccessSheet(ActSheet):
    """Ends a colleague's access, and says what that cannot undo."""

    def __init__(self, shared: Shared, person: StaffLine) -> None:
        self._person = person
        intro = _tr(
            "{0} can no longer sign in, and the records are encrypted anew, so that their "
            "passphrase opens no later copy. What they wrote stays under their name."
        )
        honest = _tr(
            "This cannot take back what they have seen or printed, and not a copy that they made "
            "before. Make a new backup now, and keep older ones where they cannot get them."
        )
        super().__init__(
            shared,
            _tr("End access of {0}").format(person.name),
            _tr("End their access"),
            Label(intro.format(person.name), wrap=True),
            Banner(honest, Tone.WARN),
        )

    def act(self) -> Act | None:
        return partial(_end, self._person.staff_id)


class OwnPassphraseSheet(ActSheet):
    """Another passphrase for the person at the desk."""

    def __init__(self, shared: Shared) -> None:
        self.choice = PassphraseChoice(accounts.new_passphrase, _strength)
        self.choice.know_names(shared.staff.name)
        super().__init__(shared, _tr("Change my passphrase"), _tr("Change it"), self.choice)
        self.own_frame.label.setText(self.tr("Your passphrase until now"))

    def act(self) -> Act | None:
        if not self.choice.show_problem():
            return None
        return partial(_change_own, self.choice.value())


class SlipSheet(Sheet):
    """A passphrase, shown once: to be written down or printed for the person it is for."""

    def __init__(self, name: str, passphrase: str, made_on: date, paper: Paper) -> None:
        self._words, self._made_on, self._paper = passphrase.split(), made_on, paper
        self.print, self.close_it = Button("", "printer"), PrimaryButton("", "check")
        self.given = CheckBox("")
        intro = Label("", "muted", wrap=True)
        shown = words_grid(self._words, across=2)
        buttons = row(self.print, STRETCH, self.close_it)
        title = _tr("The passphrase of {0}").format(name)
        super().__init__(title, intro, shown, self.given, buttons, width=560)
        intro.setText(
            self.tr(
                "It is shown only now, and kept nowhere. Give it to {0} on paper, face to face; "
                "they change it when they have signed in."
            ).format(name)
        )
        self.given.setText(self.tr("The words are on paper"))
        self.print.setText(self.tr("Print a slip…"))
        self.close_it.setText(self.tr("Done"))
        self.close_it.setEnabled(False)
        self.given.toggled.connect(self.close_it.setEnabled)
        self.print.clicked.connect(self._print)
        self.close_it.clicked.connect(self.close_sheet)

    def dismissed(self) -> None:
        """Esc closes only what was written down: nobody can show the words again."""
        if self.given.isChecked():
            self.close_sheet()

    def _print(self) -> None:
        if self._paper.print_pdf(self, passphrase_slip_pdf(self._words, self._made_on)):
            self.given.setChecked(True)


def _name_field() -> Text:
    hint = _tr("What colleagues call them. It shows on the first page, before anybody signs in.")
    return Text("name", _tr("Their name"), hint=hint, needed=True, longest=NAME_LIMIT, wide=True)


def _roles_field(model: CareModel, among: tuple[str, ...] | None = None) -> Several:
    offered = [role for role in model.roles.values() if among is None or role.id in among]
    options = tuple((role.id, role.name) for role in offered)
    hint = _tr("Give the fewest that the work needs. One person may hold several.")
    return Several("roles", _tr("Roles"), options, hint=hint, needed=True, chips=True)


def _in_order(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles with the director's first: the first is the one that names a person."""
    return tuple(sorted(roles, key=lambda role: role != DIRECTOR))


def _add(new: Colleague, desk: Desk, own: str) -> None:
    accounts.add_colleague(desk, own, new)


def _change_roles(staff_id: str, roles: tuple[str, ...], desk: Desk, own: str) -> None:
    accounts.change_roles(desk, own, staff_id, roles)


def _set_words(staff_id: str, words: str, desk: Desk, own: str) -> None:
    accounts.set_passphrase(desk, own, staff_id, words)


def _end(staff_id: str, desk: Desk, own: str) -> None:
    accounts.end_access(desk, own, staff_id)


def _change_own(words: str, desk: Desk, own: str) -> None:
    accounts.change_passphrase(desk, own, words)


def _strength(passphrase: str, names: tuple[str, ...]) -> Strength:
    found = accounts.strength_of(passphrase, names)
    return Strength(found.is_enough, tuple(found.advice))


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)
