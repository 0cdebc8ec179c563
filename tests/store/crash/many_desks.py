"""One desk after another, each with the disk refusing at another call: forked, to be quick.

    python many_desks.py FRESH RECORDS ENTRIES FIRST LAST STEP

For each call number RECORDS is made anew from FRESH, a forked child works in it with
FILE_CALLS_FAIL_AT set, and the parent, whose own calls are not watched, judges what is left.
Prints "NUMBER PAGE VERDICT" per call; PAGE is what the person would have seen, or "none", or
"crashed".
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from pathlib import Path

from invented_trail import verdict
from steady_writer import newest, work

from shelter_desk.domain.trouble import TroubleError


def _desk(records: Path, told: Path, entries: int, at: int) -> str:
    """Work in a child of this program and return the page it ended on."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["FILE_CALLS_FOLDER"] = str(records)
        os.environ["FILE_CALLS_FAIL_AT"] = str(at)
        page = b"crashed"
        try:
            work(records, told, entries, create=False)
            page = b"none"
        except TroubleError as trouble:
            page = trouble.code.encode()
        except BaseException:
            traceback.print_exc()
        finally:
            os.write(writing, page)
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    page = os.read(reading, 100).decode()
    os.close(reading)
    return page


def _main(fresh: Path, records: Path, entries: int, calls: range) -> None:
    told = records.with_name("told")
    before = newest(fresh.with_name("told-before").read_bytes())
    for at in calls:
        shutil.rmtree(records, ignore_errors=True)
        shutil.copytree(fresh, records)
        told.unlink(missing_ok=True)
        page = _desk(records, told, entries, at)
        acknowledged = newest(told.read_bytes()) if told.exists() else 0
        print(at, page, verdict(records, max(acknowledged, before)), flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), range(*map(int, sys.argv[4:7])))
