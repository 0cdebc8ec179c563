"""The days of an invented house, worked in the real windows by keys and clicks.

Whatever a window said was done is written down here too, apart from the records, so that at the
end the two can be laid side by side.
"""

import re
from collections import Counter
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk import residents
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.missing_record import episode, missing_board
from shelter_desk.ui.agreement import AgreementPage
from shelter_desk.ui.calendar.appointment_sheet import AppointmentSheet
from shelter_desk.ui.editors import ChoiceEditor, MomentEditor
from shelter_desk.ui.people.person_row import PersonRow
from shelter_desk.ui.people.sheets import NewWordsSheet, SlipSheet
from shelter_desk.ui.shift.sheets import CorrectionSheet, LineSheet
from shelter_desk.ui.unlock import UnlockPage
from shelter_desk.ui.widgets import Sheet
from tests.journeys.program import settle

KEY = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NAMES = (
    "Sky", "Ash", "Wren", "Fern", "Lark", "Moss", "Reed", "Brook", "Aspen", "Clover", "Finch",
    "Hazel", "Ivy", "Linden", "Maple", "Pebble", "Pine", "Rowan", "Thistle", "Birch", "Coral",
    "Dawn", "Elm", "Ember", "Heron", "Iris", "Jay", "Laurel", "Marsh", "Opal",
)  # fmt: skip


class Worked:
    """What was done, as whoever did it would tell it."""

    def __init__(self):
        self.here = {}  # name -> stay
        self.census = []  # (moment, names)
        self.lines, self.ticks, self.handoffs, self.entries = [], Counter(), [], []
        self.kept, self.court, self.incidents, self.episodes = [], [], [], []
        self.arrived, self.left = [], []


