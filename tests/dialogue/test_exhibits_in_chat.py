"""The exhibits in the chat: files received anywhere, named, ordered, refused with a sentence, put in one PDF."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from flows import diagnosis, responses
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Pressed, ReceivedFile, SentFile
from flows.dialogue.exhibits import NAMING, TITLE_LIMIT
from flows.dialogue.screens import Bundle, Screen
from flows.dialogue.table import STATES
from flows.dialogue.texts import say, texts
from flows.dossier import ActKind, Exhibit, Status
from flows.values import Value
from letters.exhibits import Code
from tests.dialogue.player import Player, copy_of, plain
from tests.dialogue.test_causes import intake, to_draft

FROM_THE_BOT = ("too_big", "unreachable", "too_many", "already")
"""Refusals that come before the file is read."""
CODES = sorted({*get_args(Code), *FROM_THE_BOT})


def pdf(name: str = "", caption: str = "", file: str = "f1", pages: int = 2) -> SentFile:
    """Make a PDF that was received."""
    return SentFile("document", name, caption, ReceivedFile(file, pages, "pdf", 40_000))


def photo(caption: str = "", file: str = "f1") -> SentFile:
    """Make a photo that was received: it bears no name."""
    return SentFile("photo", "", caption, ReceivedFile(file, 1, "photo", 90_000))


def sentence(code: str) -> str:
    """Give the sentence of a refusal."""
    assert f"file_{code}" in texts(), code
    return plain(say(f"file_{code}")).strip()


def titles(player: Player) -> list[str]:
    """Give the titles of the exhibits, in their order."""
    return [one.title for one in player.dossier.exhibits]


@pytest.fixture(scope="module")
def drafted() -> Player:
    """Somebody who reads a mise en demeure."""
    return to_draft("mauvaise foi")


@pytest.fixture
def notice(drafted: Player) -> Player:
    """A mise en demeure in hand, no exhibit yet."""
    return copy_of(drafted)


@pytest.fixture
def three(notice: Player) -> Player:
    """A mise en demeure with a quote, an invoice and a photo."""
    notice.send(pdf("Devis accepté.pdf", file="a"))
    notice.send(pdf(caption="Facture F-12", file="b", pages=1))
    notice.send(photo("La page d’accueil", file="c"))
    return notice


# --- received anywhere ----------------------------------------------------------------------------


def about(state: str) -> dict[str, Value]:
    """Give what the question of a state may be about."""
    advice = next(one for one in responses.all_responses().values() if one.document is None)
    return {
        "document": "mise_en_demeure_pro",
        "response": advice.id if state == "advice" else "mise_en_demeure_pro",
        "tone": "normal",
        "fact": "invoice_number",
        "probe": diagnosis.questions()[0].id,
        "stake": responses.stake_questions()[0].id,
        "route": "injonction_de_payer",
        "topic": "quote",
        "kind": "professionnel",
        "event": "avoir_geste" if state == "event_amount" else "ordonnance",
        "exhibit": "first",
        "paragraph": "p1",
        "told": "relance_1",
        "page": {"documents": "fits", "routes": "opened"}.get(state, "0"),
    }


def at(player: Player, state: str) -> Player:
    """Put somebody who sent a first exhibit at a state."""
    player.send(pdf("Bon de commande.pdf", file="first"))
    player.conversation = replace(player.conversation, state=state, scratch=about(state))
    return player


@pytest.mark.parametrize("state", STATES)
def test_a_file_with_a_title_moves_nothing(notice: Player, state: str) -> None:
    """In every state a titled file is kept, told by its number, and the same question stands."""
    at(notice, state)
    notice.send(pdf(caption="Facture F-12", file="second"))
    assert titles(notice) == ["Bon de commande", "Facture F-12"]
    assert notice.state == state
    assert "Dupont SARL : pièce n° 2 ajoutée : « Facture F-12 » (2 pages)" in plain(notice.body)
    assert len(notice.screens) == 1


@pytest.mark.parametrize("state", STATES)
def test_a_file_without_a_title_is_kept_in_every_state(notice: Player, state: str) -> None:
    """A photo without a caption is kept at once; its title is asked where no other question is open."""
    at(notice, state)
    notice.send(photo(file="second"))
    assert titles(notice) == ["Bon de commande", "Pièce sans titre"]
    assert notice.state == ("exhibit_title" if state in NAMING else state)
    assert "Dupont SARL : pièce n° 2 ajoutée (1 page)" in plain(notice.body)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", ["broken", "too_many"])
def test_a_refusal_moves_nothing(notice: Player, state: str, code: str) -> None:
    """In every state a file that is refused is answered, and the dossier is as it was."""
    at(notice, state)
    before = notice.dossier
    notice.send(SentFile("document", "a.pdf", refused=code))
    assert notice.dossier == before
    assert notice.state == state
    assert sentence(code) in plain(notice.body)


def test_the_states_where_a_title_is_asked_exist() -> None:
    """No state of that list was renamed since."""
    assert set(STATES) >= NAMING


def test_the_answer_being_typed_is_not_taken(notice: Player) -> None:
    """A photo sent while a fact is asked leaves the question, and the next words answer it."""
    notice.press("Compléter")
    asked = notice.conversation.scratch["fact"]
    notice.send(photo())
    assert notice.state == "need"
    assert notice.conversation.scratch["fact"] == asked
    notice.say("Camille Martin EI")
    assert notice.conversation.person["creditor_name"] == "Camille Martin EI"
    assert titles(notice) == ["Pièce sans titre"]


# --- titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "caption", "title"),
    [
        ("Devis accepté.pdf", "", "Devis accepté"),
        ("facture_F-12.pdf", "", "facture F-12"),
        ("Bon  de   livraison.PDF", "", "Bon de livraison"),
        ("devis.signe.pdf", "", "devis.signe"),
        ("sans extension", "", "sans extension"),
        ("IMG_2041.pdf", "", None),
        ("scan0001.pdf", "", None),
        ("Document 3.pdf", "", None),
        ("WhatsApp Image 2026.pdf", "", None),
        ("20261103_1412.pdf", "", None),
        ("a1.pdf", "", None),
        ("", "", None),
        ("IMG_2041.pdf", "Le devis signé", "Le devis signé"),
        ("Devis.pdf", "  Bon\nde commande  ", "Bon de commande"),
        ("Devis.pdf", "   ", "Devis"),
    ],
)
def test_a_file_is_named_by_its_caption_then_its_name(
    notice: Player, name: str, caption: str, title: str | None
) -> None:
    """The caption names a file, else a name that says something; a device's own name says nothing."""
    notice.send(pdf(name, caption))
    assert titles(notice) == [title or "Pièce sans titre"]
    assert notice.state == ("draft" if title else "exhibit_title")


