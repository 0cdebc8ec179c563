"""The rail at the left: the pages, who is signed in, and the lock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from shelter_desk.ui.pages import Page
from shelter_desk.ui.scale import STRETCH, fill, fixed, measures, row
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.tokens import RAIL_NARROW, RAIL_WIDE
from shelter_desk.ui.widgets import Avatar, Icon, Label, Scroll
from shelter_desk.ui.widgets.marks import draw_badge

_WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


class RailButton(QPushButton):
    """A page on the rail: icon, name, and a count when something waits."""

    def __init__(self, icon: str, text: str, *, hint: str = "") -> None:
        super().__init__(text)
        self._icon_name, self._hint = icon, hint
        self._tip = ""
        self._count = 0
        self._narrow = False
        self._lit = False
        # A low screen presses the pages closer together, so that the last ones are seen too.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(text)
        theme().changed.connect(self.updateGeometry)

    def show_count(self, count: int) -> None:
        """Show how much waits there; 0 shows nothing."""
        self._count = count
        words = self.tr("{0}, {1} waiting").format(self.text(), count) if count else self.text()
        self.setAccessibleName(words)
        self.update()

    def set_lit(self, *, lit: bool) -> None:
        """Mark the page that is open."""
        self._lit = lit
        self.setAccessibleDescription(self.tr("open now") if lit else "")
        self.update()

    def say_hint(self, text: str) -> None:
        """Show a sentence as the tool tip, and read it out after the name."""
        self._tip = text
        self.setAccessibleDescription(text)
        self.setToolTip(text)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show the icon only; the name becomes the tool tip."""
        self._narrow = narrow
        name = self.text() if narrow else ""
        self.setToolTip(" · ".join(part for part in (name, self._tip) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(40), theme().px(38))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(36), theme().px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        tokens, px = look.tokens, look.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._lit or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QColor(tokens.nav_sel)
            ground.setAlpha(255 if self._lit else 120)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.rect(), px(6), px(6))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus_nav), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), px(6), px(6))
        self._draw_face(painter)
        painter.end()

    def _draw_face(self, painter: QPainter) -> None:
        look = theme()
        px = look.px
        side = px(20 if self._narrow else 18)
        left = (self.width() - side) // 2 if self._narrow else px(10)
        mark = look.pixmap(
            self._icon_name, "nav_sel_text" if self._lit else "nav_muted", side / look.scale
        )
        spot = QRect(left, (self.height() - side) // 2, side, side)
        painter.drawPixmap(spot, mark, mark.rect())
        if self._count:
            high = px(20) if not self._narrow else px(16)
            wide = max(high, px(10) + px(7) * len(str(self._count)))
            at = self.width() - wide - px(8 if not self._narrow else 1)
            y = (self.height() - high) // 2 if not self._narrow else px(1)
            draw_badge(painter, QRect(at, y, wide, high), str(self._count))
        if not self._narrow:
            self._draw_words(painter, left + side + px(10))

    def fitting(self, room: QSize) -> tuple[QFont, str]:
        """Return in which letters the name fits, on two lines where it is long, and how much."""
        look, weight = theme(), Weight.STRONG if self._lit else Weight.NORMAL
        usual = look.font(14, weight)
        if QFontMetrics(usual).horizontalAdvance(self.text()) <= room.width():
            return usual, self.text()
        small = look.font(12, weight)
        measured = QRect(0, 0, room.width(), 10_000)
        taken = QFontMetrics(small).boundingRect(measured, _WRAPPED, self.text())
        if taken.width() <= room.width() and taken.height() <= room.height():
            return small, self.text()
        mode = Qt.TextElideMode.ElideRight
        return usual, QFontMetrics(usual).elidedText(self.text(), mode, room.width())

    def _draw_words(self, painter: QPainter, left: int) -> None:
        look = theme()
        tokens = look.tokens
        room = self.rect().adjusted(left, 0, -look.px(34 if self._count else 8), 0)
        font, words = self.fitting(room.size())
        painter.setFont(font)
        painter.setPen(QColor(tokens.nav_sel_text if self._lit else tokens.nav_text))
        painter.drawText(room, _WRAPPED, words)
        if self._hint and not self._count:
            painter.setFont(look.font(11))
            painter.setPen(QColor(tokens.nav_sel_text if self._lit else tokens.nav_muted))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, side, self._hint)


class _Hairline(QWidget):
    def __init__(self) -> None:
        super().__init__()
        fixed(self, height=13)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() // 2
        painter.fillRect(0, middle, self.width(), 1, QColor(theme().tokens.nav_sel))
        painter.end()


