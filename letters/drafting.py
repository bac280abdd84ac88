"""From a document and named facts to a draft: what is asked first, what is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from letters.documents import HEADED, Document
from letters.drafted import Draft
from letters.format import Blank, iban
from letters.several import for_several, in_words
from letters.tables import numbered, table
from letters.template import (
    HEADING,
    KEEP_BREAK,
    TABLES,
    as_data,
    line,
    lines_of,
    one_line,
    paragraphs,
)
from letters.words import blank_label

Facts = Mapping[str, object]
"""Facts by name: str, int, bool, Decimal, date, and lists or mappings of them."""

_HEAD = (
    "creditor_name", "creditor_trade", "creditor_address", "creditor_siret", "creditor_phone",
    "creditor_email", "creditor_city", "debtor_name", "debtor_contact", "debtor_address",
    "debtor_siren", "today", "decompte", "law_checked_on",
)  # fmt: skip


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
    lacking = [name for name in required if not _known(facts, name)]
    law = facts.get("law")
    known_law = law if isinstance(law, Mapping) else {}
    lacking += [f"law.{name}" for name in document.law if name not in known_law]
    if lacking:
        raise MissingFactError(document.id, tuple(lacking))

    if _several(facts):
        document = for_several(document)
    used: set[str] = set()
    known = _known_facts(document, facts)
    context = _context(document, facts, known, tone, used)
    tutoiement = context["tutoiement"]
    found = _body(document.body_tu if tutoiement else document.body, context)
    kept = _kept(document, facts, known)
    enclosures = _lines(document.enclosures, context)
    if "exhibits" in found.tables.values():
        kept["exhibits"] = kept.get("exhibits") or numbered(enclosures)
        enclosures = ()
    text = [
        table(found.tables[at], kept, document.addressee).text() if at in found.tables else part
        for at, part in enumerate(found.paragraphs)
    ]
    written = Draft(
        document_id=document.id,
        title=document.title,
        kind=document.kind,
        channel=document.channel,
        tone=tone,
        subject=line(document.subject, context),
        paragraphs=tuple(text),
        blanks=(),
        facts=kept,
        references=_lines(document.references, context),
        enclosures=enclosures,
        articles=_articles(document, context) if document.legal else (),
        headings=found.headings,
        tables=tuple(found.tables.items()),
        to=_to(document, facts, context),
        copy_to=_lines(document.copy_to, context),
        signatures=_lines(document.signatures, context) or _signed(document, context),
        sending=_sending(document, _context(document, facts, known, tone, set())),
        payment=_payment(document, facts, text),
        addressee_kind=document.addressee,
        tutoiement=tutoiement,
    )
    shown = _shown_around(document, written).intersection(document.blanks)
    used |= {name for name in shown if not _known(facts, name)}
    return replace(written, blanks=tuple(name for name in document.blanks if name in used))


def _shown_around(document: Document, written: Draft) -> set[str]:
    """Name the facts that stand around the body, as blanks while they are not known."""
    if document.kind in HEADED:
        around = {"creditor_name", "creditor_address", "creditor_siret", "creditor_city"}
        return around | ({"debtor_address"} if document.addressee == "debiteur" else set())
    return {"creditor_city"} if written.signatures else set()


@dataclass(frozen=True, slots=True)
class _Body:
    paragraphs: tuple[str, ...]
    headings: tuple[int, ...]
    tables: Mapping[int, str]


def _body(source: str, context: Mapping[str, Any]) -> _Body:
    """Write a body out; a heading under which nothing comes is left out."""
    parts = paragraphs(source, context)
    follows = (*parts[1:], HEADING)
    kept = [
        part
        for part, after in zip(parts, follows, strict=True)
        if not (part.startswith(HEADING) and after.startswith(HEADING))
    ]
    return _Body(
        tuple(part.removeprefix(HEADING) for part in kept),
        tuple(at for at, part in enumerate(kept) if part.startswith(HEADING)),
        {at: TABLES[part] for at, part in enumerate(kept) if part in TABLES},
    )


def _known_facts(document: Document, facts: Facts) -> dict[str, Any]:
    known = {n: _in_a_line(n, facts[n]) for n in document.reads() if _known(facts, n)}
    return {**known, "debtor_kind": str(facts.get("debtor_kind") or "")}


def _in_a_line(name: str, value: object) -> Any:
    """Prepare a fact for a sentence: the lines of an address are parted by commas."""
    return ", ".join(lines_of(str(value))) if _is_address(name) else as_data(value)


def _is_address(name: str) -> bool:
    return name.endswith("_address") or name == "creditor_home"


def _context(
    document: Document, facts: Facts, known: dict[str, Any], tone: str, used: set[str]
) -> dict[str, Any]:
    blanks = {
        name: Blank(name, blank_label(name), used) if document.uses(name, known) else None
        for name in document.blanks
        if name not in known
    }
    law: Any = facts.get("law") or {}
    several = _several(facts)
    number = blanks.get("invoice_number")
    return {
        "invoices": as_data(several),
        "factures": in_words(several, facts.get("today"), number) if several else {},
        **dict.fromkeys(document.optional),
        **blanks,
        **known,
        "law": {name: as_data(law[name]) for name in document.law},
        "tone": tone,
        "tutoiement": facts.get("tutoiement") is True and document.has_tutoiement,
    }


def _several(facts: Facts) -> list[Mapping[str, Any]]:
    """Give the invoices a document is about when there are more than one."""
    told = facts.get("invoices")
    return list(told) if isinstance(told, Sequence) and len(told) > 1 else []


def _to(document: Document, facts: Facts, context: Mapping[str, Any]) -> tuple[str, ...]:
    """The addressee's lines: a fact of several lines gives several."""
    apart = {
        name: KEEP_BREAK.join(lines_of(value))
        for name in document.reads()
        if isinstance(value := facts.get(name), str) and _known(facts, name)
    }
    written = _lines(document.to, {**context, **apart})
    return tuple(part for text in written for part in text.split("\n"))


