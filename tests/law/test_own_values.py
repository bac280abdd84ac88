"""The operator's own file: what it may add, what it may not change, what it says of itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.law import (
    Law,
    LawFileError,
    Severity,
    UnknownForPeriod,
    describe,
    history,
    law_with,
    load_law,
)
from flows.law.own_values import Outcome
from flows.law.parameter import Confidence

CHECKED = date(2026, 12, 30)
LEGAL = "interet_legal_autres_cas"


def value(number: Any, **more: Any) -> dict[str, Any]:
    """A value as the file holds it."""
    return {
        "value": number,
        "confidence": "confirmed",
        "reference": [{"title": "Arrêté du 22 décembre 2026"}],
        **more,
    }


def half_year() -> dict[str, Any]:
    """The legal rate of a half-year the package does not know."""
    return {
        LEGAL: {
            "last_checked_on": CHECKED,
            "known_until": date(2027, 6, 30),
            "values": {date(2027, 1, 1): value("3.10")},
        }
    }


def ecb(**source: Any) -> dict[str, Any]:
    """The rate of the ECB on 1 January 2027, and the half-year that hangs on it."""
    return {
        "bce_semestre": {"last_checked_on": CHECKED, "known_until": date(2027, 6, 30)},
        "bce_refinancement": {
            "last_checked_on": CHECKED,
            "known_until": date(2027, 1, 1),
            "values": {date(2027, 1, 1): value("2.65")},
        }
        | source,
    }


def outcomes(law: Law, extra: Any) -> list[tuple[str, Outcome]]:
    return [(line.parameter, line.outcome) for line in law_with(law, extra)[1]]


def refusal(law: Law, extra: Any) -> str:
    with pytest.raises(LawFileError) as caught:
        law_with(law, extra)
    assert caught.value.french
    assert "\n" not in caught.value.french
    return caught.value.french


def test_an_empty_file_changes_nothing(law: Law) -> None:
    """No line, no value: the law of the package itself."""
    assert law_with(law, None) == (law, ())
    assert law_with(law, {}) == (law, ())


def test_a_new_half_year_is_known_to_its_last_day(law: Law) -> None:
    """The operator's rate holds for its half-year, is marked, and stops there."""
    longer, lines = law_with(law, half_year())
    assert longer.value(LEGAL, date(2027, 6, 30)) == Decimal("3.10")
    assert longer.is_own(LEGAL, date(2027, 1, 1))
    assert not longer.is_own(LEGAL, date(2026, 12, 31))
    assert longer.parameters[LEGAL].last_checked_on == CHECKED
    with pytest.raises(UnknownForPeriod):
        longer.value(LEGAL, date(2027, 7, 1))
    assert [line.outcome for line in lines] == [Outcome.ADDED, Outcome.EXTENDED]
    assert "01/01/2027\u00a0: 3,10\u00a0% par an, d’après votre fichier" in lines[0].french
    with pytest.raises(UnknownForPeriod):
        law.value(LEGAL, date(2027, 1, 1))


def test_a_new_half_year_moves_the_warning(law: Law) -> None:
    """What was asked for 1 January 2027 is asked for 1 July instead."""
    longer, _ = law_with(law, half_year())
    assert LEGAL not in {r.parameter for r in longer.renewals(date(2027, 1, 1))}
    (soon,) = [r for r in longer.renewals(date(2027, 5, 31)) if r.parameter == LEGAL]
    assert (soon.severity, soon.on) == (Severity.SOON, date(2027, 7, 1))


def test_the_rate_of_the_ecb_is_given_on_the_day_it_is_needed(law: Law) -> None:
    """One value on 1 January and the end of the half-year make the whole half-year known."""
    longer, _ = law_with(law, ecb())
    assert longer.value("bce_semestre", date(2027, 6, 30)) == Decimal("2.65")
    assert longer.is_own("bce_semestre", date(2027, 3, 1))
    assert longer.lapses_on("bce_semestre") == date(2027, 7, 1)
    assert history(longer, "bce_semestre")[-1].own
    assert "bce_semestre" not in {r.parameter for r in longer.renewals(date(2027, 1, 1))}


