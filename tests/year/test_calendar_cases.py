"""A table of days: what was done, the day the bot comes back, and the very instant, worked out by hand.

Each line lives through the real engine, store and loops, with a clock that is moved. Weekdays are written beside each
date so that the line can be read against a calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from flows.dialogue.events import Command, Typed
from tests.year.world import World

if TYPE_CHECKING:
    from pathlib import Path

CHAT = 700
PARIS = "Europe/Paris"
REUNION = "Indian/Reunion"
NOUMEA = "Pacific/Noumea"
MIQUELON = "America/Miquelon"


@dataclass(frozen=True)
class Case:
    """What is typed at an instant (local time of the zone), and when the bot comes back by itself."""

    name: str
    done: str
    typed: tuple[str, ...]
    told: str
    """Local instant with its offset from UTC."""
    zone: str = PARIS


def before_due(due: str) -> tuple[str, ...]:
    """Tell of an invoice that is not due yet: the bot comes back the working day after."""
    told = f"Dupont SARL me doit 1250 €, échéance le {due}"
    return (told, "oui", "Prévenez-moi le lendemain")


def promised(day: str) -> tuple[str, ...]:
    """Tell of an invoice long due and a payment promised: the bot comes back the working day after."""
    told = "Dupont SARL me doit 1250 € depuis le 15/01/2026"
    return (told, "oui", "Il promet de payer à une date", day)


def case(name: str, done: str, due: str, told: str, zone: str = PARIS) -> Case:
    return Case(name, done, before_due(due), told, zone)


# Invoices not due yet. The rule: the day after the due date, put off to the first day that is neither a
# Saturday, a Sunday nor a public holiday, at nine in the morning of the person.
AFTER_DUE = (
    # The clocks go forward on Sunday 29 March 2026: nine o'clock is 8:00 UTC on Friday, 7:00 UTC on Monday.
    case("Friday before summer time", "2026-03-20 15:00", "26/03/2026", "2026-03-27T09:00+01:00"),
    case("over summer time", "2026-03-20 15:00", "27/03/2026", "2026-03-30T09:00+02:00"),
    # They go back on Sunday 25 October 2026.
    case("Friday before winter time", "2026-10-15 15:00", "22/10/2026", "2026-10-23T09:00+02:00"),
    case("over winter time", "2026-10-15 15:00", "23/10/2026", "2026-10-26T09:00+01:00"),
    # 2027: forward on Sunday 28 March, which is Easter; Monday 29 is Easter Monday.
    case("summer time at Easter", "2027-03-20 15:00", "26/03/2027", "2027-03-30T09:00+02:00"),
    # Back on Sunday 31 October 2027; Monday is 1 November.
    case("winter time, All Saints", "2027-10-20 15:00", "31/10/2027", "2027-11-02T09:00+01:00"),
    # Good Friday 3 April 2026 is worked; Saturday 4, Sunday 5, Easter Monday 6.
    case("Easter Monday", "2026-03-25 10:00", "03/04/2026", "2026-04-07T09:00+02:00"),
    # Friday 1 May, then a week-end.
    case("1 May", "2026-04-20 10:00", "30/04/2026", "2026-05-04T09:00+02:00"),
    # Friday 8 May, then a week-end.
    case("8 May", "2026-04-20 10:00", "07/05/2026", "2026-05-11T09:00+02:00"),
    # Thursday 14 May; Friday 15 is worked.
    case("Ascension", "2026-05-01 10:00", "13/05/2026", "2026-05-15T09:00+02:00"),
    # Sunday 24 May is Pentecost, Monday 25 is kept.
    case("Pentecost Monday", "2026-05-16 10:00", "24/05/2026", "2026-05-26T09:00+02:00"),
    # Tuesday 14 July.
    case("14 July", "2026-07-01 10:00", "13/07/2026", "2026-07-15T09:00+02:00"),
    # Saturday 15 August, Sunday 16.
    case("15 August", "2026-08-01 10:00", "14/08/2026", "2026-08-17T09:00+02:00"),
    # Sunday 1 November.
    case("1 November", "2026-10-20 10:00", "31/10/2026", "2026-11-02T09:00+01:00"),
    # Wednesday 11 November.
    case("11 November", "2026-11-01 10:00", "10/11/2026", "2026-11-12T09:00+01:00"),
    # Friday 25 December, then a week-end.
    case("Christmas", "2026-12-10 10:00", "24/12/2026", "2026-12-28T09:00+01:00"),
    # Friday 1 January 2027, then a week-end.
    case("New Year", "2026-12-10 10:00", "31/12/2026", "2027-01-04T09:00+01:00"),
    # 29 February 2028 is a Tuesday, worked.
    case("to 29 February", "2028-02-20 10:00", "28/02/2028", "2028-02-29T09:00+01:00"),
    case("from 29 February", "2028-02-20 10:00", "29/02/2028", "2028-03-01T09:00+01:00"),
    # 2027 has no 29 February: Sunday 28, then Monday 1 March.
    case("no 29 February", "2027-02-20 10:00", "28/02/2027", "2027-03-01T09:00+01:00"),
    # Ends of months: Thursday 30 April is followed by 1 May; Tuesday 30 June by Wednesday.
    case("end of June", "2026-06-20 10:00", "30/06/2026", "2026-07-01T09:00+02:00"),
    # Friday 31 July, then a week-end.
    case("end of July", "2026-07-20 10:00", "31/07/2026", "2026-08-03T09:00+02:00"),
    # The same Friday of March elsewhere: no summer time in La Réunion nor Nouméa, since 8 March in Miquelon.
    case("La Réunion", "2026-03-20 15:00", "27/03/2026", "2026-03-30T09:00+04:00", REUNION),
    case("Nouméa", "2026-03-20 15:00", "27/03/2026", "2026-03-30T09:00+11:00", NOUMEA),
    case(
        "Saint-Pierre, summer", "2026-03-20 15:00", "27/03/2026", "2026-03-30T09:00-02:00", MIQUELON
    ),
    # In Miquelon the clocks go back on Sunday 1 November 2026, a week after Paris.
    case(
        "Saint-Pierre, October",
        "2026-10-20 15:00",
        "29/10/2026",
        "2026-10-30T09:00-02:00",
        MIQUELON,
    ),
    case(
        "Saint-Pierre, winter", "2026-10-20 15:00", "30/10/2026", "2026-11-02T09:00-03:00", MIQUELON
    ),
    # New Year comes at Nouméa ten hours before Paris: 31 December 2026 is a Thursday everywhere.
    case("New Year at Nouméa", "2026-12-10 10:00", "31/12/2026", "2027-01-04T09:00+11:00", NOUMEA),
)

# Payments promised: the day after, put off in the same way.
PROMISED = (
    # Saturday 28 March 2026 is promised; Sunday 29 the clocks go forward.
    Case(
        "a promise over summer time",
        "2026-03-20 15:00",
        promised("28/03/2026"),
        "2026-03-30T09:00+02:00",
    ),
    # Thursday 24 December, Friday 25, a week-end.
    Case(
        "a promise for Christmas Eve",
        "2026-12-10 10:00",
        promised("24/12/2026"),
        "2026-12-28T09:00+01:00",
    ),
    # Thursday 30 April, Friday 1 May, a week-end.
    Case(
        "a promise for the end of the month",
        "2026-04-20 10:00",
        promised("fin avril"),
        "2026-05-04T09:00+02:00",
    ),
    # Monday 28 February 2028, then Tuesday 29.
    Case(
        "a promise before 29 February",
        "2028-02-20 10:00",
        promised("28/02/2028"),
        "2028-02-29T09:00+01:00",
    ),
    # The end of February 2028 is Tuesday 29.
    Case(
        "a promise for the end of February",
        "2028-02-20 10:00",
        promised("fin février"),
        "2028-03-01T09:00+01:00",
    ),
)


@pytest.mark.parametrize("one", AFTER_DUE + PROMISED, ids=lambda one: one.name)
async def test_the_instant_the_bot_comes_back(tmp_path: Path, one: Case) -> None:
    """Nothing is said before the instant of the table; at it, one message comes, by itself."""
    zone = ZoneInfo(one.zone)
    world = World(tmp_path, datetime.fromisoformat(one.done).replace(tzinfo=zone), zone=zone)
    await world.event(CHAT, Command("start"))
    for text in one.typed:
        await world.event(CHAT, Typed(text))
    await world.drain()
    told = datetime.fromisoformat(one.told)
    await world.advance(told - timedelta(seconds=1))
    assert [s for s in world.log.sent if s.woken] == []
    await world.advance(told + timedelta(hours=1))
    (nudge,) = [s for s in world.log.sent if s.woken]
    assert nudge.at == told
    assert "Dupont SARL" in nudge.item["text"]
    await world.crash()


# Somebody who moves: an invoice due on Friday 27 March 2026, and the zones told one after the other in the settings.
# The day stays Monday 30 March, nine in the morning where they are; only the instant moves.
MOVES = (
    ((), "2026-03-30T09:00+02:00"),
    (("La Réunion",), "2026-03-30T09:00+04:00"),
    (("La Réunion", "Nouvelle-Calédonie"), "2026-03-30T09:00+11:00"),
    (
        ("La Réunion", "Nouvelle-Calédonie", "Saint-Pierre-et-Miquelon"),
        "2026-03-30T09:00-02:00",
    ),
    (("Saint-Pierre-et-Miquelon", "France métropolitaine"), "2026-03-30T09:00+02:00"),
)


@pytest.mark.parametrize(("zones", "told"), MOVES, ids=lambda one: " ".join(one) or "nowhere")
async def test_the_instant_after_a_move(tmp_path: Path, zones: tuple[str, ...], told: str) -> None:
    """Whoever moves is told in the morning of the place they moved to last, once."""
    world = World(tmp_path, datetime(2026, 3, 20, 15, tzinfo=ZoneInfo(PARIS)))
    await world.event(CHAT, Command("start"))
    for text in before_due("27/03/2026"):
        await world.event(CHAT, Typed(text))
    for zone in zones:
        await world.event(CHAT, Command("parametres"))
        for text in ("Mes rappels", "Fuseau horaire", zone):
            await world.event(CHAT, Typed(text))
    at = datetime.fromisoformat(told)
    await world.advance(at - timedelta(seconds=1))
    assert [one for one in world.log.sent if one.woken] == []
    await world.advance(at + timedelta(days=2))
    assert [one.at for one in world.log.sent if one.woken] == [at]
    await world.crash()


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        # Friday 27 March at five in the afternoon in Paris is Saturday at three in the night in Nouméa: Monday 30.
        ("Nouvelle-Calédonie", "2026-03-30T09:00+11:00"),
        # It is two in the afternoon in Miquelon: late by some hours, the bot speaks at once.
        ("Saint-Pierre-et-Miquelon", "2026-03-27T14:00-02:00"),
    ],
)
async def test_a_move_while_the_bot_was_down(tmp_path: Path, zone: str, told: str) -> None:
    """Due on a Friday while the bot was down, and told of a move on its return: by the clocks of the new place."""
    world = World(tmp_path, datetime(2026, 3, 20, 15, tzinfo=ZoneInfo(PARIS)))
    await world.event(CHAT, Command("start"))
    for text in before_due("26/03/2026"):
        await world.event(CHAT, Typed(text))
    await world.drain()
    await world.crash()
    world.now = datetime(2026, 3, 27, 17, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)
    world.boot()
    await world.event(CHAT, Command("parametres"))
    for text in ("Mes rappels", "Fuseau horaire", zone):
        await world.event(CHAT, Typed(text))
    at = datetime.fromisoformat(told)
    await world.advance(at + timedelta(hours=1))
    assert [one.at for one in world.log.sent if one.woken] == [at]
    await world.crash()
