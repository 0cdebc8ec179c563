"""The audit trail as it goes into a pack: sealed, proved to have grown, its open events shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from shelter_desk.desk import Desk, exported, trail_seals
from shelter_desk.desk.exported import ExportLine
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.merkle import Hashes, stretches
from shelter_desk.exports.bundle import AuditPart, DisclosedEvent
from shelter_desk.exports.manifest import EarlierSeal
from shelter_desk.exports.pack_order import export_id_of
from shelter_desk.exports.pack_series import FIRST, FormerPack, Series


@dataclass(frozen=True, slots=True)
class SealedTrail:
    """The trail as it goes into the pack."""

    size: int
    root: bytes
    part: AuditPart
    series: Series

    @property
    def short_form(self) -> str:
        """Return size and root as printed."""
        return short_form(self.size, self.root)


def seal_trail(desk: Desk, profile_id: str, recipient: str) -> SealedTrail:
    """Seal the trail for a pack, with the proof that it grew since the last one they got."""
    before = _given_to(desk, profile_id, recipient)
    earlier = before and EarlierSeal(
        before[0].log_size, before[0].log_root.hex(), before[0].began_at.date()
    )
    desk.do(trail_seals.MakeCheckpoint("pack"))
    seal = desk.ask(trail_seals.seals)[0]
    shown = desk.ask(trail_seals.shown_events, size=seal.size)
    part = AuditPart(
        origin=desk.ask(trail_seals.signer).origin,
        leaves=_Leaves(desk, seal.size),
        events=tuple(DisclosedEvent(event.seq, event.salt, event.text) for event in shown),
        earlier=earlier or None,
    )
    return SealedTrail(seal.size, seal.root, part, _series(before))


class _Leaves(Sequence[bytes]):
    """The leaves of the sealed trail, read out of the records by stretches: never all at once."""

    def __init__(self, desk: Desk, size: int) -> None:
        self._desk = desk
        self._size = size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> Hashes: ...

    def __getitem__(self, place: int | slice) -> bytes | Hashes:
        wanted = range(self._size)[place]
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        after = wanted.start
        return self._desk.ask(trail_seals.leaves, size=max(after, wanted.stop), after=after)

    def __iter__(self) -> Iterator[bytes]:
        for stretch in stretches(self):
            yield from stretch


def _given_to(desk: Desk, profile_id: str, recipient: str) -> list[ExportLine]:
    """Return the packs that this recipient got, newest first."""
    return [
        line
        for line in desk.ask(exported.export_list)
        if (line.kind, line.result) == ("pack", "delivered")
        and (line.profile, line.recipient) == (profile_id, recipient.strip())
    ]


def _series(before: list[ExportLine]) -> Series:
    if not before:
        return FIRST
    last = before[0]
    former = FormerPack(export_id_of(last.custody_id), last.began_at.date(), last.sha256)
    return Series(len(before) + 1, former)
