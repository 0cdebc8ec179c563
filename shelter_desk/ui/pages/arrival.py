"""New arrival: fast intake. One answer is needed; what was typed is kept within a second."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.beds import FREE, bed_board
from shelter_desk.desk.residents import Admit, NoteSearched, record
from shelter_desk.domain.staff import May
from shelter_desk.ui.drafts import Drafts, KeptForm, care_model
from shelter_desk.ui.intake_form import IntakeForm
from shelter_desk.ui.intake_known import KnownSheet, completed, known_before
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Icon,
    Label,
    PrimaryButton,
    SectionHeader,
    confirm,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_DRAFT = "new"  # one unfinished arrival for each person


class ArrivalPage(PageView):
    """Keeps one unfinished arrival for each person; it is given back whenever they return."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._drafts = Drafts(shared, "arrival")
        self.kept = Label("", "caption")
        self.save = PrimaryButton(self.tr("Save and open checklist"), "check")
        self.save.clicked.connect(self.admit)
        self.restart = Button(self.tr("Start over"), "undo-2")
        self.restart.clicked.connect(self._ask_restart)
        self.leave = Button(self.tr("Back"), "arrow-left")
        self.leave.clicked.connect(self._leave)
        self.full = Banner("", Tone.WARN)
        head = SectionHeader(self.tr("Right now"), self.kept)
        self._card = Card(head, self.full, spacing=10)
        self._place = QWidget()
        fill(QVBoxLayout(self._place), (), spacing=0)
        self._card.add(self._place)
        self.form = self._new_form()
        self._just_made = True
        self.columns = Columns(self._card, self._later(), side_width=248)
        self._quiet = Label(self.tr("Nothing else is needed tonight  ·  Ctrl Enter"), "caption")
        bar = row(self.leave, self.restart, STRETCH, self._quiet, self.save, spacing=10)
        fill(QVBoxLayout(self), ((self.columns, 1), bar), spacing=10, margins=PAGE_MARGINS)
        self._shortcuts = [self._shortcut("Ctrl+Return"), self._shortcut("Ctrl+Enter")]
        self._give_back()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Put what comes later below the form."""
        self.columns.set_narrow(narrow)
        self._quiet.setVisible(not narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.form.is_touched and not self._just_made:
            self._start_fresh()  # "now" and the free beds are those of this moment
        self._just_made = False
        self.titled.emit(self.tr("New arrival"), self.tr("only the name is needed"))
        QTimer.singleShot(0, self._start)

    def admit(self) -> None:
        """Admit them and open their page; problems stand beside their fields, nothing is lost."""
        command = self.form.command()
        if command is None:
            return
        known = known_before(self._shared, command.called)
        if not known:
            self._admit_as(None)
            return
        if self._shared.attempt(NoteSearched(len(known))) is None:
            return
        sheet = KnownSheet(known)
        sheet.same.connect(self._admit_as)
        sheet.new.connect(self._admit_new)
        sheet.open_over(self, sheet.somebody_new)

    def _admit_new(self) -> None:
        self._admit_as(None)

    def _admit_as(self, resident_id: str | None) -> None:
        command = self.form.command()
        if command is None:
            return
        command = replace(command, resident_id=resident_id)
        said = self.tr("{0} is in the house").format(shown_name(command.called))
        done = self._shared.attempt(command, said=said, invalid=self.form.show_problems)
        if done is None:
            return
        if resident_id is None or self._complete(command, done.subject):
            self._forget()
        self._shared.go("resident", done.subject)

    def _complete(self, command: Admit, stay_id: str) -> bool:
        """Add what was typed tonight to the earlier record; the draft stays if that fails."""
        before = self._shared.ask(record, stay_id=stay_id, now=self._shared.now())
        return self._shared.attempt(completed(before, command)) is not None

    def _start(self) -> None:
        if self.isVisible():
            self.form.start()

    def _new_form(self) -> IntakeForm:
        shared = self._shared
        board = shared.ask(bed_board)
        free = [(bed.bed_id, bed.name) for bed in board.beds if bed.state == FREE]
        self.full.setVisible(not free)
        words = self.tr(
            "All {0} beds are used or held. They can still be taken in, without a bed."
        )
        self.full.say(words.format(len(board.beds)))
        form = IntakeForm(care_model(shared), free, shared.now(), shared.zone)
        layout = self._place.layout()
        if layout is not None:
            layout.addWidget(form)
        return form

    def _start_fresh(self) -> None:
        self.keeping.stop()
        old, self.form = self.form, self._new_form()
        old.hide()
        old.deleteLater()
        self._give_back()

    def _give_back(self) -> None:
        self.keeping = KeptForm(self.form, self._drafts, _DRAFT)
        waits = self.keeping.is_kept
        self.restart.setEnabled(waits)
        self.kept.setText(self._still_here() if waits else "")
        self.keeping.waits.connect(self._say_kept)

    def _still_here(self) -> str:
        called = self.form.typed().get("called", "").strip()
        if called:
            return self.tr("What you typed before about {0} is still here").format(called)
        return self.tr("What you typed before is still here")

    def _say_kept(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.kept.setText(self.tr("Saved as you type") if waits else "")
        self.restart.setEnabled(waits)

    def _forget(self) -> None:
        self.keeping.done()
        self._start_fresh()

    def _ask_restart(self) -> None:
        confirm(
            self,
            title=self.tr("Start over with an empty form?"),
            text=self.tr("What you typed about this arrival is thrown away."),
            action=self.tr("Throw away and start over"),
            on_yes=self._restart,
        )

    def _restart(self) -> None:
        self._forget()
        self._start()

    def _leave(self) -> None:
        self._shared.go("residents")

    def _later(self) -> QWidget:
        steps = (
            (self.tr("1  Right now"), self.tr("about one minute"), "circle-dot"),
            (self.tr("2  After some sleep"), self.tr("within 24 hours"), "circle"),
            (self.tr("3  In the first days"), self.tr("within 72 hours"), "circle"),
        )
        lines = [
            row(Icon(icon), (column(Label(title, "strong"), Label(when, "caption"), spacing=0), 1))
            for title, when, icon in steps
        ]
        words = Label(
            self.tr("Only the first part is needed tonight. The rest waits on Today, with times."),
            "caption",
            wrap=True,
        )
        rights = Label(
            self.tr("They can skip any question. Food, rest and safety come first."),
            "caption",
            wrap=True,
        )
        return Card(SectionHeader(self.tr("New arrival")), *lines, words, rights, spacing=12)

    def _shortcut(self, keys: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.admit)
        return shortcut


PAGE = Page(
    order=25,
    title=QT_TRANSLATE_NOOP("pages", "New arrival"),
    icon="door-open",
    needs=May.INTAKE,
    build=ArrivalPage,
    touched=("resident.admit", "resident.search"),
    in_rail=False,
    home="residents",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Only what to call them is needed tonight. Everything else becomes a task with "
        "a date. What you type is kept as you type it.",
    ),
)
