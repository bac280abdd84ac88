"""The same conversation in a terminal: no token, no server, the same engine and the same store.

Numbered choices, free text, letters saved under `lettres/`. `/avance 15j` lets days pass, so that deadlines can
be seen to come; `/piece facture.pdf` sends a file as one would in a chat. Works from a keyboard as from a
pipe, one answer a line.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.settings import Settings
from flows.dialogue.events import Command, Event, Pressed, Typed
from flows.dialogue.screens import (
    Agenda,
    Bundle,
    Choice,
    Copy,
    Export,
    Paper,
    Picture,
    Screen,
    Shown,
    Toast,
)

if TYPE_CHECKING:
    from bot.engine import Arrived, Engine
    from bot.export import Kept
    from bot.store import Store
    from bot.terminal_files import Saved

CHAT = 1
"""The one person at this terminal; Telegram never gives so small a number to a chat of its own."""
LETTERS = Path("lettres")
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_ANSI = {"b": "1", "i": "3", "u": "4", "code": "7", "pre": "2"}
_RULE = "─" * 60
_WAIT = re.compile(r"^/avance\s+(.+)$", re.IGNORECASE)
_PIECE = re.compile(r"^/pi[eè]ce(?:\s+(.+))?$", re.IGNORECASE)
DAY_LIMIT = 366 * 5


class Clock:
    """The terminal's own time: the real one, or a day given and moved by `/avance`."""

    def __init__(self, settings: Settings, today: date | None) -> None:
        self._zone = settings.timezone
        self._set = datetime.combine(today, time(10), self._zone) if today else None

    def now(self) -> datetime:
        """Give the present instant, aware."""
        return self._set or datetime.now(UTC).astimezone(self._zone)

    def move_to(self, day: date) -> None:
        """Go to ten o'clock of `day`."""
        self._set = datetime.combine(day, time(10), self._zone)

    def move_on(self, instants: Iterable[int]) -> bool:
        """Go to the first of some instants to come. False when there is none."""
        first = min(instants, default=None)
        if first is not None:
            self._set = datetime.fromtimestamp(first, self._zone)
        return first is not None


