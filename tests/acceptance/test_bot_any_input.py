"""Everything a person can send, at every point of a case: it is answered, and nothing moves or is lost."""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.acceptance.bot_process import TODAY, BotProcess, Kept
from tests.acceptance.visitor import INTAKE, Visitor
from tests.standin import Person, StandIn
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 40) + bytes(9)
STEPS: dict[str, Callable[[Visitor], object]] = {
    "accueil": lambda camille: camille.start().shown("facture impayée"),
    "genre de client": lambda camille: camille.press("facture impayée").shown("Une société"),
    "nom": lambda camille: camille.press("Une société").person.expect("nom"),
    "montant": lambda camille: camille.say(INTAKE[0]),
    "échéance": lambda camille: camille.say(INTAKE[1]),
    "contact": lambda camille: camille.say(INTAKE[2]).shown("pas content"),
    "question": lambda camille: camille.press("pas content").shown("Oui, pour l'essentiel"),
    "diagnostic": lambda camille: camille.press("Oui, pour l'essentiel").settle_questions(),
    "brouillon": lambda camille: camille.draft(),
    "modifier": lambda camille: camille.press("Modifier").shown("Ne rien changer"),
    "envoi": lambda camille: camille.press("Ne rien changer", "J'ai envoyé").shown("E-mail"),
    "date d’envoi": lambda camille: camille.press("E-mail").shown("Hier"),
    "attente": lambda camille: camille.press("Hier").shown("Voir le dossier"),
    "fiche": lambda camille: camille.press("Voir le dossier").shown("Corriger"),
}
"""From one question to the next, in the order a person meets them."""


def place(kept: Kept) -> tuple[str, object]:
    """Give where the person stands and what is kept, without the counters of screens and presses."""
    return kept.state, kept.dossiers


def answered(person: Person, words: str) -> None:
    """Wait for one answer holding these words."""
    person.expect(words)


def test_at_every_step(shared_bot: BotProcess, visit: Callable[..., Visitor]) -> None:
    """A sticker, a voice note, a broken photo or file, an edit, an unknown command: said so, nothing moves."""
    shared_bot.go_to(TODAY)
    camille = visit()
    person = camille.person
    for step, reach in STEPS.items():
        reach(camille)
        before = place(shared_bot.kept(person))
        mark = person.mark()
        typed = next((m for m in person.messages(everybody=True) if not m.from_bot), None)
        person.send_sticker()
        answered(person, "autocollants")
        person.send_voice()
        answered(person, "vocaux")
        person.send_photo(PICTURE)
        answered(person, "lire ce fichier")
        person.send_document("devis.pdf", b"%PDF-1.7 un devis")
        answered(person, "lire ce fichier")
        person.command("inconnue")
        answered(person, "Je ne connais pas cette commande")
        assert typed is not None
        person.edit(typed, "autre chose")
        answered(person, "modifié un ancien message")
        person.command("aide")
        answered(person, "Comment ça marche")
        person.command("confidentialite")
        answered(person, "Ce qui est gardé")
        assert place(shared_bot.kept(person)) == before, step
        assert len(person._after(mark)) == 8, step


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096,
        "é" * 4096,
        "<b>&amp;_*[{{ 7 * 7 }}{% raw %}",
        "\u202e\u200b?",
        "🙂" * 2000,
        "'; DROP TABLE dossiers; --",
        "-1 250 €",
        "31/09/2026",
    ],
    ids=["long", "accents", "markup", "invisible", "emoji", "sql", "negative", "impossible day"],
)
def test_any_text_at_every_question(
    shared_api: StandIn, visit: Callable[..., Visitor], text: str
) -> None:
    """Any text is answered at any question, and Telegram takes every answer."""
    camille = visit().start()
    camille.press("facture impayée")
    camille.shown("Une société")
    camille.say(text).press("Une société").say(text)
    camille.say("/annuler", "/nouveau").press("Une société").say("Dupont", text, "1 250 €", text)
    camille.say("15/10/2026", text)
    camille.press("pas content").say(text)
    assert shared_api.violations == []


def test_a_hostile_name_is_kept_to_the_letter(visit: Callable[..., Visitor]) -> None:
    """A client's name full of markup is shown and written exactly as it was typed."""
    name = "<b>A&B</b> _{{ 7*7 }}_ [x](y)"
    camille = visit().start().press("facture impayée", "Une société")
    camille.say(name, *INTAKE[1:]).press("Il avait oublié")
    assert any(name in m.text for m in camille.person.messages())
    assert "49" not in camille.draft().text


