"""Sentences with blanks: how a value is written, what a file may not hold, what is said of a doubt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.law import Law, UnknownForPeriod
from flows.law.parameter import Unit
from flows.law.prose import (
    blanks,
    fill,
    fill_with_doubts,
    parse_name,
    parse_rule,
    parse_sentence,
    written,
)
from flows.law.strict import LawFileError

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal(10), Unit.POINTS, "10\u00a0points"),
        (Decimal("1.5"), Unit.POINTS, "1,5\u00a0point"),
        (Decimal(40), Unit.EURO, "40,00\u00a0€"),
        (Decimal(5000), Unit.EURO, "5\u202f000,00\u00a0€"),
        (Decimal("2.75"), Unit.PERCENT, "2,75\u00a0%"),
        (Decimal(3), Unit.MULTIPLE, "3\u00a0fois"),
        (1, Unit.DAYS, "1\u00a0jour"),
        (30, Unit.DAYS, "30\u00a0jours"),
        (1, Unit.MONTHS, "1\u00a0mois"),
        (6, Unit.MONTHS, "6\u00a0mois"),
        (1, Unit.YEARS, "1\u00a0an"),
        (2, Unit.YEARS, "2\u00a0ans"),
        ("tribunal judiciaire", Unit.TEXT, "tribunal judiciaire"),
        (("Lyon", "Paris"), Unit.LIST, "Lyon, Paris"),
    ],
)
def test_a_value_is_written_with_its_unit(value: Any, unit: Unit, text: str) -> None:
    """Number, no-break space, noun in the plural from two on."""
    assert written(value, unit) == text


def test_a_blank_is_filled_by_what_is_given_else_by_the_law(law: Law) -> None:
    """What the code gives comes first, a parameter is taken as it stood on the day."""
    text = "{delai_signification_injonction}, {qui}, {delai_signification_injonction}"
    assert blanks(text) == {"delai_signification_injonction", "qui"}
    assert fill(text, law, date(2026, 8, 31), qui="{vous}") == "6\u00a0mois, {vous}, 6\u00a0mois"
    assert fill(text, law, date(2026, 9, 1), qui="") == "3\u00a0mois, , 3\u00a0mois"
    assert fill("{delai_public}", law, TODAY, delai_public="un mois") == "un mois"
    with pytest.raises(KeyError, match="delai_du_voisin"):
        fill("{delai_du_voisin}", law, TODAY)


def test_a_sentence_with_a_value_not_known_is_refused(law: Law) -> None:
    """The first blank that is not known that day is the one refused."""
    with pytest.raises(UnknownForPeriod) as refusal:
        fill("{delai_public} {delai_public_sante}", law, date(2019, 3, 31))
    assert refusal.value.parameter == "delai_public"


@pytest.mark.parametrize(
    ("text", "on", "said"),
    [
        ("{plafond_petites_creances}", TODAY, "5\u202f000\u00a0€"),
        (
            "{plafond_petites_creances}",
            date(2019, 12, 31),
            "environ 4\u202f000\u00a0€ (à vérifier)",
        ),
        ("{plafond_petites_creances}", date(2016, 5, 31), "(valeur non connue à cette date)"),
        ("{delai_avis_opposition}", TODAY, "environ 1\u00a0mois (à vérifier)"),
        ("{nom_tribunal_mixte_de_commerce}", TODAY, "tribunal mixte de commerce"),
    ],
)
def test_a_sentence_may_say_its_own_doubts(text: str, on: date, said: str, law: Law) -> None:
    """A number not confirmed is approximate, one not known is said so, a name is neither."""
    assert fill_with_doubts(text, law, on) == said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "a sentence is expected"),
        (" ", "a sentence is expected"),
        ("Dans les 30 jours.", "a figure stands"),
        ("Dans les {delai_public:>9}.", "a name alone"),
        ("Dans les {delai_public!r}.", "a name alone"),
        ("Dans les {}.", "a name alone"),
        ("Dans les {delai_public.", "a name alone"),
        ("Dans les {delai_du_voisin}, {x}.", "no parameter 'delai_du_voisin'$"),
    ],
)
def test_a_sentence_that_cannot_be_filled_is_not_read(data: Any, says: str, law: Law) -> None:
    """No figure by hand, no blank that nothing fills, nothing but a name between braces."""
    with pytest.raises(LawFileError, match=f"^ici: .*{says}"):
        parse_sentence("ici", data, law, {"x"})


def test_a_good_sentence_is_read_without_the_spaces_around_it(law: Law) -> None:
    """Its blanks are parameters or given by the code."""
    assert parse_sentence("ici", " {x} : {delai_public}.\n", law, {"x"}) == "{x} : {delai_public}."


def test_the_name_of_a_parameter_is_checked_with_its_unit(law: Law) -> None:
    """An unknown name and a unit that does not fit are refused."""
    assert parse_name("ici", "delai_public", law) == "delai_public"
    assert parse_name("ici", "delai_public", law, Unit.MONTHS, Unit.DAYS) == "delai_public"
    with pytest.raises(LawFileError, match="ici: 'delai_public' is not in months or years"):
        parse_name("ici", "delai_public", law, Unit.MONTHS, Unit.YEARS)
    with pytest.raises(LawFileError, match="ici: no parameter 'delai_du_voisin'"):
        parse_name("ici", "delai_du_voisin", law)


def test_a_rule_in_words_is_confirmed_unless_it_says_otherwise(law: Law) -> None:
    """Its articles are a list, its confidence one of the three degrees."""
    entry = {"text": "Une règle.", "articles": ["art. 1 CPC"]}
    assert parse_rule("ici", entry, law).confidence == "confirmed"
    assert parse_rule("ici", entry | {"confidence": "likely"}, law).confidence == "likely"
    for wrong in ({"articles": "art. 1 CPC"}, {"confidence": "sûr"}, {"surprise": "x"}):
        with pytest.raises(LawFileError, match=r"^ici: "):
            parse_rule("ici", entry | wrong, law)
