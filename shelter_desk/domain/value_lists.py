"""Reading the value lists: the pick lists of the forms, and the funders' own codes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shelter_desk.domain.content import (
    CLOSING_OUTCOMES,
    OPEN_OUTCOMES,
    LineMapping,
    ListRule,
    Value,
    ValueList,
)
from shelter_desk.domain.content_registers import same_version
from shelter_desk.domain.content_table import Problems, Table, load

FOLDER = "lists/"
# The shape of the further keys of each list's rows; a "?" marks a key that a row may leave out.
_EXTRA: Mapping[str, Mapping[str, str]] = {
    "appointment-kinds": {"record_class": "str?", "trigger": "str?"},
    "age-bands": {"min_years": "int?", "max_years": "int?", "deidentified": "bool?"},
    "discharge-types": {"kinds": "texts"},
    "exit-destinations": {"group": "str"},
    "gender-rhy": {"to_voca": "str"},
    "incident-types": {"origin": "str", "legal_term": "str?"},
    "item-not-done-reasons": {"for_outcome": "str"},
    "item-outcomes": {"closes": "bool", "needs": "texts"},
    "project-completion": {"ask_list": "str?"},
    "race-ethnicity-rhy": {"to_voca": "str"},
    "rhy-other-elements": {"funder_label": "str", "hud_record_type": "str?"},
    "safe-exit": {"answers_for": "texts"},
    "screening-tools": {
        "topic": "str",
        "bands": "texts",
        "license_note": "str",
        "holds_text": "bool",
    },
    "service-funders": {"counts_lines": "bool"},
    "service-status": {"needs": "texts"},
    "shift-chips": {"group": "str", "key": "str"},
    "special-classifications": {"needs_text": "bool?"},
    "victimization-types": {"needs_text": "bool?"},
    "voca-services": {"group": "str"},
}
_PARTS: Mapping[str, Mapping[str, str]] = {
    "groups": {},
    "kinds": {"planned": "bool"},
    "questions": {"answered_by": "str"},
    "provided": {},
    "early_exit_reasons": {},
    "expelled_reasons": {},
    "excluded": {"why": "str"},
}
REQUIRED = (
    "aftercare-contact-means",
    "age-bands",
    "appointment-company",
    "appointment-kinds",
    "appointment-reasons",
    "appointment-transport",
    "bed-hold-reasons",
    "contact-people",
    "contact-rules",
    "custody-types",
    "discharge-types",
    "exit-destinations",
    "first-school-day",
    "found-later",
    "gender-rhy",
    "gender-voca",
    "incident-circumstances",
    "incident-parts",
    "incident-people",
    "incident-places",
    "incident-report-basis",
    "incident-resolutions",
    "incident-returns",
    "incident-steps",
    "incident-treatment",
    "incident-types",
    "item-not-done-reasons",
    "item-outcomes",
    "last-grade",
    "leaving-reasons",
    "missing-risks",
    "missing-tries",
    "missing-try-results",
    "notice-reasons",
    "notice-recipients",
    "opening-reasons",
    "police-sheet-basis",
    "project-completion",
    "race-ethnicity-rhy",
    "race-ethnicity-voca",
    "referral-source",
    "return-helps",
    "return-ways",
    "rhy-other-elements",
    "rhy-service-connections",
    "safe-exit",
    "school-attendance",
    "school-credits",
    "school-status",
    "screening-tools",
    "search-places",
    "search-results",
    "service-funders",
    "service-status",
    "shift-chips",
    "special-classifications",
    "victimization-types",
    "voca-services",
)
_RULES = ("choose-one", "only-if", "ask-codebook")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def file_of(list_id: str) -> str:
    """Return the file a list is kept in."""
    return f"{FOLDER}{list_id.replace('-', '_')}.toml"


def read_list(files: Mapping[str, str], file: str, version: str, problems: Problems) -> ValueList:
    """Read one value list, and check it within itself."""
    table = load(files, file, problems)
    same_version(table, version)
    list_id = table.text("id")
    if list_id and file != file_of(list_id):
        table.problem(f"id {list_id!r} does not match the file name")
    extra = _EXTRA.get(list_id, {})
    made = ValueList(
        id=list_id,
        title=table.text("title"),
        values=tuple(_value(row, extra) for row in table.tables("values", "code")),
        element=table.text("element"),
        owner=table.choice("owner", ("funder", "product")),
        edition=table.text("list_edition"),
        verified=table.flag("verified"),
        source=table.text("source"),
        note=table.note(),
        multi_select=table.flag("multi_select"),
        default=table.text("default", required=False),
        parts={
            part: tuple(_value(row, shape) for row in table.tables(part, "code"))
            for part, shape in _PARTS.items()
            if table.has(part)
        },
        rules=tuple(_rule(row) for row in table.tables("rules", "text", required=False)),
        mapping=_mapping(table),
    )
    if list_id == "screening-tools":
        table.text("license_note")
        table.flag("bands_verified")
    table.done()
    if not made.values and table.has("values"):
        table.problem("the list has no values")
    if made.default and made.default not in {value.code for value in made.values}:
        table.problem(f"default {made.default!r} is not in the list")
    return made


def _value(row: Table, shape: Mapping[str, str]) -> Value:
    code, label = row.text("code"), row.text("label")
    if code and not _CODE.fullmatch(code):
        row.problem(f"code {code!r} is not a plain text code")
    missing = row.flag("missing", required=False)
    extra = {key: _extra(row, key, kind) for key, kind in shape.items() if _asked(row, key, kind)}
    row.done()
    return Value(code, label, missing, extra)


def _asked(row: Table, key: str, kind: str) -> bool:
    return row.has(key) or not kind.endswith("?")


def _extra(row: Table, key: str, kind: str) -> object:
    match kind.rstrip("?"):
        case "int":
            return row.number(key)
        case "bool":
            return row.flag(key)
        case "texts":
            return row.texts(key)
        case _:
            return row.text(key)


def _rule(row: Table) -> ListRule:
    rule = ListRule(
        row.choice("kind", _RULES), row.texts("codes"), row.texts("services"), row.text("text")
    )
    row.done()
    return rule


def _mapping(table: Table) -> LineMapping | None:
    row = table.table("mapping") if table.has("mapping") else None
    if row is None:
        return None
    mapping = LineMapping(
        to_list=row.text("to_list"),
        one_selected=row.text("one_selected"),
        several_selected=row.text("several_selected"),
        no_answer=row.text("no_answer", required=False),
        hispanic_with_another=row.text("hispanic_with_another", required=False),
        hispanic_choices=row.texts("hispanic_choices", required=False),
        verified=row.flag("verified"),
        note=row.note(),
    )
    row.done()
    return mapping


def check_lists(lists: Mapping[str, ValueList], problems: Problems) -> None:
    """Check what the lists say about each other."""
    for list_id in REQUIRED:
        if list_id not in lists:
            problems.add(file_of(list_id), "", f"the list {list_id!r} is missing")
    for value_list in lists.values():
        _check_links(value_list, lists, problems)
    _check_outcomes(lists, problems)
    _check_bands(lists, problems)


def _check_links(
    value_list: ValueList, lists: Mapping[str, ValueList], problems: Problems
) -> None:
    """Report a value that points to a group, kind, part, line or outcome that does not exist."""
    lines = _codes(lists, value_list.mapping.to_list) if value_list.mapping else set()
    outcomes = _codes(lists, "item-outcomes") - {"done"}
    groups = {part.code for part in value_list.parts.get("groups", ())}
    kinds = {part.code for part in value_list.parts.get("kinds", ())}
    targets = {"group": groups, "kinds": kinds, "to_voca": lines, "for_outcome": outcomes}
    targets["ask_list"] = set(value_list.parts)
    for value in value_list.values:
        for key, allowed in targets.items():
            named = value.extra.get(key, ())
            for one in named if isinstance(named, tuple) else (named,):
                if one not in allowed:
                    file = file_of(value_list.id)
                    problems.add(file, value.code, f"{key} {one!r} is not known")


def _codes(lists: Mapping[str, ValueList], list_id: str) -> set[str]:
    return {value.code for value in lists[list_id].values} if list_id in lists else set()


def _check_outcomes(lists: Mapping[str, ValueList], problems: Problems) -> None:
    """Hold the outcomes of the list and the outcomes the due dates reckon with together."""
    if "item-outcomes" not in lists:
        return
    for value in lists["item-outcomes"].values:
        closes = value.code in CLOSING_OUTCOMES
        if value.code not in CLOSING_OUTCOMES | OPEN_OUTCOMES:
            problems.add(file_of("item-outcomes"), value.code, "the outcome is not known")
        elif value.extra.get("closes") is not closes:
            problems.add(file_of("item-outcomes"), value.code, f"'closes' must be {closes}")
    for code in sorted((CLOSING_OUTCOMES | OPEN_OUTCOMES) - _codes(lists, "item-outcomes")):
        problems.add(file_of("item-outcomes"), code, "the outcome is missing")


def _check_bands(lists: Mapping[str, ValueList], problems: Problems) -> None:
    """Report age bands that overlap or leave an age out."""
    if "age-bands" not in lists:
        return
    next_years = 0
    for value in lists["age-bands"].values:
        if value.missing:
            continue
        lowest, highest = value.extra.get("min_years"), value.extra.get("max_years")
        if not isinstance(lowest, int) or not isinstance(highest, int):
            problems.add(file_of("age-bands"), value.code, "min_years or max_years is missing")
        elif lowest != next_years or highest < lowest:
            problems.add(file_of("age-bands"), value.code, "a gap or an overlap before this band")
            next_years = highest + 1
        else:
            next_years = highest + 1
