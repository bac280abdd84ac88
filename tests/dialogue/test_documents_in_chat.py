"""The documents of a dossier in the chat: what is offered and why not, taking one, sending it, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from flows.dialogue.cabinet import LABEL
from flows.dialogue.edits import first_words
from flows.dialogue.events import Pressed
from flows.dialogue.screens import Choice
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Stage
from flows.facts import registry
from flows.facts.conditions import Standing
from flows.facts.legal import clocks_of
from flows.facts.underway import commercial_court
from flows.law.routes.rulebook import load_rulebook
from letters import Draft
from letters.words import vocabulary
from tests.dialogue.player import KINDS, LIBRARY, TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake, to_draft
from tests.dialogue.test_happening import note
from tests.facts.makers import act, happened

REQUEST = "Requête en injonction de payer (tribunal judiciaire)"
SENSITIVE = ("creditor_civil_name", "creditor_born_on", "creditor_born_at", "creditor_nationality")
PAGES = ("Ce qui convient", "Les autres textes", "Fermés, et pourquoi", "Ce qui est parti")


def stage(player: Player) -> Stage:
    """Give the step of the ladder that comes next."""
    return Turn(player.conversation, player.book, player.moment, LIBRARY).stage


def pages_of(player: Player) -> Iterator[tuple[str, Player]]:
    """Give each page that lists documents to take, a family at a time where they are parted so."""
    for page in PAGES[:2]:
        at = copy_of(player).command("documents")
        if page in at.labels:
            at.press(page)
        families = [choice for choice in at.choices if ".f." in choice.data]
        for family in families:
            inside = copy_of(at)
            inside.send(Pressed(family.data))
            yield family.label, inside
        if not families:
            yield page, at


def listed(player: Player) -> list[str]:
    """Give the titles a page lists one by one."""
    return [line[2:] for line in plain(player.body).split("\n") if line.startswith("• ")]


def picks(player: Player) -> dict[str, Choice]:
    """Give the buttons that take a document, by its id."""
    keys = {choice.data.rpartition(".")[2]: choice for choice in player.choices}
    return {name: choice for name, choice in keys.items() if LIBRARY.catalogue.find(name)}


def leave_blanks(player: Player) -> list[str]:
    """Leave every question in blank; give the facts that were asked."""
    asked = []
    while player.state == "need":
        asked.append(str(player.conversation.scratch["fact"]))
        player.press("Laisser en blanc")
    return asked


def send(player: Player, channel: str, day: str = "Aujourd’hui") -> Player:
    """Say that the text in hand left."""
    return player.press(sending(player), channel, day)


def sending(player: Player) -> str:
    """Give the words of the button that says the text left: those of the post or of a counter."""
    return next(label for label in ("C’est envoyé", "J’ai envoyé") if label in player.labels)


@pytest.fixture(scope="module")
def waiting() -> Player:
    """Somebody who sent a mise en demeure on 23 November, and waits."""
    player = to_draft("mauvaise foi")
    return player.press("J’ai envoyé", "Recommandé", "Hier")


@pytest.fixture
def sent(waiting: Player) -> Player:
    """The same, to go on from."""
    return copy_of(waiting)


@pytest.fixture
def request_(sent: Player) -> Player:
    """A requête en injonction de payer in hand."""
    return sent.take("requete_injonction_tj")


# --- the list -------------------------------------------------------------------------------------


def test_the_documents_are_listed_by_family(sent: Player) -> None:
    """Each page lists its documents under the names of their families, in the order of a recovery."""
    sent.command("documents").press("Les autres textes")
    body = plain(sent.body)
    heads = [
        "Relancer",
        "Répondre",
        "Mettre en demeure",
        "Saisir le juge",
        "Pour la prochaine fois",
    ]
    places = [body.index(f"<b>{head}</b>") for head in heads]
    assert places == sorted(places)


def test_each_document_has_its_button_on_its_page(sent: Player) -> None:
    """What is listed can be taken, by the first words of its title; what is closed cannot."""
    for name, page in pages_of(sent):
        assert listed(page), name
        labels = [plain(choice.label) for choice in picks(page).values()]
        assert sorted(first_words(title, LABEL) for title in listed(page)) == sorted(labels)
    sent.command("documents").press("Fermés, et pourquoi")
    assert picks(sent) == {}


def test_the_others_are_first_listed_by_family(sent: Player) -> None:
    """More than twelve others: their families are the buttons, and their titles stand on one line each."""
    sent.command("documents").press("Les autres textes")
    families = [choice for choice in sent.choices if ".f." in choice.data]
    assert picks(sent) == {}
    assert listed(sent) == []
    body = plain(sent.body)
    for family in families:
        line = body.split(f"<b>{family.label}</b>\n")[1].split("\n")[0]
        twin = copy_of(sent)
        twin.send(Pressed(family.data))
        assert line.split(" · ") == listed(twin)
        assert plain(twin.body).count("<b>") == 2, "the head and the family, no other"
        assert "Les autres textes" in twin.labels
    assert "À vérifier" not in body


def test_a_family_leads_back_to_the_others(sent: Player) -> None:
    """From a family « Les autres textes » shows the families again."""
    sent.command("documents").press("Les autres textes")
    body = sent.body
    sent.press("Saisir le juge", "Les autres textes")
    assert sent.body == body


def test_a_short_list_of_others_is_not_parted() -> None:
    """Twelve others at most are listed one by one, each with its button."""
    player = intake().press("Il avait oublié")
    player.command("dossiers").press("Dupont", "Payé").command("documents")
    if "Les autres textes" in player.labels:
        player.press("Les autres textes")
    assert 0 < len(picks(player)) <= 12
    assert not any(".f." in choice.data for choice in player.choices)


def test_what_the_diagnosis_leads_to_is_first_among_what_fits() -> None:
    """The text the diagnosis recommends is on the first page, its button first."""
    player = to_draft("mauvaise foi")
    player.command("documents")
    assert next(iter(picks(player))) == "mise_en_demeure_pro"


def test_the_pages_hold_every_document_once(sent: Player) -> None:
    """The pages together are all there is for this client, each document once."""
    taken = [name for _, page in pages_of(sent) for name in picks(page)]
    assert len(set(taken)) == len(taken)
    sent.command("documents").press("Fermés, et pourquoi")
    expected = [d for d in LIBRARY.catalogue if "professionnel" in d.debtors]
    assert len(taken) + len(listed(sent)) == len(expected)


def test_a_closed_document_says_why(sent: Player) -> None:
    """Under a closed document stands the first thing against it, as it is, in a whole sentence."""
    sent.command("documents").press("Fermés")
    lines = plain(sent.body).split("\n")
    for title, reason in (
        ("Quittance", "Le client n’a pas tout payé."),
        ("Déclaration de créance", "Aucune procédure collective n’est notée."),
        ("Demande de signification de l’ordonnance", "Aucune ordonnance à signifier n’est notée."),
    ):
        assert lines[lines.index(f"• {title}") + 1] == f"<i>{reason}</i>"
    closed = [at for at, line in enumerate(lines) if line.startswith("• ")]
    said = [lines[at + 1] for at in closed]
    assert [line for line in said if not line.startswith("<i>") or not line.endswith(".</i>")] == []


def test_what_had_better_come_first_is_said(sent: Player) -> None:
    """A requête before the delay of the mise en demeure is over is cautioned, in the list and on the text."""
    caution = plain(vocabulary()["otherwise"]["mise_en_demeure_envoyee"])
    sent.command("documents").press("Les autres textes", "Saisir le juge")
    lines = plain(sent.body).split("\n")
    assert lines[lines.index(f"• {REQUEST}") + 1] == f"<i>Attention : {caution}</i>"
    sent.press(REQUEST)
    assert f"⚠ Attention : {caution}" in plain(sent.body)


def test_what_is_to_be_checked_is_said(sent: Player) -> None:
    """What nothing told settles, and what a route is not sure of, stand under the document."""
    sent.command("documents").press("Les autres textes", "Relancer")
    assert "<i>À vérifier : Le travail est un chantier de bâtiment.</i>" in plain(sent.body)
    sent.command("documents").press("Les autres textes", "Saisir le juge")
    lines = plain(sent.body).split("\n")
    at = lines.index("• Requête au fond")
    assert any(
        line.startswith("<i>À vérifier : Elle existe seulement devant le tribunal judiciaire")
        for line in lines[at + 1 : at + 3]
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_lead_to_each_other(sent: Player, page: str) -> None:
    """From any page every other one is reached, and the card."""
    sent.command("documents")
    if page in sent.labels:
        sent.press(page)
    others = [label for label in sent.labels if label in PAGES]
    assert page not in others
    for other in others:
        twin = copy_of(sent)
        twin.press(other)
        assert twin.state == "documents"
        assert other not in twin.labels
    sent.press("Voir le dossier")
    assert sent.state == "card"


def test_the_card_and_the_command_show_the_same(sent: Player) -> None:
    """« Documents » on the card and /documents are the same list."""
    sent.command("documents")
    body = sent.body
    sent.command("dossiers").press("Dupont", "Documents")
    assert (sent.state, sent.body) == ("documents", body)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_client_has_its_list(kind: str) -> None:
    """No kind of client is without a list, and each page can be shown."""
    player = intake(kind=KINDS[kind]).press("Il avait oublié")
    player.command("documents")
    assert player.state == "documents"
    assert all(listed(page) for _, page in pages_of(player))
    player.press("Fermés")
    assert listed(player)


def test_without_a_dossier_the_list_says_where_to_begin() -> None:
    """/documents before any dossier, or before the client is known, says what to do and moves nothing."""
    for player in (Player().start(), Player().start().press("facture impayée")):
        state = player.state
        player.command("documents")
        assert "Les textes se choisissent dans un dossier" in player.body
        assert player.state == state


def test_a_paid_dossier_lists_what_comes_after(sent: Player) -> None:
    """Once paid, the receipt and thanks fit, and no reminder can be taken."""
    sent.command("dossiers").press("Dupont").press("Payé")
    sent.command("documents")
    assert {"Quittance", "Remerciement après paiement"} <= set(sent.labels)
    titles = {d.title for d in LIBRARY.catalogue if d.family == "relancer"}
    assert not titles & set(sent.labels)
    sent.press("Quittance")
    assert sent.state == "draft"
    assert "1\u202f250,00" in sent.copies[0]


def test_a_page_left_is_not_found_again_elsewhere(sent: Player) -> None:
    """The list of dossiers and the list of documents do not mistake each other's pages."""
    sent.command("documents").press("Fermés").command("dossiers")
    assert sent.state == "dossiers"
    sent.command("documents")
    assert "qui conviennent" in sent.body


