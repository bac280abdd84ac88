"""The screen of a person: what the bot shows there, waited for and read."""

from __future__ import annotations

import time
from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

from .views import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from .limits import Json
    from .state import Chat, World
    from .views import Event, Message

T = TypeVar("T")
PATIENCE = 10.0


class Watcher:
    """Somebody looking at a chat.

    What is waited for is what came since the person last did something, each thing once: an
    answer already given to `expect` is not given again. `since=person.mark()` widens this to what
    came after the mark. No-break spaces and typographic apostrophes match ordinary ones.
    """

    def __init__(self, world: World, user: Json, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self._since = 0
        self._taken: set[int] = set()
        self.user = user

    @property
    def id(self) -> int:
        """The number of the person, which is also the number of their private chat."""
        return int(self.user["id"])

    @property
    def name(self) -> str:
        """The first name."""
        return str(self.user["first_name"])

    def expect(
        self, text_part: str = "", timeout: float = PATIENCE, since: int | None = None
    ) -> Message:
        """Wait for a message or an edit holding these words; return it, as it was then."""
        return self._event(
            lambda event: plain(text_part) in plain(event.message.text),
            timeout,
            since,
            f"the bot did not say « {text_part} »",
        )

    def expect_document(
        self, timeout: float = PATIENCE, since: int | None = None
    ) -> tuple[str, bytes]:
        """Wait for a file of the bot; return its name and its bytes."""
        message = self._event(
            lambda event: event.message.document is not None,
            timeout,
            since,
            "the bot sent no document",
        )
        assert message.document is not None
        return message.document.name, message.document.content

    def quiet(self, seconds: float) -> None:
        """Wait, and fail if the bot sends, edits or deletes anything meanwhile."""
        start = self.mark()
        with self._world.changed:
            self._world.changed.wait_for(lambda: self._after(start), seconds)
            if came := self._after(start):
                raise self._failed(f"expected silence, but {came[0].kind}: {came[0].message}")

    def mark(self) -> int:
        """Return the present moment, for `since`."""
        with self._world.changed:
            return self._world.last_event()

    def messages(self, *, everybody: bool = False) -> list[Message]:
        """Return the bot's messages as they stand, oldest first; with `everybody`, all of them."""
        with self._world.changed:
            seen = [self._world.seen(post) for post in self._chat.posts.values()]
        return [message for message in seen if everybody or message.from_bot]

    @property
    def last(self) -> Message:
        """The newest message of the bot, as it stands now."""
        shown = self.messages()
        if not shown:
            raise self._failed("the bot has said nothing")
        return shown[-1]

    def buttons(self) -> list[list[str]]:
        """Return the words of the buttons under the newest message that has some, row by row."""
        return next((m.labels for m in reversed(self.messages()) if m.buttons), [])

    def wait(self, ready: Callable[[], T | None], timeout: float, failure: str) -> T:
        """Wait until `ready` returns something; AssertionError with the chat otherwise."""
        until = time.monotonic() + timeout
        with self._world.changed:
            while not (found := ready()):
                left = until - time.monotonic()
                if left <= 0 or not self._world.changed.wait(left):
                    if found := ready():
                        break
                    raise self._failed(f"{failure} within {timeout:g} s")
            return found

    def _after(self, seq: int) -> list[Event]:
        events = self._chat.events
        start = bisect_right(events, seq, key=lambda event: event.seq)
        return [event for event in events[start:] if event.message.from_bot]

    def _event(
        self, fits: Callable[[Event], bool], timeout: float, since: int | None, failure: str
    ) -> Message:
        def ready() -> Event | None:
            for event in self._after(self._since if since is None else since):
                if event.seq not in self._taken and event.kind != "delete" and fits(event):
                    self._taken.add(event.seq)
                    return event
            return None

        return self.wait(ready, timeout, failure).message

    def _failed(self, failure: str) -> AssertionError:
        """Return the error of a test, with the end of the chat as it stands."""
        shown = [str(message) for message in self.messages(everybody=True)[-6:]]
        chat = "\n".join(shown) or "(nothing)"
        return AssertionError(f"{failure}. The end of {self.name}'s chat:\n{chat}")
