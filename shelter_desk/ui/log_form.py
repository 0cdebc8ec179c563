"""Log a service in a few keys: whom, what (1 to 9), when, how long, Enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.residents import RosterLine, record, roster
from shelter_desk.desk.service_log import (
    CorrectEntry,
    EntryLine,
    Given,
    LogGroup,
    LogService,
    last_entry,
)
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.drafts import Drafts, KeptForm, care_model
from shelter_desk.ui.editors import (
    TextEditor,
    UnreadableError,
)
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.icons import service_icon
from shelter_desk.ui.log_funder import FunderPart
from shelter_desk.ui.log_length import LengthPart
from shelter_desk.ui.log_tiles import Tile, Tiles
from shelter_desk.ui.log_whom import WhomPart
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.typed import TypedForm
from shelter_desk.ui.when_part import WhenPart
from shelter_desk.ui.widgets import (
    Button,
    FieldFrame,
    Label,
    PrimaryButton,
)

_OTHER = "other"
# The tiles never move: fingers learn them. Everything else is behind "Other…".
_TILES = (
    "mental_health",
    "physical_health",
    "legal_advocacy",
    "education_reentry",
    "case_management",
    "life_skills",
    "family_reconciliation",
    "basic_needs",
)


class LogForm(TypedForm):
    """The questions of one line of the service log. `saved` says whether another one follows."""

    saved = Signal(bool)

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._last: EntryLine | None = None
        self._corrected: EntryLine | None = None
        self._make_editors()
        self._make_frames()
        self.same = Button("", "history")
        self.another, self.save = (
            Button(self.tr("Save and log another")),
            PrimaryButton("", "check"),
        )
        self.save.setText(self.tr("Save"))
        self.waiting = Label("", "faint", wrap=True)
        self._lay_out()
        self._connect()
        self._kept = KeptForm(self, Drafts(shared, "log-service"))

    def start(self, stay_id: str, service_id: str = "") -> None:
        """Begin a line for a stay, or ask for whom first when it is "". A draft comes back.

        `service_id` is chosen where it is given, and may be changed.
        """
        self._kept.stop()
        self._corrected = None
        self._offer_people(stay_id)
        self._empty()
        self._choose(service_id)
        self._begin(f"{stay_id} {service_id}".strip())
        self._offer_same()
        self.focus_first()

    def start_correction(self, line: EntryLine) -> None:
        """Begin with the answers of a line; saving appends its correction. A draft comes back."""
        self._kept.stop()
        self._offer_people(line.stay_id)
        self._empty()
        self._corrected = line
        self._choose(line.service_id)
        self.length.put(str(line.minutes), line.units)
        self.funder.put(line.voca_code, line.funder)
        self.when.put(line.given_at)
        self.note.put_typed(line.note)
        self.who.set_fixed(fixed=True)
        self.same.hide()
        self.another.hide()
        self._begin(f"correct:{line.entry_id}")
        self.focus_first()

    def typed(self) -> dict[str, str]:
        """Return everything that is chosen and typed."""
        line, payer = self.funder.values()
        return {
            "whom": self.who.typed(),
            "tile": self.tiles.value(),
            "service": self._service(),
            "when": self.when.typed(),
            **self.length.typed(),
            "line": line or "",
            "payer": payer,
            "note": self.note.typed(),
        }

    def restore(self, typed: Mapping[str, str]) -> None:
        """Show what was chosen and typed."""
        self.who.put_typed(typed["whom"])
        self._choose(typed["service"])
        self._show_tile(typed["tile"])
        self.when.put_typed(typed["when"])
        self.length.put(typed["minutes"], typed["units"])
        self.funder.put(typed["line"], typed["payer"])
        self.note.put_typed(typed["note"])

    def first(self) -> QWidget:
        """Return where the first answer is missing."""
        tiles = self.tiles.tiles
        chosen = [tile for tile in tiles if tile.isChecked()]
        return self.who.one if not self.who.codes() else (chosen or tiles)[0]

    def focus_first(self) -> None:
        """Put the keyboard where the first answer is missing."""
        self.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def try_save(self, *, another: bool = False) -> bool:
        """Write the line; problems stand beside their fields."""
        self.show_problems(())
        command = self._command()
        if command is None:
            return False
        said = self._said(command)
        done = self._shared.attempt(
            command, said=said, invalid=self.show_problems, written=self._kept.done
        )
        if done is None:
            return False
        if another:
            self.start(self.who.code())
        self.saved.emit(another)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return
        if event.text() == "0" and self._last is not None and self.same.isVisible():
            self._put_same()
            return
        if event.text().isdigit() and self.tiles.press(int(event.text())):
            self._go_on()
            return
        super().keyPressEvent(event)

    def _make_editors(self) -> None:
        shared, model = self._shared, self._model
        self.who = WhomPart()
        known = [service for service in _TILES if service in model.services]
        options = [
            (code, model.services[code].short_name, service_icon(code)[0]) for code in known
        ]
        options.append((_OTHER, self.tr("Other…"), "ellipsis"))
        self.tiles = Tiles(options, self.tr("What"))
        services = [(service.id, service.name) for service in model.services.values()]
        self.other = Picker(self.tr("Service"), services)
        self.when = WhenPart(shared)
        self.length = LengthPart()
        self.funder = FunderPart(model)
        self.note = TextEditor(
            self.tr("Short note"), model.short_note_prompt, model.short_note_limit
        )

    def _make_frames(self) -> None:
        hint = self.tr("Press 1 to 9")
        what = column(self.tiles, self.other)
        what.setFocusProxy(self.tiles.tiles[0])
        self.frames = {
            "stay_id": FieldFrame(self.tr("Whom"), self.who),
            "service_id": FieldFrame(self.tr("What"), what, hint=hint),
            "given_at": FieldFrame(self.tr("When"), self.when),
            "minutes": FieldFrame(self.tr("How long, and how many times"), self.length),
            "voca_code": FieldFrame(self.tr("Funder line (VOCA), and who pays"), self.funder),
            "note": FieldFrame(self.tr("Short note (optional)"), self.note),
        }

    def _lay_out(self) -> None:
        keys = Label(self.tr("Tab moves  ·  Enter saves"), "caption")
        questions = [self.banner, self.waiting, self.frames["stay_id"], row(self.same, STRETCH)]
        questions += [frame for name, frame in self.frames.items() if name != "stay_id"]
        buttons = row(keys, STRETCH, self.another, self.save)
        inside = FitScroll(column(*questions, spacing=10))
        fill(QVBoxLayout(self), ((inside, 1), buttons), spacing=12)

    def _connect(self) -> None:
        self.who.changed.connect(self._other_person)
        self.tiles.chosen.connect(self._tile_chosen)
        self.other.activated.connect(self._other_chosen)
        self.same.clicked.connect(self._put_same)
        self.save.clicked.connect(self._save)
        self.another.clicked.connect(self._save_another)
        for signal in (
            self.tiles.chosen,
            self.other.activated,
            self.when.edited,
            self.length.edited,
            self.funder.edited,
            self.note.edited,
        ):
            signal.connect(self.note_edit)

    def _begin(self, subject: str) -> None:
        self._kept.begin(subject)
        self.waiting.setText(self._kept.words(*self.who.names()))
        self.waiting.setVisible(self._kept.is_kept)

    def _offer_people(self, stay_id: str) -> None:
        people = [(line.stay_id, _person(line)) for line in self._roster()]
        if stay_id and stay_id not in dict(people):
            found = self._shared.ask(record, stay_id=stay_id, now=self._shared.now())
            people.append((stay_id, shown_name(found.called)))
        self.who.offer(people, stay_id)

    def _roster(self) -> tuple[RosterLine, ...]:
        return self._shared.ask(roster, now=self._shared.now())

    def _empty(self) -> None:
        self.tiles.set_value("")
        self.other.choose("")
        self.when.put(None)
        self.length.put("30")
        self.note.put_typed("")
        self.another.show()
        self.show_problems(())
        self.other.hide()
        self._offer_voca("")

    def _offer_same(self) -> None:
        stay_id = self.who.code()
        self._last = self._shared.ask(last_entry, stay_id=stay_id) if stay_id else None
        words = self.tr("0  Same as last time: {0}, {1} min")
        if self._last is None:
            self._last = self._shared.ask(last_entry)
            words = self.tr("0  Same as your last entry: {0}, {1} min")
        self.same.setVisible(self._last is not None)
        if self._last is not None:
            self.same.setText(words.format(self._last.service, self._last.minutes))

    def _put_same(self) -> None:
        if self._last is not None:
            self._choose(self._last.service_id)
            self.length.put(str(self._last.minutes), self._last.units)
            self.funder.put(self._last.voca_code, self._last.funder)
            self.note.edit.setFocus()
            self.note_edit()

    def _other_person(self) -> None:
        self._offer_same()
        self.note_edit()

    def _choose(self, service_id: str) -> None:
        on_tile = service_id in _TILES
        self.tiles.set_value(service_id if on_tile else _OTHER if service_id else "")
        self.other.choose("" if on_tile else service_id)
        self.other.setVisible(bool(service_id) and not on_tile)
        self._offer_voca(service_id)

    def _show_tile(self, code: str) -> None:
        self.tiles.set_value(code)
        self.other.setVisible(code == _OTHER)

    def _tile_chosen(self, code: str) -> None:
        self.other.setVisible(code == _OTHER)
        self._offer_voca(self._service())

    def _go_on(self) -> None:
        """Go to the next question: a number was pressed, so the tile is not to be looked for."""
        if self.tiles.value() == _OTHER:
            self.other.setFocus()
            return
        self.length.focus()

    def _other_chosen(self) -> None:
        self._offer_voca(self._service())

    def _offer_voca(self, service_id: str) -> None:
        self.funder.offer(service_id)
        lines = self._model.services[service_id].voca if service_id else ()
        self.frames["voca_code"].setVisible(bool(lines))

    def _service(self) -> str:
        code = self.tiles.value()
        return self.other.code() if code == _OTHER else code

    def _command(self) -> LogService | LogGroup | CorrectEntry | None:
        problems: list[Problem] = []
        stays = self.who.codes()
        if not stays:
            problems.append(Problem("stay_id", self.tr("Choose whom it was for.")))
        given = self._given(problems)
        if given is None:
            self.show_problems(problems)
            return None
        if self._corrected is not None:
            return CorrectEntry(self._corrected.entry_id, self._corrected.version, given)
        if len(stays) > 1:
            return LogGroup(stays, given)
        values = asdict(given)
        return LogService(stays[0], **values)

    def _given(self, problems: list[Problem]) -> Given | None:
        service = self._service()
        if not service:
            problems.append(Problem("service_id", self.tr("Choose the service that was given.")))
        minutes, units = self.length.read(problems)
        try:
            at = self.when.read() or self._shared.now()
        except UnreadableError as error:
            problems.append(Problem("given_at", str(error)))
        if problems:
            return None
        line, payer = self.funder.values()
        return Given(
            service,
            at,
            minutes,
            line,
            self.note.read(),
            units=units,
            funder=payer,
        )

    def _said(self, command: LogService | LogGroup | CorrectEntry) -> str:
        given = command if isinstance(command, LogService) else command.given
        service = self._model.services[given.service_id].short_name
        if isinstance(command, LogGroup):
            words = self.tr("Logged for {2}: {0}, {1} min")
            return words.format(service, given.minutes, len(command.stay_ids))
        words = self.tr("Logged: {0}, {1} min")
        if isinstance(command, CorrectEntry):
            words = self.tr("Corrected: {0}, {1} min. The former entry is kept.")
        return words.format(service, given.minutes)

    def _enter(self) -> None:
        focused = self.window().focusWidget()
        if isinstance(focused, Tile) and focused.isChecked():
            self.try_save()
        else:
            press_enter(self, self._save)

    def _save(self) -> None:
        self.try_save()

    def _save_another(self) -> None:
        self.try_save(another=True)


def _person(line: RosterLine) -> str:
    return f"{shown_name(line.called)}  ·  {line.case_code}"
