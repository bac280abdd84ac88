"""Posts to the bot's webhook as Telegram makes them, and as nobody should: byte by byte if need be."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from contextlib import closing
from typing import Any

SECRET = "Un-secret_de-l-exploitant-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/poste/relance"


def free_port() -> int:
    """Give a port that nobody listens at."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def webhook_settings(port: int, health: int) -> dict[str, str]:
    """Give the settings of a bot that receives by webhook and tells of its health."""
    return {
        "RELANCE_WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "RELANCE_WEBHOOK_SECRET": SECRET,
        "RELANCE_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "RELANCE_HEALTH_LISTEN": f"127.0.0.1:{health}",
    }


def message(update_id: int, words: str, chat_id: int = 900_001) -> dict[str, Any]:
    """Give the update of a person who writes `words` in private."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Dominique"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_795_000_000,
            "chat": {"id": chat_id, "type": "private", "first_name": "Dominique"},
            "from": person,
            "text": words,
        },
    }


def post(
    port: int,
    body: Any,
    *,
    secret: str | None = SECRET,
    path: str = PATH,
    method: str = "POST",
    kind: str = "application/json",
    headers: tuple[str, ...] = (),
) -> int:
    """Send a request in one piece; give the status answered."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: bot", f"Content-Type: {kind}"]
    if secret is not None:
        lines.append(f"{HEADER}: {secret}")
    if not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in headers):
        lines.append(f"Content-Length: {len(content)}")
    head = "\r\n".join([*lines, *headers, "Connection: close"]).encode() + b"\r\n\r\n"
    status, _ = exchange(port, [head + content])
    return status


def exchange(
    port: int, pieces: list[bytes], *, pause: float = 0, timeout: float = 30
) -> tuple[int, bytes]:
    """Send pieces with a pause after each; give the status (0: closed without one) and all that came."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout)) as line:
        came = b""
        try:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
            while part := line.recv(65536):
                came += part
        except (ConnectionResetError, BrokenPipeError):
            pass
    status = came.split(b" ", 2)[1] if came.startswith(b"HTTP/1.") else b"0"
    return int(status), came


def look(port: int, page: str) -> tuple[int, str]:
    """Ask for a page of the health server; give its status and its text."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=15) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
