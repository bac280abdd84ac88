"""Answers to a question: yes or no, and one choice among several. Never a guess when two fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.reading.data import limits, vocabulary
from flows.reading.numerals import BELOW_HUNDRED
from flows.reading.plain import near, short, slips_allowed, words
from flows.reading.result import Reading, Refused, Understood

if TYPE_CHECKING:
    from collections.abc import Sequence

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_EDGES = " .,;:!?…()«»\"'"
_SKIN = dict.fromkeys(range(0x1F3FB, 0x1F400))


def read_yes_no(text: str) -> Reading[bool]:
    """Read yes or no (« ouais », « pas encore », « ouiii »); « oui mais » is neither."""
    said = short(text.translate(_SKIN) if len(text) < 1000 else text, limits().short_max)
    if not said:
        return Refused("yes_no_unclear")
    said = _STRETCHED.sub(r"\1", said).strip(_EDGES)
    known = vocabulary()
    if (whole := _yes_no(said)) is not None:
        return Understood(whole)
    parts = [part.strip(_EDGES) for part in re.split(r"[ ,;.!?…]+", said)]
    parts = [part for part in parts if part]
    # The longest opening that decides: « pas encore, il m'a dit demain ».
    for length in range(min(4, len(parts)), 0, -1):
        opening = " ".join(parts[:length])
        answer = _yes_no(opening)
        if answer is None or (opening in known.alone and length < len(parts)):
            continue
        rest = parts[length:]
        against = known.no if answer else known.yes
        if any(word in known.doubt or word in against for word in rest):
            break
        if answer and {"pas", "jamais", "rien"} & set(rest) and not _no_trouble(rest):
            break
        return Understood(answer)
    return Refused("yes_no_unclear")


def _yes_no(said: str) -> bool | None:
    known = vocabulary()
    return True if said in known.yes else False if said in known.no else None


def _no_trouble(rest: list[str]) -> bool:
    return (
        re.fullmatch(r"(?:pas|il n'y a pas|y a pas) de (?:soucis?|problemes?)", " ".join(rest))
        is not None
    )


_NEGATIONS = frozenset({"pas", "non", "jamais", "rien", "aucun", "aucune", "ni", "sans", "ne", "n"})
_EMPTY = frozenset(
    {"un", "une", "le", "la", "les", "l", "de", "du", "des", "d", "a", "au", "ou", "et"}
)
_ORDINALS = {
    word: number
    for number, forms in enumerate(
        (
            "premier premiere 1er 1ere",
            "deuxieme second seconde 2e 2eme",
            "troisieme 3e 3eme",
            "quatrieme 4e 4eme",
            "cinquieme 5e 5eme",
            "sixieme 6e 6eme",
            "septieme 7e 7eme",
            "huitieme 8e 8eme",
            "neuvieme 9e 9eme",
        ),
        1,
    )
    for word in forms.split()
}
_NUMBERED = re.compile(
    r"(?:(?:c'est|je choisis|je prends|plutot|reponse|option|choix|numero|n[°o]|le|la|l') ?)*"
    r"(?P<number>[0-9]{1,3}|[a-z0-9-]+)[ .)°-]*"
)


def read_choice(text: str, labels: Sequence[tuple[str, str]]) -> Reading[str]:
    """Match an answer with one of `labels`, (key, words shown), and give its key.

    By number (« 2 », « le deuxième »), by the whole label, its beginning or some of its words,
    small slips allowed. A label with a negation is never chosen by words that hold none.
    """
    said = short(text, limits().short_max)
    if not said or not labels:
        return Refused("choice_unclear")
    said = said.strip(_EDGES)
    shown = [" ".join(words(short(label, 1000) or "")) for _, label in labels]
    typed = " ".join(words(said))
    number = _number(said)
    exact = {i for i, label in enumerate(shown) if typed and label == typed}
    if number is not None and 1 <= number <= len(labels):
        exact.add(number - 1)
    if number is not None:  # « 2 » may also open the label « 2 semaines »
        exact |= {i for i, label in enumerate(shown) if label.startswith(f"{typed} ")}
    if exact:
        return _only(exact, labels)
    if number is not None and (said.isdigit() or not typed.isalpha()):
        return Refused("choice_number", {"high": str(len(labels))})
    for matching in (_by_words, _by_slips):
        fit, rivals = matching(typed, shown)
        if fit:
            return _only(fit | rivals, labels)
    return Refused("choice_unclear")


def _only(found: set[int], labels: Sequence[tuple[str, str]]) -> Reading[str]:
    if len(found) > 1:
        return Refused("choice_several")
    return Understood(labels[found.pop()][0])


def _number(said: str) -> int | None:
    match = _NUMBERED.fullmatch(said)
    if match is None:
        return None
    typed = match["number"]
    if typed.isdigit():
        return int(typed)
    if typed in _EMPTY:  # « un » is more often an article
        return None
    return _ORDINALS.get(typed) or BELOW_HUNDRED.get(typed)


def _by_words(typed: str, shown: Sequence[str]) -> tuple[set[int], set[int]]:
    """Labels that begin with the answer or hold its words; then those held back by a negation."""
    if len(typed) < 2:
        return set(), set()
    wanted = [word for word in typed.split() if word not in _EMPTY]
    fit: set[int] = set()
    rivals: set[int] = set()
    for i, label in enumerate(shown):
        held = label.split()
        if label.startswith(typed):
            (fit if _same_sense(typed, label[: len(typed)]) else rivals).add(i)
        elif wanted and all(any(_opens(word, h) for h in held) for word in wanted):
            (fit if _same_sense(typed, label) else rivals).add(i)
    return fit, rivals


def _opens(word: str, held: str) -> bool:
    return word == held or (len(word) > 3 and held.startswith(word))


def _by_slips(typed: str, shown: Sequence[str]) -> tuple[set[int], set[int]]:
    wanted = [word for word in typed.split() if word not in _EMPTY][:8]
    fit: set[int] = set()
    rivals: set[int] = set()
    for i, label in enumerate(shown):
        held = label.split()[:30]
        close = near(typed[:80], label[:80], slips_allowed(typed)) or (
            bool(wanted)
            and any(len(word) > 3 for word in wanted)
            and all(any(near(word, h, slips_allowed(word)) for h in held) for word in wanted)
        )
        if close:
            (fit if _same_sense(typed, label) else rivals).add(i)
    return fit, rivals


def _same_sense(typed: str, label: str) -> bool:
    return bool(_NEGATIONS & set(typed.split())) == bool(_NEGATIONS & set(label.split()))
