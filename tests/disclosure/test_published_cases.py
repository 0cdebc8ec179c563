"""Published tables with known answers, where the folder beside the project holds them."""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shelter_desk.cli import main
from shelter_desk.disclosure import check
from shelter_desk.disclosure.attacker import Attacker
from shelter_desk.disclosure.model import Figure, Problem, Settings
from shelter_desk.disclosure.system import Side, build

CASES = Path(__file__).parents[3] / "shared" / "disclosure_cases"
Case = dict[str, Any]


def table_of(case: Case) -> dict[str, Any]:
    """Lay out a case with all margins; "*" stands for all, and for named groups their name."""
    atoms = {",".join(cell["key"]): cell["value"] for cell in case["cells"]}
    groups = case.get("groups") or {}
    choices = []
    for dimension, codes in case["dims"].items():
        choice = {code: {code} for code in codes} | {"*": set(codes)}
        choice |= {name: set(codes) for name, codes in groups.get(dimension, {}).items()}
        choices.append(choice)
    figures = []
    for names in itertools.product(*choices):
        sets = [choice[name] for choice, name in zip(choices, names, strict=True)]
        inside = [
            key
            for key in atoms
            if all(code in s for code, s in zip(key.split(","), sets, strict=True))
        ]
        figures.append({"id": ",".join(names), "atoms": inside})
    return {"atoms": atoms, "figures": figures, "floor": 0, "level": "exact"}


def distinct(table: dict[str, Any], withheld: list[str]) -> int:
    """Count figures that stand for different people."""
    atoms = {f["id"]: frozenset(f["atoms"]) for f in table["figures"]}
    return len({atoms[name] for name in withheld})


def through_the_door(table: dict[str, Any]) -> dict[str, Any]:
    """Protect a table as anybody can: file in, file out, checked by its own verifier."""
    with tempfile.TemporaryDirectory() as place:
        source, result = Path(place, "table.json"), Path(place, "result.json")
        source.write_text(json.dumps(table), encoding="utf-8")
        code = main(["protect", str(source), "--out", str(result)])
        answer: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        assert code == (0 if answer["status"] == "safe" else 1)
        assert main(["verify-summary", str(result)]) == code
    return answer


def safe(table: dict[str, Any]) -> dict[str, Any]:
    answer = through_the_door(table)
    assert answer["status"] == "safe", answer["reason"]
    assert answer["reason"] is None
    assert check(answer["certificate"]) == []
    assert set(answer["explanations"]) == set(answer["withheld"])
    return answer


def geurts(case: Case) -> None:
    sets = {"1,1": (0,), "1,2": (1,), "2,1": (2,), "2,2": (3,), "3,1": (4,), "3,2": (5,)}
    sets |= {"1,*": (0, 1), "2,*": (2, 3), "3,*": (4, 5)}
    sets |= {"*,1": (0, 2, 4), "*,2": (1, 3, 5), "*,*": (0, 1, 2, 3, 4, 5)}
    counts = (4, 3, 2, 1, 3, 3)
    for key, value in case["published"]:
        assert sum(counts[a] for a in sets[",".join(key)]) == value
    problem = Problem(
        tuple("abcdef"), counts, tuple(Figure(n, s) for n, s in sets.items()), Settings(3, 0)
    )
    system = build(problem)
    attacker = Attacker(system)
    shown = {",".join(key) for key, _ in case["published"]}
    blank = [problem.figures[m[0]].id not in shown for m in system.members]
    attacker.withhold(system.must | blank)
    for name, (low, high) in (case["expected"]["interval"] | case["derived_by_hand"]).items():
        index = next(i for i, m in enumerate(system.members) if problem.figures[m[0]].id == name)
        assert round(attacker.reach(index, Side(1, 99)).value) == high
        assert round(attacker.reach(index, Side(-1, -1)).value) == low


def microdata(case: Case) -> None:
    table = table_of(case) | {"k": 3, "sensitive": [",".join(key) for key in case["sensitive"]]}
    answer = safe(table)
    assert distinct(table, answer["withheld"]) == case["expected"]["OPT_total_withheld"]
    assert answer["fewest_proved"]


def zeros_count(k: int) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        table = table_of(case) | {"k": k, "zeros_sensitive": True}
        answer = safe(table)
        expected = case["expected"]
        most = expected.get("gauss_n_suppressed_distinct", expected["gauss_n_suppressed"])
        assert len(set(answer["sensitive"])) >= expected["n_primary"]
        assert distinct(table, answer["withheld"]) <= most

    return run


def marital(case: Case) -> None:
    table = table_of(case) | {"k": 5, "floor": 1, "level": "interval", "time_limit_s": 3}
    values = {f["id"]: sum(table["atoms"][a] for a in f["atoms"]) for f in table["figures"]}
    for key, value in case["expected"]["margins_2way"].items():
        assert values["*,*,*" if key == "Total" else f"{key},*"] == value
    answer = safe(table)
    assert all(not 0 < value < 5 for value in answer["published"].values())
    assert "Single,Female,*" in answer["withheld"]


def geographic(case: Case) -> None:
    """The smaller area is out already: what would give away the difference is withheld."""
    ((_, one),), ((_, two),) = case["release1"].items(), case["release2"].items()
    atoms, figures, fixed, leaking = {}, [], {}, set()
    for sex in one:
        for row, n, m in zip(case["rows"], one[sex], two[sex], strict=True):
            low, high = sorted((n, m))
            name = f"{sex} {row}"
            atoms |= {name: low, f"{name}+": high - low}
            figures += [{"id": f"1 {name}", "atoms": [name]}]
            figures += [{"id": f"2 {name}", "atoms": [name, f"{name}+"]}]
            figures += [{"id": f"difference {name}", "atoms": [f"{name}+"], "weight": 0}]
            fixed[f"1 {name}"] = "published"
            leaking |= {f"2 {name}"} if high - low else set()
    answer = safe({"k": 5, "atoms": atoms, "figures": figures, "fixed": fixed})
    assert leaking
    assert leaking <= set(answer["withheld"])


