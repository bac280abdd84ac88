"""Somebody with unpaid invoices: reads what arrives, presses what is offered, types, is silent, blocks, returns.

All is drawn from the seed and the person's number, so one of them can live the same year again, alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from flows.dialogue.actions import DOSSIER, read_dossier_button
from flows.dialogue.events import Command, Edited, Event, Pressed, Typed, Unreadable
from flows.dialogue.table import RESTING, TYPING
from flows.facts import registry

if TYPE_CHECKING:
    from bot.telegram.outgoing import Item
    from flows.dialogue.conversation import Conversation

FIRST_CHAT = 10_000
_CLIENTS = (
    "Dupont SARL",
    "Mairie de Lille",
    "M. Petit",
    "Association Azur",
    "Bois SAS",
    "Mme Roux",
)
_KEPT = 6
"""Messages with buttons that somebody scrolls back to."""

# How willingly each button is pressed; the others once. A temper multiplies some of them.
WEIGHTS = {
    "silent": 8,
    "replied": 5,
    "paid": 2,
    "part": 3,
    "received": 8,
    "snooze": 2.5,
    "declared": 3,
    "pause": 0.7,
    "stop": 0.6,
    "unpause": 8,
    "reopen": 1.5,
    "go_on": 5,
    "card": 2,
    "sent": 12,
    "choose": 9,
    "settle": 4,
    "finish": 6,
    "ok": 9,
    "skip": 3,
    "later": 1,
    "new": 0,
    "redo": 0.3,
    "why": 0.4,
    "documents": 0.4,
    "exhibits": 0.2,
    "edit": 0.2,
    "pdf": 0.1,
    "docx": 0.1,
    "rate": 0.2,
    "imputation": 0.2,
    "compare": 0.5,
    "correct": 0.5,
    "note_event": 1.5,
    "clocks": 1,
    "routes": 1,
    "take": 4,
    "back": 0.4,
    "dont_know": 4,
    "requete_injonction": 4,
    "ordonnance": 6,
    "signification_ordonnance": 8,
    "titre": 3,
    "publication_bodacc": 3,
    "declaration_creance": 2,
    "procedure": 0.5,
    "surendettement": 0.5,
    "rappels": 6,
    "lettres": 0.3,
    "habitudes": 0.5,
    "digest": 5,
    "nudge": 6,
    "promesse": 2,
    "virement_fait": 1.5,
    "home": 2,
    "work_done": 3,
    "add": 0.1,
}
TEMPERS: tuple[dict[str, float], ...] = (
    {},
    {"snooze": 6, "pause": 4, "silent": 0.4},  # puts off
    {"replied": 3, "promesse": 6, "pas_argent": 5},  # clients who promise
    {"note_event": 12, "clocks": 3, "routes": 3, "work_done": 4, "choose": 0.6},  # goes to law
    {"part": 6, "paid": 0.5},  # is paid in parts
    {"stop": 6, "reopen": 6, "paid": 4},  # ends and begins again
    {"procedure": 30, "replied": 3, "declared": 0.7},  # clients who fail
)
_AMOUNTS = ("180", "450,50", "1 250", "3 200 €", "12 000", "740 € TTC")
_ODD = ("?", "merci beaucoup", "1", "oui", "non", "retour", "pourquoi", "31/02/2026", "’; --", "99")


@dataclass
class Person:
    """One chat: somebody's temper, and what they see, do and miss."""

    seed: int
    number: int
    start: datetime
    days: int
    screens: deque[Item] = field(default_factory=lambda: deque(maxlen=_KEPT))
    story: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}:{self.number}")
        self.temper = self.random.choice(TEMPERS)
        self.answering = self.random.choice((0.15, 0.5, 0.8, 0.95))
        self._last_pressed = ""
        self._same = 0
        self._where = ""
        count = max(1, round(self.random.triangular(1, 14, 4)))
        arrival = self._arrival = self.random.uniform(0, min(60.0, self.days / 4))
        stays = sorted(self.random.uniform(arrival, self.days * 0.8) for _ in range(count - 1))
        self.openings = [self.at(arrival), *map(self.at, stays)]
        """When a new invoice is told of."""
        self.to_open = 0
        self.away = self._absences()
        """Times during which the bot is blocked."""

    @property
    def chat(self) -> int:
        """The chat's number."""
        return FIRST_CHAT + self.number

    def at(self, day: float) -> datetime:
        """Give an instant of a day, in waking hours of Paris most of the time."""
        hour = self.random.choice((8, 9, 9, 10, 11, 12, 14, 16, 18, 20, 22, 23))
        return self.start + timedelta(days=int(day), hours=hour, minutes=self.random.randrange(60))

    def _absences(self) -> list[tuple[datetime, datetime]]:
        if self.random.random() > 0.15:
            return []
        found = []
        for _ in range(self.random.choice((1, 1, 2))):
            begin = self.at(self.random.uniform(20, self.days * 0.9))
            found.append((begin, begin + timedelta(days=self.random.choice((1, 3, 10, 45)))))
        return sorted(found)

    def blocked(self, moment: datetime) -> bool:
        """Say whether the bot is blocked at an instant of real time."""
        return any(begin <= moment < end for begin, end in self.away)

    # --- the calendar of somebody ------------------------------------------------------------

    def visits(self) -> list[datetime]:
        """Give the instants at which they come by themselves: to tell of an invoice, to look, on their return."""
        looks = int(self.days / self.random.choice((25, 50, 120)))
        found = [*self.openings, *(end for _, end in self.away)]
        return sorted(
            found
            + [self.at(self.random.uniform(self._arrival + 1, self.days)) for _ in range(looks)]
        )

    def reaction(self, moment: datetime) -> datetime | None:
        """Say when they answer something that came by itself, None when they do not."""
        if self.random.random() > self.answering:
            return None
        hours = self.random.choice((0.1, 0.3, 1, 3, 8, 26, 75, 200))
        return moment + timedelta(hours=hours)

    def patience(self) -> int:
        """Give how many things they do at a sitting."""
        return self.random.choice((1, 2, 3, 5, 8))

    # --- what they do ------------------------------------------------------------------------

    def see(self, item: Item) -> None:
        """Take a message that arrived."""
        if item.get("buttons"):
            self.screens.append(item)

    def act(self, place: Conversation | None, now: datetime, real: datetime) -> Event:
        """Choose what to do, from what is on the screen and what is asked."""
        if place is None:
            return Command("start")
        draw = self.random.random()
        if draw < 0.04:
            return self._odd()
        if draw < 0.07:
            return Command("parametres")
        if self.to_open < len(self.openings) and self.openings[self.to_open] <= real:
            if place.state in RESTING:
                self.to_open += 1
                return Typed(self._told(now))
            return Command("annuler")
        where = f"{place.state} {place.scratch.get('fact', '')}"
        self._same = self._same + 1 if where == self._where else 0
        self._where = where
        if self._same > 4:
            self._same = 0
            return Command(self.random.choice(("annuler", "dossiers", "retour")))
        if (
            place.state in TYPING
            and self.random.random() < 0.8
            and (said := self._said(place, now))
        ):
            return Typed(said)
        if place.state == "home" and self.random.random() < 0.7:
            return Command("dossiers")
        return self._press() or Command(self.random.choice(("dossiers", "start")))

    def _odd(self) -> Event:
        match self.random.randrange(6):
            case 0 if self._last_pressed:
                return Pressed(self._last_pressed)
            case 1 if self.screens:
                rows = self.random.choice(self.screens)["buttons"]
                # An old screen; a dossier's end is not left to a slip of the finger.
                keys = [c["data"] for row in rows for c in row]
                return Pressed(self.random.choice(keys))
            case 2:
                return Typed(self.random.choice(_ODD))
            case 3:
                return Command(
                    self.random.choice(("aide", "retour", "start", "parametres", "inconnu"))
                )
            case 4:
                return Unreadable("sticker")
            case _:
                return Edited("autre chose")

    def _press(self) -> Event | None:
        if not self.screens:
            return None
        choices = [c["data"] for row in self.screens[-1]["buttons"] for c in row]
        weights = [self._weight(data) for data in choices]
        if not any(weights):
            return None
        (self._last_pressed,) = self.random.choices(choices, weights)
        return Pressed(self._last_pressed)

    def _weight(self, data: str) -> float:
        _, action, _ = read_dossier_button(data)
        key = action if data.startswith(DOSSIER) else data.partition(".")[2]
        if key.startswith(("r.", "t.", "f.")):
            key = key[2:]
        return WEIGHTS.get(key, 1) * self.temper.get(key, 1)

    # --- what they write ---------------------------------------------------------------------

    def _told(self, now: datetime) -> str:
        client = f"{self.random.choice(_CLIENTS)} {self.number}-{self.to_open}"
        amount = self.random.choice(("180", "450", "1250", "3200", "12000"))
        if self.random.random() < 0.3:
            due = now + timedelta(days=self.random.randrange(1, 40))
            return f"{client} me doit {amount} €, échéance le {due:%d/%m/%Y}"
        days = self.random.choice((2, 9, 16, 25, 40, 90, 300, 700, 1700))
        return f"{client} me doit {amount} € depuis le {now - timedelta(days=days):%d/%m/%Y}"

    def _said(self, place: Conversation, now: datetime) -> str:
        past = now - timedelta(days=self.random.choice((0, 0, 1, 2, 5, 20)))
        to_come = now + timedelta(days=self.random.choice((1, 2, 5, 9, 20, 40)))
        match place.state:
            case "amount" | "paid_part" | "event_amount":
                return f"{self.random.choice((40, 100, 150, 500, 5000))} €"
            case "debtor_name":
                return f"{self.random.choice(_CLIENTS)} {self.number}"
            case "due_date":
                return f"{now - timedelta(days=self.random.randrange(1, 90)):%d/%m/%Y}"
            case "sent_when" | "received_on" | "event_when":
                return f"{past:%d/%m/%Y}"
            case "snooze":
                return self.random.choice((f"{to_come:%d/%m/%Y}", "10 jours", "3 semaines"))
            case "read_back":
                return "oui"
            case "edit_text" | "edit_add" | "exhibit_title":
                return "Bonjour, merci d’avance."
            case "terms":
                return "30 jours"
        fact = registry().get(str(place.scratch.get("fact", "")))
        return self._fact(fact.kind, past, to_come) if fact else ""

    def _fact(self, kind: str, past: datetime, to_come: datetime) -> str:
        answers = {
            "amount": "100 €",
            "count": self.random.choice(("2", "3", "6")),
            "past_day": f"{past - timedelta(days=self.random.choice((0, 30, 600))):%d/%m/%Y}",
            "past_date": f"{past - timedelta(days=30):%d/%m/%Y}",
            "future_date": f"{to_come:%d/%m/%Y}",
            "birth_date": "12/03/1980",
            "address": "12 rue des Lilas, 75011 Paris",
            "name": "Claire Martin",
            "reference": f"F-{self.random.randrange(1, 99)}",
            "text": "la création du site",
            "siret": "73282932000074",
            "siren": "732829320",
            "iban": "FR7630006000011234567890189",
            "email": "claire@exemple.fr",
            "phone": "0612345678",
            "postcode": "75011",
            "town": "Paris",
            "payment_terms": "30 jours",
            "penalty_rate": "aucun",
            "hour": self.random.choice(("8 h 30", "7 h", "12 h 30", "19 h", "3 h du matin")),
            "weekdays": self.random.choice(("mercredi et vendredi", "lundi", "aucun")),
            "until": self.random.choice(("2 semaines", "10 jours", f"{to_come:%d/%m/%Y}")),
            "court": "Tribunal judiciaire de Paris",
        }
        if kind in {"hour", "weekdays", "until"} and self.random.random() < 0.5:
            return ""  # a button
        return answers.get(kind, "")