# --- taking one -----------------------------------------------------------------------------------


def test_a_document_is_taken_and_shown(request_: Player) -> None:
    """Picked, a filing is shown with its blanks, to read, complete, print and sign."""
    assert request_.state == "draft"
    assert "Tribunal judiciaire" in request_.copies[0]
    assert "[vos nom et prénoms]" in request_.copies[0]
    assert "Relisez, complétez, imprimez et signez" in request_.body


def test_the_way_back_is_the_page_it_was_taken_from(sent: Player) -> None:
    """« Retour » from a text leads to the page of documents it was picked on, its family with it."""
    sent.command("documents").press("Les autres textes", "Relancer")
    body = sent.body
    sent.press("Première relance", "Retour")
    assert (sent.state, sent.body) == ("documents", body)


def test_every_document_offered_can_be_taken(sent: Player) -> None:
    """Each document listed leads to its text or to a question, and to a paper where it is one."""
    for _, page in pages_of(sent):
        assert picks(page)
        for name, choice in picks(page).items():
            twin = copy_of(page)
            twin.send(Pressed(choice.data))
            assert twin.conversation.scratch["document"] == name
            assert twin.state in {"draft", "need"}, name
            if twin.state == "need":
                assert str(twin.conversation.scratch["fact"]) in LIBRARY.catalogue.get(name).needs
                continue
            kind = LIBRARY.catalogue.get(name).kind
            for label in ("PDF", "DOCX"):
                wanted = kind in {"letter", "filing", "agreement", "note"}
                assert not wanted or label in twin.labels, name


