"""Behind every figure of safe tables stand as many records as the figure says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shelter_desk.desk import care, entry, residents
from shelter_desk.desk.protected_behind import protected_behind
from shelter_desk.desk.service_log import LogService
from shelter_desk.disclosure import definitions
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.exports.report_handing import ask_for_protected
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, Clock, OpenDesk
from tests.desk.test_release_ledger import case_manager

QUARTER = "2026-Q1"
CAME, AFTER = datetime(2026, 2, 3, 12, tzinfo=UTC), datetime(2026, 4, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened(tmp_path_factory, care_model):
    folder, clock = tmp_path_factory.mktemp("behind") / "records", Clock(CAME)
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    opened = OpenDesk(
        entry.found(folder, founding, care_model, clock), folder, clock, None, care_model
    )
    for number in range(8):
        born = date(2008 + number % 3, 1, 2)
        stay = opened.desk.do(residents.Admit(f"Sky {number}", CAME, born_on=born)).subject
        for service in ("crisis_shelter", "substance_use")[: 1 + number % 2]:
            opened.desk.do(LogService(stay, service, CAME, 30))
        if number % 4 == 0:
            opened.desk.do(residents.RecordExit(stay, CAME, "left-early", "99"))
    clock.at = AFTER
    yield opened
    opened.desk.close()


@pytest.fixture(scope="module")
def desk(opened):
    return opened.desk


def behind(desk, question, figure):
    return desk.ask(
        protected_behind, request=question.request, facts=question.facts.facts, figure=figure,
        words="words",
    )  # fmt: skip


def test_every_figure_has_as_many_records_as_it_says(desk):
    question = ask_for_protected(desk, report_id="outcomes", period=QUARTER)
    looked = 0
    for table in question.request.tables:
        for row, cells in zip(table.rows, table.cells, strict=True):
            for column, count in zip(table.columns, cells, strict=True):
                found = behind(desk, question, f"{table.id}/{row.code}/{column.code}")
                added = sum(line.adds for line in found.lines)
                assert found.value == f"{count:,}", found
                assert added == count or found.closed, found
                looked += bool(count)
        if definitions(table) and table.kind == "partition":
            total = behind(desk, question, f"{table.id}/total/total")
            assert total.value == str(table.total)
    assert behind(desk, question, "release/total/total").value == "8"
    assert looked > 20


@pytest.mark.parametrize("figure", ["served/nothing/all", "nights/nothing/all", "no/such/figure"])
def test_a_figure_that_is_none_has_no_records(desk, figure):
    question = ask_for_protected(desk, report_id="summary", period=QUARTER)
    with pytest.raises(NotFoundError):
        behind(desk, question, figure)


def test_who_was_given_a_closed_service_is_not_shown(opened):
    """A case manager does not read about substance use: she sees how many, not who."""
    desk, _, _ = case_manager(opened)
    question = ask_for_protected(desk, report_id="summary", period=QUARTER)
    closed = behind(desk, question, "services/substance_use/all")
    assert (closed.value, closed.lines, closed.closed) == ("4", (), 4)
    assert len(behind(desk, question, "services/crisis_shelter/all").lines) == 8


def test_who_was_reached_after_a_stay_is_an_outcome(opened):
    """Two left; one is reached on the second day, which is in time."""
    desk, item = opened.desk, "discharge_aftercare.07"
    left = behind(
        desk, ask_for_protected(desk, report_id="outcomes", period=QUARTER), "left/total/total"
    ).lines
    assert len(left) == 2
    plan = desk.ask(care.stay_plan, stay_id=left[0].stay_id, now=AFTER)
    line = next(one for s in plan.services for one in s.items if one.item_id == item)
    at = CAME + timedelta(days=1)
    desk.do(care.AnswerItem(left[0].stay_id, item, line.occurrence, done_at=at))
    question = ask_for_protected(desk, report_id="outcomes", period=QUARTER)
    name = "done-discharge_aftercare-07"
    counts = {row: behind(desk, question, f"{name}/{row}/all") for row in ("in-time", "open")}
    assert [line.stay_id for line in counts["in-time"].lines] == [left[0].stay_id]
    assert [line.stay_id for line in counts["open"].lines] == [left[1].stay_id]
