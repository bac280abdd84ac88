"""The sandbox, the typography, the reading of the catalogue, and what a draft keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from letters import (
    CatalogueError,
    Draft,
    DraftError,
    blank_label,
    draft,
    file_name,
    forbidden_in,
    load_catalogue,
    missing,
)
from letters.decompte import table
from letters.documents import parse
from letters.format import date_courte, date_longue, enumeration, euros, pluriel, pourcent, typeset
from letters.template import line, lines_of, one_line, paragraphs

Make = Callable[[str], dict[str, Any]]

HOSTILE = [
    "{{7*7}}",
    "{% for x in y %}",
    "<b>gras</b> & co",
    '#panic("non") *x* @ref $a$ _y_ `z` // fin',
    'il a dit "non" et \\ fin \\',
    "– un tiret\n– deux",
    "مرحبا",
    "🎉 fête",
    "x" * 300,
]


def test_amounts_dates_rates_and_counts_are_french() -> None:
    """Each filter writes as French typography wants, no-break spaces included."""
    assert euros(Decimal(1250)) == "1\u202f250,00\u00a0€"
    assert euros(Decimal("0.005")) == "0,01\u00a0€"
    assert euros(Decimal("-1234567.5")) == "-1\u202f234\u202f567,50\u00a0€"
    assert date_longue(date(2026, 10, 1)) == "1er\u00a0octobre 2026"
    assert date_longue(date(2026, 8, 11)) == "11\u00a0août 2026"
    assert date_courte(date(2026, 10, 15)) == "15/10/2026"
    assert pourcent(Decimal("12.4")) == "12,40\u00a0%"
    assert pourcent(Decimal(10)) == "10,00\u00a0%"
    assert pourcent(Decimal("10.125")) == "10,125\u00a0%"
    assert pluriel(1, "jour") == "1\u00a0jour"
    assert pluriel(8, "jour") == "8\u00a0jours"
    assert enumeration(["a", "b", "c"], "du ") == "du a, du b et du c"
    assert enumeration([]) == ""


@pytest.mark.parametrize("wrong", [12.5, True, "12", None])
def test_an_amount_is_never_a_float_nor_a_text(wrong: Any) -> None:
    """A float has lost cents already: it is refused."""
    with pytest.raises(TypeError):
        euros(wrong)


def test_typography_touches_the_words_of_the_template_only() -> None:
    """Spaces and apostrophes are set between tags, never in them."""
    assert typeset("l'an : « {{ x['a'] }} » ; n° 3") == (
        "l’an\u00a0: «\u00a0{{ x['a'] }}\u00a0»\u00a0; n°\u00a03"
    )


def test_lines_are_joined_and_kept_as_written() -> None:
    """A line end is a space, a backslash or a dash keeps it, a blank line parts paragraphs."""
    source = "un\ndeux\\\ntrois\n– quatre\n{% if x %}\ncinq\n{% endif %}\n\nsix\n"
    assert paragraphs(source, {"x": 1}) == ("un deux\ntrois\n– quatre cinq", "six")
    assert paragraphs(source, {"x": 0}) == ("un deux\ntrois\n– quatre", "six")


def test_a_name_that_is_missing_raises() -> None:
    """Nothing is printed empty by mistake."""
    with pytest.raises(UndefinedError):
        paragraphs("{{ absent }}", {})


@pytest.mark.parametrize("value", [Decimal(1), date(2026, 1, 1), None, True, ["a"]])
def test_a_raw_value_is_not_printed(value: object) -> None:
    """An amount or a day without its filter is a mistake of the template, not a text."""
    with pytest.raises(TypeError):
        line("{{ x }}", {"x": value})


@pytest.mark.parametrize("attack", ["{{ x.__class__.__mro__ }}", "{{ x.append(1) }}"])
def test_the_sandbox_keeps_templates_in(attack: str) -> None:
    """A template reaches neither Python's insides nor the facts to change them."""
    with pytest.raises(SecurityError):
        paragraphs(attack, {"x": []})


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_a_person_typed_comes_out_as_typed(typed: str, facts: Make) -> None:
    """Neither markup nor template: the same characters, line ends apart."""
    catalogue = load_catalogue()
    known = facts("professionnel") | {"complaint": typed, "missing_piece": typed}
    known |= {"debtor_name": typed, "creditor_name": typed, "invoice_number": typed}
    for document_id in (
        "reponse_insatisfaction_fondee", "reponse_insatisfaction_infondee", "piece_manquante",
        "mise_en_demeure_pro",
    ):  # fmt: skip
        made = draft(catalogue.get(document_id), known)
        assert one_line(typed) in made.text
        assert "49" not in made.text
        edited = made.with_paragraph(1, typed)
        assert edited.paragraphs[1] == typed
        assert Draft.from_json(edited.to_json()) == edited


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=200))
def test_any_text_in_a_fact_makes_one_paragraph_the_same(typed: str) -> None:
    """Whatever is typed, it never splits, joins or ends a paragraph."""
    kept = one_line(typed)
    made = paragraphs("avant {{ x }}. après\n\nfin", {"x": kept})
    assert made == (f"avant {kept}. après", "fin")
    assert all("\n" not in part for part in lines_of(typed))


