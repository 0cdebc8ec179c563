"""The map in `shelter_desk/__init__.py`, and the budgets of the code, counted by a machine."""

from __future__ import annotations

import ast
import gc
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "shelter_desk"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_FUNCTION, USUAL_FUNCTION = 50, 30
LONGEST_FILE, USUAL_FILE = 400, 300
USUAL_SHARE = 0.95  # this share of all functions and files stays within the usual length

NETWORK = {
    "PySide6.QtNetwork",
    "PySide6.QtWebSockets",
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "websockets",
    "xmlrpc",
}
MOCKS = {"mock", "unittest.mock", "pytest_mock"}
VAGUE_ENDINGS = ("Manager", "Helper", "Util", "Utils", "Handler", "Singleton")


class Function(NamedTuple):
    """One function of the package, and where it stands."""

    place: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    in_ui: bool

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or 0) - self.node.lineno + 1


class Source(NamedTuple):
    """One file, read and parsed once, and every node of its tree."""

    path: Path  # from the root
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]


def teardown_module() -> None:
    """Let a million nodes go: no later test in this process is to carry them."""
    for kept in (parsed, functions):
        kept.cache_clear()


@cache
def parsed(folder: str) -> tuple[Source, ...]:
    """Return every file of a folder. Half the cost would be the collector's: it waits."""
    paths = {"shelter_desk": MODULES, "tests": TESTS}[folder]
    assert paths, "nothing to look at"
    was_on = gc.isenabled()  # windows of other tests have turned it off for good
    gc.disable()
    try:
        return tuple(_source(path) for path in paths)
    finally:
        gc.freeze()  # and it need not look at them again and again
        if was_on:
            gc.enable()


def _source(path: Path) -> Source:
    text = path.read_text("utf-8")
    tree = ast.parse(text, str(path))
    return Source(path.relative_to(ROOT), text, tree, tuple(ast.walk(tree)))


