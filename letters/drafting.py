"""From a document and named facts to a draft: what is asked first, what is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from letters.decompte import table
from letters.documents import Document
from letters.drafted import Draft
from letters.format import Blank
from letters.template import TABLE, as_data, line, lines_of, one_line, paragraphs
from letters.words import blank_label

Facts = Mapping[str, object]
"""Facts by name: str, int, bool, Decimal, date, and lists or mappings of them."""

_HEAD = (
    "creditor_name", "creditor_trade", "creditor_address", "creditor_siret", "creditor_phone",
    "creditor_email", "creditor_city", "debtor_name", "debtor_contact", "debtor_address",
    "debtor_siren", "today", "decompte", "law_checked_on",
)  # fmt: skip
_HEAD_BLANKS = frozenset(
    {"creditor_name", "creditor_address", "creditor_siret", "creditor_city", "debtor_address"}
)
_ADDRESSES = frozenset({"creditor_address", "debtor_address"})


class DraftError(ValueError):
    """A draft cannot be made: the debtor or the tone is not one the document allows."""


class MissingFactError(DraftError):
    """A fact the document needs, or that its caller computes, is missing; `names` tells which."""

    def __init__(self, document_id: str, names: tuple[str, ...]) -> None:
        super().__init__(f"{document_id}: missing {', '.join(names)}")
        self.names = names


@dataclass(frozen=True, slots=True)
class Missing:
    """What a document lacks: `needs` are asked before the draft, `blanks` when it is completed."""

    needs: tuple[str, ...]
    blanks: tuple[str, ...]


def _known(facts: Facts, name: str) -> bool:
    value = facts.get(name)
    return value is not None and not (isinstance(value, str) and not one_line(value))


def missing(document: Document, facts: Facts) -> Missing:
    """Tell which needs and blanks of `document` are not among `facts`, in the order to ask.

    A blank that the facts make useless (`only_when`) is not missing.
    """
    context = _known_facts(document, facts) if document.only_when else {}
    return Missing(
        tuple(name for name in document.needs if not _known(facts, name)),
        tuple(
            name
            for name in document.blanks
            if not _known(facts, name) and document.uses(name, context)
        ),
    )


def draft(document: Document, facts: Facts, tone: str = "normal") -> Draft:
    """Write `document` with `facts`.

    Missing blanks are shown as « [votre adresse] ». Raises MissingFactError when a need or a
    computed fact is missing, DraftError when the debtor or the tone does not fit.
    """
    debtor = str(facts.get("debtor_kind") or "")
    if debtor not in document.debtors:
        raise DraftError(f"{document.id}: not for the debtor « {debtor} »")
    if tone not in document.tones:
        raise DraftError(f"{document.id}: no tone « {tone} »")
    required = (*document.needs, *document.computed)
    if lacking := tuple(name for name in required if not _known(facts, name)):
        raise MissingFactError(document.id, lacking)

    used: set[str] = set()
    context = _context(document, facts, used)
    context |= {"tone": tone, "debtor_kind": debtor, "decompte_table": TABLE}
    body = paragraphs(document.body, context)
    table_at = body.index(TABLE) if TABLE in body else None
    if table_at is not None:
        body = (*body[:table_at], table(context["decompte"], debtor).text(), *body[table_at + 1 :])
    subject = line(document.subject, context)
    references = _lines(document.references, context)
    enclosures = _lines(document.enclosures, context)
    articles = _articles(document, context) if document.legal else ()
    if document.kind == "letter":
        used |= {n for n in _HEAD_BLANKS.intersection(document.blanks) if not _known(facts, n)}
    return Draft(
        document_id=document.id,
        title=document.title,
        kind=document.kind,
        channel=document.channel,
        tone=tone,
        subject=subject,
        paragraphs=body,
        blanks=tuple(name for name in document.blanks if name in used),
        facts=_kept(document, facts),
        references=references,
        enclosures=enclosures,
        articles=articles,
        table_at=table_at,
    )


def _known_facts(document: Document, facts: Facts) -> dict[str, Any]:
    return {name: as_data(facts[name]) for name in document.reads() if _known(facts, name)}


def _context(document: Document, facts: Facts, used: set[str]) -> dict[str, Any]:
    known = _known_facts(document, facts)
    blanks = {
        name: Blank(name, blank_label(name), used) if document.uses(name, known) else None
        for name in document.blanks
        if name not in known
    }
    return {**dict.fromkeys(document.optional), **blanks, **known}


def _lines(sources: tuple[str, ...], context: dict[str, Any]) -> tuple[str, ...]:
    return tuple(text for source in sources if (text := line(source, context)))


def _articles(document: Document, context: dict[str, Any]) -> tuple[str, ...]:
    """The document's articles, then those of the legal basis they do not already name.

    A text that cites none (a gentler tone, a debtor it does not claim from) prints none.
    """
    articles = list(_lines(document.articles, context))
    if not articles:
        return ()
    seen = {number for text in articles for number in _numbers(text)}
    for basis in context["legal_basis"] or ():
        numbers = _numbers(basis)
        if not numbers or not numbers <= seen:
            articles.append(basis)
            seen |= numbers
    return tuple(articles)


def _numbers(text: str) -> set[str]:
    found = re.findall(r"\b([LRD]?)[.\s\u00a0]*(\d+(?:-\d+)*)\b", text)
    return {letter + number for letter, number in found}


def _kept(document: Document, facts: Facts) -> dict[str, Any]:
    """The facts the draft was made from: those the document reads and those of its head."""
    kept = {}
    for name in sorted({*document.reads(), *_HEAD, "debtor_kind"}):
        if _known(facts, name):
            value = facts[name]
            text = "\n".join(lines_of(str(value))) if name in _ADDRESSES else None
            kept[name] = text if text is not None else as_data(value)
    return kept


def with_facts(old: Draft, facts: Facts) -> Draft:
    """Give the draft with facts replaced around its body (addresses, décompte, place and date)."""
    merged = dict(old.facts)
    for name in _HEAD:
        if _known(facts, name):
            value = facts[name]
            merged[name] = "\n".join(lines_of(str(value))) if name in _ADDRESSES else as_data(value)
    return replace(old, facts=merged)
