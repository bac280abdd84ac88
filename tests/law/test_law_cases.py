"""The YAML cases a jurist can read: décomptes, single lines, values of the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import (
    Claim,
    Decompte,
    Imputation,
    Law,
    Payment,
    UnknownForPeriod,
    compute_decompte,
    load_law,
)
from flows.law.agreed import AgreedRate
from flows.law.claims import Credit
from flows.law.ledger import interest_amount
from flows.yamlfile import load_yaml

CASES = Path(__file__).parent / "cases"
DECOMPTES = (
    "exemples",
    "professionnel",
    "particulier",
    "public_et_autres",
    "semestres",
    "taux_convenu",
    "avoirs",
    "imputation",
)
INPUTS = {
    "name",
    "source",
    "debtor",
    "claims",
    "payments",
    "until",
    "formal_notice_on",
    "stopped_on",
    "imputation",
    "credit_notes",
    "agreed",
    "expected",
}


def _read(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = load_yaml(CASES / f"{name}.yaml")
    return cases


def _values() -> list[dict[str, Any]]:
    return [case for file in sorted(CASES.glob("valeurs*.yaml")) for case in _read(file.stem)]


def _decomptes() -> Iterator[Any]:
    for name in DECOMPTES:
        for case in _read(name):
            yield pytest.param(case, id=f"{name}: {case['name']}")


def _compute(case: Mapping[str, Any], law: Law) -> Decompte:
    assert set(case) <= INPUTS
    return compute_decompte(
        [Claim(c["number"], c["due_on"], Decimal(c["amount"])) for c in case["claims"]],
        [
            Payment(p["day"], Decimal(p["amount"]), p.get("number", ""))
            for p in case.get("payments", ())
        ],
        DebtorKind(case["debtor"]),
        case["until"],
        law,
        formal_notice_on=case.get("formal_notice_on"),
        stopped_on=case.get("stopped_on"),
        imputation=Imputation(case["imputation"]) if "imputation" in case else None,
        credits=[
            Credit(n["day"], Decimal(n["amount"]), n.get("number", ""), n["corrects"])
            for n in case.get("credit_notes", ())
        ],
        agreed=AgreedRate.parse(case.get("agreed", "aucun")),
    )


def _lines(decompte: Decompte) -> list[list[Any]]:
    return [
        [line.from_on, line.to_on, line.days, str(line.base), str(line.rate), str(line.amount)]
        for line in decompte.lines
    ]


def _texts(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


@pytest.mark.parametrize("case", list(_decomptes()))
def test_a_case_comes_out_to_the_cent_and_to_the_day(case: dict[str, Any], law: Law) -> None:
    """Lines, sums and dates are those a jurist wrote in the case."""
    decompte = _compute(case, law)
    expected = dict(case["expected"])
    says, silent = _texts(expected.pop("says", [])), _texts(expected.pop("silent", []))
    got: dict[str, Any] = {
        "lines": _lines(decompte),
        "interest": str(decompte.interest),
        "lump_sum": str(decompte.lump_sum.quantize(Decimal("0.01"))),
        "principal": str(decompte.principal_remaining),
        "total": str(decompte.total.quantize(Decimal("0.01"))),
        "credit": str(decompte.credit),
        "paid": str(decompte.paid),
        "credited": str(decompte.credited),
        "days_late": decompte.days_late,
        "refused_from": decompte.refused_from,
        "penalties_until": decompte.penalties_until,
        "articles": list(decompte.articles),
        "rate_text": decompte.rate_text,
        "label": decompte.lines[0].label if decompte.lines else None,
        "rule": decompte.lines[-1].rule if decompte.lines else None,
    }
    # Rates are compared as numbers: 10 and 10.00 are one rate.
    for line in (*got["lines"], *expected["lines"]):
        line[4] = Decimal(line[4])
    assert {key: got[key] for key in expected} == expected
    told = "\n".join(decompte.sentences)
    assert [text for text in says if text not in told] == [], told
    assert [text for text in silent if text in told] == []


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in _read("lignes")])
def test_one_line_of_interest_is_rounded_half_a_cent_up(case: dict[str, Any], law: Law) -> None:
    """A line is base × rate × days / 36 500, to the cent."""
    divisor = law.days("diviseur_jours", date(2026, 11, 22))
    amount = interest_amount(Decimal(case["base"]), Decimal(case["rate"]), case["days"], divisor)
    assert str(amount) == case["amount"]


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=f"{c['parameter']} {c['day']}") for c in _values()],
)
def test_a_parameter_has_the_value_of_the_case_on_its_day(case: dict[str, Any], law: Law) -> None:
    """Each value holds on the first and on the last day of its period, and is refused outside."""
    name, on, value = case["parameter"], case["day"], case["value"]
    if value == "inconnu":
        with pytest.raises(UnknownForPeriod) as refusal:
            law.value(name, on)
        assert (refusal.value.parameter, refusal.value.on) == (name, on)
        return
    got = law.value(name, on)
    if isinstance(got, tuple):
        assert list(got) == value
    else:
        assert got == (Decimal(value) if isinstance(got, Decimal) else value)


def test_every_parameter_has_a_case() -> None:
    """No parameter of the law is left without a value a jurist can read."""
    assert {case["parameter"] for case in _values()} == set(load_law().parameters)
