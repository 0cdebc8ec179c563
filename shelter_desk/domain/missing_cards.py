"""What is kept of a time missing from care: short answers and codes, sealed as one text each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The card of when they were last seen. Short answers; `risks` are codes of missing-risks."""

    seen_at: str = ""
    place: str = ""
    company: str = ""
    wearing: str = ""
    looks: str = ""
    mood: str = ""
    carries: str = ""
    likely: str = ""
    risks: tuple[str, ...] = ()
    photo: str = ""

    def as_json(self) -> str:
        """Return the card as it is sealed."""
        return json.dumps(asdict(self))


def last_seen_from(text: str) -> LastSeen:
    """Return the card that was sealed; an empty one for "". Fields of later versions are left."""
    if not text:
        return LastSeen()
    names = {field.name for field in fields(LastSeen)}
    kept = {name: value for name, value in json.loads(text).items() if name in names}
    return LastSeen(**{**kept, "risks": tuple(kept.get("risks", ()))})


@dataclass(frozen=True, slots=True)
class ReturnTalk:
    """What the resident chose to say: codes only. `hurt` is yes, no, not-sure, prefers-..., ""."""

    reasons: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    hurt: str = ""
    screened_again: str = ""

    def as_json(self) -> str:
        """Return the talk as it is sealed."""
        return json.dumps(asdict(self))


def talk_from(text: str) -> ReturnTalk:
    """Return the talk that was sealed; an empty one for ""."""
    kept = json.loads(text) if text else {}
    return ReturnTalk(
        tuple(kept.get("reasons", ())),
        tuple(kept.get("helps", ())),
        kept.get("hurt", ""),
        kept.get("screened_again", ""),
    )
