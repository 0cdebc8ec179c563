"""The pages of the main window. A page is a module here with a `PAGE`; being here is enough.

For page writers, the last line of ``ui/pages/today.py``::

    from shelter_desk.ui.words import QT_TRANSLATE_NOOP
    PAGE = Page(order=10, title=QT_TRANSLATE_NOOP("pages", "Today"), icon="layout-list",
                needs=May.READ_RECORDS, build=TodayPage)

and above it a class that takes only `Shared`::

    class TodayPage(PageView):
        def __init__(self, shared: Shared) -> None:
            super().__init__()
            self.columns = Columns(main, side)                    # side goes below when narrow
            fill(QVBoxLayout(self), (self.columns,), margins=PAGE_MARGINS)
            shared.refresh_on(Area.DUE, self._refresh, self)

        def open_subject(self, subject: str) -> None: ...     # from shared.go("today", subject)
        def set_narrow(self, narrow: bool) -> None: self.columns.set_narrow(narrow)

Say what stands in the title bar with ``self.titled.emit(title, quiet_words)``. A page is built
when it is first opened and kept while the desk is open. Pages never import each other.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.staff import May
from shelter_desk.ui.scale import Margins
from shelter_desk.ui.shared import Shared

PAGE_MARGINS: Margins = (20, 14, 16, 12)


class PageView(QWidget):
    """The widget of a page. Everything here may be overridden; nothing must be."""

    titled = Signal(str, str)

    def open_subject(self, subject: str) -> None:
        """Show a subject, such as the public id of a stay."""

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Arrange in one column (True) or more. Called before the first showing, and on change."""

    def leaving(self) -> None:
        """The person goes to another page; what was typed must not be lost."""

    def chosen_again(self) -> None:
        """The open page was chosen: a page with a list shows the list, whatever lies open."""

    def show_own_history(self) -> bool:
        """Show who touched the record that lies open, where the page itself has it; tell if so.

        Everything else is shown over the page, by the kinds of events in `Page.touched`.
        """
        return False


@dataclass(frozen=True, slots=True)
class Page:
    """What the main window needs to know about a page.

    Pages are sorted by `order`; a line stands on the rail where the hundreds change (a page at
    110 stands below it). `name` is the module's name, filled in by `discover`. A page that is not
    `in_rail` is reached with `shared.go`; `home` names the page lit on the rail meanwhile. `help`
    is what F1 says about it, in a few plain sentences. `touched` are the kinds of events about
    what stands on it, as in "visit" or "stay.bed"; its history shows those (Ctrl+H). None: nothing
    on it can be touched, or it is the trail itself.
    """

    order: int
    title: str
    icon: str
    needs: May
    build: Callable[[Shared], PageView]
    in_rail: bool = True
    home: str = ""
    name: str = ""
    help: str = ""
    touched: tuple[str, ...] = ()


def discover() -> tuple[Page, ...]:
    """Return every page in this package, in order."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    pages = [replace(import_module(f"{__name__}.{name}").PAGE, name=name) for name in names]
    return tuple(sorted(pages, key=lambda page: page.order))
