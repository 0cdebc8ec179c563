"""What events of the audit trail are called, and to whom it is told what they were about."""

from __future__ import annotations

from collections.abc import Mapping

from shelter_desk.desk.base import Read
from shelter_desk.domain.record_classes import (
    INVESTIGATION,
    LOCATION,
    View,
    appointment_class,
)

WORDS: Mapping[str, str] = {
    "shelter.found": "Set up the records",
    "shelter.change": "Changed the shelter's settings",
    "bed.add": "Added a bed",
    "bed.rename": "Renamed a bed",
    "bed.hold": "Held a bed",
    "bed.release": "Released a bed",
    "house.print": "Made a board or a census for the printer",
    "bed.retire": "Took a bed out of use",
    "audience.add": "Added an audience",
    "audience.retire": "Removed an audience",
    "staff.sign-in": "Signed in",
    "staff.failed-try": "Someone tried to sign in",
    "staff.add": "Added a colleague",
    "staff.renew-keys": "Set a new passphrase",
    "staff.replace-keys": "Set a new passphrase for a colleague",
    "staff.change-roles": "Changed a colleague's roles",
    "staff.change-passphrase": "Changed their own passphrase",
    "staff.end": "Ended a colleague's access",
    "staff.agreement": "Accepted the confidentiality agreement",
    "class.open": "Opened a record class for a time",
    "class.close": "Closed a record class again",
    "class.seen": "Looked at what was opened in an emergency",
    "resident.admit": "Admitted a resident",
    "resident.correct": "Corrected a resident's details",
    "resident.view": "Opened a resident's record",
    "resident.search": "Searched for a resident",
    "stay.bed": "Changed a bed",
    "stay.plan-exit": "Planned an exit",
    "stay.exit": "Recorded an exit",
    "stay.correct-exit": "Corrected an exit",
    "stay.reopen": "Took back an exit",
    "stay.correct-arrival": "Corrected when somebody arrived",
    "stay.event": "Recorded that something happened",
    "stay.event-withdrawn": "Took back an event",
    "item.answer": "Answered a checklist item",
    "item.undo": "Undid an answer",
    "item.sign": "Signed a checklist item",
    "service.need": "Set where a service stands",
    "service.log": "Logged a service",
    "service.log-group": "Logged a service for a group",
    "service.correct": "Corrected a service entry",
    "service.restore": "Put a service entry back",
    "service.withdraw-group": "Took back the entries of a group",
    "service.withdraw": "Took back a service entry",
    "missing.start": "Started the clock: missing from care",
    "missing.discovery": "Corrected when it was seen that somebody was missing",
    "missing.withdraw": "Took back: was not missing",
    "missing.card": "Wrote down when they were last seen",
    "missing.line": "Wrote down a search or a try",
    "missing.line-withdrawn": "Took back a search or a try",
    "missing.return": "Recorded that they are back safe",
    "missing.return-withdrawn": "Took back a return",
    "missing.talk": "Recorded a return talk",
    "missing.close": "Closed a time missing from care",
    "notice.told": "Wrote down who was told",
    "notice.reason": "Wrote down why nobody is told",
    "notice.open-again": "Took back who was told",
    "incident.start": "Began an incident",
    "incident.withdraw": "Took back an incident",
    "incident.person": "Wrote down who had a part in an incident",
    "incident.person-withdrawn": "Took back who had a part in an incident",
    "incident.report": "Wrote an incident report",
    "incident.step": "Added what follows an incident",
    "incident.step-done": "Did what follows an incident",
    "shift-line.write": "Wrote a line of the shift log",
    "shift-line.correct": "Corrected a line of the shift log",
    "shift-line.withdraw": "Took a line of the shift log back",
    "item.assign": "Gave items to a colleague",
    "work.hand-over": "Handed their work over",
    "handoff.sign": "Handed the shift over",
    "handoff.receive": "Took the shift over",
    "handoff.withdraw": "Took a handoff back",
    "handoff.print": "Printed the handoff sheet",
    "incident.close": "Closed an incident",
    "appointment.plan": "Planned an appointment",
    "appointment.move": "Moved an appointment",
    "appointment.change": "Changed an appointment",
    "appointment.settle": "Wrote down what came of an appointment",
    "appointment.open": "Took back what came of an appointment",
    "contact.rule": "Set a contact rule",
    "record.join": "Joined two records of one young person",
    "record.separate": "Separated two records that were joined",
    "paper.disclose": "Made a paper to hand over",
    "paper.resident": "Made a paper for the young person",
    "phase.start": "Opened a phase",
    "phase.end": "Closed a phase",
    "custody.begin": "Began an export",
    "custody.contents": "Settled what an export holds",
    "custody.agree": "Agreed to an export",
    "release.record": "Recorded a release of information",
    "release.revoke": "Wrote down that a release was taken back",
    "sample.fix": "Fixed the list for a reviewer’s sample",
    "sample.draw": "Drew a sample by a reviewer’s dice",
    "sample.withdraw": "Withdrew a list for a sample",
    "custody.end": "Finished an export",
    "custody.locked-pdf": "Wrote a locked PDF beside a pack",
    "custody.hand-over": "Handed a pack over",
    "custody.end-handover": "Wrote down what became of a pack",
    "seat.open": "Let an inspector look on this screen",
    "seat.look": "An inspector opened a record on this screen",
    "seat.close": "Ended what an inspector could see",
    "visit.plan": "Planned an audit visit",
    "visit.end": "Wrote down how an audit visit ended",
    "visit.grid": "Made the completeness grid of an audit visit",
    "visit.give": "Gave points of an audit visit to a colleague",
    "custody.reopen-handover": "Took back what became of a pack",
    "summary.release": "Released a summary",
    "summary.again": "Gave a summary out again",
    "figure.told": "Wrote down a figure that is public",
    "figure.withdraw": "Took back a figure that was never public",
    "report.hand-over": "Handed a report over",
    "report.explain": "Looked at the records behind a figure",
    "funder.answer": "Wrote down what a funder asks",
    "audit.alarm-seen": "Looked at a warning about the records",
    "hold.begin": "Put a record on hold by law",
    "hold.end": "Lifted a legal hold",
    "removal.take": "Took a record away",
    "removal.put-back": "Put a record back that was taken away",
    "removal.destroy": "Destroyed a record, by two people",
    "records.restore": "Restored the records from a backup",
    "audit.checkpoint": "Sealed the audit trail",
}
_CLASS_OF_GROUP = {"incident": INVESTIGATION, "missing": LOCATION, "notice": INVESTIGATION}


def may_open_event(read: Read, action: str, named: str, reason: str) -> bool:
    """Say whether the person asking may know what an event was about and what it set.

    `named` is what its row names: the item, the service, what happened; "" when nothing does.
    """
    access = read.access
    group, named_or_reason = action.partition(".")[0], named or reason
    if group == "item":
        return access.view(named) is View.OPEN
    if group == "service":
        return access.may_open_service(named or reason.partition(":")[0])
    if action in ("stay.event", "stay.event-withdrawn"):
        return access.may_open_trigger(named_or_reason)
    if group == "appointment":
        return access.may_know(appointment_class(read.care_model, named_or_reason))
    return group not in _CLASS_OF_GROUP or access.may_open(_CLASS_OF_GROUP[group])
