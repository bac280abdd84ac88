"""« Pourquoi ? »: the rule behind a figure or a route, in plain words, with its article.

`explanations.yaml` holds the texts, with no figure but what the parameters give; `advisers.yaml`
who can advise.
"""

from flows.law.explain.advice import Adviser, advisers, standing_sentence
from flows.law.explain.explanations import Citation, Explanation, explain, topics

__all__ = [
    "Adviser",
    "Citation",
    "Explanation",
    "advisers",
    "explain",
    "standing_sentence",
    "topics",
]
