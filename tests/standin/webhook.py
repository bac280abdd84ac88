"""Posting updates to the bot's own address, in order, until each is taken."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from .limits import Json, bad_request

if TYPE_CHECKING:
    from .state import World

_LOCAL = {"127.0.0.1", "localhost", "::1"}
_PORTS = {443, 80, 88, 8443}
_RETRY_SECONDS = 0.2
_ANSWER_SECONDS = 10.0


def check_url(url: str) -> None:
    """Refuse what Telegram refuses; this machine may be reached by http and any port."""
    parts = urllib.parse.urlsplit(url)
    if parts.hostname in _LOCAL and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


class Courier(threading.Thread):
    """Carries updates to the webhook while there is one. An update is confirmed by a 2xx answer."""

    def __init__(self, world: World) -> None:
        super().__init__(name="standin-webhook", daemon=True)
        self._world = world

    def run(self) -> None:
        """Carry until the server closes."""
        changed = self._world.changed
        while True:
            with changed:
                changed.wait_for(lambda: self._world.closed or self._next() is not None)
                if self._world.closed:
                    return
                job = self._next()
            if job is not None and not self._carry(*job):
                with changed:
                    changed.wait_for(lambda: self._world.closed, _RETRY_SECONDS)

    def _next(self) -> tuple[Json, Json] | None:
        hook, update = self._world.queue.webhook, self._world.queue.first()
        return (hook, update) if hook is not None and update is not None else None

    def _carry(self, hook: Json, update: Json) -> bool:
        request = urllib.request.Request(
            hook["url"],
            json.dumps(update).encode(),
            {"Content-Type": "application/json"},
        )
        if hook["secret_token"]:
            request.add_header("X-Telegram-Bot-Api-Secret-Token", hook["secret_token"])
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:
                answer.read()
        except urllib.error.HTTPError as wrong:
            wrong.close()
            return self._failed(hook, f"Wrong response from the webhook: {wrong.code}")
        except OSError:
            return self._failed(hook, "Connection refused")
        with self._world.changed:
            self._world.queue.taken(update)
        return True

    def _failed(self, hook: Json, reason: str) -> bool:
        with self._world.changed:
            hook["last_error_date"] = int(self._world.clock.now())
            hook["last_error_message"] = reason
        return False
