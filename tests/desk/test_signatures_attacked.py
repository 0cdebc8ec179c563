"""A reader of answers by line or role, and of all signatures, who knows what each item needs."""

import random
import sys

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from shelter_desk.desk.counting import TIMELY, Counts, Shape, table_of
from shelter_desk.desk.signature_counts import leave_by_role, total_fits, what_is_left
from shelter_desk.disclosure import Refused, ReleaseRequest, Settings, protect
from shelter_desk.domain.pack_groups import ItemGroup

K = 3
ITEMS = [f"item {n}" for n in range(10)]
OTHER, ALL = "other-items", {"all": "All"}
ROLES = ("nurse", "case", "night")


class House:
    """Ten items, what each needs, where it stands, and what invented residents were given."""

    def __init__(self, seed):
        draw = random.Random(f"signatures {seed}")
        self.services = {one: draw.choice("abc") for one in ITEMS}
        placed = draw.sample(ITEMS, 7)
        self.groups = [
            ItemGroup(f"group {n}", "Group", "file", tuple(placed[a:b]))
            for n, (a, b) in enumerate(((0, 2), (2, 4), (4, 7)))
        ]
        self.row = dict.fromkeys(ITEMS, OTHER)
        self.row |= {item: group.id for group in self.groups for item in group.items}
        self.by = draw.choice(("service", "group"))
        of_line = {self.line(one): draw.choices((0, 1, 2), (4, 3, 2))[0] for one in ITEMS}
        self.needs = {one: of_line[self.line(one)] for one in ITEMS}
        for odd in draw.sample(ITEMS, draw.randint(1, 2)):  # one line with a few of another kind
            self.needs[odd] = draw.choice((0, 1, 2))
        usual = {one: draw.choice((0.05, 0.6, 0.9)) for one in ITEMS}
        self.answers = [
            (self.row[item], item, who, draw.choice((1, 1, 2)))
            for who in range(draw.randint(12, 30))
            for item in ITEMS
            if draw.random() < usual[item]
        ]

    def line(self, item):
        return self.services[item] if self.by == "service" else self.row[item]

    def kinds(self):
        """Line -> what its items need, each once."""
        lines = sorted(set(map(self.line, ITEMS)))
        return {
            line: sorted({self.needs[i] for i in ITEMS if self.line(i) == line}) for line in lines
        }

    def lines_of_answers(self):
        """The line of each answer, in order."""
        return [self.line(item) for _, item, _, _ in self.answers]

    def released(self, *, kept_apart=True):
        """One release as a pack makes it: the answers by line, and the signatures."""
        lines, signed = Counts(dict.fromkeys(map(self.line, ITEMS), "Line")), Counts({"r": "Role"})
        for _, item, who, count in self.answers:
            lines.add_timely(self.line(item), who, count, count)
            signed.add("r", "all", who, count * self.needs[item])
        made = table_of("answers", Shape("A", "L", "All", "items", TIMELY, ("answers", self.by)),
                        lines)  # fmt: skip
        total = table_of(
            "signed", Shape("S", "R", "", "items", ALL, ("answers", "signer")), signed
        )
        if kept_apart:
            left = what_is_left(self.answers, self.needs, self.services, self.groups)
            total = total_fits(total, left, K)
        people = {who for _, _, who, _ in self.answers}
        asked = ReleaseRequest("t", "2026-Q1", "named", len(people), (made, total), Settings(K))
        return protect(asked)


