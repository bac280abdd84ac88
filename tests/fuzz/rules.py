"""What must hold after each wave of strangers, and how a defect is told so that it can be played again."""

from __future__ import annotations

import gc
import json
import re
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable
from time import thread_time
from typing import TYPE_CHECKING, Any

from flows.dialogue.conversation import Conversation
from flows.dialogue.table import TYPING
from tests.bench.memory import resident
from tests.fuzz.watch import Figures, Watch, told, words_of

if TYPE_CHECKING:
    import asyncio

    from bot.store import Store
    from tests.fuzz.person import Done, Stranger
    from tests.fuzz.telegram import Strict
    from tests.fuzz.updates import Json
    from tests.standin.params import Params

_WARM, _LONG = 500, 1.0
"""Updates until everything is loaded, and the seconds of work that no update is worth from then on."""
_MARK = re.compile(r"zq(\d+)z", re.IGNORECASE)


class Rules:
    """What is known of the people of one generation, and looked at after each wave."""

    telegram: Strict
    store: Store

    def __init__(self, seed: int, generation: int) -> None:
        self.seed, self.generation = seed, generation
        self.figures, self.watch = Figures(), Watch()
        self.people: dict[int, Stranger] = {}
        self.places: dict[int, Conversation] = {}
        self.screens: dict[int, bool] = {}
        """For each chat, whether what it was last shown leaves something to press or asks to type."""
        self.recent: dict[int, deque[str]] = {}
        self.batch: list[tuple[Done, int | None]] = []
        """The updates of the last wave, each with the chat to watch."""
        self.number = 1
        """That of the last update."""

    def timed(self, handle: Callable[..., Any]) -> Callable[..., Any]:
        """Give the engine, and have it seen when what somebody typed keeps it busy for long."""

        def handled(tx: Any, chat: int, about: Any, **more: Any) -> Any:
            began = thread_time()
            try:
                return handle(tx, chat, about, **more)
            finally:
                spent = thread_time() - began
                most = self.figures.most
                if self.figures.updates > _WARM:
                    most["milliseconds"] = max(most["milliseconds"], int(1000 * spent))
                    if spent > _LONG:
                        self.defect(chat, f"{spent:.1f} s of work for {ascii(about)[:300]}")

        return handled

    def check_wave(self) -> None:
        """Nothing failed, nothing was refused, who was to be answered was; everybody can go on."""
        while self.watch.errors:
            self.defect(None, self.watch.errors.pop())
        while self.telegram.refused:
            self.defect(None, self.telegram.refused.pop())
        for done, chat in self.batch:
            if done.answered is None or chat is None:
                continue
            answered = self.telegram.reached[chat] > 0
            if answered is not done.answered and not self._spoken(chat):
                word = "not answered" if done.answered else "answered"
                self.defect(chat, f"{word}: {done.kind} {told(done.update)}")
        self.batch = []
        self._look_at_places()
        self.check_screens(self.people)

    def _spoken(self, chat: int) -> bool:
        """Say whether several updates of one chat make it unclear which was answered."""
        return sum(one == chat for _, one in self.batch) > 1

    def _look_at_places(self) -> None:
        most = self.figures.most
        with self.store.read() as tx:
            for chat in self.people:
                row = tx.load_conversation(chat)
                if row is None:
                    self.places.pop(chat, None)
                    continue
                place = Conversation.from_json(row.state, row.dossier_id, json.loads(row.data))
                self.places[chat] = place
                self.figures.states[place.state] += 1
                most["conversation"] = max(most["conversation"], len(row.data))
                dossier = tx.load_dossier(row.dossier_id, chat) if row.dossier_id else None
                if dossier is not None:
                    most["dossier"] = max(most["dossier"], len(dossier.data))
                    most["acts"] = max(most["acts"], len(dossier.acts))

    def check_screens(self, chats: Iterable[int]) -> None:
        """Each person is left something to press, or is asked something."""
        for chat in chats:
            place = self.places.get(chat)
            if place is None or self.screens.get(chat, True) or place.state in TYPING:
                continue
            self.defect(chat, f"no way on in {place.state}")
            self.screens[chat] = True

    def check_words(self, chat: int, name: str, params: Params) -> None:
        """Nothing that one person typed is sent to another, be it in a file."""
        if chat not in self.people:
            return  # the number of a chat that was bent: whoever wrote there is one of the people
        said = [value for value in params.values.values() if isinstance(value, str)]
        said += [words_of(upload.content) for upload in params.uploads.values()]
        for mark in _MARK.findall(" ".join(said)):
            if int(mark) != chat:
                self.defect(chat, f"{name} holds what chat {mark} typed")

    def check_item(self, chat: int, item: Json) -> None:
        """Look at an item on its way: what a file is made of is still to be read here."""
        for mark in _MARK.findall(json.dumps(item, ensure_ascii=False)):
            if int(mark) != chat and chat in self.people:
                self.defect(chat, f"an item of kind {item['kind']} holds what chat {mark} typed")
        if item["kind"] in {"message", "edit", "farewell"}:
            self.screens[chat] = bool(item.get("buttons") or item.get("placeholder"))
            if item["kind"] == "farewell":
                self.screens[chat] = True

    def unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what a task raised and nobody took."""
        error = context.get("exception")
        trace = "".join(traceback.format_exception(error)) if error else ""
        self.defect(None, f"{context['message']}\n{trace}")

    def defect(self, chat: int | None, what: str) -> None:
        """Keep what broke, what was done in that chat before, and how to play it again."""
        again = f"python -m tests.fuzz --seed {self.seed} --only {self.generation}"
        story = "\n    ".join(self.recent.get(chat, ())) if chat is not None else ""
        state = self.places[chat].state if chat in self.places else ""
        self.figures.defects.append(
            f"{what}\n  chat {chat} {state}, update {self.number}; again: {again}\n    {story}"
        )

    def measure(self) -> None:
        """Read the memory held and the objects in it."""
        gc.collect()
        objects = Counter(type(one).__name__ for one in gc.get_objects())
        self.figures.memory.append((self.figures.updates, resident(), objects))
