"""The dice alone say which places of a fixed list are read, and anybody can throw them again."""

import hashlib
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.sampling import METHOD, Place, drawn, in_order, key_of, plain_seed

ROOT = hashlib.sha256(b"a list").digest()


@given(st.integers(1, 60), st.data(), st.text("123456 ", min_size=6, max_size=40))
def test_a_draw_gives_that_many_different_places_and_always_the_same(population, data, seed):
    wanted = data.draw(st.integers(1, population))
    places = drawn(ROOT, seed, population, wanted)
    assert len(set(places)) == wanted
    assert set(places) <= set(range(1, population + 1))
    assert list(places) == sorted(places)
    assert drawn(ROOT, seed, population, wanted) == places
    assert set(drawn(ROOT, seed, population, min(population, wanted + 1))) >= set(places)


def test_stock_tools_draw_the_same_places():
    seed = "3 1 6 2 5 4"
    script = (
        f"for at in $(seq 1 40); do printf '%s\\n%s\\n%s\\n%d\\n' '{METHOD}' '{ROOT.hex()}' "
        f"'{seed}' $at | sha256sum | sed \"s/ .*/ $at/\"; done | LC_ALL=C sort | head -n 7"
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    places = sorted(int(line.split()[1]) for line in done.stdout.splitlines())
    assert tuple(places) == drawn(ROOT, seed, 40, 7)


def test_every_place_is_drawn_about_as_often():
    counted = Counter()
    for number in range(2000):
        counted.update(drawn(ROOT, f"seed {number}", 20, 4))
    expected = 2000 * 4 / 20
    chi_square = sum((counted[at] - expected) ** 2 / expected for at in range(1, 21))
    assert chi_square < 43.8  # 0.1 % of fair draws are further off


def test_another_list_or_another_throw_draws_other_places():
    seeds = {drawn(ROOT, f"throw {number}", 50, 5) for number in range(50)}
    roots = {drawn(bytes([number]) * 32, "3 1 6 2 5 4", 50, 5) for number in range(50)}
    assert len(seeds) == len(roots) == 50


@pytest.mark.parametrize("typed", ["", "12345", "1", "a" * 81, "3:1:6:2:5:4", "ééééééé", " \n "])
def test_a_throw_that_is_none_is_refused(typed):
    with pytest.raises(InvalidError, match="dice"):
        plain_seed(typed)


def test_spaces_around_and_between_do_not_matter():
    assert plain_seed("  3 1  6\t2 5 4 ") == "3 1 6 2 5 4"


def test_the_order_of_a_list_tells_nothing_of_who_is_in_it():
    places = [
        Place(f"R{n:04}", key_of(f"stay-{n}", bytes([n]) * 16), bytes([n]) * 16) for n in range(30)
    ]
    ordered = in_order(places)
    assert ordered != places
    assert in_order(reversed(places)) == ordered
    assert [place.leaf for place in ordered] == sorted(place.leaf for place in places)
