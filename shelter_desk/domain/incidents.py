"""Incidents: who must be told by when, what the report must say, what follows for the residents.

A report is codes, times and roles. There is no field for a story: one short line says what staff
must do next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.durations import Span
from shelter_desk.domain.missing import Duty

SERVICE, WRITE_UP_ITEM = "residential_care", "residential_care.06"
INCIDENT, LEFT, WRITE_UP = "incident", "left-without-permission", "write-up"
ELEMENTS = (
    "operation",
    "time",
    "child",
    "adults and roles",
    "witnesses",
    "nature",
    "circumstances",
    "interventions",
    "treating professional",
    "resolution",
    "return update",
)
"""The eleven elements of a report.

Source: 26 Texas Administrative Code 748.311; held against the profile by a test.
"""
MAY_BE_NOBODY = ("child", "adults and roles", "witnesses")

_ABUSE = frozenset({"abuse", "neglect", "exploitation", "sexual-safety"})
ABUSE_ITEM = "crisis_legal.01"
# What an incident means for every resident who was part of it: events that open items.
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "suicide-attempt": ("self-harm",),
    "self-harm": ("self-harm",),
    "overdose": ("overdose-suspected",),
    "critical-injury": ("illness-or-injury",),
    "injury": ("illness-or-injury",),
    "illness-hospital": ("hospital-trip",),
    "physical-intervention": ("physical-intervention",),
    "medication-error": ("medication-error",),
    "substance-found": ("substance-found",),
    "threat-or-visitor": ("credible-threat",),
    "unsafe-contact": ("unsafe-contact",),
    "sexual-safety": ("possible-assault",),
    "abuse": ("abuse-information",),
    "neglect": ("abuse-information",),
    "exploitation": ("abuse-information",),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was answered, as codes. `nobody` names the elements for which there is nobody."""

    circumstances: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    treated: str = ""
    resolution: str = ""
    return_update: str = ""
    nobody: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """How many people of each kind a report lists."""

    residents: int = 0
    adults: int = 0
    witnesses: int = 0


def serious_types(model: CareModel) -> frozenset[str]:
    """Return the types that the state calls serious: the profile's, else those read in a law."""
    named = model.requirement("serious-incidents")
    if named:
        return frozenset(named)
    values = model.values("incident-types")
    return frozenset(value.code for value in values if value.extra.get("origin") == "law")


def incident_duties(
    types: Collection[str], model: CareModel, *, has_resident: bool, is_told_apart: bool = False
) -> tuple[Duty, ...]:
    """Return who must be told of an incident, and that it must be written, each with its time.

    Args:
        types: codes of incident-types.
        model: under the profile in force; the times are its clocks.
        has_resident: a resident was part of it.
        is_told_apart: the notices are owed already, with an absence it belongs to.
    """
    clocks = model.clocks()
    found = [Duty(WRITE_UP, None, _write_up(types, model))]
    if is_told_apart:
        return tuple(found)
    found.append(Duty("director", None, clocks["incident-director"].value))
    if _ABUSE & set(types):
        found.append(Duty("abuse-line", None, model.items[ABUSE_ITEM].due.span))
    if has_resident:
        found.append(Duty("custodian", None, clocks["incident-custodian"].value))
    if serious_types(model) & set(types):
        found.append(Duty("licensing", None, clocks["serious-incident-licensing"].value))
    return tuple(found)


def _write_up(types: Collection[str], model: CareModel) -> Span:
    absence = model.clocks().get("short-absence-write-up")
    if absence is not None and set(types) == {LEFT}:
        return absence.value
    return model.items[WRITE_UP_ITEM].due.span


def events_of(types: Collection[str]) -> tuple[str, ...]:
    """Return the events that an incident is for a resident who was part of it, each once."""
    codes = [code for kind in types for code in _EVENTS.get(kind, ())]
    return tuple(dict.fromkeys(codes))


def open_elements(types: Collection[str], report: Report, parts: Parts) -> tuple[str, ...]:
    """Return the elements that have no answer yet, in the order of the report.

    The operation and the time are answered by the desk itself. Nobody having left answers the
    return update, unless the incident is that somebody left.
    """
    answered = {
        "operation": True,
        "time": True,
        "child": parts.residents > 0 or "child" in report.nobody,
        "adults and roles": parts.adults > 0 or "adults and roles" in report.nobody,
        "witnesses": parts.witnesses > 0 or "witnesses" in report.nobody,
        "nature": bool(types),
        "circumstances": bool(report.circumstances),
        "interventions": bool(report.interventions),
        "treating professional": bool(report.treated),
        "resolution": bool(report.resolution),
        "return update": bool(report.return_update) or LEFT not in types,
    }
    return tuple(element for element in ELEMENTS if not answered[element])
