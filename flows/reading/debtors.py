"""Who owes, in a sentence: the name as typed, and the kind of debtor when the name says it."""

from __future__ import annotations

import re

from flows.dossier import DebtorKind
from flows.reading.data import limits, vocabulary
from flows.reading.plain import fold_in_place

_OPENERS = re.compile(
    r"(?:bonjour|bonsoir|salut|hello|alors|bon|ben|bah|donc|voila|et|mais|car|parce que"
    r"|je crois que|je pense que"
    r"|(?:mon|ma|le|la|un|une|ce|cette|notre) (?:client|cliente)(?: qui s'appelle| nommee?)?"
    r"|(?:la|l'|une|cette) ?(?:societe|entreprise|boite)|client|cliente)(?:[ :,]+|$)"
)
_VERB = re.compile(
    r" (?:(?:ne |n')?(?:me|nous) (?:doit|doivent|devait|devaient)"
    r"|(?:ne )?m'(?:a|ont|avait) (?:toujours |encore )?(?:pas|jamais)"
    r"|ne (?:me |m'|nous |veut|veulent|pa[iy]e|regle|repond|donne)"
    r"|n'(?:a|ont) (?:toujours |encore )?(?:pas|jamais|rien)"
    r"|(?:a|ont) (?:toujours |encore )?pas (?:pa[iy]e|regle)|doit|doivent"
    r"|refuse de (?:me )?(?:payer|regler)"
    r"|tarde a (?:me )?(?:payer|regler))\b"
)
_BY = re.compile(r"\b(?:pay|regl|acquitt|sold|du|impay|commande|signe)[a-z]* par ")
_LABEL = re.compile(r"\bcliente? ?: ?")
_CLAUSE = re.compile(r"[,;:!?\x00]|(?<!\bm)(?<!\bmr)(?<!\bmme)(?<!\bst)(?<!\b[a-z])\. ")
_END = re.compile(
    r"[,;:!?\x00()]|(?<!\bm)(?<!\bmr)(?<!\bmme)\.(?= |$)"
    r"| (?:depuis|pour|malgre|alors|qui|mais|echeance|factures?|d'une?|concernant|a echeance|car"
    r"|me|nous|n'a|ne|il y a|hier|et (?:c'est|je|il|elle|ca)|montant|ref|n°)(?: |$)"
)
_TAIL = re.compile(r"(?: (?:de|du|d'|le|la|au|a|pour|et|en|des|-))+$")
_ARTICLE = re.compile(r"(?:le |la |les |l'|un |une )")
_MOST_WORDS = 10


def find_debtor(clean: str, left: str) -> tuple[str | None, str | None]:
    """Give (name as typed, kind of debtor) from a cleaned sentence; None when not plainly there.

    `left` is the folded sentence, position for position, with other facts hidden by NUL characters.
    """
    for span in _candidates(clean, left):
        start, end = _trimmed(clean, left, *span)
        said = clean[start:end]
        if not said:
            continue
        kind = kind_of(said)
        if _is_name(said):
            return said, kind
        if kind:
            return None, kind
    return None, None


def _candidates(clean: str, left: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if verb := _VERB.search(left):
        starts = [m.end() for m in _CLAUSE.finditer(left, 0, verb.start())]
        found.append((starts[-1] if starts else 0, verb.start()))
    for cue in (_LABEL, _BY):
        if match := cue.search(left):
            end = _END.search(left, match.end())
            found.append((match.end(), end.start() if end else len(left)))
    # Last, a clause that is nothing but a name: « facture F-014, Dupont SARL, 300 € ».
    at = 0
    for cut in (*_CLAUSE.finditer(left), None):
        end_at = cut.start() if cut else len(left)
        part, typed = left[at:end_at].split(), clean[at:end_at].split()
        named = bool(part) and part[0] in vocabulary().openings and typed[-1][0].isupper()
        formed = bool(part) and _legal_form({part[0].upper(), part[-1].upper()}) is not None
        if 2 <= len(part) <= 6 and (named or formed):
            found.append((at, end_at))
        at = cut.end() if cut else end_at
    return found


def _trimmed(clean: str, left: str, start: int, end: int) -> tuple[int, int]:
    """Cut what surrounds the name: greetings, « mon client », an article, words left hanging."""
    while start < end and left[start] in " ,:;-\"«'":
        start += 1
    while match := _OPENERS.match(left, start, end):
        start = match.end()
    article = _ARTICLE.match(left, start, end)
    if article:
        after = article.end()
        known = left[after:end].split(" ", maxsplit=1)[0] in vocabulary().openings
        if clean[start].islower() or known or not clean[after : after + 1].isupper():
            start = after
    tail = _TAIL.search(left, start, end)
    if tail:
        end = tail.start()
    while end > start and left[end - 1] in " ,:;-\"»'":
        end -= 1
    return start, end


def _is_name(said: str) -> bool:
    folded = fold_in_place(said)
    tokens = re.findall(r"[^\W_]+", folded)
    known = vocabulary()
    if not tokens or len(tokens) > _MOST_WORDS or len(said) > limits().name_max:
        return False
    if tokens[0] in known.generic or not any(map(str.isalpha, said)):
        return False
    # « la mairie », « une association »: a kind, not a name.
    if sum(map(str.isdigit, folded)) > 7:  # a phone number came along
        return False
    return len(tokens) > 1 or (tokens[0] not in known.openings and not _legal_form({said.upper()}))


def kind_of(name: str) -> str | None:
    """Guess the kind of debtor from strong cues in a name only; None when there is none, or two.

    A legal form wins over « Mme »; any other pair of cues decides nothing.
    """
    tokens = name.replace(".", "").split()
    kinds = {kind for word in tokens if (kind := _legal_form({_form(word)}))}
    folded = fold_in_place(name)
    opening = _ARTICLE.sub("", folded, count=1)
    for cue, kind in vocabulary().openings.items():
        if opening == cue or opening.startswith(f"{cue} "):
            kinds.add(kind)
    if kinds == {DebtorKind.PROFESSIONAL.value, DebtorKind.CONSUMER.value}:
        return DebtorKind.PROFESSIONAL.value
    if kinds == {DebtorKind.PUBLIC.value} and re.search(r"\bprivee?s?\b", folded):
        return None
    return kinds.pop() if len(kinds) == 1 else None


def _form(word: str) -> str:
    """Give a word as a legal form: two letters count only in capitals (« sa facture » is no SA)."""
    word = word.strip(",;:()")
    return word.upper() if len(word) > 2 or word.isupper() else word


def _legal_form(forms: set[str]) -> str | None:
    known = vocabulary().legal_forms
    return next((known[form] for form in forms if form in known), None)
