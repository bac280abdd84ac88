"""`relance documents`: every text of the catalogue by family, or one of them told in full."""

from __future__ import annotations

import difflib
import re
import unicodedata
from itertools import product
from typing import TYPE_CHECKING, Any

from bot import paging
from flows.dialogue.texts import words
from flows.facts import registry
from flows.facts.occurrences import occurrences
from flows.law.prose import fill, fill_with_doubts
from flows.law.routes.rulebook import load_rulebook
from letters import Catalogue, Document, load_catalogue
from letters.format import Blank
from letters.template import line, names_read
from letters.words import blank_rules, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from flows.law import Law

_KINDS = {
    "message": "message",
    "letter": "lettre",
    "script": "conversation",
    "filing": "acte",
    "agreement": "accord à signer",
    "note": "fiche",
}
_CHANNELS = {"aucun": "à garder", "depot": "à déposer"}
"""What the texts (`channel_…`) do not say, or say of what is done already."""
_ADDRESSEES = {
    "debiteur": "le client",
    "tribunal": "le tribunal",
    "tiers": "une autre personne",
    "soi": "vous",
}
_TONES = {"normal": "normal", "plus_doux": "plus doux", "plus_ferme": "plus ferme"}
_COUNTS_FROM = {
    "sending": "après l’envoi",
    "receipt": "après la réception",
    "reply_by": "après la date demandée",
}
_DECOMPTES: tuple[Mapping[str, object], ...] = (
    {"lines": False, "paid": False, "imputation": ""},
    {"lines": True, "paid": True, "imputation": "interest_first"},
)
"""What a condition may read of a décompte: without interest, and with all it may hold."""
_WRITTEN_BY_A_FILTER = ("_date", "_day", "amount", "count")
"""Ends of the kinds of facts that are not texts."""
_NEAR = 4
_HINT = "relance documents TEXTE\u00a0: un texte en détail. --client professionnel\u00a0: ceux d’un client."


class UnknownDocument(LookupError):  # noqa: N818 - the operator's slip, told in one line
    """No text bears the name asked for, or it is not for this client; the text is one French line."""


def main(
    law: Law, today: date, *, document_id: str | None = None, debtor: str | None = None
) -> int:
    """Print the texts, or one of them with all that is known of it; give 0.

    `debtor`: only what serves this kind of client. `law` on `today` gives the figures that « comment
    l’envoyer » says. Raises UnknownDocument.
    """
    catalogue, columns = load_catalogue(), paging.width()
    if document_id is None:
        lines = list(_list(catalogue, debtor))
    else:
        lines = list(_sheet(_named(catalogue, document_id, debtor), law, today, debtor))
    paging.show([paging.fit(line, columns) for line in lines])
    return 0


# --- the list --------------------------------------------------------------------------------


def by_family(documents: Iterable[Document]) -> Iterator[tuple[str, list[Document]]]:
    """Give the documents family by family, both in the order of the vocabulary; no empty family.

    In a family, those of the first steps come first.
    """
    stages = vocabulary()["stages"]

    def rank(document: Document) -> tuple[int, str]:
        first = min((stages.index(stage) for stage in document.stages), default=len(stages))
        return first, document.id

    known = sorted(documents, key=rank)
    for family in vocabulary()["families"]:
        if found := [document for document in known if document.family == family]:
            yield family, found


def _list(catalogue: Catalogue, debtor: str | None) -> Iterator[str]:
    kept = [d for d in catalogue if debtor is None or d.fits(debtor=debtor)]
    yield f"{len(kept)} textes{f' · client {_whom([debtor])}' if debtor else ''}"
    for family, documents in by_family(kept):
        yield ""
        yield words(f"family_{family}").upper()
        for document in documents:
            yield f"  {document.title} [{document.id}]"
            yield f"    {_nature(document)}{'' if debtor else f' · {_whom(document.debtors)}'}"
    yield ""
    yield _HINT


