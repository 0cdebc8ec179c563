"""A house in its first quarter: everybody it served is new, and what that blanks says why."""

from __future__ import annotations

from datetime import UTC, datetime

from shelter_desk.desk.residents import Admit
from shelter_desk.disclosure import SafeRelease, protect
from shelter_desk.disclosure.asking_again import reason_for
from shelter_desk.exports.summary_release import ask_for_summary
from tests.conftest import OpenDesk

AGES = (11, 15, 15, 16, 19)
SPARE = "not needed for safety"


def test_a_blank_that_protects_nobody_is_explained_and_not_called_the_fewest(
    open_desk: OpenDesk,
) -> None:
    """Nobody stayed on from before, and the proof has to hide that too: it asks for no counts."""
    for number in range(40):
        age = AGES[number % 5] if number % 10 < 9 else 16
        arrived = open_desk.clock.forward(minutes=5)
        open_desk.desk.do(Admit(f"Sky {number}", arrived, age_guess=age))
    open_desk.clock.at = datetime(2026, 4, 2, 15, tzinfo=UTC)
    question = ask_for_summary(open_desk.desk, period="2026-Q1", audience="public")
    release = protect(question.request, earlier=())
    assert isinstance(release, SafeRelease)
    values = {one["id"]: one["value"] for one in release.certificate["figures"]}
    assert values["served/total/total"] == 40
    assert values["admitted/total/total"] is None
    why = reason_for(question.request, (), release.certificate, "admitted/total/total")
    assert SPARE not in why
    assert "those not in Residents admitted" in why
    assert not release.fewest_proved
    assert not release.best_proved
