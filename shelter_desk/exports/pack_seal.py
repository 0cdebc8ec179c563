"""The audit trail as it goes into a pack: sealed, proved to have grown, its open events shown."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_desk.desk import Desk, custody, exported
from shelter_desk.domain.audit import short_form
from shelter_desk.exports.bundle import AuditPart, DisclosedEvent
from shelter_desk.exports.manifest import EarlierSeal


@dataclass(frozen=True, slots=True)
class SealedTrail:
    """The trail as it goes into the pack."""

    size: int
    root: bytes
    part: AuditPart

    @property
    def short_form(self) -> str:
        """Return size and root as printed."""
        return short_form(self.size, self.root)


def seal_trail(desk: Desk, profile_id: str, recipient: str) -> SealedTrail:
    """Seal the trail for a pack, with the proof that it grew since the last one they got."""
    earlier = _last_for(desk, profile_id, recipient)
    desk.do(custody.MakeCheckpoint("pack"))
    seal = desk.ask(custody.seals)[0]
    leaves = desk.ask(custody.leaves, size=seal.size)
    shown = desk.ask(custody.shown_events, size=seal.size)
    part = AuditPart(
        origin=desk.ask(custody.signer).origin,
        leaves=leaves,
        events=tuple(DisclosedEvent(event.seq, event.salt, event.text) for event in shown),
        earlier=earlier,
    )
    return SealedTrail(seal.size, seal.root, part)


def _last_for(desk: Desk, profile_id: str, recipient: str) -> EarlierSeal | None:
    """Return the state of the trail in the last pack that this recipient got, or None."""
    for line in desk.ask(exported.export_list):
        is_theirs = (line.profile, line.recipient) == (profile_id, recipient.strip())
        if line.kind == "pack" and line.result == "delivered" and is_theirs:
            return EarlierSeal(line.log_size, line.log_root.hex(), line.began_at.date())
    return None
