"""What people read, and what no file may give away: words on screen, machines, package hosts."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Words that call a person by what was done to them or by what they did (style guide, 32 and 33).
BANNED = re.compile(
    r"\b(inmates?|prostitutes?|prostituted|addicts?|junkies|offenders?|delinquents?|run-?aways?"
    r"|illegals?|illegal alien|client numbers?|promiscuous|manipulative|non-?compliant"
    r"|admits to|refuses to|suffers from|wheelchair-bound|committed suicide)\b",
    re.I,
)
# Names that are not ours to change, each with its reason.
ALLOWED = {
    "Runaway and Homeless Youth": "the name of a federal program and its act",
    "Runaway Safeline": "the name of a national help line",
}
MACHINE = re.compile(
    r"(?<![\w.~-])(/wor" + r"k/|/roo" + r"t/|/home/[a-z]|/Users/[a-z]|[A-Z]:\\Users\\)"
)
HOSTS = re.compile(
    r"\bpypi\." + r"org|pythonhosted\." + r"org|npmjs\." + r"org|deb\.debian\." + r"org", re.I
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files that git knows or would take in, never what it ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def texts(*patterns: str) -> dict[Path, str]:
    """Path -> text of every file that is text."""
    found = {}
    for path in tracked(*patterns):
        data = path.read_bytes()
        if b"\0" not in data:
            found[path.relative_to(ROOT)] = data.decode("utf-8")
    assert found, patterns
    return found


def lines_with(pattern: re.Pattern[str], found: dict[Path, str]) -> list[str]:
    return [
        f"{path}:{number} {match[0]}"
        for path, text in found.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def without_names(text: str) -> str:
    for name in ALLOWED:
        text = re.sub(re.escape(name), "", text, flags=re.I)
    return text


def test_no_word_on_screen_or_paper_blames_a_person() -> None:
    shown = texts("shelter_desk/*", "resources/*", "README.md", "CHANGELOG.md")
    assert not lines_with(BANNED, {path: without_names(text) for path, text in shown.items()})


def test_the_list_of_words_catches_what_it_should() -> None:
    caught = "an inmate; Prostitutes; the addict; two offenders; a runaway; was non-compliant"
    assert len(BANNED.findall(caught)) == 6
    assert not BANNED.findall(without_names("the Runaway and Homeless Youth program; addiction"))


def test_nothing_on_screen_shouts() -> None:
    """Calm words: no exclamation mark after a word in anything shown (style guide, 36)."""
    spoken = [
        (f"{path}:{node.lineno}", node.value)
        for path, text in texts("shelter_desk/*.py").items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [place for place, words in spoken if re.search(r"[a-z]!(\s|$)", words)]


def test_no_file_names_a_folder_of_one_computer() -> None:
    assert not lines_with(MACHINE, texts())


def test_no_file_names_the_host_of_a_package_index() -> None:
    assert not lines_with(HOSTS, texts())


def test_packaging_stays_a_folder_and_not_a_package() -> None:
    """As a package it would hide the library `packaging`, which the test runner itself imports."""
    assert not (ROOT / "packaging" / "__init__.py").exists()
