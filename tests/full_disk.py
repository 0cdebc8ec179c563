"""A disk that takes nothing: past a limit the kernel refuses every byte of any file (Linux only).

And records in which SQLite finds no room (SQLITE_FULL). Both refusals are the system's own;
nothing in the program knows of them.
"""

import signal
from contextlib import contextmanager

from shelter_desk.desk.handing_over import NotePrinted
from shelter_desk.domain.trouble import DiskFullError

_ANY_NUMBER = 2**32 - 2


@contextmanager
def disk_that_takes_nothing():
    """Let the kernel refuse every byte that is written to a file, until the end of the block."""
    import resource  # noqa: PLC0415 - not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@contextmanager
def store_that_is_full(desk):
    """Let SQLite find no page more in the records (SQLITE_FULL), until the end of the block.

    The file may not grow, and what room its last pages have is used up: the smallest event of all
    does not fit any more.
    """
    store = desk._store

    def may_have(pages):
        with store.unguarded() as connection:
            connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    with store.unguarded() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    may_have(pages)
    try:
        while True:
            desk.do(NotePrinted(0))
    except DiskFullError:
        pass
    try:
        yield
    finally:
        may_have(_ANY_NUMBER)
