"""One person with hundreds of dossiers, as lived as they come: what the list, the card and the overview cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from bot.engine import act_to_row, row_of
from bot.store import Tx
from flows.dossier import Act, ActKind, Dossier
from flows.values import Value
from tests.dialogue.player import PARIS, TODAY
from tests.dialogue.test_causes import CAUSES, to_draft

NAMES = ("Dupont SARL", "Mairie de Lyon", "Nadia Benali", "Garage du Pont", "SCI Les Tilleuls")


@cache
def played() -> tuple[Dossier, ...]:
    """Give a dossier of each cause, played to its first text sent, drafts and all."""
    found = []
    for name in CAUSES:
        player = to_draft(name).press("J’ai")
        if player.state == "sent_how":
            player.press(player.labels[0], "Aujourd’hui")
        found.append(player.dossier)
    return tuple(found)


def crowd(count: int, today: date = TODAY, seed: int = 5) -> Iterator[Dossier]:
    """Give dossiers of all ages and fates, each with the acts of months; the same seed gives the same ones."""
    random = Random(seed)
    for number in range(count):
        template = random.choice(played())
        late = random.randint(-20, 220)
        moved = today - timedelta(days=max(late, 0) + 5)
        acts = [replace(act, on=moved, at=_instant(moved)) for act in template.acts]
        facts: dict[str, Value] = {
            **template.facts,
            "debtor_name": f"{random.choice(NAMES)} {random.randint(1, max(count // 3, 1))}",
            "amount_due": Decimal(random.randint(5_000, 900_000)) / 100,
            "invoice_due_on": today - timedelta(days=late),
            "work_done_on": today - timedelta(days=late + 30 + random.choice((0, 0, 0, 1500))),
        }
        lived = Dossier(f"d{number:09d}", moved, facts, tuple(acts))
        yield _live(lived, random, late, today)


def _live(dossier: Dossier, random: Random, late: int, today: date) -> Dossier:
    sent = next((act for act in dossier.acts if act.kind is ActKind.SENT), None)
    day = dossier.opened_on
    for _ in range(random.randint(2, 7)):
        day = min(day + timedelta(days=random.randint(2, 15)), today)
        made = [_act(ActKind.NUDGED, day, key=f"etape@{len(dossier.acts)}:{day:%Y%m%d}")]
        match random.randint(0, 5):
            case 0 | 1 | 2 if sent:
                made.append(replace(sent, on=day, at=_instant(day)))
            case 3:
                made.append(_act(ActKind.PROMISED, day, promised_on=day + timedelta(days=6)))
            case 4:
                made.append(_act(ActKind.PART_PAID, day, amount=Decimal(10)))
            case _:
                made.append(_act(ActKind.ANSWERED, day, outcome="toujours_rien"))
        for act in made:
            dossier = dossier.with_act(act)
    fate = random.randint(0, 9)
    if fate == 0:
        dossier = dossier.with_act(_act(ActKind.PAID, day))
    elif fate == 1:
        dossier = dossier.with_act(_act(ActKind.CLOSED, day, how="abandon"))
    elif fate == 2:
        dossier = dossier.with_act(_act(ActKind.PAUSED, day))
    elif fate == 3 and late > 60:
        dossier = dossier.with_act(_act(ActKind.HAPPENED, day, what="ordonnance"))
    return dossier


def _act(kind: ActKind, on: date, **data: Value) -> Act:
    return Act(kind, on, _instant(on), data)


def _instant(on: date) -> datetime:
    return datetime.combine(on, time(10), PARIS)


def keep(tx: Tx, chat_id: int, dossiers: Iterator[Dossier]) -> None:
    """Store dossiers with their acts, as the engine does."""
    for dossier in dossiers:
        tx.save_dossier(row_of(dossier, chat_id, 0), [act_to_row(act) for act in dossier.acts])
