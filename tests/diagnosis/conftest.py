"""What the tests of the diagnosis share."""

from __future__ import annotations

from pathlib import Path

import pytest

import flows

FRENCH_TABLES = (
    "diagnosis/outcomes.yaml",
    "diagnosis/questions.yaml",
    "diagnosis/rules.yaml",
    "responses/responses.yaml",
    "responses/table.yaml",
    "responses/stake.yaml",
    "ladder/ladder.yaml",
)


@pytest.fixture(params=FRENCH_TABLES)
def french_table(request: pytest.FixtureRequest) -> str:
    """The text of one data file, without its comments."""
    path = Path(flows.__file__).parent / str(request.param)
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(
        line.partition(" # ")[0] for line in lines if not line.lstrip().startswith("#")
    )
