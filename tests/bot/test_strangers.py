"""Nobody reaches what is another's: not by a button, a link, an identifier, a reply or a forward."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.accepting import accept_here
from bot.engine import Arrived, Engine
from bot.export import Archive, gather
from bot.papers import ExhibitGone, Papers
from bot.store import Store
from bot.telegram.incoming import Said, read_update
from bot.telegram.outgoing import to_items
from flows.dialogue.actions import ACTIONS
from flows.dialogue.asides import WHY
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Command, Edited, Event, Pressed, SentFile, Typed
from flows.dialogue.library import Library
from flows.dialogue.screens import Bundle, Screen, Shown, Toast
from tests.fuzz.files import make_files

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
OWNER, THIEF = 4_001, 4_002
SECRETS = ("Quintefeuille", "7431", "7\u202f431", "zephirine@exemple.fr", "cadran solaire")
COMMANDS = (
    *("start", "dossiers", "documents", "pieces", "exporter", "bilan", "nouveau", "parametres"),
    *("retour", "aide", "confidentialite", "supprimer", "annuler", "prevenir", "d"),
)
ENGINE = Engine(Library(), ZoneInfo("Europe/Paris"))


class Somebody:
    """A chat on the real engine and store; keeps the data of every button it was shown."""

    def __init__(self, store: Store, chat_id: int) -> None:
        self.store, self.id = store, chat_id
        self.now = NOW
        self.screen = Screen("")
        self.seen: list[str] = []

    def send(self, event: Event, arrived: Arrived | None = None) -> list[Shown]:
        with self.store.write() as tx:
            shown = list(ENGINE.advance(tx, self.id, event, now=self.now, arrived=arrived))
        for one in shown:
            if isinstance(one, Screen):
                self.screen = one
                self.seen += [c.data for row in one.choices for c in row]
        return shown

    def press(self, *labels: str) -> Somebody:
        for label in labels:
            choices = [c for row in self.screen.choices for c in row if label in c.label]
            self.send(Pressed(choices[0].data))
        return self

    def say(self, *texts: str) -> Somebody:
        for text in texts:
            self.send(Typed(text))
        return self

    def wander(self, chance: random.Random, steps: int) -> None:
        """Press what is shown, at random."""
        for _ in range(steps):
            data = [c.data for row in self.screen.choices for c in row]
            self.send(Pressed(chance.choice(data)) if data else Command("dossiers"))

    @property
    def place(self) -> Conversation:
        with self.store.read() as tx:
            row = tx.load_conversation(self.id)
        assert row is not None
        return Conversation.from_json(row.state, row.dossier_id, json.loads(row.data))


def lived(store: Store, chat_id: int, client: str, chance: random.Random) -> Somebody:
    """Have somebody tell a case, join an exhibit, send the letter, look at everything."""
    one = Somebody(store, chat_id)
    one.send(Command("start"))
    one.press("impayée", "Une société").say(client, "7 431,07 €", "15/10/2026").press("refuse")
    one.press("change à chaque fois", "C’est ça")
    arrived = Arrived.of(accept_here(dict(make_files())["facture.pdf"]))
    one.send(SentFile("document", "cadran solaire.pdf", file=arrived.file), arrived)
    one.press("J’ai envoyé", "Recommandé", "Aujourd’hui").say("1A 123 456 7890 1")
    one.now += timedelta(days=1)
    for command in ("dossiers", "documents", "pieces", "bilan", "parametres"):
        one.send(Command(command))
        one.wander(chance, 12)
    return one


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all: what each of these tests shows is that nothing of the owner moved."""
    folder = tmp_path_factory.mktemp("strangers")
    opened = Store.open(f"sqlite:///{folder}/x.sqlite3", clock=lambda: int(NOW.timestamp()))
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def owner(store: Store) -> Somebody:
    found = lived(store, OWNER, "Quintefeuille", random.Random(3))
    assert "Quintefeuille" in held(store)
    return found


@pytest.fixture(scope="module")
def thief(store: Store, owner: Somebody) -> Somebody:
    return lived(store, THIEF, "Durand", random.Random(4))


def held(store: Store) -> str:
    """Read all that is kept of the owner."""
    with store.read() as tx:
        return str(gather(tx, OWNER)) + str(tx.reminders_of(OWNER)) + str(tx.pending_of(OWNER))


def ids_of(store: Store) -> list[str]:
    """Give the identifiers of the owner's dossiers and files."""
    with store.read() as tx:
        kept = gather(tx, OWNER)
    assert kept.dossiers
    assert kept.files
    return [*(row.id for row in kept.dossiers), *(row.id for row in kept.files)]


