"""What the tests of the law share."""

from __future__ import annotations

import sys

import pytest

from flows.law import Law, load_law


@pytest.fixture(scope="module", autouse=True)
def read_anew() -> None:
    """Each module of tests reads the files of the law itself.

    Mutation testing runs many sessions in one process: what an earlier one had read would otherwise
    hide every mutant of the reading.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("flows.law"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


@pytest.fixture(scope="module")
def law(read_anew: None) -> Law:
    """The law of the package, as it is."""
    return load_law()
