"""Whatever is done about absences and incidents, in whatever order, nothing owed gets lost."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from shelter_desk.desk import audit_log, residents
from shelter_desk.desk.incident_record import incidents, whole_incident
from shelter_desk.desk.incident_report import CloseIncident, WriteReport
from shelter_desk.desk.incidents import StartIncident, WithdrawIncident
from shelter_desk.desk.missing import CorrectDiscovery, StartMissing, WithdrawMissing
from shelter_desk.desk.missing_record import episode, episodes_of, missing_board
from shelter_desk.desk.missing_return import CloseMissing, RecordReturn, WriteReturnTalk
from shelter_desk.desk.telling import NeedNotTell, Tell
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.incidents import MAY_BE_NOBODY, Report
from shelter_desk.domain.missing_cards import ReturnTalk
from tests.conftest import Clock, newly_founded
from tests.domain.stays import MODEL

numbers = st.integers(0, 9)
WHOLE = Report(("meal",), ("stayed",), "none-needed", "calm", "back", MAY_BE_NOBODY)
TYPES = st.sampled_from([("injury",), ("arrest", "self-harm"), ("left-without-permission",)])


class AnyOrder(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        records = Path(self.folder.name) / "records"
        self.desk = newly_founded(records, MODEL, self.clock, beds=("1A",)).desk
        self.stays, self.undo = [], []
        self.told_after = set()  # when they were back already, by whatever clock

    @initialize()
    def two_residents(self):
        for name in ("Sky", "Ash"):
            self.stays.append(self.desk.do(residents.Admit(name, self.clock())).subject)

    def attempt(self, command):
        self.clock.forward(minutes=11)
        try:
            done = self.desk.do(command)
        except DeskError:
            return
        if done.undo is not None:
            self.undo.append(done.undo)

    def board(self):
        return self.desk.ask(missing_board, now=self.clock())

    def an_episode(self, number):
        lines = [line for stay in self.stays for line in self.desk.ask(episodes_of, stay_id=stay)]
        return lines[number % len(lines)].episode_id if lines else "nobody"

    def an_incident(self, number):
        lines = self.desk.ask(incidents)
        return lines[number % len(lines)].incident_id if lines else "nothing"

    @rule(number=numbers, minutes=st.integers(0, 90))
    def start(self, number, minutes):
        at = self.clock() - timedelta(minutes=minutes)
        self.attempt(StartMissing(self.stays[number % 2], at))

    @rule(number=numbers, minutes=st.integers(0, 90))
    def correct(self, number, minutes):
        at = self.clock() - timedelta(minutes=minutes)
        self.attempt(CorrectDiscovery(self.an_episode(number), at))

    @rule(number=numbers)
    def mistake(self, number):
        self.attempt(WithdrawMissing(self.an_episode(number)))

    @rule(number=numbers)
    def come_back(self, number):
        self.attempt(RecordReturn(self.an_episode(number), self.clock(), "self"))

    @rule(number=numbers, count=st.integers(1, 9), is_told=st.booleans())
    def tell(self, number, count, is_told):
        for _ in range(count):
            owed = self.board().owed
            if owed:
                chosen = owed[number % len(owed)]
                notice = chosen.notice_id
                if chosen.page == "missing":
                    found = self.desk.ask(episode, episode_id=chosen.subject)
                    if found.line.returned_at is not None:
                        self.told_after.add((chosen.subject, chosen.recipient))
                why = NeedNotTell(notice, "told-already")
                self.attempt(Tell(notice, None, "A desk") if is_told else why)

    @rule(number=numbers)
    def talk_and_close(self, number):
        episode_id = self.an_episode(number)
        self.attempt(WriteReturnTalk(episode_id, ReturnTalk(("not-asked",))))
        self.attempt(CloseMissing(episode_id))

    @rule(number=numbers, types=TYPES)
    def incident(self, number, types):
        now = self.clock()
        self.attempt(StartIncident(types, now, now, "kitchen", tuple(self.stays[: number % 3])))

    @rule(number=numbers)
    def report_and_close(self, number):
        incident_id = self.an_incident(number)
        self.attempt(WriteReport(incident_id, WHOLE))
        self.attempt(CloseIncident(incident_id))

    @rule(number=numbers)
    def no_incident(self, number):
        self.attempt(WithdrawIncident(self.an_incident(number)))

    @rule()
    def take_back(self):
        if self.undo:
            self.attempt(self.undo.pop())

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours):
        self.clock.forward(hours=hours)

    @rule(hours=st.integers(1, 60))
    def the_clock_is_put_right(self, hours):
        self.clock.forward(hours=-hours)

    @invariant()
    def the_chain_is_whole_and_what_is_due_is_what_the_rules_say(self):
        assert self.desk.ask(audit_log.trail).is_whole
        assert self.desk.ask(due_drift) == ()

    @invariant()
    def nobody_is_missing_twice_at_once(self):
        missing = [line.stay_id for line in self.board().episodes if line.is_missing]
        assert len(missing) == len(set(missing))

    @invariant()
    def nothing_is_owed_for_what_is_over_and_nothing_open_is_forgotten(self):
        board = self.board()
        owed = {(one.page, one.subject) for one in board.owed}
        assert {subject for page, subject in owed if page == "missing"} <= {
            line.episode_id for line in board.episodes
        }
        for line in self.desk.ask(incidents):
            found = self.desk.ask(whole_incident, incident_id=line.incident_id)
            unanswered = any(not notice.is_answered for notice in found.notices)
            assert unanswered is (("incidents", line.incident_id) in owed)
            assert not (unanswered and not line.is_open)

    @invariant()
    def whoever_was_told_of_an_absence_is_owed_word_of_the_return(self):
        for line in self.board().episodes:
            if line.returned_at is None:
                continue
            notices = self.desk.ask(episode, episode_id=line.episode_id).notices
            back = {one.recipient for one in notices if one.stage == "return"}
            told = {
                one.recipient
                for one in notices
                if one.stage == "start"
                and one.told_at
                and (line.episode_id, one.recipient) not in self.told_after
            }
            assert told <= back, "told while they were away, and not told that they are back"

    def teardown(self):
        self.desk.close()
        self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
