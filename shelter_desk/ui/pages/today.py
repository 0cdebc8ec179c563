"""Today: who has just arrived, what is overdue, what is due, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.base import Area
from shelter_desk.desk.today import ArrivalCard, TodayBoard, TodayLine, board
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.soon import SoonCard
from shelter_desk.ui.dates import show_long_day
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.due_text import span_text
from shelter_desk.ui.in_sight import stay_in_sight
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import column, fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_acts import TodayActs
from shelter_desk.ui.today_backup import BackupReminder
from shelter_desk.ui.today_cards import (
    ArrivalView,
    Call,
    Counters,
    FoldedList,
    ListCard,
    Unfolding,
    keys_card,
    stops,
)
from shelter_desk.ui.today_kit import KitUsed, SeatLeft
from shelter_desk.ui.today_lists import (
    BY_RESIDENT,
    BY_SERVICE,
    BY_TIME,
    EVERYONE,
    MY_ROLE,
    Section,
    done_line,
    due_line,
    is_due,
    rows_of_group,
    sections,
    shown_name,
    unfolded,
    whose_first,
)
from shelter_desk.ui.today_model import ModelDecisions
from shelter_desk.ui.today_notices import OwedCard, without_owed
from shelter_desk.ui.today_opened import OpenedCard
from shelter_desk.ui.today_packs import PacksDue
from shelter_desk.ui.today_work import Work
from shelter_desk.ui.visits.mine import VisitDuties
from shelter_desk.ui.widgets import (
    Button,
    Card,
    ChipChoice,
    Columns,
    DueLine,
    DueList,
    EmptyNote,
    FlowLayout,
    Label,
    SectionHeader,
    SegmentedControl,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_MINUTE_MS = 60_000


class TodayPage(PageView):
    """The board of the day. Space ticks a row, N records another outcome, Enter opens it."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._was_left = False
        self._shared = shared
        self.acts, self.work = TodayActs(shared, self), Work(shared, self)
        self._cards: dict[str, ListCard] = {}
        self._arrivals: dict[str, ArrivalView] = {}
        self._open: dict[tuple[str, str], bool] = {}  # groups opened or closed by hand
        self._whole: set[str] = set()  # lists of which every row was asked for
        self._is_all = False  # everything that is due was asked for
        self._order_shown: list[QWidget] = []
        self.counters, self.owed = Counters(), OwedCard(shared)
        self.opened, self.kit, self.left = OpenedCard(shared), KitUsed(shared), SeatLeft(shared)
        self.backup, self.soon = BackupReminder(shared), SoonCard(shared)
        self.packs, self.duties = PacksDue(shared), VisitDuties(shared)
        self.model = ModelDecisions(shared)
        self._make_choices()
        self.empty = EmptyNote(self.tr("Nothing is waiting."), icon="circle-check")
        self.done = FoldedList(self.tr("Done today"))
        self._connect_list(self.done.unfolding, "done")
        self.done.toggled.connect(self._toggle_done)
        self._done_card = Card(self.done, margins=(10, 8, 10, 8))
        self._lists = QWidget()
        fill(QVBoxLayout(self._lists), (), spacing=10)
        self.columns = Columns(self._main(), self._side())
        fill(QVBoxLayout(self), (self.columns,), margins=PAGE_MARGINS)
        for line in (self.kit, self.left, self.backup, self.packs, self.duties, self.model):
            line.start()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._minute)
        self._timer.start(_MINUTE_MS)
        self._shortcuts = self._make_shortcuts()
        self.owed.opened.connect(shared.go)
        areas = (
            Area.DUE | Area.CARE | Area.RESIDENTS | Area.SHELTER | Area.MISSING | Area.INCIDENTS
        )
        shared.refresh_on(areas, self._refresh, self)
        shared.refresh_on(Area.STAFF, self.opened.refresh, self)
        theme().changed.connect(self._show_lists)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Put the side column below, and leave the icons of the counters out."""
        self.columns.set_narrow(narrow)
        self._keys.setVisible(not narrow)
        self.counters.set_narrow(narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.titled.emit(self.tr("Today"), show_long_day(self._shared.today()))
        QTimer.singleShot(0, self.start_at_first)

    def leaving(self) -> None:
        self._was_left = True

    def start_at_first(self) -> None:
        """Give the keyboard to the first list; under a cover that goes it stays where it was.

        Whoever comes back from another page may find somebody new at the top.
        """
        now = self.window().focusWidget()
        stays = now is not None and self.isAncestorOf(now) and not self._was_left
        if stays or not self.isVisible():
            return
        self._was_left = False
        starts: list[QWidget] = [found for found in self.lists() if found.lines]
        if self._keys.isHidden() and self.opened.isVisible():  # narrow: the lists begin below it
            starts = [*self.opened.buttons]
        if starts:
            starts[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def lists(self) -> list[DueList]:
        """Return the lists that can be seen, top to bottom."""
        found: list[DueList] = []
        for part in self._order_shown:
            if isinstance(part, ArrivalView):
                found += [group.unfolding.list for group in part.groups.values()]
            elif isinstance(part, ListCard):
                found.append(part.unfolding.list)
        found.append(self.done.unfolding.list)
        return [one for one in found if one.isVisibleTo(self)]

    # What is shown

    def _minute(self) -> None:
        if self.isVisible():
            self._refresh()
            self.backup.refresh()
            self.packs.refresh()
            self.duties.refresh()
            self.soon.refresh()

    def _refresh(self) -> None:
        found = self._shared.ask(board, now=self._shared.now())
        self._board: TodayBoard = without_owed(found, self.owed.refresh())
        self.work.refresh()
        self.hand_over.setVisible(self.work.has_own)
        self.titled.emit(self.tr("Today"), show_long_day(self._shared.today()))
        self._shared.badge("today", self._board.overdue)
        self._show_lists()

    def _show_lists(self) -> None:
        found = self._board
        if self.whose.value() == MY_ROLE:
            found = self.work.mine(found)
        self.counters.show_board(found)
        arrivals = [card for card in found.arrivals if any(group.lines for group in card.groups)]
        parts = sections(found.lines, self.order.value())
        first = [self._open_groups(card) for card in arrivals]
        few = rows_of_group(len(arrivals))
        counts = [sum(min(len(lines), few) for lines in groups.values()) for groups in first]
        room = unfolded([*counts, *(len(part.lines) for part in parts)])
        shown: list[QWidget] = [
            self._show_arrival(card, groups, few)
            for card, groups in zip(arrivals, first, strict=True)
        ]
        shown += [
            self._show_section(part, most)
            for part, most in zip(parts, room[len(arrivals) :], strict=True)
        ]
        self._arrange(shown)
        self.empty.setVisible(not shown)
        self._show_done()

    def _open_groups(self, card: ArrivalCard) -> dict[str, tuple[TodayLine, ...]]:
        """Return the lines of the groups that are open: by hand, else the first that waits."""
        groups: dict[str, tuple[TodayLine, ...]] = {}
        waiting = False
        for group in card.groups:
            is_first = bool(group.lines) and not waiting
            waiting = waiting or bool(group.lines)
            by_hand = self._open.get((card.stay_id, group.group_id), is_first)
            if by_hand or (self._is_all and any(map(is_due, group.lines))):
                groups[group.group_id] = group.lines
        return groups

    def _show_arrival(
        self, card: ArrivalCard, groups: dict[str, tuple[TodayLine, ...]], few: int
    ) -> ArrivalView:
        view = self._arrivals.get(card.stay_id) or self._new_arrival(card)
        now = self._shared.now()
        view.show_head(
            shown_name(card.called),
            self.tr("Arrived {0} ago").format(span_text(now - card.arrived_at)),
        )
        for group in card.groups:
            lines = groups.get(group.group_id, ())
            key = f"{card.stay_id}:{group.group_id}"
            shown = len(lines) if key in self._whole or self._is_all else min(len(lines), few)
            count = self.tr("{0} of {1} done").format(group.done, group.total)
            view.groups[group.group_id].show_group(
                self._rows(lines, with_name=False),
                count=count,
                shown=shown,
                is_open=group.group_id in groups,
            )
        return view

    def _show_section(self, part: Section, most: int) -> ListCard:
        key = f"{self.order.value()}:{part.key}"
        if key not in self._cards:
            card = self._cards[key] = ListCard(part.title, part.icon, part.tone)
            self._connect_list(card.unfolding, key)
        whole = key in self._whole or (self._is_all and any(map(is_due, part.lines)))
        shown = len(part.lines) if whole else most
        with_name = self.order.value() != BY_RESIDENT
        rows = self._rows(part.lines, with_name=with_name)
        self._cards[key].show_section(part.title, rows, shown)
        return self._cards[key]

    def _rows(self, lines: Sequence[TodayLine], *, with_name: bool) -> tuple[DueLine, ...]:
        now, zone = self._shared.now(), self._shared.zone
        return tuple(
            due_line(line, now, zone, with_name=with_name, given_to=self.work.given_to(line))
            for line in lines
        )

    def _show_done(self) -> None:
        is_open = self._open.get(("done", ""), False)
        model = care_model(self._shared)
        rows = [done_line(line, model, self._shared.zone) for line in self._board.done]
        few = len(rows) if "done" in self._whole else min(len(rows), 10)
        self.done.show_group(rows, count=str(len(rows)), shown=few, is_open=is_open)
        self._done_card.setVisible(bool(rows))

    def _arrange(self, shown: list[QWidget]) -> None:
        if shown == self._order_shown:
            return
        layout = self._lists.layout()
        for part in self._order_shown:
            if part not in shown:
                part.hide()
        self._order_shown = shown
        for part in shown:
            if layout is not None:
                layout.removeWidget(part)
                layout.addWidget(part)
            part.show()
        reached = [stop for part in shown for stop in stops(part)]
        reached += [self.done.button, self.done.unfolding.list, self.done.unfolding.more]
        for one, other in pairwise(reached):
            QWidget.setTabOrder(one, other)

    # What is done

    def _new(self) -> None:
        self._shared.go("arrival")

    def _missing(self) -> None:
        self._shared.go("missing", "someone")

    def _toggle_all(self) -> None:
        """Unfold everything that is due, or fold it again; the row with the keyboard keeps it."""
        self._is_all = not self._is_all
        self.owed.set_whole(self._is_all)
        self.soon.set_whole(self._is_all)
        self._refresh()
        stay_in_sight(self.window().focusWidget() or self)

    def _toggle_done(self) -> None:
        self._open["done", ""] = not self._open.get(("done", ""), False)
        self._show_done()

    # How it is made

    def _make_choices(self) -> None:
        orders = (
            (BY_TIME, self.tr("By time")),
            (BY_RESIDENT, self.tr("By resident")),
            (BY_SERVICE, self.tr("By service")),
        )
        whose = ((EVERYONE, self.tr("Everyone")), (MY_ROLE, self.tr("My work")))
        self.order = SegmentedControl(orders, self.tr("Order"))
        self.whose = ChipChoice(whose, self.tr("Whose work"))
        self.order.set_value(BY_TIME)
        self.whose.set_value(whose_first(self._shared.staff))
        self.order.chosen.connect(self._show_lists)
        self.whose.chosen.connect(self._show_lists)

    def _main(self) -> QWidget:
        words = self.tr("Space = done  ·  N = other outcome  ·  Enter = open")
        self._keys = Label(words, "caption")
        fixed(self._keys, height=34)
        choices = QWidget()
        flow = FlowLayout(14, choices)
        for part in (self.order, self.whose, self._keys):
            flow.addWidget(part)
        told = (self.opened, self.kit, self.left, self.backup, self.packs, self.duties)
        parts = (self.counters, self.owed, choices, self._lists, self.empty, self._done_card)
        return column(*told, self.model, *parts, spacing=10)

    def _side(self) -> QWidget:
        self.new = Button(self.tr("New arrival"), "door-open", kind="tile")
        self.log = Button(self.tr("Log a service"), "clipboard-check", kind="tile")
        self.new.clicked.connect(self._new)
        self.log.clicked.connect(self.acts.log)
        self.missing = Button(self.tr("Someone is missing"), "siren", kind="tile-danger")
        self.missing.clicked.connect(self._missing)
        self.hand_over = Button(self.tr("Hand over my work"), "handshake", kind="tile")
        self.hand_over.clicked.connect(self.work.hand_over)
        tiles = (self.new, self.log, self.hand_over, self.missing)
        actions = Card(SectionHeader(self.tr("Quick actions")), *tiles)
        self.missing.setVisible(self._shared.may(May.WRITE_CARE))
        self.new.setVisible(self._shared.may(May.INTAKE))
        self.log.setVisible(self._shared.may(May.WRITE_CARE))
        return column(actions, self.soon, keys_card(), spacing=10)

    def _make_shortcuts(self) -> list[QShortcut]:
        # Single letters work only while the keyboard is on this page.
        made = []
        for keys, slot in (
            ("A", self.new.click),
            ("L", self.log.click),
            ("W", self.acts.write_line),
            ("G", self.work.give_chosen),
            ("M", self._toggle_all),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
            made.append(shortcut)
        return made

    def _new_arrival(self, card: ArrivalCard) -> ArrivalView:
        view = ArrivalView(card.stay_id, [(group.group_id, group.title) for group in card.groups])
        view.opened.connect(self.acts.open_resident)
        for group_id, folded in view.groups.items():
            key = (card.stay_id, group_id)
            folded.toggled.connect(Call(self._toggle_group, key))
            self._connect_list(folded.unfolding, f"{card.stay_id}:{group_id}")
        self._arrivals[card.stay_id] = view
        return view

    def _toggle_group(self, key: tuple[str, str]) -> None:
        folded = self._arrivals[key[0]].groups[key[1]]
        self._open[key] = not folded.unfolding.isVisibleTo(folded)
        self._show_lists()

    def _connect_list(self, unfolding: Unfolding, key: str) -> None:
        self.acts.listen_to(unfolding.list)
        unfolding.more_wanted.connect(Call(self._show_whole, key))

    def _show_whole(self, key: str) -> None:
        self._whole.add(key)
        self._show_lists()


PAGE = Page(
    order=10,
    title=QT_TRANSLATE_NOOP("pages", "Today"),
    icon="layout-list",
    needs=May.READ_RECORDS,
    build=TodayPage,
    touched=("item", "work", "audit.alarm-seen", "class.seen", "kit.replace"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "What is late, what is due today, and for whom. Space ticks the line you are "
        "on: it was offered and dealt with. N gives another outcome with a reason, "
        "Enter opens the resident, M shows everything that is due. Ctrl Z takes the last "
        "tick back; nothing is ever erased.",
    ),
)
