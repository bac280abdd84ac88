"""What every state owes a person: the commands, the unexpected, the way back."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from flows.dialogue.conversation import Conversation
from flows.dialogue.events import (
    Command,
    Edited,
    Event,
    Pressed,
    ReceivedFile,
    SentFile,
    Typed,
    Unreadable,
    Woken,
)
from flows.dialogue.screens import Copy, Screen, Toast
from flows.dialogue.table import STATES, TRANSITIONS
from flows.dialogue.turn import Turn
from tests.dialogue.player import Player, copy_of
from tests.dialogue.test_filings_in_chat import file

COMMANDS = (
    *("start", "aide", "retour", "annuler", "dossiers", "nouveau", "confidentialite", "prevenir"),
    *("parametres", "help", "cancel", "privacy", "settings", "inconnue", "exporter", "supprimer"),
)
ODD: tuple[Event, ...] = (
    Typed("🙃"),
    Typed("<b>gras</b> & {{7*7}} #panic()"),
    Typed("x" * 5000),
    Typed("   "),
    SentFile("photo"),
    SentFile("document", "facture.pdf", "voici", refused="encrypted"),
    Unreadable("sticker"),
    Unreadable("voice"),
    Unreadable("location"),
    Edited("autre chose"),
    Pressed("0.vieux"),
    Pressed(""),
    Pressed("d.zzz.paid.1"),
    Pressed("d.."),
    Pressed("💥" * 16),
    Woken("inconnu", "k", Player().now),
)
LINES = (
    "facture du 20/10",
    "facture du 20/10 à 45 jours fin de mois",
    "1250", "Dupont SARL", "15/10/2026", "hier", "oui", "non", "1 250,50 €", "fin septembre", "3",
    "le 5", "10 jours", "12 rue des Lilas, 44000 Nantes", "F-014", "1250 HT", "1.250",
    "FR76 3000 6000 0112 3456 7890 189", "Dupont SARL me doit 1250 € depuis le 15 octobre",
    "demain", "camille@exemple.fr", "06 12 34 56 78", "Le texte remplacé.", "400 €",
)  # fmt: skip


class _Html(HTMLParser):
    """Checks that a body is well-formed HTML of Telegram's small subset."""

    allowed = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in self.allowed, tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(player: Player) -> None:
    """Whatever was shown can be shown: words, well-formed markup, buttons a phone can hold."""
    for one in player.shown:
        match one:
            case Screen():
                parser = _Html()
                parser.feed(one.body)
                parser.close()
                assert parser.open == [], one.body
                assert re.sub(r"<[^>]+>|\s", "", one.body), "a screen without words"
                for row in one.choices:
                    for choice in row:
                        assert 1 <= len(choice.data.encode()) <= 64, choice
                        assert choice.label.strip(), choice
            case Copy(text):
                assert text.strip()
            case Toast(text):
                assert 0 < len(text) <= 200
            case _:
                pass


def begin(player: Player, seed: int) -> None:
    """Go where chance alone would hardly lead: a letter in hand, one on its way, two clients recalled together."""
    if seed % 3 == 0:
        return
    player.press("facture impayée", "Une société").say("Dupont SARL", "1250", "15/10/2026")
    player.press("refuse", "change à chaque fois", "C’est ça")
    if seed % 9 == 5:
        file(player, "saisine_conciliateur").later(40)
        player.press("Toujours rien")
        return
    if seed % 3 == 2:
        player.press("Modifier", "Changer une information")
        return
    player.press("J’ai envoyé", "Recommandé", "Hier")
    if seed % 9 == 4:
        player.press("plus tard", "Voir le dossier", "Noter un", "avoir (geste)", "Hier")
    elif seed % 9 == 1:
        player.press("plus tard", "Il a répondu").say(
            "Nous revenons vers vous très vite, merci bien"
        )
        player.press("Message laissé").command("dossiers").press("Dupont SARL", "écrit")
    elif seed % 9 == 7:
        two_sent(player)
        player.wake_together()


