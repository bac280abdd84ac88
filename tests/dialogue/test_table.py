"""The declared machine: whole, connected, and drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.dialogue.diagram import mermaid, with_diagram
from flows.dialogue.showing import HANDLERS
from flows.dialogue.table import FACT_OF_STATE, FORGETTABLE, RESTING, STATES, TRANSITIONS
from flows.dialogue.turn import Turn

ROOT = Path(__file__).parents[2]


def _edges() -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {state: set() for state in STATES}
    for row in TRANSITIONS:
        sources = STATES if row["source"] == "*" else row["source"]
        for source in [sources] if isinstance(sources, str) else sources:
            edges[source].add(row["dest"])
    return edges


def test_every_state_is_reachable_from_the_menu() -> None:
    """From the menu, the declared transitions lead to every state."""
    edges, seen, waiting = _edges(), {"home"}, ["home"]
    while waiting:
        for state in edges[waiting.pop()] - seen:
            seen.add(state)
            waiting.append(state)
    assert seen == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_no_state_is_a_dead_end(state: str) -> None:
    """Every state leads somewhere else by a transition of its own or by one from anywhere."""
    assert _edges()[state] - {state}


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_handler(state: str) -> None:
    """Every declared state can show itself and read an answer."""
    assert state in HANDLERS


def test_no_handler_without_a_state() -> None:
    """No handler stands for a state that the table does not declare."""
    assert set(HANDLERS) == set(STATES)


def test_conditions_exist() -> None:
    """Every condition the table names is a method of a turn."""
    named = {row["conditions"] for row in TRANSITIONS if "conditions" in row}
    assert [name for name in named if not callable(getattr(Turn, name, None))] == []


def test_special_states_are_declared() -> None:
    """The resting, forgettable and one-fact states are all states of the table."""
    assert (RESTING | FORGETTABLE | set(FACT_OF_STATE)) <= set(STATES)


def test_chains_end_without_a_condition() -> None:
    """The last transition of a trigger from a state always holds, so that no trigger can be stuck."""
    last: dict[tuple[str, str], dict[str, object]] = {}
    for row in TRANSITIONS:
        sources = STATES if row["source"] == "*" else row["source"]
        for source in [sources] if isinstance(sources, str) else sources:
            last[row["trigger"], source] = row
    assert [key for key, row in last.items() if "conditions" in row] == []


def test_the_diagram_is_fresh() -> None:
    """The diagram of flows/README.md is the one the table gives; `make diagrams` writes it."""
    page = (ROOT / "flows" / "README.md").read_text("utf-8")
    assert page == with_diagram(page)


def test_the_diagram_draws_every_state_and_trigger() -> None:
    """The diagram names every state and every trigger of the table."""
    drawn = mermaid()
    words = set(re.findall(r"\w+", drawn))
    assert set(STATES) | {row["trigger"] for row in TRANSITIONS} <= words


def test_a_page_without_marks_is_refused() -> None:
    """A page that lost its marks is not written over."""
    with pytest.raises(ValueError, match="lacks"):
        with_diagram("no marks here")
