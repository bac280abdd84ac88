"""Promises, silences and shifted days: what is kept, what is counted, and what is explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import flows
from flows.diagnosis.tables import BadTableError, Row
from flows.dossier import Act, ActKind, Cause, DebtorKind, Dossier, Stage
from flows.ladder import Deadline, broken_promises, ladder, stage_of
from flows.ladder.catalogue import read_ladder
from flows.ladder.model import ORDER
from flows.responses import recommend, without_repeat
from flows.yamlfile import load_yaml

Make = Callable[..., Act]
Debt = Callable[..., Dossier]
Wakes = Callable[[Dossier], tuple[Deadline, ...]]

CAUSE_DOCUMENTS = (
    "facture_renvoyee",
    "piece_manquante",
    "reponse_insatisfaction_fondee",
    "reponse_insatisfaction_infondee",
    "geste_commercial",
    "proposition_echeancier",
    "script_appel",
)


@pytest.mark.parametrize("document", CAUSE_DOCUMENTS)
@pytest.mark.parametrize("at", ["relance_1", "relance_2", "derniere_relance"])
def test_an_answer_to_the_cause_is_no_reminder(
    debt: Debt, told: Make, document: str, at: str
) -> None:
    """A text that answers the cause, whatever the step it left from, leaves relance 1 to come."""
    sent = told(ActKind.SENT, date(2026, 11, 2), document=document, stage=at)
    assert stage_of(debt(sent), date(2026, 11, 20)) is Stage.REMINDER_1


@pytest.mark.parametrize("document", ["relance_1", "relance_public", "promesse_non_tenue"])
def test_a_reminder_climbs_the_step_it_was_sent_for(debt: Debt, told: Make, document: str) -> None:
    """A text of the ladder sent for relance 2 leaves the last reminder to come."""
    sent = told(ActKind.SENT, date(2026, 11, 2), document=document, stage="relance_2")
    assert stage_of(debt(sent), date(2026, 11, 20)) is Stage.LAST_REMINDER


@pytest.mark.parametrize("kind", DebtorKind, ids=str)
@pytest.mark.parametrize("cause", Cause, ids=str)
def test_following_the_advice_always_climbs(
    debt: Debt, told: Make, kind: DebtorKind, cause: Cause
) -> None:
    """Sending what is recommended, or else the habit of the step, ends at the choice of a route."""
    found = debt(debtor_kind=kind.value)
    for _ in range(20):
        stage = stage_of(found, date(2026, 11, 20))
        if stage is Stage.ROUTE:
            break
        rungs = [step for step in ladder().steps.values() if kind in step.documents]
        habits = [
            step.documents[kind] for step in rungs if ORDER.index(step.stage) >= ORDER.index(stage)
        ]
        gone = {act.text("document") for act in found.acts}
        advice = without_repeat(recommend(cause, stage, kind), gone, habits, "x")
        chosen = advice.recommended.document if advice.recommended else None
        found = found.with_act(
            told(ActKind.SENT, date(2026, 11, 20), document=chosen or habits[0], stage=stage.value)
        )
    assert stage is Stage.ROUTE


# --- promises ------------------------------------------------------------------------------------


def test_promises_missed_are_counted(debt: Debt, told: Make) -> None:
    """Each promised day that passed counts from the day after it."""
    found = debt(
        told(ActKind.PROMISED, date(2026, 11, 2), promised_on=date(2026, 11, 6)),
        told(ActKind.PROMISED, date(2026, 11, 9), promised_on=date(2026, 11, 13)),
    )
    days = [date(2026, 11, day) for day in (6, 7, 13, 14)]
    assert [broken_promises(found, day) for day in days] == [0, 1, 1, 2]
    assert broken_promises(debt(), date(2026, 12, 1)) == 0


def test_a_payment_clears_the_promises_before_it(debt: Debt, told: Make) -> None:
    """A payment made since leaves none missed; one made before the promise changes nothing."""
    promise = told(ActKind.PROMISED, date(2026, 11, 2), promised_on=date(2026, 11, 6))
    part = told(ActKind.PART_PAID, date(2026, 11, 9), amount=Decimal(100))
    assert broken_promises(debt(promise, part), date(2026, 12, 1)) == 0
    early = told(ActKind.PART_PAID, date(2026, 11, 1), amount=Decimal(100))
    assert broken_promises(debt(early, promise), date(2026, 12, 1)) == 1
    paid = told(ActKind.PAID, date(2026, 11, 9))
    assert broken_promises(debt(promise, paid), date(2026, 12, 1)) == 0
    undone = told(ActKind.REOPENED, date(2026, 11, 10))
    assert broken_promises(debt(promise, paid, undone), date(2026, 12, 1)) == 1


def test_a_promise_put_off_in_time_was_not_missed(debt: Debt, told: Make) -> None:
    """A new date given on or before the first one replaces it."""
    found = debt(
        told(ActKind.PROMISED, date(2026, 11, 2), promised_on=date(2026, 11, 6)),
        told(ActKind.PROMISED, date(2026, 11, 6), promised_on=date(2026, 11, 13)),
    )
    assert broken_promises(found, date(2026, 11, 10)) == 0
    assert broken_promises(found, date(2026, 11, 14)) == 1


def test_a_promise_for_tomorrow_is_asked_about_the_day_after(
    debt: Debt, told: Make, wakes: Wakes
) -> None:
    """Told on Tuesday the 24th for the 25th, a promise wakes the dossier on the 26th."""
    found = debt(
        told(ActKind.ANSWERED, date(2026, 11, 24), outcome="promesse"),
        told(ActKind.PROMISED, date(2026, 11, 24), promised_on=date(2026, 11, 25)),
    )
    (only,) = wakes(found)
    assert (only.what, only.on) == ("promesse", date(2026, 11, 26))
    assert "reporté" not in only.why


@pytest.mark.parametrize("back", [ActKind.REOPENED, ActKind.RESUMED])
def test_a_promise_still_ahead_outlives_an_end(
    debt: Debt, told: Make, wakes: Wakes, back: ActKind
) -> None:
    """Paid by mistake or paused, then taken up again, a dossier waits for the promised day as before."""
    promise = told(ActKind.PROMISED, date(2026, 11, 24), promised_on=date(2026, 11, 30))
    end = ActKind.PAID if back is ActKind.REOPENED else ActKind.PAUSED
    found = debt(promise, told(end, date(2026, 11, 25)), told(back, date(2026, 11, 25)))
    assert stage_of(found, date(2026, 11, 30)) is Stage.HOLD
    (only,) = wakes(found)
    assert (only.what, only.on) == ("promesse", date(2026, 12, 1))


def test_a_promise_already_past_does_not_come_back(debt: Debt, told: Make, wakes: Wakes) -> None:
    """Reopened after the promised day, the dossier wakes because it was reopened."""
    found = debt(
        told(ActKind.PROMISED, date(2026, 11, 2), promised_on=date(2026, 11, 6)),
        told(ActKind.CLOSED, date(2026, 11, 9), how="abandon"),
        told(ActKind.REOPENED, date(2026, 11, 20)),
    )
    (only,) = wakes(found)
    assert (only.what, only.on) == ("etape", date(2026, 11, 21))


def test_a_transfer_still_on_its_way_outlives_an_end(debt: Debt, told: Make, wakes: Wakes) -> None:
    """A transfer announced the day before a reopening is still given its working days."""
    said = told(ActKind.ANSWERED, date(2026, 11, 23), outcome="virement_fait")
    found = debt(
        said, told(ActKind.PAID, date(2026, 11, 24)), told(ActKind.REOPENED, date(2026, 11, 24))
    )
    (only,) = wakes(found)
    assert (only.what, only.on) == ("virement", date(2026, 11, 26))


# --- « toujours rien » ---------------------------------------------------------------------------


def test_still_nothing_counts_three_days_and_moves_no_step(
    debt: Debt, told: Make, wakes: Wakes
) -> None:
    """A silence noted by the assistant brings it back three days later, at the same step."""
    still = told(ActKind.ANSWERED, date(2026, 11, 23), outcome="toujours_rien")
    assert stage_of(debt(still), date(2026, 11, 23)) is Stage.FIRST_CONTACT
    (only,) = wakes(debt(still))
    assert (only.stage, only.on) == (Stage.FIRST_CONTACT, date(2026, 11, 26))
    assert only.why == "3 jours après le 23 novembre 2026, toujours sans nouvelles"
    sent = told(ActKind.SENT, date(2026, 11, 23), document="relance_1", stage="relance_1")
    (after,) = wakes(debt(still, sent))
    assert (after.stage, after.on) == (Stage.REMINDER_2, date(2026, 11, 28))


def test_still_nothing_is_no_contact(debt: Debt, told: Make, wakes: Wakes) -> None:
    """It holds back no reminder: one asked for the next day comes the next day."""
    found = debt(
        told(ActKind.ANSWERED, date(2026, 11, 23), outcome="toujours_rien"),
        told(ActKind.SNOOZED, date(2026, 11, 23), until=date(2026, 11, 24)),
    )
    assert [d.on for d in wakes(found)] == [date(2026, 11, 24)]


def test_still_nothing_keeps_a_promise(debt: Debt, told: Make, wakes: Wakes) -> None:
    """Before the promised day it changes nothing; after it, three days are counted."""
    promise = told(ActKind.PROMISED, date(2026, 11, 16), promised_on=date(2026, 11, 20))
    before = debt(promise, told(ActKind.ANSWERED, date(2026, 11, 18), outcome="toujours_rien"))
    assert stage_of(before, date(2026, 11, 20)) is Stage.HOLD
    assert [(d.what, d.on) for d in wakes(before)] == [("promesse", date(2026, 11, 21))]
    later = debt(promise, told(ActKind.ANSWERED, date(2026, 11, 23), outcome="toujours_rien"))
    assert broken_promises(later, date(2026, 11, 23)) == 1
    assert [(d.what, d.on) for d in wakes(later)] == [("etape", date(2026, 11, 26))]


@pytest.mark.parametrize("name", ["sans_reponse", "virement_fait", "inconnu"])
def test_a_silence_that_tells_something_is_refused(name: str) -> None:
    """The ladder takes for a silence no contact, no announcement and no unknown outcome."""
    path = Path(flows.__file__).parent / "ladder" / "ladder.yaml"
    raw = load_yaml(path)
    read_ladder(Row(raw, "t"))
    with pytest.raises(BadTableError, match=r"silence|does not exist"):
        read_ladder(Row({**raw, "silences": [name]}, "t"))


# --- why a day was moved -------------------------------------------------------------------------


def test_a_sunday_is_explained(debt: Debt, told: Make, wakes: Wakes) -> None:
    """A day that falls on a Sunday is moved, and the reason says from which day."""
    sent = told(ActKind.SENT, date(2026, 11, 24), document="relance_1", stage="relance_1")
    (only,) = wakes(debt(sent))
    assert only.on == date(2026, 11, 30)
    assert only.why == (
        "5 jours après votre envoi du 24 novembre 2026 "
        "(rappel décalé du dimanche 29 novembre au jour ouvré suivant)"
    )


def test_a_delay_asked_for_a_closed_day_is_explained(debt: Debt, told: Make, wakes: Wakes) -> None:
    """A reminder put off to a public holiday says that it moved to the next working day."""
    snoozed = told(ActKind.SNOOZED, date(2026, 11, 9), until=date(2026, 11, 11))
    (only,) = wakes(debt(snoozed))
    assert only.on == date(2026, 11, 12)
    assert only.why == (
        "rappel demandé pour le 11 novembre 2026 "
        "(rappel décalé du mercredi 11 novembre au jour ouvré suivant)"
    )


def test_the_pause_between_two_contacts_is_explained(debt: Debt, told: Make, wakes: Wakes) -> None:
    """A reminder asked for too soon after a sending says why it waits."""
    found = debt(
        told(ActKind.SENT, date(2026, 11, 23), document="relance_1", stage="relance_1"),
        told(ActKind.SNOOZED, date(2026, 11, 23), until=date(2026, 11, 24)),
    )
    (only,) = wakes(found)
    assert only.on == date(2026, 11, 26)
    assert only.why == (
        "rappel demandé pour le 24 novembre 2026 "
        "(rappel décalé du mardi 24 novembre pour laisser 3 jours entre deux contacts)"
    )


def test_a_day_that_was_not_moved_is_not_explained(debt: Debt, told: Make, wakes: Wakes) -> None:
    """On time, or pushed only because something was told since, a day carries no explanation."""
    sent = told(ActKind.SENT, date(2026, 11, 23), document="relance_1", stage="relance_1")
    noted = told(ActKind.CORRECTED, date(2026, 11, 30), fact="amount_due")
    assert "reporté" not in wakes(debt(sent))[0].why
    moved = wakes(debt(sent, noted))[0]
    assert moved.on == date(2026, 12, 1)
    assert "reporté" not in moved.why
