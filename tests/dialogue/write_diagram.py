"""Write the diagram of flows/README.md again: `make diagrams`."""

from __future__ import annotations

from pathlib import Path

from flows.dialogue.diagram import with_diagram

PAGE = Path(__file__).parents[2] / "flows" / "README.md"

if __name__ == "__main__":
    PAGE.write_text(with_diagram(PAGE.read_text("utf-8")), "utf-8")
