"""The operator's file to the day: which days are the package's, what each line says, where a slip is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.law import Law, LawFileError, UnknownForPeriod, law_with
from flows.law.own_values import Outcome

CHECKED = date(2026, 12, 30)
LEGAL = "interet_legal_autres_cas"
ECB = "bce_refinancement"
ANCHOR = "bce_semestre"
SUM = "indemnite_recouvrement"


def value(number: Any, **more: Any) -> dict[str, Any]:
    """A value as the file holds it."""
    reference = [{"title": "Arrêté du 22 décembre 2026"}]
    return {"value": number, "confidence": "confirmed", "reference": reference, **more}


def entry(values: dict[date, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The entry of a parameter as the file holds it."""
    return {"last_checked_on": CHECKED, **({"values": values} if values else {}), **more}


def half_year(law: Law) -> dict[str, Any]:
    """The half-year that follows the last known one."""
    assert law.parameters[LEGAL].known_until == date(2026, 12, 31)
    return {LEGAL: entry({date(2027, 1, 1): value("3.10")}, known_until=date(2027, 6, 30))}


def end_of(law: Law, name: str) -> date:
    """The last day anything is known of."""
    until = law.parameters[name].known_until
    assert until is not None
    return until


def test_every_line_of_the_file_is_told_under_its_label(law: Law) -> None:
    """One line a value, a prolongation or a reading, of each parameter, in the order of the file."""
    extra = half_year(law) | {
        ECB: entry({date(2027, 1, 1): value("2.65")}, known_until=date(2027, 1, 1)),
        "delai_paiement_defaut": entry(renew_before=date(2028, 1, 1)),
    }
    _, lines = law_with(law, extra)
    assert [(line.parameter, line.outcome) for line in lines] == [
        (LEGAL, Outcome.ADDED),
        (LEGAL, Outcome.EXTENDED),
        (ECB, Outcome.ADDED),
        (ECB, Outcome.EXTENDED),
        ("delai_paiement_defaut", Outcome.CHECKED),
    ]
    days = ("01/01/2027", "30/06/2027", "01/01/2027", "01/01/2027", "01/01/2028")
    for line, day in zip(lines, days, strict=True):
        assert line.french.startswith(law.parameters[line.parameter].label)
        assert day in line.french


def test_a_line_without_effect_is_told_under_its_label_too(law: Law) -> None:
    """What the package already says, a day not later, and a reading not fresher."""
    old = date(2026, 11, 1)
    until = end_of(law, ECB)
    shipped = law.parameters[SUM].values[-1]
    extra = {
        SUM: entry({shipped.from_on: value(str(shipped.value))}),
        ECB: entry(known_until=until),
        LEGAL: {"last_checked_on": old, "renew_before": date(2027, 2, 1)},
    }
    same, lines = law_with(law, extra)
    assert [line.outcome for line in lines] == [
        Outcome.SAME,
        Outcome.NOT_LONGER,
        Outcome.NOT_FRESHER,
    ]
    for line in lines:
        assert line.french.startswith(law.parameters[line.parameter].label)
        assert "retiré" in line.french
    assert f"{until:%d/%m/%Y}" in lines[1].french
    assert same.parameters[LEGAL].renew_before == law.parameters[LEGAL].renew_before
    assert same.parameters[ECB].known_until == until


def test_a_reading_of_the_same_day_is_fresh_enough(law: Law) -> None:
    """Read on the day of the package's own check, an article is asked for on the operator's day."""
    checked = law.parameters[LEGAL].last_checked_on
    extra = {LEGAL: {"last_checked_on": checked, "renew_before": date(2027, 2, 1)}}
    read, (line,) = law_with(law, extra)
    assert line.outcome is Outcome.CHECKED
    assert "01/02/2027" in line.french
    assert read.parameters[LEGAL].renew_before == date(2027, 2, 1)


