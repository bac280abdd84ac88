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
    r"|(?:la|l'|une|cette) ?(?:societe|ste|entreprise|boite)"
    r"|(?:(?:du|de la|d'une?|au|a mon|a ma|par mon|par ma|de mon|de ma) )?(?:client|cliente))"
    r"(?:[ :,]+|$)"
)
_VERB = re.compile(
    r" (?:qui )?(?:(?:ne |n')?(?:me|nous|m) ?(?:doi[st]?|doivent|devait|devaient)"
    # Without « ne », as on a phone: « Dupont ma tjrs pas payé », « Dupont répond pas ».
    r"|(?:ma|m a|m'a|mont|m ont|m'ont|nous a|nous ont) (?:tjrs |tjs |toujours |encore )?"
    r"(?:pas|jamais|rien)"
    r"|(?:paye?|pai[est]|pai?ent|regle|repond|veut|veulent) (?:tjrs |tjs |toujours |plus )?"
    r"(?:pas|rien)"
    r"|(?:ne )?m'(?:a|ont|avait) (?:toujours |encore )?(?:pas|jamais)"
    r"|ne (?:me |m'|nous |veut|veulent|pa[iy]e|regle|repond|donne)"
    r"|n'(?:a|ont) (?:toujours |encore )?(?:pas|jamais|rien)"
    r"|(?:a|ont|est|sont) (?:tjrs |tjs |toujours |encore )?(?:pas|jamais|rien) (?:pa[iy]e|regle)"
    r"|doit|doivent"
    r"|refuse de (?:me )?(?:payer|regler)"
    r"|tarde a (?:me )?(?:payer|regler))\b"
)
_BY = re.compile(r"\b(?:pay|regl|acquitt|sold|du|impay|commande|signe)[a-z]* par ")
# « 850 euros que me doit Dupont SARL »
_INVERTED = re.compile(r"\bque (?:me|nous) (?:doi[st]?|doivent|devait) ")
# In lower case only: « À Table SARL » is a name.
_LEAD = re.compile(
    r" ?(?:(?:envoyee?|transmise?|adressee?) )?(?:par (?:e-?mail|mail|courrier|la poste|lettre) )?"
    r"(?:de (?!la )|d'|a |par |pour )?(?:(?:mon |ma |le |la )?cliente? )?"
)
_THIS_IS = re.compile(r" ?c'est ")
_LABEL = re.compile(r"\bcliente? ?: ?")
# « mairie de vienne, 300 € »: a public body and its place, whatever the capitals.
_PLACE = re.compile(r"(?:de la|de|du|des|d'|d) ?[a-z][a-z' -]*")
_CLAUSE = re.compile(r"[,;:!?\x00]|(?<!\bm)(?<!\bmr)(?<!\bmme)(?<!\bst)(?<!\b[a-z])\. ")
_END = re.compile(
    r"[,;:!?\x00()]|(?<!\bm)(?<!\bmr)(?<!\bmme)\.(?= |$)"
    r"| (?:depuis|pour|malgre|alors|qui|mais|echeance|factures?|d'une?|concernant|a echeance|car"
    r"|me|nous|n'a|ne|il y a|hier|et (?:c'est|je|il|elle|ca)|montant|ref|n°)(?: |$)"
)
_TAIL = re.compile(r"(?: (?:de|du|d'|le|la|au|a|pour|et|en|des|qui|ne|-))+$")
_ARTICLE = re.compile(r"(?:le |la |les |l'|un |une )")
_MOST_WORDS = 10


def find_debtor(clean: str, left: str) -> tuple[str | None, str | None]:
    """Give (name as typed, kind of debtor) from a cleaned sentence; None when not plainly there.

    `left` is the folded sentence, position for position, with other facts hidden by NUL characters.
    """
    for span in _candidates(clean, left):
        start, end, cut = _trimmed(clean, left, *span)
        said = clean[start:end]
        if cut:  # « le syndic Foncia » is named « Syndic Foncia »
            said = said[:1].upper() + said[1:]
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
    inverted = _INVERTED.search(left)
    if (verb := _VERB.search(left)) and not inverted:
        starts = [0, *(m.end() for m in _CLAUSE.finditer(left, 0, verb.start()))]
        # « mon client, la société Durand, me doit »: the name ends at the comma.
        if len(starts) > 1 and not left[starts[-1] : verb.start()].strip(" ,"):
            starts.pop()
            if re.search(r"[0-9]", left[starts[-1] : verb.start()]):  # an address stands between
                return []
        this_is = _THIS_IS.match(left, starts[-1]) if verb[0].startswith(" qui ") else None
        found.append((this_is.end() if this_is else starts[-1], verb.start()))
    for cue in (_INVERTED, _LABEL, _BY):
        if match := cue.search(left):
            end = _END.search(left, match.end())
            found.append((match.end(), end.start() if end else len(left)))
    # Last, a clause that is nothing but a name: « facture F-014, Dupont SARL, 300 € ».
    at = 0
    for cut in (*_CLAUSE.finditer(left), None):
        end_at = cut.start() if cut else len(left)
        lead = _LEAD.match(left, at, end_at)
        if lead and clean[at : lead.end()].strip()[:1].islower():
            at = lead.end()
        part, typed = left[at:end_at].split(), clean[at:end_at].split()
        named = bool(part) and part[0] in vocabulary().openings and typed[-1][0].isupper()
        formed = bool(part) and _legal_form({part[0].upper(), part[-1].upper()}) is not None
        opening, _, place = left[at:end_at].strip().partition(" ")
        public = vocabulary().openings.get(opening) == DebtorKind.PUBLIC.value
        if 2 <= len(part) <= 6 and (named or formed or (public and _PLACE.fullmatch(place))):
            found.append((at, end_at))
        at = cut.end() if cut else end_at
    return found


def _trimmed(clean: str, left: str, start: int, end: int) -> tuple[int, int, bool]:
    """Cut what surrounds the name: greetings, « mon client », an article, words left hanging.

    Gives where the name starts and ends, and whether an article was cut.
    """
    cut = False
    while start < end and left[start] in " ,:;-\"«'":
        start += 1
    while match := _OPENERS.match(left, start, end):
        start = match.end()
    article = _ARTICLE.match(left, start, end)
    if article:
        after = article.end()
        known = left[after:end].split(" ", maxsplit=1)[0] in vocabulary().openings
        if clean[start].islower() or known or not clean[after : after + 1].isupper():
            start, cut = after, True
    tail = _TAIL.search(left, start, end)
    if tail:
        end = tail.start()
    while end > start and left[end - 1] in " ,:;-\"»'":
        end -= 1
    return start, end, cut


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
    article = _ARTICLE.match(folded)
    opening = folded[article.end() :] if article else folded
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
