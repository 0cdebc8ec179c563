"""Checks a shareable certificate by addition, with nothing but Python's standard library.

    python checker.py certificate.json

prints what is wrong, one line each, and ends with 0 if nothing is. The certificate claims: every
figure it lists as withheld could, by everything that is shown, cover at least k residents (events,
for tables of events); so nobody can show from the published figures that it covers fewer. For each
such figure it holds a possible world: other numbers that give exactly the same published figures.
This program adds them up. With "level": "exact" it claims less: two worlds that differ there show
that nobody can work the figure out, not that nobody can tell that it is below k.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

FORMAT = "shelter-desk-certificate/1"
SEAL = "sha256"
TOTAL = "total"
KEYS = {SEAL, "format", "title", "period", "audience", "settings", "tables", "atoms", "beside"}
KEYS |= {"impossible", "figures", "differences", "links", "worlds", "witnesses"}
TABLE_KEYS = {"id", "title", "counted", "kind", "rule", "rows", "columns"}
TABLE_KEYS |= {"behind", "most_each", "along"}
COUNTED = ("residents", "nights", "entries", "items")
LEVELS = ("interval", "exact")
RULES = {("partition", "worlds"), ("yes-no", "worlds"), ("partition", "contributors")}


class _Malformed(Exception):  # noqa: N818 - never leaves this module
    pass


def fingerprint(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the certificate without its seal, as canonical JSON."""
    kept = {key: value for key, value in body.items() if key != SEAL}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check(certificate: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a certificate, in sentences; empty if it proves its claim."""
    try:
        if set(certificate) != KEYS or certificate["format"] != FORMAT:
            return ["This is not a certificate this program knows."]
        wrong = [] if certificate[SEAL] == fingerprint(certificate) else ["The seal is broken."]
        _shape(certificate)
        parts = (_tables, _shown, _worlds, _witnesses)
        return wrong + [line for part in parts for line in part(certificate)]
    except (_Malformed, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return [f"The certificate cannot be read: {type(error).__name__} {error}"]


def check_values(certificate: Mapping[str, Any], values: Mapping[str, int | None]) -> list[str]:
    """Return where published figures differ from what the certificate is about.

    Args:
        certificate: one for which `check` found nothing wrong.
        values: figure id ("table/row/column", "total" for margins) -> number, None if withheld.
    """
    figures = {figure["id"]: figure["value"] for figure in certificate["figures"]}
    wrong = []
    for name, value in values.items():
        if name not in figures:
            wrong.append(f"{name} is published but not in the certificate.")
        elif type(value) is not type(figures[name]) or value != figures[name]:
            wrong.append(f"{name} is published otherwise than the certificate says.")
    return wrong


def _whole(number: object, least: int = 0) -> int:
    if type(number) is not int or number < least:
        raise _Malformed(f"{number!r} is not a whole number from {least}")
    return number


def _words(text: object) -> str:
    if not isinstance(text, str) or not text:
        raise _Malformed(f"{text!r} is not text")
    return text


def _atoms(numbers: Sequence[Any], atoms: int) -> None:
    if any(_whole(n) >= atoms for n in numbers) or len(set(numbers)) != len(numbers):
        raise _Malformed("a figure counts something twice or that does not exist")


def _shape(certificate: Mapping[str, Any]) -> None:
    """Check types: whole numbers where numbers belong, known settings, no id twice."""
    _settings(certificate["settings"])
    _words(certificate["title"])
    for one in (certificate, *certificate["beside"]):
        for key in ("period", "audience", SEAL):
            _words(one[key])
    atoms = _whole(certificate["atoms"])
    for figure in certificate["figures"]:
        _figure(figure)
    listed = [*certificate["figures"], *certificate["differences"]]
    sets = [entry["atoms"] for entry in listed] + [certificate["impossible"]]
    sets += [link[side] for link in certificate["links"] for side in ("left", "right")]
    for numbers in sets:
        _atoms(numbers, atoms)
    if len({_words(entry["id"]) for entry in listed}) != len(listed):
        raise _Malformed("two figures have the same name")
    for table in certificate["tables"]:
        _table(table)
    if any(entry["id"] != f"not:{entry['part']}" for entry in certificate["differences"]):
        raise _Malformed("a difference does not say what it leaves out")


def _table(table: Mapping[str, Any]) -> None:
    if set(table) != TABLE_KEYS or (table["kind"], table["rule"]) not in RULES:
        raise _Malformed("a table is of a kind that is not known")
    counted, rule = COUNTED.index(table["counted"]), table["rule"]
    if (counted == 0) != (rule == "worlds"):
        raise _Malformed("a table of residents is not held to the rule for residents")
    if rule == "worlds" and (table["behind"], table["most_each"]) != ("", None):
        raise _Malformed("a table of residents has nobody behind it")


def _settings(settings: Mapping[str, Any]) -> None:
    if set(settings) != {"k", "floor", "level"} or settings["level"] not in LEVELS:
        raise _Malformed("the settings are not known")
    _whole(settings["k"], 2)
    if _whole(settings["floor"]) > 1:
        raise _Malformed("the floor is 0 or 1")


def _figure(figure: Mapping[str, Any]) -> None:
    if set(figure) != {"id", "atoms", "value", "floor"}:
        raise _Malformed("a figure has parts that are not known")
    _whole(figure["floor"])
    if figure["value"] is not None:
        _whole(figure["value"])


def _tables(certificate: Mapping[str, Any]) -> list[str]:
    """Check that every table is there in full: all cells, and totals that are sums of them."""
    sets = {figure["id"]: frozenset(figure["atoms"]) for figure in certificate["figures"]}
    equal = {frozenset(map(frozenset, (x["left"], x["right"]))) for x in certificate["links"]}
    parts_of_all = {difference["part"] for difference in certificate["differences"]}
    wrong = []
    for table in certificate["tables"]:
        for name, parts in _sums(table):
            atoms = [atom for part in parts for atom in sets[part]]
            union = frozenset(atoms)
            same = sets[name] == union or frozenset((sets[name], union)) in equal
            if not same or len(union) != len(atoms):
                wrong.append(f"{name} is not tied to its parts.")
        if table["kind"] == "yes-no" and not set(_names(table)) <= parts_of_all:
            wrong.append(f"{table['id']} does not look at those who answered no.")
    floors = _floors(certificate)
    odd = [f["id"] for f in certificate["figures"] if f["floor"] != floors[f["id"]]]
    return wrong + [f"{name} has a floor of its own." for name in odd]


def _floors(certificate: Mapping[str, Any]) -> dict[str, int]:
    """Work out what every figure is known to be at least, by its id.

    A blank of a table of residents is not zero where zeros are shown. A shown count of events has
    at least k residents behind it, and no fewer than can contribute so much; they are counted in
    the same line of the table named as `behind`. Nothing is known of blank counts of events.
    """
    settings = certificate["settings"]
    values = {figure["id"]: figure["value"] for figure in certificate["figures"]}
    floors = dict.fromkeys(values, settings["floor"])
    for table in (one for one in certificate["tables"] if one["rule"] == "contributors"):
        most = table["most_each"]
        for name in _names(table):
            floors[name] = 0
            target = table["behind"] + name.removeprefix(table["id"])
            if values[name] and target in floors:
                least = settings["k"] if most is None else -(-values[name] // _whole(most, 1))
                floors[target] = max(floors[target], settings["k"], least)
    return floors


def _names(table: Mapping[str, Any]) -> list[str]:
    """List the ids of all figures of a table."""
    names = [f"{table['id']}/{r}/{c}" for r in table["rows"] for c in table["columns"]]
    return names + [name for name, _ in _sums(table)]


def _sums(table: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """List the totals of a table with the cells each is the sum of."""
    name, rows, columns = table["id"], table["rows"], table["columns"]
    if table["kind"] == "yes-no":
        return []
    cells = [f"{name}/{row}/{column}" for row in rows for column in columns]
    sums = [(f"{name}/{TOTAL}/{TOTAL}", cells)]
    if len(columns) > 1:
        sums += [(f"{name}/{r}/{TOTAL}", [f"{name}/{r}/{c}" for c in columns]) for r in rows]
        sums += [(f"{name}/{TOTAL}/{c}", [f"{name}/{r}/{c}" for r in rows]) for c in columns]
    return sums


def _shown(certificate: Mapping[str, Any]) -> list[str]:
    """Check that nothing small is shown, nor can be had by subtracting two shown figures.

    Only for the interval level; at the exact level small figures may be named one by one.
    """
    settings = certificate["settings"]
    if settings["level"] != "interval":
        return []
    shown = {f["id"]: f["value"] for f in certificate["figures"] if f["value"] is not None}
    wrong = [f"{n} is small and shown." for n, v in shown.items() if 0 < v < settings["k"]]
    for difference in certificate["differences"]:
        if shown.keys() >= {difference["whole"], difference["part"]}:
            rest = shown[difference["whole"]] - shown[difference["part"]]
            if rest < 0 or 0 < rest < settings["k"]:
                wrong.append(f"{difference['id']} is small and can be worked out.")
    return wrong


def _worlds(certificate: Mapping[str, Any]) -> list[str]:
    """Check by addition that there are worlds, and each gives exactly the published figures."""
    figures, differences = certificate["figures"], certificate["differences"]
    wrong = [] if certificate["worlds"] or not figures else ["No world adds the figures up."]
    for number, world in enumerate(certificate["worlds"]):
        count = world.__getitem__
        sums = {f["id"]: sum(map(count, f["atoms"])) for f in figures}
        rests = {d["id"]: sums[d["whole"]] - sums[d["part"]] for d in differences}
        fits = (
            len(world) == certificate["atoms"]
            and all(_whole(n) >= 0 for n in world)
            and not any(map(count, certificate["impossible"]))
            and all(sums[f["id"]] == f["value"] for f in figures if f["value"] is not None)
            and all(sums[f["id"]] >= f["floor"] for f in figures if f["value"] is None)
            and all(rests[d["id"]] == sum(map(count, d["atoms"])) for d in differences)
        )
        for link in certificate["links"]:
            fits = fits and sum(map(count, link["left"])) == sum(map(count, link["right"]))
        if not fits:
            wrong.append(f"World {number} does not give the published figures.")
    return wrong


def open_differences(certificate: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return the atoms of the differences that could cover somebody, by id.

    Not between two shown figures, nor where readers know it is nobody: each cell of one line holds
    its own of another, and all that their totals differ by is between shown cells.
    """
    shown = {f["id"]: f["value"] for f in certificate["figures"] if f["value"] is not None}
    sums = [line for table in certificate["tables"] for line in _sums(table) if line[0] in shown]
    pairs = {(d["whole"], d["part"]): d for d in certificate["differences"]}
    closed = {pair for pair in pairs if shown.keys() >= {*pair}}
    for (whole, wholes), (part, parts) in product(sums, sums):
        cells = {*zip(wholes, parts, strict=False)}
        if len(wholes) == len(parts) and cells <= pairs.keys():
            known = [shown[w] - shown[p] for w, p in cells if shown.keys() >= {w, p}]
            closed |= cells if sum(known) == shown[whole] - shown[part] else set()
    return {d["id"]: d["atoms"] for pair, d in pairs.items() if pair not in closed}


def _witnesses(certificate: Mapping[str, Any]) -> list[str]:
    """Check that every withheld figure and every open difference has its worlds."""
    open_sets = {f["id"]: f["atoms"] for f in certificate["figures"] if f["value"] is None}
    open_sets |= open_differences(certificate)
    witnesses, settings = certificate["witnesses"], certificate["settings"]
    odd = set(witnesses) != set(open_sets)
    wrong = ["The worlds do not belong to the withheld figures."] if odd else []
    for name, atoms in open_sets.items():
        worlds = [certificate["worlds"][_whole(w)] for w in witnesses.get(name, ())]
        values = [sum(world[atom] for atom in atoms) for world in worlds]
        if settings["level"] == "interval":
            safe = max(values, default=-1) >= settings["k"]
        else:
            safe = len(set(values)) > 1
        if not safe:
            wrong.append(f"{name} is withheld without a world that protects it.")
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Check the certificate named on the command line; 0 if it holds, 1 if not, 2 if misused."""
    if len(arguments) != 1:
        sys.stderr.write("usage: checker.py certificate.json\n")
        return 2
    try:
        certificate = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The file cannot be read: {error}\n")
        return 2
    wrong = check(certificate) if isinstance(certificate, dict) else ["This is not a certificate."]
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    if not wrong:
        blank = sum(f["value"] is None for f in certificate["figures"])
        holds = f"{blank} withheld figures, {len(certificate['worlds'])} possible worlds"
        sys.stdout.write(f"The certificate holds: {holds}.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
