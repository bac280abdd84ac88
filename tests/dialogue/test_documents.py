"""A document in hand: what it asks, how it is changed, printed and sent."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

import letters
from flows import responses
from flows.diagnosis import outcomes
from flows.dialogue.events import Pressed
from flows.dossier import ActKind, Cause, DebtorKind, Stage
from flows.facts import registry
from letters import Draft, load_catalogue
from tests.dialogue.player import LIBRARY, TODAY, Player
from tests.dialogue.test_causes import intake, to_draft

IBAN = "FR76 3000 6000 0112 3456 7890 189"
ANSWERS = {
    "Votre nom": "Camille Martin EI",
    "Votre adresse": "12 rue des Lilas, 44000 Nantes",
    "Votre SIRET": "732 829 320 00074",
    "Adresse du client": "3 place du Commerce, 44000 Nantes",
    "Facture n°": "F-2026-014",
    "Facture du": "15/09/2026",
    "Prestation": "la création de votre site",
    "Votre IBAN": IBAN,
}


def complete(player: Player) -> Player:
    """Answer all a letter asks for when it is completed."""
    player.press("Compléter")
    while player.state == "need":
        asked = registry()[str(player.conversation.scratch["fact"])]
        player.say(ANSWERS[asked.label])
    return player


@pytest.fixture
def notice() -> Player:
    """A mise en demeure with its blanks."""
    return to_draft("mauvaise foi")


def test_a_letter_shows_its_blanks_and_counts_them(notice: Player) -> None:
    """A letter not yet complete shows clear blanks, and offers to fill them."""
    assert "[votre adresse]" in notice.copies[0]
    assert "À compléter" in notice.body
    assert any(label.startswith("Compléter (") for label in notice.labels)


def test_completing_asks_each_missing_fact_once(notice: Player) -> None:
    """« Compléter » asks only what is missing, each once, and the letter then has no blank."""
    complete(notice)
    assert notice.state == "draft"
    text = notice.copies[-1]
    assert "[" not in text
    for part in (
        "Camille Martin EI",
        "44000 Nantes",
        "F-2026-014",
        "15 septembre 2026".replace(" ", "\u00a0", 1),
    ):
        assert part in text
    assert not any(label.startswith("Compléter") for label in notice.labels)


def test_the_town_is_read_from_the_address(notice: Player) -> None:
    """The place of the letter follows from the person's address and is not asked."""
    complete(notice)
    assert "Nantes, le 24\u00a0novembre 2026" in notice.copies[-1]
    assert "creditor_city" not in notice.conversation.person


def test_a_blank_can_be_left(notice: Player) -> None:
    """« Laisser en blanc » goes on to the next fact, and the blank stays visible."""
    notice.press("Compléter", "Laisser en blanc")
    while notice.state == "need":
        notice.press("Laisser en blanc")
    assert notice.state == "draft"
    assert "[votre adresse]" in notice.copies[0]


def test_what_the_person_told_serves_the_next_dossier(notice: Player) -> None:
    """The creditor's own facts are asked once for all dossiers."""
    complete(notice)
    notice.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    notice.press("refuse", "change à chaque fois")
    while notice.state == "probe":
        notice.press("Je ne sais pas")
    notice.press("C’est ça")
    assert "Camille Martin EI" in notice.copies[0]
    assert "Autre SAS" in notice.copies[0]
    assert "Dupont" not in notice.copies[0]


def test_softer_and_firmer(notice: Player) -> None:
    """« Plus doux » and « Plus ferme » change the words, and stop at the last tone."""
    normal = notice.copies[0]
    notice.press("Plus doux")
    soft = notice.copies[0]
    assert soft != normal
    assert "Plus doux" not in notice.labels
    notice.press("Plus ferme")
    assert notice.copies[0] == normal


def test_a_paragraph_is_replaced_and_kept(notice: Player) -> None:
    """A rewritten paragraph stays when a fact is corrected afterwards."""
    notice.press("Modifier")
    place = next(label for label in notice.labels if label.startswith("« Si vous contestez"))
    notice.press(place).say("Appelez-moi si un point vous gêne.")
    assert "Appelez-moi si un point vous gêne." in notice.copies[0]
    assert "Si vous contestez" not in notice.copies[0]
    notice.press("Modifier", "Changer une information", "Facture n°").say("F-77")
    assert "F-77" in notice.copies[0]
    assert "Appelez-moi si un point vous gêne." in notice.copies[0]


