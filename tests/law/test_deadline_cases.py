"""The deadlines and the procedural clocks: cases a jurist can read, and what holds of them all."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.law import Law, UnknownForPeriod, load_law
from flows.law.calendar import (
    add_months,
    is_appointment_day,
    is_working_day,
    next_working_day,
    previous_working_day,
)
from flows.law.deadlines import (
    CarryOver,
    ClockStep,
    LegalDeadline,
    Place,
    Side,
    StepState,
    claim_clock,
    deadline,
    deadline_table,
    injonction_clock,
    place_of,
)
from flows.law.deadlines.clock import parse_steps
from flows.law.deadlines.clock import step as clock_step
from flows.law.deadlines.table import parse_table
from flows.law.parameter import Confidence, Unit
from flows.law.strict import LawFileError
from flows.yamlfile import load_yaml

CASES = Path(__file__).parent / "cases"
FOLDER = files("flows.law.deadlines")
PLAIN = settings(deadline=None, max_examples=150)
STARTS = st.dates(date(2026, 9, 1), date(2060, 12, 31))
IDS = st.sampled_from(sorted(deadline_table().rules))
PLACES = st.builds(
    Place, st.sampled_from([None, True, False]), st.sampled_from([None, True, False]), st.booleans()
)


def _read(name: str) -> list[Any]:
    cases = load_yaml(CASES / f"{name}.yaml")
    return [pytest.param(case, id=case["name"]) for case in cases]


def _place(case: dict[str, Any]) -> Place:
    return place_of(case.get("postcode", ""))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _check_said(case: dict[str, Any], said: str) -> None:
    """See that the words of `says` (one text or several) are there, and none of `silent`."""
    says = case.get("says", [])
    assert [text for text in ([says] if isinstance(says, str) else says) if text not in said] == []
    assert [text for text in case.get("silent", []) if text in said] == []


# --- cases -----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", _read("delais"))
def test_a_deadline_falls_on_the_days_of_the_case(case: dict[str, Any], law: Law) -> None:
    """Raw, carried over, safe and courtesy days are those a jurist wrote."""
    if "months" in case:
        assert set(case) == {"name", "source", "months", "start", "raw"}
        assert add_months(case["start"], case["months"]) == case["raw"]
        return
    keys = {"name", "source", "deadline", "start", "decided", "postcode", "silent"}
    found = deadline(
        case["deadline"],
        case["start"],
        law,
        decided_on=case.get("decided"),
        place=_place(case),
    )
    got: dict[str, Any] = {
        "raw": found.raw_on,
        "extended": found.extended_on,
        "safe": found.safe_on,
        "courtesy": found.courtesy_on,
        "extends": found.extended,
        "confidence": str(found.confidence),
    }
    expected = {"courtesy": None, "confidence": "confirmed"} | {
        key: case[key] for key in set(case) - keys - {"says"}
    }
    assert {key: got[key] for key in expected} == expected
    assert found.starts_on == case["start"]
    _check_said(case, _plain(" ".join([found.rule, *found.cautions])))


def _steps(clock: tuple[ClockStep, ...]) -> list[list[Any]]:
    found = []
    for step in clock:
        row: list[Any] = [step.id, str(step.state)]
        if due := step.deadline:
            row += [due.raw_on, due.extended_on, due.safe_on]
        found.append(row + ["au_plus_tot"] * step.at_earliest)
    return found


def _said(clock: tuple[ClockStep, ...]) -> str:
    return _plain(" ".join(" ".join([s.to_do, s.if_missed, *s.cautions]) for s in clock))


@pytest.mark.parametrize("case", _read("injonction"))
def test_the_clock_of_an_order_is_that_of_the_case(case: dict[str, Any], law: Law) -> None:
    """Each step of the order stands where the case says, on its days."""
    assert set(case) <= {
        *("name", "source", "order", "served", "in_person", "opposed", "notice"),
        *("court", "postcode", "today", "steps", "says", "silent"),
    }
    clock = injonction_clock(
        law,
        order_on=case["order"],
        served_on=case.get("served"),
        served_in_person=case.get("in_person"),
        opposed_on=case.get("opposed"),
        notice_on=case.get("notice"),
        court=case.get("court", "tribunal_judiciaire"),
        place=_place(case),
        today=case["today"],
    )
    assert _steps(clock) == case["steps"]
    _check_said(case, _said(clock))


@pytest.mark.parametrize("case", _read("declaration"))
def test_the_clock_of_a_claim_is_that_of_the_case(case: dict[str, Any], law: Law) -> None:
    """Each step of the collective procedure stands where the case says, on its days."""
    assert set(case) <= {
        *("name", "source", "procedure", "judgment", "published", "declared", "retention"),
        *("creditor_overseas", "court_overseas", "today", "steps", "says", "silent"),
    }
    clock = claim_clock(
        law,
        procedure=case["procedure"],
        judgment_on=case.get("judgment"),
        published_on=case.get("published"),
        creditor_overseas=case.get("creditor_overseas", False),
        court_overseas=case.get("court_overseas", False),
        retention_of_title=case.get("retention", False),
        declared_on=case.get("declared"),
        today=case["today"],
    )
    assert _steps(clock) == case["steps"]
    _check_said(case, _said(clock))


def test_every_deadline_of_the_table_has_a_case() -> None:
    """No deadline is left without a date a jurist can check."""
    seen = {case.values[0].get("deadline") for case in _read("delais")}
    assert seen - {None} == set(deadline_table().rules)


# --- what must hold of every deadline -----------------------------------------------------------


def _any(name: str, start: date, law: Law, place: Place) -> LegalDeadline:
    return deadline(name, start, law, decided_on=start, place=place)


@PLAIN
@given(name=IDS, start=STARTS, place=PLACES)
def test_the_days_of_a_deadline_are_in_order(name: str, start: date, place: Place) -> None:
    """A deadline ends after its start; the safe day is early for an act and late for a wait."""
    found = _any(name, start, load_law(), place)
    assert start < found.raw_on <= found.extended_on
    if found.waits:
        assert found.extended_on < found.safe_on
    else:
        assert start < found.safe_on <= found.raw_on
    assert is_appointment_day(found.safe_on, place)
    assert found.courtesy_on is None or found.raw_on <= found.courtesy_on < found.safe_on


@PLAIN
@given(name=IDS, start=STARTS, place=PLACES)
def test_a_carry_over_lands_on_the_next_working_day(name: str, start: date, place: Place) -> None:
    """Carried over to the first working day where the rule grants it, or where waiting is cautious."""
    rule, found = deadline_table().rules[name], _any(name, start, load_law(), place)
    undecided_wait = rule.carry_over is CarryOver.UNDECIDED and rule.side is Side.WAIT
    if found.extended or undecided_wait:
        assert found.extended_on == next_working_day(found.raw_on)
        assert is_working_day(found.extended_on)
    else:
        assert found.extended_on == found.raw_on


@PLAIN
@given(name=IDS, start=STARTS)
def test_local_days_never_move_the_end(name: str, start: date) -> None:
    """Alsace-Moselle changes the day to aim at, never the last day."""
    here = _any(name, start, load_law(), Place(alsace_moselle=True, overseas=False))
    paris = _any(name, start, load_law(), Place(alsace_moselle=False, overseas=False))
    assert (here.raw_on, here.extended_on) == (paris.raw_on, paris.extended_on)
    if here.waits:
        assert here.safe_on >= paris.safe_on
    else:
        assert here.safe_on <= paris.safe_on


@PLAIN
@given(name=IDS, start=STARTS, gap=st.integers(0, 60))
def test_a_later_start_never_ends_earlier(name: str, start: date, gap: int) -> None:
    """Every day of a deadline moves forward with its start."""
    law, place = load_law(), Place(alsace_moselle=False, overseas=False)
    before, after = _any(name, start, law, place), _any(name, start + timedelta(gap), law, place)
    for day in ("raw_on", "extended_on", "safe_on"):
        assert getattr(before, day) <= getattr(after, day)


@PLAIN
@given(name=IDS, start=STARTS)
def test_the_raw_end_reads_art_641(name: str, start: date) -> None:
    """Days are counted from the day after; months end on the same quantième or the last day."""
    law, rule = load_law(), deadline_table().rules[name]
    found = _any(name, start, law, Place(alsace_moselle=False, overseas=False))
    unit, value = law.parameters[rule.term].unit, law.value(rule.term, start)
    assert isinstance(value, int)
    if unit is Unit.DAYS:
        assert found.raw_on == start + timedelta(days=value)
        return
    months = value * (12 if unit is Unit.YEARS else 1)
    last = (found.raw_on + timedelta(days=1)).day == 1
    assert found.raw_on.day == start.day or (last and found.raw_on.day < start.day)
    assert (found.raw_on.year - start.year) * 12 + found.raw_on.month - start.month == months


@PLAIN
@given(name=IDS, start=STARTS, place=PLACES)
def test_distance_only_ever_lengthens(name: str, start: date, place: Place) -> None:
    """Living far away never takes a day from anyone."""
    near = Place(alsace_moselle=place.alsace_moselle, overseas=False)
    assert _any(name, start, load_law(), place).raw_on >= _any(name, start, load_law(), near).raw_on


@PLAIN
@given(order=st.dates(date(2022, 3, 1), date(2040, 1, 1)), gap=st.integers(0, 80), seen=st.data())
def test_no_title_before_the_opposition_has_ended(
    order: date, gap: int, seen: st.DataObject
) -> None:
    """Whatever the order's day and the debtor's place, enforcement waits for the opposition."""
    law, place = load_law(), seen.draw(PLACES)
    today = order + timedelta(days=seen.draw(st.integers(gap, 400)))
    clock = injonction_clock(
        law,
        order_on=order,
        served_on=order + timedelta(days=gap),
        served_in_person=True,
        place=place,
        today=today,
    )
    by_id = {step.id.removesuffix("_certificat"): step for step in clock}
    opposition, title = by_id["opposition_injonction"], by_id["titre_injonction"]
    assert opposition.deadline
    assert title.deadline
    assert title.deadline.safe_on >= opposition.deadline.safe_on
    assert (by_id["validite_titre"].state is StepState.OPEN) == (today >= title.deadline.safe_on)


# --- the rest ------------------------------------------------------------------------------------


def test_the_day_of_the_order_decides_which_law_applies(law: Law) -> None:
    """One day apart, two orders have six months and three, a certificate and a wait."""
    old, new = (
        injonction_clock(law, order_on=day, today=date(2026, 9, 2))
        for day in (date(2026, 8, 31), date(2026, 9, 1))
    )
    assert "6\u00a0mois" in old[0].deadline.rule if old[0].deadline else False
    assert "3\u00a0mois" in new[0].deadline.rule if new[0].deadline else False
    assert [s.id for s in old][2] == "titre_injonction_certificat"
    assert [s.id for s in new][2] == "titre_injonction"


def test_a_rule_of_the_day_of_the_decision_needs_that_day(law: Law) -> None:
    """The wait before a title is refused when the day of the order is not given."""
    with pytest.raises(ValueError, match="day of the decision"):
        deadline("titre_injonction", date(2026, 11, 1), law)


@pytest.mark.parametrize(
    "days",
    [
        {"served_on": date(2026, 8, 1)},
        {"served_on": date(2026, 9, 20), "opposed_on": date(2026, 9, 19)},
        {"opposed_on": date(2026, 9, 19)},
        {"served_on": date(2026, 9, 20), "notice_on": date(2026, 9, 25)},
    ],
)
def test_days_out_of_order_are_refused(days: dict[str, date], law: Law) -> None:
    """An order is not served before it is made, nor opposed before it is served."""
    with pytest.raises(ValueError, match="made, then served"):
        injonction_clock(law, order_on=date(2026, 9, 1), today=date(2026, 11, 22), **days)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="judgment comes before"):
        claim_clock(
            law,
            procedure="liquidation",
            judgment_on=date(2026, 9, 1),
            published_on=date(2026, 8, 31),
            today=date(2026, 11, 22),
        )


def test_a_doubtful_deadline_says_so(law: Law) -> None:
    """What is not confirmed carries its « à vérifier », what is confirmed does not."""
    for rule in deadline_table().rules.values():
        found = _any(rule.id, date(2026, 11, 22), law, Place(alsace_moselle=False, overseas=False))
        said = any("vérifier" in text for text in found.cautions)
        assert said == (found.confidence is not Confidence.CONFIRMED), rule.id


def test_a_deadline_says_when_it_was_last_checked(law: Law) -> None:
    """The oldest check of the table and of the term."""
    found = deadline("declaration_creance", date(2026, 9, 15), law)
    assert found.checked_on == deadline_table().last_checked_on == date(2026, 11, 22)


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("surprise", 1, "unknown"),
        ("label", "", "a sentence"),
        ("term", "delai_du_voisin", "no parameter"),
        ("term", "indemnite_recouvrement", "not in"),
        ("carry_over", "oui", "not one of"),
        ("side", "left", "not one of"),
        ("distance", "loin", "not one of"),
        ("by_decision", "oui", "true or false"),
        ("confidence", "sure", "not one of"),
        ("articles", [], "at least 1"),
        ("articles", "art. 1", "list of texts"),
        ("rule", "En {delai_du_voisin}.", "delai_du_voisin"),
    ],
)
def test_a_slip_in_the_table_is_refused(key: str, value: Any, says: str, law: Law) -> None:
    """An unknown key, term, choice or blank stops the reading and names the entry."""
    data = copy.deepcopy(load_yaml(FOLDER / "deadlines.yaml"))
    data["deadlines"]["releve_forclusion"][key] = value
    with pytest.raises(LawFileError, match=f"^releve_forclusion.*{says}"):
        parse_table(data, law)


@pytest.mark.parametrize(
    ("key", "value"), [("last_checked_on", "hier"), ("deadlines", {}), ("surprise", 1)]
)
def test_a_slip_at_the_top_of_the_table_is_refused(key: str, value: Any, law: Law) -> None:
    """The table holds a day of check and its deadlines, nothing else."""
    data = load_yaml(FOLDER / "deadlines.yaml")
    with pytest.raises(LawFileError, match=r"^deadlines"):
        parse_table({**data, key: value}, law)


@pytest.mark.parametrize(
    ("key", "value"),
    [("label", ""), ("to_do", 3), ("to_do", "En {delai_du_voisin}."), ("surprise", "x")],
)
def test_a_slip_in_the_steps_is_refused(key: str, value: Any, law: Law) -> None:
    """A step has its words and names only terms of the law."""
    data = copy.deepcopy(load_yaml(FOLDER / "steps.yaml"))
    data["steps"]["audience"][key] = value
    with pytest.raises(LawFileError, match=r"^audience"):
        parse_steps(data, law)
    data = load_yaml(FOLDER / "steps.yaml")
    with pytest.raises(LawFileError, match="sentences"):
        parse_steps({**data, "sentences": {"x": value if key == "to_do" else ""}}, law)


def _sentences() -> list[str]:
    rules = load_yaml(FOLDER / "deadlines.yaml")["deadlines"].values()
    steps = load_yaml(FOLDER / "steps.yaml")
    return [
        *(rule[key] for rule in rules for key in ("label", "who", "starts_from", "rule")),
        *(rule["if_missed"] for rule in rules),
        *(step[key] for step in steps["steps"].values() for key in ("label", "to_do", "if_missed")),
        *steps["sentences"].values(),
        *load_yaml(FOLDER / "texts.yaml").values(),
    ]


def test_no_sentence_holds_a_figure_of_the_law() -> None:
    """Every term comes through a blank; no digit stands in the words."""
    assert [text for text in _sentences() if any(c.isdigit() for c in text)] == []


def test_sentences_are_set_as_french_is() -> None:
    """No straight apostrophe, no breaking space before a high sign, no word that frightens."""
    for text in _sentences():
        assert "'" not in text
        assert not any(f" {sign}" in text for sign in ":;?!»%€")
        assert "« " not in text
        assert "!" not in text
        assert not any(word in text.lower() for word in ("huissier", "sommation", "poursuites"))


def test_the_safe_day_of_a_metropolitan_act_is_the_working_day_before(law: Law) -> None:
    """Away from local days the day to aim at is the last working day not after the end."""
    found = deadline("signification_ordonnance", date(2026, 8, 31), law, place=place_of("75001"))
    assert found.safe_on == previous_working_day(found.raw_on)


def test_a_creditor_abroad_has_the_longer_delay(law: Law) -> None:
    """Residence outside metropolitan France counts, whatever the country (art. R622-24 C. com.)."""
    clock = claim_clock(
        law,
        procedure="redressement",
        judgment_on=date(2026, 9, 1),
        published_on=date(2026, 9, 15),
        place=Place(abroad=True),
        today=date(2026, 11, 22),
    )
    assert clock[0].state is StepState.OPEN
    assert clock[0].deadline
    assert clock[0].deadline.raw_on == date(2027, 1, 15)


def test_a_step_past_no_longer_says_what_day_to_aim_at(law: Law) -> None:
    """« Visez le » stands on an open step and not on a missed one, which keeps what follows."""
    done, missed = (
        claim_clock(
            law,
            procedure="redressement",
            judgment_on=date(2026, 9, 1),
            published_on=date(2026, 9, 15),
            today=today,
        )[0]
        for today in (date(2026, 11, 16), date(2026, 11, 17))
    )
    assert "visez le 13/11/2026" in _said((done,))
    assert "visez" not in _said((missed,))
    assert missed.deadline
    assert missed.if_missed == missed.deadline.if_missed
    assert missed.articles == missed.deadline.articles


def test_a_term_of_a_period_unknown_is_refused(law: Law) -> None:
    """Nothing is carried over to a day the parameter does not cover."""
    with pytest.raises(UnknownForPeriod) as refusal:
        deadline("regularisation_contribution", date(2026, 2, 28), law)
    assert refusal.value.parameter == "delai_regularisation_contribution"


def test_an_unknown_deadline_is_a_key_error(law: Law) -> None:
    """A name that is not in the table is a slip of the program."""
    with pytest.raises(KeyError, match="delai_du_voisin"):
        deadline("delai_du_voisin", date(2026, 11, 22), law)


def test_every_step_rests_on_an_article(law: Law) -> None:
    """Whether or not a day is known, a step says its articles; only a refusal has none."""
    names = set()
    for name in ("injonction", "declaration"):
        for case in _read(name):
            names |= {row[0] for row in case.values[0]["steps"]}
    steps = load_yaml(FOLDER / "steps.yaml")["steps"]
    assert names == set(steps)
    for name in names - {"ordonnance_ancienne", "procedure_ancienne"}:
        values = {"whom": "x", "refusal": "x"}
        found = clock_step(name, StepState.LATER, law, date(2026, 11, 22), **values)  # type: ignore[arg-type]
        assert found.articles, name
        assert found.to_do
