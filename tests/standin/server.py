"""The HTTP side: keep-alive, GET and POST, faults, files, and the record of every call."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
import traceback
import urllib.parse
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from . import account, messages
from .limits import ApiError, Json
from .params import Params, read_params
from .registry import METHODS

if TYPE_CHECKING:
    from .faults import Fault, Faults
    from .state import World

# Importing these modules is what fills the table of methods.
LOADED = (account, messages)

_FORM_OVERHEAD = 64 * 1024
_UNCHECKED = {401, 403, 409, 429}


@dataclass(slots=True)
class Call:
    """A request received. `status` is 0 while it waits; `injected` is the fault that struck it.

    `at` is the server's clock. An answer that was lost after the work keeps the status it would
    have had.
    """

    method: str
    params: dict[str, Any]
    at: float
    status: int = 0
    description: str = ""
    injected: str = ""
    result: Any = field(default=None, repr=False)

    @property
    def chat_id(self) -> int | None:
        """The chat meant, None when the method has none."""
        return _chat_id(self.params.get("chat_id"))

    @property
    def refused(self) -> bool:
        """Whether the call was wrong, as opposed to struck, paced, blocked or in conflict."""
        struck = self.injected in {"error", "drop", "hang"}
        return self.status >= 400 and not struck and self.status not in _UNCHECKED

    def __str__(self) -> str:
        return f"{self.method}({self.params}) -> {self.status} {self.description}".rstrip()


def _chat_id(raw: Any) -> int | None:
    try:
        return int(raw)
    except (TypeError, ValueError):
        return None


class ApiServer(ThreadingHTTPServer):
    """Serves one world. Every connection is closed with the server."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, world: World, faults: Faults) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.world = world
        self.faults = faults
        self.calls: list[Call] = []
        self.crashes: list[str] = []
        self._open: dict[socket.socket, threading.Thread] = {}

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection and keep it known while it lasts."""
        with self.world.changed:
            self._open[request] = threading.current_thread()
            if self.world.closed:  # accepted at the very moment of the stop
                request.shutdown(socket.SHUT_RDWR)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.world.changed:
                self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep the trace of a failure of the server itself; a client that left is none."""
        with self.world.changed:
            self.crashes.append(traceback.format_exc())

    def stop(self) -> None:
        """Stop listening, wake every waiting call, close every connection, join their threads."""
        with self.world.changed:
            self.world.closed = self.world.queue.closed = True
            self.world.changed.notify_all()
        self.shutdown()
        with self.world.changed:
            still = dict(self._open)
        for connection in still:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still.values():
            thread.join(5)
        self.server_close()

    def answer(self, name: str, params: Params, call: Call) -> tuple[int, Json]:
        """Do the work of a call; return the HTTP status and the body, kept in the record too."""
        entry = METHODS.get(name.lower())
        try:
            if self.world.logged_out:
                raise ApiError(400, "Logged out")
            if entry is None:
                raise ApiError(404, "Not Found")
            with self.world.changed:
                call.result = entry[1](self.world, params)
            call.status = 200
            return 200, {"ok": True, "result": call.result}
        except ApiError as error:
            return refuse(call, error)


