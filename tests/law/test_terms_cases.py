"""Due dates: the YAML cases a jurist can read, and what must hold of every term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Law, load_law
from flows.law.calendar import is_working_day
from flows.law.parameter import Unit
from flows.law.prose import written
from flows.law.strict import LawFileError
from flows.law.terms import DueDate, PaymentTerms, Reading, Undecided, due_date, excess
from flows.law.terms.rules import load_rules, parse_rules
from flows.yamlfile import load_yaml

LAW = load_law()
CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "cases" / "echeances.yaml")
INPUTS = {"name", "source", "debtor", "terms", "invoice", "done", "received", "body", "periodic"}
PLAIN = settings(deadline=None, max_examples=60)
DAYS = st.dates(date(2019, 4, 1), date(2040, 12, 31))
NUMBERS = st.integers(0, 120)
FORMS = st.one_of(
    st.sampled_from(["aucun", "reception"]),
    NUMBERS.map(lambda n: f"jours:{n}"),
    st.tuples(NUMBERS, st.sampled_from(["", ":ajouter", ":fin"])).map(
        lambda pair: f"fin_de_mois:{pair[0]}{pair[1]}"
    ),
)
BODIES = st.sampled_from(["etat", "collectivite", "hopital", "entreprise_publique", "inconnu"])


def params(*, typed: bool) -> Iterator[Any]:
    """Give the cases with a date typed on the invoice, or those without."""
    for case in CASES:
        if ("typed" in case) is typed:
            yield pytest.param(case, id=case["name"])


def days_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """Give the optional facts of a case under the names the functions use."""
    names = {"done": "done_on", "received": "received_on", "body": "public_body"}
    found = {names[key]: case[key] for key in names if key in case}
    return found | ({"periodic": case["periodic"]} if "periodic" in case else {})


def plain(text: str) -> str:
    """Write a text with ordinary spaces, as a case does."""
    return text.replace("\u00a0", " ")


def _days_beyond(due: DueDate) -> int:
    return due.excess.days if due.excess else 0


@pytest.mark.parametrize("case", list(params(typed=False)))
def test_a_due_date_is_the_one_of_the_case(case: dict[str, Any], law: Law) -> None:
    """The date, its rule, its confidence and the excess are those a jurist wrote."""
    assert set(case) <= INPUTS | {"expected"}
    expected = dict(case["expected"])
    got = due_date(
        PaymentTerms.parse(case["terms"]),
        DebtorKind(case["debtor"]),
        law,
        invoice_on=case["invoice"],
        **days_of(case),
    )
    choices = expected.pop("choices", None)
    if isinstance(got, Undecided):
        assert {c.terms.reading: c.due.on for c in got.choices} == (choices or {})
        assert all(written(c.terms.days, Unit.DAYS) in c.words for c in got.choices)
        said = plain(got.sentence)
        assert expected.pop("says", "") in said
        assert expected.pop("ask", "") in said
        assert not expected
        return
    said = plain(" ".join(got.sentences))
    assert expected.pop("says", "") in said
    assert expected.pop("rule", "") in plain(got.rule)
    if "article" in expected:
        assert expected.pop("article") in got.articles
    found = {"due": got.on, "confidence": str(got.confidence), "excess": _days_beyond(got)}
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("case", list(params(typed=True)))
def test_a_date_typed_on_the_invoice_is_held_against_the_ceiling(
    case: dict[str, Any], law: Law
) -> None:
    """The days beyond the ceiling, the last lawful day and what is said are those of the case."""
    assert set(case) <= INPUTS | {"expected", "typed"}
    expected = dict(case["expected"])
    found = excess(
        case["invoice"],
        case["typed"],
        DebtorKind(case["debtor"]),
        law,
        PaymentTerms.parse(case["terms"]) if "terms" in case else None,
        **days_of(case),
    )
    if expected["excess"] == 0:
        assert found is None
        return
    assert found is not None
    said = plain(" ".join(found.sentences))
    assert expected.pop("says", "") in said
    assert expected.pop("says_not", "\0") not in said
    got = {"excess": found.days, "kept": found.kept, "limit": found.limit_on}
    assert {key: got[key] for key in expected} == expected


@pytest.mark.parametrize(
    "form",
    [
        *("", "jours", "jours:", "jours:030", "jours:-1", "jours:1000", "jours:٣", "jours:30:fin"),
        *("fin_de_mois", "fin_de_mois:45:", "fin_de_mois:45:debut", "Aucun", "aucun ", "bce:10"),
    ],
)
def test_another_text_is_no_payment_terms(form: str) -> None:
    """Whatever is not one of the text forms is refused."""
    with pytest.raises(ValueError, match="not payment terms"):
        PaymentTerms.parse(form)


@PLAIN
@given(form=FORMS)
def test_a_text_form_is_given_back(form: str) -> None:
    """Reading and writing the terms are inverse."""
    assert PaymentTerms.parse(form).text() == form


@PLAIN
@given(form=FORMS, kind=st.sampled_from(DebtorKind), invoice=DAYS, done=st.none() | DAYS)
def test_nothing_falls_due_before_the_invoice(
    form: str, kind: DebtorKind, invoice: date, done: date | None
) -> None:
    """A due date, under any reading, is never before the invoice it is counted from."""
    got = due_date(PaymentTerms.parse(form), kind, LAW, invoice_on=invoice, done_on=done)
    found = [c.due for c in got.choices] if isinstance(got, Undecided) else [got]
    assert all(due.on >= invoice for due in found)


@PLAIN
@given(form=FORMS, invoice=DAYS)
def test_the_day_before_the_excess_is_lawful(form: str, invoice: date) -> None:
    """Between professionals the excess is the distance from the last day that has none."""
    terms = PaymentTerms.parse(form)
    for read in terms.readings():
        got = due_date(read, DebtorKind.PROFESSIONAL, LAW, invoice_on=invoice)
        assert isinstance(got, DueDate)
        limit = got.on - timedelta(days=_days_beyond(got))
        assert excess(invoice, limit, DebtorKind.PROFESSIONAL, LAW, read) is None
        beyond = excess(invoice, got.on, DebtorKind.PROFESSIONAL, LAW, read)
        assert got.excess == beyond
        assert (beyond is None) == (_days_beyond(got) == 0)


@PLAIN
@given(form=FORMS, invoice=DAYS, received=st.none() | DAYS, done=st.none() | DAYS, body=BODIES)
def test_no_agreement_moves_the_term_of_a_public_buyer(
    form: str, invoice: date, received: date | None, done: date | None, body: str
) -> None:
    """The date of the texts holds whatever was agreed, on a working day, and unknown is the longest."""

    def on(terms: str, public_body: str) -> date:
        got = due_date(
            PaymentTerms.parse(terms),
            DebtorKind.PUBLIC,
            LAW,
            invoice_on=invoice,
            public_body=public_body,
            received_on=received,
            done_on=done,
        )
        assert isinstance(got, DueDate)
        return got.on

    assert on(form, body) == on("aucun", body) <= on(form, "inconnu")
    assert is_working_day(on(form, body))


def test_a_reading_not_known_gives_no_date() -> None:
    """« 45 jours fin de mois » is never decided in the person's place."""
    with pytest.raises(ValueError, match="no single date"):
        PaymentTerms.parse("fin_de_mois:45").counted_from(date(2026, 10, 20))
    assert {terms.reading for terms in PaymentTerms.parse("fin_de_mois:45").readings()} == set(
        Reading
    )


