"""What became of residents, measure by measure: the one place to touch for another one.

Each measure puts every resident of a group on one line; who is in the group, and on which line,
is said in `means`, and a table of residents comes of it for the safe-table engine only. So the
rule on numbers is that of every safe table: nothing is told of fewer residents than the threshold.

No table may follow from another one without the engine knowing it, or readers could subtract. A
measure within a line of another table (`within`) names at least two of its lines: then its total
is their sum, which the engine ties together.

What a release tells residents apart by is kept beside it. Answers that are sealed (whether the
place they went to is safe, school, what aftercare found) would lie there unsealed and outlive the
resident's key. So they are told `once`: counted for a year, kept beside no release, and not told
again of the same days.

Means, medians and rates over everybody are in none of these: no published figure may say more than
its own proof covers. Incidents by days of care are told resident by resident, in bands.

Source: indicators of the specification of the domain, 5.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shelter_desk.desk.base import Read
from shelter_desk.desk.counted import Span
from shelter_desk.desk.exit_answers import EXIT_ANSWERS, ExitAnswers
from shelter_desk.desk.outcome_lines import (
    AT_WORK,
    CONTACTS,
    COUNSELING,
    ENROLLED,
    FAMILY_SESSION,
    HOME,
    HOME_ENDED,
    OWN_VIEW,
    REVIEW,
    TIMES_MISSING,
    WITH_INCIDENT,
    Groups,
    Lines,
    contact,
    home,
    hours,
    incidents,
    incidents_of,
    offers,
    own_view,
    returned,
    reviews,
    school,
    told,
    work,
)
from shelter_desk.desk.public_reports import ADMISSION, AFTER, HAPPENED, MISSING, PLACES, SERVICES
from shelter_desk.domain.record_classes import GENERAL, IDENTITY, INVESTIGATION

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Args:
        id: name of the table. title: heading on the page.
        means: what is counted, of whom, and who is left out; it stands beside the table.
        only: of those who "came", "left", or "" of everybody.
        rows: code and words of every line.
        lines: puts the residents of the group on their lines.
        within: a table and at least two of its lines: only who is on one of them is counted.
        harmless: lines that harm nobody when they are known of everybody; None: all of them.
        about: see `TableRequest.about`. item_id: the item it is taken from, or "".
        record_class: of what is counted, where it is no item. years_only: too long for a quarter.
        once: it is under seal; see `TableRequest.once`.
    """

    id: str
    title: str
    means: str
    only: str
    rows: Rows
    lines: Callable[[Read, Groups], Lines]
    within: tuple[str, tuple[str, ...]] | None = None
    harmless: frozenset[str] | None = None
    about: str = ""
    item_id: str = ""
    record_class: str = GENERAL
    years_only: bool = False
    once: bool = False

    def is_asked(self, read: Read, span: Span) -> bool:
        """Tell whether it can be taken: the item is in use, the seal opens, the days suffice."""
        if self.item_id and self.item_id not in read.care_model.items:
            return False
        if self.once and not read.access.may_open(self.record_class):
            return False
        return not (self.years_only and span.period.quarter)


_IN_100_NIGHTS = (
    ("none", "None"),
    ("under-2", "Fewer than 2"),
    ("2-5", "2 to 5"),
    ("over-5", "More than 5"),
)


def _at_exit(one: ExitAnswers) -> Measure:
    """Return the measure of a question that is asked of a stay that ended."""
    means = f"All who left in the year, by what was answered of the stay. {one.whose}"
    # The lists for runaway and homeless youth tell their answers beside the places.
    about = PLACES if one.is_of_funders else ""
    return Measure(
        one.table, f"Residents who left: {one.about}", means, "left", one.rows, one.counting(),
        harmless=one.harmless, about=about, record_class=IDENTITY, years_only=True, once=True,
    )  # fmt: skip


