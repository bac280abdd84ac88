"""What each document must say: `expected/<id>.yaml` lists its articles, what it mentions and what it never says.

articles            exactly those cited, « <number> <code> », in any tone and for any debtor, with all facts: in the
                    text, in how to send it, and in why a fact is asked
mentions            said for every debtor in every tone; mentions_by_debtor: for one kind of debtor
never               said for no debtor in no tone

Spaces and apostrophes are compared as typed on a keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.yamlfile import load_yaml
from letters import Document, Draft, load_catalogue

Write = Callable[..., Draft]
EXPECTED = Path(__file__).parent / "expected"
CATALOGUE = load_catalogue()
IDS = CATALOGUE.ids()

CODES = {
    "code civil": "C. civ.",
    "code de commerce": "C. com.",
    "code de procédure civile": "CPC",
    "code des procédures civiles d'exécution": "CPCE",
    "code de la consommation": "C. conso.",
    "code de la commande publique": "CCP",
    "code de justice administrative": "CJA",
    "code de l'organisation judiciaire": "COJ",
    "code des relations entre le public et l'administration": "CRPA",
    "code général des impôts": "CGI",
    "livre des procédures fiscales": "LPF",
    "code général des collectivités territoriales": "CGCT",
    "code monétaire et financier": "CMF",
    "code pénal": "C. pén.",
    "code du travail": "C. trav.",
    "code de la sécurité sociale": "CSS",
    "code de la construction et de l'habitation": "CCH",
    "code de la propriété intellectuelle": "CPI",
}
OF = r",? (?:du|de la|de l'|des|de) ?"
ACT = r"(?:loi|ordonnance|décret|arrêté|règlement|directive)"
NUMBER = re.compile(
    r"(?:[LRDA]\*?\.? ?)?\d+(?:-\d+)*"
    r"(?: (?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies)\b)?(?: [A-Z](?![\w.']))?"
    r"(?! ?°)(?!er? alinéa)"
)
BESIDE = re.compile(
    r",? ?(?:\(?[IVX]+(?: (?:bis|ter))?\b\)?|\(?\d+°\)?|al(?:inéas?|\.) \d+|(?:\d+er?|premier|deuxième|troisième"
    r"|dernier) alinéas?|et suivants|[a-z]\))"
)
JOIN = re.compile(r" ?, (?:et |ou )?| et | à | ou | ainsi que ")
ANNEX = r"(?:annexe [IV]+ (?:au|du) )?"
SOURCE = re.compile(
    rf"{OF}(?:(?P<code>{ANNEX}(?:{'|'.join(sorted(CODES, key=len, reverse=True))}))"
    rf"|(?P<act>{ACT})(?: \([A-Z]+\))? (?:n° ?)?(?P<number>\d+[/-]\d+)|(?P<same>(?:même|ce|ledit) (?:code|{ACT})))"
)
SHORT = re.compile(
    f"(?:{OF}|[ ,]*)(?:"
    + "|".join(f"(?P<c{at}>{re.escape(v)})" for at, v in enumerate(CODES.values()))
    + ")"
)


def plain(text: str) -> str:
    """Write spaces and apostrophes as a keyboard does."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("’", "'"))


def citations(text: str) -> set[str]:
    """Give the articles a text cites, « 1103 code civil »; those of a range are its two ends.

    Raises AssertionError on a citation that names no text this reader knows.
    """
    text, found, last = plain(text), set(), ""
    for start in re.finditer(
        r"\b(?:articles?|art\.) (?=(?:[LRDA]\*?\.? ?)?\d)", text, re.IGNORECASE
    ):
        numbers, at, source = [], start.end(), ""
        while not source:
            if token := BESIDE.match(text, at):
                pass
            elif token := NUMBER.match(text, at):
                numbers.append(re.sub(r"^([LRDA]\*?)\.? ?", r"\1. ", token[0]))
            elif token := SOURCE.match(text, at):
                act = f"{token['act']} n° {token['number']}" if token["act"] else ""
                source = token["code"] or act or last
            elif token := SHORT.match(text, at):
                source = list(CODES)[next(int(k[1:]) for k, v in token.groupdict().items() if v)]
            elif not (token := JOIN.match(text, at)):
                break
            at = token.end()
        assert source, f"which text is it? « {text[start.start() : at + 40]} »"
        found |= {f"{number} {source}" for number in numbers}
        last = source
    return found