def test_a_photo_is_not_named_by_its_file(notice: Player) -> None:
    """A photo has no name of its own: what a device called it is not a title."""
    notice.send(replace(photo(), name="Devis.jpg"))
    assert titles(notice) == ["Pièce sans titre"]


def test_a_long_title_is_cut(notice: Player) -> None:
    """A caption longer than a line of the list is cut, and a button still holds it."""
    notice.send(pdf(caption="é" * 900))
    assert titles(notice) == ["é" * TITLE_LIMIT]
    notice.command("pieces")
    assert all(len(label) <= 60 for label in notice.labels)


@pytest.mark.parametrize("typed", ["<b>Devis</b>", "{{7*7}}", "#panic()", "فاتورة", "📄 devis"])
def test_a_hostile_title_comes_out_as_typed(notice: Player, typed: str) -> None:
    """A caption is words: shown escaped, stored and bundled as typed."""
    notice.send(pdf(caption=typed))
    assert titles(notice) == [typed]
    assert typed in plain(notice.body)
    assert "<b>Devis" not in notice.body
    notice.command("pieces").press("Le texte et ses pièces")
    (bundle,) = bundles(notice)
    assert bundle.exhibits == ((typed, "f1"),)
    assert typed in str(bundle.bordereau)


def test_a_title_is_taken_from_a_button(notice: Player) -> None:
    """The usual titles are one press away, and the list follows."""
    notice.send(photo())
    assert "Qu’est-ce que la pièce n° 1" in plain(notice.body)
    notice.press("Bon de livraison")
    assert titles(notice) == ["Bon de livraison"]
    assert notice.state == "exhibits"


def test_a_title_is_typed(notice: Player) -> None:
    """Or it is typed, on one line."""
    notice.send(photo())
    notice.say("Devis  accepté\ndu 12/09")
    assert titles(notice) == ["Devis accepté du 12/09"]


def test_naming_is_left_for_later(notice: Player) -> None:
    """« Plus tard » leaves the exhibit without a title, in its place."""
    notice.send(photo())
    notice.press("Plus tard")
    assert titles(notice) == ["Pièce sans titre"]
    assert "Pièce n° 1 : Pièce sans titre" in plain(notice.body)


