"""When to come back, and on what: the ladder from the first contact to the choice of a route.

The steps and habits are data: `ladder.yaml`.
"""

from flows.ladder.catalogue import ladder
from flows.ladder.model import Deadline, Ladder
from flows.ladder.position import (
    at_law,
    broken_promises,
    claim_declared,
    plan_runs,
    procedure_open,
    promise_broken,
    stage_of,
)
from flows.ladder.reminders import next_deadline, notice_runs_until, reminders

__all__ = [
    "Deadline",
    "Ladder",
    "at_law",
    "broken_promises",
    "claim_declared",
    "ladder",
    "next_deadline",
    "notice_runs_until",
    "plan_runs",
    "procedure_open",
    "promise_broken",
    "reminders",
    "stage_of",
]
