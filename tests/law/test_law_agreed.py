"""The agreed penalty rate: how it is read, and how it meets the minimum of the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from flows.dossier import DebtorKind
from flows.law import Claim, Decompte, Law, compute_decompte
from flows.law.agreed import AgreedForm, AgreedRate, Standing, settle
from flows.law.claims import Credit
from flows.law.parameter import Confidence, Dated, Reference
from flows.law.regimes import parse_regimes
from flows.law.strict import LawFileError
from flows.law.wording import percent_text, points_text

NBSP = "\u00a0"
NEW_YEAR = date(2027, 1, 1)


def draw_up(law: Law, agreed: str, kind: DebtorKind = DebtorKind.PROFESSIONAL) -> Decompte:
    """Draw up 1 000 € due on 30 November 2026, on 15 February 2027."""
    claim = Claim("F", date(2026, 11, 30), Decimal(1000))
    return compute_decompte(
        [claim], [], kind, date(2027, 2, 15), law, agreed=AgreedRate.parse(agreed)
    )


def knowing(law: Law, name: str, value: str, derived: str | None = None) -> Law:
    """Give the law with the value of one parameter, and what derives from it, in early 2027."""
    until = date(2027, 6, 30)
    old = law.parameters[name]
    entry = Dated(NEW_YEAR, Decimal(value), Confidence.CONFIRMED, (Reference("essai"),))
    changed = {name: replace(old, values=(*old.values, entry), known_until=until)}
    if derived:
        changed[derived] = replace(law.parameters[derived], known_until=until)
    return replace(law, parameters={**law.parameters, **changed})


@pytest.mark.parametrize(
    ("text", "form", "figure", "words"),
    [
        ("taux:15.00", AgreedForm.FIXED, "15.00", f"15,00{NBSP}% par an"),
        ("taux:0.5", AgreedForm.FIXED, "0.5", f"0,50{NBSP}% par an"),
        ("legal:3", AgreedForm.LEGAL, "3", "3 fois le taux de l’intérêt légal"),
        ("legal:10.00", AgreedForm.LEGAL, "10.00", "10 fois le taux de l’intérêt légal"),
        (
            "bce:10",
            AgreedForm.ECB,
            "10",
            "taux de la Banque centrale européenne majoré de 10 points",
        ),
        (
            "bce:1.5",
            AgreedForm.ECB,
            "1.5",
            "taux de la Banque centrale européenne majoré de 1,5 point",
        ),
    ],
)
def test_a_rate_is_read_from_its_text(text: str, form: AgreedForm, figure: str, words: str) -> None:
    """Each form gives its figure and is said back in French."""
    rate = AgreedRate.parse(text)
    assert rate == AgreedRate(form, Decimal(figure))
    assert rate is not None
    assert rate.words == words


def test_no_agreed_rate_is_none() -> None:
    """« aucun » is an answer: nothing was agreed."""
    assert AgreedRate.parse("aucun") is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "inconnu", "taux", "taux:", "taux:15,00", "taux:-1", "taux:1000", "taux:1.234"),
        *("taux:1e2", "taux:١", "TAUX:15", "euribor:3", "legal: 3", "15.00", "legal:3 "),
        *("bce:10\n", "bce:NaN"),
    ],
)
def test_a_text_that_is_no_rate_is_refused(text: str) -> None:
    """Nonsense never becomes a rate."""
    with pytest.raises(ValueError, match="not"):
        AgreedRate.parse(text)


@pytest.mark.parametrize("figure", ["-0.01", "1000", "0.001", "NaN", "Infinity"])
def test_a_figure_that_is_no_rate_is_refused(figure: str) -> None:
    """A figure made in the program is held to the same bounds."""
    with pytest.raises(ValueError, match="not the figure of a rate"):
        AgreedRate(AgreedForm.FIXED, Decimal(figure))


@pytest.mark.parametrize(
    ("agreed", "floor", "default", "lawful", "rate", "standing"),
    [
        ("15", "8", "12", True, "15", Standing.KEPT),
        ("8", "8", "12", True, "8", Standing.KEPT),
        ("15", "16", "14", True, "14", Standing.FALLEN),
        ("7", "8", "12", True, "7", Standing.FALLEN),
        ("15", "8", "12", False, "12", Standing.RECOVERED),
        ("10", "8", "12", False, "10", Standing.RECOVERED),
        ("8", "8", "12", False, "8", Standing.RECOVERED),
        ("7", "8", "12", False, "12", Standing.REPLACED),
        ("15", "16", "14", False, "14", Standing.REPLACED),
    ],
)
def test_the_cautious_reading_of_the_minimum(
    agreed: str, floor: str, default: str, lawful: bool, rate: str, standing: Standing
) -> None:
    """What each case of the unsettled question gives; the minimum itself is never a rate."""
    found = settle(
        Decimal(agreed), Decimal(floor), lambda: Decimal(default), lawful_at_start=lawful
    )
    assert found == (Decimal(rate), standing)


def test_a_lawful_rate_needs_no_default(law: Law) -> None:
    """With the minimum of 2027 known, a fixed rate above it goes on without the rate of the ECB."""
    found = draw_up(knowing(law, "interet_legal_autres_cas", "3.00"), "taux:15.00")
    assert found.refused_from is None
    assert [(line.to_on, line.rate) for line in found.lines] == [
        (date(2026, 12, 31), Decimal("15.00")),
        (date(2027, 2, 15), Decimal("15.00")),
    ]


def test_the_missing_value_is_the_one_named(law: Law) -> None:
    """A rate that must be replaced in 2027 is stopped by the rate of the ECB, not by the minimum."""
    found = draw_up(knowing(law, "interet_legal_autres_cas", "3.00"), "taux:5.00")
    assert found.refused_from == NEW_YEAR
    assert any(text.startswith("Le taux du premier semestre 2027") for text in found.sentences)
    assert not any("minimum légal du premier" in text for text in found.sentences)


def test_the_rate_of_the_ecb_alone_settles_no_agreed_rate(law: Law) -> None:
    """Without the legal rate, the minimum of 2027 stays unknown and so does the agreed rate."""
    wiser = knowing(law, "bce_refinancement", "2.65", "bce_semestre")
    assert draw_up(wiser, "aucun").refused_from is None
    found = draw_up(wiser, "taux:15.00")
    assert found.refused_from == NEW_YEAR
    assert any("Le minimum légal du premier semestre 2027" in text for text in found.sentences)


def test_the_check_covers_the_minimum(law: Law) -> None:
    """The day of the last check is that of the oldest parameter used, the multiple included."""
    old = replace(law.parameters["plancher_multiple"], last_checked_on=date(2026, 1, 5))
    aged = replace(law, parameters={**law.parameters, "plancher_multiple": old})
    assert draw_up(aged, "taux:15.00").checked_on == date(2026, 1, 5)
    assert draw_up(aged, "aucun").checked_on == date(2026, 11, 22)


def test_the_facts_tell_the_agreed_rate_and_the_credit_notes(law: Law) -> None:
    """A letter finds the words of the rate, what the law leaves of it, and what was credited."""
    found = compute_decompte(
        [Claim("F", date(2026, 7, 31), Decimal(1000))],
        [],
        DebtorKind.PROFESSIONAL,
        date(2026, 11, 22),
        law,
        agreed=AgreedRate.parse("taux:5.00"),
        credits=[Credit(date(2026, 9, 1), Decimal(100), corrects=True)],
    )
    facts = found.as_facts()["decompte"]
    assert isinstance(facts, dict)
    assert facts["agreed_text"] == f"5,00{NBSP}% par an"
    assert len(facts["agreed_sentences"]) == 1
    assert "inférieur au minimum légal" in facts["agreed_sentences"][0]
    assert facts["agreed_sentences"][0] in facts["sentences"]
    assert facts["credited"] == Decimal(100)
    assert facts["lump_sum_accrued"] == Decimal(40)
    assert [invoice["credited"] for invoice in facts["invoices"]] == [Decimal(100)]


def test_without_an_agreed_rate_nothing_is_said_of_one(law: Law) -> None:
    """The facts of the agreed rate are empty, not missing."""
    facts = draw_up(law, "aucun", DebtorKind.CONSUMER).as_facts()["decompte"]
    assert isinstance(facts, dict)
    assert (facts["agreed_text"], facts["agreed_sentences"]) == ("", [])


@pytest.mark.parametrize(
    ("rate", "text"), [("12.4", "12,40"), ("15", "15,00"), ("9.625", "9,625"), ("9.6250", "9,625")]
)
def test_a_rate_is_written_with_all_its_decimals(rate: str, text: str) -> None:
    """Two decimals at least, and never fewer than the arithmetic used."""
    assert percent_text(Decimal(rate)) == f"{text}{NBSP}%"


@pytest.mark.parametrize(
    ("points", "text"), [("1", "1 point"), ("1.99", "1,99 point"), ("2", "2 points")]
)
def test_points_are_several_from_two_on(points: str, text: str) -> None:
    """French grammar: 1,99 is still singular."""
    assert points_text(Decimal(points)) == text


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN"])
def test_a_credit_note_is_euros_and_cents(amount: str) -> None:
    """An empty or absurd credit note is refused."""
    with pytest.raises(ValueError, match="credit note"):
        Credit(NEW_YEAR, Decimal(amount))


def _regimes(law: Law, **changes: object) -> object:
    """Make the content of a file of regimes, all alike but for the changes to one."""
    one: dict[str, object] = {
        "rule": "r",
        "starts": "due_date",
        "rate": {"base": "bce_semestre", "margin": None, "fixed": False},
        "agreed": None,
        "agreed_note": "agreed_public",
        "lump_sum": None,
        "imputation": "interest_first",
        "notice": "usage_mise_en_demeure_public",
        "wording": "rate_bce",
        "caution": None,
        "articles": {"interest": [], "lump_sum": [], "imputation": []},
    }
    kinds = {str(kind): one for kind in DebtorKind}
    kinds["public"] = {**one, **changes}
    return parse_regimes({"last_checked_on": NEW_YEAR, "regimes": kinds}, law.parameters)


AGREED = {"rule": "r", "floor": "interet_legal_autres_cas", "multiple": "plancher_multiple"}


def test_a_regime_takes_an_agreed_rate_or_says_why_not(law: Law) -> None:
    """Either shape is read."""
    _regimes(law)
    _regimes(law, agreed=AGREED, agreed_note=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"agreed_note": None},
        {"agreed": AGREED},
        {"agreed_note": "no_such_sentence"},
        {"agreed": {**AGREED, "floor": "plancher_multiple"}, "agreed_note": None},
        {"agreed": {**AGREED, "multiple": "interet_legal_autres_cas"}, "agreed_note": None},
        {"agreed": {**AGREED, "more": 1}, "agreed_note": None},
    ],
)
def test_a_regime_that_contradicts_itself_is_refused(law: Law, changes: dict[str, object]) -> None:
    """Both, neither, a sentence or a parameter that is not there, or one in another unit."""
    with pytest.raises(LawFileError, match="public"):
        _regimes(law, **changes)
