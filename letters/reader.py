"""The files of the catalogue, one a document, read once and refused whole at the first mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

import yaml
from jinja2 import TemplateSyntaxError

from letters.documents import HEADED, TITLED, Catalogue, Document, Follows, when
from letters.format import typeset
from letters.template import attributes_read, names_read
from letters.words import HERE, CatalogueError, Loader, blank_rules, vocabulary

_ALWAYS = frozenset({"tone", "debtor_kind", "tutoiement", "law"})
_NEVER_DECLARED = frozenset({"law", "tutoiement", "debtor_kind"})
_PERSONAL = frozenset(
    {"creditor_born_on", "creditor_born_at", "creditor_nationality", "creditor_home"}
)
_SENDING = ("where", "how", "cost", "next")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_TU = re.compile(r"^=== tutoiement ===[ \t]*$", re.MULTILINE)
_KEYS = frozenset(
    {
        "title", "kind", "channel", "family", "addressee", "when", "tones", "needs", "blanks",
        "only_when", "computed", "optional", "law", "why_needed", "subject", "references",
        "articles", "enclosures", "to", "copy_to", "signatures", "asks", "routes", "records",
        "follows", "must_be_true", "advised", "sending", "legal",
    }
)  # fmt: skip


@cache
def load_catalogue() -> Catalogue:
    """Read and check `letters/catalogue/*.md` once. Raises CatalogueError on the first mistake."""
    files = sorted((HERE / "catalogue").glob("*.md"))
    return Catalogue({f.stem: parse(f.stem, f.read_text("utf-8")) for f in files})


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
        fits = self.front.get("when")
        if not isinstance(fits, dict) or set(fits) != {"causes", "stages", "debtors"}:
            self.refuse("when holds causes, stages and debtors")
        vous, *tu = (part.strip() for part in _TU.split(body))
        if len(tu) > 1 or "" in tu:
            self.refuse("one body follows the line of the tutoiement")
        document = Document(
            id=self.id,
            title=typeset(self.text("title")),
            kind=self.word("kind", "kinds"),
            channel=self.word("channel", "channels"),
            family=self.word("family", "families"),
            addressee=self.word("addressee", "addressees"),
            causes=self.words_of(fits["causes"], "causes"),
            stages=self.words_of(fits["stages"], "stages"),
            debtors=self.words_of(fits["debtors"], "debtors"),
            tones=self.words_of(self.front.get("tones"), "tones"),
            needs=self.words_of(self.front.get("needs"), "facts"),
            blanks=self.words_of(self.front.get("blanks", []), "facts"),
            only_when=self.conditions(),
            computed=self.words_of(self.front.get("computed", []), "facts"),
            optional=self.words_of(self.front.get("optional", []), "facts"),
            law=self.ids("law"),
            why_needed=self.reasons(),
            subject=self.text("subject") if "subject" in self.front else "",
            references=self.texts("references"),
            articles=self.texts("articles"),
            enclosures=self.texts("enclosures"),
            to=self.texts("to"),
            copy_to=self.texts("copy_to"),
            signatures=self.texts("signatures"),
            asks=self.text("asks") if "asks" in self.front else "",
            routes=self.ids("routes"),
            records=self.name("records"),
            follows=self.follows(),
            must_be_true=self.words_of(self.front.get("must_be_true", []), "conditions"),
            advised=self.words_of(self.front.get("advised", []), "conditions"),
            sending=self.sending(),
            legal=self.front.get("legal") is True,
            body=vous,
            body_tu=tu[0] if tu else "",
        )
        self.check(document)
        return document

    # --- what holds together -------------------------------------------------------------

    def check(self, document: Document) -> None:
        if not document.debtors or "normal" not in document.tones or not document.body:
            self.refuse("debtors, the tone normal and a body are required")
        if not isinstance(self.front.get("legal"), bool):
            self.refuse("legal is true or false")
        self.check_shape(document)
        self.check_declared(document)
        self.check_read(document)

    def check_shape(self, document: Document) -> None:
        kind, addressee = document.kind, document.addressee
        if (kind != "script" and document.channel != "sms") != bool(document.subject):
            self.refuse("all but a text message and a script have a subject")
        if document.articles and kind in {"message", "script"}:
            self.refuse("only a letter, a filing, an agreement or a note lists its articles")
        if document.legal and "law_checked_on" not in document.reads():
            self.refuse("a legal document reads law_checked_on")
        if document.articles and not document.legal:
            self.refuse("articles are listed by a legal document")
        if kind in HEADED and (addressee in {"tribunal", "tiers"}) != bool(document.to):
            self.refuse("to is for a court or another person, who cannot do without")
        if document.to and addressee not in {"tribunal", "tiers"}:
            self.refuse("to is for a court or another person")
        if kind == "filing" and dict(document.sending).keys() != {*_SENDING}:
            self.refuse(f"a filing says by sending: {', '.join(_SENDING)}")
        if document.body_tu and (kind, addressee) != ("message", "debiteur"):
            self.refuse("only a message to the debtor says « tu »")
        if document.signatures and kind not in HEADED | TITLED:
            self.refuse("a message and a script are not signed")
        if document.copy_to and kind not in HEADED:
            self.refuse("a copy is told in a letter or a filing")

    def check_declared(self, document: Document) -> None:
        declared = [*document.needs, *document.blanks, *document.computed, *document.optional]
        if twice := sorted({name for name in declared if declared.count(name) > 1}):
            self.refuse(f"declared twice: {', '.join(twice)}")
        if wrong := sorted(_NEVER_DECLARED.intersection(declared)):
            self.refuse(f"always known, not to declare: {', '.join(wrong)}")
        for name in document.blanks:
            if name not in blank_rules():
                self.refuse(f"no label in blanks.yaml for {name}")
        asked = {*document.needs, *document.blanks}
        reasons = dict(document.why_needed)
        if strange := sorted(set(reasons) - asked):
            self.refuse(f"why_needed: {', '.join(strange)} is neither a need nor a blank")
        if untold := sorted(_PERSONAL & asked - set(reasons)):
            self.refuse(f"why_needed is required for {', '.join(untold)}")
        if document.asks and not {document.asks, "creditor_iban"} <= document.reads():
            self.refuse("asks names a declared sum, and creditor_iban is declared")

    def check_read(self, document: Document) -> None:
        sources = (
            document.subject,
            *document.references,
            *document.articles,
            *document.enclosures,
            *document.to,
            *document.copy_to,
            *document.signatures,
            *(when(condition) for _, condition in document.only_when),
            *(text for _, text in document.sending),
            *document.bodies(),
        )
        try:
            read = {name for source in sources for name in names_read(source)}
            law = {name for source in sources for name in attributes_read(source, "law")}
        except TemplateSyntaxError as error:
            raise CatalogueError(f"{self.id}: line {error.lineno}: {error.message}") from error
        if outside := sorted(read - document.reads() - _ALWAYS):
            self.refuse(f"read but not declared: {', '.join(outside)}")
        if odd := sorted(law ^ set(document.law)):
            self.refuse(f"law: read but not declared, or declared and not read: {', '.join(odd)}")

    def refuse(self, reason: str) -> NoReturn:
        raise CatalogueError(f"{self.id}: {reason}")

    # --- the shape of one key ------------------------------------------------------------

    def text(self, key: str) -> str:
        value = self.front.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{key} is a text")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.front.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.refuse(f"{key} is a list of texts")
        return tuple(value)

    def name(self, key: str) -> str:
        if key not in self.front:
            return ""
        (name,) = self.ids(key, [self.text(key)])
        return name

    def ids(self, key: str, value: object = None) -> tuple[str, ...]:
        value = self.front.get(key, []) if value is None else value
        if not isinstance(value, list) or not all(
            isinstance(v, str) and _ID.fullmatch(v) for v in value
        ):
            self.refuse(f"{key} holds names in small letters")
        if len(set(value)) != len(value):
            self.refuse(f"{key}: a name comes twice")
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, str]:
        value = self.front.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) and v for v in value.values()):
            self.refuse(f"{key} holds a text by name")
        return value

    def reasons(self) -> tuple[tuple[str, str], ...]:
        reasons = self.mapping("why_needed")
        if any("{" in text for text in reasons.values()):
            self.refuse("why_needed holds plain sentences")
        return tuple((name, typeset(text)) for name, text in reasons.items())

    def sending(self) -> tuple[tuple[str, str], ...]:
        said = self.mapping("sending")
        if strange := sorted(set(said) - set(_SENDING)):
            self.refuse(f"sending: {', '.join(strange)} is none of {', '.join(_SENDING)}")
        return tuple((key, said[key]) for key in _SENDING if key in said)

    def conditions(self) -> tuple[tuple[str, str], ...]:
        value = self.mapping("only_when")
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
            self.refuse(f"a list of {kind} is expected")
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
            self.refuse("follows holds step, after_days and counts_from")
        days = value["after_days"]
        if type(days) is not int or days < 0:
            self.refuse("follows.after_days is a count of days")
        (step,) = self.words_of([value["step"]], "stages")
        (counts_from,) = self.words_of([value["counts_from"]], "counts_from")
        return Follows(step, days, counts_from)
