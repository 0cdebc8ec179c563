"""Which attributes stand together, arranged as a tree; what is no tree is refused.

Source: Beeri, Fagin, Maier and Yannakakis, Journal of the ACM 30 (1983), on acyclic schemes.
"""

from __future__ import annotations

from collections.abc import Sequence

from shelter_desk.disclosure.definitions import Definition
from shelter_desk.disclosure.families import MOST_DIMENSIONS, FamilyError

Cluster = frozenset[str]


def tree(definitions: Sequence[Definition]) -> tuple[list[Cluster], list[int | None]]:
    """Arrange the largest sets of attributes so that each shares all it shares with its parent.

    Returns:
        Clusters with parents first, and the position of each one's parent.

    Raises:
        FamilyError: figures cross too many attributes, or attributes in a ring.
    """
    return tree_of([one.attributes for one in definitions])


def tree_of(crossed: Sequence[Cluster]) -> tuple[list[Cluster], list[int | None]]:
    """Do the same for the attributes that each figure or table crosses.

    Raises:
        FamilyError: too many are crossed, or some in a ring.
    """
    sets = list(dict.fromkeys(crossed)) or [frozenset()]
    left = [one for one in sets if not any(one < other for other in sets)]
    for one in left:
        if len(one) > MOST_DIMENSIONS:
            raise FamilyError(
                f"{' × '.join(sorted(one))}: no safe version of a table of {len(one)} dimensions "
                "can be found in reasonable time.",
                f"Ask for tables of at most {MOST_DIMENSIONS} of them.",
            )
    taken: list[tuple[Cluster, Cluster | None]] = []
    while left:
        ear = next((pair for pair in _ears(left)), None)
        if ear is None:
            raise FamilyError(
                "These tables share dimensions in a ring, and a reader knows more from them "
                "together than from any two.",
                "Ask for tables that all share one dimension, or for their margins only.",
            )
        taken.append(ear)
        left.remove(ear[0])
    taken.reverse()
    clusters = [cluster for cluster, _ in taken]
    return clusters, [None if p is None else clusters.index(p) for _, p in taken]


def _ears(sets: Sequence[Cluster]) -> list[tuple[Cluster, Cluster | None]]:
    if len(sets) == 1:
        return [(sets[0], None)]
    found: list[tuple[Cluster, Cluster | None]] = []
    for one in reversed(sets):
        others = [other for other in sets if other is not one]
        shared = one & frozenset().union(*others)
        parent = next((other for other in others if shared <= other), None)
        if parent is not None:
            found.append((one, parent))
            break
    return found
