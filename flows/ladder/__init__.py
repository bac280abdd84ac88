"""When to come back, and on what: the ladder from the first contact to the choice of a route.

The steps and habits are data: `ladder.yaml`.
"""

from flows.ladder.catalogue import ladder
from flows.ladder.delays import Base, Delay
from flows.ladder.model import Deadline, Ladder
from flows.ladder.plan import Progress, Rung, entry, rungs
from flows.ladder.position import (
    at_law,
    broken_promises,
    claim_declared,
    plan_runs,
    procedure_open,
    promise_broken,
    stage_of,
)
from flows.ladder.reminders import (
    ASKED,
    PAUSE_OVER,
    next_deadline,
    notice_runs_until,
    reminder_runs_until,
    reminders,
)

__all__ = [
    "ASKED",
    "PAUSE_OVER",
    "Base",
    "Deadline",
    "Delay",
    "Ladder",
    "Progress",
    "Rung",
    "at_law",
    "broken_promises",
    "claim_declared",
    "entry",
    "ladder",
    "next_deadline",
    "notice_runs_until",
    "plan_runs",
    "procedure_open",
    "promise_broken",
    "reminder_runs_until",
    "reminders",
    "rungs",
    "stage_of",
]