# --- what a filing asks ---------------------------------------------------------------------------


def test_sensitive_facts_are_asked_for_the_filing_alone(sent: Player) -> None:
    """Birth and nationality are asked for the requête, with its article, and by no letter nor setting before."""
    letter = copy_of(sent)
    asked = leave_blanks(letter.take("mise_en_demeure_pro").press("Compléter"))
    assert not set(SENSITIVE) & set(asked)
    asked = []
    sent.take("requete_injonction_tj").press("Compléter")
    while sent.state == "need":
        name = str(sent.conversation.scratch["fact"])
        asked.append(name)
        body = plain(sent.body)
        assert ("Demandé seulement pour les actes qui l’exigent" in body) == registry()[
            name
        ].sensitive
        if name in SENSITIVE:
            assert "article 54 du code de procédure civile" in body
        sent.press("Laisser en blanc")
    assert set(SENSITIVE) <= set(asked)


def test_only_documents_that_must_state_it_ask_what_is_sensitive() -> None:
    """No message, letter to the debtor or note for oneself but one for a judge asks a sensitive fact."""
    sensitive = {name for name, one in registry().items() if one.sensitive}
    assert set(SENSITIVE) <= sensitive
    for document in LIBRARY.catalogue:
        if sensitive & document.reads():
            assert document.family in {"juge", "amiable", "administration", "procedure"}
            assert document.kind in {"filing", "note"}
            assert document.addressee != "debiteur"


def test_the_questions_left_are_counted_down(request_: Player) -> None:
    """Each question says how many are left, and one less each time."""
    request_.press("Compléter")
    counts = []
    while request_.state == "need":
        body = plain(request_.body)
        if "encore" in body:
            counts.append(int(body.partition("(encore ")[2].split()[0]))
        request_.press("Laisser en blanc")
    assert counts == list(range(counts[0], 1, -1))


def test_the_text_can_be_seen_before_all_is_told(request_: Player) -> None:
    """« Voir le texte maintenant » shows what was told and the blanks left, which can be completed later."""
    request_.press("Compléter").say("Martin Camille Anne").press("Voir le texte maintenant")
    assert request_.state == "draft"
    assert "Martin Camille Anne" in request_.copies[0]
    assert "[votre date de naissance]" in request_.copies[0]
    request_.press("Compléter")
    assert request_.conversation.scratch["fact"] != "creditor_civil_name"


