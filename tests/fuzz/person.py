"""Somebody who uses the bot, then misuses it: what they see leads them on, what they do is anything at all."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.telegram.incoming import scrub
from flows.dialogue.events import Command, Edited, Pressed, Typed
from tests.fuzz.texts import hostile
from tests.year.person import Person

if TYPE_CHECKING:
    from bot.telegram.outgoing import Item
    from flows.dialogue.conversation import Conversation
    from flows.dialogue.events import Event
    from tests.fuzz.updates import Json, Maker
    from tests.standin.files import Shelf

_COMMANDS = (
    *("start", "aide", "dossiers", "bilan", "parametres", "prevenir", "documents", "pieces"),
    *("nouveau", "annuler", "retour", "confidentialite", "exporter", "help", "inconnue"),
)

_MARKUP = "<b>&{{7*7}}#panic(1)"
"""What ends every name and text that is typed in earnest: as good a name as any."""
_ODD = {
    "text": 12,
    "command": 4,
    "button": 8,
    "file": 3.5,
    "media": 2.5,
    "service": 1,
    "elsewhere": 1.5,
    "edit": 1,
    "block": 0.5,
    "group": 0.5,
    "bent": 3.5,
}
"""What an unreasonable person does, and how often."""


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did: the update without its number, its kind, and whether it must be answered (None: either)."""

    update: Json
    kind: str
    answered: bool | None


