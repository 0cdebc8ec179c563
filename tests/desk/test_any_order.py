"""Whatever staff do, in whatever order, the records stay sound: chain, beds, and what is due."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shelter_desk.desk import audit_log, care, residents, service_log, shelter, today
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import DeskError
from tests.conftest import Clock, newly_founded
from tests.domain.stays import MODEL

numbers = st.integers(0, 5)
events = st.sampled_from(["returned", "illness-or-injury", "credible-threat", "court-hearing"])
MOMENTS = {"arrived_at", "left_at", "done_at", "occurred_at", "given_at", "starts_at"}
statuses = st.sampled_from(["needed", "in-progress", "met", "not-needed", "on-hold"])


class AnyOrder(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        records = Path(self.folder.name) / "records"
        self.desk = newly_founded(records, MODEL, self.clock, beds=("1A", "1B")).desk
        self.stays, self.undo, self.undone = [], [], []
        self.events = self.desk.ask(audit_log.trail).count

    def attempt(self, command):
        self.clock.forward(minutes=7)
        try:
            done = self.desk.do(command)
        except DeskError as error:
            self.refused(command, error)
            return None
        self.events += 1
        if done.undo is not None:
            self.undo.append(done.undo)
        return done

    def refused(self, command, error):
        """Fail where something that happens now is refused for its moment."""
        fields = {problem.field for problem in getattr(error, "problems", ())}
        is_gone = "has ended" in str(error) or command in self.undone
        assert is_gone or not fields & MOMENTS, error

    def stay(self, number):
        return self.stays[number % len(self.stays)] if self.stays else "nobody"

    @rule(bed=numbers, name=st.sampled_from(["Sky", "Ash", "River", " "]))
    def admit(self, bed, name):
        beds = self.desk.ask(shelter.beds)
        bed_id = beds[bed].bed_id if bed < len(beds) else None
        done = self.attempt(residents.Admit(name, self.clock(), bed_id=bed_id))
        if done:
            self.stays.append(done.subject)

    @rule(number=numbers)
    def leave(self, number):
        self.attempt(residents.RecordExit(self.stay(number), self.clock(), "kin", "422"))

    @rule(number=numbers, outcome=st.sampled_from(["done", "declined", "blocked"]))
    def answer(self, number, outcome):
        lines = self.desk.ask(today.board, now=self.clock()).lines
        if lines:
            line = lines[number % len(lines)]
            reason = "consent" if outcome == "blocked" else None
            self.attempt(
                care.AnswerItem(
                    line.stay_id, line.item_id, line.occurrence, outcome=outcome, reason=reason
                )
            )

    @rule(number=numbers, code=events)
    def happen(self, number, code):
        self.attempt(care.RecordEvent(self.stay(number), code, self.clock()))

    @rule(number=numbers, service=st.sampled_from(sorted(MODEL.services)), status=statuses)
    def need(self, number, service, status):
        self.attempt(care.SetNeed(self.stay(number), service, status, reason="waiting"))

    @rule(number=numbers, phase=st.sampled_from(["ongoing", "long-term"]))
    def phase(self, number, phase):
        self.attempt(care.StartPhase(self.stay(number), phase))

    @rule(number=numbers, minutes=st.integers(-5, 90))
    def log(self, number, minutes):
        self.attempt(
            service_log.LogService(self.stay(number), "basic_needs", self.clock(), minutes)
        )

    @rule()
    def take_back(self):
        if self.undo:
            self.undone.append(self.undo.pop())
            self.attempt(self.undone[-1])

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.clock.at += timedelta(days=days)

    @rule(hours=st.integers(1, 60))
    def the_clock_is_put_right(self, hours):
        self.clock.at -= timedelta(hours=hours)

    @invariant()
    def one_event_for_each_act_and_the_chain_holds(self):
        report = self.desk.ask(audit_log.trail)
        assert (report.is_whole, report.count) == (True, self.events)

    @invariant()
    def nobody_is_here_twice_and_no_bed_holds_two(self):
        lines = self.desk.ask(residents.roster, now=self.clock())
        assert len({line.resident_id for line in lines}) == len(lines)
        taken = [line.bed for line in lines if line.bed]
        assert len(set(taken)) == len(taken)

    @invariant()
    def what_is_due_is_what_the_rules_say(self):
        assert self.desk.ask(due_drift) == ()

    def teardown(self):
        print(f"{self.events} events, {len(self.stays)} stays")
        self.desk.close()
        self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