def test_a_birth_date_that_cannot_be_is_asked_again(request_: Player) -> None:
    """A date of birth in the future, of a child, or that is no date is refused with a sentence."""
    request_.press("Compléter")
    while request_.conversation.scratch["fact"] != "creditor_born_on":
        request_.press("Laisser en blanc")
    for typed in ("31/02/1990", "01/01/2020", "hier", "4 mai"):
        request_.say(typed)
        assert request_.conversation.scratch["fact"] == "creditor_born_on", typed
    request_.say("4 mai 1990")
    assert request_.conversation.person["creditor_born_on"] == date(1990, 5, 4)


def test_what_was_asked_for_one_filing_serves_the_next(request_: Player) -> None:
    """The creditor's own facts are asked once: another filing already has them."""
    request_.press("Compléter").say("Martin Camille Anne").press("Voir le texte maintenant")
    request_.take("requete_au_fond")
    assert "Martin Camille Anne" in request_.copies[0]


# --- how to send, print, say tu -------------------------------------------------------------------


def test_how_to_send_says_where_how_cost_and_next(request_: Player) -> None:
    """« Comment l’envoyer » says four things in a message of its own, and the text stays in hand."""
    request_.press("Comment l’envoyer")
    said = plain(request_.screens[0].body)
    places = [
        said.index(f"<b>{label}</b>") for label in ("Où :", "Comment :", "Coût :", "Ensuite :")
    ]
    assert places == sorted(places)
    assert "3 mois" in said
    assert request_.state == "draft"
    assert request_.copies == []


def test_every_filing_says_how_to_send_it() -> None:
    """Each filing of the catalogue has its four lines."""
    filings = [d for d in LIBRARY.catalogue if d.kind == "filing"]
    assert filings
    for document in filings:
        assert [name for name, _ in document.sending] == ["where", "how", "cost", "next"], (
            document.id
        )


@pytest.mark.parametrize("fmt", ["PDF", "DOCX"])
def test_a_filing_is_printed(request_: Player, fmt: str) -> None:
    """PDF and DOCX hold the same sheet, are named for the client and the day, and say that blanks are left."""
    request_.press(fmt)
    (paper,) = request_.papers
    assert paper.format == fmt.lower()
    assert paper.name.endswith(f"dupont-sarl-2026-11-24.{fmt.lower()}")
    assert "blancs à remplir" in paper.caption
    other = copy_of(request_)
    other.press("DOCX" if fmt == "PDF" else "PDF")
    assert other.papers[0].sheet == paper.sheet
    assert request_.state == "draft"


@pytest.mark.parametrize("cause", ["oubli", "pas encore"])
def test_what_is_no_paper_has_no_docx(cause: str) -> None:
    """A text message and a call are not printed."""
    player = to_draft(cause)
    assert "DOCX" not in player.labels


def test_tutoiement_is_kept_for_the_client() -> None:
    """« Tutoyer » rewrites the message, holds for the next message to this client, and no letter says tu."""
    player = to_draft("oubli")
    formal = player.copies[0]
    player.press("Tutoyer")
    assert player.copies[0] != formal
    assert "Vouvoyer" in player.labels
    player.take("mail_amical")
    assert "Vous tutoyez ce client" in player.body
    player.take("mise_en_demeure_pro")
    assert "Vous tutoyez" not in player.body
    assert not {"Tutoyer", "Vouvoyer"} & set(player.labels)


def test_another_client_is_not_addressed_as_tu() -> None:
    """Tutoiement belongs to one dossier."""
    player = to_draft("oubli").press("Tutoyer")
    player.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    player.press("Il avait oublié", "C’est ça")
    assert "Vous tutoyez" not in player.body
    assert "Tutoyer" in player.labels


# --- sending what goes to a judge -----------------------------------------------------------------


def test_a_filing_sent_is_recorded_with_what_it_starts(request_: Player) -> None:
    """A requête sent is filed with its text, and the event the law counts from is noted on that day."""
    text = request_.copies[0]
    send(request_, "Déposé sur place", "Hier")
    filed = request_.dossier.last(ActKind.FILED)
    assert filed is not None
    assert (filed.on, filed.text("channel")) == (TODAY - timedelta(days=1), "depot")
    assert Draft.from_json(filed.text("draft")).text == text
    assert request_.dossier.happened_on("requete_injonction") == TODAY - timedelta(days=1)
    card = request_.press("Voir le dossier").body
    assert "« Requête en injonction de payer » (Déposé sur place) le 23/11/2026" in plain(card)
    assert card.count("Requête") == 1


def test_a_filing_does_not_climb_the_ladder(sent: Player) -> None:
    """What goes to a third party is no reminder: the step of the letters is what it was."""
    before = stage(sent)
    count = sum(1 for _ in sent.dossier.acts_of(ActKind.SENT))
    sent.take("saisine_conciliateur")
    leave_blanks(sent)
    send(sent, "Lettre simple")
    assert sent.dossier.last(ActKind.FILED) is not None
    assert sum(1 for _ in sent.dossier.acts_of(ActKind.SENT)) == count
    assert stage(sent) is before


