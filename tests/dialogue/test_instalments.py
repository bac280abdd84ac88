"""Payment in instalments in the chat: set out, followed by sums, missed, changed; and the day of a payment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from flows.dossier import ActKind, Status
from flows.plan import plan_of
from tests.dialogue.player import KINDS, LIBRARY, TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake

FIRST = date(2026, 12, 7)


def agreed(kind: str = "professionnel", document: str = "accord_echeancier") -> Player:
    """Somebody whose client has a plan of three instalments from Monday 7 December, set out yesterday."""
    player = intake(kind=KINDS[kind]).press("Pas d’argent")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.take(document)
    while player.state == "need":
        fact = player.conversation.scratch["fact"]
        player.say({"instalments": "3", "first_instalment_on": "07/12/2026"}[str(fact)])
    player.press("C’est signé" if document == "accord_echeancier" else "J’ai envoyé")
    player.press(player.labels[0], "Hier")
    if player.state == "tracking":
        player.press("plus tard")
    return player


@pytest.fixture(scope="module")
def signed_() -> Player:
    return agreed()


@pytest.fixture
def signed(signed_: Player) -> Player:
    return copy_of(signed_)


def card(player: Player) -> str:
    return plain(player.command("dossiers").press("Dupont SARL").body)


def pay(player: Player, amount: str) -> Player:
    card(player)
    return player.press("Payé en partie").say(amount)


def test_the_card_shows_the_plan(signed: Player) -> None:
    """What is paid and what is next, in sums."""
    assert (
        "Échéancier signé : 3 versements, 0 payé ; à venir : n° 1, 416,66 € le 7 décembre 2026"
        in card(signed)
    )
    pay(signed, "500")
    assert "1 payé ; à venir : n° 2, 333,32 € le 7 janvier 2027" in card(signed)


def test_a_signed_plan_is_one_line_of_the_history(signed: Player) -> None:
    """The text, and what it makes happen, are told once."""
    lines = [line for line in card(signed).split("\n") if line.startswith("•")]
    assert len([line for line in lines if "paiement en plusieurs fois" in line.lower()]) == 1
    assert not [line for line in lines if "Échéancier signé" in line]


def test_each_instalment_is_named_the_working_day_after(signed: Player) -> None:
    """The nudge comes the day after its date and names its number, sum and day."""
    assert signed.later(20)
    assert signed.now.date() == FIRST + timedelta(days=1)
    assert "versement n° 1 de 416,66 € du 7 décembre 2026" in plain(signed.body)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("professionnel", "tout ce qui reste (1 250,00 €) devient payable aussitôt"),
        ("etranger", "tout ce qui reste (1 250,00 €) devient payable aussitôt"),
        ("particulier", "un rappel écrit d’abord"),
        ("association", "un rappel écrit d’abord"),
    ],
)
def test_a_missed_instalment_says_what_was_agreed(kind: str, said: str) -> None:
    """The nudge says what the agreement says for this debtor, and proposes the reminder of the instalment."""
    player = agreed(kind)
    assert player.later(20)
    assert said in plain(player.body)
    assert "Prochaine étape : rappeler le versement" in plain(player.body)
    player.press("Toujours rien")
    assert "Rappeler le versement" in player.body
    player.press("C’est ça")
    assert player.state == "draft"
    assert player.conversation.scratch["document"] == "rappel_versement"
    assert "416,66 €" in plain(player.copies[0])


def remind(player: Player) -> Player:
    """Send the reminder of the instalment that is missed."""
    player.later(20)
    player.press("Toujours rien", "C’est ça", "J’ai envoyé", "E-mail", "Aujourd’hui")
    return player


def test_after_its_reminder_the_whole_is_asked(signed: Player) -> None:
    """The reminder without effect, the mise en demeure of the whole is proposed."""
    remind(signed)
    assert signed.later(20)
    assert "tout ce qui reste (1 250,00 €) peut être demandé" in plain(signed.body)
    assert "Prochaine étape : mise en demeure" in plain(signed.body)
    signed.press("Toujours rien", "C’est ça")
    while signed.state == "need":
        signed.press(signed.labels[0]) if signed.choices else signed.say("12/09/2026")
    assert signed.conversation.scratch["document"] == "mise_en_demeure_pro"


def test_a_consumer_has_the_delay_of_the_agreement() -> None:
    """For a consumer nothing is proposed before the delay of the reminder is over."""
    player = remind(agreed("particulier"))
    sent_on = player.now.date()
    card(player)
    player.press("Continuer")
    assert "L’accord laisse un délai" in player.body
    player.press("Voir le dossier") if "Voir le dossier" in player.labels else card(player)
    assert player.later(40)
    assert player.now.date() > sent_on + timedelta(days=15)
    assert "peut être demandé" in player.body


def test_paid_after_its_reminder_the_plan_goes_on(signed: Player) -> None:
    """The instalment paid late, the next one is watched."""
    remind(signed)
    pay(signed, "416,66")
    assert signed.later(60)
    assert "versement n° 2 de 416,66 € du 7 janvier 2027" in plain(signed.body)


def test_a_proposal_missed_is_a_promise_broken() -> None:
    """Not signed, a plan answered by a promise calls nothing else due."""
    player = agreed(document="proposition_echeancier")
    card(player)
    player.press("Il a répondu", "Il promet").say("07/12/2026")
    assert player.later(30)
    assert "pas été signé" in player.body
    assert "Prochaine étape : rappeler la promesse" in plain(player.body)


def test_a_proposal_nobody_answered_breaks_no_promise() -> None:
    """A proposal left without an answer is followed up like any message: nothing is late, nothing was promised."""
    player = agreed(document="proposition_echeancier")
    player.now += timedelta(days=30)
    assert "Échéancier proposé, pas signé" in card(player)
    assert "en retard" not in plain(player.body).replace("en retard de", "")
    player.press("Continuer")
    assert "promesse non tenue" not in player.body


def test_other_dates_can_be_told(signed: Player) -> None:
    """What is left is shared out anew from the dates agreed, and the first ones are waited for no more."""
    pay(signed, "250")
    card(signed)
    signed.press("Changer l’échéancier", "2").say("le 5 janvier 2027")
    assert signed.state == "card"
    assert "1. 500,00 € le 5 janvier 2027" in plain(signed.body)
    plan = plan_of(signed.dossier)
    assert plan is not None
    assert plan.signed
    assert [(one.on, one.left) for one in plan.instalments] == [
        (date(2027, 1, 5), Decimal(500)),
        (date(2027, 2, 5), Decimal(500)),
    ]
    assert "échéancier de 2 versements à partir du 5 janvier 2027" in plain(signed.body)
    assert signed.later(50)
    assert signed.now.date() == date(2027, 1, 6)


def test_a_wrong_answer_about_the_plan_is_asked_again(signed: Player) -> None:
    """What cannot be read keeps the question and the plan; the card is always one button away."""
    card(signed)
    signed.press("Changer l’échéancier")
    before = signed.dossier
    signed.say("beaucoup")
    assert (signed.state, signed.dossier) == ("plan_parts", before)
    signed.say("4").say("jamais")
    assert (signed.state, signed.dossier) == ("plan_first", before)
    signed.press("Voir le dossier")
    assert (signed.state, signed.dossier) == ("card", before)


def test_the_dates_are_told_where_a_plan_is_noted() -> None:
    """« Échéancier signé » noted without a text asks its dates, so that they can be followed."""
    player = intake().press("Pas d’argent")
    card(player)
    player.press("Noter un évènement", "Échéancier signé", "Hier")
    assert player.state == "plan_parts"
    player.press("3").say("07/12/2026")
    plan = plan_of(player.dossier)
    assert plan is not None
    assert plan.signed
    assert player.later(30)
    assert "versement n° 1 de 416,66 €" in plain(player.body)


# --- the day of a payment -----------------------------------------------------------------------


def test_paid_another_day(signed: Player) -> None:
    """« Payé » asks nothing; the closing screen takes another day, and nothing runs after it."""
    card(signed)
    signed.press("Payé")
    assert signed.state == "closed"
    signed.press("C’était un autre jour").say("20/11/2026")
    assert signed.state == "closed"
    assert signed.dossier.status is Status.PAID
    told = list(signed.dossier.acts_of(ActKind.PAID))
    assert [act.on for act in told] == [date(2026, 11, 20)]
    counted = LIBRARY.total_due(signed.dossier, TODAY)
    assert counted is not None
    assert counted.until == date(2026, 11, 20)
    assert "payé le 20/11/2026" in card(signed)
    assert "payé le 24/11/2026" not in plain(signed.body)


def test_the_day_of_a_payment_is_past_and_after_the_parts(signed: Player) -> None:
    """A day to come, or before a part already noted, is refused and changes nothing."""
    pay(signed, "100 € le 22/11")
    card(signed)
    signed.press("Payé", "C’était un autre jour")
    before = signed.dossier
    signed.say("demain")
    assert (signed.state, signed.dossier) == ("paid_on", before)
    signed.say("20/11/2026")
    assert "versement est noté le 22/11/2026" in plain(signed.body)
    assert (signed.state, signed.dossier) == ("paid_on", before)
    signed.press("Voir le dossier")
    assert (signed.state, signed.dossier) == ("card", before)


@pytest.mark.parametrize("said", ["il a payé hier", "c’est payé depuis le 23/11"])
def test_paid_is_told_with_its_day(signed: Player, said: str) -> None:
    """A sentence that tells the payment and its day closes the dossier on that day."""
    card(signed)
    signed.say(said)
    paid = signed.dossier.last(ActKind.PAID)
    assert paid is not None
    assert paid.on == date(2026, 11, 23)


def test_a_part_is_told_with_its_sum_and_day(signed: Player) -> None:
    """A sentence that tells a sum is a part of it; the whole sum on a day closes the dossier on that day."""
    card(signed)
    signed.say("il a payé 500 € hier")
    assert signed.dossier.payments == ((date(2026, 11, 23), Decimal(500)),)
    card(signed)
    signed.say("il a réglé 750 € le 23/11")
    paid = signed.dossier.last(ActKind.PAID)
    assert paid is not None
    assert paid.on == date(2026, 11, 23)


def test_the_rest_can_be_written_of_while_a_day_is_waited_for(signed: Player) -> None:
    """After a part payment, the message about the rest is one button away whatever is waited for."""
    pay(signed, "100")
    assert signed.state == "waiting"
    signed.press("Préparer un message pour le reste")
    assert signed.conversation.scratch["document"] == "quittance_partielle"
    assert signed.state in {"draft", "need"}
