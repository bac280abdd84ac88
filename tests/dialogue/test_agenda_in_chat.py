"""The legal clocks as a calendar file: which days, under which names, with which alarms."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from flows.dialogue.agenda import coming_clocks, entries_of
from flows.dialogue.screens import Entry
from flows.dialogue.texts import say
from flows.dossier import Act, ActKind, Dossier
from flows.facts.legal import clocks_of
from flows.facts.occurrences import occurrences
from flows.law.deadlines import StepState
from flows.values import Value
from tests.dialogue.player import KINDS, LIBRARY, TODAY, Player, plain
from tests.dialogue.test_happening import card, note

LAW = LIBRARY.law


def ordered() -> Player:
    """An order of 2 November 2026 to be served, for work finished on 1 September 2025."""
    player = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    return note(player, "Ordonnance obtenue", "02/11/2026")


def by_uid(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    found = {one.uid: one for one in entries}
    assert len(found) == len(entries)
    return found


def test_all_clocks_of_a_dossier_as_days() -> None:
    """The day to aim at is an entry with its alarms; the last day has its own when it is another."""
    player = ordered().press("Ajouter à mon agenda")
    (agenda,) = player.agendas
    found = by_uid(agenda.entries)
    assert {uid: one.day for uid, one in found.items()} == {
        "n1-signification_ordonnance@relance": date(2027, 2, 2),
        "n1-prescription@relance": date(2030, 8, 30),
        "n1-prescription-fin@relance": date(2030, 9, 1),
    }
    served = found["n1-signification_ordonnance@relance"]
    assert served.title == "Dupont SARL : faire signifier l’ordonnance"
    # 21, 7 and 2 days before; 31 January is a Sunday, so the alarm of two days before comes on the Friday.
    assert served.alarms == (21, 7, 4, 0)
    assert found["n1-prescription-fin@relance"].alarms == ()
    assert agenda.made_at == player.now
    assert player.state == "clocks"


def test_an_entry_says_rule_articles_and_every_date() -> None:
    """A description holds the rule, the articles, the last day as counted and as carried over, the day to aim at."""
    player = note(ordered(), "signifiée", "10/11/2026")
    found = by_uid(entries_of(player.dossier, TODAY, LAW))
    title = found["n1-titre_injonction@relance"]
    told = plain(title.description)
    # Two months from 10 November end on a Sunday.
    for part in ("10 janvier 2027", "reportée par la loi au 11 janvier 2027", "12 janvier 2027"):
        assert part in told
    assert "art. 1422 CPC" in told
    assert "vérifié le" in told
    assert title.day == date(2027, 1, 12)
    assert "&" not in told
    assert "\n" in told
    assert not any(uid.startswith("n1-titre_injonction-fin") for uid in found), "a wait has one day"


def test_one_clock_alone() -> None:
    """Each clock has its own button when there are several, and it brings that clock only."""
    player = ordered().press("Agenda : Agir avant")
    assert [one.uid for one in player.agendas[0].entries] == [
        "n1-prescription@relance",
        "n1-prescription-fin@relance",
    ]
    alone = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    assert [label for label in alone.labels if "genda" in label] == ["Ajouter à mon agenda"]


def test_a_clock_keeps_its_name_when_it_moves() -> None:
    """What interrupts the limitation moves its day, under the same uid: added again, it replaces itself."""
    player = ordered()
    before = by_uid(entries_of(player.dossier, TODAY, LAW))["n1-prescription@relance"]
    note(player, "signifiée", "10/11/2026")
    after = by_uid(entries_of(player.dossier, TODAY, LAW))["n1-prescription@relance"]
    assert after.day > before.day


def test_alarms_already_past_are_not_set() -> None:
    """Close to the day, only what is still to come rings."""
    dossier = ordered().dossier
    late = by_uid(entries_of(dossier, date(2027, 1, 27), LAW))
    assert late["n1-signification_ordonnance@relance"].alarms == (4, 0)


def test_between_the_day_to_aim_at_and_the_last_one() -> None:
    """Once the day to aim at has passed, the last day alone is left, and it rings."""
    dossier = ordered().dossier
    found = [
        one for one in entries_of(dossier, date(2030, 8, 31), LAW) if "prescription" in one.uid
    ]
    assert [(one.uid, one.day, one.alarms) for one in found] == [
        ("n1-prescription-fin@relance", date(2030, 9, 1), (0,))
    ]


@pytest.mark.parametrize("after", range(0, 120, 7))
def test_the_calendar_and_the_screen_agree(after: int) -> None:
    """What is in the calendar is what the clocks say is open or waited for, on any day."""
    dossier, today = ordered().dossier, TODAY + timedelta(days=after)
    steps = clocks_of(dossier, today, LAW).steps
    running = {s.id for s in steps if s.deadline and s.state in {StepState.OPEN, StepState.WAITING}}
    assert {clock.id for clock in coming_clocks(dossier, today, LAW)} == {*running, "prescription"}
    for one in entries_of(dossier, today, LAW):
        assert one.day >= today
        assert all(one.day - timedelta(days=days) >= today for days in one.alarms)


@pytest.mark.parametrize("end", [ActKind.PAID, ActKind.CLOSED])
def test_nothing_is_left_for_the_calendar_of_a_dossier_that_is_over(end: ActKind) -> None:
    """A dossier paid or stopped has no day to come."""
    player = ordered()
    over = player.dossier.with_act(Act(end, TODAY, player.now))
    assert entries_of(player.dossier, TODAY, LAW)
    assert entries_of(over, TODAY, LAW) == ()


def test_without_a_clock_there_is_no_button() -> None:
    """While the end of the work is not known and nothing runs, no calendar is offered."""
    player = card().press("Délais de la loi")
    assert not [label for label in player.labels if "genda" in label]


def test_a_hostile_name_is_text() -> None:
    """A client's name with markup, line breaks or calendar words stays one line of plain text."""
    player = ordered()
    name = "<b>Ö & Cie</b>\nEND:VCALENDAR ; {{ 7*7 }}"
    dossier = player.dossier.with_facts(debtor_name=name)
    title = entries_of(dossier, TODAY, LAW)[0].title
    assert title.startswith("<b>Ö & Cie</b> END:VCALENDAR ; {{ 7*7 }} : ")


