"""Payment terms and penalty rates as people type them, and as they are read back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import (
    Refused,
    Understood,
    read_payment_terms,
    read_penalty_rate,
    show_penalty_rate,
    show_terms,
)
from flows.reading.data import limits, load
from flows.reading.showing import shown_from, shown_words

TERMS: list[tuple[str, str]] = [
    ("30 jours", "jours:30"),
    ("à 30 j", "jours:30"),
    ("30j", "jours:30"),
    ("30 j.", "jours:30"),
    ("30 jrs", "jours:30"),
    ("３０ jours", "jours:30"),
    ("30\u00a0jours", "jours:30"),
    ("30 jours 😊", "jours:30"),
    ("net 30", "jours:30"),
    ("30 net", "jours:30"),
    ("J+30", "jours:30"),
    ("30 jours nets", "jours:30"),
    ("30 jours date de facture", "jours:30"),
    ("30 jours à compter de la date de facture", "jours:30"),
    ("sous 30 jours", "jours:30"),
    ("dans les 30 jours", "jours:30"),
    ("paiement a 30 jours", "jours:30"),
    ("Délai de paiement : 30 jours", "jours:30"),
    ("un délai de trente jours", "jours:30"),
    ("30 jours, c'est marqué sur la facture", "jours:30"),
    ("quarante-cinq jours", "jours:45"),
    ("2 semaines", "jours:14"),
    ("une semaine", "jours:7"),
    ("1 jour", "jours:1"),
    ("365 jours", "jours:365"),
    ("45 jours fin de mois", "fin_de_mois:45"),
    ("45j FDM", "fin_de_mois:45"),
    ("45 fdm", "fin_de_mois:45"),
    ("45jours finde mois", "fin_de_mois:45"),
    ("45 jours fin de moi", "fin_de_mois:45"),
    ("45 jours fin de mois le…", "fin_de_mois:45"),
    ("45 jours date de facture fin de mois", "fin_de_mois:45"),
    ("45 jours + fin de mois", "fin_de_mois:45"),
    ("quarante-cinq jours fin de mois", "fin_de_mois:45"),
    ("60 jours fin de mois", "fin_de_mois:60"),
    ("j+30 fin de mois", "fin_de_mois:30"),
    ("fin de mois 45 jours", "fin_de_mois:45:fin"),
    ("fin de mois + 45 jours", "fin_de_mois:45:fin"),
    ("fin de mois+45", "fin_de_mois:45:fin"),
    ("FDM + 45", "fin_de_mois:45:fin"),
    ("fin du mois puis 45 jours", "fin_de_mois:45:fin"),
    ("45 jours après la fin du mois", "fin_de_mois:45:fin"),
    ("45 jours à partir de la fin du mois", "fin_de_mois:45:fin"),
    ("45 jours puis fin de mois", "fin_de_mois:45:ajouter"),
    ("45 jours, puis fin du mois", "fin_de_mois:45:ajouter"),
    ("fin de mois après 45 jours", "fin_de_mois:45:ajouter"),
    ("à réception", "reception"),
    ("a reception de la facture", "reception"),
    ("dès réception", "reception"),
    ("récéption", "reception"),
    ("comptant", "reception"),
    ("Au comptant.", "reception"),
    ("immédiat", "reception"),
    ("paiement immédiat", "reception"),
    ("paiement comptant à réception de facture", "reception"),
    ("sans délai", "reception"),
    ("rien", "aucun"),
    ("Aucun délai", "aucun"),
    ("je ne sais pas", "aucun"),
    ("euh je sais pas", "aucun"),
    ("jsp", "aucun"),
    ("jsais pas trop", "aucun"),
    ("je sais plus", "aucun"),
    ("pas de date", "aucun"),
    ("j'ai que la facture", "aucun"),
    ("pas écrit", "aucun"),
    ("c'est pas ecrit dessus", "aucun"),
    ("rien n’est écrit sur la facture", "aucun"),
    ("il n’y en a pas", "aucun"),
    ("non", "aucun"),
    ("rien de convenu", "aucun"),
    ("Fin du mois, puis 45 jours", "fin_de_mois:45:fin"),
]


@pytest.mark.parametrize(("typed", "form"), TERMS)
def test_payment_terms_are_read_in_their_text_form(typed: str, form: str) -> None:
    """Terms typed in any usual way give one form, without a note."""
    assert read_payment_terms(typed) == Understood(form)


@pytest.mark.parametrize(
    ("typed", "form", "note"),
    [
        ("30", "jours:30", "days_assumed"),
        ("30 !", "jours:30", "days_assumed"),
        ("30 jours je crois", "jours:30", "to_check"),
        ("environ 45 jours fin de mois", "fin_de_mois:45", "to_check"),
    ],
)
def test_terms_that_leave_a_doubt_are_noted(typed: str, form: str, note: str) -> None:
    """A number without its unit, or « je crois », is read back with care."""
    assert read_payment_terms(typed) == Understood(form, (note,))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("un mois", "terms_need_date"),
        ("2 mois", "terms_need_date"),
        ("fin de mois", "terms_need_date"),
        ("fin du mois suivant", "terms_need_date"),
        ("45 jours fin de mois le 10", "terms_need_date"),
        ("30 jours le 15", "terms_need_date"),
        ("30 jours à réception de facture", "terms_need_date"),
        ("30 jours après livraison", "terms_need_date"),
        ("à la livraison", "terms_need_date"),
        ("à réception des marchandises", "terms_need_date"),
        ("30 jours ouvrés", "delay_working_days"),
        ("0", "terms_range"),
        ("0 jour", "terms_range"),
        ("366 jours", "terms_range"),
        ("53 semaines", "terms_range"),
        ("999999999 jours", "terms_range"),
        ("-30 jours", "terms_unclear"),
        ("1,5 jours", "terms_unclear"),
        ("30-45 jours", "terms_unclear"),
        ("30 à 45 jours", "terms_unclear"),
        ("30 jours ou 45 jours", "terms_unclear"),
        ("30 jours (45 jours fin de mois)", "terms_unclear"),
        ("30 jours fin de mois ou fin de mois", "terms_unclear"),
        ("45 jours avant fin de mois", "terms_unclear"),
        ("fin de mois moins 45 jours", "terms_unclear"),
        ("il y a 30 jours", "terms_unclear"),
        ("depuis 30 jours", "terms_unclear"),
        ("30 jours de retard", "terms_unclear"),
        ("non, 30 jours", "terms_unclear"),
        ("15/10/2026", "terms_unclear"),
        ("30 %", "terms_unclear"),
        ("30 jours 5 %", "terms_unclear"),
        ("٣٠ jours", "terms_unclear"),
        ("bonjour", "terms_unclear"),
        ("", "terms_unclear"),
        ("30 jours " * 50, "terms_unclear"),
    ],
)
def test_terms_that_cannot_be_counted_are_refused(typed: str, code: str) -> None:
    """Months, another starting day, nonsense and doubles are refused, each with its reason."""
    read = read_payment_terms(typed)
    assert isinstance(read, Refused)
    assert read.code == code


RATES: list[tuple[str, str]] = [
    ("15 %", "taux:15.00"),
    ("15% par an", "taux:15.00"),
    ("15%/an", "taux:15.00"),
    ("15 % l’an", "taux:15.00"),
    ("15 % annuel", "taux:15.00"),
    ("15\u00a0% 👍", "taux:15.00"),
    ("１５ ％", "taux:15.00"),
    ("15", "taux:15.00"),
    ("15,5", "taux:15.50"),
    ("12.37 %", "taux:12.37"),
    ("100 %", "taux:100.00"),
    ("0,01 %", "taux:0.01"),
    ("quinze pour cent", "taux:15.00"),
    ("15 pourcent", "taux:15.00"),
    ("pénalités de retard : 15 %", "taux:15.00"),
    ("un taux de douze pour cent", "taux:12.00"),
    ("15 % sur la facture", "taux:15.00"),
    ("3 fois le taux légal", "legal:3"),
    ("trois fois le taux d’intérêt légal", "legal:3"),
    ("3 fois le taux d'interet legal en vigueur", "legal:3"),
    ("3x taux légal", "legal:3"),
    ("3xtaux légal", "legal:3"),
    ("3×le taux légal", "legal:3"),
    ("taux légal x 3", "legal:3"),
    ("taux légal multiplié par 3", "legal:3"),
    ("le triple du taux légal", "legal:3"),
    ("deux fois le taux légal", "legal:2"),
    ("le double du taux légal", "legal:2"),
    ("1,5 fois le taux légal", "legal:1.5"),
    ("10 fois le taux légal", "legal:10"),
    ("taux BCE + 10", "bce:10"),
    ("bce+10", "bce:10"),
    ("BCE +10%", "bce:10"),
    ("BCE majoré de 10 points", "bce:10"),
    ("taux directeur de la BCE plus dix points", "bce:10"),
    ("10 points au-dessus du taux de la BCE", "bce:10"),
    (
        (
            "taux appliqué par la Banque centrale européenne à son opération de refinancement"
            " la plus récente majoré de 10 points de pourcentage"
        ),
        "bce:10",
    ),
    ("BCE + 7,5 points", "bce:7.5"),
    ("aucun", "aucun"),
    ("pas de taux", "aucun"),
    ("rien", "aucun"),
    ("je ne sais pas", "aucun"),
    ("aucune pénalité prévue", "aucun"),
    ("Aucun taux convenu", "aucun"),
]


@pytest.mark.parametrize(("typed", "form"), RATES)
def test_a_penalty_rate_is_read_in_its_text_form(typed: str, form: str) -> None:
    """A yearly rate, a number of times the legal rate, points above the ECB's, or none."""
    assert read_penalty_rate(typed) == Understood(form)


