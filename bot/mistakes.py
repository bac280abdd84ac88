"""How a wrong setting is said: one line naming the variable and what was expected."""

from __future__ import annotations

PREFIX = "RELANCE_"


class SettingsError(Exception):
    """A setting cannot be used. The text is one line for the operator, without any secret."""


def wrong(name: str, expected: str) -> SettingsError:
    """Give the error for the variable `name` (without its prefix); what was typed is not repeated."""
    return SettingsError(f"{PREFIX}{name} : valeur refusée ; attendu : {expected}.")
