"""The legal routes: open or closed for a situation, before which court, and what to ask first.

`routes.yaml` holds the catalogue, `conditions.yaml` the rules that open or close each route,
`courts.yaml` the courts, `questions.yaml` the order of questions and `recommendations.yaml` what is
worth considering first. Figures and names are parameters of the law, put into the sentences here.
"""

from flows.law.routes.advice import Recommendation, questions_for, recommended
from flows.law.routes.courts import Court, city_of_postcode, court_for
from flows.law.routes.engine import Route, routes_for
from flows.law.routes.model import Status
from flows.law.routes.situation import Situation

__all__ = [
    "Court",
    "Recommendation",
    "Route",
    "Situation",
    "Status",
    "city_of_postcode",
    "court_for",
    "questions_for",
    "recommended",
    "routes_for",
]
