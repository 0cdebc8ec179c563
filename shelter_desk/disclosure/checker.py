"""Checks a shareable certificate by addition, with nothing but Python's standard library.

    python checker.py certificate.json

prints what is wrong, one line each, and ends with 0 if nothing is. The certificate claims: every
figure it lists as withheld could, by all that is shown, cover at least k residents (events, for
tables of events); so nobody can show that it covers fewer. For each it holds a possible world:
other numbers that give exactly the same published figures. This program adds them up. At level
"exact" it claims less: two worlds that differ there show that nobody can work the figure out.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

# The old one does not say what tables of residents are along.
OLD_FORMAT, FORMAT = (f"shelter-desk-certificate/{n}" for n in (1, 2))
SEAL, TOTAL, EVERYBODY = "sha256", "total", "release/total/total"
KEYS = {SEAL, "format", "title", "period", "audience", "settings", "tables", "atoms", "beside"}
KEYS |= {"impossible", "figures", "differences", "links", "worlds", "witnesses"}
TABLE_KEYS = {"id", "title", "counted", "kind", "rule", "rows", "columns", "along"}
TABLE_KEYS |= {"behind", "most_each"}
COUNTED = ("residents", "nights", "entries", "items")
LEVELS = ("interval", "exact")
Atoms = frozenset[int]
PEOPLE = ("partition", "worlds")
RULES = {PEOPLE, ("yes-no", "worlds"), ("partition", "contributors")}


def _need(holds: object, words: str) -> None:
    if not holds:
        raise ValueError(words)


def fingerprint(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the certificate without its seal, as canonical JSON."""
    kept = {key: value for key, value in body.items() if key != SEAL}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check(certificate: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a certificate, in sentences; empty if it proves its claim."""
    try:
        if set(certificate) != KEYS or certificate["format"] not in (FORMAT, OLD_FORMAT):
            return ["This is not a certificate this program knows."]
        wrong = [] if certificate[SEAL] == fingerprint(certificate) else ["The seal is broken."]
        _shape(certificate)
        parts = (_tables, _among, _shown, _worlds, _witnesses)
        return wrong + [line for part in parts for line in part(certificate)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return [f"The certificate cannot be read: {type(error).__name__} {error}"]


def check_values(certificate: Mapping[str, Any], values: Mapping[str, int | None]) -> list[str]:
    """Return where figures as published, id -> number or None, differ from those certified."""
    sure = {figure["id"]: figure["value"] for figure in certificate["figures"]}
    odd = [n for n, v in values.items() if n in sure and (type(v), v) != (type(sure[n]), sure[n])]
    wrong = [f"{n} is published but not in the certificate." for n in values if n not in sure]
    return wrong + [f"{name} is published otherwise than the certificate says." for name in odd]


def _whole(number: Any, least: int = 0) -> int:  # noqa: ANN401 - what JSON holds
    _need(type(number) is int and number >= least, f"{number!r} is no whole number from {least}")
    return int(number)


def _shape(certificate: Mapping[str, Any]) -> None:
    """Check types: whole numbers where numbers belong, known settings, no id twice."""
    settings, atoms = certificate["settings"], _whole(certificate["atoms"])
    is_known = set(settings) == {"k", "floor", "level"} and settings["level"] in LEVELS
    is_known = is_known and _whole(settings["floor"]) <= 1 < _whole(settings["k"])
    _need(is_known, "the settings are not known")
    listed = [*certificate["figures"], *certificate["differences"]]
    words = [certificate["title"], *(entry["id"] for entry in listed)]
    for one in (certificate, *certificate["beside"]):
        words += [one["period"], one["audience"], one[SEAL]]
    _need(all(isinstance(text, str) and text for text in words), "a name is not text")
    _need(len({e["id"] for e in listed}) == len(listed), "two figures have the same name")
    for figure in certificate["figures"]:
        _need(set(figure) == {"id", "atoms", "value", "floor"}, "a figure has parts not known")
        _whole(figure["floor"])
        _whole(0 if figure["value"] is None else figure["value"])
    sets = [entry["atoms"] for entry in listed] + [certificate["impossible"]]
    sets += [link[side] for link in certificate["links"] for side in ("left", "right")]
    for numbers in sets:
        once = len(set(numbers)) == len(numbers) and all(_whole(n) < atoms for n in numbers)
        _need(once, "a figure counts something twice or that does not exist")
    says = all(d["id"] == f"not:{d['part']}" for d in certificate["differences"])
    _need(says, "a difference does not say what it leaves out")
    for table in certificate["tables"]:
        is_known = set(table) == TABLE_KEYS and (table["kind"], table["rule"]) in RULES
        _need(is_known, "a table is of a kind that is not known")
        counted, is_people = COUNTED.index(table["counted"]), table["rule"] == "worlds"
        _need((counted == 0) == is_people, "a table of residents is not held to their rule")
        nobody = (table["behind"], table["most_each"]) == ("", None)
        _need(nobody or not is_people, "a table of residents has nobody behind it")


def _tied(certificate: Mapping[str, Any]) -> Callable[[Atoms], set[Atoms]]:
    """Return how to look up which sets of atoms count the same as one: itself, and linked ones."""
    tied: dict[Atoms, set[Atoms]] = {}
    for one, other in (map(frozenset, (x["left"], x["right"])) for x in certificate["links"]):
        tied.setdefault(one, {one}).add(other)
        tied.setdefault(other, {other}).add(one)
    return lambda one: tied.get(one, {one})


def _tables(certificate: Mapping[str, Any]) -> list[str]:
    """Check that every table is there in full: all cells, and totals that are sums of them."""
    sets = {figure["id"]: frozenset(figure["atoms"]) for figure in certificate["figures"]}
    tied, wrong = _tied(certificate), []
    for table in certificate["tables"]:
        for name, parts in _sums(table):
            atoms = [atom for part in parts for atom in sets[part]]
            if frozenset(atoms) not in tied(sets[name]) or len(set(atoms)) != len(atoms):
                wrong.append(f"{name} is not tied to its parts.")
    floors = _floors(certificate)
    odd = [f["id"] for f in certificate["figures"] if f["floor"] != floors[f["id"]]]
    return wrong + [f"{name} has a floor of its own." for name in odd]


def _lines(table: Mapping[str, Any]) -> list[tuple[Any, dict[str, str]]]:
    """List the lines of a table that divides residents: what tells it, and code -> figure id."""
    name, rows, columns, (down, across) = (table[k] for k in ("id", "rows", "columns", "along"))
    is_wide, cells = len(columns) > 1, [*product(rows, columns)]
    lines: list[tuple[Any, dict[str, str]]] = [("", {"": f"{name}/{TOTAL}/{TOTAL}"})]
    lines += [(down, {r: f"{name}/{r}/{TOTAL if is_wide else columns[0]}" for r in rows})]
    if is_wide and set(columns) != {"yes", "no"}:  # these mean something else in every table
        lines += [(across, {c: f"{name}/{TOTAL}/{c}" for c in columns})]
        lines += [((down, across), {f"{r}/{c}": f"{name}/{r}/{c}" for r, c in cells})]
        lines += [((across, down), {f"{c}/{r}": f"{name}/{r}/{c}" for r, c in cells})]
    return [((along, frozenset(line)), line) for along, line in lines]


def _among(certificate: Mapping[str, Any]) -> list[str]:
    """Check that a table counts everybody, or some of those whom the same line of all counts.

    Who is there beside them is a difference, or in lines of others that add up with these.
    """
    tables, differences = certificate["tables"], certificate["differences"]
    parts = {difference["part"] for difference in differences}
    may = {n: {EVERYBODY} for table in tables if table["kind"] == "yes-no" for n in _names(table)}
    wrong = [f"{name} does not look at those who answered no." for name in may.keys() - parts]
    if certificate["format"] == OLD_FORMAT:
        return wrong
    sets = {figure["id"]: frozenset(figure["atoms"]) for figure in certificate["figures"]}
    tied, parted = _tied(certificate), {sets[part] for part in parts}
    lines = {t["id"]: _lines(t) for t in tables if (t["kind"], t["rule"]) == PEOPLE}
    anywhere = {atom for n in lines for _, x in lines[n] for i in x.values() for atom in sets[i]}
    all_of = [n for n in lines if sets[f"{n}/{TOTAL}/{TOTAL}"] in tied(sets[EVERYBODY])]
    first: dict[Any, dict[str, str]] = {}
    for key, line in ((key, x) for n in all_of for key, x in lines[n] if any(key[0])):
        same = first.setdefault(key, line)
        loose = [name for code, name in line.items() if sets[same[code]] not in tied(sets[name])]
        wrong += [f"{name} is not what another table says it is." for name in loose]
    wholes = [(("", frozenset([""])), {"": EVERYBODY}), *(one for n in all_of for one in lines[n])]
    for key, part in (one for n in lines if n not in all_of for one in lines[n]):
        for code, name in part.items():
            may.setdefault(name, set()).update(whole[code] for k, whole in wholes if k == key)
            own = tied(sets[name])
            sides = (side for whole in may[name] for side in tied(sets[whole]))
            beside = (side - one for side in sides for one in own if one < side)
            if may[name] and not (own & parted or any(rest <= anywhere for rest in beside)):
                wrong.append(f"{name} does not say who is there beside it.")
    odd = [d["id"] for d in differences if d["whole"] not in may.get(d["part"], ())]
    return wrong + [f"{name} is no difference of some from all." for name in odd]


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
    """Check that nothing small is shown or left between two shown figures, at level interval."""
    settings = certificate["settings"]
    if settings["level"] != "interval":
        return []
    shown = {f["id"]: f["value"] for f in certificate["figures"] if f["value"] is not None}
    wrong = [f"{n} is small and shown." for n, v in shown.items() if 0 < v < settings["k"]]
    differences = {(d["whole"], d["part"]): d["id"] for d in certificate["differences"]}
    rests = [(shown[w] - shown[p], n) for (w, p), n in differences.items() if {w, p} <= {*shown}]
    small = [name for rest, name in rests if rest and rest < settings["k"]]
    return wrong + [f"{name} is small and can be worked out." for name in small]


def _worlds(certificate: Mapping[str, Any]) -> list[str]:
    """Check by addition that there are worlds, and each gives exactly the published figures."""
    figures, differences = certificate["figures"], certificate["differences"]
    links = certificate["links"]
    wrong = [] if certificate["worlds"] or not figures else ["No world adds the figures up."]
    for number, world in enumerate(certificate["worlds"]):
        count = world.__getitem__
        sums = {x["id"]: sum(map(count, x["atoms"])) for x in (*figures, *differences)}
        fits = (
            len(world) == certificate["atoms"]
            and all(_whole(n) >= 0 for n in world)
            and not any(map(count, certificate["impossible"]))
            and all(sums[f["id"]] == f["value"] for f in figures if f["value"] is not None)
            and all(sums[f["id"]] >= f["floor"] for f in figures if f["value"] is None)
            and all(sums[d["whole"]] == sums[d["part"]] + sums[d["id"]] for d in differences)
            and all(sum(map(count, x["left"])) == sum(map(count, x["right"])) for x in links)
        )
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
    fits = set(witnesses) == set(open_sets)
    wrong = [] if fits else ["The worlds do not belong to the withheld figures."]
    for name, atoms in open_sets.items():
        worlds = [certificate["worlds"][_whole(w)] for w in witnesses.get(name, ())]
        values = [sum(map(world.__getitem__, atoms)) for world in worlds]
        reached = max(values, default=-1) >= settings["k"]
        if not (reached if settings["level"] == "interval" else len(set(values)) > 1):
            wrong.append(f"{name} is withheld without a world that protects it.")
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Check the certificate named on the command line; 0 if it holds, 1 if not, 2 if misused."""
    try:
        (path,) = arguments
        certificate = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"usage: checker.py certificate.json\nIt cannot be read: {error}\n")
        return 2
    wrong = check(certificate) if isinstance(certificate, dict) else ["This is not a certificate."]
    lines = wrong or [f"{certificate['format']} holds: {len(certificate['worlds'])} worlds."]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
