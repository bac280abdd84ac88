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
    MissingFactError,
    blank_label,
    draft,
    file_name,
    forbidden_in,
    load_catalogue,
    missing,
    sheet,
)
from letters.format import date_courte, date_longue, enumeration, euros, pluriel, pourcent, typeset
from letters.reader import parse
from letters.tables import decompte
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
    ((at, name),) = made.tables
    assert name == "decompte"
    shorter = made.with_paragraph(0, " ")
    assert shorter.paragraphs == made.paragraphs[1:]
    assert shorter.tables == ((at - 1, "decompte"),)
    assert made.with_paragraph(at, "Voici.").tables == ()
    assert made.with_paragraph(at + 1, "Autre.").paragraphs[: at + 1] == made.paragraphs[: at + 1]
    longer = made.with_added(at - 1, "Une phrase de plus.")
    assert longer.paragraphs == (
        *made.paragraphs[:at],
        "Une phrase de plus.",
        *made.paragraphs[at:],
    )
    assert longer.tables == ((at + 1, "decompte"),)
    assert made.with_added(at, "Après.").tables == made.tables
    assert made.with_added(at, "  ") == made
    with pytest.raises(IndexError):
        made.with_added(len(made.paragraphs), "x")
    with pytest.raises(IndexError):
        made.with_paragraph(len(made.paragraphs), "x")