def linking(case: Case) -> None:
    known, found = case["published"], case["expected"]["derivable"]
    atoms = {n: known[n] for n in ("M live+work", "M live only", "M work only")} | found
    sets = {name: [name] for name in atoms}
    sets["living and working"] = ["M live+work", "F live+work"]
    sets["living in area"] = [*sets["living and working"], "M live only", "F live only"]
    sets["working in area"] = [*sets["living and working"], "M work only", "F work only"]
    figures = [{"id": name, "atoms": inside} for name, inside in sets.items()]
    table: dict[str, Any] = {"k": 6, "atoms": atoms, "figures": figures}
    out = through_the_door(table | {"fixed": dict.fromkeys(known, "published")})
    assert out["status"] == "refused"
    answer = safe(table)
    assert set(found) < set(answer["withheld"])


def singletons(case: Case) -> None:
    table = table_of(case) | {"k": 3, "sensitive": [",".join(key) for key in case["sensitive"]]}
    group = [",".join(key) for key in case["sensitive"]]
    assert sum(table["atoms"][a] for a in group) == case["expected"]["virtual_cell_A_X2+X4"]
    answer = safe(table | {"groups": [group]})
    rest = {"A,*", "A,X1", "A,X3"} & set(answer["withheld"])
    assert rest, "the two together could be worked out"


def one_answer_for_all(table: dict[str, Any], row: str, columns: list[str]) -> None:
    """Everybody of a row gave one answer: its cells and zeros are protected, and stay so."""
    values = {f["id"]: sum(table["atoms"][a] for a in f["atoms"]) for f in table["figures"]}
    cells = [f"{row},{column}" for column in columns]
    assert sorted(values[cell] for cell in cells)[-2:] == [0, values[f"{row},*"]]
    answer = safe(table | {"k": 2, "sensitive": cells})
    assert set(cells) <= set(answer["withheld"])


def married(case: Case) -> None:
    assert case["expected"]["group_attribute_disclosure"] == ["Married -> Full (6 of 6)"]
    one_answer_for_all(table_of(case), "Married", case["dims"]["hours"])


def inpatients(case: Case) -> None:
    conditions = sorted({record["cond"] for record in case["records"]})
    cells = [
        {"key": [f"g{n}", name], "value": sum(case["records"][r]["cond"] == name for r in group)}
        for n, group in enumerate(case["groups4"])
        for name in conditions
    ]
    dims = {"class": ["g0", "g1", "g2"], "condition": conditions}
    assert case["expected"]["homogeneous_group"].endswith("Cancer")
    one_answer_for_all(table_of({"dims": dims, "cells": cells}), "g2", conditions)


def recoded(case: Case) -> None:
    """Two sets of bands over the same people: what lies between them is protected."""
    one, two = case["table1"], case["table2"]
    atoms, figures, fixed, groups = {}, [], {}, []
    for sex in ("Male", "Female"):
        first, between, second = one[sex][0], two[sex][0] - one[sex][0], two[sex][1]
        assert between == case["expected"]["derivable 20-24"][sex]
        counts = [first, between, second, *one[sex][2:]]
        names = [f"{sex} {band}" for band in ("<20", "20-24", "25-39", "40-59", "60-69", "70+")]
        atoms |= dict(zip(names, counts, strict=True))
        figures += [{"id": f"1 {names[0]}", "atoms": names[:1]}]
        figures += [{"id": f"1 {sex} 20-39", "atoms": names[1:3]}]
        fixed |= {f["id"]: "published" for f in figures[-2:]}
        figures += [{"id": f"2 {sex} <25", "atoms": names[:2]}]
        figures += [{"id": f"2 {name}", "atoms": [name]} for name in names[2:]]
        groups += [names[1:2]] if between else []
    answer = safe({"k": 3, "atoms": atoms, "figures": figures, "fixed": fixed, "groups": groups})
    assert {"2 Male <25", "2 Male 25-39"} <= set(answer["withheld"])
    assert not [name for name in answer["withheld"] if "Female" in name]


# Cases 18 and 22 are about extracts of records, which no table of head-counts can stand for.
KNOWN: dict[str, Callable[[Case], None]] = {
    "01_geurts_audit_3x2": geurts,
    "05_sdctable_microdata1": microdata,
    "07_gausssuppression_z1": zeros_count(4),
    "08a_gausssuppression_vignette_table1": zeros_count(2),
    "08b_gausssuppression_vignette_table2": zeros_count(3),
    "10_handbook_marital_hours": marital,
    "11_handbook_group_disclosure": married,
    "12_handbook_geographic_differencing": geographic,
    "13_handbook_linking": linking,
    "14_handbook_subpopulation_differencing": recoded,
    "15_tauargus_singleton_row": singletons,
    "20_ldiversity_inpatients": inpatients,
}


def test_published_tables_get_their_known_answers() -> None:
    checked = []
    for name, run in KNOWN.items():
        path = CASES / f"{name}.json"
        if path.exists():
            run(json.loads(path.read_text(encoding="utf-8")))
            checked.append(name)
    sys.stdout.write(f"{len(checked)} of {len(KNOWN)} published tables found and checked\n")
    assert len(checked) in (0, len(KNOWN)), "some of the published tables are missing"
