"""What a late debtor owes depends on who they are: `regimes.yaml`, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flows.dossier import DebtorKind
from flows.law.parameter import Parameter, Unit
from flows.law.strict import (
    LawFileError,
    keys,
    parse_day,
    parse_flag,
    parse_member,
    parse_text,
    parse_texts,
)
from flows.law.wording import has_sentence


class Imputation(StrEnum):
    """What a part payment settles first; the fixed sum, whose place is unsettled, comes last."""

    INTEREST_FIRST = "interest_first"
    """C. civ. 1343-1: what applies when nothing is said."""
    PRINCIPAL_FIRST = "principal_first"


class Starts(StrEnum):
    """The event after which interest runs."""

    DUE_DATE = "due_date"
    FORMAL_NOTICE = "formal_notice"


@dataclass(frozen=True, slots=True)
class RateRule:
    """Parameter `base` plus `margin`; `fixed`: that of the first day, for the whole delay."""

    base: str
    margin: str | None
    fixed: bool


@dataclass(frozen=True, slots=True)
class AgreedRule:
    """What binds an agreed rate: parameter `floor` times parameter `multiple` is its minimum."""

    rule: str
    floor: str
    multiple: str


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules of one kind of debtor; names are those of parameters and of sentences.

    `agreed` is None where an agreed rate has no effect: `agreed_note` then says why.
    """

    rule: str
    starts: Starts
    rate: RateRule | None
    agreed: AgreedRule | None
    agreed_note: str | None
    lump_sum: str | None
    imputation: Imputation
    notice: str
    wording: str | None
    caution: str | None
    interest_articles: tuple[str, ...]
    lump_sum_articles: tuple[str, ...]
    imputation_articles: tuple[str, ...]
    last_checked_on: date


_FIELDS = {
    "rule",
    "starts",
    "rate",
    "agreed",
    "agreed_note",
    "lump_sum",
    "imputation",
    "notice",
    "wording",
    "caution",
    "articles",
}


def parse_regimes(data: Any, parameters: Mapping[str, Parameter]) -> dict[DebtorKind, Regime]:
    """Make the regimes of the content of the file, one a kind. Raises LawFileError."""
    top = keys("regimes", data, {"last_checked_on", "regimes"})
    checked = parse_day("regimes.last_checked_on", top["last_checked_on"])
    kinds = keys("regimes", top["regimes"], {str(kind) for kind in DebtorKind})
    return {
        DebtorKind(kind): _regime(kind, regime, checked, parameters)
        for kind, regime in kinds.items()
    }


def _regime(kind: str, data: Any, checked: date, parameters: Mapping[str, Parameter]) -> Regime:
    top = keys(kind, data, _FIELDS)
    articles = keys(f"{kind}.articles", top["articles"], {"interest", "lump_sum", "imputation"})
    rate = None
    if top["rate"] is not None:
        raw = keys(f"{kind}.rate", top["rate"], {"base", "margin", "fixed"})
        rate = RateRule(
            _named(kind, raw["base"], Unit.PERCENT, parameters),
            _named_or_none(kind, raw["margin"], Unit.POINTS, parameters),
            parse_flag(f"{kind}.rate.fixed", raw["fixed"]),
        )
    agreed = None
    if top["agreed"] is not None:
        raw = keys(f"{kind}.agreed", top["agreed"], {"rule", "floor", "multiple"})
        agreed = AgreedRule(
            parse_text(f"{kind}.agreed.rule", raw["rule"]),
            _named(kind, raw["floor"], Unit.PERCENT, parameters),
            _named(kind, raw["multiple"], Unit.MULTIPLE, parameters),
        )
    for key in (top["wording"], top["caution"], top["agreed_note"]):
        if key is not None and not has_sentence(key):
            raise LawFileError(f"{kind}: no sentence {key!r}")
    if (rate is None) != (top["wording"] is None):
        raise LawFileError(f"{kind}: a rate and its wording go together")
    if (agreed is None) == (top["agreed_note"] is None):
        raise LawFileError(
            f"{kind}: an agreed rate has either a rule or a sentence that sets it aside"
        )
    return Regime(
        rule=parse_text(f"{kind}.rule", top["rule"]),
        starts=parse_member(Starts, kind, top["starts"]),
        rate=rate,
        agreed=agreed,
        agreed_note=top["agreed_note"],
        lump_sum=_named_or_none(kind, top["lump_sum"], Unit.EURO, parameters),
        imputation=parse_member(Imputation, kind, top["imputation"]),
        notice=_named(kind, top["notice"], Unit.DAYS, parameters),
        wording=top["wording"],
        caution=top["caution"],
        interest_articles=parse_texts(kind, articles["interest"]),
        lump_sum_articles=parse_texts(kind, articles["lump_sum"]),
        imputation_articles=parse_texts(kind, articles["imputation"]),
        last_checked_on=checked,
    )


def _named(where: str, name: Any, unit: Unit, parameters: Mapping[str, Parameter]) -> str:
    if name not in parameters or parameters[name].unit is not unit:
        raise LawFileError(f"{where}: {name!r} is not a parameter in {unit}")
    return str(name)


def _named_or_none(
    where: str, name: Any, unit: Unit, parameters: Mapping[str, Parameter]
) -> str | None:
    return None if name is None else _named(where, name, unit, parameters)
