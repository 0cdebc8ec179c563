"""Every measure of what became of residents is what the raw rows of the records say."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shelter_desk.desk import entry, residents
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.funder_answers import AnswerFunders, funder_answers
from shelter_desk.desk.happenings import RecordEvent
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_return import RecordReturn
from shelter_desk.desk.needs import SetNeed
from shelter_desk.desk.outcome_measures import MEASURES
from shelter_desk.desk.protected_reports import ITEM_TABLES
from shelter_desk.desk.telling import SetContactRule, Tell
from shelter_desk.disclosure import definitions
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.exports.outcomes_release import ask_for_outcomes
from shelter_desk.exports.report_handing import ask_for_protected
from shelter_desk.exports.summary_release import ask_for_summary, prepare_summary
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import PASSPHRASE, Clock

YEAR, CAME = "2026", datetime(2026, 1, 5, 12, tzinfo=UTC)
UNTIL = datetime(2027, 1, 1, 5, tzinfo=UTC)
HOUR, DAY = 3_600_000, 86_400_000
KINDS = (
    ("injury",), ("medication-error",), ("injury", "seclusion"),
    ("physical-intervention", "medication-error", "seclusion"),
)  # fmt: skip
RETURNS = ("self", "asked-to-be-fetched", "police")
WAYS = ("reunified", "kin", "foster", "completed")
AT_EXIT = {
    "safe-for-them": ("safe-client", {"1": "yes", "0": "no", "9": "unknown"}),
    "safe-for-staff": ("safe-worker", {"1": "yes", "0": "no", "2": "unknown"}),
    "lasting-adult": ("lasting-adult", {"1": "yes", "0": "no"}),
    "school-at-exit": (
        "school-exit",
        {"1": "in-school", "2": "in-school", "3": "finished", "4": "finished", "6": "out"},
    ),
    "first-school-day": ("first-day", {"3": "3", "31-up": "31-up", "unknown": "unknown"}),
    "attendance": ("attendance", {"90-up": "90-up", "under-50": "under-50"}),
    "credits": ("credits", {"0": "0", "1-2": "1-2", "no-credits": "no-credits"}),
    "grade-passed": ("grade-passed", {"yes": "yes", "no": "no"}),
    "safe-later": ("safe-later", {"yes": "yes", "no": "no", "prefers-not-to-say": "unknown"}),
    "busy-later": ("busy-later", {"yes": "yes", "no": "no"}),
    "exploiter-later": ("exploiter-later", {"yes": "yes", "no": "no", "unknown": "unknown"}),
    "help-later": ("help-later", {"yes": "yes", "no": "no"}),
}
"""Table -> question, and the line of each answer."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory, care_model):
    """Two dozen invented people, each with a course of their own; it is the next year after."""
    folder, clock = tmp_path_factory.mktemp("measured") / "records", Clock(CAME)
    founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
    desk, dice = entry.found(folder, founding, care_model, clock), random.Random(5)
    for number in range(24):
        clock.at = CAME
        stay = desk.do(residents.Admit(f"Sky {number}", CAME, age_guess=15)).subject
        answered(desk, clock, dice, stay)
        if number % 3 == 0:
            away(desk, clock, dice, stay)
        for nth in range(number % 7):
            at = clock.forward(hours=3)
            desk.do(StartIncident(KINDS[(nth + number) % 4], at, at, "kitchen", (stay,)))
        if number % 4 != 3:
            clock.forward(days=dice.choice((1, 30, 90, 150)))
            desk.do(residents.RecordExit(stay, clock.at, WAYS[number % 4], "422"))
            asked_at_exit(desk, random.Random(number), stay)
            followed(desk, clock, dice, stay)
    # The last of them is away when the year ends, and comes back in the next one.
    clock.at = UNTIL - timedelta(hours=20)
    episode = desk.do(StartMissing(stay, clock())).subject
    desk.do(RecordReturn(episode, clock.forward(hours=30), "self"))
    clock.at = datetime(2027, 7, 2, 12, tzinfo=UTC)
    yield desk
    desk.close()


def said(desk, stay, item, outcome, number=1):
    """Answer one occurrence, whatever its name: those of a series are told by their number."""
    with desk._store.unguarded() as connection:
        row = connection.execute(
            "SELECT occurrence FROM due_item d JOIN stay s ON s.id = d.stay_id"
            " WHERE s.public_id = ? AND d.item_id = ? ORDER BY d.due_at",
            (stay, item),
        ).fetchone()
    if row is None:
        return
    reason = {"declined": "not-now"}.get(outcome)
    desk.do(AnswerItem(stay, item, row[0], outcome, reason=reason))


