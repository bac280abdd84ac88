"""The files of the law: read strictly, refused when wrong, watched for what expires."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import flows.law
from flows.dossier import DebtorKind
from flows.law import (
    Law,
    LawFileError,
    Severity,
    UnknownForPeriod,
    describe,
    history,
    horizon,
)
from flows.law.deadlines.injonction import TitleRule
from flows.law.describe import group_titles, holidays, value_text
from flows.law.law import parse_law
from flows.law.parameter import Confidence, Unit, Use, parse_parameter
from flows.law.units import NUMBERS
from flows.yamlfile import load_yaml
from tests.law.changing import changed

TODAY = date(2026, 11, 22)
FIGURES = {"taux", "indemnite", "paiement", "usages"}
"""The folders the figures of a décompte rest on."""
FOLDER = Path(flows.law.__file__).parent


def raw() -> dict[str, Any]:
    """A small parameter as its file would hold it."""
    return {
        "label": "Un taux",
        "description": "Un taux d’essai.",
        "unit": "percent",
        "series": "semester",
        "values": {
            date(2026, 1, 1): {
                "value": "2.50",
                "confidence": "confirmed",
                "reference": [{"title": "Arrêté", "href": "https://www.legifrance.gouv.fr/x"}],
            }
        },
        "metadata": {
            "last_checked_on": date(2026, 1, 2),
            "renew_before": date(2026, 7, 1),
            "known_until": date(2026, 6, 30),
            "use": "direct",
        },
    }


def contents() -> dict[str, Any]:
    """Every parameter file of the package, as read."""
    return {
        file.name.removesuffix(".yaml"): load_yaml(file)
        for file in (FOLDER / "parameters").rglob("*.yaml")
    }


def test_a_good_file_is_read() -> None:
    """The trial file, untouched, gives its value with its reference."""
    entry = parse_parameter("essai", raw()).entry(date(2026, 6, 30))
    assert entry is not None
    assert entry.value == Decimal("2.50")
    assert entry.reference[0].href == "https://www.legifrance.gouv.fr/x"


ENTRY = ("values", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("surprise",), "x", "unknown"),
        (("label",), KeyError, "missing"),
        (("label",), "  ", "text in quotes"),
        (("unit",), "pour cent", "not one of"),
        (("series",), "always", "not one of"),
        (("series",), "derived", "'derived' goes with"),
        (("derived",), {"from": "x", "rule": "y"}, "'derived' goes with"),
        (("values",), {}, "at least one date"),
        (("values",), {date(2026, 2, 1): raw()["values"][date(2026, 1, 1)]}, "half-year starts"),
        (("values",), {"2026-01-01": raw()["values"][date(2026, 1, 1)]}, "a day such as"),
        ((*ENTRY, "value"), 2.5, "text in quotes"),
        ((*ENTRY, "value"), "2,50", "not a number"),
        ((*ENTRY, "value"), "-2.50", "not a number"),
        ((*ENTRY, "value"), "٢", "not a number"),
        ((*ENTRY, "value"), KeyError, "missing"),
        ((*ENTRY, "confidence"), "sure", "not one of"),
        ((*ENTRY, "reference"), [], "at least one reference"),
        ((*ENTRY, "reference"), [{"href": "https://x"}], "missing"),
        ((*ENTRY, "reference"), [{"title": "x", "href": "http://x"}], "https"),
        (("metadata", "known_until"), None, "needs known_until"),
        (("metadata", "known_until"), "2026-06-30", "a day such as"),
        (("metadata", "known_until"), date(2026, 7, 1), "after the last half-year"),
        (("metadata", "known_until"), date(2025, 12, 31), "before the last value"),
        (("metadata", "renew_before"), date(2026, 1, 2), "not after"),
        (("metadata", "use"), "often", "not one of"),
        (("metadata", "surprise"), 1, "unknown"),
    ],
)
def test_a_slip_in_a_file_is_refused(path: tuple[Any, ...], value: Any, says: str) -> None:
    """Whatever is not exactly as expected stops the reading with a message that says where."""
    with pytest.raises(LawFileError, match=f"^essai.*{re.escape(says)}"):
        parse_parameter("essai", changed(raw(), path, value))


@pytest.mark.parametrize(
    ("unit", "own", "good", "bad"),
    [
        ("percent", None, ("0", "3.11", "30"), ("31.1", "311")),
        ("percent", {"low": "0.5", "high": "15"}, ("0.5", "15"), ("0.49", "15.01")),
        ("euro", {"low": "1", "high": "500"}, ("40",), ("4000", "0.40")),
        ("days", None, (1, 366), (367, 3000)),
        ("months", None, (6,), (600,)),
        ("years", {"low": "1", "high": "30"}, (30,), (31,)),
    ],
)
def test_a_value_out_of_all_likelihood_is_refused(
    unit: str, own: Any, good: tuple[Any, ...], bad: tuple[Any, ...]
) -> None:
    """Bounds of the unit, or of the parameter, both counted in; the line says what was expected."""
    data = raw() | {"unit": unit} | ({"bounds": own} if own else {})

    def read(value: Any) -> Any:
        data["values"][date(2026, 1, 1)]["value"] = value
        return parse_parameter("essai", data).values[0].value

    for value in good:
        assert read(value) == (value if isinstance(value, int) else Decimal(value))
    for value in bad:
        with pytest.raises(LawFileError, match="is not between") as refusal:
            read(value)
        assert "n’est pas plausible, une valeur de" in refusal.value.french


def test_the_line_of_an_unlikely_value_says_what_was_expected() -> None:
    """The place, the value, the bounds with their unit, and where to look."""
    data = raw() | {"bounds": {"low": "0", "high": "15"}}
    data["values"][date(2026, 1, 1)]["value"] = "311"
    with pytest.raises(LawFileError) as refusal:
        parse_parameter("essai", data)
    assert refusal.value.french.replace("\u00a0", " ") == (
        "essai.2026-01-01 : « 311 » n’est pas plausible, une valeur de 0 à 15 % par an est attendue ;"
        " vérifiez la virgule et l’unité."
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bounds": {"low": "0"}}, "missing"),
        ({"bounds": {"low": 0, "high": "15"}}, "text in quotes"),
        ({"bounds": {"low": "15", "high": "15"}}, "not under"),
        ({"allowed": ["2.50"]}, "goes with the unit 'text'"),
        ({"unit": "text", "bounds": {"low": "0", "high": "15"}}, "goes with a number"),
        ({"unit": "text", "allowed": []}, "at least 1"),
        ({"unit": "text", "allowed": "2.50"}, "list of texts"),
        ({"unit": "text", "allowed": ["certificat", "attente"]}, "not one of"),
    ],
)
def test_limits_are_read_strictly(changes: dict[str, Any], says: str) -> None:
    """Bounds go with a number, a vocabulary with a text, and the values of the file keep to both."""
    with pytest.raises(LawFileError, match=f"^essai.*{re.escape(says)}"):
        parse_parameter("essai", raw() | changes)


def test_every_number_has_bounds_and_no_text_has(law: Law) -> None:
    """No figure of the law is without bounds; those of a rate are narrower than its unit's."""
    for parameter in law.parameters.values():
        assert (parameter.limits.bounds is not None) == (parameter.unit in NUMBERS), parameter.name
    rates = [p for p in law.parameters.values() if p.unit is Unit.PERCENT and p.values[0].value]
    assert len(rates) == 3
    assert {p.limits.bounds for p in rates} == {(Decimal(0), Decimal(15))}


