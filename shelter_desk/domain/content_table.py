"""Reading one table of a content file, collecting what is wrong instead of stopping at it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from shelter_desk.domain.durations import Span, parse_span
from shelter_desk.domain.errors import ContentError, Problem


class Problems:
    """Everything found wrong so far, each with its file and entry."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, file: str, entry: str, what: str) -> None:
        """Keep one problem: `what` is wrong at `entry` of `file` ("" for the file as a whole)."""
        self._found.append(Problem(file, ": ".join(part for part in (file, entry, what) if part)))

    def twice(self, file: str, what: str, values: Iterable[Hashable]) -> None:
        """Keep a problem for each of `values` that appears more than once."""
        for value, times in Counter(values).items():
            if times > 1 and value != "":
                self.add(file, str(value), f"{what} appears {times} times")

    def stop(self) -> None:
        """Pass when nothing is wrong.

        Raises:
            ContentError: naming every problem found.
        """
        if self._found:
            raise ContentError(tuple(self._found))


class Table:
    """One table of a file, read key by key; `done` reports the keys nobody asked for.

    A key that is missing or of the wrong type is reported and read as an empty value, so that
    the rest of the content is still checked in the same run.
    """

    def __init__(
        self, raw: Mapping[str, object], file: str, entry: str, problems: Problems
    ) -> None:
        self._raw = raw
        self._asked: set[str] = set()
        self._problems = problems
        self.file = file
        self.entry = entry

    def has(self, key: str) -> bool:
        """Return whether the table has `key`."""
        return key in self._raw

    def problem(self, what: str) -> None:
        """Report something wrong with this table."""
        self._problems.add(self.file, self.entry, what)

    def _get(self, key: str, *, required: bool) -> object | None:
        self._asked.add(key)
        if key not in self._raw:
            if required:
                self.problem(f"{key!r} is missing")
            return None
        return self._raw[key]

    def text(self, key: str, *, required: bool = True, may_be_empty: bool = False) -> str:
        """Return a string without spaces around it."""
        value = self._get(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(f"{key!r} must be text")
            return ""
        if value != value.strip() or (not value and not may_be_empty):
            self.problem(f"{key!r} is empty or has spaces around it")
        return value

    def note(self) -> str:
        """Return the optional remark of the table, "" when there is none."""
        return self.text("note", required=False, may_be_empty=True)

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """Return a string that is one of `allowed`."""
        value = self.text(key)
        if value and value not in allowed:
            self.problem(f"{key} {value!r} is not known")
        return value

    def flag(self, key: str, *, required: bool = True) -> bool:
        """Return true or false."""
        value = self._get(key, required=required)
        if value is not None and not isinstance(value, bool):
            self.problem(f"{key!r} must be true or false")
        return value is True

    def number(self, key: str, *, required: bool = True) -> int:
        """Return a whole number."""
        value = self._get(key, required=required)
        if value is None:
            return 0
        if not isinstance(value, int) or isinstance(value, bool):
            self.problem(f"{key!r} must be a whole number")
            return 0
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of strings, none of them twice."""
        value = self._get(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.problem(f"{key!r} must be a list of texts")
            return ()
        if len(set(value)) != len(value):
            self.problem(f"{key!r} names something twice")
        return tuple(value)

    def span(self, key: str) -> Span:
        """Return a duration."""
        return self._span(key, self.text(key)) or Span()

    def span_or_none(self, key: str) -> Span | None:
        """Return a duration, or None where the text is empty."""
        return self._span(key, self.text(key, may_be_empty=True))

    def spans(self, key: str) -> tuple[Span, ...]:
        """Return a list of durations."""
        return tuple(self._span(key, text) or Span() for text in self.texts(key))

    def _span(self, key: str, text: str) -> Span | None:
        if not text:
            return None
        try:
            return parse_span(text)
        except ValueError as error:
            self.problem(f"{key}: {error}")
            return None

    def table(self, key: str) -> Table | None:
        """Return the table under `key`, or None when it is missing or no table."""
        value = self._get(key, required=True)
        if isinstance(value, dict):
            entry = f"{self.entry} {key}".strip()
            return Table(value, self.file, entry, self._problems)
        if value is not None:
            self.problem(f"{key!r} must be a table")
        return None

    def tables(self, key: str, name: str = "id", *, required: bool = True) -> Sequence[Table]:
        """Return the rows of an array of tables, each known by its `name`; no name twice."""
        value = self._get(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problem(f"{key!r} must be a list of tables")
            return ()
        rows = [
            Table(row, self.file, str(row.get(name) or f"{key} {number}"), self._problems)
            for number, row in enumerate(value, 1)
        ]
        names = [row.get(name) for row in value if isinstance(row.get(name), str)]
        self._problems.twice(self.file, f"{name} of {key}", names)
        return rows

    def anything(self, key: str) -> object | None:
        """Return the value of `key` whatever its type, for keys that may hold several types."""
        return self._get(key, required=True)

    def named(self, entry: str) -> Table:
        """Return a table without keys that reports problems of `entry` of the same file."""
        return Table({}, self.file, entry, self._problems)

    def rest(self) -> dict[str, object]:
        """Return the keys nobody has asked for yet, as they are, and count them as asked for."""
        left = {key: value for key, value in self._raw.items() if key not in self._asked}
        self._asked.update(left)
        return left

    def done(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.rest():
            self.problem(f"{key!r} is not known")


def load(files: Mapping[str, str], file: str, problems: Problems) -> Table:
    """Return the whole of one file as a table; an empty one when it cannot be read.

    A missing or broken file is one problem, not one for each key that it should have had: the
    table of such a file stays silent.
    """
    try:
        return Table(tomllib.loads(files[file]), file, "", problems)
    except KeyError:
        problems.add(file, "", "the file is missing")
    except ValueError as error:  # TOMLDecodeError, or a number with too many digits
        problems.add(file, "", f"not readable as TOML ({error})")
    return Table({}, file, "", Problems())
