"""Yes or no, a choice, a delay, a count, and words kept as typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import (
    Refused,
    Understood,
    read_address,
    read_choice,
    read_count,
    read_delay,
    read_name,
    read_reference,
    read_text,
    read_yes_no,
)
from flows.reading.plain import near

TODAY = date(2026, 11, 22)

WHO = [
    ("societe", "Une société ou un indépendant"),
    ("particulier", "Un particulier"),
    ("public", "Une mairie, un hôpital, une administration"),
    ("association", "Une association, un syndic"),
    ("etranger", "🌍 À l’étranger"),
]
NEWS = [
    ("paye", "Payé"),
    ("partie", "Payé en partie"),
    ("fache", "Pas content"),
    ("rien", "Toujours rien"),
]
WHEN = [("a", "3 jours"), ("b", "2 jours"), ("c", "7 jours")]


def _code(read: object) -> str:
    assert isinstance(read, Refused)
    return read.code


@pytest.mark.parametrize(
    "typed",
    [
        "oui",
        "Oui.",
        "OUI",
        "ouais",
        "ok",
        "OK",
        "d’accord",
        "D'accord",
        "ouiiii",
        "👍",
        "👍🏽",
        "✅",
        "oui, c'est ça",
        "oui pas de souci",
        "bien sûr",
        "exactement",
        "oui j’ai tout envoyé",
        "ouii",
        "ui",
        "cest ca",
        "c bon",
        "biensur",
    ],
)
def test_a_yes_is_understood(typed: str) -> None:
    """Each usual yes is a yes."""
    assert read_yes_no(typed) == Understood(True)


@pytest.mark.parametrize(
    "typed",
    [
        "non",
        "Non !",
        "nan",
        "noooon",
        "pas encore",
        "pas encore, demain",
        "non merci",
        "👎",
        "toujours pas",
        "jamais",
        "non je n’ai rien envoyé",
        "nn",
        "pa encore",
        "tjrs pas",
    ],
)
def test_a_no_is_understood(typed: str) -> None:
    """Each usual no is a no."""
    assert read_yes_no(typed) == Understood(False)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "peut-être",
        "oui mais",
        "oui et non",
        "oui ou non",
        "ok pas encore",
        "je sais pas",
        "42",
        "si possible",
        "faux numéro",
        "O. Dupont",
        "non, enfin oui",
        "ok il n’a pas payé",
    ],
)
def test_neither_yes_nor_no_is_refused(typed: str) -> None:
    """What says both or neither is never taken for an answer."""
    assert _code(read_yes_no(typed)) == "yes_no_unclear"


@pytest.mark.parametrize(
    ("typed", "labels", "key"),
    [
        ("2", WHO, "particulier"),
        ("2.", WHO, "particulier"),
        ("n°3", WHO, "public"),
        ("le 2", WHO, "particulier"),
        ("la deuxième", WHO, "particulier"),
        ("trois", WHO, "public"),
        ("un particulier", WHO, "particulier"),
        ("PARTICULIER", WHO, "particulier"),
        ("societe", WHO, "societe"),
        ("socété", WHO, "societe"),
        ("mairie", WHO, "public"),
        ("hopital", WHO, "public"),
        ("asso", WHO, "association"),
        ("a l'etranger", WHO, "etranger"),
        ("etrangr", WHO, "etranger"),
        ("payé", NEWS, "paye"),
        ("paye en partie", NEWS, "partie"),
        ("partie", NEWS, "partie"),
        ("pas content", NEWS, "fache"),
        ("toujour rien", NEWS, "rien"),
        ("7", WHEN, "c"),
        ("2 jours", WHEN, "b"),
    ],
)
def test_a_typed_choice_is_matched(typed: str, labels: list[tuple[str, str]], key: str) -> None:
    """A number, a label, its beginning, one of its words or a small slip finds the choice."""
    assert read_choice(typed, labels) == Understood(key)


@pytest.mark.parametrize(
    ("typed", "labels", "code"),
    [
        ("", WHO, "choice_unclear"),
        ("xyz", WHO, "choice_unclear"),
        ("6", WHO, "choice_number"),
        ("0", WHO, "choice_number"),
        ("un", WHO, "choice_several"),
        ("content", NEWS, "choice_unclear"),
        ("pas payé", NEWS, "choice_unclear"),
        ("p", NEWS, "choice_unclear"),
        ("jours", WHEN, "choice_several"),
        ("3", WHEN, "choice_several"),
        ("a", [], "choice_unclear"),
        ("oui", [("a", "Oui"), ("b", "oui")], "choice_several"),
    ],
)
def test_a_choice_is_never_guessed(typed: str, labels: list[tuple[str, str]], code: str) -> None:
    """Two choices that fit, a number out of range, or a missing negation are refused."""
    assert _code(read_choice(typed, labels)) == code


@given(st.lists(st.text(max_size=20), max_size=6), st.text(max_size=20))
@settings(deadline=None, max_examples=200)
def test_a_choice_understood_is_one_of_those_shown(labels: list[str], typed: str) -> None:
    """Whatever labels and answer, only a key that was shown comes back."""
    pairs = [(str(i), label) for i, label in enumerate(labels)]
    read = read_choice(typed, pairs)
    assert isinstance(read, Refused) or read.value in dict(pairs)


@pytest.mark.parametrize(
    ("typed", "wanted", "most", "fits"),
    [
        ("paye", "paye", 0, True),
        ("pyae", "paye", 1, True),
        ("pay", "paye", 1, True),
        ("payee", "paye", 1, True),
        ("pxye", "paye", 1, True),
        ("pxxe", "paye", 1, False),
        ("", "ab", 1, False),
    ],
)
def test_slips_are_counted(typed: str, wanted: str, most: int, fits: bool) -> None:
    """A letter more, less, changed or swapped is one slip."""
    assert near(typed, wanted, most) is fits


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("15j", (2026, 12, 7)),
        ("15 jours", (2026, 12, 7)),
        ("quinze jours", (2026, 12, 7)),
        ("sous quinzaine", (2026, 12, 7)),
        ("2 semaines", (2026, 12, 6)),
        ("une semaine", (2026, 11, 29)),
        ("un mois", (2026, 12, 22)),
        ("dans 3 jours", (2026, 11, 25)),
        ("J+8", (2026, 11, 30)),
        ("48h", (2026, 11, 24)),
        ("15 jrs", (2026, 12, 7)),
        ("ds 8 jours", (2026, 11, 30)),
        ("demain", (2026, 11, 23)),
        ("vendredi", (2026, 11, 27)),
        ("15/12/2026", (2026, 12, 15)),
    ],
)
def test_a_delay_is_a_day_to_come(typed: str, day: tuple[int, int, int]) -> None:
    """A length of time counts from today; a date stands for itself."""
    assert read_delay(typed, TODAY) == Understood(date(*day))


def test_a_delay_keeps_the_notes_of_its_date() -> None:
    """A date without a year is the next one, and noted."""
    assert read_delay("15/10", TODAY) == Understood(
        date(2027, 10, 15), ("year_assumed", "far_year")
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "delay_unclear"),
        ("bientôt", "delay_unclear"),
        ("15", "delay_unclear"),
        ("5h", "delay_unclear"),
        ("10 jours ouvrés", "delay_working_days"),
        ("0 jour", "delay_past"),
        ("hier", "delay_past"),
        ("aujourd’hui", "delay_past"),
        ("il y a 3 jours", "delay_past"),
        ("3 ans", "delay_too_long"),
        ("9999 mois", "delay_too_long"),
        ("31/11/2026", "date_impossible"),
    ],
)
def test_a_wrong_delay_is_refused(typed: str, code: str) -> None:
    """A past day, working days, a delay too long or unclear are refused."""
    assert _code(read_delay(typed, TODAY)) == code


@pytest.mark.parametrize(
    ("typed", "count"),
    [("3", 3), ("trois", 3), ("en 3 fois", 3), ("3x", 3), ("dix mensualités", 10), ("12", 12)],
)
def test_a_count_is_read(typed: str, count: int) -> None:
    """A number of instalments is read in digits or letters."""
    assert read_count(typed, 2, 12) == Understood(count)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1", "count_range"),
        ("13", "count_range"),
        ("-3", "count_range"),
        ("0", "count_range"),
        ("", "count_unclear"),
        ("2,5", "count_unclear"),
        ("beaucoup", "count_unclear"),
    ],
)
def test_a_count_out_of_bounds_is_refused(typed: str, code: str) -> None:
    """A number out of the bounds, or no whole number, is refused with the bounds."""
    read = read_count(typed, 2, 12)
    assert _code(read) == code
    assert read == Refused(code, {"low": "2", "high": "12"})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Dupont & Fils, SARL ", "Dupont & Fils, SARL"),
        ("L’Œuvre\tde\nZoë", "L’Œuvre de Zoë"),
        ("Du\x00pont\x1b[31m", "Du pont [31m"),
        ("\u202eDupont\u200b", "Dupont"),
        ("Dup\ud800ont", "Dupont"),
        ("<b>Dupont</b> {{ 7 }} #panic", "<b>Dupont</b> {{ 7 }} #panic"),
        ("3M", "3M"),
        ("Studio 42", "Studio 42"),
    ],
)
def test_a_name_is_kept_as_typed(typed: str, name: str) -> None:
    """Only what cannot be seen goes; markup stays text."""
    assert read_name(typed) == Understood(name)


@pytest.mark.parametrize("typed", ["1250", "1250 €", "1250e", "1 250 euros TTC", "42"])
def test_a_name_of_figures_only_is_doubtful(typed: str) -> None:
    """A sum or a number typed for a name is kept, and noted."""
    assert read_name(typed) == Understood(typed, ("name_digits",))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("F-014", "F-014"),
        ("12", "12"),
        ("FAC 2026-014", "FAC 2026-014"),
        ("facture-12", "facture-12"),
        ("n°12", "12"),
        ("N° 2026/12", "2026/12"),
        ("facture n° F-014", "F-014"),
        ("la facture numéro 2026-3", "2026-3"),
        ("devis n°12", "devis n°12"),
        ("devis D-2026-031", "devis D-2026-031"),
        ("1" * 30, "1" * 30),
    ],
)
def test_a_reference_is_kept_without_its_label(typed: str, number: str) -> None:
    """What a letter already says before the number is left out; the rest stays as typed."""
    assert read_reference(typed) == Understood(number)


@pytest.mark.parametrize("typed", ["aucun", "je ne sais pas", "devis signé", "facture", "1" * 31])
def test_an_odd_reference_is_doubtful(typed: str) -> None:
    """A reference without a figure, or too long, is kept and noted."""
    assert read_reference(typed) == Understood(typed, ("reference_odd",))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "text_empty"),
        ("!!", "reference_unclear"),
        ("/start", "text_command"),
        ("1" * 121, "text_too_long"),
        ("1" * 5000, "text_too_long"),
    ],
)
def test_what_is_no_reference_is_refused(typed: str, code: str) -> None:
    """Nothing, marks only, a command or a novel are no reference."""
    assert _code(read_reference(typed)) == code


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ("12 rue des Lilas, 69003 Lyon", ()),
        ("12 rue des Lilas 69 003 Lyon", ()),
        ("12 rue des Lilas, F-69003 Lyon", ()),
        ("12 rue des Lilas, Lyon", ("address_no_postcode",)),
        ("12 rue des Lilas, 690031 Lyon", ("address_no_postcode",)),
        ("Rue de la Loi 16, 1000 Bruxelles", ("address_no_postcode",)),
    ],
)
def test_an_address_without_a_postcode_is_doubtful(typed: str, notes: tuple[str, ...]) -> None:
    """Five figures together make a postcode; without them the address is kept, and noted."""
    assert read_address(typed) == Understood(typed, notes)


def test_an_address_keeps_its_lines() -> None:
    """Lines stay, empty ones go, spaces collapse."""
    read = read_address("Mairie de Lyon\r\n\n 1  place de la Comédie \n69001 Lyon\u2028")
    assert read == Understood("Mairie de Lyon\n1 place de la Comédie\n69001 Lyon")


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (read_name(""), "text_empty"),
        (read_name(" \u200b\n"), "text_empty"),
        (read_name("/start"), "text_command"),
        (read_name("\u200b/annuler"), "text_command"),
        (read_name("???"), "name_unclear"),
        (read_name("a" * 121), "text_too_long"),
        (read_name("a" * 100_000), "text_too_long"),
        (read_address("12345"), "address_unclear"),
        (read_address("a\n" * 8), "address_lines"),
        (read_address("/aide"), "text_command"),
        (read_address("a" * 301), "text_too_long"),
        (read_text("abcdef", 5), "text_too_long"),
        (read_text("/x", 5), "text_command"),
        (read_text("", 5), "text_empty"),
    ],
)
def test_unusable_words_are_refused(read: object, code: str) -> None:
    """Nothing, a command, or too much is refused."""
    assert _code(read) == code


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_kept_words_can_be_stored_and_are_read_the_same_again(typed: str) -> None:
    """What is kept encodes as UTF-8, holds no control character, and reading it changes nothing."""
    for read in (read_name, read_address, lambda text: read_text(text, 100)):
        kept = read(typed)
        if isinstance(kept, Understood):
            kept.value.encode()
            assert not any(ord(c) < 32 and c != "\n" for c in kept.value)
            assert read(kept.value) == kept
