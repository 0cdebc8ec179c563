"""What goes into an audit pack: for whom, which period, and on what ground more than totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area, Desk
from shelter_desk.desk.information_releases import ReleaseLine, valid_releases
from shelter_desk.desk.sampling import DrawLine, sample_draws
from shelter_desk.desk.visits import VisitLine
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.pack_rules import PackProfile
from shelter_desk.domain.sampling import INCIDENTS, RECORDS, STAFF
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.ui.pack_lock import PackLock
from shelter_desk.ui.periods_shown import period_choice
from shelter_desk.ui.release_sheets import ask_release, ask_revoke, release_words
from shelter_desk.ui.sample_sheet import ListWanted, SampleSheet
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import (
    Button,
    CheckBox,
    DropDown,
    FieldFrame,
    FlowLayout,
    Label,
    LineEdit,
)

_USUAL = "grant-totals"
_OF_SCOPE = {
    "licensor": "licensor",
    "accreditor": "accreditor",
    "grant": "grant-totals",
    "custodian": "custodian",
}
"""Scope of a visit -> profile of its pack; what comes for something else is chosen by hand."""


class PackChoices(QWidget):
    """Gives `order()`. What beyond totals leaves is asked for only where the profile allows it."""

    changed = Signal()

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._rules = pack_rules(cast("Desk", shared.desk).house.care_model)
        self.profile = DropDown(self.tr("For whom"))
        for profile in self._rules.profiles.values():
            self.profile.addItem(self.tr(profile.title), profile.id)
        self.profile.setCurrentIndex(self.profile.findData(_USUAL))
        self.period = period_choice(self.tr("Period"), shared.today())
        self.recipient = LineEdit(self.tr("Recipient"))
        self.purpose = LineEdit(self.tr("Reason"))
        self.rows = CheckBox(self.tr("Lines of single records, without names or dates"))
        names = {
            RECORDS: self.tr("Sample of records"),
            INCIDENTS: self.tr("Sample of incidents"),
            STAFF: self.tr("Sample of staff files"),
        }
        self.samples = {one: DropDown(name) for one, name in names.items()}
        self._sample_frames = {
            one: FieldFrame(name, self.samples[one]) for one, name in names.items()
        }
        self.sample = self.samples[RECORDS]
        self.draw = Button(self.tr("Draw a sample…"), "list-checks")
        self.basis, self.authority = DropDown(self.tr("Ground")), LineEdit(self.tr("Authority"))
        self.release, self.lock = DropDown(self.tr("Release")), PackLock()
        self.record_release = Button(self.tr("Record a release…"), "pencil")
        self.revoke = Button(self.tr("They took it back…"), "undo-2")
        self.contents = Label("", "muted", wrap=True)
        self._typed = {
            "recipient": FieldFrame(self.tr("Recipient, if not the usual"), self.recipient),
            "purpose": FieldFrame(self.tr("Reason, if not the usual"), self.purpose),
            "authority": FieldFrame(
                self.tr("Section, order or agreement"),
                self.authority,
                hint=self.tr("It is kept in the trail, and a colleague signs it."),
                needed=True,
            ),
            "release_id": FieldFrame(self.tr("Release of the young person"), self.release),
        }
        self._arrange()
        self.profile.currentIndexChanged.connect(self._profile_changed)
        self.period.currentIndexChanged.connect(self._show_draws)
        self.rows.toggled.connect(self._show_ground)
        for sample in self.samples.values():
            sample.currentIndexChanged.connect(self._show_ground)
        self.draw.clicked.connect(self._draw)
        self.record_release.clicked.connect(self._ask_release)
        self.revoke.clicked.connect(self._revoke)
        shared.refresh_on(Area.CUSTODY, self._show_draws, self)
        self._profile_changed()

    def order(self) -> PackOrder:
        """Return what was chosen; the export refuses what its ground does not allow.

        Raises:
            NotAKeyError: no key of the reader stands there; ask `lock.is_ready` before.
        """
        return self._order(self.lock.recipient_key())

    def _order(self, recipient_key: str = "") -> PackOrder:
        chosen = (str(sample.currentData() or "") for sample in self.samples.values())
        draw_ids = tuple(draw_id for draw_id in chosen if draw_id)
        with_rows = self._may_hold_rows() and self.rows.isChecked()
        holds_records = with_rows or bool(draw_ids)
        of_one = self._chosen().is_of_one  # whose release says whom it is for, and for what
        return PackOrder(
            str(self.profile.currentData()),
            str(self.period.currentData()),
            "" if of_one else self.recipient.text().strip(),
            "" if of_one else self.purpose.text().strip(),
            str(self.basis.currentData()) if holds_records else "",
            self.authority.text().strip() if holds_records else "",
            with_rows,
            draw_ids,
            str(self.release.currentData() or "") if of_one else "",
            recipient_key,
        )

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Show beside what was typed why it was refused, and go there; nothing of it is changed.

        Returns whether every reason stands beside a field.
        """
        told = {problem.field: problem.message for problem in problems}
        for name, frame in self._typed.items():
            frame.show_problem(told.get(name, ""))
        for name, frame in self._typed.items():
            if name in told:
                frame.editor.setFocus()
                break
        return told.keys() <= self._typed.keys()

    def begin_for(self, visit: VisitLine) -> None:
        """Fill in for whom and on what ground a planned visit wants a pack."""
        at = self.profile.findData(_OF_SCOPE.get(visit.scope, ""))
        if at >= 0:
            self.profile.setCurrentIndex(at)
        self.recipient.setText(visit.agency)
        self.authority.setText(visit.authority)

    def _arrange(self) -> None:
        self._typed["recipient_key"] = self.lock.frame
        first = row(
            (FieldFrame(self.tr("For whom"), self.profile), 3),
            (FieldFrame(self.tr("Period"), self.period), 2),
            spacing=16,
        )
        second = row(
            (self._typed["recipient"], 3),
            (self._typed["purpose"], 2),
            spacing=16,
        )
        self._more = column(
            row(self.rows, STRETCH, self.draw),
            row(*((frame, 1) for frame in self._sample_frames.values()), spacing=16),
            spacing=10,
        )
        self._ground = row(
            (FieldFrame(self.tr("On what ground"), self.basis), 2),
            (self._typed["authority"], 3),
            spacing=16,
        )
        buttons = QWidget()  # below each other where large letters leave no room beside
        flow = FlowLayout(8, buttons)
        flow.addWidget(self.record_release)
        flow.addWidget(self.revoke)
        self._of_one = column(self._typed["release_id"], buttons, spacing=10)
        # A list of two dozen files comes after what is chosen: at 200 % it fills the window.
        records = (self._of_one, self._more, self._ground)
        parts = (first, second, *records, self.lock, self.contents)
        fill(QVBoxLayout(self), parts, spacing=10)

    def _chosen(self) -> PackProfile:
        return self._rules.profiles[str(self.profile.currentData())]

    def _may_hold_rows(self) -> bool:
        return bool(self._chosen().rows) and not self._chosen().is_of_one

    def _profile_changed(self) -> None:
        profile = self._chosen()
        self.recipient.setPlaceholderText(self.tr(profile.recipient))
        self.purpose.setPlaceholderText(self.tr(profile.purpose))
        self.basis.clear()
        for code in profile.row_bases:
            self.basis.addItem(self.tr(self._rules.bases[code].title), code)
        self._of_one.setVisible(profile.is_of_one)
        for name in ("recipient", "purpose"):
            self._typed[name].setVisible(not profile.is_of_one)  # they stand in the release
        self._more.setVisible(self._may_hold_rows())
        if not self._may_hold_rows():
            self.rows.setChecked(False)
        self._show_draws()
        self.changed.emit()

    def _show_draws(self) -> None:
        fitting = [line for line in self._shared.ask(sample_draws) if self._fits(line)]
        for of_list, sample in self.samples.items():
            chosen = sample.currentData()
            sample.clear()
            sample.addItem(self.tr("No sample"), "")
            lines = [line for line in fitting if line.of_list == of_list]
            for line in lines:
                told = self.tr("{0} of {1}, dice {2}")
                told = told.format(line.wanted, line.population, line.seed)
                sample.addItem(told, line.draw_id)
            sample.setCurrentIndex(max(0, sample.findData(chosen)))
            # The usual one is always here; the others once something was drawn from their list.
            self._sample_frames[of_list].setVisible(bool(lines) or of_list == RECORDS)
        self._show_releases()
        self._show_ground()

    def _show_releases(self) -> None:
        chosen = self.release.currentData()
        self.release.clear()
        for line in self._releases():
            self.release.addItem(release_words(line), line.release_id)
        if not self.release.count():
            self.release.addItem(self.tr("No release holds today"), "")
        self.release.setCurrentIndex(max(0, self.release.findData(chosen)))
        self.revoke.setEnabled(bool(self.release.currentData()))

    def _releases(self) -> list[ReleaseLine]:
        if not self._chosen().is_of_one:
            return []
        lines = self._shared.ask(valid_releases, today=self._shared.today())
        return [line for line in lines if line.recipient == self._chosen().id]

    def _ask_release(self) -> None:
        ask_release(self, self._shared, self._rules, self._chosen(), self._recorded)

    def _recorded(self, release_id: str) -> None:
        self.show_problems(())
        self._show_releases()
        self.release.setCurrentIndex(max(0, self.release.findData(release_id)))

    def _revoke(self) -> None:
        wanted = self.release.currentData()
        for line in self._releases():
            if line.release_id == wanted:
                ask_revoke(self, self._shared, line)

    def _fits(self, line: DrawLine) -> bool:
        wanted = (self.profile.currentData(), self.period.currentData())
        # A list of a period that still ran is looked at on the screen and leaves in no pack.
        is_whole = line.until_at is None
        return bool(line.seed) and is_whole and (line.profile, line.period) == wanted

    def _show_ground(self) -> None:
        order, profile = self._order(), self._chosen()
        self._ground.setVisible(order.holds_records and not profile.is_of_one)
        with_rows = order.with_rows or profile.is_of_one
        names = (*profile.files, *(profile.rows if with_rows else ()))
        titles = [self.tr(self._rules.files[name].title) for name in names]
        if order.draw_ids:
            titles.append(self.tr("What the dice drew, without names or dates"))
        self.contents.setText(self.tr("Holds: {0}.").format("; ".join(titles)))

    def _draw(self) -> None:
        wanted = ListWanted.in_pack(self._chosen(), str(self.period.currentData()))
        sheet = SampleSheet(self._shared, wanted, self._drawn)
        sheet.open_over(self, sheet.fix)

    def _drawn(self, draw_id: str) -> None:
        self._show_draws()
        for sample in self.samples.values():
            if sample.findData(draw_id) >= 0:
                sample.setCurrentIndex(sample.findData(draw_id))