@pytest.mark.parametrize(
    ("typed", "form", "notes"),
    [
        ("taux légal", "legal:1", ("legal_once",)),
        ("au taux légal je crois", "legal:1", ("legal_once", "to_check")),
        ("12 % je crois", "taux:12.00", ("to_check",)),
        ("1,5 % par mois", "taux:18.00", ("monthly_rate",)),
        ("1% mensuel", "taux:12.00", ("monthly_rate",)),
        ("1,5 %/mois", "taux:18.00", ("monthly_rate",)),
        ("pénalités de 0.75 % par mois de retard", "taux:9.00", ("monthly_rate",)),
        ("1,5 % par mois je crois", "taux:18.00", ("monthly_rate", "to_check")),
    ],
)
def test_a_rate_that_leaves_a_doubt_is_noted(typed: str, form: str, notes: tuple[str, ...]) -> None:
    """What may be three times the legal rate, or a twelfth of a yearly one, is read back."""
    assert read_penalty_rate(typed) == Understood(form, notes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0,05 % par jour", "rate_not_yearly"),
        ("1 % par semaine", "rate_not_yearly"),
        ("taux légal par mois", "rate_not_yearly"),
        ("3 fois le taux légal par mois", "rate_not_yearly"),
        ("10 % par mois", "rate_range"),
        ("par mois", "rate_unclear"),
        ("0", "rate_range"),
        ("0 %", "rate_range"),
        ("101", "rate_range"),
        ("BCE + 0", "rate_range"),
        ("0 fois le taux légal", "rate_range"),
        ("12,375 %", "rate_decimals"),
        ("-5 %", "rate_unclear"),
        ("bce - 2", "rate_unclear"),
        ("BCE moins 2 points", "rate_unclear"),
        ("BCE", "rate_needs_points"),
        ("taux BCE", "rate_needs_points"),
        ("au taux de la banque centrale européenne", "rate_needs_points"),
        ("taux de la BCE majoré", "rate_needs_points"),
        ("BCE fois deux", "rate_unclear"),
        ("trois fois le taux", "rate_unclear"),
        ("taux légal + 5 points", "rate_unclear"),
        ("taux légal BCE + 10", "rate_unclear"),
        ("15 % ou 3 fois le taux légal", "rate_unclear"),
        ("2 fois ou 3 fois le taux légal", "rate_unclear"),
        ("10 % ou 12 %", "rate_unclear"),
        ("10 % du montant", "rate_unclear"),
        ("10 % de la facture", "rate_unclear"),
        ("40 €", "rate_unclear"),
        ("40 euros", "rate_unclear"),
        ("30 jours", "rate_unclear"),
        ("1.500.000 %", "rate_unclear"),
        ("", "rate_unclear"),
        ("15 " * 100, "rate_unclear"),
    ],
)
def test_a_rate_that_is_not_plain_is_refused(typed: str, code: str) -> None:
    """A rate by the day, the bank's rate without its points, a sum or a share of the bill is no rate."""
    read = read_penalty_rate(typed)
    assert isinstance(read, Refused)
    assert read.code == code


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("aucun", "aucun délai écrit"),
        ("reception", "à réception de la facture"),
        ("jours:1", "1 jour"),
        ("jours:30", "30 jours"),
        ("fin_de_mois:45", "45 jours fin de mois"),
        ("fin_de_mois:45:ajouter", "45 jours, puis fin du mois"),
        ("fin_de_mois:45:fin", "fin du mois, puis 45 jours"),
    ],
)
def test_terms_are_shown_in_plain_french(form: str, shown: str) -> None:
    """Each text form of the terms has its words."""
    assert show_terms(form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("aucun", "aucun taux écrit"),
        ("taux:15.00", "15\u00a0% par an"),
        ("taux:10.00", "10\u00a0% par an"),
        ("taux:12.50", "12,5\u00a0% par an"),
        ("legal:1", "le taux légal"),
        ("legal:3", "3 fois le taux légal"),
        ("bce:1", "taux de la BCE + 1 point"),
        ("bce:10", "taux de la BCE + 10 points"),
    ],
)
def test_a_rate_is_shown_in_plain_french(form: str, shown: str) -> None:
    """Each text form of a rate has its words, with a decimal comma."""
    assert show_penalty_rate(form) == shown


