"""How it is written: documents as files, and their printing. Knows no dossier, only named facts."""

from __future__ import annotations

from letters.documents import Catalogue, Document, Follows
from letters.drafted import Draft
from letters.drafting import (
    DraftError,
    Facts,
    Missing,
    MissingFactError,
    draft,
    missing,
)
from letters.forbidden import forbidden_in
from letters.paper import file_name, sheet
from letters.reader import load_catalogue
from letters.words import CatalogueError, blank_label

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Document",
    "Draft",
    "DraftError",
    "Facts",
    "Follows",
    "Missing",
    "MissingFactError",
    "blank_label",
    "draft",
    "file_name",
    "forbidden_in",
    "load_catalogue",
    "missing",
    "sheet",
]
