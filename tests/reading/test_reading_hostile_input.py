"""Whatever is typed, a reader answers, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import (
    Refused,
    SentenceRead,
    Understood,
    read_address,
    read_amount,
    read_choice,
    read_count,
    read_date,
    read_delay,
    read_email,
    read_iban,
    read_invoice_and_terms,
    read_name,
    read_payment_terms,
    read_penalty_rate,
    read_phone,
    read_postcode,
    read_reference,
    read_sentence,
    read_siren,
    read_siret,
    read_text,
    read_yes_no,
    sentence,
)

LABELS = [("a", "Oui, tout de suite"), ("b", "Non"), ("c", "2 semaines")]
READERS: dict[str, Callable[[str, date], object]] = {
    "amount": lambda text, today: read_amount(text),
    "date": read_date,
    "date to come": lambda text, today: read_date(text, today, "future"),
    "delay": read_delay,
    "sentence": read_sentence,
    "siret": lambda text, today: read_siret(text),
    "siren": lambda text, today: read_siren(text),
    "iban": lambda text, today: read_iban(text),
    "postcode": lambda text, today: read_postcode(text),
    "email": lambda text, today: read_email(text),
    "phone": lambda text, today: read_phone(text),
    "name": lambda text, today: read_name(text),
    "reference": lambda text, today: read_reference(text),
    "address": lambda text, today: read_address(text),
    "text": lambda text, today: read_text(text, 500),
    "yes or no": lambda text, today: read_yes_no(text),
    "choice": lambda text, today: read_choice(text, LABELS),
    "payment terms": lambda text, today: read_payment_terms(text),
    "penalty rate": lambda text, today: read_penalty_rate(text),
    "invoice and terms": read_invoice_and_terms,
    "count": lambda text, today: read_count(text, 2, 12),
}

# Pieces of what people do type, thrown together: far likelier than chance to reach deep branches.
PIECES = st.sampled_from(
    [
        "1",
        "250",
        "1.250",
        ",",
        ".",
        "'",
        "-",
        "/",
        ":",
        "€",
        "k",
        "HT",
        "TTC",
        "euros",
        "et",
        "centimes",
        "mille",
        "cent",
        "un",
        "une",
        "le",
        "la",
        "du",
        "au",
        "depuis",
        "il",
        "y",
        "a",
        "dans",
        "sous",
        "fin",
        "mi-",
        "début",
        "mois",
        "semaine",
        "jours",
        "lundi",
        "mardi",
        "dernier",
        "prochain",
        "octobre",
        "oct.",
        "15",
        "31",
        "02",
        "2026",
        "26",
        "1er",
        "hier",
        "demain",
        "facture",
        "n°",
        "F-014",
        "Dupont",
        "SARL",
        "me",
        "doit",
        "ne",
        "paie",
        "pas",
        "par",
        "Mairie",
        "de",
        "Lyon",
        "M.",
        "échéance",
        "échue",
        "reste",
        "acompte",
        "oui",
        "non",
        "mais",
        "pas",
        "encore",
        "2",
        "FR76",
        "@",
        "a.fr",
        "+33",
        "06",
        "fin de mois",
        "FDM",
        "à",
        "30 jours",
        "net",
        "puis",
        "réception",
        "comptant",
        "émise",
        "%",
        "fois",
        "taux légal",
        "BCE",
        "+",
        "aucun",
        "\xa0",
        "\u202f",
        "\u200b",
        "\x00",
        "\n",
        "É",
        "œ",
    ]
)
TYPED = st.one_of(
    st.text(st.characters(), max_size=80),
    st.builds(
        lambda pieces, glue: glue.join(pieces),
        st.lists(PIECES, max_size=14),
        st.sampled_from(["", " "]),
    ),
)
DAYS = st.one_of(st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))


@given(TYPED, DAYS)
@settings(deadline=None, max_examples=600)
def test_no_reader_raises_whatever_is_typed_and_whatever_the_day(text: str, today: date) -> None:
    """Every reader gives a value or a refusal, and every refusal and note has its sentence."""
    for name, read in READERS.items():
        found = read(text, today)
        if isinstance(found, SentenceRead):
            refusals = list(found.refused.values())
            notes = [note for each in found.notes.values() for note in each]
        elif isinstance(found, Refused):
            refusals, notes = [found], []
        else:
            assert isinstance(found, Understood), name
            refusals, notes = [], list(found.notes)
        assert all(sentence(refused.code, **refused.params) for refused in refusals)
        assert all(sentence(note) for note in notes)


@given(st.lists(st.integers(0xD7F0, 0xE010) | st.integers(0, 0x10FFFF), max_size=30))
@settings(deadline=None, max_examples=150)
def test_lone_surrogates_and_any_code_point_are_survived(codes: list[int]) -> None:
    """A text that no encoding can hold is still answered."""
    text = "".join(map(chr, codes))
    for read in READERS.values():
        assert read(text, date(2026, 11, 22)) is not None


HUGE = {
    "one letter": "a" * 100_000,
    "digits": "1" * 100_000,
    "spaced digits": "1 " * 50_000,
    "spaces": " " * 100_000,
    "invisible": "\u200b" * 100_000,
    "colons": ":" * 100_000,
    "words": "depuis le " * 10_000,
    "amounts": "1 250,00 € " * 9_000,
    "dates": "il y a 3 semaines " * 5_000,
    "combining": "e\u0301" * 50_000,
    "marks only": "́" * 100_000,
    "lines": "a\n" * 50_000,
    "yes": "oui " * 25_000,
    "at signs": "a@" * 50_000,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", HUGE)
def test_a_hundred_kilobytes_are_answered_at_once(kind: str, name: str) -> None:
    """A text of 100 kB of any sort costs well under a tenth of a second."""
    read = READERS[name]
    read("", date(2026, 11, 22))
    before = time.process_time()
    read(HUGE[kind], date(2026, 11, 22))
    assert time.process_time() - before < 0.1


@pytest.mark.parametrize("size", [190, 990])
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "1,",
        "un ",
        "vingt-",
        "le ",
        ": ",
        "facture ",
        "fa-1",
        "depuis ",
        "doit ",
        "M. ",
        "a-a ",
        "l'",
        "a payer ",
        "restant de ",
        "1/1/1",
        "cent ",
        "numero ",
        "Dupont ",
        "é",
        "pas ",
        "a 30 jours ",
        "fin de mois ",
        "net 30 ",
        "a reception ",
        "x3 fois ",
        "bce + 1 ",
        "facture du ",
        "69003 ",
        "(",
    ],
)
def test_no_pattern_backtracks_without_end(piece: str, name: str, size: int) -> None:
    """The longest text that is really searched costs under a tenth of a second, in any repetition."""
    read = READERS[name]
    text = (piece * size)[:size] + "!"
    before = time.process_time()
    read(text, date(2026, 11, 22))
    assert time.process_time() - before < 0.1
