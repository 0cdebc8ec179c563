"""A release that is out, given out once more: what `protect` made then, read back and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shelter_desk.disclosure.checker import check
from shelter_desk.disclosure.layout import POPULATION_ID
from shelter_desk.disclosure.request import ReleaseRequest, definitions
from shelter_desk.disclosure.safe import _SEAL, Dropped, Refused, SafeRelease, safe_table

_UNPROVED = (
    "The proof of what is out of this period does not hold in this version of the program: it was "
    "made by an earlier version, or was changed. The paper handed out then stands. Count it anew "
    "on Summary: protected beside what is out, it can leave as a release of its own, and in packs "
    "too. Packs about periods of which nothing is out are not affected."
)


def repeated(
    request: ReleaseRequest, certificate: Mapping[str, Any], proof: Mapping[str, Any]
) -> SafeRelease | Refused:
    """Return a release as it went out, from its certificate.

    Args:
        request: the same tables, from the facts that were kept with the release.
        certificate: the shareable one.
        proof: the one that stays.
    """
    wrong = check(dict(certificate))
    if wrong:
        return Refused(f"{_UNPROVED} {wrong[0]}", "certificate")
    values = _values(certificate)
    if _differs(request, values):
        return Refused("What is out does not fit the counts it was made from.", "ledger")
    there = {table["id"] for table in certificate["tables"]}
    tables = [table for table in request.tables if table.id in there]
    figures = [value for name, value in values.items() if name != POPULATION_ID]
    return SafeRelease(
        title=certificate["title"],
        period=certificate["period"],
        audience=certificate["audience"],
        population_shown=request.population,
        tables=tuple(safe_table(table, values) for table in tables),
        certificate=certificate,
        proof=proof,
        shown=sum(value is not None for value in figures),
        withheld=sum(value is None for value in figures),
        fewest_proved=proof["fewest"][0],
        best_proved=proof["fewest"][1],
        dropped=tuple(Dropped(*one) for one in proof["dropped"]),
        seal=_SEAL,
    )


def still_true(request: ReleaseRequest, certificate: Mapping[str, Any]) -> bool:
    """Return whether what is out says what the facts kept with it say, whatever its proof.

    Then the same facts can be protected anew beside it: what is shown stays shown, and what is
    withheld stays withheld.
    """
    return not _differs(request, _values(certificate))


def _values(certificate: Mapping[str, Any]) -> dict[str, int | None]:
    return {figure["id"]: figure["value"] for figure in certificate["figures"]}


def _differs(request: ReleaseRequest, values: Mapping[str, int | None]) -> bool:
    """Tell whether a shown count of residents is not what the facts say.

    Of a table that is told once no facts are kept: what is out of it stands as it is.
    """
    if request.people is None:
        return True
    tables = (table for table in request.tables if not table.once)
    known = {name: d for table in tables for name, d in definitions(table).items()}
    return any(
        values.get(name) is not None and request.people.count(where) != values[name]
        for name, where in known.items()
    )
