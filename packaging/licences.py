"""Write THIRD-PARTY-LICENCES.md: what others made that is used or shipped here, on what terms.

    .venv/bin/python packaging/licences.py           writes the page
    .venv/bin/python packaging/licences.py --check   says whether the page is still true

Packages come from the lock files, their terms from what each package says of itself. Shipped files
come from the licence files that lie beside them in `resources/`.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = ROOT / "THIRD-PARTY-LICENCES.md"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ]+)(?: ; (.*?))? \\$", re.M)
# Packages that say too little of themselves, and those that only other systems need.
KNOWN = {
    "colorama": "BSD-3-Clause",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pyrage": "MIT",
    "pywin32-ctypes": "BSD-3-Clause",
    "reportlab": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlcipher3": "Zlib; holds SQLCipher (BSD-3-Clause, (c) Zetetic LLC) and OpenSSL (Apache-2.0)",
}
HEAD = """\
# What others made

Shelter Desk itself is under the Apache License 2.0 (`LICENSE`). It stands on the work below. The
full text of each package's licence is installed with it, in `.venv`, in its `*.dist-info` folder.

This page is written by `packaging/licences.py`; a test says when it is no longer true.

Qt, PySide6 and shiboken6 are used under the LGPL version 3: they are installed unchanged, as files
of their own, and may be replaced by any other build of the same version.
"""


def pins(lock: str) -> dict[str, str]:
    """Return package name -> pinned versions, as one lock file has them."""
    found: dict[str, list[str]] = {}
    for name, version, _ in PIN.findall((HERE / lock).read_text("utf-8")):
        found.setdefault(name, []).append(version)
    return {name: ", ".join(versions) for name, versions in found.items()}


def licence(name: str) -> str:
    """Return the short name of a package's licence, as the package itself gives it.

    Raises:
        LookupError: the package is not installed here, or does not say.
    """
    if name in KNOWN:
        return KNOWN[name]
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # needed by another system or Python: kept as it was
        line = re.search(rf"^\| {name} \| [^|]+ \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.M)
        if line is None:
            raise LookupError(f"{name} is not installed here, and not in KNOWN") from None
        return line[1]
    classified = [
        line.rpartition(" :: ")[2].removesuffix(" License")
        for line in said.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    words = said["License-Expression"] or said["License"] or " / ".join(classified)
    if not words or "\n" in words:
        raise LookupError(f"{name} does not say its licence in a line")
    return words


def shipped() -> list[tuple[str, str]]:
    """Return (folder, first line of the licence file in it) of everything shipped in resources."""
    names = re.compile(r"(licen[cs]e|ofl|copying|notice)", re.I)
    files = sorted(
        p
        for p in (ROOT / "resources").rglob("*")
        if names.search(p.name) and p.is_file() and p.suffix != ".toml"  # content of our own
    )
    lines = []
    for file in files:
        first = next(line for line in file.read_text("utf-8").splitlines() if line.strip())
        lines.append((file.relative_to(ROOT).as_posix(), first.strip(" #*")))
    return lines


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page() -> str:
    """Return the whole page."""
    run = pins("requirements.txt")
    dev = {name: v for name, v in pins("requirements-dev.txt").items() if name not in run}
    columns = ("package", "version", "licence")
    parts = [
        HEAD,
        "## Installed with the program\n",
        table(columns, [(name, version, licence(name)) for name, version in run.items()]),
        "\n## Installed for the tests only\n",
        table(columns, [(name, version, licence(name)) for name, version in dev.items()]),
        "\n## Shipped in this folder\n",
        table(("terms are in", "they begin"), [tuple(row) for row in shipped()]),
    ]
    return "\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check only compare; return 1 where it is not true."""
    if arguments == ["--check"]:
        return 0 if PAGE.is_file() and PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    print(f"written: {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
