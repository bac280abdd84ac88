"""The French sentences and the other data files of `flows/reading`."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

import flows.reading
from flows.reading import read_amount, sentence
from flows.reading.data import (
    limits,
    limits_from,
    load,
    vocabulary,
    vocabulary_from,
)
from flows.reading.wording import sentences, sentences_from

FOLDER = Path(flows.reading.__file__).parent


def _codes_in_source() -> set[str]:
    texts = {
        node.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if text in sentences()}


def _refused_in_source() -> set[str]:
    codes: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                codes |= {
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and "_" in part.value
                }
    return codes


def test_every_refusal_in_the_code_has_its_sentence() -> None:
    """No reader can refuse with a code that has no French sentence."""
    assert _refused_in_source()
    assert _refused_in_source() <= set(sentences())


def test_every_sentence_is_used() -> None:
    """No sentence is left for a code that no reader gives."""
    assert _codes_in_source() == set(sentences())


@pytest.mark.parametrize("code", sorted(load("sentences.yaml")["refused"]))
def test_every_refusal_says_what_was_expected(code: str) -> None:
    """Each refused sentence is short and gives an example."""
    text = sentences()[code]
    assert len(text) <= 200
    assert re.search(r"par exemple|«\u00a0", text), text


@pytest.mark.parametrize("code", sorted(sentences()))
def test_every_sentence_is_well_set(code: str) -> None:
    """Typographic apostrophes, no-break spaces where French wants them, no exclamation, no markup."""
    text = sentences()[code]
    assert not re.search(r"['!<>&]| [:;?»€]|« |«(?!\u00a0)|(?<!\u00a0)»|[0-9] [0-9]{3},", text), (
        text
    )
    assert not re.search(r"huissier|sommation|poursuites", text)


def test_a_sentence_is_filled_in_as_plain_text() -> None:
    """What a person typed goes in as it is: braces and markup in it mean nothing."""
    shown = sentence("date_impossible", typed="{0} <b> {typed}")
    assert "{0} <b> {typed}" in shown


def test_an_unknown_code_is_an_error() -> None:
    """A code without a sentence, or a sentence without its value, is a mistake of the caller."""
    with pytest.raises(KeyError, match="nothing_like_it"):
        sentence("nothing_like_it")
    with pytest.raises(KeyError, match="typed"):
        sentence("date_impossible")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"refused": {}}, "missing key notes"),
        ({"refused": {}, "notes": {}, "more": {}}, "unknown key more"),
        ({"refused": [], "notes": {}}, "refused must map"),
        ({"refused": {"a": ""}, "notes": {}}, "a sentence is expected"),
        ({"refused": {"a": "x"}, "notes": {"a": "y"}}, "stands twice"),
        ({"refused": {"a": "{x.y}"}, "notes": {}}, "plain names"),
        ({"refused": {"a": "{x!r}"}, "notes": {}}, "plain names"),
        ({"refused": {"a": "{}"}, "notes": {}}, "plain names"),
    ],
)
def test_a_wrong_sentences_file_is_refused(data: dict[str, object], message: str) -> None:
    """Each mistake in the sentences file is named."""
    with pytest.raises(ValueError, match=message):
        sentences_from(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"terms_days_max": 0}, "above zero"),
        ({"rate_max": "100"}, "whole number"),
        ({"amount_max": 1000}, "quoted"),
        ({"amount_max": "beaucoup"}, "not a number"),
        ({"amount_max": "-1"}, "above zero"),
        ({"years_back": "20"}, "whole number"),
        ({"years_back": True}, "whole number"),
        ({"name_max": 0}, "above zero"),
        ({"nom_max": 3}, "unknown key nom_max"),
    ],
)
def test_a_wrong_limits_file_is_refused(change: dict[str, object], message: str) -> None:
    """Each mistake in the limits file is named."""
    with pytest.raises(ValueError, match=message):
        limits_from({**load("limits.yaml"), **change})


def test_the_largest_amount_comes_from_the_data_file() -> None:
    """The bound on amounts is the one of limits.yaml, exact to the cent."""
    most = limits().amount_max
    assert isinstance(most, Decimal)
    assert read_amount(f"{most} €").__class__.__name__ == "Understood"
    assert read_amount(f"{most + 1} €").__class__.__name__ == "Refused"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"yes": "oui"}, "list of quoted words"),
        ({"yes": [True]}, "list of quoted words"),
        ({"no": ["OUI"]}, "both yes and no: oui"),
        ({"legal_forms": {"robot": ["X"]}}, "unknown kind of debtor 'robot'"),
        ({"openings": {"public": ["mairie"], "association": ["mairie"]}}, "stands twice"),
        ({"openings": []}, "must map"),
        ({"around_terms": "net"}, "around_terms must be a list"),
        ({"more": []}, "unknown key more"),
    ],
)
def test_a_wrong_vocabulary_file_is_refused(change: dict[str, object], message: str) -> None:
    """Each mistake in the vocabulary file is named."""
    with pytest.raises(ValueError, match=message):
        vocabulary_from({**load("vocabulary.yaml"), **change})


def test_the_vocabulary_is_folded() -> None:
    """Words are compared without accents or capitals."""
    assert "c'est ca" in vocabulary().yes
    assert vocabulary().openings["hopital"] == "public"
