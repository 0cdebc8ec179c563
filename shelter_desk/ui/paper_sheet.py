"""A paper before it is printed: to be read out, or to go to the printer.

It is never saved as a file: what is on disk lies in the records only.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from shelter_desk.ui.printing import Paper, pdf_pages
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Button, Label, PrimaryButton, Scroll, Sheet

_DPI = 110
_ROOM, _AROUND = 840, 220  # px for a sheet; px at 100 % of all of it but the pages


class _PageImage(QLabel):
    """One page, as wide as there is room."""

    def __init__(self, image: QImage, name: str) -> None:
        super().__init__()
        self._image = image
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = min(event.size().width(), theme().px(self._image.width()))
        smooth = Qt.TransformationMode.SmoothTransformation
        picture = QPixmap.fromImage(self._image.scaledToWidth(max(wide, 50), smooth))
        self.setPixmap(picture)
        if self.height() != picture.height():
            self.setFixedHeight(picture.height())


class PaperSheet(Sheet):
    """Shows the pages of a PDF held in memory, and prints them."""

    def __init__(self, title: str, pdf: bytes, paper: Paper) -> None:
        self._pdf, self._paper = pdf, paper
        self.print = PrimaryButton("", "printer")
        self.leave = Button("")
        pages = [_PageImage(image, title) for image in pdf_pages(pdf, _DPI)]
        words = Label("", "caption", wrap=True)
        shown = Scroll(column(*pages, STRETCH, spacing=12))
        # On a low screen at 200 % the title and the buttons need their room first.
        shown.setMinimumHeight(min(theme().px(420), _ROOM - theme().px(_AROUND)))
        buttons = row(STRETCH, self.leave, self.print)
        super().__init__(title, words, (shown, 1), buttons, width=860)
        words.setText(self.tr("Read it out, or print it. It is kept nowhere as a file."))
        self.print.setText(self.tr("Print…"))
        self.leave.setText(self.tr("Done"))
        self.leave.clicked.connect(self.close_sheet)
        self.print.clicked.connect(self._print)

    def _print(self) -> None:
        self._paper.print_pdf(self, self._pdf)
