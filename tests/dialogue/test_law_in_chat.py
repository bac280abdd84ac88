"""« Pourquoi ? » and the legal routes in the chat: what they show, and that asking moves nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest

from flows.dialogue import why
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Command, Pressed, Typed
from flows.dialogue.library import Library
from flows.dialogue.table import FREE_WORDS, STATES
from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts.legal import situation_of
from flows.law.explain import topics
from flows.law.routes import Status, questions_for, routes_for
from flows.law.routes.rulebook import load_rulebook
from flows.responses.catalogue import all_responses
from letters import load_catalogue
from tests.dialogue.player import KINDS, LIBRARY, TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake, to_draft
from tests.dialogue.test_manners import check, wander

ROUTES = {
    "conciliateur", "mediateur_entreprises", "petites_creances", "injonction_de_payer", "requete_au_fond",
    "assignation_au_fond", "refere_provision", "sommation", "recouvrement_amiable", "protection_juridique",
    "reclamation_prealable", "refere_provision_administratif", "mandatement_d_office", "injonction_europeenne",
    "petits_litiges_europeens", "declaration_de_creance",
}  # fmt: skip
"""Every route of the conversation's § 6: shown for every dossier, open or closed."""
CHECKED = f"vérifié le {LIBRARY.law.checked_on:%d/%m/%Y}"
STANDING = "Information générale, et non un conseil juridique."
ADDRESS = re.compile(r'<a href="https://[^"]+">')


def place(player: Player) -> tuple[Any, ...]:
    """Give all that asking why must leave as it is."""
    kept = player.conversation
    about = (kept.state, kept.dossier_id, kept.serial, kept.trail, kept.answers)
    held = (kept.scratch, kept.person, player.book.dossiers, player.reminders)
    return (*about, *(dict(one) for one in held))


def ask_why(player: Player, data: str | None = None) -> str:
    """Press « Pourquoi ? », or type it; everything must stay as it was. Gives all that was said."""
    before = place(player)
    player.send(Pressed(data) if data else Typed("Pourquoi ?"))
    check(player)
    assert place(player) == before
    assert player.copies == [], "the text itself is not shown again"
    assert player.screens
    return player.told()


def why_button(player: Player) -> str:
    """Give the data of the « Pourquoi ? » button on the screen."""
    return player.choice("Pourquoi ?").data


def is_explained(body: str, *articles: str) -> None:
    """An explanation gives the rule, its article, an address to read it, the day it was checked, and its limits."""
    for article in articles:
        assert article in plain(body), body
    assert CHECKED in body
    assert ADDRESS.search(body)
    assert STANDING in body


def sent(kind: str = "professionnel") -> Player:
    """Somebody whose first text was sent yesterday."""
    player = intake(kind=KINDS[kind]).press("Il avait oublié", "C’est ça", "J’ai envoyé")
    return player.press(player.labels[0], "Hier")


def nudged() -> Player:
    """Somebody to whom the bot just came back."""
    player = sent()
    assert player.later(30)
    assert player.state == "nudge"
    return player


def card(kind: str = "professionnel") -> Player:
    """The card of a dossier that waits."""
    return sent(kind).press("Voir le dossier")


def to_routes(player: Player) -> Player:
    """Press « Voies possibles » and skip what is asked."""
    player.press("oies possibles")
    while player.state == "need":
        player.press("Passer cette question")
    assert player.state == "routes"
    return player


# --- « pourquoi ? » --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "articles"),
    [
        ("professionnel", ("article L441-10, II du code de commerce", "article D441-5 du code de commerce")),
        ("particulier", ("article 1344 du code civil",)),
        ("public", ("article 1344 du code civil",)),
        ("association", ("article 1344 du code civil",)),
    ],
)  # fmt: skip
def test_why_from_a_draft(kind: str, articles: tuple[str, ...]) -> None:
    """From a mise en demeure each rule is explained with its article, and neither text nor place changes."""
    player = intake(kind=KINDS[kind]).press("refuse", "change à chaque fois")
    while player.state in {"probe", "contact_detail"}:
        player.press("Je ne sais pas")
    player.press("C’est ça")
    while player.state == "need":
        player.press(player.labels[0])
    assert str(player.conversation.scratch["document"]).startswith("mise_en_demeure")
    text = player.copies[-1]
    body = ask_why(player, why_button(player))
    is_explained(body, *articles)
    assert "Voici «" in body, "the draft's own screen stands under the explanation"
    assert ask_why(player, why_button(player)) == body, "asked again it is said again"
    assert ask_why(player) == body, "typed, it is the same"
    player.press("Plus ferme")
    assert player.copies[-1] != text


