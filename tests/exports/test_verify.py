"""A whole pack passes every check; every way of changing it is refused, and named rightly."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hand_tampered import whole_by_hand
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
from shelter_desk.exports.age_keys import Identities
from shelter_desk.exports.bundle import seal
from shelter_desk.exports.former_log import read_former
from shelter_desk.exports.log_checks import CheckFailedError
from shelter_desk.exports.opener import opener_bytes
from shelter_desk.exports.pack_series import FIRST
from shelter_desk.exports.problems import PackError
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
    assert len(verdict.checks) == 16


def test_there_are_enough_ways_to_tamper():
    typed = {(case.pack, case.words, case.after, case.signer) for case in CASES}
    assert len(typed) == len(CASES) >= 245


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}: {case.name}")
def test_a_changed_pack_is_refused_for_the_right_reason(case, tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(case.pack)

    after = read_former(case.after) if case.after else None
    opens = Identities([case.key]) if case.key else case.words
    verdict = verify(pack, opens, signer=case.signer, after=after)

    refused = [check for check in verdict.checks if check.passed is False]
    assert not verdict.ok
    assert refused[0].id == case.check, refused
    assert re.search(case.says, refused[0].detail), refused
    assert verdict.reason == refused[0].detail


def test_an_odd_pack_that_breaks_no_rule_passes_every_check(tmp_path):
    for name, data in whole_by_hand(signed().files).items():
        pack = tmp_path / "pack.age"
        pack.write_bytes(data)
        assert verify(pack, WORDS).ok, name


def test_a_pack_by_another_maker_is_refused_where_the_maker_is_known(tmp_path):
    pack = tmp_path / "pack.age"
    pack.write_bytes(sealed(signed().files))

    verdict = verify(pack, WORDS, signer=other_fingerprint())

    assert [check.id for check in verdict.checks if not check.passed] == ["signature"]
    assert "another key" in verdict.reason


@pytest.mark.parametrize("kept", ["manifest.json", "audit/checkpoint.txt"])
def test_a_pack_goes_on_from_what_is_kept_of_the_one_before(kept, tmp_path):
    whole = contents_without_sample()
    audit = replace(whole.audit, leaves=whole.audit.leaves[:250], events=(), earlier=None)
    facts = replace(whole.facts, series=FIRST)
    old = signed(audit=audit, files=whole.files, facts=facts).files
    new = signed().files
    said = {}
    for name, files, before in (("new", new, old), ("old", old, new), ("same", old, old)):
        pack = tmp_path / f"{name}.age"
        pack.write_bytes(sealed(files))
        said[name] = verify(pack, WORDS, after=read_former(before[kept].decode()))

    assert said["new"].ok
    assert said["same"].ok
    assert said["old"].reason == (
        "This pack is older than the one you had: its audit log has 250 entries, and yours had "
        "300. Ask for the newest one."
    )
    assert "This is the first pack for this reader" in said["same"].checks[-2].detail
    assert "This is pack 3 for this reader" in said["new"].checks[-2].detail


@pytest.mark.parametrize("text", ["", "12 of them", "{}", "three\n300\nAAAA\n\n", "300 ILLO" * 4])
def test_what_tells_of_no_former_pack_is_refused_in_words(text):
    with pytest.raises(PackError, match=r"manifest\.json.*cover sheet"):
        read_former(text)


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
    assert [check.passed for check in verdict.checks] == [False] + [None] * 15


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
            {SAMPLE_LIST: files[SAMPLE_LIST] if listed is None else listed},
            set(files),
            files["audit/events.jsonl"] if events is None else events,
        )
