"""What is handed through the door, either way. Apart from it: who only signs in needs none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Strength:
    """Whether a self-chosen passphrase will do, and advice in plain sentences when not."""

    is_enough: bool
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kit:
    """A recovery kit before it is printed: the code as shown, eight groups of four."""

    code: str = field(repr=False)
    shelter: str
    made_on: date


@dataclass(frozen=True, slots=True)
class NewShelter:
    """What first set-up asks for."""

    name: str
    zone: str
    director: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Restoring:
    """A backup to bring back into the new folder `target`.

    With the code of a `kit`, `passphrase` is the new one of the director called `name` ("" = the
    first); without, it is a director's own.
    """

    backup: Path
    target: Path
    kit: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class BackupSeen:
    """A backup that opens: when it was made, and how many entries its audit trail has."""

    made_at: datetime
    events: int


class BroughtBack(NamedTuple):
    """Records that came back. `newest_known` is 0 when nothing here remembers the trail."""

    made_at: datetime
    events: int
    newest_known: int
    who: str
    is_remembered: bool = True
