"""A disk that takes nothing: past a limit the kernel refuses every byte of any file.

The refusal is the system's own; nothing in the program knows of it. Linux only.
"""

import signal
from contextlib import contextmanager


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