def test_the_clocks_follow_a_filing(request_: Player) -> None:
    """Once filed, the order is awaited; obtained and noted, its service is counted and its request can be made."""
    send(request_, "Déposé sur place")
    note(request_.press("Voir le dossier"), "Ordonnance obtenue", "24/11/2026")
    assert "Faire signifier l’ordonnance" in plain(request_.body)
    request_.take("signification_ordonnance")
    leave_blanks(request_)
    assert "24\u00a0novembre 2026" in request_.copies[0]


def test_a_filing_cannot_be_sent_in_the_future(request_: Player) -> None:
    """A day to come is refused, and nothing is filed."""
    request_.press("C’est envoyé", "Déposé sur place").say("25/12/2026")
    assert request_.state == "sent_when"
    assert request_.dossier.last(ActKind.FILED) is None
    assert request_.dossier.happened == ()


def test_a_filing_that_contradicts_what_was_noted_is_refused(sent: Player) -> None:
    """A declaration sent before the opening judgment cannot be: it is said, and nothing is recorded."""
    sent.command("dossiers").press("Dupont")
    note(sent, "Annonce au BODACC", "20/11/2026")
    sent.command("dossiers").press("Dupont", "Corriger", "Jugement").say("16/11/2026")
    sent.take("declaration_creance")
    leave_blanks(sent)
    before = sent.dossier
    sent.press(sending(sent), "Recommandé").say("10/11/2026")
    assert "Cette date est avant" in sent.body
    assert sent.dossier.last(ActKind.FILED) is None
    assert sent.dossier.acts == before.acts
    sent.say("23/11/2026")
    assert sent.dossier.happened_on("declaration_creance") == date(2026, 11, 23)


def test_a_written_claim_to_a_public_body_starts_its_silence() -> None:
    """The réclamation préalable is a letter to the debtor that is noted as the claim the judge asks for."""
    player = intake(kind=KINDS["public"]).press("Il avait oublié")
    player.take("reclamation_prealable")
    leave_blanks(player)
    player.press("J’ai envoyé", "Recommandé", "Hier")
    act = player.dossier.last(ActKind.SENT)
    assert act is not None
    assert act.text("document") == "reclamation_prealable"
    assert player.dossier.happened_on("demande_ecrite_public") == TODAY - timedelta(days=1)
    here = Standing(player.dossier, {}, TODAY, LIBRARY.law)
    assert here.holds("reclamation_deja_faite") is True
    steps = {one.id for one in clocks_of(player.dossier, TODAY, LIBRARY.law).steps}
    assert "silence_administration" in steps


def test_a_credit_note_sent_lowers_what_is_owed() -> None:
    """An avoir that leaves takes its sum off the invoice, once."""
    player = to_draft("insatisfaction fondée")
    player.take("geste_commercial").say("100").press("J’ai envoyé", "E-mail", "Hier")
    player.take("avoir").press("J’ai envoyé", "E-mail", "Aujourd’hui")
    assert [act.data["amount"] for act in player.dossier.credits] == [100]
    assert player.dossier.remaining == 1150


def test_a_paper_seen_again_bears_the_day_it_left(request_: Player) -> None:
    """Printed again days after, what left is named for the day it left, and its title is whole in the list."""
    send(request_, "Déposé sur place", "Hier")
    request_.later(3, stop=False)
    request_.command("documents").press("Ce qui est parti")
    row = next(label for label in request_.labels if "Requête" in label)
    assert row.startswith("23/11/2026")
    request_.press(row)
    (paper,) = request_.papers
    assert paper.name.endswith("dupont-sarl-2026-11-23.pdf")


def test_what_was_filed_is_seen_again(request_: Player) -> None:
    """« Ce qui est parti » shows filings beside letters, the latest first, each as it left."""
    text = request_.copies[0]
    send(request_, "Déposé sur place")
    request_.command("documents").press("Ce qui est parti")
    rows = [label for label in request_.labels if label[:2].isdigit()]
    assert [row[:10] for row in rows] == ["24/11/2026", "23/11/2026"]
    request_.press("24/11/2026")
    assert request_.copies == [text]


# --- a mise en demeure sent before ----------------------------------------------------------------


def until(player: Player, fact: str) -> Player:
    """Leave the questions in blank up to that of a fact."""
    while player.conversation.scratch["fact"] != fact:
        player.press("Laisser en blanc")
    return player


@pytest.fixture
def told() -> Player:
    """Somebody who tells the day of a mise en demeure the bot did not write."""
    player = to_draft("mauvaise foi")
    return until(player.take("refere_provision").press("Compléter"), "notice_on")


