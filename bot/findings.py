"""What `relance doctor` says of one thing it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    OK = "OK"
    WARNING = "À VOIR"
    ERROR = "PANNE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `todo` is what the operator should do, "" when nothing or said already."""

    verdict: Verdict
    subject: str
    words: str
    todo: str = ""

    def __str__(self) -> str:
        """Give the line."""
        todo = f" → {self.todo}" if self.todo else ""
        return f"{self.verdict:<6}  {self.subject} : {' '.join(f'{self.words}{todo}'.split())}"

    def as_data(self) -> dict[str, str]:
        """Give the finding for a machine."""
        return {
            "verdict": self.verdict.value,
            "subject": self.subject,
            "words": " ".join(self.words.split()),
            "todo": self.todo,
        }
