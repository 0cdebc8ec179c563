"""Lines of the grants a shelter reports to, and the services that can count in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.content_table import Table
from shelter_desk.domain.service_rules import CONNECTIONS, connection_of

RHY, TRAFFICKING = "RHY (R14)", "OVC and OTIP, style"


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A line of a list: `of` says whose, `services` are ids of the care model, in its order."""

    of: str
    title: str
    services: tuple[str, ...]


def read_lines(whole: Table, model: CareModel) -> tuple[GrantLine, ...]:
    """Read the lines of trafficking grants; problems stay in the table."""
    found = []
    for row in whole.tables("lines", "title"):
        line = GrantLine(TRAFFICKING, row.text("title"), row.texts("services"))
        for service_id in line.services:
            if service_id not in model.shipped:
                row.problem(f"service {service_id!r} is not in the care model")
        found.append(line)
        row.done()
    whole.done()
    return tuple(found)


def rhy_lines(model: CareModel) -> Iterator[GrantLine]:
    """Yield every line of the service connections (R14), those too in which nothing counts."""
    counts_in = {one: connection_of(model, one) for one in model.services}
    for value in model.values(CONNECTIONS):
        services = tuple(one for one, code in counts_in.items() if code == value.code)
        yield GrantLine(RHY, f"{value.code} {value.label}", services)