def test_a_notice_told_by_its_day_is_noted(told: Player) -> None:
    """The day told makes the act of its sending, so that its delay runs, and the text states it."""
    told.say("26/10/2026")
    act = told.dossier.last(ActKind.SENT)
    assert act is not None
    assert (act.on, act.text("document")) == (date(2026, 10, 26), "mise_en_demeure_pro")
    assert (act.text("stage"), act.text("channel")) == ("mise_en_demeure", "lrar")
    assert "draft" not in act.data
    assert "notice_on" not in told.dossier.facts, "an act says it: kept twice, they could differ"
    leave_blanks(told)
    assert "26\u00a0octobre 2026" in told.copies[0]
    here = Standing(told.dossier, {}, TODAY, LIBRARY.law)
    assert here.holds("mise_en_demeure_envoyee") is True


def test_its_delay_runs_from_a_receipt_that_is_supposed(told: Player) -> None:
    """Told of the day before, the delay is not over, and the caution stands."""
    told.say("23/11/2026")
    leave_blanks(told)
    here = Standing(told.dossier, {}, TODAY, LIBRARY.law)
    assert here.holds("mise_en_demeure_envoyee") is False
    assert plain(vocabulary()["otherwise"]["mise_en_demeure_envoyee"]) in plain(told.body)


def test_a_notice_without_a_text_is_not_listed_as_seen_here(told: Player) -> None:
    """What left without the bot has no text to see again; the card tells its day."""
    told.say("26/10/2026")
    leave_blanks(told)
    told.command("documents")
    assert "Ce qui est parti" not in told.labels
    assert "26/10/2026" in told.press("Voir le dossier").body


def test_a_notice_cannot_be_in_the_future(told: Player) -> None:
    """A day to come is refused or read back, and no sending is noted."""
    told.say("25/12/2026")
    assert told.state == "need"
    assert told.dossier.last(ActKind.SENT) is None


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("professionnel", "mise_en_demeure_pro"),
        ("particulier", "mise_en_demeure_particulier"),
        ("association", "mise_en_demeure_particulier"),
    ],
)
def test_the_notice_noted_is_that_of_the_debtor(kind: str, document: str) -> None:
    """What is noted is the mise en demeure of that kind of client."""
    player = intake(kind=KINDS[kind]).press("Il avait oublié")
    until(player.take("refere_provision").press("Compléter"), "notice_on")
    player.say("26/10/2026")
    act = player.dossier.last(ActKind.SENT)
    assert act is not None
    assert act.text("document") == document


# --- where a filing goes --------------------------------------------------------------------------


def test_no_costs_are_to_be_deposited_before_the_civil_court(request_: Player) -> None:
    """A requête filed before the tribunal judiciaire starts no clock of the commercial court's costs."""
    send(request_, "Déposé sur place")
    steps = {one.id for one in clocks_of(request_.dossier, TODAY, LIBRARY.law).steps}
    assert "consignation_requete" not in steps


def test_costs_are_to_be_deposited_before_the_commercial_court(sent: Player) -> None:
    """A requête filed before the tribunal de commerce starts the clock of its costs."""
    send(sent.take("requete_injonction_tc"), "Déposé sur place")
    steps = {one.id for one in clocks_of(sent.dossier, TODAY, LIBRARY.law).steps}
    assert "consignation_requete" in steps


def test_after_an_opposition_the_costs_of_the_commercial_court_are_counted(sent: Player) -> None:
    """A requête filed before the tribunal de commerce, an opposition calls for a deposit, not for a lawyer."""
    send(sent.take("requete_injonction_tc"), "Déposé sur place")
    found = sent.dossier
    for at, what in enumerate(
        ("ordonnance", "signification_ordonnance", "opposition", "avis_greffe")
    ):
        found = found.with_act(happened(what, TODAY + timedelta(days=at)))
    steps = {one.id for one in clocks_of(found, TODAY + timedelta(days=4), LIBRARY.law).steps}
    assert "consignation_opposition" in steps
    assert "avocat_opposition" not in steps


@pytest.mark.parametrize(
    ("document", "commercial"),
    [("requete_injonction_tc", True), ("requete_injonction_tj", False), ("requete_au_fond", False)],
)
def test_the_court_is_that_of_what_was_filed(sent: Player, document: str, commercial: bool) -> None:
    """What was filed says before which court the affair went, whatever route was said to be taken; the last wins."""
    found = sent.dossier
    assert commercial_court(found) is None
    for before in ("requete_injonction_tj", "requete_injonction_tc", document):
        found = found.with_act(act(ActKind.FILED, TODAY, document=before))
    found = found.with_act(
        act(ActKind.ROUTE_CHOSEN, TODAY, route="injonction_de_payer", court="tc")
    )
    assert commercial_court(found) is commercial
    other = found.with_act(act(ActKind.FILED, TODAY, document="saisine_conciliateur"))
    assert commercial_court(other) is commercial


def taken(player: Player) -> list[tuple[str, str, date]]:
    """Give the routes taken: which, before which court, on which day."""
    acts = player.dossier.acts_of(ActKind.ROUTE_CHOSEN)
    return [(one.text("route"), one.text("court"), one.on) for one in acts]