class HouseOfRoles(House):
    """The same, with services that are open to some roles only; answers are out by role."""

    def __init__(self, seed):
        super().__init__(seed)
        draw = random.Random(f"roles {seed}")
        some = (ROLES, ("nurse",), ("case",), ("case", "night"))
        open_to = {service: draw.choice(some) for service in "abc"}
        self.given_by = [draw.choice(open_to[self.services[one[1]]]) for one in self.answers]
        of_service = {service: draw.choice((0, 1, 2)) for service in "abc"}
        self.needs = {one: of_service[self.services[one]] for one in ITEMS}
        for odd in draw.sample(ITEMS, draw.randint(0, 2)):
            self.needs[odd] = draw.choice((0, 1, 2))
        self.may = {
            role: {one for one in ITEMS if role in open_to[self.services[one]]} for role in ROLES
        }

    def kinds(self):
        return {role: sorted({self.needs[i] for i in self.may[role]}) for role in ROLES}

    def lines_of_answers(self):
        return self.given_by

    def released(self, *, kept_apart=True):
        by_role, signed = Counts(dict.fromkeys(ROLES, "Role")), Counts({"r": "Role"})
        given = [
            (role, item, who, count)
            for role, (_, item, who, count) in zip(self.given_by, self.answers, strict=True)
        ]
        for role, item, who, count in given:
            by_role.add(role, "all", who, count)
            signed.add("r", "all", who, count * self.needs[item])
        made = table_of("answers", Shape("A", "R", "", "items", ALL, ("answers", "role")), by_role)
        total = table_of(
            "signed", Shape("S", "R", "", "items", ALL, ("answers", "signer")), signed
        )
        if kept_apart:
            left = what_is_left(self.answers, self.needs, self.services, self.groups)
            leave_by_role(left, given, self.needs, self.may)
            total = total_fits(total, left, K)
        people = {who for _, _, who, _ in self.answers}
        asked = ReleaseRequest("t", "2026-Q1", "named", len(people), (made, total), Settings(K))
        return protect(asked)


def proved(house, release):
    """Return the kinds of answers whose number a reader has exactly, with too few behind it."""
    shown = {one["id"]: one["value"] for one in release.certificate["figures"]}
    total = shown.get("signed/total/total")
    if total is None:
        return None
    kinds = house.kinds()
    lines = sorted(kinds)
    cells = [(line, kind) for line in lines for kind in kinds[line]]
    rows, sums = [[kind for _, kind in cells]], [total]
    for line in (*lines, "total"):
        value = shown.get(f"answers/{line}/total", shown.get(f"answers/{line}/all"))
        if value is not None:
            rows.append([float(line in (of, "total")) for of, _ in cells])
            sums.append(value)
    known = LinearConstraint(np.array(rows, dtype=float), sums, sums)
    asked = [[at] for at in range(len(cells))]
    asked += [[at for at, (_, kind) in enumerate(cells) if kind == one] for one in (0, 1, 2)]
    asked += [[at for at, (_, kind) in enumerate(cells) if kind]]
    found = []
    for group in filter(None, asked):
        most = []
        for sign in (1, -1):
            cost = np.zeros(len(cells))
            cost[group] = sign
            most.append(milp(cost, constraints=known, integrality=np.ones(len(cells))).fun)
        inside = {cells[at] for at in group}
        behind = {
            who
            for line, (_, item, who, _) in zip(
                house.lines_of_answers(), house.answers, strict=True
            )
            if (line, house.needs[item]) in inside
        }
        least, greatest = round(most[0]), round(-most[1])  # what is true fits: there is an answer
        if 0 < least == greatest and len(behind) < K:
            found.append((sorted(inside), least))
    return found


def attacked(seeds, *, kept_apart=True, of=House):
    """Return how many totals of signatures were shown, and what was proved."""
    totals, found = 0, []
    for seed in seeds:
        house = of(seed)
        release = house.released(kept_apart=kept_apart)
        told = None if isinstance(release, Refused) else proved(house, release)
        totals += told is not None
        found += [(seed, one) for one in told or ()]
    sys.stdout.write(f"{totals} totals shown, {len(found)} proved\n")
    return totals, found


def test_all_signatures_prove_nothing_of_a_few_answers():
    assert attacked(range(24), kept_apart=False)[1]  # the reader can find what there is
    totals, found = attacked((*range(24), 913))  # 913: lines of two kinds each, three in all
    assert found == []
    assert totals > 15


def test_all_signatures_beside_answers_by_role_prove_nothing_of_a_few():
    assert attacked((4, 42, 45), kept_apart=False, of=HouseOfRoles)[1]
    totals, found = attacked((*range(12), 42, 45, 372), of=HouseOfRoles)
    assert found == []
    assert totals > 6


@pytest.mark.slow
def test_all_signatures_prove_nothing_in_hundreds_of_houses():
    for of in (House, HouseOfRoles):
        totals, found = attacked(range(1_000), of=of)
        assert found == []
        assert totals > 100
