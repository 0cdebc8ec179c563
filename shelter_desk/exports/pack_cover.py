"""The paper cover sheet of a pack that was made, with what a receiver compares."""

from __future__ import annotations

from shelter_desk.desk import Desk
from shelter_desk.desk.exported import ExportLine
from shelter_desk.desk.shelter import settings
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.exports.pack_order import PackMade, export_id_of
from shelter_desk.exports.profiles import pack_rules
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


def cover_again(desk: Desk, line: ExportLine) -> bytes:
    """Return the cover sheet of an earlier pack, as its export is recorded.

    Raises:
        InvalidError: there is none: it is no pack that was delivered, or one from before covers
            were kept.
    """
    kept = line.cover
    if kept is None or line.result != "delivered":
        raise InvalidError((Problem("custody_id", "No cover sheet of this export is kept."),))
    sheet = CoverSheet(
        shelter_label=desk.ask(settings).name,
        purpose=line.purpose,
        period_label=Period.parse(line.period).label,
        export_id=export_id_of(line.custody_id),
        pack_name=kept.file_name,
        signer_fingerprint=kept.fingerprint,
        log_short_form=short_form(line.log_size, line.log_root),
        opener_sha256=kept.opener_sha256,
        made_on=line.began_at.astimezone(desk.house.zone).date(),
        pack_sha256=line.sha256,
        pdf_sha256=kept.pdf_sha256,
        recipient=line.recipient,
        ground=pack_rules(desk.house.care_model).bases[line.basis].title,
        series_label=kept.series,
        return_by=kept.return_by,
        recipient_key=line.recipient_key,
    )
    return cover_sheet_pdf(sheet)
