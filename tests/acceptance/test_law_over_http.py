"""The law over HTTP: « Pourquoi ? » from a draft and a nudge, the routes, what happened and its clocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import TODAY, day_named
from tests.acceptance.visitor import Visitor, wake
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.bot_process import BotProcess, Kept
    from tests.standin import Message, StandIn

WHY = "Pourquoi ?"
SKIP = "Passer cette question"
CHECKED = re.compile(r"vérifié le \d{2}/\d{2}/\d{4}")


@pytest.fixture
def camille(visit: Callable[..., Visitor], shared_bot: BotProcess) -> Visitor:
    """Somebody new, on the first day."""
    shared_bot.go_to(TODAY)
    return visit()


def held(kept: Kept) -> tuple[object, ...]:
    """Give what asking why must leave: the place, the dossiers, the words, but not the day somebody wrote."""
    words = re.sub(
        r'"(last_pressed|offered|heard_on)": ?("[^"]*"|\[[^\]]*\]|null)', "", kept.conversation
    )
    return (kept.state, words, kept.dossiers)


def ask_why(visitor: Visitor, bot: BotProcess) -> Message:
    """Press « Pourquoi ? »: nothing stored moves; gives what is explained."""
    before = held(bot.kept(visitor.person))
    visitor.press(WHY)
    said = visitor.person.expect("Information générale, et non un conseil juridique", timeout=20)
    assert held(bot.kept(visitor.person)) == before
    assert CHECKED.search(plain(said.text))
    return said


def to_routes(visitor: Visitor) -> Message:
    """Ask for the routes, pass what is asked; give the screen that lists them."""
    visitor.press("oies possibles")
    while True:
        label, screen = visitor.shown("oies fermées", SKIP)
        if label != SKIP:
            return screen
        visitor.press(SKIP)


def test_why_from_a_draft(camille: Visitor, shared_bot: BotProcess) -> None:
    """Under a mise en demeure, « Pourquoi ? » gives rules, articles and addresses; the letter stays as it was."""
    draft = camille.to_draft("mauvaise foi")
    said = ask_why(camille, shared_bot)
    assert "article L441-10, II du code de commerce" in plain(said.text)
    assert "Ce que change la mise en demeure" in plain(said.text)
    letters = [m.text for m in camille.person.messages() if m.text == draft.text]
    assert len(letters) == 1, "the text itself is not sent again"
    camille.shown("J’ai envoyé")
    camille.send()


def test_why_from_a_nudge_then_the_routes(
    camille: Visitor, shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """Under a nudge the rules are explained; the routes are listed with reasons, one is taken, its nudge comes."""
    camille.to_draft("oubli")
    shared_bot.go_to(camille.send())
    wake(shared_api)
    camille.nudged()
    said = ask_why(camille, shared_bot)
    assert "article L441-10, II du code de commerce" in plain(said.text)
    assert "Payé depuis ?" in camille.nudged().text, "the nudge is shown again under it"
    camille.press("Reporter").say("10 jours")
    camille.press("Voir le dossier", "Autres actions")
    opened = to_routes(camille)
    assert "Conciliateur de justice" in opened.text
    assert "Coût" in opened.text
    camille.press("oies fermées")
    _, closed = camille.shown("oies ouvertes")
    assert "Le client n’est pas une personne publique." in closed.text
    assert "(art. R421-1 CJA)" in plain(closed.text)
    camille.press("oies ouvertes", "Conciliateur de justice")
    _, route = camille.shown("Je prends cette voie")
    assert "Première étape" in route.text
    camille.press("Je prends cette voie")
    _, waiting = camille.shown("Voir le dossier")
    day = day_named(waiting.text)
    acts = [kind for kind, _ in shared_bot.kept(camille.person).dossiers[0][2]]
    assert acts.count("voie") == 1
    shared_bot.go_to(day)
    wake(shared_api)
    assert "votre choix d’une voie" in camille.nudged().text


def test_an_event_and_its_clocks(
    camille: Visitor, shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """An order noted from the card starts its clock, refuses a day to come, and its alarm comes in time."""
    camille.to_draft("oubli")
    camille.send()
    camille.press("Voir le dossier", "Délais de la loi", "Dire quand").say("01/09/2025")
    _, clocks = camille.shown("Noter un évènement")
    assert "1er septembre 2030" in plain(clocks.text)
    camille.press("Noter un évènement", "Ordonnance obtenue").say("demain")
    assert "pas encore passée" in camille.person.messages()[-1].text
    camille.say("02/11/2026")
    _, clocks = camille.shown("Noter un évènement")
    assert "au plus tard le 2 février 2027" in plain(clocks.text)
    camille.press("Voir le dossier", "Payé en partie").say("250")
    camille.press("Voir le dossier", "Autres actions", "Noter un évènement").press(
        "avoir (geste)", "Hier"
    ).say("100 €")
    _, clocks = camille.shown("Noter un évènement")
    assert "il reste 900,00 €" in plain(clocks.text)
    shared_bot.go_to(TODAY.replace(year=2027, month=1, day=12))
    mark = camille.person.mark()
    wake(shared_api)
    camille.nudged()
    camille.person.wait(
        lambda: "faire signifier l’ordonnance" in " ".join(e.message.text for e in camille.person._after(mark)).lower(),
        20,
        "no alarm came",
    )  # fmt: skip


def test_no_call_was_refused(shared_api: StandIn, shared_bot: BotProcess) -> None:
    """Through all these conversations Telegram had nothing to refuse, and nothing was logged as wrong."""
    assert shared_api.violations == []
    assert " ERROR " not in shared_bot.log
