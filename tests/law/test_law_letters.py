"""What a letter takes of a décompte, and the French it is said in."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from flows.dossier import DebtorKind
from flows.law import Claim, Decompte, Law, Payment, compute_decompte
from flows.yamlfile import load_yaml

TODAY = date(2026, 11, 22)
TEXTS: dict[str, str] = load_yaml(files("flows.law") / "texts.yaml")
NBSP = "\u00a0"


def draw_up(law: Law, kind: DebtorKind, due_on: date, until: date = TODAY) -> Decompte:
    """Draw up a debt of 1 200 €, the mise en demeure received ten days after the due date."""
    notice = date.fromordinal(due_on.toordinal() + 10)
    return compute_decompte(
        [Claim("F-014", due_on, Decimal(1200))], [], kind, until, law, formal_notice_on=notice
    )


def simple(value: object) -> bool:
    """Tell whether a value is one a letter can print, all the way down."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and simple(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(simple, value))
    return isinstance(value, str | int | Decimal | date)


def test_the_facts_have_the_shared_names(law: Law) -> None:
    """A letter finds the sums, the days, the rate, the lines and the law under their names."""
    facts = draw_up(law, DebtorKind.PROFESSIONAL, date(2026, 5, 31), date(2026, 9, 15)).as_facts()
    decompte = facts.pop("decompte")
    assert facts == {
        "amount_remaining": Decimal("1200.00"),
        "penalties": Decimal("43.37"),
        "lump_sum": Decimal(40),
        "total_due": Decimal("1283.37"),
        "penalties_until": date(2026, 9, 15),
        "days_late": 107,
        "penalty_rate_text": "taux de la Banque centrale européenne majoré de 10 points, "
        "soit 12,40\u00a0% par an au second semestre 2026",
        "legal_basis": ["art. L441-10, II C. com.", "art. D441-5 C. com."],
        "law_checked_on": TODAY,
    }
    assert isinstance(decompte, dict)
    assert decompte["lines"] == [
        {
            "number": "F-014",
            "due_on": date(2026, 5, 31),
            "label": "Facture F-014, taux du premier semestre 2026",
            "from_on": date(2026, 6, 1),
            "to_on": date(2026, 6, 30),
            "days": 30,
            "base": Decimal("1200.00"),
            "rate": Decimal("12.15"),
            "amount": Decimal("11.98"),
        },
        {
            "number": "F-014",
            "due_on": date(2026, 5, 31),
            "label": "Facture F-014, taux du second semestre 2026",
            "from_on": date(2026, 7, 1),
            "to_on": date(2026, 9, 15),
            "days": 77,
            "base": Decimal("1200.00"),
            "rate": Decimal("12.40"),
            "amount": Decimal("31.39"),
        },
    ]


@pytest.mark.parametrize("kind", DebtorKind)
def test_the_facts_hold_simple_values_only(law: Law, kind: DebtorKind) -> None:
    """No object of this room reaches a letter."""
    assert simple(draw_up(law, kind, date(2025, 5, 31)).as_facts())


@pytest.mark.parametrize(
    ("kind", "due_on", "text"),
    [
        (
            DebtorKind.CONSUMER,
            date(2026, 5, 31),
            "taux de l’intérêt légal, soit 2,75\u00a0% par an au second semestre 2026",
        ),
        (
            DebtorKind.PUBLIC,
            date(2026, 5, 31),
            (
                "taux de la Banque centrale européenne du premier semestre 2026, où le retard a "
                "commencé, majoré de 8 points, soit 10,15\u00a0% par an"
            ),
        ),
        (DebtorKind.FOREIGN, date(2026, 5, 31), ""),
        (
            DebtorKind.PROFESSIONAL,
            date(2026, 12, 31),
            (
                "taux de la Banque centrale européenne majoré de 10 points, soit 12,40\u00a0% par "
                "an au second semestre 2026"
            ),
        ),
    ],
)
def test_the_rate_is_said_in_words(law: Law, kind: DebtorKind, due_on: date, text: str) -> None:
    """The words give the rule and the figure of the latest half-year, or nothing at all."""
    assert draw_up(law, kind, due_on).rate_text == text


def test_an_unknown_rate_is_not_said(law: Law) -> None:
    """A delay that starts in 2027 has no rate to print."""
    found = draw_up(law, DebtorKind.PROFESSIONAL, date(2027, 1, 10), date(2027, 2, 10))
    assert found.rate_text == ""


def test_a_debt_without_number_has_a_label(law: Law) -> None:
    """An invoice whose number is unknown gives no hole in the sentence."""
    found = compute_decompte(
        [Claim("", date(2026, 10, 31), Decimal(100))], [], DebtorKind.PROFESSIONAL, TODAY, law
    )
    assert found.lines[0].label == "Taux du second semestre 2026"


