"""A draft: the text of one document as it stands, self-contained, stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from letters.documents import HEADED, TITLED
from letters.format import NBSP, Blank, date_longue, siret
from letters.words import blank_label

LRAR_MENTION = "Lettre recommandée avec avis de réception"
BY_HAND = "…" * 10
"""Stands for the day of an agreement, written by hand: who signs it does so later."""
SIGNED = HEADED | TITLED
"""Kinds that are papers: signed, with enclosures and the articles they rest on."""
_TUPLES = (
    "paragraphs", "blanks", "references", "enclosures", "articles", "headings", "tables", "to",
    "copy_to", "signatures", "sending",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A written document. Immutable: every change gives a new draft.

    `blanks` names the facts left blank; `facts` those it was made from. `headings` are the places
    of the paragraphs that are headings, `tables` those of the tables and which one each is
    ("decompte", "schedule", "exhibits", "invoices"); a paragraph that is edited is neither any more. `to` are
    the addressee's lines when it is not the debtor, `sending` how to send it, by « where », « how »,
    « cost » and « next ». `payment` is the sum asked by transfer, in euros, None when none is.
    """

    document_id: str
    title: str
    kind: str
    channel: str
    tone: str
    subject: str
    paragraphs: tuple[str, ...]
    blanks: tuple[str, ...]
    facts: Mapping[str, Any]
    references: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    headings: tuple[int, ...] = ()
    tables: tuple[tuple[int, str], ...] = ()
    to: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    sending: tuple[tuple[str, str], ...] = ()
    payment: Decimal | None = None
    addressee_kind: str = "debiteur"
    tutoiement: bool = False

    @property
    def text(self) -> str:
        """The whole text to copy, plain: a letter with its head, a mail with its subject."""
        named: tuple[str, ...]
        if self.kind in TITLED:
            named = (self.subject, "\n".join(self.references))
        else:
            about = f"Objet{NBSP}: {self.subject}" if self.subject else ""
            named = ("\n".join(part for part in (about, *self.references) if part),)
        blocks = [*self._head, *named, *self.paragraphs]
        if self.kind in SIGNED:
            blocks += ["" if self.kind in HEADED or not self.signatures else self.place_and_date]
            blocks += ["\n".join(self.signatures), "\n".join(self.copy_to)]
            if self.enclosures:
                blocks.append("\n".join((f"{self.enclosures_title}{NBSP}:", *self._listed)))
        return "\n\n".join(block for block in (*blocks, self.small_print) if block)

    @property
    def _head(self) -> tuple[str, ...]:
        if self.kind not in HEADED:
            return ()
        return (
            "\n".join(self.sender),
            "\n".join(self.addressee),
            LRAR_MENTION if self.channel == "lrar" else "",
            self.place_and_date,
        )

    @property
    def sender(self) -> tuple[str, ...]:
        """The creditor's lines at the head of a letter, blanks included; at home for want of another address."""
        number = self._fact("creditor_siret")
        address = self._fact("creditor_address") or self._fact("creditor_home")
        lines = (
            self._fact("creditor_name"),
            self._fact("creditor_trade"),
            *address.split("\n"),
            f"SIRET{NBSP}: {number if number.startswith('[') else siret(number)}" if number else "",
            self._fact("creditor_phone"),
            self._fact("creditor_email"),
        )
        return tuple(line for line in lines if line)

    @property
    def addressee(self) -> tuple[str, ...]:
        """The addressee's lines, as they show in the window of an envelope."""
        if self.addressee_kind != "debiteur":
            return self.to
        contact = self._fact("debtor_contact")
        lines = (
            self._fact("debtor_name"),
            f"À l’attention de {contact}" if contact else "",
            *self._fact("debtor_address").split("\n"),
        )
        return tuple(line for line in lines if line)

    @property
    def place_and_date(self) -> str:
        """« Strasbourg, le 22 novembre 2026 »; the date alone when the place is not to be shown.

        « Fait à Strasbourg, le 22 novembre 2026 » above the signatures of what has no such head; the
        day of an agreement is left to write.
        """
        day = self.facts.get("today")
        written = f"le {date_longue(day)}" if isinstance(day, date) else ""
        if self.kind == "agreement":
            written = f"le {BY_HAND}"
        city = self._fact("creditor_city")
        if self.kind not in HEADED:
            return ", ".join(
                part for part in (f"Fait à {city}" if city else "Fait", written) if part
            )
        return ", ".join(part for part in (city, written if city else written.capitalize()) if part)

    @property
    def written_on(self) -> str:
        """« Le 22 novembre 2026 », "" when the day is not known."""
        day = self.facts.get("today")
        return f"Le {date_longue(day)}" if isinstance(day, date) else ""

    @property
    def between(self) -> tuple[str, str]:
        """The two names a message is between: who writes, to whom; "" for one that is not known."""
        names = [self._fact("debtor_name"), self._fact("debtor_contact")]
        if self.addressee_kind != "debiteur":
            names = list(self.to[:1])
        return str(self.facts.get("creditor_name", "")), ", ".join(name for name in names if name)

    @property
    def creditor(self) -> str:
        """The creditor's name, or its blank; "" when it is neither known nor asked."""
        return self._fact("creditor_name")

    @property
    def enclosures_title(self) -> str:
        """« Pièce jointe » or « Pièces jointes »."""
        return "Pièces jointes" if len(self.enclosures) > 1 else "Pièce jointe"

    @property
    def small_print(self) -> str:
        """The articles a document rests on and the day they were last checked, "" when none.

        Never in a message: it is copied as it stands.
        """
        if not self.articles or self.kind not in SIGNED:
            return ""
        checked = self.facts.get("law_checked_on")
        when = f" vérifiés le {date_longue(checked)}" if isinstance(checked, date) else ""
        return f"Textes{when}{NBSP}: {f'{NBSP}; '.join(self.articles).removesuffix('.')}."

    @property
    def _listed(self) -> list[str]:
        return [f"– {enclosure}" for enclosure in self.enclosures]

    def _fact(self, name: str) -> str:
        if name in self.facts:
            return str(self.facts[name])
        return str(Blank(name, blank_label(name), set())) if name in self.blanks else ""

    def with_paragraph(self, index: int, text: str) -> Draft:
        """Replace a paragraph by what a person typed, kept as typed; an empty text removes it.

        Raises IndexError on a paragraph that is not there.
        """
        return self._spliced(self._place(index), index + 1, text)

    def with_added(self, index: int, text: str) -> Draft:
        """Insert what a person typed after a paragraph, kept as typed; an empty text adds nothing.

        Raises IndexError on a paragraph that is not there.
        """
        return self._spliced(self._place(index) + 1, index + 1, text)

    def _place(self, index: int) -> int:
        if not 0 <= index < len(self.paragraphs):
            raise IndexError(f"no paragraph {index} in {self.document_id}")
        return index

    def _spliced(self, start: int, end: int, text: str) -> Draft:
        """Put what was typed in place of the paragraphs from `start` to `end`."""
        typed = text.replace("\r\n", "\n").strip()
        added = (typed,) if typed else ()
        moved = {at: at for at in range(start)}
        moved |= {at: at - end + start + len(added) for at in range(end, len(self.paragraphs))}
        return replace(
            self,
            paragraphs=(*self.paragraphs[:start], *added, *self.paragraphs[end:]),
            headings=tuple(moved[at] for at in self.headings if at in moved),
            tables=tuple((moved[at], name) for at, name in self.tables if at in moved),
        )

    def to_json(self) -> str:
        """Encode for storage; `from_json` gives back an equal draft."""
        data: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        data["facts"] = _encode(data["facts"])
        data["payment"] = _encode(data["payment"])
        return json.dumps(data, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """Decode what `to_json` made. Raises ValueError or TypeError on anything else."""
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("not a stored draft")
        for name in _TUPLES:
            data[name] = tuple(tuple(i) if isinstance(i, list) else i for i in data[name])
        data["facts"] = _decode(data["facts"])
        data["payment"] = _decode(data["payment"])
        return cls(**data)


def _encode(value: object) -> object:
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Mapping):
        return {"m": {key: _encode(item) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    return value


def _decode(value: object) -> Any:
    match value:
        case {"n": str(number)}:
            return Decimal(number)
        case {"d": str(day)}:
            return date.fromisoformat(day)
        case {"m": dict(items)}:
            return {key: _decode(item) for key, item in items.items()}
        case list():
            return [_decode(item) for item in value]
        case dict():
            raise ValueError(f"not a stored value: {value!r}")
        case _:
            return value
