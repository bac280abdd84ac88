"""Citations: each one of the law's files is recognised, named in full, and leads somewhere official."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.law.sources import full, parse_sources, read_at, source_of
from flows.law.strict import LawFileError
from flows.yamlfile import load_yaml

FOLDER = files("flows.law")
DATA = load_yaml(FOLDER / "sources.yaml")
CODE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT"
OFFICIAL = {"www.legifrance.gouv.fr", "eur-lex.europa.eu", "www.courdecassation.fr"}


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith(".yaml") and entry.name != "sources.yaml":
            yield entry


def _cited(data: Any) -> Iterator[str]:
    """Give each text under a key `article` or `articles`, however deep."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in {"article", "articles"}:
                yield from _texts(value)
            else:
                yield from _cited(value)
    elif isinstance(data, list):
        for item in data:
            yield from _cited(item)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


LAW_FILES = {str(file).rpartition("/law/")[2]: file for file in _files(FOLDER)}


@pytest.mark.parametrize("name", sorted(LAW_FILES))
def test_every_citation_of_the_law_is_recognised(name: str) -> None:
    """Each `articles` of each file of the law is written as citations are."""
    assert [cited for cited in _cited(load_yaml(LAW_FILES[name])) if not source_of(cited)] == []


def test_the_walk_finds_the_citations_there_are() -> None:
    """The walk reads lists, single texts and nested mappings, so that none escapes the check."""
    nested = {"a": [{"articles": {"interest": ["x"], "lump_sum": []}}, {"article": "y"}], "b": "z"}
    assert list(_cited(nested)) == ["x", "y"]
    assert "art. L441-10, II C. com." in set(_cited(load_yaml(FOLDER / "regimes.yaml")))


@pytest.mark.parametrize(
    ("citation", "named", "address"),
    [
        (
            "art. L441-10, II C. com.",
            "article L441-10, II du code de commerce",
            "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000038414392",
        ),
        (
            "art. D441-5 C. com.",
            "article D441-5 du code de commerce",
            "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000043197457",
        ),
        ("art. 1411 CPC", "article 1411 du code de procédure civile", f"{CODE}000006070716/"),
        (
            "art. R2192-31 à R2192-33 CCP",
            "articles R2192-31 à R2192-33 du code de la commande publique",
            f"{CODE}000037701019/",
        ),
        (
            "art. 1231-6 et 1344-1 C. civ.",
            "articles 1231-6 et 1344-1 du code civil",
            f"{CODE}000006070721/",
        ),
        (
            "art. L111-8, al. 2 CPCE",
            "article L111-8, al. 2 du code des procédures civiles d’exécution",
            f"{CODE}000025024948/",
        ),
        ("art. 750-1, 5° CPC", "article 750-1, 5° du code de procédure civile", None),
        ("art. 1635 bis Q CGI", "article 1635 bis Q du code général des impôts", None),
        ("art. L. 218-2 C. conso.", "article L. 218-2 du code de la consommation", None),
        (
            "art. L100 code des postes",
            "article L100 du code des postes et des communications électroniques",
            f"{CODE}000006070987/",
        ),
        (
            "art. 1er loi n° 68-1250 du 31 décembre 1968",
            "article 1er de la loi n° 68-1250 du 31 décembre 1968",
            "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000000878035/",
        ),
        (
            "décret n° 2026-96 du 16 février 2026",
            "décret n° 2026-96 du 16 février 2026",
            "https://www.legifrance.gouv.fr/search/all?tab_selection=all&searchField=ALL&query=2026-96",
        ),
        (
            "art. 9 décret n° 2026-96 du 16 février 2026",
            "article 9 du décret n° 2026-96 du 16 février 2026",
            None,
        ),
        (
            "loi n° 75-1334 du 31 décembre 1975, art. 12",
            "article 12 de la loi n° 75-1334 du 31 décembre 1975",
            "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000000889241/",
        ),
        (
            "CE, 23 sept. 2019, n° 427923",
            "Conseil d’État, 23 sept. 2019, n° 427923",
            "https://www.legifrance.gouv.fr/search/all?tab_selection=all&searchField=ALL&query=427923",
        ),
        (
            "art. L127-1 du code des assurances",
            "article L127-1 du code des assurances",
            f"{CODE}000006073984/",
        ),
        (
            "règl. (UE) 2015/848, art. 53 à 55",
            "articles 53 à 55 du règlement (UE) 2015/848",
            "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32015R0848",
        ),
        ("règl. (CE) n° 1896/2006, art. 16", "article 16 du règlement (CE) n° 1896/2006", None),
        (
            "règl. (CE) n° 1896/2006",
            "règlement (CE) n° 1896/2006",
            "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32006R1896",
        ),
        (
            "règl. (CE) n° 861/2007",
            "règlement (CE) n° 861/2007",
            "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32007R0861",
        ),
        (
            "CJUE, 4 mai 2023, C-78/22",
            "Cour de justice de l’Union européenne, 4 mai 2023, affaire C-78/22",
            "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:62022CJ0078",
        ),
        (
            "Cass. 2e civ., avis, 25 sept. 2025, n° 25-70.013",
            "Cour de cassation, 2e chambre civile, avis, 25 sept. 2025, n° 25-70.013",
            "https://www.courdecassation.fr/recherche-judilibre?search_api_fulltext=25-70.013",
        ),
    ],
)
def test_a_citation_is_named_in_full_and_can_be_read(
    citation: str, named: str, address: str | None
) -> None:
    """The code or the text is written out, and the address is that of the article, code or search."""
    assert full(citation) == named
    if address is not None:
        assert read_at(citation) == address
    assert urlsplit(read_at(citation)).hostname in OFFICIAL


