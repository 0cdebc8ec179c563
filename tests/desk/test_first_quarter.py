"""A house in its first quarter: everybody it served is new, and its summary says so."""

from __future__ import annotations

from datetime import UTC, datetime

from shelter_desk.desk.residents import Admit
from shelter_desk.disclosure import SafeRelease, protect
from shelter_desk.exports.summary_release import ask_for_summary
from tests.conftest import OpenDesk

AGES = (11, 15, 15, 16, 19)


def test_all_residents_of_a_first_quarter_are_shown_as_new(open_desk: OpenDesk) -> None:
    """That nobody was there before is no group of a few: it costs no figure."""
    for number in range(40):
        age = AGES[number % 5] if number % 10 < 9 else 16
        arrived = open_desk.clock.forward(minutes=5)
        open_desk.desk.do(Admit(f"Sky {number}", arrived, age_guess=age))
    open_desk.clock.at = datetime(2026, 4, 2, 15, tzinfo=UTC)
    question = ask_for_summary(open_desk.desk, period="2026-Q1", audience="public")
    release = protect(question.request, earlier=())
    assert isinstance(release, SafeRelease)
    values = {one["id"]: one["value"] for one in release.certificate["figures"]}
    assert values["served/total/total"] == values["admitted/total/total"] == 40
    assert values["served/age-13-17/all"] == values["admitted/age-13-17/all"] == 28
    assert release.fewest_proved
    assert release.best_proved
