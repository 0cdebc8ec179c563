"""Somebody has every pack of every auditor, and all releases, of a house that corrects records.

They know the checklist, and that a table adds up, that a year has everybody of its quarters, and
that the same figure of the same period is the same. They look for a count of fewer residents than
a figure must rest on: one that differs between two packs, is left over between a year and its
quarters, or is the only one that fits.
"""

import random
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from shelter_desk.desk import care, residents, service_log
from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.counts import NAMED_K
from shelter_desk.desk.summaries import ledger
from shelter_desk.domain.periods import Period
from shelter_desk.exports.pack_contents import prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.profiles import pack_rules
from tests.conftest import Clock, newly_founded

YEAR = 2027
USUAL = ("crisis_shelter.05", "crisis_shelter.10", "emergency_medical.09")
RARE = "crisis_safety.08"


class House:
    """A house whose people come, are cared for, leave, and are corrected afterwards."""

    def __init__(self, folder, care_model, seed):
        self.draw = random.Random(f"house {seed}")
        beds = tuple(f"Room {n}" for n in range(24))
        self.opened = newly_founded(folder, care_model, Clock(), beds)
        self.desk, self.clock = self.opened.desk, self.opened.clock
        self.rules, self.answers, self.entries = pack_rules(care_model), [], []

    def arrive(self, quarter, count):
        """Let people come in a quarter; most have the usual papers, one or two something rare."""
        self.clock.at = datetime(YEAR, 3 * quarter - 2, 3, 15, tzinfo=UTC)
        for number in range(count):
            self.clock.forward(days=1)
            born = date(YEAR - self.draw.choice((13, 15, 16, 17, 17)), 2, 3)
            stay = self.desk.do(
                residents.Admit(f"Fern {quarter} {number}", self.clock(), born_on=born)
            ).subject
            self.clock.forward(hours=1)
            for item in (*(i for i in USUAL if self.draw.random() < 0.9), *[RARE] * (number < 2)):
                plan = self.desk.ask(care.stay_plan, stay_id=stay, now=self.clock())
                line = next(
                    i for s in plan.services for i in s.items if i.item_id == item and i.occurrence
                )
                done = self.desk.do(care.AnswerItem(stay, item, line.occurrence))
                self.answers.append(done.subject)
            if self.draw.random() < 0.7:
                entry = service_log.LogService(stay, "crisis_shelter", self.clock(), 30)
                self.entries.append(self.desk.do(entry).subject)
            if self.draw.random() < 0.4:
                self.clock.forward(hours=9)
                self.desk.do(residents.RecordExit(stay, self.clock(), "kin", "422"))

    def correct(self, times=2):
        """Take back a few answers and entries of what is out already."""
        for _ in range(times):
            answer = self.answers.pop(self.draw.randrange(len(self.answers)))
            self.desk.do(care.UndoAnswer(answer))

    def packs(self, period, *profiles):
        """Lay packs out two days after the period is over: from then on its figures are known."""
        ends = Period.parse(period).ends_on
        self.clock.at = datetime(ends.year, ends.month, ends.day, 15, tzinfo=UTC) + timedelta(2)
        return [prepare_pack(self.desk, PackOrder(profile, period)) for profile in profiles]

    def behind(self, period):
        """Figure id of a table of events -> the residents behind it."""
        now, found = self.clock(), defaultdict(set)
        asked = self.desk.ask(
            care_request, period=Period.parse(period), now=now, groups=self.rules.groups
        )
        for table, cells in asked.facts.cells.items():
            for (row, column), cell in cells.items():
                for name in (f"{row}/{column}", f"{row}/total", f"total/{column}", "total/total"):
                    found[f"{table}/{name}"] |= {who for who, count in cell.items() if count}
        return found


