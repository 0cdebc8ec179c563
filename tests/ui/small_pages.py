"""Three small pages, as somebody who adds pages would write them, for tests of the window."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.domain.staff import May
from shelter_desk.ui.forms import Choice, Day, Form, LongText, Text, YesNoNotSure
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    CheckBox,
    Chip,
    ChipChoice,
    Columns,
    DueLine,
    DueList,
    IconButton,
    PrimaryButton,
    Scroll,
    SearchBox,
    SectionHeader,
    SegmentedControl,
    Table,
    Urgency,
)

NOON = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


def due_lines():
    return (
        DueLine(
            1,
            "Health screening",
            "2 days late",
            Urgency.LATE,
            "Sky R.",
            "Medical",
            "Nurse",
            "stethoscope",
            Tone.INFO,
        ),
        DueLine(2, "Call the guardian ad litem", "1 day late", Urgency.LATE, "Ash T."),
        DueLine(3, "Review the safety plan", "by 3:00 pm", Urgency.SOON, "River L."),
    )


class TodayPage(PageView):
    """Lists, chips, a side column."""

    def __init__(self, shared):
        super().__init__()
        self.subjects = []
        self.list, self.later = DueList("Overdue"), DueList("Due today")
        self.list.show_lines(due_lines())
        self.later.show_lines((DueLine(9, "Evening medication check", "8:00 pm", who="Sky R."),))
        order = (("time", "By time"), ("who", "By resident"))
        self.order = SegmentedControl(order, "Order")
        self.order.set_value("time")
        self.who = ChipChoice((("all", "Everyone"), ("me", "My work")), "Whose work")
        self.who.set_value("all")
        head = SectionHeader("Overdue", icon="triangle-alert", tone=Tone.DANGER, remark="3")
        main = column(row(self.order, (self.who, 1)), Card(head, self.list), Card(self.later))
        self.read = CheckBox("I have read this")
        side = column(Card(self.read), Card(Button("New arrival", "door-open", kind="tile")))
        self.columns = Columns(main, side)
        fill(QVBoxLayout(self), (self.columns,), margins=PAGE_MARGINS)

    def open_subject(self, subject):
        self.subjects.append(subject)
        self.titled.emit("Today", subject)

    def set_narrow(self, narrow):
        self.columns.set_narrow(narrow)


class ResidentsPage(PageView):
    """A table with a filter."""

    def __init__(self, shared):
        super().__init__()
        columns = (
            Column("Resident", lambda line: line[0], stretch=True, avatar=True),
            Column("Tasks", lambda line: line[1], tone=lambda line: Tone.DANGER),
        )
        self.table = Table(columns, "Residents")
        self.table.show_lines((("Sky R.", "1 late"), ("Ash T.", "on track")))
        tools = row(
            SearchBox("Filter by name"), Chip("Away"), STRETCH, IconButton("printer", "Print")
        )
        fill(QVBoxLayout(self), (tools, (Card(self.table, margins=(1, 4, 1, 4)), 1)))


class IntakePage(PageView):
    """A form that keeps its drafts."""

    def __init__(self, shared):
        super().__init__()
        self.drafts = []
        self.form = Form(
            (
                Text("called", "What do they want to be called?", needed=True),
                Choice("by", "Brought by", (("p", "Police"), ("h", "Hospital")), chips=True),
                YesNoNotSure("hurt", "Hurt or unwell?"),
                Day("on", "First day", shared.today()),
                LongText("note", "Anything the next shift must know"),
            ),
            columns=2,
        )
        self.form.changed.connect(self._keep)
        shared.flushing.connect(self.form.flush)
        save = PrimaryButton("Save", "check")
        fill(QVBoxLayout(self), ((Scroll(self.form), 1), row(STRETCH, save)))

    def _keep(self):
        self.drafts.append(self.form.typed())


PAGES = (
    Page(10, "Today", "layout-list", May.READ_RECORDS, TodayPage, name="today"),
    Page(20, "Residents", "users", May.READ_RECORDS, ResidentsPage, name="residents"),
    Page(30, "Intake", "door-open", May.INTAKE, IntakePage, False, "residents", "intake"),
    Page(110, "Staff", "user-cog", May.MANAGE_STAFF, ResidentsPage, name="staff"),
)