def test_a_title_too_long_is_refused(notice: Player) -> None:
    """A title longer than a line is asked again, and the exhibit stays."""
    notice.send(photo())
    notice.say("a " * 200)
    assert notice.state == "exhibit_title"
    assert titles(notice) == ["Pièce sans titre"]


def test_an_album_of_five_photos(notice: Player) -> None:
    """Five photos sent at once are five exhibits in their order; the last is asked, each can be named after."""
    for number in range(1, 6):
        notice.send(photo(file=f"p{number}"))
        assert f"Dupont SARL : pièce n° {number} ajoutée" in plain(notice.body)
    assert [one.file for one in notice.dossier.exhibits] == ["p1", "p2", "p3", "p4", "p5"]
    assert "pièce n° 5" in plain(notice.body)
    notice.press("Facture")
    for number in range(1, 5):
        notice.press(f"Pièce n° {number}", "Changer le titre").say(f"Échange {number}")
    assert titles(notice) == ["Échange 1", "Échange 2", "Échange 3", "Échange 4", "Facture"]


def test_an_album_with_one_caption(notice: Player) -> None:
    """A caption stands on the first photo only: the others are asked or named after."""
    notice.send(photo("Devis signé", file="p1"))
    notice.send(photo(file="p2"))
    assert titles(notice) == ["Devis signé", "Pièce sans titre"]
    assert notice.state == "exhibit_title"
    notice.press("Facture")
    assert titles(notice) == ["Devis signé", "Facture"]


# --- the list -------------------------------------------------------------------------------------


def test_the_list_numbers_them(three: Player) -> None:
    """« Pièces » lists them by number, with their title and pages."""
    three.press("Pièces (3)")
    body = plain(three.body)
    for line in (
        "Pièce n° 1 : Devis accepté (2 pages)",
        "Pièce n° 2 : Facture F-12 (1 page)",
        "Pièce n° 3 : La page d’accueil (1 page)",
    ):
        assert line in body


def test_one_is_renamed(three: Player) -> None:
    """« Changer le titre » renames that one, in its place."""
    three.command("pieces").press("Pièce n° 2", "Changer le titre").say("Facture du 15/09")
    assert titles(three) == ["Devis accepté", "Facture du 15/09", "La page d’accueil"]
    assert three.state == "exhibits"


def test_one_is_moved_up(three: Player) -> None:
    """« Monter d’un rang » exchanges it with the one before; the first cannot go up."""
    three.command("pieces").press("Pièce n° 3", "Monter")
    assert titles(three) == ["Devis accepté", "La page d’accueil", "Facture F-12"]
    three.press("Pièce n° 2", "Monter")
    assert titles(three) == ["La page d’accueil", "Devis accepté", "Facture F-12"]
    three.press("Pièce n° 1")
    assert not any("Monter" in label for label in three.labels)


def test_one_is_taken_out_and_the_others_close_up(three: Player) -> None:
    """« Retirer » takes it out, and those after it take the number before."""
    three.command("pieces").press("Pièce n° 1", "Retirer")
    assert "retirée" in three.body
    assert "Pièce n° 1 : Facture F-12" in plain(three.body)
    assert [one.file for one in three.dossier.exhibits] == ["b", "c"]


def test_all_taken_out_the_list_is_empty(three: Player) -> None:
    """Without any left the list says how to send one, and offers no PDF of them."""
    three.command("pieces")
    for _ in range(3):
        three.press("Pièce n° 1", "Retirer")
    assert three.dossier.exhibits == ()
    assert "Pièce n°" not in plain(three.body).split("La pièce est retirée")[-1]
    assert "Envoyez-moi une photo ou un PDF" in three.body
    assert not any("ses pièces" in label for label in three.labels)


def test_one_taken_out_is_taken_again(three: Player) -> None:
    """The same file sent again after it was taken out comes last, with its own title."""
    three.command("pieces").press("Pièce n° 1", "Retirer")
    three.send(pdf("Devis de mai.pdf", file="a"))
    assert [(one.file, one.title) for one in three.dossier.exhibits][-1] == ("a", "Devis de mai")
    assert len(three.dossier.exhibits) == 3


def test_one_gone_meanwhile_is_said_to_be(three: Player) -> None:
    """An exhibit taken out from elsewhere is told gone, and the list is one press away."""
    three.command("pieces").press("Pièce n° 2")
    twin = copy_of(three)
    twin.press("Retirer")
    three.book.dossiers = dict(twin.book.dossiers)
    three.command("aide")
    assert "a été retirée" in three.body
    three.press("Toutes les pièces")
    assert three.state == "exhibits"