def test_a_word_that_a_rule_asks_for_is_of_a_closed_vocabulary(law: Law) -> None:
    """Whatever the rules compare with a text of the law is among the words its file allows."""
    asked: dict[str, set[str]] = {"regime_titre_injonction": {str(rule) for rule in TitleRule}}

    def walk(data: Any) -> None:
        if isinstance(data, dict):
            named = data.get("law")
            for name, word in named.items() if isinstance(named, dict) else ():
                asked.setdefault(name, set()).update({word} - {""})
            data = list(data.values())
        for item in data if isinstance(data, list) else ():
            walk(item)

    for file in (FOLDER / "routes").rglob("*.yaml"):
        walk(load_yaml(file))
    assert {"etat_titre_sans_juge", "petites_creances_entre_commercants"} <= set(asked)
    for name, words in asked.items():
        allowed = law.parameters[name].limits.allowed
        assert allowed, name
        assert words <= set(allowed), name
    assert set(law.parameters["regime_titre_injonction"].limits.allowed) == set(TitleRule)


def test_every_folder_has_its_title(law: Law) -> None:
    """The titles are those of the folders of parameters, no more and no less."""
    assert set(group_titles()) == {p.group for p in law.parameters.values()}
    assert all(title[0].isupper() for title in group_titles().values())


