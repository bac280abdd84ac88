"""The keys of the settings: made, read, refused in one line that never repeats them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.keys import Key
from bot.settings import SettingsError, load_settings

FIRST = Key(date(2026, 11, 22), bytes(range(32)))
SECOND = Key(date(2025, 1, 2), bytes(range(1, 33)))


def keys_of(**given: str) -> tuple[Key, ...]:
    return load_settings(
        {f"RELANCE_{name}": value for name, value in given.items()}
    ).encryption_keys


def test_a_key_that_is_made_can_be_read() -> None:
    """It says its day, is never twice the same, and its name tells nothing of it."""
    key, other = Key.new(date(2026, 11, 22)), Key.new(date(2026, 11, 22))
    assert key.text.startswith("20261122-")
    assert Key.read(key.text) == key
    assert key.text != other.text
    assert len(key.id) == 8
    assert key.id not in key.text
    assert (key.age(date(2026, 12, 24)), key.age(date(2020, 1, 1))) == (32, 0)


def test_several_keys_are_read_in_their_order() -> None:
    """By commas, spaces or lines; none is no key."""
    for between in (",", " ", ", ", "\n", ",\n "):
        assert keys_of(ENCRYPTION_KEY=between.join([FIRST.text, SECOND.text])) == (FIRST, SECOND)
    assert keys_of() == keys_of(ENCRYPTION_KEY="  ") == ()


def test_keys_can_stand_in_a_file(tmp_path: Path) -> None:
    """A file of secrets holds one a line; both ways at once is refused."""
    file = tmp_path / "cle"
    file.write_text(f"{FIRST.text}\n{SECOND.text}\n")
    assert keys_of(ENCRYPTION_KEY_FILE=str(file)) == (FIRST, SECOND)
    with pytest.raises(SettingsError, match="l’un ou l’autre"):
        keys_of(ENCRYPTION_KEY=FIRST.text, ENCRYPTION_KEY_FILE=str(file))
    for wrong in (str(tmp_path), str(tmp_path / "absent"), "a\0b", __file__):
        with pytest.raises(SettingsError, match="RELANCE_ENCRYPTION_KEY_FILE"):
            keys_of(ENCRYPTION_KEY_FILE=wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        FIRST.text[:-1],
        FIRST.text + "A",
        FIRST.text[9:],
        FIRST.text.replace("20261122", "20261301"),
        FIRST.text.replace("-", "_", 1),
        FIRST.text[:-1] + "9",  # bits beyond the 32 bytes
        f"{FIRST.text},{SECOND.text[:-2]}",
        f"{FIRST.text},{FIRST.text}",
        f"{FIRST.text};{SECOND.text}",
        "٢٠٢٦١١٢٢" + FIRST.text[8:],
        ",",
    ],
)
def test_a_key_that_cannot_be_one_is_refused_in_one_line(wrong: str) -> None:
    """Cut short, without its day, of a day that is not, twice: the line names the setting, never the key."""
    with pytest.raises(SettingsError, match="RELANCE_ENCRYPTION_KEY ") as said:
        keys_of(ENCRYPTION_KEY=wrong)
    assert "\n" not in str(said.value)
    assert FIRST.text[20:30] not in str(said.value)


def test_no_key_is_ever_printed() -> None:
    """Neither by the settings nor by the key; both its forms are among what the logs mask."""
    settings = load_settings({"RELANCE_ENCRYPTION_KEY": FIRST.text})
    for shown in (repr(settings), repr(settings.encryption_keys), str(FIRST)):
        assert FIRST.text[9:] not in shown
        assert repr(FIRST.secret) not in shown
    assert {FIRST.text, FIRST.text[9:]} <= set(settings.secrets)
