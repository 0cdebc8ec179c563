"""A part of a page that is pressed as a whole: a card with words in it and a coloured edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from shelter_desk.ui.scale import Part, fill
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import RADIUS_CONTROL, Tone
from shelter_desk.ui.widgets import Label


class Pressable(QPushButton):
    """A button that holds parts below each other. Give it a name: its parts are not read out.

    `sunken` is the ground of what is over, or rests; `edge` the tone of the line at the left.
    """

    def __init__(self, *parts: Part, edge: Tone | None = None, sunken: bool = False) -> None:
        super().__init__()
        self._edge, self._sunken = edge, sunken
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        fill(QVBoxLayout(self), parts, spacing=1, margins=(11, 6, 6, 7))
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            if isinstance(part, Label):  # else it takes the colour of words on buttons
                part.setForegroundRole(QPalette.ColorRole.WindowText)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else -1

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(60), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = theme(), theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = look.px(RADIUS_CONTROL)
        rect = self.rect().adjusted(1, 1, -2, -2)
        painter.setPen(QPen(QColor(tokens.border_strong if self.hasFocus() else tokens.border)))
        painter.setBrush(QColor(tokens.sunken if self._sunken else tokens.raised))
        painter.drawRoundedRect(rect, corner, corner)
        if self._edge is not None:
            edge = QColor(tokens.tone(self._edge).strong)
            painter.fillRect(rect.x() + 1, rect.y() + 6, look.px(3), rect.height() - 12, edge)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), corner, corner)
        painter.end()
