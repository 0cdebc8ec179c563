"""The main window: rail, title bar, the page that is open, and what lies over all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.desk.list_copies import NoteCopied
from shelter_desk.ui.alarm import AlarmBanner
from shelter_desk.ui.cover import Cover, KeyboardInSight
from shelter_desk.ui.help import HelpSheet
from shelter_desk.ui.idle import IdleWarning, IdleWatch
from shelter_desk.ui.messages import tell
from shelter_desk.ui.page_history import has_history, show_history
from shelter_desk.ui.pages import Page, PageView
from shelter_desk.ui.palette import Finder, Palette
from shelter_desk.ui.places import Places
from shelter_desk.ui.rail import Rail
from shelter_desk.ui.room import Room, RoomBanner, ample
from shelter_desk.ui.scale import fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.strip import Strip
from shelter_desk.ui.theme import theme
from shelter_desk.ui.title_bar import TitleBar
from shelter_desk.ui.tokens import ICON_RAIL_UNDER, ONE_COLUMN_UNDER
from shelter_desk.ui.widgets.overlays import Sheet, SheetHost, give_keyboard
from shelter_desk.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from shelter_desk.ui.seat import SeatView

_WHILE_SEATED = frozenset({"Ctrl+L", "Ctrl+Shift+L", "F9", "Ctrl++", "Ctrl+=", "Ctrl+-"})
_MISSING = "missing"


@dataclass(frozen=True)
class House:
    """What the window is told about the place it stands in.

    `check` says whether a passphrase opens the desk of the person signed in (it may take a third
    of a second; it runs as a job). `find` and `actions` feed the palette: people and records
    found by what was typed, and things to do; `looked` hears when a search is over. `room` tells
    how full the disk is. `hint` stands on the cover: an invented shelter says its passphrase.
    """

    name: str
    role: str
    check: Callable[[str], bool]
    find: Finder = lambda _typed: ()
    actions: Finder = lambda _typed: ()
    looked: Callable[[str], None] = lambda _typed: None
    soft_lock_s: int = 300
    hard_lock_s: int = 900
    warning_s: int = 14
    room: Callable[[], Room] = ample
    hint: str = ""


class MainWindow(SheetHost):
    """Shows the pages a person may see. Say `shared.go(...)` to move.

    Signals for whoever built it: `locked` (soft lock: the window is covered), `hard_lock_wanted`
    (15 quiet minutes, or "Switch person": end the desk), `closing`.
    """

    locked = Signal()
    hard_lock_wanted = Signal()
    closing = Signal()

    def __init__(self, shared: Shared, pages: Sequence[Page], house: House) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Shelter Desk"))  # never a name of a person or a page
        self._shared, self._house = shared, house
        self._pages = {page.name: page for page in pages if shared.may(page.needs)}
        self._views: dict[str, PageView] = {}
        self._titles: dict[str, tuple[str, str]] = {}
        self._open = ""
        self._narrow: bool | None = None
        self._focus_before: QWidget | None = None
        self._warning: IdleWarning | None = None
        rail_pages = [page for page in self._pages.values() if page.in_rail]
        self.rail = Rail(rail_pages, house.name, shared.staff.name, house.role)
        self.bar, self.stack = TitleBar(), QStackedWidget()
        self._body = QWidget()
        self._right = right = QVBoxLayout()
        self.alarm, self.room = AlarmBanner(shared), RoomBanner(house.room)
        self.strip = Strip(shared) if _MISSING in self._pages else None
        above = (self.bar, self.alarm, self.strip, self.room)
        fill(right, (*above, (self.stack, 1)), spacing=0)
        fill(QHBoxLayout(self._body), (self.rail, right), spacing=0)
        fill(QVBoxLayout(self), (self._body,), spacing=0)
        if self.strip is not None:
            self.strip.start()
        self.toast = Toast(self)
        self.seat: SeatView | None = None
        self.cover = Cover(self, shared, house.check, house.hint)
        self.watch = IdleWatch(
            self,
            soft_s=house.soft_lock_s,
            hard_s=house.hard_lock_s,
            warning_s=house.warning_s,
        )
        self._shortcuts = self._make_shortcuts(rail_pages)
        self.follow(house)
        self._connect()
        self.setMinimumSize(640, 480)
        self.resize(1366, 768)
        if rail_pages:
            self.go(rail_pages[0].name)
        self.watch.start()

    @property
    def page(self) -> str:
        """Return the name of the page that is open."""
        return self._open

    def view(self, name: str) -> PageView:
        """Return the widget of a page, building it if it was never open."""
        if name not in self._views:
            view = self._pages[name].build(self._shared)
            self._views[name] = view
            view.titled.connect(lambda title, quiet, at=name: self._title(at, title, quiet))
            if self._narrow is not None:
                view.set_narrow(self._narrow)
            self.stack.addWidget(view)
        return self._views[name]

    def follow(self, house: House) -> None:
        """Show the name, and keep the quiet minutes, that the house has now."""
        self.rail.show_house(house.name)
        self.watch.set_quiet(soft_s=house.soft_lock_s, hard_s=house.hard_lock_s)
        quiet = self.tr("Locks by itself after {0} quiet minutes")
        self.rail.lock.say_hint(quiet.format(house.soft_lock_s // 60))

    def go(self, name: str, subject: str = "") -> None:
        """Open a page, on a subject if one is given. A page they may not see is left closed."""
        if name not in self._pages:
            return
        if self._open and self._open != name:
            self._shared.flushing.emit()
            self._views[self._open].leaving()
        self._open = name
        view = self.view(name)
        if subject:
            view.open_subject(subject)
        elif self.stack.currentWidget() is view:
            view.chosen_again()
        self.stack.setCurrentWidget(view)
        page = self._pages[name]
        self.rail.light(page.home or name)
        self.bar.history.setVisible(has_history(self._shared, page))
        self._show_title()

    def hide_now(self) -> None:
        """Cover everything at once with a clock (F9, three Esc, the Hide button)."""
        self._cover(locked=False)

    def lock_now(self) -> None:
        """Cover the desk and ask for the passphrase. What was typed is kept."""
        self._cover(locked=True)
        self.locked.emit()

    @property
    def is_covered(self) -> bool:
        """Tell whether the desk is hidden or locked."""
        return not self.cover.isHidden()

    def keeps_back(self, sheet: Sheet) -> bool:
        """Tell whether a sheet waits: nothing lies over a lock, or before who sits in the seat."""
        return self.is_covered or (self.seat is not None and not isinstance(sheet, IdleWarning))

    def notes_copy(self, lines: int) -> bool:
        """Write down that a list of the open page is copied off the screen; say whether it may."""
        said = self.tr("Copied. That it was is in the audit trail.")
        return self._shared.attempt(NoteCopied(self._open, lines), said=said) is not None

    def search(self) -> Palette:
        """Open the palette."""
        house, places = self._house, Places(tuple(self._pages.values()), self.go)
        palette = Palette((house.find, house.actions, places), looked=house.looked)
        palette.open_over(self.stack, palette.search)
        return palette

    def start_new(self) -> Palette:
        """Open the palette with things to do only."""
        palette = Palette((self._house.actions,), name=self.tr("New"))
        palette.open_over(self.stack, palette.search)
        return palette

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self.isMinimized():
            self._shared.flushing.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.cover.setGeometry(self.rect())
        if self.seat is not None:
            self.seat.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._shared.flushing.emit()
        self.watch.stop()
        if self.seat is not None:  # whoever goes on from here finds the trail whole
            self.seat.close_seat()
        self.closing.emit()
        super().closeEvent(event)

    def _connect(self) -> None:
        self.rail.went.connect(self.go)
        self.rail.lock_wanted.connect(self.lock_now)
        self.bar.search_wanted.connect(self.search)
        self.bar.history_wanted.connect(self.history)
        self.bar.new_wanted.connect(self.start_new)
        self.bar.hide_wanted.connect(self.hide_now)
        self.cover.opened.connect(self._uncover)
        self.cover.switch_wanted.connect(self.hard_lock_wanted)
        self.watch.escaped.connect(self.hide_now)
        self.watch.warned.connect(self._warn)
        self.watch.returned.connect(self._end_warning)
        self.watch.soft.connect(self.lock_now)
        self.watch.hard.connect(self.hard_lock_wanted)
        self.toast.undone.connect(self._shared.undo)
        self.toast.takes.connect(self._make_room)
        self._shared.went.connect(self.go)
        if self.strip is not None:
            self.strip.opened.connect(self.go)
        self._shared.said.connect(self._say)
        self._shared.told.connect(self._tell)
        self._shared.seat_wanted.connect(self.seat_somebody)
        self._shared.counted.connect(self.rail.show_count)
        theme().changed.connect(self._restyled)
        self._in_sight = KeyboardInSight(self, self._give_back)

    def _make_shortcuts(self, rail_pages: Sequence[Page]) -> list[QShortcut]:
        made = [
            self._shortcut("Ctrl+K", self.search),
            self._shortcut("Ctrl+N", self.start_new),
            self._shortcut("Ctrl+L", self.lock_now),
            self._shortcut("Ctrl+Shift+L", self.hard_lock_wanted.emit),
            self._shortcut("F8", partial(self.go, _MISSING, "someone")),
            self._shortcut("F9", self.hide_now),
            self._shortcut("Ctrl+Z", self._shared.undo),
            self._shortcut("Ctrl++", partial(theme().step_text_size, 25)),
            self._shortcut("Ctrl+=", partial(theme().step_text_size, 25)),
            self._shortcut("Ctrl+-", partial(theme().step_text_size, -25)),
            self._shortcut("F1", self.help),
            self._shortcut("Ctrl+H", self.history),
        ]
        for place, page in enumerate(rail_pages[:9], start=1):
            made.append(self._shortcut(f"Alt+{place}", self.rail.button(page.name).click))
        return made

    def _shortcut(self, keys: str, slot: Callable[..., object]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(slot)
        return shortcut

    def help(self) -> HelpSheet:
        """Say what the open page is for, and the keys (F1)."""
        page = self._pages[self._open]
        sheet = HelpSheet(page, history=has_history(self._shared, page))
        sheet.open_over(self, sheet.done)
        return sheet

    def history(self) -> None:
        """Show who touched what stands on the open page (Ctrl+H), to whom the trail is open."""
        show_history(self, self._shared, self._pages[self._open], self._views[self._open])

    def _cover(self, *, locked: bool) -> None:
        already = self.is_covered
        self._end_warning()  # first: its button, which has the keyboard, goes with it
        if not already:
            self._focus_before = self.focusWidget()
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isVisible():
                window.close()  # menus and calendars are windows of their own
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
        self.cover.put_over(locked=locked)
        if self.seat is not None:
            self.seat.hide()
        self._body.hide()
        self.toast.hide()
        for sheet in self.findChildren(Sheet):
            sheet.hide()
        if not already:
            # After the cover is on screen: saving a draft must not delay hiding it.
            QTimer.singleShot(0, self._shared.flushing.emit)

    def _give_back(self) -> None:
        if self.is_covered:
            self.cover.take_keyboard()
        elif self.seat is not None and self.seat.isVisible():
            self.seat.record.setFocus(Qt.FocusReason.OtherFocusReason)

    def _uncover(self) -> None:
        self.cover.take_away()
        if self.seat is not None:  # somebody from outside sits here: nothing but their screen
            self._give_to(self.seat)
            self.watch.start()
            return
        self._body.show()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(True)
        sheets = self.findChildren(Sheet)
        for sheet in sheets:
            sheet.show()
        give_keyboard(self._focus_before, sheets[-1] if sheets else self.stack)
        for sheet in sheets:
            if sheet.waits:
                sheet.come_forward()
        self.watch.start()

    def seat_somebody(self, seat_id: str) -> None:
        """Give the window to an inspector's seat until it ends; the desk behind is closed."""
        from shelter_desk.ui.seat import SeatView  # noqa: PLC0415 - never on the way in

        self._shared.flushing.emit()
        self.seat = SeatView(self, self._shared, seat_id, self._house.check)
        self.seat.ended.connect(self._seat_ended)
        for sheet in self.findChildren(Sheet):
            sheet.hide()
        self.toast.hide()
        self._body.hide()
        self._give_to(self.seat)

    def _give_to(self, seat: SeatView) -> None:
        seat.show()
        seat.record.setFocus(Qt.FocusReason.OtherFocusReason)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(shortcut.key().toString() in _WHILE_SEATED)

    def _seat_ended(self, by_person: bool) -> None:  # noqa: FBT001 - a signal's argument
        seat, self.seat = self.seat, None
        if seat is not None:
            seat.hide()
            seat.deleteLater()
        if not by_person and not self.is_covered:
            self.lock_now()  # nobody who belongs to the desk may be sitting here
        self._focus_before = None  # what had the keyboard is gone
        if by_person:
            self._uncover()

    def _warn(self, seconds: int) -> None:
        if self.is_covered:
            return
        if self._warning is None:
            self._warning = IdleWarning(self._house.soft_lock_s // 60, self._house.warning_s)
            self._warning.lock_wanted.connect(self.lock_now)
            self._warning.open_over(self, self._warning.here)
        self._warning.show_left(seconds)

    def _end_warning(self) -> None:
        if self._warning is not None:
            warning, self._warning = self._warning, None
            warning.close_sheet()

    def _say(self, text: str, undo: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not self.is_covered and self.seat is None:
            self.toast.show_line(text, undo=undo, inset=self.rail.width())

    def _make_room(self, height: int) -> None:
        # The page stands above the toast: no row and no button is covered, wherever they are.
        self._right.setContentsMargins(0, 0, 0, height)

    def _tell(self, error: Exception) -> None:
        tell(self, error)

    def _title(self, name: str, title: str, quiet: str) -> None:
        self._titles[name] = (title, quiet)
        if name == self._open:
            self._show_title()

    def _show_title(self) -> None:
        plain = QCoreApplication.translate("pages", self._pages[self._open].title)
        self.bar.show_title(*self._titles.get(self._open, (plain, "")))

    def _restyled(self) -> None:
        self._narrow = None
        self._arrange()

    def _arrange(self) -> None:
        width = self.width() / theme().scale
        self.rail.set_narrow(narrow=width < ICON_RAIL_UNDER)
        narrow = width < ONE_COLUMN_UNDER
        self.bar.set_narrow(narrow=narrow)
        if narrow != self._narrow:
            self._narrow = narrow
            for view in self._views.values():
                view.set_narrow(narrow)
