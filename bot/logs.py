"""Logging: one line an event on stderr, with no token, no password and no personal data.

httpx writes every request address at INFO, and a Telegram address holds the token;
python-telegram-bot writes what people typed at DEBUG. Both are held back, and a filter on the
handler masks what still gets through, exception texts included.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

MASK = "***"
_BOT_TOKEN = re.compile(r"(bot)?\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}|bot\d+(?::|%3A)[A-Za-z0-9_-]+")
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s/]+@", re.IGNORECASE)
_FORMAT = "%(asctime)s %(levelname)s %(name)s : %(message)s"
_FLOORS = {
    # Request addresses (the token) and bodies (what people typed), SQL parameters (the same).
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    # Two lines a transition, several an update.
    "transitions": logging.WARNING,
    # What is wrong in a request is said with the header that is: the secret perhaps.
    "tornado": logging.ERROR,
}


class Redact(logging.Filter):
    """Masks tokens, given secrets and passwords in addresses, in all a record can print."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first: a secret that contains another must go as a whole.
        self._secrets = sorted({s for s in secrets if len(s) >= 3}, key=len, reverse=True)
        self._exceptions = logging.Formatter()

    def clean(self, text: str) -> str:
        """Give `text` with every secret replaced by a mask."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", _BOT_TOKEN.sub(MASK, text))

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it is always let through."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # A call with wrong arguments would be printed whole, arguments included, by the
            # handler.
            message = str(record.msg)
        record.msg, record.args = self.clean(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._exceptions.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True


def set_up(level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> Redact:
    """Send every log line from `level` upward to `stream` (stderr), cleaned.

    Replaces earlier handlers. Uncaught exceptions and Python warnings go the same way. Gives the
    filter.
    """
    redact = Redact(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.addFilter(redact)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, floor in _FLOORS.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    return redact


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("relance").critical("arrêt inattendu", exc_info=(kind, error, trace))
