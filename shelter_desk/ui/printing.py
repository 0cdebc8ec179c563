"""Paper: PDF pages to a printer or into a file, from memory, under a neutral name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QRectF, QStandardPaths, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

_DPI = 200


class Paper(Protocol):
    """Where a page goes. Windows take one, so that a test can look at what is printed."""

    def print_pdf(self, host: QWidget, pdf: bytes) -> bool:
        """Ask for a printer and print; False when the person changed their mind."""

    def save_pdf(self, host: QWidget, pdf: bytes, name: str) -> Path | None:
        """Ask for a place and save there; None when the person changed their mind."""


class RealPaper:
    """Prints and saves for real. Nothing is left behind in a temporary folder."""

    def print_pdf(self, host: QWidget, pdf: bytes) -> bool:
        """See Paper."""
        # heavy: asks the system for its printers
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - start-up time

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Shelter Desk")  # a print queue is read by many: no names in it
        dialog = QPrintDialog(printer, host)
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return False
        painter = QPainter(printer)
        for number, image in enumerate(pdf_pages(pdf)):
            if number:
                printer.newPage()
            page = QRectF(painter.viewport())
            shape = Qt.AspectRatioMode.KeepAspectRatio
            size = image.size().scaled(page.size().toSize(), shape)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
        painter.end()
        return True

    def save_pdf(self, host: QWidget, pdf: bytes, name: str) -> Path | None:
        """See Paper.

        Raises:
            OSError: when the file cannot be written.
        """
        # heavy: tables that only a dialog needs
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - start-up time

        title = QCoreApplication.translate("printing", "Save as PDF")
        chosen, _ = QFileDialog.getSaveFileName(
            host, title, str(Path(documents()) / name), "PDF (*.pdf)"
        )
        if not chosen:
            return None
        write_whole(Path(chosen), pdf)
        return Path(chosen)


def documents() -> str:
    """Return the folder where dialogs for files begin: the person's own, not the program's."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or not at all.

    Raises:
        OSError: when it cannot be written.
    """
    # heavy: tables that only a file needs
    from PySide6.QtCore import QSaveFile  # noqa: PLC0415 - start-up time

    file = QSaveFile(str(path))
    opened = file.open(QSaveFile.OpenModeFlag.WriteOnly)
    if not opened or file.write(content) != len(content) or not file.commit():
        raise OSError(file.errorString())


def pdf_pages(pdf: bytes, dpi: int = _DPI) -> Iterator[QImage]:
    """Draw each page of a PDF; images own their bits."""
    for number in range(len(pdf_sizes(pdf))):
        yield pdf_page(pdf, number, dpi)


def pdf_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Return the width and height of each page, in points."""
    # heavy: loads the PDF engine
    import pypdfium2  # noqa: PLC0415 - start-up time

    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(page.get_size() for page in document)
    finally:
        document.close()


def pdf_page(pdf: bytes, number: int, dpi: int = _DPI) -> QImage:
    """Draw one page of a PDF, counted from 0; the image owns its bits."""
    # heavy: loads the PDF engine
    import pypdfium2  # noqa: PLC0415 - start-up time
    from PySide6.QtGui import QImage  # noqa: PLC0415 - start-up time

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[number].render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True)
        kind = QImage.Format.Format_RGBX8888
        data = bytes(bitmap.buffer)
        return QImage(data, bitmap.width, bitmap.height, bitmap.stride, kind).copy()
    finally:
        document.close()
