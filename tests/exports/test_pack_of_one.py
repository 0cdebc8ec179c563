"""A pack for a custodial agency: one young person, under their own release, while it holds."""

from datetime import date, timedelta

import pypdfium2
import pytest
import sqlcipher3
from test_pack_contents import WORDS, every_text, fill, opened_files
from test_pack_rows import rows_of

from shelter_desk.desk import exported, residents
from shelter_desk.desk.custody import BeginExport
from shelter_desk.desk.information_releases import (
    NoReleaseError,
    RecordRelease,
    RevokeRelease,
    valid_releases,
)
from shelter_desk.desk.joined_since import JoinedSinceError
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.releases import Terms
from shelter_desk.exports.files import DriveFiles
from shelter_desk.exports.pack_contents import leave_pack, make_pack, prepare_pack, release_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify

AGENCY = "Invented County Office"
PARTS = ("03_completeness_by_record", "04_timeliness_by_record")


def order(release_id, **changes):
    return PackOrder("custodian", "2026-Q1", release_id=release_id, **changes)


@pytest.fixture(scope="module")
def house(founded_once):
    marks = fill(founded_once)
    roster = founded_once.desk.ask(residents.roster, now=founded_once.clock())
    return founded_once, marks, [line.stay_id for line in roster]


def signed(opened, stay, **changes):
    today = opened.clock().date()
    values = {
        "recipient": "custodian", "agency": AGENCY, "purpose": "review", "parts": PARTS,
        "from_on": today, "until_on": today + timedelta(days=30),
        "signers": ("young-person", "custodial-agency"), "told": True, "is_safe": True, **changes,
    }  # fmt: skip
    return opened.desk.do(RecordRelease(stay, Terms(**values))).subject


def test_the_pack_holds_one_record_and_what_the_release_names(house, tmp_path):
    opened, marks, stays = house
    release_id = signed(opened, stays[2])
    made = make_pack(opened.desk, order(release_id), PackDrive(tmp_path), WORDS)
    verdict = verify(made.written.path, WORDS, signer=made.fingerprint)
    assert verdict.ok, verdict.reason
    assert verdict.manifest.facts.legal_basis == "written-release"
    files = opened_files(made.written.path)
    tables = {path for path in files if path.endswith("_by_record.csv")}
    assert tables == {f"data/{name}.csv" for name in PARTS}
    for name in PARTS:
        assert len({row["Record"] for row in rows_of(files, name)}) == 1
    assert not [mark for mark in marks if mark in every_text(files)]
    assert not [path for path in files if "summary" in path or "05_" in path]
    pages = pypdfium2.PdfDocument(files["data/report.pdf"])
    text = " ".join(one.get_textpage().get_text_bounded() for one in pages)
    assert "Aftercare contacts" in pages[0].get_textpage().get_text_bounded(), "to its last line"
    columns, first = (text.index(words) for words in ("Every column, and", "When each item was"))
    # Nothing is said of others that stand beside it, or of files that are in other packs.
    for words in ("too few others", "records across", "counts them", "counts all", "beside them"):
        assert words not in " ".join(text.split()).partition("Every column, and")[0], words
    assert first < columns  # whoever opens it reads about them first


def test_it_stands_in_what_the_young_person_may_ask_about_themselves(house, tmp_path):
    opened, _, stays = house
    release_id = signed(opened, stays[3])
    before = opened.desk.ask(stay_trail, stay_id=stays[3], limit=1000)
    make_pack(opened.desk, order(release_id), PackDrive(tmp_path), WORDS)
    after = opened.desk.ask(stay_trail, stay_id=stays[3], limit=1000)
    told = [line.action for line in after if line not in before]
    acts = ["custody.begin", "custody.contents", "custody.write", "custody.end"]
    assert told[::-1] == acts
    assert "release.record" in {line.action for line in before}
    others = opened.desk.ask(stay_trail, stay_id=stays[4], limit=1000)
    assert "custody.end" not in repr(others)