def test_a_button_of_an_older_screen(visit: Callable[..., Visitor]) -> None:
    """A button of an older screen does nothing, and the present question is shown again."""
    camille = visit().start()
    camille.shown("facture impayée")
    home = camille.person.last
    camille.say("/nouveau").press("Une société").say("Dupont SARL")
    camille.person.press_old(home, "facture impayée").answer()
    camille.person.expect("plus à jour")
    camille.say("1 250 €")
    assert "prévu" in camille.person.last.text


def test_a_button_pressed_twice(
    shared_api: StandIn, shared_bot: BotProcess, visit: Callable[..., Visitor]
) -> None:
    """The same button pressed twice counts once, and both presses are answered."""
    camille = visit()
    camille.to_draft("oubli")
    camille.press("J'ai envoyé", "SMS")
    camille.shown("Aujourd'hui")
    first, second = camille.person.press_twice("Aujourd'hui")
    first.answer()
    assert second.answer()["text"] == "C’est déjà noté."
    camille.shown("Voir le dossier")
    acts = [kind for kind, _ in shared_bot.kept(camille.person).dossiers[0][2]]
    assert acts.count("envoye") == 1
    assert shared_api.violations == []


def test_a_nudge_button_pressed_twice(
    shared_bot: BotProcess, visit: Callable[..., Visitor]
) -> None:
    """« Payé » pressed twice closes the dossier once."""
    camille = visit()
    camille.to_draft("oubli")
    camille.send()
    first, second = camille.person.press_twice("Payé", camille.person.last)
    first.answer()
    assert second.answer()["text"] == "C’est déjà noté."
    camille.shown("Rouvrir")
    acts = [kind for kind, _ in shared_bot.kept(camille.person).dossiers[0][2]]
    assert acts.count("paye") == 1


def test_a_button_nobody_made(shared_api: StandIn, visit: Callable[..., Visitor]) -> None:
    """Forged button data, or another person's dossier, changes nothing and is answered."""
    victim = visit()
    victim.to_draft("oubli")
    victim.send()
    _, waiting = victim.shown("Payé")
    button = waiting.find("Payé")
    assert button is not None
    thief = visit("Alix").start()
    thief.shown("facture impayée")
    own = thief.person.last
    for forged in (str(button.data), "1.", "", "d.x.paid.1", "9" * 60, "é" * 32):
        with shared_api.world.changed:
            press = shared_api.world.press(
                thief.person._chat, thief.person.user, own.id, forged or " "
            )
        thief.person.wait(lambda press=press: press.answer, 10, "no answer")  # type: ignore[misc]
    victim.press("Payé")
    victim.person.expect("a payé")


def test_in_a_group(shared_api: StandIn, visit: Callable[..., Visitor]) -> None:
    """Added to a group, the bot says once that it speaks in private, and leaves."""
    camille = visit()
    group = shared_api.group("Artisans", camille.person)
    inside = camille.person.inside(group)
    shared_api.wait_call("leaveChat", lambda call: call.chat_id == group.data["id"] and call.status)
    assert len(inside.messages()) == 1
    assert camille.person.messages() == []


def test_a_letter_as_pdf(shared_bot: BotProcess, visit: Callable[..., Visitor]) -> None:
    """« PDF » sends the letter of the chat as a printable file with a clean name."""
    shared_bot.go_to(TODAY)
    camille = visit()
    draft = camille.to_draft("mauvaise foi")
    camille.press("PDF")
    name, content = camille.person.expect_document()
    assert re.fullmatch(r"[a-z0-9_-]+\.pdf", name), name
    assert content.startswith(b"%PDF")
    pages = PdfReader(io.BytesIO(content)).pages
    text = " ".join(plain(" ".join(page.extract_text() for page in pages)).split())
    assert "Dupont SARL" in text
    assert "1 250,00 €" in text
    assert "mise en demeure" in text.lower()
    article = re.search(r"[LR]\. ?\d{3,}-\d+", plain(draft.text))
    assert article is not None
    assert article[0].replace(" ", "") in text.replace(" ", "")
    camille.send()


def test_nothing_was_wrong(shared_api: StandIn, shared_bot: BotProcess) -> None:
    """After all this Telegram had nothing to refuse and no error was logged."""
    # Buttons taken away from a screen that has none left: only forged presses lead there.
    bare = [c for c in shared_api.violations if c.method != "editMessageReplyMarkup"]
    assert bare == []
    assert " ERROR " not in shared_bot.log
    assert len(shared_api.calls("sendMessage")) > 100
