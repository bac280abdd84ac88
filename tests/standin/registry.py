"""The table of methods, and what most of them need: the chat and the message meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .limits import bad_request, forbidden
from .params import Params
from .state import Chat, Post, World

if TYPE_CHECKING:
    from .faults import Pace

Handler = Callable[[World, Params], Any]
METHODS: dict[str, tuple[str, Handler]] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Enter a function in the table under its Bot API name (looked up without regard to case)."""

    def enter(handler: Handler) -> Handler:
        METHODS[name.lower()] = (name, handler)
        return handler

    return enter


def find_chat(world: World, params: Params) -> Chat:
    """Return the chat of `chat_id`; a bot only knows people who wrote to it."""
    raw = params.text("chat_id")
    if not raw:
        raise bad_request("chat_id is empty")
    try:
        chat = world.chats.get(int(raw))
    except ValueError:
        chat = None
    if chat is None or not chat.met:
        raise bad_request("chat not found")
    return chat


def writable_chat(world: World, params: Params, pace: Pace | None = None) -> Chat:
    """Return the chat if the bot may write there now: not blocked, not put out, not too fast."""
    chat = find_chat(world, params)
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.present:
        raise forbidden("bot is not a member of the group chat")
    if pace is not None:
        pace.spend(chat.id, world.clock.now(), private=chat.private)
    return chat


def find_post(chat: Chat, params: Params, role: str) -> Post:
    """Return the message of `message_id`; the error names it by `role` (« message to edit »)."""
    number = params.integer("message_id")
    if number == 0:
        raise bad_request("Message identifier is not specified")
    post = chat.posts.get(number)
    if post is None:
        raise bad_request(f"{role} not found")
    return post
