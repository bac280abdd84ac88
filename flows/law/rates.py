"""The rate of a day for one debtor: the one of the law, or the one agreed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flows.law.agreed import AgreedForm, AgreedRate, Standing, settle
from flows.law.calendar import semester_start
from flows.law.law import Law
from flows.law.regimes import AgreedRule, RateRule
from flows.law.wording import number_text, percent_text, semester_text, sentence

_DIVISOR = "diviseur_jours"


@dataclass(frozen=True, slots=True)
class Rate:
    """Percent a year, the rule it comes from, and its French words.

    `label` goes in a line, `text` in a letter. With an agreed rate, `standing` and `floor` (percent
    a year) tell how it stands in its half-year, known by the first day, `semester`.
    """

    percent: Decimal
    rule: str
    label: str
    text: str
    semester: date
    standing: Standing = Standing.KEPT
    floor: Decimal | None = None


@dataclass(slots=True)
class Rates:
    """The rates of one debtor, kept by half-year; `used`: the parameters that served."""

    law: Law
    rule: RateRule
    name: str
    wording: str
    agreed: AgreedRate | None = None
    agreed_rule: AgreedRule | None = None
    used: set[str] = field(default_factory=set)
    _known: dict[tuple[date, bool], Rate] = field(default_factory=dict)
    _lawful: dict[date, bool] = field(default_factory=dict)

    def on(self, day: date, first_day: date) -> Rate:
        """Give the rate of a day of a delay that began on `first_day`. Raises UnknownForPeriod."""
        agreed, rule, semester = self.agreed, self.agreed_rule, semester_start(day)
        lawful = not (agreed and rule) or self._lawful_at_start(agreed, rule, first_day)
        key = (semester, lawful)
        if key not in self._known:
            self._known[key] = (
                self._settled(agreed, rule, day, lawful_at_start=lawful)
                if agreed and rule
                else self._default(day)
            )
        return self._known[key]

    def divisor(self, day: date) -> int:
        """Give the days of the year to divide by."""
        self.used.add(_DIVISOR)
        return self.law.days(_DIVISOR, day)

    def _number(self, name: str, day: date) -> Decimal:
        value = self.law.number(name, day)
        self.used.add(name)
        return value

    # --- nothing agreed ----------------------------------------------------------------------

    def _default_percent(self, day: date) -> Decimal:
        rate = self._number(self.rule.base, day)
        return rate + self._number(self.rule.margin, day) if self.rule.margin else rate

    def _default(self, day: date) -> Rate:
        percent, semester = self._default_percent(day), semester_text(day)
        margin = self._number(self.rule.margin, day) if self.rule.margin else Decimal(0)
        return Rate(
            percent=percent,
            rule=self.name,
            label=sentence("line_rate", semester=semester),
            text=sentence(
                self.wording,
                rate=percent_text(percent),
                margin=number_text(margin),
                semester=semester,
            ),
            semester=semester_start(day),
        )

    # --- agreed ------------------------------------------------------------------------------

    def _agreed_percent(self, agreed: AgreedRate, rule: AgreedRule, day: date) -> Decimal:
        if agreed.form is AgreedForm.LEGAL:
            return agreed.figure * self._number(rule.floor, day)
        if agreed.form is AgreedForm.ECB:
            return self._number(self.rule.base, day) + agreed.figure
        return agreed.figure

    def _floor(self, rule: AgreedRule, day: date) -> Decimal:
        return self._number(rule.multiple, day) * self._number(rule.floor, day)

    def _lawful_at_start(self, agreed: AgreedRate, rule: AgreedRule, first_day: date) -> bool:
        semester = semester_start(first_day)
        if semester not in self._lawful:
            floor = self._floor(rule, first_day)
            self._lawful[semester] = self._agreed_percent(agreed, rule, first_day) >= floor
        return self._lawful[semester]

    def _settled(
        self, agreed: AgreedRate, rule: AgreedRule, day: date, *, lawful_at_start: bool
    ) -> Rate:
        own, floor = self._agreed_percent(agreed, rule, day), self._floor(rule, day)
        percent, standing = settle(
            own, floor, lambda: self._default_percent(day), lawful_at_start=lawful_at_start
        )
        semester = semester_text(day)
        if standing is Standing.REPLACED or percent != own:
            label = sentence("line_rate_default", semester=semester)
            return replace(self._default(day), label=label, standing=standing, floor=floor)
        return Rate(
            percent=percent,
            rule=rule.rule,
            label=sentence(f"line_rate_{agreed.form}", agreed=agreed.words, semester=semester),
            text=sentence(
                f"rate_agreed_{agreed.form}",
                agreed=agreed.words,
                rate=percent_text(percent),
                semester=semester,
            ),
            semester=semester_start(day),
            standing=standing,
            floor=floor,
        )
