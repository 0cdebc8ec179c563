"""Every event of the list, through the desk: the items it opens, when they are due, and back.

When they are due is worked out here a second time, from the words of the files alone.
"""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shelter_desk.desk import care, entry, residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.starting import recent_events, what_follows
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, ROOT, Clock
from tests.domain.stays import MODEL

CONTENT = ROOT / "resources" / "content"
LIST = tomllib.loads((CONTENT / "lists" / "item_triggers.toml").read_text("utf-8"))
SCOPE = tomllib.loads((CONTENT / "lists" / "item_scope.toml").read_text("utf-8"))
ZONE = ZoneInfo("America/New_York")
TRIGGERS = {event["code"]: event for event in LIST["events"]}
SCHEDULES = {one["item"]: one["due"] for one in LIST["schedules"]}
HOUSE = set(SCOPE["house"])
DAY = timedelta(days=1)


def raw_items():
    """Return item id -> what its file says."""
    found = {}
    for path in sorted((CONTENT / "care_model").glob("*.toml")):
        service = tomllib.loads(path.read_text("utf-8"))
        for item in service["items"]:
            found[item["id"]] = item
    return found


RAW = raw_items()


def after(at, words):
    """Return the moment a duration such as "-P7D" or "PT24H" after another, in the shelter."""
    sign, days, hours, minutes = re.fullmatch(
        r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:0S)?)?", words
    ).groups()
    step = -1 if sign else 1
    local = at.astimezone(ZONE).replace(tzinfo=None) + step * timedelta(days=int(days or 0))
    moved = local.replace(tzinfo=ZONE).astimezone(UTC)
    return moved + step * timedelta(hours=int(hours or 0), minutes=int(minutes or 0))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One store for all of them: each event happens to somebody of its own."""

    class House:
        clock = Clock(datetime(2026, 5, 12, 15, 0, tzinfo=UTC))

    made = House()
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    folder = tmp_path_factory.mktemp("triggers") / "records"
    made.desk = entry.found(folder, founding, MODEL, made.clock)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def one_stay(house):
    """Somebody to whom everything happens, one thing after the other, each taken back."""
    return house.desk.do(residents.Admit("Ash", house.clock())).subject


@pytest.fixture
def stay(house):
    admitted = house.desk.do(residents.Admit("Sky", house.clock())).subject
    yield admitted
    house.clock.forward(minutes=1)
    house.desk.do(residents.RecordExit(admitted, house.clock(), "kin", "422"))


def opened_by_events(house, stay):
    """Return {(item, occurrence): due} of everything that waits."""
    found = house.desk.ask(care.stay_plan, stay_id=stay, now=house.clock())
    items = (item for service in found.services for item in service.items)
    return {(i.item_id, i.occurrence): i.due_at for i in items if i.occurrence is not None}


@pytest.mark.parametrize("code", TRIGGERS)
def test_an_event_opens_its_items_with_their_clocks_and_they_go_with_it(house, one_stay, code):
    desk, stay = house.desk, one_stay
    before = opened_by_events(house, stay)
    house.clock.forward(minutes=7)
    at = house.clock()
    done = desk.do(care.RecordEvent(stay, code, at))
    now = opened_by_events(house, stay)
    fresh = {key: due for key, due in now.items() if key not in before}
    wanted = {item for item in TRIGGERS[code]["starts"] if item not in HOUSE}
    if code == "court-hearing":
        wanted |= {item for item, raw in RAW.items() if raw["due"]["after"] == "court-date"}
    assert wanted <= {item for item, _ in now}, "something it starts is not open"
    for item in sorted(wanted):
        raw = RAW[item]
        if raw["repeat"] != "each-event":
            continue  # once, or a series: open, as asserted above, and due when it is due
        spans = SCHEDULES.get(item, [raw["due"]["within"]])
        # A service that nobody had asked about opens what it asks of everybody, too.
        dues = sorted(
            due
            for (one, occurrence), due in fresh.items()
            if one == item and occurrence.startswith(("event:", "court:"))
        )
        # What should have come before is due by then: nobody could do it before they knew.
        assert dues == sorted(max(at, after(at, span)) for span in spans), item
    reopened = {MODEL.items[item].service_id for item in wanted}
    strangers = {item for item, _ in fresh if item not in wanted}
    assert {MODEL.items[item].service_id for item in strangers} <= reopened
    assert desk.ask(due_drift) == ()
    desk.do(done.undo)
    assert opened_by_events(house, stay) == before
    assert desk.ask(due_drift) == ()


def test_only_what_may_lie_ahead_is_written_down_ahead(house, stay):
    taken = set()
    for code in TRIGGERS:
        try:
            house.desk.do(care.RecordEvent(stay, code, house.clock() + DAY))
        except InvalidError:
            continue
        taken.add(code)
    assert taken == {code for code, event in TRIGGERS.items() if event.get("ahead")}
    assert 10 < len(taken) < 20


def test_an_event_before_the_stay_is_refused_unless_the_clock_was_set_back(house, stay):
    with pytest.raises(InvalidError):
        house.desk.do(care.RecordEvent(stay, "self-harm", house.clock() - DAY))
    late = house.desk.do(residents.Admit("Ash", house.clock())).subject
    house.clock.forward(minutes=-50)
    done = house.desk.do(care.RecordEvent(late, "self-harm", house.clock()))
    assert house.desk.ask(due_drift) == ()
    house.desk.do(done.undo)
    house.clock.forward(minutes=50)
    house.desk.do(residents.RecordExit(late, house.clock(), "kin", "422"))


def statuses(house, stay):
    plan = house.desk.ask(care.stay_plan, stay_id=stay, now=house.clock())
    return {service.service_id: service.status for service in plan.services}


@pytest.mark.parametrize("status", ["met", "not-needed"])
def test_an_overdose_opens_the_emergency_again_that_was_thought_over(house, stay, status):
    service = "emergency_substance"
    house.desk.do(care.SetNeed(stay, service, status))
    assert not any(item.startswith(service) for item, _ in opened_by_events(house, stay))
    done = house.desk.do(care.RecordEvent(stay, "overdose-suspected", house.clock()))
    wanted = {i for i in TRIGGERS["overdose-suspected"]["starts"] if i not in HOUSE}
    assert wanted <= {item for item, _ in opened_by_events(house, stay)}
    assert statuses(house, stay)[service] == "needed"
    house.desk.do(done.undo)
    assert statuses(house, stay)[service] == status


def test_taking_an_event_back_leaves_alone_what_somebody_set_since(house, stay):
    house.desk.do(care.SetNeed(stay, "emergency_substance", "met"))
    done = house.desk.do(care.RecordEvent(stay, "overdose-suspected", house.clock()))
    house.desk.do(care.SetNeed(stay, "emergency_substance", "in-progress"))
    house.desk.do(done.undo)
    assert statuses(house, stay)["emergency_substance"] == "in-progress"


def test_what_was_declined_stays_declined_unless_it_keeps_them_safe(house, stay):
    model = MODEL.items
    code = next(
        code
        for code, event in TRIGGERS.items()
        if not any(model[i].safety_critical or i in HOUSE for i in event["starts"])
    )
    service = model[TRIGGERS[code]["starts"][0]].service_id
    house.desk.do(care.SetNeed(stay, service, "on-hold", reason="waiting"))
    house.desk.do(care.SetNeed(stay, "crisis_mental", "on-hold", reason="waiting"))
    house.desk.do(care.RecordEvent(stay, code, house.clock()))
    house.desk.do(care.RecordEvent(stay, "self-harm", house.clock()))
    assert statuses(house, stay)[service] == "on-hold"
    assert any(model[i].safety_critical for i in TRIGGERS["self-harm"]["starts"])
    assert statuses(house, stay)["crisis_mental"] == "needed"


def test_a_service_nobody_was_asked_about_is_opened_by_what_happened(house, stay):
    assert statuses(house, stay)["language_access"] is None
    done = house.desk.do(care.RecordEvent(stay, "interpreter-needed", house.clock()))
    assert statuses(house, stay)["language_access"] == "needed"
    house.desk.do(done.undo)
    assert statuses(house, stay)["language_access"] is None
    house.desk.do(care.SetNeed(stay, "language_access", "needed"))
    assert statuses(house, stay)["language_access"] == "needed"


@pytest.mark.parametrize(
    "code", ["returned", "self-harm", "court-hearing", "psychotropic-ordered"]
)
def test_what_would_follow_is_what_follows(house, stay, code):
    at = house.clock()
    told = house.desk.ask(what_follows, stay_id=stay, code=code, at=at, now=at)
    house.desk.do(care.RecordEvent(stay, code, at))
    now = {}
    for (item, occurrence), due in opened_by_events(house, stay).items():
        now.setdefault(item, set()).add(due)
        assert occurrence
    for line in told:
        assert line.item_id in now
        if MODEL.items[line.item_id].repeat == "each-event":
            assert line.due_at in now[line.item_id], line
    assert [line.item_id for line in told if line.opens_service] == []


def test_events_of_an_absence_an_incident_or_an_appointment_are_taken_back_there(house, stay):
    house.desk.do(care.RecordEvent(stay, "self-harm", house.clock()))
    house.desk.do(PlanAppointment(stay, "court", house.clock() + DAY))
    house.desk.do(StartMissing(stay, house.clock()))
    kind = next(v.code for v in MODEL.values("incident-types"))
    place = next(v.code for v in MODEL.values("incident-places"))
    now = house.clock()
    house.desk.do(StartIncident((kind,), now, now, place, (stay,)))
    (mine,) = house.desk.ask(recent_events, stay_id=stay)
    assert mine.code == "self-harm"
    with house.desk._store.unguarded() as connection:
        rows = connection.execute(
            "SELECT e.public_id FROM stay_event e JOIN stay s ON s.id = e.stay_id "
            "WHERE s.public_id = ?",
            (stay,),
        ).fetchall()
    owned = [key for (key,) in rows if key != mine.event_id]
    assert len(owned) >= 3
    for key in owned:
        with pytest.raises(InvalidError):
            house.desk.do(care.WithdrawEvent(key))
    house.desk.do(care.WithdrawEvent(mine.event_id))
    assert house.desk.ask(recent_events, stay_id=stay) == ()
    with pytest.raises(InvalidError):
        house.desk.do(care.WithdrawEvent(mine.event_id))


def test_the_list_of_events_was_read_whole():
    assert set(TRIGGERS) == set(MODEL.triggers)
    assert len(TRIGGERS) == 89
    assert Path(CONTENT).is_dir()
