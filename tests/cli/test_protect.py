"""The open door: a table in, a result out, and for a bad table the place of what is wrong."""

import json

import pytest

from shelter_desk.cli import main
from shelter_desk.disclosure import BadTableError, parse_table

TABLE = {
    "k": 5,
    "atoms": {"self": 3, "police": 12, "hospital": 9, "court": 21},
    "figures": [
        {"id": "Self", "atoms": ["self"]},
        {"id": "Police", "atoms": ["police"]},
        {"id": "Hospital", "atoms": ["hospital"]},
        {"id": "Court", "atoms": ["court"]},
        {"id": "Total", "atoms": ["self", "police", "hospital", "court"], "weight": 100},
    ],
}


@pytest.fixture
def door(tmp_path, capsys):
    def run(table):
        source, out = tmp_path / "table.json", tmp_path / "result.json"
        text = table if isinstance(table, str) else json.dumps(table)
        source.write_text(text, encoding="utf-8")
        code = main(["protect", str(source), "--out", str(out)])
        told = capsys.readouterr()
        result = json.loads(out.read_text("utf-8")) if out.exists() else None
        return code, result, told.err

    return run


def verified(tmp_path, result):
    path = tmp_path / "checked.json"
    path.write_text(json.dumps(result), encoding="utf-8")
    return main(["verify-summary", str(path)])


def test_a_safe_result_has_every_part_and_holds(door, tmp_path):
    code, result, _ = door(TABLE)
    assert code == 0
    assert list(result) == [
        "status", "reason", "published", "withheld", "sensitive", "fewest_proved", "lower_bound",
        "explanations", "certificate", "cpu_seconds",
    ]  # fmt: skip
    assert result["status"] == "safe"
    assert result["reason"] is None
    assert result["withheld"] == ["Self", "Police"]
    assert result["published"] == {"Hospital": 9, "Court": 21, "Total": 45}
    assert result["sensitive"] == ["Self"]
    assert (result["fewest_proved"], result["lower_bound"]) == (True, 2)
    assert verified(tmp_path, result) == 0


def test_a_withheld_figure_is_explained_by_the_sum_a_reader_would_do(door):
    _, result, _ = door(TABLE)
    assert result["explanations"] == {
        "Self": "It covers a small group.",
        "Police": "If it were shown, Self could be worked out: "
        "Total − Police − Hospital − Court = Self.",
    }


def test_zeros_are_left_out_of_the_sum_a_reader_would_do(door):
    figures = [{"id": "School", "atoms": ["school"]}, *TABLE["figures"][:4]]
    figures.append({"id": "Total", "atoms": [*TABLE["atoms"], "school"], "weight": 100})
    _, result, _ = door(TABLE | {"atoms": TABLE["atoms"] | {"school": 0}, "figures": figures})
    assert result["published"]["School"] == 0
    assert result["explanations"]["Police"].endswith("Total − Police − Hospital − Court = Self.")


def test_a_range_that_is_too_narrow_is_explained_by_its_limit(door):
    """Two withheld of nine together, neither zero: each could be eight at most, were six shown."""
    table = {
        "k": 5,
        "atoms": {"a": 3, "b": 2, "c": 6},
        "figures": [{"id": name, "atoms": [name]} for name in "abc"]
        + [{"id": "all", "atoms": ["a", "b", "c"], "weight": 100}],
    }
    _, result, _ = door(table)
    assert result["withheld"] == ["a", "b", "c"]
    assert "at most 4, from all − c." in result["explanations"]["c"]


def test_what_cannot_be_made_safe_is_refused_with_a_reason(door, tmp_path):
    everything = {figure["id"]: "published" for figure in TABLE["figures"]}
    code, result, told = door(TABLE | {"fixed": everything})
    assert code == 1
    assert result["status"] == "refused"
    assert result["reason"] == told.strip() == "Self covers a small group and is public already."
    assert (result["published"], result["withheld"], result["certificate"]) == ({}, [], None)
    assert verified(tmp_path, result) == 1


