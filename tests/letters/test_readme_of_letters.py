"""The page letters/README.md says what the catalogue holds and how a document is made."""

from __future__ import annotations

import re

import pytest

from letters import load_catalogue
from letters.reader import _KEYS
from letters.words import vocabulary
from tests.letters.write_readme import PAGE, example, with_documents

TEXT = PAGE.read_text("utf-8")


def test_the_page_is_the_catalogue_as_it_stands() -> None:
    """The documents and their examples are those of today; `make diagrams` writes them again."""
    assert with_documents(TEXT) == TEXT, "run `make diagrams`, then read the difference"


def test_every_document_stands_once_with_its_example() -> None:
    """Each has one entry that the table of contents leads to, and its whole text in a folded block."""
    anchors = re.findall(r'<a id="(\w+)"></a>', TEXT)
    assert sorted(anchors) == list(load_catalogue().ids())
    assert re.findall(r"\(#(\w+)\)", TEXT) == anchors
    assert TEXT.count("\n```text\n") == TEXT.count("\n```\n") == len(anchors)
    for document in load_catalogue():
        entry = TEXT.split(f'<a id="{document.id}"></a>')[1].split("</details>")[0]
        assert f"```text\n{example(document).text}\n```" in entry
        for _, said in example(document).sending:
            assert said in entry.replace("\\", "")


def test_every_key_and_word_of_a_front_matter_is_explained() -> None:
    """The table has one row for each key that is read; kinds, channels and tones are all named."""
    table = TEXT.split("### Front matter")[1].split("### Text")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(_KEYS)
    for words in ("kinds", "channels", "addressees", "tones", "counts_from"):
        assert [word for word in vocabulary()[words] if f"`{word}`" not in table] == []


def test_what_the_page_names_is_there() -> None:
    """Each file and folder named in the room's table and in the steps exists."""
    head = TEXT.split("### Front matter")[0]
    named = re.findall(r"`([\w/]+\.(?:py|yaml|typ)|[\w/]+/)`", head)
    assert len(named) > 15
    root = PAGE.parent.parent
    missing = [one for one in named if not ((root / one).exists() or (PAGE.parent / one).exists())]
    assert missing == []


def test_a_page_without_its_marks_is_refused() -> None:
    """The generator never writes over a page that has no place for the documents."""
    with pytest.raises(ValueError, match="no place"):
        with_documents("# letters\n")