def answered(desk, clock, dice, stay):
    clock.forward(days=dice.choice((1, 5, 20, 50)))
    if dice.random() < 0.8:
        said(desk, stay, "education_reentry.03", "done")
    for _ in range(dice.choice((0, 1, 2))):
        said(desk, stay, "mental_health.05", dice.choice(("done", "declined")))
        clock.forward(days=7)
    for _ in range(dice.choice((0, 0, 1, 2))):
        desk.do(RecordEvent(stay, "work-started", clock()))
        clock.forward(days=3)
        if dice.random() < 0.7:
            said(desk, stay, "job_training.10", "done")
    desk.do(SetNeed(stay, "family_reconciliation", "needed"))
    if dice.random() < 0.7:
        said(desk, stay, "family_reconciliation.07", dice.choice(("done", "declined")))
    if dice.random() < 0.7:
        clock.forward(days=dice.choice((1, 90)))
        said(desk, stay, "case_management.07", dice.choice(("done", "done", "declined")))


def away(desk, clock, dice, stay):
    for person in ("family", "counsel", "probation"):
        desk.do(SetContactRule(stay, person, "tell"))
    for _ in range(dice.choice((1, 2))):
        episode = desk.do(StartMissing(stay, clock())).subject
        when = dice.choice(("at once", "afterwards", "never"))
        if when == "at once":
            tell(desk)
        back = clock.forward(hours=dice.choice((1, 4, 11, 60, 90)))
        if when == "afterwards":
            tell(desk)
        desk.do(RecordReturn(episode, back, dice.choice(RETURNS)))
        if when != "never":
            tell(desk)
        clock.forward(hours=1)


def asked_at_exit(desk, dice, stay):
    codes = {question: dice.choice((*lines, None)) for question, lines in AT_EXIT.values()}
    desk.do(AnswerFunders(stay, {name: code and (code,) for name, code in codes.items()}))


OWED = (
    "SELECT public_id FROM notice WHERE told_at IS NULL AND episode_id ="
    " (SELECT max(id) FROM missing_episode)"
)


def tell(desk):
    for (notice,) in rows(desk, OWED):
        desk.do(Tell(notice, None, "Sam", "R-8"))


def followed(desk, clock, dice, stay):
    left = clock()
    for item, days in (("discharge_aftercare.09", 90), ("discharge_aftercare.10", 180)):
        clock.at = left + timedelta(days=days + dice.choice((-3, -1, 2, 5)))
        if dice.random() < 0.7:
            said(desk, stay, item, "done")
    said(desk, stay, "discharge_aftercare.13", dice.choice(("done", "declined")))
    if dice.random() < 0.6:
        clock.at = left + timedelta(days=dice.choice((20, 45, 120)))
        desk.do(RecordEvent(stay, "home-ended", clock()))
        said(desk, stay, "family_reunification.13", "done")


def rows(desk, sql, *values):
    with desk._store.unguarded() as connection:
        return [tuple(row) for row in connection.execute(sql, values).fetchall()]


def with_incidents(types, nights):
    """Yield the measures of incidents with the line of one resident, from the types of theirs."""
    held = [one for one in types if "physical-intervention" in one or "seclusion" in one]
    errors = [one for one in types if "medication-error" in one]
    some = (("medicine-errors", errors), ("held", held)) if types else ()
    for name, counted in (("incident-rate", types), *some):
        rate = len(counted) * 100 / round(nights)
        yield (
            name,
            "none" if not rate else "under-2" if rate < 2 else "2-5" if rate <= 5 else "over-5",
        )


def answers_at_exit(desk):
    """Return measure -> line -> residents who left."""
    found = {name: Counter() for name in AT_EXIT}
    hi = round(UNTIL.timestamp() * 1000)
    for (stay,) in rows(desk, "SELECT public_id FROM stay WHERE ended_at < ?", hi):
        said = desk.ask(funder_answers, stay_id=stay)
        for name, (question, lines) in AT_EXIT.items():
            found[name][lines[said[question][0]] if question in said else "not-asked"] += 1
    return found


