"""One episode on screen: the head, the clocks, the card, the search, the way back."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing_record import Episode
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.missing import time_since
from shelter_desk.domain.missing_cards import LastSeen
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.missing.card import LastSeenCard
from shelter_desk.ui.missing.looks import Looks
from shelter_desk.ui.missing.notices import NoticeRows, notice_tone
from shelter_desk.ui.missing.side import Earlier, Rules
from shelter_desk.ui.missing.words import length
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Columns,
    FlowLayout,
    Label,
    Pill,
    PrimaryButton,
    SectionHeader,
)


class Head(Card):
    """Who, since when, and what ends it."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.face, self.name = Avatar("", 38), Label("", "h2")
        self.since, self.state = Label("", "muted", wrap=True), Pill("")
        self.back = PrimaryButton("", "house-heart")
        self.moot = Button("", "circle-check")
        self.talk, self.close_button = Button("", "message-circle"), PrimaryButton("", "check")
        self.mistake, self.resident = Button("", kind="ghost"), Button("", "user", kind="ghost")
        self.incident = Button("", "clipboard-list", kind="ghost")
        self.earlier = Button("", "clock", kind="ghost")
        when = row((self.since, 1), self.earlier)
        names = column(row(self.name, self.state, STRETCH, spacing=10), when, spacing=0)
        quiet = (self.resident, self.incident, self.mistake)
        acts = QWidget()
        flow = FlowLayout(8, acts)
        for button in (self.talk, self.back, self.moot, self.close_button, *quiet):
            flow.addWidget(button)
        super().__init__(row(self.face, (names, 1), spacing=12), acts)
        self.back.setText(self.tr("Back safe…"))
        self.talk.setText(self.tr("Return talk…"))
        self.close_button.setText(self.tr("Close this absence"))
        self.mistake.setText(self.tr("They were here all the time"))
        self.resident.setText(self.tr("Open the record"))
        self.incident.setText(self.tr("Incident report"))
        self.earlier.setText(self.tr("Another time…"))

    def show_episode(self, found: Episode, at: datetime) -> None:
        """Show whose episode it is and how far it is."""
        line = found.line
        name = shown_name(line.called)
        self.face.show_name(name)
        self.name.setText(name)
        when = show_moment(line.discovered_at, self._shared.zone)
        text = self.tr("{0}  ·  found missing {1} by {2}")
        self.since.setText(text.format(line.case_code, when, line.found_by))
        is_open = not (line.closed_at or line.is_withdrawn)
        is_back = line.returned_at is not None
        self.show_state(found, at)
        self.back.setVisible(is_open and not is_back)
        self.mistake.setVisible(is_open and not is_back)
        self.earlier.setVisible(is_open)
        self.talk.setVisible(is_open and is_back)
        self._show_moot(found.moot)
        self.close_button.setVisible(is_open and (is_back or line.stay_ended_at is not None))

    def _show_moot(self, texts: tuple[str, ...]) -> None:
        words = self.tr("No longer needed: {0} checks")
        if len(texts) == 1:
            words = self.tr("No longer needed: 1 check")
        self.moot.setText(words.format(len(texts)))
        self.moot.setToolTip("\n".join(texts))
        self.moot.setAccessibleDescription(". ".join(texts))
        self.moot.setVisible(bool(texts))

    def show_state(self, found: Episode, at: datetime) -> None:
        """Show how far it is, and for how long."""
        line = found.line
        if line.is_withdrawn:
            self.state.say(self.tr("taken back"), Tone.NEUTRAL)
        elif line.returned_at is not None:
            gone = length(line.returned_at - line.discovered_at)
            self.state.say(self.tr("back safe after {0}").format(gone), Tone.OK)
        elif line.closed_at is not None:
            self.state.say(self.tr("closed without a return"), Tone.NEUTRAL)
        else:
            gone = length(time_since(line.discovered_at, at))
            tone = notice_tone(found.notices, at)
            text = self.tr("missing from care, {0}").format(gone)
            self.state.say(text, Tone.WARN if tone is Tone.OK else tone)


