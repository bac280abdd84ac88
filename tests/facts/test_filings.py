"""What was filed and is followed up: each has its words, its end, and its days."""

from __future__ import annotations

import re

import pytest

from flows.dialogue.texts import texts, words
from flows.dossier import ActKind, Dossier
from flows.facts.filings import awaited, filings
from letters import load_catalogue
from tests.facts.makers import DAY, act, happened, taken_back


def filed(document: str) -> Dossier:
    """Make a dossier that filed a document on the usual day."""
    kind = ActKind.SENT if document == "reclamation_prealable" else ActKind.FILED
    return Dossier("d", DAY, {"debtor_name": "Dupont"}, (act(kind, DAY, document=document),))


def test_all_that_is_filed_with_somebody_is_followed_up() -> None:
    """Every text of the catalogue that goes to a court or to somebody else has its follow-up."""
    going = {one.id for one in load_catalogue() if one.addressee in {"tribunal", "tiers"}}
    assert going <= set(filings())
    assert set(filings()) <= {one.id for one in load_catalogue()}


@pytest.mark.parametrize("document", sorted(filings()))
def test_each_has_its_words_and_no_figure_of_law(document: str) -> None:
    """What to do, what to do then, and the message if there is one, hold no figure."""
    about = filings()[document].about
    said = [words(f"filing_ask_{about}"), words(f"filing_still_{about}", client="X")]
    if f"filing_text_{about}" in texts():
        said.append(words(f"filing_text_{about}", on="X", client="X", name="X"))
    for text in said:
        assert text
        assert not re.search(r"\d", text)
        assert "!" not in text


@pytest.mark.parametrize("document", sorted(filings()))
def test_the_wait_ends_with_what_is_noted(document: str) -> None:
    """Filed, an answer is awaited; noted, no more; taken back, again."""
    dossier = filed(document)
    found = awaited(dossier)
    assert found is not None
    assert found[1].document == document
    for what in filings()[document].ends:
        told = dossier.with_act(happened(what))
        assert awaited(told) is None
        assert awaited(told.with_act(taken_back(what))) is not None


def test_nothing_is_awaited_of_what_was_not_filed_or_is_over() -> None:
    """No filing, or a closed dossier: nothing is awaited; what came before a filing does not end it."""
    assert awaited(Dossier("d", DAY)) is None
    done = filed("requete_injonction_tj").with_act(act(ActKind.PAID, DAY))
    assert awaited(done) is None
    early = happened("ordonnance", DAY.replace(day=1))
    assert awaited(filed("requete_injonction_tj").with_act(early)) is not None
