"""Papers of the house know somebody who was written down twice as one, and tell all of both."""

from datetime import timedelta

import pypdfium2
import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.beds import bed_board, census
from shelter_desk.desk.handoff import handoff_sheet
from shelter_desk.desk.incident_paper import DiscloseIncident, incident_paper
from shelter_desk.desk.incident_record import incidents
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.same_person import joined as joined_with
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_paper import ANOTHER, shift_paper
from shelter_desk.desk.staffing import staffing
from shelter_desk.reports.handoff import handoff_pdf
from shelter_desk.reports.house_board import census_pdf, house_board_pdf
from shelter_desk.reports.shift_log import shift_log_pdf
from tests.desk.written_twice import Written, closing_house


@pytest.fixture(scope="module")
def house(tmp_path_factory, care_model):
    with closing_house(tmp_path_factory.mktemp("papers") / "records", care_model) as opened:
        yield opened


@pytest.fixture(scope="module")
def joined(house):
    """Sky in 1A, written down once more as Mo in 1B, with something in each; joined."""
    beds = [bed.bed_id for bed in house.desk.ask(bed_board).beds]
    at = house.clock()
    sky = Written(house, "Sky", at, bed_id=beds[0], age_guess=15)
    mo = Written(house, "Mo", house.clock.forward(minutes=10), bed_id=beds[1], age_guess=15)
    house.clock.forward(minutes=5)
    do = house.desk.do
    do(WriteLine(LineWords((mo.stay,), text="Peanut allergy", must_know=True)))
    do(WriteLine(LineWords((sky.stay, mo.stay), text="Both asked for a lamp")))
    ash = Written(house, "Ash", house.clock(), age_guess=16)
    do(WriteLine(LineWords((mo.stay, ash.stay), text="Mo and Ash cooked")))
    started = StartIncident(
        ("injury",), house.clock(), house.clock(), "kitchen", (mo.stay, ash.stay)
    )
    do(started)
    do(residents.RecordExit(ash.stay, house.clock.forward(minutes=1), "left-early", "99"))
    do(PlanAppointment(mo.stay, "medical", house.clock() + timedelta(hours=3)))
    codes = sky.known.case_code, mo.known.case_code
    house.clock.forward(minutes=5)
    mo.join(sky)
    house.clock.forward(minutes=5)
    return codes


@pytest.fixture(scope="module")
def stays(house, joined):
    """The stay that goes on, and the one that was closed."""
    (sky,) = house.desk.ask(residents.roster, now=house.clock())
    (mo,) = house.desk.ask(joined_with, stay_id=sky.stay_id).closed
    return sky.stay_id, mo.stay_id


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def test_the_house_board_has_one_bed_taken_and_one_pair_of_initials(house, joined):
    zone, now = house.desk.house.zone, house.clock()
    staff = house.desk.ask(staffing, now=now)
    text = text_of(house_board_pdf(house.desk.ask(bed_board), staff, at=now, zone=zone))
    assert "1 in the house" in text
    assert "3 free" in text
    assert "S." in text
    assert "M." not in text
    assert "no bed" not in text


@pytest.mark.parametrize("minutes", [0, 7])
def test_the_census_has_one_line_before_and_after_the_join(house, joined, minutes):
    found = house.desk.ask(census, at=house.clock() - timedelta(minutes=minutes))
    text = text_of(census_pdf(found, zone=house.desk.house.zone))
    assert "1 residents" in text
    assert [code in text for code in joined] == [True, False]


def test_the_roster_and_the_handoff_tell_one_person_with_what_stands_in_both(house, joined):
    assert [one.called for one in house.desk.ask(residents.roster, now=house.clock())] == ["Sky"]
    sheet = house.desk.ask(handoff_sheet, now=house.clock())
    text = text_of(handoff_pdf(sheet, model=house.care_model, zone=house.desk.house.zone))
    assert text.count("Peanut allergy") == 1
    assert text.count("Both asked for a lamp") == 1
    assert [code in text for code in joined] == [True, False]
    for name in ("Sky", "Mo ", "Ash"):
        assert name not in text


def test_their_own_shift_log_takes_nobody_else_for_them(house, stays):
    now = house.clock()
    span = {"since": now - timedelta(days=1), "until": now}
    found = house.desk.ask(shift_paper, stay_id=stays[0], **span)
    zone = house.desk.house.zone
    text = text_of(shift_log_pdf(found, basis="b", model=house.care_model, zone=zone))
    for words in ("Peanut allergy", "Both asked for a lamp", f"{ANOTHER} cooked"):
        assert text.count(words) == 1, text
    assert "Ash" not in text
    assert [one.with_others for one in found.lines if "lamp" in one.text] == [False]


@pytest.mark.parametrize("which", [0, 1])
def test_a_report_of_an_incident_for_one_has_their_part_under_either_name(house, stays, which):
    (line,) = house.desk.ask(incidents)
    found = house.desk.ask(incident_paper, incident_id=line.incident_id, for_stay=stays[which])
    assert found.left_out
    assert [one.stay_id for one in found.found.people if one.stay_id] == [stays[1]]
    house.desk.do(DiscloseIncident(line.incident_id, "court-order", stays[which]))
