"""How much of people's words, files and updates is taken in and kept: `limits.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from bot.store import FileRoom
    from flows.dialogue.room import Room


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds, days and numbers of files; all whole and positive."""

    received_bytes: int
    download_seconds: int
    accept_seconds: int
    accept_memory_bytes: int
    bundle_seconds: int
    bundle_memory_bytes: int
    sent_bytes: int
    dossier_files: int
    dossier_bytes: int
    dossier_acts: int
    dossier_invoices: int
    dossier_characters: int
    person_dossiers: int
    person_files: int
    person_bytes: int
    waiting_answers: int
    update_bytes: int
    update_seconds: int
    export_part_bytes: int
    export_minutes: int
    notice_days: int
    key_days: int

    @property
    def room(self) -> Room:
        """What the dialogue keeps of one person."""
        from flows.dialogue.room import Room  # the processes apart, which need none, start at once

        return Room(
            self.person_dossiers, self.dossier_acts, self.dossier_invoices, self.dossier_characters
        )

    def fits(self, room: FileRoom, size: int) -> bool:
        """Tell whether a file of `size` bytes may be kept beside those there are."""
        return (
            room.dossier_count < self.dossier_files
            and room.dossier_bytes + size <= self.dossier_bytes
            and room.person_count < self.person_files
            and room.person_bytes + size <= self.person_bytes
        )


@cache
def limits() -> Limits:
    """Read limits.yaml. Raises ValueError when it is not as it must be."""
    return check_limits(
        yaml.safe_load(files(__package__).joinpath("limits.yaml").read_text("utf-8"))
    )


def check_limits(data: Any) -> Limits:
    """Check what limits.yaml holds and give it typed. Raises ValueError."""
    expected = {field.name for field in fields(Limits)}
    if not isinstance(data, dict) or data.keys() != expected:
        raise ValueError(f"limits.yaml must hold exactly {sorted(expected)}")
    for name, value in data.items():
        if type(value) is not int or value <= 0:
            raise ValueError(f"limits.yaml: {name} must be a whole positive number")
    return Limits(**data)
