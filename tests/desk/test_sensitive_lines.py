"""What harms when it is known of everybody in a group is not told of everybody in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shelter_desk.desk import entry, residents
from shelter_desk.desk.sensitive_lines import CLASSES, HARMLESS, marked
from shelter_desk.desk.service_log import LogService
from shelter_desk.disclosure import Label, TableRequest
from shelter_desk.domain.record_classes import class_of
from shelter_desk.exports.report_handing import ask_for_protected
from shelter_desk.exports.summary_questions import ranges, why
from shelter_desk.exports.summary_release import ask_for_summary, prepare_summary
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, Clock, OpenDesk

QUARTER, COUNT = "2026-Q1", 30
CAME, AFTER = datetime(2026, 2, 3, 12, tzinfo=UTC), datetime(2026, 4, 2, 12, tzinfo=UTC)
ALL = (Label("all", "All"),)


@pytest.fixture(scope="module")
def desk(tmp_path_factory, care_model):
    """Everybody was given a bed and treatment for substance use, and went to detention."""
    folder, clock = tmp_path_factory.mktemp("sensitive") / "records", Clock(CAME)
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    opened = OpenDesk(entry.found(folder, founding, care_model, clock), folder, clock, None, None)
    for _ in range(COUNT):
        born = date(2010, 1, 2)
        stay = opened.desk.do(residents.Admit("Sky", CAME, born_on=born)).subject
        for service in ("crisis_shelter", "substance_use"):
            opened.desk.do(LogService(stay, service, CAME, 30))
        opened.desk.do(residents.RecordExit(stay, CAME, "juvenile-detention", "99"))
    clock.at = AFTER
    yield opened.desk
    opened.desk.close()


def test_that_everybody_was_treated_is_withheld_and_the_reason_says_so(desk):
    question = ask_for_summary(desk, period=QUARTER, audience="named")
    release = prepare_summary(question).release
    shown = {f["id"]: f["value"] for f in release.certificate["figures"]}
    assert shown["services/crisis_shelter/all"] == COUNT
    assert shown["services/substance_use/all"] is None
    assert shown["services/emergency_substance/all"] == 0
    assert "the same of everybody" in why(question, release, "services/substance_use/all")
    least, most = ranges(release)["services/substance_use/all"]
    assert least <= COUNT - question.request.settings.k
    assert most is None or most >= COUNT


def test_a_table_of_how_all_stays_ended_is_left_out_with_its_reason(desk):
    question = ask_for_protected(desk, report_id="outcomes", period=QUARTER)
    dropped = {one.id: one.reason for one in prepare_summary(question).release.dropped}
    assert "the same of nearly everybody in a group" in dropped["left-how"]
    assert "times-missing" not in dropped


@pytest.mark.parametrize(
    ("counts", "is_told"), [((12, 0), False), ((11, 1), False), ((0, 12), True), ((9, 3), False)]
)
def test_only_a_line_that_harms_tells_of_a_group(counts, is_told):
    """Nobody ran away: that may be said. All of them did: that may not."""
    rows = (Label("0", "Never", is_harmless=True), Label("4-up", "Often"))
    table = TableRequest(
        "times-missing", "Missing", "residents", rows, ALL, tuple((n,) for n in counts),
        sensitive="rows",
    )  # fmt: skip
    assert table.tells_of_a_group(5) is is_told
    plain = tuple(replace(row, is_harmless=False) for row in rows)
    assert replace(table, rows=plain).tells_of_a_group(5) is (max(counts) >= sum(counts) - 1)


def test_every_service_of_a_class_that_harms_is_marked(care_model):
    rows = tuple(Label(one.id, one.name) for one in care_model.services.values())
    table = TableRequest(
        "services", "S", "residents", rows, ALL, tuple((0,) for _ in rows), kind="yes-no"
    )
    (found,) = marked([table], care_model)
    harmful = {row.code for row in found.rows if not row.is_harmless}
    assert {"substance_use", "mental_health", "physical_health", "legal_advocacy"} <= harmful
    assert "basic_needs" not in harmful
    assert harmful == {one.id for one in care_model.services.values() if class_of(one) in CLASSES}
    codes = {value.code for value in care_model.values("discharge-types")}
    assert HARMLESS["left-how"] <= codes | {"not-recorded"}
