"""The go-bag: all of what it needs is on the paper, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2

from shelter_desk.desk import residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.go_bag import go_bag
from shelter_desk.desk.going import Going
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.missing import StartMissing
from shelter_desk.desk.shelter import AddBed
from shelter_desk.reports.go_bag import go_bag_pdf

KNOW = (
    "Peanut allergy; EpiPen in the locked box, 2 x 0.3 mg. Skylark sits with Ash. Ñandú é ü “ok”"
)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def test_every_character_of_what_a_shift_must_know_is_on_it_and_nobodys_name(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    bed = desk.do(AddBed("Blue room 1")).subject
    admit = residents.Admit("Skylark", clock(), good_to_know=KNOW, bed_id=bed, age_guess=15)
    sky = desk.do(admit).subject
    ash = desk.do(residents.Admit("Ash", clock(), age_guess=16)).subject
    clock.forward(hours=2)
    now = clock()
    place = Going(place="12 Invented Road")
    for kind, hours in (("medication", 3), ("court", 20), ("school", 40)):
        desk.do(PlanAppointment(sky, kind, now + timedelta(hours=hours), going=place))
    desk.do(StartMissing(ash, now))
    found = desk.ask(go_bag, now=now)
    assert (found.in_house, len(found.lines)) == (1, 2)
    text = text_of(go_bag_pdf(found, zone=desk.house.zone))
    said = KNOW.replace("Skylark", "[name]").replace("Ash", "[name]")
    assert said.replace(" ", "") in text.replace(" ", "")
    for words in ("Blue room 1", "S.", "away", "Medicine time", "Court date", "To write on"):
        assert words in text
    for code in (line.case_code for line in found.lines):
        assert code in text
    for words in ("Skylark", "Invented Road", "School"):
        assert words not in text
    critical = [one.what.item.text for one in found.ahead if isinstance(one.what, ListedItem)]
    assert critical
    assert all(words.split()[0] in text for words in critical)


def test_an_empty_house_has_a_paper_too(open_desk):
    found = open_desk.desk.ask(go_bag, now=open_desk.clock())
    assert found.lines == ()
    assert "Nobody is in the house." in text_of(go_bag_pdf(found, zone=open_desk.desk.house.zone))
