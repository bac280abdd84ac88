"""What each act changes at once: the décompte, the time to act, the routes, the reminders; and nothing else."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from flows.dialogue.conversation import Moment
from flows.dossier import REMOVABLE, Act, ActKind, Dossier
from flows.facts.legal import limitation_of, situation_of
from flows.law.routes import routes_for
from flows.values import Value
from tests.dialogue.player import LIBRARY, PARIS
from tests.facts.makers import DAY, TODAY, act, happened

NOTICE = "mise_en_demeure_pro"
SENT_ON = date(2026, 10, 20)
ARRIVED = date(2026, 10, 22)
PARTS = ("decompte", "limitation", "routes", "reminders")
FACTS: dict[str, Value] = {
    "debtor_name": "Dupont SARL",
    "debtor_status": "societe",
    "debtor_postcode": "69003",
    "amount_due": Decimal(1250),
    "invoice_due_on": date(2026, 8, 1),
    "work_done_on": date(2026, 7, 1),
    "instalments": 3,
    "first_instalment_on": date(2026, 12, 7),
}
BEFORE = (
    act(ActKind.OPENED, date(2026, 8, 3)),
    act(ActKind.SENT, SENT_ON, document=NOTICE, stage="mise_en_demeure", channel="lrar"),
)
ORDER = happened("ordonnance")
SERVED = (ORDER, happened("signification_ordonnance"))
OPEN = act(ActKind.PROCEDURE_OPENED, DAY, dated="oui")


def state(*acts: Act, kind: str = "professionnel") -> dict[str, Any]:
    """Give what is counted of a debt after a mise en demeure and these acts."""
    found = Dossier("d", date(2026, 8, 3), {**FACTS, "debtor_kind": kind}, (*BEFORE, *acts))
    law, moment = LIBRARY.law, Moment(datetime.combine(TODAY, time(10), PARIS))
    owed, period = LIBRARY.total_due(found, TODAY), limitation_of(found, TODAY, law)
    here = situation_of(found, {"creditor_status": "commercant"}, TODAY, law)
    return {
        "decompte": owed and (owed.principal_remaining, owed.total),
        "limitation": getattr(period, "last_on", None),
        "routes": {route.id: route.status for route in routes_for(here, law, "")},
        "reminders": [(due.key, due.on) for due in LIBRARY.reminders(found, moment)],
    }


def changed(*acts: Act, kind: str = "professionnel") -> set[str]:
    """Give which of the four an act moves."""
    before, after = state(kind=kind), state(*acts, kind=kind)
    return {part for part in PARTS if before[part] != after[part]}


MONEY = {"decompte", "reminders"}
TIME = {"limitation", "reminders"}
ROUTE = {"routes", "reminders"}
TABLE: dict[str, tuple[tuple[Act, ...], set[str]]] = {
    "part paid": ((act(ActKind.PART_PAID, DAY, amount=Decimal(500)),), MONEY),
    "paid": ((act(ActKind.PAID, DAY),), MONEY),
    "credit note": ((act(ActKind.CREDITED, DAY, amount=Decimal(250), corrects="non"),), MONEY),
    "received": ((act(ActKind.RECEIVED, ARRIVED, document=NOTICE),), {"reminders"}),
    "unclaimed": (
        (act(ActKind.RECEIVED, ARRIVED, document=NOTICE, how="non_reclamee"),),
        {"reminders"},
    ),
    "unknown there": (
        (act(ActKind.RETURNED, DAY, document=NOTICE, how="inconnu"),),
        {"reminders"},
    ),
    "answered": ((act(ActKind.ANSWERED, DAY, outcome="refuse", note="Non"),), {"reminders"}),
    "promised": ((act(ActKind.PROMISED, DAY, promised_on=date(2026, 12, 1)),), {"reminders"}),
    "contested": ((happened("contestation"),), ROUTE),
    "plan signed": (
        (happened("echeancier_signe"), act(ActKind.SENT, DAY, document="accord_echeancier")),
        TIME,
    ),
    "dates changed": (
        (act(ActKind.PLANNED, DAY, parts=2, first_on=date(2026, 12, 5), signed="oui"),),
        {"reminders"},
    ),
    "debt acknowledged": ((happened("reconnaissance"),), TIME),
    "conciliation": ((happened("conciliation"),), TIME),
    "requête": ((happened("requete_injonction"),), ROUTE),
    "order": ((ORDER,), ROUTE),
    "served": (SERVED, ROUTE | TIME),
    "opposed": ((*SERVED, happened("opposition")), ROUTE | TIME),
    "title": ((happened("titre"),), ROUTE),
    "procedure": ((OPEN,), ROUTE | MONEY),
    "declared": (
        (OPEN, happened("publication_bodacc"), happened("declaration_creance")),
        set(PARTS),
    ),
    "closed": ((act(ActKind.CLOSED, DAY, how="perdu"),), {"reminders"}),
    "paused": ((act(ActKind.PAUSED, DAY),), {"reminders"}),
}


@pytest.mark.parametrize("name", TABLE)
def test_an_act_moves_what_it_should(name: str) -> None:
    """Each act moves its part of the four in one step, and leaves the others where they were."""
    acts, expected = TABLE[name]
    assert changed(*acts) == expected


@pytest.mark.parametrize("name", TABLE)
def test_computing_again_gives_the_same(name: str) -> None:
    """What follows from the acts is derived: the same acts give the same rows."""
    acts, _ = TABLE[name]
    assert state(*acts) == state(*acts)


@pytest.mark.parametrize(
    ("how", "expected"), [("", MONEY), ("non_reclamee", MONEY), ("refusee", MONEY)]
)
def test_a_consumer_owes_interest_from_the_letter(how: str, expected: set[str]) -> None:
    """For a consumer the arrival or first presentation of the mise en demeure starts the interest."""
    told = act(ActKind.RECEIVED, ARRIVED, document=NOTICE, how=how)
    assert changed(told, kind="particulier") == expected


def test_a_letter_that_reached_nobody_starts_no_interest() -> None:
    """Unknown at the address, the letter moves the reminders only, and takes the receipt it awaited away."""
    back = act(ActKind.RETURNED, DAY, document=NOTICE, how="inconnu")
    assert changed(back, kind="particulier") == {"reminders"}
    assert not [key for key, _ in state(back)["reminders"] if key.startswith(("voie", "reception"))]


@pytest.mark.parametrize("name", [n for n, (acts, _) in TABLE.items() if len(acts) == 1])
def test_what_can_be_taken_back_changes_nothing_then(name: str) -> None:
    """An act noted and taken back leaves the sums, the time to act and the routes as if it had never been."""
    (told,), _ = TABLE[name]
    if told.kind not in REMOVABLE:
        assert told.kind in {ActKind.CLOSED, ActKind.PAUSED, ActKind.PROCEDURE_OPENED}
        return
    datum = REMOVABLE[told.kind]
    named = {datum: told.data[datum]} if datum in told.data else {}
    undone = act(ActKind.CORRECTED, TODAY, fact=told.kind.value, day=told.on, **named)
    assert changed(told, undone) <= {"reminders"}
    keys = {key.partition("@")[0] for key, _ in state(told, undone)["reminders"]}
    assert keys == {key.partition("@")[0] for key, _ in state()["reminders"]}
