"""What the tests of the law share."""

from __future__ import annotations

import pytest

from flows.law import Law, load_law


@pytest.fixture(scope="session")
def law() -> Law:
    """The law of the package, as it is."""
    return load_law()
