"""What somebody types about an export stays in the trail for good: it is searched before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shelter_desk.desk import shelter
from shelter_desk.desk.identifying import identifiers, model_words
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.exports.scanner import common_words, scan

if TYPE_CHECKING:  # a page of the start needs no more than the name
    from shelter_desk.exports.asked_of import Records


def refuse_typed(records: Records, typed: Mapping[str, str]) -> None:
    """Pass when typed words, field -> words, tell of nobody who is in the records.

    Asked before anything is written down: the trail can never be mended. A word that every such
    paper holds passes; whoever lets the export out is told of it.

    Raises:
        InvalidError: with a problem for each field in which somebody can be found.
        KeyNotHeldError: when the person signed in may not read who the residents are.
    """
    common = common_words(records.ask(model_words), records.ask(shelter.settings).name)
    files = {field: words.encode() for field, words in typed.items() if words.strip()}
    # The scanner reads the name of a file as well: a field is called by a word of the program.
    found_in = scan(files, records.ask(identifiers), common | set(files))
    kinds: dict[str, set[str]] = {}
    for found in found_in:
        if not found.hit.is_common:
            kinds.setdefault(found.file, set()).add(found.hit.kind)
    problems = tuple(
        Problem(
            field, f"There is a {' and a '.join(sorted(kinds[field]))} in it. Write it without."
        )
        for field in typed
        if field in kinds
    )
    if problems:
        raise InvalidError(problems)
