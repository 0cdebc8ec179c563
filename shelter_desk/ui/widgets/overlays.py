"""What lies over the window: sheets (dialogs inside the window) and questions.

Nothing here is a window of its own, so hiding or locking the main window covers all of it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QBoxLayout, QWidget
from shiboken6 import isValid

from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import RADIUS_CARD
from shelter_desk.ui.widgets.buttons import Button
from shelter_desk.ui.widgets.text import Label


class SheetHost(QWidget):
    """A window that may keep sheets back: it is locked, or somebody from outside sits at it.

    Work that ends then must not lay what it found over the lock. Whoever gives the window back
    calls `come_forward()` of each sheet that `waits`.
    """

    def keeps_back(self, sheet: Sheet) -> bool:
        """Tell whether a sheet that is opened now has to wait."""
        raise NotImplementedError


class Sheet(QWidget):
    """A dialog that lies over its host: dimmed ground, a card, Esc closes, Tab stays inside.

    Put parts in with `parts`, open with `open_over(host)`. The focus returns where it was.

    Attributes:
        returns_to: what had the keyboard before, and gets it back.
        waits: it was opened while its window kept sheets back, and was not on screen yet.
        hides_page: nothing of the page is seen behind it; somebody from outside looks on.
    """

    closed = Signal()

    def __init__(self, title: str, *parts: object, width: float = 520) -> None:
        super().__init__()
        self._width = width
        self.returns_to: QWidget | None = None
        self.waits = self.hides_page = False
        self._lies_over: QWidget | None = None
        self._begins_at: QWidget | None = None
        self.setAccessibleName(title)
        self.title = Label(title, "h2", wrap=True)
        self.card = _SheetCard(self)
        box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self.card)
        fill(box, (self.title if title else None, *parts), spacing=12, margins=(22, 20, 22, 18))
        self.body = box
        self.card.installEventFilter(self)
        self.hide()

    def open_over(self, host: QWidget, focus: QWidget | None = None) -> None:
        """Lie over the window of `host` until closed, with the keyboard in `focus`."""
        window, self._lies_over = host.window(), host
        self.returns_to = window.focusWidget()
        self.setParent(window)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._begins_at = focus
        self.waits = isinstance(window, SheetHost) and window.keeps_back(self)
        if not self.waits:
            self.come_forward()

    def come_forward(self) -> None:
        """Lie on top, with the keyboard."""
        self.waits = False
        self.show()
        self.raise_()
        self._place()
        begins_at, self._begins_at = self._begins_at, None
        first = begins_at or _first_focus(self.card)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        """Close and give the keyboard back."""
        if not self.isVisible() and self.parentWidget() is None:
            return
        if self._has_keyboard():
            self.hide()
            give_keyboard(self.returns_to, self._lies_over)
        else:  # what was done here opened another sheet, which has it
            self._leave_to_next()
            self.hide()
        self.closed.emit()
        self.setParent(None)
        self.deleteLater()

    def _has_keyboard(self) -> bool:
        now = self.window().focusWidget()
        return not any(
            sheet is not self and sheet.isVisible() and now is not None and sheet.isAncestorOf(now)
            for sheet in self.window().findChildren(Sheet)
        )

    def _leave_to_next(self) -> None:
        """Let sheets that were opened from here give the keyboard back to where it came from."""
        for sheet in self.window().findChildren(Sheet):
            before = sheet.returns_to
            if before is not None and _alive(before) and self.isAncestorOf(before):
                sheet.returns_to = self.returns_to

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
        colour = QColor(tokens.bg if self.hides_page else tokens.scrim)
        colour.setAlpha(255 if self.hides_page else tokens.scrim_alpha)
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour)
        painter.end()

    def _place(self) -> None:
        px = theme().px
        wide = min(px(self._width), self.width() - px(24))
        self.card.setFixedWidth(max(wide, 120))
        layout = self.body
        tall = layout.heightForWidth(wide) if layout.hasHeightForWidth() else -1
        tall = max(tall, layout.totalSizeHint().height() if tall < 0 else 0)
        tall = max(tall, layout.totalMinimumSize().height())
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


def give_keyboard(back: QWidget | None, host: QWidget | None) -> None:
    """Give the keyboard to what had it; where that is gone or off, to the first thing in `host`.

    It stays where the host has put it meanwhile.
    """
    if back is not None and _alive(back) and back.isVisible() and back.isEnabled():
        back.setFocus(Qt.FocusReason.OtherFocusReason)
    elif host is not None and _alive(host):
        now = host.window().focusWidget()
        if now is not None and now is not host and host.isAncestorOf(now) and now.isVisible():
            return
        for first in focusables(host)[:1]:
            first.setFocus(Qt.FocusReason.OtherFocusReason)


def focusables(root: QWidget) -> list[QWidget]:
    """Return what Tab reaches inside `root`, in order.

    The chain goes through every page of the window, thousands of widgets: it is followed only
    until all that is inside was met, which mostly stands together.
    """
    inside = {widget for widget in root.findChildren(QWidget) if _tab_stops_at(widget)}
    found: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root and len(found) < len(inside):
        if widget in inside:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _tab_stops_at(widget: QWidget) -> bool:
    reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return reached and widget.isVisible() and widget.isEnabled()


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

    def _go(self) -> None:
        act = self._on_yes
        self.close_sheet()
        act()