def test_the_history_keeps_what_was_sent(three: Player) -> None:
    """Nothing is erased: what was taken out or renamed is in the acts, as corrections."""
    three.command("pieces").press("Pièce n° 1", "Retirer")
    acts = three.dossier.acts
    assert sum(one.kind is ActKind.EXHIBIT_ADDED for one in acts) == 3
    assert [one.text("fact") for one in acts if one.kind is ActKind.CORRECTED] == ["piece"]


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_has_its_sentence(notice: Player, code: str) -> None:
    """Every reason for a refusal is told in a sentence of its own, ends as one, and loses nothing."""
    before = notice.dossier
    notice.send(SentFile("document", "a.pdf", refused=code))
    said = sentence(code)
    assert said in plain(notice.body)
    assert said.endswith((".", "/pieces"))
    assert notice.dossier == before
    assert notice.state == "draft"
    assert notice.copies == [], "the text is not shown again"


def test_the_refusals_are_told_apart() -> None:
    """No two reasons are told in the same words."""
    said = [sentence(code) for code in CODES]
    assert len(set(said)) == len(said)


def test_a_reason_not_known_is_told_as_a_file_that_cannot_be_read(notice: Player) -> None:
    """A reason of a later version gets the plain sentence rather than silence."""
    notice.send(SentFile("document", "a.pdf", refused="nouveau_motif"))
    assert sentence("broken") in plain(notice.body)


def test_the_file_after_a_refusal_is_taken(notice: Player) -> None:
    """A refusal leaves the next file its number."""
    notice.send(SentFile("document", "a.pdf", refused="encrypted"))
    notice.send(pdf("Devis.pdf"))
    assert "pièce n° 1 ajoutée" in plain(notice.body)


# --- without a dossier ----------------------------------------------------------------------------


def test_a_file_without_a_dossier_is_told_where_it_goes() -> None:
    """Before any dossier nothing is kept, and the person is told what to do."""
    player = Player().start()
    player.send(pdf("Devis.pdf"))
    assert "Une pièce se range dans un dossier" in player.body
    assert player.book.dossiers == {}


def test_a_file_before_the_debtor_is_known_is_not_kept() -> None:
    """A dossier of which nothing is known yet keeps no exhibit: the question stands."""
    player = Player().start().press("facture impayée")
    player.send(pdf("Devis.pdf"))
    assert "Une pièce se range dans un dossier" in player.body
    assert player.state == "debtor_kind"
    assert player.dossier.exhibits == ()


def test_the_exhibits_are_those_of_one_dossier(three: Player) -> None:
    """Another dossier has its own exhibits, numbered from one."""
    three.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    three.send(pdf("Devis.pdf", file="z"))
    assert three.dossier.exhibits == (Exhibit("z", "Devis", 2),)


@pytest.mark.parametrize("end", [["Payé"], ["Arrêter", "J’abandonne"]])
def test_a_dossier_that_is_over_still_takes_exhibits(three: Player, end: list[str]) -> None:
    """Paid or given up, a dossier shows its exhibits, and takes one more."""
    three.command("dossiers").press("Dupont", *end)
    assert three.dossier.status in {Status.PAID, Status.CLOSED}
    three.send(pdf("Reçu bancaire.pdf", file="d"))
    assert titles(three)[-1] == "Reçu bancaire"
    three.command("pieces")
    assert "Pièce n° 4 : Reçu bancaire" in plain(three.body)


def test_from_the_menu_the_note_names_the_client(notice: Player) -> None:
    """At the menu no client is on the screen: the note says whose dossier took the piece."""
    notice.command("start")
    notice.send(pdf("Devis.pdf"))
    assert titles(notice) == ["Devis"]
    assert notice.body.startswith("Dupont SARL : ")


def test_the_note_names_the_client_of_the_dossier_that_took_it(three: Player) -> None:
    """In a second dossier the note bears the other client's name, escaped."""
    three.command("nouveau").press("Une société").say("<b>Autre</b> SAS", "900", "15/10/2026")
    three.send(pdf("Devis.pdf", file="z"))
    assert "<b>Autre</b> SAS : pièce n° 1 ajoutée" in plain(three.body)
    assert "<b>Autre" not in three.body


def test_a_note_to_keep_has_no_exhibits() -> None:
    """What nobody is sent takes no exhibit: neither the list under the text, nor one PDF of both."""
    player = to_draft("mauvaise foi")
    player.send(pdf("Devis.pdf"))
    player.take("prevention_facture")
    assert not any(label.startswith("Pièces") for label in player.labels)
    player.command("pieces")
    assert not any("ses pièces" in label for label in player.labels)