class Terminal:
    """Reads lines, shows screens. `write` prints; `lines` gives what is typed."""

    def __init__(
        self, settings: Settings, clock: Clock, lines: Iterator[str], out: TextIO, *, folder: Path
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._lines = lines
        self._out = out
        self._folder = folder
        self._colour = out.isatty()
        self._choices: list[Choice] = []
        self._numbered = False
        """Whether a screen was shown since the last line typed: the next one numbers on from it."""
        self._open: tuple[Engine, Store] | None = None

    # --- the loop ----------------------------------------------------------------------------

    def run(self) -> int:
        """Talk until the lines end or `/quitter`. Returns the exit code."""
        self._print(
            "Relance, dans ce terminal. Répondez par un numéro ou en toutes lettres."
            " /aide, /quitter, /avance 15j, /piece facture.pdf.\n"
        )
        self._send(Command("start"))
        self._wake()
        for line in self._lines:
            text = line.strip()
            if not text:
                continue
            self._numbered = False
            if text.lower() in {"/quitter", "/quit", "/exit"}:
                break
            if wait := _WAIT.match(text):
                self._advance(wait[1])
            elif piece := _PIECE.match(text):
                self._send_file(piece[1] or "")
            else:
                self._send(self._event(text))
                self._wake()
        self._print("\nÀ bientôt. Vos dossiers sont gardés.")
        return 0

    def close(self) -> None:
        """Close the store."""
        if self._open:
            self._open[1].close()

    def _event(self, text: str) -> Event:
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return Command(name.lower(), argument.strip())
        if text.isdecimal() and 1 <= int(text) <= len(self._choices):
            return Pressed(self._choices[int(text) - 1].data)
        return Typed(text)

    def _parts(self) -> tuple[Engine, Store]:
        if self._open is None:
            # Imported late: the first prompt must not wait for the database library.
            from bot.app import build_engine, open_store

            self._open = (build_engine(self._settings), open_store(self._settings))
        return self._open

    def _send(self, event: Event, arrived: Arrived | None = None) -> None:
        engine, store = self._parts()
        with store.write() as tx:
            shown = engine.advance(tx, CHAT, event, now=self._clock.now(), arrived=arrived)
        for one in shown:
            self._show(one)
        if not self._kept():
            self._print(f"[Les fichiers déjà enregistrés dans {self._folder} y sont toujours.]")

    def _kept(self) -> bool:
        """Tell whether anything is kept here: nothing is once all was erased."""
        _, store = self._parts()
        with store.read() as tx:
            return tx.load_conversation(CHAT) is not None

    def _send_file(self, typed: str) -> None:
        """Send the file at a path."""
        from bot.terminal_files import Unusable, receive

        try:
            event, arrived = receive(typed)
        except Unusable as error:
            self._print(f"[{error}]")
            return
        self._send(event, arrived)
        self._wake()

    def _read_file(self, file_id: str) -> bytes | None:
        _, store = self._parts()
        with store.read() as tx:
            row = tx.load_file(file_id, CHAT)
        return row.content if row else None

    def _gather(self) -> Kept:
        from bot.export import gather

        _, store = self._parts()
        with store.read() as tx:
            return gather(tx, CHAT)

    # --- time --------------------------------------------------------------------------------

    def _wake(self, heading: str = "") -> bool:
        """Take what is due now. True when something was said, under its heading."""
        engine, store = self._parts()
        now = self._clock.now()
        with store.write() as tx:
            due = tx.due_of_chat(CHAT, int(now.timestamp()))
            shown = engine.wake(tx, CHAT, due, now=now)
        if shown and heading:
            self._print(heading)
        for one in shown:
            self._show(one)
        return bool(shown)

    def _advance(self, words: str) -> None:
        """Let time pass, day by day, and stop where a reminder speaks."""
        from flows.reading import Refused, read_delay, sentence

        today = self._clock.now().date()
        match read_delay(words, today):
            case Refused(code, params):
                self._print(sentence(code, **params))
                return
            case understood:
                target: date = understood.value
        target = min(target, today + timedelta(days=DAY_LIMIT))
        while not self._live(today, target):
            if today >= target:
                self._print(f"[Nous sommes le {_day(today)}. Rien n’était prévu d’ici là.]")
                return
            today += timedelta(days=1)
            self._clock.move_to(today)

    def _live(self, today: date, target: date) -> bool:
        """Let what is left of a day pass; True where a reminder spoke, and the clock stands there."""
        left = (target - today).days
        rest = f", {left} j avant la date demandée" if left > 0 else ""
        while not self._wake(f"[Nous sommes le {_day(today)}{rest}.]"):
            if not self._clock.move_on(self._later_today()):
                return False
        return True

    def _later_today(self) -> Iterator[int]:
        """Give the instants of this day, still to come, at which a reminder is looked at."""
        now = self._clock.now()
        night = datetime.combine(now.date(), time.max, now.tzinfo)
        _, store = self._parts()
        with store.read() as tx:
            due = tx.due_of_chat(CHAT, int(night.timestamp()))
        return (row.wake_at for row in due if row.wake_at > now.timestamp())

    # --- showing -----------------------------------------------------------------------------

    def _show(self, shown: Shown) -> None:
        match shown:
            case Screen():
                self._print("\n" + self._plain(shown.body))
                if not self._numbered:
                    self._choices, self._numbered = [], True
                for choice in (choice for row in shown.choices for choice in row):
                    self._choices.append(choice)
                    self._print(f"  {len(self._choices)}. {choice.label}")
            case Copy(text):
                self._print(f"\n{_RULE}\n{text}\n{_RULE}")
            case Paper() | Bundle() | Picture() | Agenda() | Export():
                self._save(shown)
            case Toast(text):
                self._print(f"[{text}]")
        self._out.flush()

    def _save(self, paper: Saved) -> None:
        from bot.terminal_files import Unusable, save

        try:
            kind, path = save(paper, self._folder, self._read_file, self._gather)
        except Unusable as error:
            self._print(f"\n[{error}]")
            return
        self._print(f"\n[{paper.caption}]\n[{kind} : {path}]")

    def _plain(self, body: str) -> str:
        """Turn the small HTML of a screen into words, with emphasis where the terminal has it."""

        def tag(match: re.Match[str]) -> str:
            code = _ANSI.get(match[2])
            if not self._colour or code is None:
                return ""
            return "\x1b[0m" if match[1] else f"\x1b[{code}m"

        return html.unescape(_TAG.sub(tag, body))

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")


def _day(day: date) -> str:
    from letters.format import date_longue

    return date_longue(day)


def _typed(source: TextIO, out: TextIO) -> Iterator[str]:
    """Give the lines of a keyboard with a prompt, or of a pipe with the answer shown back."""
    if source.isatty():
        while True:
            try:
                yield input("\n› ")
            except EOFError:
                return
    for line in source:
        out.write(f"\n› {line.rstrip()}\n")
        yield line


def main(
    settings: Settings,
    *,
    today: date | None = None,
    source: TextIO | None = None,
    out: TextIO | None = None,
    folder: Path = LETTERS,
    lines: Callable[[TextIO, TextIO], Iterator[str]] = _typed,
) -> int:
    """Start the conversation in this terminal. `today` sets the day; returns the exit code."""
    settings = settings.for_terminal()
    source, out = source or sys.stdin, out or sys.stdout
    terminal = Terminal(settings, Clock(settings, today), lines(source, out), out, folder=folder)
    try:
        return terminal.run()
    except KeyboardInterrupt:
        out.write("\nÀ bientôt. Vos dossiers sont gardés.\n")
        return 0
    finally:
        terminal.close()
