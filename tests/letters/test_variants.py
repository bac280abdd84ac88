"""The branches of a text that the facts of every document do not reach: `variants/<name>.yaml`, one text each.

document, debtor, tone    what is written, for whom, how (« normal » when absent)
facts, without            facts that differ from those of every document, and facts taken away
says, never               what the branch is there for

RELANCE_GOLDEN=1 writes the golden texts anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.yamlfile import load_yaml
from letters import Draft, draft, forbidden_in, load_catalogue

Make = Callable[..., dict[str, Any]]
HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "variants"
VARIANTS = sorted(path.stem for path in (HERE / "variants").glob("*.yaml"))
KEYS = {"document", "debtor", "tone", "facts", "without", "says", "never"}


def variant(name: str) -> dict[str, Any]:
    """Read a variant, its keys checked."""
    read = load_yaml(HERE / "variants" / f"{name}.yaml")
    assert set(read) <= KEYS
    return {"tone": "normal", "facts": {}, "without": [], **read}


def written(told: dict[str, Any], facts: Make) -> Draft:
    """Write the document of a variant."""
    every = facts(told["debtor"], told["document"])
    known = {n: v for n, v in every.items() if n not in told["without"]}
    assert set(told["without"]) <= set(every)
    return draft(load_catalogue().get(told["document"]), known | told["facts"], told["tone"])


def plain(text: str) -> str:
    """Write spaces and apostrophes as a keyboard does."""
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


def whole(made: Draft) -> str:
    """Give a text with how to send it."""
    return "\n".join((made.text, "", *(f"{key}: {said}" for key, said in made.sending)))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_reads_as_reviewed(name: str, facts: Make) -> None:
    """Its text is the golden one, and nothing of it is forbidden or left blank."""
    made = written(variant(name), facts)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("RELANCE_GOLDEN"):
        path.write_text(f"{whole(made)}\n", "utf-8")
    assert path.read_text("utf-8") == f"{whole(made)}\n", "read the change, then RELANCE_GOLDEN=1"
    assert made.blanks == ()
    assert forbidden_in(made.text, variant(name)["debtor"], made.addressee_kind) == ()
    for unwanted in ("None", "  ", " ,", "!", "'", ",,", "..", "##"):
        assert unwanted not in whole(made)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_says_what_its_branch_is_for(name: str, facts: Make) -> None:
    """What the case calls for is said, and what belongs to the other case is not."""
    told = variant(name)
    text = plain(whole(written(told, facts)))
    assert [said for said in told["says"] if said not in text] == []
    assert [said for said in told["never"] if said in text] == []


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_differs_from_the_usual_text(name: str, facts: Make) -> None:
    """The facts changed change the text: otherwise the variant would show nothing."""
    told = variant(name)
    usual = written({**told, "facts": {}, "without": []}, facts)
    assert whole(written(told, facts)) != whole(usual)


def test_no_golden_variant_is_left_over() -> None:
    """Each golden file belongs to a variant, and there are many."""
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == VARIANTS
    assert len(VARIANTS) >= 20
