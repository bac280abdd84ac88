"""Why the client has not paid: facts and answers are weighed, and the cause comes with its reasons.

The tables are data: `outcomes.yaml`, `questions.yaml`, `rules.yaml`; `saying.yaml` reads what is told in free words.
"""

from flows.diagnosis.asking import next_question
from flows.diagnosis.catalogue import outcome, outcomes, outcomes_for, question, questions
from flows.diagnosis.evidence import diagnose
from flows.diagnosis.model import (
    DONT_KNOW,
    Answer,
    Diagnosis,
    Outcome,
    Question,
    Sureness,
    UnknownAnswerError,
)
from flows.diagnosis.said import outcome_said

__all__ = [
    "DONT_KNOW",
    "Answer",
    "Diagnosis",
    "Outcome",
    "Question",
    "Sureness",
    "UnknownAnswerError",
    "diagnose",
    "next_question",
    "outcome",
    "outcome_said",
    "outcomes",
    "outcomes_for",
    "question",
    "questions",
]
