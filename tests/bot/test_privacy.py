"""/confidentialite against the code: everything that is stored of a person stands under a line of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import build_engine
from bot.keys import Key
from bot.pacing import Policy
from bot.settings import load_settings
from bot.store.schema import metadata, seal_keys
from bot.store.turning import TABLES
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Command
from flows.dialogue.keeping import Retention
from flows.dialogue.leaving import KEPT
from flows.dialogue.library import Library
from flows.dialogue.screens import Screen
from flows.dialogue.step import step
from flows.dialogue.texts import words
from flows.facts import registry
from flows.yamlfile import load_yaml
from tests.dialogue.player import Player, plain

if TYPE_CHECKING:
    from pathlib import Path

DATA: dict[str, Any] = load_yaml(files("bot.store").joinpath("privacy.yaml"))
READABLE: list[dict[str, Any]] = DATA.pop("readable")
LINES: dict[str, dict[str, list[str]]] = DATA


def mapped(kind: str) -> list[str]:
    return [name for line in LINES.values() for name in line.get(kind, ())]


def said(keep: Retention | None = None, *, sealed: bool = False) -> str:
    player = Player()
    result = step(
        player.conversation, player.book, Command("confidentialite"), player.moment,
        Library(retention=keep, sealed=sealed),
    )  # fmt: skip
    return plain("\n".join(one.body for one in result.shown if isinstance(one, Screen)))


COLUMNS = {
    f"{table.name}.{column.name}"
    for table in metadata.tables.values()
    for column in table.c
    if table is not seal_keys  # of the operator's keys, and of nobody
}
PERSON = {one.name for one in registry().values() if one.scope == "person" or one.sensitive}
STORED = {f.name for f in fields(Conversation)} - {"state", "dossier_id"}


@pytest.mark.parametrize(
    ("kind", "there"), [("columns", COLUMNS), ("facts", PERSON), ("conversation", STORED)]
)
def test_everything_kept_stands_under_a_line(kind: str, there: set[str]) -> None:
    """Each column, fact of the person and word of a conversation has one line, and no line speaks of what is not."""
    counted: Any = Counter(mapped(kind))
    assert set(counted) == there
    assert max(counted.values()) == 1


def test_what_is_not_sealed_says_why() -> None:
    """Under a key each column is sealed, or stands once among the readable ones with its reason."""
    sealed = [f"{table.name}.{column}" for table in TABLES for column in table.columns]
    readable = [column for one in READABLE for column in one["columns"]]
    assert Counter([*sealed, *readable]) == Counter(COLUMNS)
    assert all(one["why"] for one in READABLE)


def test_every_line_is_said() -> None:
    """The lines of the data file are those of the text, each said in full."""
    assert set(LINES) == set(KEPT)
    told = said()
    assert [line for line in KEPT if plain(words(line)) not in told] == []


def test_the_facts_of_a_filing_are_said_apart() -> None:
    """What is sensitive stands under the line that says when it is asked."""
    sensitive = {one.name for one in registry().values() if one.sensitive}
    assert set(LINES["kept_filing"]["facts"]) == sensitive


def test_the_delays_said_are_those_that_count() -> None:
    """The days of the settings, or « jusqu’à ce que vous l’effaciez »; messages as long as the bot keeps them."""
    told = said(Retention(365, 730, 30))
    assert "365 jours" in told
    assert "730 jours" in told
    assert "jours" not in said().partition("Combien de temps")[2]
    assert Policy().keep_days == 3
    assert "trois jours" in words("kept_messages")


def test_it_says_that_all_is_sealed_only_where_there_is_a_key(tmp_path: Path) -> None:
    """One sentence, with a key; none without: the engine of the settings tells the one from the other."""
    assert "chiffré" in said(sealed=True)
    assert "chiffré" not in said()
    for keys in ({}, {"RELANCE_ENCRYPTION_KEY": Key.new(date(2026, 11, 22)).text}):
        settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path), **keys})
        assert build_engine(settings).library.sealed is bool(keys)


def test_it_names_both_commands() -> None:
    """The page leads to the copy and to the erasure."""
    assert "/exporter" in said()
    assert "/supprimer" in said()