def test_an_unknown_public_body_is_refused(law: Law) -> None:
    """A public body is one of those the rules name, or « inconnu »."""
    with pytest.raises(ValueError, match="not a public body"):
        due_date(
            PaymentTerms.parse("aucun"),
            DebtorKind.PUBLIC,
            law,
            invoice_on=date(2026, 1, 1),
            public_body="planete",
        )


@pytest.mark.parametrize("kind", [DebtorKind.PROFESSIONAL, DebtorKind.PUBLIC])
def test_a_term_of_a_period_that_is_not_known_is_refused(kind: DebtorKind, law: Law) -> None:
    """No statutory delay is carried back to a day before the texts on file."""
    on = date(2008, 12, 31)
    due = due_date(PaymentTerms.parse("aucun"), kind, law, invoice_on=on)
    assert isinstance(due, Undecided)
    assert not due.choices
    assert "n’est pas connue pour la date du 31/12/2008" in due.sentence
    assert excess(on, date(2026, 1, 1), kind, law) is None


def test_no_figure_of_the_law_stands_in_a_sentence() -> None:
    """Sentences hold blanks; every blank is a value of the calculation or a parameter."""
    rules = load_rules()
    texts = [rule.text for rule in (*rules.rules.values(), *rules.excess.values())]
    given = {
        "days",
        "start",
        "delay",
        "delays",
        "agreed",
        "raw",
        "later",
        "excess",
        "limit",
        "typed",
    }
    for text in (*texts, *rules.sentences.values()):
        assert not re.search(r"\d", text), text
        assert not re.search(r"(?<!\u00a0)[;?%»:]|«(?!\u00a0)|'|!", text), text
        assert set(re.findall(r"{(\w+)}", text)) <= given | set(LAW.parameters), text


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("surprise",), 1, "unknown"),
        (("last_checked_on",), "hier", "a day"),
        (("rules", "public", "text"), " ", "a sentence"),
        (("rules", "public", "articles"), "art. 1", "a list"),
        (("rules", "public", "confidence"), "sure", "sure"),
        (("sentences", "foreign"), 3, "a sentence"),
        (("sentences", "foreign"), "Dans les 30 jours.", "a figure"),
        (("sentences", "foreign"), "Dans les {delai_du_voisin}.", "no parameter"),
        (("bodies", "etat", "parameter"), "prescription_publique", "not in days"),
        (("bodies", "etat"), {}, "missing"),
    ],
)
def test_a_slip_in_the_rules_is_refused(path: tuple[str, ...], value: Any, says: str) -> None:
    """An unknown key, an empty sentence or a stray word stops the reading."""
    data = deepcopy(load_yaml(files("flows.law.terms") / "rules.yaml"))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(LawFileError, match=says):
        parse_rules(data, LAW)