@pytest.mark.parametrize("form", ["", "jours", "jours:0", "jours:-3", "fin_de_mois:45:x", "30"])
def test_a_wrong_form_is_an_error(form: str) -> None:
    """What is no text form cannot be shown: the caller is wrong."""
    with pytest.raises(ValueError, match="not a text form"):
        show_terms(form)
    with pytest.raises(ValueError, match="not a text form"):
        show_penalty_rate(form)


TERMS_FORMS = st.one_of(
    st.sampled_from(["aucun", "reception"]),
    st.builds(
        "{}:{}{}".format,
        st.just("fin_de_mois"),
        st.integers(1, 365),
        st.sampled_from(["", ":fin", ":ajouter"]),
    ),
    st.builds("jours:{}".format, st.integers(1, 365)),
)
RATE_FORMS = st.one_of(
    st.just("aucun"),
    st.builds("taux:{:.2f}".format, st.decimals(Decimal("0.01"), 100, places=2)),
    st.builds("{}:{}".format, st.sampled_from(["legal", "bce"]), st.integers(1, 99)),
)


@given(TERMS_FORMS)
@settings(deadline=None, max_examples=150)
def test_terms_shown_are_read_again_as_the_same(form: str) -> None:
    """What is read back can be typed as it stands."""
    assert read_payment_terms(show_terms(form)) == Understood(form)


