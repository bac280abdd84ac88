"""The catalogue: one file a document, read once and refused whole at the first mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import TemplateSyntaxError

from letters.format import typeset
from letters.template import line, names_read
from letters.words import HERE, CatalogueError, Loader, blank_rules, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ALWAYS = frozenset({"tone", "debtor_kind"})
_TABLE = frozenset({"decompte_table"})
_KEYS = frozenset(
    {
        "title", "kind", "channel", "when", "tones", "needs", "blanks", "only_when", "computed",
        "optional", "subject", "references", "articles", "enclosures", "follows", "must_be_true", "legal",
    }
)  # fmt: skip


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
    when known. `only_when` holds the condition, a Jinja2 expression, of a blank not always used.
    """

    id: str
    title: str
    kind: str
    channel: str
    causes: tuple[str, ...]
    stages: tuple[str, ...]
    debtors: tuple[str, ...]
    tones: tuple[str, ...]
    needs: tuple[str, ...]
    blanks: tuple[str, ...]
    only_when: tuple[tuple[str, str], ...]
    computed: tuple[str, ...]
    optional: tuple[str, ...]
    subject: str
    references: tuple[str, ...]
    articles: tuple[str, ...]
    enclosures: tuple[str, ...]
    follows: Follows | None
    must_be_true: tuple[str, ...]
    legal: bool
    body: str

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
        if any(context.get(name) is None for name in names_read(_if(condition)) & {*self.needs}):
            return False
        return bool(line(_if(condition), {**dict.fromkeys(self.optional), **context}))

    def reads(self) -> frozenset[str]:
        """Give every fact the document declares."""
        return frozenset((*self.needs, *self.blanks, *self.computed, *self.optional))


def _if(condition: str) -> str:
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


def parse(document_id: str, text: str) -> Document:
    """Read one document's file. Raises CatalogueError, naming what is wrong."""
    match = re.match(r"\A---\n(.*?\n)---\n(.*)\Z", text, re.DOTALL)
    if not match:
        raise CatalogueError(f"{document_id}: front matter between two --- lines is expected")
    try:
        front = yaml.load(match[1], Loader=Loader)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise CatalogueError(f"{document_id}: {error}") from error
    if not isinstance(front, dict):
        raise CatalogueError(f"{document_id}: front matter is a mapping")
    return _Reader(document_id, front).document(match[2].strip())


