"""What visits and the points of their pre-check are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import visit_check as check
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

SCOPES = {
    "licensor": QT_TRANSLATE_NOOP("visits", "Licensing"),
    "accreditor": QT_TRANSLATE_NOOP("visits", "Accreditation"),
    "grant": QT_TRANSLATE_NOOP("visits", "A grant"),
    "custodian": QT_TRANSLATE_NOOP("visits", "A custodial agency"),
    "other": QT_TRANSLATE_NOOP("visits", "Something else"),
}
STATES = {
    "planned": QT_TRANSLATE_NOOP("visits", "planned"),
    "held": QT_TRANSLATE_NOOP("visits", "held"),
    "cancelled": QT_TRANSLATE_NOOP("visits", "cancelled"),
}
KINDS = {
    check.FINDING: (QT_TRANSLATE_NOOP("visits", "found before"), Tone.DANGER),
    check.PAPER: (QT_TRANSLATE_NOOP("visits", "check or licence"), Tone.DANGER),
    check.DOCUMENT: (QT_TRANSLATE_NOOP("visits", "document missing"), Tone.DANGER),
    check.OVERDUE: (QT_TRANSLATE_NOOP("visits", "overdue"), Tone.WARN),
    check.UNSIGNED: (QT_TRANSLATE_NOOP("visits", "not signed"), Tone.WARN),
    check.CONSENT: (QT_TRANSLATE_NOOP("visits", "consent or release"), Tone.DANGER),
    check.INCIDENT: (QT_TRANSLATE_NOOP("visits", "open incident"), Tone.WARN),
    check.NOTICE: (QT_TRANSLATE_NOOP("visits", "notice owed"), Tone.DANGER),
    check.LATE: (QT_TRANSLATE_NOOP("visits", "written late"), Tone.NEUTRAL),
    check.STAFF: (QT_TRANSLATE_NOOP("visits", "staff"), Tone.WARN),
    check.COMING: (QT_TRANSLATE_NOOP("visits", "due before"), Tone.INFO),
}


def scope_words(scope: str) -> str:
    """Return what they come for."""
    return tr(SCOPES.get(scope, scope))


def state_words(state: str) -> str:
    """Return how a visit stands."""
    return tr(STATES.get(state, state))


def kind_words(kind: str) -> str:
    """Return what kind of point it is."""
    return tr(KINDS[kind][0])


def kind_tone(kind: str) -> Tone:
    """Return how much it weighs."""
    return KINDS[kind][1]


def tr(text: str) -> str:
    """Translate a word of visits."""
    return QCoreApplication.translate("visits", text)
