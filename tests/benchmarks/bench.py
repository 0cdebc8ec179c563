"""Prints what the desk costs, as ratios against the bare drivers doing the same work.

    python tests/benchmarks/bench.py             50 stays, 2,500 entries
    python tests/benchmarks/bench.py --large     5,000 stays, 1,000,000 entries (written first)
    python tests/benchmarks/bench.py --stays 20  a quick look

The bare side runs hand-written SQL over the same schema and the same rows, in the same run: once
through sqlcipher3 and once through sqlite3, both with `synchronous = FULL` and WAL. A tick of the
bare side is one transaction that inserts the same rows; a question reads the same values as
tuples. Numbers are medians in milliseconds.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sqlcipher3 import dbapi2 as sqlcipher  # noqa: E402 - after the path

from shelter_desk.desk import Desk, care, entry, residents, service_log, today  # noqa: E402
from shelter_desk.domain.care_model import read_care_model  # noqa: E402
from shelter_desk.paths import content_files  # noqa: E402
from shelter_desk.sample import write_sample  # noqa: E402
from shelter_desk.store.opening import _PRAGMAS  # noqa: E402 - the very same ones

UNTIL = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
WORDS = "invented words for tests only"
BOARD = """SELECT s.public_id, i.called, r.case_code, d.item_id, d.occurrence, d.due_at, d.state,
    s.began_at FROM due_item d LEFT JOIN stay s ON s.id = d.stay_id
    LEFT JOIN resident r ON r.id = s.resident_id
    LEFT JOIN resident_index i ON i.resident_id = s.resident_id
    WHERE d.due_at < ? ORDER BY d.due_at, d.id"""
SEARCH = """SELECT r.public_id, i.called, r.case_code FROM resident_index i
    JOIN resident r ON r.id = i.resident_id WHERE i.folded >= ? AND i.folded < ? LIMIT 20"""
PAGE = (
    "SELECT * FROM stay WHERE public_id = ?",
    """SELECT item_id, occurrence, due_at, state FROM due_item
    WHERE stay_id = (SELECT id FROM stay WHERE public_id = ?)""",
    """SELECT a.*, f.name FROM item_answer a JOIN staff f ON f.id = a.staff_id
    WHERE stay_id = (SELECT id FROM stay WHERE public_id = ?)""",
    "SELECT * FROM service_need WHERE stay_id = (SELECT id FROM stay WHERE public_id = ?)",
)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Return the median duration of `work` in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


class Bare:
    """The same rows in a file of a bare driver."""

    def __init__(self, driver: object, path: Path, key: str | None) -> None:
        self.name = "sqlcipher3" if key else "sqlite3"
        self.connection = driver.connect(path, isolation_level=None)
        if key:
            self.connection.execute("PRAGMA cipher_memory_security = ON")
            self.connection.execute(f"PRAGMA key = \"x'{key}'\"")
        self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # The older sqlite3 of Python calls json_extract unsafe in an index of an untrusted schema.
        for pragma in (one for one in _PRAGMAS if key or "trusted" not in one):
            self.connection.execute(f"PRAGMA {pragma}")
        self.numbers = itertools.count(10_000_000)

    def take_over(self, desk: Desk) -> None:
        """Copy schema and rows of the desk's store."""
        with desk._store.unguarded() as source:
            master = source.execute(
                "SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE"
                " 'sqlite_%' ORDER BY type <> 'table'"
            ).fetchall()
            self.connection.execute("PRAGMA trusted_schema = ON")
            self.connection.execute("PRAGMA foreign_keys = OFF")
            self.connection.execute("BEGIN")
            for kind, name, sql in master:
                if kind == "trigger":
                    continue
                self.connection.execute(sql)
                if kind == "table":
                    columns = [row[1] for row in source.execute(f"PRAGMA table_info({name})")]
                    marks = ",".join("?" * len(columns))
                    listed = ",".join(columns)
                    self.connection.executemany(
                        f"INSERT INTO {name} ({listed}) VALUES ({marks})",
                        source.execute(f"SELECT {listed} FROM {name}"),
                    )
            self.connection.execute("COMMIT")
            for kind, _, sql in master:
                if kind == "trigger":
                    self.connection.execute(sql)
            self.connection.execute("PRAGMA foreign_keys = ON")

    def all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return all rows."""
        return self.connection.execute(sql, values).fetchall()

    def write(self, table: str) -> None:
        """Insert once more the newest row of a table with its event and detail, and commit."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        event = run("SELECT max(id) + 1 FROM audit_event").fetchone()[0]
        newest = run(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1").fetchone()
        marks = ",".join("?" * len(newest))
        row = (None, f"bench-{next(self.numbers)}", event, *newest[3:])
        run(f"INSERT INTO {table} VALUES ({marks})", row)
        if table == "item_answer":
            due = run("SELECT * FROM due_item ORDER BY id LIMIT 1").fetchone()
            run("DELETE FROM due_item WHERE id = ?", (due[0],))
            run("INSERT INTO due_item VALUES (NULL,?,?,?,?,?,?,?)", due[1:])
        last = "text, salt, leaf, head, key_id, signature"
        copy = f"SELECT {event}, {last} FROM audit_event WHERE id = {event - 1}"
        run(f"INSERT INTO audit_event (id, {last}) {copy}")
        body = os.urandom(400)
        run("INSERT INTO audit_detail VALUES (?, NULL, ?)", (event, body))
        run("COMMIT")


def say(line: str) -> None:
    """Write one line: what this script is for."""
    sys.stdout.write(line + "\n")


def show(name: str, ours: float, *bare: float) -> None:
    """Print one figure with its ratios."""
    ratios = "  ".join(f"{ours / one:6.2f}x of {one:8.3f}" for one in bare)
    say(f"{name:<16}{ours:10.3f} ms   sqlcipher3, sqlite3: {ratios}")


def compare(desk: Desk, bare: tuple[Bare, ...], times: int) -> None:
    """Print the figures of commands and questions."""
    stay = desk.ask(residents.roster, now=UNTIL)[0]
    plan = desk.ask(care.stay_plan, stay_id=stay.stay_id, now=UNTIL)
    lines = [one for service in plan.services for one in service.items]
    ticks = iter([one for one in lines if one.occurrence and one.state == "open"])

    def tick() -> None:
        line = next(ticks)
        desk.do(care.AnswerItem(stay.stay_id, line.item_id, line.occurrence))

    def log() -> None:
        desk.do(service_log.LogService(stay.stay_id, "crisis_shelter", UNTIL, 15))

    def page() -> None:
        desk.ask(residents.record, stay_id=stay.stay_id, now=UNTIL)
        desk.ask(care.stay_plan, stay_id=stay.stay_id, now=UNTIL)

    week = round((UNTIL.timestamp() + 7 * 86_400) * 1000)
    count = min(times, 15)
    show(
        "tick",
        median_ms(tick, count),
        *(median_ms(lambda o=o: o.write("item_answer"), count) for o in bare),
    )
    show(
        "log entry",
        median_ms(log, times),
        *(median_ms(lambda o=o: o.write("service_entry"), times) for o in bare),
    )
    desk.ask(today.board, now=UNTIL)
    show(
        "Today board",
        median_ms(lambda: desk.ask(today.board, now=UNTIL), times),
        *(median_ms(lambda o=o: o.all(BOARD, week), times) for o in bare),
    )
    show(
        "resident page",
        median_ms(page, times),
        *(median_ms(lambda o=o: [o.all(sql, stay.stay_id) for sql in PAGE], times) for o in bare),
    )
    show(
        "search",
        median_ms(lambda: desk.ask(residents.search, text="a"), times),
        *(median_ms(lambda o=o: o.all(SEARCH, "a", "b"), times) for o in bare),
    )


def main() -> int:
    """Write a sample store, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--stays", type=int, default=50)
    options = parser.parse_args()
    stays = 5_000 if options.large else options.stays
    entries = 1_000_000 if options.large else stays * 50
    model = read_care_model(content_files())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "records"
        began = time.perf_counter()
        write_sample(
            folder,
            residents=stays,
            entries=entries,
            seed=1,
            passphrase=WORDS,
            care_model=model,
            until=UNTIL,
        )
        say(
            f"sample          {time.perf_counter() - began:10.1f} s    "
            f"{stays} stays, {entries} entries"
        )
        person = entry.people(folder)[0][0]
        began = time.perf_counter()
        desk = entry.sign_in(folder, person, WORDS, model, lambda: UNTIL)
        say(
            f"open store      {(time.perf_counter() - began) * 1000:10.1f} ms   "
            "passphrase and check of the trail included"
        )
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        bare = (
            Bare(sqlcipher, Path(place) / "a.db", "00" * 32),
            Bare(sqlite3, Path(place) / "b.db", None),
        )
        for one in bare:
            one.take_over(desk)
        compare(desk, bare, 30)
        desk.close()
        say(f"file size       {size:10.1f} MB")
        say(
            f"peak memory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.1f} MB"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
