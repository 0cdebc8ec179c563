"""A pack made from real records: nothing of a resident is in it, and every end is written down."""

import hashlib
import io
import re
import tarfile
import zipfile
from datetime import UTC, datetime

import pypdf
import pypdfium2
import pytest
from faulty_drive import FAULTS, FaultyFiles
from pypdf.generic import IndirectObject, StreamObject

from shelter_desk.desk import (
    audit_log,
    care,
    exported,
    residents,
    service_log,
    shelter,
    summaries,
    trail_seals,
)
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import InvalidError
from shelter_desk.exports.age import decrypt
from shelter_desk.exports.former_log import read_former
from shelter_desk.exports.pack_contents import make_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.problems import DriveFullError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify
from shelter_desk.reports.summary_check import verify_summary

WORDS = "kiwi crayon latch ozone trance poppy"
PROFILES = ("grant-totals", "licensor", "accreditor", "board")
CALLED = ("Zephyrine", "Quillon", "Ottoline", "Barnabix", "Isolwyn", "Marzipane")
NOTE = "Canary-note-about-a-night-light"
AFTER = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def fill(opened, everyone=CALLED):
    """Six invented residents with beds, notes, answers; return what must never leave."""
    desk, clock = opened.desk, opened.clock
    beds = desk.ask(shelter.beds)
    for bed, name in zip(beds, ("Canarybed-1", "Canarybed-2", "Canarybed-3"), strict=False):
        desk.do(shelter.RenameBed(bed.bed_id, bed.version, name))
    for called in everyone:
        stay = desk.do(residents.Admit(called, clock())).subject
        desk.do(residents.NoteOpened(stay))
        plan = desk.ask(care.stay_plan, stay_id=stay, now=clock())
        line = next(i for s in plan.services for i in s.items if i.occurrence == "admission")
        desk.do(care.AnswerItem(stay, line.item_id, line.occurrence, note=NOTE))
        desk.do(service_log.LogService(stay, "crisis_shelter", clock(), 30, note=NOTE))
    lines = desk.ask(residents.roster, now=clock())
    marks = {NOTE, "Canarybed", "Dana", *everyone}
    for line in lines:
        marks |= {line.case_code, line.stay_id}
    assert len(lines) == len(everyone)
    clock.at = AFTER
    return marks


def opened_files(path):
    """Path -> bytes of a sealed pack, opened with its words."""
    with path.open("rb") as source:
        archive = decrypt(source, WORDS, most=1 << 26)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar.getmembers()}


def crockford_of(root):
    return short_form(1, bytes.fromhex(root)).partition(" · ")[2]


def parts_of_pdf(data):
    """What a PDF says outside of its streams, and each stream unpacked.

    Packed, half a million letters come out as chance has it, and once in a hundred packs four of
    them are somebody's name.
    """
    outside = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.DOTALL)
    reader = pypdf.PdfReader(io.BytesIO(data))
    found = [reader.get_object(IndirectObject(one, 0, reader)) for one in reader.xref[0]]
    streams = [one.get_data() for one in found if isinstance(one, StreamObject)]
    assert len(streams) > 1
    return [part.decode("latin-1") for part in (outside, *streams)]


def every_text(files):
    """All bytes of all files, with the words of PDFs and the parts of workbooks."""
    plain = [data for name, data in files.items() if not name.endswith(".pdf")]
    texts = [*files, *(data.decode("latin-1") for data in plain)]
    texts += [data.decode("utf-8", "replace") for data in plain]
    for name, data in files.items():
        if name.endswith(".pdf"):
            texts += parts_of_pdf(data)
            document = pypdfium2.PdfDocument(data)
            texts += [page.get_textpage().get_text_bounded() for page in document]
            document.close()
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                texts += [book.read(part).decode("utf-8", "replace") for part in book.namelist()]
    return "\n".join(texts)


def ordered(opened, profile_id, folder, files=None):
    folder.mkdir(exist_ok=True)
    drive = PackDrive(folder, files) if files else PackDrive(folder)
    return make_pack(opened.desk, PackOrder(profile_id, "2026-Q1"), drive, WORDS)


@pytest.mark.parametrize("profile_id", PROFILES)
def test_no_mark_of_a_resident_leaves_and_every_check_passes(open_desk, tmp_path, profile_id):
    marks = fill(open_desk)
    made = ordered(open_desk, profile_id, tmp_path / "stick")
    verdict = verify(made.written.path, WORDS, signer=made.fingerprint)
    assert verdict.ok, verdict.reason
    files = opened_files(made.written.path)
    text = every_text(files)
    assert "Harbor House" in text
    assert len(marks) >= 18
    assert not [mark for mark in marks if mark in text]
    profile = made.profile
    for name in profile.files:
        assert f"data/{name}.csv" in files or f"data/{name}.txt" in files
    assert not [name for name in files if "by_record" in name or "sample" in name]
    size, _, root = made.log_short_form.partition(" · ")
    assert int(size.replace(",", "")) == verdict.manifest.audit.size
    assert root == crockford_of(verdict.manifest.audit.root)