class Week:
    """A house in which Dana and Ada take turns. `words` are the passphrases they know."""

    def __init__(self, running, clock, words):
        self.running, self.clock, self.words = running, clock, words
        self.worked = Worked()
        self.who, self.told = "", []

    # Hands

    @property
    def desk(self):
        return self.running.desk

    def press(self, *keys, modifier=Qt.KeyboardModifier.NoModifier):
        self.running.press(*keys, modifier=modifier)

    def write(self, text):
        self.running.write(text)

    def click(self, button):
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        settle()

    def go(self, page):
        """Open a page by its button in the rail, and let the keyboard come to rest."""
        self.click(self.running.window.rail.button(page))
        settle()
        return self.running.window.view(page)

    def sheet(self, kind=Sheet):
        found = [one for one in self.running.window.findChildren(kind) if one.isVisible()]
        return found[-1] if found else None

    def answer(self, name, value):
        """Answer one question of the sheet on top, as a hand does."""
        editor = self.sheet().form.editors[name]
        if isinstance(editor, ChoiceEditor) and editor._chips is not None:
            self.click(editor._chips.buttons()[editor._codes.index(value)])
        elif isinstance(editor, ChoiceEditor):
            editor.setFocus()
            QTest.keyClick(editor._list, KEY.Key_Home)
            for _ in range(editor._codes.index(value) + 1):
                QTest.keyClick(editor._list, KEY.Key_Down)
            assert editor.typed() == value
        elif isinstance(editor, MomentEditor):
            local = value.astimezone(self.desk.house.zone)
            parts = ((editor.day.edit, f"{local:%d %b %Y}"), (editor.time, f"{local:%H:%M}"))
            for edit, text in parts:
                edit.setFocus()
                edit.selectAll()
                self.write(text)
        else:
            editor.setFocus()
            self.write(value)

    def save(self, **answers):
        """Answer the sheet on top, and press Enter."""
        sheet = self.sheet()
        for name, value in answers.items():
            self.answer(name, value)
        sheet.save.setFocus()
        self.press(KEY.Key_Space)
        assert self.sheet() is not sheet, self.problems()

    def problems(self):
        """Return what the sheet on top wants to be looked at again, or its title."""
        sheet = self.sheet()
        form = getattr(sheet, "form", None)
        if form is None:
            return sheet.title.text()
        said = [frame.problem.text() for frame in form.frames.values()]
        focus = self.running.program.host().focusWidget()
        return [sheet.title.text(), form.banner.text, *said, form.typed(), self.told, focus]

    # People

    def sign_in(self, name):
        page = self.running.page
        assert isinstance(page, UnlockPage), (page, self.running.trouble(), self.told)
        next(tile for tile in page.tiles() if tile.person.name == name).click()
        page.secret.setFocus()
        self.write(self.words[name])
        self.press(KEY.Key_Return)
        settle()
        if isinstance(self.running.page, AgreementPage):
            self.press(KEY.Key_Space)
            self.running.page.go_on.setFocus()
            self.press(KEY.Key_Space)
            settle()
        self.who = name
        self.running.window._shared.said.connect(self._heard)
        self.running.window._shared.told.connect(self.told.append)
        assert self.desk.staff.name == name

    def _heard(self, said, _undo):
        """Count the ticks that a toast speaks of."""
        if said.startswith(("Ticked ", "Signed ")):
            self.worked.ticks[self.who] += 1
        elif several := re.match(r"(\d+) ticked: ", said):
            self.worked.ticks[self.who] += int(several[1])

    def switch_to(self, name):
        self.running.window.activateWindow()
        settle()
        self.press(KEY.Key_L, modifier=CONTROL | SHIFT)
        settle()
        assert self.running.page is not None, (self.sheet(), QApplication.activeWindow())
        self.sign_in(name)

    def forget_and_be_helped(self):
        """Ada's passphrase is gone: Dana sets four new words, and reads them from the slip."""
        assert self.who == "Dana"
        self.running.window.go("people")
        settle()
        page = self.running.window.view("people")
        (row,) = [one for one in page.findChildren(PersonRow) if one.person.name == "Ada"]
        self.click(row.buttons["words"])
        sheet = self.sheet(NewWordsSheet)
        words = sheet.passphrase
        sheet.own.edit.setFocus()
        self.write(self.words["Dana"])
        self.press(KEY.Key_Return)
        settle()
        slip = self.sheet(SlipSheet)
        slip.given.click()
        self.click(slip.close_it)
        self.words["Ada"] = words

    # Acts

    def arrive(self, name):
        self.press(KEY.Key_N, modifier=CONTROL)
        self.press(KEY.Key_Return)
        self.write(name)
        self.press(KEY.Key_Return, modifier=CONTROL)
        assert self.running.window.page == "resident"
        lines = self.desk.ask(residents.roster, now=self.clock())
        self.worked.here[name] = next(line.stay_id for line in lines if line.called == name)
        self.worked.arrived.append(name)

    def place(self, name):
        """Return the number that somebody has on chips, and in the list of who is missing."""
        lines = self.desk.ask(residents.roster, now=self.clock())
        return [line.called for line in lines].index(name)

    def log_line(self, name, key, text=""):
        page = self.go("shift_log")
        stay = self.worked.here[name]
        self.click(page.form.people.chips[stay])
        self.press(key)
        if text:
            self.press(KEY.Key_T)
            self.write(text)
        self.press(KEY.Key_Return)
        self.worked.lines.append((self.who, (stay,), text))

    def correct_the_line(self, text):
        page = self.go("shift_log")
        page.table.setFocus()
        page.table.selectRow(0)
        self.press(KEY.Key_Return)
        self.click(self.sheet(LineSheet).correct)
        form = self.sheet(CorrectionSheet).form
        form.text.edit.setFocus()
        form.text.edit.selectAll()
        self.write(text)
        self.press(KEY.Key_Return)
        who, stays, _ = self.worked.lines[-1]
        self.worked.lines[-1] = (who, stays, text)

    def tick(self, count):
        """Tick rows of Today from the top; what the toast says is what counts."""
        self.press(KEY.Key_1, modifier=ALT)
        settle()
        for _ in range(count):
            self.press(KEY.Key_Space)

    def make_the_round(self):
        page = self.go("rounds")
        for column, check in enumerate(page.grid.cells.checks):
            if not check.item.signatures:
                page.grid.setFocus()
                page.grid.setCurrentIndex(page.grid.cells.index(0, column))
                self.press(KEY.Key_C)

    def log_service(self, name, key):
        self.running.window.go("resident", self.worked.here[name])
        settle()
        self.press(KEY.Key_L)
        self.press(key, KEY.Key_Return)
        assert self.sheet() is None, self.problems()
        self.worked.entries.append((self.who, self.worked.here[name]))

    def same_again(self, name):
        self.running.window.go("resident", self.worked.here[name])
        settle()
        self.press(KEY.Key_L)
        self.press(KEY.Key_0, KEY.Key_Return)
        assert self.sheet() is None, self.problems()
        self.worked.entries.append((self.who, self.worked.here[name]))

    def plan(self, name, kind, at):
        self.go("calendar")
        self.press(KEY.Key_N)
        stay = self.worked.here[name]
        self.save(stay_id=stay, kind=kind, starts_at=at)
        self.worked.kept.append((stay, kind, at))

    def go_to_court(self, name):
        """Open the court date in the week, and write down that it was kept."""
        page = self.go("calendar")
        stay = self.worked.here[name]
        line = next(one for one in page._lines if one.stay_id == stay and one.kind == "court")
        page._open(line)
        settle()
        self.click(self.sheet(AppointmentSheet).acts["kept"])
        self.worked.court.append(stay)

    def start_incident(self, name):
        self.go("incidents")
        self.press(KEY.Key_N)
        form = self.sheet().form
        self.click(form.editors["types"]._boxes["injury"])
        self.click(form.editors["residents"]._boxes[self.worked.here[name]])
        self.save(place="kitchen")
        self.worked.incidents.append(self.worked.here[name])

    def go_missing(self, name):
        self.press(KEY.Key_F8)
        self.press(KEY.Key_1 + self.place(name))
        page = self.running.window.view("missing")
        stay = self.worked.here[name]
        found = self.desk.ask(missing_board, now=self.clock()).episodes
        self.worked.episodes.append(next(one.episode_id for one in found if one.stay_id == stay))
        page.view.card.form.editors["place"].setFocus()
        self.write("Kitchen")
        self.click(page.view.card.save)
        self.click(page.view.notices.buttons["tell", "police"])
        self.save(whom="Officer Invented", reference="26-0311")

    def come_back(self, name):
        page = self.go("missing")
        settle()
        page._open(self.worked.episodes[-1])
        settle()
        self.click(page.view.head.back)
        self.save(returned_at=self.clock(), way="self")
        found = self.desk.ask(episode, episode_id=self.worked.episodes[-1])
        for notice in found.notices:
            if not notice.is_answered:
                page.asks.reason(notice)
                self.save(reason="told-already")
        assert name in self.worked.here

    def leave(self, name):
        self.running.window.go("resident", self.worked.here[name])
        settle()
        self.click(self.running.window.view("resident").head.exit)
        self.save(exit_type="kin", destination="422")
        self.worked.left.append((name, self.worked.here.pop(name)))

    def hand_over(self, to, *, beside=False):
        """Count and sign; the next person reads, and signs at their own desk or here beside."""
        page = self.go("handoff")
        self.write(str(len(self.worked.here)))
        page.outgoing.form.editors["on_duty"].setFocus()
        self.write("2")
        self.press(KEY.Key_Return)
        goes = self.who
        if beside:
            box = page.incoming.who
            box.setCurrentIndex(next(n for n in range(box.count()) if box.itemText(n) == to))
            page.incoming.secret.edit.setFocus()
            self.write(self.words[to])
            self.press(KEY.Key_Return)
        else:
            self.switch_to(to)
            page = self.go("handoff")
            page.incoming.own.setFocus()
            self.press(KEY.Key_Space)
        newest, *before = self.desk.ask(handoffs, most=200)
        assert len(before) == len(self.worked.handoffs), "nobody signed a new one"
        assert (newest.outgoing, newest.incoming) == (goes, to), newest
        self.worked.handoffs.append((goes, to))

    # Time

    def at(self, day, hour, minute=0):
        """Go on to an hour of a day; days count from 0, hours are those of the house."""
        zone = self.desk.house.zone
        first = datetime(2026, 3, 10, tzinfo=zone)
        wanted = first + timedelta(days=day, hours=hour, minutes=minute)
        assert wanted > self.clock()
        self.clock.at = wanted.astimezone(self.clock.at.tzinfo)

    def end_of_day(self, day):
        self.at(day, 23, 50)
        self.worked.census.append((self.clock(), frozenset(self.worked.here)))
