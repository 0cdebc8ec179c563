"""Packs at their edges: nobody yet, one alone, a name at the last moment, a clock set back."""

from datetime import UTC, datetime, timedelta

import pytest
from test_pack_contents import WORDS, every_text
from test_pack_rows import ORDER, rows_of

from shelter_desk.desk import exported, residents
from shelter_desk.exports.pack_contents import leave_pack, prepare_pack, release_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.scanner import IdentityFoundError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify

AFTER = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(founded_once):
    """One lives here."""
    founded_once.desk.do(residents.Admit("Zephyrine", founded_once.clock()))
    founded_once.clock.at = AFTER
    return founded_once


def last(house):
    return house.desk.ask(exported.export_list)[0]


def test_of_a_time_before_anybody_came_there_are_no_lines_and_no_figures(house):
    before = PackOrder("licensor", "2025-Q4", basis=ORDER.basis, authority=ORDER.authority,
                       with_rows=True)  # fmt: skip
    pack = prepare_pack(house.desk, before)
    assert [row for name in pack.wanted.profile.rows for row in rows_of(pack.files, name)
            if "Record" in row] == []  # fmt: skip
    assert "Fewer than" in pack.laid.note
    assert {row["State"] for row in rows_of(pack.files, "03_completeness_by_record")} == set()
    leave_pack(house.desk, pack)


def test_of_one_who_is_alone_no_figure_rests_on_them(house):
    for profile in ("licensor", "board"):
        pack = prepare_pack(house.desk, PackOrder(profile, "2026-Q1"))
        assert "Fewer than" in pack.laid.note
        assert not [path for path in pack.files if path.startswith("data/summary/")]
        assert "Zephyrine" not in every_text(pack.files)
        for name in ("04_timeliness", "05_incidents", "08_answers_by_role", "12_records_opened"):
            if f"data/{name}.csv" in pack.files:
                figures = {
                    one for row in rows_of(pack.files, name) for one in [*row.values()][1:4]
                }
                assert figures <= {"*", "0", ""}, (profile, name)
        leave_pack(house.desk, pack)


def test_a_name_that_is_known_only_at_the_last_step_stops_the_pack(house, tmp_path):
    """The recipient was nobody here when the pack was looked at; then somebody came so named."""
    pack = prepare_pack(
        house.desk, PackOrder("licensor", "2026-Q1", recipient="Bellwether Review")
    )
    house.desk.do(residents.Admit("Bellwether", house.clock()))
    with pytest.raises(IdentityFoundError):
        release_pack(house.desk, pack, PackDrive(tmp_path), WORDS, None)
    assert list(tmp_path.iterdir()) == []
    assert last(house).result == "failed"


def test_a_clock_that_went_back_meanwhile_lets_the_pack_out_whole(house, tmp_path):
    pack = prepare_pack(house.desk, PackOrder("grant-totals", "2026-Q1"))
    house.clock.at -= timedelta(days=400)
    made = release_pack(house.desk, pack, PackDrive(tmp_path), WORDS, None)
    house.clock.at = AFTER
    verdict = verify(made.written.path, WORDS, signer=made.fingerprint)
    assert verdict.ok, verdict.reason
    assert last(house).result == "delivered"
