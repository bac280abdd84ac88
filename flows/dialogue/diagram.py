"""The dialogue as a Mermaid diagram, made from the table that runs it."""

from __future__ import annotations

from collections.abc import Iterable

from flows.dialogue.table import STATES, TRANSITIONS

START, END = "<!-- diagram: start -->", "<!-- diagram: end -->"
ANYWHERE = "anywhere"


def _sources(source: str | Iterable[str]) -> list[str]:
    if source == "*":
        return [ANYWHERE]
    return [source] if isinstance(source, str) else list(source)


def mermaid() -> str:
    """Draw every transition; those allowed from every state leave from one node, « anywhere »."""
    edges: dict[tuple[str, str], list[str]] = {}
    for row in TRANSITIONS:
        label = row["trigger"]
        if condition := row.get("conditions"):
            label += f" [{condition}]"
        for source in _sources(row["source"]):
            labels = edges.setdefault((source, row["dest"]), [])
            if label not in labels:
                labels.append(label)
    lines = ["stateDiagram-v2", "    [*] --> home"]
    lines += [f"    {state}" for state in STATES]
    lines += [f"    {a} --> {b}: {' / '.join(labels)}" for (a, b), labels in edges.items()]
    return "\n".join(lines)


def with_diagram(page: str) -> str:
    """Give `page` with the diagram between its two marks made anew. Raises ValueError without marks."""
    before, found, rest = page.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"the page lacks {START} or {END}")
    return f"{before}{START}\n```mermaid\n{mermaid()}\n```\n{END}{after}"