class EpisodeView(QWidget):
    """Shows an episode. `wanted`: back, talk, discovery, close ... see `_connect`."""

    wanted = Signal(str)

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared = shared
        self.head = Head(shared)
        self.notices, self.card = NoticeRows(shared, model), LastSeenCard(shared, model)
        self.again = NoticeRows(shared, model)
        self.search, self.tries = Looks(shared, model, "search"), Looks(shared, model, "try")
        self.rules, self.earlier = Rules(model), Earlier(shared)
        self.sheet = Button(self.tr("Facts sheet for the police…"), "printer", kind="tile")
        self.welcome = self._welcome()
        self.closed_words = Banner("", Tone.INFO)
        self._cards = self._make_cards()
        side = column(self._side_card(), self._rules_card(), self.earlier, spacing=10)
        self.main = column(self.closed_words, *self._cards.values(), spacing=10)
        self.columns = Columns(self.main, side)
        fill(QVBoxLayout(self), (self.head, (self.columns, 1)), spacing=10)
        self._connect()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show one column; the head goes along with it, so that there is room for the rest."""
        self.columns.set_narrow(narrow)
        place = self.main.layout() if narrow else self.layout()
        cast("QVBoxLayout", place).insertWidget(0, self.head)
        self.head.show()  # who changes parents is hidden

    def show_episode(self, found: Episode, rules: dict[str, str], at: datetime) -> None:
        """Show it as it stands at a moment."""
        line = found.line
        is_open = not (line.closed_at or line.is_withdrawn)
        self.head.show_episode(found, at)
        start = tuple(one for one in found.notices if one.stage == "start")
        back = tuple(one for one in found.notices if one.stage == "return")
        self.notices.show_notices(start, rules, at)
        self.again.show_notices(back, rules, at)
        self._cards["again"].setVisible(bool(back))
        told = self.tr("Told when they were missing") if line.returned_at else self._told
        self._told_head.title.setText(told)
        self.welcome.setVisible(is_open and line.returned_at is not None)
        self._cards["card"].setVisible(found.card is not None)
        if found.card is not None:
            self.card.show_card(line.episode_id, found.card)
        self.card.setEnabled(is_open)
        self.search.show_looks(found.looks, at, is_open=is_open)
        self.tries.show_looks(found.looks, at, is_open=is_open)
        self.rules.show_rules(rules)
        self.sheet.setEnabled(is_open and found.card is not None)
        self._show_closed(found, is_open=is_open)

    def tick(self, found: Episode, at: datetime) -> None:
        """Let the clocks run on."""
        self.head.show_state(found, at)
        self.notices.say_times(at)
        self.again.say_times(at)

    def _show_closed(self, found: Episode, *, is_open: bool) -> None:
        hidden = found.card is None
        self.closed_words.setVisible(not is_open or hidden)
        if hidden:
            words = self.tr("When they were last seen is closed to your role.")
        else:
            words = self.tr("This is closed. It stays readable as it was.")
        self.closed_words.say(words)

    def card_of(self, found: Episode) -> LastSeen:
        """Return the card of an episode; an empty one where it is closed to this person."""
        return found.card or LastSeen()

    def _make_cards(self) -> dict[str, Card]:
        self._told = self.tr("Tell them, in this order")
        self._told_head = SectionHeader(self._told, icon="phone")
        again = SectionHeader(self.tr("Tell everybody that they are back"), icon="phone")
        card = SectionHeader(self.tr("When they were last seen"), icon="eye")
        search = SectionHeader(self.tr("Where we looked"), icon="search")
        tries = SectionHeader(self.tr("How we tried to reach them"), icon="heart-handshake")
        kind = Label(
            self.tr("Kind words only, such as: “We hope you are safe. You can come home any time, "
                    "day or night.” Never name the house."),
            "caption",
            wrap=True,
        )  # fmt: skip
        return {
            "welcome": self.welcome,
            "again": Card(again, self.again),
            "told": Card(self._told_head, self.notices),
            "card": Card(card, self.card),
            "search": Card(search, self.search),
            "tries": Card(tries, kind, self.tries),
        }

    def _welcome(self) -> Card:
        steps = (
            self.tr("Say that it is good to see them."),
            self.tr("Something to eat and drink, a shower, rest."),
            self.tr("Look whether they are hurt; ask whether they want a nurse now."),
            self.tr("No questions about where they were. The talk comes later, when they choose."),
        )
        lines = [Label(f"{number}.  {text}", wrap=True) for number, text in enumerate(steps, 1)]
        head = SectionHeader(self.tr("Welcome back"), icon="house-heart", tone=Tone.OK)
        self.welcome_paper = Button(self.tr("Welcome-back paper…"), "printer", kind="ghost")
        opened = Label(
            self.tr("The health, substance and suicide checks are open in the plan."),
            "muted",
            wrap=True,
        )
        return Card(head, *lines, opened, row(self.welcome_paper, STRETCH), spacing=6)

    def _side_card(self) -> Card:
        words = Label(
            self.tr("Only what the police need in order to search. The paper is logged."),
            "caption",
            wrap=True,
        )
        return Card(SectionHeader(self.tr("Paper"), icon="file-text"), self.sheet, words)

    def _rules_card(self) -> Card:
        head = SectionHeader(self.tr("Contact rules"), icon="handshake")
        return Card(head, self.rules)

    def _connect(self) -> None:
        head = self.head
        for button, what in (
            (head.back, "back"),
            (head.talk, "talk"),
            (head.moot, "moot"),
            (head.close_button, "close"),
            (head.mistake, "mistake"),
            (head.resident, "resident"),
            (head.incident, "incident"),
            (head.earlier, "discovery"),
            (self.sheet, "sheet"),
            (self.welcome_paper, "welcome-paper"),
        ):
            button.clicked.connect(Call(self.wanted.emit, what))