def test_why_of_a_friendly_text_speaks_of_no_penalty() -> None:
    """A message that claims the invoice alone is explained without penalties or fixed sum."""
    body = ask_why(player := to_draft("oubli"), why_button(player))
    assert "Pénalités" not in body
    assert "40,00" not in body
    assert STANDING in body


def test_a_consumer_is_never_explained_forty_euros_as_owed() -> None:
    """What a consumer does not owe is said as such, never with the article of professionals."""
    player = intake(kind=KINDS["particulier"]).press("refuse", "change à chaque fois", "C’est ça")
    body = ask_why(player, why_button(player))
    assert "Pénalités entre professionnels" not in body


@pytest.mark.parametrize("place_of", [nudged, card], ids=["nudge", "card"])
def test_why_from_a_nudge_or_a_card(place_of: Callable[[], Player]) -> None:
    """From a nudge or a card the sums, the wait and the limitation are explained, its buttons shown again."""
    player = place_of()
    if player.state == "card":
        player.press("Autres actions")
    labels, shown = player.labels, player.body
    body = ask_why(player, why_button(player))
    is_explained(body, "article L441-10, II du code de commerce", "article 2224 du code civil")
    assert body.endswith(shown)
    assert player.labels == labels
    player.say("Payé")  # though the drawer hides it
    assert player.state in {"closed", "paid_part"}


def test_why_from_a_nudge_left_behind() -> None:
    """Asked from a nudge answered before, the question of now stays open and its answer counts."""
    player = nudged()
    data = why_button(player)
    player.press("Payé en partie")
    assert player.state == "paid_part"
    body = ask_why(player, data)
    is_explained(body, "article L441-10, II du code de commerce")
    player.say("500")
    assert str(player.dossier.remaining) == "750.00"


def test_why_from_a_nudge_said_beside_a_question() -> None:
    """A nudge said beside an open question of another dossier explains that dossier and leaves the question."""
    player = sent()
    first = player.dossier.id
    player.command("nouveau").press(KINDS["particulier"]).say("Autre Client")
    assert player.later(30), "no nudge came"
    assert player.choice("Payé").data.startswith(f"d.{first}.")
    assert player.state == "amount"
    assert player.dossier.debtor_name == "Autre Client"
    assert "Dupont SARL" in player.body
    body = ask_why(player, why_button(player))
    is_explained(body, "article L441-10, II du code de commerce")
    assert "Dupont SARL" in body
    player.say("900")
    assert player.dossier.debtor_name == "Autre Client"
    assert str(player.dossier.amount_due) == "900.00"


def test_why_of_a_dossier_that_is_over_does_not_ask_for_its_payment() -> None:
    """An old nudge of a dossier since paid explains without asking again; the place of now keeps its buttons."""
    player = nudged()
    data = why_button(player)
    player.press("Payé")
    before, labels = place(player), player.labels
    player.send(Pressed(data))
    assert place(player) == before
    assert player.labels == labels != []
    assert "Payé depuis" not in player.told()
    assert not {"Payé", "Toujours rien"} & set(player.labels)


def test_why_of_a_dossier_that_is_not_there() -> None:
    """A pasted « Pourquoi ? » of somebody else's dossier explains nothing and shows nothing of it."""
    player = nudged()
    before = place(player)
    player.send(Pressed("d.autre.why.3"))
    assert place(player) == before
    assert CHECKED not in player.told()


def test_why_from_the_clocks() -> None:
    """From the legal clocks the limitation and the order are explained, and the clocks stay on the screen."""
    player = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    player.press("Noter un évènement", "Ordonnance obtenue").say("02/11/2026")
    assert player.state == "clocks"
    labels = player.labels
    body = ask_why(player, why_button(player))
    is_explained(body, "article 2224 du code civil", "article 1411 du code de procédure civile")
    assert "les délais de la loi" in body
    assert player.labels == labels


