"""What the two HTTP servers of the bot share: plain answers, nothing logged, nothing told of itself."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

_IDLE_SECONDS = 60
"""How long a connection may stay without a request, or with half of one's headers."""
_HEADER_BYTES = 16_384
_NO_LIMIT = 2**62
"""Bodies are bounded where they are read: the server's own bound cannot answer 413."""


class Plain(RequestHandler):
    """A request answered by a status and a few words."""

    def set_default_headers(self) -> None:
        """Say neither what serves nor in which version."""
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")

    def say(self, status: int, words: str = "") -> None:
        """Answer."""
        self.set_status(status)
        self.finish(words + "\n" if words else "")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer what the server itself refuses without a word of what was sent."""
        self.set_status(status_code)
        self.finish()

    def log_exception(self, *_: Any) -> None:
        """Log nothing: what a handler must tell it tells itself, without what was sent."""


class Server:
    """Serves one handler for each path on sockets that listen already."""

    def __init__(
        self, sockets: Sequence[socket.socket], routes: Sequence[tuple[str, Any, dict[str, Any]]]
    ) -> None:
        self._sockets = sockets
        application = Application(
            list(routes), log_function=_log_nothing, default_handler_class=_Nothing
        )
        self._server = HTTPServer(
            application,
            idle_connection_timeout=_IDLE_SECONDS,
            max_header_size=_HEADER_BYTES,
            max_body_size=_NO_LIMIT,
        )

    def start(self) -> None:
        """Accept. Needs a running event loop."""
        self._server.add_sockets(self._sockets)

    def stop(self) -> None:
        """Accept nothing more; what is connected stays."""
        self._server.stop()

    async def close(self) -> None:
        """Close what is still connected."""
        self.stop()
        for taken in self._sockets:
            taken.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._server.close_all_connections()


class _Nothing(Plain):
    def prepare(self) -> None:
        self.say(404)


def _log_nothing(_: RequestHandler) -> None:
    pass
