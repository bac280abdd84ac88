"""The shape every sheet has, before anything is laid out on it."""

from __future__ import annotations

from typing import Any


def bare_sheet(kind: str, title: str, **parts: Any) -> dict[str, Any]:
    """Give a sheet of this kind and title that says nothing else than `parts`, by the names of a sheet."""
    return {
        "kind": kind,
        "title": title,
        "author": "",
        "date": None,
        "lang": "fr-FR",
        "sender": [],
        "addressee": [],
        "place_date": [],
        "mention": "",
        "heading": [],
        "subject": [],
        "references": [],
        "blocks": [],
        "signatures": [],
        "copy_to": [],
        "enclosures_title": "",
        "enclosures": [],
        "payment": None,
        "small_print": "",
        **parts,
    }
