"""The stand-in as tests hold it: started, looked into, hurt, stopped."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Self

from .faults import Faults, Pace
from .limits import Json, Limits
from .person import Person
from .server import ApiServer, Call
from .state import Chat, World
from .webhook import Courier

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

TOKEN = "123456789:AAStandInTokenForTestsOnly-0123456789"


class StandIn:
    """A Bot API server in this process. Use it as a context manager, or call `start` and `stop`.

    `pace=Pace()` turns Telegram's flood control on; `limits` replaces the figures; `port` 0 takes
    a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        limits: Limits | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.token = token
        self.faults = Faults()
        self.world = World(token, limits or Limits(), pace)
        self._server = ApiServer(port, self.world, self.faults)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.005},
            name="standin",
            daemon=True,
        )
        self._courier = Courier(self.world)

    @property
    def url(self) -> str:
        """The address: methods are under /bot<token>/, files under /file/bot<token>/."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Start serving."""
        self._thread.start()
        self._courier.start()
        return self

    def stop(self) -> None:
        """Stop and close every connection; AssertionError if the stand-in itself failed."""
        self._server.stop()
        self._thread.join(5)
        self._courier.join(5)
        if self._server.crashes:
            raise AssertionError("the stand-in failed:\n" + "\n".join(self._server.crashes))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # People

    def person(
        self,
        first_name: str = "Camille",
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "fr",
    ) -> Person:
        """Return somebody new, who has not written to the bot yet."""
        with self.world.changed:
            user = self.world.new_person(first_name, last_name, username, language_code)
            return Person(self.world, user, self.world.chats[user["id"]])

    def group(self, title: str, by: Person) -> Chat:
        """Return a new group to which `by` adds the bot; `person.inside(group)` then speaks there.

        As with a real bot in privacy mode, it is told of commands only.
        """
        with self.world.changed:
            chat = self.world.new_group(title)
            self.world.queue.add(
                "my_chat_member",
                {
                    "chat": chat.data,
                    "from": by.user,
                    "date": int(self.world.clock.now()),
                    "old_chat_member": {"user": self.world.bot, "status": "left"},
                    "new_chat_member": {"user": self.world.bot, "status": "member"},
                },
            )
            return chat

    # Time and delivery

    def advance(self, seconds: float) -> None:
        """Move the server's clock on: callbacks grow late, updates expire, the pace recovers."""
        with self.world.changed:
            self.world.clock.advance(seconds)
            self.world.changed.notify_all()

    @property
    def updates(self) -> list[Json]:
        """Every update made for the bot so far, delivered or not."""
        with self.world.changed:
            return list(self.world.queue.all)

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        with self.world.changed:
            return self.world.queue.waiting()

    def redeliver(self, update: Json) -> None:
        """Deliver an update once more, whether or not it was confirmed."""
        with self.world.changed:
            self.world.queue.again(update)

    # What the bot asked

    def calls(self, method: str = "", chat_id: int | None = None) -> list[Call]:
        """Return the requests received, oldest first, of one method and of one chat if wanted."""
        return [
            call
            for call in list(self._server.calls)
            if (not method or call.method.lower() == method.lower())
            and (chat_id is None or call.chat_id == chat_id)
        ]

    def wait_call(
        self,
        method: str,
        fits: Callable[[Call], Any] = lambda call: call.status,
        timeout: float = 10.0,
    ) -> Call:
        """Wait for a request that fits (by default: answered); AssertionError otherwise."""
        until = time.monotonic() + timeout
        while True:
            for call in self.calls(method):
                if fits(call):
                    return call
            if time.monotonic() > until:
                seen = "\n".join(str(call) for call in self.calls()[-8:]) or "(none)"
                raise AssertionError(f"no such {method} within {timeout:g} s. Last calls:\n{seen}")
            time.sleep(0.005)

    @property
    def violations(self) -> list[Call]:
        """The requests Telegram would refuse as wrong: each 400, 404, 413 no fault caused."""
        return [call for call in self.calls() if call.refused]

    @property
    def commands(self) -> list[Json]:
        """The commands set for everybody, with no language."""
        kept = self.world.profile.get(("commands", "default", "", "", ""), [])
        assert isinstance(kept, list)
        return kept
