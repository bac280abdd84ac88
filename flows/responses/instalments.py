"""What an agreement on instalments calls for once one of them did not come."""

from __future__ import annotations

from dataclasses import replace

from flows.responses.catalogue import response
from flows.responses.model import Recommendation


def instead(advice: Recommendation, response_id: str, because: str) -> Recommendation:
    """Give `advice` with another response first; the one it recommended comes next. KeyError for an unknown id."""
    first = response(response_id)
    before = (advice.recommended,) if advice.recommended else ()
    rest = tuple(r for r in (*before, *advice.alternatives) if r.id != first.id)
    return replace(
        advice, recommended=first, alternatives=rest, nothing=None, because=(because,), then=None
    )


def nothing_yet(advice: Recommendation, why: str) -> Recommendation:
    """Give `advice` with nothing to send for now, and why."""
    return replace(advice, recommended=None, alternatives=(), nothing=why, because=(), then=None)
