"""Write letters/README.md again: how a document is made, then each with an example. `make diagrams`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.documents_command import articles_of, by_family
from flows.dialogue.texts import words
from letters import Document, Draft, draft, load_catalogue
from letters.words import vocabulary
from tests.letters.conftest import TODAY, all_facts

PAGE = Path(__file__).parents[2] / "letters" / "README.md"
START, END = "<!-- documents: start -->", "<!-- documents: end -->"

FAMILIES = {
    "relancer": "Remind",
    "repondre": "Answer",
    "accord": "Agree",
    "mise_en_demeure": "Put on notice",
    "amiable": "Ask for help, without a judge",
    "juge": "Go to court",
    "procedure": "Insolvency and over-indebtedness",
    "administration": "Public bodies",
    "apres": "Afterwards",
    "prevention": "Next time",
}
KINDS = {
    "message": "message",
    "letter": "letter",
    "script": "script of a call",
    "filing": "filing",
    "agreement": "agreement",
    "note": "note",
}
CHANNELS = {
    "sms": "text message",
    "mail": "e-mail",
    "lrar": "registered with acknowledgement of receipt",
    "appel": "telephone",
    "depot": "handed in",
    "main": "signed and handed over",
    "aucun": "kept by the person",
}
DEBTORS = {
    "professionnel": "a business",
    "particulier": "a consumer",
    "public": "a public body",
    "association": "an association",
    "etranger": "a client abroad",
}
CAUSES = {
    "oubli": "forgotten",
    "insatisfaction": "not satisfied",
    "tresorerie": "short of cash",
    "mauvaise_foi": "bad faith",
    "administratif": "stuck in administration",
    "pas_encore": "not known yet",
}
STAGES = {
    "avant_echeance": "before the due date",
    "premier_contact": "first contact",
    "relance_1": "first reminder",
    "relance_2": "second reminder",
    "derniere_relance": "last reminder",
    "mise_en_demeure": "mise en demeure",
    "choix_de_la_voie": "choice of a route",
    "en_attente": "waiting",
}
FROM = {"sending": "sending", "receipt": "receipt", "reply_by": "the date asked"}
DUE_SOON = TODAY + timedelta(days=10)
SENDING = {"where": "Où", "how": "Comment", "cost": "Coût", "next": "Ensuite"}


def with_documents(page: str) -> str:
    """Give `page` with the documents between its two marks made anew. Raises ValueError without marks."""
    before, found, rest = page.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError("the page has no place for the documents")
    return f"{before}{START}\n{documents()}\n{END}{after}"


def documents() -> str:
    """Give the table of contents by family, then every document with its example."""
    families = list(by_family(load_catalogue()))
    parts = ["\n".join(_contents(families))]
    for family, found in families:
        parts.append(f"### {_named(family)}")
        parts += [_entry(document) for document in found]
    return "\n\n".join(parts)


def _contents(families: list[tuple[str, list[Document]]]) -> Iterator[str]:
    for family, found in families:
        yield f"- {_named(family)}"
        yield from (f"  - [{document.title}](#{document.id})" for document in found)


def _named(family: str) -> str:
    return f"{FAMILIES[family]} (« {words(f'family_{family}')} »)"


def _entry(document: Document) -> str:
    made = example(document)
    nature = f"{KINDS[document.kind]}, {CHANNELS[document.channel]}"
    rows = [
        f'<a id="{document.id}"></a>',
        "",
        f"#### {document.title}",
        "",
        f"`{document.id}`: {nature}; {_whom(document)}.",
        "",
        f"- When: {_when(document)}",
    ]
    meanings = vocabulary()["conditions"]
    for label, codes in (("Supposes", document.must_be_true), ("Better first", document.advised)):
        if codes:
            rows.append(f"- {label}: {' '.join(meanings[code] for code in codes)}")
    if articles := _articles(document):
        rows.append(f"- Articles: {' ; '.join(articles)}.")
    if document.follows:
        after = document.follows
        days = f"{after.after_days} days after {FROM[after.counts_from]}"
        rows.append(f"- Then: {STAGES[after.step]}, {days}.")
    rows += ["", "<details>", f"<summary>Example, to {DEBTORS[document.debtors[0]]}</summary>", ""]
    rows += ["```text", made.text.replace("```", "'''"), "```"]
    rows += _how_to_send(made)
    return "\n".join([*rows, "", "</details>"])


def example(document: Document) -> Draft:
    """Write a document for its first debtor, in its normal tone, with all facts."""
    facts = all_facts(document.debtors[0], document.id)
    if "echeance_a_venir" in document.must_be_true:
        facts["invoice_due_on"] = DUE_SOON
    return draft(document, facts)


def _whom(document: Document) -> str:
    if len(document.debtors) == len(DEBTORS):
        return "for every client"
    return f"for {', '.join(DEBTORS[one] for one in document.debtors)}"


def _when(document: Document) -> str:
    stages = ", ".join(STAGES[stage] for stage in document.stages) or "at any step"
    causes = f"; cause: {', '.join(CAUSES[c] for c in document.causes)}" if document.causes else ""
    return f"{stages}{causes}."


def _articles(document: Document) -> list[str]:
    found = (text for debtor in document.debtors for text in articles_of(document, debtor))
    return list(dict.fromkeys(text.removesuffix(".") for text in found))


def _how_to_send(made: Draft) -> Iterator[str]:
    if made.sending:
        yield from ("", "How to send it:", "")
        yield from (f"- {SENDING[key]} : {_plain(text)}" for key, text in made.sending)


def _plain(text: str) -> str:
    """Keep the marks of Markdown from being read in a text."""
    return re.sub(r"([*_`<>\[\]])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(with_documents(PAGE.read_text("utf-8")), "utf-8")