def test_the_days_between_stay_unknown(law: Law) -> None:
    """A rate read on 1 January says nothing of December: nothing is carried over."""
    longer, _ = law_with(law, ecb())
    assert longer.value("bce_refinancement", date(2026, 11, 3)) == Decimal("2.65")
    for day in (date(2026, 11, 4), date(2026, 12, 31)):
        with pytest.raises(UnknownForPeriod):
            longer.value("bce_refinancement", day)
    assert longer.value("bce_refinancement", date(2027, 1, 1)) == Decimal("2.65")
    gap = history(longer, "bce_refinancement")[-2]
    assert (gap.since, gap.value, gap.own) == (date(2026, 11, 4), "", False)


def test_a_derived_value_is_no_firmer_than_what_the_operator_gave(law: Law) -> None:
    """A rate the operator is not sure of makes an unsure half-year."""
    shaky = ecb(values={date(2027, 1, 1): value("2.65", confidence="likely")})
    longer, _ = law_with(law, shaky)
    assert longer.confidence("bce_semestre", date(2027, 1, 1)) is Confidence.LIKELY
    assert longer.confidence("bce_semestre", date(2026, 12, 31)) is Confidence.CONFIRMED


def test_a_half_year_without_its_source_is_refused(law: Law) -> None:
    """Prolonging the anchor alone is refused, and the missing value is named."""
    alone = {"bce_semestre": ecb()["bce_semestre"]}
    line = refusal(law, alone)
    assert "bce_refinancement" in line
    assert "01/01/2027" in line
    two = ecb()
    two["bce_semestre"]["known_until"] = date(2027, 12, 31)
    assert "01/07/2027" in refusal(law, two)


def test_a_change_of_law_is_added_from_its_day(law: Law) -> None:
    """A fixed sum that changes after the last check of the package changes from that day only."""
    extra = {
        "indemnite_recouvrement": {
            "last_checked_on": CHECKED,
            "values": {date(2027, 3, 1): value("50")},
        }
    }
    longer, _ = law_with(law, extra)
    assert longer.value("indemnite_recouvrement", date(2027, 2, 28)) == Decimal(40)
    assert longer.value("indemnite_recouvrement", date(2027, 3, 1)) == Decimal(50)


@pytest.mark.parametrize("day", [date(2021, 2, 27), date(2024, 5, 6)])
def test_the_past_is_not_changed_silently(law: Law, day: date) -> None:
    """A value the package gives is kept, unless the line says that it replaces it."""
    name = "indemnite_recouvrement"
    extra: Any = {name: {"last_checked_on": CHECKED, "values": {day: value("50")}}}
    line = refusal(law, extra)
    assert line.startswith(f"{name}.{day}")
    for said in ("40,00\u00a0€", "50,00\u00a0€", "replaces: true"):
        assert said in line
    extra[name]["values"][day]["replaces"] = False
    refusal(law, extra)
    extra[name]["values"][day]["replaces"] = True
    changed, lines = law_with(law, extra)
    assert changed.value(name, day) == Decimal(50)
    assert lines[0].outcome is Outcome.REPLACED
    assert "40,00\u00a0€" in lines[0].french


def test_what_the_package_now_says_too_may_be_removed(law: Law) -> None:
    """After an upgrade the file of the operator goes on working and says which lines are idle."""
    released, _ = law_with(law, half_year())
    again, lines = law_with(released, half_year())
    assert [line.outcome for line in lines] == [Outcome.SAME, Outcome.NOT_LONGER]
    assert all(line.outcome.useless for line in lines)
    assert all("retiré" in line.french for line in lines)
    assert again.parameters[LEGAL].values == released.parameters[LEGAL].values
    assert again.parameters[LEGAL].known_until == date(2027, 6, 30)


def test_a_value_the_package_gives_otherwise_after_an_upgrade_is_refused(law: Law) -> None:
    """When the release differs, the operator is asked which one holds."""
    released, _ = law_with(law, half_year())
    differs = half_year()
    differs[LEGAL]["values"] = {date(2027, 1, 1): value("3.12")}
    assert "3,10" in refusal(released, differs)


