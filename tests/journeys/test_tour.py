"""The tour drives the real windows, and what it leaves behind passes its own verifiers."""

import json
import subprocess
import sys

import pytest

from shelter_desk.ui.pages import discover
from tests.conftest import ROOT


def shelter_desk(*words, **more):
    return subprocess.run(
        [sys.executable, "-m", "shelter_desk", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **more,
    )


def test_the_tour_leaves_pictures_a_summary_and_a_pack_that_verify(tmp_path):
    done = shelter_desk("tour", tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads((tmp_path / "tour.json").read_text())
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == facts["pictures"] >= 20
    for page in (page for page in discover() if page.name != "resident"):
        for colours in ("light", "dark"):
            assert any(f"page_{page.name}_{colours}" in one.name for one in pictures)
    assert all(picture.stat().st_size > 5_000 for picture in pictures)
    covered = {name[3:].removesuffix("_light.png") for name in facts["covered"]}
    assert covered >= {"paper_choice", "paper", "who", "pack_preview"}
    assert covered >= {"report_for_whom", "report_becomes_public", "everything_leaves"}
    (report,) = tmp_path.glob("Report voca *")
    assert (report / "report.pdf").stat().st_size > 5_000
    assert not [name for name in covered if name.startswith(("page_", "ticked", "summary"))]
    assert facts["summary_verified"]
    assert facts["pack_verified"]
    assert shelter_desk("verify-summary", tmp_path / "summary").returncode == 0
    pack = tmp_path / "pack" / facts["pack"]
    words = tmp_path / "pack-words.txt"
    assert shelter_desk("verify", pack, "--words-file", words).returncode == 0
    table = tmp_path / "summary" / "summary.csv"
    text = table.read_text()
    digit = next(at for at, letter in enumerate(text) if letter.isdigit() and text[at - 1] == ",")
    table.write_text(text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :])
    assert shelter_desk("verify-summary", tmp_path / "summary").returncode == 1
    words.write_text("six wrong words for this pack\n")
    refused = shelter_desk("verify", pack, "--words-file", words)
    assert refused.returncode == 1
    assert "words" in refused.stderr
    print(f"{len(pictures)} pictures; one digit and one word changed, both refused")


@pytest.mark.slow  # half a minute; an error while painting large letters ended the program once
def test_the_tour_in_the_dark_at_twice_the_size(tmp_path):
    done = shelter_desk("tour", "--dark", "--scale", "200", tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads((tmp_path / "tour.json").read_text())
    assert len(list(tmp_path.glob("*.png"))) == facts["pictures"] >= 20
    print(f"{facts['pictures']} pictures at 200 %")