def test_a_debtor_or_a_tone_that_does_not_fit_is_refused(facts: Make) -> None:
    """No document is bent to a case it was not written for."""
    document = load_catalogue().get("mise_en_demeure_public")
    with pytest.raises(DraftError, match="professionnel"):
        draft(document, facts("professionnel"))
    with pytest.raises(DraftError, match="hurlant"):
        draft(document, facts("public"), "hurlant")


def test_what_is_missing_is_told_in_the_order_to_ask(facts: Make) -> None:
    """Needs and blanks keep the order of the front matter; a blank text counts as missing."""
    document = load_catalogue().get("mise_en_demeure_pro")
    found = missing(document, {"debtor_name": "  ", "creditor_name": "A", "creditor_city": "B"})
    assert found.needs == ("debtor_name", "invoice_due_on")
    assert found.blanks == tuple(
        n for n in document.blanks if n not in {"creditor_name", "creditor_city"}
    )
    assert missing(document, facts("professionnel")).blanks == ()


def test_a_draft_is_kept_whole_and_changed_by_paragraph(facts: Make) -> None:
    """Stored and read back it is equal; a paragraph is replaced or removed, the rest stays."""
    made = draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel"))
    assert Draft.from_json(made.to_json()) == made
    json.loads(made.to_json())
    at = made.table_at
    assert at is not None
    shorter = made.with_paragraph(0, " ")
    assert shorter.paragraphs == made.paragraphs[1:]
    assert shorter.table_at == at - 1
    assert made.with_paragraph(at, "Voici.").table_at is None
    assert made.with_paragraph(at + 1, "Autre.").paragraphs[: at + 1] == made.paragraphs[: at + 1]
    with pytest.raises(IndexError):
        made.with_paragraph(len(made.paragraphs), "x")


def test_a_decompte_adds_up_after_part_payments() -> None:
    """Interest already covered is taken off in its own row, and the rows make the total."""
    written = table(
        {
            "lines": [
                {
                    "from_on": date(2026, 8, 1), "to_on": date(2026, 9, 30), "days": 61,
                    "base": Decimal(2000), "rate": Decimal("12.4"), "amount": Decimal("41.45"),
                },
                {
                    "from_on": date(2026, 10, 1), "to_on": date(2026, 11, 22), "days": 53,
                    "base": Decimal("1541.45"), "rate": Decimal("12.4"), "amount": Decimal("27.75"),
                },
            ],
            "invoices": [
                {"number": "A", "principal": Decimal("1541.45"), "interest": Decimal("27.75"),
                 "lump_sum": Decimal(40)},
            ],
            "interest_accrued": Decimal("69.20"),
        },
        "professionnel",
    )  # fmt: skip
    assert [amount for _, amount in written.rows] == [
        "1\u202f541,45\u00a0€", "41,45\u00a0€", "27,75\u00a0€", "-41,45\u00a0€", "40,00\u00a0€",
    ]  # fmt: skip
    assert written.total == ("Total à régler", "1\u202f609,20\u00a0€")


