"""The data dictionary of a pack, and the plain words on what it was checked against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shelter_desk.disclosure import SafeRelease
from shelter_desk.domain.pack_rules import (
    COUNTS,
    ROWS,
    RULES_VERSION,
    PackFile,
    PackProfile,
    PackRules,
)
from shelter_desk.domain.periods import Period

_LISTS = (
    "incident-types",
    "item-outcomes",
    "item-not-done-reasons",
    "voca-services",
    "age-bands",
)
_AS_FIRST_TOLD = (
    "Figures of residents and of their care say what they said when the period was first told of. "
    "What was corrected since is in a report that says it was restated, or in none."
)
_TOGETHER = (
    "They were protected together with every earlier release of the same year: no figure that is "
    "withheld can be worked out from this pack and those together."
)
_TOGETHER_BUT = (
    "They were protected together with every earlier release of the same year: no figure that is "
    "withheld can be worked out from the protected figures of this pack and those together."
)
_HOLDS_RECORDS = (
    "This pack also holds lines of single records, for this reader alone and on the ground that "
    "the list of contents names. Whoever has such lines can count some of what is withheld above, "
    "and elsewhere. Keep them apart from what is published, and pass no count of them on. Their "
    "labels are drawn anew for each pack, but states are the same in all: readers who put two "
    "packs side by side can find most records again, and then know of it what both say. Neither "
    "says whose it is. What would tell when somebody came or left is shown only where it is the "
    "same for {least} residents or more, and records with fewer beside them are left out: so a "
    "known day of arrival, with the checklist, which is public, leaves at least {least} of "
    "them. What is left out stands in the totals, and is shown at the house, on its own screen; "
    "where that are only a few, totals and lines together can tell what was done of these few. "
    "What no rule can take away: whoever knows what happened in an incident, or which service "
    "somebody needs, or holds several packs, can still narrow down which record is theirs. Do "
    "not show such lines to anybody who may know the residents or the house."
)


_WHY = "Why withheld"
_STAR = (
    "* stands for a figure that is withheld: too few residents are behind a figure of the table, "
    "or other counts of the period that are out could be set against it."
)
_ROWS_ONLY = "Only in a pack that leaves on a ground for single records."


def definitions(
    rules: PackRules,
    profile: PackProfile,
    lists: Mapping[str, tuple[str, str]],
    model_version: str,
) -> Iterator[tuple[str, ...]]:
    """Yield a line for each file, each column, and each list of values behind them."""
    for name in sorted((*profile.files, *profile.rows)):
        file = rules.files[name]
        yield (
            name,
            "",
            f"{file.title}. {_meaning(file, of_one=profile.is_of_one)}",
            f"rules {RULES_VERSION}",
        )
        for column, meaning in file.columns.items():
            yield name, column, meaning, ""
    yield "list", "checklist items and services", "the care model", model_version
    for list_id in _LISTS:
        title, version = lists.get(list_id, ("", ""))
        if title:
            yield "list", list_id, title, version


def _meaning(file: PackFile, *, of_one: bool) -> str:
    """Return what stands in a file, for whoever has nothing but the file."""
    if of_one:
        return file.told(of_one=True)
    if file.holds == ROWS:
        return f"{file.about} {_ROWS_ONLY}"
    is_told = file.holds != COUNTS or _WHY in file.columns
    return file.about if is_told else f"{file.about} {_STAR}"


def differencing_text(
    period: Period,
    k: int,
    releases: tuple[SafeRelease, ...],
    earlier: int,
    *,
    complete: bool,
    with_records: bool,
) -> bytes:
    """Return what was compared with everything that left before, in plain words.

    How few residents there were must not travel: that something stayed out is all that is said.
    `with_records`: single records are in the pack, which no protected figure can stand up to.
    """
    least = k
    lines = [
        "Check against everything that left before",
        "",
        f"Period: {period.label}",
        f"Releases of protected figures in the ledger before this pack: {earlier}",
        _AS_FIRST_TOLD,
        "",
    ]
    for release in releases:
        k = release.certificate["settings"]["k"]
        lines += [
            f"{release.title}: {release.shown} figures are shown and {release.withheld} withheld.",
            f"Each figure that rests on residents has at least {k} behind it, or is hidden.",
            _TOGETHER_BUT if with_records else _TOGETHER,
            "",
        ]
    if not releases:
        lines += ["No figure in this pack rests on residents.", ""]
    if with_records:
        lines += [_HOLDS_RECORDS.format(least=least), ""]
    if not complete:
        lines += [
            "Some figures stayed out: no version that protects every resident could be made.",
            "",
        ]
    if k:
        lines.append(f"Smallest group that may be shown in this pack: {k} residents.")
    return ("\n".join(lines).rstrip() + "\n").encode()
