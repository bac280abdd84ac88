"""For the next time: reached with no dossier, checked numbers, texts to paste, the review of a dossier."""

from __future__ import annotations

import pytest

from flows.dialogue.preventing import TOPICS
from flows.dossier import DebtorKind, Status
from flows.reading import read_siret
from tests.dialogue.player import KINDS, LIBRARY, Player, plain
from tests.dialogue.test_causes import intake
from tests.dialogue.test_happening import card

GOOD = "sa clé de contrôle est juste"
SIRET, SIREN = "552 100 554 00039", "552 100 554"
TITLES = {
    "Clauses pour mon devis": "Pour votre prochain devis",
    "Clauses pour ma facture": "Pour votre prochaine facture",
    "Demander un acompte": "Demander un acompte",
    "Facturer au fil": "Facturer au fil de l’avancement",
}


def menu() -> Player:
    return Player().start().press("Éviter le prochain impayé")


@pytest.mark.parametrize("way", ["home", "command"])
def test_it_is_reached_with_no_dossier(way: str) -> None:
    """The menu opens from the home and from /prevenir, before anything was told."""
    player = menu() if way == "home" else Player().start().command("prevenir")
    assert player.state == "prevention"
    assert player.labels == [
        "Vérifier un client avant de signer",
        "Clauses pour mon devis",
        "Clauses pour ma facture",
        "Demander un acompte",
        "Facturer au fil de l’avancement",
        "Bilan d’un dossier",
        "Accueil",
    ]
    player.press("Accueil")
    assert player.state == "home"
    assert player.book.dossiers == {}


def test_the_help_names_it() -> None:
    """/aide tells of /prevenir."""
    assert "/prevenir" in Player().start().command("aide").told()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("topic", TITLES)
def test_each_text_comes_for_each_kind_of_client(topic: str, kind: str) -> None:
    """Two presses give the text alone in its message, for any client, and open no dossier."""
    player = menu().press(topic, KINDS[kind])
    assert player.state == "prevention_text"
    assert len(player.copies) == 1
    assert player.copies[0].strip()
    assert TITLES[topic] in plain(player.body)
    assert player.book.dossiers == {}


def test_the_clauses_differ_by_kind_of_client() -> None:
    """The fixed sum is for professionals, the word « arrhes » for a consumer; another kind is one press away."""
    player = menu().press("Clauses pour mon devis", "Une société")
    assert "40 €" in plain(player.copies[0])
    player.press("Autre type de client", "Un particulier")
    assert "40 €" not in plain(player.copies[0])
    assert "non des arrhes" in plain(player.copies[0])
    assert "un particulier" in player.body


def test_the_kind_is_asked_once_for_a_visit() -> None:
    """A second text comes for the same kind of client; a new visit asks again."""
    player = menu().press("Clauses pour mon devis", "Une société", "Autres conseils")
    player.press("Clauses pour ma facture")
    assert player.state == "prevention_text"
    player.command("prevenir").press("Clauses pour ma facture")
    assert player.state == "prevention_kind"


def test_back_leads_to_the_question_before() -> None:
    """« Retour » under a text asks the kind again."""
    player = menu().press("Demander un acompte", "Une société", "Retour")
    assert player.state == "prevention_kind"
    player.press("Un particulier")
    assert "vaut arrhes" in plain(player.copies[0])


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
@pytest.mark.parametrize("topic", TITLES)
def test_a_text_prints_without_a_dossier(topic: str, fmt: str) -> None:
    """PDF and DOCX come with a name of their own; the text is not shown a second time."""
    player = menu().press(topic, "Une société", fmt.upper())
    paper = player.papers[0]
    assert paper.format == fmt
    assert paper.name.endswith(f".{fmt}")
    assert paper.sheet["blocks"]
    assert player.copies == []


def test_the_texts_take_what_the_person_told_once() -> None:
    """The IBAN of the settings stands in the clause and in the message."""
    player = Player().start().command("parametres").press("Vous, dans vos lettres", "Votre IBAN")
    player.say("FR76 3000 6000 0112 3456 7890 189").command("prevenir")
    player.press("Clauses pour ma facture", "Une société")
    assert "FR76 3000 6000 0112 3456 7890 189" in plain(player.copies[0])
    player.press("Autres conseils", "Demander un acompte")
    assert "FR76 3000 6000 0112 3456 7890 189" in plain(player.copies[0])


@pytest.mark.parametrize("topic", ["Clauses pour mon devis", "Clauses pour ma facture"])
def test_the_mediator_told_once_stands_in_what_a_consumer_reads(topic: str) -> None:
    """The mediator of the settings replaces the dots, for a consumer alone."""
    player = Player().start().command("parametres").press("Vous, dans vos lettres", "Médiateur")
    player.say("Médiation des services, 12 rue de l’Église, 75011 Paris").command("prevenir")
    player.press(topic, "Un particulier")
    assert "Médiation des services, 12 rue de l’Église, 75011 Paris." in plain(player.copies[0])
    player.press("Autre type de client", "Une société")
    assert "Médiation des services" not in plain(player.copies[0])


def with_rate(typed: str) -> Player:
    return Player().start().command("parametres").press("Avec mes clients", "Votre taux").say(typed)


