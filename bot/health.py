"""`/healthz`, `/readyz` and `/metrics`, on an address of their own.

| path | 200 when |
|---|---|
| `/healthz` | the process answers and its loops have turned in the last two minutes |
| `/readyz` | the token was accepted, the database can be written to and has the schema of this code |
| `/metrics` | always: Prometheus text; what the database did not tell is NaN |

A refusal is 503 with its reason in words that name neither a person nor a secret. `/readyz` refuses
from the moment the process is asked to end.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bot.serving import Plain, Server
from bot.store import HEAD, StoreError, Unavailable

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from bot.store.waiting import Backlog
    from bot.store.writer import Writer
    from bot.vitals import Vitals
    from flows.law import Law

_PATIENCE = 2.0
"""Seconds for the database to answer, behind what was asked of it before."""
_KEPT = 1.0
"""Seconds during which an answer of the database serves again: many askers cost what one does."""


class Health:
    """Answers for the running bot. `clock` gives the instant, `zone` the day of it."""

    def __init__(
        self,
        vitals: Vitals,
        writer: Writer,
        law: Law,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._vitals, self._writer, self._law = vitals, writer, law
        self._clock, self._zone = clock, zone
        self._renewals_of: date | None = None
        self._asking: asyncio.Task[str] | None = None
        self._refusal, self._asked_at = "", float("-inf")

    def alive(self) -> str:
        """Say why the process should be restarted, "" when all is well."""
        stale = self._vitals.stale()
        return f"boucle arrêtée : {', '.join(stale)}" if stale else ""

    async def ready(self) -> str:
        """Say why nothing should be sent here now, "" when all is well."""
        if self._vitals.stopping:
            return "arrêt en cours"
        if not self._vitals.connected:
            return "jeton pas encore vérifié auprès de Telegram"
        return await self._database()

    async def metrics(self) -> bytes:
        """Give all figures as Prometheus text."""
        now = self._clock()
        today = now.astimezone(self._zone).date()
        if today != self._renewals_of:
            self._vitals.show_law(self._law.renewals(today))
            self._renewals_of = today
        instant = now.timestamp()
        # Both at once: one that has to wait for a lock does not make the other wait after it.
        refusal, backlog = await asyncio.gather(self._database(), self._backlog(int(instant)))
        self._vitals.show(backlog, instant, usable=not refusal)
        return generate_latest(self._vitals.registry)

    async def _backlog(self, now: int) -> Backlog | None:
        """Read what waits, None when the database does not tell."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._writer.read(lambda tx: tx.backlog(now))
        except (StoreError, TimeoutError):
            return None

    async def _database(self) -> str:
        """Say why the database cannot be used, "" when it can."""
        if time.monotonic() - self._asked_at > _KEPT:
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
            self._refusal = await asyncio.shield(self._asking)
        return self._refusal

    async def _ask(self) -> str:
        """Try the database as the next update would: in a transaction that takes the lock to write."""
        try:
            async with asyncio.timeout(_PATIENCE):
                revision = await self._writer.run(lambda tx: tx.schema_revision(), retries=0)
        except TimeoutError:
            return "la base ne répond pas, ou est occupée"
        except Unavailable:
            return "la base est occupée, pleine ou injoignable"
        except StoreError:
            return "la base ne peut pas servir"
        finally:
            self._asking, self._asked_at = None, time.monotonic()
        return "" if revision == HEAD else "le schéma de la base n’est pas celui de cette version"


class HealthServer(Server):
    """Serves the three paths."""

    def __init__(self, health: Health, sockets: Sequence[socket.socket]) -> None:
        parts = {"health": health}
        super().__init__(
            sockets,
            [
                ("/healthz", _Alive, parts),
                ("/readyz", _Ready, parts),
                ("/metrics", _Metrics, parts),
            ],
        )


class _Page(Plain):
    def initialize(self, health: Health) -> None:
        self._health = health

    async def get(self) -> None:
        refusal = await self._refusal()
        self.say(503 if refusal else 200, refusal or "ok")

    async def head(self) -> None:
        await self.get()

    async def _refusal(self) -> str:
        raise NotImplementedError


class _Alive(_Page):
    async def _refusal(self) -> str:
        return self._health.alive()


class _Ready(_Page):
    async def _refusal(self) -> str:
        return await self._health.ready()


class _Metrics(_Page):
    async def get(self) -> None:
        text = await self._health.metrics()
        self.set_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.finish(text)
