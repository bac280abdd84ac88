"""Noting what happened that the law counts from, whether it was told by itself or asked for a document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows import ladder
from flows.dialogue.handler import Misunderstood
from flows.dialogue.texts import words
from flows.dialogue.turn import Turn
from flows.dossier import TOLD, ActKind, DebtorKind
from flows.facts import fact
from flows.facts.computed import judgment_on
from flows.facts.legal import title_from
from flows.facts.occurrences import CORRECTING, Occurrence, occurrences
from flows.values import Value
from letters.format import date_courte, euros

TITLE = "titre"
PUBLISHED = "publication_bodacc"
"""The notice from which the declaration of a claim counts: it tells of the procedure as well."""
GESTURE = "gesture_amount"
"""What the person means to take off: no more than a proposal until a credit note makes it."""
JUDGMENT = "procedure_opened_on"
"""The day of the opening judgment."""
NOTICE = "notice_on"
"""The day of a mise en demeure sent before the bot knew of it."""
_NOTICES = {
    DebtorKind.PUBLIC: "mise_en_demeure_public",
    DebtorKind.CONSUMER: "mise_en_demeure_particulier",
    DebtorKind.NONTRADER: "mise_en_demeure_particulier",
}
_NOTICE_DEFAULT = "mise_en_demeure_pro"


def note(turn: Turn, what: str, day: date, **data: Value) -> None:
    """Record that something happened on a day; raises `Misunderstood` when what was noted forbids it."""
    if turn.need_dossier().happened_on(what) == day:
        return
    check_day(turn, occurrences()[what], day)
    turn.record(ActKind.HAPPENED, day, what=what, **data)
    if what == PUBLISHED and not ladder.procedure_open(turn.need_dossier()):
        turn.record(ActKind.PROCEDURE_OPENED, dated="non")


def note_credit(turn: Turn, what: str, day: date, amount: Decimal) -> Decimal:
    """Record a credit note and give what remains; one of the whole closes the dossier.

    Raises `Misunderstood` when it is more than what remains.
    """
    remaining = turn.need_dossier().remaining
    if remaining is None or amount > remaining:
        shown = euros(remaining) if remaining is not None else ""
        raise Misunderstood(words("credit_too_much", amount=shown))
    corrects = "oui" if what == CORRECTING else "non"
    turn.record(ActKind.CREDITED, day, amount=amount, corrects=corrects)
    # The gesture is made: another one is another sum.
    turn.put(turn.need_dossier().without_facts(GESTURE))
    if amount == remaining:
        turn.record(ActKind.CLOSED, how="avoir")
    return remaining - amount


def note_notice(turn: Turn, day: date) -> None:
    """Record a mise en demeure sent on a day, without its text: its delay runs from its receipt."""
    kind = turn.need_dossier().debtor_kind
    document = _NOTICES.get(kind, _NOTICE_DEFAULT) if kind else _NOTICE_DEFAULT
    stage = "mise_en_demeure"
    turn.record(ActKind.SENT, day, document=document, stage=stage, channel="lrar", told=TOLD)


def check_judgment(turn: Turn, day: date) -> None:
    """Refuse a judgment later than its own notice; raises `Misunderstood`."""
    published = turn.need_dossier().happened_on(PUBLISHED)
    if published and day > published:
        label = occurrences()[PUBLISHED].label
        raise Misunderstood(words("event_too_late", then=label, on=date_courte(published)))


def check_day(turn: Turn, one: Occurrence, day: date) -> None:
    """Refuse a day that contradicts what was noted; raises `Misunderstood` with what does."""
    dossier = turn.need_dossier()
    first = {name: dossier.happened_on(name) for name in (one.after, *one.not_before) if name}
    for name, before in first.items():
        if before and day < before:
            label = occurrences()[name].label
            raise Misunderstood(words("event_too_early", first=label, on=date_courte(before)))
    judgment = judgment_on(dossier)
    if one.group == "procedure" and judgment and day < judgment:
        label = fact("procedure_opened_on").label
        raise Misunderstood(words("event_too_early", first=label, on=date_courte(judgment)))
    waited = title_from(dossier, turn.today, turn.library.law) if one.id == TITLE else None
    if waited and day < waited:
        raise Misunderstood(words("title_too_early", on=date_courte(waited)))