def test_the_day_of_the_last_check_is_still_the_package_s(law: Law) -> None:
    """Until that day included a change is a replacement; from the next one it is news."""
    checked = law.parameters[SUM].last_checked_on
    with pytest.raises(LawFileError, match=f"^{SUM}.{checked}: the package says 40"):
        law_with(law, {SUM: entry({checked: value("50")})})
    after = date.fromordinal(checked.toordinal() + 1)
    changed, (line,) = law_with(law, {SUM: entry({after: value("50")})})
    assert line.outcome is Outcome.ADDED
    assert changed.value(SUM, checked) == Decimal(40)
    assert changed.value(SUM, after) == Decimal(50)


def test_several_values_may_be_replaced_at_once(law: Law) -> None:
    """Each line that says `replaces` does, whichever comes first."""
    name = "plafond_petites_creances"
    days = [dated.from_on for dated in law.parameters[name].values]
    assert len(days) == 2
    extra = {name: entry({day: value("6000", replaces=True) for day in days})}
    changed, lines = law_with(law, extra)
    assert [line.outcome for line in lines] == [Outcome.REPLACED] * 2
    assert [changed.value(name, day) for day in days] == [Decimal(6000)] * 2


def test_a_value_right_after_the_last_known_day_leaves_no_gap(law: Law) -> None:
    """A decision of the very next day is used from that day on."""
    until = end_of(law, ECB)
    after = date.fromordinal(until.toordinal() + 1)
    longer, _ = law_with(law, {ECB: entry({after: value("2.90")}, known_until=date(2027, 1, 1))})
    assert longer.value(ECB, until) == law.value(ECB, until)
    assert longer.value(ECB, after) == Decimal("2.90")
    assert longer.value(ECB, date(2027, 1, 1)) == Decimal("2.90")


def test_a_gap_stays_when_the_last_known_day_is_replaced_too(law: Law) -> None:
    """The days of which nothing is said are unknown, whatever is said of the days before."""
    until = end_of(law, ECB)
    values = {until: value("2.70", replaces=True), date(2027, 1, 1): value("2.90")}
    longer, _ = law_with(law, {ECB: entry(values, known_until=date(2027, 1, 1))})
    assert longer.value(ECB, until) == Decimal("2.70")
    for day in (date.fromordinal(until.toordinal() + 1), date(2026, 12, 31)):
        with pytest.raises(UnknownForPeriod):
            longer.value(ECB, day)
    assert longer.value(ECB, date(2027, 1, 1)) == Decimal("2.90")


@pytest.mark.parametrize("back", [0, 40])
def test_a_value_of_the_past_prolongs_nothing(back: int, law: Law) -> None:
    """To go further a series needs a value after its last known day, not on it or before."""
    until = end_of(law, ECB)
    day = date.fromordinal(until.toordinal() - back)
    extra = {ECB: entry({day: value("2.70", replaces=True)}, known_until=date(2027, 1, 1))}
    with pytest.raises(LawFileError, match=f"^{ECB}.known_until: no value on") as caught:
        law_with(law, extra)
    assert f"{date.fromordinal(until.toordinal() + 1):%d/%m/%Y}" in caught.value.french


def test_a_whole_half_year_is_needed_to_go_to_its_end(law: Law) -> None:
    """Two half-years more need two values; the second missing is the one named."""
    extra = half_year(law)
    extra[LEGAL]["known_until"] = date(2027, 12, 31)
    with pytest.raises(LawFileError, match=r"no value on 2027-07-01"):
        law_with(law, extra)
    extra[LEGAL]["values"][date(2027, 7, 1)] = value("3.20")
    longer, _ = law_with(law, extra)
    assert longer.value(LEGAL, date(2027, 12, 31)) == Decimal("3.20")