def _signed(document: Document, context: Mapping[str, Any]) -> tuple[str, ...]:
    """Who signs when the document does not say: the creditor, a letter or a filing."""
    name = context.get("creditor_name") if document.kind in HEADED else None
    return (str(name),) if name is not None else ()


def _sending(document: Document, context: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    said = ((key, line(source, context)) for key, source in document.sending)
    return tuple((key, text) for key, text in said if text)


def _payment(document: Document, facts: Facts, text: Sequence[str]) -> Decimal | None:
    """Give the sum of the payment code; None where the text names no account: another way is used then."""
    account, amount = facts.get("creditor_iban"), facts.get(document.asks)
    if isinstance(account, str) and not any(iban(account) in part for part in text):
        return None
    return amount if isinstance(amount, Decimal) and amount > 0 else None


def _lines(sources: tuple[str, ...], context: Mapping[str, Any]) -> tuple[str, ...]:
    """Write lines; a template may give several, parted by blank lines."""
    return tuple(text for source in sources for text in paragraphs(source, context))


def _articles(document: Document, context: Mapping[str, Any]) -> tuple[str, ...]:
    """The document's articles, then those of the legal basis they do not already name.

    A text that cites none (a gentler tone, a debtor it does not claim from) prints none.
    """
    articles = list(_lines(document.articles, context))
    if not articles:
        return ()
    seen = {number for text in articles for number in _numbers(text)}
    for basis in context.get("legal_basis") or ():
        numbers = _numbers(basis)
        if not numbers or not numbers <= seen:
            articles.append(basis)
            seen |= numbers
    return tuple(articles)


def _numbers(text: str) -> set[str]:
    found = re.findall(r"\b([LRD]?)[.\s\u00a0]*(\d+(?:-\d+)*)\b", text)
    return {letter + number for letter, number in found}


def _kept(document: Document, facts: Facts, known: Mapping[str, Any]) -> dict[str, Any]:
    """The facts the draft was made from: those the document reads and those of its head.

    `known`: those it reads, as they stand in a sentence; only an address is kept otherwise.
    """
    names = sorted({*document.reads(), *_HEAD, "debtor_kind", "invoices"})
    return {
        name: known[name]
        if name in known and not _is_address(name)
        else _as_kept(name, facts[name])
        for name in names
        if name in known or _known(facts, name)
    }


def _as_kept(name: str, value: object) -> Any:
    return "\n".join(lines_of(str(value))) if _is_address(name) else as_data(value)


def with_facts(old: Draft, facts: Facts) -> Draft:
    """Give the draft with facts replaced around its body (addresses, décompte, place and date)."""
    merged = dict(old.facts)
    for name in _HEAD:
        if _known(facts, name):
            merged[name] = _as_kept(name, facts[name])
    new = replace(old, facts=merged)
    signatures = (new.creditor if name == old.creditor else name for name in old.signatures)
    return replace(new, signatures=tuple(signatures))