def two_sent(player: Player) -> None:
    """Send a letter for a second client, so that both are recalled."""
    player.command("nouveau").press("Une société").say("Martin SA", "900", "15/10/2026")
    player.press("refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça", "J’ai envoyé")
    player.send(Pressed(player.choices[0].data))
    player.press("Hier")


def wander(seed: int, steps: int, visit: dict[str, Player]) -> None:
    """Play at random, keeping for each state one player that is there."""
    chance = random.Random(seed)
    player = Player().start()
    begin(player, seed)
    for _ in range(steps):
        check(player)
        if player.state not in visit:
            visit[player.state] = copy_of(player)
        roll = chance.random()
        if roll < 0.70 and player.choices:
            player.send(Pressed(chance.choice(player.choices).data))
        elif roll < 0.90:
            player.send(Typed(chance.choice(LINES)))
        elif roll < 0.93:
            player.command(
                chance.choice(
                    ["retour", "dossiers", "parametres", "nouveau", "prevenir", "supprimer"]
                )
            )
        elif roll < 0.97:
            player.later(chance.randint(1, 12))
        elif roll < 0.98:
            piece = ReceivedFile(f"f{chance.randint(1, 9999)}", 1, "photo", 1000)
            player.send(SentFile("photo", file=piece))
        else:
            player.send(chance.choice(ODD))


@pytest.fixture(scope="module")
def fired() -> set[str]:
    return set()


@pytest.fixture(scope="module")
def places(fired: set[str]) -> dict[str, Player]:
    """A player in each state, found by seeded wandering; notes every trigger that was fired."""
    fire = Turn.fire

    def noting(turn: Turn, trigger: str, *, remember: bool = True) -> None:
        fired.add(trigger)
        fire(turn, trigger, remember=remember)

    visit: dict[str, Player] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turn, "fire", noting)
        for seed in range(100):
            wander(seed, 120, visit)
    return visit


def test_wandering_visits_every_state(places: dict[str, Player]) -> None:
    """Playing at random reaches every declared state, and nothing a person does raises."""
    assert set(places) == set(STATES)


def test_wandering_fires_every_trigger(places: dict[str, Player], fired: set[str]) -> None:
    """Every declared trigger is fired by something a person can do."""
    assert fired == {row["trigger"] for row in TRANSITIONS}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_answers_every_command(
    places: dict[str, Player], state: str, command: str
) -> None:
    """Each command is answered with a screen in every state, and loses no dossier."""
    player = copy_of(places[state])
    before = set(player.book.dossiers)
    player.send(Command(command))
    check(player)
    assert player.screens
    assert before <= set(player.book.dossiers)


@pytest.mark.parametrize("state", STATES)
def test_every_state_answers_the_unexpected(places: dict[str, Player], state: str) -> None:
    """Stickers, voice notes, files, edits, old and forged buttons are answered without moving on."""
    for event in ODD:
        if isinstance(event, Woken):
            continue
        player = copy_of(places[state])
        dossiers = dict(player.book.dossiers)
        player.send(event)
        check(player)
        assert player.shown, event
        if not isinstance(event, Typed):
            assert player.state == state, event
            assert player.book.dossiers == dossiers, event


@pytest.mark.parametrize("state", STATES)
def test_a_stale_button_shows_the_present_screen(places: dict[str, Player], state: str) -> None:
    """A button of an older screen says so and shows where things stand."""
    player = copy_of(places[state])
    player.send(Pressed(f"{player.conversation.serial - 1}.oui"))
    assert "plus à jour" in player.body
    assert player.state == state


@pytest.mark.parametrize("state", STATES)
def test_a_forgotten_reminder_says_nothing(places: dict[str, Player], state: str) -> None:
    """A reminder for a dossier that is not there is silent."""
    player = copy_of(places[state])
    player.send(Woken("inconnu", "k", player.now))
    assert player.shown == ()


