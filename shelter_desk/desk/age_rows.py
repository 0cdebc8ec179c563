"""Rows of ages for summaries: the care model's bands, two of them together, or halves."""

from __future__ import annotations

from shelter_desk.disclosure import Label
from shelter_desk.domain.ages import age_band
from shelter_desk.domain.care_model import CareModel

ADULT = 18
OLDEST = 120
UNKNOWN = "unknown"


def age_rows(model: CareModel, detail: str) -> tuple[Label, ...]:
    """Return the rows of ages, each with the years in it."""
    bands = model.values("age-bands")
    years: dict[str, list[str]] = {band.code: [] for band in bands}
    for age in range(OLDEST + 1):
        years[age_band(age, bands)].append(str(age))
    years[age_band(None, bands)].append(UNKNOWN)
    rows = [Label(b.code, b.label, tuple(years[b.code])) for b in bands]
    known = [row for row in rows if row.raw and UNKNOWN not in row.raw]
    missing = [row for row in rows if row not in known]
    if detail == "halves":
        return _halves(known, missing)
    if detail == "pairs":
        pairs = [known[n : n + 2] for n in range(0, len(known), 2)]
        return (*(_joined(pair) for pair in pairs), *missing)
    return tuple(rows)


def _joined(rows: list[Label]) -> Label:
    if len(rows) == 1:
        return rows[0]
    code = "+".join(row.code for row in rows)
    words = f"{rows[0].label} and {rows[-1].label}"
    return Label(code, words, tuple(year for row in rows for year in row.raw))


def _halves(known: list[Label], missing: list[Label]) -> tuple[Label, ...]:
    years = [year for row in known for year in row.raw]
    young = tuple(year for year in years if int(year) < ADULT)
    older = tuple(year for year in years if int(year) >= ADULT)
    unknown = tuple(year for row in missing for year in row.raw)
    return (
        Label("under-18", "Under 18", young),
        Label("18-or-over", "18 or over, or not known", (*older, *unknown)),
    )
