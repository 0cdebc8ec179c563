"""The beds of tonight as a card of tiles, and the questions that a tile asks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from shelter_desk.desk.bed_holds import HoldBed, ReleaseBed
from shelter_desk.desk.beds import AWAY, FREE, HELD, REASONS, BedBoard, BoardBed, Sleeper
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Moment
from shelter_desk.ui.pressable import Pressable
from shelter_desk.ui.scale import STRETCH, fixed, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Avatar, Banner, Card, FlowLayout, Label, Pill, SectionHeader

_EDGES = {FREE: Tone.OK, HELD: Tone.WARN, AWAY: Tone.INFO}
_WIDTH, _HEIGHT = 166, 76


def _tr(text: str) -> str:
    return QCoreApplication.translate("beds", text)


class BedCard(Card):
    """Says `opened` with a `BoardBed`. Names are shown as the page shows them."""

    opened = Signal(object)

    def __init__(self) -> None:
        self.head = SectionHeader("", icon="bed")
        self.over = Banner("", Tone.WARN)
        box = QWidget()
        self._flow = FlowLayout(10, box)
        self.tiles: list[Pressable] = []
        self._last: int | None = None  # the tile that was pressed, to be gone back to
        super().__init__(self.head, self.over, box, spacing=8)
        self.head.title.setText(self.tr("Beds tonight"))

    def show_board(self, board: BedBoard, names: dict[str, str]) -> None:
        """Show the beds, and who is here without one; `names` is stay -> what to show."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.tiles = []
        for bed in board.beds:
            name = names.get(bed.sleeper.stay_id, "") if bed.sleeper else ""
            self._add(bed, name)
        for sleeper in board.without_bed:
            self._add(_no_bed(sleeper), names.get(sleeper.stay_id, ""))
        self.head.remark.setText(self._counts(board))
        self.over.say(self._over_words(board))
        self.over.setVisible(board.over > 0)
        if self._last is not None:
            QTimer.singleShot(0, self, self._give_back)  # once the sheet over it is closed

    def _add(self, bed: BoardBed, name: str) -> None:
        state = self._state(bed)
        pill = row(Pill(state, _EDGES.get(bed.state, Tone.NEUTRAL)), STRETCH) if state else None
        who = row(Avatar(name, 24), (Label(name), 1), spacing=6) if name else None
        tile = Pressable(
            Label(bed.name, "caption-strong"), who, pill, STRETCH, edge=_EDGES.get(bed.state)
        )
        tile.setAccessibleName(", ".join(part for part in (bed.name, name, state) if part))
        tile.setToolTip(bed.reason)
        tile.setProperty("bed", bed)
        tile.clicked.connect(self._pressed)
        tile.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        fixed(tile, width=_WIDTH, height=_HEIGHT)
        self.tiles.append(tile)
        self._flow.addWidget(tile)

    def _state(self, bed: BoardBed) -> str:
        words = {FREE: self.tr("free"), HELD: self.tr("held"), AWAY: self.tr("away, bed kept")}
        return words.get(bed.state, "")

    def _counts(self, board: BedBoard) -> str:
        used = len(board.beds) - board.count(FREE) - board.count(HELD)
        words = self.tr("{0} of {1} used").format(used, len(board.beds))
        if board.count(HELD):
            words += "  ·  " + self.tr("{0} held").format(board.count(HELD))
        return words

    def _over_words(self, board: BedBoard) -> str:
        words = self.tr("{0} stay here and there are {1} beds: {2} more than there is room for.")
        return words.format(board.in_house, len(board.beds), board.over)

    def _pressed(self) -> None:
        tile = self.sender()
        self._last = next(n for n, one in enumerate(self.tiles) if one is tile)
        self.opened.emit(tile.property("bed"))

    def _give_back(self) -> None:
        place, self._last = self._last, None
        if place is not None and place < len(self.tiles) and self.isVisible():
            self.tiles[place].setFocus(Qt.FocusReason.OtherFocusReason)


def press_bed(host: QWidget, shared: Shared, model: CareModel, bed: BoardBed) -> FormSheet | None:
    """Do what a bed asks for: open its resident, hold it, or release it."""
    if bed.sleeper is not None:
        shared.go("resident", bed.sleeper.stay_id)
        return None
    if not shared.may(May.INTAKE):
        return None
    return _ask_release(host, shared, bed) if bed.hold_id else _ask_hold(host, shared, model, bed)


def _ask_hold(host: QWidget, shared: Shared, model: CareModel, bed: BoardBed) -> FormSheet:
    reasons = [(value.code, value.label) for value in model.values(REASONS)]
    until = Moment("until", _tr("Until (optional)"), shared.now(), shared.zone, ahead=True)
    form = Form((Choice("reason", _tr("Why"), reasons, chips=True, needed=True), until))

    def take(values: dict[str, Any]) -> bool:
        command = HoldBed(bed.bed_id, values["reason"], values["until"])
        said = _tr("{0} is held").format(bed.name)
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    intro = _tr("Nobody is given the bed until it is released. Who is expected is not written.")
    sheet = FormSheet(_tr("Hold {0}").format(bed.name), form, _tr("Hold it"), take, intro=intro)
    sheet.keeps(shared, "bed-hold", bed.bed_id).open_over(host, form.editors["reason"])
    return sheet


def _ask_release(host: QWidget, shared: Shared, bed: BoardBed) -> FormSheet:
    form = Form(())

    def take(_values: dict[str, Any]) -> bool:
        said = _tr("{0} is free again").format(bed.name)
        return shared.attempt(ReleaseBed(bed.hold_id), said=said) is not None

    parts = [bed.reason]
    if bed.until is not None:
        parts.append(_tr("until {0}").format(show_moment(bed.until, shared.zone)))
    sheet = FormSheet(
        _tr("{0} is held").format(bed.name), form, _tr("Release it"), take, intro=", ".join(parts)
    )
    sheet.keeps(shared, "bed-release", bed.bed_id).open_over(host, sheet.leave)
    return sheet


def _no_bed(sleeper: Sleeper) -> BoardBed:
    state = AWAY if sleeper.away_since is not None else "taken"
    return BoardBed("", _tr("no bed"), state, sleeper)