def test_why_from_a_route() -> None:
    """From a route its own reason and articles come first, and the route stays on the screen."""
    player = to_routes(card()).press("Injonction de payer")
    assert player.state == "route"
    body = ask_why(player, why_button(player))
    is_explained(body, "article 1405 du code de procédure civile")
    assert "Première étape" in body
    assert plain(body).index("1405") < plain(body).index(STANDING)
    assert "Injonction de payer" in body[:60]
    assert ask_why(player) == body, "typed, it is the same"
    player.press("Je prends cette voie")
    assert player.dossier.last(ActKind.ROUTE_CHOSEN) is not None


def test_a_route_closed_meanwhile_is_not_taken() -> None:
    """Left open while a procedure was told of, a route says the next day why it is closed, and cannot be taken."""
    player = to_routes(card()).press("Injonction de payer")
    opened = Act(ActKind.PROCEDURE_OPENED, TODAY, player.now, {"dated": "oui"})
    player.book.dossiers[player.dossier.id] = player.dossier.with_act(opened)
    taking = player.choice("Je prends").data
    player.later(1)
    player.send(Pressed(taking))
    assert player.dossier.last(ActKind.ROUTE_CHOSEN) is None
    assert not any("Je prends" in label for label in player.labels)
    ask_why(player, why_button(player))


def test_why_where_nothing_is_of_the_law() -> None:
    """A question of habit says that it is one, and where to ask for advice."""
    player = Player().start().press("facture impayée")
    body = ask_why(player)
    assert "viennent de l’usage" in body
    assert STANDING in body
    assert "conciliateur de justice" in body


@pytest.mark.parametrize("kind", KINDS)
def test_why_at_the_terms(kind: str) -> None:
    """Asked what the terms are, « pourquoi ? » gives the rule of due dates for this debtor."""
    player = Player().start().press("facture impayée", KINDS[kind])
    player.say("Dupont SARL", "1 250 €", "facture du 20/09/2026")
    body = ask_why(player)
    assert STANDING in body
    if kind in {"professionnel", "particulier", "public"}:
        assert CHECKED in body


@pytest.mark.parametrize(
    "words",
    ["pourquoi", "Pourquoi ?", "POURQUOI?", "pourquoi\u00a0?", "Pourquoi\u202f?", "c'est quoi ?",
     "c’est quoi ?", "d'où ça vient ?"],
)  # fmt: skip
def test_why_is_understood_as_people_type_it(words: str) -> None:
    """Capitals, any space before the question mark, either apostrophe: the rule is explained."""
    player = nudged()
    before = place(player)
    player.send(Typed(words))
    assert place(player) == before
    assert CHECKED in player.told()


def test_why_by_the_number_of_its_button() -> None:
    """The number or the very words of the button, typed under a nudge, explain as pressing it does."""
    for words in (str(nudged().labels.index("Pourquoi ?") + 1), "pourquoi"):
        player = nudged()
        before = place(player)
        player.send(Typed(words))
        assert place(player) == before
        assert CHECKED in player.told()


@pytest.fixture(scope="module")
def places() -> dict[str, Player]:
    """A player in each state, found by seeded wandering."""
    visit: dict[str, Player] = {}
    for seed in range(90):
        if set(visit) == set(STATES):
            break
        wander(seed, 120, visit)
    return visit


@pytest.mark.parametrize("state", sorted(set(STATES) - FREE_WORDS))
def test_why_typed_anywhere_moves_nothing(places: dict[str, Player], state: str) -> None:
    """Typed in any state, « pourquoi ? » is answered and changes neither place, nor dossier, nor draft."""
    player = copy_of(places[state])
    before = place(player)
    player.send(Typed("Pourquoi ?"))
    check(player)
    assert place(player) == before
    assert player.screens
    assert player.copies == []


def test_why_in_the_words_of_a_paragraph_is_text(places: dict[str, Player]) -> None:
    """While a paragraph is being rewritten, what is typed is its text, whatever it says."""
    player = copy_of(places["edit_text"]).say("Pourquoi ?")
    assert player.state == "draft"
    assert "Pourquoi ?" in player.copies[-1]


@pytest.mark.parametrize("state", STATES)
def test_each_place_survives_storage(places: dict[str, Player], state: str) -> None:
    """Stored and read back, a conversation in any state shows the same screen and takes the same answers."""
    player = copy_of(places[state])
    kept = player.conversation
    again = Conversation.from_json(kept.state, kept.dossier_id, kept.to_json())
    assert again == kept
    twin = copy_of(player)
    twin.conversation = again
    for one in (player, twin):
        one.send(Command("aide"))
    assert player.shown == twin.shown