def _nature(document: Document) -> str:
    channel = _CHANNELS.get(document.channel) or _inside(words(f"channel_{document.channel}"))
    return f"{_KINDS[document.kind]} · {channel}"


def _inside(sentence: str) -> str:
    """Put what began a sentence inside one; a word in capitals stays so."""
    return sentence if re.match(r"[A-Z]{2}", sentence) else sentence[:1].lower() + sentence[1:]


def _whom(debtors: Sequence[str]) -> str:
    if len(debtors) == len(vocabulary()["debtors"]):
        return "tous les clients"
    return ", ".join(debtors).replace("etranger", "étranger")


# --- finding one -----------------------------------------------------------------------------


def _named(catalogue: Catalogue, asked: str, debtor: str | None) -> Document:
    document = catalogue.find(asked)
    if document is None:
        raise UnknownDocument(f"«\u00a0{asked}\u00a0» n’est pas un texte{_near(catalogue, asked)}")
    if debtor is not None and not document.fits(debtor=debtor):
        raise UnknownDocument(
            f"«\u00a0{asked}\u00a0» ne va pas à ce client\u00a0; il va à\u00a0: {_whom(document.debtors)}."
        )
    return document


def _near(catalogue: Catalogue, asked: str) -> str:
    """Give the end of a sentence that names what was perhaps meant, by its id or by its title."""
    said = _bare(asked)
    names = {name: d.id for d in catalogue for name in (_bare(d.title), d.id)}
    holds = [name for name in names if said and said in name]
    close = difflib.get_close_matches(said, names, n=_NEAR)
    ids = list(dict.fromkeys(names[name] for name in (*holds, *close)))[:_NEAR]
    if not ids:
        return "\u00a0; relance documents les donne tous."
    return (
        f"\u00a0; vouliez-vous dire {', '.join(ids[:-1])}{' ou ' * bool(ids[1:])}{ids[-1]}\u00a0?"
    )


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


# --- one in full -----------------------------------------------------------------------------


def _sheet(document: Document, law: Law, today: date, debtor: str | None) -> Iterator[str]:
    debtors = (debtor,) if debtor else document.debtors
    kinds = dict(registry()["debtor_kind"].choices)
    yield f"{document.title} [{document.id}]"
    yield f"  {words(f'family_{document.family}')} · {_nature(document)}"
    yield ""
    yield f"  S’adresse à\u00a0: {_ADDRESSEES[document.addressee]}"
    yield from _listed("Pour quel client", [f"{kinds[one]} ({one})" for one in document.debtors])
    yield from _inline(
        "Pour quelle cause", [words(f"cause_{c}") for c in document.causes], "toutes"
    )
    yield from _inline("À quelle étape", [words(f"stage_{s}") for s in document.stages], "toutes")
    tones = ", ".join(_TONES[tone] for tone in document.tones)
    yield f"  Ton\u00a0: {tones}{' (tutoiement possible)' if document.has_tutoiement else ''}"
    yield from _facts("Demandé avant d’écrire", document, document.needs)
    yield from _facts("À compléter ensuite", document, document.blanks)
    meanings = vocabulary()["conditions"]
    yield from _listed("Suppose", [meanings[code] for code in document.must_be_true])
    yield from _listed("Mieux vaut d’abord", [meanings[code] for code in document.advised])
    yield from _each("Articles cités", debtors, lambda one: articles_of(document, one))
    yield from _each("Pièces à joindre", debtors, lambda one: _enclosures(document, one))
    sending = {one: _sending(document, one, law, today) for one in debtors}
    yield from _each("Comment l’envoyer", debtors, lambda one: sending[one])
    routes = load_rulebook().routes
    labels = [fill(routes[r].texts["label"][-1].text, law, today) for r in document.routes]
    yield from _listed("Voie", labels)
    if document.records:
        yield f"  Noté une fois parti\u00a0: {occurrences()[document.records].label}"
    if document.follows:
        after = document.follows
        days = f"{after.after_days}\u00a0jours {_COUNTS_FROM[after.counts_from]}"
        yield f"  Ensuite\u00a0: {words(f'stage_{after.step}')}, {days}"


