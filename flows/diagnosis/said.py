"""What came of a contact, told in one's own words: the fragments of each outcome, unless they are denied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from flows.diagnosis.catalogue import outcomes
from flows.diagnosis.tables import Row, load
from flows.reading.plain import fold, words

if TYPE_CHECKING:
    from flows.diagnosis.model import Outcome

_STOP = re.compile(r"([.,;:!?()\n])")


@dataclass(frozen=True, slots=True)
class _Saying:
    """The content of saying.yaml: words that deny or doubt, words that start a clause, what wins."""

    longest: int
    wins: frozenset[str]
    denials: frozenset[str]
    doubts: frozenset[str]
    denials_after: frozenset[str]
    breaks: frozenset[str]
    subjects: frozenset[str]
    links: frozenset[str]


@cache
def _saying() -> _Saying:
    return read_saying(load("flows.diagnosis", "saying.yaml"))


def read_saying(table: Row) -> _Saying:
    """Read saying.yaml. Raises BadTableError."""
    found = _Saying(
        table.integer("longest"),
        *(
            frozenset(table.texts(name))
            for name in (
                "wins",
                "denials",
                "doubts",
                "denials_after",
                "breaks",
                "subjects",
                "links",
            )
        ),
    )
    table.done()
    return found


def outcome_said(text: str) -> str | None:
    """Give the id of the offered outcome that `text` tells, None when it tells none or two different ones.

    Accents, case and apostrophes do not count; what is denied or doubted is not told. A collective procedure wins,
    and stops too much to be read in a question.
    """
    saying = _saying()
    if len(text) > saying.longest:
        return None
    parts = [*_STOP.split(text), ""]
    clauses = [(words(fold(part)), stop) for part, stop in zip(*[iter(parts)] * 2, strict=True)]
    stated = [clause for clause, stop in clauses if stop != "?"]
    winning = [o for o in outcomes() if o.flags & saying.wins and _tells(o, stated, saying)]
    if not winning:
        every = [clause for clause, _ in clauses]
        winning = [o for o in outcomes() if not o.flags & saying.wins and _tells(o, every, saying)]
    return winning[0].id if len(winning) == 1 else None


def _tells(found: Outcome, clauses: list[list[str]], saying: _Saying) -> bool:
    return any(_holds(said.split(), clause, saying) for said in found.says for clause in clauses)


def _holds(said: list[str], clause: list[str], saying: _Saying) -> bool:
    """Say whether the clause holds these words, the last as the start of a word, and does not deny them."""
    *whole, start = said
    size = len(said)
    # « Ne répond », « pas d'argent » : a fragment that denies by itself is not denied again.
    denying = not saying.denials.isdisjoint(said)
    for at in range(len(clause) - size + 1):
        here = clause[at : at + size]
        if here[:-1] != whole or not here[-1].startswith(start):
            continue
        after = clause[at + size : at + size + 1]
        if denying or not (
            _denied(clause[:at], saying) or saying.denials_after.intersection(after)
        ):
            return True
    return False


def _denied(before: list[str], saying: _Saying) -> bool:
    """Say whether the words before a fragment deny it, looking back to where its clause starts."""
    for at in range(len(before) - 1, -1, -1):
        word, earlier = before[at], before[at - 1] if at else ""
        if word in saying.denials or word in saying.doubts:
            return True
        if word in saying.breaks:
            return False
        if word in saying.subjects and earlier not in saying.links:
            return False
        if word in saying.subjects and earlier == "s":
            return True  # « s'il refuse »: only supposed
    return False