# --- routes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_route_is_shown_open_or_closed(kind: str) -> None:
    """Each route of the conversation is listed for each debtor, the closed ones with a reason and an article."""
    player = to_routes(card(kind))
    situation = situation_of(player.dossier, player.conversation.person, TODAY, LIBRARY.law)
    found = {route.id: route for route in routes_for(situation, LIBRARY.law)}
    assert set(found) >= ROUTES
    pages = {Status.OPEN: player.body}
    for status, label in ((Status.TO_CHECK, "À vérifier"), (Status.CLOSED, "oies fermées")):
        twin = copy_of(player)
        has = any(route.status is status for route in found.values())
        pages[status] = twin.press(label).body if has else ""
    opened, closed = pages[Status.OPEN], pages[Status.CLOSED]
    for route in found.values():
        shown = {status for status, body in pages.items() if f">{route.label}<" in unescape(body)}
        assert shown == {route.status}, route.id
        assert route.reason
        assert route.articles, route.id
        if route.status is Status.CLOSED:
            assert route.reason in unescape(closed)
            assert all(article in unescape(closed) for article in route.articles)
            assert f"<s>{route.label}</s>" in unescape(closed)
        elif route.status is Status.TO_CHECK:
            assert route.reason in unescape(pages[Status.TO_CHECK])
        else:
            assert route.cost in unescape(opened)
            assert route.delay in unescape(opened)
    assert STANDING in opened


@pytest.mark.parametrize("kind", KINDS)
def test_each_open_route_says_all_before_it_is_taken(kind: str) -> None:
    """Cost, delay, lawyer, court when there is one, papers and first step are on the screen of each open route."""
    listed = to_routes(card(kind))
    situation = situation_of(listed.dossier, listed.conversation.person, TODAY, LIBRARY.law)
    found = {route.id: route for route in routes_for(situation, LIBRARY.law)}
    offered = [(listed, c) for c in listed.choices if c.data.partition(".")[2].startswith("r.")]
    if "À vérifier" in listed.labels:
        doubtful = copy_of(listed).press("À vérifier")
        offered += [(doubtful, c) for c in doubtful.choices if ".r." in c.data]
    assert len(offered) == sum(r.status is not Status.CLOSED for r in found.values())
    for page, choice in offered:
        player = copy_of(page)
        player.send(Pressed(choice.data))
        check(player)
        route = found[choice.data.partition(".")[2].removeprefix("r.")]
        body = unescape(player.body)
        for part in (route.reason, route.cost, route.delay, route.lawyer, route.first_step):
            assert part in body
        if route.court:
            assert route.court.name in body
        assert ("(à vérifier)" in player.body.split("\n")[0]) == (route.status is Status.TO_CHECK)
        is_explained(ask_why(player, why_button(player)))


@pytest.mark.parametrize(
    ("kind", "closed", "opened"),
    [
        ("professionnel", "reclamation_prealable", "injonction_de_payer"),
        ("particulier", "mandatement_d_office", "conciliateur"),
        ("public", "injonction_de_payer", "reclamation_prealable"),
        ("etranger", "mandatement_d_office", "recouvrement_amiable"),
    ],
)
def test_each_debtor_has_its_own_routes(kind: str, closed: str, opened: str) -> None:
    """An order to pay against a company, a claim to a public body: never the other way round."""
    listed = to_routes(card(kind))
    keys = {c.data.partition(".")[2] for c in listed.choices}
    if "À vérifier" in listed.labels:
        keys |= {c.data.partition(".")[2] for c in copy_of(listed).press("À vérifier").choices}
    assert f"r.{opened}" in keys
    assert f"r.{closed}" not in keys


def asked_for_routes(player: Player, answer: str = "Passer cette question") -> list[str]:
    """Press « Voies possibles » and give the facts asked, each answered with these words or passed."""
    asked = []
    player.press("oies possibles")
    while player.state == "need":
        asked.append(str(player.conversation.scratch["fact"]))
        player.press(answer)
        assert len(asked) < 10
    return asked


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_can_change_a_route_is_asked(kind: str) -> None:
    """Each fact asked is one the law says could open or close a route, asked once; none of another debtor."""
    player = card(kind)
    situation = situation_of(player.dossier, {}, TODAY, LIBRARY.law)
    useful = list(questions_for(situation, LIBRARY.law))
    asked = asked_for_routes(player)
    assert asked[:1] == useful[:1]
    assert len(set(asked)) == len(asked)
    assert ("public_body" in asked) <= (kind == "public")
    assert ("debtor_country" in asked) <= (kind == "etranger")
    assert ("debtor_status" in asked) <= (kind == "professionnel")


