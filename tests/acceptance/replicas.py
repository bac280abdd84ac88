"""Several bots on one PostgreSQL database, behind one address, as a proxy would put them."""

from __future__ import annotations

import itertools
import socket
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Self

from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.bot_process import BotProcess
from tests.acceptance.posting import PATH, SECRET, free_port, look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from tests.standin import StandIn

_PIECE = 65_536


class Front:
    """A proxy: each connection goes to the next bot in turn that takes it, or is closed when none does."""

    def __init__(self, ports: list[int]) -> None:
        self._turn = itertools.count()
        self._ports = ports
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._work, name="front", daemon=True)

    def start(self) -> None:
        """Take connections."""
        self._thread.start()

    def close(self) -> None:
        """Take none any more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        first = next(self._turn)
        with closing(line):
            for place in range(len(self._ports)):
                port = self._ports[(first + place) % len(self._ports)]
                with (
                    suppress(OSError),
                    closing(socket.create_connection(("127.0.0.1", port))) as bot,
                ):
                    there = threading.Thread(target=_pour, args=(line, bot), daemon=True)
                    there.start()
                    _pour(bot, line)
                    there.join(1)
                    return


def _pour(from_: socket.socket, to: socket.socket) -> None:
    """Carry what one says to the other until it has no more to say."""
    with suppress(OSError):
        while piece := from_.recv(_PIECE):
            to.sendall(piece)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)


class Replicas:
    """`count` bots that share a stand-in, a database and a webhook. A context manager, or `close` it."""

    def __init__(
        self, api: StandIn, folder: Path, database: str, count: int = 2, **settings: str
    ) -> None:
        ports = [free_port() for _ in range(count)]
        self.front = Front(ports)
        self._health = [free_port() for _ in range(count)]
        self.bots = [
            BotProcess(
                api,
                folder / str(number),
                RELANCE_DATABASE_URL=database,
                RELANCE_WEBHOOK_URL=f"http://127.0.0.1:{self.front.port}{PATH}",
                RELANCE_WEBHOOK_SECRET=SECRET,
                RELANCE_WEBHOOK_LISTEN=f"127.0.0.1:{port}",
                RELANCE_HEALTH_LISTEN=f"127.0.0.1:{health}",
                **settings,
            )
            for number, (port, health) in enumerate(zip(ports, self._health, strict=True))
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[BotProcess]:
        return iter(self.bots)

    def __getitem__(self, place: int) -> BotProcess:
        return self.bots[place]

    def start(self) -> Self:
        """Start the proxy and every bot, the first alone so that it makes the tables."""
        self.front.start()
        for bot in self.bots:
            bot.start()
        return self

    def close(self) -> None:
        """Leave nothing running."""
        for bot in self.bots:
            bot.close()
        self.front.close()

    def go_to(self, day: date, hour: int = 10) -> None:
        """Let it be that hour of that day for all."""
        for bot in self.bots:
            bot.go_to(day, hour)

    def figure(self, place: int, name: str) -> float:
        """Give a figure that a bot tells of itself."""
        _, text = look(self._health[place], "metrics")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name:
                    return float(sample.value)
        raise AssertionError(f"no figure {name}")

    def senders(self) -> list[int]:
        """Give the places of the running bots that have the sender's seat."""
        return [
            place
            for place, bot in enumerate(self.bots)
            if bot.running and self.figure(place, "relance_sender") == 1
        ]

    def sender(self) -> int:
        """Wait until one bot has the seat; give its place."""
        waiting = next(bot for bot in self.bots if bot.running)
        waiting.wait(self.senders, "nobody sends")
        (place,) = self.senders()
        return place
