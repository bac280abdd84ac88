"""What one person's conversation remembers between two messages, and what a step gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flows.dialogue.screens import Shown
from flows.dossier import Dossier
from flows.ladder import Deadline
from flows.outline import Outline
from flows.rhythm import Rhythm, rhythm_of
from flows.values import Facts, Value, facts_from_json, facts_to_json

TRAIL_LIMIT = 40
"""How many questions « Retour » can go back: more than any path is long."""
_DAYS = ("exported_at", "heard_on", "leaving_on")


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of a step: an aware datetime in the person's time zone, given by the caller."""

    now: datetime
    rhythm: Rhythm | None = None
    """When the person is spoken to; None: by the habits, in the zone of `now`."""

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> Moment:
        """Make the moment of an aware `instant` as seen in `zone`."""
        return cls(instant.astimezone(zone))

    def of(self, person: Facts) -> Moment:
        """Give the same instant by the clocks of a person, with their rhythm; `now` is in the usual zone."""
        assert self.now.tzinfo is not None
        rhythm = rhythm_of(person, self.now.tzinfo)
        return Moment(self.now.astimezone(rhythm.zone), rhythm)

    @property
    def usual(self) -> Rhythm:
        """The rhythm that counts: the person's, else the one of habit."""
        return self.rhythm or rhythm_of({}, self.now.tzinfo or UTC)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's place in the dialogue. Immutable; stored as JSON.

    `person` holds the creditor's facts, asked once for all dossiers. `serial` numbers the screen last shown, so
    that a button of an older one is recognised. `trail` is the questions answered, for « Retour ».
    `scratch` is what the present questions are about (a fact's name, a document…); it never outlives them.
    """

    state: str = "home"
    person: Facts = field(default_factory=dict)
    dossier_id: str | None = None
    serial: int = 0
    trail: tuple[str, ...] = ()
    answers: int = 0
    scratch: Facts = field(default_factory=dict)
    last_pressed: str = ""
    offered: tuple[str, ...] = ()
    """Keys of the buttons of the screen last shown, after the day they were shown on."""
    told_on: tuple[str, ...] = ()
    """The latest days on which reminders were told, as ISO text: one message a day, so many a week."""
    digest: tuple[str, ...] = ()
    """The dossiers of the last message that told several reminders at once."""
    exported_at: str = ""
    """When all that is kept was last asked for, as an ISO instant."""
    heard_on: str = ""
    """The last day the person said or pressed anything, as ISO text; "" while not noted."""
    leaving_on: str = ""
    """The day all of a silent person is erased, as they were told; "" otherwise."""

    def but(self, **changes: Any) -> Conversation:
        """Give the same with other values: `dataclasses.replace`, in half the time."""
        return Conversation(**{**dict(zip(_FIELDS, _values(self), strict=True)), **changes})

    def to_json(self) -> dict[str, Any]:
        """Encode all but `state` and `dossier_id`, which are stored in columns of their own."""
        return {
            "person": facts_to_json(self.person),
            "serial": self.serial,
            "trail": list(self.trail),
            "answers": self.answers,
            "scratch": facts_to_json(self.scratch),
            "last_pressed": self.last_pressed,
            "offered": list(self.offered),
            "told_on": list(self.told_on),
            "digest": list(self.digest),
            **{name: value for name in _DAYS if (value := getattr(self, name))},
        }

    @classmethod
    def from_json(cls, state: str, dossier_id: str | None, data: Mapping[str, Any]) -> Conversation:
        """Decode what `to_json` made; what an older version did not store takes its default."""
        return cls(
            state=state,
            dossier_id=dossier_id,
            person=facts_from_json(data.get("person", {})),
            serial=int(data.get("serial", 0)),
            trail=tuple(data.get("trail", ())),
            answers=int(data.get("answers", 0)),
            scratch=facts_from_json(data.get("scratch", {})),
            last_pressed=str(data.get("last_pressed", "")),
            offered=tuple(data.get("offered", ())),
            told_on=tuple(data.get("told_on", ())),
            digest=tuple(data.get("digest", ())),
            **{name: str(data.get(name, "")) for name in _DAYS},
        )

    def without_day_told(self, day: date) -> Conversation:
        """Forget that reminders were told on a day: their message never arrived."""
        days = tuple(one for one in self.told_on if one != day.isoformat())
        return replace(self, told_on=days)

    def with_person(self, **facts: Value) -> Conversation:
        """Add or replace facts of the creditor."""
        return replace(self, person={**self.person, **facts})


_FIELDS = tuple(one.name for one in fields(Conversation))
_values = attrgetter(*_FIELDS)


class Book(Protocol):
    """The person's own dossiers, and nobody else's: what a step may look up besides the current one."""

    def get(self, dossier_id: str) -> Dossier | None:
        """Give one dossier of this person, None when there is no such one."""

    def all(self) -> Sequence[Dossier]:
        """Give this person's dossiers, the latest first."""

    def outlines(self) -> Sequence[Outline]:
        """Give what a list says of each of them, in the same order."""

    def some(self, ids: Sequence[str]) -> Sequence[Dossier]:
        """Give those of these dossiers that are this person's, in the order asked."""

    def new_id(self) -> str:
        """Give an identifier that no dossier bears yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one event led to. `dossiers` are those that changed, each with all its acts.

    `reminders` gives, for each changed dossier, the whole of what it should wake for: they replace what waited.
    `erased` names the dossiers to erase; `forgotten`: the person asked that all of theirs be, and nothing is kept.
    `held` gives, of the reminders that woke, those that are not told yet, as (dossier, key), and until when.
    """

    conversation: Conversation
    shown: tuple[Shown, ...]
    dossiers: tuple[Dossier, ...] = ()
    reminders: Mapping[str, tuple[Deadline, ...]] = field(default_factory=dict)
    held: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    erased: tuple[str, ...] = ()
    forgotten: bool = False