def by_hand(desk):
    """Return measure -> line -> residents, from the raw rows and in other ways than the desk's."""
    hi = round(UNTIL.timestamp() * 1000)
    stays = rows(desk, "SELECT id, resident_id, began_at, ended_at, exit_type FROM stay")
    answers = [
        row
        for row in rows(
            desk, "SELECT stay_id, item_id, outcome, due_at, done_at FROM item_answer"
            " WHERE undone_at IS NULL AND closed_at IS NOT NULL ORDER BY done_at",
        )
        if row[4] < hi
    ]  # fmt: skip
    absent = rows(
        desk, "SELECT id, stay_id, discovered_at, returned_at, return_way FROM missing_episode"
    )
    owed = rows(desk, "SELECT episode_id, due_at, told_at, reason FROM notice")
    kinds = rows(
        desk, "SELECT p.stay_id, i.types FROM incident_person p JOIN incident i"
        " ON i.id = p.incident_id",
    )  # fmt: skip
    found = {name: Counter() for name in MEASURES}
    begun = {one for (one,) in rows(desk, "SELECT stay_id FROM stay_event WHERE code = ?"
                                    " AND withdrawn_at IS NULL", "work-started")}  # fmt: skip
    for stay, _, began, ended, exit_type in stays:
        left = ended is not None and ended < hi

        def own(item, stay=stay):
            return [(o, d, at) for s, i, o, d, at in answers if s == stay and i == item]

        def put(name, line):
            found[name][line] += 1

        enrolled = own("education_reentry.03")
        days = (enrolled[0][2] - began) / DAY if enrolled else None
        put(
            "school-days",
            "open" if days is None else "3" if days < 4 else "7" if days < 8
            else "30" if days < 31 else "31-up",
        )  # fmt: skip
        talks = {o for o, _, _ in own("mental_health.05")}
        put("counseling", "some" if len(talks) == 2 else talks.pop() if talks else "none")
        held = own("case_management.07")
        done = [at > due for o, due, at in held if o == "done"]
        put(
            "reviews",
            "late" if any(done) else "in-time" if done else "otherwise" if held else "none",
        )
        jobs = len([o for o, _, _ in own("job_training.10") if o == "done"])
        started = stay in begun
        put(
            "at-work",
            ("begun" if started else "none") if not jobs else "once" if jobs == 1 else "again",
        )
        sat = {o for o, _, _ in own("family_reconciliation.07")}
        put("family-sessions", "some" if len(sat) == 2 else sat.pop() if sat else "none")
        nights = ((ended if left else hi) - began) / DAY
        for name, line in with_incidents([t for who, t in kinds if who == stay], nights):
            put(name, line)
        episodes = [one for one in absent if one[1] == stay]
        if episodes:
            hours = sum(min(back or hi, hi) - since for _, _, since, back, _ in episodes) / HOUR
            put("hours-missing", next((str(m) for m in (4, 24, 72) if hours <= m), "73-up"))
            forced = {way == "police" for *_, way in episodes}
            put(
                "back-how",
                "away" if any(back is None or back >= hi for *_, back, _ in episodes)
                else "some" if len(forced) > 1 else "other" if forced.pop() else "self",
            )  # fmt: skip
            mine = [one for one in owed if one[0] in {e[0] for e in episodes}]
            states = [
                "open" if told is None and not why else "late" if told and told > due else "ok"
                for _, due, told, why in mine
                if why != "returned"
            ]
            put("told-missing", "open" if "open" in states else "late" if "late" in states
                else "ok" if states else "none")  # fmt: skip
        if not left:
            continue
        asked = [o for o, _, _ in own("discharge_aftercare.13")]
        put("own-view", asked[0] if asked else "not-asked")
        if exit_type in ("reunified", "kin"):
            ends = [(at - ended) / DAY for _, _, at in own("family_reunification.13")]
            put(
                "home-again",
                "home" if not ends else next((str(m) for m in (30, 90, 180) if ends[0] < m + 1),
                                             "later"),
            )  # fmt: skip
        early, late = own("discharge_aftercare.09"), own("discharge_aftercare.10")
        days = (hi - ended) / DAY
        put(
            "contact-later",
            "not-due" if days <= 90 else ("first" if early else "missed") if days <= 180
            else "both" if early and late else "one" if early or late else "neither",
        )  # fmt: skip
    return found


