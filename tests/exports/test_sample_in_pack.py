"""A reviewer's sample from the first throw to the paper: fixed, drawn, redacted, checked."""

import io

import pypdfium2
import pytest
from test_pack_contents import WORDS, every_text, fill, opened_files

from shelter_desk.desk import audit_log, trail_seals
from shelter_desk.desk.sampling import (
    DrawSample,
    FixSampleList,
    WithdrawSampleList,
    drawn_sample,
    sample_draws,
    thrown_dice,
)
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.sampling import key_of, plain_seed
from shelter_desk.exports.pack_contents import make_pack, prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.sample_check import SAMPLE, SAMPLE_LIST
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify
from shelter_desk.reports.sample_record import MARK

SEED = "3 1 6 2 5 4"
STATUTE = "Invented Code 42.1"


def order(draw_id, **changes):
    values = {
        "basis": "licensing-statute",
        "authority": STATUTE,
        "draw_ids": (draw_id,),
        **changes,
    }
    return PackOrder(values.pop("profile", "licensor"), values.pop("period", "2026-Q1"), **values)


@pytest.fixture(scope="module")
def drawn(founded_once):
    marks = fill(founded_once)
    draw_id = founded_once.desk.do(FixSampleList("licensor", "2026-Q1")).subject
    founded_once.desk.do(DrawSample(draw_id, f"  {SEED} ", 2))
    return founded_once, marks, draw_id


@pytest.fixture(scope="module")
def packed(drawn, tmp_path_factory):
    """The sample in a pack that was let out."""
    opened, _, draw_id = drawn
    folder = tmp_path_factory.mktemp("stick")
    return make_pack(opened.desk, order(draw_id), PackDrive(folder), WORDS)


@pytest.fixture(scope="module")
def files(packed):
    """What a reader finds in it, path -> bytes."""
    return opened_files(packed.written.path)


def test_the_sample_leaves_redacted_and_every_check_passes(drawn, packed, files):
    _, marks, _ = drawn
    verdict = verify(packed.written.path, WORDS, signer=packed.fingerprint)
    assert verdict.ok, verdict.reason
    (check,) = (one for one in verdict.checks if one.id == "sample")
    assert "drew 2 of 6 records" in check.detail
    (seal,) = verdict.manifest.facts.samples
    assert (seal.seed, seal.population, seal.wanted) == (SEED, 6, 2)
    assert seal.fixed_event < seal.drawn_event
    papers = [path for path in files if path.startswith(SAMPLE) and path.endswith(".pdf")]
    assert len(papers) == 2
    assert not [mark for mark in marks if mark in every_text(files)]


def test_every_page_of_a_sample_says_that_it_is_one(files):
    pages = 0
    for path, data in files.items():
        if path.startswith(SAMPLE) and path.endswith(".pdf"):
            document = pypdfium2.PdfDocument(io.BytesIO(data))
            texts = [page.get_textpage().get_text_bounded() for page in document]
            document.close()
            assert [text.count(MARK) >= 2 for text in texts] == [True] * len(texts)
            assert "Aftercare contacts" in texts[0], "the first page holds every document"
            pages += len(texts)
    assert pages >= 2


def test_the_places_drawn_are_the_stays_that_were_fixed(drawn):
    opened, _, draw_id = drawn
    sample = opened.desk.ask(drawn_sample, draw_id=draw_id)
    row = "select key_salt, label from sample_place"
    with opened.desk._store.unguarded() as connection:
        salts = {label: salt for salt, label in connection.execute(row).fetchall()}
    assert len(sample.leaves) == 6
    assert len(sample.chosen) == 2
    for place, stay_id in sample.chosen.values():
        assert place.key == key_of(stay_id, bytes(salts[place.label]))


def test_the_trail_shows_the_list_before_the_dice_and_who_looks_sees_both(drawn):
    opened, _, draw_id = drawn
    (line,) = (one for one in opened.desk.ask(sample_draws) if one.draw_id == draw_id)
    shown = {one.seq: one.text for one in opened.desk.ask(trail_seals.shown_events, size=10**6)}
    assert line.fixed_event < line.drawn_event
    assert f"{line.root.hex()}:6" in shown[line.fixed_event]
    assert SEED not in shown[line.fixed_event]
    assert f":2:{SEED}" in shown[line.drawn_event]
    assert opened.desk.ask(audit_log.trail).is_whole


def test_a_list_is_drawn_once_and_a_list_put_away_never(drawn):
    opened, _, draw_id = drawn
    with pytest.raises(InvalidError, match="before"):
        opened.desk.do(DrawSample(draw_id, "6 6 6 6 6 6", 2))
    other = opened.desk.do(FixSampleList("licensor", "2026-Q1")).subject
    with pytest.raises(InvalidError, match="not thrown"):
        prepare_pack(opened.desk, order(other))
    for wanted in (0, 7):
        with pytest.raises(InvalidError, match="6 records"):
            opened.desk.do(DrawSample(other, SEED, wanted))
    opened.desk.do(WithdrawSampleList(other))
    with pytest.raises(InvalidError):
        opened.desk.do(DrawSample(other, SEED, 1))
    texts = [one.text for one in opened.desk.ask(trail_seals.shown_events, size=10**6)]
    assert any("sample.withdraw" in text for text in texts)  # who tries twice is seen


def test_two_lists_of_the_same_records_have_nothing_in_common(drawn):
    opened, _, draw_id = drawn
    again = opened.desk.do(FixSampleList("licensor", "2026-Q1")).subject
    opened.desk.do(DrawSample(again, SEED, 6))
    first, second = (opened.desk.ask(drawn_sample, draw_id=one) for one in (draw_id, again))
    assert not set(first.leaves) & set(second.leaves)
    labels = [{place.label for place, _ in one.chosen.values()} for one in (first, second)]
    assert not labels[0] & labels[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "", "authority": ""},
        {"authority": " "},
        {"basis": "process-evidence"},
        {"profile": "accreditor", "basis": "accreditation-agreement"},
        {"profile": "grant-totals", "basis": "grant-reporting"},
    ],
)
def test_a_sample_leaves_for_whom_it_was_drawn_on_a_ground_that_allows_it(drawn, changes):
    opened, _, draw_id = drawn
    before = opened.desk.ask(audit_log.trail).count
    with pytest.raises(InvalidError):
        prepare_pack(opened.desk, order(draw_id, **changes))
    assert opened.desk.ask(audit_log.trail).count == before


def test_the_list_holds_nothing_but_leaves_and_what_opens_those_drawn(drawn):
    opened, _, draw_id = drawn
    lines = prepare_pack(opened.desk, order(draw_id)).files[SAMPLE_LIST].decode().splitlines()
    assert len(lines) == 6
    assert sum('"text"' in line for line in lines) == 2
    assert {len(line) for line in lines if '"text"' not in line} == {len('{"leaf":""}') + 64}


def test_dice_for_those_who_have_none_are_a_throw():
    throws = {thrown_dice() for _ in range(50)}
    assert len(throws) == 50
    for throw in throws:
        assert plain_seed(throw) == throw
        assert set(throw) <= set("123456 ")
