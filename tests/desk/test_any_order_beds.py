"""In whatever order stays and beds are written down, late and corrected: nothing overlaps."""

import tempfile
from datetime import timedelta
from itertools import combinations
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shelter_desk.desk import residents
from shelter_desk.desk.bed_holds import HoldBed, ReleaseBed
from shelter_desk.desk.beds import bed_board, census
from shelter_desk.desk.upkeep_check import due_drift
from shelter_desk.domain.errors import DeskError
from tests.conftest import Clock, newly_founded
from tests.domain.stays import MODEL

FOR_EVER = 1 << 62
numbers = st.integers(0, 5)
hours_ago = st.just(0) | st.integers(0, 60)
SPANS = """
    SELECT b.bed_id, b.stay_id, b.since_at, min(
        coalesce((SELECT min(n.since_at) FROM stay_bed n
                  WHERE n.stay_id = b.stay_id AND n.id > b.id), :ever),
        coalesce(s.ended_at, :ever))
    FROM stay_bed b JOIN stay s ON s.id = b.stay_id
"""


class BedsInAnyOrder(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        records = Path(self.folder.name) / "records"
        self.desk = newly_founded(records, MODEL, self.clock, beds=("1A", "1B")).desk
        self.stays, self.undo, self.holds = [], [], []
        self.taken, self.refused, self.latest = 0, 0, self.clock()

    def attempt(self, command, *, is_now=False):
        self.clock.forward(minutes=7)
        self.latest = max(self.latest, self.clock())
        try:
            done = self.desk.do(command)
        except DeskError as error:
            self.note(error, is_now=is_now)
            return None
        self.taken += 1
        if done.undo is not None:
            self.undo.append(done.undo)
        return done

    def note(self, error, *, is_now):
        """Count what was refused; what happens now is never refused for its moment."""
        self.refused += 1
        fields = {problem.field for problem in getattr(error, "problems", ())}
        assert not is_now or not fields & {"arrived_at", "left_at"} or "has ended" in str(error)

    def stay(self, number):
        return self.stays[number % len(self.stays)] if self.stays else "nobody"

    def record(self, number):
        return self.desk.ask(residents.record, stay_id=self.stay(number), now=self.clock())

    def bed(self, number):
        board = self.desk.ask(bed_board).beds
        return board[number].bed_id if number < len(board) else None

    def ago(self, hours):
        return self.clock() - timedelta(hours=hours)

    @rule(bed=numbers, hours=hours_ago)
    def admit(self, bed, hours):
        done = self.attempt(residents.Admit("Sky", self.ago(hours), bed_id=self.bed(bed)))
        if done:
            self.stays.append(done.subject)

    @rule(number=numbers, bed=numbers, hours=hours_ago)
    def come_back(self, number, bed, hours):
        if self.stays:
            command = residents.Admit(
                "Sky",
                self.ago(hours),
                bed_id=self.bed(bed),
                resident_id=self.record(number).resident_id,
            )
            done = self.attempt(command, is_now=hours == 0)
            if done:
                self.stays.append(done.subject)

    @rule(number=numbers, hours=hours_ago)
    def leave(self, number, hours):
        left = residents.RecordExit(self.stay(number), self.ago(hours), "kin", "422")
        self.attempt(left, is_now=hours == 0)

    @rule(number=numbers, bed=numbers)
    def move(self, number, bed):
        self.attempt(residents.MoveBed(self.stay(number), self.bed(bed)))

    @rule(number=numbers, hours=hours_ago)
    def correct_the_exit(self, number, hours):
        if self.stays:
            version = self.record(number).stay_version
            self.attempt(
                residents.CorrectExit(self.stay(number), version, self.ago(hours), "kin", "422")
            )

    @rule(number=numbers, hours=hours_ago)
    def correct_the_arrival(self, number, hours):
        if self.stays:
            version = self.record(number).stay_version
            self.attempt(residents.CorrectArrival(self.stay(number), version, self.ago(hours)))

    @rule(number=numbers)
    def reopen(self, number):
        self.attempt(residents.ReopenStay(self.stay(number)))

    @rule(bed=numbers)
    def hold(self, bed):
        done = self.attempt(HoldBed(self.bed(bed) or "none", "expected"))
        if done:
            self.holds.append(done.subject)

    @rule()
    def release(self):
        if self.holds:
            self.attempt(ReleaseBed(self.holds.pop()))

    @rule()
    def take_back(self):
        if self.undo:
            self.attempt(self.undo.pop())

    @rule(hours=st.integers(1, 48))
    def time_passes(self, hours):
        self.clock.at += timedelta(hours=hours)

    @rule(hours=st.integers(1, 48))
    def the_clock_is_put_right(self, hours):
        self.latest = max(self.latest, self.clock())
        self.clock.at -= timedelta(hours=hours)

    def rows(self, sql):
        with self.desk._store.unguarded() as connection:
            return connection.execute(sql, {"ever": FOR_EVER}).fetchall()

    @invariant()
    def no_resident_is_here_twice_at_once_and_no_exit_comes_before_its_entry(self):
        stays = self.rows("SELECT resident_id, began_at, coalesce(ended_at, :ever) FROM stay")
        assert all(began <= ended for _, began, ended in stays)
        for one, other in combinations(stays, 2):
            assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]

    @invariant()
    def no_bed_holds_two_at_once(self):
        spans = [row for row in self.rows(SPANS) if row[0] is not None and row[2] < row[3]]
        for one, other in combinations(spans, 2):
            same = one[0] == other[0] and one[1] != other[1]
            assert not same or one[3] <= other[2] or other[3] <= one[2]

    @invariant()
    def every_stay_has_a_place_from_its_first_moment_on(self):
        first = self.rows(
            "SELECT s.began_at, (SELECT min(since_at) FROM stay_bed b WHERE b.stay_id = s.id) "
            "FROM stay s"
        )
        assert all(began == since for began, since in first)

    @invariant()
    def the_board_of_tonight_is_the_census_of_this_moment(self):
        if self.clock() < self.latest:
            return  # by this clock some of them are still to come
        board = self.desk.ask(bed_board)
        shown = {(bed.sleeper.stay_id, bed.name) for bed in board.beds if bed.sleeper}
        shown |= {(one.stay_id, "") for one in board.without_bed}
        now = self.desk.ask(census, at=self.clock()).sleepers
        assert {(one.stay_id, one.bed) for one in now} == shown

    @invariant()
    def what_is_due_is_what_the_rules_say(self):
        assert self.desk.ask(due_drift) == ()

    def teardown(self):
        print(f"{self.taken} acts, {self.refused} refused, {len(self.stays)} stays")
        self.desk.close()
        self.folder.cleanup()


TestBedsInAnyOrder = BedsInAnyOrder.TestCase
TestBedsInAnyOrder.settings = settings(
    max_examples=8,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