def test_what_was_passed_is_not_known_and_the_routes_are_shown() -> None:
    """« Passer » records nothing: the routes are shown with what is known, and it is asked another day."""
    player = card()
    facts = dict(player.dossier.facts)
    asked = asked_for_routes(player)
    assert asked
    assert player.state == "routes"
    assert player.dossier.facts == facts
    assert player.conversation.person.get("creditor_status") is None
    player.press("Voir le dossier")
    assert asked_for_routes(player) == asked


def test_what_was_answered_is_not_asked_again() -> None:
    """Answered, a fact is kept with the dossier or the person, and the routes open without a question."""
    player = card().press("oies possibles")
    answers = {
        "contested": "Non, ou il ne dit rien",
        "debtor_status": "Société",
        "creditor_status": "Commerçant",
        "special_case": "Aucun de ceux-ci",
    }
    asked = []
    while player.state == "need":
        name = str(player.conversation.scratch["fact"])
        asked.append(name)
        if name == "debtor_postcode":
            player.say("44000")
        else:
            player.press(answers[name])
    assert "creditor_status" in asked
    assert player.conversation.person["creditor_status"] == "commercant"
    assert player.dossier.get("debtor_status") == "societe"
    player.press("Voir le dossier")
    assert asked_for_routes(player) == []
    # The next dossier knows the person, not the client.
    player.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    player.press("Il avait oublié", "C’est ça", "Plus tard", "Voir le dossier")
    again = asked_for_routes(player)
    assert "creditor_status" not in again
    assert "debtor_status" in again


def test_an_answer_opens_or_closes_a_route() -> None:
    """Between traders the court and the routes follow from both statuses; a contest closes the simple ones."""
    player = card().press("oies possibles")
    seen = False
    while player.state == "need":
        if player.conversation.scratch["fact"] == "contested":
            seen = True
            player.press("Oui, il conteste")
        else:
            player.press("Passer cette question")
    keys = {c.data.partition(".")[2] for c in player.choices}
    assert seen
    assert "r.petites_creances" not in keys
    assert "r.conciliateur" in keys


def test_a_typed_answer_counts_and_an_odd_one_is_asked_again() -> None:
    """The words of a choice may be typed; others say what is expected and keep the question."""
    player = card().press("oies possibles")
    fact = player.conversation.scratch["fact"]
    player.say("certainement pas un choix")
    assert player.conversation.scratch["fact"] == fact
    assert player.state == "need"
    label = player.labels[0]
    player.say(label)
    assert player.conversation.scratch.get("fact") != fact or player.state == "routes"


def test_back_among_the_questions_of_the_routes_is_no_dead_end() -> None:
    """« Retour » among the questions of the routes leaves a question that can be answered, up to the routes."""
    player = card().press("oies possibles")
    player.press(player.labels[0])
    assert player.state == "need"
    player.command("retour")
    assert player.screens
    while player.state == "need":
        player.press(player.labels[0])
    assert player.state == "routes"


def test_turning_the_pages_of_the_routes() -> None:
    """Open and closed routes are two pages, one press apart, and a route looked at leads back to its list."""
    player = to_routes(card())
    opened = player.body
    player.press("oies fermées")
    assert player.body != opened
    assert not [c for c in player.choices if c.data.partition(".")[2].startswith("r.")]
    player.press("oies ouvertes")
    assert player.body == opened
    player.press("Conciliateur").command("retour")
    assert player.state == "routes"
    assert player.body == opened


def test_a_route_taken_is_noted_once_and_its_nudge_comes() -> None:
    """« Je prends cette voie » records it once, says the first step, and the bot comes back three weeks later."""
    player = to_routes(card()).press("Injonction de payer")
    data = player.choice("Je prends").data
    player.send(Pressed(data))
    assert player.state == "waiting"
    assert "Première étape" in player.body
    assert "15 décembre 2026" in plain(player.body)
    player.send(Pressed(data))
    taken = [act for act in player.dossier.acts if act.kind is ActKind.ROUTE_CHOSEN]
    assert [act.text("route") for act in taken] == ["injonction_de_payer"]
    assert taken[0].text("label") == "Injonction de payer"
    assert player.later(40)
    assert player.now.date() == date(2026, 12, 15)
    assert "votre choix d’une voie" in player.body
    history = plain(player.command("dossiers").press("Dupont").body)
    assert "voie choisie le 24/11/2026 : Injonction de payer" in history


