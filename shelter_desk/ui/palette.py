"""Ctrl+K: people, things to do and places, found while you type.

Whoever builds the main window passes finders: functions from what was typed to `Hit`s. They run
at every key, so they must answer at once; an empty text asks for what is most useful.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.theme import Weight, theme
from shelter_desk.ui.widgets import Label, SearchBox, Sheet
from shelter_desk.ui.widgets.marks import draw_avatar, draw_key

Index = QModelIndex | QPersistentModelIndex
HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_TOP = QModelIndex()
_MOST = 30
_PAUSE_MS = 1500


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `avatar` is a person's name; without it `icon` is shown.

    `is_record`: it was found in somebody's record, so the trail must say that somebody looked.
    """

    group: str
    text: str
    go: Callable[[], None]
    below: str = ""
    icon: str = "arrow-right"
    avatar: str = ""
    keys: str = ""
    is_record: bool = False


Finder = Callable[[str], Sequence[Hit]]


def matches(typed: str, *texts: str) -> bool:
    """Tell whether every word typed begins a word of the texts."""
    words = " ".join(texts).casefold().replace("-", " ").split()
    return all(any(word.startswith(part) for word in words) for part in typed.casefold().split())


class _Hits(QAbstractListModel):
    """Headings and hits in one list; headings cannot be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Hit | str] = []

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self._rows = []
        groups = dict.fromkeys(hit.group for hit in hits)
        for group in groups:
            self._rows.append(group)
            self._rows += [hit for hit in hits if hit.group == group]
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's QVariant
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        if role == HIT_ROLE:
            return found
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return found if isinstance(found, str) else f"{found.text}, {found.below}".strip(", ")


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = isinstance(index.data(HIT_ROLE), str)
        return QSize(100, theme().px(26 if heading else 48))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place, found = cast("Any", option), index.data(HIT_ROLE)
        rect = cast("QRect", place.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(found, str):
            look = theme()
            painter.setFont(look.font(12, Weight.STRONG))
            painter.setPen(QColor(look.tokens.muted))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, found)
        else:
            chosen = bool(place.state & QStyle.StateFlag.State_Selected)
            _draw_hit(painter, rect, cast("Hit", found), chosen=chosen)
        painter.restore()


def _draw_hit(painter: QPainter, rect: QRect, hit: Hit, *, chosen: bool) -> None:
    look = theme()
    px, tokens = look.px, look.tokens
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.selection))
        painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), px(6), px(6))
    face = px(28)
    spot = QRect(rect.x() + px(12), rect.center().y() - face // 2, face, face)
    if hit.avatar:
        draw_avatar(painter, spot, hit.avatar)
    else:
        mark = look.pixmap(hit.icon, "accent_text", 18)
        side = px(18)
        painter.drawPixmap(
            QRect(spot.center().x() - side // 2, rect.center().y() - side // 2, side, side),
            mark,
            mark.rect(),
        )
    keys = hit.keys or ("Enter" if chosen else "")
    room = rect.adjusted(px(52), px(5), -px(96 if keys else 10), -px(5))
    _draw_lines(painter, room, hit)
    if keys:
        painter.setFont(look.font(11, Weight.STRONG))
        wide = painter.fontMetrics().horizontalAdvance(keys) + px(20)
        at = QRect(rect.right() - wide - px(12), rect.center().y() - px(9), wide, px(19))
        draw_key(painter, at, keys)


def _draw_lines(painter: QPainter, room: QRect, hit: Hit) -> None:
    look = theme()
    half = room.height() // 2
    upper = room.adjusted(0, 0, 0, -half) if hit.below else room
    for rect, text, font, colour in (
        (upper, hit.text, look.font(14, Weight.STRONG), look.tokens.text),
        (room.adjusted(0, half, 0, 0), hit.below, look.font(12), look.tokens.muted),
    ):
        painter.setFont(font)
        painter.setPen(QColor(colour))
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)


class _HitList(QListView):
    def sizeHint(self) -> QSize:
        return QSize(theme().px(560), theme().px(330))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(90))


class Palette(Sheet):
    """A search box and what it finds. Arrows choose, Enter opens, Esc closes.

    `looked` hears of a search once, when it is over: something of a record was opened, the
    palette was closed or emptied, or the person paused and has seen what was found.
    """

    def __init__(
        self,
        finders: Sequence[Finder],
        *,
        name: str = "",
        looked: Callable[[str], None] = lambda _typed: None,
    ) -> None:
        self._finders = tuple(finders)
        self._looked, self._shown, self._told = looked, "", ""
        self.search = SearchBox("", "")
        self.hits = _HitList()
        self.model = _Hits(self.hits)
        self.hits.setModel(self.model)
        self.hits.setItemDelegate(_HitDelegate(self.hits))
        self.nothing = Label("", "muted")
        self.nothing.hide()
        self._left, self._right = Label("", "caption"), Label("", "caption")
        foot = row(self._left, STRETCH, self._right)
        super().__init__("", self.search, self.nothing, self.hits, foot, width=640)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._over)
        self._prepare(name)
        self.look_for("")

    def look_for(self, typed: str) -> None:
        """Show what the finders know about a text."""
        typed = typed.strip()
        if not typed:
            self._over()  # emptied: what stood there has been seen
        self._shown = typed
        found = [hit for finder in self._finders for hit in finder(typed)][:_MOST]
        self.model.show(found)
        self.nothing.setVisible(not found)
        self._choose(0, 1)
        self._pause.start()

    def close_sheet(self) -> None:
        """Close; the search is over."""
        self._over()
        super().close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row_now = self.hits.currentIndex().row()
        if event.key() == Qt.Key.Key_Down:
            self._choose(row_now + 1, 1)
        elif event.key() == Qt.Key.Key_Up:
            self._choose(row_now - 1, -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.hits.currentIndex())
        else:
            super().keyPressEvent(event)

    def _prepare(self, name: str) -> None:
        title = name or self.tr("Search or jump to")
        self.setAccessibleName(title)
        self.search.setAccessibleName(title)
        self.search.setPlaceholderText(self.tr("A name, a code, a note, a page, something to do"))
        self.hits.setAccessibleName(self.tr("Found"))
        self.nothing.setText(self.tr("Nothing found. Try the first letters of a name or a page."))
        self._left.setText(self.tr("↑ ↓ choose   Enter open   Esc close"))
        self._right.setText(self.tr("People, notes, things to do, pages"))
        self.hits.setFrameShape(QFrame.Shape.NoFrame)
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.hits.viewport().setAutoFillBackground(False)
        self.search.searched.connect(self.look_for)
        self.hits.clicked.connect(self._open)

    def _choose(self, row_wanted: int, step: int) -> None:
        while 0 <= row_wanted < self.model.rowCount():
            index = self.model.index(row_wanted)
            if index.flags() & Qt.ItemFlag.ItemIsSelectable:
                self.hits.setCurrentIndex(index)
                return
            row_wanted += step

    def _open(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE) if index.isValid() else None
        if isinstance(hit, Hit):
            if not hit.is_record:
                self._told = self._shown  # a way to a page was looked for, and nobody's record
            before, host = self.returns_to, self._lies_over
            if before is not None and host is not None and not host.isAncestorOf(before):
                self.returns_to = None  # it was on the rail or the bar: now it is for the page
            self.close_sheet()
            hit.go()

    def _over(self) -> None:
        self._pause.stop()
        if self._shown and self._shown != self._told:
            self._told = self._shown
            self._looked(self._shown)