def test_a_reading_may_be_noted_alone(law: Law) -> None:
    """An article read again, and found unchanged, is asked for again on the day given."""
    extra = {
        "delai_paiement_defaut": {
            "last_checked_on": date(2027, 1, 5),
            "renew_before": date(2028, 1, 1),
        }
    }
    read, lines = law_with(law, extra)
    assert [line.outcome for line in lines] == [Outcome.CHECKED]
    late = {r.parameter for r in law.renewals(date(2027, 1, 5))}
    assert late - {r.parameter for r in read.renewals(date(2027, 1, 5))} == {
        "delai_paiement_defaut"
    }
    extra["delai_paiement_defaut"]["last_checked_on"] = date(2026, 11, 1)
    assert outcomes(law, extra) == [("delai_paiement_defaut", Outcome.NOT_FRESHER)]
    assert (
        law_with(law, extra)[0].parameters["delai_paiement_defaut"]
        == (law.parameters["delai_paiement_defaut"])
    )


def _with(**changes: Any) -> dict[str, Any]:
    extra = half_year()
    extra[LEGAL] |= changes
    return {LEGAL: {k: v for k, v in extra[LEGAL].items() if v is not KeyError}}


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (["interet"], "clé"),
        ({"interet_legal": {}}, "vouliez-vous dire interet_legal"),
        ({3: {}}, "aucun paramètre"),
        ({LEGAL: None}, "clé"),
        ({LEGAL: {"last_checked_on": CHECKED}}, "il manque values"),
        (_with(last_checked_on=KeyError), "last_checked_on"),
        (_with(last_checked_on="hier"), "date"),
        (_with(surprise=1), "surprise"),
        (_with(known_until=KeyError), "ajoutez known_until"),
        (_with(known_until=date(2027, 5, 31)), "semestre"),
        (_with(known_until=date(2027, 12, 31)), "01/07/2027"),
        (_with(values=KeyError), "01/01/2027"),
        (_with(values={}), "au moins une date"),
        (_with(values={date(2027, 1, 2): value("3.10")}), "1er juillet"),
        (_with(values={date(2027, 1, 1): value(3.1)}), "guillemets"),
        (_with(values={date(2027, 1, 1): value("3,1")}), "n’est pas un nombre"),
        (_with(values={date(2027, 1, 1): value("3.1", replaces="oui")}), "true ou false"),
        (_with(values={date(2027, 1, 1): value("3.1", reference=[])}), "référence"),
        (_with(values={date(2027, 1, 1): value("3.1", confidence="sûr")}), "confirmed"),
        (_with(values={"2027-01-01": value("3.1")}), "date telle que"),
        (_with(values=["3.10"]), "au moins une date"),
        (_with(renew_before=CHECKED), "last_checked_on"),
        (ecb(values={date(2027, 1, 1): value("2.65", replaces=1)}), "true ou false"),
        (
            {
                "bce_semestre": {
                    **ecb()["bce_semestre"],
                    "values": {date(2027, 1, 1): value("2.65")},
                }
            },
            "bce_refinancement",
        ),
        (
            {"bce_refinancement": {"last_checked_on": CHECKED, "known_until": date(2027, 1, 1)}},
            "04/11/2026",
        ),
        (
            {"indemnite_recouvrement": {"last_checked_on": CHECKED, "known_until": CHECKED}},
            "jusqu’à nouvel ordre",
        ),
    ],
)
def test_a_slip_is_one_french_line(law: Law, extra: Any, says: str) -> None:
    """Whatever is wrong in the file is said with its place and what was expected."""
    assert says in refusal(law, extra)


def test_the_listing_marks_the_operator_s_values(law: Law) -> None:
    """Only the value that comes from the file is marked."""
    longer, _ = law_with(law, half_year())
    marked = [row.name for row in describe(longer, date(2027, 1, 1)) if row.own]
    assert marked == [LEGAL]


def test_a_value_of_the_operator_is_as_fresh_as_the_operator_s_reading(law: Law) -> None:
    """With a value read before the package was, the parameter shows that day; a reading alone never ages it."""
    early = date(2026, 11, 20)
    extra = half_year()
    extra[LEGAL]["last_checked_on"] = early
    longer, lines = law_with(law, extra)
    assert {line.checked_on for line in lines} == {early}
    (row,) = describe(longer, date(2027, 1, 1), [LEGAL])
    assert (row.own, row.checked_on) == (True, early)
    assert longer.checked_on_for([LEGAL]) == early
    again = {"delai_paiement_defaut": {"last_checked_on": early, "renew_before": CHECKED}}
    shipped = law.parameters["delai_paiement_defaut"].last_checked_on
    assert law_with(law, again)[0].checked_on_for(["delai_paiement_defaut"]) == shipped


