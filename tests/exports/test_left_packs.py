"""A pack that is left before a byte of it was written binds nobody; one that was written does."""

from datetime import UTC, datetime

import pytest
import sqlcipher3
from faulty_drive import FAULTS, FaultyFiles

from shelter_desk.desk import audit_log, custody, evidence, exported, residents, summaries
from shelter_desk.disclosure import Refused
from shelter_desk.domain.errors import InvalidError, StaleError
from shelter_desk.domain.periods import Period
from shelter_desk.exports.pack_contents import leave_pack, prepare_pack, release_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.problems import DriveFullError, DriveGoneError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.summary_release import ask_for_summary, make_summary, prepare_summary

WORDS = "kiwi crayon latch ozone trance poppy"
QUARTER = Period.parse("2026-Q1")
EARLY = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
ORDER = PackOrder("board", "2026-Q1")


def admit(opened, count):
    now, opened.clock.at = opened.clock.at, EARLY
    for number in range(count):
        opened.desk.do(residents.Admit(f"Sky {number}", EARLY))
    opened.clock.at = max(now, AFTER)


@pytest.fixture
def opened(open_desk):
    open_desk.clock.at = EARLY
    admit(open_desk, 24)
    return open_desk


def bound_by(desk):
    """Return all of the ledger: what later summaries keep to, and what staff see of it."""
    return desk.ask(summaries.ledger).known, desk.ask(summaries.releases)


def released_tables(desk, now):
    tables = desk.ask(evidence.about_staff_work, period=Period.parse("2026-Q2"), now=now)
    (told,) = [table for table in tables if table.id == "disclosures"]
    return [row for row in told.rows if row[0].startswith("Safe tables")]


def summary_of(files):
    return next(data for path, data in files.items() if path.endswith("summary.csv")).decode()


def refused_by_the_file(desk, change, says):
    with (
        desk._store.unguarded() as connection,
        pytest.raises(sqlcipher3.IntegrityError, match=says),
    ):
        connection.execute(change.format("event_id = 1000000"))


def test_a_pack_that_was_only_looked_at_binds_nothing(opened):
    desk = opened.desk
    prepared = prepare_pack(desk, PackOrder("licensor", "2026-Q1"))
    # Counts of care, the summary, and the outcomes.
    assert len(bound_by(desk)[1]) == len(bound_by(desk)[0]) == 3
    assert ",24" in summary_of(prepared.files)
    leave_pack(desk, prepared, "not-right")
    assert bound_by(desk) == ((), ())
    (line,) = desk.ask(exported.export_list)
    assert (line.result, line.why, line.ended_by, line.was_written) == (
        "failed", "not-right", "Dana", False,
    )  # fmt: skip
    newest = desk.ask(audit_log.events)[0]
    assert (newest.action, newest.reason) == ("custody.end", "failed:not-right")
    opened.clock.at = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
    assert released_tables(desk, opened.clock()) == []
    # What was forgotten is entered now, and the next pack says what is true.
    admit(opened, 1)
    again = prepare_pack(desk, PackOrder("licensor", "2026-Q1"))
    assert not again.laid.note
    assert ",25" in summary_of(again.files)
    assert desk.ask(audit_log.trail).is_whole


def test_facts_of_a_pack_that_was_left_are_not_those_of_the_period(opened):
    desk = opened.desk
    leave_pack(desk, prepare_pack(desk, ORDER))
    admit(opened, 1)
    asked = {"period": "2026-Q1", "audience": "public"}
    question = ask_for_summary(desk, **asked)
    assert (question.request.population, question.before) == (25, None)
    assert not isinstance(make_summary(desk, **asked), Refused)
    admit(opened, 1)
    assert ask_for_summary(desk, **asked).request.population == 25  # frozen by what left


def test_once_a_byte_was_written_its_figures_count_as_known(opened, tmp_path):
    desk = opened.desk
    prepared = prepare_pack(desk, ORDER)
    before = bound_by(desk)
    drive = PackDrive(tmp_path, FaultyFiles(4, FAULTS[0]))
    with pytest.raises(DriveFullError):
        release_pack(desk, prepared, drive, WORDS, None)
    (line,) = desk.ask(exported.export_list)
    assert (line.result, line.why, line.was_written) == ("failed", "drive-full", True)
    for change, says in {
        "UPDATE summary_release SET withdrawn_at = 1, {}": "may be known outside",
        "UPDATE custody SET written_at = 2, {}": "was written, or ended",
        "UPDATE custody SET result = 'delivered', {}": "ended before",
        "UPDATE release_use SET custody_id = NULL, {}": "not changed",
        "DELETE FROM release_use": "ended, not deleted",
    }.items():
        refused_by_the_file(desk, change, says)
    assert bound_by(desk) == before


def test_a_pack_that_was_put_away_can_never_be_written(opened, tmp_path):
    """The place is not there, so it took no byte; then it is there, and the pack is not."""
    desk = opened.desk
    prepared = prepare_pack(desk, ORDER)
    with pytest.raises(DriveGoneError):
        release_pack(desk, prepared, PackDrive(tmp_path / "stick"), WORDS, None)
    assert bound_by(desk) == ((), ())
    (tmp_path / "stick").mkdir()
    with pytest.raises(InvalidError):
        release_pack(desk, prepared, PackDrive(tmp_path / "stick"), WORDS, None)
    assert list((tmp_path / "stick").iterdir()) == []
    again = "INSERT INTO release_use (public_id, event_id, release_id) SELECT 'x', 9999, id"
    for change, says in {
        "UPDATE summary_release SET withdrawn_at = NULL, {}": "was taken back",
        f"{again} FROM summary_release": "was taken back",
        "UPDATE custody SET written_at = 2, {}": "written, or ended",
    }.items():
        refused_by_the_file(desk, change, says)
    assert bound_by(desk) == ((), ())


def test_a_pack_the_program_closed_over_is_put_away_later(opened):
    prepared = prepare_pack(opened.desk, ORDER)
    desk = opened.again()
    assert len(bound_by(desk)[1]) > 0  # nobody said yet that it did not leave
    desk.do(custody.ExportFailed(prepared.custody_id, "cut-off"))
    assert bound_by(desk) == ((), ())


def test_a_summary_that_left_in_another_way_too_stays_known(opened):
    desk = opened.desk
    prepared = prepare_pack(desk, ORDER)
    asked = asked_again(desk)
    assert prepare_summary(asked).hand_out(desk.do)
    leave_pack(desk, prepared)
    (line,) = bound_by(desk)[1]
    assert line.release_id == asked.before.release_id


def test_what_two_packs_hold_is_taken_back_when_both_are_left(opened):
    desk = opened.desk
    one, other = prepare_pack(desk, ORDER), prepare_pack(desk, ORDER)
    asked = asked_again(desk)
    ready = prepare_summary(asked)
    leave_pack(desk, one)
    assert asked.before.release_id in {line.release_id for line in bound_by(desk)[1]}
    leave_pack(desk, other)
    assert bound_by(desk) == ((), ())
    with pytest.raises(StaleError):  # it was on a screen as "the same again"
        ready.hand_out(desk.do)


def asked_again(desk):
    audience = desk.ask(summaries.releases)[0].audience
    return ask_for_summary(desk, period="2026-Q1", audience=audience)
