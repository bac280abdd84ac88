"""What people do over scripted months: the stories told elsewhere, and four who press, join, copy and leave."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

from tests.stories.told import BEGIN, SENT, SILENT, STORIES, on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.standin import Person


@dataclass(frozen=True)
class Press:
    """A button to press, once it is shown."""

    label: str


@dataclass(frozen=True)
class Photo:
    """A picture to send."""

    caption: str
    colour: str


@dataclass(frozen=True)
class Heard:
    """Words to wait for, before anything more is said."""

    words: str


Act = str | Press | Photo | Heard
FACTS = (
    "/start",
    "J’ai une facture impayée",
    "Une société",
    "Dupont SARL",
    "1 250 €",
    "15/10/2026",
)


@dataclass(frozen=True)
class Script:
    """What one person does, day by day."""

    name: str
    days: Mapping[date, tuple[Act, ...]]


def _pressed(labels: Iterable[str]) -> tuple[Press, ...]:
    return tuple(Press(label) for label in labels)


PRESSES = Script(
    "presses buttons",
    {
        BEGIN: (
            "/start",
            *_pressed(("facture impayée", "Une société")),
            *FACTS[3:],
            *_pressed(("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Aujourd’hui")),
        ),
        on(2, 12): _pressed(SILENT),
        on(8, 12): _pressed(("Payé",)),
    },
)
JOINS = Script(
    "joins pieces to a letter",
    {
        BEGIN: (
            *FACTS,
            *("Il refuse ou conteste tout", "Sa raison change à chaque fois", "C’est ça"),
            Photo("Le devis", "white"),
            Photo("La facture", "red"),
            *_pressed(("Pièces", "Le texte et ses pièces", "Revenir au texte", "DOCX")),
            *("J’ai envoyé", "Recommandé avec avis de réception", "Aujourd’hui"),
            "1A 123 456 7890 1",
        ),
        on(30, 11): ("Lettre reçue", "27/11/2026", "/bilan", "/agenda"),
        on(7, 12): ("Payé en partie", "650 € le 04/12"),
    },
)
COPIES = Script(
    "takes a copy",
    {
        BEGIN: (*FACTS, "Il avait oublié", "C’est ça", *SENT[1:]),
        on(2, 12): (*SILENT, "/exporter"),
        on(8, 12): ("/pause", "/dossiers"),
    },
)
LEAVES = Script(
    "leaves",
    {
        BEGIN: (*FACTS, "Il avait oublié", "C’est ça", *SENT[1:]),
        # What was not said yet goes with the rest: the question is waited for.
        on(8, 12): ("/supprimer", Heard("écrivez exactement"), "SUPPRIMER"),
    },
)
TOLD = tuple(
    Script(
        story.name,
        {BEGIN: ("/start", *story.told)} | {day.on: day.does for day in story.days},
    )
    for story in STORIES
)
SCRIPTS = (*TOLD, PRESSES, JOINS, COPIES, LEAVES)


@cache
def picture(colour: str) -> bytes:
    """Make a small photo."""
    made = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(made, "JPEG")
    return made.getvalue()


@dataclass
class Cast:
    """One person at their script: what is left to do today."""

    script: Script
    person: Person
    left: list[Act] = field(default_factory=list)

    def begin(self, today: date) -> None:
        """Take up what is to be done today."""
        assert not self.left, f"{self.script.name}: not done: {self.left}"
        self.left = list(self.script.days.get(today, ()))

    def ready(self) -> bool:
        """Whether the next act can be done: a button is pressed, and a question answered, once it is there."""
        if not self.left:
            return False
        match self.left[0]:
            case Press(label):
                return self.person._showing(label) is not None
            case Heard(words):
                said = self.person._after(self.person._since)
                return any(words in event.message.text for event in said)
        return True

    def act(self) -> None:
        """Do the next thing."""
        match self.left.pop(0):
            case Press(label):
                self.person.press(label, timeout=1)
            case Photo(caption, colour):
                self.person.send_photo(picture(colour), caption)
            case str(words):
                self.person.say(words)
