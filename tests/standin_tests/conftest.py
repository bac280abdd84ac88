"""A stand-in for each test, and a bot that is nothing but raw HTTP."""

from __future__ import annotations

import json
import struct
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.standin import Limits, Pace, Person, StandIn


@dataclass(frozen=True)
class RawBot:
    """A bot made of urllib: what it sends is exactly what is written here."""

    api: StandIn

    def send(
        self,
        path: str,
        body: bytes | None = None,
        kind: str = "application/json",
    ) -> tuple[int, dict[str, Any]]:
        """Return the status and the decoded body of a request."""
        headers = {"Content-Type": kind} if body is not None else {}
        request = urllib.request.Request(self.api.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as wrong:
            with wrong:
                return wrong.code, json.load(wrong)

    def call(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        """Call a method with a JSON body."""
        return self.send(f"/bot{self.api.token}/{method}", json.dumps(params).encode())

    def ok(self, method: str, **params: Any) -> Any:
        """Call a method that must succeed and return its result."""
        status, body = self.call(method, **params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """Call a method that must be refused; return its code and description."""
        status, body = self.call(method, **params)
        assert body["ok"] is False
        assert body["error_code"] == status
        return status, body["description"]

    def upload(
        self, method: str, field: str, name: str, content: bytes, **params: str
    ) -> tuple[int, dict[str, Any]]:
        """Call a method with a multipart body."""
        lines = [
            f'--limit\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in params.items()
        ]
        lines.append(
            f'--limit\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = "".join(lines).encode() + content + b"\r\n--limit--\r\n"
        path = f"/bot{self.api.token}/{method}"
        return self.send(path, body, "multipart/form-data; boundary=limit")

    def updates(self, offset: int = 0, timeout: int = 0) -> list[dict[str, Any]]:
        """Poll once."""
        found = self.ok("getUpdates", offset=offset, timeout=timeout)
        assert isinstance(found, list)
        return found


@pytest.fixture
def api() -> Iterator[StandIn]:
    """Return a running stand-in."""
    with StandIn() as running:
        yield running


@pytest.fixture
def make_api() -> Iterator[Callable[..., StandIn]]:
    """Return a maker of running stand-ins with their own limits or pace."""
    made: list[StandIn] = []

    def make(limits: Limits | None = None, pace: Pace | None = None) -> StandIn:
        made.append(StandIn(limits=limits, pace=pace).start())
        return made[-1]

    yield make
    for running in made:
        running.stop()


@pytest.fixture
def raw(api: StandIn) -> RawBot:
    """Return a raw bot on the stand-in."""
    return RawBot(api)


@pytest.fixture
def camille(api: StandIn) -> Person:
    """Return somebody who has started the bot."""
    person = api.person("Camille")
    person.start()
    return person


@pytest.fixture
def raw_on() -> Callable[[StandIn], RawBot]:
    """Return a maker of raw bots for a stand-in of one's own."""
    return RawBot


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return threads for calls that wait."""
    with ThreadPoolExecutor(8) as threads:
        yield threads


@pytest.fixture
def png() -> Callable[[int, int], bytes]:
    """Return a maker of white PNG pictures of a given size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    def make(width: int, height: int) -> bytes:
        head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
        rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
        parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(parts)

    return make
