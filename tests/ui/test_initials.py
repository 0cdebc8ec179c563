"""Where names show as initials, no page shows a name, nor do its tips; what is heard says none."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QWidget

from shelter_desk.app.window import main_window
from shelter_desk.desk import shelter
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.service_entries import LogService
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from tests.ui.real_window import Records, settle

CALLED = ("Quillaja Brindlewick", "Oxalis Thimbleby")
PARTS = [part for name in CALLED for part in name.split()]
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
READ = ("text", "toolTip", "accessibleName", "accessibleDescription", "currentText", "toPlainText")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


def words_of(root):
    """Yield (kind of widget, words) for all that is shown or spoken."""
    for part in root.findChildren(QWidget):
        if not part.isVisible():
            continue
        for name in READ:
            read = getattr(part, name, None)
            said = read() if callable(read) else None
            if isinstance(said, str):
                yield type(part).__name__, said
        if isinstance(part, QComboBox):
            yield from (("an answer", part.itemText(place)) for place in range(part.count()))
        if isinstance(part, QAbstractItemView) and part.model() is not None:
            yield from cells_of(part)


def cells_of(view):
    root = view.rootIndex()
    for row in range(view.model().rowCount(root)):
        for place in range(20):
            index = view.model().index(row, place, root)
            said = (index.data(role) for role in ROLES if index.isValid())
            yield from ((type(view).__name__, word) for word in said if isinstance(word, str))


@pytest.fixture
def window(look, records, qtbot, tmp_path):
    """Return the window with all it is given in the program: its palette finds records."""
    made = main_window(records.desk, InlineJobs(), tmp_path)
    qtbot.addWidget(made)
    made.show()
    yield made
    records.everyone_leaves()


def happened(shared, clock):
    """Let two people arrive, one go missing, and everything be written that names them."""
    now, beds = clock(), [bed.bed_id for bed in shared.ask(shelter.beds)]
    stays = [
        shared.do(Admit(name, now, bed_id=bed)).subject
        for name, bed in zip(CALLED, beds, strict=False)
    ]
    types, both = ("injury",), tuple(stays)
    for command in (
        StartMissing(stays[0], now),
        PlanAppointment(stays[1], "court", now + timedelta(hours=5)),
        StartIncident(types, occurred_at=now, found_at=now, place="kitchen", residents=both),
        WriteLine(LineWords(both, (), f"{CALLED[1]} lent {CALLED[0]} a book."), now),
        LogService(stays[1], "life_skills", now, 30),
    ):
        shared.do(command)
    return stays


def walked(window, stays):
    """Open every page, and search for each of them; yield (where, kind of widget, words)."""
    for page in discover():
        for subject in stays if page.name in ("resident", "missing") else ("",):
            window.findChild(Shared).go(page.name, subject)
            settle()
            yield from ((page.name, *said) for said in words_of(window))
    for typed in ("quillaja", "oxalis", "book"):
        palette = window.search()
        QTest.keyClicks(palette.search, typed)
        settle()
        assert palette.model.rowCount() > 1
        yield from (("palette", *said) for said in words_of(palette) if said[0] != "SearchBox")
        palette.close_sheet()


def test_no_page_shows_a_name_where_initials_are_asked_for(window, records):
    stays = happened(window.findChild(Shared), records.clock)
    naming = {
        where for where, _, words in walked(window, stays) if any(one in words for one in PARTS)
    }
    assert naming >= {"today", "handoff", "shift_log", "calendar", "settings", "palette"}
    theme().apply(theme().settings._replace(initials_only=True))
    read = list(walked(window, stays))
    print(f"{len(read)} words on {len(discover())} pages; names were on {len(naming)} of them")
    found = {one for one in read if any(part in one[2] for part in PARTS)}
    assert found == set()
    assert len(read) > 5000