class Reader:
    """All that is out, as equations; `found` are the small counts that are proved."""

    def __init__(self, known):
        self.found, self.shown, self.sums, self.events = [], {}, [], {}
        for one in known:
            period = one["period"]
            self.events |= {
                (period, table["id"]): table["rule"] == "contributors" for table in one["tables"]
            }
            for table in one["tables"]:
                self.sums += [
                    ((period, total), [(period, part) for part in parts])
                    for total, parts in sums_of(table)
                ]
            for figure in one["figures"]:
                at, value = (period, figure["id"]), figure["value"]
                if value is not None and self.shown.setdefault(at, value) != value:
                    self.found.append(("told twice", at, self.shown[at], value))
        self.cells = sorted({one for total, parts in self.sums for one in (total, *parts)})

    def subtract(self):
        """Set every year beside its quarters."""
        for (period, name), value in self.shown.items():
            part = self.shown.get((str(YEAR), name)) if "-" in period else None
            if part is None:
                continue
            if self.events.get((period, name.partition("/")[0])):
                self.found.append(("events of a year and of its quarter", period, name))
            elif part < value or 0 < part - value < NAMED_K:
                self.found.append(("rest of a year", period, name, part - value))

    def solve(self):
        """Return (period, figure) -> the only value that fits, of those that are withheld."""
        place = {at: n for n, at in enumerate(self.cells)}
        rows, sums = [], []
        for total, parts in self.sums:
            rows.append({place[total]: 1.0, **{place[one]: -1.0 for one in parts}})
            sums.append(0.0)
        data = [(n, at, value) for n, row in enumerate(rows) for at, value in row.items()]
        of, at, values = zip(*data, strict=True)
        equal = csr_matrix((values, (of, at)), shape=(len(rows), len(place)))
        bounds = [(self.shown.get(one, 0), self.shown.get(one)) for one in self.cells]
        only = {}
        for one in self.cells:
            if one in self.shown:
                continue
            ends = []
            for sign in (1, -1):
                cost = np.zeros(len(place))
                cost[place[one]] = sign
                answer = linprog(cost, A_eq=equal, b_eq=sums, bounds=bounds, method="highs")
                ends.append(sign * answer.fun if answer.status == 0 else -np.inf * sign)
            if ends[1] - ends[0] < 0.5:
                only[one] = round(ends[0])
        return only


def sums_of(table):
    """A total of a table -> what it is the sum of; of one that asks yes or no there are none."""
    name, rows, columns = table["id"], table["rows"], table["columns"]
    if table["kind"] == "yes-no":
        return []
    cells = [f"{name}/{row}/{column}" for row in rows for column in columns]
    found = [(f"{name}/total/total", cells)]
    if len(columns) > 1:
        found += [(f"{name}/{r}/total", [f"{name}/{r}/{c}" for c in columns]) for r in rows]
        found += [(f"{name}/total/{c}", [f"{name}/{r}/{c}" for r in rows]) for c in columns]
    return found


def attacked(house, periods):
    """Return what a reader of everything proves of fewer than k residents."""
    known = house.desk.ask(ledger).known
    reader = Reader(known)
    reader.subtract()
    behind = {period: house.behind(period) for period in periods}
    only = reader.solve()
    for (period, name), value in only.items():
        if reader.events[period, name.partition("/")[0]]:
            few = value > 0 and len(behind[period].get(name, ())) < NAMED_K
        else:
            few = 0 < value < NAMED_K
        if few:
            reader.found.append(("the only one that fits", period, name, value))
    sys.stdout.write(
        f"{len(known)} releases, {len(reader.shown)} figures shown, "
        f"{len(reader.cells) - len(reader.shown)} withheld, {len(only)} of them known, "
        f"{len(reader.found)} proved of a few\n"
    )
    return reader.found


def a_year(folder, care_model, seed, quarters, first, second):
    """A house with packs of some quarters before and after corrections, and of the year."""
    house = House(folder, care_model, seed)
    for quarter in quarters:
        house.arrive(quarter, 12 + seed)
        house.packs(f"{YEAR}-Q{quarter}", *first)
        house.correct()
        house.packs(f"{YEAR}-Q{quarter}", *second)
    house.correct()
    house.packs(str(YEAR), *first, *second)
    return house


def test_a_year_and_its_corrected_quarter_prove_nothing_of_a_few(tmp_path, care_model):
    house = a_year(tmp_path / "records", care_model, 1, (4,), ("licensor",), ())
    try:
        assert attacked(house, (f"{YEAR}-Q4", str(YEAR))) == []
    finally:
        house.desk.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_all_packs_of_a_year_together_prove_nothing_of_a_few(tmp_path, care_model, seed):
    first, second = ("licensor", "grant-totals"), ("accreditor", "board")
    house = a_year(tmp_path / "records", care_model, seed, (1, 2, 3, 4), first, second)
    try:
        periods = (*(f"{YEAR}-Q{quarter}" for quarter in (1, 2, 3, 4)), str(YEAR))
        assert attacked(house, periods) == []
    finally:
        house.desk.close()


def test_the_reader_finds_what_there_is():
    table = {"id": "t", "rows": ["a", "b"], "columns": ["x"], "kind": "events",
             "rule": "contributors"}  # fmt: skip
    hidden = {**table, "id": "u"}  # nothing of it is shown: no number is the only one
    one = {"period": f"{YEAR}-Q1", "tables": [table, hidden], "figures": []}
    one["figures"] = [{"id": "t/total/total", "value": 9}, {"id": "t/a/x", "value": 7}]
    year = {**one, "period": str(YEAR), "figures": [{"id": "t/total/total", "value": 11}]}
    other = {**one, "figures": [{"id": "t/a/x", "value": 6}]}
    reader = Reader((one, year, other))
    reader.subtract()
    assert [kind for kind, *_ in reader.found] == [
        "told twice", "events of a year and of its quarter",
    ]  # fmt: skip
    assert reader.solve() == {(f"{YEAR}-Q1", "t/b/x"): 2}
