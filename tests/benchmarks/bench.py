"""Prints what the desk costs, as ratios against the bare drivers doing the same work.

    python tests/benchmarks/bench.py              50 stays, 2,500 entries
    python tests/benchmarks/bench.py --large      5,000 stays, 1,000,000 entries (written first)
    python tests/benchmarks/bench.py --store DIR  a store that `shelter-desk sample` wrote before,
                                                  with the passphrase below; it is copied, not used

What the bare side does, and what it does not, is said in `rival.py`. All sides take turns in the
same run, also in who begins, and each figure is the lower quartile, so that other work on the
machine counts less; for the same reason questions, which wait for nothing, are timed by the
processor time of the thread, and commands, which wait for the disk, by the clock on the wall.
As in the windows (ui.collecting), garbage is collected between two questions, not within one.
"after a write" is the first answer after something was written on that side, "again" the same
question once more. What has a budget (`budgets.py`) is judged at the end; `--strict` makes a
budget that is passed an error.
`README.md` keeps the measured figures.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import starting  # noqa: E402 - the path
from budgets import Figure, Switch, verdicts  # noqa: E402 - the path
from proving import Prover  # noqa: E402 - the path
from rival import Rival, Written, encrypted_rival, plain_rival, written  # noqa: E402 - the path
from windows import WORDS  # noqa: E402 - after the path

from shelter_desk.cli.sample import UNTIL  # noqa: E402 - after the path
from shelter_desk.desk import (  # noqa: E402 - after the path
    Desk,
    accounts,
    beds,
    care,
    counts,
    dated,
    entry,
    finding,
    finding_notes,
    handoff,
    residents,
    rounds,
    service_log,
    today,
)
from shelter_desk.desk.accounts import Colleague  # noqa: E402 - after the path
from shelter_desk.desk.agreements import (  # noqa: E402 - after the path
    AcceptAgreement,
    shipped_agreement,
)
from shelter_desk.desk.base import milliseconds  # noqa: E402 - after the path
from shelter_desk.disclosure import ReleaseRequest, protect  # noqa: E402 - after the path
from shelter_desk.domain.care_model import read_care_model  # noqa: E402 - after the path
from shelter_desk.domain.periods import Period  # noqa: E402 - after the path
from shelter_desk.paths import content_files  # noqa: E402 - after the path
from shelter_desk.sample import write_sample  # noqa: E402 - after the path
from shelter_desk.store.keys import slot_file, slots  # noqa: E402 - after the path
from shelter_desk.store.opening import STORE_NAME  # noqa: E402 - after the path

QUARTER = "2026-Q1"
CENSUS = UNTIL - timedelta(days=200)
TICKS, TURNS = 60, 30  # unless `--turns` says less
QUERY = '"green" * "blan" *'


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the milliseconds that `work` takes."""
    began = clock()
    work()
    return (clock() - began) * 1000


def busy(work: Callable[[], object]) -> float:
    """Return the milliseconds that `work` keeps this thread busy: it would freeze a window."""
    return timed(work, time.thread_time)


def in_turn(works: Sequence[Callable[[], object]], turn: int) -> list[float]:
    """Return the times of the works, each turn beginning with another one.

    Who comes first after a write wakes the processor up, and pays for that.
    """
    order = [(turn + place) % len(works) for place in range(len(works))]
    taken = {which: busy(works[which]) for which in order}
    return [taken[which] for which in range(len(works))]


def say(name: str, figure: str, ratios: str = "") -> None:
    """Print one line."""
    sys.stdout.write(f"{name:<34}{figure:>12}   {ratios}".rstrip() + "\n")
    sys.stdout.flush()