def test_a_number_is_never_taken_for_a_blank(law: Law) -> None:
    """Braces and marks in what a person typed are kept as they are."""
    hostile = "{rate} <b>{0.__class__}"
    found = compute_decompte(
        [Claim(hostile, date(2026, 10, 31), Decimal(100))], [], DebtorKind.PROFESSIONAL, TODAY, law
    )
    assert found.lines[0].label == f"Facture {hostile}, taux du second semestre 2026"


def test_the_age_is_that_of_what_is_still_owed(law: Law) -> None:
    """Once the older invoice is paid, the days late are those of the other."""
    found = compute_decompte(
        [Claim("A", date(2026, 1, 31), Decimal(100)), Claim("B", date(2026, 10, 31), Decimal(100))],
        [Payment(date(2026, 10, 1), Decimal(110), "A")],
        DebtorKind.PROFESSIONAL,
        TODAY,
        law,
    )
    assert [balance.days_late for balance in found.balances] == [243, 22]
    assert found.days_late == 22


def test_no_claim_gives_an_empty_account(law: Law) -> None:
    """Without an invoice every sum is zero and a payment is a credit."""
    found = compute_decompte([], [Payment(TODAY, Decimal(5))], DebtorKind.PROFESSIONAL, TODAY, law)
    assert (found.total, found.credit, found.days_late) == (Decimal(0), Decimal(5), 0)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_the_sentences_follow_french_typography(key: str) -> None:
    """No straight apostrophe, no-break spaces before high signs, no word the law forbids."""
    text = re.sub(r"\{\w+\}", "x", TEXTS[key])
    text = re.sub(r"\w+: \w+(?=\u00a0»)", "x", text)  # a line of YAML, quoted as it is typed
    assert "'" not in text
    assert not re.search(r"[^\u00a0\u202f][:;?!%»]", text)
    assert not re.search(r"«[^\u00a0]", text)
    assert "!" not in text
    assert not re.search("huissier|sommation|poursuites", text, re.IGNORECASE)


def test_the_worst_of_several_debts_is_told(law: Law) -> None:
    """The age is that of the oldest debt, the refusal that of the first unknown day."""
    claims = [
        Claim("B", date(2027, 1, 10), Decimal(100)),
        Claim("A", date(2026, 11, 30), Decimal(100)),
    ]
    found = compute_decompte(claims, [], DebtorKind.PROFESSIONAL, date(2027, 2, 1), law)
    assert found.days_late == 63
    assert found.refused_from == date(2027, 1, 1)


def test_a_judgment_of_the_last_day_takes_that_day_away(law: Law) -> None:
    """The day of the opening bears no interest even when the account ends on it."""
    found = compute_decompte(
        [Claim("A", date(2026, 10, 31), Decimal(100))],
        [],
        DebtorKind.PROFESSIONAL,
        TODAY,
        law,
        stopped_on=TODAY,
    )
    assert found.penalties_until == date(2026, 11, 21)


def test_the_order_of_imputation_is_told_only_when_it_mattered(law: Law) -> None:
    """Without a payment, or without interest, no sentence speaks of imputation."""
    claims = [Claim("A", date(2026, 10, 31), Decimal(100))]
    kind = DebtorKind.PROFESSIONAL
    unpaid = compute_decompte(claims, [], kind, TODAY, law)
    early = [Payment(date(2026, 10, 1), Decimal(100))]
    in_time = compute_decompte(claims, early, kind, TODAY, law)
    assert unpaid.sentences == in_time.sentences == ()


def test_only_the_invoice_not_yet_late_misses_its_notice(law: Law) -> None:
    """A mise en demeure received between two due dates is told to be early for the second alone."""
    claims = [
        Claim("A", date(2026, 5, 31), Decimal(100)),
        Claim("B", date(2026, 8, 31), Decimal(100)),
    ]
    kind, notice = DebtorKind.CONSUMER, date(2026, 6, 30)
    found = compute_decompte(claims, [], kind, TODAY, law, formal_notice_on=notice)
    told = " ".join(found.sentences)
    assert "facture B" in told
    assert "facture A" not in told


def test_a_notice_received_on_the_last_day_counts_as_received(law: Law) -> None:
    """No interest yet that day, and nobody is told that a mise en demeure is missing."""
    found = draw_up(law, DebtorKind.CONSUMER, date(2026, 11, 12))
    assert found.interest == 0
    assert TEXTS["no_notice"] not in found.sentences
