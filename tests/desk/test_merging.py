"""Two records of one young person are joined without losing anything, and separated again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.desk import finding, residents, service_log
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.beds import bed_board, census
from shelter_desk.desk.care import AnswerItem, RecordEvent, SetNeed
from shelter_desk.desk.counts import summary_request
from shelter_desk.desk.history import history
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.plan import stay_plan
from shelter_desk.desk.reporting import exact_report
from shelter_desk.desk.same_person import joined, maybe_same
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.desk.today import board
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import InvalidError
from tests.desk.written_twice import Written, closing_house

LATER = datetime(2026, 7, 2, 12, tzinfo=UTC)  # the quarter of the night is over


@pytest.fixture
def house(tmp_path, care_model):
    with closing_house(tmp_path / "records", care_model) as opened:
        yield opened


@pytest.fixture
def twice(house):
    """Sky came at five past two; a second worker wrote Skye down ten minutes later."""
    house.clock.forward(hours=1)
    desk, at = house.desk, house.clock()
    free = [bed.bed_id for bed in desk.ask(bed_board).beds if bed.state == "free"]
    sky = Written(house, "Sky", at, bed_id=free[0], age_guess=15)
    skye = Written(house, "Skye", house.clock.forward(minutes=10), bed_id=free[1], age_guess=15)
    skye.serve("basic_needs")
    sky.serve("crisis_shelter")
    house.clock.forward(hours=6)
    return sky, skye


def roster(house):
    return [one.called for one in house.desk.ask(residents.roster, now=house.clock())]


def figures(house, period="2026-Q1"):
    """Return everything that is counted of a period, as it is counted once it is over."""
    counted = {
        report: house.desk.ask(exact_report, report_id=report, period=period).figures()
        for report in ("rhy", "licensing")
    }
    at, house.clock.at = house.clock.at, LATER
    request = house.desk.ask(summary_request, period=period, audience="named", now=LATER)
    house.clock.at = at
    counted["summary"] = {
        f"{table.id}/{row.code}/{at}": n
        for table in request.tables
        for row, cells in zip(table.rows, table.cells, strict=True)
        for at, n in enumerate(cells)
    }
    return counted


def shown(house, *written):
    """Return everything that pages show of these records and of the house; no version numbers."""
    ask, now = house.desk.ask, house.clock()
    of_each = [
        (
            tuple(
                getattr(one.known, name) for name in one.known.__slots__ if "version" not in name
            ),
            ask(stay_plan, stay_id=one.stay, now=now),
            ask(history, stay_id=one.stay),
            ask(service_log.entries, stay_id=one.stay),
            ask(finding.people, text=one.called),
            ask(joined, stay_id=one.stay),
        )
        for one in written
    ]
    hours = [now - timedelta(hours=back) for back in (0, 2, 5, 30)]
    return (
        of_each,
        ask(residents.roster, now=now),
        ask(bed_board),
        [ask(census, at=at).sleepers for at in hours],
        ask(board, now=now),
        figures(house),
    )


def without_versions(known):
    return {name: getattr(known, name) for name in known.__slots__ if "version" not in name}


def refused(house, command):
    before = len(house.desk.ask(events))
    with pytest.raises(InvalidError) as caught:
        house.desk.do(command)
    assert len(house.desk.ask(events)) == before
    return " ".join(one.message for one in caught.value.problems)


def test_a_double_arrival_is_found_and_counted_once_and_nothing_is_lost(house, twice):
    sky, skye = twice
    (maybe,) = [
        one
        for one in house.desk.ask(maybe_same, stay_id=skye.stay, now=house.clock())
        if one.resident_id == sky.id
    ]
    assert maybe.is_likely
    assert maybe.came_first
    assert maybe.why == ("sounds", "age", "hours")
    skye.join(sky)
    assert roster(house) == ["Sky"]
    assert [one.called for one in house.desk.ask(census, at=house.clock()).sleepers] == ["Sky"]
    early = house.clock() - timedelta(hours=5)
    assert [one.called for one in house.desk.ask(census, at=early).sleepers] == ["Sky"]
    free = [bed.name for bed in house.desk.ask(bed_board).beds if bed.state == "free"]
    assert len(free) == 3
    lines = house.desk.ask(history, stay_id=sky.stay)
    assert {"basic_needs", "crisis_shelter"} <= {line.service_id for line in lines}
    assert [line.title for line in lines].count("Arrived") == 1
    assert [one.called for one in house.desk.ask(joined, stay_id=sky.stay).closed] == ["Skye"]
    assert house.desk.ask(joined, stay_id=skye.stay).kept.called == "Sky"
    assert not house.desk.ask(due_drift)


def test_a_joined_person_is_one_person_in_every_count(house, twice):
    sky, skye = twice
    before = figures(house)
    skye.join(sky)
    after = figures(house)
    less = {
        report: {name: found[name] - after[report][name] for name in found
                 if after[report].get(name) != found[name] and isinstance(found[name], int)}
        for report, found in before.items()
    }  # fmt: skip
    nights = 22  # from the night of the tenth to the end of March
    assert less["rhy"]["people/served/count"] == less["rhy"]["people/came/count"] == 1
    assert less["licensing"]["census/2026-03/end"] == 1
    assert less["licensing"]["census/all/nights"] == less["rhy"]["people/nights/count"] == nights
    assert less["summary"]["served/age-13-17/0"] == less["summary"]["admitted/age-13-17/0"] == 1
    assert less["summary"]["nights/age-13-17/0"] == nights
    # What was given was given: no service, no tick and no time is less than before.
    assert not [name for name in less["summary"] if name.startswith(("services", "items"))]
    assert {abs(n) for n in less["summary"].values()} <= {1, nights}


def test_both_names_find_the_one_who_is_here(house, twice):
    sky, skye = twice
    skye.join(sky)
    for typed, also in (("Sky", ""), (skye.known.case_code, "Skye")):
        found = [one for one in house.desk.ask(finding.people, text=typed) if one.is_here]
        assert [(one.stay_id, one.also) for one in found] == [(sky.stay, also)]


def test_who_is_off_the_lists_is_not_found_by_the_name_of_a_joined_record(house, twice):
    sky, skye = twice
    done = skye.join(sky)
    # The tables let no joined record be taken away; a file from elsewhere may hold one.
    with house.desk._store.unguarded() as connection:
        off = "resident_id = (SELECT id FROM resident WHERE public_id = ?)"
        row = connection.execute(f"SELECT * FROM resident_index WHERE {off}", (sky.id,)).fetchone()
        connection.execute(f"DELETE FROM resident_index WHERE {off}", (sky.id,))
        connection.commit()
        found = house.desk.ask(finding.people, text=skye.known.case_code)
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO resident_index VALUES ({places})", tuple(row))
        connection.commit()
    assert [one for one in found if one.is_here] == []
    house.desk.do(SeparateRecords(done.subject))


def test_the_trail_of_both_says_that_they_were_joined_and_separated(house, twice):
    sky, skye = twice
    done = skye.join(sky)
    house.desk.do(SeparateRecords(done.subject))
    for one in twice:
        acts = [line.action for line in house.desk.ask(stay_trail, stay_id=one.stay)]
        assert acts[:2] == ["record.separate", "record.join"]


def test_what_is_joined_and_separated_is_to_the_letter_what_it_was(house, twice):
    sky, skye = twice
    before = shown(house, sky, skye)
    done = skye.join(sky)
    assert shown(house, sky, skye) != before
    house.desk.do(SeparateRecords(done.subject))
    assert shown(house, sky, skye) == before
    again = house.desk.do(done.undo.__class__(skye.join(sky).subject))
    house.desk.do(again.undo)
    house.desk.do(SeparateRecords(house.desk.ask(joined, stay_id=sky.stay).closed[0].merge_id))
    assert shown(house, sky, skye) == before


def test_what_was_done_meanwhile_stays_where_it_was_done(house, twice):
    sky, skye = twice
    done = skye.join(sky)
    sky.serve("mental_health")
    house.desk.do(SeparateRecords(done.subject))
    services = [
        [line.service_id for line in house.desk.ask(history, stay_id=one.stay)] for one in twice
    ]
    assert "mental_health" in services[0]
    assert "mental_health" not in services[1]
    assert sorted(roster(house)) == ["Sky", "Skye"]


def test_a_bed_that_somebody_has_now_is_not_taken_from_them(house, twice):
    sky, skye = twice
    bed = skye.known.bed_id
    done = skye.join(sky)
    other = Written(house, "Ada", house.clock(), bed_id=bed)
    house.desk.do(SeparateRecords(done.subject))
    assert (skye.known.bed_id, other.known.bed_id) == (None, bed)


def test_what_cannot_be_joined_says_what_to_do_first(house, twice):
    sky, skye = twice
    assert "same record" in refused(house, JoinRecords(sky.id, sky.id))
    assert "longer stay" in refused(house, JoinRecords(sky.id, skye.id))
    house.desk.do(residents.RecordExit(sky.stay, house.clock(), "left-early", "99"))
    house.clock.forward(minutes=5)
    assert "Correct the arrival or the exit" in refused(house, JoinRecords(skye.id, sky.id))
    house.desk.do(residents.ReopenStay(sky.stay))
    house.desk.do(StartMissing(skye.stay, house.clock()))
    assert "missing from care" in refused(house, JoinRecords(skye.id, sky.id))


def test_whoever_is_here_goes_on(house, twice):
    sky, _ = twice
    past = sky.known.began_at - timedelta(days=9)
    before = Written(house, "Skai", past)
    house.desk.do(residents.RecordExit(before.stay, past + timedelta(days=2), "left-early", "99"))
    assert "They are here in the record" in refused(house, JoinRecords(sky.id, before.id))
    before.join(sky)
    assert before.known.ended_at == past + timedelta(days=2)


def test_a_joined_record_takes_nothing_new_and_its_ends_stand_still(house, twice):
    sky, skye = twice
    skye.join(sky)
    now = house.clock()
    again = residents.Admit("Skye", now, resident_id=skye.id)
    assert "joined with another" in refused(house, again)
    version = skye.known.stay_version
    for command in (
        residents.ReopenStay(skye.stay),
        residents.CorrectExit(skye.stay, version, now, "left-early", "99"),
        residents.CorrectArrival(skye.stay, version, now - timedelta(hours=1)),
    ):
        assert "written down twice" in refused(house, command)
    assert "joined" in refused(house, JoinRecords(skye.id, sky.id))
    third = Written(house, "Skyy", now)
    assert "joined" in refused(house, JoinRecords(third.id, skye.id))
    assert "Other records are joined" in refused(house, JoinRecords(sky.id, third.id))
    third.join(sky)
    assert roster(house) == ["Sky"]


def test_nobody_comes_back_into_a_time_that_the_other_record_has(house):
    now = house.clock()
    past, one = now - timedelta(days=9), Written(house, "Sol", now)
    before = Written(house, "Soll", past)
    house.desk.do(residents.RecordExit(before.stay, past + timedelta(days=2), "left-early", "99"))
    before.join(one)
    began = past + timedelta(days=1)
    words = refused(house, residents.CorrectArrival(one.stay, one.known.stay_version, began))
    assert "joined with this one" in words


def test_another_birth_date_is_no_likeness_and_a_role_without_identities_sees_no_date(house):
    at = house.clock.forward(days=3)
    born = date(2010, 5, 4)
    one = Written(house, "Marisol", at, born_on=born)
    same = Written(house, "Marysol", at - timedelta(days=2), born_on=born)
    other = Written(house, "Marisole", at - timedelta(days=2), born_on=date(2011, 1, 1))
    found = {m.resident_id: m for m in house.desk.ask(maybe_same, stay_id=one.stay, now=at)}
    assert found[same.id].is_likely
    assert "born" in found[same.id].why
    assert not found[other.id].is_likely
    for who in (one, same, other):
        house.desk.do(residents.RecordExit(who.stay, house.clock(), "left-early", "99"))


def test_one_word_of_several_is_said_to_who_asks_only(house):
    at, born = house.clock.forward(days=3), date(2010, 5, 4)
    one = Written(house, "Aspen Clover", at, age_guess=15)
    known = one.known
    others = residents.Correct(
        known.resident_id, known.version, "Aspen Clover", age_guess=15, legal_name="",
        also_known="Wren; Dune",
    )  # fmt: skip
    house.desk.do(others)
    unasked = {
        "Aspen": True,
        "Aspyn Marsh": True,
        "Wrenn": True,  # the other name, as it sounds
        "Brook Aspen": False,  # as of two sisters
        "Sky Clover": False,
    }
    found = {name: Written(house, name, at, age_guess=15).id for name in unasked}
    likely = {m.resident_id: m for m in house.desk.ask(maybe_same, stay_id=one.stay, now=at)}
    assert {name: likely[key].is_likely for name, key in found.items()} == unasked
    two = Written(house, "Luz de Sol", at, born_on=born)
    same = Written(house, "Pia de Mar", at, born_on=born)
    later = house.clock.forward(days=2)
    other = Written(house, "Ada de Oro", later, born_on=born)
    likely = {m.resident_id: m for m in house.desk.ask(maybe_same, stay_id=two.stay, now=later)}
    assert (likely[same.id].why, likely[same.id].is_likely) == (("born", "hours"), True)
    assert (likely[other.id].why, likely[other.id].is_likely) == (("born",), False)
    for line in house.desk.ask(residents.roster, now=house.clock.forward(minutes=1)):
        house.desk.do(residents.RecordExit(line.stay_id, house.clock(), "left-early", "99"))


# Any two histories


def ticks(one):
    line = next(iter(one.open_lines()), None)
    if line is not None:
        one.desk.do(AnswerItem(one.stay, line.item_id, line.occurrence))


def happens(one):
    one.desk.do(RecordEvent(one.stay, "self-harm", one.house.clock.forward(minutes=50)))


def needs(one):
    one.desk.do(SetNeed(one.stay, "job_training", "needed"))


acts = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from([ticks, happens, needs, lambda one: one.serve("basic_needs")]),
    ),
    max_size=5,
)
hours = st.lists(st.integers(0, 40), min_size=2, max_size=4, unique=True).map(sorted)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ours=hours, theirs=hours, acts=acts, is_later_kept=st.booleans())
def test_join_and_separate_is_nothing_whatever_was_written_down(
    house, ours, theirs, acts, is_later_kept
):
    # Everything is drawn before anybody lives here: an example that ends on the way leaves nobody.
    house.clock.forward(days=3)
    start = house.clock() - timedelta(hours=41)
    records = [
        lived(house, name, start, spans) for name, spans in (("Uma", ours), ("Umma", theirs))
    ]
    for first, act in acts:
        act(records[not first])
    before = shown(house, *records)
    closed, kept = records if is_later_kept else reversed(records)
    try:
        done = closed.join(kept)
    except InvalidError:
        assert shown(house, *records) == before
    else:
        assert not house.desk.ask(due_drift)
        assert len([name for name in roster(house) if name.startswith("U")]) <= 1
        house.desk.do(SeparateRecords(done.subject))
        assert shown(house, *records) == before
    for line in house.desk.ask(residents.roster, now=house.clock()):
        house.desk.do(residents.RecordExit(line.stay_id, house.clock(), "left-early", "99"))


def lived(house, called, start, spans):
    """Write somebody down with stays between these hours; the last lasts where it has no end."""
    edges = [start + timedelta(hours=at) for at in spans]
    one = Written(house, called, edges[0])
    for number, at in enumerate(edges[1:], 1):
        if number % 2:
            house.desk.do(residents.RecordExit(one.stay, at, "left-early", "99"))
        else:
            command = residents.Admit(called, at, resident_id=one.id)
            one.stay = house.desk.do(command).subject
    return one
