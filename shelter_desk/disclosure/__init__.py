"""Safe tables: as few figures withheld as possible, proved by possible worlds, checkable by all.

`protect` is the only maker of a `SafeTable`. Method: cell suppression as an optimisation problem
over all tables of a release together, an audit of every small figure with whole-number worlds, and
a certificate worked out from the published figures alone. It does not cover what people know from
outside the release.
"""

from shelter_desk.disclosure.advisor import Advice
from shelter_desk.disclosure.checker import check, check_values
from shelter_desk.disclosure.child import StoppedError
from shelter_desk.disclosure.definitions import Definition, People
from shelter_desk.disclosure.door import protect_json
from shelter_desk.disclosure.events import enough_behind
from shelter_desk.disclosure.going_public import Weighed
from shelter_desk.disclosure.model import ProblemError, Settings
from shelter_desk.disclosure.planned import protect_planned
from shelter_desk.disclosure.release import protect
from shelter_desk.disclosure.repeated import repeated, still_true
from shelter_desk.disclosure.request import Label, Over, ReleaseRequest, TableRequest, definitions
from shelter_desk.disclosure.result_check import check_result
from shelter_desk.disclosure.safe import (
    COARSER,
    Dropped,
    Refused,
    SafeRelease,
    SafeTable,
    known_of,
)
from shelter_desk.disclosure.table_file import BadTableError, parse_table
from shelter_desk.disclosure.worker import (
    advise_in_worker,
    protect_in_worker,
    protect_planned_in_worker,
    protect_problem_in_worker,
    ranges_in_worker,
    reason_in_worker,
    weigh_in_worker,
)

__all__ = [
    "COARSER",
    "Advice",
    "BadTableError",
    "Definition",
    "Dropped",
    "Label",
    "Over",
    "People",
    "ProblemError",
    "Refused",
    "ReleaseRequest",
    "SafeRelease",
    "SafeTable",
    "Settings",
    "StoppedError",
    "TableRequest",
    "Weighed",
    "advise_in_worker",
    "check",
    "check_result",
    "check_values",
    "definitions",
    "enough_behind",
    "known_of",
    "parse_table",
    "protect",
    "protect_in_worker",
    "protect_json",
    "protect_planned",
    "protect_planned_in_worker",
    "protect_problem_in_worker",
    "ranges_in_worker",
    "reason_in_worker",
    "repeated",
    "still_true",
    "weigh_in_worker",
]
