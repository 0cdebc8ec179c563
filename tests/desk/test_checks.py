"""The checks of a whole store: a guard that is gone, weakened or foreign is named."""

import json

import pytest

from tests.conftest import PASSPHRASE
from tests.desk.test_alarm import older_copy_put_in_place, with_the_key
from tests.journeys.test_tour import shelter_desk

WEAKENED = (
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN 1 = 0 "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END"
)


def guards(opened):
    """Return what the check of the guards says, once somebody signed in again."""
    findings = {one.check: one for one in opened.again().check_file()}
    assert len(findings) >= 5
    return findings["The guards stand"]


def test_all_guards_stand_in_a_sound_store(open_desk):
    found = guards(open_desk)
    assert found.passed
    assert int(found.detail.split()[0]) >= 60


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("audit_detail_no_update", ("DROP TRIGGER audit_detail_no_update",)),
        ("stay_needs_new_event", ("DROP TRIGGER stay_needs_new_event",)),
        ("audit_event_no_delete", ("DROP TRIGGER audit_event_no_delete", WEAKENED)),
        (
            "quiet",
            ("CREATE TRIGGER quiet AFTER INSERT ON bed BEGIN SELECT 1; END",),
        ),
    ],
)
def test_a_guard_that_is_gone_weakened_or_foreign_is_named(open_desk, name, statements):
    with_the_key(open_desk, *statements)
    found = guards(open_desk)
    assert (found.passed, found.detail) == (False, name)


def test_check_says_what_each_witness_says_and_that_it_failed(open_desk):
    older_copy_put_in_place(open_desk)
    done = shelter_desk(
        "check", open_desk.folder, "--json", "--passphrase-file", "-", input=PASSPHRASE + "\n"
    )
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    lines = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert "newest 3 of them" in lines["Every known witness agrees"]["detail"]
    assert [name for name, one in lines.items() if not one["passed"]] == [
        "Every known witness agrees"
    ]
    assert "keyring" in lines["The keyring of this computer"]["detail"].casefold()
