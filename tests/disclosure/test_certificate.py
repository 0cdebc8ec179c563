"""The shareable certificate: whatever is changed in it, the checker notices."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shelter_desk.disclosure import (
    Label,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    check,
    check_values,
    checker,
    protect,
)
from tests.disclosure.forging import changed, leaves, same_claim, sealed

ALL = (Label("all", "All"),)


@pytest.fixture(scope="module")
def certificate() -> dict[str, Any]:
    codes = tuple(Label(code, code) for code in "abcd")
    yes = TableRequest(
        "s", "Services", "residents", codes, ALL, ((2,), (28,), (12,), (0,)), kind="yes-no"
    )
    cross = ((1, 2), (4, 5), (3, 2), (6, 12))
    two = TableRequest("two", "Two", "residents", codes, codes[:2], cross)
    sums = tuple((sum(row),) for row in cross)
    ages = TableRequest("age", "Age", "residents", codes, ALL, sums)
    nights = TableRequest(
        "n", "Nights", "nights", codes, ALL, ((0,), (90,), (50,), (180,)),
        ((0,), (9,), (5,), (18,)), ((0,), (10,), (10,), (10,)), behind="age", most_each=10,
    )  # fmt: skip
    tables = (ages, two, yes, nights)
    request = ReleaseRequest("Quarter", "2026-Q1", "public", 35, tables, Settings(5))
    release = protect(request)
    assert isinstance(release, SafeRelease)
    return json.loads(json.dumps(release.certificate))  # type: ignore[no-any-return]


def test_it_holds_after_a_trip_through_json(certificate: dict[str, Any]) -> None:
    assert check(certificate) == []
    assert any(f["value"] is None for f in certificate["figures"])


def test_every_changed_leaf_is_noticed(certificate: dict[str, Any]) -> None:
    paths = list(leaves(certificate))
    missed = [at for at in paths if not check(changed(certificate, at))]
    sys.stdout.write(f"{len(paths)} leaves changed in turn\n")
    assert missed == []
    assert len(paths) > 300


def test_a_new_seal_hides_no_change_that_is_another_claim(certificate: dict[str, Any]) -> None:
    """Every number, world, status and setting, in turn, by one up and one down."""
    paths = [at for at in leaves(certificate) if at != ("sha256",)]
    missed = [
        (at, by)
        for at in paths
        for by in (1, -1)
        if not check(sealed(changed(certificate, at, by))) and not same_claim(certificate, at, by)
    ]
    sys.stdout.write(f"{len(paths)} values changed and sealed again\n")
    assert missed == []


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """Nothing is blank in it, and the smallest figure is k."""
    codes = tuple(Label(code, code) for code in "abc")
    counts = {"age": (5, 8, 22), "referral": (6, 12, 17), "s": (0, 21, 28)}
    tables = tuple(
        TableRequest(
            name, name, "residents", codes, ALL, tuple((n,) for n in column),
            kind="yes-no" if name == "s" else "partition",
        )
        for name, column in counts.items()
    )  # fmt: skip
    release = protect(ReleaseRequest("Quarter", "2026-Q1", "public", 35, tables, Settings(5)))
    assert isinstance(release, SafeRelease)
    assert release.withheld == 0
    return json.loads(json.dumps(release.certificate))  # type: ignore[no-any-return]


def test_what_has_no_blanks_adds_up_in_one_world_and_no_change_of_it_does(
    whole: dict[str, Any],
) -> None:
    assert check(whole) == []
    assert len(whole["worlds"]) == 1
    paths = [at for at in leaves(whole) if at != ("sha256",)]
    missed = [
        (at, by)
        for at in paths
        for by in (1, -1)
        if not check(sealed(changed(whole, at, by))) and not same_claim(whole, at, by)
    ]
    assert missed == []
    assert check(sealed(whole | {"worlds": []})) == ["No world adds the figures up."]


def test_a_new_seal_does_not_hide_what_was_taken_out(certificate: dict[str, Any]) -> None:
    removed = 0
    for name in certificate["witnesses"]:
        twin = copy.deepcopy(certificate)
        del twin["witnesses"][name]
        assert check(sealed(twin)), name
        twin = copy.deepcopy(certificate)
        twin["witnesses"][name] = []
        assert check(sealed(twin)), name
        removed += 1
    for position, figure in enumerate(certificate["figures"]):
        twin = copy.deepcopy(certificate)
        del twin["figures"][position]
        assert check(sealed(twin)), figure["id"]
        removed += 1
    for position in range(len(certificate["differences"])):
        twin = copy.deepcopy(certificate)
        del twin["differences"][position]
        assert check(sealed(twin))
        removed += 1
    assert removed > 30


def test_a_higher_k_is_a_claim_it_does_not_prove(certificate: dict[str, Any]) -> None:
    assert check(sealed(changed(certificate, ("settings", "k"), 9)))


def test_rubbish_is_refused_and_never_raises() -> None:
    for rubbish in ({}, {"format": "x"}, dict.fromkeys(checker.KEYS, 0)):
        assert check(rubbish)
    body: dict[str, Any] = dict.fromkeys(checker.KEYS) | {"format": checker.FORMAT}
    assert check(sealed(body))


def test_published_numbers_are_held_against_it(certificate: dict[str, Any]) -> None:
    values = {f["id"]: f["value"] for f in certificate["figures"]}
    assert check_values(certificate, values) == []
    for name, value in values.items():
        assert check_values(certificate, {name: 1 if value is None else value + 1}), name
        assert value is None or check_values(certificate, {name: None}), name
    assert check_values(certificate, {"age/z/all": 5})


def test_it_runs_beside_an_export_with_the_standard_library_alone(
    certificate: dict[str, Any], tmp_path: Path
) -> None:
    script = tmp_path / "checker.py"
    script.write_text(Path(checker.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    wrong = changed(certificate, ("worlds", 0, 0))
    for body, code, words in ((certificate, 0, "holds"), (wrong, 1, "seal is broken")):
        path = tmp_path / "certificate.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(script), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert words in done.stdout
    lines = script.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 300
