"""A desk that admits, ticks and logs, as a program of its own that can be killed.

    python one_shift.py RECORDS ACKNOWLEDGE

After each act its number (1, 2, 3) is written to ACKNOWLEDGE: from then on it may not be lost.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from one_backup import AT, PASSPHRASE, now

from shelter_desk.desk import Desk, care, entry
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.service_log import LogService
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files

ACTIONS = ("resident.admit", "item.answer", "service.log")


def sign_in(records: Path) -> Desk:
    """Return the director's desk."""
    person = entry.people(records)[0][0]
    return entry.sign_in(records, person, PASSPHRASE, read_care_model(content_files()), now)


def work(records: Path, acknowledge: Path) -> None:
    """Admit somebody, tick one item, log one entry."""
    told = os.open(acknowledge, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    desk = sign_in(records)
    stay = desk.do(Admit(called="Ash", arrived_at=AT)).subject
    os.write(told, b"1")
    plan = desk.ask(care.stay_plan, stay_id=stay, now=AT)
    item = next(i for one in plan.services for i in one.items if i.state == "open")
    desk.do(care.AnswerItem(stay, item.item_id, item.occurrence or ""))
    os.write(told, b"2")
    desk.do(LogService(stay, "crisis_shelter", AT, 15))
    os.write(told, b"3")
    desk.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]))