def test_every_measure_is_what_the_raw_rows_say(desk):
    request = ask_for_protected(desk, report_id="outcomes", period=YEAR).request
    tables = {table.id: table for table in request.tables}
    hand = by_hand(desk) | answers_at_exit(desk)
    for name in MEASURES:
        table = tables[name]
        counted = {r.code: n for r, (n,) in zip(table.rows, table.cells, strict=True)}
        assert counted == {code: hand[name][code] for code in counted}, name
        assert sum(hand[name].values()) == table.total, name
    told = {name: len(set(hand[name]) - {"none"}) for name in MEASURES}
    assert told["hours-missing"] > 1
    assert told["back-how"] == len(MEASURES["back-how"].rows)
    assert told["incident-rate"] > 1
    assert told["medicine-errors"] > 1
    assert told["held"] > 1
    assert told["contact-later"] > 3
    assert told["family-sessions"] > 1
    assert told["school-days"] > 2
    assert told["at-work"] > 2
    assert told["told-missing"] > 1
    assert told["home-again"] > 1
    for name, (_, lines) in AT_EXIT.items():
        assert told[name] == len({*lines.values()}) + 1, name


def test_what_each_figure_counts_adds_up_to_the_table_it_is_within(desk):
    request = ask_for_protected(desk, report_id="outcomes", period=YEAR).request
    tables = {table.id: table for table in request.tables}
    for measure in MEASURES.values():
        for name, where in definitions(tables[measure.id]).items():
            row = name.split("/")[1]
            count = next((c[0] for r, c in zip(tables[measure.id].rows, tables[measure.id].cells,
                          strict=True) if r.code == row), tables[measure.id].total)  # fmt: skip
            assert request.people.count(where) == count, name
        if measure.within is not None:
            whole, codes = measure.within
            assert len(codes) > 1  # one line alone would be the same figure twice, untied
            lines = zip(tables[whole].rows, tables[whole].cells, strict=True)
            assert sum(n for row, (n,) in lines if row.code in codes) == tables[measure.id].total


def test_answers_under_seal_are_told_once_and_kept_beside_no_release(desk):
    def named(**others):
        asked = ask_for_summary(desk, period=YEAR, audience="named", recipient="A fund")
        asked = ask_for_outcomes(desk, asked)
        few = (t for t in asked.request.tables if t.id in {"served", "left-how", *AT_EXIT})
        asked = replace(asked, request=replace(asked.request, tables=(*few,)), **others)
        return prepare_summary(asked)

    made = named()
    told = {table.id: table for table in made.release.tables}
    assert told.keys() >= AT_EXIT.keys(), [one.reason for one in made.release.dropped]
    assert all(told[name].total == told["left-how"].total for name in AT_EXIT)
    files = made.hand_out(desk.do)
    assert verify_summary(files).ok
    for column in ("proof", "certificate"):
        ((kept,),) = rows(desk, f"SELECT {column} FROM summary_release")
        assert "left-how@2026" in kept or column == "certificate"
        assert all(f"{name}@2026" not in kept for name in AT_EXIT)
    again = named()  # the very release, which needs nothing of what was not kept
    assert again.release.tables == made.release.tables
    assert again.hand_out(desk.do) == files
    left_out = {one.id: one.reason for one in named(before=None).release.dropped}
    assert all("told once" in left_out[name] for name in AT_EXIT)


def test_contact_after_months_is_asked_of_years_only(desk):
    request = ask_for_protected(desk, report_id="outcomes", period="2026-Q2").request
    names = {table.id for table in request.tables}
    assert {"contact-later", *AT_EXIT}.isdisjoint(names)
    assert "reviews" in names


def test_every_measure_says_what_it_counts_and_harms_nobody_unseen(care_model):
    for measure in MEASURES.values():
        codes = {code for code, _ in measure.rows}
        assert len(measure.means) > 40
        assert measure.harmless is None or measure.harmless < codes
        assert not measure.item_id or measure.item_id in care_model.items
        assert ITEM_TABLES.get(measure.id, "") == measure.item_id
    of_missing = ("hours-missing", "back-how", "told-missing")
    for name in (*of_missing, "incident-rate", "medicine-errors", "held"):
        assert MEASURES[name].record_class == INVESTIGATION


def test_what_nobody_was_asked_is_no_table(desk):
    question, were = AT_EXIT["help-later"][0], {}
    for (stay,) in rows(desk, "SELECT public_id FROM stay WHERE ended_at IS NOT NULL"):
        if question in (answers := desk.ask(funder_answers, stay_id=stay)):
            were[stay] = answers[question]
            desk.do(AnswerFunders(stay, {question: None}))
    request = ask_for_protected(desk, report_id="outcomes", period=YEAR).request
    for stay, answer in were.items():
        desk.do(AnswerFunders(stay, {question: answer}))
    names = {table.id for table in request.tables}
    assert len(were) > 1
    assert "help-later" not in names
    assert "busy-later" in names
