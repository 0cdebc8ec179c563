"""Lines of single records: on a recorded ground, under labels of one pack, nothing of anybody."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from admission_attack import first_due_days, fitting
from test_pack_contents import WORDS, every_text, fill, opened_files

from shelter_desk.desk import audit_log, exported, residents
from shelter_desk.desk.record_lines import records_shown, stays_between
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.exports.pack_contents import leave_pack, prepare_pack, release_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.pack_rows import Labelled, row_tables
from shelter_desk.exports.stick import PackDrive
from shelter_desk.exports.verify import verify
from shelter_desk.reports.process_evidence import evidence_csv

STATUTE = "Invented Code 42.1"
ORDER = PackOrder(
    "licensor", "2026-Q1", basis="licensing-statute", authority=STATUTE, with_rows=True
)


@pytest.fixture(scope="module")
def prepared(founded_once):
    marks = fill(founded_once)
    first = prepare_pack(founded_once.desk, ORDER)
    return founded_once, marks, first


def rows_of(files, name):
    text = files[f"data/{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_rows_hold_what_the_dictionary_names_and_nothing_of_anybody(prepared):
    opened, marks, pack = prepared
    rules, files = pack.wanted.rules, pack.files
    text = every_text(files)
    assert not [mark for mark in marks if mark in text]
    for name in pack.wanted.profile.rows:
        rows = rows_of(files, name)
        if rows:
            assert list(rows[0]) == list(rules.files[name].columns)
    labels = {row["Record"] for row in rows_of(files, "04_timeliness_by_record")}
    assert len(labels) == 6
    stated = {(row["File"], row["Column"]) for row in rows_of(files, "02_definitions")}
    for path, data in files.items():
        name = path.removeprefix("data/").removesuffix(".csv")
        if path.endswith(".csv") and "/" not in name:
            head = next(csv.reader(io.StringIO(data.decode())))
            assert {(name, column) for column in head} <= stated
    classes = {
        opened.care_model.items[item.id].record_class
        for item in opened.care_model.items.values()
        if item.text in {row["Item"] for row in rows_of(files, "04_timeliness_by_record")}
    }
    assert classes
    assert not classes & pack.wanted.profile.closed


def test_every_record_has_a_state_for_every_document(prepared):
    _, _, pack = prepared
    rows = rows_of(pack.files, "03_completeness_by_record")
    documents = {g.title for g in pack.wanted.rules.groups if g.file == "03_file_completeness"}
    assert len(rows) == 6 * len(documents)
    assert {row["Document"] for row in rows} == documents


def test_the_shares_of_documents_are_those_of_the_records(prepared):
    _, _, pack = prepared
    cells = Counter(
        (row["Document"], row["State"]) for row in rows_of(pack.files, "03_completeness_by_record")
    )
    shares = rows_of(pack.files, "03_completeness_shares")
    states = {"Present": "present", "Present late": "present late", "Waiting": "waiting"}
    states |= {"Missing": "missing", "Not due yet": "not due yet"}
    whole = set()
    for row in shares:
        told = {state: cells[row["Document"], state] for state in states.values()}
        assert {word: int(row[head]) for head, word in states.items()} == told
        assert sum(told.values()) + int(row["Other"]) == 6
        due = told["present"] + told["present late"] + told["waiting"] + told["missing"]
        there = told["present"] + told["present late"]
        assert row["Present, percent"] == (str(int(100 * there / due)) if due else "")
        whole.add(row["Present, percent"])
    assert len(shares) > 15
    assert len(whole) > 1


def test_a_pack_with_single_records_does_not_claim_what_only_totals_hold(prepared):
    opened, _, pack = prepared
    text = pack.files["data/17_differencing_check.txt"].decode()
    assert "holds lines of single records" in text
    assert "from this pack and those together" not in text
    totals = prepare_pack(opened.desk, PackOrder("licensor", "2026-Q1"))
    text = totals.files["data/17_differencing_check.txt"].decode()
    assert "holds lines of single records" not in text
    leave_pack(opened.desk, totals)


CHECKED = "data/17_differencing_check.txt"


def found_by_their_lines(files, names):
    """How many records are the only one with their lines, whatever the label."""
    lines = {}
    for name in names:
        for row in rows_of(files, name):
            if "Record" in row:  # incidents stand on their own
                lines.setdefault(row.pop("Record"), []).append((name, *row.values()))
    patterns = Counter(tuple(sorted(one)) for one in lines.values())
    return sum(count == 1 for count in patterns.values())


def test_labels_of_two_packs_have_nothing_in_common(prepared):
    opened, _, pack = prepared
    again = prepare_pack(opened.desk, ORDER)
    name = "04_timeliness_by_record"
    first, second = ({row["Record"] for row in rows_of(p.files, name)} for p in (pack, again))
    assert not first & second
    # What was owed and done is the same in both, and may find a record again: the pack says so.
    # In this house nobody's lines are theirs alone.
    alone = [found_by_their_lines(p.files, pack.wanted.profile.rows) for p in (pack, again)]
    assert alone == [0, 0]
    assert "find most records again" in " ".join(again.files[CHECKED].decode().split())
    leave_pack(opened.desk, again)
    line = opened.desk.ask(exported.export_list)[0]
    assert (line.result, line.basis, line.has_rows) == ("failed", "licensing-statute", True)
    assert opened.desk.ask(audit_log.events)[0].reason == "failed:left-alone"


def test_what_was_looked_at_is_what_leaves(prepared, tmp_path):
    opened, _, pack = prepared
    made = release_pack(opened.desk, pack, PackDrive(tmp_path), WORDS, None)
    verdict = verify(made.written.path, WORDS, signer=made.fingerprint)
    assert verdict.ok, verdict.reason
    assert verdict.manifest.facts.legal_basis == "licensing-statute"
    release = verdict.manifest.facts.release
    assert (release.authority, release.releasers) == (STATUTE, (opened.desk.staff.public_id,))
    assert release.expires == made.expires == date(2026, 7, 1)  # 90 days after April 2
    files = opened_files(made.written.path)
    assert {p: data for p, data in files.items() if p.startswith("data/")} == dict(pack.files)
    assert pack.contents in files["audit/events.jsonl"].decode()
    line = opened.desk.ask(exported.export_list)[-1]
    assert (line.result, line.authority) == ("delivered", STATUTE)


@pytest.mark.parametrize(
    "order",
    [
        PackOrder("licensor", "2026-Q1", with_rows=True),
        PackOrder("licensor", "2026-Q1", with_rows=True, basis="licensing-statute"),
        PackOrder("board", "2026-Q1", with_rows=True, basis="court-mandate", authority=STATUTE),
    ],
)
def test_rows_without_a_ground_leave_no_trace(prepared, order):
    opened, _, _ = prepared
    before = opened.desk.ask(audit_log.trail).count
    with pytest.raises(InvalidError):
        prepare_pack(opened.desk, order)
    assert opened.desk.ask(audit_log.trail).count == before


def as_before(pack):
    """The lines of the same records as they left before: all of them, every day exact."""
    wanted = pack.wanted
    stays = wanted.desk.ask(stays_between, period=wanted.period, now=wanted.made_at)
    shown = wanted.desk.ask(
        records_shown, stays=stays, period=wanted.period, now=wanted.made_at,
        closed=wanted.profile.closed,
    )  # fmt: skip
    named = [
        Labelled(one, RecordForReader(record, None))
        for one, record in zip(stays, shown, strict=True)
    ]
    tables = row_tables(wanted.profile.rows, tuple(named), wanted.rules)
    return {f"data/{table.id}.csv": evidence_csv(table) for table in tables}


def known_of(opened, pack):
    """What the public checklist says: item -> its first day, document -> that of its items."""
    days, items = first_due_days(opened.care_model), opened.care_model.items
    documents = {
        group.title: [days.get(items[one].text) for one in group.items]
        for group in pack.wanted.rules.documents
    }
    return days, {title: min(of) for title, of in documents.items() if None not in of}


def test_a_neighbour_who_saw_one_come_is_left_with_five_records_at_least(prepared):
    """The last test: six more live here. Marrowick came ten days before the quarter was over."""
    opened, _, _ = prepared
    came = {
        name: date(2026, *day)
        for name, day in {
            "Marrowick": (3, 22), "Bramblewood": (3, 14), "Fennimore": (2, 2),
            "Thistlewood": (1, 9), "Larkspurre": (1, 30), "Hollowmere": (2, 20),
        }.items()
    }  # fmt: skip
    whose = {
        opened.desk.do(
            residents.Admit(called, datetime(day.year, day.month, day.day, 15, tzinfo=UTC))
        ).subject: called
        for called, day in came.items()
    }
    pack = prepare_pack(opened.desk, ORDER)
    period, known, before = pack.wanted.period, known_of(opened, pack), as_before(pack)
    assert min(len(part) for part in known) > 3
    labels = {row["Record"] for row in rows_of(pack.files, "03_completeness_by_record")}
    fewest = {}
    for stay, called in whose.items():
        assert stay in fitting(before, period, came[called], known, absence=False)
        fewest[called] = [
            len(fitting(files, period, came[called], known, absence=False))
            for files in (before, pack.files)
        ]
    print(f"Of 12, {len(labels)} are shown; a day of arrival leaves, before and now: {fewest}")
    assert min(before for before, _ in fewest.values()) == 1
    assert {now for _, now in fewest.values()} <= {0, *range(5, 13)}
    assert len(labels) >= 10
    states = Counter(row["State"] for row in rows_of(pack.files, "03_completeness_by_record"))
    assert states["missing"] > 40, "what a reviewer came for is still there"
    assert len({row["Item"] for row in rows_of(pack.files, "04_timeliness_by_record")}) > 10
    if len(labels) < 12:
        assert pack.laid.note.startswith(f"Single records left out: {12 - len(labels)}.")
    text = " ".join(pack.files[CHECKED].decode().split())
    assert "with the checklist, which is public, leaves at least 5 of them" in text
    assert "Do not show such lines to anybody who may know the residents or the house" in text
    leave_pack(opened.desk, pack)
