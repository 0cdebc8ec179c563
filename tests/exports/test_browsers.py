"""A snap's launcher is no browser that a test can drive."""

from browsers import CHROMIUM, FIREFOX, cannot_be_had, driveable, is_snap


def test_the_launcher_of_a_snap_is_known(tmp_path):
    script = tmp_path / "firefox"
    script.write_text('#!/bin/sh\nexec /snap/bin/firefox "$@"\n')
    program = tmp_path / "snap"
    program.write_bytes(b"\x7fELF" + bytes(20_000))
    linked = tmp_path / "chromium"
    linked.symlink_to(program)

    assert is_snap(script)
    assert is_snap(linked)


def test_a_program_and_the_script_that_starts_one_are_no_snaps(tmp_path):
    script = tmp_path / "chromium"
    script.write_text('#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n')
    program = tmp_path / "firefox-esr"
    program.write_bytes(b"\x7fELF /snap/ " + bytes(20_000))

    assert not is_snap(script)
    assert not is_snap(program)


def test_browsers_are_driven_wherever_the_distribution_packs_them():
    found = [driveable(names) is not None for names in (CHROMIUM, FIREFOX)]
    assert all(found) or cannot_be_had()
