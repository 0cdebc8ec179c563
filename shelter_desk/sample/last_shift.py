"""The last two shifts of an invented house: its log, a handoff both sides signed, half a round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shelter_desk.desk import Command, Desk, accounts
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreements import AcceptAgreement, shipped_agreement
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.entry import person_of
from shelter_desk.desk.handing_over import ReceiveHandoff, SignHandoff
from shelter_desk.desk.handoff import handoff_sheet
from shelter_desk.desk.rounds import OPEN, Round
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.domain.shifts import Shifts

COLLEAGUE = "Robin Vale"  # of the invented staff; signs in with the passphrase of the demo
_ROLES = ("residential-staff", "intake-worker")
_ENOUGH = timedelta(hours=1)  # a shift that began less long ago has nothing to tell yet
# Minutes before the handoff (or, from 0 on, after it), which of those present, everyday words, a
# few words, must know.
_LINES: tuple[tuple[int, tuple[int, ...], tuple[str, ...], str, bool], ...] = (
    (-400, (0,), ("slept-badly",), "Woke twice. Tea and the hall light helped.", False),
    (-380, (1, 2), ("slept-well",), "", False),
    (-330, (), ("repair",), "Lamp on the back stairs is out. A spare stands in the office.", True),
    (-300, (3, 4, 5), ("ate-well", "mood-bright"), "Baked bread together.", False),
    (-240, (6,), ("ate-little", "mood-quiet"), "Asked to eat later, and did.", False),
    (-180, (7,), ("call",), "Waits for a call at six.", True),
    (-120, (2,), ("school", "mood-worried"), "Math test on Friday; wants to practise.", False),
    (-60, (0, 1, 3), ("outing",), "Walk to the library and back.", False),
    (20, (5,), ("mood-calm",), "Likes the green blanket.", False),
    (25, (), ("keys",), "Keys counted: nine of nine.", False),
    (30, (4,), ("appointment",), "Back from the dentist; soft food until tomorrow.", True),
    (40, (1,), ("mood-low",), "Wants to sit near the office this evening.", True),
)


def handed_over_at(shifts: Shifts, until: datetime) -> datetime:
    """Return when the shift before was handed over: long enough ago to have something to tell."""
    began = shifts.start_of(until)
    return began if until - began >= _ENOUGH else shifts.start_of(began - timedelta(seconds=1))


def line_times(handed_over: datetime) -> tuple[datetime, ...]:
    """Return when each line of the log is written, in order."""
    return tuple(handed_over + timedelta(minutes=line[0]) for line in _LINES)


def line(number: int, present: Sequence[str]) -> WriteLine:
    """Return a line of the log about some of those present."""
    _, places, chips, text, must_know = _LINES[number]
    stays = tuple(present[place] for place in places if place < len(present))
    return WriteLine(LineWords(stays, chips, text, must_know=must_know))


def join(desk: Desk, passphrase: str) -> str:
    """Take a colleague into the staff, who chooses a passphrase; return their public id.

    On the first day, so that the two count as two people whenever a pack or a paper asks for it.
    """
    # The list of who may sign in goes by these ids: the demo and the tour open as the director.
    staff_id = f"ffff{accounts.new_staff_id()[4:]}"
    given = accounts.new_passphrase()
    accounts.add_colleague(desk, passphrase, Colleague(staff_id, COLLEAGUE, _ROLES, given))
    accounts.change_passphrase(_beside(desk, staff_id, given), given, passphrase)
    return staff_id


def hand_over(desk: Desk, staff_id: str, passphrase: str) -> None:
    """Let the director hand the house over, and the colleague take it."""
    other, now = _beside(desk, staff_id, passphrase), desk.now()
    other.do(AcceptAgreement(shipped_agreement().edition))
    found = desk.ask(handoff_sheet, now=now)
    done = desk.do(SignHandoff(found.since, found.expected, on_duty=3))
    other.do(ReceiveHandoff(done.subject))


def _beside(desk: Desk, staff_id: str, passphrase: str) -> Desk:
    keys = unlocked_colleague(desk.folder, staff_id, passphrase, desk.now())
    model = desk.house.care_model
    return desk.beside(lambda reader: person_of(reader, keys, model))


def half_a_round(found: Round) -> Iterator[Command]:
    """Yield the checks of the first half of those present, so that the other half waits."""
    signed = {check.item_id for check in found.checks if check.item.signatures}
    present = [one for one in found.lines if not one.absent]
    for one in present[: (len(present) + 1) // 2]:
        for item_id, cell in one.cells.items():
            if cell.state == OPEN and item_id not in signed:
                yield AnswerItem(one.stay_id, item_id, cell.occurrence)