def test_the_screen_says_raw_extended_and_safe_of_each_clock() -> None:
    """Each clock to come shows the day to aim at, the last day as counted, and as carried over if it is."""
    player = note(ordered(), "signifiée", "10/11/2026")
    told = plain(player.body)
    for clock in coming_clocks(player.dossier, TODAY, LAW):
        part = told.split(f"<b>{clock.label}</b>")[1].split("\n\n")[0]
        days = {clock.safe_on, clock.raw_on, clock.extended_on}
        assert all(f"{day.day} " in part and str(day.year) in part for day in days), part
    assert say("agenda_empty") not in told


def planned(*acts: Act, signed: str = "oui") -> Dossier:
    """Three instalments from 5 December 2026, a Saturday, agreed on 24 November."""
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    facts: dict[str, Value] = {
        "debtor_name": "Dupont",
        "debtor_kind": "professionnel",
        "amount_due": Decimal(900),
    }
    plan: dict[str, Value] = {"parts": 3, "first_on": date(2026, 12, 5), "signed": signed}
    told = (Act(ActKind.OPENED, TODAY, at), Act(ActKind.PLANNED, TODAY, at, plan))
    return Dossier("n9", TODAY, facts, (*told, *acts))


def done(kind: ActKind, **data: Value) -> Act:
    return Act(kind, date(2026, 12, 7), datetime(2026, 12, 7, 10, tzinfo=UTC), data)


def test_the_instalments_of_an_agreed_plan() -> None:
    """Each is a day, with what is still to come of it; what came, or is past, is left out."""
    found = entries_of(planned(), TODAY, LAW)
    assert [(one.uid, one.day, one.alarms) for one in found] == [
        ("n9-versements-1@relance", date(2026, 12, 7), (0,)),
        ("n9-versements-2@relance", date(2027, 1, 5), (0,)),
        ("n9-versements-3@relance", date(2027, 2, 5), (0,)),
    ]
    assert plain(found[0].title) == "Dupont : versement 1 attendu, 300,00 €"
    paid = entries_of(planned(done(ActKind.PART_PAID, amount=Decimal(450))), TODAY, LAW)
    assert [plain(one.title) for one in paid] == [
        "Dupont : versement 2 attendu, 150,00 €",
        "Dupont : versement 3 attendu, 300,00 €",
    ]
    assert [one.uid for one in entries_of(planned(), date(2027, 1, 6), LAW)] == [
        "n9-versements-3@relance"
    ]


@pytest.mark.parametrize(
    "act",
    [
        done(ActKind.PAID),
        done(ActKind.CLOSED, how="perdu"),
        done(ActKind.PROCEDURE_OPENED),
        done(ActKind.SENT, document="mise_en_demeure_pro"),
    ],
)
def test_a_plan_that_runs_no_more_has_no_days(act: Act) -> None:
    """Over, in a procedure, or the whole asked for: no instalment is waited for; nor of one not agreed."""
    assert not any("versements" in one.uid for one in entries_of(planned(act), TODAY, LAW))
    assert entries_of(planned(signed="non"), TODAY, LAW) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_days_bear_the_same_name(kind: str) -> None:
    """Whatever happened, in whatever order: each entry has a uid of its own, and a day to come."""
    when = [date(2026, 9, 20), date(2026, 10, 20)]
    facts: dict[str, Value] = {
        "debtor_kind": kind,
        "amount_due": Decimal(900),
        "invoice_due_on": date(2026, 8, 1),
        "work_done_on": date(2026, 7, 1),
    }
    for first, second in permutations(sorted(occurrences()), 2):
        acts = tuple(
            Act(ActKind.HAPPENED, on, datetime.combine(on, time(10), UTC), {"what": what})
            for what, on in zip((first, second), when, strict=True)
        )
        for today in (TODAY, date(2027, 3, 1)):
            found = by_uid(entries_of(Dossier("n1", when[0], facts, acts), today, LAW))
            assert all(one.day >= today for one in found.values()), (first, second)
