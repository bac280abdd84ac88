"""What is read as an amount of money, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import Refused, Understood, read_amount

READ = [
    ("1250", "1250.00"),
    ("1250 €", "1250.00"),
    ("1 250,00 €", "1250.00"),
    ("1 250.00", "1250.00"),
    ("1\u00a0250,00\u00a0€", "1250.00"),
    ("1\u202f250,00\u00a0€", "1250.00"),
    ("1\u2009250,5", "1250.50"),
    ("1.250,50", "1250.50"),
    ("1,250.50", "1250.50"),
    ("1'250.00", "1250.00"),
    ("1’250,00 €", "1250.00"),
    ("1250,5", "1250.50"),
    ("1250e", "1250.00"),
    ("1250 EUR", "1250.00"),
    ("€ 1250", "1250.00"),
    ("+1250", "1250.00"),
    ("1250.-", "1250.00"),
    ("1250.", "1250.00"),
    ("0,50 €", "0.50"),
    ("50 centimes", "0.50"),
    ("12€50", "12.50"),
    ("12e50", "12.50"),
    ("2 500 euros et 50 centimes", "2500.50"),
    ("2500 euros et 5 centimes", "2500.05"),
    ("1,2k€", "1200.00"),
    ("1,2 k", "1200.00"),
    ("1k2", "1200.00"),
    ("12k", "12000.00"),
    ("2 mille", "2000.00"),
    ("2 mille 500", "2500.00"),
    ("1 million d'euros", "1000000.00"),
    ("123 456,78", "123456.78"),
    ("123.456,78", "123456.78"),
    ("1 000 000", "1000000.00"),
    ("il me doit 1250€", "1250.00"),
    ("Montant TTC : 1 250,00 €", "1250.00"),
    ("1250 € TTC", "1250.00"),
    ("850 HT soit 1020 TTC", "1020.00"),
    ("il reste 300 € à payer", "300.00"),
    ("mille deux cent cinquante euros", "1250.00"),
    ("Mille deux-cent-cinquante", "1250.00"),
    ("deux mille cinq cents euros et cinquante centimes", "2500.50"),
    ("quatre-vingt-dix-sept euros", "97.00"),
    ("soixante et onze euros", "71.00"),
    ("douze cents euros", "1200.00"),
    ("septante-cinq euros", "75.00"),
    ("trois cent mille euros", "300000.00"),
    ("１２５０ €", "1250.00"),
    # As typed on a phone.
    ("1 250€ttc", "1250.00"),
    ("1250E", "1250.00"),
    ("1250euro", "1250.00"),
    ("1250 eurs", "1250.00"),
    ("1250 euors", "1250.00"),
    ("1250 ero", "1250.00"),
    ("1250 €uros", "1250.00"),
    ("1250 €€", "1250.00"),
    ("2000 balles", "2000.00"),
    ("deux mille", "2000.00"),
    ("deux milles euro", "2000.00"),
    ("1250 e net de tva", "1250.00"),
    ("1250 pas de tva", "1250.00"),
    ("1250€ tva non applicable", "1250.00"),
    ("1250 euros franchise en base", "1250.00"),
]

NOTED = [
    ("1250 HT", "1250.00", ("ht",)),
    ("1250 € hors taxes", "1250.00", ("ht",)),
    ("montant HT 1250", "1250.00", ("ht",)),
    ("mille euros HT", "1000.00", ("ht",)),
    ("1.250", "1250.00", ("ambiguous_thousands",)),
    ("1,250", "1250.00", ("ambiguous_thousands",)),
    ("1,250k", "1250.00", ("ambiguous_thousands",)),
    ("environ 1250 €", "1250.00", ("approximate_amount",)),
    ("un peu plus de 1200", "1200.00", ("approximate_amount",)),
    ("~1250 €", "1250.00", ("approximate_amount",)),
    ("1250 sans tva", "1250.00", ("ht",)),
]

REFUSED = [
    ("", "amount_missing"),
    ("   ", "amount_missing"),
    ("bonjour", "amount_missing"),
    ("un peu", "amount_missing"),
    ("je ne sais pas", "amount_missing"),
    ("-20 €", "amount_negative"),
    ("−20", "amount_negative"),
    ("moins 20 euros", "amount_negative"),
    ("moins mille euros", "amount_negative"),
    ("0", "amount_zero"),
    ("0,00 €", "amount_zero"),
    ("zéro euro", "amount_zero"),
    ("1250,500", "amount_decimals"),
    ("1.250,505", "amount_decimals"),
    ("0,125", "amount_decimals"),
    ("1.2345", "amount_decimals"),
    ("10000000", "amount_too_large"),
    ("1 000 000,01", "amount_too_large"),
    ("2 millions d'euros", "amount_too_large"),
    ("300 € et 400 €", "amount_several"),
    ("850 € HT et 300 € HT", "amount_several"),
    ("300 ou 400", "amount_unclear"),
    ("12 50", "amount_unclear"),
    ("1,250,50", "amount_unclear"),
    ("1 25", "amount_unclear"),
    ("0042", "amount_unclear"),
    ("F-014", "amount_unclear"),
    ("facture 42 de 300 €", "amount_unclear"),
    ("20%", "amount_unclear"),
    ("1250€/jour", "amount_unclear"),
    ("1250 € moins 300", "amount_unclear"),
    ("1250 € sauf l’acompte", "amount_unclear"),
    ("(1250)", "amount_unclear"),
    ("1/2", "amount_unclear"),
    ("1250-", "amount_unclear"),
    ("12OO", "amount_unclear"),
    ("reste 450e sur 900", "amount_unclear"),
    ("3 x 400", "amount_unclear"),
    ("12²", "amount_unclear"),
    ("١٢٥٠", "amount_unclear"),
    ("9" * 60, "amount_unclear"),
    ("200 $", "amount_other_money"),
    ("200 francs suisses", "amount_other_money"),
]


@pytest.mark.parametrize(("typed", "euros"), READ)
def test_an_amount_is_read_exactly_and_without_notes(typed: str, euros: str) -> None:
    """Each usual way to type an amount gives the exact decimal, with nothing to confirm."""
    assert read_amount(typed) == Understood(Decimal(euros))


@pytest.mark.parametrize(("typed", "euros", "notes"), NOTED)
def test_a_doubtful_amount_is_read_with_its_note(
    typed: str, euros: str, notes: tuple[str, ...]
) -> None:
    """What is doubtful in an amount comes back as a note."""
    assert read_amount(typed) == Understood(Decimal(euros), notes)


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_a_wrong_amount_is_refused_with_its_reason(typed: str, code: str) -> None:
    """Nonsense, several amounts, signs, zero and excess are refused, each under its code."""
    read = read_amount(typed)
    assert isinstance(read, Refused)
    assert read.code == code


def test_an_amount_always_has_two_decimals() -> None:
    """Whatever was typed, the decimal is in cents, so that it prints as money."""
    read = read_amount("mille")
    assert isinstance(read, Understood)
    assert str(read.value) == "1000.00"


def _grouped(euros: int, separator: str) -> str:
    return f"{euros:,}".replace(",", separator)


@given(st.integers(1, 99_999_999))
@settings(deadline=None, max_examples=300)
def test_six_french_ways_to_write_an_amount_say_the_same(total: int) -> None:
    """An amount written in six ways, with any usual space or separator, is read as the same sum."""
    euros, cents = divmod(total, 100)
    wanted = Understood(Decimal(total) / 100)
    for typed in (
        f"{euros},{cents:02}",
        f"{euros}.{cents:02} €",
        f"{_grouped(euros, chr(0x202F))},{cents:02}\u00a0€",
        f"{_grouped(euros, '.')},{cents:02} euros",
        f"{_grouped(euros, chr(39))}.{cents:02}",
        f"{_grouped(euros, ' ')} euros et {cents} centimes" if cents else f"{euros} euros",
    ):
        assert read_amount(typed) == wanted, typed


@given(st.integers(1, 999), st.sampled_from(".,"))
@settings(deadline=None, max_examples=100)
def test_three_digits_after_one_separator_are_never_silent(head: int, separator: str) -> None:
    """« 1.250 » may be read as 1250, but always with the note that asks to confirm."""
    read = read_amount(f"{head}{separator}250")
    assert read == Understood(Decimal(head * 1000 + 250), ("ambiguous_thousands",))
