"""What staff type in any script is on the papers of the house, whole, and readable again."""

from datetime import timedelta
from unicodedata import normalize

import pypdfium2

from shelter_desk.desk import residents
from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.beds import bed_board
from shelter_desk.desk.go_bag import go_bag
from shelter_desk.desk.going import Going
from shelter_desk.desk.handoff import handoff_sheet
from shelter_desk.desk.incident_paper import incident_paper
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing, WriteLastSeen
from shelter_desk.desk.police_sheet import police_sheet_facts
from shelter_desk.desk.resident_papers import shipped_papers
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.desk.shift_paper import shift_paper
from shelter_desk.desk.staffing import staffing
from shelter_desk.domain.incidents import Report
from shelter_desk.domain.missing_cards import LastSeen
from shelter_desk.reports.go_bag import go_bag_pdf
from shelter_desk.reports.handoff import handoff_pdf
from shelter_desk.reports.house_board import house_board_pdf
from shelter_desk.reports.incident_report import incident_report_pdf
from shelter_desk.reports.police_sheet import police_sheet_pdf
from shelter_desk.reports.resident_paper import resident_paper_pdf
from shelter_desk.reports.shift_log import shift_log_pdf

CALLED = {"李娜": "对花生过敏，药在锁着的盒子里。", "محمد العربي": "لديه حساسية من الفول السوداني",
          "दीपा शर्मा": "मूंगफली से एलर्जी है।", "สมหญิง": "แพ้ถั่วลิสงน้ำตาไหล"}  # fmt: skip


def letters(text):
    return {one for one in normalize("NFKD", text) if not one.isspace()}


def printed(house, stays):
    """Every paper of a house with these residents, by name, and what was typed that is on it."""
    desk, now, zone = house.desk, house.clock(), house.desk.house.zone
    model, notes, names = house.care_model, "".join(CALLED.values()), "".join(CALLED)
    episode = desk.do(StartMissing(stays[1], now)).subject
    card = LastSeen("7", "المطبخ", "سترة رمادية", "", "", "", "", "مكتبة")
    desk.do(WriteLastSeen(episode, card))
    incident = desk.do(StartIncident(("injury",), now, now, "kitchen", tuple(stays))).subject
    desk.do(WriteReport(incident, Report(), notes))
    span = {"since": now - timedelta(days=1), "until": now + timedelta(hours=1)}
    log = desk.ask(shift_paper, stay_id=stays[0], **span)
    facts = desk.ask(police_sheet_facts, episode_id=episode, now=now)
    report = desk.ask(incident_paper, incident_id=incident, for_stay=None)
    staff, board = desk.ask(staffing, now=now), desk.ask(bed_board)
    sheet, bag = desk.ask(handoff_sheet, now=now), desk.ask(go_bag, now=now)
    spanish = shipped_papers().languages["es"]
    welcome = next(one for one, paper in spanish.papers.items() if paper.hello)
    return {
        "handoff": (handoff_pdf(sheet, model=model, zone=zone), notes),
        "log": (shift_log_pdf(log, basis="b", model=model, zone=zone), CALLED["李娜"]),
        "bag": (go_bag_pdf(bag, zone=zone), notes),
        "board": (house_board_pdf(board, staff, at=now, zone=zone), "李مदส"),
        "police": (police_sheet_pdf(facts, basis="b", zone=zone), card.place + "محمد العربي"),
        "incident": (incident_report_pdf(report, basis="b", model=model, zone=zone), notes),
        "resident": (resident_paper_pdf(spanish, welcome, names), names),
    }


def test_every_paper_of_the_house_has_each_letter_that_was_typed(open_desk):
    desk, now = open_desk.desk, open_desk.clock()
    stays = [
        desk.do(residents.Admit(called, now, good_to_know=note)).subject
        for called, note in CALLED.items()
    ]
    for stay, note in zip(stays, CALLED.values(), strict=True):
        desk.do(WriteLine(LineWords((stay,), (), note, must_know=True)))
        going = Going(place=note)
        desk.do(PlanAppointment(stay, "medical", now + timedelta(hours=3), going=going))
    for name, (data, typed) in printed(open_desk, stays).items():
        document = pypdfium2.PdfDocument(data)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        assert letters(typed) <= letters(text), (name, letters(typed) - letters(text))
        assert "□" not in text
