"""A release of information: written down as it was signed, and taken back by a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.information_releases import (
    RecordRelease,
    ReleaseLine,
    RevokeRelease,
    StayOfSomebody,
    stays_to_release,
)
from shelter_desk.domain.pack_rules import PackProfile, PackRules
from shelter_desk.domain.releases import Terms
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Form, Several, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name

_USUAL_DAYS = 30


def ask_release(
    host: QWidget,
    shared: Shared,
    rules: PackRules,
    profile: PackProfile,
    done: Callable[[str], None],
) -> FormSheet:
    """Ask what was signed; `done` is given the release once it is written down."""
    form = _release_form(shared, rules, profile)

    def take(values: dict[str, Any]) -> bool:
        stay_id, said = values.pop("stay_id"), values.pop("said")
        terms = Terms(profile.id, told="told" in said, is_safe="is_safe" in said, **values)
        told = shared.attempt(
            RecordRelease(stay_id, terms),
            said=_tr("The release is written down"),
            invalid=form.show_problems,
        )
        if told is not None:
            done(told.subject)
        return told is not None

    words = _tr("Nobody has to agree. It can be taken back at any moment, by a spoken word.")
    sheet = FormSheet(_tr("Record a release"), form, _tr("Write it down"), take, intro=words)
    sheet.keeps(shared, "release", profile.id).open_over(host)
    return sheet


def ask_revoke(host: QWidget, shared: Shared, line: ReleaseLine) -> FormSheet:
    """Ask how it was taken back; from then on nothing leaves under it."""
    how = (("spoken", _tr("They said so")), ("written", _tr("In writing")))
    form = Form((Choice("how", _tr("How they took it back"), how, chips=True, needed=True),))

    def take(values: dict[str, Any]) -> bool:
        command = RevokeRelease(line.release_id, values["how"])
        said = _tr("The release has ended")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    title, action = _tr("They took it back"), _tr("End the release")
    sheet = FormSheet(title, form, action, take)
    sheet.keeps(shared, "revoke-release", line.release_id).open_over(host)
    return sheet


def _release_form(shared: Shared, rules: PackRules, profile: PackProfile) -> Form:
    today = shared.today()
    people = tuple((stay.stay_id, _shown(stay)) for stay in shared.ask(stays_to_release))
    form = Form(
        (
            Choice("stay_id", _tr("Whose record"), people, needed=True),
            Text(
                "agency",
                _tr("Which agency, by its name"),
                hint=_tr("The one that reads it. Another one needs a release of its own."),
                needed=True,
            ),
            Choice("purpose", _tr("What it is for"), _purposes(), needed=True),
            Several(
                "parts",
                _tr("What may be shared"),
                tuple((name, _tr(rules.files[name].title)) for name in profile.rows),
                needed=True,
            ),
            Day("from_on", _tr("From"), today, needed=True, ahead=True),
            Day("until_on", _tr("Until"), today, needed=True, ahead=True),
            Several("signers", _tr("Who signed"), _signers(), needed=True),
            Several(
                "said",
                _tr("What was made sure of"),
                (
                    ("told", _tr("They heard that declining changes nothing about their care")),
                    ("is_safe", _tr("The adult who signed did not harm them")),
                ),
            ),
            Choice("alone", _tr("Why no adult signed"), _alone()),
            Choice("longer", _tr("Why it is longer than 90 days"), _longer()),
        )
    )
    form.put({"from_on": today, "until_on": today + timedelta(days=_USUAL_DAYS)})
    return form


def _shown(stay: StayOfSomebody) -> str:
    who = f"{shown_name(stay.called)}, {stay.case_code}"
    if stay.left_on is None:
        return who
    return _tr("{0}, left {1}").format(who, show_day(stay.left_on))


def release_words(line: ReleaseLine) -> str:
    """Return whose release it is, for whom, for what and until when."""
    return _tr("{0}, for {1}: {2}, until {3}").format(
        shown_name(line.called),
        line.agency or _tr("no agency that is named"),
        dict(_purposes())[line.purpose],
        show_day(line.until_on),
    )


def _purposes() -> tuple[tuple[str, str], ...]:
    return (
        ("review", _tr("A review of their care")),
        ("placement", _tr("A new place to live")),
        ("court", _tr("A hearing in court")),
        ("payment", _tr("Payment for the stay")),
    )


def _signers() -> tuple[tuple[str, str], ...]:
    return (
        ("young-person", _tr("The young person")),
        ("parent-or-guardian", _tr("A parent or guardian")),
        ("custodial-agency", _tr("The custodial agency")),
    )


def _alone() -> tuple[tuple[str, str], ...]:
    return (
        ("emancipated", _tr("They are emancipated")),
        ("may-receive-the-service-alone", _tr("The law lets them receive the service alone")),
    )


def _longer() -> tuple[tuple[str, str], ...]:
    return (
        ("court-order", _tr("A court ordered it")),
        ("asked-by-the-young-person", _tr("The young person asked for it")),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("releases", text)
