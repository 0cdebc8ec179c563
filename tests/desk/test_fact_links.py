"""Facts of totals are nobody's once a record is destroyed, and totals are what they were."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime

import pytest
from sqlcipher3 import dbapi2 as driver

from shelter_desk.desk import entry, residents, summaries
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.kept_records import kept_records
from shelter_desk.desk.protected_behind import protected_behind
from shelter_desk.desk.removing import PutBack, TakeAway, destroy
from shelter_desk.desk.report_releases import HandOver, ToWhom, seen_digest
from shelter_desk.desk.reporting import exact_report
from shelter_desk.disclosure import SafeRelease
from shelter_desk.exports.report_handing import ask_for_protected
from shelter_desk.exports.summary_release import ask_for_summary, make_summary, prepare_summary
from shelter_desk.reports.summary_check import verify_summary
from tests.conftest import Clock, OpenDesk, join
from tests.desk.raw_keys import kit_keys, sealed_fields, taken_by, try_open

ADA, WORDS = "a" * 20, "four invented words here"
CAME, LEFT = datetime(2026, 2, 3, 12, tzinfo=UTC), datetime(2026, 5, 4, 12, tzinfo=UTC)
QUARTERS = ("2026-Q1", "2026-Q2")
HERE = 24
FACTS = {"release_facts", "report_facts", "summary_release"}
"""Tables that hold facts; the details of the trail repeat the last one."""


@pytest.fixture(scope="module")
def told(tmp_path_factory, founded, care_model):
    """Two dozen stayed for two quarters, both are out, and one record was a mistake."""
    folder, clock = tmp_path_factory.mktemp("told") / "records", Clock(CAME)
    shutil.copytree(founded.folder, folder)
    opened = OpenDesk(
        entry.enter(folder, founded.keys, care_model, clock), folder, clock, founded.kit,
        care_model,
    )  # fmt: skip
    desk = opened.desk
    join(desk, Colleague(ADA, "Ada", ("director",), WORDS))
    stays = [
        desk.do(residents.Admit(f"Sky {n}", CAME, born_on=date(2009 + n % 2, 1, 2))).subject
        for n in range(HERE)
    ]
    clock.at = LEFT
    for stay in stays[:12]:
        desk.do(residents.RecordExit(stay, LEFT, "kin", "422"))
    clock.at = datetime(2027, 1, 9, 12, tzinfo=UTC)
    for quarter in QUARTERS:
        assert not hasattr(make_summary(desk, period=quarter, audience="named"), "reason")
    desk.close()
    return folder


@pytest.fixture
def house(tmp_path, told, founded, care_model):
    folder, clock = tmp_path / "records", Clock(datetime(2027, 1, 10, 12, tzinfo=UTC))
    shutil.copytree(told, folder)
    desk = entry.enter(folder, founded.keys, care_model, clock)
    opened = OpenDesk(desk, folder, clock, founded.kit, care_model)
    yield opened
    opened.desk.close()


def rows(house, sql, *values):
    with house.desk._store.unguarded() as connection:
        return connection.execute(sql, values).fetchall()


def taken_away(house):
    """Take the first record away; return its row, its link, and the removal."""
    line = house.desk.ask(kept_records, now=house.clock())[-1]
    ((number, link),) = rows(
        house,
        "SELECT resident.id, link FROM resident JOIN fact_link ON resident_id = resident.id"
        " WHERE public_id = ?",
        line.resident_id,
    )
    return number, link, house.desk.do(TakeAway(line.resident_id, "entered-twice")).subject


def destroyed(house):
    number, link, removal = taken_away(house)
    house.clock.forward(days=30)
    destroy(house.desk, removal, Second(ADA, WORDS))
    return number, link


def tables_with(house, word):
    """Return the tables in which a word stands anywhere, as text or in bytes."""
    found = set()
    for (table,) in rows(
        house, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    ):
        for row in rows(house, f"SELECT * FROM {table}"):
            text = b"\0".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
            if word.encode() in text:
                found.add(table)
    return found


def keys_of_facts(house):
    """Return everything that facts stand under, wherever they are kept."""
    found = set()
    for (content,) in rows(house, "SELECT content FROM release_facts"):
        found |= set(json.loads(content)["people"])
    for (content,) in rows(house, "SELECT content FROM report_facts"):
        found |= set(json.loads(content)["people"]["raw"])
    for (proof,) in rows(house, "SELECT proof FROM summary_release"):
        found |= set(json.loads(proof)["people"]["raw"])
    return found


def opened_words(house):
    """Return all that the recovery kit opens in the whole store, as text."""
    kit = kit_keys(house.folder, house.kit)
    taken = taken_by(house.desk._store, kit, session=house.desk)
    return str([try_open(taken, kit.vault_id, one) for one in sealed_fields(house.desk._store)])


def test_after_destruction_nothing_leads_from_the_resident_to_a_fact(house):
    number, link, removal = taken_away(house)
    assert link in keys_of_facts(house)
    assert "fact_link" in tables_with(house, link)
    assert link not in opened_words(house), "no sealed word repeats what destruction takes"
    house.clock.forward(days=30)
    destroy(house.desk, removal, Second(ADA, WORDS))
    assert tables_with(house, link) == {"release_facts", "summary_release", "audit_detail"}
    assert rows(house, "SELECT resident_id FROM audit_detail WHERE instr(body, ?)", link) == [
        (None,)
    ] * len(QUARTERS)
    assert rows(house, "SELECT * FROM fact_link WHERE resident_id = ?", number) == []
    assert all(len(key) == 20 for key in keys_of_facts(house)), "no key is a number of a row"
    assert link in keys_of_facts(house)


def test_facts_of_one_person_stay_those_of_one_person(house):
    _, link = destroyed(house)
    known = house.desk.ask(summaries.ledger).known
    assert len(known) == len(QUARTERS)
    assert all(link in one["people"]["raw"] for one in known)


def test_what_is_out_verifies_and_is_given_out_again_the_same(house):
    before = [make_summary(house.desk, period=one, audience="named").files for one in QUARTERS]
    destroyed(house)
    after = [make_summary(house.desk, period=one, audience="named").files for one in QUARTERS]
    assert after == before
    assert all(verify_summary(files).ok for files in after)


def asked(house, **more):
    return ask_for_summary(house.desk, **{"period": "2026", "audience": "named", **more})


def test_the_year_is_counted_as_before_because_its_quarters_told(house):
    """Without them 23 would stand beside the 24 of its quarters."""
    before = asked(house)
    assert before.request.population == HERE
    destroyed(house)
    after = asked(house)
    assert after.facts.facts.text() == before.facts.facts.text()
    assert after.request == before.request
    assert isinstance(prepare_summary(after).release, SafeRelease)


def test_a_quarter_that_told_nothing_yet_counts_the_records_there_are(house):
    destroyed(house)
    assert asked(house, period="2026-Q3").request.population == 12
    assert asked(house, period="2026-Q1").request.population == HERE
    assert asked(house, period="2026-Q1", restated=True).request.population == HERE - 1


def test_what_is_put_back_counts_from_the_records_again(house):
    before = asked(house)
    _, _, removal = taken_away(house)
    assert asked(house).request == before.request
    house.desk.do(PutBack(removal))
    assert asked(house).request == before.request


def test_outcomes_know_nothing_more_of_a_destroyed_record(house):
    def how(question):
        table = next(one for one in question.request.tables if one.id == "left-how")
        cells = zip(table.rows, table.cells, strict=True)
        return {row.code: cell[0] for row, cell in cells if cell[0]}

    assert how(ask_for_protected(house.desk, report_id="outcomes", period="2026")) == {"kin": 12}
    destroyed(house)
    told = ask_for_protected(house.desk, report_id="outcomes", period="2026")
    assert how(told) == {"kin": 11, "not-recorded": 1}


def test_behind_a_figure_the_destroyed_record_is_a_number_only(house):
    destroyed(house)
    question = asked(house)
    for figure in ("release/total/total", "nights/total/total"):
        found = house.desk.ask(
            protected_behind, request=question.request, facts=question.facts.facts,
            figure=figure, words="words",
        )  # fmt: skip
        assert (len(found.lines), found.closed) == (HERE - 1, 1)


def test_a_public_report_after_destruction_makes_a_key_that_leads_nowhere(house):
    number, link = destroyed(house)
    report = house.desk.ask(exact_report, report_id="rhy", period="2026-Q2")
    to = ToWhom("A program", "rhy-program", goes_public=True)
    house.desk.do(HandOver("rhy", "2026-Q2", to, seen_digest(report)))
    ((content,),) = rows(house, "SELECT content FROM report_facts")
    keys = set(json.loads(content)["people"]["raw"])
    links = {one for (one,) in rows(house, "SELECT link FROM fact_link")}
    assert len(keys) == HERE
    assert len(keys - links) == 1
    assert not keys & {link, str(number)}


def test_a_link_is_made_once_and_never_taken_without_destruction(house):
    number, _, _ = taken_away(house)
    with house.desk._store.unguarded() as connection:
        for sql in (
            "DELETE FROM fact_link",
            f"DELETE FROM fact_link WHERE resident_id = {number}",
            f"UPDATE fact_link SET link = 'aaaaaaaaaaaaaaaaaaaa' WHERE resident_id = {number}",
            f"INSERT INTO fact_link (event_id, resident_id, link) VALUES (1, {number}, 'a')",
        ):
            with pytest.raises(driver.IntegrityError):
                connection.execute(sql)
