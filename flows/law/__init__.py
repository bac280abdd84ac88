"""The law as dated, referenced data, and what follows from it.

`parameters/` holds the values, one small file each; `regimes.yaml` what each kind of debtor owes
when late; `calendar.yaml` the public holidays; `texts.yaml` the sentences. No figure of the law is
in the code.
"""

from flows.law.agreed import AgreedRate
from flows.law.claims import Balance, Claim, Credit, Decompte, Line, Payment
from flows.law.decompte import compute_decompte
from flows.law.describe import describe, history, horizon
from flows.law.law import Law, Renewal, Severity, UnknownForPeriod, load_law
from flows.law.own_values import law_with
from flows.law.regimes import Imputation
from flows.law.strict import LawFileError

__all__ = [
    "AgreedRate",
    "Balance",
    "Claim",
    "Credit",
    "Decompte",
    "Imputation",
    "Law",
    "LawFileError",
    "Line",
    "Payment",
    "Renewal",
    "Severity",
    "UnknownForPeriod",
    "compute_decompte",
    "describe",
    "history",
    "horizon",
    "law_with",
    "load_law",
]
