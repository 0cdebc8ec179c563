"""What is ordered, on what ground, and what was delivered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from shelter_desk.desk.custody import CoverFacts
from shelter_desk.domain.audit import crockford
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.pack_rules import OPENS_ROWS, Basis, PackProfile, PackRules
from shelter_desk.domain.periods import Period
from shelter_desk.exports.age import Key
from shelter_desk.exports.pack_series import Series
from shelter_desk.exports.stick import Written

_EXPORT_ID_BYTES = 5


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What is wanted. `recipient` and `purpose` are short and name no resident; "" = as usual.

    Without more, a pack holds totals and process evidence. `basis` is the code of a ground, and
    `authority` the section, order or agreement behind it; `with_rows` asks for lines of single
    records, and `draw_ids` for samples that were drawn, one of a list. Both take such a ground.
    `release_id` asks for the record of one young person, under their own release. `recipient_key`
    is the public age key of the reader it is sealed to; without it, words open it.
    """

    profile_id: str
    period: str
    recipient: str = ""
    purpose: str = ""
    basis: str = ""
    authority: str = ""
    with_rows: bool = False
    draw_ids: tuple[str, ...] = ()
    release_id: str = ""
    recipient_key: str = ""

    @property
    def holds_records(self) -> bool:
        """Return whether anything of single records is asked for."""
        return self.with_rows or bool(self.draw_ids or self.release_id)


@dataclass(frozen=True, slots=True)
class PackMade:
    """A pack that lies on the drive and passed every check.

    `fingerprint` and `log_short_form` are for the paper cover sheet. `summary_note` is a sentence
    for staff when something had to stay out, else "". `opens_with` are its words, or what sealed
    it to `recipient_key` and opens it once more; it is kept nowhere.
    """

    written: Written
    custody_id: str
    export_id: str
    fingerprint: str
    log_short_form: str
    opener_sha256: str
    profile: PackProfile
    purpose: str
    recipient: str
    basis: Basis
    period: Period
    made_at: datetime
    expires: date
    series: Series
    summary_note: str
    opens_with: Key = field(repr=False)
    recipient_key: str = ""

    @property
    def cover(self) -> CoverFacts:
        """Return what the record of the export keeps of its cover sheet, without a locked PDF."""
        return CoverFacts(
            self.written.path.name,
            self.fingerprint,
            self.opener_sha256,
            self.expires,
            self.series.label,
        )


def ground_of(order: PackOrder, profile: PackProfile, rules: PackRules) -> Basis:
    """Return the ground that an order stands on.

    Raises:
        InvalidError: it asks for more than its ground allows, or says nothing of its authority.
    """
    code = order.basis or profile.basis
    allowed = {profile.basis, *profile.row_bases}
    if code not in allowed:
        raise InvalidError((Problem("basis", "This profile does not leave on that ground."),))
    basis = rules.bases[code]
    if profile.is_of_one:
        return _under_release(order, basis)
    if not order.holds_records:
        return basis
    if order.release_id:
        raise InvalidError((Problem("release_id", "This reader is given no single record."),))
    if code not in profile.row_bases or not basis.opens:
        words = "Single records leave only on a ground that allows them. Choose it first."
        raise InvalidError((Problem("basis", words),))
    if OPENS_ROWS not in basis.opens:
        words = "This ground allows the record of one young person, under their own release."
        raise InvalidError((Problem("basis", words),))
    if not order.authority.strip():
        words = "Name the section, the order or the agreement that allows it."
        raise InvalidError((Problem("authority", words),))
    return basis


def authority_of(order: PackOrder, basis: Basis) -> str:
    """Return what is behind the ground of a pack: as typed, else what the ground rests on."""
    return order.authority.strip() or basis.source


def _under_release(order: PackOrder, basis: Basis) -> Basis:
    if order.with_rows or order.draw_ids:
        words = "Such a pack holds the record of one young person, and no other."
        raise InvalidError((Problem("with_rows", words),))
    if not order.release_id:
        words = "Choose the release that the young person has signed."
        raise InvalidError((Problem("release_id", words),))
    return basis


def export_id_of(custody_id: str) -> str:
    """Return eight characters for paper that name the custody row."""
    return crockford(bytes.fromhex(custody_id)[:_EXPORT_ID_BYTES])