def test_a_filing_takes_its_route(request_: Player) -> None:
    """A requête sent yesterday is a route taken yesterday, with its label and its court."""
    send(request_, "Déposé sur place", "Hier")
    ((route, court, on),) = taken(request_)
    assert (route, on) == ("injonction_de_payer", TODAY - timedelta(days=1))
    assert court in load_rulebook().courts
    chosen = request_.dossier.last(ActKind.ROUTE_CHOSEN)
    assert chosen is not None
    assert chosen.text("label") == "Injonction de payer"


def test_a_route_taken_already_is_not_taken_again(request_: Player) -> None:
    """Two filings of one route take it once."""
    send(request_, "Déposé sur place", "Hier")
    twin = copy_of(request_)
    twin.book.dossiers = {
        key: one.with_act(
            act(
                ActKind.CORRECTED,
                TODAY,
                fact="evenement",
                what="requete_injonction",
                day=TODAY - timedelta(days=1),
            )
        )
        for key, one in twin.book.dossiers.items()
    }
    send(twin.take("requete_injonction_tc"), "Déposé sur place")
    assert [route for route, _, _ in taken(twin)] == ["injonction_de_payer"]


def test_a_filing_without_a_route_takes_none(sent: Player) -> None:
    """A letter to the debtor takes no route."""
    send(sent.take("derniere_relance"), "E-mail")
    assert taken(sent) == []


# --- a mise en demeure told, or none ---------------------------------------------------------------


def test_a_notice_noted_is_not_offered_to_change(told: Player) -> None:
    """Once a mise en demeure is noted, its day is corrected in the history, not in a text: no second act is made."""
    before = copy_of(told)
    leave_blanks(before)
    assert "Mise en demeure du" in facts_offered(before)
    told.say("26/10/2026")
    leave_blanks(told)
    offered = facts_offered(told)
    assert "Mise en demeure du" not in offered
    assert "Client" in offered


def facts_offered(player: Player) -> list[str]:
    """Give the labels of the facts that a text in hand lets change, page after page."""
    player.press("Modifier", "Changer une information")
    found = list(player.labels)
    while "Les suivantes" in player.labels:
        player.press("Les suivantes")
        found += player.labels
    return found


@pytest.mark.parametrize(
    ("fact", "document", "label"),
    [
        ("notice_on", "refere_provision", "Je n’en ai pas envoyé"),
        ("agreed_on", "refere_provision", "Rien n’a été signé ni écrit"),
    ],
)
def test_what_there_is_none_of_is_said_by_a_button(
    sent: Player, fact: str, document: str, label: str
) -> None:
    """The button says that there is none: it is kept, the question is not asked again, the text does without."""
    sent = to_draft("mauvaise foi")
    until(sent.take(document).press("Compléter"), fact)
    assert label in sent.labels
    sent.press(label)
    assert sent.dossier.get(f"none.{fact}") is True
    assert sent.dossier.get(fact) is None
    asked = leave_blanks(sent)
    assert fact not in asked
    assert sent.state == "draft"


def test_a_notice_told_after_all_undoes_none() -> None:
    """Told the day after all under « Modifier », what was said to be none is forgotten, and the act is noted."""
    player = to_draft("mauvaise foi")
    until(player.take("refere_provision").press("Compléter"), "notice_on")
    player.press("Je n’en ai pas envoyé")
    leave_blanks(player)
    assert "Mise en demeure du" in facts_offered(player)
    player.press("Mise en demeure du").say("26/10/2026")
    assert player.dossier.get("none.notice_on") is None
    last = player.dossier.last(ActKind.SENT)
    assert last is not None
    assert last.on == date(2026, 10, 26)


def test_only_what_may_be_none_has_that_button(request_: Player) -> None:
    """The other questions of a filing have no such button."""
    words = {one.none for one in registry().values() if one.none}
    request_.press("Compléter")
    while request_.state == "need":
        asked = registry()[str(request_.conversation.scratch["fact"])]
        assert bool(words & set(request_.labels)) is bool(asked.none)
        request_.press("Laisser en blanc")


# --- the text in hand -----------------------------------------------------------------------------


def card(player: Player) -> Player:
    """Go to the card."""
    return player.command("dossiers").press("Dupont")


def test_the_card_takes_up_the_text_in_hand(request_: Player) -> None:
    """« Continuer » shows the text that was in hand, with what was told, in its tone."""
    request_.press("Compléter").say("Martin Camille Anne").press("Voir le texte maintenant")
    text = request_.copies[0]
    assert request_.dossier.get("text.hand") == "requete_injonction_tj normal"
    card(request_).press("Continuer")
    assert request_.state == "draft"
    assert request_.copies == [text]


def test_the_tone_of_the_text_in_hand_is_kept() -> None:
    """A text made softer is taken up softer."""
    player = to_draft("mauvaise foi").press("Plus doux")
    text = player.copies[0]
    card(player).press("Continuer")
    assert player.copies == [text]


