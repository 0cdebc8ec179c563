"""A reviewer draws from incidents and staff files too: each list is fixed before its own dice."""

import io
from datetime import date

import pypdfium2
import pytest
import sqlcipher3
from test_pack_contents import WORDS, every_text, fill, opened_files

from shelter_desk.desk import audit_log, residents, trail_seals
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.dated_papers import RecordPaper
from shelter_desk.desk.incidents import AddStep, StartIncident, WithdrawIncident
from shelter_desk.desk.sample_lists import chosen_files
from shelter_desk.desk.sampling import DrawSample, FixSampleList, drawn_sample
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import INCIDENTS, LISTS, RECORDS, STAFF, method_of
from shelter_desk.exports.pack_contents import make_pack, prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.sample_check import FOLDERS
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify
from shelter_desk.reports.sample_record import MARK
from tests.conftest import join
from tests.drawing import drawn_so_far

SEEDS = {RECORDS: "3 1 6 2 5 4", INCIDENTS: "1 1 2 3 5 6", STAFF: "6 5 4 3 2 1"}
QUARTER = Period.parse("2026-Q1")
ASH, ASHS_WORDS = "c" * 20, "four invented words here"


@pytest.fixture(scope="module")
def drawn(founded_once):
    """Six residents, four incidents of which one was withdrawn, two at work: and three draws."""
    opened, at = founded_once, founded_once.clock.at
    marks = fill(opened)
    opened.clock.at = at
    stays = [line.stay_id for line in opened.desk.ask(residents.roster, now=at)]
    begun = [
        opened.desk.do(StartIncident(("injury",), at, at, "kitchen", tuple(stays[:many]))).subject
        for many in (1, 2, 5, 1)
    ]
    opened.desk.do(WithdrawIncident(begun[3]))
    opened.desk.do(AddStep(begun[0], "Canary step about a night-light", date(2026, 3, 20)))
    join(opened.desk, Colleague(ASH, "Ash", ("nurse",), ASHS_WORDS))
    opened.desk.do(RecordPaper("background-check", date(2026, 3, 1), ASH))
    drawn_so_far(opened.desk, 1)  # looked at on the screen; its events leave with the others
    opened.clock.at = max(at, opened.clock.at).replace(month=4, day=2)
    draws = {}
    for of_list, wanted in ((RECORDS, 2), (INCIDENTS, 3), (STAFF, 1)):
        draws[of_list] = opened.desk.do(FixSampleList("licensor", "2026-Q1", of_list)).subject
        opened.desk.do(DrawSample(draws[of_list], SEEDS[of_list], wanted))
    return opened, marks | {"Ash"}, draws


def order(*draw_ids, **changes):
    values = {"basis": "licensing-statute", "authority": "Invented Code 42.1", **changes}
    profile = values.pop("profile", "licensor")
    return PackOrder(profile, "2026-Q1", draw_ids=draw_ids, **values)


def words_of(data):
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert [text.count(MARK) >= 2 for text in texts] == [True] * len(texts)
    return " ".join(" ".join(texts).split())


def test_three_samples_leave_in_one_pack_and_name_nobody(drawn):
    opened, marks, draws = drawn
    pack = prepare_pack(opened.desk, order(*draws.values()))
    papers = {
        method: [p for p in pack.files if p.startswith(folder) and p.endswith(".pdf")]
        for method, folder in FOLDERS.items()
    }
    assert [len(papers[method_of(one)]) for one in LISTS] == [2, 3, 1]
    assert len(pack.laid.samples) == 3
    text = every_text(dict(pack.files))
    assert not [mark for mark in (*marks, "Canary") if mark in text]
    said = [words_of(pack.files[path]) for path in papers[method_of(INCIDENTS)]]
    many = {one.partition("Residents with a part in it ")[2].split(" Seen")[0] for one in said}
    assert many == {"1", "2", "3 or more"}
    assert sum("done by their day 0 of 1" in one for one in said) == 1
    assert all("Incident report, written" in one and "write-up" not in one for one in said)
    assert all(f"Place in the list {n}" in " ".join(said) for n in (1, 2, 3))
    (staff,) = (words_of(pack.files[path]) for path in papers[method_of(STAFF)])
    assert "Papers on file" in staff
    assert "Background check" in staff


