"""The facts nobody is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dossier import Act, ActKind, Dossier
from flows.facts import KINDS, fact, registry
from flows.facts.computed import (
    decompte_of,
    document_facts,
    postal,
    schedule,
    town_of,
)
from flows.law import load_law
from flows.values import Value, facts_from_json, facts_to_json, value_from_json
from letters import load_catalogue

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
AMOUNTS = st.decimals(min_value="0.01", max_value="999999", places=2)


def dossier(kind: str, *acts: Act) -> Dossier:
    """A debt of 1 200 € due on 31 May 2026."""
    facts: dict[str, Value] = {
        "debtor_kind": kind,
        "debtor_name": "Dupont SARL",
        "amount_due": Decimal("1200.00"),
        "invoice_due_on": date(2026, 5, 31),
    }
    return Dossier("n1", date(2026, 6, 1), facts, acts)


def test_instalments_fall_on_the_same_day_of_each_month() -> None:
    """Monthly instalments keep their day or the month's last one, moved to the next working day."""
    days = [row["on"] for row in schedule(Decimal(300), 4, date(2026, 12, 31))]
    assert days == [date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 31)]


@pytest.mark.parametrize(
    ("typed", "laid_out", "town"),
    [
        ("12 rue des Lilas, 44000 Nantes", "12 rue des Lilas\n44000 Nantes", "Nantes"),
        ("12 rue des Lilas 44000 Saint-Herblain", "12 rue des Lilas\n44000 Saint-Herblain", "Saint-Herblain"),
        ("12 rue des Lilas\n44000 Nantes", "12 rue des Lilas\n44000 Nantes", "Nantes"),
        ("Lieu-dit Le Bourg", "Lieu-dit Le Bourg", ""),
        ("BP 12345", "BP 12345", ""),
    ],
)  # fmt: skip
def test_an_address_goes_on_an_envelope(typed: str, laid_out: str, town: str) -> None:
    """The postcode and town of a one-line address go to a line of their own; the rest stays as typed."""
    assert postal(typed) == laid_out
    assert town_of(typed) == town


def test_a_consumer_owes_interest_only_from_the_notice() -> None:
    """Without a received mise en demeure a consumer owes the principal alone; with it, from that day."""
    law = load_law()
    bare = decompte_of(dossier("particulier"), date(2026, 11, 22), law)
    received = Act(
        ActKind.RECEIVED, date(2026, 6, 20), NOW, {"document": "mise_en_demeure_particulier"}
    )
    after = decompte_of(dossier("particulier", received), date(2026, 11, 22), law)
    assert bare is not None
    assert after is not None
    assert bare.interest == bare.lump_sum == Decimal(0)
    assert after.interest > 0
    assert after.lump_sum == 0


def test_a_professional_debt_to_the_cent() -> None:
    """1 200 € due on 31 May 2026, counted on 15 September 2026: 43,37 € of penalties and the fixed sum."""
    counted = decompte_of(dossier("professionnel"), date(2026, 9, 15), load_law())
    assert counted is not None
    assert counted.interest == Decimal("43.37")


def test_a_message_takes_a_payment_off_the_principal() -> None:
    """In a message a part payment lowers the invoice; in a letter that claims it pays interest first."""
    paid = Act(ActKind.PART_PAID, date(2026, 9, 15), NOW, {"amount": Decimal("500.00")})
    law, catalogue = load_law(), load_catalogue()
    given = {
        name: document_facts(
            dossier("professionnel", paid), {}, catalogue.get(name), date(2026, 11, 24), law, catalogue
        )
        for name in ("relance_1", "mise_en_demeure_pro")
    }  # fmt: skip
    assert given["relance_1"]["amount_remaining"] == Decimal("700.00")
    assert given["mise_en_demeure_pro"]["amount_remaining"] == Decimal("743.37")


def test_every_declared_fact_can_be_read() -> None:
    """Each fact of the file has a kind that can be read, a question and a hint."""
    for declared in registry().values():
        assert declared.kind in KINDS
        assert declared.question.rstrip().endswith("?")
        assert declared.hint


def test_a_choice_is_shown_by_its_words() -> None:
    """A stored choice is read back with the words of its button."""
    assert fact("debtor_kind").show("particulier") == "Un particulier"


VALUES = st.one_of(
    st.text(), st.booleans(), st.integers(), st.dates(), AMOUNTS, st.datetimes(timezones=st.just(UTC))
)  # fmt: skip


@given(st.dictionaries(st.text(), VALUES))
def test_facts_survive_storage(facts: dict[str, object]) -> None:
    """What is stored comes back equal and of the same type."""
    back = facts_from_json(facts_to_json(facts))  # type: ignore[arg-type]
    assert back == facts
    assert {k: type(v) for k, v in back.items()} == {k: type(v) for k, v in facts.items()}


def test_what_was_not_stored_by_us_is_refused() -> None:
    """A value of another form is an error, never a guess."""
    with pytest.raises(ValueError, match="not a stored value"):
        value_from_json({"x": 1})
