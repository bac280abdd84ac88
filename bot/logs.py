"""Logging: one line an event on stderr, with no token, no password and no personal data, at any level.

Other libraries write request addresses (which hold the token), what people typed, SQL parameters and
what a picture says of itself: below a warning none of them is heard. An exception is written as its
place in the code and its kind, never its words: anybody's may be among them, except in those of `bot`,
written for the operator, and of the system. A filter on the handler masks the secrets in what is left.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from traceback import TracebackException
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator
    from types import TracebackType

MASK = "***"
_BOT_TOKEN = re.compile(r"(bot)?\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}|bot\d+(?::|%3A)[A-Za-z0-9_-]+")
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s/]+@", re.IGNORECASE)
_FORMAT = "%(asctime)s %(levelname)s %(name)s : %(message)s"
_OWN = frozenset({"bot", "flows", "letters", "relance"})
_HEARD = _OWN | {"py"}  # the warnings of Python itself
_FLOORS = {
    # Held where they are made: what is not heard costs nothing either.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    # Two lines a transition, several an update.
    "transitions": logging.WARNING,
    "asyncio": logging.WARNING,
    "PIL": logging.WARNING,
    # What is wrong in a request is said with the header that is: the secret perhaps.
    "tornado": logging.ERROR,
    # What is wrong in a file is said with what is in it.
    "pypdf": logging.CRITICAL,
}


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A call with wrong arguments would be printed whole, arguments included, by the handler.
        return str(record.msg)


def without_words(error: BaseException | None, trace: TracebackType | None) -> str:
    """Write an exception as its places and kinds, and those it came from; of its words only an operator's."""
    if error is None:
        return "(no exception)"
    lines = _places(TracebackException(type(error), error, trace, compact=True), error)
    return "\n".join(lines)


def _places(told: TracebackException, error: BaseException) -> Iterator[str]:
    if told.__cause__ and error.__cause__:
        yield from _places(told.__cause__, error.__cause__)
        yield "which led to:"
    elif told.__context__ and error.__context__ and not told.__suppress_context__:
        yield from _places(told.__context__, error.__context__)
        yield "during which:"
    yield "Traceback:"
    yield from (line.rstrip() for line in told.stack.format())
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    speaks = kind.__module__.partition(".")[0] == "bot" or isinstance(error, OSError)
    yield f"{name}: {error}" if speaks else name
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _places(
                TracebackException(type(inner), inner, inner.__traceback__, compact=True), inner
            )


class Redact(logging.Filter):
    """Masks tokens, given secrets and passwords in addresses, in all a record can print."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first: a secret that contains another must go as a whole.
        self._secrets = sorted({s for s in secrets if len(s) >= 3}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Give `text` with every secret replaced by a mask."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", _BOT_TOKEN.sub(MASK, text))

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place. False for what another library says below a warning."""
        if record.levelno < logging.WARNING and record.name.partition(".")[0] not in _OWN:
            return False
        if record.name.partition(".")[0] not in _HEARD:
            # Its arguments may be an error, a request or a task, with all they hold.
            message = str(record.msg).partition("\n")[0]
        else:
            message = _message(record)
        record.msg, record.args = self.clean(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = without_words(*record.exc_info[1:])
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
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable
    return redact


def log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Write what a task or a callback raised and nobody took: the handler of an event loop.

    That of asyncio writes the exception with its words, and the task with what it was given.
    """
    error = context.get("exception")
    told = (type(error), error, error.__traceback__) if error else None
    _LOG.error("%s", context["message"], exc_info=told)


_LOG = logging.getLogger("relance")


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _LOG.critical("arrêt inattendu", exc_info=(kind, error, trace))


def _log_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        told = (args.exc_type, args.exc_value, args.exc_traceback)
        _LOG.error("a thread ended unexpectedly", exc_info=told)


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        told = (args.exc_type, args.exc_value, args.exc_traceback)
        _LOG.error("an error nobody could take", exc_info=told)
