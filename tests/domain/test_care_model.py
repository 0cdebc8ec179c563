"""The shipped care model: complete, consistent, honest, and changed only by its profile."""

from collections import Counter
from datetime import timedelta

import pytest

from shelter_desk.domain.care_model import read_care_model
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.durations import Span
from shelter_desk.domain.errors import ContentError, NotFoundError
from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.paths import content_files

FILES = content_files()
MODEL = read_care_model(FILES)


def test_26_services_and_318_items_are_read_without_a_problem():
    assert (len(MODEL.services), len(MODEL.items)) == (26, 318)
    assert sum(len(service.items) for service in MODEL.services.values()) == 318
    assert MODEL.version == "1.0.0"
    assert MODEL.profile_id == "default"


def test_services_stand_in_the_order_of_the_manifest():
    assert [s.number for s in MODEL.services.values()] == list(range(1, 27))
    assert next(iter(MODEL.services)) == "crisis_safety"
    assert list(MODEL.services)[-1] == "missing_response"


def test_everything_around_the_items_is_read_too():
    counts = {
        "phases": 4, "roles": 8, "record_classes": 10, "basis": 51,
        "lists": 58, "triggers": 89, "house_items": 18, "profiles": 2,
    }  # fmt: skip
    assert {name: len(getattr(MODEL, name)) for name in counts} == counts
    assert sum(len(value_list.values) for value_list in MODEL.lists.values()) == 587
    assert len(MODEL.profiles["default"].clocks) == 21
    assert len(MODEL.profiles["texas"].clocks) == 7


def test_an_item_holds_all_that_its_file_says():
    item = MODEL.items["crisis_safety.02"]
    assert item.text == "Switch off or isolate phone, watch, earbuds and any tracker tags"
    assert item.help.startswith("Look for tags in bags")
    assert (item.service_id, item.number, item.role) == ("crisis_safety", 2, "residential-staff")
    assert (item.due.after, item.due.within) == ("admission", timedelta(hours=1))
    assert (item.repeat, item.every) == ("each-event", None)
    assert item.safety_critical
    assert not item.outcome_only
    assert (item.consent, item.record_class, item.basis) == (("assent",), "location", ("B11",))
    assert item.starts_on == {"returned", "new-device"}
    assert item.phases == ("immediate",)


def test_hours_and_days_of_the_content_stay_different():
    assert MODEL.items["emergency_medical.09"].due.span == Span(clock=timedelta(hours=72))
    assert MODEL.items["emergency_medical.10"].due.span == Span(days=5)


def test_schedules_and_steps_reach_their_items():
    contacts = MODEL.items["family_reunification.12"].schedule
    assert [str(span) for span in contacts] == [
        "72 hours", "7 days", "30 days", "90 days", "180 days"
    ]  # fmt: skip
    steps = MODEL.items["missing_response.09"].steps
    assert [(str(s.every), s.until and str(s.until)) for s in steps] == [
        ("1 day", "7 days"), ("7 days", "30 days"), ("30 days", None)
    ]  # fmt: skip


def test_house_items_are_marked():
    assert {item.id for item in MODEL.items.values() if item.is_house} == MODEL.house_items


def test_only_the_four_services_of_the_abstract_are_verified():
    verified = {s.id for s in MODEL.services.values() if s.confidence == "verified"}
    assert verified == {
        "emergency_substance", "education_reentry", "family_reconciliation",
        "family_reunification",
    }  # fmt: skip
    assert Counter(s.origin for s in MODEL.services.values()) == {
        "macy-johns-2011": 16, "shelter-desk": 6, "twigg-2017": 4
    }  # fmt: skip


def test_the_roles_are_those_that_permissions_know():
    assert tuple(sorted(MODEL.roles)) == tuple(sorted(ROLE_IDS))


def test_closing_outcomes_are_those_of_the_list():
    closes = {v.code for v in MODEL.values("item-outcomes") if v.extra["closes"]}
    assert closes == CLOSING_OUTCOMES


def test_every_item_that_waits_for_an_event_has_one():
    waiting = [i for i in MODEL.items.values() if i.due.after == "event"]
    assert len(waiting) == 74
    assert [i.id for i in waiting if not MODEL.starts.get(i.id)] == []


def test_reasons_fit_their_outcome():
    assert MODEL.reasons_for("done") == ()
    assert {v.code for v in MODEL.reasons_for("blocked")} == {
        "consent", "funding", "provider", "safety"
    }  # fmt: skip
    total = sum(len(MODEL.reasons_for(v.code)) for v in MODEL.values("item-outcomes"))
    assert total == len(MODEL.values("item-not-done-reasons")) == 26


def test_outcomes_and_statuses_say_what_they_need():
    assert {"reason", "until"} <= MODEL.outcome_needs("deferred")
    assert "reason" not in MODEL.outcome_needs("declined")
    assert MODEL.status_needs("on-hold") == {"reason"}


