"""The files of a pack about staff and house: papers that run out, and what visits found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shelter_desk.desk.evidence_house import HouseShown
from shelter_desk.desk.findings import FindingLine
from shelter_desk.domain.dated_papers import (
    CURRENT,
    EXPIRED,
    EXPIRING,
    MISSING,
    PaperStanding,
)
from shelter_desk.domain.periods import Period
from shelter_desk.exports.labels import fresh_labels, shuffled

Row = tuple[str, ...]
PAPER_STATES = {
    CURRENT: "holds",
    EXPIRING: "holds and ends within 60 days",
    EXPIRED: "ran out",
    MISSING: "not on file",
}
_HOLD = (CURRENT, EXPIRING)
_TRAINING = "Training: "
"""How the titles of trainings begin among other papers: in one cell it is said once."""
_POLICY = "policy-"
"""How the kinds of papers begin that tell of a policy."""


def staffing_rows(house: HouseShown) -> Iterator[Row]:
    """Yield one line for each person, in an order and under labels drawn for this pack alone."""
    people = house.people
    for label, at in zip(fresh_labels(len(people)), shuffled(len(people)), strict=True):
        one = people[at]
        yield (
            label,
            ", ".join(one.roles),
            "whole period" if one.whole_period else "part of the period",
            one.agreement,
            f"{one.sign_ins:,}",
            *_papers_of(one.papers),
            "; ".join(f"{_topic(title)}: {hours}" for title, hours in one.hours),
            "; ".join(_licences(one.papers)),
        )


def _papers_of(papers: tuple[PaperStanding, ...]) -> tuple[str, str]:
    needed = [one for one in papers if one.is_needed]
    hold = sum(one.state in _HOLD for one in needed)
    lapsed = [one.kind.title for one in papers if one.state not in _HOLD]
    topics = [t.removeprefix(_TRAINING) for t in lapsed if t.startswith(_TRAINING)]
    others = [title for title in lapsed if not title.startswith(_TRAINING)]
    trainings = [_TRAINING + ", ".join(topics)] if topics else []
    return f"{hold} of {len(needed)}", "; ".join((*others, *trainings))


def _topic(title: str) -> str:
    """Return what a training is about, as a title of its own: "Giving medicines"."""
    bare = title.removeprefix(_TRAINING)
    return bare[:1].upper() + bare[1:]


def _licences(papers: tuple[PaperStanding, ...]) -> Iterator[str]:
    for one in papers:
        if one.kind.is_licence:
            yield f"{one.kind.title}: {PAPER_STATES[one.state]}"


def house_papers_rows(house: HouseShown) -> Iterator[Row]:
    """Yield one line for each paper of the house."""
    for one in house.papers:
        issued = one.seen.issued_on if one.seen else None
        ends = one.seen.expires_on if one.seen else None
        yield one.kind.title, PAPER_STATES[one.state], _quarter(issued), _quarter(ends)


def policy_rows(house: HouseShown) -> Iterator[Row]:
    """Yield one line for each text and set of rules, then for each policy on paper."""
    for one in house.policies:
        yield one.title, one.version, one.since, one.reviewed, "", one.changes
    for paper in house.papers:
        if paper.kind.id.startswith(_POLICY):
            reviewed = _quarter(paper.seen.issued_on if paper.seen else None)
            again = _quarter(paper.seen.expires_on if paper.seen else None)
            yield paper.kind.title, "", "", reviewed, again, ""


def _quarter(day: date | None) -> str:
    return Period.quarter_of(day).id if day else ""


def findings_rows(house: HouseShown) -> Iterator[Row]:
    """Yield one line for each finding; neither its words nor a name are in it."""
    for one in house.findings:
        done = one.corrected_on if one.corrected_on and one.corrected_on <= house.ends_on else None
        yield (
            _quarter(one.visit_on),
            one.scope,
            house.areas.get(one.area, one.area),
            ", ".join(house.role_names[role] for role in one.owner_roles),
            str((one.due_on - one.visit_on).days),
            str((done - one.visit_on).days) if done else "",
            _became(one, done, house.ends_on),
        )


def _became(line: FindingLine, done: date | None, day: date) -> str:
    if done is None:
        return "open" if day <= line.due_on else "open and past its day"
    return "corrected in time" if done <= line.due_on else "corrected late"
