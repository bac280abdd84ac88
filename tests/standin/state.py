"""The world behind the Bot API: people, chats, messages, callbacks, and a clock to move."""

from __future__ import annotations

import copy
import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .files import Shelf
from .updates import UpdateQueue
from .views import Event, Message, view

if TYPE_CHECKING:
    from .faults import Pace
    from .limits import Json, Limits
    from .wording import Wording

BOT_NAME = "Relance (essai)"
BOT_USERNAME = "relance_essai_bot"


class Clock:
    """The server's time: the real one, plus what tests moved it by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Return Unix time in seconds."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._ahead += seconds


@dataclass(slots=True)
class Chat:
    """A conversation. `met`: the person has written, so the bot may; `present`: it is still in."""

    id: int
    data: Json
    met: bool = False
    blocked: bool = False
    present: bool = True
    posts: dict[int, Post] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    menu_button: Json | None = None

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return bool(self.data["type"] == "private")


@dataclass(slots=True)
class Post:
    """A message kept by the server: its Bot API form, the HTML it was sent as, and who wrote it."""

    data: Json
    html: str
    from_bot: bool
    at: float


@dataclass(slots=True)
class Callback:
    """A press. `answer` is what the person then sees: text and show_alert."""

    id: str
    chat_id: int
    message_id: int
    data: str
    at: float
    answer: Json | None = None


class World:
    """Everything the server knows. Call it with `changed` held; every change notifies it."""

    def __init__(self, token: str, limits: Limits, pace: Pace | None = None) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.token = token
        self.limits = limits
        self.pace = pace
        self.clock = Clock()
        self.started = self.clock.now()
        self.closed = False
        self.logged_out = False
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": BOT_NAME,
            "username": BOT_USERNAME,
        }
        self.shelf = Shelf()
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.queue = UpdateQueue(self.changed, self.clock.now, limits)
        self.profile: dict[tuple[str, ...], Json | list[Json]] = {}
        self.default_menu_button: Json = {"type": "commands"}
        self._message_ids = itertools.count(1)
        self._callback_ids = itertools.count(4_000_000_000_000)
        self._person_ids = itertools.count(1_000_001)
        self._group_ids = itertools.count(-5_000_001, -1)
        self._events = itertools.count(1)

    def new_person(self, first_name: str, last_name: str, username: str, language: str) -> Json:
        """Return a user nobody has met yet, in Bot API form, with their private chat made."""
        user: Json = {"id": next(self._person_ids), "is_bot": False, "first_name": first_name}
        optional = {"last_name": last_name, "username": username, "language_code": language}
        user |= {name: value for name, value in optional.items() if value}
        chat: Json = {"id": user["id"], "type": "private", "first_name": first_name}
        chat |= {name: user[name] for name in ("last_name", "username") if name in user}
        self.chats[user["id"]] = Chat(user["id"], chat)
        return user

    def new_group(self, title: str) -> Chat:
        """Return a group the bot is a member of."""
        number = next(self._group_ids)
        chat = Chat(number, {"id": number, "type": "group", "title": title}, met=True)
        self.chats[number] = chat
        return chat

    def post(
        self,
        chat: Chat,
        author: Json,
        wording: Wording,
        content: Json | None = None,
        extra: Json | None = None,
    ) -> Post:
        """Put a message in a chat; `content` holds a file's fields, whose caption is the text."""
        data: Json = {
            "message_id": next(self._message_ids),
            "from": author,
            "chat": chat.data,
            "date": int(self.clock.now()),
        }
        data |= content or {}
        data |= extra or {}
        write_text(data, wording, caption=content is not None)
        post = Post(data, wording.html, bool(author["is_bot"]), self.clock.now())
        chat.posts[data["message_id"]] = post
        self.show(chat, post, "new")
        return post

    def show(self, chat: Chat, post: Post, kind: str) -> None:
        """Record that a message appeared, changed or went, and wake whoever waits."""
        chat.events.append(Event(next(self._events), kind, self.seen(post, kind == "delete")))
        self.changed.notify_all()

    def seen(self, post: Post, deleted: bool = False) -> Message:
        """Return the message as a person sees it now."""
        return view(post.data, post.html, self.shelf, from_bot=post.from_bot, deleted=deleted)

    def last_event(self) -> int:
        """Return a number larger than that of every event so far, smaller than every later one."""
        return next(self._events)

    def press(self, chat: Chat, user: Json, message_id: int, data: str) -> Callback:
        """Record a press and tell the bot."""
        now = self.clock.now()
        callback = Callback(str(next(self._callback_ids)), chat.id, message_id, data, now)
        self.callbacks[callback.id] = callback
        self.queue.add(
            "callback_query",
            {
                "id": callback.id,
                "from": user,
                "message": public(chat.posts[message_id].data),
                "chat_instance": str(chat.id * 7919),
                "data": data,
            },
        )
        return callback


def write_text(data: Json, wording: Wording, *, caption: bool) -> None:
    """Put text and entities in a message, under the names the Bot API gives them."""
    text, entities = ("caption", "caption_entities") if caption else ("text", "entities")
    for name, value in ((text, wording.text), (entities, wording.entities)):
        if value:
            data[name] = value
        else:
            data.pop(name, None)


def public(data: Json) -> Json:
    """Return the message as the Bot API gives it: of keyboards, the inline ones only."""
    shown = {name: copy.deepcopy(value) for name, value in data.items() if name != "silent"}
    if "inline_keyboard" not in shown.get("reply_markup", {}):
        shown.pop("reply_markup", None)
    return shown
