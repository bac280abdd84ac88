"""The legal clocks as a calendar file: which days, under which names, with which alarms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.dialogue.agenda import coming_clocks, entries_of
from flows.dialogue.screens import Entry
from flows.dialogue.texts import say
from flows.dossier import Act, ActKind
from flows.facts.legal import clocks_of
from flows.law.deadlines import StepState
from tests.dialogue.player import LIBRARY, TODAY, Player, plain
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