@cache
def functions() -> tuple[Function, ...]:
    found = tuple(
        Function(f"{path}:{node.lineno} {node.name}", node, path.parts[1] == "ui")
        for path, _, _, nodes in parsed("shelter_desk")
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert found
    return found


def imports(nodes: tuple[ast.AST, ...], package: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Every imported module and every imported name as a dotted path, with its line."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def within(name: str, families: set[str]) -> bool:
    """Tell whether a dotted name is one of the modules or lies below one."""
    return any(name == family or name.startswith(family + ".") for family in families)


def percentile(sizes: list[int]) -> int:
    return sorted(sizes)[max(0, round(len(sizes) * USUAL_SHARE) - 1)]


# Sizes


def test_functions_stay_short() -> None:
    every = functions()
    assert not [f"{f.place} {f.lines}" for f in every if f.lines > LONGEST_FUNCTION]
    assert percentile([f.lines for f in every]) <= USUAL_FUNCTION


def test_files_stay_short() -> None:
    sizes = {str(path): len(text.splitlines()) for path, text, _, _ in parsed("shelter_desk")}
    assert sizes
    assert not {place: size for place, size in sizes.items() if size > LONGEST_FILE}
    assert percentile(list(sizes.values())) <= USUAL_FILE


def test_the_linter_holds_complexity_and_arguments() -> None:
    """The step `style` of the test command runs ruff; here its limits are held where they are."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert rules["mccabe"]["max-complexity"] <= 8
    assert rules["pylint"]["max-args"] <= 6
    assert {"ANN", "C90", "D", "DTZ", "PLC", "PLR", "S", "T20", "TID"} <= set(rules["select"])
    assert not {"C901", "PLR0913", "PLC0415", "TID251"} & set(rules["ignore"])


# What every function and class says about itself


def test_every_argument_and_result_has_a_type() -> None:
    bare = []
    for function in functions():
        spec = function.node.args
        named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
        untyped = [a.arg for a in named if a and not a.annotation and a.arg not in ("self", "cls")]
        if untyped or function.node.returns is None:
            bare.append(f"{function.place} {untyped}")
    assert not bare


def test_everything_public_is_documented() -> None:
    bare = []
    for path, _, tree, _ in parsed("shelter_desk"):
        if not ast.get_docstring(tree):
            bare.append(str(path))
        in_ui = path.parts[1] == "ui"
        for owner in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
            if getattr(owner, "name", "").startswith("_"):
                continue
            for node in owner.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith(
                    "_"
                ):
                    # as in pyproject.toml: in ui, a method that overrides keeps its base's meaning
                    overrides_qt = in_ui and owner is not tree
                    if not ast.get_docstring(node) and not overrides_qt:
                        bare.append(f"{path}:{node.lineno} {node.name}")
    assert not bare


def test_no_class_has_a_vague_name() -> None:
    vague = [
        f"{path}:{node.lineno} {node.name}"
        for path, _, _, nodes in parsed("shelter_desk")
        for node in nodes
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE_ENDINGS)
    ]
    assert not vague


def test_every_exception_from_a_rule_names_it_and_says_why() -> None:
    wanted = re.compile(
        r"(noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*|type: ignore\[[a-z, -]+\])( - |  # )\w+"
    )
    marks = re.compile(r"#\s*(noqa|type:\s*ignore)")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*MODULES, *(ROOT / "packaging").glob("*.py")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line) and not wanted.search(line)
    ]
    assert not bare


# What must not be there


def test_nothing_is_global() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, _, _, nodes in parsed("shelter_desk")
        for node in nodes
        if isinstance(node, ast.Global)
    ]
    assert not found


def test_only_the_app_reads_the_clock() -> None:
    """Ruff bans Python's clocks; this adds Qt's, and the spellings ruff cannot follow."""
    clocks = {"currentDate", "currentDateTime", "currentDateTimeUtc", "currentTime", "utcnow"}
    found = [
        f"{path}:{node.lineno} {node.attr}"
        for path, _, _, nodes in parsed("shelter_desk")
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr in clocks
        and path.parts[1:] != ("app", "clock.py")
    ]
    assert not found


def test_no_test_replaces_our_own_code() -> None:
    """Fakes stand for what is outside (clock, keyring, stick) and are classes of their own."""
    found = []
    for path, _, _, nodes in parsed("tests"):
        found += [
            f"{path}:{line} {name}" for name, line in imports(nodes, ()) if within(name, MOCKS)
        ]
        for node in nodes:
            name = getattr(node, "arg", None) or getattr(node, "id", None)
            if name in ("mocker", "MagicMock", "Mock"):
                found.append(f"{path}:{node.lineno} {name}")
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "setattr"
                and ast.unparse(node) == "monkeypatch.setattr"
            ):
                found.append(f"{path}:{node.lineno} monkeypatch.setattr")
    assert not found


def test_no_test_is_skipped() -> None:
    words = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        f"{path}:{node.lineno} {node.attr}"
        for path, _, _, nodes in parsed("tests")
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr in words
        and ast.unparse(node.value) in ("pytest", "pytest.mark")
    ]
    assert not found


# The network


def test_no_module_of_ours_imports_the_network() -> None:
    found = []
    for path, _, _, nodes in parsed("shelter_desk"):
        found += [
            f"{path}:{line} {n}"
            for n, line in imports(nodes, path.parent.parts)
            if within(n, NETWORK)
        ]
    assert not found


def test_loading_every_module_opens_no_connection() -> None:
    """All modules are loaded in a fresh process that notes every name it looks up or calls."""
    script = """
import importlib, pkgutil, sys
called = []
watched = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto")
sys.addaudithook(lambda event, args: called.append(event) if event in watched else None)
import shelter_desk
names = [m.name for m in pkgutil.walk_packages(shelter_desk.__path__, "shelter_desk.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
clients = {"PySide6.QtNetwork", "requests", "urllib3", "httpx", "aiohttp", "smtplib", "ftplib"}
print(len(names), sorted(clients & set(sys.modules)), called)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    count, rest = done.stdout.strip().split(" ", 1)
    assert rest == "[] []"
    assert int(count) == len(MODULES) - 1  # all but the package itself


# The layers


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of pyproject.toml over a tree."""
    script = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", script], cwd=tree, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    shutil.copytree(
        PACKAGE, tmp_path / "shelter_desk", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_point_down_the_stack() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/planted.py", "import sqlalchemy", "The domain imports nothing"),
        ("domain/planted.py", "import shelter_desk.desk", "Imports point down the stack"),
        ("store/planted.py", "import PySide6.QtCore", "Qt stays in the ui package"),
        ("ui/planted.py", "import shelter_desk.store", "The ui, reports and exports never touch"),
        ("desk/planted.py", "import reportlab", "reportlab stays in the reports package"),
        (
            "disclosure/planted.py",
            "import shelter_desk.store",
            "The safe-table engine stands alone",
        ),
        ("planted.py", "", "Imports point down the stack"),
    ],
)
def test_an_import_that_points_up_is_caught(
    copied_tree: Path, module: str, line: str, contract: str
) -> None:
    planted = copied_tree / "shelter_desk" / module
    planted.write_text(f'"""Planted."""\n{line}\n', "utf-8")
    done = lint(copied_tree)
    broken = re.sub(r"\s+", " ", done.stdout)
    assert done.returncode != 0
    assert contract in broken


def test_pages_that_know_each_other_are_caught(copied_tree: Path) -> None:
    pages = copied_tree / "shelter_desk" / "ui" / "pages"
    (pages / "planted_a.py").write_text('"""Planted."""\n', "utf-8")
    (pages / "planted_b.py").write_text('"""Planted."""\nimport shelter_desk.ui.pages.planted_a\n')
    done = lint(copied_tree)
    assert done.returncode != 0
    assert re.search(r"Pages do not know each other\s+BROKEN", done.stdout), done.stdout
