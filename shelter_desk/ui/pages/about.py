"""About the care model and the program: origins, how sure we are, what is not claimed."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk import __version__
from shelter_desk.domain.care_model import CareModel, Service
from shelter_desk.domain.staff import May
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, at_most, column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Card, Label, Line, Scroll, SectionHeader, Table
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_TONES = {"verified": Tone.OK, "recalled": Tone.WARN, "addition": Tone.INFO}


class AboutPage(PageView):
    """Plain words about where everything comes from."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._model = care_model(shared)
        self.table = Table[Service](
            self._columns(self._model), self.tr("Services of the care model"), fit=True
        )
        inside = column(
            self._words(), self._claims(), self._services(), self._basis(), self._versions(),
            STRETCH, spacing=12,
        )  # fmt: skip
        at_most(inside, 980)
        fill(QVBoxLayout(self), ((Scroll(inside), 1),), margins=PAGE_MARGINS)
        self.table.show_lines(tuple(self._model.services.values()))

    def _words(self) -> QWidget:
        services, items = len(self._model.services), len(self._model.items)
        first = self.tr(
            "The care model has {0} services and {1} checklist items in three phases. It is a "
            "working model, version {2}, {3}."
        )
        second = self.tr(
            "Only the four services named in the abstract of Twigg (2017) are verified against "
            "the published text. Services recalled from Macy and Johns (2011) were not checked "
            "against the paper again. Everything else is an addition of Shelter Desk. A phase "
            "is a view, not a gate: nothing is locked."
        )
        model = self._model
        words = first.format(services, items, model.version, model.status)
        return self._card(self.tr("About the care model"), "book-open", words, second)

    def _claims(self) -> QWidget:
        return self._card(
            self.tr("What Shelter Desk does not claim"),
            "circle-minus",
            self.tr("It is not a HUD comparable database."),
            self.tr("It does not make a shelter comply with HIPAA."),
            self.tr("It gives no legal advice. Clocks and rules of a state need a lawyer's look."),
            self.tr("Encryption is not permission: what leaves needs a legal basis or a release."),
        )

    def _services(self) -> QWidget:
        head = SectionHeader(self.tr("Services: origin and how sure we are"), icon="list-checks")
        return Card(head, Line(), self.table)

    def _basis(self) -> QWidget:
        verified = sum(basis.verified for basis in self._model.basis.values())
        words = self.tr(
            "The items rest on {0} standards. {1} of them were read in a published page; the "
            "others are to be confirmed by your own experts before you rely on them."
        )
        lines = [f"{key}  {basis.title}" for key, basis in self._model.basis.items()]
        text = words.format(len(self._model.basis), verified)
        return self._card(self.tr("Standards the items rest on"), "scale", text, "\n".join(lines))

    def _versions(self) -> QWidget:
        parts = (
            self.tr("Shelter Desk {0}").format(__version__),
            self.tr("Care model {0}").format(self._model.version),
            self.tr("Python {0}").format(platform.python_version()),
            self.tr("Qt for Python {0}").format(PySide6.__version__),
        )
        licences = self.tr(
            "Shelter Desk is free software under the Apache License 2.0. Qt for Python is used "
            "under the GNU LGPL 3; its source is at code.qt.io. The typefaces Inter and Noto are "
            "under the SIL Open Font License 1.1, WenQuanYi Micro Hei under the Apache License "
            "2.0, the Lucide icons under the ISC License. All licence texts lie beside the "
            "program."
        )
        nothing = self.tr("It works without a network and opens no connection to one.")
        return self._card(self.tr("This program"), "info", "  ·  ".join(parts), licences, nothing)

    def _card(self, title: str, icon: str, *paragraphs: str) -> QWidget:
        words = [Label(text, wrap=True) for text in paragraphs]
        return Card(SectionHeader(title, icon=icon), Line(), *words, spacing=10)

    def _columns(self, model: CareModel) -> tuple[Column[Service], ...]:
        origins = {
            "macy-johns-2011": self.tr("Macy and Johns (2011)"),
            "twigg-2017": self.tr("Twigg (2017)"),
            "shelter-desk": self.tr("Shelter Desk"),
        }
        sure = {
            "verified": self.tr("verified"),
            "recalled": self.tr("recalled"),
            "addition": self.tr("addition"),
        }
        phases = {phase.id: phase.name for phase in model.phases.values()}
        return (
            Column(self.tr("Service"), lambda line: line.name, width=260, stretch=True),
            Column(
                self.tr("Phases"),
                lambda line: ", ".join(phases[phase] for phase in line.phases if phase in phases),
                width=190,
            ),
            Column(self.tr("Items"), lambda line: str(len(line.items)), width=70, number=True),
            Column(
                self.tr("Origin"), lambda line: origins.get(line.origin, line.origin), width=170
            ),
            Column(
                self.tr("How sure"),
                lambda line: sure.get(line.confidence, line.confidence),
                width=110,
                tone=lambda line: _TONES.get(line.confidence, Tone.NEUTRAL),
            ),
        )


PAGE = Page(
    order=195,
    title=QT_TRANSLATE_NOOP("pages", "About"),
    icon="info",
    needs=May.READ_RECORDS,
    build=AboutPage,
    in_rail=False,
    home="settings",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Where the care model comes from and how sure we are of each service, and what "
        "this program does not claim.",
    ),
)