def test_what_the_pack_is_for_is_what_was_signed_and_nothing_that_is_typed(house, tmp_path):
    opened, _, stays = house
    before = len(opened.desk.ask(exported.export_list))
    for purpose, words in (
        ("review", "Review by the custodial agency"),
        ("court", "A hearing in court"),
        ("placement", "A new place to live"),
        ("payment", "Payment for the stay"),
    ):
        release_id = signed(opened, stays[0], purpose=purpose)
        with pytest.raises(InvalidError) as caught:
            prepare_pack(opened.desk, order(release_id, purpose="Portrait in a newspaper"))
        assert [problem.field for problem in caught.value.problems] == ["purpose"]
        assert len(opened.desk.ask(exported.export_list)) == before, "nothing was begun"
        prepared = prepare_pack(opened.desk, order(release_id, purpose=words))
        assert prepared.purpose == words
        leave_pack(opened.desk, prepared)
        before += 1
    made = make_pack(opened.desk, order(release_id), PackDrive(tmp_path), WORDS)
    assert made.purpose == "Payment for the stay"
    facts = verify(made.written.path, WORDS).manifest.facts
    assert facts.purpose == "Payment for the stay"
    assert opened.desk.ask(exported.export_list)[0].purpose == "Payment for the stay"


def test_the_pack_is_for_the_agency_that_was_signed_for_by_every_door(house, tmp_path):
    opened, _, stays = house
    release_id, before = signed(opened, stays[0]), len(opened.desk.ask(exported.export_list))
    for other in ("Evening News", AGENCY.lower(), "The custodial agency"):
        begin = BeginExport(
            "pack", "custodian", "2026-Q1", other, "Review", "written-release",
            release_id=release_id, has_rows=True,
        )  # fmt: skip
        for door in (
            lambda other=other: prepare_pack(opened.desk, order(release_id, recipient=other)),
            lambda begin=begin: opened.desk.do(begin),
        ):
            with pytest.raises(InvalidError, match=f"no other: {AGENCY}") as caught:
                door()
            assert [problem.field for problem in caught.value.problems] == ["recipient"]
    assert len(opened.desk.ask(exported.export_list)) == before, "nothing was begun"
    made = make_pack(opened.desk, order(release_id, recipient=AGENCY), PackDrive(tmp_path), WORDS)
    facts = verify(made.written.path, WORDS).manifest.facts
    (line, *_) = opened.desk.ask(exported.export_list)
    assert AGENCY == made.recipient == facts.recipient == line.recipient
    with opened.desk._store.unguarded() as connection:
        told = "SELECT recipient FROM paper_disclosure ORDER BY id DESC LIMIT 1"
        assert connection.execute(told).fetchone() == (AGENCY,)


def test_a_release_that_names_no_agency_lets_nothing_out_and_can_be_ended(house):
    """As those were that an earlier version wrote down."""
    opened, _, stays = house
    release_id = signed(opened, stays[0])
    forget = "UPDATE information_release SET agency = NULL WHERE public_id = ?"
    with opened.desk._store.unguarded() as connection:
        with pytest.raises(sqlcipher3.IntegrityError):
            connection.execute(forget, (release_id,))
        of_triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
        triggers = connection.execute(of_triggers, ("information_release",)).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(forget, (release_id,))
        for _, sql in triggers:
            connection.execute(sql)
    before = len(opened.desk.ask(exported.export_list))
    for recipient in ("", AGENCY):
        with pytest.raises(InvalidError, match="without the name of an agency"):
            prepare_pack(opened.desk, order(release_id, recipient=recipient))
    assert len(opened.desk.ask(exported.export_list)) == before
    today = opened.clock().date()
    (line,) = [
        one for one in opened.desk.ask(valid_releases, today=today) if one.release_id == release_id
    ]
    assert line.agency == ""
    opened.desk.do(RevokeRelease(release_id, "spoken"))


def test_without_a_release_nothing_is_begun(house):
    opened, _, stays = house
    before = len(opened.desk.ask(exported.export_list))
    for wrong in (order(""), order("", with_rows=True), order("", draw_ids=("a" * 20,))):
        with pytest.raises(InvalidError):
            prepare_pack(opened.desk, wrong)
    with pytest.raises(NoReleaseError):
        prepare_pack(opened.desk, order("b" * 20))
    for profile in ("licensor", "grant-totals", "board"):
        other = PackOrder(profile, "2026-Q1", release_id=signed(opened, stays[0]))
        with pytest.raises(InvalidError):
            prepare_pack(opened.desk, other)
    assert len(opened.desk.ask(exported.export_list)) == before


def test_a_release_for_somebody_else_is_none_for_this_one(house):
    opened, _, stays = house
    with pytest.raises(NoReleaseError):
        prepare_pack(opened.desk, order(signed(opened, stays[0], recipient="licensor")))


