"""What a delay counts from, and the habits by debtor and by cause."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import flows
from flows.diagnosis.tables import BadTableError, Row
from flows.dossier import Act, ActKind, Cause, DebtorKind, Dossier, Stage
from flows.ladder import Deadline, ladder, next_deadline
from flows.ladder.catalogue import read_ladder
from flows.ladder.delays import Base, Delay, count
from flows.yamlfile import load_yaml

Make = Callable[..., Act]
Debt = Callable[..., Dossier]
Wakes = Callable[[Dossier], tuple[Deadline, ...]]
HERE = Path(__file__).parent
CASES = load_yaml(HERE / "cases" / "delays.yaml")


def delay_of(raw: dict[str, Any]) -> Delay:
    """Read a delay as a case writes it."""
    of = raw.get("of")
    base = Base(raw["counts_from"])
    return Delay(raw["days"], base, Base(of) if of else None, raw.get("months", 0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_delay_counts_from_its_base(case: dict[str, Any]) -> None:
    """Each delay of the table ends on the day written there, counted from the day written there."""
    known = {Base(name): day for name, day in case["known"].items()}
    found = count(delay_of(case["delay"]), known)
    if "ends" not in case:
        assert found is None
        return
    assert found is not None
    (only,) = known.values()
    assert (found.since, found.on) == (case.get("since", only), case["ends"])


def test_the_table_has_every_base() -> None:
    """No base is left without a case."""
    assert {case["delay"]["counts_from"] for case in CASES} == {base.value for base in Base}


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 400), st.integers(0, 30))
def test_a_delay_never_goes_back(base: date, days: int, months: int) -> None:
    """Longer is later, the end of a month is the eve of a first, and none ends before its base."""
    plain = count(Delay(days, Base.ACT, months=months), {Base.ACT: base})
    longer = count(Delay(days + 1, Base.ACT, months=months), {Base.ACT: base})
    end = count(Delay(days, Base.MONTH_END, Base.ACT, months), {Base.ACT: base})
    assert plain is not None
    assert longer is not None
    assert end is not None
    assert base <= plain.on < longer.on
    assert (end.since + timedelta(days=1)).day == 1
    assert (end.since.year - base.year) * 12 + end.since.month - base.month == months
    assert end.on == end.since + timedelta(days=days)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 1, "counts_from": Base.MONTH_END},
        {"days": 1, "counts_from": Base.ACT, "of": Base.DUE},
        {"days": 1, "counts_from": Base.MONTH_END, "of": Base.MONTH_END},
        {"days": -1, "counts_from": Base.ACT},
        {"days": 1, "counts_from": Base.ACT, "months": -1},
    ],
)
def test_a_delay_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    """The end of a month without a month, and a delay that goes back, are errors."""
    with pytest.raises(ValueError, match=r"month|forward"):
        Delay(**wrong)


# --- the data --------------------------------------------------------------------------------


@pytest.fixture
def raw() -> dict[str, Any]:
    """The data file as it stands."""
    path = Path(flows.__file__).parent / "ladder" / "ladder.yaml"
    loaded: dict[str, Any] = load_yaml(path)
    return loaded


def _set(raw: dict[str, Any], where: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    *path, last = where.split(".")
    place: Any = changed
    for name in path:
        place = place[int(name) if isinstance(place, list) else name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


@pytest.mark.parametrize(
    ("where", "value", "why"),
    [
        ("steps.0.delay.counts_from", None, "counts_from must be a text"),
        ("steps.0.delay.counts_from", "hier", "no Base"),
        ("steps.0.delay.counts_from", "fin_de_mois", "says of which base"),
        ("steps.0.delay.of", "envoi", "says of which base"),
        ("steps.0.delay.hours", 3, "unknown key"),
        ("steps.0.delay.days", 0, "nor on the due date"),
        ("steps.1.delay.days", 2, "before the one below it"),
        ("follow_up.relance_1.counts_from", None, "counts_from must be a text"),
        ("follow_up.relance_1.counts_from", "reception", "a notice, and it alone"),
        ("follow_up.relance_1.days", None, "days must be a whole number"),
        ("follow_up.mise_en_demeure_pro.counts_from", "envoi", "a notice, and it alone"),
        ("follow_up.mise_en_demeure_pro.days", 8, "takes its delay from the law"),
        ("follow_up_default.counts_from", None, "counts_from must be a text"),
        ("pace.kinds.public", None, "public must be a number"),
        ("pace.kinds.public", "9", "between least and most"),
        ("pace.causes.tresorerie", "0.1", "between least and most"),
        ("pace.causes.autre", "1", "unknown key"),
        ("pace.least", "1.5", "each side of 1"),
        ("after.reception", None, "reception must be a text"),
    ],
)
def test_the_data_is_read_strictly(raw: dict[str, Any], where: str, value: object, why: str) -> None:  # fmt: skip
    """A step or a follow-up that does not say what it counts from, or a pace out of bounds, is refused."""
    read_ladder(Row(raw, "t"))
    with pytest.raises(BadTableError, match=why):
        read_ladder(Row(_set(raw, where, value), "t"))


def test_a_step_may_count_from_the_end_of_the_month(raw: dict[str, Any]) -> None:
    """A house that relances after the end of the month says so in the data alone."""
    delay = {"days": 10, "counts_from": "fin_de_mois", "of": "echeance"}
    step = read_ladder(Row(_set(raw, "steps.1.delay", delay), "t")).steps[Stage.REMINDER_1]
    assert count(step.delay, {Base.DUE: date(2026, 10, 15)}) == count(
        Delay(10, Base.MONTH_END, Base.DUE), {Base.DUE: date(2026, 10, 15)}
    )
    words = ladder().words.delay(step.delay, date(2026, 10, 31))
    assert words == "10 jours après la fin du mois, le 31 octobre 2026"


def test_the_habit_between_professionals_is_the_trade_s() -> None:
    """J+3, J+10, J+15, J+20 and J+28 after the due date, at a professional's own pace."""
    steps = ladder().steps.values()
    assert [step.delay.days for step in steps] == [3, 10, 15, 20, 28]
    assert {step.delay.counts_from for step in steps} == {Base.DUE}
    assert ladder().paces.of(DebtorKind.PROFESSIONAL, "", Decimal(1)) == 1