@pytest.mark.parametrize("value", ["30", 30.0, 0, -1, True])
def test_a_delay_is_a_whole_positive_number(value: Any) -> None:
    """A number of days is written bare and is at least one."""
    data = changed(raw(), (*ENTRY, "value"), value)
    data["unit"] = "days"
    with pytest.raises(LawFileError, match="whole number"):
        parse_parameter("essai", data)


def test_a_rule_that_was_ended_has_no_value() -> None:
    """A null value is the end of a rule: refused from that day, and nothing to renew."""
    data = raw()
    data["series"] = "dated"
    data["metadata"]["known_until"] = None
    data["metadata"]["renew_before"] = None
    data["values"][date(2026, 3, 1)] = {**data["values"][date(2026, 1, 1)], "value": None}
    law = Law({"essai": parse_parameter("essai", data)}, {})
    assert law.value("essai", date(2026, 2, 28)) == Decimal("2.50")
    with pytest.raises(UnknownForPeriod):
        law.value("essai", date(2026, 3, 1))
    assert law.renewals(date(2030, 1, 1)) == []


def test_a_derived_parameter_needs_its_source() -> None:
    """The anchor of the half-year cannot stand without the series of the ECB."""
    data = contents()
    del data["bce_refinancement"]
    with pytest.raises(LawFileError, match="bce_refinancement"):
        parse_law(data, load_yaml(FOLDER / "regimes.yaml"))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("last_checked_on",), "hier", "a day"),
        (("regimes", "public"), KeyError, "missing"),
        (("regimes", "martien"), {}, "unknown"),
        (("regimes", "public", "lump_sum"), "diviseur_jours", "not a parameter in euro"),
        (("regimes", "public", "rate", "base"), "absent", "not a parameter in percent"),
        (("regimes", "public", "rate", "fixed"), "oui", "true or false"),
        (("regimes", "public", "wording"), "absent", "no sentence"),
        (("regimes", "public", "wording"), None, "go together"),
        (("regimes", "public", "starts"), "birthday", "birthday"),
    ],
)
def test_a_slip_in_the_regimes_is_refused(path: tuple[str, ...], value: Any, says: str) -> None:
    """A regime names parameters of the right unit, known sentences and known events."""
    data = load_yaml(FOLDER / "regimes.yaml")
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(LawFileError, match=says):
        parse_law(contents(), data)


def test_the_refusal_speaks_french_and_names_the_half_year(law: Law) -> None:
    """An unknown rate is refused with its parameter, its period and one sentence."""
    with pytest.raises(UnknownForPeriod, match="bce_semestre on 2027-02-03") as refusal:
        law.value("bce_semestre", date(2027, 2, 3))
    assert refusal.value.period == "premier semestre 2027"
    assert "n’est pas connue pour le premier semestre 2027" in refusal.value.sentence
    assert refusal.value.sentence.endswith("aucun chiffre n’est avancé.")


def test_the_refusal_of_a_dated_value_names_the_day(law: Law) -> None:
    """A fixed sum asked for a day before it existed is refused for that day."""
    with pytest.raises(UnknownForPeriod) as refusal:
        law.value("indemnite_recouvrement", date(2012, 12, 31))
    assert "n’est pas connue pour la date du 31/12/2012" in refusal.value.sentence


def test_the_end_of_a_value_presses_more_than_its_reading() -> None:
    """From a month before the end it is announced, even when the reading is late; before, the reading."""
    data = raw()
    data["metadata"]["renew_before"] = date(2026, 6, 20)
    law = Law({"essai": parse_parameter("essai", data)}, {})

    def due(day: date) -> list[tuple[Severity, date, bool]]:
        return [(r.severity, r.on, r.lapses) for r in law.renewals(day)]

    assert due(date(2026, 5, 19)) == []
    assert due(date(2026, 5, 20)) == [(Severity.SOON, date(2026, 6, 20), False)]
    assert due(date(2026, 5, 30)) == [(Severity.SOON, date(2026, 6, 20), False)]
    assert due(date(2026, 5, 31)) == [(Severity.SOON, date(2026, 7, 1), True)]
    assert due(date(2026, 6, 20)) == [(Severity.OVERDUE, date(2026, 7, 1), True)]
    assert due(date(2026, 7, 1)) == [(Severity.EXPIRED, date(2026, 7, 1), True)]
    (line,) = law.renewals(date(2026, 6, 20))
    assert "à compléter avant le 01/07/2026" in line.french


