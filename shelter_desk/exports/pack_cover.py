"""The paper cover sheet of a pack that was made, with what a receiver compares."""

from __future__ import annotations

from shelter_desk.desk import Desk
from shelter_desk.desk.shelter import settings
from shelter_desk.exports.pack_order import PackMade
from shelter_desk.exports.stick import Written
from shelter_desk.reports.cover_sheet import CoverSheet, cover_sheet_pdf


def cover_of(desk: Desk, made: PackMade, pdf: Written | None = None) -> bytes:
    """Return the paper with which a receiver can tell that the pack is the shelter's."""
    sheet = CoverSheet(
        shelter_label=desk.ask(settings).name,
        purpose=made.purpose,
        period_label=made.period.label,
        export_id=made.export_id,
        pack_name=made.written.path.name,
        signer_fingerprint=made.fingerprint,
        log_short_form=made.log_short_form,
        opener_sha256=made.opener_sha256,
        made_on=made.made_at.astimezone(desk.house.zone).date(),
        pack_sha256=made.written.sha256,
        pdf_sha256=pdf.sha256 if pdf else "",
        recipient=made.recipient,
        ground=made.basis.title,
        series_label=made.series.label,
        return_by=made.expires,
        recipient_key=made.recipient_key,
    )
    return cover_sheet_pdf(sheet)