# --- by debtor and by cause ------------------------------------------------------------------


def _first(found: Dossier, pace: str = "1") -> date:
    notice = dict.fromkeys(DebtorKind, 15)
    wakes = next_deadline(found, found.opened_on, lambda _: True, notice, Decimal(pace))
    assert wakes is not None
    return wakes.on


@pytest.mark.parametrize(
    ("kind", "days"),
    [("professionnel", 5), ("particulier", 7), ("public", 8), ("association", 7), ("etranger", 7)],
)
def test_others_than_professionals_are_given_more_time(
    debt: Debt, told: Make, kind: str, days: int
) -> None:
    """Five days after a second reminder become more for a public body, an association, a consumer."""
    sent = told(ActKind.SENT, date(2026, 11, 12), document="relance_2", stage="relance_2")
    found = debt(sent, debtor_kind=kind)
    assert _first(found) == sent.on + timedelta(days=days)


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_a_cause_may_call_for_patience(debt: Debt, told: Make, cause: Cause) -> None:
    """Without money, or with a paper missing, a client is given a little more time; never less than the habit."""
    sent = told(ActKind.SENT, date(2026, 11, 12), document="relance_2", stage="relance_2")
    why = told(ActKind.DIAGNOSED, date(2026, 11, 12), cause=cause.value)
    slower = cause in {Cause.CASH, Cause.ADMIN, Cause.UNHAPPY}
    assert _first(debt(why, sent)) == sent.on + timedelta(days=7 if slower else 5)


def test_paces_stay_within_bounds(debt: Debt, told: Make) -> None:
    """A slow debtor, a slow cause and a client to be spared never more than double a delay."""
    sent = told(ActKind.SENT, date(2026, 12, 12), document="relance_2", stage="relance_2")
    why = told(ActKind.DIAGNOSED, date(2026, 12, 12), cause="tresorerie")
    assert _first(debt(why, sent, debtor_kind="public"), "1.5") == sent.on + timedelta(days=10)


def test_the_latest_sending_is_the_latest_by_its_day(debt: Debt, told: Make, wakes: Wakes) -> None:
    """A sending told afterwards, older than one told before, does not set the clock back."""
    late = told(ActKind.SENT, date(2026, 11, 24), document="relance_2", stage="relance_2")
    told_after = told(
        ActKind.SENT, date(2026, 11, 2), date(2026, 11, 25), document="relance_1", stage="relance_1"
    )
    (only,) = wakes(debt(late, told_after))
    assert (only.stage, only.on) == (Stage.LAST_REMINDER, date(2026, 11, 30))
    assert "votre envoi du 24 novembre 2026" in only.why
