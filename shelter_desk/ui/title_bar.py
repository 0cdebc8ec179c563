"""The bar on top: where you are, who touched it, the search box, New and Hide."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from shelter_desk.ui.scale import STRETCH, fill, fixed
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import CONTROL_HEIGHT, TITLE_BAR
from shelter_desk.ui.widgets import Button, IconButton, Label, PrimaryButton
from shelter_desk.ui.widgets.buttons import draw_button
from shelter_desk.ui.widgets.marks import draw_key


class SearchButton(QPushButton):
    """Looks like a search box and opens the palette, where the typing happens."""

    def __init__(self) -> None:
        super().__init__()
        self._narrow = False
        self.setAccessibleName(self.tr("Search or jump to"))
        self.setAccessibleDescription("Ctrl+K")
        self.setToolTip(self.tr("Search or jump to… (Ctrl+K)"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show the icon only."""
        self._narrow = narrow
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(48 if self._narrow else 268), theme().px(CONTROL_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        tokens, px = look.tokens, look.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = (tokens.raised, tokens.border_strong, tokens.muted, tokens.muted)
        draw_button(painter, self.rect(), colours, focused=self.hasFocus())
        side = px(18 if self._narrow else 16)
        left = (self.width() - side) // 2 if self._narrow else px(11)
        mark = look.pixmap("search", "muted", side / look.scale)
        painter.drawPixmap(QRect(left, (self.height() - side) // 2, side, side), mark, mark.rect())
        if not self._narrow:
            painter.setFont(look.font(14))
            painter.setPen(QColor(tokens.muted))
            room = self.rect().adjusted(px(35), 0, -px(64), 0)
            words = painter.fontMetrics().elidedText(
                self.tr("Search or jump to…"), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
            high = px(20)
            cap = QRect(self.width() - px(56), (self.height() - high) // 2, px(48), high)
            draw_key(painter, cap, "Ctrl K")
        painter.end()


class TitleBar(QWidget):
    """Emits `history_wanted`, `search_wanted`, `new_wanted` and `hide_wanted`."""

    history_wanted = Signal()
    search_wanted = Signal()
    new_wanted = Signal()
    hide_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", "h2")
        self.quiet = Label("", "muted")
        self.history = IconButton(
            "history", self.tr("Who touched what is on this page"), kind="ghost"
        )
        self.history.setToolTip(self.tr("Who touched what is on this page (Ctrl+H)"))
        self.search = SearchButton()
        self.new = PrimaryButton(self.tr("New"), "plus")
        self.hide_button = Button(self.tr("Hide"), "eye-off")
        self.hide_button.setToolTip(self.tr("Cover everything at once (F9)"))
        self.history.clicked.connect(self.history_wanted)
        self.search.clicked.connect(self.search_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.hide_button.clicked.connect(self.hide_wanted)
        acts = (self.history, self.search, self.new, self.hide_button)
        parts = (self.title, self.quiet, STRETCH, *acts)
        fill(QHBoxLayout(self), parts, spacing=10, margins=(20, 0, 16, 0))
        fixed(self, height=TITLE_BAR)

    def show_title(self, title: str, quiet: str = "") -> None:
        """Say which page is open, and something quiet beside it."""
        self.title.setText(title)
        self.quiet.setText(quiet)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave room for the buttons: no quiet words, a small search button."""
        self.search.set_narrow(narrow=narrow)
        self.quiet.setVisible(not narrow)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.border))
        painter.end()
