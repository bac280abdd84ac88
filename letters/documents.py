"""The model of the catalogue: a document, what comes after it, and the documents by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.template import line, names_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEADED = frozenset({"letter", "filing"})
"""Kinds with a sender, an addressee, a place and a date at their head."""
TITLED = frozenset({"filing", "agreement", "note"})
"""Kinds whose subject is the title in the middle of the sheet."""


@dataclass(frozen=True, slots=True)
class Follows:
    """What comes after sending: the stage `step`, `after_days` days after `counts_from`."""

    step: str
    after_days: int
    counts_from: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the catalogue: its front matter and the source of its body.

    `causes` and `stages` left empty mean any. `needs` are asked before a draft, `blanks` shown as
    blanks when missing (in the order to ask), `computed` handed in by the caller, `optional` used
    when known. `only_when` holds the condition, a Jinja2 expression, of a blank not always used;
    `why_needed` the sentence that says why a fact is asked. `law` names the parameters of the law
    the text reads, `asks` the fact that holds the sum to pay by transfer ("" when none), `routes`
    the ways of recovery it carries out, `records` the occurrence its sending is ("" when none).
    A condition of `must_be_true` closes the document when false, one of `advised` only cautions.
    `to`, `copy_to`, `signatures` and `sending` are templates, as `subject`; `body_tu` is the body
    that says « tu », "" when there is none.
    """

    id: str
    title: str
    kind: str
    channel: str
    family: str
    addressee: str
    causes: tuple[str, ...]
    stages: tuple[str, ...]
    debtors: tuple[str, ...]
    tones: tuple[str, ...]
    needs: tuple[str, ...]
    blanks: tuple[str, ...]
    only_when: tuple[tuple[str, str], ...]
    computed: tuple[str, ...]
    optional: tuple[str, ...]
    law: tuple[str, ...]
    why_needed: tuple[tuple[str, str], ...]
    subject: str
    references: tuple[str, ...]
    articles: tuple[str, ...]
    enclosures: tuple[str, ...]
    to: tuple[str, ...]
    copy_to: tuple[str, ...]
    signatures: tuple[str, ...]
    asks: str
    routes: tuple[str, ...]
    records: str
    follows: Follows | None
    must_be_true: tuple[str, ...]
    advised: tuple[str, ...]
    sending: tuple[tuple[str, str], ...]
    legal: bool
    body: str
    body_tu: str

    @property
    def has_tutoiement(self) -> bool:
        """Tell whether the document can say « tu »."""
        return bool(self.body_tu)

    def fits(self, *, debtor: str, cause: str = "", stage: str = "") -> bool:
        """Tell whether the document may serve this debtor, cause and stage ("" leaves one open)."""
        return (
            debtor in self.debtors
            and (not cause or not self.causes or cause in self.causes)
            and (not stage or not self.stages or stage in self.stages)
        )

    def uses(self, blank: str, context: Mapping[str, object]) -> bool:
        """Tell whether a blank serves, given the facts prepared by `as_data` that its condition reads.

        A blank whose condition reads a need not known yet does not serve yet.
        """
        condition = dict(self.only_when).get(blank)
        if condition is None:
            return True
        if any(context.get(name) is None for name in names_read(when(condition)) & {*self.needs}):
            return False
        unknown = dict.fromkeys((*self.optional, *self.blanks))
        return bool(line(when(condition), {**unknown, **context}))

    def reads(self) -> frozenset[str]:
        """Give every fact the document declares, the law aside."""
        return frozenset((*self.needs, *self.blanks, *self.computed, *self.optional))

    def why(self, fact: str) -> str:
        """Say why a fact is asked, "" when it is plain."""
        return dict(self.why_needed).get(fact, "")

    def bodies(self) -> tuple[str, ...]:
        """Give the bodies: the one that says « vous », then the one that says « tu » if any."""
        return (self.body, self.body_tu) if self.body_tu else (self.body,)


def when(condition: str) -> str:
    """Make the template of a condition: it writes something where the condition holds."""
    return f"{{% if {condition} %}}1{{% endif %}}"


class Catalogue:
    """The documents by id, in the order of their ids."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = dict(sorted(documents.items()))

    def get(self, document_id: str) -> Document:
        """Give one document. Raises KeyError on an id the catalogue does not hold."""
        return self._documents[document_id]

    def find(self, document_id: str) -> Document | None:
        """Give one document, None when the catalogue does not hold it (an older one, withdrawn)."""
        return self._documents.get(document_id)

    def all(self) -> tuple[Document, ...]:
        """Give every document."""
        return tuple(self._documents.values())

    def ids(self) -> tuple[str, ...]:
        """Give every id."""
        return tuple(self._documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents.values())

    def __len__(self) -> int:
        return len(self._documents)