def test_the_custody_record_tells_what_was_delivered(open_desk, tmp_path):
    fill(open_desk)
    made = ordered(open_desk, "board", tmp_path / "stick")
    (line,) = open_desk.desk.ask(exported.export_list)
    assert (line.result, line.profile, line.period) == ("delivered", "board", "2026-Q1")
    data = made.written.path.read_bytes()
    assert (line.sha256, line.size) == (hashlib.sha256(data).hexdigest(), len(data))
    seal = open_desk.desk.ask(trail_seals.seals)[0]
    assert (line.log_size, line.log_root) == (seal.size, seal.root)
    assert open_desk.desk.ask(audit_log.trail).is_whole


def test_where_no_summary_is_safe_the_pack_says_so_but_not_how_few_there_are(open_desk, tmp_path):
    fill(open_desk)
    for profile_id in ("board", "grant-totals"):
        made = ordered(open_desk, profile_id, tmp_path / "stick")
        files = opened_files(made.written.path)
        assert "Fewer than" in made.summary_note
        assert "Some figures stayed out" in files["data/17_differencing_check.txt"].decode()
        assert "Fewer than" not in every_text(files)
        assert not [name for name in files if name.startswith("data/summary/")]
    assert {one.audience for one in open_desk.desk.ask(summaries.releases)} <= {"named"}


def test_with_enough_residents_the_summary_is_in_the_ledger_and_in_the_pack(open_desk, tmp_path):
    more = tuple(f"Residentia{number}" for number in range(18))
    marks = fill(open_desk, CALLED + more)
    made = ordered(open_desk, "grant-totals", tmp_path / "stick")
    assert made.summary_note == ""
    files = opened_files(made.written.path)
    start = "data/summary/"
    summary = {n.removeprefix(start): files[n] for n in files if n.startswith(start)}
    assert len(summary) == 4
    verdict = verify_summary(summary)
    assert verdict.ok, verdict.checks
    released = open_desk.desk.ask(summaries.releases)
    certificate = summary["certificate.json"].decode()
    assert {(one.period, one.audience) for one in released} == {("2026-Q1", "named")}
    assert len(released) == 2  # the counts about care, and the summary
    assert "2026-Q1" in certificate
    text = every_text(files)
    assert not [mark for mark in marks if mark in text]
    assert '"action":"summary.release"' in files["audit/events.jsonl"].decode().replace("\\", "")


def test_the_next_pack_for_one_recipient_builds_on_the_last_one_they_got(open_desk, tmp_path):
    fill(open_desk)
    one = ordered(open_desk, "board", tmp_path / "one")  # the quickest to lay out
    first = open_desk.desk.ask(trail_seals.seals)[0]
    other = ordered(open_desk, "grant-totals", tmp_path / "other")
    with pytest.raises(DriveFullError):  # a pack that nobody got has no number
        ordered(open_desk, "board", tmp_path / "full", FaultyFiles(4, FAULTS[0]))
    made = ordered(open_desk, "board", tmp_path / "two")
    verdict = verify(made.written.path, WORDS)
    assert verdict.ok, verdict.reason
    earlier = verdict.manifest.audit.earlier
    assert (earlier.size, earlier.root) == (first.size, first.root.hex())
    assert (one.series.label, other.series.label) == ("The first", "The first")
    series = verdict.manifest.facts.series
    assert series == made.series
    assert (series.number, series.former.export_id) == (2, one.export_id)
    assert series.former.sha256 == hashlib.sha256(one.written.path.read_bytes()).hexdigest()
    old = verify(one.written.path, WORDS, after=read_former(made.log_short_form))
    assert "older than the one you had" in old.reason
    assert verify(made.written.path, WORDS, after=read_former(one.log_short_form)).ok


def test_a_changed_pack_is_refused(open_desk, tmp_path):
    made = ordered_after_quarter(open_desk, tmp_path)
    data = bytearray(made.written.path.read_bytes())
    data[len(data) // 2] ^= 1
    made.written.path.write_bytes(data)
    verdict = verify(made.written.path, WORDS)
    assert not verdict.ok
    assert verdict.reason


def test_a_failed_write_is_written_down_as_failed(open_desk, tmp_path):
    open_desk.clock.at = AFTER
    folder = tmp_path / "stick"
    with pytest.raises(DriveFullError):
        ordered(open_desk, "board", folder, FaultyFiles(4, FAULTS[0]))
    (line,) = open_desk.desk.ask(exported.export_list)
    assert (line.result, line.sha256) == ("failed", "")
    assert open_desk.desk.ask(audit_log.events)[0].reason == "failed:drive-full"
    assert not list(folder.glob("*.age"))


@pytest.mark.parametrize(("profile_id", "period"), [("licensor", "2026-Q2"), ("press", "2026-Q1")])
def test_a_refused_order_leaves_no_trace(open_desk, tmp_path, profile_id, period):
    open_desk.clock.at = AFTER
    before = open_desk.desk.ask(audit_log.trail).count
    with pytest.raises(InvalidError):
        make_pack(open_desk.desk, PackOrder(profile_id, period), PackDrive(tmp_path), WORDS)
    assert open_desk.desk.ask(audit_log.trail).count == before
    assert not list(tmp_path.glob("*.age"))


def ordered_after_quarter(opened, tmp_path):
    opened.clock.at = AFTER
    return ordered(opened, "board", tmp_path / "stick")
