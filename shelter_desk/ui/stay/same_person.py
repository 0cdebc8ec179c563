"""Two records of one young person on screen: who it may be, joining, and separating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.residents import ResidentRecord, record
from shelter_desk.desk.same_person import (
    AGE,
    BORN,
    HOURS,
    NAME,
    SOUNDS,
    JoinedRecord,
    MaybeSame,
    joined,
    maybe_same,
)
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button

# What a button says, what it does, and about what.
Act = tuple[str, Callable[[Any], None], Any]
_THIS, _OTHER = "this", "other"


class SamePerson(QWidget):
    """Says over a record what it is joined with, or who may be the same; else nothing."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._pile = Pile(spacing=8)
        self.banners: list[tuple[Any, ...]] = []
        self._closed: tuple[JoinedRecord, ...] = ()
        fill(QVBoxLayout(self), (self._pile,))
        self.hide()

    def show_record(self, found: ResidentRecord) -> None:
        """Show what is known about this record and others."""
        self._pile.clear()
        self.banners = []
        known = self._shared.ask(joined, stay_id=found.stay_id)
        self._closed = known.closed
        for one in known.closed:
            words = _tr("Also written down as {0}, {1}. Joined {2} by {3}.")
            self._say_joined(words, one)
        if known.kept is not None:
            words = _tr("This record is joined with {0}, {1}, since {2} by {3}. Go on there.")
            self._say_joined(words, known.kept)
        elif self._shared.may(May.INTAKE) and found.ended_at is None:
            self._say_maybe(found)
        self.setVisible(bool(self.banners))

    def good_to_know(self, found: ResidentRecord) -> str:
        """Return what is good to know of the record shown and of those that were closed for it."""
        told = [found.good_to_know]
        for one in self._closed:
            there = self._shared.ask(record, stay_id=one.stay_id, now=self._shared.now())
            if there.good_to_know and there.good_to_know not in told:
                words = _tr("In the record {0}: {1}")
                told.append(words.format(one.case_code, there.good_to_know))
        return "\n".join(words for words in told if words)

    def _say_joined(self, words: str, one: JoinedRecord) -> None:
        when = show_moment(one.merged_at, self._shared.zone)
        text = words.format(shown_name(one.called), one.case_code, when, one.who)
        acts: list[Act] = [(_tr("Open it"), self._open, one.stay_id)]
        if self._shared.may(May.INTAKE):
            acts.append((_tr("Two people after all"), self._separate, one.merge_id))
        self._add(text, acts, Tone.INFO)

    def _say_maybe(self, found: ResidentRecord) -> None:
        now = self._shared.now()
        others = self._shared.ask(maybe_same, stay_id=found.stay_id, now=now)
        for one in [other for other in others if other.is_likely and other.is_here][:1]:
            text = _tr("Perhaps written down twice: {0}, {1} ({2}).").format(
                shown_name(one.called), one.case_code, reasons(one)
            )
            self._add(text, [(_tr("Look…"), self._ask, found)], Tone.WARN)

    def _add(self, text: str, acts: Sequence[Act], tone: Tone) -> None:
        buttons = []
        for words, act, about in acts:
            button = Button(words)
            button.setAccessibleName(f"{words}: {text}")
            button.clicked.connect(Call(act, about))
            buttons.append(button)
        banner = Banner(text, tone, action=row(*buttons))
        self.banners.append((banner, *buttons))
        self._pile.add(banner)

    def _ask(self, found: ResidentRecord) -> None:
        ask_join(self, self._shared, found)

    def _open(self, stay_id: str) -> None:
        # The button that was pressed goes with the answer.
        QTimer.singleShot(0, self, partial(self._shared.go, "resident", stay_id))

    def _separate(self, merge_id: str) -> None:
        said = _tr("Separated: both records are as they were")
        act = partial(self._shared.attempt, SeparateRecords(merge_id), said=said)
        QTimer.singleShot(0, self, act)


def ask_join(host: QWidget, shared: Shared, found: ResidentRecord) -> FormSheet:
    """Ask who is the same young person, and which record goes on."""
    others = shared.ask(maybe_same, stay_id=found.stay_id, now=shared.now())
    by_id = {one.resident_id: one for one in others}
    people = [
        (one.resident_id, f"{shown_name(one.called)}, {one.case_code}: {reasons(one)}")
        for one in others
    ]
    own = f"{shown_name(found.called)}, {found.case_code}"
    keep = ((_OTHER, _tr("The other one")), (_THIS, own))
    form = Form(
        (
            Choice(
                "resident_id", _tr("Who is the same young person"), people, needed=True, wide=True
            ),
            Choice("keep", _tr("Which record goes on"), keep, chips=True, needed=True),
        )
    )
    if others:
        first = others[0]
        kept = _OTHER if first.came_first and first.is_here else _THIS
        form.put({"resident_id": first.resident_id, "keep": kept})

    def take(values: dict[str, Any]) -> bool:
        other = values["resident_id"]
        pair = (
            (found.resident_id, other) if values["keep"] == _OTHER else (other, found.resident_id)
        )
        done = shared.attempt(
            JoinRecords(*pair), said=_tr("Joined into one record"), invalid=form.show_problems
        )
        if done is not None and values["keep"] == _OTHER:
            shared.go("resident", by_id[other].stay_id)
        return done is not None

    intro = (
        _tr("Both stay readable and count as one young person. It can be taken back at any time.")
        if others
        else _tr("Nobody here or before has a name that sounds alike, or this birth date.")
    )
    title = _tr("Written down twice: {0}").format(own)
    sheet = FormSheet(title, form, _tr("Join the two records"), take, intro=intro)
    sheet.keeps(shared, "join-records", found.stay_id).open_over(host, form.editors["resident_id"])
    return sheet


def reasons(one: MaybeSame) -> str:
    """Return why somebody may be the same, as one phrase."""
    words = {
        SOUNDS: _tr("the names sound alike"),
        NAME: _tr("the same name"),
        BORN: _tr("the same birth date"),
        AGE: _tr("the same age"),
        HOURS: _tr("arrived within a day"),
    }
    return ", ".join(words[code] for code in one.why)


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)
