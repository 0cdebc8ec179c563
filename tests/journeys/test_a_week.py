"""A week of an invented house, and a month: worked in the windows, laid beside the trail.

Two people take turns. Residents arrive, are logged, go to court, go missing and come back, leave.
At the end everything that a window said was done is in the records, under the name of whoever did
it, and nothing else is.
"""

from collections import Counter
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.cli import main
from shelter_desk.desk import accounts, audit_log, residents, service_log
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.appointments import agenda
from shelter_desk.desk.beds import census
from shelter_desk.desk.handoff import handoffs
from shelter_desk.desk.incident_record import incidents
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.desk.upkeep_check import due_drift
from tests.conftest import PASSPHRASE
from tests.journeys.a_week import NAMES, Week
from tests.journeys.program import Running

KEY = Qt.Key
ADA, WORDS = "a" * 20, "four invented words here"
FEWEST = 10  # residents in a summary for a named recipient


@pytest.fixture
def week(look, open_desk):
    ada = Colleague(ADA, "Ada", open_desk.desk.staff.roles, WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    open_desk.desk.settle()
    open_desk.desk.close()
    running = Running(open_desk.folder, now=open_desk.clock)
    running.program.keeps_process = True
    yield Week(running, open_desk.clock, {"Dana": PASSPHRASE, "Ada": WORDS})
    running.close()


def other(week):
    return "Ada" if week.who == "Dana" else "Dana"


def work_a_week(week):
    """Seven days, the same in every run."""
    week.sign_in("Dana")
    week.arrive("Sky")
    week.tick(3)
    week.at(0, 7)
    week.hand_over("Ada")
    week.arrive("Ash")
    week.log_line("Sky", KEY.Key_S, "Tea helped")
    week.make_the_round()
    week.end_of_day(0)
    week.at(1, 7)
    week.hand_over("Dana", beside=True)
    week.plan("Sky", "court", week.clock() + timedelta(days=3, hours=2))
    week.log_service("Sky", KEY.Key_1)
    week.same_again("Sky")
    week.tick(2)
    week.end_of_day(1)
    week.at(2, 7)
    week.hand_over("Dana")
    week.arrive("Wren")
    week.log_line("Wren", KEY.Key_E)
    week.correct_the_line("Ate little, asked for soup")
    week.end_of_day(2)
    week.at(3, 7)
    week.hand_over("Ada", beside=True)
    week.at(3, 15)
    week.go_missing("Ash")
    week.at(3, 21)
    week.come_back("Ash")
    week.end_of_day(3)
    week.at(4, 9)
    week.go_to_court("Sky")
    week.at(4, 11)
    week.start_incident("Wren")
    week.make_the_round()
    week.end_of_day(4)
    week.at(5, 7)
    week.forget_and_be_helped()
    week.hand_over("Ada")
    week.tick(2)
    week.end_of_day(5)
    week.at(6, 7)
    week.hand_over("Dana", beside=True)
    week.leave("Sky")
    week.log_line("Ash", KEY.Key_O)
    week.end_of_day(6)


def work_more_days(week, days):
    """A shift after the other: each hands over, each makes its round; somebody comes or goes."""
    for day in days:
        for place, hour in enumerate((7, 15, 23)):
            week.at(day, hour)
            week.hand_over(other(week), beside=place > 0)
            week.make_the_round()
            week.log_line(next(iter(week.worked.here)), KEY.Key_S, f"Day {day}, shift {place}")
        if day % 2:
            week.arrive(NAMES[day])
        elif len(week.worked.here) > 2:
            week.leave(next(iter(week.worked.here)))
        week.end_of_day(day)


def assert_nothing_is_lost(week):
    """Lay what was told beside what is kept."""
    desk, worked, now = week.desk, week.worked, week.clock()
    for at, names in worked.census:
        found = desk.ask(census, at=at)
        assert {one.called for one in found.sleepers} == names, at
    assert {line.called for line in desk.ask(residents.roster, now=now)} == worked.here.keys()
    wanted = LinesWanted(now - timedelta(days=60), now + timedelta(minutes=1))
    kept = [line for line in desk.ask(shift_lines, wanted=wanted) if not line.is_withdrawn]
    told = Counter((who, stays, text) for who, stays, text in worked.lines)
    found = Counter(
        (line.who, tuple(one.stay_id for one in line.people), line.text) for line in kept
    )
    assert found == told
    signed = [(one.outgoing, one.incoming) for one in desk.ask(handoffs, most=200)]
    assert signed == worked.handoffs[::-1]
    stays = {stay for _, stay in worked.left} | set(worked.here.values())
    entries = Counter(
        (one.who, stay) for stay in stays for one in desk.ask(service_log.entries, stay_id=stay)
    )
    assert entries == Counter(worked.entries)
    planned = desk.ask(agenda, since=now - timedelta(days=60), until=now + timedelta(days=60))
    assert {(one.stay_id, one.kind, one.starts_at) for one in planned} == set(worked.kept)
    assert [one.stay_id for one in planned if one.state == "kept"] == worked.court
    assert len(desk.ask(incidents)) == len(worked.incidents)


def assert_each_event_has_its_author(week):
    done = Counter(
        (line.who, line.action) for line in week.desk.ask(audit_log.events, limit=100_000)
    )
    for who, count in week.worked.ticks.items():
        signed = done[who, "item.sign"]
        assert done[who, "item.answer"] + signed >= count, (who, done)
    arrived = sum(count for (_, action), count in done.items() if action == "resident.admit")
    assert arrived == len(week.worked.arrived)
    left = sum(count for (_, action), count in done.items() if action == "stay.exit")
    assert left == len(week.worked.left)


def assert_it_checks(week, folder, tmp_path, capsys):
    """The trail is whole, what is due is what it would be if it were worked out anew."""
    assert week.desk.ask(audit_log.trail).is_whole
    assert week.desk.ask(due_drift) == ()
    week.running.close()
    secret = tmp_path / "words.txt"
    secret.write_text(PASSPHRASE + "\n")
    words = ["--staff", "Dana", "--passphrase-file", str(secret)]
    assert main(["check", str(folder), *words]) == 0
    assert_a_summary_is_made_or_refused_for_a_reason(week, folder, tmp_path, words)
    return capsys.readouterr()


def assert_a_summary_is_made_or_refused_for_a_reason(week, folder, tmp_path, words):
    """Ten residents make a table for a named recipient; fewer would be found in any."""
    out = tmp_path / "summary"
    asked = ["--period", "2026-Q1", "--audience", "named", "--out", str(out)]
    done = main(["summary", str(folder), *asked, *words])
    if len(week.worked.arrived) < FEWEST:
        assert done == 1
        assert not out.exists()
        return
    assert done == 0
    assert (out / "summary.pdf").exists()
    assert main(["verify-summary", str(out)]) == 0


def test_a_week_of_an_invented_house(week, open_desk, tmp_path, capsys):
    work_a_week(week)
    assert_nothing_is_lost(week)
    assert_each_event_has_its_author(week)
    said = assert_it_checks(week, open_desk.folder, tmp_path, capsys)
    assert "no table of them is safe" in said.err


@pytest.mark.slow  # a month, shift by shift: some minutes of windows
def test_a_month_of_an_invented_house_shift_by_shift(week, open_desk, tmp_path, capsys):
    work_a_week(week)
    work_more_days(week, range(7, 30))
    assert_nothing_is_lost(week)
    assert_each_event_has_its_author(week)
    assert_it_checks(week, open_desk.folder, tmp_path, capsys)