@dataclass
class Stranger(Person):
    """One private chat. `leaked` holds buttons shown to anybody; `files`: contents people send."""

    maker: Maker = field(kw_only=True)
    leaked: deque[str] = field(kw_only=True)
    shelf: Shelf = field(kw_only=True)
    files: tuple[tuple[str, bytes], ...] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mark = f"zq{self.chat}z"
        """What only this person types: seen in another chat, it is a leak."""
        self.first_name = f"Camille {self.mark}"
        self.curious = self.random.random() < 0.6
        self.calm = self.random.random() < 0.5
        """Whether they go on with their affairs for a while, or try anything."""
        self.is_blocking = False

    # --- as an honest person would ---------------------------------------------------------

    def _weight(self, data: str) -> float:
        usual = super()._weight(data)
        return 1 + usual / 3 if self.curious else usual

    def _told(self, now: datetime) -> str:
        return f"{self.mark} {super()._told(now)}"

    def _fact(self, kind: str, past: datetime, to_come: datetime) -> str:
        said = super()._fact(kind, past, to_come)
        free = kind in {"name", "text", "address", "court"}
        return f"{said} {self.mark} {_MARKUP}" if free else said

    def _said(self, place: Conversation, now: datetime) -> str:
        said = super()._said(place, now)
        free = {"debtor_name", "edit_text", "edit_add", "exhibit_title"}
        return f"{said} {self.mark} {_MARKUP}" if place.state in free else said

    def see(self, item: Item) -> None:
        """Take a message that arrived."""
        super().see(item)
        for row in item.get("buttons", ()):
            self.leaked.extend(choice["data"] for choice in row)

    # --- as anybody might ------------------------------------------------------------------

    def do(self, place: Conversation | None, now: datetime, at: int) -> Done:
        """Choose the next thing to happen in this chat."""
        if self.is_blocking:
            self.is_blocking = False
            return Done(self._member(at, blocks=False), "my_chat_member", None)
        if self.random.random() < 0.06:
            self.calm = not self.calm
        if place is None or self.random.random() < (0.94 if self.calm else 0.62):
            return self._update(self.act(place, now, now), at)
        (odd,) = self.random.choices(list(_ODD), list(_ODD.values()))
        words = hostile(self.random)
        match odd:
            case "text":
                return self._text(at, words)
            case "command":
                return self._text(at, f"/{self.random.choice(_COMMANDS)} {self._payload()}".strip())
            case "button":
                return self._pressed(at, self._forged(place))
            case "file":
                return self._file(at)
            case "block":
                self.is_blocking = True
                return Done(self._member(at, blocks=True), "my_chat_member", answered=False)
            case "bent":
                done = self.do(place, now, at)
                return Done(self.maker.bent(done.update), f"bent {done.kind}", answered=None)
        return self._unusual(odd, at, words)

    def _unusual(self, odd: str, at: int, words: str) -> Done:
        """Do what the bot has nothing to do with."""
        who = (self.chat, self.first_name, at)
        match odd:
            case "media":
                kind, update = self.maker.media(*who, words)
                return Done(update, kind, answered=True)
            case "service":
                kind, update = self.maker.service(*who)
                return Done(update, kind, answered=False)
            case "elsewhere":
                kind, update = self.maker.elsewhere(*who, words)
                return Done(update, kind, answered=False)
            case "edit":
                message = self.maker.text(*who, words)["message"]
                update = {"edited_message": message | {"edit_date": at}}
                # Halves of characters are taken out before it is stored: no words may be left.
                kept = scrub(json.loads(json.dumps(message["text"])))
                return Done(update, "edited_message", answered=bool(kept))
        number = -5_000_000 - self.random.randrange(200)
        update = self.maker.group(number, self.first_name, at, words)
        return Done(update, "group", answered=None)

    def _update(self, event: Event, at: int) -> Done:
        match event:
            case Pressed(data):
                return self._pressed(at, data)
            case Typed(text):
                return self._text(at, text)
            case Command(name, argument):
                return self._text(at, f"/{name} {argument}".strip())
            case Edited(text):
                update = self.maker.text(self.chat, self.first_name, at, text)
                return Done(
                    {"edited_message": update["message"]}, "edited_message", answered=bool(text)
                )
        kind, update = self.maker.media(self.chat, self.first_name, at, "")
        return Done(update, kind, answered=True)

    def _text(self, at: int, words: str) -> Done:
        return Done(self.maker.text(self.chat, self.first_name, at, words), "text", answered=True)

    def _pressed(self, at: int, data: Any) -> Done:
        under = [s for s in self.screens if any(c["data"] == data for r in s["buttons"] for c in r)]
        message_id = under[-1].get("message_id") if under else None
        update = self.maker.press(self.chat, self.first_name, at, data, message_id)
        if self.random.random() < 0.02:
            del update["callback_query"]["message"]
            update["callback_query"]["inline_message_id"] = "i"
            return Done(update, "callback without a message", answered=False)
        return Done(update, "callback", answered=True)

    def _forged(self, place: Conversation) -> Any:
        """Give the data of a button that was not shown, is no longer, or was shown to somebody else."""
        serial, draw = place.serial, self.random.randrange(9)
        shown = self.random.choice(self.leaked) if self.leaked else "1.x"
        key = shown.partition(".")[2]
        match draw:
            case 0 | 1:
                return shown
            case 2:
                return f"{serial}.{key}"
            case 3:
                return f"{serial + self.random.choice((-1, 1, 10**9))}.{key}"
            case 4:
                seen = self.random.choice(("0", "1", "3", "-1", "é"))
                return f"d.{place.dossier_id}.{self.random.choice(_ACTIONS)}.{seen}"
            case 5:
                return self.random.choice(
                    ("", None, ".", "..", "d.", "d..", "d...", "0", f"{serial}.")
                )
            case 6:
                return f"{serial}." + hostile(self.random)[:50]
            case 7:
                return hostile(self.random)
        return f"{shown[:-1]}{self.random.choice('0123456789é')}"

    def _payload(self) -> str:
        draw = self.random.random()
        if draw < 0.5:
            return ""
        if draw < 0.7 and self.leaked:
            return self.random.choice(self.leaked).replace(".", "_")
        return hostile(self.random)[:100] if draw < 0.9 else f"d_{self.random.randrange(10**6)}"

    def _file(self, at: int) -> Done:
        name, content = self.random.choice(self.files)
        stored = self.shelf.put("document", name, "application/octet-stream", content)
        file = stored.head() | {"file_name": f"{self.mark} {name}", "mime_type": "x/y"}
        draw = self.random.random()
        if draw < 0.1:
            file["file_id"] = self.random.choice(("", "AgADunknown", "../../etc", "x" * 500))
        elif draw < 0.15:
            file["file_size"] = self.random.choice((-1, 0, 10**12, "grand", None))
        kind = "photo" if name.endswith(("png", "jpg")) else "document"
        held = [file | {"width": 90, "height": 90}, file] if kind == "photo" else file
        content_of: Json = {kind: held}
        if self.random.random() < 0.4:
            content_of["caption"] = hostile(self.random)[:1000]
        update = {"message": self.maker.message(self.chat, self.first_name, at, **content_of)}
        return Done(update, kind, answered=True)

    def _member(self, at: int, *, blocks: bool) -> Json:
        return self.maker.membership(self.chat, self.first_name, at, blocks=blocks)


_ACTIONS = (
    *("paid", "part", "replied", "silent", "snooze", "pause", "unpause", "card", "go_on", "stop"),
    *("routes", "clocks", "note_event", "invoices", "documents", "exhibits", "erase", "steps"),
    *("received", "track", "said", "plan", "paid_day", "rest", "filed_still", "nudge", "reopen"),
    *("why", "x", "", "declared", "new", "dossiers"),
)
