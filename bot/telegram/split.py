"""Long texts in parts of at most 4,096 UTF-16 units, cut at paragraphs when possible.

The parts put end to end give the text back: what separates two paragraphs stays at the end of the
first part (Telegram trims it from the view). In HTML a cut never falls inside a tag or an entity;
an element still open at a cut is closed there and opened again in the next part.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

LIMIT = 4096
_WORD = 200  # a longer run without a space may be cut anywhere
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ATOM = re.compile(
    r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);|\n{2,}|\n|[^\S\n]+|[^<&\s]+|[<&]"
)
_PLAIN_ATOM = re.compile(r"\n{2,}|\n|[^\S\n]+|\S+")
_PARAGRAPH, _LINE, _SPACE, _ANYWHERE = 3, 2, 1, 0


def units(text: str) -> int:
    """Count as Telegram does: UTF-16 units, so most emoji count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Give the beginning of `text`, at most `limit` units, with « … » when something was cut."""
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: (limit - 1) * 2]
    return kept.decode("utf-16-le", "ignore") + "…"


def to_plain(markup: str) -> str:
    """Give the words of an HTML body, without tags or entities."""
    return html.unescape(_TAG.sub("", markup))


def split_text(text: str, limit: int = LIMIT) -> list[str]:
    """Cut a plain text. The parts joined give `text`; each counts at most `limit` units."""
    if units(text) <= limit:
        return [text]
    return _split(_atoms(text, _PLAIN_ATOM), limit)


def split_html(markup: str, limit: int = LIMIT) -> list[str]:
    """Cut an HTML body. Each part is balanced when `markup` is; their words joined are its words.

    Counts the markup itself, so a part is never too long once Telegram has taken the tags out.
    Markup whose tags alone leave no room loses them: words matter more than bold.
    """
    if units(markup) <= limit:
        return [markup]
    if _deepest(markup) > limit // 4:
        markup = _TAG.sub("", markup)
    return _split(_atoms(markup, _ATOM), limit)


@dataclass(slots=True)
class _Cut:
    """A place where the part may end: after `count` atoms, with these elements open."""

    count: int
    size: int
    rank: int
    open: tuple[str, ...]


def _atoms(text: str, pattern: re.Pattern[str]) -> list[str]:
    atoms: list[str] = []
    for found in pattern.finditer(text):
        atom = found[0]
        if len(atom) <= _WORD or _TAG.fullmatch(atom):
            atoms.append(atom)
        else:
            atoms += [atom[i : i + _WORD] for i in range(0, len(atom), _WORD)]
    return atoms


def _closing(opened: tuple[str, ...]) -> str:
    return "".join(f"</{_name(tag)}>" for tag in reversed(opened))


def _name(tag: str) -> str:
    return re.split(r"[\s>]", tag.lstrip("</"), maxsplit=1)[0]


def _after(opened: tuple[str, ...], atom: str) -> tuple[str, ...]:
    if not _TAG.fullmatch(atom):
        return opened
    if atom.startswith("</"):
        return opened[:-1] if opened and _name(opened[-1]) == _name(atom) else opened
    return (*opened, atom)


def _rank(atom: str) -> int:
    if not atom.isspace():
        return _ANYWHERE
    if "\n" in atom:
        return _PARAGRAPH if "\n\n" in atom else _LINE
    # A no-break space is one because « 1 250 € » must not be cut.
    return _SPACE if " " in atom or "\t" in atom else _ANYWHERE


def _deepest(markup: str) -> int:
    """Count the most units that a cut has to write again: tags open there, and their closings."""
    opened: tuple[str, ...] = ()
    most = 0
    for tag in _TAG.findall(markup):
        opened = _after(opened, tag)
        most = max(most, sum(units(t) for t in opened) + units(_closing(opened)) + units(tag))
    return most


def _split(atoms: list[str], limit: int) -> list[str]:
    parts: list[str] = []
    opened: tuple[str, ...] = ()
    start = 0
    while start < len(atoms):
        cut = _next_cut(atoms, start, opened, limit)
        body = "".join(atoms[start : cut.count])
        parts.append("".join(opened) + body + _closing(cut.open))
        opened, start = cut.open, cut.count
    return parts


def _next_cut(atoms: list[str], start: int, opened: tuple[str, ...], limit: int) -> _Cut:
    """Find where the part that starts at `start` ends: at the best place that fits.

    A better kind of place wins unless it leaves the part less than a quarter full.
    """
    size = sum(units(tag) for tag in opened)
    best: dict[int, _Cut] = {}
    for index in range(start, len(atoms)):
        atom = atoms[index]
        opened = _after(opened, atom)
        size += units(atom)
        if size + units(_closing(opened)) > limit and index > start:
            break
        rank = _rank(atom)
        best[rank] = _Cut(index + 1, size, rank, opened)
    else:
        return _Cut(len(atoms), size, _PARAGRAPH, opened)
    for rank in (_PARAGRAPH, _LINE, _SPACE):
        if rank in best and best[rank].size >= limit // 4:
            return best[rank]
    return max(best.values(), key=lambda cut: cut.count)
