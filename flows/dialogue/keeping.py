"""How long anything is kept: what is told of it before it goes, and when it goes.

A finished dossier goes so long after its end, all of a silent person so long after their last word; either is
told `notice_days` before, at an hour when the person may be spoken to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flows.dialogue.conversation import Book, Conversation, Moment, Step
from flows.dialogue.screens import Screen
from flows.dialogue.texts import say, words
from flows.dossier import Act, ActKind, Dossier, Status
from letters.format import date_longue

NOTICE = "conservation"
"""The key of the act that notes that the end of a dossier's keeping was told."""
SHOWN = 10
"""Names a notice lists: one message, however many dossiers end together."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days: a finished dossier is kept, a silent person is kept, either is told before. 0: for ever."""

    finished_days: int = 0
    silent_days: int = 0
    notice_days: int = 30


def review(
    conversation: Conversation, book: Book, moment: Moment, keep: Retention, *, reached: bool = True
) -> Step | None:
    """Look at what has been kept long enough: tell what will go, erase what was told. None: nothing now.

    `reached` False: the person blocked the bot, so that nothing can be told them and no hour matters.
    """
    at = moment.of(conversation.person)
    told = [date.fromisoformat(day) for day in conversation.told_on]
    if reached and at.usual.next_digest(at.now, told, capped=False) > at.now:
        return None
    leaving = _silent(conversation, at.today, keep)
    if leaving is not None:
        return leaving
    return _finished(conversation, book, at, keep)


def ended_on(dossier: Dossier, moment: Moment) -> date | None:
    """Give the day a dossier was said to be over, None while it is not: from then on its keeping counts."""
    if dossier.status not in {Status.PAID, Status.CLOSED}:
        return None
    act = dossier.last(ActKind.PAID, ActKind.CLOSED)
    return act.at.astimezone(moment.now.tzinfo).date() if act else None


def told_on(dossier: Dossier) -> date | None:
    """Give the day it was told that a finished dossier will go, None when it was not since its end."""
    for act in reversed(dossier.acts):
        if act.kind is ActKind.NUDGED and act.text("key") == NOTICE:
            return act.on
        if act.kind in {ActKind.PAID, ActKind.CLOSED, ActKind.REOPENED}:
            return None
    return None


def _silent(conversation: Conversation, today: date, keep: Retention) -> Step | None:
    if not keep.silent_days or not conversation.heard_on:
        return None
    if conversation.leaving_on:
        if today < date.fromisoformat(conversation.leaving_on):
            return None
        return Step(Conversation(), (Screen(say("silent_gone"), silent=True),), forgotten=True)
    notice = timedelta(days=keep.notice_days)
    last = date.fromisoformat(conversation.heard_on)
    due = last + timedelta(days=keep.silent_days)
    if today < due - notice:
        return None
    leaving = max(due, today + notice)
    body = say("silent_notice", last=date_longue(last), on=date_longue(leaving))
    return Step(replace(conversation, leaving_on=leaving.isoformat()), (Screen(body),))


def _finished(conversation: Conversation, book: Book, at: Moment, keep: Retention) -> Step | None:
    if not keep.finished_days:
        return None
    kept, notice = timedelta(days=keep.finished_days), timedelta(days=keep.notice_days)
    ending: list[Dossier] = []
    gone: list[str] = []
    for dossier in book.all():
        ended, told = ended_on(dossier, at), told_on(dossier)
        if ended is None:
            continue
        if told is None:
            if at.today >= ended + kept - notice:
                ending.append(dossier)
        elif at.today >= max(ended + kept, told + notice):
            gone.append(dossier.id)
    if not ending and not gone:
        return None
    act = Act(ActKind.NUDGED, at.today, at.now, {"key": NOTICE})
    shown = []
    if gone:
        shown.append(Screen(say("finished_gone", count=len(gone)), silent=True))
    if ending:
        last = max(
            max(ended + kept, at.today + notice)
            for dossier in ending
            if (ended := ended_on(dossier, at))
        )
        shown.append(Screen(_notice(ending, last)))
    after = _without(conversation, gone)
    return Step(after, tuple(shown), tuple(d.with_act(act) for d in ending), erased=tuple(gone))


def _notice(ending: Sequence[Dossier], on: date) -> str:
    names = [d.debtor_name or words("unnamed_client") for d in ending[:SHOWN]]
    return say("finished_notice", names=names, more=len(ending) - len(names), on=date_longue(on))


def _without(conversation: Conversation, gone: Sequence[str]) -> Conversation:
    """Give the conversation that stands in none of the dossiers gone."""
    digest = tuple(one for one in conversation.digest if one not in gone)
    if conversation.dossier_id not in gone:
        return replace(conversation, digest=digest)
    return replace(
        conversation,
        state="home",
        dossier_id=None,
        scratch={},
        trail=(),
        digest=digest,
        last_pressed="",
    )
