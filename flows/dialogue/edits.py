"""What a person changed in a text: kept beside the facts, and put back each time the text is made again.

A change remembers the paragraph as it was first written, so that it finds it again when a corrected fact
or another tone has moved it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher

import letters

LIKE = 0.6
"""From this likeness on, a paragraph is the one that was changed, with other facts in it."""
MOST, MOST_CHARACTERS = 60, 20_000
"""Changes remembered of one text, and their words: more than anybody makes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `op`: "set" a paragraph (an empty text takes it out), or "add" one after it.

    `at` and `first`: the place of the paragraph and its words as first written. `number`: names an added
    paragraph, so that "reset" can change it in turn; 0 for the others.
    """

    op: str
    at: int
    first: str
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """A text with the changes put back.

    `keys`: for each paragraph, how the dialogue names it ("p3" as first written, "a1" added). `strays`: what was
    written over a paragraph that is no longer there, now added at the end ("s1"…), `owners` the place and first
    words of that paragraph. `returned`: how many paragraphs taken
    out cannot be told any more, so that the text may say again what they said.
    """

    draft: letters.Draft
    keys: tuple[str, ...]
    strays: tuple[str, ...] = ()
    owners: tuple[tuple[int, str], ...] = ()
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Edits:
    """The changes of one text, in the order they were made."""

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def rewritten(self, draft: letters.Draft, key: str, text: str) -> Edits:
        """Replace the paragraph named `key` in `draft`, the text as first written; "" takes it out."""
        place = int(key[1:])
        if key.startswith("s"):
            return self._with(Change("set", *self.apply(draft).owners[place - 1], text))
        if key.startswith("a"):
            return self._with(Change("reset", 0, "", text, place))
        return self._with(Change("set", place, draft.paragraphs[place], text))

    def added(self, draft: letters.Draft, after: int, text: str) -> Edits:
        """Add a paragraph after the place `after` of `draft`, the text as first written."""
        number = 1 + max((change.number for change in self.changes), default=0)
        return self._with(Change("add", after, draft.paragraphs[after], text, number))

    def undone(self) -> Edits:
        """Take the last change back."""
        return Edits(self.changes[:-1])

    def apply(self, draft: letters.Draft) -> Edited:
        """Put the changes back on `draft`, the text as first written."""
        texts: dict[int, str] = {}
        written: dict[int, tuple[int, str]] = {}
        additions: dict[int, tuple[int, str]] = {}
        gone: dict[tuple[int, str], str] = {}
        for change in self.changes:
            if change.op == "reset":
                if change.number in additions:
                    additions[change.number] = (additions[change.number][0], change.text)
                continue
            place = _find(change, draft.paragraphs)
            own = (change.at, change.first)
            if change.op == "add":
                additions[change.number] = (
                    last_place(draft) if place is None else place,
                    change.text,
                )
            elif place is None:
                gone[own] = change.text  # written over again, it is the last words that count
            else:
                if place in texts and written[place][0] != change.at:
                    # Two paragraphs have become one: the words of the first are not lost.
                    gone[written[place]] = texts[place]
                gone.pop(own, None)
                texts[place], written[place] = change.text, own
        strays = [text for text in gone.values() if text]
        owners = tuple(own for own, text in gone.items() if text)
        for number, stray in enumerate(strays):
            additions[-1 - number] = (last_place(draft), stray)
        found = _written(draft, texts, additions, tuple(strays))
        return replace(found, owners=owners, returned=sum(not text for text in gone.values()))

    def to_json(self) -> str:
        """Encode for storage."""
        return json.dumps([asdict(change) for change in self.changes], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Edits:
        """Decode what `to_json` made; nothing at all for anything else."""
        try:
            changes = tuple(Change(**change) for change in json.loads(text))
        except (ValueError, TypeError):
            return cls()
        types = {"op": str, "at": int, "first": str, "text": str, "number": int}
        whole = all(
            isinstance(getattr(c, name), kind) for c in changes for name, kind in types.items()
        )
        return cls(changes) if whole else cls()

    def _with(self, change: Change) -> Edits:
        return replace(self, changes=(*self.changes, change))

    @property
    def full(self) -> bool:
        """Whether no change can be added any more."""
        return (
            len(self.changes) >= MOST
            or sum(len(change.text) for change in self.changes) >= MOST_CHARACTERS
        )


def last_place(draft: letters.Draft) -> int:
    """Give the place after which a paragraph goes that has none of its own: before the closing formula."""
    closed = draft.kind in {"letter", "message"}
    return max(len(draft.paragraphs) - (2 if closed else 1), 0)


def _find(change: Change, paragraphs: tuple[str, ...]) -> int | None:
    """Give where the paragraph of a change stands now, None when it is gone."""
    if change.at < len(paragraphs) and paragraphs[change.at] == change.first:
        return change.at
    if change.first in paragraphs:
        return paragraphs.index(change.first)
    likeness = [
        (_like(change.first, text), -abs(at - change.at), at) for at, text in enumerate(paragraphs)
    ]
    best, _, at = max(likeness, default=(0.0, 0, 0))
    return at if best >= LIKE else None


def _like(before: str, now: str) -> float:
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKE else 0.0


def _written(
    draft: letters.Draft,
    texts: dict[int, str],
    additions: dict[int, tuple[int, str]],
    strays: tuple[str, ...],
) -> Edited:
    keys: list[str] = []
    for place in range(len(draft.paragraphs)):
        if texts.get(place, "kept"):
            keys.append(f"p{place}")
        after = sorted(number for number, (at, text) in additions.items() if at == place and text)
        keys += [f"a{number}" for number in after if number > 0]
        keys += [f"s{-number}" for number in after if number < 0]
    # From the last to the first: what is taken out or added moves only those after it.
    for place in reversed(range(len(draft.paragraphs))):
        here = [(n, text) for n, (at, text) in additions.items() if at == place and text]
        for _, text in sorted(here, key=lambda one: (one[0] < 0, abs(one[0])), reverse=True):
            draft = draft.with_added(place, text)
        if place in texts:
            draft = draft.with_paragraph(place, texts[place])
    return Edited(draft, tuple(keys), strays)


def first_words(text: str, limit: int) -> str:
    """Give the first words of a paragraph, cut at a space."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + "…"