def compare(name: str, taken: Sequence[Sequence[float]], names: Sequence[str]) -> Figure:
    """Print our time (the first; the lower quartile) and its ratios to those of the others.

    Returns the time, and its ratio to the first of the others.
    """
    ours, *others = [sorted(times)[len(times) // 4] for times in taken]
    ratios = "   ".join(
        f"{ours / other:5.2f}x {who} ({other:.3f})"
        for who, other in zip(names, others, strict=True)
    )
    say(name, f"{ours:.3f} ms", ratios)
    return Figure(ours, ours / others[0])


@dataclass
class Sides:
    """The desk and its rivals, on copies of one store."""

    desk: Desk
    source: Any  # the desk's own connection, to read back what a command wrote
    rivals: tuple[Rival, ...]
    prover: Prover
    turns: int = TURNS
    measured: dict[str, list[Figure]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        lines = self.desk.ask(residents.roster, now=UNTIL)
        self.names = [rival.name for rival in self.rivals]
        self.stay = min(lines, key=lambda line: line.began_at).stay_id  # the longest page

    def write(
        self, command: Any, line: tuple[str, str] | None = None, stay: str = ""
    ) -> list[float]:
        """Carry a command out on each side; return the times; the last is with proof."""
        ours = timed(lambda: self.desk.do(command))
        what: Written = written(self.source, stay or self.stay, line)
        bare = [timed(lambda rival=rival: rival.write(what)) for rival in self.rivals]
        return [ours, *bare, bare[0] + timed(lambda: self.prover.prove(what))]

    def log(self) -> list[float]:
        """Log an entry on each side; return the times."""
        return self.write(service_log.LogService(self.stay, "crisis_shelter", UNTIL, 15))

    def tick(self, stay: str, line: tuple[str, str]) -> list[float]:
        """Answer an item on each side; return the times."""
        return self.write(care.AnswerItem(stay, *line), line, stay)

    def open_lines(self) -> list[tuple[str, tuple[str, str]]]:
        """Return open (stay, (item, occurrence)) of those who are here, one of each in turn."""
        of_stays = []
        for one in self.desk.ask(residents.roster, now=UNTIL):
            plan = self.desk.ask(care.stay_plan, stay_id=one.stay_id, now=UNTIL)
            of_stays.append(
                [
                    (one.stay_id, (line.item_id, line.occurrence or ""))
                    for service in plan.services
                    for line in service.items
                    if line.state == "open"
                ]
            )
        return [line for lines in zip_longest(*of_stays) for line in lines if line]

    def commands(self) -> None:
        """Print what a tick and an entry of the service log cost."""
        names = [*self.names, f"{self.names[0]} and the proof by hand"]
        self.log()  # statements are prepared
        ticks = [self.tick(*line) for line in self.open_lines()[: min(TICKS, 2 * self.turns) + 1]]
        compare("tick", list(zip(*ticks[1:], strict=True)), names)
        logs = [self.log() for _ in range(self.turns)]
        compare("log entry", list(zip(*logs, strict=True)), names)

    def question(
        self,
        name: str,
        ask: Callable[[], int],
        read: Callable[[Rival], int],
        rivals: Sequence[Rival] | None = None,
    ) -> None:
        """Print what a question costs. Both return how much they found, which must be the same."""
        rivals = self.rivals if rivals is None else rivals
        works: list[Callable[[], int]] = [
            ask,
            *((lambda rival=rival: read(rival)) for rival in rivals),
        ]
        gc.collect()
        found = {work() for work in works}
        if len(found) != 1:
            raise SystemExit(f"{name}: the sides do not find the same: {found}")
        first, again = [], []
        for turn in range(self.turns):
            self.log()
            first.append(in_turn(works, turn))
            again.append(in_turn(works, turn))
        names = [rival.name for rival in rivals]
        for when, taken in (("after a write", first), ("again", again)):
            figure = compare(f"{name}, {when}", list(zip(*taken, strict=True)), names)
            self.measured[name].append(figure)

    def questions(self) -> None:
        """Print what the questions of a day cost."""
        now = milliseconds(UNTIL)
        midnight = UNTIL.astimezone(self.desk.house.zone).replace(hour=0, minute=0)
        stay = self.stay
        self.question("Today", self._today, lambda rival: rival.today(now, milliseconds(midnight)))
        self.question("resident page", self._page, lambda rival: rival.resident_page(stay))
        self.question("search of a name", self._search, lambda rival: rival.search("a"))
        self.question("palette", self._palette, lambda rival: rival.palette("a"))
        # The plain rival has no index of words: it lies inside the encrypted file.
        self.question("notes", self._notes, lambda rival: rival.notes(QUERY), self.rivals[:1])
        self.question("roster", self._roster, lambda rival: rival.roster(now))

    def own_statements(self) -> None:
        """Print what the pages of a shift cost, beside their very own statements done bare."""
        today = UNTIL.astimezone(self.desk.house.zone).replace(hour=0, minute=0)
        day = {"since": today, "until": today + timedelta(days=1), "with_overdue": True}
        asked = (
            ("due list of a day", partial(self.desk.ask, dated.dated, now=UNTIL, **day)),
            ("handoff sheet", partial(self.desk.ask, handoff.handoff_sheet, now=UNTIL)),
            ("round of a shift", partial(self.desk.ask, rounds.shift_round, now=UNTIL)),
            ("census of a past hour", partial(self.desk.ask, beds.census, at=CENSUS)),
            ("bed board", partial(self.desk.ask, beds.bed_board)),
        )
        bare = self.rivals[0].connection
        for name, ask in asked:
            ran = statements_of(self.desk, ask)
            works = [ask, partial(run_all, bare, ran)]
            taken = [in_turn(works, turn) for turn in range(self.turns)]
            who = [f"its {len(ran)} statements in sqlcipher3"]
            self.measured[name].append(compare(name, list(zip(*taken, strict=True)), who))

    def summary(self) -> None:
        """Print what the counts of a quarter cost, and all the way to the protected release."""
        since, until = Period.parse(QUARTER).instants(self.desk.house.zone)
        bounds = (milliseconds(since), milliseconds(until))

        def asked() -> ReleaseRequest:
            return self.desk.ask(
                counts.summary_request, period=QUARTER, audience="public", now=UNTIL
            )

        works: list[Callable[[], object]] = [
            asked,
            *((lambda rival=rival: rival.counts(*bounds)) for rival in self.rivals),
        ]
        taken = [in_turn(works, turn) for turn in range(3 * len(works))]
        compare("summary counts", list(zip(*taken, strict=True)), self.names)
        began = time.perf_counter()
        made = protect(asked(), earlier=())
        took = (time.perf_counter() - began) * 1000
        say("summary to its release", f"{took:.0f} ms", f"counts included: {type(made).__name__}")

    def same_rows(self) -> None:
        """Stop when the rivals did not write what the desk wrote."""
        ours = Rival("desk", self.source).sizes()
        for rival in self.rivals:
            if rival.sizes() != ours:
                raise SystemExit(f"{rival.name} did not write what the desk wrote")

    def _today(self) -> int:
        board = self.desk.ask(today.board, now=UNTIL)
        carded = [line for card in board.arrivals for group in card.groups for line in group.lines]
        return len(board.lines) + len(carded) + len(board.done)

    def _page(self) -> int:
        ask, stay = self.desk.ask, self.stay
        ask(residents.record, stay_id=stay, now=UNTIL)
        plan = ask(care.stay_plan, stay_id=stay, now=UNTIL)
        ask(care.history, stay_id=stay)
        return sum(line.due_ms is not None for one in plan.services for line in one.items)

    def _search(self) -> int:
        return len(self.desk.ask(residents.search, text="a"))

    def _palette(self) -> int:
        return len(self.desk.ask(finding.people, text="a"))

    def _notes(self) -> int:
        return len(self.desk.ask(finding_notes.notes, text="green blan"))

    def _roster(self) -> int:
        return len(self.desk.ask(residents.roster, now=UNTIL))


class Listener:
    """Stands before a connection, or a cursor of it, and writes down what is run on it."""

    def __init__(self, connection: Any, ran: list[tuple[str, tuple[Any, ...]]]) -> None:
        self._connection = connection
        self.ran = ran

    def cursor(self) -> Listener:
        """Return a cursor whose statements are written down too."""
        return Listener(self._connection.cursor(), self.ran)

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        """Run, and write down what is no begin or end."""
        if sql.lstrip().startswith(("SELECT", "WITH")):
            self.ran.append((sql, values))
        return self._connection.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def statements_of(desk: Desk, ask: Callable[[], object]) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the statements that a question runs, with their values."""
    plain = desk._store._connection
    listener = desk._store._connection = Listener(plain, [])
    try:
        ask()
    finally:
        desk._store._connection = plain
    return listener.ran


def run_all(connection: Any, statements: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
    """Run statements and fetch all their rows."""
    for sql, values in statements:
        connection.execute(sql, values).fetchall()


@contextmanager
def sides(folder: Path) -> Iterator[Sides]:
    """Copy the store twice and open the desk and its rivals; print what opening costs."""
    model = read_care_model(content_files())
    copies = [folder.parent / name for name in ("desk", "rival")]
    shutil.copytree(folder, copies[0])
    person = entry.people(copies[0])[0][0]
    # Once, so that an older store is brought up to date before it is copied.
    entry.sign_in(copies[0], person, WORDS, model, lambda: UNTIL).close()
    shutil.copytree(*copies)
    read = slot_file.read_slots(copies[0]).slots
    derived = [timed(lambda: slots.unlock(read, person, WORDS)) for _ in range(3)]
    ((_, dek),) = slots.unlock(read, person, WORDS).epoch_keys
    began = time.perf_counter()
    desk = entry.sign_in(copies[0], person, WORDS, model, lambda: UNTIL)
    opened = (time.perf_counter() - began) * 1000
    bare = []
    for _ in range(3):
        began = time.perf_counter()
        rival = encrypted_rival(copies[1] / STORE_NAME, dek)
        rival.rows("SELECT zone FROM shelter")
        bare.append((time.perf_counter() - began) * 1000)
        rival.connection.close()
    key, other = statistics.median(derived), statistics.median(bare)
    say("open store", f"{opened:.0f} ms", f"of it {key:.0f} the passphrase; bare open {other:.1f}")
    encrypted = encrypted_rival(copies[1] / STORE_NAME, dek)
    with desk._store.unguarded() as source:
        encrypted.catch_up(source)  # signing in is an event of the trail
    plain = plain_rival(folder.parent / "plain.db", encrypted.connection)
    prover = Prover(folder.parent)
    try:
        with desk._store.unguarded() as source:
            yield Sides(desk, source, (encrypted, plain), prover)
    finally:
        prover.close()
        desk.close()


def judge(both: Sides) -> bool:
    """Print for each budget whether it is kept; return whether all are."""
    found = verdicts(both.measured)
    for one in found:
        say(f"budget: {one.name}", *one.words)
    return not any(one.is_over for one in found)


def add_next(folder: Path) -> None:
    """Take a second person into the staff, who has accepted the agreement."""
    model, first = read_care_model(content_files()), entry.people(folder)[0][0]
    desk = entry.sign_in(folder, first, WORDS, model, lambda: UNTIL)
    accounts.add_colleague(desk, WORDS, Colleague("b" * 20, "Next", ("director",), WORDS))
    desk.close()
    desk = entry.sign_in(folder, "b" * 20, WORDS, model, lambda: UNTIL)
    desk.do(AcceptAgreement(shipped_agreement().edition))
    desk.close()


def report_starts(folder: Path, times: int) -> Switch:
    """Print what starting costs; the windows take turns. Return what a switch of person does."""
    names = ["bare PySide6 window", "bare, unpacked as ours"]
    taken = starting.starts(folder, times)
    compare("start to unlock window", taken, names)
    runs = [starting.start("today", str(folder))[1] for _ in range(min(times, 3))]
    painted = statistics.median(run["seconds"] for run in runs)
    say("unlock to Today painted", f"{painted * 1000:.0f} ms", "passphrase included")
    say("file size", f"{(folder / STORE_NAME).stat().st_size / 1e6:.1f} MB")
    say("peak memory", f"{max(run['peak_mb'] for run in runs):.0f} MB", "the whole program")
    add_next(folder)
    said = starting.switches(folder, min(times, 3))
    locked, opened, words = (
        statistics.median(one[name] for one in said)
        for name in ("locked_ms", "opened_ms", "words_ms")
    )
    switch = Switch(locked, statistics.median(taken[0]), opened, words)
    parts = f"{locked:.0f} key to way in, {switch.started:.0f} fresh start, {opened:.0f} to Today"
    without = f"{parts}, without {words:.0f} of the passphrase"
    say("switch to the next person", f"{switch.milliseconds:.0f} ms", without)
    say("budget: switch to the next person", *switch.verdict)
    return switch


def sample(folder: Path, stays: int, entries: int) -> None:
    """Write the store to measure on."""
    began = time.perf_counter()
    write_sample(
        folder,
        residents=stays,
        entries=entries,
        seed=1,
        passphrase=WORDS,
        care_model=read_care_model(content_files()),
        until=UNTIL,
    )
    say("sample", f"{time.perf_counter() - began:.1f} s", f"{stays} stays, {entries} entries")


def write_notes(folder: Path, count: int) -> None:
    """Give the store this many notes: one of ten has the words, the newest can be opened."""
    began = time.perf_counter()
    model = read_care_model(content_files())
    desk = entry.sign_in(folder, entry.people(folder)[0][0], WORDS, model, lambda: UNTIL)
    lines = desk.ask(residents.roster, now=UNTIL)
    stay = min(lines, key=lambda line: line.began_at).stay_id
    with desk._store.unguarded() as source:
        source.execute("BEGIN")
        source.executemany(
            "INSERT INTO note_place (staff_id, kind, place, subject, written_at)"
            " VALUES (1, 'entry', 'crisis_shelter', ?, 0)",
            ((f"filler-{number}",) for number in range(count)),
        )
        source.execute(
            "INSERT INTO note_words (rowid, words) SELECT 2 * id, CASE id % 10 WHEN 0"
            " THEN 'asked for the green blanket ' ELSE 'slept well until ' END || id"
            " FROM note_place WHERE subject LIKE 'filler-%'"
        )
        source.execute("COMMIT")
    notes = [
        service_log.LogService(stay, "crisis_shelter", UNTIL, 5, note="Likes the green blanket")
        for _ in range(20)
    ]
    desk.do_all(notes)
    desk.close()
    say("notes", f"{time.perf_counter() - began:.1f} s", f"{count + len(notes)} notes")


def main() -> int:
    """Write or copy a store, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", action="store_true", help="5,000 stays, 1,000,000 entries")
    parser.add_argument("--stays", type=int, default=50)
    parser.add_argument("--store", type=Path, help="measure on a copy of this store")
    parser.add_argument("--turns", type=int, default=TURNS, help="of each question")
    parser.add_argument("--starts", type=int, default=5, help="of each window; 0 for none")
    parser.add_argument("--strict", action="store_true", help="return 1 where a budget is passed")
    options = parser.parse_args()
    stays = 5_000 if options.large else options.stays
    with tempfile.TemporaryDirectory(prefix="shelter-desk-bench-") as place:
        folder = Path(place) / "records"
        if options.store:
            shutil.copytree(options.store, folder)
        else:
            sample(folder, stays, stays * 200 if options.large else stays * 50)
        write_notes(folder, 1_000_000 if options.large else stays * 50)
        with sides(folder) as both:
            gc.disable()
            both.turns = options.turns
            both.commands()
            both.questions()
            both.own_statements()
            both.summary()
            both.same_rows()
            is_kept = judge(both)
        if options.starts:
            is_kept = not report_starts(folder, options.starts).is_over and is_kept
    return 0 if is_kept or not options.strict else 1


if __name__ == "__main__":
    raise SystemExit(main())