def forms(store: Store, owner: Somebody) -> list[str]:
    """Give the data of every button the owner saw, and of every one that names a dossier of theirs."""
    own = [i for i in ids_of(store) if len(i) == 10]
    named = [f"d.{i}.{action}.{n}" for i in own for action in [*ACTIONS, WHY] for n in (0, 6)]
    return list(dict.fromkeys([*owner.seen, *named]))


def tries(events: list[Event], owner: Somebody, thief: Somebody) -> None:
    """Let the thief try each, from one place of theirs and another: nothing is seen, nothing moves."""
    chance, before = random.Random(5), held(owner.store)
    for event in events:
        if chance.random() < 0.2:
            thief.wander(chance, 1)
        shown = thief.send(event)
        assert any(isinstance(one, Screen | Toast) for one in shown), event
        said = str(shown)
        assert not [word for word in SECRETS[:1] if word in said], event
        assert not [i for i in ids_of(owner.store) if i in said], event
    assert held(owner.store) == before


def test_another_s_buttons(store: Store, owner: Somebody, thief: Somebody) -> None:
    """Every button shown to one person, or naming their dossier, shows and changes nothing for another."""
    found = forms(store, owner)
    assert len(found) > 150
    tries([Pressed(data) for data in found], owner, thief)


def test_another_s_buttons_under_one_s_own_number(
    store: Store, owner: Somebody, thief: Somebody
) -> None:
    """The key of another's button under the number of one's own screen reaches one's own dossiers only."""
    keys = dict.fromkeys(d.partition(".")[2] for d in owner.seen if not d.startswith("d."))
    for key in keys:
        tries([Pressed(f"{thief.place.serial}.{key}")], owner, thief)


def test_links_and_words(store: Store, owner: Somebody, thief: Somebody) -> None:
    """An identifier or a button's data after any command, or typed, shows and changes nothing of another's."""
    known = [*ids_of(store), *(f"d_{i}" for i in ids_of(store)), *forms(store, owner)[:3]]
    tries([Command(name, one) for name in COMMANDS for one in known], owner, thief)
    tries([typed for one in known for typed in (Typed(one), Edited(one))], owner, thief)


def test_a_reply_or_a_forward_carries_only_its_own_words() -> None:
    """What is replied to, quoted or forwarded from another chat is not read."""
    chat = {"id": THIEF, "type": "private"}
    other = {"message_id": 3, "chat": {"id": OWNER, "type": "private"}, "text": "Quintefeuille"}
    message = {
        "message_id": 9,
        "from": {"id": THIEF, "is_bot": False, "first_name": "Alix"},
        "chat": chat,
        "text": "bonjour",
        "reply_to_message": other,
        "external_reply": {"origin": {}, "chat": other["chat"], "message_id": 3},
        "quote": {"text": "Quintefeuille", "position": 0},
        "forward_origin": {"type": "user", "sender_user": {"id": OWNER}, "date": 1},
    }
    read = read_update({"update_id": 1, "message": message})
    assert read == Said(THIEF, Typed("bonjour"), "Alix")


async def test_files_by_their_identifier(store: Store, owner: Somebody, thief: Somebody) -> None:
    """A bundle or an export that names another's file neither finds nor holds it."""
    with store.read() as tx:
        (stolen,) = gather(tx, OWNER).files
        kept = gather(tx, THIEF)

        async def read(file: str, chat: int) -> bytes | None:
            row = tx.load_file(file, chat)
            return row.content if row else None

        sheet = {"date": "2026-11-24"}
        bundle = to_items([Bundle("x", sheet, sheet, (("Pièce", stolen.id),))])[0]
        with pytest.raises(ExhibitGone):
            await Papers(read).bundle(THIEF, bundle)
        content = await read(stolen.id, OWNER)
        assert content is not None
        archive = Archive(kept, {"on": "2026-11-24", "part": 1, "parts": 1})
        archive.add(stolen.id, content)
        assert stolen.id not in str(archive._zip.namelist())
        assert len([n for n in archive._zip.namelist() if n.startswith("pieces/")]) == 0


def test_a_conversation_that_names_another_s_dossier(
    store: Store, owner: Somebody, thief: Somebody
) -> None:
    """A place kept with another's dossier, should that ever happen, is refused by the database or led home."""
    (dossier, *_) = [i for i in ids_of(store) if len(i) == 10]
    with store.write() as tx:
        row = tx.load_conversation(THIEF)
        assert row is not None
        data = row.data.replace(thief.place.dossier_id or "?", dossier)
        tx.save_conversation(replace(row, state="digest", data=data))
    tries([Command("aide"), Typed("oui"), Command("dossiers")], owner, thief)
