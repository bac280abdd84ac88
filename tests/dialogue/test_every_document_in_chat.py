"""Each document of the catalogue is made in the chat, from a dossier played until it is offered."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from flows.dialogue.events import Pressed, ReceivedFile, SentFile
from flows.dialogue.screens import Paper
from flows.facts import fact
from letters import load_catalogue
from letters.docx import render as render_docx
from letters.pdf import render as render_pdf
from tests.dialogue.player import KINDS, Player

ANSWERS = {
    "name": "Camille Martin",
    "town": "Strasbourg",
    "court": "Le tribunal de commerce de Paris",
    "text": "selon le devis signé le 1er septembre",
    "address": "12 rue de l’Église, 67000 Strasbourg",
    "amount": "150 €",
    "reference": "F-2026-014",
    "past_day": "20/11/2026",
    "past_date": "15/10/2026",
    "future_date": "15/12/2026",
    "birth_date": "04/05/1990",
    "siret": "732 829 320 00074",
    "siren": "732 829 320",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "email": "camille@exemple.fr",
    "phone": "06 12 34 56 78",
    "postcode": "67000",
    "count": "3",
    "penalty_rate": "15 %",
    "payment_terms": "30 jours",
}
"""What is typed for a fact, by the way it is read."""
BY_NAME = {
    "debtor_address": "8 boulevard Haussmann, 75009 Paris",
    "creditor_name": "Camille Martin EI",
    "invoice_on": "29/08/2026",
    "agreed_on": "01/07/2026",
    "work_done_on": "28/08/2026",
    "delivered_on": "28/08/2026",
    "notice_on": "30/10/2026",
    "prior_claim_on": "20/08/2026",
    "procedure_opened_on": "12/08/2026",
    "work_label": "la création de votre site",
    "court_city": "Paris",
    "court_address": "Parvis du Tribunal, 75017 Paris",
    "creditor_civil_name": "Martin Camille Anne",
    "creditor_born_at": "Nantes",
    "creditor_trade": "graphiste",
    "creditor_nationality": "Français",
    "debtor_contact": "Madame Weber",
    "debtor_country_name": "Allemagne",
}


def begin(kind: str) -> Player:
    """Open a dossier of this kind of debtor, late by some weeks."""
    player = Player().start().press("facture impayée", KINDS[kind])
    return player.say("Dupont SARL", "1 250 €", "15/10/2026")


def answer(player: Player) -> None:
    """Answer the question asked, by its name or by the way it is read."""
    asked = fact(str(player.conversation.scratch["fact"]))
    if asked.name in BY_NAME:
        player.say(BY_NAME[asked.name])
    elif asked.kind == "choice":
        player.press(asked.choices[0][1])
    else:
        player.say(ANSWERS[asked.kind])
    if "doubt" in player.conversation.scratch:
        player.press("oui")


def take(player: Player, document: str) -> None:
    """Take a document from the list, whatever page it is on."""
    player.take(document)
    while player.state == "need":
        answer(player)


def complete(player: Player) -> None:
    """Fill every blank of the text in hand."""
    if "Compléter" in str(player.labels):
        player.press("Compléter")
    for _ in range(40):
        if player.state != "need":
            return
        answer(player)
    raise AssertionError("the questions do not end")


def card(player: Player) -> Player:
    return player.command("dossiers").press("Dupont")


def note(*events: tuple[str, str]) -> Callable[[Player], None]:
    """Note what happened, from the card: (words of the event, day)."""

    def play(player: Player) -> None:
        for label, day in events:
            card(player).press("Noter un")
            player.press(label).say(day)

    return play


def procedure(published: str) -> Callable[[Player], None]:
    return note(("Annonce au BODACC", published))


def facts(**known: str) -> Callable[[Player], None]:
    def play(player: Player) -> None:
        player.book.dossiers = {k: d.with_facts(**known) for k, d in player.book.dossiers.items()}

    return play


def paid(player: Player) -> None:
    card(player).press("Payé")


def given_up(player: Player) -> None:
    card(player).press("Arrêter", "J’abandonne")


def part_paid(player: Player) -> None:
    card(player).press("Payé en partie").say("400 €")


def plan(player: Player) -> None:
    take(player, "proposition_echeancier")
    player.press("J’ai envoyé", "E-mail", "Aujourd")


def claimed(player: Player) -> None:
    note(("Réclamation envoyée", "20/08/2026"))(player)
    facts(public_body="collectivite")(player)


def _gesture(player: Player) -> None:
    take(player, "geste_commercial")
    player.press("J’ai envoyé", "E-mail", "Aujourd")


def _broken_promise(player: Player) -> None:
    player.press("promet").say("30/11/2026")
    player.later(10, stop=False)


def _not_due(player: Player) -> None:
    card(player).press("Corriger", "Échéance").say("15/12/2026")


PATHS: dict[str, tuple[str, list[Callable[[Player], None]]]] = {
    "mise_en_demeure_particulier": ("particulier", []),
    "mise_en_demeure_public": ("public", []),
    "mise_en_demeure_sous_traitant": ("professionnel", [facts(special_case="sous_traitance")]),
    "relance_public": ("public", []),
    "statut_chorus_pro": ("public", []),
    "reclamation_prealable": ("public", [facts(public_body="collectivite")]),
    "lettre_prefet_mandatement": ("public", [claimed]),
    "refere_provision_administratif": ("public", [claimed]),
    "revendication_marchandises": (
        "professionnel",
        [facts(special_case="marchandises"), procedure("20/11/2026")],
    ),
    "garantie_de_paiement": ("professionnel", [facts(special_case="batiment")]),
    "declaration_creance": ("professionnel", [procedure("20/11/2026")]),
    "releve_forclusion": ("professionnel", [procedure("20/08/2026")]),
    "signification_ordonnance": (
        "professionnel",
        [note(("Requête déposée", "20/10/2026"), ("Ordonnance obtenue", "10/11/2026"))],
    ),
    "opposition_audience": (
        "professionnel",
        [
            note(
                ("Ordonnance obtenue", "20/10/2026"),
                ("Ordonnance signifiée", "10/11/2026"),
                ("Opposition", "20/11/2026"),
            )
        ],
    ),
    "injonction_europeenne": ("etranger", [facts(debtor_country="ue")]),
    "petits_litiges_europeens": ("etranger", [facts(debtor_country="ue")]),
    "commission_surendettement": ("particulier", [facts(contact_outcome="surendettement")]),
    "note_comptable": ("professionnel", [given_up]),
    "quittance": ("professionnel", [paid]),
    "remerciement": ("professionnel", [paid]),
    "quittance_partielle": ("professionnel", [part_paid]),
    "rappel_versement": ("professionnel", [plan]),
    "avoir": ("professionnel", [_gesture]),
    "promesse_non_tenue": ("professionnel", [_broken_promise]),
    "rappel_avant_echeance": ("professionnel", [_not_due]),
}
"""Documents that a fresh dossier of a professional does not offer, and what is played to reach them."""


def reach(document: str) -> Player:
    """Play a dossier until the document is in hand, and fill its blanks."""
    kind, steps = PATHS.get(document, ("professionnel", []))
    player = begin(kind)
    for play in steps:
        play(player)
    take(player, document)
    complete(player)
    return player


@pytest.mark.parametrize("document", load_catalogue().ids())
def test_a_document_is_made_in_the_chat(document: str) -> None:
    """Played to its end: no blank is left, it prints as PDF and DOCX, and what can be sent is sent."""
    player = reach(document)
    assert player.state == "draft", player.body
    assert player.conversation.scratch["document"] == document
    assert player.copies, "the text stands in a message of its own"
    text = player.copies[0]
    assert "[" not in text, text
    assert "{" not in text, text
    for label, render in (("PDF", render_pdf), ("DOCX", render_docx)):
        if label in player.labels:
            player.press(label)
            paper = next(one for one in player.shown if isinstance(one, Paper))
            assert paper.format == label.lower()
            assert paper.name.endswith(f".{paper.format}")
            printed = render(json.loads(json.dumps(paper.sheet)), player.now.date())
            assert printed.startswith(b"%PDF" if label == "PDF" else b"PK")
    before = len(player.dossier.acts)
    if any(word in str(player.labels) for word in ("envoyé", "signé", "appelé")):
        sent = next(
            c for c in player.choices if c.label.startswith(("J’ai", "C’est envoyé", "C’est signé"))
        )
        player.send(Pressed(sent.data))
        if player.state == "sent_how":
            player.send(Pressed(player.choices[0].data))
            player.press("Aujourd")
        assert len(player.dossier.acts) > before
    assert player.state != "draft" or load_catalogue().get(document).channel == "aucun"


def test_the_exhibits_travel_with_a_requete() -> None:
    """Two pieces sent in the chat are numbered, and leave with the requête in one PDF."""
    player = reach("requete_injonction_tj")
    for number, title in enumerate(("Devis accepté", "Facture"), 1):
        player.send(SentFile("photo", file=ReceivedFile(f"piece{number}", number, "photo", 9)))
        player.press(title)
    assert "Pièce n° 2" in player.body.replace("\u00a0", " ")
    player.press("Le texte et ses pièces")
    bundle = player.shown[0]
    assert getattr(bundle, "exhibits", None) == (
        ("Devis accepté", "piece1"),
        ("Facture", "piece2"),
    )
    player.press("Revenir au texte")
    assert player.state == "draft"
    assert "Devis accepté" in player.copies[0]
