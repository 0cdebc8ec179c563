"""A young person's release that was signed on paper, written down from a file.

What it says stands in the file and never in the arguments, which a shell would remember::

    whose = "A-17"                         # a case code, also of somebody who left
    arrived_on = 2026-01-15                # which stay, where there are several; else the last
    recipient = "custodian"                # the profile of the pack
    agency = "Example County Child Welfare"  # the one that reads it, by its name
    purpose = "review"
    parts = ["04_timeliness_by_record"]
    from_on = 2026-03-01
    until_on = 2026-04-01
    signers = ["young-person", "custodial-agency"]
    told = true                            # that declining changes nothing about their care
    is_safe = true                         # the adult who signed did not harm them
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.desk import Desk
from shelter_desk.desk.information_releases import RecordRelease, stays_of_code
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.releases import Terms

_WHOSE, _ARRIVED = "whose", "arrived_on"
_KINDS: dict[str, type] = {
    _ARRIVED: date, "from_on": date, "until_on": date, "parts": list, "signers": list,
    "told": bool, "is_safe": bool,
}  # fmt: skip
_MAY_BE_LEFT_OUT = (_ARRIVED, "is_safe", "alone", "longer")


def pack_release(options: argparse.Namespace) -> int:
    """Write a release down and print its id for `pack --release`."""
    whose, arrived_on, terms = _read(Path(options.terms))
    desk = sign_in(options)
    try:
        stay_id = _stay_of(desk, whose, arrived_on)
        release_id = desk.do(RecordRelease(stay_id, terms)).subject
    finally:
        desk.close()
    sys.stdout.write(f"release  {release_id}\n")
    return 0


def _read(file: Path) -> tuple[str, date | None, Terms]:
    """Return whose it is, the day that stay began where it says so, and its terms.

    Raises:
        DeskError: it is no such file; it never repeats what stands there.
    """
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise DeskError("The file of the release cannot be read. It must be TOML.") from None
    names = [field.name for field in fields(Terms)]
    unknown = len(set(found) - {*names, _WHOSE, _ARRIVED})
    if unknown:
        raise DeskError(f"{unknown} of the names in the file of the release are not known.")
    for name in (_WHOSE, _ARRIVED, *names):
        if name not in found and name not in _MAY_BE_LEFT_OUT:
            raise DeskError(f"The file of the release does not say: {name}.")
        if name in found and not _fits(name, found[name]):
            raise DeskError(f"What the file of the release says of {name} cannot be read.")
    whose, arrived_on = found.pop(_WHOSE), found.pop(_ARRIVED, None)
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return whose, arrived_on, Terms(**{**found, **lists})


def _fits(name: str, value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        return False
    return type(value) is _KINDS.get(name, str)


def _stay_of(desk: Desk, case_code: str, arrived_on: date | None) -> str:
    found = desk.ask(stays_of_code, code=case_code)
    if not found:
        raise DeskError("Nobody has the case code in the file of the release.")
    if arrived_on is None:
        return found[0].stay_id
    for stay in found:
        if stay.arrived_on == arrived_on:
            return stay.stay_id
    raise DeskError("No stay under that case code began on the day in the file of the release.")
