"""The full export: every table as CSV and JSON in one sealed file, for moving to another system.

Opened with its words it is a plain archive: `README.txt`, `columns.csv` and `columns.json` (what
every column holds), `tables/NAME.001.csv` and `.json`, and `SHA256SUMS`. The words open it with
stock tools alone: `age`, `tar`, `sha256sum`. No plaintext touches a disk: rows are read in parts,
each part is sealed at once, and the file is read back whole before the export counts as delivered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from shelter_desk.desk import Desk, custody, trail_seals
from shelter_desk.desk.agreeing import Agreement, Second, agreement
from shelter_desk.desk.everything import (
    EVERYTHING,
    LEFT_OUT,
    TableFacts,
    last_event,
    part_of_everything,
    tables_that_leave,
)
from shelter_desk.desk.shelter import settings as shelter_settings
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.age import AgeWriter, plain_chunks
from shelter_desk.exports.copying import random_name
from shelter_desk.exports.problems import PackError, ReadBackError, code_of
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.exports.tar import read_tar, write_tar_as_made
from shelter_desk.exports.typed_words import refuse_typed
from shelter_desk.reports.comma_table import csv_bytes

README, COLUMNS_CSV, COLUMNS_JSON, SUMS = (
    "README.txt", "columns.csv", "columns.json", "SHA256SUMS",
)  # fmt: skip
PROFILE = "full-export"
_DAY = 86_400
_JSON_TOO = "audit_"
"""Tables of the trail leave as CSV only: their columns are JSON already."""
_README = """\
Everything that {shelter} keeps in Shelter Desk, up to audit event {event}.

This is the whole of the records: names, notes, former versions and what was taken back. Whoever
holds this file and its words can read all of it. Keep it sealed, and destroy it when it was read.

tables/NAME.001.csv    the rows of a table, RFC 4180, UTF-8, the first line names the columns
tables/NAME.001.json   the same rows as a list of objects (not for the audit trail)
columns.csv            what every table and column holds, and the kind of its values
SHA256SUMS             check the whole with: sha256sum -c SHA256SUMS

A moment is written as 2026-03-10T06:05:00.000Z, in UTC. An empty cell of the CSV and null in the
JSON mean that there is no value; of what was lawfully destroyed, there is none.
"id" is the key of a row; "stay_id" is the id of a row of table "stay", and so on.
A cell of the CSV that a spreadsheet would calculate with has an apostrophe before it.

