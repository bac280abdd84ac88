"""What the README shows and names is so."""

from __future__ import annotations

import re

import pytest

from tests.readme_session import README, with_session

ROOT = README.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "letters/README.md",
    "flows/README.md",
    *(f"deploy/{name}.md" for name in ("README", "RUNBOOK", "UPGRADE", "PROMISE", "donnees")),
    *(f"tests/{name}/README.md" for name in ("bench", "chaos", "fuzz", "year")),
)


def test_the_session_of_the_readme_is_real() -> None:
    """The README's conversation is what the terminal prints today; `make diagrams` writes it again."""
    page = README.read_text("utf-8")
    assert page == with_session(page)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link and picture of the pages leads to a file."""
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [one for one in links if not ((ROOT / page).parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page: str) -> None:
    """Every `make` command that the pages name is a target."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = re.findall(r"`make ([a-z]+)", (ROOT / page).read_text("utf-8"))
    assert [one for one in named if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == []


def test_every_command_of_the_makefile_does_something() -> None:
    """What the Makefile declares has a rule, and a rule for people says what it is for."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (declared,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    rules = dict(re.findall(r"^([a-z]+):(.*)$", makefile, re.MULTILINE))
    assert set(declared.split()) == set(rules)
    assert {name for name, rule in rules.items() if "##" not in rule} == {
        "lint",
        "types",
        "unit",
        "clean",
    }
