"""Terms and rates read back in plain French (`shown.yaml`)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from flows.reading.data import load, same_keys
from flows.reading.rates import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_TERMS = {
    re.compile(r"aucun"): "terms_none",
    re.compile(r"reception"): "terms_on_receipt",
    re.compile(r"jours:(?P<n>[1-9][0-9]*)"): "terms_days",
    re.compile(r"fin_de_mois:(?P<n>[1-9][0-9]*)"): "terms_month_end",
    re.compile(r"fin_de_mois:(?P<n>[1-9][0-9]*):ajouter"): "terms_days_then_month_end",
    re.compile(r"fin_de_mois:(?P<n>[1-9][0-9]*):fin"): "terms_month_end_then_days",
}
_NUMBER = r"(?P<n>[0-9]+(?:\.[0-9]+)?)"
_RATES = {
    re.compile(r"aucun"): "rate_none",
    re.compile(rf"taux:{_NUMBER}"): "rate_yearly",
    re.compile(r"legal:1"): "rate_legal_once",
    re.compile(rf"legal:{_NUMBER}"): "rate_legal",
    re.compile(rf"bce:{_NUMBER}"): "rate_central_bank",
}


@cache
def shown_words() -> Mapping[str, str]:
    """Give the words of `shown.yaml`. Raises ValueError when the file is wrong."""
    return shown_from(load("shown.yaml"))


def shown_from(data: Mapping[str, Any]) -> Mapping[str, str]:
    """Check the content of `shown.yaml`: one text for each form, `{n}` and `{s}` filled in."""
    same_keys("shown.yaml", data, {*_TERMS.values(), *_RATES.values(), "weekdays_none"})
    for key, text in data.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"shown.yaml: {key}: a text is expected")
        try:
            text.format(n="1", s="")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"shown.yaml: {key}: only {{n}} and {{s}} in braces") from error
    return data


def show_terms(form: str) -> str:
    """Say payment terms in French: « 30 jours », « 45 jours, puis fin du mois ».

    `form` is the text form of `payment_terms`; ValueError when it is none.
    """
    return _show(form, _TERMS)


def show_penalty_rate(form: str) -> str:
    """Say a penalty rate in French: « 15 % par an », « 3 fois le taux légal ».

    `form` is the text form of `penalty_terms`; ValueError when it is none.
    """
    return _show(form, _RATES)


def _show(form: str, patterns: Mapping[re.Pattern[str], str]) -> str:
    for pattern, key in patterns.items():
        match = pattern.fullmatch(form)
        if match is None:
            continue
        number = match.groupdict().get("n")
        value = Decimal(number) if number else Decimal(0)
        plural = "s" if value >= 2 else ""
        return shown_words()[key].format(n=plain(value).replace(".", ","), s=plural)
    raise ValueError(f"not a text form of terms or of a rate: {form!r}")