Left out:
{left_out}
"""


@dataclass(frozen=True, slots=True)
class FullExport:
    """A full export that lies where it should, and was read back whole."""

    written: Written
    custody_id: str
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """For whom the export is, and why; short words that name no resident."""

    recipient: str
    reason: str


def export_everything(
    desk: Desk, order: ExportOrder, drive: PackDrive, words: str, second: Second | None = None
) -> FullExport:
    """Write everything through `drive`, sealed under `words`, and read the file back.

    `second` is the colleague who agrees; None only where one person alone can sign in.

    Raises:
        NotPermittedError: when the person signed in is no director.
        SecondNeededError, WrongPassphraseError: when no colleague agrees; nothing was begun.
        InvalidError: when it is not said for whom or why, or somebody is named there.
        DriveError, PackError: when it did not arrive; the failure is in the custody record.
    """
    desk.ask(last_event)  # refused before anything is written down
    refuse_typed(desk, {"recipient": order.recipient, "reason": order.reason})
    agreed = agreement(desk, second)
    begin = custody.BeginExport(EVERYTHING, PROFILE, "", order.recipient, order.reason)
    custody_id = desk.do(begin).subject
    try:
        return _exported(desk, custody_id, drive, words, agreed)
    except BaseException as error:
        # The failure must be told even when the record of it cannot be written.
        with suppress(DeskError):
            desk.do(custody.ExportFailed(custody_id, code_of(error)))
        raise


def _exported(
    desk: Desk, custody_id: str, drive: PackDrive, words: str, agreed: Agreement | None
) -> FullExport:
    if agreed is not None:
        agreed.give(desk, custody_id)
    desk.do(trail_seals.MakeCheckpoint(EVERYTHING))
    seal = desk.ask(trail_seals.seals)[0]
    files = _Files(desk, custody_id)

    def produce(target: BinaryIO) -> None:
        modified = int(desk.now().timestamp()) // _DAY * _DAY
        with AgeWriter(target, words) as writer:
            write_tar_as_made(files.made(), writer, modified=modified)

    (written,) = drive.write_files({f"{random_name()}.age": produce})
    with written.path.open("rb") as source:
        _must_be_whole(source, words)
    desk.do(
        custody.ExportDelivered(custody_id, written.sha256, written.size, seal.size, seal.root)
    )
    return FullExport(written, custody_id, files.count, files.rows)


class _Files:
    """Makes the files of the archive one after the other, and counts them."""

    def __init__(self, desk: Desk, custody_id: str) -> None:
        self._desk, self._custody_id = desk, custody_id
        self._up_to = desk.ask(last_event)
        self.count = self.rows = 0

    def made(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of every file; the sums of the others stand last."""
        sums = []
        for path, content in self._every():
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
            self.count += 1
            yield path, content
        self.count += 1
        yield SUMS, "".join(sums).encode()

    def _every(self) -> Iterator[tuple[str, bytes]]:
        facts = tables_that_leave()
        yield README, self._readme().encode()
        yield COLUMNS_CSV, _columns_csv(facts)
        yield COLUMNS_JSON, _columns_json(facts)
        for table in facts:
            yield from self._table(table)

    def _readme(self) -> str:
        left_out = "\n".join(f"- {name}: {why}" for name, why in LEFT_OUT.items())
        shelter = self._desk.ask(shelter_settings).name
        return _README.format(shelter=shelter, event=self._up_to, left_out=left_out)

    def _table(self, table: TableFacts) -> Iterator[tuple[str, bytes]]:
        names = tuple(column.name for column in table.columns)
        after: int | None = 0
        number = 0
        while after is not None:
            part = self._desk.ask(
                part_of_everything,
                custody_id=self._custody_id,
                table=table.name,
                after=after,
                up_to=self._up_to,
            )
            number, after = number + 1, part.after
            self.rows += len(part.rows)
            path = f"tables/{table.name}.{number:03}"
            cells = [["" if v is None else str(v) for v in row] for row in part.rows]
            yield f"{path}.csv", csv_bytes((names, *cells))
            if not table.name.startswith(_JSON_TOO):
                yield (
                    f"{path}.json",
                    _json([dict(zip(names, row, strict=True)) for row in part.rows]),
                )


def _columns_csv(facts: tuple[TableFacts, ...]) -> bytes:
    rows = [
        (table.name, table.words, column.name, column.kind, column.words)
        for table in facts
        for column in table.columns
    ]
    return csv_bytes((("table", "about", "column", "kind", "holds"), *rows))


def _columns_json(facts: tuple[TableFacts, ...]) -> bytes:
    return _json(
        [
            {
                "table": table.name,
                "about": table.words,
                "columns": [
                    {"name": one.name, "kind": one.kind, "holds": one.words}
                    for one in table.columns
                ],
            }
            for table in facts
        ]
    )


def _json(value: list[dict[str, object]]) -> bytes:
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in value)
    return f"[\n{lines}\n]\n".encode()


def _must_be_whole(source: BinaryIO, words: str) -> None:
    """Open the sealed file as its reader will, and compare every file with its sum."""
    found: dict[str, str] = {}
    sums = bytearray()
    try:
        for member, pieces in read_tar(plain_chunks(source, words)):
            digest = hashlib.sha256()
            for piece in pieces:
                digest.update(piece)
                if member.path == SUMS:
                    sums += piece
            found[member.path] = digest.hexdigest()
    except PackError as error:
        raise ReadBackError from error
    found.pop(SUMS, None)
    told = dict(line.split("  ", 1)[::-1] for line in sums.decode().splitlines())
    if not told or told != found:
        raise ReadBackError
