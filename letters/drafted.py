"""A draft: the text of one document as it stands, self-contained, stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from letters.format import NBSP, Blank, date_longue, siret
from letters.words import blank_label

LRAR_MENTION = "Lettre recommandée avec avis de réception"


@dataclass(frozen=True, slots=True)
class Draft:
    """A written document. Immutable: every change gives a new draft.

    `blanks` names the facts left blank; `facts` those it was made from; `table_at` the paragraph
    that is the décompte, None when there is none or when it was edited.
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
    table_at: int | None = None

    @property
    def text(self) -> str:
        """The whole text to copy, plain: a letter with its head, a mail with its subject."""
        if self.kind == "letter":
            blocks = [
                "\n".join(self.sender),
                "\n".join(self.addressee),
                LRAR_MENTION if self.channel == "lrar" else "",
                self.place_and_date,
                "\n".join((f"Objet{NBSP}: {self.subject}", *self.references)),
                *self.paragraphs,
                self.signature,
            ]
            if self.enclosures:
                blocks.append("\n".join((f"{self.enclosures_title}{NBSP}:", *self._listed)))
        else:
            blocks = [f"Objet{NBSP}: {self.subject}" if self.subject else "", *self.paragraphs]
        return "\n\n".join(block for block in (*blocks, self.small_print) if block)

    @property
    def sender(self) -> tuple[str, ...]:
        """The creditor's lines at the head of a letter, blanks included."""
        number = self._fact("creditor_siret")
        lines = (
            self._fact("creditor_name"),
            self._fact("creditor_trade"),
            *self._fact("creditor_address").split("\n"),
            f"SIRET{NBSP}: {number if number.startswith('[') else siret(number)}" if number else "",
            self._fact("creditor_phone"),
            self._fact("creditor_email"),
        )
        return tuple(line for line in lines if line)

    @property
    def addressee(self) -> tuple[str, ...]:
        """The debtor's lines, as they show in the window of an envelope."""
        contact = self._fact("debtor_contact")
        lines = (
            self._fact("debtor_name"),
            f"À l’attention de {contact}" if contact else "",
            *self._fact("debtor_address").split("\n"),
        )
        return tuple(line for line in lines if line)

    @property
    def place_and_date(self) -> str:
        """« Strasbourg, le 22 novembre 2026 »; the date alone when the place is not to be shown."""
        day = self.facts.get("today")
        written = f"le {date_longue(day)}" if isinstance(day, date) else ""
        city = self._fact("creditor_city")
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
        return str(self.facts.get("creditor_name", "")), ", ".join(name for name in names if name)

    @property
    def signature(self) -> str:
        """The name under which a letter is signed."""
        return self._fact("creditor_name")

    @property
    def enclosures_title(self) -> str:
        """« Pièce jointe » or « Pièces jointes »."""
        return "Pièces jointes" if len(self.enclosures) > 1 else "Pièce jointe"

    @property
    def small_print(self) -> str:
        """The articles a letter rests on and the day they were last checked, "" when none.

        Never in a message: it is copied as it stands.
        """
        if not self.articles or self.kind != "letter":
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
        text = text.replace("\r\n", "\n").strip()
        if not 0 <= index < len(self.paragraphs):
            raise IndexError(f"no paragraph {index} in {self.document_id}")
        table_at = self.table_at
        if table_at is not None:
            table_at = None if table_at == index else table_at - (not text and index < table_at)
        after = self.paragraphs[index + 1 :]
        paragraphs = (*self.paragraphs[:index], *filter(None, [text]), *after)
        return replace(self, paragraphs=paragraphs, table_at=table_at)

    def to_json(self) -> str:
        """Encode for storage; `from_json` gives back an equal draft."""
        data = asdict(self)
        data["facts"] = _encode(data["facts"])
        return json.dumps(data, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """Decode what `to_json` made. Raises ValueError or TypeError on anything else."""
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("not a stored draft")
        for name in ("paragraphs", "blanks", "references", "enclosures", "articles"):
            data[name] = tuple(data[name])
        data["facts"] = _decode(data["facts"])
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