@pytest.mark.parametrize("code", DATA["codes"])
def test_every_code_has_its_name_and_its_address(code: str) -> None:
    """Each abbreviation leads to one code of Légifrance, which no other abbreviation names."""
    href = DATA["codes"][code]["href"]
    assert re.fullmatch(rf"{CODE}\d{{12}}/", href)
    assert [other["href"] for other in DATA["codes"].values()].count(href) == 1
    assert read_at(f"art. 1 {code}") == href
    assert full(f"art. 1 {code}") == f"article 1 du {DATA['codes'][code]['name']}"


def test_every_address_is_an_official_one() -> None:
    """No address leads elsewhere than to Légifrance, EUR-Lex or the Cour de cassation."""
    addresses = [
        *DATA["articles"].values(),
        *(text["href"] for text in DATA["texts"].values()),
        *(pattern["href"] for pattern in DATA["patterns"]),
    ]
    assert {urlsplit(address).hostname for address in addresses if address} == OFFICIAL


@pytest.mark.parametrize(
    "citation",
    [
        "",
        "L441-10",
        "art. L441-10",
        "art. C. com.",
        "art. 1411 CPX",
        "C. com. art. L441-10",
        "C. com., art. L441-10",
        "article 1411 CPC",
        "art. 1411 CPC et autres",
        "Cass. com., 18 mai 2022",
        "loi du 31 décembre 1968",
    ],
)
def test_what_is_not_a_citation_is_given_back(citation: str) -> None:
    """A text written otherwise has no source: it is shown as it stands, without an address."""
    assert source_of(citation) is None
    assert full(citation) == citation
    assert read_at(citation) == ""


def test_a_text_without_a_sure_address_has_none() -> None:
    """A ministerial order, whose day is not enough to find it, has no invented address."""
    assert full("arrêté du 24 juin 2015") == "arrêté du 24 juin 2015"
    assert read_at("arrêté du 24 juin 2015") == ""


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_makes_the_reading_fail(text: str) -> None:
    """Whatever a file cites, an address is "" or an https one."""
    assert read_at(text) == "" or read_at(text).startswith("https://")


@given(
    kind=st.sampled_from(["", "L", "R", "D", "A"]),
    number=st.integers(1, 9999),
    more=st.lists(st.integers(1, 99), max_size=3),
    code=st.sampled_from(sorted(DATA["codes"])),
)
@settings(deadline=None, max_examples=100)
def test_any_article_of_any_code_is_recognised(
    kind: str, number: int, more: list[int], code: str
) -> None:
    """An article's number is kept as written and its code written out."""
    written = kind + "-".join(str(part) for part in (number, *more))
    assert full(f"art. {written} {code}") == f"article {written} du {DATA['codes'][code]['name']}"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("surprise",), {}, "unknown"),
        (("last_checked_on",), "hier", "a day"),
        (("codes", "CPC", "href"), "http://www.legifrance.gouv.fr", "https"),
        (("codes", "CPC", "note"), "x", "unknown"),
        (("articles", "L1 C. inconnu"), "https://x", "no such code"),
        (("patterns", 0, "match"), "(", "missing"),
        (("patterns", 0, "name"), "{rien}", "no group"),
    ],
)
def test_a_slip_in_the_file_is_refused(path: tuple[Any, ...], value: Any, says: str) -> None:
    """An unknown key, an unsafe address or a blank nothing fills stops the reading."""
    data = deepcopy(DATA)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(LawFileError, match=says):
        parse_sources(data)
