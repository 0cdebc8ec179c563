"""The card of when they were last seen: short answers, kept as they are typed."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing import WriteLastSeen
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.missing_cards import LONGEST_ANSWER, LastSeen
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.forms import Form, Several, Text
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Button, Label


class LastSeenCard(QWidget):
    """A form that keeps its draft for each episode. Nothing in it is needed."""

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared = shared
        risks = [(value.code, value.label) for value in model.values("missing-risks")]
        self.form = Form(
            (*self._texts(), Several("risks", self._risks(), risks, chips=True)), columns=2
        )
        self.kept = Label("", "caption")
        self.save = Button(self.tr("Save the card"), "save")
        fill(QVBoxLayout(self), (self.form, row(self.kept, STRETCH, self.save)), spacing=10)
        self.save.clicked.connect(self.try_save)
        self._kept = KeptForm(self.form, Drafts(shared, "last-seen"))
        self._kept.waits.connect(self._say_kept)

    def show_card(self, episode_id: str, card: LastSeen) -> None:
        """Show a card, or what was typed into it and not yet saved."""
        if episode_id == self._kept.subject and self._kept.is_kept:
            return  # somebody is typing: what they typed stays
        self._kept.stop()
        self.form.put({name: value for name, value in asdict(card).items() if name in self._names})
        self._kept.begin(episode_id)

    def try_save(self) -> bool:
        """Save the card; problems stand beside their fields."""
        values, episode_id = self.form.values_or_problems(), self._kept.subject
        if values is None or episode_id is None:
            return False
        command = WriteLastSeen(episode_id, LastSeen(**values))
        said, problems = self.tr("The card is saved"), self.form.show_problems
        done = self._shared.attempt(command, said=said, invalid=problems, written=self._kept.done)
        return done is not None

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(self.form.editors)

    def _say_kept(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.kept.setText(self._kept.words() if waits else "")

    def _risks(self) -> str:
        return self.tr("What makes it urgent")

    def _texts(self) -> tuple[Text, ...]:
        words = (
            ("seen_at", self.tr("Last seen, when")),
            ("place", self.tr("Last seen, where")),
            ("wearing", self.tr("Wearing")),
            ("looks", self.tr("Height, hair, build")),
            ("company", self.tr("With whom")),
            ("mood", self.tr("How they seemed")),
            ("carries", self.tr("Phone, money, medicines with them")),
            ("likely", self.tr("Where they may have gone")),
        )
        return tuple(Text(name, label, longest=LONGEST_ANSWER) for name, label in words)
