"""Telegram in this process, as strict as the stand-in: every call of the bot goes through its checks.

Nothing leaves the process. What was said long ago is forgotten, so that the memory measured is the bot's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.polling import RawUpdates
from tests.standin.files import Shelf, StoredFile
from tests.standin.limits import ApiError, Json, Limits
from tests.standin.params import Params, Upload
from tests.standin.registry import METHODS
from tests.standin.server import LOADED
from tests.standin.state import Callback, Chat, Post, World

if TYPE_CHECKING:
    from collections.abc import Awaitable

TOKEN = "123456789:AAFuzzFuzzFuzzFuzzFuzzFuzzFuzzFuzz0"
_POSTS_KEPT = 40
_FILES_KEPT = 60
assert LOADED  # the table of methods is filled by importing them

FORESEEN = {
    "answerCallbackQuery": ("query is too old",),
    "editMessageText": ("message is not modified", "message to edit not found"),
    "editMessageReplyMarkup": ("message is not modified", "message to edit not found"),
    "getFile": ("invalid file_id", "file is too big"),
    "leaveChat": ("can't be changed in private chats",),
}
"""Refusals that only Telegram can know of, and that the bot takes for an answer."""


class _Shelf(Shelf):
    """Keeps the latest files."""

    def put(self, kind: str, name: str, mime: str, content: bytes) -> StoredFile:
        stored = super().put(kind, name, mime, content)
        while len(self._by_id) > _FILES_KEPT:
            gone = self._by_id.pop(next(iter(self._by_id)))
            self._by_path.pop(gone.path, None)
        return stored


class FuzzWorld(World):
    """The stand-in's world with its own clock; keeps the latest messages of each chat, and no screen."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(TOKEN, Limits())
        self.clock.now = clock  # type: ignore[method-assign]
        self.shelf = _Shelf()

    def show(self, chat: Chat, post: Post, kind: str) -> None:
        """Forget what is far up the screen; nobody watches it here."""
        while len(chat.posts) > _POSTS_KEPT:
            del chat.posts[next(iter(chat.posts))]

    def meet(self, chat_id: int, *, group: bool = False) -> Chat:
        """Give the chat of this number; whoever wrote can be written to."""
        chat = self.chats.get(chat_id)
        if chat is None:
            data: Json = {"id": chat_id, "type": "group" if group else "private"}
            chat = self.chats[chat_id] = Chat(chat_id, data, met=True)
        return chat

    def pressed(self, callback_id: str, chat_id: int) -> None:
        """Let a press be answered, once."""
        self.callbacks[callback_id] = Callback(callback_id, chat_id, 0, "", self.clock.now())


class Strict(BaseRequest):
    """The transport of all the bot's calls but one: what the stand-in's server does, without a server."""

    def __init__(self, world: FuzzWorld) -> None:
        self.world = world
        self.calls = Counter[str]()
        self.refused: list[str] = []
        """Calls that Telegram would refuse as wrong."""
        self.foreseen = Counter[str]()
        self.reached: Counter[int] = Counter()
        """Calls that reached each chat since it was last emptied."""
        self.said: Callable[[int, str, Params], None] = lambda chat, name, params: None

    @property
    def read_timeout(self) -> float | None:
        """No time is ever lost here."""
        return 5

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[int, bytes]:
        """Do the work of a call, or refuse it in Telegram's words."""
        name = url.rpartition("/")[2]
        params = _params(request_data)
        self.calls[name] += 1
        try:
            shown, work = METHODS[name.lower()]
            with self.world.changed:
                result = work(self.world, params)
        except ApiError as error:
            self._refuse(name, params, error)
            body: Json = {"ok": False, "error_code": error.code, "description": error.description}
            return error.code, json.dumps(body).encode()
        self._note(shown, params)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _refuse(self, name: str, params: Params, error: ApiError) -> None:
        if error.code == 403 or any(
            reason in error.description for reason in FORESEEN.get(name, ())
        ):
            self.foreseen[f"{name}: {error.description}"] += 1
            self._note(name, params)  # an edit of a message that is gone is still an attempt
            return
        self.refused.append(f"{name}({params.record()}) -> {error}")

    def _note(self, name: str, params: Params) -> None:
        if name == "answerCallbackQuery":
            callback = self.world.callbacks.pop(params.text("callback_query_id"), None)
            if callback is not None:
                self.reached[callback.chat_id] += 1
                self.said(callback.chat_id, name, params)
        elif chat_id := params.integer("chat_id", low=-(2**63), high=2**63):
            self.reached[chat_id] += 1
            self.said(chat_id, name, params)


def _params(data: RequestData | None) -> Params:
    if data is None:
        return Params()
    uploads = {}
    for name, part in (data.multipart_data or {}).items():
        file_name, content, mime = (*part, "")[:3]
        assert isinstance(content, bytes)
        uploads[name] = Upload(str(file_name), str(mime), content)
    values = {k: v for k, v in data.json_parameters.items() if k not in uploads}
    return Params(dict(values), uploads)


class _Handed(HTTPXRequest):
    """Stands where the network was, under the bot's own transport of updates."""

    next_batch: Callable[[], Awaitable[bytes]]

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Give the next updates, as getUpdates would."""
        return 200, await self.next_batch()


class HandedUpdates(RawUpdates, _Handed):
    """The bot's own transport of `getUpdates`, given its bodies by `next_batch`."""

    def __init__(self, next_batch: Callable[[], Awaitable[bytes]]) -> None:
        super().__init__()
        self.next_batch = next_batch


def file_server(world: FuzzWorld) -> httpx.AsyncClient:
    """Make the client by which the bot fetches the files that people sent."""

    def serve(request: httpx.Request) -> httpx.Response:
        stored = world.shelf.by_path(request.url.path.partition(TOKEN)[2].lstrip("/"))
        if stored is None:
            return httpx.Response(404)
        return httpx.Response(200, stream=httpx.ByteStream(stored.content))

    return httpx.AsyncClient(transport=httpx.MockTransport(serve))