def test_a_paragraph_is_taken_out(notice: Player) -> None:
    """A dash alone takes the paragraph out, and nothing else moves."""
    notice.press("Modifier")
    place = next(label for label in notice.labels if label.startswith("« Si vous contestez"))
    before = notice.history
    notice.press(place).say("-")
    assert "Si vous contestez" not in notice.copies[0]
    assert "1\u202f306,99\u00a0€" in notice.copies[0]
    assert before


def test_a_fact_is_corrected_from_the_draft(notice: Player) -> None:
    """An amount changed under « Modifier » is changed everywhere in the letter."""
    notice.press("Modifier", "Changer une information", "Reste dû").say("2000")
    assert "2\u202f000,00\u00a0€" in notice.copies[0]
    assert "1\u202f250,00" not in notice.copies[0]


def test_the_pdf_is_a_sheet_that_can_be_stored(notice: Player) -> None:
    """« PDF » gives a file whose content survives storage, and does not show the text again."""
    complete(notice).press("PDF")
    paper = notice.papers[0]
    assert json.loads(json.dumps(paper.sheet)) == paper.sheet
    assert paper.name.endswith(".pdf")
    assert notice.copies == []


def test_sending_keeps_the_text_as_it_left(notice: Player) -> None:
    """The act of sending holds the channel, the day and the very text."""
    text = notice.copies[0]
    notice.press("J’ai envoyé", "Recommandé").say("hier")
    act = notice.dossier.last(ActKind.SENT)
    assert act is not None
    assert (act.on, act.data["channel"], Draft.from_json(str(act.data["draft"])).text) == (
        TODAY - timedelta(days=1),
        "lrar",
        text,
    )


def test_a_sending_date_to_come_is_refused(notice: Player) -> None:
    """A day that has not come cannot be a day of sending; the question is asked again."""
    notice.press("J’ai envoyé", "Recommandé").say("25/12/2026")
    assert notice.state == "sent_when"
    assert "pas encore passée" in notice.body


def test_the_receipt_starts_the_notice(notice: Player) -> None:
    """The delay of a mise en demeure runs from the day the letter was received."""
    notice.press("J’ai envoyé", "Recommandé", "Aujourd’hui")
    assert notice.later(30)
    notice.press("Lettre reçue").say("27/11/2026")
    days = LIBRARY.law.notice_days(DebtorKind.PROFESSIONAL, TODAY)
    deadline = next(iter(notice.reminders.values()))
    assert deadline.date() >= date(2026, 11, 27) + timedelta(days=days)


def test_a_receipt_before_the_sending_is_refused(notice: Player) -> None:
    """A letter cannot arrive before it left."""
    notice.press("J’ai envoyé", "Recommandé", "Aujourd’hui")
    notice.later(30)
    notice.press("Lettre reçue").say("01/11/2026")
    assert notice.state == "received_on"
    assert "avant l’envoi" in notice.body


@pytest.mark.parametrize("kind", DebtorKind)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("cause", Cause)
def test_every_situation_has_an_answer_that_fits(
    cause: Cause, stage: Stage, kind: DebtorKind
) -> None:
    """Each cause, stage and debtor leads to a document made for that debtor, or to a reason for none."""
    catalogue = load_catalogue()
    variants = (None, "fondee", "infondee", "piece", "glissante", "promesse")
    flags = (frozenset[str](), frozenset({"injoignable"}), frozenset({"procedure_collective"}))
    for variant, flag in product(variants, flags):
        advice = responses.recommend(cause, stage, kind, variant, flag)
        assert (advice.recommended is None) != (advice.nothing is None)
        for response in (advice.recommended, *advice.alternatives):
            if response and response.document:
                document = catalogue.get(response.document)
                assert document.fits(debtor=kind.value), (response.id, kind)
        if advice.recommended and advice.recommended.document:
            document = catalogue.get(advice.recommended.document)
            assert document.fits(debtor=kind.value, cause=cause.value, stage=stage.value)


