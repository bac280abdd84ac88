"""What the running bot tells of itself: counts, latencies, whether its loops turn.

No label holds anything of a person, of a chat or of the token: their values are words of this code.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)

from bot.telegram.failures import (
    Contested,
    DeliveryError,
    Fatal,
    Flooded,
    MaybeDelivered,
    NotDelivered,
    Rejected,
    ServerTrouble,
    Unreachable,
)
from flows.law import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.pacing import Loop
    from bot.store.waiting import Backlog
    from flows.law import Renewal

_STALE_SECONDS = 120.0
"""A loop that has not turned for so long hangs: its longest wait, a locked database, is far below."""
_REMEMBERED = 20_000
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_KINDS: dict[type[DeliveryError], str] = {
    Flooded: "telegram_429",
    Unreachable: "telegram_403",
    Rejected: "telegram_400",
    NotDelivered: "telegram_unreachable",
    ServerTrouble: "telegram_5xx",
    MaybeDelivered: "telegram_answer_lost",
    Contested: "telegram_409",
    Fatal: "telegram_fatal",
}
_OTHER_KINDS = ("store", "update", "telegram_other")


class Vitals:
    """The figures of one process. `pace` is a monotonic clock in seconds."""

    def __init__(self, pace: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._loops: dict[str, Loop] = {}
        self._stored: OrderedDict[int, float] = OrderedDict()
        self._unsent: OrderedDict[int, list[float]] = OrderedDict()
        self._sends = True
        self.connected = False
        """Whether Telegram has said that the token is good."""
        self.stopping = False
        """Whether the process was asked to end."""
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._received = Counter("relance_updates_received", "Updates stored", registry=registry)
        self._repeated = Counter(
            "relance_updates_repeated", "Updates that had been stored before", registry=registry
        )
        self._handled = Counter("relance_updates_handled", "Updates handled", registry=registry)
        self._failed = Counter(
            "relance_updates_failed", "Updates given up after their last try", registry=registry
        )
        self._to_handled = Histogram(
            "relance_update_handled_seconds",
            "From the storing of an update to the end of its handling",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._to_sent = Histogram(
            "relance_update_sent_seconds",
            "From the storing of an update to the next message that left for its chat",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._sent = Counter("relance_messages_sent", "Messages sent", registry=registry)
        self._floods = Counter("relance_telegram_429", "Answers 429 of Telegram", registry=registry)
        self._errors = Counter("relance_errors", "Errors by kind", ["kind"], registry=registry)
        for kind in (*_KINDS.values(), *_OTHER_KINDS):
            self._errors.labels(kind)
        self._requests = Counter(
            "relance_webhook_requests",
            "Requests to the webhook by status answered",
            ["status"],
            registry=registry,
        )
        self._lines = Counter(
            "relance_log_lines",
            "Log lines from WARNING upward by level and module",
            ["level", "module"],
            registry=registry,
        )
        self._waiting = {
            name: Gauge(f"relance_{name}", words, registry=registry)
            for name, words in {
                "inbox_waiting": "Updates stored and not handled",
                "inbox_oldest_age_seconds": "Age of the oldest of them",
                "outbox_pending": "Messages to be sent or on their way",
                "outbox_oldest_age_seconds": "Age of the oldest of them",
                "reminders_oldest_due_age_seconds": "How late the most overdue reminder is",
            }.items()
        }
        self._database = Gauge(
            "relance_database_up", "1 when the database can be written to", registry=registry
        )
        self._sender = Gauge(
            "relance_sender",
            "1 in the process that sends, of those that share a database",
            registry=registry,
        )
        self._law = Gauge(
            "relance_law_parameters_to_renew",
            "Parameters of the law to be renewed, by how pressing",
            ["severity"],
            registry=registry,
        )

    # --- updates -------------------------------------------------------------------------

    def stored(self, update_ids: Sequence[int], new: int) -> None:
        """Note a batch that was stored, `new` of them for the first time."""
        self._received.inc(new)
        self._repeated.inc(len(update_ids) - new)
        if new == len(update_ids):  # else it is not known which
            now = self._pace()
            self._stored.update(dict.fromkeys(update_ids, now))
            while len(self._stored) > _REMEMBERED:
                self._stored.popitem(last=False)

    def handled(self, update_id: int, chat_id: int, age: float, *, answered: bool) -> None:
        """Note an update that was handled; `answered`: a message will leave for it.

        `age`: seconds since it was stored, for one that an earlier process stored.
        """
        now = self._pace()
        stored_at = self._stored.pop(update_id, now - max(0.0, age))
        self._handled.inc()
        self._to_handled.observe(now - stored_at)
        if answered and self._sends:
            self._unsent.setdefault(chat_id, []).append(stored_at)
            if len(self._unsent) > _REMEMBERED:
                self._unsent.popitem(last=False)

    def given_up(self, update_id: int) -> None:
        """Note an update that will not be tried again."""
        self._stored.pop(update_id, None)
        self._failed.inc()

    def posted(self, status: int) -> None:
        """Note what a request to the webhook was answered."""
        self._requests.labels(str(status)).inc()

    # --- messages and errors -------------------------------------------------------------

    def sent(self, chat_id: int) -> None:
        """Note that a message left."""
        self._sent.inc()
        now = self._pace()
        for stored_at in self._unsent.pop(chat_id, ()):
            self._to_sent.observe(now - stored_at)

    def not_sent(self, chat_id: int, failure: Exception) -> None:
        """Note that a message did not leave, or perhaps."""
        self.trouble(failure)
        if isinstance(failure, Unreachable | Rejected):
            self._unsent.pop(chat_id, None)

    def trouble(self, failure: Exception) -> None:
        """Note what went wrong toward Telegram."""
        if isinstance(failure, Flooded):
            self._floods.inc()
        self._errors.labels(_KINDS.get(type(failure), "telegram_other")).inc()  # type: ignore[arg-type]

    def error(self, kind: str) -> None:
        """Note what went wrong inside: `store` (the database) or `update` (a bug met by an update)."""
        self._errors.labels(kind).inc()

    def line(self, level: str, module: str) -> None:
        """Note a log line."""
        self._lines.labels(level, module).inc()

    def seated(self, *, holds: bool) -> None:
        """Note whether this process is the one that sends; what it waited to see leave, another sends."""
        self._sends = holds
        self._sender.set(holds)
        if not holds:
            self._unsent.clear()

    # --- the state of the moment ---------------------------------------------------------

    def watch(self, name: str, loop: Loop) -> None:
        """Have the loop's turns looked at from now on."""
        self._loops[name] = loop

    def stale(self) -> list[str]:
        """Name the loops that have not turned lately."""
        now = self._pace()
        return [name for name, at in self._loops.items() if now - at.turned_at > _STALE_SECONDS]

    def show(self, backlog: Backlog | None, now: float, *, usable: bool) -> None:
        """Set the figures of what waits; None when the database did not tell: they are unknown.

        `usable`: it can be written to.
        """
        self._database.set(usable)
        figures: Iterable[float]
        if backlog is None:
            figures = [float("nan")] * len(self._waiting)
        else:
            figures = (
                backlog.updates,
                _age(backlog.oldest_update_at, now),
                backlog.messages,
                _age(backlog.oldest_message_at, now),
                _age(backlog.oldest_due_at, now),
            )
        for gauge, figure in zip(self._waiting.values(), figures, strict=True):
            gauge.set(figure)

    def show_law(self, renewals: Iterable[Renewal]) -> None:
        """Set how many parameters of the law are to be renewed."""
        found = [renewal.severity for renewal in renewals]
        for severity in Severity:
            self._law.labels(severity.value).set(found.count(severity))


def _age(at: int | None, now: float) -> float:
    return 0.0 if at is None else max(0.0, now - at)


class CountedLines(logging.Handler):
    """Counts what is logged from WARNING upward; of a line it takes its level and its module."""

    def __init__(self, vitals: Vitals) -> None:
        super().__init__(logging.WARNING)
        self._vitals = vitals

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self._vitals.line(record.levelname, record.name)
