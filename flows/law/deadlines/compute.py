"""One deadline from its start: raw, carried over, and the day to aim at (arts 640 to 644 CPC)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from flows.law.calendar import (
    ONE_DAY,
    Place,
    add_months,
    is_appointment_day,
    is_working_day,
    next_appointment_day,
    next_working_day,
    previous_appointment_day,
)
from flows.law.deadlines.table import CarryOver, Distance, Rule, Side, deadline_table
from flows.law.law import Law
from flows.law.parameter import Confidence, Unit, weakest
from flows.law.prose import fill, parameter_text
from flows.law.wording import day_text, read_sentences

MONTHS_A_YEAR = 12
_FAR = {Distance.DECLARATION: ("delai_declaration_distance", "delai_declaration_distance")}
_FAR[Distance.PROCEDURE] = ("delai_distance_outre_mer", "delai_distance_etranger")


@cache
def _texts() -> dict[str, str]:
    return read_sentences(files("flows.law.deadlines") / "texts.yaml")


def _say(key: str, **values: str) -> str:
    return _texts()[key].format(**values)


@dataclass(frozen=True, slots=True)
class LegalDeadline:
    """A deadline worked out. `starts_on` is the day of the event, which does not count.

    `raw_on`: last day of the term as counted; `extended_on`: after the carry-over where the rule
    grants one, else `raw_on`; `extended` tells whether it is granted for sure. `safe_on`: the day to
    aim at. Where the person must act, the last working day not after `raw_on`; where the person
    waits (`waits`), the first working day after the end. `courtesy_on`: what to print for a delay
    granted by a private letter. `checked_on`: the oldest check of the rule and of its terms.
    """

    id: str
    label: str
    starts_on: date
    raw_on: date
    extended_on: date
    safe_on: date
    rule: str
    articles: tuple[str, ...]
    extended: bool
    confidence: Confidence
    cautions: tuple[str, ...]
    waits: bool
    who: str
    starts_from: str
    if_missed: str
    courtesy_on: date | None
    checked_on: date


def deadline(
    id: str,  # noqa: A002 - the word of the table
    start_on: date,
    law: Law,
    *,
    decided_on: date | None = None,
    place: Place | None = None,
) -> LegalDeadline:
    """Work out a deadline of the table from the day its event happened.

    `decided_on`: the day of the decision, needed where the rule is that of its day. `place`: where
    the one who must act lives (a creditor for a declaration of claim before a metropolitan court).
    Raises KeyError for an unknown id, ValueError when `decided_on` is missing, UnknownForPeriod
    when the term is not known on that day.
    """
    where = place if place is not None else Place()
    rule = deadline_table().rules[id]
    if rule.by_decision and decided_on is None:
        raise ValueError(f"{id}: the day of the decision is needed")
    on = decided_on or start_on
    return work_out(rule, start_on, law, on, where, distance_term(rule, where))


def distance_term(rule: Rule, place: Place) -> str | None:
    """Name the parameter of the extra time a place gives, None when it gives none."""
    if rule.distance is None:
        return None
    overseas, abroad = _FAR[rule.distance]
    if place.abroad:
        return abroad
    return overseas if place.overseas else None


def work_out(
    rule: Rule, start_on: date, law: Law, on: date, place: Place, extra: str | None
) -> LegalDeadline:
    """Work out a rule with its term as it stands `on` a day and the extra time of distance."""
    raw = _end(rule, start_on, law, on, extra)
    waits = rule.side is Side.WAIT
    # Undecided: someone who waits waits longer, someone who must act counts on nothing.
    carried = rule.carry_over is CarryOver.EXTENDED or (
        waits and rule.carry_over is CarryOver.UNDECIDED
    )
    extended = next_working_day(raw) if carried else raw
    courtesy = next_appointment_day(raw, place) if rule.carry_over is CarryOver.COURTESY else None
    if waits:
        safe = next_appointment_day((courtesy or extended) + ONE_DAY, place)
    else:
        safe = previous_appointment_day(raw, place)
    names = [rule.term, *([extra] if extra else [])]
    confidence = weakest(rule.confidence, *(law.confidence(name, on) for name in names))
    return LegalDeadline(
        id=rule.id,
        label=rule.label,
        starts_on=start_on,
        raw_on=raw,
        extended_on=extended,
        safe_on=safe,
        rule=f"{fill(rule.rule, law, on)} {_carry_sentence(rule)}",
        articles=rule.articles,
        extended=rule.carry_over is CarryOver.EXTENDED,
        confidence=confidence,
        cautions=(
            *_distance_cautions(rule, law, on, place, extra),
            *_day_cautions(raw, extended, safe, place, waits=waits, courtesy=courtesy is not None),
            *([] if confidence is Confidence.CONFIRMED else [_say("not_confirmed")]),
        ),
        waits=waits,
        who=rule.who,
        starts_from=rule.starts_from,
        if_missed=fill(rule.if_missed, law, on),
        courtesy_on=courtesy,
        checked_on=law.checked_on_for(names, deadline_table().last_checked_on),
    )


def _end(rule: Rule, start_on: date, law: Law, on: date, extra: str | None) -> date:
    if law.parameters[rule.term].unit is Unit.DAYS:
        # Months are counted first, then days (art. 641 CPC, al. 3).
        start = add_months(start_on, law.months(extra, on)) if extra else start_on
        return start + timedelta(days=law.days(rule.term, on))
    months = _months(rule.term, law, on)
    if extra is None:
        return add_months(start_on, months)
    more = law.months(extra, on)
    # « 2 + 2 » or « 4 months » is not settled: the two part at the end of a month.
    ends = (add_months(add_months(start_on, months), more), add_months(start_on, months + more))
    return max(ends) if rule.side is Side.WAIT else min(ends)


def _months(name: str, law: Law, on: date) -> int:
    if law.parameters[name].unit is Unit.YEARS:
        return law.years(name, on) * MONTHS_A_YEAR
    return law.months(name, on)


def _carry_sentence(rule: Rule) -> str:
    if rule.carry_over is CarryOver.UNDECIDED:
        return _say(f"rule_undecided_{rule.side}")
    return _say(f"rule_{rule.carry_over}")


def _distance_cautions(
    rule: Rule, law: Law, on: date, place: Place, extra: str | None
) -> list[str]:
    if extra is not None:
        return [_say(f"distance_{rule.distance}", extra=parameter_text(law, extra, on))]
    if rule.distance is Distance.PROCEDURE and place.overseas is None:
        return [_say("distance_procedure_unknown")]
    return []


def _day_cautions(
    raw: date, extended: date, safe: date, place: Place, *, waits: bool, courtesy: bool
) -> list[str]:
    found = []
    if not waits and not is_working_day(raw):
        days = {"raw": day_text(raw), "extended": day_text(extended), "safe": day_text(safe)}
        found.append(_say("carried_over" if extended > raw else "closed_day", **days))
    # A day of courtesy may itself have been moved by a local day.
    begin = raw if courtesy else extended + ONE_DAY
    first, last = (begin, safe) if waits else (safe, raw)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if any(is_working_day(day) and not is_appointment_day(day, place) for day in span):
        found.append(_say("local_day"))
    return found
