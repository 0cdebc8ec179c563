"""What somebody opens who has the records' file, their own passphrase, and a debugger.

No desk is asked here. From a person's own keys, and from every secret that can be reached from
their session, everything in the tables is tried: seals, former generations, pairs of residents,
copies, keys lent for a time. What comes out is what the keys really close.
"""

from __future__ import annotations

import gc
import types
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations, product

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter_desk.desk import entry
from shelter_desk.desk.opening import KIT_KEY, NEWEST_KEY
from shelter_desk.desk.sealing import Compartment, lent_place
from shelter_desk.store.keys import slots
from shelter_desk.store.keys.compartments import (
    CompartmentKey,
    former_generation,
    key_of_two,
    open_compartment,
    open_share,
)
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.fields import Whose, open_field, open_pair, sealed_in
from shelter_desk.store.keys.pairs import Pair

FIELDS = (
    ("resident", "r.id", "", ("called", "pronouns", "language", "good_to_know", "legal_name",
     "born_on", "also_known")),
    ("item_answer", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("note",)),
    ("service_entry", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("note",)),
    ("funder_answer", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("codes",)),
    ("appointment", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("place",)),
    ("missing_episode", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("card", "talk")),
    ("missing_line", "s.resident_id",
     "JOIN missing_episode e ON e.id = r.episode_id JOIN stay s ON s.id = e.stay_id", ("note",)),
    ("notice", "s.resident_id",
     "JOIN missing_episode e ON e.id = r.episode_id JOIN stay s ON s.id = e.stay_id",
     ("whom", "reference")),
    ("notice", "r.incident_id", "", ("whom", "reference")),
    ("incident", "r.id", "", ("note",)),
    ("incident_step", "r.incident_id", "", ("text",)),
    ("incident_person", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("note",)),
    ("shift_line_person", "s.resident_id", "JOIN stay s ON s.id = r.stay_id", ("text",)),
    ("shift_line", "r.house_day_id", "", ("words",)),
    ("handoff", "r.house_day_id", "", ("words",)),
    ("visit_finding", "r.house_day_id", "", ("words", "correction")),
    ("item_answer", "r.house_day_id", "", ("note",)),
)  # fmt: skip
BELOW_INCIDENTS = 1_000_000_000


@dataclass(frozen=True)
class Field:
    """One sealed field as it stands in the file. What an incident or a day owns: below nothing."""

    resident_id: int
    resident: str
    place: str
    sealed: bytes = field(repr=False)

    @property
    def compartment(self):
        return sealed_in(self.sealed)[0]


@dataclass
class Taken:
    """Everything a person's keys give: compartments by generation, and pairs of residents."""

    keys: dict[tuple[Compartment, int], CompartmentKey] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)

    def add_pair(self, pair):
        if pair.secret not in {one.secret for one in self.pairs}:
            self.pairs.append(pair)


def sealed_fields(store):
    """Return every sealed field of every resident, with the place it was sealed for."""
    found = []
    with store.unguarded() as connection:
        for table, whose, join, columns in FIELDS:
            owner, sign = "resident", ""
            if "incident" in whose or table == "incident":
                owner, sign = "incident", "-"
            elif "house_day" in whose:
                owner, sign = "house_day", f"-{BELOW_INCIDENTS} - "
            names = ", ".join(f"r.{one}_sealed" for one in columns)
            rows = connection.execute(
                f"SELECT r.public_id, {sign}{whose}, p.public_id, {names} FROM {table} r {join}"
                f" JOIN {owner} p ON p.id = {whose}"
            ).fetchall()
            for public_id, resident_id, resident, *values in rows:
                for column, sealed in zip(columns, values, strict=True):
                    if sealed is not None:
                        place = f"{table}:{public_id}:{column}"
                        found.append(Field(resident_id, resident, place, sealed))
    return found


def secrets_within(root):
    """Return every private half and every 32 bytes that can be reached from an object."""
    seen, found, waiting = set(), set(), deque([root])
    while waiting:
        one = waiting.popleft()
        if id(one) in seen or isinstance(one, types.ModuleType | type | types.FrameType):
            continue
        seen.add(id(one))
        if isinstance(one, bytes) and len(one) in (32, 64):
            found |= {one[:32], one[-32:]}
        elif isinstance(one, X25519PrivateKey):
            found.add(one.private_bytes_raw())
        elif isinstance(one, types.FunctionType):
            waiting.extend(cell.cell_contents for cell in one.__closure__ or ())
        else:
            waiting.extend(gc.get_referents(one))
    return found


def own_keys(folder, staff_id, passphrase, now):
    """Return what somebody's passphrase opens, without any desk."""
    return entry.unlock(
        folder, entry.slot_file.read_slots(folder).slots, staff_id, passphrase, now
    )


def kit_keys(folder, kit):
    """Return what the recovery kit opens."""
    return slots.unlock_with_kit(entry.slot_file.read_slots(folder).slots, kit)


