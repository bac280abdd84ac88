"""A file from a stranger, read in a process of its own: `accept_apart`.

`python -m bot.accepting` is that process: a file on its input, what came of it on its output.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from bot.apart import Ended, bind, run_apart
from bot.limits import limits

if TYPE_CHECKING:
    from letters.exhibits import Exhibit

_LOG = logging.getLogger(__name__)
# What a stranger's file has wrong is told to the person in a sentence, not to the terminal.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
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
    try:
        written = await run_apart("bot.accepting", [content], limits().accept_seconds)
    except Ended as ended:
        _LOG.warning("a file could not be read and was refused: %s", ended)
        raise NotAccepted(UNREADABLE) from None
    return _unpacked(written)


def main() -> None:
    """Read a file on the standard input, accept it, write the outcome."""
    bind(limits().accept_seconds, limits().accept_memory_bytes)
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
