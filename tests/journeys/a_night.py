"""The first hours of a night, worked by keys in the real windows, until the plug is pulled.

    python a_night.py FOLDER

Sets the records up in FOLDER, admits a young person at five past two, works, and is in the middle
of typing when it says so and waits. It prints one JSON object a line: what was saved, each only
after the window said that it was. Run by test_the_night.py, which kills it.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt

from shelter_desk.app.start import application
from shelter_desk.desk import care, residents, service_log
from shelter_desk.ui.agreement import AgreementPage
from shelter_desk.ui.first_run import FirstRunPage
from shelter_desk.ui.widgets import Sheet
from tests.conftest import NIGHT, Clock
from tests.journeys.program import Running, settle

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
CALLED, GOOD_TO_KNOW = "Skylarkia Marigold", "Likes the light left on"


def told(**facts):
    print(json.dumps(facts), flush=True)


def agree(running):
    """Read the confidentiality agreement, and accept it by keys."""
    assert isinstance(running.page, AgreementPage)
    running.press(KEY.Key_Space)
    running.page.go_on.setFocus()
    running.press(KEY.Key_Space)
    assert running.window is not None


def set_up(running):
    """Go through the first set-up as it asks, and type the kit back from the screen."""
    page = running.page
    assert isinstance(page, FirstRunPage)
    running.press(KEY.Key_Return)
    running.write("Harbor House")
    running.press(KEY.Key_Return)
    running.write("Dana")
    words = page.director.choice.words.text()
    page.director.choice.again.edit.setFocus()
    running.write(words)
    running.press(KEY.Key_Return)
    code = page.kit.kit.code
    assert re.fullmatch(r"([0-9A-Z]{4}-){7}[0-9A-Z]{4}", code)
    page.kit.kept.setFocus()
    running.press(KEY.Key_Space)
    page.next.setFocus()
    running.press(KEY.Key_Space)
    assert not running.folder.exists()  # nothing is made before the kit is known to be on paper
    running.write(code)
    running.press(KEY.Key_Return)
    page.next.setFocus()
    running.press(KEY.Key_Space)
    agree(running)
    told(passphrase=words, kit=code)


def arrive(running):
    """Ctrl N, New arrival, a name, a birth year: and the first hours are a card on Today."""
    running.press(KEY.Key_N, modifier=CONTROL)
    running.press(KEY.Key_Return)
    assert running.window.page == "arrival"
    running.write(CALLED)
    form = running.window.view("arrival").form
    (box,) = [e for name, e in form.more.editors.items() if name == "good_to_know"]
    box.edit.setFocus()
    running.write(GOOD_TO_KNOW)
    running.press(KEY.Key_Return, modifier=CONTROL)
    (line,) = running.desk.ask(residents.roster, now=NIGHT)
    told(stay=line.stay_id, called=line.called)
    return line.stay_id


def answers(running, stay):
    plan = running.desk.ask(care.stay_plan, stay_id=stay, now=NIGHT)
    items = [item for service in plan.services for item in service.items if item.last]
    return {item.item_id: item.last.outcome for item in items}


def tick_first_hour(running, stay):
    """Ticks by Space, one taken back by Ctrl Z, another outcome by N.

    The third item needs two people: it stays in the list and waits for the second, and the
    keyboard goes on to the next.
    """
    running.press(KEY.Key_1, modifier=Qt.KeyboardModifier.AltModifier)
    assert running.window.page == "today"
    for _ in range(3):
        running.press(KEY.Key_Space)
    told(answers=answers(running, stay))
    running.press(KEY.Key_Space)
    told(answers=answers(running, stay))
    running.press(KEY.Key_Z, modifier=CONTROL)
    told(answers=answers(running, stay), taken_back=1)
    running.press(KEY.Key_N)
    (sheet,) = [s for s in running.window.findChildren(Sheet) if s.isVisible()]
    told(asked=sheet.title.text())
    running.press(KEY.Key_Escape)
    assert not [s for s in running.window.findChildren(Sheet) if s.isVisible()]


def log_service(running, stay):
    running.window.go("log_service", stay)
    settle()
    running.press(KEY.Key_1, KEY.Key_Return)
    (entry,) = running.desk.ask(service_log.entries, stay_id=stay)
    told(entry=[entry.service_id, entry.minutes])


def begin_to_type(running):
    """Type half of another arrival; it is kept within a second."""
    running.window.go("arrival")
    settle()
    running.window.view("arrival").form.person.editors["called"].edit.setFocus()
    running.write("Ash half ty")
    page, until = running.window.view("arrival"), time.monotonic() + 10
    while page.kept.text() != "Saved as you type" and time.monotonic() < until:
        settle()
    told(typed="Ash half ty", said=page.kept.text())


def main():
    application()
    running = Running(Path(sys.argv[1]), now=Clock(NIGHT))
    set_up(running)
    stay = arrive(running)
    tick_first_hour(running, stay)
    log_service(running, stay)
    begin_to_type(running)
    told(ready=True)
    while True:  # until the plug is pulled
        settle()


main()