def test_whoever_gets_the_pack_can_draw_every_list_again(drawn, tmp_path):
    opened, _, draws = drawn
    second = Second(ASH, ASHS_WORDS)
    made = make_pack(opened.desk, order(*draws.values()), PackDrive(tmp_path), WORDS, second)
    verdict = verify(made.written.path, WORDS, signer=made.fingerprint)
    assert verdict.ok, verdict.reason
    seals = {seal.method: seal for seal in verdict.manifest.facts.samples}
    assert {method: seal.seed for method, seal in seals.items()} == {
        method_of(one): seed for one, seed in SEEDS.items()
    }
    assert all(seal.fixed_event < seal.drawn_event for seal in seals.values())
    assert seals[method_of(INCIDENTS)].population == 3  # what was withdrawn is on no list
    (check,) = (one for one in verdict.checks if one.id == "sample")
    assert check.detail.startswith("3 samples were drawn by dice, 6 papers in all")
    assert set(opened_files(made.written.path)) >= {f"{one}list.jsonl" for one in FOLDERS.values()}


@pytest.mark.parametrize(
    ("of_list", "words"),
    [(INCIDENTS, "3 of 3 incidents"), (STAFF, "1 of 2 staff files")],
)
def test_what_was_drawn_is_called_what_it_is(drawn, tmp_path, of_list, words):
    opened, _, draws = drawn
    second = Second(ASH, ASHS_WORDS)
    made = make_pack(opened.desk, order(draws[of_list]), PackDrive(tmp_path), WORDS, second)
    verdict = verify(made.written.path, WORDS)
    (check,) = (one for one in verdict.checks if one.id == "sample")
    assert check.detail.startswith(f"The dice drew {words}; the list was fixed before, in event ")


def test_the_trail_says_of_each_list_what_it_is_of(drawn):
    opened, _, draws = drawn
    shown = {one.seq: one.text for one in opened.desk.ask(trail_seals.shown_events, size=10**6)}
    for of_list, draw_id in draws.items():
        line = opened.desk.ask(drawn_sample, draw_id=draw_id).line
        said = f'"reason":"{method_of(of_list)}:{line.root.hex()}:'
        assert said in shown[line.fixed_event]
        assert said in shown[line.drawn_event]


def test_staff_see_which_files_the_dice_drew(drawn):
    opened, _, draws = drawn
    lines = {one: opened.desk.ask(chosen_files, draw_id=draws[one]) for one in LISTS}
    codes = {one.case_code for one in opened.desk.ask(residents.roster, now=opened.clock())}
    assert {line.named for line in lines[RECORDS]} <= codes
    assert len(lines[RECORDS]) == 2
    assert {line.types for line in lines[INCIDENTS]} == {("Injury, not critical",)}
    assert {line.named for line in lines[STAFF]} <= {"Dana", "Ash"}
    for of_list, found in lines.items():
        chosen = opened.desk.ask(drawn_sample, draw_id=draws[of_list]).chosen
        assert {line.label for line in found} == {place.label for place, _ in chosen.values()}
    fixed = opened.desk.do(FixSampleList("licensor", "2026-Q1", STAFF)).subject
    assert opened.desk.ask(chosen_files, draw_id=fixed) == ()  # the dice did not fall yet


@pytest.mark.parametrize(
    ("lists", "changes"),
    [
        ((RECORDS, RECORDS), {}),
        ((INCIDENTS,), {"profile": "accreditor", "basis": "accreditation-agreement"}),
        ((STAFF,), {"basis": "", "authority": ""}),
        ((STAFF,), {"profile": "grant-totals", "basis": "grant-reporting"}),
    ],
)
def test_a_pack_holds_one_sample_of_a_list_that_its_reader_draws_from(drawn, lists, changes):
    opened, _, draws = drawn
    before = opened.desk.ask(audit_log.trail).count
    with pytest.raises(InvalidError):
        prepare_pack(opened.desk, order(*(draws[one] for one in lists), **changes))
    assert opened.desk.ask(audit_log.trail).count == before


def test_a_list_that_there_is_not_is_fixed_by_nobody(drawn):
    opened, _, _ = drawn
    with pytest.raises(InvalidError, match="no such list"):
        opened.desk.do(FixSampleList("licensor", "2026-Q1", "beds"))
    with (
        opened.desk._store.unguarded() as connection,
        pytest.raises(sqlcipher3.IntegrityError, match="CHECK"),
    ):
        connection.execute(
            "INSERT INTO sample_place (public_id, event_id, draw_id, position, stay_id, staff_id,"
            " label, salt, key_salt) SELECT 'x', 99999, id, 99, 1, 1, 'AAAAA', zeroblob(16),"
            " zeroblob(16) FROM sample_draw LIMIT 1"
        )