def test_the_same_button_twice_acts_once() -> None:
    """The second press of the same button changes nothing and says so shortly."""
    player = Player().start()
    data = player.choice("facture impayée").data
    player.send(Pressed(data))
    before = (player.conversation, dict(player.book.dossiers))
    player.send(Pressed(data))
    assert player.toasts
    assert player.screens == []
    assert (player.conversation, player.book.dossiers) == before


def test_a_state_of_another_version_is_led_home() -> None:
    """A stored state that no longer exists leads to the menu, with the dossiers kept."""
    player = Player().start().press("facture impayée", "Une société").say("Dupont SARL")
    player.conversation = replace(player.conversation, state="gone")
    player.say("bonjour")
    assert player.state == "home"
    assert "mis à jour" in player.told()
    assert player.dossier.debtor_name == "Dupont SARL"


def test_back_keeps_later_answers() -> None:
    """« Retour » goes back one question; once answered anew, what came later is not asked again."""
    player = Player().start().press("facture impayée", "Une société").say("Dupont", "1250 €")
    assert player.state == "due_date"
    player.command("retour").command("retour")
    assert player.state == "debtor_name"
    player.say("Dupont et Fils")
    assert player.state == "due_date"
    assert player.dossier.debtor_name == "Dupont et Fils"
    assert str(player.dossier.amount_due) == "1250.00"


def test_back_button_does_what_the_command_does() -> None:
    """The « Retour » button leads where /retour leads."""
    player = Player().start().press("facture impayée", "Une société", "Retour")
    assert player.state == "debtor_kind"


def test_a_dialogue_is_taken_up_days_later() -> None:
    """A dialogue left in the middle waits, and goes on where it was, even days later."""
    player = Player().start().press("facture impayée", "Une société").say("Dupont SARL")
    player.later(9)
    player.say("1250")
    assert player.state == "due_date"
    player.command("start")
    player.press("Reprendre")
    assert player.state == "due_date"


def test_what_is_typed_never_becomes_markup() -> None:
    """Names with markup, templates and Typst come back as they were typed."""
    player = Player().start().press("facture impayée", "Une société")
    player.say("<b>Dupont</b> & {{7*7}} #panic()")
    assert "&lt;b&gt;Dupont&lt;/b&gt; &amp; {{7*7}} #panic()" in player.body
    assert player.dossier.debtor_name == "<b>Dupont</b> & {{7*7}} #panic()"


def test_a_step_is_pure(places: dict[str, Player]) -> None:
    """The same conversation, event and moment give the same step."""
    for state in STATES:
        first, second = copy_of(places[state]), copy_of(places[state])
        for player in (first, second):
            player.send(Command("aide"))
        assert first.shown == second.shown
        assert first.conversation == second.conversation


def test_an_empty_conversation_understands_a_sentence() -> None:
    """Someone who writes a sentence instead of pressing is understood and read back."""
    player = Player(conversation=Conversation())
    player.say("Dupont SARL me doit 1250 € depuis le 15 octobre, facture F-014")
    assert player.state == "read_back"
    for part in ("Dupont SARL", "1\u202f250,00", "15\u00a0octobre 2026", "F-014"):
        assert part in player.body
    player.say("oui")
    assert player.state == "contact"


@pytest.mark.parametrize("said", ["non", "Non.", "non merci", "pas du tout"])
def test_no_to_what_is_read_back_asks_what_is_wrong(said: str) -> None:
    """« Non » keeps what was understood and asks which line is wrong; the right words replace it."""
    player = Player(conversation=Conversation())
    player.say("Dupont SARL me doit 1250 € depuis le 15 octobre").say(said)
    assert player.state == "read_back"
    assert "Touchez ce qui n’est pas juste" in player.body
    assert "Corriger : reste dû" in player.labels
    player.say("1 350 €")
    assert "1\u202f350,00" in player.body
    assert "Touchez ce qui n’est pas juste" not in player.body


def test_no_to_a_single_line_read_back_asks_it_again() -> None:
    """Where one thing alone was understood, « non » asks that one."""
    player = Player(conversation=Conversation())
    player.say("on me doit 1250 €")
    assert player.state == "read_back", player.body
    player.say("non")
    assert player.state != "read_back"