def test_an_anchor_is_refused_when_its_source_has_ended() -> None:
    """Prolonging the anchor alone invents no rate: the series of the ECB must be prolonged too."""
    data = contents()
    data["bce_semestre"]["metadata"]["known_until"] = date(2027, 6, 30)
    longer = parse_law(data, load_yaml(FOLDER / "regimes.yaml"))
    with pytest.raises(UnknownForPeriod, match="bce_semestre"):
        longer.value("bce_semestre", date(2027, 1, 1))


def test_an_unknown_name_is_a_key_error(law: Law) -> None:
    """A parameter that does not exist is a slip of the program, not of the law."""
    with pytest.raises(KeyError, match="no parameter"):
        law.value("taux_du_voisin", TODAY)


def test_a_value_is_given_as_its_own_type(law: Law) -> None:
    """Asking days of a rate, or a rate of a text, raises."""
    for ask, name in (
        (law.days, "bce_semestre"),
        (law.number, "diviseur_jours"),
        (law.text, "diviseur_jours"),
    ):
        with pytest.raises(TypeError, match=name):
            ask(name, TODAY)
    assert law.text("mention_franchise_tva", TODAY) == "TVA non applicable, art. 293 B du CGI"


def test_the_derived_anchor_cites_its_rule_and_its_source(law: Law) -> None:
    """The anchor of 2026-S2 rests on L441-10 and on the decision of June 2026."""
    titles = [reference.title for reference in law.reference("bce_semestre", TODAY)]
    assert titles[0] == "Art. L441-10, II du code de commerce"
    assert titles[-1] == "Décision de la BCE du 11 juin 2026"


def test_every_value_in_use_is_firm_today(law: Law) -> None:
    """No rate, sum or term that figures rest on is less than confirmed on the day of release."""
    shaky = [
        name
        for name, parameter in law.parameters.items()
        if parameter.use is Use.DIRECT
        and parameter.group in FIGURES
        and law.confidence(name, TODAY) is not Confidence.CONFIRMED
    ]
    assert shaky == []


def test_the_rate_of_private_creditors_is_never_in_use(law: Law) -> None:
    """No regime names the series a micro-entrepreneur may not claim."""
    assert law.parameters["interet_legal_particulier"].use is Use.NONE
    used = {regime.rate.base for regime in law.regimes.values() if regime.rate}
    assert used == {"bce_semestre", "interet_legal_autres_cas"}


def test_the_law_says_when_it_was_last_checked(law: Law) -> None:
    """The day of the last check is the oldest of those in use."""
    assert law.checked_on == TODAY
    data = contents()
    data["delai_public"]["metadata"]["last_checked_on"] = date(2026, 1, 5)
    data["interet_legal_particulier"]["metadata"]["last_checked_on"] = date(2020, 1, 5)
    older = parse_law(data, load_yaml(FOLDER / "regimes.yaml"))
    assert older.checked_on == date(2026, 1, 5)
    assert older.checked_on_for(["bce_semestre"]) == TODAY


def test_the_check_of_a_derived_value_is_that_of_its_source() -> None:
    """The anchor is no fresher than the series it is taken from."""
    data = contents()
    data["bce_refinancement"]["metadata"]["last_checked_on"] = date(2026, 10, 1)
    older = parse_law(data, load_yaml(FOLDER / "regimes.yaml"))
    assert older.checked_on_for(["bce_semestre"]) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("kind", "days"),
    [("professionnel", 8), ("particulier", 15), ("public", 15), ("association", 15)],
)
def test_the_usual_delay_of_a_mise_en_demeure(law: Law, kind: str, days: int) -> None:
    """Eight days between professionals, fifteen for the others, as usage has it."""
    assert law.notice_days(DebtorKind(kind), TODAY) == days


def test_nothing_is_due_for_renewal_on_the_day_of_release(law: Law) -> None:
    """The doctor starts with a clean sheet, more than a month before the next half-year."""
    assert law.renewals(TODAY) == []
    assert law.renewals(date(2026, 11, 30)) == []


def test_the_operator_is_warned_a_month_ahead(law: Law) -> None:
    """From 1 December 2026 the rates of the next half-year are asked for."""
    soon = {r.parameter: r for r in law.renewals(date(2026, 12, 1))}
    for name in ("bce_semestre", "interet_legal_autres_cas"):
        assert soon[name].severity is Severity.SOON
        assert soon[name].on == date(2027, 1, 1)
        assert soon[name].english.startswith(f"{name}: ")
        assert "01/01/2027" in soon[name].french
    assert "bce_refinancement" not in soon
    assert "interet_legal_particulier" not in soon


