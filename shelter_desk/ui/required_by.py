"""Who requires an answer about a resident, said under its field: the house asks for no more.

Nobody has to answer: what is left open stays open. What funders ask says so on its own form.

Source: demand 24 of the study of peers (ask less, and show who requires each field).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("required", text)


def required_by(field: str) -> str:
    """Return the words for a field of the arrival or the details; "" for one about nobody."""
    safety, house = _tr("For their safety now."), _tr("For this house only.")
    nobody, form = _tr("Nobody requires it."), _tr("Only where a form requires it.")
    return {
        "called": house,
        "age_guess": _tr("Asked by VOCA, RHY and licensing."),
        "arrived_at": _tr("Asked by licensing."),
        "bed_id": house,
        "brought_by": _tr("Asked by RHY."),
        "pronouns": nobody,
        "language": nobody,
        "hurt": safety,
        "swallowed": safety,
        "looked_for": safety,
        "good_to_know": _tr("For the next shift only."),
        "legal_name": form,
        "also_known": nobody,
        "born_on": form,
    }.get(field, "")


def hinted(field: str, more: str = "") -> str:
    """Return the hint of a field: who requires it, and what else helps to answer."""
    return " ".join(part for part in (more, required_by(field)) if part)
