"""`python -m tests.standin --port 8081`: the stand-in as a process, one person at the keyboard.

Each line is what the person does: a text is said; `!press words` presses a button, `!file path`
sends a file, `!photo path` a picture, `!sticker`, `!voice`, `!block`, `!unblock`, `!advance
seconds`, `!calls` lists what the bot asked and what was refused, `!quit` ends. What the bot shows
is printed as it comes.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from . import Pace, Person, StandIn
from .standin import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable


def _acts(api: StandIn, person: Person) -> dict[str, Callable[[str], object]]:
    """Return what each `!word` does with the rest of its line."""
    return {
        "press": lambda rest: _press(person, rest),
        "file": lambda rest: person.send_document(Path(rest).name, Path(rest).read_bytes()),
        "photo": lambda rest: person.send_photo(Path(rest).read_bytes()),
        "sticker": lambda rest: person.send_sticker(),
        "voice": lambda rest: person.send_voice(),
        "block": lambda rest: person.block(),
        "unblock": lambda rest: person.unblock(),
        "advance": lambda rest: api.advance(float(rest)),
        "calls": lambda rest: print("\n".join(map(str, api.calls()))),
    }


def _press(person: Person, label: str) -> None:
    """Press a button of any message still shown, the newest first."""
    for message in reversed(person.messages()):
        if message.find(label):
            person.press(label, message)
            return
    print(f"no button « {label} »", file=sys.stderr)


def _print_screen(person: Person, ended: threading.Event) -> None:
    """Print what the bot shows until the end."""
    while not ended.is_set():
        try:
            print(person.expect(timeout=0.2, since=0), flush=True)
        except AssertionError:
            continue


def main(argv: list[str] | None = None) -> int:
    """Serve until the end of the input; return 1 if the bot made a call Telegram would refuse."""
    parser = argparse.ArgumentParser(prog="tests.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--name", default="Camille", help="first name of the person")
    parser.add_argument("--pace", action="store_true", help="flood control as Telegram's")
    parser.add_argument("--serve", action="store_true", help="go on after the end of the input")
    options = parser.parse_args(argv)
    pace = Pace() if options.pace else None
    with StandIn(port=options.port, token=options.token, pace=pace) as api:
        person = api.person(options.name)
        print(f"Bot API: {api.url}  token: {api.token}", flush=True)
        ended = threading.Event()
        screen = threading.Thread(target=_print_screen, args=(person, ended), daemon=True)
        screen.start()
        acts = _acts(api, person)
        with contextlib.suppress(KeyboardInterrupt):
            for line in iter(sys.stdin.readline, ""):
                if line.strip() == "!quit":
                    break
                _do(acts, person, line.strip())
            if options.serve:
                threading.Event().wait()
        ended.set()
        screen.join()
        for call in api.violations:
            print(f"refused: {call}", file=sys.stderr)
        return 1 if api.violations else 0


def _do(acts: dict[str, Callable[[str], object]], person: Person, line: str) -> None:
    word, _, rest = line.removeprefix("!").partition(" ")
    try:
        if not line.startswith("!"):
            if line:
                person.say(line)
        elif word in acts:
            acts[word](rest)
        else:
            print(f"unknown: !{word}", file=sys.stderr)
    except (AssertionError, OSError, ValueError) as wrong:
        print(wrong, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
