"""A reviewer's sample: the list is fixed first, then their dice are typed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk.sample_lists import chosen_files
from shelter_desk.desk.sampling import (
    DrawLine,
    DrawSample,
    FixSampleList,
    WithdrawSampleList,
    sample_draws,
    thrown_dice,
)
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.domain.pack_rules import PackProfile
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import INCIDENTS, RECORDS, STAFF
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import press_enter
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    DropDown,
    FieldFrame,
    Label,
    LineEdit,
    PrimaryButton,
    Sheet,
    announce,
)

_USUAL = 5


@dataclass(frozen=True, slots=True)
class ListWanted:
    """For whom a list is fixed, of which of `lists`, of one of `periods`, at most how many drawn.

    With `on_screen` the sample is looked at here: the list of a period that still runs goes up to
    now. Else it leaves in a pack, and its period has to be over.
    """

    reader: str
    lists: tuple[str, ...]
    most: int
    periods: tuple[Period, ...]
    on_screen: bool = False

    @classmethod
    def in_pack(cls, profile: PackProfile, period: str) -> ListWanted:
        """Return what a pack of one period wants."""
        return cls(profile.id, profile.lists, profile.most_sample, (Period.parse(period),))


class SampleSheet(Sheet):
    """Calls `drawn(draw_id)` once the dice have chosen; on the screen it then closes by itself."""

    def __init__(self, shared: Shared, wanted: ListWanted, drawn: Callable[[str], None]) -> None:
        self._shared, self._list, self._drawn = shared, wanted, drawn
        self._line: DrawLine | None = None
        self._is_drawn = False
        self.of_list, self.period = DropDown(""), DropDown("")
        self._of_frame, self.files = FieldFrame("", self.of_list), Label("", wrap=True)
        self._period_frame = FieldFrame("", self.period)
        self._said = Label("", "muted", wrap=True)
        self.root = Label("", "strong", wrap=True)
        self.seed, self.wanted = LineEdit(""), LineEdit("")
        self._seed_frame, self._wanted_frame = (
            FieldFrame("", self.seed),
            FieldFrame("", self.wanted),
        )
        self.problem = Label("", tone=Tone.WARN, wrap=True)
        self.fix, self.roll = PrimaryButton("", "lock"), Button("", "refresh-cw")
        self.draw, self.leave = PrimaryButton("", "list-checks"), Button("")
        dice = row((self._seed_frame, 3), (self._wanted_frame, 1), spacing=16)
        buttons = row(self.roll, STRETCH, self.leave, self.fix, self.draw)
        above = (self._said, self._period_frame, self._of_frame, self.root, self.files)
        super().__init__("", *above, dice, self.problem, buttons, width=600)
        self.hides_page = wanted.on_screen  # whoever throws the dice looks on
        self._say()
        self._show()
        self.fix.clicked.connect(self._fix)
        self.roll.clicked.connect(self._roll)
        self.draw.clicked.connect(self._draw)
        self.leave.clicked.connect(self.dismissed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            forward = self._fix if self._line is None else self._draw
            press_enter(self, self.close_sheet if self._is_drawn else forward)
            return
        super().keyPressEvent(event)

    def dismissed(self) -> None:
        """Leave it. A list that was fixed and not drawn is put away, and the trail shows it."""
        if self._line is not None and not self._is_drawn:
            self._shared.attempt(WithdrawSampleList(self._line.draw_id))
        self.close_sheet()

    def _say(self) -> None:
        title = self.tr("A fair sample")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        for frame, editor, name in (
            (self._of_frame, self.of_list, self.tr("Drawn from")),
            (self._period_frame, self.period, self.tr("Who lived here in")),
            (self._seed_frame, self.seed, self.tr("What the dice showed")),
            (self._wanted_frame, self.wanted, self.tr("How many")),
        ):
            frame.label.setText(name)
            editor.setAccessibleName(name)
        names = {
            RECORDS: self.tr("Records of the young people"),
            INCIDENTS: self.tr("Incidents"),
            STAFF: self.tr("Staff files"),
        }
        for one in self._list.lists:
            self.of_list.addItem(names[one], one)
        for period in self._list.periods:
            self.period.addItem(self._called(period), period.id)
        self.fix.setText(self.tr("Fix the list"))
        self.roll.setText(self.tr("Throw dice here"))
        self.draw.setText(self.tr("Draw"))
        self.leave.setText(self.tr("Leave it"))
        self.wanted.setText(str(min(_USUAL, self._list.most)))

    def _called(self, period: Period) -> str:
        runs = period.instants(self._shared.zone)[1] > self._shared.now()
        return self.tr("{0}, up to now").format(period.label) if runs else period.label

    def _show(self) -> None:
        is_fixed, asks = self._line is not None, self._line is not None and not self._is_drawn
        for part in (self._seed_frame, self._wanted_frame, self.roll, self.draw):
            part.setVisible(asks)
        self.root.setVisible(is_fixed)
        self.files.setVisible(self._is_drawn)
        self.fix.setVisible(not is_fixed)
        self._of_frame.setVisible(not is_fixed and not self._list.on_screen)
        self._period_frame.setVisible(not is_fixed and self._list.on_screen)
        self.problem.hide()
        if self._line is None:
            words = self.tr(
                "First the list of everything of the period is fixed in the audit trail, in an "
                "order that tells nothing. Only then the reviewer throws the dice. So nobody can "
                "choose what is read. Each list has its own dice."
            )
        elif self._is_drawn:
            words = self.tr(
                "These are what the dice drew, under the labels that stand on the papers. Lay "
                "them out for the reviewer; this list leaves in no pack."
            )
        else:
            words = self.tr(
                "The list is fixed. Let the reviewer write its mark down. Then they throw their "
                "dice, at least six times, and you type what they showed."
            )
            told = self.tr("{0} in the list. Its mark: {1}")
            count = f"{self._line.population:,}"
            mark = short_form(self._line.population, self._line.root).partition(" · ")[2]
            self.root.setText(told.format(count, mark) + self._lists_before(self._line))
        self._said.setText(words)
        announce(self, words)

    def _fix(self) -> None:
        of_list = str(self.of_list.currentData())
        command = FixSampleList(
            self._list.reader, str(self.period.currentData()), of_list, self._list.on_screen
        )
        try:
            done = self._shared.do(command)
        except InvalidError as error:
            self._refuse(error)
            return
        except NotPermittedError:
            self._tell(self.tr("Your roles do not open incidents. Ask somebody whose do."))
            return
        self._line = self._found(done.subject)
        if self._line is not None:
            self.wanted.setText(str(min(_USUAL, self._list.most, self._line.population)))
        self._show()
        self.seed.setFocus()

    def _lists_before(self, line: DrawLine) -> str:
        """Say that lists of this were fixed before: who fixes anew could choose what is read."""
        all_of_it = [
            one
            for one in self._shared.ask(sample_draws)
            if (one.of_list, one.period) == (line.of_list, line.period)
        ]
        if len(all_of_it) < 2:
            return ""
        words = self.tr("It is list {0} of this period. Each is in the audit trail.")
        return "\n" + words.format(len(all_of_it))

    def _found(self, draw_id: str) -> DrawLine | None:
        return next(
            (one for one in self._shared.ask(sample_draws) if one.draw_id == draw_id), None
        )

    def _roll(self) -> None:
        self.seed.setText(thrown_dice())
        self.draw.setFocus()

    def _draw(self) -> None:
        if self._line is None:
            return
        typed = self.wanted.text().strip()
        wanted = int(typed) if typed.isdecimal() else 0
        if not 1 <= wanted <= self._list.most:
            most = self.tr("For this reader, choose from 1 to {0} records.")
            self._tell(most.format(self._list.most))
            self.wanted.setFocus()
            return
        draw_id = self._line.draw_id
        try:
            self._shared.do(DrawSample(draw_id, self.seed.text(), wanted))
        except InvalidError as error:
            self._refuse(error)
            return
        self._is_drawn = True
        self._drawn(draw_id)
        if self._list.on_screen:  # what was drawn is shown on the seat itself
            self.close_sheet()
            return
        self.files.setText("\n".join(self._files(draw_id)))
        self.leave.setText(self.tr("Close"))
        self._show()
        self.leave.setFocus()

    def _files(self, draw_id: str) -> Iterator[str]:
        for line in self._shared.ask(chosen_files, draw_id=draw_id):
            named = line.named or ", ".join(line.types)
            if line.at is not None:
                named = f"{named}, {show_moment(line.at, self._shared.zone)}"
            yield f"{line.label}: {named}"

    def _refuse(self, error: InvalidError) -> None:
        self._tell(" ".join(self.tr(problem.message) for problem in error.problems))

    def _tell(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()
        announce(self, words)