def test_what_was_prolonged_beyond_its_reading_has_been_read(law: Law) -> None:
    """The day to read it again falls once the series goes beyond it, and stays otherwise."""
    assert law.parameters[LEGAL].renew_before == date(2027, 1, 1)
    longer, _ = law_with(law, half_year(law))
    assert longer.parameters[LEGAL].renew_before is None
    on_the_day = {ECB: entry({date(2027, 1, 1): value("2.65")}, known_until=date(2027, 1, 1))}
    assert law_with(law, on_the_day)[0].parameters[ECB].renew_before is None
    eve = {ECB: entry({date(2026, 12, 17): value("2.65")}, known_until=date(2026, 12, 31))}
    assert law_with(law, eve)[0].parameters[ECB].renew_before == date(2027, 1, 1)
    changed = {SUM: entry({date(2027, 3, 1): value("50")})}
    again = law.parameters[SUM].renew_before
    assert law_with(law, changed)[0].parameters[SUM].renew_before == again
    same = {ECB: entry(known_until=end_of(law, ECB))}
    assert law_with(law, same)[0].parameters[ECB].renew_before == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("extra", "place"),
    [
        (["interet"], "—"),
        ({3: {}}, "3"),
        ({"interet_legal": {}}, "interet_legal"),
        ({LEGAL: {"surprise": 1}}, LEGAL),
        ({LEGAL: {"last_checked_on": CHECKED}}, LEGAL),
        ({LEGAL: {"last_checked_on": 1, "renew_before": CHECKED}}, f"{LEGAL}.last_checked_on"),
        ({LEGAL: entry(known_until=1)}, f"{LEGAL}.known_until"),
        ({LEGAL: entry(renew_before=1)}, f"{LEGAL}.renew_before"),
        ({LEGAL: entry(renew_before=CHECKED)}, f"{LEGAL}.renew_before"),
        ({LEGAL: entry(known_until=date(2027, 5, 31))}, f"{LEGAL}.known_until"),
        ({LEGAL: entry(known_until=date(2027, 6, 30))}, f"{LEGAL}.known_until"),
        ({LEGAL: entry({date(2027, 1, 1): value("3.1")})}, f"{LEGAL}.2027-01-01"),
        ({LEGAL: entry({date(2027, 1, 1): value(3)})}, f"{LEGAL}.2027-01-01"),
        ({LEGAL: entry({date(2027, 1, 1): value("3", replaces=1)})}, f"{LEGAL}.2027-01-01"),
        ({LEGAL: {"last_checked_on": CHECKED, "values": []}}, f"{LEGAL}.values"),
        ({SUM: entry(known_until=CHECKED)}, f"{SUM}.known_until"),
        ({ANCHOR: entry({date(2027, 1, 1): value("2")})}, f"{ANCHOR}.values"),
    ],
)
def test_a_refusal_names_its_place_in_both_languages(extra: Any, place: str, law: Law) -> None:
    """The operator finds the line: parameter, then key or day."""
    with pytest.raises(LawFileError) as caught:
        law_with(law, extra)
    assert str(caught.value).startswith(f"{place}: ")
    assert caught.value.french.startswith(f"{place}\u00a0: ")


def test_a_value_that_would_never_serve_says_how_far_things_are_known(law: Law) -> None:
    """The refusal gives the last known day, and no hint where no name is near."""
    with pytest.raises(LawFileError) as caught:
        law_with(law, {LEGAL: entry({date(2027, 1, 1): value("3.1")})})
    assert "rien n’est connu après le 31/12/2026" in caught.value.french
    with pytest.raises(LawFileError) as caught:
        law_with(law, {"zzzz": {}})
    assert caught.value.french == "zzzz\u00a0: aucun paramètre ne porte ce nom."


def test_the_end_of_a_rule_is_told_with_a_dash(law: Law) -> None:
    """A rule the operator says ended has no value to show."""
    ended, lines = law_with(law, {SUM: entry({date(2027, 3, 1): value(None)})})
    assert "01/03/2027\u00a0: —, d’après votre fichier" in lines[0].french
    with pytest.raises(UnknownForPeriod):
        ended.value(SUM, date(2027, 3, 1))
