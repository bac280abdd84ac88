"""A person talking to the pure dialogue: types, presses buttons by their words, lets days pass."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

from flows.dialogue.conversation import Conversation, Moment, Step
from flows.dialogue.events import Command, Event, Pressed, Typed, Wakes, Woken
from flows.dialogue.library import Library, due_at
from flows.dialogue.memory import MemoryBook
from flows.dialogue.screens import Agenda, Choice, Copy, Paper, Picture, Screen, Shown, Toast
from flows.dialogue.step import step
from flows.dossier import Dossier

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 24)  # a Tuesday
LIBRARY = Library()
KINDS = {
    "professionnel": "Une société",
    "particulier": "Un particulier",
    "public": "mairie",
    "association": "syndic",
    "etranger": "étranger",
}
"""Words that press the button of each kind of debtor."""


def plain(text: str) -> str:
    """Give what a person reads of a text: no entities, ordinary spaces."""
    return unescape(text).replace("\u00a0", " ").replace("\u202f", " ")


class Player:
    """Holds one conversation and its dossiers; `shown` is what the last event showed."""

    def __init__(self, today: date = TODAY, conversation: Conversation | None = None) -> None:
        self.conversation = conversation or Conversation()
        self.book = MemoryBook()
        self.now = datetime.combine(today, time(10), PARIS)
        self.shown: tuple[Shown, ...] = ()
        self.history: list[Shown] = []
        self.reminders: dict[tuple[str, str], datetime] = {}
        self.fired: list[tuple[date, str]] = []
        self.answers = 0

    @property
    def moment(self) -> Moment:
        return Moment(self.now)

    def send(self, event: Event) -> tuple[Shown, ...]:
        result = step(self.conversation, self.book, event, self.moment, LIBRARY)
        self.keep(result)
        return self.shown

    def keep(self, result: Step) -> None:
        # Through the storage form, so that what cannot be stored fails here.
        stored = result.conversation.to_json()
        self.conversation = Conversation.from_json(
            result.conversation.state, result.conversation.dossier_id, stored
        )
        assert self.conversation == result.conversation
        self.book.keep(result)
        for dossier_id, deadlines in result.reminders.items():
            for key in [k for k in self.reminders if k[0] == dossier_id]:
                del self.reminders[key]
            for deadline in deadlines:
                at = due_at(deadline, self.moment.of(self.conversation.person))
                self.reminders[dossier_id, deadline.key] = at
        self.reminders |= result.held
        self.shown = result.shown
        self.history += result.shown

    # --- doing -----------------------------------------------------------------------------

    def start(self) -> Player:
        self.send(Command("start"))
        self.answers = 0
        return self

    def command(self, name: str) -> Player:
        self.send(Command(name))
        return self

    def say(self, *texts: str) -> Player:
        for text in texts:
            self.send(Typed(text))
            self.answers += 1
        return self

    def press(self, *labels: str) -> Player:
        for label in labels:
            self.send(Pressed(self.choice(label).data))
            self.answers += 1
        return self

    def choice(self, label: str) -> Choice:
        found = [c for c in self.choices if label.lower() in c.label.lower()]
        drawer = [c for c in self.choices if c.label == "Autres actions"]
        if not found and drawer:
            self.send(Pressed(drawer[0].data))
            found = [c for c in self.choices if label.lower() in c.label.lower()]
        assert found, f"no button « {label} » among {self.labels} under:\n{self.body}"
        return found[0]

    def take(self, document: str) -> Player:
        """Pick a text from « Documents », whatever page and family it is on."""
        self.command("documents")
        pages = [""] + [label for label in self.labels if label == "Les autres textes"]
        for page in pages:
            if page:
                self.press(page)
            families = [choice.label for choice in self.choices if ".f." in choice.data]
            for family in families or [""]:
                if family:
                    self.command("documents").press("Les autres textes", family)
                found = [c for c in self.choices if c.data.endswith(f".t.{document}")]
                if found:
                    self.send(Pressed(found[0].data))
                    return self
        raise AssertionError(f"{document} is not offered:\n{self.body}")

    def later(self, days: int, *, stop: bool = True) -> bool:
        """Let days pass; True when a reminder spoke, on the day it did."""
        target = self.now + timedelta(days=days)
        while self.now < target:
            self.now += timedelta(days=1)
            due = sorted((at, key) for key, at in self.reminders.items() if at <= self.now)
            spoke = False
            if due:
                woken = tuple(Woken(dossier_id, key, at) for at, (dossier_id, key) in due)
                for _, key in due:
                    self.reminders.pop(key, None)
                before = len(self.history)
                self.send(woken[0] if len(woken) == 1 else Wakes(woken))
                spoke = len(self.history) > before
                self.fired += [
                    (self.now.date(), one.key)
                    for one in woken
                    if spoke and (one.dossier_id, one.key) not in self.reminders
                ]
            if spoke and stop:
                return True
        return False

    def wake_together(self) -> None:
        """Let the time of every dossier's first reminder come at once, as after days without the bot."""
        first: dict[str, Woken] = {}
        for (dossier_id, key), at in sorted(self.reminders.items(), key=lambda one: one[1]):
            first.setdefault(dossier_id, Woken(dossier_id, key, at))
        self.now = max(woken.due_at for woken in first.values())
        for woken in first.values():
            self.reminders.pop((woken.dossier_id, woken.key))
        self.send(Wakes(tuple(first.values())))

    # --- seeing ----------------------------------------------------------------------------

    @property
    def state(self) -> str:
        return self.conversation.state

    @property
    def screens(self) -> list[Screen]:
        return [one for one in self.shown if isinstance(one, Screen)]

    @property
    def screen(self) -> Screen:
        return next(one for one in reversed(self.history) if isinstance(one, Screen))

    @property
    def body(self) -> str:
        return self.screen.body

    @property
    def choices(self) -> list[Choice]:
        return [choice for row in self.screen.choices for choice in row]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    @property
    def copies(self) -> list[str]:
        return [one.text for one in self.shown if isinstance(one, Copy)]

    @property
    def papers(self) -> list[Paper]:
        return [one for one in self.shown if isinstance(one, Paper)]

    @property
    def agendas(self) -> list[Agenda]:
        return [one for one in self.shown if isinstance(one, Agenda)]

    @property
    def pictures(self) -> list[Picture]:
        return [one for one in self.shown if isinstance(one, Picture)]

    @property
    def toasts(self) -> list[str]:
        return [one.text for one in self.shown if isinstance(one, Toast)]

    @property
    def dossier(self) -> Dossier:
        assert self.conversation.dossier_id is not None
        return self.book.dossiers[self.conversation.dossier_id]

    def told(self) -> str:
        """Give all that was shown at the last event, as one text."""
        parts = []
        for one in self.shown:
            match one:
                case Screen():
                    parts.append(one.body)
                case Copy(text) | Toast(text):
                    parts.append(text)
                case Paper() | Picture() | Agenda():
                    parts.append(one.caption)
        return "\n".join(parts)


def copy_of(player: Player) -> Player:
    """Give another player at the same place."""
    twin = Player(player.now.date(), player.conversation)
    twin.now = player.now
    twin.book.dossiers = dict(player.book.dossiers)
    twin.reminders = dict(player.reminders)
    twin.history = list(player.history)
    return twin
