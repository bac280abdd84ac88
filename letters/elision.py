"""Names that begin with an H: before a few of them « de » and « que » lose their last letter."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

_MUTE_H = frozenset(
    {
        *(
            "habitat",
            "habitation",
            "habitations",
            "harmonie",
            "hebergement",
            "heliogravure",
            "herbe",
        ),
        *("herbier", "heritage", "heritier", "heritiers", "heure", "hirondelle", "histoire"),
        *("histoires", "homme", "hommes", "hommage", "honneur", "hopital", "hopitaux", "horizon"),
        *("horizons", "horloge", "horlogerie", "horticulture", "hospice", "hospices", "hote"),
        *("hotel", "hotels", "hotellerie", "hotesse", "huile", "huilerie", "huiles", "huissier"),
        *("huitre", "huitres", "humanite", "hydraulique", "hydro", "hygiene", "hypermarche"),
        # First names and towns that elide.
        *("hadrien", "helene", "heloise", "henri", "henriette", "henry", "hermine", "herve"),
        *("hilaire", "hippolyte", "honore", "honorine", "hortense", "hubert", "huguette"),
        *(
            "hazebrouck",
            "hendaye",
            "henin",
            "herblay",
            "hericourt",
            "herouville",
            "hirson",
            "hyeres",
        ),
    }
)
"""First words in H that elide, without accents: « d’Hôtel », « d’Hyères ». Any other takes « de »."""


def mute_h(name: str) -> bool:
    """Tell whether a name begins with an H that is known not to be said."""
    bare = "".join(c for c in normalize("NFD", name.lower()) if not combining(c))
    first = re.match(r"[a-z]+", bare)
    return first is not None and first[0] in _MUTE_H
