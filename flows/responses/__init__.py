"""What to do about it: the response that fits, the alternatives, or why there is nothing to send.

The tables are data: `responses.yaml`, `table.yaml`, `stake.yaml`.
"""

from flows.responses.catalogue import all_responses, response, rules
from flows.responses.model import (
    NO_VARIANT,
    Recommendation,
    Response,
    Rule,
    Stake,
    StakeAnswer,
    StakeQuestion,
)
from flows.responses.recommend import NoRuleError, recommend, rule_for, without_repeat
from flows.responses.stake import stake_of, stake_question, stake_questions

__all__ = [
    "NO_VARIANT",
    "NoRuleError",
    "Recommendation",
    "Response",
    "Rule",
    "Stake",
    "StakeAnswer",
    "StakeQuestion",
    "all_responses",
    "recommend",
    "response",
    "rule_for",
    "rules",
    "stake_of",
    "stake_question",
    "stake_questions",
    "without_repeat",
]