def test_every_fact_a_document_asks_is_declared() -> None:
    """Whatever a document needs or leaves blank can be asked for."""
    asked = {name for d in load_catalogue() for name in (*d.needs, *d.blanks)}
    assert asked <= set(registry())


@pytest.mark.parametrize("outcome", outcomes(), ids=lambda o: o.id)
def test_what_an_outcome_asks_is_declared(outcome: object) -> None:
    """The facts an outcome calls for can be asked for."""
    assert set(getattr(outcome, "asks")) <= set(registry())  # noqa: B009 - any outcome will do


@pytest.mark.parametrize(
    ("kind", "document", "absent"),
    [
        ("Un particulier", "mise_en_demeure_particulier", ("forfaitaire", "441-10")),
        ("Une association", "mise_en_demeure_particulier", ("forfaitaire", "441-10")),
        ("Une mairie", "mise_en_demeure_public", ("injonction", "441-10")),
    ],
)
def test_a_notice_claims_only_what_this_debtor_owes(
    kind: str, document: str, absent: tuple[str, ...]
) -> None:
    """Consumers, associations and public bodies are never asked for what only professionals owe."""
    player = intake(kind=kind).press("refuse", "change à chaque fois")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça")
    assert player.conversation.scratch["document"] == document
    assert [word for word in absent if word in player.copies[0]] == []


def test_stake_changes_the_tone_and_says_how() -> None:
    """What is at stake with the client is asked on demand, and changes the advice in words."""
    player = intake().press("Message laissé")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("Tenir compte", "Oui, beaucoup", "Oui", "Presque rien")
    assert player.state == "diagnosis"
    assert "Vous tenez à ce client" in player.body
    assert not any("Tenir compte" in label for label in player.labels)


def test_after_a_paragraph_is_taken_out_the_next_change_lands_where_meant(notice: Player) -> None:
    """With one paragraph taken out, rewriting a later one changes that one and no other."""
    notice.press("Modifier", "« Madame, Monsieur").say("-")
    notice.press("Modifier")
    assert not any("Madame, Monsieur, »" in label for label in notice.labels)
    notice.press("« Le règlement est").say("Payez par virement.")
    text = notice.copies[0]
    assert "Payez par virement." in text
    assert "Le règlement est" not in text
    assert "Si vous contestez" in text
    assert "je saisirai le tribunal" in text


def test_a_text_can_be_rewritten_whole(notice: Player) -> None:
    """Every paragraph rewritten or taken out, in any order, gives just what was written."""
    notice.press("Modifier")
    count = sum(label.startswith("«") for label in notice.labels)
    notice.press("Ne rien changer")
    for place in range(count):
        notice.press("Modifier")
        data = next(c for c in notice.choices if c.data.endswith(f".p{place}"))
        notice.send(Pressed(data.data))
        notice.say("-" if place % 2 else f"Paragraphe {place}.")
    text = notice.copies[0]
    for place in range(count):
        assert (f"Paragraphe {place}." in text) == (place % 2 == 0)


def test_a_letter_threatens_only_what_is_open(notice: Player) -> None:
    """To a debtor who contests, the letter names no injonction; to one who does not, it does."""
    document = LIBRARY.catalogue.get("mise_en_demeure_pro")
    silent = notice.dossier.with_facts(contested="non")
    contesting = notice.dossier.with_facts(contested="oui")
    texts = [
        letters.draft(document, LIBRARY.facts_for(one, {}, document, TODAY), tone="normal").text
        for one in (contesting, silent)
    ]
    assert ["requête en injonction de payer" in text for text in texts] == [False, True]


@pytest.mark.parametrize(
    ("typed", "amount", "day"),
    [
        ("500 €", "500", TODAY),
        ("500 € le 12/11", "500", date(2026, 11, 12)),
        ("1 000 hier", "1000", TODAY - timedelta(days=1)),
        ("300,50 € le 20 novembre", "300.50", date(2026, 11, 20)),
        ("750", "750", TODAY),
    ],
)
def test_a_payment_is_counted_on_the_day_it_came(typed: str, amount: str, day: date) -> None:
    """A part payment bears the day that was typed with it, today otherwise."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Hier")
    player.press("Voir le dossier", "Payé en partie").say(typed)
    assert player.dossier.payments == ((day, Decimal(amount)),)
