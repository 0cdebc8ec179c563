"""The rules of the funder lines of a service entry: which fit, which exclude each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content import ListRule
from shelter_desk.domain.errors import Problem

FUNDERS, LINES = "service-funders", "voca-services"
CONNECTIONS = "rhy-service-connections"
NO_FUNDER, FIRST_FUNDER = "none", "voca"
_GENERAL_LINES = ("14", "8", "17")


def usual_funder(voca_code: str | None) -> str:
    """Return who pays, where nobody said so: with a funder line the funder of those lines."""
    return FIRST_FUNDER if voca_code else NO_FUNDER


def counts_lines(model: CareModel) -> frozenset[str]:
    """Return the codes of the funders to whom lines are reported."""
    return frozenset(
        value.code for value in model.values(FUNDERS) if value.extra.get("counts_lines")
    )


def line_problems(
    model: CareModel, service_id: str, voca_code: str | None, funder: str
) -> Iterator[Problem]:
    """Yield what does not fit together in one entry."""
    service = model.services.get(service_id)
    if funder not in {value.code for value in model.values(FUNDERS)}:
        yield Problem("funder", "Choose the funder from the list.")
        return
    if voca_code is not None and service is not None and voca_code not in service.voca:
        yield Problem("voca_code", "This funder line does not belong to the service.")
    if voca_code is None and funder in counts_lines(model):
        yield Problem("voca_code", "This funder counts lines: choose one, or another funder.")


def never_with(model: CareModel, service_id: str, voca_code: str | None) -> Collection[str]:
    """Return the lines of which only one may be counted for the same thing on the same day."""
    for rule in rules_of(model, service_id, voca_code):
        if rule.kind == "choose-one":
            return tuple(code for code in rule.codes if code != voca_code)
    return ()


def rules_of(model: CareModel, service_id: str, voca_code: str | None) -> tuple[ListRule, ...]:
    """Return the funder's rules for a line of a service, to be read beside it."""
    return tuple(
        rule
        for rule in model.lists[LINES].rules
        if service_id in rule.services and voca_code in rule.codes
    )


def connection_of(model: CareModel, service_id: str) -> str | None:
    """Return the one line of the RHY service connections (R14) that a service counts in, or None.

    The most general of those it can stand for; none that may only be used if the funder says so.
    """
    lines = model.lists[CONNECTIONS]
    known = {value.code for value in lines.values}
    service = model.services.get(service_id)
    codes = [code for code in service.rhy if code in known] if service else []
    only_if = {
        code
        for rule in lines.rules
        if rule.kind == "only-if" and service_id in rule.services
        for code in rule.codes
    }
    codes = [code for code in codes if code not in only_if]
    general = [code for code in _GENERAL_LINES if code in codes]
    return next(iter((*general, *codes)), None)
