"""The reason of an audit event in words. The trail keeps codes, for ever; people read words.

A reason is codes joined by ":". Which value list, register or day each of them is from stands here
by action; what is in none of them is shown as it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.retention import HOLD_REASONS, REMOVAL_REASONS

_Say = Callable[[CareModel, str], str]
"""Says one code in words; the code itself where it knows none."""
_CODE = re.compile(r"[a-z]+(-[a-z]+)+")
_OWN: Mapping[str, str] = {
    "delivered": "it arrived",
    "failed": "it did not arrive",
    "destroy": "to be destroyed by",
    "return": "to be returned by",
    "administrator": "by a colleague",
    "by-identity": "by legal or other names",
    "try": "a try to reach them",
    "search": "a place looked at",
}


def reason_in_words(model: CareModel, action: str, reason: str) -> str:
    """Return a reason as people read it, its parts joined by commas."""
    says = _PARTS.get(action, ())
    said = [
        (says[min(place, len(says) - 1)] if says else _plain)(model, code)
        for place, code in enumerate(reason.split(":"))
    ]
    return ", ".join(one for one in said if one)


def _plain(_model: CareModel, code: str) -> str:
    """Say a code by itself: words with hyphens lose them, digests and dates stay."""
    return _OWN.get(code) or (code.replace("-", " ") if _CODE.fullmatch(code) else code)


def _of(*lists: str) -> _Say:
    def say(model: CareModel, code: str) -> str:
        found = (model.label(name, code) for name in lists)
        return next((words for words in found if words != code), _plain(model, code))

    return say


def _from(words: Mapping[str, str]) -> _Say:
    return lambda model, code: words.get(code) or _plain(model, code)


def _service(model: CareModel, code: str) -> str:
    service = model.services.get(code)
    return service.name if service else code


def _phase(model: CareModel, code: str) -> str:
    phase = model.phases.get(code)
    return phase.name if phase else code


def _class(model: CareModel, code: str) -> str:
    record_class = model.record_classes.get(code)
    return record_class.name if record_class else code


def _trigger(model: CareModel, code: str) -> str:
    trigger = model.triggers.get(code)
    return trigger.label if trigger else code


def _minutes(_model: CareModel, code: str) -> str:
    return f"{code} minutes"


def _records(_model: CareModel, code: str) -> str:
    return "1 record" if code == "1" else f"{code} records" if code else ""


def _unsaid(_model: CareModel, _code: str) -> str:
    return ""


# By action, what each part of its reason is; the last one also says all parts that follow.
_PARTS: Mapping[str, tuple[_Say, ...]] = {
    "item.answer": (_of("item-outcomes"),),
    "service.need": (_service, _of("service-status")),
    "stay.event": (_trigger,),
    "phase.start": (_phase,),
    "phase.end": (_phase,),
    "appointment.plan": (_of("appointment-kinds"),),
    "appointment.settle": (_plain,),
    "bed.hold": (_of("bed-hold-reasons"),),
    "contact.rule": (_of("contact-people"), _of("contact-rules")),
    "notice.told": (_of("notice-recipients"),),
    "notice.reason": (_of("notice-recipients"), _of("notice-reasons")),
    "incident.start": (_of("incident-types"),),
    "paper.disclose": (_plain, _of("police-sheet-basis", "incident-report-basis")),
    # The colleague who agreed is named by a public id, which the trail keeps.
    "class.open": (_class, _of("opening-reasons"), _minutes, _unsaid),
    "class.close": (_class,),
    # Which draw the seat shows is a public id, which the trail keeps.
    "seat.open": (_records, _minutes, _unsaid),
    "missing.moot": (_of("item-not-done-reasons"),),
    "hold.begin": (_from(HOLD_REASONS),),
    "hold.end": (_from(HOLD_REASONS),),
    "removal.take": (_from(REMOVAL_REASONS),),
    "removal.put-back": (_from(REMOVAL_REASONS),),
    "removal.destroy": (_from(REMOVAL_REASONS), _unsaid),
}
