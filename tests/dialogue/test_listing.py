"""« Mes dossiers »: what each line says, and in what order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from flows.dialogue.listing import show_dossiers
from flows.dialogue.screens import Screen
from flows.dialogue.turn import Turn
from flows.dossier import Act, ActKind, Dossier
from flows.values import Value
from tests.dialogue.player import LIBRARY, PARIS, TODAY, Player, plain
from tests.dialogue.test_causes import intake


def act(kind: ActKind, on: date = TODAY, **data: Value) -> Act:
    return Act(kind, on, datetime.combine(on, time(10), PARIS), data)


def debt(name: str, late: int | None, *acts: Act, amount: int | None = 100) -> Dossier:
    facts: dict[str, Value] = {"debtor_name": name, "debtor_kind": "professionnel"}
    if amount is not None:
        facts["amount_due"] = Decimal(amount)
    if late is not None:
        facts["invoice_due_on"] = TODAY - timedelta(days=late)
    opened = act(ActKind.OPENED, TODAY - timedelta(days=1))
    return Dossier(f"id{name}", opened.on, facts, (opened, *acts))


def listed(*dossiers: Dossier) -> Player:
    player = Player()
    player.book.dossiers = {one.id: one for one in dossiers}
    return player.command("dossiers")


def lines(player: Player, name: str) -> tuple[str, str]:
    """Give the two lines about a client, without markup or number."""
    told = plain(player.body).replace("<b>", "").replace("</b>", "").splitlines()
    place = next(i for i, line in enumerate(told) if f". {name} –" in line)
    return told[place].partition(" – ")[2], told[place + 1].removeprefix("<i>").removesuffix("</i>")


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (40, "100,00 €, 40 jours de retard"),
        (1, "100,00 €, 1 jour de retard"),
        (0, "100,00 €, échéance le 24 novembre 2026"),
        (-9, "100,00 €, échéance le 3 décembre 2026"),
        (None, "100,00 €"),
    ],
)
def test_a_line_says_how_late_it_is(late: int | None, said: str) -> None:
    """Days late from the day after the due date; before, the due date; nothing while it is not known."""
    assert lines(listed(debt("A", late)), "A")[0] == said


def test_several_invoices_say_what_of_it_is_late() -> None:
    """The count of those unpaid, and the sum that is late when it is not all."""
    more = act(
        ActKind.INVOICE_ADDED, key="i2", amount=Decimal(50), due_on=TODAY + timedelta(days=9)
    )
    player = listed(debt("A", 40, more))
    assert lines(player, "A")[0] == "150,00 € (2 factures), dont 100,00 € en retard"
    assert "150,00 € à recevoir, dont 100,00 € en retard" in plain(player.body)


def test_open_then_paused_then_over() -> None:
    """Of one kind, the latest changed first; what is over counts in no sum and is not late."""
    player = listed(
        debt("paid", 5, act(ActKind.PAID)),
        debt("paused", 5, act(ActKind.PAUSED)),
        debt("lost", 5, act(ActKind.CLOSED, how="perdu")),
        debt("open", 5),
        debt("open too", -5),
    )
    clients = [label for label in player.labels if " " not in label or label == "open too"]
    assert clients == ["open too", "open", "paused", "lost", "paid"]
    assert "300,00 € à recevoir, dont 200,00 € en retard" in plain(player.body)
    assert lines(player, "paid") == ("100,00 €", "payé")
    assert lines(player, "lost") == ("100,00 €", "perdu")
    assert lines(player, "paused")[1] == "en pause"


def test_the_next_date_of_each() -> None:
    """The day to come, today when it has come, the end of a pause; a dossier barely begun is to be completed."""
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé")
    player.press(player.labels[0], "Hier").command("dossiers")
    assert lines(player, "Dupont SARL")[1] == "prochaine étape le 2 décembre 2026"
    player.now += timedelta(days=9)
    player.command("dossiers")
    assert lines(player, "Dupont SARL")[1] == "prochaine étape aujourd’hui"
    until = act(ActKind.PAUSED, until=date(2026, 12, 15))
    assert lines(listed(debt("A", 5, until)), "A")[1] == "en pause jusqu’au 15 décembre 2026"
    begun = debt("B", None, amount=None)
    assert lines(listed(begun), "B") == ("montant à préciser", "à compléter")


def test_pages_count_on_and_keep_the_sums() -> None:
    """The second page goes on from the first, under the sums of all."""
    player = listed(*(debt(f"C{n}", 5) for n in range(20)))
    assert "2 000,00 € à recevoir" in plain(player.body)
    assert "12 autres" in player.body
    player.press("Suivants")
    assert "9. " in player.body
    assert "2 000,00 € à recevoir" in plain(player.body)
    assert len([label for label in player.labels if label.startswith("C")]) == 8


def test_what_this_very_turn_changed_is_shown_as_it_stands() -> None:
    """A dossier paid by the event that leads to the list is there as paid, before it is stored."""
    player = listed(debt("A", 5), debt("B", 5))
    turn = Turn(player.conversation, player.book, player.moment, LIBRARY)
    turn.put(debt("A", 5, act(ActKind.PAID)))
    player.history.append(Screen(show_dossiers(turn).body))
    assert lines(player, "A") == ("100,00 €", "payé")
    assert "100,00 € à recevoir" in plain(player.body)
