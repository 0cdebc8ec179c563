"""Which coarser version of a release would show most: all are solved, none is released."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from shelter_desk.disclosure.ledger import Certificates
from shelter_desk.disclosure.release import protect
from shelter_desk.disclosure.request import ReleaseRequest
from shelter_desk.disclosure.safe import Refused

# An answer that is nearly the best is good enough to rank by.
TIME_LIMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Advice:
    """What one alternative would show.

    Args:
        key: of the alternative. shown, figures: how many of how many; 0 of 0 where refused.
        left_out: titles of tables it has to leave out. refused: why there is no safe version.
    """

    key: str
    shown: int
    figures: int
    left_out: tuple[str, ...] = ()
    refused: str = ""

    @property
    def share(self) -> float:
        """Return the share of figures that are shown."""
        return self.shown / self.figures if self.figures else 0.0


def advise(
    alternatives: Mapping[str, ReleaseRequest],
    *,
    earlier: Certificates = (),
    tell: Callable[[Advice], None] | None = None,
) -> tuple[Advice, ...]:
    """Solve every alternative and rank them, the one that shows the greatest share first.

    Args:
        alternatives: key -> the tables with their true counts.
        earlier: what is out.
        tell: is given each answer as it is found.
    """
    found = []
    for key, request in alternatives.items():
        settings = replace(request.settings, time_limit_s=TIME_LIMIT_S)
        release = protect(replace(request, settings=settings), earlier=earlier)
        if isinstance(release, Refused):
            one = Advice(key, 0, 0, refused=release.reason)
        else:
            left_out = tuple(dropped.title for dropped in release.dropped)
            figures = release.shown + release.withheld
            one = Advice(key, release.shown, figures, left_out)
        found.append(one)
        if tell is not None:
            tell(one)
    return ranked(found)


def ranked(found: list[Advice]) -> tuple[Advice, ...]:
    """Order answers: fewest tables left out, then the greatest share shown, then most figures."""
    return tuple(
        sorted(
            found,
            key=lambda one: (bool(one.refused), len(one.left_out), -one.share, -one.shown),
        )
    )
