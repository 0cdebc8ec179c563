"""People: who works here in which roles, who may open what, and one's own passphrase."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area, Desk, accounts
from shelter_desk.desk.openings import CloseClass, OpeningLine, my_openings
from shelter_desk.desk.staff import StaffLine, staff_list
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import RecordClass
from shelter_desk.domain.record_classes import may_read
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_time
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.history_sheet import HistorySheet, open_history
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.people.acting import ActSheet
from shelter_desk.ui.people.opening_sheet import OpenClassSheet
from shelter_desk.ui.people.person_row import PersonRow
from shelter_desk.ui.people.sheets import (
    AddPersonSheet,
    EndAccessSheet,
    NewWordsSheet,
    OwnPassphraseSheet,
    RolesSheet,
    SlipSheet,
)
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, at_most, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    Label,
    Line,
    Pill,
    PrimaryButton,
    Scroll,
    SectionHeader,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

CLOSED = "closed"
"""The subject under which this page goes to what is closed to the person signed in."""

ACCOUNT_KINDS = (
    "staff.add",
    "staff.renew-keys",
    "staff.replace-keys",
    "staff.change-roles",
    "staff.change-passphrase",
    "staff.end",
    "staff.agreement",
)
"""What is done to an account; that somebody signed in touches nothing."""


class PeoplePage(PageView):
    """A director manages accounts; everybody sees who works here, and changes their own words."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.paper: Paper = RealPaper()
        self._model: CareModel = care_model(shared)
        self.manages = shared.may(May.MANAGE_STAFF)
        self.rows: list[PersonRow] = []
        self._keys: frozenset[str] = frozenset()
        self._people, self._left = Pile(spacing=2), Pile(spacing=2)
        self._classes = Pile(spacing=8)
        self.class_buttons: dict[str, Button] = {}
        self._closed_classes: set[str] = set()
        self._closes_at: datetime | None = None
        self._closing = QTimer(self, singleShot=True)
        self._closing.timeout.connect(self._look_at_time)
        self.own = Button(self.tr("Change my passphrase…"), "key-round")
        self.add = PrimaryButton(self.tr("Add a colleague"), "user-plus")
        self.gone = Card(SectionHeader(self.tr("Worked here before"), icon="archive"), self._left)
        here = SectionHeader(self.tr("Who works here"), self.own, icon="users")
        inside = column(
            Card(here, Line(), self._people, spacing=8),
            Card(
                SectionHeader(self.tr("Who may open what"), icon="shield-check"),
                Line(),
                self._classes,
                spacing=8,
            ),
            self.gone,
            STRETCH,
            spacing=12,
        )
        at_most(inside, 980)
        fill(
            QVBoxLayout(self),
            ((Scroll(inside), 1), row(STRETCH, self.add)),
            spacing=10,
            margins=PAGE_MARGINS,
        )
        self.add.setVisible(self.manages)  # not before it lies on the page: it would be a window
        self.own.clicked.connect(self._change_own)
        self.add.clicked.connect(self._add)
        shared.refresh_on(Area.STAFF, self._refresh, self)

    def _refresh(self) -> None:
        self._show_classes()
        self._people.clear()
        self._left.clear()
        self.rows = []
        lines = self._shared.ask(staff_list)
        self._keys = accounts.with_a_key(cast("Desk", self._shared.desk))
        for line in lines:
            shown = self._row(line)
            shown.pressed.connect(self._act)
            self.rows.append(shown)
            (self._people if line.is_active else self._left).add(shown)
        self.gone.setVisible(any(not line.is_active for line in lines))

    def _row(self, person: StaffLine) -> PersonRow:
        roles = ", ".join(self._model.roles[role].name for role in person.roles)
        if len(person.roles) == len(self._model.roles):
            roles = self.tr("Every role")
        return PersonRow(person, roles, self._state(person), self._acts(person))

    def _state(self, person: StaffLine) -> Pill | None:
        if person.is_active and person.staff_id == self._shared.staff.public_id:
            return Pill(self.tr("you"), Tone.ACCENT)
        if person.is_active and not person.can_sign_in:
            return Pill(self.tr("cannot sign in yet"), Tone.WARN)
        if not person.is_active and person.staff_id in self._keys:
            return Pill(self.tr("not finished"), Tone.WARN)
        return None

    def _acts(self, person: StaffLine) -> tuple[tuple[str, str, str], ...]:
        words = self.tr("Who touched the account of {0}").format(person.name)
        history = (("history", "history", words),) if self._shared.may(May.READ_AUDIT) else ()
        return (*history, *self._account_acts(person))

    def _account_acts(self, person: StaffLine) -> tuple[tuple[str, str, str], ...]:
        name = person.name
        if not self.manages:
            return ()
        if not person.is_active:
            finish = self.tr("Finish ending the access of {0}").format(name)
            return (("end", "x", finish),) if person.staff_id in self._keys else ()
        roles = ("roles", "user-cog", self.tr("Change roles of {0}").format(name))
        if person.staff_id == self._shared.staff.public_id:
            return (roles,)
        return (
            roles,
            ("words", "key-round", self.tr("Set a new passphrase for {0}").format(name)),
            ("end", "x", self.tr("End access of {0}").format(name)),
        )

    def _show_classes(self) -> None:
        self._classes.clear()
        self.class_buttons = {}
        now = self._shared.now()
        opened = {line.record_class: line for line in self._shared.ask(my_openings, now=now)}
        self._closes_at = min((line.until_at for line in opened.values()), default=None)
        if self._closes_at is not None:
            self._closing.start(max(0, int((self._closes_at - now).total_seconds() * 1000) + 1))
        for one in self._model.record_classes.values():
            self._classes.add(self._class_line(one, opened.get(one.id)))
        self._closed_classes = set(self.class_buttons) - set(opened)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_at_time()  # a computer that slept hears no clock

    def _look_at_time(self) -> None:
        """Say that the time of what was opened is over, as soon as it is."""
        if self._closes_at is None or self._shared.now() < self._closes_at:
            return
        self._show_classes()
        self._said(self.tr("The time is over: what was opened for you is closed again"))

    def _class_line(self, one: RecordClass, opened: OpeningLine | None) -> QWidget:
        readers = ", ".join(self._model.roles[role].name for role in one.readers)
        if len(one.readers) == len(self._model.roles):
            readers = self.tr("Everybody")
        if one.shift_view == "what-to-do-card":
            readers = self.tr("{0}. The shift sees what to do, and not why.").format(readers)
        words = column(
            Label(one.name, "strong"),
            Label(readers, wrap=True),
            Label(one.holds, "caption", wrap=True),
            spacing=1,
        )
        if may_read(one, self._shared.staff.roles):
            return row((words, 1), Pill(self.tr("open to you"), Tone.OK), spacing=12)
        if opened is None:
            button = Button(self.tr("Open for a time…"), "lock-open", kind="ghost")
            button.setAccessibleName(self.tr("Open “{0}” for a time").format(one.name))
            button.clicked.connect(partial(self._open_class, one))
            self.class_buttons[one.id] = button
            return row((words, 1), button, spacing=12)
        button = Button(self.tr("Close it"), "lock", kind="ghost")
        button.setAccessibleName(self.tr("Close “{0}” again").format(one.name))
        button.clicked.connect(partial(self._close_class, opened))
        self.class_buttons[one.id] = button
        until = show_time(opened.until_at, self._shared.zone)
        pill = Pill(self.tr("until {0}").format(until), Tone.WARN)
        return row((words, 1), pill, button, spacing=12)

    def _open_class(self, one: RecordClass) -> None:
        sheet = OpenClassSheet(self._shared, self._model, one)
        said = self.tr("“{0}” is open to you. A director is told.").format(one.name)
        sheet.acted.connect(partial(self._opened, one.id, said))
        sheet.open_over(self)

    def _opened(self, record_class: str, said: str) -> None:
        button = self.class_buttons[record_class]  # which closes it again
        QTimer.singleShot(0, button, button.setFocus)  # once it lies where it is scrolled to
        self._said(said)

    def open_subject(self, subject: str) -> None:
        """Go to what is closed to the person signed in, for `CLOSED`; or open a record class."""
        if subject == CLOSED:
            for button in list(self.class_buttons.values())[:1]:
                QTimer.singleShot(0, button, button.setFocus)
        elif subject in self._closed_classes:
            button = self.class_buttons[subject]
            QTimer.singleShot(0, button, button.click)

    def _close_class(self, opened: OpeningLine) -> None:
        said = self.tr("“{0}” is closed again").format(opened.class_name)
        self._shared.attempt(CloseClass(opened.opening_id), said=said)

    def _act(self, person: StaffLine, act: str) -> None:
        if act == "history":
            open_history(
                self, HistorySheet(self._shared, person.name, ACCOUNT_KINDS, (person.staff_id,))
            )
            return
        if act == "roles":
            sheet: ActSheet = RolesSheet(self._shared, self._model, person)
            sheet.acted.connect(partial(self._said, self.tr("The roles are changed")))
        elif act == "words":
            words = NewWordsSheet(self._shared, person)
            words.acted.connect(partial(self._show_slip, person.name, words.passphrase))
            sheet = words
        else:
            sheet = EndAccessSheet(self._shared, person)
            sheet.acted.connect(partial(self._said, self.tr("Their access has ended")))
        sheet.open_over(self)

    def _add(self) -> None:
        sheet = AddPersonSheet(self._shared, self._model)
        sheet.acted.connect(partial(self._added, sheet))
        sheet.open_over(self)

    def _added(self, sheet: AddPersonSheet) -> None:
        self._show_slip(sheet.form.typed()["name"].strip(), sheet.passphrase)

    def _show_slip(self, name: str, passphrase: str) -> None:
        slip = SlipSheet(name, passphrase, self._shared.today(), self.paper)
        slip.open_over(self, slip.print)

    def _change_own(self) -> None:
        sheet = OwnPassphraseSheet(self._shared)
        sheet.acted.connect(partial(self._said, self.tr("Your passphrase is changed")))
        sheet.open_over(self)

    def _said(self, words: str) -> None:
        self._shared.toast(words)


PAGE = Page(
    order=180,
    title=QT_TRANSLATE_NOOP("pages", "People"),
    icon="users",
    needs=May.READ_RECORDS,
    build=PeoplePage,
    touched=(*ACCOUNT_KINDS, "class"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Who works here and in which roles, who may open what, and your own passphrase. A "
        "director adds colleagues, changes roles, sets a new passphrase for whoever forgot "
        "theirs, and ends the access of whoever leaves.",
    ),
)
