"""Acts as the tests of the facts make them: each recorded at ten on its own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from flows.dossier import Act, ActKind
from flows.values import Value

TODAY = date(2026, 11, 24)
DAY = date(2026, 11, 2)
"""The day of what happens, when a test does not care."""


def act(kind: ActKind, on: date, **data: Value) -> Act:
    """Make an act."""
    return Act(kind, on, datetime.combine(on, time(10), tzinfo=UTC), data)


def happened(what: str, on: date = DAY) -> Act:
    """Make an act of what the law counts from."""
    return act(ActKind.HAPPENED, on, what=what)


def taken_back(what: str, day: date = DAY) -> Act:
    """Make the correction, of today, that takes it back."""
    return act(ActKind.CORRECTED, TODAY, fact="evenement", what=what, day=day)
