"""A made-up shelter of 64 residents, counted for a summary."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from shelter_desk.disclosure import (
    Label,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    protect,
)
from shelter_desk.reports.summary_files import summary_files

MADE_AT = datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
SHELTER = "Willow House"
ALL = (Label("all", "All"),)

AGES = (
    Label("0-11", "11 or younger"),
    Label("12-14", "12 to 14"),
    Label("15-17", "15 to 17"),
    Label("18-24", "18 to 24"),
    Label("25+", "25 or older"),
    Label("unknown", "Not known"),
)
REFERRED = (
    Label("law", "Law enforcement"),
    Label("welfare", "Child welfare agency"),
    Label("self", "Came by themselves or with a friend"),
)
BY_AGE = ((2, 1, 3), (8, 4, 2), (15, 9, 3), (7, 6, 1), (1, 1, 0), (0, 0, 1))
SERVICES = (
    ("crisis", "Crisis safety & first night", 64),
    ("medical", "Emergency medical care", 41),
    ("legal", "Legal advocacy", 17),
    ("school", "Education re-entry", 22),
    ("drive", "Transportation to court, to school and to appointments outside of the county", 3),
    ("home", "Long-term housing", 0),
)


def request(k: int = 5) -> ReleaseRequest:
    ages = tuple((sum(row),) for row in BY_AGE)
    nights = ((900,), (1126,), (310,))
    return ReleaseRequest(
        title="Care in this quarter",
        period="2026-Q1",
        audience="named",
        population=64,
        tables=(
            TableRequest("age", "Age at admission", "residents", AGES, ALL, ages),
            TableRequest(
                "age-referral", "Age by who referred", "residents", AGES, REFERRED, BY_AGE
            ),
            TableRequest(
                "services",
                "Services received",
                "residents",
                tuple(Label(code, label) for code, label, _ in SERVICES),
                ALL,
                tuple((count,) for _, _, count in SERVICES),
                kind="yes-no",
            ),
            TableRequest(
                "nights",
                "Nights of care",
                "nights",
                (Label("01", "January"), Label("02", "February"), Label("03", "March")),
                ALL,
                nights,
                contributors=((30,), (38,), (20,)),
                largest=((31,), (28,), (31,)),
            ),
        ),
        settings=Settings(k=k),
    )


@cache
def release() -> SafeRelease:
    made = protect(request())
    assert isinstance(made, SafeRelease), made
    return made


@cache
def _files() -> dict[str, bytes]:
    return summary_files(release(), MADE_AT, SHELTER)


def files() -> dict[str, bytes]:
    """The four files; a fresh dictionary, so that a test may change its own."""
    return dict(_files())
