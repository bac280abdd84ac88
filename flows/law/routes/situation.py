"""What the routes depend on: one frozen view of a dossier, on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.dossier import DebtorKind

UNKNOWN = "inconnu"

_BOTH: frozenset[object] = frozenset({True, False})

VALUES: Mapping[str, frozenset[object]] = {
    "debtor_kind": frozenset(kind.value for kind in DebtorKind),
    "overdue": _BOTH,
    "creditor_status": frozenset({"commercant", "artisan", "liberal", UNKNOWN}),
    "debtor_status": frozenset(
        {"societe", "commercant", "artisan", "liberal", "civile", UNKNOWN},
    ),
    "public_body": frozenset(
        {"etat", "collectivite", "hopital", "entreprise_publique", UNKNOWN},
    ),
    "country": frozenset({"ue", "danemark", "hors_ue", UNKNOWN}),
    "contested": frozenset({"non", "oui", UNKNOWN}),
    "special_case": frozenset(
        {
            "aucun",
            "sous_traitance",
            "batiment",
            "transport",
            "marchandises",
            "droits_auteur",
            "agent_commercial",
            UNKNOWN,
        }
    ),
    "procedure_open": _BOTH,
    "claim": frozenset({"inconnue", "en_cours", "passee", "forclose", "declaree"}),
    "stage": frozenset(
        {
            *("aucune", "conciliation", "petites_creances", "requete", "ordonnance", "non_avenue"),
            *("signifiee", "opposition", "juge_saisi"),
        },
    ),
    "surendettement": _BOTH,
    "formal_notice": frozenset({"aucune", "en_cours", "echue"}),
    "prior_claim": frozenset({"aucune", "en_cours", "silence_echu"}),
    "limitation_passed": _BOTH | {None},
    "limitation_near": _BOTH,
    "conciliation_tried": _BOTH,
    "petites_creances_tried": _BOTH,
    "title": _BOTH,
    "business_relation": _BOTH | {None},
}
"""The fields that take one value among a few, and those values."""

DAYS = ("claim_until", "relief_until", "limitation_until")
"""The days a sentence may name, and whose being known a rule may ask."""

SUMS = ("principal", "total")
"""The fields in euros, which a rule compares with a parameter of the law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One debt as the routes see it; `VALUES` lists what each field of words may hold.

    `principal` and `total` are euros TTC still due, the second with interest and fixed sum. `postcode`
    is that of the debtor, five digits or "". Raises ValueError for a value out of its list.
    """

    today: date
    debtor_kind: DebtorKind
    principal: Decimal
    total: Decimal
    overdue: bool = True
    creditor_status: str = UNKNOWN
    debtor_status: str = UNKNOWN
    public_body: str = UNKNOWN
    country: str = UNKNOWN
    postcode: str = ""
    contested: str = UNKNOWN
    special_case: str = UNKNOWN
    procedure_open: bool = False
    claim: str = "inconnue"
    """Where the declaration stands in an open procedure: time not known, running, passed (`forclose`:
    the time to ask the judge to declare late has passed too), or declared."""
    claim_until: date | None = None
    relief_until: date | None = None
    """The last day to declare, and to ask for the relevé de forclusion."""
    stage: str = "aucune"
    """What is under way, or how far a suit went; `non_avenue`: an order not served in time, worth nothing any more."""
    surendettement: bool = False
    formal_notice: str = "aucune"
    prior_claim: str = "aucune"
    """The written claim that a public body must get before a judge: none, its silence running, or over."""
    limitation_passed: bool | None = None
    limitation_near: bool = False
    limitation_until: date | None = None
    conciliation_tried: bool = False
    petites_creances_tried: bool = False
    title: bool = False
    """The creditor already holds an enforceable title."""
    business_relation: bool | None = None

    def __post_init__(self) -> None:
        for name, allowed in VALUES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}: {getattr(self, name)!r} is not one of its values")
        if self.postcode and not (self.postcode.isdecimal() and len(self.postcode) == 5):
            raise ValueError(f"postcode: {self.postcode!r} is not five digits")
        if not 0 <= self.principal <= self.total:
            raise ValueError("the total holds the principal, which is not below zero")
