"""Limitation (prescription): until when a debt may be claimed in court, and why."""

from flows.law.limitation.compute import Counted, Limitation, State, UnknownTerm, limitation
from flows.law.limitation.course import LimitationEvent
from flows.law.limitation.rules import Effect

__all__ = [
    "Counted",
    "Effect",
    "Limitation",
    "LimitationEvent",
    "State",
    "UnknownTerm",
    "limitation",
]
