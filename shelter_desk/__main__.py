"""Hands the command line over, and nothing else."""

from __future__ import annotations

import sys

from shelter_desk.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
