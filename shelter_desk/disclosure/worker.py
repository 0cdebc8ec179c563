"""`protect` in a process of its own: it can be stopped at any moment, and nothing waits for it.

Only counts go in and only a safe release comes out. The child imports this package and the
domain: neither windows nor the records.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from shelter_desk.disclosure.advisor import Advice, advise
from shelter_desk.disclosure.asking_again import Range, ranges_of, reason_for
from shelter_desk.disclosure.checker import check
from shelter_desk.disclosure.child import Channel, answers_of
from shelter_desk.disclosure.door import Result, protect_problem, refused
from shelter_desk.disclosure.going_public import Weighed, weigh
from shelter_desk.disclosure.ledger import Certificates
from shelter_desk.disclosure.model import Problem
from shelter_desk.disclosure.planned import protect_planned
from shelter_desk.disclosure.release import Early, protect
from shelter_desk.disclosure.request import ReleaseRequest
from shelter_desk.disclosure.safe import Refused, SafeRelease

_DIED = "The search for a safe version ended without an answer."


def protect_in_worker(
    request: ReleaseRequest,
    *,
    earlier: Certificates = (),
    early: Early | None = None,
    stop: threading.Event | None = None,
) -> SafeRelease | Refused:
    """Protect a release as `protect` does, in a process that ends when it is told to.

    Args:
        request: the tables with their true counts.
        earlier: shareable certificates of the releases that are out.
        early: is given a first safe release, on this thread, while fewer blanks are sought.
        stop: set it, from any thread, to end the work.

    Raises:
        StoppedError: `stop` was set.
    """
    for is_last, answer in answers_of(_release, (request, tuple(earlier)), stop):
        held = _held(answer)
        if is_last:
            return held
        if early is not None and isinstance(held, SafeRelease):
            early(held)
    return Refused(_DIED, "search")


def protect_planned_in_worker(
    requests: tuple[ReleaseRequest, ...],
    *,
    earlier: Certificates = (),
    stop: threading.Event | None = None,
) -> tuple[SafeRelease | Refused, ...]:
    """Protect several releases together as `protect_planned` does, in a process of its own.

    Raises:
        StoppedError: `stop` was set.
    """
    for is_last, answers in answers_of(_plan, (requests, tuple(earlier)), stop):
        if is_last:
            return tuple(_held(answer) for answer in answers)
    return tuple(Refused(_DIED, "search") for _ in requests)


def advise_in_worker(
    alternatives: Mapping[str, ReleaseRequest],
    *,
    earlier: Certificates = (),
    tell: Callable[[Advice], None] | None = None,
    stop: threading.Event | None = None,
) -> tuple[Advice, ...]:
    """Rank alternatives as `advise` does, in a process of its own; `tell` hears each on the way.

    Raises:
        StoppedError: `stop` was set.
    """
    for is_last, answer in answers_of(_advice, (dict(alternatives), tuple(earlier)), stop):
        if is_last:
            return tuple(answer)
        if tell is not None:
            tell(answer)
    return ()


def reason_in_worker(
    request: ReleaseRequest,
    earlier: Certificates,
    certificate: Mapping[str, Any],
    figure: str,
) -> str:
    """Say why a figure is blank as `reason_for` does, in a process of its own; "" if it died."""
    given = (request, tuple(earlier), dict(certificate), figure)
    for is_last, answer in answers_of(_reason, given, None):
        if is_last:
            return str(answer)
    return ""


def ranges_in_worker(certificate: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ranges of blanks as `ranges_of` does, in a process of its own."""
    for is_last, answer in answers_of(_ranges, (dict(certificate),), None):
        if is_last:
            return dict(answer)
    return {}


def weigh_in_worker(
    report: Mapping[str, Any], earlier: Certificates, about_of: Mapping[str, str]
) -> Weighed:
    """Say what a report tells once it is public as `weigh` does, in a process of its own."""
    given = (dict(report), tuple(earlier), dict(about_of))
    for is_last, answer in answers_of(_weighed, given, None):
        if is_last and isinstance(answer, Weighed):
            return answer
    return Weighed((_DIED,))


def protect_problem_in_worker(problem: Problem, *, stop: threading.Event | None = None) -> Result:
    """Protect a table as `protect_problem` does, in a process that ends when it is told to.

    Raises:
        StoppedError: `stop` was set.
    """
    for is_last, answer in answers_of(_table, (problem,), stop):
        if is_last:
            return dict(answer)
    return refused(_DIED)


def _held(answer: SafeRelease | Refused) -> SafeRelease | Refused:
    """Add the certificate up again on this side; nothing is taken on trust."""
    if isinstance(answer, SafeRelease):
        wrong = check(answer.certificate)
        if wrong:
            return Refused(f"The proof of safety did not hold. {wrong[0]}", "certificate")
    return answer


def _release(sender: Channel, request: ReleaseRequest, earlier: Certificates) -> None:
    answer = protect(request, earlier=earlier, early=lambda release: sender.send((False, release)))
    sender.send((True, answer))


def _plan(sender: Channel, requests: tuple[ReleaseRequest, ...], earlier: Certificates) -> None:
    sender.send((True, protect_planned(requests, earlier=earlier)))


def _advice(
    sender: Channel, alternatives: Mapping[str, ReleaseRequest], earlier: Certificates
) -> None:
    found = advise(alternatives, earlier=earlier, tell=lambda one: sender.send((False, one)))
    sender.send((True, found))


def _reason(
    sender: Channel,
    request: ReleaseRequest,
    earlier: Certificates,
    certificate: Mapping[str, Any],
    figure: str,
) -> None:
    sender.send((True, reason_for(request, earlier, certificate, figure)))


def _ranges(sender: Channel, certificate: Mapping[str, Any]) -> None:
    sender.send((True, ranges_of(certificate)))


def _weighed(
    sender: Channel,
    report: Mapping[str, Any],
    earlier: Certificates,
    about_of: Mapping[str, str],
) -> None:
    sender.send((True, weigh(report, earlier, about_of)))


def _table(sender: Channel, problem: Problem) -> None:
    sender.send((True, protect_problem(problem)))