def expected_of(document_id: str) -> dict[str, Any]:
    """Read what is expected of a document, its keys checked."""
    data = load_yaml(EXPECTED / f"{document_id}.yaml")
    assert set(data) <= {"articles", "mentions", "mentions_by_debtor", "never"}
    none: dict[str, Any] = {"articles": [], "mentions": [], "mentions_by_debtor": {}, "never": []}
    return {**none, **data}


def each(document: Document, written: Write) -> list[tuple[str, str, Draft]]:
    """Write a document with all facts, by debtor, tone and way to address the debtor."""
    ways = [False, True] if document.has_tutoiement else [False]
    return [
        (debtor, f"{debtor} · {tone}{' · tu' if tu else ''}", made)
        for debtor in document.debtors
        for tone in document.tones
        for tu in ways
        for made in [written(document.id, debtor, tone, tu=tu)]
    ]


def test_each_document_has_what_is_expected_of_it() -> None:
    """The catalogue is what `expected` lists, no document more and none less."""
    assert sorted(path.stem for path in EXPECTED.glob("*.yaml")) == list(IDS)


@pytest.mark.parametrize("document_id", IDS)
def test_the_articles_cited_are_the_expected_ones(document_id: str, written: Write) -> None:
    """Over all tones and debtors the document cites these articles, no other, and each of them."""
    document = CATALOGUE.get(document_id)
    found = {article for _, reason in document.why_needed for article in citations(reason)}
    for _, _, made in each(document, written):
        found |= citations(made.text)
        found |= {article for _, said in made.sending for article in citations(said)}
    listed = {plain(article) for article in expected_of(document_id)["articles"]}
    assert sorted(found - listed) == [], "cited, not in the expected articles"
    assert sorted(listed - found) == [], "expected, cited nowhere"


@pytest.mark.parametrize("document_id", IDS)
def test_what_must_be_said_is_said(document_id: str, written: Write) -> None:
    """Every required mention is in every text that must carry it; none of the others is."""
    expected = expected_of(document_id)
    document = CATALOGUE.get(document_id)
    assert set(expected["mentions_by_debtor"]) <= set(document.debtors)
    for debtor, where, made in each(document, written):
        text = plain(made.text)
        due = [*expected["mentions"], *expected["mentions_by_debtor"].get(debtor, [])]
        if not made.tutoiement:
            assert [m for m in due if plain(m) not in text] == [], f"not said ({where})"
        assert [m for m in expected["never"] if plain(m) in text] == [], f"said ({where})"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(article 1103 du code civil)", {"1103 code civil"}),
        (
            "articles L. 441-10 et D. 441-5 du code de commerce ; article 1103 du code civil",
            {"L. 441-10 code de commerce", "D. 441-5 code de commerce", "1103 code civil"},
        ),
        (
            "Articles 1103, 1231-6, 1343-1 et 1344 du code civil",
            {"1103 code civil", "1231-6 code civil", "1343-1 code civil", "1344 code civil"},
        ),
        (
            "articles R.\u00a02192-10 à R.\u00a02192-14 du code de la commande publique",
            {"R. 2192-10 code de la commande publique", "R. 2192-14 code de la commande publique"},
        ),
        ("art. L441-10, II C. com.", {"L. 441-10 code de commerce"}),
        ("article L. 111-8, alinéa 2, du code des procédures civiles d’exécution",
         {"L. 111-8 code des procédures civiles d'exécution"}),
        ("articles 54, 2° et 57 du code de procédure civile, puis article 1405 du même code",
         {"54 code de procédure civile", "57 code de procédure civile", "1405 code de procédure civile"}),
        ("article 293 B du code général des impôts", {"293 B code général des impôts"}),
        ("TVA non applicable, art. 293 B du CGI", {"293 B code général des impôts"}),
        ("article 21 de la loi n° 95-125 du 8 février 1995", {"21 loi n° 95-125"}),
        ("article 7 du règlement (CE) n° 1896/2006", {"7 règlement n° 1896/2006"}),
        ("les articles livrés, un article de presse", set()),
    ],
)  # fmt: skip
def test_citations_are_read_as_a_lawyer_reads_them(text: str, found: set[str]) -> None:
    """Lists, ranges, paragraphs, short names and « le même code » all give plain articles."""
    assert citations(text) == found


def test_a_citation_without_its_text_is_refused() -> None:
    """An article of no known text is a mistake of the document."""
    with pytest.raises(AssertionError, match="which text"):
        citations("selon l'article 12 de la convention")
