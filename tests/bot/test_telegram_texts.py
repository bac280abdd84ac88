"""The texts Telegram shows of the bot, and what it says outside the conversation."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.telegram.texts import TextsError, check_descriptions, load_descriptions, message_text

KEYS = (
    "group_refused",
    "update_failed",
    "reminder_failed",
    "paper_failed",
    "bundle_failed",
    "exhibit_gone",
    "paper_too_big",
    "restored",
)


def good() -> dict[str, Any]:
    return {
        "description": "d",
        "short_description": "s",
        "commands": {"start": "Commencer"},
        "aliases": ["help"],
    }


def test_the_menu_holds_the_commands_and_the_aliases_stay_out_of_it() -> None:
    """The French commands are published; the English ones Telegram expects are only understood."""
    texts = load_descriptions()
    assert next(iter(texts.commands)) == "start"
    assert set(texts.commands) == {
        "start",
        "nouveau",
        "dossiers",
        "bilan",
        "documents",
        "pieces",
        "prevenir",
        "retour",
        "annuler",
        "aide",
        "confidentialite",
        "exporter",
        "supprimer",
        "parametres",
    }
    assert texts.aliases == ("help", "cancel", "privacy", "settings")
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in texts.commands)


@pytest.mark.parametrize(
    "change",
    [
        {"description": "x" * 513},
        {"description": " "},
        {"short_description": "x" * 121},
        {"commands": {"x" * 33: "mot"}},
        {"commands": {"start": ""}},
        {"commands": {"start": "x" * 257}},
        {"surprise": "x"},
    ],
)
def test_a_text_file_beyond_the_limits_is_refused(change: dict[str, Any]) -> None:
    """Too long, empty or unknown texts are found at load, not by Telegram."""
    assert check_descriptions(good()).commands == {"start": "Commencer"}
    with pytest.raises(TextsError):
        check_descriptions(good() | change)


def test_a_missing_text_is_refused() -> None:
    """Every text is needed."""
    for key in good():
        with pytest.raises(TextsError):
            check_descriptions({k: v for k, v in good().items() if k != key})


@pytest.mark.parametrize("key", KEYS)
def test_messages_are_plain_calm_french(key: str) -> None:
    """No markup, no exclamation mark, French spacing, and the reference is filled in."""
    words = message_text(key, reference="U42", title="Devis", day="22/11/2026", hour="3 h 10")
    assert not set("<>{}!") & set(words)
    assert not re.search(r"[^\u00a0][:;?»]|«[^\u00a0]", words)
    assert "'" not in words
    assert ("U42" in words) == key.endswith(("update_failed", "reminder_failed"))
