"""The days of a dossier for a calendar: its legal clocks, and the instalments of a plan agreed in writing.

Of a clock, the day to aim at, and the last one when it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape

from flows import ladder
from flows.dialogue.edits import first_words
from flows.dialogue.screens import Agenda, Choice, Entry
from flows.dialogue.texts import LABEL_LIMIT, buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import Dossier, Status
from flows.facts.alarms import alarm_days
from flows.facts.legal import clocks_of
from flows.law import Law
from flows.law.deadlines import ClockStep, StepState
from flows.law.limitation import Limitation, State
from flows.law.wording import day_text
from flows.plan import Instalment, plan_of
from letters.format import date_longue, euros

LIMITATION = "prescription"
"""The limitation period among the clocks: its alarms bear the same name."""
PLAN = "versements"
"""The instalments of a plan, among the clocks."""
_COMING = frozenset({StepState.OPEN, StepState.WAITING})


@dataclass(frozen=True, slots=True)
class Clock:
    """A legal clock with a day to come. `waits`: the day ends a wait, nothing is to be done before it.

    `raw_on`: the last day as counted; `extended_on`: carried over where the law grants it, else the same.
    """

    id: str
    label: str
    safe_on: date
    raw_on: date
    extended_on: date
    waits: bool
    rule: str
    if_missed: str
    cautions: tuple[str, ...]
    articles: tuple[str, ...]
    checked_on: date | None


def coming_clocks(dossier: Dossier, today: date, law: Law) -> tuple[Clock, ...]:
    """Give the clocks of a dossier whose day is to come, none once it is paid or closed."""
    if dossier.status in {Status.PAID, Status.CLOSED}:
        return ()
    found = clocks_of(dossier, today, law)
    clocks = [_of_step(step) for step in found.steps if step.state in _COMING and step.deadline]
    period = found.limitation
    if isinstance(period, Limitation) and period.state is not State.PASSED:
        clocks.append(_of_limitation(period))
    return tuple(clocks)


def _of_step(step: ClockStep) -> Clock:
    due = step.deadline
    assert due is not None
    return Clock(
        step.id,
        step.label,
        due.safe_on,
        due.raw_on,
        due.extended_on,
        step.state is StepState.WAITING,
        step.to_do,
        step.if_missed,
        step.cautions,
        step.articles,
        due.checked_on,
    )


def _of_limitation(period: Limitation) -> Clock:
    said = dict.fromkeys(one.sentence for one in period.timeline)
    return Clock(
        LIMITATION,
        words("limitation_label"),
        period.safe_on,
        period.last_on,
        period.last_on,  # never carried over
        False,
        words(
            "limitation_rule", term=period.term, started=day_text(period.starts_on), said=list(said)
        ),
        "",
        period.cautions,
        period.articles,
        None,
    )


def entries_of(dossier: Dossier, today: date, law: Law, only: str = "") -> tuple[Entry, ...]:
    """Give the days of a calendar for a dossier, or for its clock named `only` (`PLAN` for its instalments).

    A clock keeps its `uid` whatever happens to the dossier: added again, it moves. Where the last day is not the
    day to aim at, it has an entry of its own, without an alarm.
    """
    alarms = alarm_days(dossier, today, law)
    found: list[Entry] = []
    for clock in coming_clocks(dossier, today, law):
        if not only or clock.id == only:
            found += _entries(dossier, clock, today, alarms.get(clock.id, ()))
    if not only or only == PLAN:
        found += _instalments(dossier, coming_instalments(dossier, today))
    return tuple(found)


def coming_instalments(dossier: Dossier, today: date) -> tuple[Instalment, ...]:
    """Give what is still to come of a plan that runs; none once the dossier is over, or in a procedure."""
    over = dossier.status in {Status.PAID, Status.CLOSED} or ladder.procedure_open(dossier)
    plan = plan_of(dossier)
    if over or plan is None or not ladder.plan_runs(dossier):
        return ()
    return tuple(one for one in plan.instalments if one.left and one.on >= today)


def has_days(dossier: Dossier, today: date, law: Law) -> bool:
    """Say whether a dossier has anything for a calendar."""
    return bool(coming_clocks(dossier, today, law) or coming_instalments(dossier, today))


def _instalments(dossier: Dossier, coming: Iterable[Instalment]) -> Iterator[Entry]:
    client = _client(dossier)
    for one in coming:
        told = {"client": client, "number": one.number, "amount": euros(one.left)}
        yield Entry(
            f"{dossier.id}-{PLAN}-{one.number}@relance",
            one.on,
            words("agenda_instalment", **told),
            words("agenda_instalment_said", **told),
            (0,),
        )


def _client(dossier: Dossier) -> str:
    return " ".join(dossier.debtor_name.split()) or words("unnamed_client")


def _entries(dossier: Dossier, clock: Clock, today: date, days: Iterable[date]) -> Iterator[Entry]:
    client = _client(dossier)
    uid = f"{dossier.id}-{clock.id}"
    description = _description(clock)
    before = sorted({(clock.safe_on - day).days for day in days if today <= day <= clock.safe_on})
    if clock.safe_on >= today:
        yield Entry(
            f"{uid}@relance",
            clock.safe_on,
            words("agenda_title", client=client, label=clock.label, waits=clock.waits),
            description,
            tuple(reversed(before)) or (0,),
        )
    if not clock.waits and clock.extended_on != clock.safe_on:
        yield Entry(
            f"{uid}-fin@relance",
            clock.extended_on,
            words("agenda_last_title", client=client, label=clock.label),
            description,
            () if clock.safe_on >= today else (0,),
        )


def _description(clock: Clock) -> str:
    # Lines are kept: `words` would join them where something was escaped. No text of it holds markup.
    said = say(
        "agenda_description",
        waits=clock.waits,
        rule=clock.rule,
        if_missed=clock.if_missed,
        safe=date_longue(clock.safe_on),
        raw=date_longue(clock.raw_on),
        extended=date_longue(clock.extended_on) if clock.extended_on != clock.raw_on else "",
        cautions=clock.cautions,
        articles=" ; ".join(clock.articles),
        checked_on=date_longue(clock.checked_on) if clock.checked_on else "",
    )
    return unescape(said)


ONE = "agenda."
"""Prefix of the key of the button of one clock."""


def agenda_choices(turn: Turn) -> list[Choice]:
    """Give the buttons of the clocks screen: all there is, and each clock when there are several."""
    dossier, today = turn.need_dossier(), turn.today
    coming = [(c.id, c.label) for c in coming_clocks(dossier, today, turn.library.law)]
    if coming_instalments(dossier, today):
        coming.append((PLAN, words("agenda_plan")))
    if not coming:
        return []
    each = coming if len(coming) > 1 else []
    return [
        *buttons("agenda_choices"),
        *(
            Choice(f"{ONE}{name}", first_words(words("agenda_one", label=label), LABEL_LIMIT - 2))
            for name, label in each
        ),
    ]


def send_clocks(turn: Turn, only: str = "") -> None:
    """Send the clocks of the dossier in hand, or the one named `only`, as a calendar file."""
    dossier = turn.need_dossier()
    entries = entries_of(dossier, turn.today, turn.library.law, only)
    name = words("agenda_name", client=dossier.debtor_name or words("unnamed_client"))
    _send(turn, name, entries)


def send_every_clock(turn: Turn) -> None:
    """Send the clocks of all the person's dossiers as one calendar file."""
    entries = [
        entry
        for dossier in turn.book.all()
        for entry in entries_of(dossier, turn.today, turn.library.law)
    ]
    entries.sort(key=lambda entry: (entry.day, entry.uid))
    _send(turn, words("agenda_all_name"), tuple(entries))


def _send(turn: Turn, name: str, entries: tuple[Entry, ...]) -> None:
    if not entries:
        turn.notes.append(words("agenda_empty"))
        return
    caption = words("agenda_sent", count=len(entries))
    turn.shown.append(Agenda(name, entries, turn.moment.now, caption))
