"""The care model as this shelter changes it: a director words, orders, hides and adds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.model_editor import Changed, SaveModel, changed_model, effect, must_stay
from shelter_desk.domain.care_model import Service
from shelter_desk.domain.overlay import (
    HIDE,
    ITEM,
    OF_ITEM,
    ORDER,
    OWN,
    SERVICE,
    Change,
    as_text,
    conflicts,
    from_text,
    shipped_value,
    with_change,
    without,
)
from shelter_desk.domain.staff import May
from shelter_desk.ui.drafts import Drafts, KeptForm, care_model
from shelter_desk.ui.forms import Form, Text
from shelter_desk.ui.model_parts.conflict_card import ConflictCard
from shelter_desk.ui.model_parts.lines import EditedItem, edited_items, services_of
from shelter_desk.ui.model_parts.sheets import Sheets
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    Label,
    PrimaryButton,
    Scroll,
    Table,
    confirm,
)
from shelter_desk.ui.widgets.flow import FlowLayout
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_PENDING = "pending"
_REASON, _CHANGES, _EDITION = "reason", "changes", "edition"


class ModelPage(PageView):
    """Changes are gathered, previewed with what they do to due work, and saved with a reason.

    What is gathered is kept as a draft like anything typed.
    """

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._saved = Changed(0, (), ())
        self.changes: tuple[Change, ...] = ()
        self._services: tuple[Service, ...] = ()
        self.which = Picker(self.tr("Service"))
        self.table = Table[EditedItem](
            self._columns(),
            self.tr("Items of the service"),
            key=lambda line: line.item.id,
            fit=True,
        )
        self.conflicts = ConflictCard(care_model(shared))
        self.told = Label("", wrap=True)
        why = Text(_REASON, self.tr("Why it is changed"), needed=True, wide=True, longest=200)
        self.form = Form((why,))
        self._kept = KeptForm(self.form, Drafts(shared, "care-model"))
        self.save, self.drop = PrimaryButton(self.tr("Save"), "check"), Button(self.tr("Drop it"))
        self.acts = {
            "change": Button(self.tr("Change"), "pencil"),
            "hide": Button(self.tr("Hide"), "eye-off"),
            "up": Button(self.tr("Move up"), "chevron-up"),
            "down": Button(self.tr("Move down"), "chevron-down"),
            "back": Button(self.tr("As shipped"), "undo-2"),
            "add": Button(self.tr("Add an item"), "plus"),
            "service": Button(self.tr("Add a service"), "plus"),
        }
        self._lay_out()
        self._connect()

    def leaving(self) -> None:
        """Keep the reason that is being typed."""
        self._kept.flush()

    def set_changes(self, changes: tuple[Change, ...]) -> None:
        """Gather these changes: keep them as a draft, and show what they would do."""
        self.changes = changes
        self._kept.put_beside(_CHANGES, as_text(changes))
        self._show()

    def try_save(self) -> None:
        """Save what was gathered; what keeps people safe is looked at a second time."""
        values = self.form.values_or_problems()
        if values is None:
            return
        hidden = self._newly_hidden()
        if not hidden:
            self._save(values[_REASON], ())
            return
        words = self.tr("These keep people safe and would no longer come up: {0}")
        confirm(
            self,
            title=self.tr("Look again"),
            text=words.format("; ".join(f"“{item.item.text}”" for item in hidden)),
            action=self.tr("Hide them"),
            on_yes=partial(self._save, values[_REASON], tuple(one.item.id for one in hidden)),
        )

    def _lay_out(self) -> None:
        acts = QWidget()
        flow = FlowLayout(8, acts)
        for button in (self.which, *self.acts.values()):
            flow.addWidget(button)
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        end = row(STRETCH, self.drop, self.save, spacing=8)
        above = Card(self.told, self.form, end, spacing=8)
        inside = column(self.conflicts, above, acts, self.table, STRETCH, spacing=10)
        fill(QVBoxLayout(self), ((Scroll(inside), 1),), margins=PAGE_MARGINS)

    def _connect(self) -> None:
        for code, button in self.acts.items():
            button.clicked.connect(partial(self._act, code))
        self.which.currentIndexChanged.connect(self._show_items)
        self.table.opened.connect(self._change)
        self.table.chosen.connect(self._enable)
        self.save.clicked.connect(self.try_save)
        self.conflicts.decided.connect(self.set_changes)
        self.drop.clicked.connect(self._drop)
        self._shared.refresh_on(Area.SHELTER, self._refresh, self)

    def _refresh(self) -> None:
        self._saved = self._shared.ask(changed_model)
        edition, changes = str(self._saved.edition), as_text(self._saved.changes)
        self._kept.stop()
        self.form.clear()
        self._kept.begin(_PENDING, {_EDITION: edition, _CHANGES: changes})
        if self._kept.beside[_EDITION] != edition:  # gathered over an edition that is no more
            self._drop_gathered(edition, changes)
        self.changes = from_text(self._kept.beside[_CHANGES])
        self._show()

    def _show(self) -> None:
        self._services = services_of(care_model(self._shared), self.changes)
        with QSignalBlocker(self.which):  # what is chosen in the table stays chosen
            self.which.offer([(one.id, one.name) for one in self._services])
            if not self.which.code() and self._services:
                self.which.choose(self._services[0].id)
        self._show_items()
        self._show_conflicts()
        is_new = self.changes != self._saved.changes
        for widget in (self.form, self.save, self.drop):
            widget.setVisible(is_new)
        self.told.setText(self._effect() if is_new else self._standing())

    def _effect(self) -> str:
        found = self._shared.ask(effect, changes=self.changes)
        before = {one.key: one for one in self._saved.changes}
        after = {one.key: one for one in self.changes}
        keys = before.keys() | after.keys()
        count = sum(before.get(key) != after.get(key) for key in keys)
        words = self.tr(
            "Not saved yet: {0} changed. It opens {1} due items, closes {2} and moves {3}."
        )
        return words.format(count, found.opens, found.closes, found.moves)

    def _standing(self) -> str:
        if not self._saved.changes:
            return self.tr("The care model is as it was shipped.")
        words = self.tr("Edition {0} of this shelter: {1} changes to the shipped model.")
        return words.format(self._saved.edition, len(self._saved.changes))

    def _show_conflicts(self) -> None:
        model = care_model(self._shared)
        found = conflicts(model.services_under(model.profile_id), self.changes)
        self.conflicts.show_conflicts(model, found, self.changes)

    def _show_items(self) -> None:
        service = self._service()
        self.table.show_lines(() if service is None else edited_items(service, self.changes))
        self._enable()

    def _enable(self) -> None:
        line = self.table.line()
        for code in ("change", "hide", "up", "down", "back"):
            self.acts[code].setEnabled(line is not None)
        if line is not None:
            self.acts["change"].setEnabled(not line.is_hidden)
            self.acts["hide"].setEnabled(not line.is_hidden and not must_stay(line.item.id))
            self.acts["back"].setEnabled(bool(line.kinds))

    def _act(self, code: str, *_: object) -> None:
        line, service = self.table.line(), self._service()
        if code == "service":
            taken = {one.id for one in self._services}
            new_id = next(f"{OWN}{n}" for n in range(1, 1000) if f"{OWN}{n}" not in taken)
            self._sheets().add_service(new_id).open_over(self)
        elif code == "add" and service is not None:
            taken_items = frozenset(item.id for item in service.items)
            self._sheets().add_item(service.id, taken_items).open_over(self)
        elif line is None or service is None:
            return
        elif code == "change":
            self._change(line)
        elif code == "hide":
            self._sheets().hide(line.item).open_over(self)
        elif code == "back":
            self._as_shipped(line)
        else:
            self._move(service, line, -1 if code == "up" else 1)

    def _change(self, line: EditedItem) -> None:
        if not line.is_hidden:
            self._sheets().change(line.item).open_over(self)

    def _as_shipped(self, line: EditedItem) -> None:
        changes = self.changes
        for kind in (*OF_ITEM, ITEM):
            changes = without(changes, (kind, line.item.id))
        self.set_changes(changes)

    def _move(self, service: Service, line: EditedItem, step: int) -> None:
        ids = [item.id for item in service.items]
        at = ids.index(line.item.id)
        to = at + step
        if not 0 <= to < len(ids):
            return
        ids[at], ids[to] = ids[to], ids[at]
        model = care_model(self._shared)
        was = shipped_value(model.services_under(model.profile_id), ORDER, service.id) or ""
        self.set_changes(with_change(self.changes, Change(ORDER, service.id, " ".join(ids), was)))
        self.table.selectRow(to)
        self.table.setFocus()

    def _take(self, made: tuple[Change, ...]) -> None:
        changes = self.changes
        for change in made:
            changes = with_change(changes, change)
        self.set_changes(changes)
        for change in made:
            if change.kind == SERVICE:
                self.which.choose(change.target)

    def _save(self, reason: str, looked_again: tuple[str, ...]) -> None:
        command = SaveModel(self._saved.edition, self.changes, reason, looked_again)
        said = self.tr("The care model is changed")
        problems = self.form.show_problems
        self._shared.attempt(command, said=said, invalid=problems, written=self._kept.done)

    def _drop(self) -> None:
        self._kept.done()
        self._refresh()

    def _drop_gathered(self, edition: str, changes: str) -> None:
        self._kept.done()
        self.form.clear()
        self._kept.begin(_PENDING, {_EDITION: edition, _CHANGES: changes})

    def _newly_hidden(self) -> tuple[EditedItem, ...]:
        new = {one.target for one in set(self.changes) - set(self._saved.changes)}
        lines = (one for each in self._services for one in edited_items(each, self.changes))
        return tuple(
            one
            for one in lines
            if one.is_hidden and one.item.id in new and one.item.safety_critical
        )

    def _service(self) -> Service | None:
        return next((one for one in self._services if one.id == self.which.code()), None)

    def _sheets(self) -> Sheets:
        return Sheets(self._shared, care_model(self._shared), self._take)

    def _columns(self) -> tuple[Column[EditedItem], ...]:
        roles = care_model(self._shared).roles
        safe, hidden = self.tr("keeps people safe"), self.tr("hidden")
        own, changed = self.tr("added here"), self.tr("changed here")

        def state(line: EditedItem) -> str:
            if line.is_hidden:
                return hidden
            return own if ITEM in line.kinds else changed if line.kinds else ""

        def below(line: EditedItem) -> str:
            return f"{line.due}  ·  {safe}" if line.item.safety_critical else line.due

        return (
            Column(
                self.tr("What to do"),
                lambda line: line.item.text,
                stretch=True,
                width=380,
                below=below,
            ),
            Column(self.tr("Who"), lambda line: roles[line.item.role].short_name, width=120),
            Column(
                self.tr("Here"),
                state,
                width=120,
                tone=lambda line: Tone.WARN if HIDE in line.kinds else Tone.INFO,
            ),
        )


PAGE = Page(
    order=192,
    title=QT_TRANSLATE_NOOP("pages", "Care model"),
    icon="list-checks",
    needs=May.MANAGE_SHELTER,
    build=ModelPage,
    touched=("model",),
    in_rail=False,
    home="settings",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Change what the checklists ask for in this shelter: words, clocks, who does it, order. "
        "Hide or add items and services. You see what it does to due work before you save, and "
        "what was ticked keeps the words it was ticked under.",
    ),
)
