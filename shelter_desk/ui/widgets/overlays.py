"""What lies over the window: toasts with Undo, sheets (dialogs inside the window), questions.

Nothing here is a window of its own, so hiding or locking the main window covers all of it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget
from shiboken6 import isValid

from shelter_desk.ui.scale import STRETCH, fill, fixed, row
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import RADIUS_CARD
from shelter_desk.ui.widgets.buttons import Button
from shelter_desk.ui.widgets.text import Label

_TOAST_MS = 8000


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say something that only appeared on screen."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class _ToastAction(QPushButton):
    """The word in a toast that takes the last act back."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setFont(look.font(14, Weight.BOLD))
        painter.setPen(QColor(look.tokens.toast_action))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


class Toast(QWidget):
    """One line at the lower edge that says what was done and offers Undo for some seconds."""

    undone = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._label = Label("", "body")
        self._keys = Label("", "caption")
        self._undo = _ToastAction(self.tr("Undo"))
        self._undo.clicked.connect(self._take_back)
        self._mark = _ToastMark()
        box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        parts = (self._mark, self._label, self._undo, self._keys)
        fill(box, parts, spacing=12, margins=(14, 4, 12, 4))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._inset = 0
        self._host = host
        host.installEventFilter(self)
        self.hide()
        theme().changed.connect(self._recolour)

    @property
    def text(self) -> str:
        """Return the line last shown."""
        return self._label.text()

    def show_line(self, text: str, *, undo: bool = False, inset: int = 0) -> None:
        """Show a line; with Undo when asked. `inset` is the width at the left to keep clear."""
        self._inset = inset
        self._label.setText(text)
        self._undo.setVisible(undo)
        self._keys.setVisible(undo)
        self._keys.setText(self.tr("Ctrl Z"))
        self._recolour()
        self._undo.setFixedSize(
            self._undo.fontMetrics().horizontalAdvance(self._undo.text()) + theme().px(22),
            theme().px(34),
        )
        self.show()
        self.raise_()
        self._place()
        self._timer.start(_TOAST_MS)
        announce(self, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().tokens.toast_bg))
        painter.drawRoundedRect(self.rect(), theme().px(8), theme().px(8))
        painter.end()

    def _take_back(self) -> None:
        self.hide()
        self.undone.emit()

    def _place(self) -> None:
        host = self._host
        room = host.width() - self._inset
        self.setMaximumWidth(max(room - theme().px(32), 80))
        self.adjustSize()
        x = self._inset + (room - self.width()) // 2
        self.move(QPoint(x, host.height() - self.height() - theme().px(20)))

    def _recolour(self) -> None:
        tokens = theme().tokens
        for label, colour in ((self._label, tokens.toast_text), (self._keys, tokens.toast_muted)):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), QColor(colour))
            label.setPalette(palette)
        self._mark.update()


class _ToastMark(QWidget):
    def __init__(self) -> None:
        super().__init__()
        fixed(self, 18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        mark = look.pixmap("circle-check", look.tokens.toast_action, 18)
        painter.drawPixmap(self.rect(), mark, mark.rect())
        painter.end()


class Sheet(QWidget):
    """A dialog that lies over its host: dimmed ground, a card, Esc closes, Tab stays inside.

    Put parts in with `parts`, open with `open_over(host)`. The focus returns where it was.
    """

    closed = Signal()

    def __init__(self, title: str, *parts: object, width: float = 520) -> None:
        super().__init__()
        self._width = width
        self._before: QWidget | None = None
        self.setAccessibleName(title)
        self.title = Label(title, "h2")
        self.card = _SheetCard(self)
        box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self.card)
        fill(box, (self.title if title else None, *parts), spacing=12, margins=(22, 20, 22, 18))
        self.body = box
        self.card.installEventFilter(self)
        self.hide()

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window of `host` until closed, with the keyboard in `focus`."""
        window = host.window()
        self._before = window.focusWidget()
        self.setParent(window)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self._place()
        first = focus or _first_focus(self.card)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Close and give the keyboard back."""
        if not self.isVisible() and self.parentWidget() is None:
            return
        self.hide()
        if self._before is not None and _alive(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.setParent(None)
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed()
            event.accept()
            return
        super().keyPressEvent(event)

    def dismissed(self) -> None:
        """Esc was pressed. Closes; a sheet that must be answered overrides this."""
        self.close_sheet()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.card:
            if event.type() == QEvent.Type.LayoutRequest:
                self._place()  # something in it grew: a problem, a larger text
        elif event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self._place()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        move_focus(self.card, forward=forward)
        return True

    def mousePressEvent(self, event: object) -> None:
        """Clicks beside the card do nothing: typed text is not lost by a slip."""

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        colour = QColor(tokens.scrim)
        colour.setAlpha(tokens.scrim_alpha)
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour)
        painter.end()

    def _place(self) -> None:
        px = theme().px
        wide = min(px(self._width), self.width() - px(24))
        self.card.setFixedWidth(max(wide, 120))
        layout = self.body
        tall = layout.heightForWidth(wide) if layout.hasHeightForWidth() else -1
        tall = max(tall, layout.minimumSize().height(), self.card.minimumSizeHint().height())
        tall = min(tall, self.height() - px(16))
        self.card.setFixedHeight(max(tall, 60))
        spare = self.height() - tall
        self.card.move((self.width() - self.card.width()) // 2, max(spare // 2, px(8)))


class _SheetCard(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.surface))
        radius = theme().px(RADIUS_CARD)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


def _alive(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible()


def focusables(root: QWidget) -> list[QWidget]:
    """Return what Tab reaches inside `root`, in order."""
    found: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if reached and root.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def move_focus(root: QWidget, *, forward: bool) -> None:
    """Move the keyboard to the next (or previous) widget inside `root`, round and round."""
    widgets = focusables(root)
    if not widgets:
        return
    now = root.window().focusWidget()
    place = widgets.index(now) if now in widgets else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    widgets[(place + (1 if forward else -1)) % len(widgets)].setFocus(reason)


def _first_focus(root: QWidget) -> QWidget | None:
    widgets = focusables(root)
    return widgets[0] if widgets else None


def confirm(
    host: QWidget,
    *,
    title: str,
    text: str,
    action: str,
    on_yes: Callable[[], None],
    safe: str = "",
) -> Sheet:
    """Ask before something that cannot be undone. `action` names it, as in "Withdraw release".

    The safe choice ("Keep it as it is" unless `safe` says otherwise) comes first and has the
    keyboard, so Enter and Esc both change nothing.
    """
    sheet = _Question(title, text, action, on_yes, safe)
    sheet.open_over(host, sheet.keep)
    return sheet


class _Question(Sheet):
    def __init__(
        self, title: str, text: str, action: str, on_yes: Callable[[], None], safe: str
    ) -> None:
        self.keep = Button(safe or "")
        self.act = Button(action, kind="danger")
        buttons = row(STRETCH, self.keep, self.act, spacing=8)
        super().__init__(title, Label(text, wrap=True), buttons, width=480)
        if not safe:
            self.keep.setText(self.tr("Keep it as it is"))
        self._on_yes = on_yes
        self.keep.clicked.connect(self.close_sheet)
        self.act.clicked.connect(self._go)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter presses the button that has the keyboard; QPushButton alone only knows Space.
        focused = self.window().focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, Button):
            focused.click()
            return
        super().keyPressEvent(event)

    def _go(self) -> None:
        act = self._on_yes
        self.close_sheet()
        act()