def _inline(title: str, items: Sequence[str], none: str) -> Iterator[str]:
    yield f"  {title}\u00a0: {', '.join(items) or none}"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"  {title}\u00a0:"
        yield from (f"    – {item}" for item in items)


def _facts(title: str, document: Document, names: Sequence[str]) -> Iterator[str]:
    told = []
    for name in names:
        fact = registry()[name]
        why = document.why(name) or fact.why
        told.append(f"{fact.label}\u00a0: {_inside(why)}" if why else fact.label)
    yield from _listed(title, told)


def _each(
    title: str, debtors: Sequence[str], of: Callable[[str], tuple[str, ...]]
) -> Iterator[str]:
    """Tell a list for all debtors; where it depends on the debtor, what is for some names them."""
    placed = [(at, debtor, item) for debtor in debtors for at, item in enumerate(of(debtor))]
    said: dict[str, list[str]] = {}
    for _, debtor, item in sorted(placed, key=lambda one: one[0]):
        said.setdefault(item, []).append(debtor)
    yield from _listed(
        title,
        [
            item if len(whom) == len(debtors) else f"{item} ({_whom(whom)})"
            for item, whom in said.items()
        ],
    )


# --- templates without a dossier -------------------------------------------------------------


def articles_of(document: Document, debtor: str) -> tuple[str, ...]:
    """Give every list of articles the document may print for this kind of debtor, in order.

    Conditions on facts are tried with each answer a fact may have, known or not.
    """
    read = {name for source in document.articles for name in names_read(source)}
    names = sorted(read & document.reads())
    found: dict[str, None] = {}
    for source in document.articles:
        for answers in product(*(_answers(name) for name in names)):
            context = dict(zip(names, answers, strict=True)) | {"debtor_kind": debtor}
            if text := line(source, context | {"tone": "normal", "tutoiement": False}):
                found[text] = None
    return tuple(found)


def _answers(name: str) -> tuple[Any, ...]:
    fact = registry().get(name)
    if fact and fact.choices:
        return (None, *(value for value, _ in fact.choices))
    if name == "decompte":
        return _DECOMPTES
    return (None, True)


def _enclosures(document: Document, debtor: str) -> tuple[str, ...]:
    """Give what may be enclosed, with « [numéro] » for each fact."""
    context = {name: _stand_in(name) for name in document.reads()}
    context |= {"debtor_kind": debtor, "tone": document.tones[-1], "tutoiement": False}
    texts = (line(source, context) for source in document.enclosures)
    return tuple(dict.fromkeys(text for text in texts if text))


def _stand_in(name: str) -> Any:
    """Stand for a fact that a template writes or asks about: its label between brackets."""
    if name == "letters_before":
        return [{"on": Blank(name, "date", set())}] * 2
    rule, fact = blank_rules().get(name), registry().get(name)
    unnamed = "date" if name.endswith("_on") else "…"
    label = rule.label if rule else _inside(fact.label) if fact else unnamed
    blank = Blank(name, label, set())
    return str(blank) if fact and not fact.kind.endswith(_WRITTEN_BY_A_FILTER) else blank


def _sending(document: Document, debtor: str, law: Law, today: date) -> tuple[str, ...]:
    """Say how to send it, with the figures of the law on a day, as long as no dossier says more."""
    told: Mapping[str, str] = {
        name: fill_with_doubts(f"{{{name}}}", law, today) for name in document.law
    }
    context: dict[str, Any] = {name: _stand_in(name) for name in document.reads()}
    context |= dict.fromkeys(document.optional)
    context |= {"debtor_kind": debtor, "law": told, "tone": "normal", "tutoiement": False}
    parts = ((key, line(source, context)) for key, source in document.sending)
    return tuple(f"{words(f'sending_{key}')} {text}" for key, text in parts if text)