# --- one PDF of all -------------------------------------------------------------------------------


def bundles(player: Player) -> list[Bundle]:
    """Give the bundles just shown."""
    return [one for one in player.shown if isinstance(one, Bundle)]


def test_the_bundle_holds_the_text_and_its_exhibits_in_order(three: Player) -> None:
    """One PDF: the text, the list, and each file under its own title, in the order of the numbers."""
    three.press("Pièces (3)", "Pièce n° 3", "Monter", "Le texte et ses pièces")
    (bundle,) = bundles(three)
    assert bundle.exhibits == (
        ("Devis accepté", "a"),
        ("La page d’accueil", "c"),
        ("Facture F-12", "b"),
    )
    assert bundle.name.endswith("-avec-pieces.pdf")
    assert "ses 3 pièces" in plain(bundle.caption)
    assert bundle.sheet["kind"] == "letter"
    listed = plain(str(bundle.bordereau))
    places = [listed.index(title) for title, _ in bundle.exhibits]
    assert places == sorted(places)
    assert three.state == "exhibits"


def test_a_bundle_of_one(notice: Player) -> None:
    """With one exhibit the caption says so in the singular."""
    notice.send(pdf("Devis.pdf"))
    notice.press("Pièces (1)", "Le texte et ses pièces")
    (bundle,) = bundles(notice)
    assert "sa pièce" in plain(bundle.caption)


def test_the_bundle_bears_the_words_of_the_person(three: Player) -> None:
    """What was changed in the text is in the PDF of the bundle."""
    three.press("Modifier", "« Si vous contestez").say("Appelez-moi si un point vous gêne.")
    three.press("Pièces (3)", "Le texte et ses pièces")
    (bundle,) = bundles(three)
    assert "Appelez-moi si un point vous gêne." in str(bundle.sheet)


def test_the_same_button_twice_makes_one_bundle(three: Player) -> None:
    """Pressed twice, the button of a screen answers once."""
    three.press("Pièces (3)")
    data = three.choice("Le texte et ses pièces").data
    three.send(Pressed(data))
    assert len(bundles(three)) == 1
    three.send(Pressed(data))
    assert bundles(three) == []


def test_the_bundle_needs_a_text_in_hand(three: Player) -> None:
    """From the card the list offers no bundle: there is no text to put in front."""
    three.command("dossiers").press("Dupont", "Pièces")
    assert three.state == "exhibits"
    assert not any("ses pièces" in label for label in three.labels)
    three.press("Voir le dossier")
    assert three.state == "card"


def test_the_way_back_to_the_text(three: Player) -> None:
    """« Revenir au texte » shows the text that was in hand, with its changes."""
    three.command("pieces").press("Revenir au texte")
    assert three.state == "draft"
    assert "Dupont SARL" in three.copies[0]
    assert any("Pièces (3)" in label for label in three.labels)


@pytest.mark.parametrize("name", ["oubli", "pas encore"])
def test_what_is_no_paper_has_no_exhibits(name: str) -> None:
    """A message to copy and a call have no list of exhibits."""
    player = to_draft(name)
    assert not any(label.startswith("Pièces") for label in player.labels)
    player.send(pdf("Devis.pdf"))
    player.command("pieces")
    assert not any("ses pièces" in label for label in player.labels)
    player.press("Revenir au texte")
    assert player.state == "draft"


def test_the_list_before_the_debtor_is_known() -> None:
    """/pieces without a dossier, or before its first answer, says where exhibits go."""
    for player in (Player().start(), Player().start().press("facture impayée")):
        state = player.state
        player.command("pieces")
        assert "Une pièce se range dans un dossier" in player.body
        assert player.state == state


def test_the_list_from_the_first_questions() -> None:
    """As soon as it is known who owes, /pieces lists, and the way leads to the card."""
    player = intake().command("pieces")
    assert player.state == "exhibits"
    assert isinstance(player.screen, Screen)
    assert "Voir le dossier" in player.labels


def test_the_conversation_is_stored_with_what_it_is_about(three: Player) -> None:
    """A restart in the middle of naming finds the question again."""
    three.send(photo(file="d"))
    again = Conversation.from_json(
        three.conversation.state, three.conversation.dossier_id, three.conversation.to_json()
    )
    twin = copy_of(three)
    twin.conversation = again
    twin.press("Facture")
    assert titles(twin)[-1] == "Facture"
