"""Work on strangers' files done in a process of its own, that can be ended: `run_apart`, and `bind` within.

What parses a hostile file may loop, or eat all memory. There, a limit of time and of memory ends it
without touching the bot, and it is given none of the bot's settings.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.settings import PREFIX


class Ended(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """The process gave no outcome; the text says why, without anything of what it was given."""


async def run_apart(module: str, given: Iterable[bytes], seconds: int) -> bytes:
    """Run `python -m module` with `given` on its input, one part after the other; give what it wrote.

    The module must read all its input before it writes. Raises Ended when that takes more than
    `seconds`, or when the process fails or is killed.
    """
    # The token and the password of the database have no business beside a stranger's file.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    # It finds the very modules this process has, and nothing in the folder it happens to run in (-P).
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(seconds):
            written = await _exchanged(process, given)
            await process.wait()
    except TimeoutError:
        raise Ended("it took too long") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Ended(f"it ended with code {process.returncode}")
    return written


async def _exchanged(process: asyncio.subprocess.Process, given: Iterable[bytes]) -> bytes:
    into, out = process.stdin, process.stdout
    if into is None or out is None:
        raise RuntimeError("a process apart has no pipes")
    # A process that died reads nothing more: its code tells, not the pipe.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for part in given:  # never joined: together they may weigh as much as a whole dossier
            into.write(part)
            await into.drain()
    into.close()
    return await out.read()


def bind(seconds: int, memory: int) -> None:
    """Let the system end this process when it takes too much; where it cannot, time alone does.

    `memory` in bytes. When the machine itself has none left, this process goes before the bot.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
