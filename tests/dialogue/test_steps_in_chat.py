"""« Étapes »: what a person sees of the ladder of a dossier, and changes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.dialogue.events import Pressed, Woken
from flows.dossier import ActKind, Stage, Status
from flows.ladder import stage_of
from tests.dialogue.player import TODAY, Player, plain


def card(
    kind: str = "Une société", due: str = "15/10/2026", outcome: str = "pas de réponse"
) -> Player:
    """Bring a dossier, forty days late on 24 November 2026, to its card."""
    player = Player().start().press("facture impayée", kind)
    player.say("Dupont SARL", "1250 €", due)
    if player.state == "contact":
        player.press(outcome)
    return player.command("dossiers").press("Dupont SARL")


def reminded() -> Player:
    """Bring a dossier whose first reminder left today to its steps."""
    player = card().press("Étapes", "J’ai déjà envoyé", "Une première relance", "Aujourd’hui")
    assert player.state == "steps"
    return player


def last(player: Player) -> tuple[str, dict[str, object]]:
    """Give the kind and the data of the last act."""
    act = player.dossier.acts[-1]
    return act.kind.value, dict(act.data)


def status(player: Player) -> Status:
    """Give whether the dossier in hand still asks for anything."""
    return player.dossier.status


# --- the list ---------------------------------------------------------------------------------


def test_the_steps_are_listed_with_their_days() -> None:
    """What is done, what comes next and from what it counts, what would follow and when."""
    body = plain(reminded().body)
    done, rest = body.split("Prochaine étape")
    assert "Déjà fait" in done
    assert "Première relance, le 24 novembre 2026" in done
    now, later = rest.split("Ensuite")
    assert "Deuxième relance, le <b>30 novembre 2026</b>" in now
    assert "5 jours après votre envoi du 24 novembre 2026" in now
    assert "décalé du dimanche 29 novembre" in now
    assert "Dernière relance, vers le 7 décembre 2026" in later
    assert "Mise en demeure, vers le 15 décembre 2026" in later
    assert "Choix d’une voie, vers le 8 janvier 2027" in later


def test_a_dossier_opened_late_says_where_it_begins() -> None:
    """Forty days late with nothing sent, the steps begin with a first contact and say why."""
    player = card(outcome="Rien fait").press("Étapes")
    body = plain(player.body)
    assert body.split("Prochaine étape</b>\n")[1].startswith("• Premier contact")
    assert (
        "Facture échue depuis 40 jours à l’ouverture du dossier, et rien n’avait encore été" in body
    )
    reached = plain(card().press("Étapes").body)
    assert "le client avait déjà été joint" in reached
    assert "• Première relance" in reached.split("Prochaine étape")[1]


def test_a_dossier_opened_in_time_explains_nothing() -> None:
    """Nothing is said of a late entry where there is none, and nothing was sent before the due date."""
    player = card(due="30/11/2026").press("Étapes")
    assert "Facture échue" not in plain(player.body)
    assert player.labels[:2] == ["Changer le délai", "Passer cette étape"]
    assert not any("déjà envoyé" in label for label in player.labels)


def test_the_steps_lead_back_to_the_card() -> None:
    """« Voir le dossier » leaves the steps, and « Étapes » stands on the card of an open dossier alone."""
    player = reminded().press("Voir le dossier")
    assert player.state == "card"
    assert "Étapes" in player.labels
    player.press("Payé").command("dossiers").press("Dupont SARL")
    assert "Étapes" not in player.labels


def test_a_consumer_and_a_public_body_have_their_own_days() -> None:
    """A public body is given more time than a professional, and its steps bear its own days."""
    days = []
    for kind in ("Une société", "mairie"):
        player = card(kind).press(
            "Étapes", "J’ai déjà envoyé", "Une première relance", "Aujourd’hui"
        )
        days.append(player.dossier)
        body = plain(player.body)
        assert ("30 novembre" in body) is (kind == "Une société")
    assert days[0].debtor_kind is not days[1].debtor_kind


# --- a delay ----------------------------------------------------------------------------------

DELAYS = [
    ("dans 10 jours", date(2026, 12, 4)),
    ("8 jours après l’envoi", date(2026, 12, 2)),
    ("50 jours après l’échéance", date(2026, 12, 4)),
    ("fin du mois", date(2026, 11, 30)),
    ("10 jours après la fin du mois", date(2026, 12, 10)),
    ("1 mois après l’envoi", date(2026, 12, 24)),
    ("18/12/2026", date(2026, 12, 18)),
    ("demain", date(2026, 11, 27)),  # three days between two contacts
]


@pytest.mark.parametrize(("said", "day"), DELAYS)
def test_a_delay_is_typed(said: str, day: date) -> None:
    """What is typed moves the next step to its day, the steps say so, and the reminder follows."""
    player = reminded().press("Changer le délai").say(said)
    assert player.state == "steps"
    assert player.dossier.acts[-1].kind is ActKind.DELAYED
    assert min(at.date() for at in player.reminders.values()) == day
    assert player.later((day - TODAY).days)
    assert player.now.date() == day


@pytest.mark.parametrize(
    ("label", "day"),
    [
        ("Dans 3 jours", date(2026, 11, 27)),
        ("Dans une semaine", date(2026, 12, 1)),
        ("Dans 2 semaines", date(2026, 12, 8)),
        ("Fin du mois", date(2026, 11, 30)),
    ],
)
def test_a_delay_is_pressed(label: str, day: date) -> None:
    """Each button gives its day, and « Délai habituel » gives the habit back."""
    player = reminded().press("Changer le délai")
    assert "Délai habituel" not in player.labels
    player.press(label)
    assert min(at.date() for at in player.reminders.values()) == day
    player.press("Changer le délai", "Délai habituel")
    assert min(at.date() for at in player.reminders.values()) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("bientôt", "8 jours après l’envoi"),
        ("hier", "une date après aujourd’hui"),
        ("10 jours ouvrés", "jours de calendrier"),
        ("3 jours après l’échéance", "Cela tomberait le 18 octobre 2026"),
        ("10 jours après la réception", "aucune lettre en attente"),
        ("2 jours après la date promise", "Aucune date n’a été promise"),
        ("9999 jours", "dépasse 730 jours"),
        ("<b>🙃</b>", "Je n’ai pas compris"),
    ],
)
def test_a_delay_that_cannot_be_is_asked_again(said: str, expected: str) -> None:
    """What cannot be read, or cannot be, is asked again with what was expected, and nothing is recorded."""
    player = reminded().press("Changer le délai")
    before = player.dossier
    player.say(said)
    assert player.state == "step_delay"
    assert expected in plain(player.body)
    assert "Quand voulez-vous y revenir" in player.body
    assert player.dossier == before


def test_a_sending_that_never_was_is_no_base() -> None:
    """Nothing sent yet, a delay after the sending is refused with what can be written."""
    player = (
        card(outcome="Rien fait").press("Étapes", "Changer le délai").say("8 jours après l’envoi")
    )
    assert "Rien n’a encore été envoyé" in player.body


def test_the_delay_of_a_formal_notice_can_only_be_longer() -> None:
    """While the letter's own delay runs, a shorter one is refused and only later buttons are offered."""
    player = card().press("Étapes", "J’ai déjà envoyé", "Une mise en demeure", "Hier")
    before = min(at for (_, key), at in player.reminders.items() if key.startswith("voie")).date()
    player.press("Changer le délai")
    assert "plus tard, pas plus tôt" in player.body
    assert "Dans 3 jours" not in player.labels
    assert "Dans 2 semaines" not in player.labels
    player.say("dans 3 jours")
    assert player.state == "step_delay"
    assert "plus tard, pas plus tôt" in player.body
    player.say("dans 2 mois")
    after = min(at for (_, key), at in player.reminders.items() if key.startswith("voie")).date()
    assert after == date(2027, 1, 25)
    assert after > before