class _Reader:
    """Takes a front matter apart, refusing what it does not know."""

    def __init__(self, document_id: str, front: dict[str, Any]) -> None:
        self.id = document_id
        self.front = front
        self.words = vocabulary()

    def document(self, body: str) -> Document:
        if unknown := sorted(set(self.front) - _KEYS):
            self.refuse(f"unknown key {', '.join(unknown)}")
        when = self.front.get("when")
        if not isinstance(when, dict) or set(when) != {"causes", "stages", "debtors"}:
            raise CatalogueError(f"{self.id}: when holds causes, stages and debtors")
        document = Document(
            id=self.id,
            title=typeset(self.text("title")),
            kind=self.word("kind", "kinds"),
            channel=self.word("channel", "channels"),
            causes=self.words_of(when["causes"], "causes"),
            stages=self.words_of(when["stages"], "stages"),
            debtors=self.words_of(when["debtors"], "debtors"),
            tones=self.words_of(self.front.get("tones"), "tones"),
            needs=self.words_of(self.front.get("needs"), "facts"),
            blanks=self.words_of(self.front.get("blanks", []), "facts"),
            only_when=self.conditions(),
            computed=self.words_of(self.front.get("computed", []), "facts"),
            optional=self.words_of(self.front.get("optional", []), "facts"),
            subject=self.text("subject") if "subject" in self.front else "",
            references=self.texts("references"),
            articles=self.texts("articles"),
            enclosures=self.texts("enclosures"),
            follows=self.follows(),
            must_be_true=self.words_of(self.front.get("must_be_true", []), "conditions"),
            legal=self.front.get("legal") is True,
            body=body,
        )
        self.check(document)
        return document

    def check(self, document: Document) -> None:
        if not document.debtors or "normal" not in document.tones or not document.body:
            self.refuse("debtors, the tone normal and a body are required")
        if not isinstance(self.front.get("legal"), bool):
            self.refuse("legal is true or false")
        if (document.channel in {"mail", "lrar"}) != bool(document.subject):
            self.refuse("a mail and a letter have a subject, the others none")
        if document.legal and not {"law_checked_on", "legal_basis"} <= document.reads():
            self.refuse("a legal document reads law_checked_on and legal_basis")
        declared = [*document.needs, *document.blanks, *document.computed, *document.optional]
        if twice := sorted({name for name in declared if declared.count(name) > 1}):
            self.refuse(f"declared twice: {', '.join(twice)}")
        for name in document.blanks:
            if name not in blank_rules():
                self.refuse(f"no label in blanks.yaml for {name}")
        if document.articles and document.kind != "letter":
            self.refuse("only a letter lists its articles")
        conditions = [_if(condition) for _, condition in document.only_when]
        sources = (document.subject, *document.references, *document.articles, *conditions)
        known = document.reads() | _ALWAYS
        try:
            outside = names_read(document.body) - known - _TABLE
            outside |= {n for s in (*sources, *document.enclosures) for n in names_read(s)} - known
        except TemplateSyntaxError as error:
            raise CatalogueError(f"{self.id}: line {error.lineno}: {error.message}") from error
        if outside:
            self.refuse(f"read but not declared: {', '.join(sorted(outside))}")

    def refuse(self, reason: str) -> None:
        raise CatalogueError(f"{self.id}: {reason}")

    def text(self, key: str) -> str:
        value = self.front.get(key)
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError(f"{self.id}: {key} is a text")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.front.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise CatalogueError(f"{self.id}: {key} is a list of texts")
        return tuple(value)

    def conditions(self) -> tuple[tuple[str, str], ...]:
        value = self.front.get("only_when", {})
        if not isinstance(value, dict) or not all(isinstance(v, str) and v for v in value.values()):
            raise CatalogueError(f"{self.id}: only_when holds a condition by blank")
        if strange := sorted(set(value) - set(self.front.get("blanks", []))):
            self.refuse(f"only_when: {', '.join(strange)} is not a blank")
        return tuple(value.items())

    def word(self, key: str, kind: str) -> str:
        value = self.text(key)
        if value not in self.words[kind]:
            self.refuse(f"{value} is not one of {kind}")
        return value

    def words_of(self, value: object, kind: str) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise CatalogueError(f"{self.id}: a list of {kind} is expected")
        if wrong := [str(v) for v in value if v not in self.words[kind]]:
            self.refuse(f"{', '.join(wrong)}: not among {kind}")
        if len(set(value)) != len(value):
            self.refuse(f"a word of {kind} comes twice")
        return tuple(value)

    def follows(self) -> Follows | None:
        value = self.front.get("follows")
        if value is None:
            return None
        if not isinstance(value, dict) or set(value) != {"step", "after_days", "counts_from"}:
            raise CatalogueError(f"{self.id}: follows holds step, after_days and counts_from")
        days = value["after_days"]
        if type(days) is not int or days < 0:
            self.refuse("follows.after_days is a count of days")
        (step,) = self.words_of([value["step"]], "stages")
        (counts_from,) = self.words_of([value["counts_from"]], "counts_from")
        return Follows(step, days, counts_from)


@cache
def load_catalogue() -> Catalogue:
    """Read and check `letters/catalogue/*.md` once. Raises CatalogueError on the first mistake."""
    files = sorted((HERE / "catalogue").glob("*.md"))
    return Catalogue({f.stem: parse(f.stem, f.read_text("utf-8")) for f in files})
