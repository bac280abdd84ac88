"""What a reader gives back: a value with what should be confirmed, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Understood(Generic[T_co]):
    """A value was read. `notes` are codes of `sentences.yaml`: what to read back with care."""

    value: T_co
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was read. `wording.sentence(code, **params)` says in French what was expected."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


Reading: TypeAlias = Understood[T] | Refused
"""Either of the two: a reader never raises on what a person typed."""
