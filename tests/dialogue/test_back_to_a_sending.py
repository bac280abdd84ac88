"""« Retour » to a question about a sending that was left open for days."""

from __future__ import annotations

from flows.dossier import ActKind
from tests.dialogue.test_causes import to_draft


def test_back_to_the_day_of_a_sending_left_open() -> None:
    """A reminder took the floor from « Quand ? » : « Retour » leads back to it, with the text it is about."""
    player = to_draft("trésorerie").press("J’ai envoyé", "E-mail")
    assert player.state == "sent_when"
    assert player.later(30)
    player.press("Il a répondu")
    player.command("retour")
    assert player.state == "sent_when"
    player.say("25/11/2026")
    sent = player.dossier.last(ActKind.SENT)
    assert sent is not None
    assert (sent.text("document"), sent.text("channel")) == ("proposition_echeancier", "mail")


def test_back_to_a_sending_whose_text_lacks_a_fact_by_now() -> None:
    """Told of a new contact, the text lost what it stated: « Retour » asks it again instead of failing."""
    player = to_draft("administratif").press("J’ai envoyé")
    assert player.state == "sent_how"
    assert player.later(30)
    player.press("Il a répondu")
    player.command("retour")
    assert (player.state, player.conversation.scratch["fact"]) == ("need", "missing_piece")
