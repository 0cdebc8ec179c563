"""Checks the result of a table by itself: the proof by addition, and that all parts agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shelter_desk.disclosure.checker import check, check_values

KEYS = {"status", "reason", "published", "withheld", "sensitive", "certificate"}
KEYS |= {"fewest_proved", "lower_bound", "explanations", "cpu_seconds"}


def check_result(untrusted: bytes) -> list[str]:
    """Return what is wrong with a RESULT.json, in sentences; empty if it proves what it says.

    A result that publishes nothing proves nothing, and is told as such.
    """
    try:
        result = json.loads(untrusted.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return ["This is not a result: it is not JSON."]
    if not isinstance(result, dict) or set(result) != KEYS:
        return ["This is not a result of a table."]
    if result["status"] != "safe" or result["reason"] is not None:
        return ["Nothing was published: the table was refused."]
    try:
        return _wrong(result)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"The result cannot be read: {type(error).__name__} {error}"]


def _wrong(result: Mapping[str, Any]) -> list[str]:
    certificate = result["certificate"]
    wrong = check(certificate)
    if wrong:
        return wrong
    blank = dict.fromkeys(result["withheld"])
    values = {**result["published"], **blank}
    wrong = check_values(certificate, values)
    missing = {figure["id"] for figure in certificate["figures"]} - set(values)
    wrong += [f"{name} is neither published nor withheld." for name in sorted(missing)]
    if len(values) != len(result["published"]) + len(result["withheld"]):
        wrong.append("A figure is published and withheld at once.")
    shown = [name for name in result["sensitive"] if result["published"].get(name) is not None]
    wrong += [f"{name} is sensitive and published." for name in shown]
    if set(result["explanations"]) != set(blank):
        wrong.append("The explanations are not those of the withheld figures.")
    return wrong + _bounds(result)


def _bounds(result: Mapping[str, Any]) -> list[str]:
    """Check what is said of the fewest figures; that no pattern needs fewer is not proved here."""
    figures = result["certificate"]["figures"]
    impossible = set(result["certificate"]["impossible"])
    distinct = {frozenset(f["atoms"]) - impossible for f in figures if f["value"] is None}
    bound, proved = result["lower_bound"], result["fewest_proved"]
    if type(bound) is not int or not 0 <= bound <= len(distinct):
        return ["More figures are said to be needed than are withheld."]
    if not isinstance(proved, bool) or proved != (bound == len(distinct)):
        return ["What is said of the fewest figures does not fit their number."]
    return []
