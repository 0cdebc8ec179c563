"""Write the two lock files: every package, version and hash, for every platform.

    python packaging/lock.py            writes requirements.txt and requirements-dev.txt
    python packaging/lock.py --upgrade  the same, with the newest versions that fit

Needs `uv` (it resolves for all platforms at once, which pip cannot). Run the tests afterwards: the
cipher and the optimiser are pinned in pyproject.toml because a new version must be tried first.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HEAD = "# Written by packaging/lock.py from pyproject.toml; do not edit by hand.\n"
COMPILE = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
COMPILE += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]


def write(name: str, *more: str) -> None:
    """Resolve pyproject.toml into one lock file, keeping the versions it already has."""
    target = HERE / name
    command = [*COMPILE, *more, "--output-file", str(target), "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True)
    target.write_text(HEAD + target.read_text("utf-8").removeprefix(HEAD), "utf-8")
    print(f"{target.relative_to(ROOT)}: {target.read_text('utf-8').count('==')} packages")


def main(arguments: list[str]) -> None:
    """Write the lock of the program, then that of the tests with the very same versions."""
    write("requirements.txt", *arguments)
    write(
        "requirements-dev.txt",
        "--group",
        "dev",
        "--constraint",
        "packaging/requirements.txt",
        *arguments,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