def taken_by(store, opened, session=None):
    """Return everything that comes out of the file with one person's keys (or the kit)."""
    taken = Taken()
    for secret in secrets_within(session) if session is not None else ():
        taken.add_pair(Pair(secret))
    with store.reading() as reader:
        row = reader.row(NEWEST_KEY, public_id=opened.recipient_id) or reader.row(KIT_KEY)
    with store.unguarded() as connection:
        _open_seals(connection, opened, taken)
        _open_former(connection, opened, taken, row[0])
        _open_pairs(connection, opened, taken)
        _open_copies(connection, opened, taken)
    return taken


def _open_seals(connection, opened, taken):
    seals = connection.execute("SELECT compartment, generation, sealed FROM compartment_seal")
    lent = connection.execute(
        "SELECT o.record_class, k.generation, k.sealed FROM opening_key k"
        " JOIN class_opening o ON o.id = k.opening_id"
    )
    for name, generation, sealed in (*seals.fetchall(), *lent.fetchall()):
        try:
            key = open_compartment(sealed, Compartment(name), generation, opened)
        except (SealBrokenError, ValueError):
            continue
        taken.keys[Compartment(name), generation] = key


def keys_of_shares(store, people):
    """Return which keys come out when everything that these keys open is laid together."""
    with store.unguarded() as connection:
        rows = connection.execute(
            "SELECT compartment, generation, key_id, sealed FROM compartment_seal"
            " WHERE kind = 'share'"
        ).fetchall()
        publics = set(
            connection.execute("SELECT compartment, generation, public FROM compartment_key")
        )
    found = {}
    for (name, generation, key_id, sealed), opened in product(rows, people):
        with suppress(SealBrokenError):
            share = open_share(sealed, Compartment(name), generation, opened, key_id)
            found.setdefault((name, generation), []).append(share)
    whole = set()
    for (name, generation), shares in found.items():
        for one, other in combinations(shares, 2):
            with suppress(SealBrokenError):
                public = key_of_two(one, other, generation).pair.public
                whole |= {(name, generation, public)} & publics
    return whole


def _open_former(connection, opened, taken, _key_id):
    rows = connection.execute(
        "SELECT compartment, generation, former FROM compartment_key WHERE former IS NOT NULL"
        " ORDER BY generation DESC"
    ).fetchall()
    publics = connection.execute("SELECT compartment, generation, public FROM compartment_key")
    for name, generation, public in publics.fetchall():
        for pair in taken.pairs:
            if pair.public == public:
                taken.keys[Compartment(name), generation] = CompartmentKey(generation, pair)
    for name, generation, former in rows:
        key = taken.keys.get((Compartment(name), generation))
        if key is not None:
            older = former_generation(key, Compartment(name), opened.vault_id, former)
            taken.keys[Compartment(name), older.generation] = older


def _open_pairs(connection, opened, taken):
    rows = connection.execute(
        "SELECT p.public_id, k.compartment, k.generation, k.sealed FROM resident_key k"
        " JOIN resident p ON p.id = k.resident_id"
        " UNION ALL SELECT p.public_id, k.compartment, k.generation, k.sealed FROM incident_key k"
        " JOIN incident p ON p.id = k.incident_id"
        " UNION ALL SELECT p.public_id, k.compartment, k.generation, k.sealed FROM house_day_key k"
        " JOIN house_day p ON p.id = k.house_day_id"
    ).fetchall()
    for resident, name, generation, sealed in rows:
        whose = Whose(opened.vault_id, resident, Compartment(name), generation)
        for key in list(taken.keys.values()):
            try:
                taken.add_pair(open_pair(sealed, whose, key))
            except SealBrokenError:
                continue


def _open_copies(connection, opened, taken):
    rows = connection.execute(
        "SELECT coalesce(p.public_id, i.public_id), c.staff_id, c.place, c.sealed FROM lent_copy c"
        " LEFT JOIN resident p ON p.id = c.resident_id"
        " LEFT JOIN incident i ON i.id = c.incident_id"
    ).fetchall()
    for resident, staff_id, place, sealed in rows:
        where = lent_place(place, staff_id)
        text = try_open(taken, opened.vault_id, Field(0, resident, where, sealed))
        if text is not None and staff_id is not None:
            try:
                text = opened.open_seal(bytes.fromhex(text), where.encode()).decode()
            except SealBrokenError:
                text = None
        if text is not None:
            taken.copies[place] = text


def try_open(taken, vault_id, one):
    """Return the text of a field, with whichever pair opens it; None when none does."""
    whose = Whose(vault_id, one.resident, *sealed_in(one.sealed))
    for pair in taken.pairs:
        try:
            return open_field(pair, whose, one.place, one.sealed)
        except SealBrokenError:
            continue
    return None


def texts_by_class(store, opened, taken):
    """Return compartment -> (texts that came out, how many fields stayed closed)."""
    found = {name: ([], 0) for name in Compartment}
    for one in sealed_fields(store):
        text = try_open(taken, opened.vault_id, one) or taken.copies.get(one.place)
        texts, closed = found[one.compartment]
        found[one.compartment] = (
            ([*texts, text], closed) if text is not None else (texts, closed + 1)
        )
    return found