_EVERY = (
    Measure(
        "own-view", "Residents who left: their own view of the program was asked for",
        "All who left in the period: asked before it ended, declined, or not asked. What they "
        "said is anonymous and is not kept with anybody.",
        "left",
        (("done", "Asked and given"), ("declined", "Asked, declined"), ("not-asked", "Not asked")),
        own_view, item_id=OWN_VIEW, about=AFTER,
    ),
    Measure(
        "home-again", "Residents who went home to parents or kin: still there",
        "Those who left in the period to parents or kin, by the days after which the end of it "
        "was written down, before the period was over. Everybody else is left out.",
        "left",
        (
            ("home", "No end was written down"),
            ("30", "Ended within 30 days"),
            ("90", "Ended after 31 to 90 days"),
            ("180", "Ended after 91 to 180 days"),
            ("later", "Ended later"),
        ),
        home, within=HOME, harmless=frozenset(("home",)), item_id=HOME_ENDED, about=AFTER,
    ),
    Measure(
        "contact-later", "Residents who left: in contact after 90 and 180 days",
        "All who left in the year, by the contacts at 90 and at 180 days that were made before "
        "the end of it. A contact is due when so many days have passed before the year ends.",
        "left",
        (
            ("both", "Both made"),
            ("one", "One of the two made"),
            ("neither", "Neither made"),
            ("first", "90 days made, 180 not due yet"),
            ("missed", "90 days not made, 180 not due yet"),
            ("not-due", "Neither due yet"),
        ),
        contact, item_id=CONTACTS[0][0], about=AFTER, years_only=True,
    ),
    Measure(
        "hours-missing", "Residents who were missing from care, by hours missing",
        "Those with a time missing found in the period; all their hours in it together, begun "
        "ones included. Times that were taken back are left out.",
        "",
        (
            ("4", "4 hours or less"),
            ("24", "5 to 24 hours"),
            ("72", "25 to 72 hours"),
            ("73-up", "More than 72 hours"),
        ),
        hours, within=TIMES_MISSING, harmless=frozenset(), about=MISSING,
        record_class=INVESTIGATION,
    ),
    Measure(
        "back-how", "Residents who were missing from care: they came back by themselves",
        "Those with a time missing found in the period, by how they came back from all of them "
        "before it was over. Asking to be fetched is coming back by themselves; another way, "
        "or one not known, is not.",
        "",
        (
            ("self", "By themselves each time"),
            ("some", "By themselves some times"),
            ("other", "Another way each time"),
            ("away", "Not back when the period ended"),
        ),
        returned, within=TIMES_MISSING, harmless=frozenset(("self",)), about=MISSING,
        record_class=INVESTIGATION,
    ),
    Measure(
        "told-missing", "Residents who were missing from care: everybody was told in time",
        "Those with a time missing found in the period, by the worst of the reports owed about "
        "them. A report that was not needed counts as told; one taken back is left out.",
        "",
        (
            ("ok", "All in time"),
            ("late", "One or more late"),
            ("open", "One or more open"),
            ("none", "Nobody had to be told"),
        ),
        told, within=TIMES_MISSING, about=MISSING, record_class=INVESTIGATION,
    ),
    Measure(
        "reviews", "Residents served: 90-day plan reviews",
        "All who were there, by the reviews written down in the period: all in time, or one late. "
        "Who had none in the period is counted as such, whether one was due or not.",
        "",
        (
            ("in-time", "All in time"),
            ("late", "One or more late"),
            ("otherwise", "Declined or not needed"),
            ("none", "None in the period"),
        ),
        reviews, item_id=REVIEW,
    ),
    Measure(
        "counseling", "Residents served: individual counseling",
        "All who were there, by what is written down of the offers in the period. Who was offered "
        "none, or nothing was written down of, has no offer.",
        "",
        (
            ("done", "Attended each time"),
            ("some", "Attended and declined"),
            ("declined", "Declined each time"),
            ("none", "No offer written down"),
        ),
        offers(COUNSELING), harmless=frozenset(("none",)), item_id=COUNSELING, about=SERVICES,
    ),
    Measure(
        "family-sessions", "Residents served: family sessions",
        "All who were there, by what is written down of family sessions that were offered to "
        "them in the period. Who was offered none, or nothing was written down of, has no offer.",
        "",
        (
            ("done", "Held each time"),
            ("some", "Held and declined"),
            ("declined", "Declined each time"),
            ("none", "No offer written down"),
        ),
        offers(FAMILY_SESSION), harmless=frozenset(("none",)), item_id=FAMILY_SESSION,
        about=SERVICES,
    ),
    Measure(
        "at-work", "Residents served: work begun, and checks of a job",
        "All who were there: whether work of theirs is written down as begun by the end of the "
        "period, and how often it was checked in it, in the first month and again after 90 days.",
        "",
        (
            ("none", "No work written down"),
            ("begun", "Begun, not checked in the period"),
            ("once", "Checked once"),
            ("again", "Checked again"),
        ),
        work, item_id=AT_WORK,
    ),
    Measure(
        "incident-rate", "Residents served: incidents in 100 nights of care",
        "All who were there: the incidents found in the period that they had a part in, divided "
        "by their own nights in it, times 100. Incidents without a resident are left out.",
        "", _IN_100_NIGHTS,
        incidents, harmless=frozenset(("none",)), about=HAPPENED, record_class=INVESTIGATION,
    ),
    Measure(
        "medicine-errors", "Residents with an incident: medication errors in 100 nights of care",
        "Those who had a part in an incident found in the period: the medication errors among "
        "theirs, divided by their own nights in it, times 100.",
        "", _IN_100_NIGHTS, incidents_of("medication-error"), within=WITH_INCIDENT,
        harmless=frozenset(("none",)), about=HAPPENED, record_class=INVESTIGATION,
    ),
    Measure(
        "held", "Residents with an incident: physical intervention or seclusion in 100 nights",
        "Those who had a part in an incident found in the period: how often there was physical "
        "intervention or seclusion in theirs, divided by their own nights in it, times 100.",
        "", _IN_100_NIGHTS, incidents_of("physical-intervention", "seclusion"),
        within=WITH_INCIDENT, harmless=frozenset(("none",)), about=HAPPENED,
        record_class=INVESTIGATION,
    ),
    Measure(
        "school-days", "Residents admitted: days until they were enrolled in school",
        "All who came in the period, by the days from their arrival to the first answer that "
        "settled enrollment.",
        "came",
        (
            ("3", "3 days or less"),
            ("7", "4 to 7 days"),
            ("30", "8 to 30 days"),
            ("31-up", "More than 30 days"),
            ("open", "Not done"),
        ),
        school, item_id=ENROLLED, about=ADMISSION,
    ),
    *map(_at_exit, EXIT_ANSWERS),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = {one.id: one for one in _EVERY}
