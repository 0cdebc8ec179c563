"""What a pack may be asked for, and a reviewer's sample: the list fixed, the dice typed in."""

from __future__ import annotations

import argparse
import sys

from shelter_desk.cli.signing_in import sign_in
from shelter_desk.desk import Desk
from shelter_desk.desk.information_releases import ReleaseLine, valid_releases
from shelter_desk.desk.sampling import (
    DrawLine,
    DrawSample,
    FixSampleList,
    WithdrawSampleList,
    sample_draws,
)
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.pack_rules import PackProfile
from shelter_desk.domain.sampling import INCIDENTS, RECORDS, STAFF
from shelter_desk.exports.profiles import pack_rules

_NOUNS = {RECORDS: "Records", INCIDENTS: "Incidents", STAFF: "Staff"}


def pack_choices(options: argparse.Namespace) -> int:
    """Print the grounds, the samples and the releases that a profile can leave with."""
    desk = sign_in(options)
    try:
        rules = pack_rules(desk.house.care_model)
        profile = rules.profile(options.profile)
        for code in dict.fromkeys((profile.basis, *profile.row_bases)):
            sys.stdout.write(f"ground   {code:<22}{rules.bases[code].title}\n")
        for line in desk.ask(sample_draws):
            is_whole = line.until_at is None  # one of a running period leaves in no pack
            if line.profile == profile.id and is_whole and not line.is_withdrawn:
                sys.stdout.write(f"sample   {line.draw_id:<22}{_told(line)}\n")
        for release in _releases(desk, profile):
            sys.stdout.write(f"release  {release[0]:<22}{release[1]}\n")
    finally:
        desk.close()
    return 0


def pack_sample(options: argparse.Namespace) -> int:
    """Fix a list, or draw from one that is fixed, or put one away that was not drawn."""
    desk = sign_in(options)
    try:
        if options.list is None:
            return _fix(desk, options)
        if options.withdraw:
            desk.do(WithdrawSampleList(options.list))
            sys.stdout.write("The list is put away. That it was fixed stays in the trail.\n")
            return 0
        return _draw(desk, options)
    finally:
        desk.close()


def _fix(desk: Desk, options: argparse.Namespace) -> int:
    if not (options.profile and options.period):
        raise DeskError("Say for whom and of which period with --profile and --period.")
    profile = pack_rules(desk.house.care_model).profile(options.profile)
    if options.of not in profile.lists:
        raise DeskError("This reader does not draw from that list.")
    fix = FixSampleList(profile.id, options.period, options.of)
    line = _line(desk, desk.do(fix).subject)
    mark = short_form(line.population, line.root).partition(" · ")[2]
    sys.stdout.write(
        f"List:     {line.draw_id}\n{_NOUNS[line.of_list] + ':':<10}{line.population:,}\n"
        f"Mark:     {mark}\n"
    )
    sys.stdout.write("Let the reviewer write the mark down before they throw their dice.\n")
    return 0


def _draw(desk: Desk, options: argparse.Namespace) -> int:
    if options.dice is None or options.count is None:
        raise DeskError("Say what the dice showed with --dice, and how many records with --count.")
    line = _line(desk, options.list)
    most = pack_rules(desk.house.care_model).profile(line.profile).most_sample
    if options.count > most:
        raise DeskError(f"For this reader, choose from 1 to {most} records.")
    desk.do(DrawSample(line.draw_id, options.dice, options.count))
    sys.stdout.write(f"{_told(_line(desk, line.draw_id))}.\n")
    return 0


def _line(desk: Desk, draw_id: str) -> DrawLine:
    for line in desk.ask(sample_draws):
        if line.draw_id == draw_id:
            return line
    raise DeskError("There is no such list. “pack-choices” names those that are there.")


def _told(line: DrawLine) -> str:
    noun = _NOUNS[line.of_list].lower()
    if not line.seed:
        return f"{line.period}: fixed, not drawn yet, {line.population:,} {noun}"
    return f"{line.period}: {line.wanted:,} of {line.population:,} {noun}, dice {line.seed}"


def _signed(line: ReleaseLine) -> str:
    until = line.until_on.isoformat()
    return f"{line.called}, for {line.agency or 'no agency'}, {line.purpose}, until {until}"


def _releases(desk: Desk, profile: PackProfile) -> list[tuple[str, str]]:
    """Return (id, whose and until when) of the releases that hold today for this reader."""
    if not profile.is_of_one:
        return []
    today = desk.now().astimezone(desk.house.zone).date()
    return [
        (line.release_id, _signed(line))
        for line in desk.ask(valid_releases, today=today)
        if line.recipient == profile.id
    ]