def test_a_decompte_adds_up_after_part_payments() -> None:
    """Interest already covered is taken off in its own row, and the rows make the total."""
    written = decompte(
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
family: relancer
addressee: debiteur
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


FILING = """---
title: Requête d'essai
kind: filing
channel: depot
family: juge
addressee: tribunal
when: {causes: [], stages: [], debtors: [particulier]}
tones: [normal]
needs: [debtor_name]
blanks: [creditor_name, creditor_born_on, court_address, creditor_city]
computed: [today, amount_remaining, decompte, schedule, law_checked_on]
optional: [exhibits, complaint, court_name, creditor_iban]
law: [delai_conciliateur]
why_needed: {creditor_born_on: "La requête l'exige (article 54 du code de procédure civile)."}
subject: "Requête contre {{ debtor_name }}"
to: ["{{ court_name }}", "{{ court_address }}"]
articles: ["article 54 du code de procédure civile"]
enclosures: ["Facture", "Devis"]
signatures: ["{{ creditor_name }}", "{{ debtor_name }}"]
copy_to: ["Copie : {{ debtor_name }}"]
asks: amount_remaining
routes: [requete_au_fond]
records: requete_injonction
advised: [mise_en_demeure_envoyee]
must_be_true: [echeance_passee]
sending: {where: "Au {{ court_name }}.", how: "Par courrier.", cost: "Rien.",
  next: "{% if complaint %}On verra.{% endif %}"}
legal: true
---
À {{ court_name }}

## Les faits de {{ debtor_name }}

Né le {{ creditor_born_on | date_longue }}. {{ complaint }}

{{ decompte_table }}

## Rien ici

{% if creditor_iban == 'jamais' %}
Jamais.
{% endif %}

## La suite

Dans {{ law.delai_conciliateur }} :

{{ schedule_table }}

{{ exhibits_table }}
"""
TU = GOOD.replace(
    "Bonjour {{ debtor_name }}", "Bonjour, vous\n\n=== tutoiement ===\nSalut, {{ debtor_name }}"
)


def test_a_filing_has_its_parts_in_order(facts: Make) -> None:
    """Head, title, sections, tables, signatures, copy, small print; what has nothing under it is left out."""
    document = parse("essai", FILING)
    known = facts("particulier")
    del known["creditor_iban"]  # an account that its words do not name would take the sum away
    made = draft(document, known)
    assert [made.paragraphs[at] for at in made.headings] == [
        "Les faits de Claude Dupont",
        "La suite",
    ]
    assert [name for _, name in made.tables] == ["decompte", "schedule", "exhibits"]
    assert made.to == ("tribunal judiciaire", "Parvis du Tribunal", "75017 Paris")
    assert made.addressee == made.to
    assert made.enclosures == ()
    assert made.payment == Decimal("1250.00")
    assert dict(made.sending) == {
        "where": "Au tribunal judiciaire.",
        "how": "Par courrier.",
        "cost": "Rien.",
        "next": "On verra.",
    }
    order = (
        "Camille Martin EI\n", "75017 Paris\n", "Strasbourg, le 22", "Requête contre Claude Dupont\n",
        "Les faits de", "Né le 4\u00a0mai 1990", "somme restant due", "La suite", "le 1er\u00a0décembre 2026",
        "Pièce n°\u00a01\u00a0: Facture n°", "Camille Martin EI\nClaude Dupont", "Copie\u00a0: Claude Dupont",
        "Textes vérifiés le",
    )  # fmt: skip
    places = [made.text.index(part, 30 if at else 0) for at, part in enumerate(order)]
    assert places == sorted(places)
    assert Draft.from_json(made.to_json()) == made
    assert (document.routes, document.records) == (("requete_au_fond",), "requete_injonction")
    assert document.why("creditor_born_on").startswith("La requête l’exige")
    assert document.why("creditor_name") == ""


def test_without_exhibits_the_enclosures_are_numbered(facts: Make) -> None:
    """The list of exhibits is that of the enclosures until exhibits are sent."""
    made = draft(parse("essai", FILING), facts("particulier") | {"exhibits": []})
    assert made.paragraphs[-1] == "– Pièce n°\u00a01\u00a0: Facture\n– Pièce n°\u00a02\u00a0: Devis"
    block = sheet(made)["blocks"][-1]
    assert block["rows"] == [[[{"t": "1"}], [{"t": "Facture"}]], [[{"t": "2"}], [{"t": "Devis"}]]]


@pytest.mark.parametrize(
    "typed",
    [
        "## Titre",
        "x\n\n## Titre\n\ny",
        "{{ decompte_table }}",
        "\ue000T",
        "\ue001 x",
        "\ue003\n\n\ue000a",
    ],
)
def test_what_is_typed_is_never_a_heading_nor_a_table(typed: str, facts: Make) -> None:
    """Only the source of a document makes them, in a fact or in a paragraph rewritten or added."""
    known = facts("particulier") | {
        "complaint": typed,
        "debtor_name": typed,
        "court_address": typed,
    }
    plain = draft(parse("essai", FILING), facts("particulier"))
    made = draft(parse("essai", FILING), known)
    assert (made.headings, made.tables) == (plain.headings, plain.tables)
    changed = plain.with_paragraph(0, typed).with_added(0, typed)
    assert changed.headings == tuple(at + 1 for at in plain.headings)
    kinds = [block["kind"] for block in sheet(changed)["blocks"]]
    assert kinds[:2] == ["text", "text"]
    assert plain.with_paragraph(plain.headings[0], typed).headings == plain.headings[1:]


def test_the_law_is_read_by_the_names_declared(facts: Make) -> None:
    """A parameter that is not handed in is missing by its name; one not declared is refused at load."""
    known = facts("particulier")
    with pytest.raises(MissingFactError) as raised:
        draft(parse("essai", FILING), known | {"law": {}})
    assert raised.value.names == ("law.delai_conciliateur",)
    for body in ("{{ law.autre }}", "{{ law }}", "{{ law['autre'] }}"):
        with pytest.raises(CatalogueError, match="law: "):
            parse("essai", FILING + body)


def test_an_address_is_lines_in_a_head_and_one_line_in_a_sentence(facts: Make) -> None:
    """Its lines are parted by commas in the text."""
    document = parse("essai", FILING.replace("À {{ court_name }}\n", "À {{ court_address }}\n"))
    assert (
        draft(document, facts("particulier")).paragraphs[0] == "À Parvis du Tribunal, 75017 Paris"
    )


def test_a_message_says_tu_when_it_can_and_is_asked_to(facts: Make) -> None:
    """The other body is written; a document that has none keeps « vous »."""
    document = parse("essai", TU)
    assert document.has_tutoiement
    assert draft(document, facts("public")).text == "Bonjour, vous"
    tu = draft(document, facts("public") | {"tutoiement": True})
    assert (tu.text, tu.tutoiement) == ("Salut, Mairie de Colmar", True)
    plain = draft(parse("essai", GOOD), facts("public") | {"tutoiement": True})
    assert not plain.tutoiement


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("family: juge", "family: voisins", "families"),
        ("addressee: tribunal", "addressee: voisin", "addressees"),
        ("addressee: tribunal", "addressee: debiteur", "to is for"),
        ('to: ["{{ court_name }}", "{{ court_address }}"]\n', "", "to is for"),
        ('next: "', 'suite: "', "sending: suite"),
        (', how: "Par courrier."', "", "a filing says by sending"),
        ("why_needed: {creditor_born_on", "why_needed: {debtor_contact", "neither a need nor a blank"),
        ("asks: amount_remaining", "asks: total_due", "asks names"),
        (", creditor_iban]", "]", "asks names"),
        ("records: requete_injonction", "records: Requête", "small letters"),
        ("routes: [requete_au_fond]", "routes: [a, a]", "twice"),
        ("law: [delai_conciliateur]", "law: [delai_conciliateur, delai_x]", "law: .*delai_x"),
        ("exhibits, complaint", "exhibits, law", "not to declare: law"),
        ("advised: [mise", "advised: [demise", "conditions"),
        ("law_checked_on]", "invoice_on]", "law_checked_on"),
        ("legal: true", "legal: false", "legal document"),
        ("{{ schedule_table }}", "Voici {{ schedule_table }}", "schedule_table"),
        ("À {{ court_name }}", "=== tutoiement ===\nSalut", "required|tu »"),
        ("{creditor_born_on: ", "{creditor_name: ", "required for creditor_born_on"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_filing_is_refused_with_its_reason(
    before: str, after: str, said: str
) -> None:
    """Each rule of the front matter is held."""
    assert before in FILING
    with pytest.raises(CatalogueError, match=said):
        parse("essai", FILING.replace(before, after, 1))