def test_a_delay_from_a_receipt_waits_for_it() -> None:
    """A registered letter on its way: a delay after its receipt is taken, and counts once the day is told."""
    player = card().press("Étapes", "J’ai déjà envoyé", "Une mise en demeure", "Hier")
    player.press("Changer le délai").say("30 jours après la réception")
    assert "Le délai comptera de la réception" in player.told()
    player.press("Voir le dossier", "Lettre reçue", "Aujourd’hui")
    assert min(at.date() for (_, k), at in player.reminders.items() if k.startswith("voie")) == (
        TODAY + timedelta(days=30)
    )


def test_a_promise_is_waited_for_and_the_answer_says_so() -> None:
    """A delay shorter than a promise leaves the promise first: the day given back is the true one."""
    player = card().press("Il a répondu", "Il promet").say("10/12/2026")
    player.press("Voir le dossier", "Étapes", "Changer le délai", "Dans 3 jours")
    assert "11 décembre 2026" in plain(player.told())
    assert "27 novembre" not in plain(player.told())


# --- passing a step, going back ---------------------------------------------------------------


def test_a_step_is_passed_and_taken_again() -> None:
    """« Passer cette étape » leaves the next one; « Revenir à une étape » brings it back; both are told."""
    player = reminded().press("Passer cette étape")
    assert last(player) == ("etape", {"from": "relance_2", "to": "derniere_relance"})
    assert "• Deuxième relance" in plain(player.body).split("Prochaine étape")[0]
    assert "Étape passée : « Deuxième relance »" in player.told()
    assert stage_of(player.dossier, TODAY) is Stage.LAST_REMINDER
    assert player.later(20)
    assert "dernière relance" in player.told().lower()
    player.command("dossiers").press("Dupont")
    player.press("Étapes", "Revenir à une étape")
    assert player.labels[:3] == ["Premier contact", "Première relance", "Deuxième relance"]
    player.press("Deuxième relance")
    assert stage_of(player.dossier, TODAY) is Stage.REMINDER_2
    assert "à nouveau « Deuxième relance »" in player.told()
    card_of = plain(player.press("Voir le dossier").body)
    assert "étape « Deuxième relance » passée le 24/11/2026" in card_of
    assert "retour à l’étape « Deuxième relance »" in card_of