class _MorePages(QPushButton):
    """Says that a low screen hides some of the pages, and brings them up.

    For the mouse: whoever moves with the keyboard is followed by the list itself.
    """

    def __init__(self, scroll: Scroll) -> None:
        super().__init__()
        # The bar is asked for each time: PySide takes one that is kept for deleted, once garbage
        # was collected, and an error while painting ends the program.
        self._scroll = scroll
        self._below = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._turn)
        scroll.verticalScrollBar().rangeChanged.connect(self._follow)
        scroll.verticalScrollBar().valueChanged.connect(self._follow)
        theme().changed.connect(self.updateGeometry)
        self.hide()
        self._follow()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(40), theme().px(18))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        side = look.px(16)
        name = "chevron-down" if self._below else "chevron-up"
        colour = "nav_sel_text" if self.underMouse() else "nav_muted"
        mark = look.pixmap(name, colour, side / look.scale)
        painter = QPainter(self)
        spot = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter.drawPixmap(spot, mark, mark.rect())
        painter.end()

    def _follow(self) -> None:
        bar = self._scroll.verticalScrollBar()
        self._below = bar.value() < bar.maximum()
        words = self.tr("More pages below") if self._below else self.tr("Back to the first pages")
        self.setAccessibleName(words)
        self.setToolTip(words)
        # Later: the range changes in the midst of the layout, which would not see it.
        QTimer.singleShot(0, self, self._show_if_needed)
        self.update()

    def _show_if_needed(self) -> None:
        self.setVisible(self._scroll.verticalScrollBar().maximum() > 0)

    def _turn(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + bar.pageStep() if self._below else 0)


class Rail(QWidget):
    """Emits `went` with a page's name, and `lock_wanted`."""

    went = Signal(str)
    lock_wanted = Signal()

    def __init__(self, pages: Sequence[Page], house: str, staff_name: str, role: str) -> None:
        super().__init__()
        self._buttons: dict[str, RailButton] = {}
        self._lit = ""
        self._house = Label(house, "nav-caption")
        self._title = Label(self.tr("Shelter Desk"), "nav-strong")
        self._names = QWidget()
        fill(QVBoxLayout(self._names), (self._title, self._house), spacing=0)
        self._head = row(
            Icon("house-heart", "nav_text", 22), (self._names, 1), margins=(8, 0, 0, 6)
        )
        self._who = QWidget()
        lines = (Label(staff_name, "nav"), Label(role, "nav-caption"))
        fill(QVBoxLayout(self._who), lines, spacing=0)
        user = row(Avatar(staff_name, 30), (self._who, 1), margins=(6, 0, 0, 4))
        self.lock = RailButton("lock", self.tr("Lock"), hint="Ctrl+L")
        self.lock.set_lit(lit=True)
        self.lock.setAccessibleDescription(
            self.tr("Cover the desk until your passphrase is typed")
        )
        self.lock.clicked.connect(self.lock_wanted)
        inner = QWidget()
        fill(QVBoxLayout(inner), (*self._list(pages), STRETCH), spacing=2)
        self._scroll = scroll = Scroll(inner)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._box = QVBoxLayout(self)
        more = _MorePages(scroll)
        scroll.verticalScrollBar().rangeChanged.connect(self._show_lit_soon)
        fill(self._box, (self._head, (scroll, 1), more, user, self.lock), spacing=2)
        self.setAccessibleName(self.tr("Pages"))
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons only, or icons and names."""
        for widget in (self._head, self._who):
            widget.setVisible(not narrow)
        measures(self._box, spacing=2, margins=(7, 8, 7, 8) if narrow else (10, 14, 10, 12))
        for button in (*self._buttons.values(), self.lock):
            button.set_narrow(narrow=narrow)
        fixed(self, width=RAIL_NARROW if narrow else RAIL_WIDE)

    def show_house(self, name: str) -> None:
        """Say which house this is."""
        self._house.setText(name)

    def light(self, name: str) -> None:
        """Mark the page that is open."""
        for other, button in self._buttons.items():
            button.set_lit(lit=other == name)
        self._lit = name
        self._show_lit_soon()

    def show_count(self, name: str, count: int) -> None:
        """Show how much waits on a page."""
        if name in self._buttons:
            self._buttons[name].show_count(count)

    def button(self, name: str) -> RailButton:
        """Return the button of a page."""
        return self._buttons[name]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().tokens.nav_bg))
        painter.end()

    def _list(self, pages: Sequence[Page]) -> list[QWidget]:
        parts: list[QWidget] = []
        before: int | None = None
        for page in pages:
            if before is not None and page.order // 100 != before:
                parts.append(_Hairline())
            before = page.order // 100
            button = RailButton(page.icon, QCoreApplication.translate("pages", page.title))
            button.setProperty("page", page.name)
            button.clicked.connect(self._clicked)
            self._buttons[page.name] = button
            parts.append(button)
        return parts

    def _show_lit_soon(self) -> None:
        # Later: the list has its height only after the layout, and the arrow below takes some.
        QTimer.singleShot(0, self, self._show_lit)

    def _show_lit(self) -> None:
        if self._lit in self._buttons:
            self._scroll.ensureWidgetVisible(self._buttons[self._lit], 0, theme().px(2))

    def _clicked(self) -> None:
        self.went.emit(str(self.sender().property("page")))
