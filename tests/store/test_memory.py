"""What the store gives up leaves the process: glibc alone would keep it."""

from pathlib import Path

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
