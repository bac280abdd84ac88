"""A file from a stranger, read in a process of its own: `accept_apart`.

What parses a hostile file may loop, or eat all memory. There, a limit of time and of memory ends it
without touching the bot, and it is given none of the bot's settings. `python -m bot.accepting` is
that process: a file on its input, what came of it on its output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from bot.limits import limits
from bot.settings import PREFIX

if TYPE_CHECKING:
    from letters.exhibits import Exhibit

_LOG = logging.getLogger(__name__)
UNREADABLE = "broken"
"""What is said of a file that its reader could not bear: the code of `letters.exhibits` for a damaged one."""


class NotAccepted(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """The file cannot be an exhibit. `code` is one of `letters.exhibits`, the same for all channels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def accept_here(content: bytes) -> Exhibit:
    """Accept a file in this process. Raises NotAccepted."""
    from letters.exhibits import ExhibitRefused, accept

    try:
        return accept(content)
    except ExhibitRefused as refusal:
        raise NotAccepted(refusal.code) from None


async def accept_apart(content: bytes) -> Exhibit:
    """Accept a file in another process, within the limits. Raises NotAccepted."""
    # The token and the password of the database have no business beside a stranger's file.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    # It finds the very modules this process has, and nothing in the folder it happens to run in (-P).
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "bot.accepting",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(limits().accept_seconds):
            written, _ = await process.communicate(content)
    except TimeoutError:
        _LOG.warning("a file took too long to read and was refused")
        raise NotAccepted(UNREADABLE) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        _LOG.warning("the reader of a file ended with code %s", process.returncode)
        raise NotAccepted(UNREADABLE)
    return _unpacked(written)


def main() -> None:
    """Read a file on the standard input, accept it, write the outcome."""
    _bind()
    content = sys.stdin.buffer.read()
    answer: dict[str, Any]
    with contextlib.redirect_stdout(sys.stderr):
        try:
            exhibit = accept_here(content)
        except NotAccepted as refusal:
            answer, body = {"refused": refusal.code}, b""
        else:
            answer = {"pages": exhibit.pages, "kind": exhibit.kind, "sha256": exhibit.sha256}
            body = exhibit.content
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _bind() -> None:
    """Let the system end this process when it takes too much; where it cannot, time alone does."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        seconds, memory = limits().accept_seconds, limits().accept_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _unpacked(written: bytes) -> Exhibit:
    from letters.exhibits import Exhibit

    head, _, body = written.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise NotAccepted(answer["refused"])
    return Exhibit(
        content=body, pages=answer["pages"], kind=answer["kind"], sha256=answer["sha256"]
    )


if __name__ == "__main__":
    main()