def test_a_lapsed_rate_is_worse_than_a_late_check(law: Law) -> None:
    """On 1 January 2027 the two rates have expired and come before what is only to be read again."""
    late = [
        r for r in law.renewals(date(2027, 1, 1)) if law.parameters[r.parameter].group == "taux"
    ]
    expired = [r.parameter for r in late if r.severity is Severity.EXPIRED]
    assert expired == ["bce_semestre", "interet_legal_autres_cas"]
    assert [r.parameter for r in late[:2]] == expired
    assert {r.severity for r in late[2:]} == {Severity.OVERDUE}
    assert "majoration_professionnel" in {r.parameter for r in late[2:]}


def test_a_value_to_come_has_a_note(law: Law) -> None:
    """A value whose day had not come when it was last checked says in a note what to do about it."""
    bare = [
        p.name
        for p in law.parameters.values()
        if p.values[-1].from_on > p.last_checked_on and not p.notes
    ]
    assert bare == []


def test_a_refusal_has_a_french_line() -> None:
    """What the operator can get wrong is said in French with its place."""
    with pytest.raises(LawFileError) as refusal:
        parse_parameter("essai", changed(raw(), (*ENTRY, "value"), "2,50"))
    assert refusal.value.french.startswith("essai.2026-01-01\u00a0: «\u00a02,50\u00a0» n’est pas")


def test_every_parameter_knows_its_folder(law: Law) -> None:
    """The folder of the file is the group of the parameter."""
    folders = {
        file.name.removesuffix(".yaml"): file.parent.name
        for file in (FOLDER / "parameters").rglob("*.yaml")
    }
    assert {name: p.group for name, p in law.parameters.items()} == folders


def test_the_listing_has_one_row_a_parameter(law: Law) -> None:
    """Value, days, confidence and source on a day of the past, folders and names in order."""
    rows = describe(law, date(2024, 3, 1))
    order = list(group_titles())
    assert [(r.group, r.name) for r in rows] == sorted(
        ((p.group, p.name) for p in law.parameters.values()),
        key=lambda pair: (order.index(pair[0]), pair[1]),
    )
    by_name = {row.name: row for row in rows}
    ecb = by_name["bce_semestre"]
    assert (ecb.value, ecb.confidence, ecb.own) == ("4,50\u00a0% par an", "confirmé", False)
    assert (ecb.since, ecb.until) == (date(2024, 1, 1), date(2024, 6, 30))
    assert ecb.references[0].title == "Art. L441-10, II du code de commerce"
    assert (ecb.checked_on, ecb.lapses_on) == (TODAY, date(2027, 1, 1))
    sum_ = by_name["indemnite_recouvrement"]
    assert (sum_.value, sum_.since, sum_.until) == ("40,00\u00a0€", date(2021, 2, 27), None)
    assert by_name["plancher_multiple"].value == "3\u00a0fois"


def test_the_listing_says_what_is_unknown(law: Law) -> None:
    """A day outside every series raises nothing and shows no figure."""
    rows = {row.name: row for row in describe(law, date(2027, 1, 1))}
    rate = rows["interet_legal_autres_cas"]
    assert (rate.value, rate.since, rate.until, rate.references) == ("", None, None, ())
    assert rows["mention_franchise_tva"].confidence == "incertain"


def test_a_dated_value_ends_where_the_next_begins(law: Law) -> None:
    """The last day of a value is the eve of the next, or the last day anything is known."""
    (row,) = describe(law, date(2026, 6, 30), ["bce_refinancement"])
    assert (row.since, row.until) == (date(2026, 6, 17), date(2026, 9, 15))
    (row,) = describe(law, date(2026, 9, 16), ["bce_refinancement"])
    assert row.until == date(2026, 11, 3)
    with pytest.raises(KeyError):
        describe(law, TODAY, ["taux_du_voisin"])


def test_a_derived_history_has_every_half_year(law: Law) -> None:
    """The rate kept for each half-year since the first, and none after the last known."""
    rows = history(law, "bce_semestre")
    assert len(rows) == 24
    assert (rows[0].since, rows[-1].since) == (date(2015, 1, 1), date(2026, 7, 1))
    assert [row.value for row in rows[-3:]] == [
        f"{rate}\u00a0% par an" for rate in ("2,15", "2,15", "2,40")
    ]


def test_a_dated_history_is_its_values(law: Law) -> None:
    """A series of decisions is told from one to the next."""
    rows = history(law, "majoration_professionnel")
    entries = law.parameters["majoration_professionnel"].values
    assert [row.since for row in rows] == [entry.from_on for entry in entries]


