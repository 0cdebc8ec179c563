"""Icons of resources/icons, drawn in any colour and size, and which icon a service wears."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from shelter_desk.ui.tokens import Tone

_SERVICES: dict[str, tuple[str, Tone]] = {
    "crisis_safety": ("shield-check", Tone.DANGER),
    "crisis_shelter": ("bed", Tone.ACCENT),
    "basic_needs": ("house", Tone.ACCENT),
    "emergency_medical": ("stethoscope", Tone.INFO),
    "emergency_substance": ("syringe", Tone.INFO),
    "crisis_mental": ("brain", Tone.VIOLET),
    "crisis_legal": ("scale", Tone.WARN),
    "language_access": ("languages", Tone.ACCENT),
    "residential_care": ("house-heart", Tone.ACCENT),
    "physical_health": ("stethoscope", Tone.INFO),
    "medication": ("pill", Tone.INFO),
    "mental_health": ("brain", Tone.VIOLET),
    "substance_use": ("sprout", Tone.INFO),
    "safety_planning": ("shield-check", Tone.DANGER),
    "legal_advocacy": ("scale", Tone.WARN),
    "case_management": ("clipboard-list", Tone.ACCENT),
    "education_reentry": ("graduation-cap", Tone.OK),
    "family_reconciliation": ("message-circle", Tone.ACCENT),
    "life_skills": ("cooking-pot", Tone.OK),
    "mentoring": ("hand-heart", Tone.VIOLET),
    "spiritual_cultural": ("palette", Tone.VIOLET),
    "job_training": ("briefcase", Tone.OK),
    "family_reunification": ("users", Tone.ACCENT),
    "long_term_housing": ("key-round", Tone.OK),
    "discharge_aftercare": ("door-open", Tone.ACCENT),
    "missing_response": ("siren", Tone.DANGER),
}


def service_icon(service_id: str) -> tuple[str, Tone]:
    """Return icon name and tone of a service of the care model; a plain list when unknown."""
    return _SERVICES.get(service_id, ("list-checks", Tone.ACCENT))


class Icons:
    """Draws the shipped SVG files. Every drawing is made once and kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._drawn: dict[tuple[str, str, int, float, float], QPixmap] = {}

    def names(self) -> tuple[str, ...]:
        """Return every icon there is, in order."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.svg")))

    def pixmap(
        self, name: str, colour: str, size: int, *, ratio: float = 1.0, stroke: float = 2.0
    ) -> QPixmap:
        """Return an icon of `size` device-independent px in `colour` ("#RRGGBB").

        Raises:
            FileNotFoundError: when there is no such icon.
        """
        wanted = (name, colour, size, ratio, stroke)
        if wanted not in self._drawn:
            self._drawn[wanted] = self._draw(*wanted)
        return self._drawn[wanted]

    def icon(self, name: str, colour: str, size: int) -> QIcon:
        """Return a QIcon for places that only take one, sharp on dense screens too."""
        icon = QIcon(self.pixmap(name, colour, size))
        icon.addPixmap(self.pixmap(name, colour, size, ratio=2.0))
        return icon

    def _draw(self, name: str, colour: str, size: int, ratio: float, stroke: float) -> QPixmap:
        source = self._source(name).replace("currentColor", colour)
        source = source.replace('stroke-width="2"', f'stroke-width="{stroke}"')
        side = round(size * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _source(self, name: str) -> str:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text("utf-8")
        return self._sources[name]
