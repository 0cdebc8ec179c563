"""The sign of each service on screen: an icon, and the soft ground it stands on."""

from __future__ import annotations

from shelter_desk.ui.tokens import Tone

_MARKS: dict[str, tuple[str, Tone]] = {
    "crisis_safety": ("shield-check", Tone.DANGER),
    "crisis_shelter": ("bed", Tone.ACCENT),
    "basic_needs": ("house-heart", Tone.ACCENT),
    "emergency_medical": ("stethoscope", Tone.INFO),
    "emergency_substance": ("syringe", Tone.INFO),
    "crisis_mental": ("heart-handshake", Tone.VIOLET),
    "crisis_legal": ("scale", Tone.WARN),
    "language_access": ("languages", Tone.INFO),
    "residential_care": ("house", Tone.ACCENT),
    "physical_health": ("stethoscope", Tone.INFO),
    "medication": ("pill", Tone.INFO),
    "mental_health": ("brain", Tone.VIOLET),
    "substance_use": ("syringe", Tone.INFO),
    "safety_planning": ("shield-check", Tone.DANGER),
    "legal_advocacy": ("scale", Tone.WARN),
    "case_management": ("clipboard-list", Tone.ACCENT),
    "education_reentry": ("graduation-cap", Tone.OK),
    "family_reconciliation": ("phone", Tone.VIOLET),
    "life_skills": ("cooking-pot", Tone.OK),
    "mentoring": ("handshake", Tone.OK),
    "spiritual_cultural": ("sprout", Tone.OK),
    "job_training": ("briefcase", Tone.OK),
    "family_reunification": ("users", Tone.VIOLET),
    "long_term_housing": ("key-round", Tone.ACCENT),
    "discharge_aftercare": ("door-open", Tone.ACCENT),
    "missing_response": ("siren", Tone.DANGER),
}


def service_mark(service_id: str) -> tuple[str, Tone]:
    """Return icon and tone of a service; a plain list for one that has no sign of its own."""
    return _MARKS.get(service_id, ("list-checks", Tone.ACCENT))