def test_what_ends_next_comes_first(law: Law) -> None:
    """Only what is used and still to come, the end of a value before its reading of the same day."""
    terms = horizon(law, TODAY)
    assert [(t.on, not t.lapses) for t in terms] == sorted((t.on, not t.lapses) for t in terms)
    assert (terms[0].name, terms[0].on, terms[0].lapses) == (
        "bce_semestre",
        date(2027, 1, 1),
        True,
    )
    assert "interet_legal_particulier" not in {t.name for t in terms}
    assert all(t.on > date(2027, 1, 1) for t in horizon(law, date(2027, 1, 1)))


def test_the_holidays_of_a_year_come_with_their_source() -> None:
    """Eleven days in order, the article and the last check."""
    found = holidays(2027)
    assert len(found.days) == 11
    assert (found.days[0], found.days[1]) == (date(2027, 1, 1), date(2027, 3, 29))
    assert (found.reference, found.checked_on) == ("Art. L3133-1 du code du travail", TODAY)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, Unit.YEARS, "1\u00a0an"),
        (2, Unit.YEARS, "2\u00a0ans"),
        (1, Unit.DAYS, "1\u00a0jour"),
        (30, Unit.DAYS, "30\u00a0jours"),
        (1, Unit.MONTHS, "1\u00a0mois"),
        (Decimal(1), Unit.MULTIPLE, "1\u00a0fois"),
        (("a", "b"), Unit.LIST, "a\u00a0; b"),
        (Decimal("1250.5"), Unit.EURO, "1\u202f250,50\u00a0€"),
    ],
)
def test_a_value_is_written_with_its_unit(value: Any, unit: Unit, text: str) -> None:
    """One is singular, several are plural, amounts follow French typography."""
    assert value_text(value, unit) == text


def _named_in_the_rules() -> set[str]:
    """Every word of the code, of the rules and of the letters, the parameters themselves left out."""
    places = [FOLDER.parent, FOLDER.parent.parent / "letters", FOLDER.parent.parent / "bot"]
    return {
        word
        for place in places
        for file in place.rglob("*")
        if file.suffix in {".py", ".yaml", ".j2", ".typ"} and "parameters" not in file.parts
        for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))
    }


def test_what_is_named_is_in_use_and_what_is_not_is_for_the_record(law: Law) -> None:
    """`use: none` is what no code, no regime and no text names: renewals warn of all the others."""
    words = _named_in_the_rules()
    sources = {p.derived_from for p in law.parameters.values() if p.derived_from}
    for parameter in law.parameters.values():
        named = parameter.name in words
        expected = (
            Use.DERIVED
            if parameter.name in sources and not named
            else Use.DIRECT
            if named
            else Use.NONE
        )
        assert parameter.use is expected, parameter.name


def test_what_is_in_use_and_not_firm_is_to_be_read_again(law: Law) -> None:
    """A value in use that is not confirmed, or that ends, has a day on which the operator is warned."""
    for parameter in law.parameters.values():
        if parameter.use is not Use.DIRECT:
            continue
        shaky = any(
            entry.confidence is not Confidence.CONFIRMED and entry is parameter.entry(TODAY)
            for entry in parameter.values
        )
        if shaky or parameter.known_until:
            assert parameter.renew_before, parameter.name
            assert [
                r
                for r in law.renewals(parameter.renew_before)
                if r.parameter == parameter.name and r.severity is not Severity.SOON
            ]


def test_the_blanks_of_a_value_are_parameters(law: Law) -> None:
    """A text of the law that holds a figure names the parameter it comes from."""
    found = [
        blank
        for parameter in law.parameters.values()
        if parameter.unit is Unit.TEXT
        for entry in parameter.values
        for blank in re.findall(r"\{(\w+)\}", str(entry.value))
    ]
    assert "indemnite_recouvrement" in found
    assert set(found) <= set(law.parameters)


def test_no_figure_of_the_law_is_in_the_code() -> None:
    """Rates, sums and delays of the parameters appear in no module of the room."""
    found = {}
    for file in FOLDER.rglob("*.py"):
        text = re.sub(r'""".*?"""|#[^\n]*', "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        figures = re.findall(r"\b(?:365|36500|40|30|60|45|50|12\.40|2\.75)\b", text)
        if figures and file.name != "calendar.py":
            found[file.name] = figures
    assert found == {}
