"""What the states of a kept record are called, and which of them are shown together."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.kept_records import KeptRecord
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

SHOWN = (
    ("over", QT_TRANSLATE_NOOP("KeptPage", "Time to keep is over")),
    ("away", QT_TRANSLATE_NOOP("KeptPage", "Taken away")),
    ("held", QT_TRANSLATE_NOOP("KeptPage", "Kept by law")),
    ("all", QT_TRANSLATE_NOOP("KeptPage", "Everybody who left")),
    ("gone", QT_TRANSLATE_NOOP("KeptPage", "Destroyed")),
)


def of_kind(records: Iterable[KeptRecord], kind: str) -> tuple[KeptRecord, ...]:
    """Return the records that are shown together."""
    return tuple(one for one in records if kind == "all" or kind in _kinds(one))


def state_of(line: KeptRecord) -> str:
    """Return in words where a record stands."""
    if line.destroyed_at is not None:
        return _tr("destroyed")
    if line.hold_id is not None:
        return _tr("kept by law")
    if line.may_be_destroyed:
        return _tr("away, may be destroyed")
    if line.taken_at is not None:
        return _tr("away since {0}").format(show_day(line.taken_at.date()))
    return _tr("may go") if line.may_go else _tr("kept")


def state_tone(line: KeptRecord) -> Tone:
    """Return the tone of a record's state."""
    if line.hold_id is not None and line.destroyed_at is None:
        return Tone.WARN
    return Tone.INFO if line.may_go or line.taken_at is not None else Tone.NEUTRAL


def together(line: KeptRecord) -> str:
    """Return in words which records go with this one; "" where there is none."""
    if not line.joined:
        return ""
    words = _tr("The record {0} is the same person: whatever is done here is done to both.")
    if len(line.joined) > 1:
        words = _tr("The records {0} are the same person: whatever is done here is done to all.")
    return words.format(", ".join(line.joined))


def _kinds(line: KeptRecord) -> set[str]:
    if line.destroyed_at is not None:
        return {"gone"}
    found = {"held"} if line.hold_id is not None else set()
    if line.taken_at is not None:
        return found | {"away"}
    return found | ({"over"} if line.may_go else set())


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptPage", text)
