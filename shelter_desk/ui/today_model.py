"""The line on Today that a director has to decide between the program's words and the house's."""

from __future__ import annotations

from shelter_desk.desk import Area
from shelter_desk.desk.model_editor import changed_model
from shelter_desk.domain.staff import May
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button


class ModelDecisions(Banner):
    """Shown to whoever may change the care model, while something waits to be decided."""

    def __init__(self, shared: Shared) -> None:
        self.open = Button("", kind="ghost")
        super().__init__("", Tone.INFO, action=self.open, icon="list-checks")
        self.open.setText(self.tr("Decide"))
        self._shared = shared
        self.open.clicked.connect(self._go)
        self.hide()

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        if self._shared.may(May.MANAGE_SHELTER):
            self._shared.refresh_on(Area.SHELTER, self._refresh, self)

    def _refresh(self) -> None:
        count = len(self._shared.ask(changed_model).conflicts)
        words = self.tr(
            "The program changed {0} things of the care model that your house changed."
        )
        if count == 1:
            words = self.tr(
                "The program changed one thing of the care model that your house changed."
            )
        self.say(words.format(count))
        self.setVisible(bool(count))

    def _go(self) -> None:
        self._shared.go("model")
