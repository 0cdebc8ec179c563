"""What every page asks while a clock runs costs the same after five years."""

from functools import partial

import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.incident_record import incidents, whole_incident
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.missing_record import absences, episode, episodes_of, missing_board
from shelter_desk.desk.notices import contact_rules, due_notices
from tests.desk.test_indexes import plans, scans

# Indexes that hold only what has no answer yet.
STILL_OPEN = ("notice_open", "missing_episode_unclosed", "incident_unclosed")


@pytest.mark.parametrize(
    "name",
    ["the strip", "notices", "an episode", "earlier times", "the year", "rules", "incidents",
     "an incident"],
)  # fmt: skip
def test_no_question_about_absences_and_incidents_reads_through_a_table(open_desk, name):
    ask, now = open_desk.desk.ask, open_desk.clock()
    stay = open_desk.desk.do(residents.Admit("Sky", now)).subject
    missing = open_desk.desk.do(StartMissing(stay, now)).subject
    command = StartIncident(("injury",), now, now, "kitchen", (stay,))
    incident_id = open_desk.desk.do(command).subject
    questions = {
        "the strip": partial(ask, missing_board, now=now),
        "notices": partial(ask, due_notices),
        "an episode": partial(ask, episode, episode_id=missing),
        "earlier times": partial(ask, episodes_of, stay_id=stay),
        "the year": partial(ask, absences, year=2026),
        "rules": partial(ask, contact_rules, stay_id=stay),
        "incidents": partial(ask, incidents),
        "an incident": partial(ask, whole_incident, incident_id=incident_id),
    }
    found = plans(open_desk, questions[name])
    assert found
    read_through = [
        step
        for sql, plan in found.items()
        for step in scans(plan)
        if not any(index in step for index in STILL_OPEN)
        and not ("LIMIT 200" in sql and step.endswith("incident_by_time"))
    ]
    assert read_through == []
