"""What a forger can do to a certificate: change any value of it, and seal it again."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from shelter_desk.disclosure import checker

PathTo = tuple[str | int, ...]


def leaves(value: object, at: PathTo = ()) -> Iterator[PathTo]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*at, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, (*at, position))
    else:
        yield at


def changed(body: dict[str, Any], at: PathTo, by: int = 1) -> dict[str, Any]:
    twin = copy.deepcopy(body)
    place: Any = twin
    for step in at[:-1]:
        place = place[step]
    old = place[at[-1]]
    place[at[-1]] = 0 if old is None else old + by if isinstance(old, int) else old + "x"
    return twin


def sealed(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"sha256": checker.fingerprint(body)}


def same_claim(body: dict[str, Any], at: PathTo, by: int) -> bool:
    """Headings claim nothing; a smaller group is less; another world may protect as well."""
    if at[-1] in ("title", "period", "audience", "along") or "along" in at:
        return True
    if at == ("settings", "k"):
        return by == -1
    if at[0] == "witnesses":
        twin = changed(body, at, by)["witnesses"][at[1]]
        sets = {f["id"]: f["atoms"] for f in (*body["figures"], *body["differences"])}
        worlds = [body["worlds"][w] for w in twin]
        return any(sum(w[a] for a in sets[at[1]]) >= body["settings"]["k"] for w in worlds)
    if at[0] == "links" or (at[0] == "differences" and at[2] == "atoms"):
        return _is_nobody(body, at, by)
    if at[-1] in ("behind", "most_each"):  # limits of counts of events
        return (
            body["tables"][at[1]]["rule"] == "contributors" and not body["tables"][at[1]]["behind"]
        )
    return False


def _is_nobody(body: dict[str, Any], at: PathTo, by: int) -> bool:
    """Tell whether nobody is in an atom nor in its stead, in no world, and none has to be."""
    difference = body[at[0]][at[1]].get("id")
    place: Any = body
    for step in at:
        place = place[step]
    both = (place, place + by)
    return difference not in body["witnesses"] and not any(
        w[a] for w in body["worlds"] for a in both
    )
