"""Hands the command line over, and nothing else."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support

from shelter_desk.cli import main

if __name__ == "__main__":
    freeze_support()  # in a frozen program a worker process begins here too
    sys.exit(main(sys.argv[1:]))