@given(RATE_FORMS)
@settings(deadline=None, max_examples=150)
def test_a_rate_shown_is_read_again_as_the_same(form: str) -> None:
    """What is read back can be typed as it stands."""
    read = read_penalty_rate(show_penalty_rate(form))
    assert isinstance(read, Understood)
    assert read.value == form


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "30",
                "45",
                "0",
                "3",
                "1,5",
                "jours",
                "j",
                "mois",
                "semaines",
                "fin de",
                "fin du mois",
            ),
            *("FDM", "net", "puis", "+", "après", "à", "réception", "comptant", "aucun", "rien"),
            *("pas écrit", "%", "fois", "x", "le", "taux", "légal", "BCE", "majoré de", "points"),
            *("par", "an", "double", "je crois", "(", ")"),
        ]
    ),
    max_size=8,
).map(" ".join)


@given(PIECES)
@settings(deadline=None, max_examples=400)
def test_whatever_is_understood_can_be_shown(typed: str) -> None:
    """A reader gives only text forms that exist, within their bounds."""
    terms, rate = read_payment_terms(typed), read_penalty_rate(typed)
    if isinstance(terms, Understood):
        assert show_terms(terms.value)
        days = re.search("[0-9]+", terms.value)
        assert days is None or 1 <= int(days[0]) <= limits().terms_days_max
    if isinstance(rate, Understood):
        assert show_penalty_rate(rate.value)
        number = rate.value.partition(":")[2]
        assert not number or 0 < Decimal(number) <= limits().rate_max


def test_the_shown_words_are_well_set() -> None:
    """No straight apostrophe, and a no-break space before a percent sign."""
    for text in shown_words().values():
        assert not re.search(r"['!]| %", text), text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"more": "x"}, "unknown key more"),
        ({"terms_none": ""}, "terms_none: a text"),
        ({"terms_days": "{x} jours"}, r"only \{n\} and \{s\}"),
        ({"terms_days": "{n jours"}, r"only \{n\} and \{s\}"),
    ],
)
def test_a_wrong_file_of_shown_words_is_refused(change: dict[str, str], message: str) -> None:
    """Each mistake in shown.yaml is named."""
    with pytest.raises(ValueError, match=message):
        shown_from({**load("shown.yaml"), **change})