def test_every_changed_part_of_a_result_is_refused(door, tmp_path):
    _, result, _ = door(TABLE)
    changes = {
        "published": [{**result["published"], "Court": 22}, {"Hospital": 9, "Court": 21}],
        "withheld": [["Self"], ["Self", "Police", "Court"]],
        "sensitive": [["Court"]],
        "fewest_proved": [False, 1],
        "lower_bound": [1, 3, True],
        "explanations": [{}],
        "certificate": [None, {**result["certificate"], "atoms": 5}],
        "status": ["refused", "fine"],
        "reason": ["none"],
    }
    passed = [
        (part, value)
        for part, values in changes.items()
        for value in values
        if verified(tmp_path, {**result, part: value}) == 0
    ]
    assert passed == []
    for part in result:
        assert verified(tmp_path, {k: v for k, v in result.items() if k != part}) == 1


def without(key):
    return {name: value for name, value in TABLE.items() if name != key}


def figure(**more):
    return TABLE | {"figures": [*TABLE["figures"], {"id": "x", "atoms": ["self"], **more}]}


NOBODY = TABLE | {"atoms": TABLE["atoms"] | {"court": 0}}
TWINS = TABLE | {"figures": [*TABLE["figures"], {"id": "Twin", "atoms": ["self"]}]}
BAD = [
    ("", "file: this is not JSON"),
    ("[", "file: this is not JSON"),
    ("[]", "table: this must be an object"),
    (json.dumps(TABLE)[:-1] + ', "k": 6}', "k: this name stands twice"),
    (json.dumps(TABLE | {"k": float("nan")}), "file: NaN is not a number"),
    (without("k"), "k: this is missing"),
    (without("atoms"), "atoms: this is missing"),
    (without("figures"), "figures: this is missing"),
    (TABLE | {"floors": 1}, "floors: this is not known here"),
    (TABLE | {"k": 1}, "k: this must be a whole number from 2"),
    (TABLE | {"k": True}, "k: this must be"),
    (TABLE | {"k": 5.0}, "k: this must be"),
    (TABLE | {"floor": 2}, "floor: this must be"),
    (TABLE | {"level": "loose"}, "level: this must be interval or exact"),
    (TABLE | {"time_limit_s": -1}, "time_limit_s: this must be from 0 to"),
    (TABLE | {"time_limit_s": 10**400}, "time_limit_s: this must be from 0 to"),
    (TABLE | {"time_limit_s": "5"}, "time_limit_s: this must be a number"),
    (TABLE | {"atoms": ["self"]}, "atoms: this must be an object"),
    (TABLE | {"atoms": {"self": -1}}, "atoms.self: this must be a whole number from 0"),
    (TABLE | {"atoms": {"self": 2.5}}, "atoms.self: this must be"),
    (TABLE | {"atoms": {"self": 10**9}}, "atoms.self: this must be"),
    (TABLE | {"figures": {}}, "figures: this must be a list"),
    (TABLE | {"figures": [3]}, "figures[0]: this must be an object"),
    (figure(id=""), "figures[5].id: this must be a name"),
    (figure(id="Self"), "figures[5].id: there are two figures 'Self'"),
    (figure(atoms=None), "figures[5].atoms: this must be a list"),
    (figure(atoms=["self", "none"]), "figures[5].atoms[1]: there is no atom 'none'"),
    (figure(atoms=["self", "self"]), "figures[5].atoms[1]: 'self' stands here twice"),
    (figure(weight=-1), "figures[5].weight: this must be"),
    (figure(weight=1.5), "figures[5].weight: this must be"),
    (figure(value=3), "figures[5].value: this is not known here"),
    (TABLE | {"sensitive": ["self"]}, "sensitive[0]: there is no figure 'self'"),
    (TABLE | {"zeros_sensitive": 1}, "zeros_sensitive: this must be true or false"),
    (TABLE | {"structural_zeros": ["self"]}, "structural_zeros[0]: 'self' is said to be"),
    (TABLE | {"structural_zeros": ["no"]}, "structural_zeros[0]: there is no atom"),
    (TABLE | {"fixed": {"self": "published"}}, "fixed.self: there is no figure"),
    (TABLE | {"fixed": {"Self": "hidden"}}, "fixed.Self: this must be published or withheld"),
    (TABLE | {"fixed": []}, "fixed: this must be an object"),
    (TABLE | {"groups": ["self"]}, "groups[0]: this must be a list"),
    (TABLE | {"groups": [["self", "none"]]}, "groups[0][1]: there is no atom 'none'"),
    ('{"k": ' + "7" * 5000 + "}", "file: this is not JSON"),
    (TABLE | {"atoms": {"\ud800": 3}}, "atoms.'\\ud800': this is half a character"),
    (figure(id="\ud800"), "figures[5].id: this is half a character"),
    (
        TWINS | {"fixed": {"Self": "published", "Twin": "withheld"}},
        "fixed.Twin: it counts",
    ),
    (
        NOBODY | {"sensitive": ["Court"]},
        "sensitive, figures[3] (Court): a zero",
    ),
]