GOOD = """---
title: Essai
kind: message
channel: sms
when: {causes: [], stages: [], debtors: [public]}
tones: [normal]
needs: [debtor_name]
legal: false
---
Bonjour {{ debtor_name }}
"""


def test_a_sound_file_is_read() -> None:
    """The sample the next test spoils is itself accepted."""
    document = parse("essai", GOOD)
    assert document.needs == ("debtor_name",)
    assert document.fits(debtor="public", cause="oubli", stage="relance_1")
    assert not document.fits(debtor="particulier")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("legal: false", "legal: false\nlegale: true", "unknown key legale"),
        ("legal: false", "legal: peut-être", "legal is true or false"),
        ("kind: message", "kind: fax", "fax is not one of kinds"),
        ("[public]", "[voisin]", "voisin"),
        ("[public]", "[]", "debtors"),
        ("[normal]", "[plus_doux]", "normal"),
        ("[debtor_name]", "[debtor_nom]", "debtor_nom"),
        ("[debtor_name]", "[debtor_name, debtor_name]", "twice"),
        ("{{ debtor_name }}", "{{ creditor_name }}", "not declared: creditor_name"),
        ("{{ debtor_name }}", "{{ debtor_name", "line"),
        ("legal: false", "legal: false\nblanks: [today]", "no label"),
        ("legal: false", "legal: true", "law_checked_on"),
        ("legal: false", "legal: false\nsubject: Objet", "subject"),
        ("legal: false", "legal: false\nfollows: {step: relance_1}", "follows"),
        ("legal: false", "legal: false\nmust_be_true: [midi]", "midi"),
        ("title: Essai", "title: [", "essai"),
        ("---\nBonjour", "Bonjour", "front matter"),
    ],
)
def test_a_mistake_in_a_file_is_refused_with_its_reason(before: str, after: str, said: str) -> None:
    """The error names the document and what is wrong."""
    with pytest.raises(CatalogueError, match=said) as raised:
        parse("essai", GOOD.replace(before, after, 1))
    assert str(raised.value).startswith("essai: ")


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("Un HUISSIER viendra", "professionnel", "huissier"),
        ("poursuites immediates", "particulier", "poursuites immédiates"),
        ("art. L. 441-6", "professionnel", "L441-6"),
        ("soit 40,00\u00a0€ de frais", "particulier", "40,00 €"),
        ("une injonction de payer", "public", "injonction de payer"),
    ],
)
def test_a_forbidden_word_is_found(text: str, kind: str, word: str) -> None:
    """Case, accents, spaces and the writing of articles do not hide it."""
    assert word in forbidden_in(text, kind)


def test_allowed_words_are_let_through() -> None:
    """What is lawful for this debtor, and words that only contain a forbidden one, pass."""
    assert forbidden_in("une requête en injonction de payer, 40,00 €", "professionnel") == ()
    assert forbidden_in("lettre recommandée, volontiers, employeurs", "particulier") == ()


def test_labels_and_file_names(facts: Make) -> None:
    """A blank has its label; a file has a name in plain letters."""
    assert blank_label("creditor_address") == "votre adresse"
    with pytest.raises(KeyError):
        blank_label("today")
    made = draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel"))
    assert file_name(made, "Œuvre & Cie / <é>", date(2026, 11, 22)) == (
        "mise-en-demeure-oeuvre-cie-e-2026-11-22.pdf"
    )
