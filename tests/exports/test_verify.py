"""A whole pack passes every check; every way of changing it is refused, and named rightly."""

from __future__ import annotations

import io
import re

import pytest
from invented_pack import (
    DRAWN_AT,
    FIXED_AT,
    WORDS,
    contents,
    contents_without_sample,
    sample_seal,
    sealed,
    signed,
    signer,
)
from tampered_packs import other_fingerprint, tamperings

from shelter_desk.domain.audit import canonical_json
from shelter_desk.exports.bundle import seal
from shelter_desk.exports.log_checks import CheckFailedError
from shelter_desk.exports.opener import opener_bytes
from shelter_desk.exports.sample_check import SAMPLE_LIST, check_sample
from shelter_desk.exports.verify import OPENER, verify

CASES = tamperings()


def _bare_events():
    """The two events of the sample with nothing in them but their numbers."""
    lines = [
        {"event": canonical_json({"seq": seq}), "salt": "0" * 32, "seq": seq}
        for seq in (FIXED_AT, DRAWN_AT)
    ]
    return "".join(canonical_json(line) + "\n" for line in lines).encode()


def test_a_whole_pack_passes_every_check(tmp_path):
    pack = tmp_path / "K7Q29XVD.age"
    with pack.open("wb") as target:
        manifest = seal(contents(), signer(), WORDS, target)
    (tmp_path / OPENER).write_bytes(opener_bytes())

    verdict = verify(
        pack, "  Kiwi-crayon LATCH, ozone trance\npoppy ", signer=manifest.fingerprint
    )

    assert [check for check in verdict.checks if not check.passed] == []
    assert verdict.ok
    assert verdict.manifest == manifest
    assert verdict.reason == ""
    assert len(verdict.checks) == 15


def test_there_are_enough_ways_to_tamper():
    different = {case.pack + case.words.encode() for case in CASES}
    assert len(different) == len(CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.name}")
def test_a_changed_pack_is_refused_for_the_right_reason(case, tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(case.pack)

    verdict = verify(pack, case.words)

    refused = [check for check in verdict.checks if check.passed is False]
    assert not verdict.ok
    assert refused[0].id == case.check, refused
    assert re.search(case.says, refused[0].detail), refused
    assert verdict.reason == refused[0].detail


def test_a_pack_by_another_maker_is_refused_where_the_maker_is_known(tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(sealed(signed().files))

    verdict = verify(pack, WORDS, signer=other_fingerprint())

    assert [check.id for check in verdict.checks if not check.passed] == ["signature"]
    assert "another key" in verdict.reason


def test_another_opener_beside_the_pack_is_refused(tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(sealed(signed().files))
    (tmp_path / OPENER).write_bytes(opener_bytes() + b"<!-- -->")

    verdict = verify(pack, WORDS)

    assert [check.id for check in verdict.checks if not check.passed] == ["opener"]


def test_a_pack_that_is_not_there_gives_a_verdict(tmp_path):
    verdict = verify(tmp_path / "none.age", WORDS)

    assert not verdict.ok
    assert verdict.reason == "The file could not be read."
    assert [check.passed for check in verdict.checks] == [False] + [None] * 14


def test_the_same_pack_gives_the_same_verdict_twice(tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(sealed(signed().files))

    assert verify(pack, WORDS) == verify(pack, WORDS)


def test_a_signed_pack_knows_its_sealed_size():
    target = io.BytesIO()
    pack = signed()
    pack.write(target, WORDS)
    assert len(target.getvalue()) == pack.size


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 299])
def test_a_log_of_any_length_passes(count, tmp_path):
    whole = contents_without_sample()
    audit = whole.audit
    shown = tuple(e for e in audit.events if e.seq <= count)
    short = type(audit)(audit.origin, audit.leaves[:count], shown)
    pack = tmp_path / "pack.age"
    pack.write_bytes(sealed(signed(audit=short, files=whole.files, facts=whole.facts).files))

    verdict = verify(pack, WORDS)

    assert verdict.ok, verdict.reason


@pytest.mark.parametrize(
    ("listed", "events", "says"),
    [
        (b"[" * 100_000 + b"\n", None, "cannot be read"),
        (b'{"leaf":7}\n', None, "cannot be read"),
        (b"\xff\n", None, "cannot be read"),
        (
            None,
            b'{"event":"{\\"seq\\":17}","salt":"' + b"0" * 32 + b'","seq":17}\n',
            "fixed first",
        ),
        (None, _bare_events(), "another sample"),
    ],
)
def test_whatever_stands_in_a_sample_gives_a_refusal_and_no_error(listed, events, says):
    files = signed().files
    with pytest.raises(CheckFailedError, match=says):
        check_sample(
            sample_seal(),
            files[SAMPLE_LIST] if listed is None else listed,
            set(files),
            files["audit/events.jsonl"] if events is None else events,
        )