def test_pick_lists_and_labels():
    assert MODEL.values("custody-types")[0].label == "Agency custody"
    assert MODEL.values("custody-types")[-1].missing
    assert MODEL.label("incident-types", "suicide-attempt") == "Suicide attempt"
    assert MODEL.label("incident-types", "from-an-old-version") == "from-an-old-version"
    assert MODEL.lists["voca-services"].value("A1").extra["group"] == "A"


def test_the_serious_incidents_of_texas_are_incident_types():
    (named,) = [r for r in MODEL.profiles["texas"].requirements if r.id == "serious-incidents"]
    assert set(named.must) <= {v.code for v in MODEL.values("incident-types")}


@pytest.mark.parametrize("ask", [lambda: MODEL.values("x"), lambda: MODEL.under("x")])
def test_what_does_not_exist_is_said_so(ask):
    with pytest.raises(NotFoundError):
        ask()


# Profiles


def test_the_default_profile_only_confirms_the_items_own_clocks():
    shipped = {i.id: i for service in MODEL.shipped.values() for i in service.items}
    assert dict(MODEL.items) == shipped


def test_texas_keeps_the_defaults_that_it_does_not_apply_itself():
    texas = MODEL.under("texas")
    assert texas.profile_id == "texas"
    assert texas.items["case_management.04"].due.span == Span(days=30)
    assert texas.settings().keys() == MODEL.settings().keys()
    assert texas.settings()["shift-length"].value == 12


def changed_texas(old, new):
    text = FILES["profiles/texas.toml"]
    assert old in text
    return read_care_model({**FILES, "profiles/texas.toml": text.replace(old, new, 1)})


def test_a_clock_that_is_applied_overrides_the_item_and_only_it():
    model = changed_texas('value = "PT72H"', 'value = "PT48H"')
    texas = model.under("texas")
    changed = {i for i in model.items if texas.items[i] != model.items[i]}
    assert changed == {"emergency_medical.09"}
    assert texas.items["emergency_medical.09"].due.span == Span(clock=timedelta(hours=48))
    (listed,) = [
        i for i in texas.services["emergency_medical"].items if i.id == "emergency_medical.09"
    ]
    assert listed is texas.items["emergency_medical.09"]


CLOCK = """
[[clocks]]
id = "probe"
name = "Probe"
value = "{value}"
starts = "{starts}"
apply = true
items = ["{item}"]
basis = []
verified = true
source = "Invented"
"""


def with_clock(**clock):
    text = FILES["profiles/texas.toml"] + CLOCK.format(**clock)
    return read_care_model({**FILES, "profiles/texas.toml": text}).under("texas")


def test_a_clock_from_the_previous_time_sets_how_often():
    item = with_clock(value="P60D", starts="previous", item="case_management.07").items[
        "case_management.07"
    ]
    assert (item.due.span, item.interval) == (Span(days=60), Span(days=60))


def test_a_clock_from_the_previous_time_leaves_the_first_time_of_an_event_alone():
    item = with_clock(value="P7D", starts="previous", item="missing_response.08").items[
        "missing_response.08"
    ]
    assert (item.due.after, item.due.within, item.every) == (
        "event", timedelta(hours=4), timedelta(days=7)
    )  # fmt: skip


def test_a_changed_round_leaves_the_slower_steps_out():
    slow = with_clock(value="P3D", starts="previous", item="missing_response.09")
    assert slow.items["missing_response.09"].steps == ()
    same = with_clock(value="P1D", starts="previous", item="missing_response.09")
    assert len(same.items["missing_response.09"].steps) == 3


def test_a_clock_may_count_from_another_anchor():
    model = with_clock(value="PT12H", starts="event", item="crisis_safety.02")
    due = model.items["crisis_safety.02"].due
    assert (due.after, due.within) == ("event", timedelta(hours=12))


def test_going_back_to_the_default_brings_the_shipped_clocks_back():
    model = with_clock(value="PT12H", starts="event", item="crisis_safety.02")
    assert model.items != MODEL.items
    assert model.under("default").items == MODEL.items


def test_a_profile_may_extend_a_profile_that_extends_the_default():
    texas, city = FILES["profiles/texas.toml"], CLOCK
    text = (
        'id = "city"\nname = "City"\nversion = "1.0.0"\ncountry = "US"\nstate = "TX"\n'
        'extends = "texas"\nnote = ""\n'
        + city.format(value="PT24H", starts="admission", item="emergency_medical.09")
    )
    model = read_care_model({**FILES, "profiles/texas.toml": texas, "profiles/city.toml": text})
    assert model.under("city").items["emergency_medical.09"].due.within == timedelta(hours=24)


def test_a_longer_circle_of_profiles_is_found():
    head = 'name = "P"\nversion = "1.0.0"\ncountry = "US"\nstate = ""\nnote = ""\n'
    one = f'id = "one"\nextends = "two"\n{head}'
    two = f'id = "two"\nextends = "one"\n{head}'
    with pytest.raises(ContentError) as caught:
        read_care_model({**FILES, "profiles/one.toml": one, "profiles/two.toml": two})
    assert {p.field for p in caught.value.problems} == {"profiles/one.toml", "profiles/two.toml"}
    assert all("circle" in p.message for p in caught.value.problems)


# Speed
