"""Changing one place of what a file of the law holds, to see it refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Give the content with another value at a place, or without it (KeyError)."""
    data = deepcopy(data)
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data