def test_a_release_that_is_over_is_none(house):
    opened, _, stays = house
    over = opened.clock().date() - timedelta(days=40)
    past = signed(opened, stays[0], from_on=over, until_on=over + timedelta(days=30))
    later = opened.clock().date() + timedelta(days=1)
    future = signed(opened, stays[0], from_on=later, until_on=later + timedelta(days=3))
    valid = {
        one.release_id for one in opened.desk.ask(valid_releases, today=opened.clock().date())
    }
    for release_id in (past, future):
        assert release_id not in valid
        with pytest.raises(NoReleaseError):
            prepare_pack(opened.desk, order(release_id))


@pytest.mark.parametrize("how", ["spoken", "written"])
def test_a_word_of_theirs_stops_a_pack_that_was_already_laid_out(house, tmp_path, how):
    opened, _, stays = house
    release_id = signed(opened, stays[1])
    prepared = prepare_pack(opened.desk, order(release_id))
    opened.desk.do(RevokeRelease(release_id, how))
    folder = tmp_path / "stick"
    folder.mkdir()
    with pytest.raises(NoReleaseError):
        release_pack(opened.desk, prepared, PackDrive(folder), WORDS, None)
    assert not list(folder.glob("*.age"))
    assert opened.desk.ask(exported.export_list)[0].result == "failed"
    with pytest.raises(NoReleaseError):
        prepare_pack(opened.desk, order(release_id))
    with pytest.raises(InvalidError):
        opened.desk.do(RevokeRelease(release_id, how))


class TakenBackMeanwhile(DriveFiles):
    """A real folder; somebody takes their release back when all is written but the name."""

    def __init__(self, take_back):
        self._take_back = take_back

    def rename(self, path, final):
        self._take_back()
        self._take_back = bool
        super().rename(path, final)


def test_a_word_of_theirs_while_it_is_written_takes_the_pack_off_the_drive(house, tmp_path):
    opened, _, stays = house
    release_id = signed(opened, stays[1])
    prepared = prepare_pack(opened.desk, order(release_id))
    files = TakenBackMeanwhile(lambda: opened.desk.do(RevokeRelease(release_id, "spoken")))
    with pytest.raises(NoReleaseError):
        release_pack(opened.desk, prepared, PackDrive(tmp_path, files), WORDS, None)
    assert not [path for path in tmp_path.iterdir() if path.suffix in {".age", ".part"}]
    assert opened.desk.ask(exported.export_list)[0].result == "failed"


def two_at_once(opened, stays):
    """Return two who are here, the one who came later first."""
    known = [opened.desk.ask(residents.record, stay_id=one, now=opened.clock()) for one in stays]
    late, early = sorted(known[4:6], key=lambda one: one.began_at, reverse=True)
    return late, early


def lines_in(files):
    """Return the lines of the record without its label, which is another in each pack."""
    rows = rows_of(files, "04_timeliness_by_record")
    return [{name: value for name, value in row.items() if name != "Record"} for row in rows]


def test_a_pack_of_joined_records_does_not_leave_once_they_are_two_people_again(house, tmp_path):
    opened, _, stays = house
    late, early = two_at_once(opened, stays)
    release_id = signed(opened, early.stay_id)

    def laid_out():
        return prepare_pack(opened.desk, order(release_id))

    def refused(prepared):
        with pytest.raises(JoinedSinceError):
            release_pack(opened.desk, prepared, PackDrive(tmp_path), WORDS, None)
        assert not list(tmp_path.glob("*.age"))
        assert opened.desk.ask(exported.export_list)[0].why == "joined-since"

    alone = laid_out()
    joined = opened.desk.do(JoinRecords(late.resident_id, early.resident_id)).subject
    refused(alone)
    both = laid_out()
    assert lines_in(both.files) != lines_in(alone.files)
    opened.desk.do(SeparateRecords(joined))
    refused(both)
    made = release_pack(opened.desk, laid_out(), PackDrive(tmp_path), WORDS, None)
    assert lines_in(opened_files(made.written.path)) == lines_in(alone.files)


def test_what_is_missing_from_a_release_is_named_and_nothing_is_kept(house):
    opened, _, stays = house
    before = opened.desk.ask(valid_releases, today=opened.clock().date())
    with pytest.raises(InvalidError) as caught:
        signed(opened, stays[0], told=False, parts=(), until_on=date(2027, 1, 1))
    assert {problem.field for problem in caught.value.problems} == {"told", "parts", "until_on"}
    assert opened.desk.ask(valid_releases, today=opened.clock().date()) == before