@pytest.mark.parametrize(("table", "place"), BAD)
def test_a_bad_table_is_refused_at_its_place(table, place):
    text = table if isinstance(table, str) else json.dumps(table)
    with pytest.raises(BadTableError) as refused:
        parse_table(text.encode())
    assert str(refused.value).startswith(place)


def test_bad_input_ends_with_two_names_the_place_and_writes_nothing(door, tmp_path):
    code, result, told = door(figure(atoms=["self", "none"]))
    assert code == 2
    assert result is None
    assert "figures[5].atoms[1]: there is no atom 'none'" in told
    out = tmp_path / "other.json"
    assert main(["protect", str(tmp_path / "missing.json"), "--out", str(out)]) == 2
    assert not out.exists()


def test_a_zero_that_was_withheld_is_bad_where_zeros_are_shown(door):
    table = TABLE | {"atoms": TABLE["atoms"] | {"court": 0}, "fixed": {"Court": "withheld"}}
    code, _, told = door(table)
    assert code == 2
    assert "fixed.Court" in told
    assert door(table | {"floor": 0})[0] == 0


def test_without_time_there_is_still_a_safe_result(door):
    code, result, _ = door(TABLE | {"time_limit_s": 0})
    assert code == 0
    assert set(result["withheld"]) >= {"Self"}


def test_a_table_of_nothing_is_safe(door, tmp_path):
    code, result, _ = door({"k": 5, "atoms": {}, "figures": []})
    assert code == 0
    assert result["published"] == {}
    assert verified(tmp_path, result) == 0


def test_an_exact_table_without_figures_is_safe(door, tmp_path):
    code, result, _ = door({"k": 5, "level": "exact", "atoms": {"a": 3}, "figures": []})
    assert (code, result["published"], result["withheld"]) == (0, {}, [])
    assert verified(tmp_path, result) == 0


def test_figures_that_differ_by_somebody_impossible_only_are_one(door, tmp_path):
    """Both are blank or none is: a result that counted them twice did not pass its own check."""
    twin = {"id": "Self or nobody", "atoms": ["self", "nobody"]}
    table = TABLE | {
        "atoms": TABLE["atoms"] | {"nobody": 0},
        "figures": [*TABLE["figures"], twin],
        "structural_zeros": ["nobody"],
    }
    code, result, _ = door(table)
    assert code == 0
    assert {"Self", "Self or nobody"} <= set(result["withheld"])
    assert verified(tmp_path, result) == 0


PAIR = {
    "k": 4,
    "atoms": {"a": 2, "b": 2, "c": 9},
    "figures": [
        *({"id": name, "atoms": [name]} for name in "abc"),
        {"id": "a or b", "atoms": ["a", "b"]},
    ],
}


def test_the_exact_level_says_plainly_which_figures_readers_know_to_be_small(door, tmp_path):
    """Two blanks that add up to four: one to three each. At the usual level that is not safe."""
    code, result, _ = door(PAIR | {"level": "exact"})
    assert (code, sorted(result["withheld"])) == (0, ["a", "b"])
    for name in "ab":
        words = "Nobody can work it out exactly. Readers can tell that it is 3 or less."
        assert result["explanations"][name].endswith(words)
    assert verified(tmp_path, result) == 0
    _, usual, _ = door(PAIR)
    assert sorted(usual["withheld"]) == ["a", "a or b", "b"]
    assert not any("tell" in words for words in usual["explanations"].values())