def test_the_formal_notice_is_not_passed() -> None:
    """At the mise en demeure there is no button to pass it, and the screen says why."""
    player = reminded().press("Passer cette étape", "Passer cette étape")
    assert stage_of(player.dossier, TODAY) is Stage.FORMAL_NOTICE
    assert "Passer cette étape" not in player.labels
    assert "La mise en demeure ne se passe pas" in player.body


def test_an_over_indebted_client_leaves_no_step_to_move() -> None:
    """Nothing of the ladder comes any more: the list stays, no button changes it."""
    player = card("Un particulier").press("Il a répondu", "surendettement")
    player.command("dossiers").press("Dupont SARL", "Étapes")
    assert player.labels == ["Mettre en pause", "Voir le dossier"]


def test_the_first_step_has_none_to_go_back_to() -> None:
    """Before anything was done, there is nothing to go back to."""
    player = card(outcome="Rien fait").press("Étapes")
    assert "Revenir à une étape" not in player.labels


def test_going_back_can_be_left() -> None:
    """« Voir les étapes » leaves a question about the steps with nothing changed."""
    for button in ("Revenir à une étape", "Changer le délai", "J’ai déjà envoyé"):
        player = reminded()
        before = player.dossier
        player.press(button, "Voir les étapes")
        assert player.state == "steps"
        assert player.dossier == before


def test_the_same_press_twice_passes_one_step() -> None:
    """A second press of the same button passes nothing more."""
    player = reminded()
    data = player.choice("Passer cette étape").data
    player.press("Passer cette étape")
    before = player.dossier
    player.send(Pressed(data))
    assert player.toasts
    assert player.dossier == before


def test_before_a_judge_no_step_is_moved() -> None:
    """Once a judge has it, the steps are history: nothing to pass nor to go back to."""
    player = reminded().press("Voir le dossier", "Noter un", "Requête")
    while player.state == "event_when":
        player.press("Aujourd’hui")
    player.command("dossiers").press("Dupont SARL", "Étapes")
    assert not {"Passer cette étape", "Revenir à une étape"} & set(player.labels)


# --- what had been sent before ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "document", "channel", "stage"),
    [
        ("Un premier appel", "script_appel", "appel", Stage.REMINDER_1),
        ("Un premier message", "sms_amical", "sms", Stage.REMINDER_1),
        ("Une première relance", "relance_1", "mail", Stage.REMINDER_2),
        ("Une deuxième relance", "relance_2", "mail", Stage.LAST_REMINDER),
        ("La dernière relance", "derniere_relance", "mail", Stage.FORMAL_NOTICE),
        ("Une mise en demeure", "mise_en_demeure_pro", "lrar", Stage.ROUTE),
    ],
)
def test_what_had_been_sent_counts(label: str, document: str, channel: str, stage: Stage) -> None:
    """Each sending told is an act of its day without a text, climbs its step, and can be taken back."""
    player = (
        card(outcome="Rien fait").press("Étapes", "J’ai déjà envoyé", label).say("le 5 novembre")
    )
    act = player.dossier.acts[-1]
    assert (act.kind, act.on) == (ActKind.SENT, date(2026, 11, 5))
    assert (act.text("document"), act.text("channel")) == (document, channel)
    assert (act.text("draft"), act.text("told")) == ("", "oui")
    assert stage_of(player.dossier, TODAY) is stage
    assert "le 05/11/2026" in player.told()
    player.press("Voir le dossier", "Corriger", "Retirer")
    assert player.dossier.last(ActKind.SENT) is None
    assert stage_of(player.dossier, TODAY) is Stage.FIRST_CONTACT


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("demain", ""),
        ("le 1er octobre 2026", "n’était pas encore échue"),
        ("je ne sais plus", ""),
    ],
)
def test_a_day_that_cannot_be_is_asked_again(said: str, expected: str) -> None:
    """A day to come, one before the due date, or no day at all: asked again, nothing recorded."""
    player = card().press("Étapes", "J’ai déjà envoyé", "Une première relance")
    before = player.dossier
    player.say(said)
    assert player.state == "step_told_when"
    assert expected in plain(player.body)
    assert "c’était quand" in player.body
    assert player.dossier == before


