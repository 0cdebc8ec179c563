"""Words of an incident: what it was, how far it is, which part of the report is still open."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.incident_lines import IncidentLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.tokens import Tone


def _tr(text: str) -> str:
    return QCoreApplication.translate("incidents", text)


def types_of(line: IncidentLine, model: CareModel) -> str:
    """Return what it was, in words."""
    return ", ".join(model.label("incident-types", code) for code in line.types)


def state_of(line: IncidentLine) -> tuple[str, Tone]:
    """Return how far it is, and the tone of it."""
    if line.is_withdrawn:
        return _tr("taken back"), Tone.NEUTRAL
    if line.closed_at is not None:
        return _tr("closed"), Tone.OK
    if line.filed_at is not None:
        return _tr("report written"), Tone.INFO
    return _tr("report is open"), Tone.WARN


def element_names() -> dict[str, str]:
    """Return element of the report -> what a person reads."""
    return {
        "operation": _tr("the operation"),
        "time": _tr("the time"),
        "child": _tr("which residents"),
        "adults and roles": _tr("which adults and their roles"),
        "witnesses": _tr("who saw it"),
        "nature": _tr("what it was"),
        "circumstances": _tr("what was going on"),
        "interventions": _tr("what staff did"),
        "treating professional": _tr("who treated them"),
        "resolution": _tr("how it ended"),
        "return update": _tr("whether they are back"),
    }


def elements_in_words(elements: Iterable[str]) -> str:
    """Return elements of the report as a person reads them in a row."""
    names = element_names()
    return ", ".join(names[element] for element in elements)
