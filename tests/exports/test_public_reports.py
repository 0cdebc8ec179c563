"""An exact report that goes public counts: beside it no later summary tells of a few."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from shelter_desk.desk import entry, residents
from shelter_desk.desk.reporting import exact_report
from shelter_desk.desk.service_log import LogService
from shelter_desk.desk.summaries import ledger
from shelter_desk.disclosure.definitions import Definition, People
from shelter_desk.domain.errors import StaleError
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.exports.report_handing import ToWhom, ask_for_report, hand_over
from shelter_desk.exports.summary_release import (
    PreparedSummary,
    ask_for_summary,
    prepare_summary,
)
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, Clock, OpenDesk
from tests.disclosure.union_attacker import Union

QUARTER, K = "2026-Q1", 5
AFTER = datetime(2026, 4, 2, 12, tzinfo=UTC)
AUTUMN, WINTER = datetime(2025, 11, 3, 12, tzinfo=UTC), datetime(2026, 2, 3, 12, tzinfo=UTC)
# When they came, the year they were born in, how many: 16 go on, 19 are new; two of those who go
# on are older than fourteen, and no paper says so by itself.
CAME = ((AUTUMN, 2010, 14), (AUTUMN, 2006, 2), (WINTER, 2010, 9), (WINTER, 2006, 10))
YOUNG, GROWN = "age-13-17", "age-18-24"
BANDS = (YOUNG, GROWN)
CLASSES = [(band, new) for band in BANDS for new in ("new", "continuing")]


def lived_in(folder, care_model):
    clock = Clock(AUTUMN)
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    opened = OpenDesk(entry.found(folder, founding, care_model, clock), folder, clock, None, None)
    for at, year, count in CAME:
        for _ in range(count):
            opened.clock.at = at
            stay = opened.desk.do(residents.Admit("Sky", at, born_on=date(year, 1, 2))).subject
            for given in {at, WINTER}:
                opened.clock.at = given
                opened.desk.do(LogService(stay, "crisis_shelter", given, 30, voca_code="D1"))
    opened.clock.at = AFTER
    return opened


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    opened = lived_in(tmp_path_factory.mktemp("public") / "records", care_model)
    yield opened
    opened.desk.close()


@pytest.fixture
def silent_house(tmp_path, care_model):
    """The same residents, of whom nothing is out yet."""
    opened = lived_in(tmp_path / "records", care_model)
    yield opened
    opened.desk.close()


def prepared(desk):
    found = prepare_summary(ask_for_summary(desk, period=QUARTER, audience="named"))
    assert isinstance(found, PreparedSummary), found
    return found


def handed(desk, report_id, *, goes_public, whom="Agency"):
    question = ask_for_report(desk, report_id=report_id, period=QUARTER)
    basis = REPORTS[report_id].bases[0].code
    to = ToWhom(f"{whom} {goes_public}", basis, goes_public=goes_public)
    return hand_over(desk, question, to)


def lines_of(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


def small_groups(summary_csv, report_csv):
    """What somebody shows who has both papers: groups of 1 to k - 1."""
    reader = Union(CLASSES)

    def knows(value, inside):
        places = [reader.place[one] for one in CLASSES if inside(one)]
        blank = value == "*"
        reader.knows(places, 1 if blank else int(value), None if blank else 0)

    for line in lines_of(report_csv):
        if line["table"] == "New individuals: age (4)" and line["row_code"] in BANDS:
            knows(line["value"], lambda one, r=line["row_code"]: one == (r, "new"))
        if line["table"] == "Individuals" and line["row_code"] == "continuing":
            knows(line["value"], lambda one: one[1] == "continuing")
    for line in lines_of(summary_csv):
        if line["figure"].startswith("served/") and line["row_code"] in (*BANDS, "total"):
            row = line["row_code"]
            knows(line["value"], lambda one, r=row: r in (one[0], "total"))
    counts = {(YOUNG, "continuing"): 14, (GROWN, "continuing"): 2}
    return [
        one for one, count in counts.items() if count < K and reader.tells([reader.place[one]], K)
    ]


def test_what_a_recipient_publishes_is_known_to_every_later_summary(silent_house):
    desk = silent_house.desk
    blind = prepared(desk)
    summary = files_of(blind)["summary.csv"]
    kept_back = handed(desk, "voca", goes_public=False)
    assert small_groups(summary, kept_back.files["report.csv"]) == [(GROWN, "continuing")]
    assert files_of(prepared(desk))["summary.csv"] == summary
    public = handed(desk, "voca", goes_public=True)
    with pytest.raises(StaleError):
        blind.hand_out(desk.do)
    after = prepared(desk)
    assert small_groups(files_of(after)["summary.csv"], public.files["report.csv"]) == []
    assert "Residents given each service" in [one.title for one in after.release.dropped]
    assert after.release.shown > 10


def files_of(found):
    return found._files


@pytest.mark.parametrize("report_id", ["voca", "rhy", "licensing"])
def test_what_is_kept_of_a_public_report_counts_what_the_report_says(house, report_id):
    handed(house.desk, report_id, goes_public=True, whom="Its readers")
    said = house.desk.ask(exact_report, report_id=report_id, period=QUARTER).figures()
    held = [one for one in house.desk.ask(ledger).known if one.get("told")]
    mine = [one for one in held if next(iter(one["defined"])).startswith(f"{report_id}/")]
    people = People.from_json(mine[-1]["people"])
    for name, where in mine[-1]["defined"].items():
        assert people.count(Definition.of(where)) == said[name.removeprefix(f"{report_id}/")], name
    assert len(mine[-1]["defined"]) >= 3
