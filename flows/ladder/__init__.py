"""When to come back, and on what: the ladder from the first contact to the choice of a route.

The steps and habits are data: `ladder.yaml`.
"""

from flows.ladder.catalogue import ladder
from flows.ladder.model import Deadline, Ladder
from flows.ladder.position import broken_promises, procedure_open, promise_broken, stage_of
from flows.ladder.reminders import next_deadline, notice_runs_until, reminders

__all__ = [
    "Deadline",
    "Ladder",
    "broken_promises",
    "ladder",
    "next_deadline",
    "notice_runs_until",
    "procedure_open",
    "promise_broken",
    "reminders",
    "stage_of",
]
