"""Outlines of dossiers as the store keeps them: written beside the dossier, and made again where there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flows.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.store import OutlineRow
    from flows.dossier import Dossier


def written(outline: Outline) -> str:
    """Give the stored form of an outline."""
    return json.dumps(outline.to_json(), separators=(",", ":"))


def outlines_from(
    rows: Iterable[OutlineRow], everything: Callable[[], Sequence[Dossier]]
) -> tuple[list[Outline], dict[str, str]]:
    """Read outlines in their order; those not kept, or kept by older rules, are made of `everything`.

    Gives them with the stored form of those that were made, by dossier: to be kept.
    """
    rows = list(rows)
    # All in one go: five hundred small readings would take five times as long.
    told = json.loads(f"[{','.join(row.outline or 'null' for row in rows)}]")
    kept = {row.id: _read(row, data) for row, data in zip(rows, told, strict=True)}
    if None not in kept.values():
        return [one for one in kept.values() if one is not None], {}
    made = {d.id: Outline.of(d) for d in everything() if d.id in kept and kept[d.id] is None}
    found = [one or made.get(name) for name, one in kept.items()]
    return [one for one in found if one is not None], {n: written(o) for n, o in made.items()}


def _read(row: OutlineRow, data: Any) -> Outline | None:
    return Outline.from_json(row.id, row.debtor_name, row.status, data) if data else None
