"""What each audience of an audit pack may be given: profiles, grounds, files and their columns.

All of it is data (`resources/packs`); this module reads it whole and names everything wrong with
it before the first pack is made. A new profile is a new file there, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shelter_desk.domain import sampling
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content_table import Problems, Table, load
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.pack_groups import ItemGroup, read_groups
from shelter_desk.domain.pack_lines import GrantLine, read_lines
from shelter_desk.domain.record_classes import INVESTIGATION

RULES_VERSION = "4"
"""Of the set of redaction rules; stands on every page of a sample. "1" was of stays alone."""

COUNTS, SUMMARY, STAFF, ROWS, TEXT = "counts", "summary", "staff", "rows", "text"
HOLDS = (COUNTS, SUMMARY, STAFF, ROWS, TEXT)
OPENS_ROWS, OPENS_ONE = "rows", "one-resident"
DOCUMENTS = "03_file_completeness"
"""The file that shows the documents of the standard file."""
STAFFING = "09_staffing"
"""The file with one line for each member of staff."""

THRESHOLDS = {"": (0, 5), "named": (5,), "public": (11,)}
"""Audience of the safe summary in a pack ("" for none) -> the smallest group it may show."""

_FILES, _BASES, _GROUPS = "files.toml", "bases.toml", "groups.toml"
_LINES = "lines.toml"
_PROFILES = "profiles/"
_WIDEST = "public"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: `columns` is name -> meaning, in order; no other column may leave.

    `about_one` is what stands in it where the pack is about one young person, if that differs.
    """

    id: str
    title: str
    holds: str
    about: str
    columns: Mapping[str, str]
    about_one: str = ""

    def told(self, *, of_one: bool) -> str:
        """Return what stands in it, as its reader is told."""
        return (of_one and self.about_one) or self.about


