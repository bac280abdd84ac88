"""What a list says of a dossier, apart from its history: cheap to keep beside it and to read for hundreds at once.

Derived from the dossier alone and never changed by hand: an outline that was kept is only worth what the dossier
gives, and `VERSION` says by which rules it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flows.dossier import Dossier, Status

VERSION = 1
"""To be raised whenever the same dossier gives another outline: those kept before are then made again."""
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Outline:
    """One dossier in short. `owed`: euros of principal TTC still due by invoice, with its due date if known.

    `known`: whether the amount was told. `blank`: nothing was told at all.
    """

    id: str
    client: str
    status: Status
    known: bool
    blank: bool
    owed: tuple[tuple[date | None, Decimal], ...]

    @classmethod
    def of(cls, dossier: Dossier) -> Outline:
        """Draw the outline of a dossier."""
        balances = dossier.settlement.balances
        return cls(
            dossier.id,
            dossier.debtor_name,
            dossier.status,
            known=dossier.amount_due is not None,
            blank=not dossier.facts,
            owed=tuple(
                (invoice.due_on, balances[invoice.key]) for invoice in dossier.open_invoices
            ),
        )

    @property
    def remaining(self) -> Decimal | None:
        """Euros still due, None while the amount is not known."""
        return sum((amount for _, amount in self.owed), _ZERO) if self.known else None

    def late(self, today: date) -> Decimal:
        """Give the euros whose due date has passed."""
        return sum((amount for due, amount in self.owed if due and due < today), _ZERO)

    def to_json(self) -> dict[str, Any]:
        """Encode what the dossier's own columns do not say."""
        owed = [[due.isoformat() if due else None, str(amount)] for due, amount in self.owed]
        return {"v": VERSION, "known": self.known, "blank": self.blank, "owed": owed}

    @classmethod
    def from_json(
        cls, dossier_id: str, client: str, status: str, data: Mapping[str, Any]
    ) -> Outline | None:
        """Decode what `to_json` made; None when it was made by other rules than those of today."""
        if data.get("v") != VERSION:
            return None
        return cls(
            dossier_id,
            client,
            Status(status),
            known=bool(data["known"]),
            blank=bool(data["blank"]),
            owed=tuple(
                (date.fromisoformat(due) if due else None, Decimal(amount))
                for due, amount in data["owed"]
            ),
        )