def test_it_can_be_told_when_the_dossier_is_opened() -> None:
    """« J’ai déjà envoyé des relances » at the first question counts, and the questions go on."""
    player = Player().start().press("facture impayée", "Une société")
    player.say("Dupont SARL", "1250 €", "15/10/2026").press("J’ai déjà envoyé")
    player.press("Une deuxième relance").say("il y a 10 jours")
    assert player.state == "contact"
    player.press("pas de réponse")
    assert stage_of(player.dossier, TODAY) is Stage.LAST_REMINDER
    player.command("dossiers").press("Dupont SARL", "Étapes")
    assert "vos envois d’avant comptent" in plain(player.body)
    typed = Player().start().press("facture impayée", "Une société")
    typed.say("Dupont SARL", "1250 €", "15/10/2026", "j’ai déjà envoyé des relances")
    assert typed.state == "step_told"
    typed.command("retour")
    assert typed.state == "contact"


# --- a pause ----------------------------------------------------------------------------------

PAUSES = [
    ("1 semaine", date(2026, 12, 1)),
    ("2 semaines", date(2026, 12, 8)),
    ("1 mois", date(2026, 12, 24)),
]


@pytest.mark.parametrize(("label", "day"), PAUSES)
def test_a_pause_ends_by_itself(label: str, day: date) -> None:
    """Paused until a day, nothing comes before; on that day the dossier resumes and says so."""
    player = reminded().press("Mettre en pause", label)
    assert status(player) is Status.PAUSED
    assert player.state == "waiting"
    assert "en pause" in player.body
    assert [at.date() for at in player.reminders.values()] == [day]
    assert not player.later((day - TODAY).days - 1)
    assert player.later(1)
    assert player.now.date() == day
    assert status(player) is Status.OPEN
    kinds = [act.kind for act in player.dossier.acts[-2:]]
    assert kinds == [ActKind.RESUMED, ActKind.NUDGED]
    assert "La pause demandée" in plain(player.told())
    assert "Payé depuis" in player.told()
    steps = [at.date() for (_, key), at in player.reminders.items() if key.startswith("etape")]
    assert min(steps) >= day + timedelta(days=4)


@pytest.mark.parametrize(
    ("said", "day"), [("15/01/2027", date(2027, 1, 15)), ("10 jours", date(2026, 12, 4))]
)
def test_the_end_of_a_pause_is_typed(said: str, day: date) -> None:
    """A date or a length of time ends the pause, and the card and the list say when."""
    player = reminded().press("Mettre en pause").say(said)
    assert [at.date() for at in player.reminders.values()] == [day]
    assert "jusqu’au" in plain(player.press("Voir le dossier").body)
    player.command("dossiers")
    assert "en pause jusqu’au" in plain(player.body)


def test_a_pause_without_a_day_lasts() -> None:
    """« Sans date » silences the dossier until it is taken up by hand."""
    player = reminded().press("Mettre en pause", "Sans date")
    assert player.reminders == {}
    assert "jusqu’à ce que vous le repreniez" in player.body
    assert not player.later(200)
    player.press("Voir le dossier", "Reprendre")
    assert status(player) is Status.OPEN


@pytest.mark.parametrize("said", ["hier", "bientôt", "24/11/2026", "🙃", "10000 jours"])
def test_an_end_that_cannot_be_is_asked_again(said: str) -> None:
    """What is no day to come is asked again, and nothing is paused."""
    player = reminded().press("Mettre en pause").say(said)
    assert player.state == "pause_until"
    assert "Jusqu’à quand" in player.body
    assert status(player) is Status.OPEN


def soon_prescribed() -> Player:
    """Bring a consumer's debt of two years ago, soon prescribed, to its card."""
    player = card("Un particulier", due="10/02/2025")
    known = player.dossier.with_facts(work_done_on=date(2025, 1, 10))
    player.book.dossiers[known.id] = known
    return player.press("Corriger", "Voir le dossier")