def test_the_text_in_hand_is_left_once_sent(request_: Player) -> None:
    """Sent, it is no longer in hand: « Continuer », if offered, leads elsewhere."""
    send(request_, "Déposé sur place")
    assert request_.dossier.get("text.hand") is None
    card(request_)
    if any("Continuer" in label for label in request_.labels):
        request_.press("Continuer")
        assert request_.state != "draft"


def test_the_text_in_hand_is_left_when_the_client_reacts(request_: Player) -> None:
    """A new contact begins anew: the text of before is not taken up."""
    label = next(one for one in card(request_).labels if "répondu" in one or "réagi" in one)
    request_.press(label)
    assert request_.dossier.get("text.hand") is None


def test_a_text_in_hand_that_no_longer_suits_is_not_taken_up() -> None:
    """A procedure opened meanwhile, « Continuer » says that the mise en demeure no longer suits, and shows none."""
    player = to_draft("mauvaise foi")
    note(card(player), "Annonce au BODACC", "20/11/2026")
    card(player).press("Continuer")
    assert player.state != "draft"
    assert player.copies == []
    assert "Ce texte ne convient plus à la situation" in plain(player.told())


def test_the_text_in_hand_belongs_to_one_dossier(request_: Player) -> None:
    """Another dossier has no text in hand, and the first keeps its own."""
    request_.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    assert request_.dossier.get("text.hand") is None
    card(request_).press("Continuer")
    assert request_.conversation.scratch["document"] == "requete_injonction_tj"


def test_the_way_back_from_a_completed_text_is_before_it(sent: Player) -> None:
    """« Retour » from a text completed question by question leads to the list it was picked from."""
    sent.command("documents").press("Les autres textes", "Saisir le juge")
    body = sent.body
    sent.press(REQUEST, "Compléter").say("Martin Camille Anne")
    sent.press("Laisser en blanc", "Voir le texte maintenant")
    assert sent.state == "draft"
    sent.press("Retour")
    assert (sent.state, sent.body) == ("documents", body)


def test_the_way_back_from_a_first_draft_is_the_last_question_it_needed() -> None:
    """An agreement asks how many payments, then when: « Retour » from its text walks back through both."""
    player = to_draft("trésorerie").take("accord_echeancier")
    assert player.conversation.scratch["fact"] == "instalments"
    player.say("4").say("15/12/2026")
    assert player.state == "draft"
    player.press("Retour")
    assert (player.state, player.conversation.scratch["fact"]) == ("need", "first_instalment_on")
    player.press("Retour")
    assert (player.state, player.conversation.scratch["fact"]) == ("need", "instalments")
    player.press("Retour")
    assert player.state == "documents"


def test_completed_then_left_a_first_draft_still_leads_to_what_it_needed() -> None:
    """Completed meanwhile, the text still leads back to the last question asked before it, not to its blanks."""
    player = to_draft("insatisfaction fondée").take("geste_commercial").say("100")
    player.press("Modifier", "Changer une information", "Client").say("Durand SAS")
    player.press("Retour")
    assert (player.state, player.conversation.scratch["fact"]) == ("need", "gesture_amount")


def test_an_agreement_asks_how_many_payments_and_from_when() -> None:
    """What will be signed is asked, one question after the other, and stands in its schedule."""
    player = to_draft("trésorerie").take("accord_echeancier")
    asked = []
    for answer in ("4", "15/12/2026"):
        assert player.state == "need"
        assert player.copies == []
        asked.append(player.conversation.scratch["fact"])
        player.say(answer)
    assert asked == ["instalments", "first_instalment_on"]
    assert plain(player.copies[0]).count("312,50") >= 4
    assert "15/12/2026" in player.copies[0] or "15\u00a0décembre 2026" in player.copies[0]


def test_the_way_back_from_the_first_completing_question_is_the_text(request_: Player) -> None:
    """« Retour » from the first question about a text shows the text again."""
    text = request_.copies[0]
    request_.press("Compléter", "Retour")
    assert request_.state == "draft"
    assert request_.copies == [text]
    request_.press("Compléter")
    first = request_.conversation.scratch["fact"]
    request_.press("Laisser en blanc", "Retour")
    assert request_.state == "need"
    assert request_.conversation.scratch["fact"] == first


def test_the_way_back_from_a_text_changed_is_before_it(sent: Player) -> None:
    """A paragraph rewritten, a fact corrected: « Retour » from the text does not walk through them."""
    sent.command("documents").press("Les autres textes", "Relancer")
    body = sent.body
    sent.press("Première relance", "Modifier", "Ajouter une phrase").say("À bientôt.")
    sent.press("Modifier", "Changer une information", "Client").say("Durand SAS")
    assert sent.state == "draft"
    sent.press("Retour")
    assert sent.state == "documents"
    assert sent.body.replace("Durand SAS", "Dupont SARL") == body
