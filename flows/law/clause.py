"""Whether the penalty rate somebody writes in their conditions is one the law allows."""

from __future__ import annotations

from datetime import date

from flows.dossier import DebtorKind
from flows.law.agreed import AgreedRate, Standing
from flows.law.decompte import rates_of
from flows.law.law import Law, UnknownForPeriod


def lawful(agreed: AgreedRate, on: date, law: Law) -> bool:
    """Say whether a rate agreed between professionals is not below the minimum on a day.

    True while the minimum of that day is not known: nothing then tells that it is too low.
    """
    rates = rates_of(law, law.regimes[DebtorKind.PROFESSIONAL], agreed)
    try:
        return rates is None or rates.on(on, on).standing is Standing.KEPT
    except UnknownForPeriod:
        return True