def test_routes_come_under_a_nudge_once_the_letters_are_over() -> None:
    """A judge is spoken of under a nudge only at the choice of a route; the card offers routes at any time."""
    assert not any("oies possibles" in label for label in nudged().labels)
    assert any("oies possibles" in label for label in card().press("Autres actions").labels)
    player = to_draft("mauvaise foi").press("J’ai", "Recommandé", "Hier")
    while player.later(30) and not any("oies possibles" in label for label in player.labels):
        pass
    assert player.state == "nudge"
    assert "choix d’une voie" in player.body
    assert to_routes(player).state == "routes"


@pytest.mark.parametrize("action", ["routes", "clocks", "note_event", "why"])
def test_a_pasted_button_of_another_person_is_refused(action: str) -> None:
    """A button naming a dossier that is not this person's says so and shows nothing of it."""
    player = card()
    before = place(player)
    player.send(Pressed(f"d.n999.{action}.1"))
    assert place(player) == before
    assert "Fermées" not in player.told()


@pytest.mark.parametrize("action", ["routes", "clocks", "note_event"])
def test_the_law_of_another_of_ones_dossiers(action: str) -> None:
    """A button of another of one's own dossiers takes that one in hand, never the one before."""
    player = card()
    player.choice({"routes": "Voies", "clocks": "Délais", "note_event": "Noter"}[action])
    first = player.dossier.id
    data = next(c.data for c in player.choices if c.data.split(".")[1:3] == [first, action])
    player.command("nouveau").press("Un particulier").say("Autre Client", "900")
    player.send(Pressed(data))
    assert player.conversation.dossier_id == first
    assert player.state in {"routes", "need", "clocks", "event"}
    player.command("dossiers")
    other = next(d for d in player.book.dossiers.values() if d.id != first)
    assert str(other.amount_due) == "900.00"


@pytest.mark.parametrize("action", ["routes", "clocks", "note_event"])
def test_the_law_of_a_dossier_that_is_over_is_not_opened(action: str) -> None:
    """An old button of a dossier since paid shows its card, and records nothing."""
    player = card()
    player.choice({"routes": "Voies", "clocks": "Délais", "note_event": "Noter"}[action])
    data = next(c.data for c in player.choices if f".{action}." in c.data)
    player.say("Payé")
    acts = player.dossier.acts
    player.send(Pressed(data))
    assert (player.state, player.dossier.acts) == ("card", acts)


def test_routes_are_pure_of_the_library() -> None:
    """Another copy of the law, loaded anew, gives the same routes for the same dossier."""
    found = card().dossier
    assert isinstance(found, Dossier)
    one, two = (situation_of(found, {}, TODAY, library.law) for library in (LIBRARY, Library()))
    assert routes_for(one, LIBRARY.law) == routes_for(two, Library().law)


def test_every_topic_listed_can_be_explained() -> None:
    """What `why.yaml` lists names documents, responses and routes that exist, and topics that can be explained."""
    table = why._table()
    known = {
        "documents": {*load_catalogue().ids(), ""},
        "responses": set(all_responses()),
        "routes": set(load_rulebook().routes),
    }
    assert table.keys() == known.keys()
    for section, entries in table.items():
        assert entries.keys() <= known[section], section
        for listed in entries.values():
            assert {topic for topic, _ in listed} <= set(topics())
            assert {kind for _, kinds in listed for kind in kinds} <= set(DebtorKind)


def test_back_leads_from_one_question_on_routes_to_the_one_before() -> None:
    """Among the facts asked before the routes, « Retour » asks the one before again, and its answer is taken."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Hier")
    player.press("Voir le dossier", "Voies possibles")
    first = player.body
    player.press(player.labels[0])
    assert player.state == "need"
    player.press("Retour")
    assert first.splitlines()[0] in player.body
    player.press("Oui, il conteste")
    assert player.dossier.get("contested") == "oui"
