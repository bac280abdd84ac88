"""Dossiers that wait for their next reminder, as the bot itself would have stored them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.engine import act_to_row, row_of
from bot.store import ReminderRow, Tx
from flows.dialogue.conversation import Moment
from flows.dialogue.library import Library, due_at
from flows.dossier import Act, ActKind, Dossier
from flows.values import Value

PARIS = ZoneInfo("Europe/Paris")
SENT = datetime(2026, 11, 2, 10, tzinfo=PARIS)
NOW = datetime(2026, 11, 24, 9, tzinfo=PARIS)
"""By then the next reminder of each is due, and only that one."""


@cache
def library() -> Library:
    """Give the law, the catalogue and the ladder, read once."""
    return Library()


def keep(tx: Tx, chat_id: int, name: str) -> str:
    """Store a dossier whose first reminder was sent on `SENT`, with all it is to wake for; give its id."""
    facts: dict[str, Value] = {
        "debtor_kind": "professionnel",
        "debtor_name": name,
        "invoice_due_on": date(2026, 10, 15),
    }
    sent: dict[str, Value] = {"document": "relance_1", "stage": "relance_1", "channel": "mail"}
    acts = tuple(
        Act(kind, SENT.date(), SENT, data)
        for kind, data in ((ActKind.OPENED, {}), (ActKind.SENT, sent))
    )
    dossier = Dossier(f"d{chat_id}{name}", SENT.date(), facts, acts)
    moment = Moment.at(SENT, PARIS)
    wanted = [
        ReminderRow(d.key, int(due_at(d, moment).timestamp()), d.stage.value)
        for d in library().reminders(dossier, moment)
    ]
    tx.save_dossier(row_of(dossier, chat_id, 1), [act_to_row(act) for act in acts])
    tx.sync_reminders(dossier.id, chat_id, wanted)
    return dossier.id