def test_the_clocks_of_the_law_are_said_before_a_pause() -> None:
    """A legal date within the pause is named with its day, and the pause waits for a yes."""
    player = soon_prescribed().press("Mettre en pause", "1 mois")
    assert player.state == "pause_until"
    assert status(player) is Status.OPEN
    assert "la loi compte toujours" in player.body
    assert "rappel du <b>10 décembre 2026</b>" in plain(player.body)
    assert "10/01/2027" in plain(player.body)
    player.press("Choisir une autre date")
    assert "Jusqu’à quand" in player.body
    player.say("dans 5 semaines")
    assert "la loi compte toujours" in player.body
    player.say("non")
    assert status(player) is Status.OPEN
    player.press("1 mois").say("oui")
    assert status(player) is Status.PAUSED
    assert {key.partition("@")[0] for _, key in player.reminders} == {"reprise"}


def test_a_pause_free_of_legal_dates_asks_nothing_more() -> None:
    """Without a legal date meanwhile, the pause is taken at once."""
    player = reminded().press("Mettre en pause", "1 mois")
    assert status(player) is Status.PAUSED


def test_the_clock_missed_in_a_pause_is_said_when_it_ends() -> None:
    """What fell during the pause is not lost: it comes once the dossier has resumed."""
    player = soon_prescribed().press("Mettre en pause", "1 semaine")
    if player.state == "pause_until":
        player.press("Oui, mettre en pause")
    assert player.later(10)
    assert status(player) is Status.OPEN
    assert any("!" in key for _, key in player.reminders)


def test_a_pause_ends_beside_a_question_left_open() -> None:
    """Somebody answering about another dossier keeps the floor, and the paused one resumes beside."""
    player = reminded().press("Mettre en pause", "1 semaine")
    paused = player.dossier.id
    player.later(6)
    player.press("Autre facture", "Une société")
    ((key, at),) = [(key, at) for (owner, key), at in player.reminders.items() if owner == paused]
    player.now += timedelta(days=1)
    player.command("aide")  # the question was asked again today
    player.send(Woken(paused, key, at))
    assert "La pause demandée" in plain(player.told())
    assert player.state == "debtor_name"
    assert player.conversation.dossier_id != paused
    assert player.book.dossiers[paused].status is Status.OPEN


def test_the_end_of_a_pause_told_twice_is_said_once() -> None:
    """The same wake delivered twice, or after the dossier was taken up by hand, says nothing more."""
    player = reminded().press("Mettre en pause", "1 semaine")
    ((dossier_id, key),) = player.reminders
    at = player.reminders[dossier_id, key]
    player.now += timedelta(days=7)
    player.send(Woken(dossier_id, key, at))
    after = player.dossier
    player.send(Woken(dossier_id, key, at))
    assert player.shown == ()
    assert player.dossier == after
    by_hand = reminded().press("Mettre en pause", "1 semaine", "Voir le dossier", "Reprendre")
    before = by_hand.dossier
    by_hand.send(Woken(by_hand.dossier.id, key, at))
    assert by_hand.shown == ()
    assert by_hand.dossier == before


def test_a_pause_ends_in_the_message_of_the_day() -> None:
    """Two dossiers waking the same morning come as one message, and the paused one has resumed."""
    player = reminded().press("Mettre en pause", "1 semaine")
    paused = player.dossier.id
    player.command("nouveau").press("Une société").say("Durand SAS", "900 €", "15/10/2026")
    player.press("pas de réponse")
    player.command("dossiers").press("Durand", "Étapes", "Changer le délai").say("01/12/2026")
    assert {at.date() for at in player.reminders.values()} == {date(2026, 12, 1)}
    assert player.later(7)
    assert player.state == "digest"
    assert player.book.dossiers[paused].status is Status.OPEN
    assert not any(key.startswith("reprise") for _, key in player.reminders)


def test_a_day_that_was_chosen_is_kept_whatever_the_week_was() -> None:
    """The end of a pause and a chosen delay bear the mark of what the person asked for: no weekly cap holds them."""
    player = reminded().press("Changer le délai", "Dans une semaine")
    assert all("~" in key for _, key in player.reminders)
    player.press("Mettre en pause", "1 semaine")
    assert all("~" in key for _, key in player.reminders)


def test_the_card_says_when_a_pause_ends() -> None:
    """On the card of a paused dossier the day is that of its resumption, not of a step."""
    player = reminded().press("Mettre en pause", "1 semaine", "Voir le dossier")
    assert "Reprise prévue : le 1er décembre 2026" in plain(player.body)
    assert "Prochaine étape" not in player.body