@dataclass(frozen=True, slots=True)
class Basis:
    """A ground on which a pack leaves. `opens` says what beyond totals it allows."""

    code: str
    title: str
    opens: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class PackProfile:
    """One kind of pack. `audience` names the summary it carries ("named", "public"), or "".

    `basis` is the usual ground; lines of single records need one of `row_bases`, recorded with
    its authority. `closed` are the record classes that stay out of those lines.
    """

    id: str
    title: str
    order: int
    purpose: str
    recipient: str
    audience: str
    k: int
    basis: str
    row_bases: tuple[str, ...]
    files: tuple[str, ...]
    rows: tuple[str, ...]
    closed: frozenset[str]
    most_sample: int

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the lists that such a reviewer may draw from."""
        if not self.most_sample:
            return ()
        may = {
            sampling.RECORDS: True,
            sampling.INCIDENTS: INVESTIGATION not in self.closed,
            sampling.STAFF: STAFFING in self.files,
        }
        return tuple(one for one in sampling.LISTS if may[one])

    @property
    def is_of_one(self) -> bool:
        """Return whether such a pack is the record of one young person."""
        return self.basis in self.row_bases


@dataclass(frozen=True, slots=True)
class PackRules:
    """Everything `resources/packs` says, checked."""

    files: Mapping[str, PackFile]
    bases: Mapping[str, Basis]
    groups: tuple[ItemGroup, ...]
    lines: tuple[GrantLine, ...]
    profiles: Mapping[str, PackProfile]

    def profile(self, profile_id: str) -> PackProfile:
        """Return the profile of an id.

        Raises:
            InvalidError: when there is none.
        """
        if profile_id not in self.profiles:
            known = ", ".join(self.profiles)
            raise InvalidError((Problem("profile", f"Choose one of {known}."),))
        return self.profiles[profile_id]

    @property
    def documents(self) -> tuple[ItemGroup, ...]:
        """Return the groups that stand for documents of the standard file."""
        return tuple(group for group in self.groups if group.file == DOCUMENTS)

    def group_of(self, item_id: str, outcome: str = "done") -> ItemGroup | None:
        """Return the group that an answer to an item stands in, or None."""
        return next((group for group in self.groups if group.takes(item_id, outcome)), None)


def read_pack_rules(files: Mapping[str, str], model: CareModel) -> PackRules:
    """Read the rules from their files: path inside the folder -> text.

    Raises:
        ContentError: naming every problem of every file.
    """
    problems = Problems()
    known = {one.id: one for one in _files(load(files, _FILES, problems))}
    bases = {one.code: one for one in _bases(load(files, _BASES, problems))}
    counted = [file.id for file in known.values() if file.holds == COUNTS]
    groups = read_groups(load(files, _GROUPS, problems), counted, model)
    problems.twice(_GROUPS, "item", (part for group in groups for part in group.parts))
    lines = read_lines(load(files, _LINES, problems), model)
    paths = sorted(path for path in files if path.startswith(_PROFILES))
    read = [_profile(load(files, path, problems), known, bases, model) for path in paths]
    if not read:
        problems.add(_PROFILES, "", "there is no profile")
    problems.twice(_PROFILES, "order", (one.order for one in read))
    problems.stop()
    profiles = {one.id: one for one in sorted(read, key=lambda one: one.order)}
    return PackRules(known, bases, groups, lines, profiles)


def _files(whole: Table) -> list[PackFile]:
    found = []
    for row in whole.tables("files"):
        one = PackFile(
            row.text("id"),
            row.text("title"),
            row.choice("holds", HOLDS),
            row.text("about"),
            _columns(row),
            row.text("about_one", required=False),
        )
        row.done()
        found.append(one)
    whole.done()
    return found


def _columns(row: Table) -> Mapping[str, str]:
    pairs = row.anything("columns")
    if not isinstance(pairs, list) or not pairs:
        row.problem("'columns' must be a list of name and meaning")
        return {}
    found: dict[str, str] = {}
    for pair in pairs:
        fits = isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
        if not fits or not all(pair):
            row.problem("each column has a name and a meaning")
        elif pair[0] in found:
            row.problem(f"column {pair[0]!r} appears twice")
        else:
            found[pair[0]] = pair[1]
    return found


def _bases(whole: Table) -> list[Basis]:
    found = []
    for row in whole.tables("bases", "code"):
        opens = row.texts("opens")
        for one in opens:
            if one not in (OPENS_ROWS, OPENS_ONE):
                row.problem(f"opens {one!r} is not known")
        found.append(
            Basis(row.text("code"), row.text("title"), frozenset(opens), row.text("source"))
        )
        row.done()
    whole.done()
    return found


def _profile(
    row: Table, known: Mapping[str, PackFile], bases: Mapping[str, Basis], model: CareModel
) -> PackProfile:
    profile = PackProfile(
        id=row.file.removeprefix(_PROFILES).removesuffix(".toml"),
        title=row.text("title"),
        order=row.number("order"),
        purpose=row.text("purpose"),
        recipient=row.text("recipient"),
        audience=row.text("audience", may_be_empty=True),
        k=row.number("k"),
        basis=row.choice("basis", bases),
        row_bases=row.texts("row_bases"),
        files=row.texts("files"),
        rows=row.texts("rows"),
        closed=frozenset(row.texts("closed")),
        most_sample=row.number("most_sample"),
    )
    row.done()
    _check_names(row, profile, known, model.record_classes)
    _check_files(row, profile, known)
    _check_grounds(row, profile, bases)
    return profile


def _check_names(
    row: Table,
    profile: PackProfile,
    known: Mapping[str, PackFile],
    classes: Collection[str],
) -> None:
    for name in (*profile.files, *profile.rows):
        if name not in known:
            row.problem(f"file {name!r} is not in {_FILES}")
    for name in sorted(profile.closed - set(classes)):
        row.problem(f"record class {name!r} is not known")
    if profile.audience not in THRESHOLDS:
        row.problem(f"audience {profile.audience!r} is not known")
    elif profile.k not in THRESHOLDS[profile.audience]:
        row.problem(f"k {profile.k} does not fit the audience {profile.audience!r}")


def _check_files(row: Table, profile: PackProfile, known: Mapping[str, PackFile]) -> None:
    """Hold the files of a profile against its audience."""
    is_wide = profile.k == 0 or profile.audience == _WIDEST
    wrong = {
        ROWS: "holds lines of single records: name it under rows",
        COUNTS: "holds counts for a named recipient" if is_wide else "",
        SUMMARY: "" if profile.audience else "needs a summary, and this profile has none",
    }
    for name in profile.files:
        why = wrong.get(known[name].holds, "") if name in known else ""
        if why:
            row.problem(f"file {name!r} {why}")
    for name in profile.rows:
        if name in known and known[name].holds != ROWS:
            row.problem(f"file {name!r} holds no lines of single records")


def _check_grounds(row: Table, profile: PackProfile, bases: Mapping[str, Basis]) -> None:
    """Hold the lines of single records of a profile against what its grounds allow."""
    if (profile.rows or profile.most_sample) and not profile.row_bases:
        row.problem("lines of single records need a ground: name it under row_bases")
    for code in profile.row_bases:
        if code not in bases:
            row.problem(f"ground {code!r} is not in {_BASES}")
        elif not bases[code].opens:
            row.problem(f"ground {code!r} allows no lines of single records")
