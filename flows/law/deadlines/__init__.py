"""The deadlines of the law and the clocks made of them.

`deadlines.yaml` holds every deadline: what starts it, its term (a parameter), whether art. 642 CPC
carries it over, its rule in words. `steps.yaml` holds the words of the procedural clocks.
"""

from flows.law.calendar import Place, place_of
from flows.law.deadlines.clock import ClockStep, StepState, deadline_step
from flows.law.deadlines.compute import LegalDeadline, deadline
from flows.law.deadlines.injonction import injonction_clock
from flows.law.deadlines.insolvency import claim_clock
from flows.law.deadlines.table import CarryOver, Rule, Side, Table, deadline_table

__all__ = [
    "CarryOver",
    "ClockStep",
    "LegalDeadline",
    "Place",
    "Rule",
    "Side",
    "StepState",
    "Table",
    "claim_clock",
    "deadline",
    "deadline_step",
    "deadline_table",
    "injonction_clock",
    "place_of",
]
