"""The days a delay of a dossier can count from, read from its facts and acts."""

from __future__ import annotations

from datetime import date

from flows.dossier import Act, ActKind, Dossier
from flows.ladder.delays import Base


def last_sent(dossier: Dossier) -> Act | None:
    """Give the latest sending by its day: one told afterwards may be older than one told before."""
    sent = enumerate(dossier.acts_of(ActKind.SENT))
    return max(sent, key=lambda one: (one[1].on, one[0]), default=(0, None))[1]


def bases_of(dossier: Dossier, act_on: date) -> dict[Base, date]:
    """Give the day of each base that is known; `act_on` is the day of the act the delay counts from."""
    promised = dossier.last(ActKind.PROMISED)
    received = dossier.last(ActKind.RECEIVED)
    sent, said = last_sent(dossier), promised.data.get("promised_on") if promised else None
    found = {
        Base.DUE: dossier.due_on,
        Base.PROMISE: said,
        Base.SENDING: sent.on if sent else None,
        Base.RECEIPT: received.on if received else None,
        Base.ACT: act_on,
    }
    return {base: day for base, day in found.items() if isinstance(day, date)}