def test_a_half_year_is_as_fresh_as_the_rate_it_hangs_on(law: Law) -> None:
    """The operator's reading of the ECB's rate is the day shown for the half-year."""
    extra = ecb()
    extra["bce_refinancement"]["last_checked_on"] = date(2026, 11, 20)
    longer, _ = law_with(law, extra)
    (row,) = describe(longer, date(2027, 1, 1), ["bce_semestre"])
    assert (row.own, row.checked_on) == (True, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("name", "number", "says"),
    [
        (LEGAL, "311", "de 0 à 15\u00a0% par an"),
        (LEGAL, "31.1", "31,1"),
        ("bce_refinancement", "265", "de 0 à 15\u00a0% par an"),
        ("majoration_professionnel", "100", "de 1 à 20\u00a0points"),
        ("indemnite_recouvrement", "4000", "de 1 à 500\u00a0€"),
        ("delai_paiement_defaut", 3000, "de 1 à 366\u00a0jours"),
        ("prescription_professionnel", 500, "de 1 à 100\u00a0ans"),
    ],
)
def test_an_unlikely_value_is_refused(law: Law, name: str, number: Any, says: str) -> None:
    """A comma that slipped never becomes a figure: the line says between what it was expected."""
    extra = {name: {"last_checked_on": CHECKED, "values": {date(2027, 1, 1): value(number)}}}
    line = refusal(law, extra)
    assert line.startswith(f"{name}.2027-01-01\u00a0: ")
    assert "n’est pas plausible" in line
    assert says in line


@pytest.mark.parametrize(
    "name",
    [
        "regime_titre_injonction",
        "etat_titre_sans_juge",
        "petites_creances_entre_commercants",
        "competence_artisans",
    ],
)
def test_a_word_the_rules_do_not_know_is_refused(law: Law, name: str) -> None:
    """A text that would stop the conversation later is refused with the words expected."""
    allowed = law.parameters[name].limits.allowed
    day = date(2027, 1, 1)

    def told(word: str) -> dict[str, Any]:
        return {name: {"last_checked_on": CHECKED, "values": {day: value(word)}}}

    line = refusal(law, told("Certificats"))
    assert "Certificats" in line
    assert all(f"«\u00a0{word}\u00a0»" in line for word in allowed)
    for word in allowed:
        assert law_with(law, told(word))[0].text(name, day) == word


def test_the_braces_of_a_text_name_parameters(law: Law) -> None:
    """A blank that nothing could fill is refused; one that is a parameter is filled when shown."""

    def told(text: str) -> dict[str, Any]:
        return {
            "mention_penalites": {
                "last_checked_on": CHECKED,
                "values": {date(2027, 1, 1): value(text)},
            }
        }

    assert "{majoration}" in refusal(law, told("majoré de {majoration}"))
    longer, _ = law_with(law, told("majoré de {majoration_professionnel}"))
    (row,) = describe(longer, date(2027, 1, 1), ["mention_penalites"])
    assert row.value == "«\u00a0majoré de 10\u00a0points\u00a0»"


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(["bce_refinancement", "indemnite_recouvrement", "majoration_public"]),
    days=st.lists(
        st.dates(date(2014, 1, 1), date(2028, 1, 1)), min_size=1, max_size=3, unique=True
    ),
    number=st.sampled_from(["40", "8", "2.65", "3"]),
    asked=st.dates(date(2014, 1, 1), date(2026, 11, 22)),
)
def test_no_value_of_the_package_ever_changes_unasked(
    name: str, days: list[date], number: str, asked: date
) -> None:
    """Whatever a file without `replaces` adds, a day the package knew keeps its value, or it is refused."""
    shipped = load_law()
    entry: dict[str, Any] = {
        "last_checked_on": CHECKED,
        "values": {day: value(number) for day in days},
    }
    if name == "bce_refinancement":
        entry["known_until"] = date(2028, 1, 1)
    try:
        longer, _ = law_with(shipped, {name: entry})
    except LawFileError:
        return
    known = shipped.parameters[name].entry(asked)
    if known is not None:
        assert longer.value(name, asked) == known.value