def refuse(call: Call, error: ApiError) -> tuple[int, Json]:
    """Write a refusal in the record and return its HTTP status and body."""
    call.status, call.description = error.code, error.description
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return error.code, body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ApiServer

    def handle(self) -> None:
        """Serve the connection until the client leaves, even rudely."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent: the record of calls says it all, and lines would hold the token."""

    def do_GET(self) -> None:
        """Serve a method or a file."""
        self._route()

    def do_POST(self) -> None:
        """Serve a method."""
        self._route()

    def _route(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(parts.path)
        token = self.server.world.token
        if path.startswith("/file/bot"):
            given, _, rest = path.removeprefix("/file/bot").partition("/")
            return self._file(rest) if given == token else self._fail(401, "Unauthorized")
        if not path.startswith("/bot"):
            return self._fail(404, "Not Found")
        given, slash, name = path.removeprefix("/bot").partition("/")
        if not slash or not given.partition(":")[0].isdigit() or not given.partition(":")[2]:
            return self._fail(404, "Not Found")
        if given != token:
            return self._fail(401, "Unauthorized")
        return self._method(name, parts.query)

    def _file(self, path: str) -> None:
        """Serve a file, recorded and struck like a method named « file »."""
        server = self.server
        call = Call("file", {"file_path": path}, server.world.clock.now())
        server.calls.append(call)
        with server.world.changed:
            stored = server.world.shelf.by_path(path)
        fault = server.faults.take("file", None)
        if fault is not None:
            call.injected = fault.kind
            if fault.kind in {"error", "drop", "hang"}:
                return self._struck(fault, call)
        if stored is None:
            return self._json(*refuse(call, ApiError(404, "Not Found")))
        call.status = 200
        if fault is not None and fault.kind == "late":
            time.sleep(fault.seconds)
        if fault is None or fault.kind == "late":
            return self._write(200, stored.content, stored.mime)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(stored.content)}\r\n\r\n"
        half = len(stored.content) // 2
        self.wfile.write(head.encode() + stored.content[:half])
        if fault.kind == "drip":
            time.sleep(fault.seconds)
            self.wfile.write(stored.content[half:])
            return None
        return self._leave(fault.seconds if fault.kind == "stall" else 0)

    def _body(self) -> bytes | None:
        """Return the body, None when it is too large (it is then read and dropped)."""
        length = int(self.headers.get("Content-Length") or 0)
        if length <= self.server.world.limits.upload_bytes + _FORM_OVERHEAD:
            return self._read(length)
        while length > 0:
            length -= len(self._read(min(length, 1 << 20)))
        return None

    def _read(self, length: int) -> bytes:
        """Return exactly that many bytes; a client that died meanwhile has called nothing."""
        content = self.rfile.read(length)
        if len(content) < length:
            raise ConnectionResetError("the client left in the middle of its request")
        return content

    def _method(self, name: str, query: str) -> None:
        server = self.server
        body = self._body()
        shown = METHODS[name.lower()][0] if name.lower() in METHODS else name
        call = Call(shown, {}, server.world.clock.now())
        server.calls.append(call)
        params = Params()
        try:
            params = read_params(query, self.headers.get("Content-Type", ""), body or b"")
            largest = max((len(u.content) for u in params.uploads.values()), default=0)
            if body is None or largest > server.world.limits.upload_bytes:
                raise ApiError(413, "Request Entity Too Large")
        except ApiError as error:
            return self._json(*refuse(call, error))
        call.params = params.record()
        fault = server.faults.take(name, call.chat_id)
        if fault is not None:
            call.injected = fault.kind
            if fault.kind in {"error", "drop", "hang"}:
                return self._struck(fault, call)
        status, answer = server.answer(name, params, call)
        if fault is not None and fault.kind == "late":
            time.sleep(fault.seconds)
        if fault is None or fault.kind == "late":
            return self._json(status, answer)
        return self._leave(fault.seconds if fault.kind == "stall" else 0)

    def _struck(self, fault: Fault, call: Call) -> None:
        if fault.error is not None:
            return self._json(*refuse(call, fault.error))
        return self._leave(fault.seconds if fault.kind == "hang" else 0)

    def _leave(self, seconds: float) -> None:
        """Close the connection without an answer, after `seconds` or when the client has gone."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.server.world.closed:
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.05))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                break
        self.close_connection = True

    def _fail(self, code: int, description: str) -> None:
        """Answer outside of any method."""
        self._body()
        body = {"ok": False, "error_code": code, "description": description}
        self._json(code, body)

    def _json(self, status: int, body: Json) -> None:
        self._write(status, json.dumps(body).encode(), "application/json", body.get("parameters"))

    def _write(self, status: int, content: bytes, mime: str, more: Json | None = None) -> None:
        """Answer in one write, so that no client waits for a second packet."""
        head = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Type: {mime}",
            f"Content-Length: {len(content)}",
        ]
        if more and "retry_after" in more:
            head.append(f"Retry-After: {more['retry_after']}")
        self.wfile.write("\r\n".join([*head, "", ""]).encode() + content)