@pytest.mark.parametrize("topic", ["Clauses pour mon devis", "Clauses pour ma facture"])
def test_the_agreed_rate_stands_in_the_clause(topic: str) -> None:
    """The rate of the settings replaces that of the law, for professionals alone, and it is said."""
    player = with_rate("15 %").command("prevenir").press(topic, "Une société")
    clause = "au taux convenu (15,00 % par an), et indemnité forfaitaire de 40 €"
    assert clause in plain(player.copies[0])
    assert "majoré de" not in plain(player.copies[0])
    assert "repris de vos réglages" in player.body
    player.press("Autre type de client", "Un particulier")
    assert "15,00 %" not in plain(player.copies[0])
    assert "réglages" not in player.body


@pytest.mark.parametrize("topic", ["Clauses pour mon devis", "Clauses pour ma facture"])
def test_a_rate_below_the_minimum_is_not_put_in_a_clause(topic: str) -> None:
    """A rate the law does not allow gives way to that of the law, and it is said."""
    player = with_rate("1 %").command("prevenir").press(topic, "Une société")
    assert "1,00 %" not in plain(player.copies[0])
    assert "majoré de" in plain(player.copies[0])
    assert "au-dessous du minimum légal" in plain(player.copies[0])
    assert "au-dessous du minimum légal" in player.body


@pytest.mark.parametrize(
    ("typed", "kind"), [(SIRET, "SIRET"), ("55210055400039", "SIRET"), (SIREN, "SIREN")]
)
def test_a_number_is_checked_and_its_worth_told(typed: str, kind: str) -> None:
    """A well-formed number proves no slip of the pen, and nothing else: both are said, and nothing is kept."""
    player = menu().press("Vérifier un client").say(typed)
    said = plain(player.body)
    assert f"est un {kind} bien formé" in said
    assert SIREN in said
    assert "Ce que cela ne prouve pas" in said
    assert player.book.dossiers == {}
    player.press("Autres conseils")
    assert "number" not in player.conversation.scratch


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("552 100 554 00038", True),
        ("552 100 555", True),
        ("12345", False),
        ("FR40552100554", False),
    ],
)
def test_a_wrong_number_says_what_is_wrong(typed: str, wrong: bool) -> None:
    """A number whose check fails, or that is another number, is told so and can be typed again."""
    player = menu().press("Vérifier un client").say(SIRET).say(typed)
    assert player.state == "client_check"
    assert GOOD not in player.body
    assert ("signe d’alerte" in player.body) is wrong
    assert GOOD in player.say(SIREN).body


def test_the_example_is_a_number_of_the_register() -> None:
    """The number these tests take for good has a good check digit."""
    assert getattr(read_siret(SIRET), "value", "") == "55210055400039"


def test_what_to_look_up_is_told_without_a_number() -> None:
    """The register, the notices, the dates, who signs: said before anything is typed."""
    player = menu().press("Vérifier un client")
    for part in ("annuaire-entreprises.data.gouv.fr", "bodacc.fr", "date de création", "Qui signe"):
        assert part in player.body
    player.say("bonjour")
    assert "SIRET (14 chiffres)" in player.body


def test_the_review_is_offered_for_the_dossiers_there_are() -> None:
    """No dossier: it says so. One that is open, one that is paid: each gives its review, the paid one first."""
    assert menu().press("Bilan").labels == ["Autres conseils"]
    player = card().press("Payé").command("nouveau").press("Une société")
    player.say("Autre SAS", "900", "15/10/2026").command("prevenir").press("Bilan")
    assert player.labels == ["Dupont SARL", "Autre SAS", "Autres conseils"]
    player.press("Autre SAS")
    assert player.state == "draft"
    assert "Ce qui aurait aidé (Autre SAS)" in plain(player.copies[-1])
    assert player.dossier.status is Status.OPEN


def test_a_review_is_not_taken_for_the_text_in_hand() -> None:
    """Looked at from an open dossier, it does not take the place of the message being prepared."""
    player = intake().press("Il avait oublié", "C’est ça")
    held = player.dossier.get("text.hand")
    player.command("prevenir").press("Bilan", "Dupont")
    assert player.dossier.get("text.hand") == held
    player.command("dossiers").press("Dupont", "Continuer")
    assert "Ce qui aurait aidé" not in player.copies[-1]


def test_a_sentence_typed_there_opens_a_dossier() -> None:
    """« Dupont SARL me doit 1250 € » is understood there too; « acompte » is a button."""
    player = menu().say("Dupont SARL me doit 1250 € depuis le 15 octobre")
    assert player.state == "read_back"
    assert menu().say("acompte").state == "prevention_kind"


def test_no_dossier_in_hand_is_changed() -> None:
    """Visited from a dossier, the menu leaves it as it was, reminders included."""
    player = card()
    before, reminders = dict(player.book.dossiers), dict(player.reminders)
    player.command("prevenir").press("Demander un acompte", "Un particulier", "PDF")
    player.press("Autres conseils", "Vérifier un client").say(SIRET)
    assert player.book.dossiers == before
    assert player.reminders == reminders


def test_the_topics_are_documents() -> None:
    """Each text of the menu is a file of the catalogue, for every kind of client."""
    for document_id in TOPICS.values():
        document = LIBRARY.catalogue.get(document_id)
        assert set(document.debtors) == {kind.value for kind in DebtorKind}
