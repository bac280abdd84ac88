"""What is kept long enough: told before it goes, at a decent hour, then gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from flows.dialogue.conversation import Conversation, Step
from flows.dialogue.keeping import Retention, review
from flows.dialogue.screens import Screen
from tests.dialogue.player import PARIS, Player, plain

KEEP = Retention(finished_days=100, silent_days=200, notice_days=30)


@pytest.fixture
def player() -> Player:
    """Somebody with one dossier paid on Tuesday 24 November 2026, and another still open."""
    one = Player().start().press("facture impayée", "Une société")
    one.say("Garnier SARL", "1250", "15/10/2026").press(
        "refuse", "change à chaque fois", "C’est ça"
    )
    one.command("dossiers").press("Garnier SARL", "Payé")
    one.command("nouveau").press("Une société").say("Martin SA", "900", "15/10/2026")
    one.conversation = replace(one.conversation, heard_on="2026-11-24")
    return one


def look(player: Player, days: int, keep: Retention = KEEP, hour: int = 10) -> Step | None:
    """Look at what is kept so many days after the payment; what it leads to is kept."""
    player.now = datetime.combine(date(2026, 11, 24) + timedelta(days=days), time(hour), PARIS)
    found = review(player.conversation, player.book, player.moment, keep)
    if found:
        player.keep(found)
    return found


def said(step: Step | None) -> str:
    assert step is not None
    return plain("\n".join(one.body for one in step.shown if isinstance(one, Screen)))


def test_a_finished_dossier_is_told_of_then_goes(player: Player) -> None:
    """Thirty days before, once, with the day; then it goes, and the open one stays."""
    assert look(player, 69) is None
    notice = look(player, 70)
    assert "Garnier SARL" in said(notice)
    assert "4 mars 2027" in said(notice)
    assert "Martin" not in said(notice)
    assert look(player, 71) is None
    assert look(player, 99) is None
    gone = look(player, 100)
    assert "supprimé" in said(gone)
    assert "Garnier" not in said(gone)
    assert [d.debtor_name for d in player.book.dossiers.values()] == ["Martin SA"]
    assert look(player, 101) is None


def test_nothing_goes_that_was_not_told(player: Player) -> None:
    """Found long after its time (the bot was off for months), it is told first and has its thirty days."""
    assert "Garnier SARL" in said(look(player, 150, replace(KEEP, silent_days=0)))
    assert look(player, 178, replace(KEEP, silent_days=0)) is None
    look(player, 182, replace(KEEP, silent_days=0))
    assert len(player.book.dossiers) == 1


def test_a_dossier_taken_up_again_stays(player: Player) -> None:
    """« Rouvrir » after the notice: it is open, so nothing of it goes; ended again, it counts anew."""
    look(player, 70)
    player.command("dossiers").press("Garnier SARL", "Rouvrir")
    assert look(player, 105) is None
    player.command("dossiers").press("Garnier SARL", "Payé")
    assert look(player, 150) is None
    assert len(player.book.dossiers) == 2


def test_a_silent_person_is_told_then_all_goes(player: Player) -> None:
    """Thirty days before the end of the silence, once, with both days; then everything goes."""
    keep = replace(KEEP, finished_days=0)
    assert look(player, 169, keep) is None
    notice = look(player, 170, keep)
    assert "24 novembre 2026" in said(notice)
    assert "12 juin 2027" in said(notice)
    assert look(player, 199, keep) is None
    gone = look(player, 202, keep)  # the 200th is a Saturday
    assert gone is not None
    assert gone.forgotten
    assert player.conversation == Conversation()
    assert player.book.dossiers == {}


@pytest.mark.parametrize(
    ("days", "hour", "why"),
    [(70, 22, "at night"), (70, 6, "before the hour"), (74, 10, "on a Saturday")],
)
def test_nobody_is_told_at_night_nor_on_a_sunday(
    player: Player, days: int, hour: int, why: str
) -> None:
    """The notice waits for an hour and a day when the person may be spoken to; the day after it comes."""
    day = date(2026, 11, 24) + timedelta(days=days)
    closed = hour != 10 or day.weekday() > 4
    found = look(player, days, hour=hour)
    assert (found is None) == closed, why


def test_for_ever_is_for_ever(player: Player) -> None:
    """With both settings at 0 nothing is told and nothing goes, after years."""
    assert look(player, 365 * 9, Retention()) is None


def test_the_dossier_in_hand_is_left(player: Player) -> None:
    """The conversation that stood on the screen of a dossier that goes stands in the menu, and answers."""
    player.command("dossiers").press("Garnier SARL")
    look(player, 70)
    look(player, 100)
    assert (player.state, player.conversation.dossier_id) == ("home", None)
    player.command("dossiers")
    assert "Garnier" not in player.body


def test_who_blocked_the_bot_is_not_kept_for_ever(player: Player) -> None:
    """Nothing can be told them: their data goes all the same, at any hour."""
    keep = replace(KEEP, finished_days=0)
    for days in (170, 200):
        player.now = datetime.combine(date(2026, 11, 24) + timedelta(days=days), time(3), PARIS)
        found = review(player.conversation, player.book, player.moment, keep, reached=False)
        assert found is not None
        player.keep(found)
    assert player.book.dossiers == {}
