"""What the store gives up leaves the process: glibc alone would keep it."""

import gc
import weakref
from pathlib import Path

import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.identifying import identifiers
from shelter_desk.store.keys.pairs import Pair
from shelter_desk.store.memory import give_back

MIB = 1024


def resident() -> int:
    """Return how much memory this process holds, in KiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0])


def test_freed_pieces_go_back_to_the_system():
    give_back()
    pieces = [bytes(4000) for _ in range(10_000)]
    full = resident()
    last = pieces[-1]  # the top of the heap is in use: without being asked glibc keeps the rest
    del pieces
    give_back()
    assert last
    assert full - resident() > 20 * MIB


class Ring:
    """Something that only itself knows of."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("collects", [True, False])
def test_what_only_itself_knows_of_goes_too_where_no_window_collects(collects):
    was_on = gc.isenabled()  # windows of other tests have turned it off for good
    (gc.enable if collects else gc.disable)()
    try:
        there = weakref.ref(Ring())
        give_back()
        assert (there() is None) is collects
    finally:
        (gc.enable if was_on else gc.disable)()


def test_a_store_that_may_hold_less_gives_the_rest_back(open_desk):
    store = open_desk.desk._store
    store.make_room(32 * MIB)
    with store.unguarded() as connection:
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE filling (words BLOB)")
        for _ in range(300):
            connection.execute("INSERT INTO filling VALUES (zeroblob(100000))")
        pinned = bytes(4000)
        connection.execute("ROLLBACK")
    full = resident()
    store.make_room(2 * MIB)
    assert pinned
    assert full - resident() > 15 * MIB


def pairs():
    """Count the opened keys in this process."""
    gc.collect()
    return sum(isinstance(one, Pair) for one in gc.get_objects())


def test_keys_of_everybody_who_was_looked_for_go_when_room_is_wanted(open_desk):
    desk = open_desk.desk
    for at in range(20):
        desk.do(residents.Admit(f"Zephyrine{at}", open_desk.clock()))
    known = desk.ask(identifiers)
    full = pairs()
    desk.make_room(2 * MIB)
    spared = pairs()
    assert full - spared >= 20
    assert desk.ask(identifiers).known == known.known
    assert pairs() > spared
