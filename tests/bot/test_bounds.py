"""The bounds that are written down are those that hold."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import fields
from functools import _lru_cache_wrapper
from pathlib import Path

import bot
import flows
import letters
from bot.app import build_engine
from bot.limits import Limits, limits
from bot.settings import load_settings
from flows.dialogue import answering, conversation, editing, edits, exhibits, step
from flows.facts import TEXT_LIMIT
from flows.reading.data import limits as reading

PAGE = (Path(__file__).parents[2] / "deploy" / "donnees.md").read_text("utf-8")
TABLE = re.sub(r"(?<=\d) (?=\d{3})", "", PAGE.partition("## Bounds")[2].partition("\n## ")[0])
TOLD_ELSEWHERE = {"notice_days", "key_days"}
"""Days of the calendar, which bound nothing that a person fills."""


def test_every_bound_of_the_file_is_listed() -> None:
    """A new line of bot/limits.yaml is told to the operator too."""
    named = {field.name for field in fields(Limits)} - TOLD_ELSEWHERE
    assert [name for name in named if f"`{name}`" not in TABLE] == []


def test_the_figures_listed_are_those_of_the_code() -> None:
    """Where the page gives a figure, it is the one that holds."""
    own = limits()
    for name in ("dossier_acts", "dossier_characters", "dossier_invoices", "person_dossiers"):
        assert f"{getattr(own, name)}" in next(r for r in TABLE.splitlines() if f"`{name}`" in r)
    for row, figures in {
        "typed answer": [step.TEXT_LIMIT],
        "A fact:": [reading().name_max, TEXT_LIMIT],
        "pasted": [answering.NOTE_LIMIT],
        "A paragraph": [editing.PARAGRAPH_LIMIT, edits.MOST_CHARACTERS, edits.MOST],
        "button": [step.DATA_LIMIT],
        "title of an exhibit": [exhibits.TITLE_LIMIT],
        "way back": [conversation.TRAIL_LIMIT],
        "wait to leave": [own.waiting_answers],
        "Files of a dossier": [own.dossier_files, own.person_files],
    }.items():
        line = next(r for r in TABLE.splitlines() if row in r)
        assert [n for n in figures if str(n) not in line] == [], line


def test_the_running_bot_has_them(tmp_path: Path) -> None:
    """The dialogue that the bot and the terminal run on is bounded."""
    engine = build_engine(load_settings({"RELANCE_DATA_DIR": str(tmp_path)}))
    assert engine.library.room == limits().room
    assert 0 not in (getattr(engine.library.room, f.name) for f in fields(engine.library.room))


KEYED_BY_THE_FILES = {
    "bot.store.dossiers._save",
    "bot.store.session.insert_new",
    "flows.law.calendar.local_holidays",
    "flows.law.calendar.public_holidays",
    "flows.law.describe.holidays",
    "flows.law.routes.engine._rests_on",
    "flows.law.sources.source_of",
    "letters.docx_house.house",
    "letters.forbidden._signs",
    "letters.several.for_several",
    "letters.template.attributes_read",
    "letters.template.compiled",
    "letters.template.names_read",
}
"""What remembers all it was ever asked, and is asked about the product's own files, years and sizes only."""


def test_nothing_remembers_without_end_what_is_typed() -> None:
    """A cache that never lets go, and takes an argument, is one of those that no person can fill."""
    endless = set()
    for package in (bot, flows, letters):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for name, one in vars(module).items():
                if not isinstance(one, _lru_cache_wrapper) or one.cache_info().maxsize is not None:
                    continue
                if inspect.signature(one).parameters:
                    endless.add(f"{one.__module__}.{name}")
    assert endless == KEYED_BY_THE_FILES
