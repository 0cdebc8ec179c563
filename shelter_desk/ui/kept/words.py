"""What the states of a kept record are called, and which of them are shown together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.kept_records import KeptRecord
from shelter_desk.desk.named_alike import NamesGone
from shelter_desk.domain.retention import BIN_DAYS
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_MOST_NAMES = 4
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


def kind_that_shows(line: KeptRecord, kind: str | None) -> str:
    """Return `kind` where a record is shown under it, or the first kind that shows it."""
    if kind and (kind == "all" or kind in _kinds(line)):
        return kind
    return next((code for code, _ in SHOWN if code in _kinds(line)), "all")


def when_it_may_go(line: KeptRecord) -> str:
    """Return in words from when a record that was taken away can be destroyed; else ""."""
    if line.taken_at is None or line.destroyed_at is not None or line.may_be_destroyed:
        return ""
    words = _tr("Taken away on {0}. It can be put back; {1} days later two people can destroy it.")
    return words.format(show_day(line.taken_at.date()), BIN_DAYS)


def names_in_words(gone: NamesGone) -> tuple[str, ...]:
    """Return in words what a destruction does to the name in words about the house."""
    said = []
    if gone.words:
        words = _tr("The name goes from {0} notes about the house too.")
        if gone.words == 1:
            words = _tr("The name goes from one note about the house too.")
        said.append(words.format(gone.words))
    if gone.words and gone.alike:
        words = _tr("Also where somebody else of that name is meant: {0}.")
        said.append(words.format(_few(gone.alike)))
    if gone.stays:
        said.append(
            _tr(
                "The name stays in the audit trail of these words, and in the words until you "
                "change them: {0}."
            ).format(_few(gone.stays))
        )
    return tuple(said)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return shown if more <= 0 else _tr("{0} and {1} more").format(shown, more)


def _kinds(line: KeptRecord) -> set[str]:
    if line.destroyed_at is not None:
        return {"gone"}
    found = {"held"} if line.hold_id is not None else set()
    if line.taken_at is not None:
        return found | {"away"}
    return found | ({"over"} if line.may_go else set())


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptPage", text)
