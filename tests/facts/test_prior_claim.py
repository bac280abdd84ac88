"""Where the written claim on a public body stands, as the routes are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.dossier import Act, ActKind, Dossier
from flows.facts.legal import situation_of
from flows.law import load_law
from flows.values import Value
from tests.facts.makers import act, happened

NOTICE = "mise_en_demeure_public"
SENT = date(2026, 9, 10)


def prior_claim(today: date, *acts: Act, kind: str = "public") -> str:
    """Tell it of a debt of 1 250 € due in the summer of 2026."""
    facts: dict[str, Value] = {
        "debtor_kind": kind,
        "amount_due": Decimal("1250.00"),
        "invoice_due_on": date(2026, 7, 15),
    }
    dossier = Dossier("n1", date(2026, 8, 1), facts, acts)
    return situation_of(dossier, {}, today, load_law()).prior_claim


@pytest.mark.parametrize(
    "made",
    [
        (happened("demande_ecrite_public", SENT),),
        (act(ActKind.SENT, SENT, document=NOTICE),),
    ],
)
def test_the_silence_runs_then_is_over(made: tuple[Act, ...]) -> None:
    """A claim noted and a formal notice count alike: silence for two months, a refusal after them."""
    assert prior_claim(SENT, *made) == "en_cours"
    assert prior_claim(date(2026, 11, 9), *made) == "en_cours"
    assert prior_claim(date(2026, 11, 30), *made) == "silence_echu"


def test_the_silence_is_counted_from_the_receipt() -> None:
    """The receipt, when known, begins the two months."""
    late = act(ActKind.RECEIVED, date(2026, 9, 28), document=NOTICE)
    made = act(ActKind.SENT, SENT, document=NOTICE)
    assert prior_claim(date(2026, 11, 24), made, late) == "en_cours"


def test_there_is_none_without_a_written_claim_on_a_public_body() -> None:
    """A reminder is none, and a professional is not asked one."""
    assert prior_claim(SENT, act(ActKind.SENT, SENT, document="relance_1")) == "aucune"
    notice = act(ActKind.SENT, SENT, document="mise_en_demeure")
    assert prior_claim(date(2026, 12, 15), notice, kind="professionnel") == "aucune"
