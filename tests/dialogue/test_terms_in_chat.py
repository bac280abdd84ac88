"""The due date from the invoice and its terms, and what was agreed of penalties, as the chat asks them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from flows.diagnosis import outcomes
from flows.dialogue.case import FIRST_DRAFT_ANSWERS
from flows.dialogue.events import Pressed
from flows.dossier import ActKind
from letters.format import date_longue
from tests.dialogue.player import KINDS, Player, copy_of, plain
from tests.dialogue.test_causes import intake

INVOICE = "facture du 20/09/2026"
READINGS = {date(2026, 11, 30), date(2026, 11, 14)}
_SHOWN = re.compile(r"^(\d{2})/(\d{2})/(\d{4})\u00a0: ")


def dated(kind: str, text: str = INVOICE) -> Player:
    """Tell the invoice's date in place of its due date: the question on terms is open."""
    player = Player().start().press("facture impayée", KINDS[kind])
    return player.say("Dupont SARL", "1 250 €", text)


def day_shown(label: str) -> date | None:
    """Give the day a button begins with."""
    found = _SHOWN.match(label)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


def seen(player: Player) -> str:
    """Give the body with plain spaces."""
    return plain(player.body)


# --- due date --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_button_gives_the_date_it_shows(kind: str) -> None:
    """Whatever terms are pressed, the due date kept is the one on the button, read back with its rule."""
    asking = dated(kind)
    assert asking.state == "terms"
    shown = [choice for choice in asking.choices if day_shown(choice.label)]
    assert len(shown) >= 5
    for choice in shown:
        player = copy_of(asking)
        player.send(Pressed(choice.data))
        day = day_shown(choice.label)
        assert day is not None
        assert player.dossier.due_on == day
        assert player.state in {"contact", "before_due"}
        shown_on = plain(date_longue(day))
        assert f"Échéance : <b>{shown_on}</b>. <i>" in seen(player)


@pytest.mark.parametrize(
    ("kind", "label", "due"),
    [
        ("professionnel", "Rien n’est écrit", date(2026, 10, 20)),
        ("professionnel", "60 jours", date(2026, 11, 19)),
        ("particulier", "Rien n’est écrit", date(2026, 9, 20)),
        ("association", "Rien n’est écrit", date(2026, 10, 20)),
        ("public", "Mairie", date(2026, 10, 20)),
        ("public", "Hôpital", date(2026, 11, 9)),
        ("public", "Entreprise publique", date(2026, 11, 19)),
        ("etranger", "30 jours", date(2026, 10, 20)),
        ("etranger", "Rien n’est écrit", date(2026, 9, 20)),
    ],
)
def test_the_due_date_of_each_debtor(kind: str, label: str, due: date) -> None:
    """Thirty days by default, none for a consumer, thirty, fifty or sixty for a public body."""
    assert dated(kind).press(label).dossier.due_on == due


@pytest.mark.parametrize("kind", ["professionnel", "association", "etranger"])
def test_both_readings_of_45_days_end_of_month(kind: str) -> None:
    """Typed without a reading, the two are offered with their dates and the law's word on which one counts."""
    for asking in (
        dated(kind).say("45 jours fin de mois"),
        dated(kind, f"{INVOICE} à 45 jours fin de mois"),
    ):
        assert asking.state == "terms"
        offered = [c for c in asking.choices if day_shown(c.label)]
        assert {day_shown(c.label) for c in offered} == READINGS
        assert "se lit de deux façons" in asking.body
        assert asking.dossier.due_on is None
        for choice in offered:
            player = copy_of(asking)
            player.send(Pressed(choice.data))
            assert player.dossier.due_on == day_shown(choice.label)


def test_a_public_body_is_asked_instead_of_its_terms() -> None:
    """The law fixes the delay of a public body: which one it is is asked, and why."""
    player = dated("public")
    assert "Quel type d’administration" in player.body
    assert "Le délai de paiement et la voie à suivre en dépendent." in player.body
    player.press("Je ne sais pas")
    assert player.dossier.get("public_body") == "inconnu"
    assert player.dossier.due_on == date(2026, 11, 19), "in doubt, the longest delay"


def test_abroad_without_terms_the_invoice_date_is_taken() -> None:
    """Abroad the contract alone counts: its date is asked, and without it the invoice's is taken, which is said."""
    player = dated("etranger")
    assert "seul le contrat fixe l’échéance" in player.body
    known = copy_of(player).say("15/10/2026")
    assert (known.state, known.dossier.due_on) == ("contact", date(2026, 10, 15))
    assert day_shown(player.choice("Rien n’est écrit").label) == date(2026, 9, 20)
    player.press("Rien n’est écrit")
    assert (player.state, player.dossier.due_on) == ("contact", date(2026, 9, 20))
    assert "aucune règle française" in player.body
    assert "Aucune pénalité n’est comptée" in player.body


@pytest.mark.parametrize("kind", KINDS)
def test_the_due_date_can_be_typed_instead(kind: str) -> None:
    """Somebody who knows the due date after all writes it in place of the terms."""
    player = dated(kind).say("15/10/2026")
    assert (player.state, player.dossier.due_on) == ("contact", date(2026, 10, 15))
    assert date_longue(date(2026, 10, 15)) in player.body


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_terms_is_asked_again(kind: str) -> None:
    """Words that are neither terms nor a date change nothing and say what is expected."""
    player = dated(kind)
    before = (player.dossier, player.conversation.serial, player.labels)
    player.say("comme d’habitude")
    assert player.state == "terms"
    assert (player.dossier, player.conversation.serial, player.labels) == before


def test_typed_terms_give_their_date() -> None:
    """Terms typed in words count as the button's would."""
    assert dated("professionnel").say("30 jours").dossier.due_on == date(2026, 10, 20)
    assert dated("professionnel").say("à réception").dossier.due_on == date(2026, 9, 20)
    assert dated("professionnel").say("60 jours").dossier.get("payment_terms") == "jours:60"


def test_terms_beyond_the_ceiling_are_explained() -> None:
    """A delay over sixty days is kept as agreed and the ceiling is explained at once."""
    player = Player().start().press("facture impayée", KINDS["professionnel"])
    player.say("Dupont SARL", "1 250 €", "facture du 20/07/2026").say("90 jours")
    assert player.dossier.get("payment_terms") == "jours:90"
    assert player.dossier.due_on is not None
    assert "60 jours" in plain(player.body)
    usual = dated("professionnel").press("60 jours")
    assert "plafond" not in usual.body


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Dupont SARL me doit 1250 €, facture du 20/09/2026 à 30 jours", date(2026, 10, 20)),
        ("Dupont SARL me doit 1250 €, facture F-14 du 20/09/2026, paiement à 60 jours", date(2026, 11, 19)),
    ],
)  # fmt: skip
def test_a_whole_sentence_with_its_terms_asks_nothing_more(sentence: str, due: date) -> None:
    """Client, sum, invoice date and terms in one sentence: the due date follows once confirmed."""
    player = Player().start().say(sentence)
    assert player.state == "read_back"
    player.say("oui")
    if player.state == "debtor_kind":
        player.press("Une société")
    assert player.dossier.due_on == due
    assert player.state == "contact"


def test_a_whole_sentence_without_terms_asks_them() -> None:
    """An invoice date alone in a sentence is no due date: the terms are asked, and both readings if needed."""
    player = Player().start().say("Dupont SARL me doit 1250 €, facture du 20/09/2026")
    player.say("oui")
    assert player.state == "terms"
    both = Player().start()
    both.say("Dupont SARL me doit 1250 €, facture du 20/09/2026 à 45 jours fin de mois")
    both.say("oui")
    assert {day for label in both.labels if (day := day_shown(label))} == READINGS


def test_back_from_the_due_date_to_its_terms() -> None:
    """« Retour » leads back to the terms, and another answer gives another due date."""
    player = dated("professionnel").press("30 jours").command("retour")
    assert player.state == "terms"
    player.press("60 jours")
    assert player.dossier.due_on == date(2026, 11, 19)
    assert player.state == "contact"


# --- from the question on the due date ----------------------------------------------------------


def asked_when(kind: str) -> Player:
    """Lead to the question on the due date."""
    player = Player().start().press("facture impayée", KINDS[kind]).say("Dupont SARL", "1 250 €")
    assert player.state == "due_date"
    return player


UNSURE = ["je ne sais pas", "Je sais plus", "pas de date", "jsp", "je n’ai que la facture", "oui"]
BARE = {
    "60 jours": "jours:60",
    "à réception": "reception",
    "45 jours fin de mois": "fin_de_mois:45",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_due_date_question_says_what_else_will_do(kind: str) -> None:
    """Somebody with the invoice alone reads what to write, and has a button when nothing is known."""
    player = asked_when(kind)
    assert "Vous n’avez que la facture ?" in seen(player)
    assert "facture du 02/09 à 30 jours" in player.body
    assert "Je ne sais pas" in player.labels


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_due_date_leads_to_the_invoice(kind: str) -> None:
    """The button and every way of saying that one does not know ask for the day of the invoice."""
    pressed = asked_when(kind).press("Je ne sais pas")
    for player in (pressed, *(asked_when(kind).say(text) for text in UNSURE)):
        assert player.state == "terms"
        wanted = (
            "reçue, ou déposée sur Chorus Pro"
            if kind == "public"
            else "De quel jour est la facture"
        )
        assert wanted in player.body
        player.say("je ne sais pas")
        assert player.state == "terms"
        assert "Une date approximative suffit" in player.body, "no dead end: about when will do"
        player.say("fin septembre")
        assert player.dossier.get("invoice_on") == date(2026, 9, 30)
        assert player.dossier.due_on is not None


@pytest.mark.parametrize(
    ("kind", "due", "said"),
    [
        ("professionnel", date(2026, 10, 20), "30 jours sont comptés"),
        ("particulier", date(2026, 9, 20), "Aucun délai n’a été convenu"),
        ("association", date(2026, 10, 20), "Aucun délai n’a été convenu"),
        ("public", date(2026, 11, 19), "le plus long est retenu"),
        ("etranger", date(2026, 9, 20), "j’ai pris la date de la facture"),
    ],
)
def test_what_was_assumed_is_said_with_the_way_to_correct_it(
    kind: str, due: date, said: str
) -> None:
    """With the invoice's day alone the due date is the one without terms, and the screen says so."""
    player = asked_when(kind).say("je ne sais pas", "20/09")
    assert player.dossier.due_on == due
    assert said in seen(player)
    assert "« Corriger », « Échéance »" in seen(player)
    player.command("dossiers").press("Dupont", "Corriger", "Échéance").say("15/10/2026")
    assert player.dossier.due_on == date(2026, 10, 15)


@pytest.mark.parametrize("kind", ["professionnel", "particulier", "association", "etranger"])
@pytest.mark.parametrize("text", BARE)
def test_bare_terms_are_kept_and_the_invoice_is_asked(kind: str, text: str) -> None:
    """Terms typed in place of the due date are read back, and only the invoice's day is still asked."""
    player = asked_when(kind).say(text)
    assert (player.state, player.dossier.get("payment_terms")) == ("terms", BARE[text])
    assert "Délai de paiement" in player.body
    assert "De quel jour est la facture" in player.body
    player.say("20/09")
    dues = {"60 jours": date(2026, 11, 19), "à réception": date(2026, 9, 20)}
    assert player.dossier.due_on == dues.get(text, date(2026, 11, 30)), "of two readings, the later"
    assert player.body.count("Facture du") == 1
    if text not in dues:
        assert "l’autre serait le 14 novembre 2026" in seen(player)


def test_the_terms_may_come_with_the_day() -> None:
    """The invoice's day may bring its terms; « échéance le » gives the due date itself."""
    told = asked_when("professionnel").say("je ne sais pas", "20/09 à 60 jours")
    assert told.dossier.due_on == date(2026, 11, 19)
    found = asked_when("professionnel").say("je ne sais pas", "échéance le 15/10")
    assert (found.state, found.dossier.due_on) == ("contact", date(2026, 10, 15))
    late = asked_when("professionnel").say("je ne sais pas", "60 jours", "20/09")
    assert late.dossier.due_on == date(2026, 11, 19)
    back = asked_when("professionnel").say("je ne sais pas").command("retour")
    assert back.state == "due_date"
    assert back.say("15/10").dossier.due_on == date(2026, 10, 15)


@pytest.mark.parametrize("text", ["3 semaines", "30"])
def test_what_may_be_past_is_not_taken_for_terms(text: str) -> None:
    """A number of weeks may be how late the client is, and a number may be a day: nothing is kept."""
    player = asked_when("professionnel").say(text)
    assert player.state == "due_date"
    assert "payment_terms" not in player.dossier.facts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("facture du 20/10/2027", "pas encore passée"),
        ("facture du 20/10/2027 à 30 jours", "pas encore passée"),
        (
            "facture émise le 20 octobre à 45 jours fin de mois le 15",
            "la date d’échéance elle-même",
        ),
        ("2 mois", "la date d’échéance elle-même"),
        ("facture du 31/09", "n’existe pas"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused_with_its_reason(text: str, said: str) -> None:
    """A day to come, one that does not exist or terms with a day to pay on are never guessed at."""
    player = asked_when("professionnel").say(text)
    assert player.state == "due_date"
    assert said in player.body
    assert "invoice_on" not in player.dossier.facts
    unsure = asked_when("professionnel").say("je ne sais pas", text)
    assert unsure.state == "terms"
    assert "invoice_on" not in unsure.dossier.facts


@pytest.mark.parametrize("kind", KINDS)
def test_a_due_date_before_the_invoice_is_questioned(kind: str) -> None:
    """A due date before the invoice counts only once confirmed; another answer takes its place."""
    asking = dated(kind).say("15/09/2026")
    assert asking.state == "terms"
    assert "avant la date de la facture" in asking.body
    assert asking.dossier.due_on is None
    assert copy_of(asking).press("Oui").dossier.due_on == date(2026, 9, 15)
    assert copy_of(asking).say("oui").dossier.due_on == date(2026, 9, 15)
    no = copy_of(asking).say("non")
    assert (no.state, no.dossier.due_on) == ("terms", None)
    assert len(no.choices) >= 5, "the terms are offered again"
    assert copy_of(asking).say("15/10/2026").dossier.due_on == date(2026, 10, 15)
    back = copy_of(asking).command("retour")
    assert (back.state, back.say("15/10/2026").dossier.due_on) == ("due_date", date(2026, 10, 15))
    before = asked_when(kind).say(INVOICE).command("retour").say("15/09/2026")
    assert (before.state, before.dossier.due_on) == ("due_date", None)
    assert before.say("oui").dossier.due_on == date(2026, 9, 15)


def test_a_sentence_whose_due_date_is_before_its_invoice_says_so() -> None:
    """The read-back of a whole sentence points at a due date that comes before the invoice."""
    told = "Dupont SARL me doit 1250 €, facture du 20/10/2026, échéance le 15/09/2026"
    assert "avant la date de la facture" in Player().start().say(told).body


def test_the_day_of_the_invoice_is_said_once() -> None:
    """The day just told stands once on the screen that asks the terms."""
    for kind in KINDS:
        assert seen(dated(kind)).count("20 septembre 2026") == 1


def test_a_public_body_counts_from_receipt() -> None:
    """A public body pays from the day the invoice was received or deposited, which can be told at once or mended."""
    player = dated("public")
    assert "reçue, ou déposée sur Chorus Pro" in player.body
    player.say("déposée sur Chorus Pro le 23/09")
    assert player.state == "terms"
    assert player.press("Mairie").dossier.due_on == date(2026, 10, 23)


def test_a_button_begins_with_its_date() -> None:
    """The two readings differ in their first characters, which a phone shows."""
    labels = dated("professionnel").say("45 jours fin de mois").labels[:2]
    assert labels == [
        "30/11/2026\u00a0: 45 jours, puis fin du mois",
        "14/11/2026\u00a0: fin du mois, puis 45 jours",
    ]


# --- eight answers ---------------------------------------------------------------------------

NO_LETTER = {"procedure", "surendettement"}
"""Outcomes after which no letter may be sent: what they call for is said instead."""
ANNOUNCED = {"promesse", "virement_fait"}
"""Outcomes that announce a payment: nothing is written before its day."""


def to_draft(player: Player, outcome: str) -> Player:
    """Press an outcome, answer what is asked, take the response when it is a text."""
    keys = {choice.data.partition(".")[2]: choice for choice in player.choices}
    player.press(keys[outcome].label)
    while player.state in {"probe", "contact_detail"}:
        if player.conversation.scratch.get("fact") == "promised_on":
            player.say("vendredi prochain")
        else:
            unsure = [label for label in player.labels if "Je ne sais pas" in label]
            player.press((unsure or player.labels)[0])
    if player.state == "diagnosis" and outcome not in NO_LETTER:
        player.press("C’est ça")
    return player


@pytest.mark.parametrize("kind", KINDS)
def test_eight_answers_at_most_with_an_invoice_date(kind: str) -> None:
    """Asking the terms costs one answer, and no draft comes after more than eight, whatever was told."""
    terms = {"public": "Mairie", "etranger": "30 jours"}.get(kind, "À réception")
    told = dated(kind).press(terms)
    assert told.state == "contact", told.body
    offered = [choice.data.partition(".")[2] for choice in told.choices]
    assert {"rien", "oublie", "pas_content", "refuse", "promesse", "ne_sait_pas"} <= set(offered)
    for outcome in offered:
        if outcome not in {one.id for one in outcomes()}:
            continue  # « Retour »
        player = copy_of(told)
        player.answers = told.answers
        to_draft(player, outcome)
        assert player.answers <= FIRST_DRAFT_ANSWERS, outcome
        if outcome in ANNOUNCED:
            assert player.state == "waiting", outcome
        elif outcome in NO_LETTER:
            assert (player.state, player.copies) == ("diagnosis", []), outcome
        else:
            assert player.state in {"draft", "advice"}, (outcome, player.body)
            assert len(player.copies) == (player.state == "draft"), outcome


@pytest.mark.parametrize("outcome", ["rien", "oublie", "ne_sait_pas", "refuse", "pas_content"])
@pytest.mark.parametrize("text", ["je ne sais pas", *BARE])
@pytest.mark.parametrize("kind", KINDS)
def test_eight_answers_from_the_invoice_day(kind: str, text: str, outcome: str) -> None:
    """Not knowing the due date, or knowing the terms alone, still gives a first draft with the eighth answer."""
    player = asked_when(kind).say(text, "20/07/2026")
    assert player.state == "contact", player.body
    to_draft(player, outcome)
    assert player.state in {"draft", "advice"}, player.body
    assert player.answers <= FIRST_DRAFT_ANSWERS


@pytest.mark.parametrize("told", ["Je ne sais pas", "hier"])
def test_eight_answers_for_a_promise_already_broken(told: str) -> None:
    """With the due date told, a promise without a date, or past, leads to a text with the eighth answer at most."""
    player = asked_when("professionnel").say("20/09/2026").press("Il promet")
    assert player.state == "contact_detail"
    player.say(told)
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça")
    assert player.state == "draft", player.body
    assert player.answers <= FIRST_DRAFT_ANSWERS


# --- what was agreed of penalties ------------------------------------------------------------


@pytest.fixture
def notice() -> Player:
    """A mise en demeure to a company, 40 days late."""
    return intake().press("refuse", "change à chaque fois", "C’est ça")


def figures(player: Player) -> tuple[str, str]:
    """Give the lines of the penalties and of the total in the text shown."""
    text = plain(player.copies[-1])
    lines = [line for line in text.splitlines() if line.startswith("– ")]
    return (
        next(line for line in lines if "Pénalités" in line),
        next(line for line in lines if "Total" in line),
    )


@pytest.mark.parametrize(
    ("answer", "penalties", "total", "named"),
    [
        ("15 %", "20,55 €", "1 310,55 €", "taux convenu de 15,00 %"),
        ("3 fois le taux légal", "11,30 €", "1 301,30 €", "3 fois le taux de l’intérêt légal"),
        ("Taux de la BCE + 10 points", "16,99 €", "1 306,99 €", "12,40 %"),
        ("aucun", "16,99 €", "1 306,99 €", "12,40 %"),
    ],
)
def test_an_agreed_rate_changes_the_sums_and_the_text(
    notice: Player, answer: str, penalties: str, total: str, named: str
) -> None:
    """The rate of the contract counts the penalties, is named in the letter, and the total follows."""
    assert figures(notice)[0].endswith("16,99 €")
    notice.press("Taux convenu").say(answer)
    assert notice.state == "draft"
    line, whole = figures(notice)
    assert line.endswith(f": {penalties}")
    assert whole.endswith(total)
    assert named in plain(notice.copies[-1])
    assert penalties in plain(notice.body)


def test_a_rate_under_the_floor_is_replaced_and_said(notice: Player) -> None:
    """A rate below the legal minimum is not applied, and the draft says which one replaces it."""
    before = figures(notice)
    notice.press("Taux convenu").say("1 %")
    assert figures(notice) == before
    assert "inférieur au minimum légal" in notice.body


def test_nothing_changes_when_nothing_is_to_change(notice: Player) -> None:
    """« Ne rien changer » leads back to the same text, with no rate kept, or the one kept before."""
    text, dossier = notice.copies[-1], notice.dossier
    notice.press("Taux convenu", "Ne rien changer")
    assert (notice.state, notice.copies[-1], notice.dossier) == ("draft", text, dossier)
    notice.press("Taux convenu").say("15 %")
    agreed = notice.copies[-1]
    notice.press("Taux convenu")
    assert "15 % par an" in plain(notice.body), "the present rate is recalled"
    notice.press("Ne rien changer")
    assert (notice.copies[-1], notice.dossier.get("penalty_terms")) == (agreed, "taux:15.00")


def test_a_rate_is_asked_where_it_counts() -> None:
    """Neither a consumer's letter nor a text message offers an agreed rate."""
    consumer = intake(kind="Un particulier").press("refuse", "change à chaque fois", "C’est ça")
    friendly = intake().press("Il avait oublié", "C’est ça")
    for player in (consumer, friendly):
        assert player.state == "draft"
        assert not any("Taux convenu" in label for label in player.labels)


def test_the_order_of_a_payment_changes_the_sums_and_is_said() -> None:
    """With a part paid, the letter counts it on interest first, or on the principal when so chosen, and says which."""
    player = intake().command("dossiers").press("Dupont", "Payé en partie").say("500 €")
    assert player.dossier.last(ActKind.PART_PAID) is not None
    player.press("Voir le dossier", "Il a répondu", "refuse", "Préciser", "change à chaque fois")
    player.press("C’est ça")
    assert player.conversation.scratch["document"] == "mise_en_demeure_pro"
    text, total = player.copies[-1], figures(player)[1]
    way = next(c for c in player.choices if c.data.partition(".")[2] == "imputation")
    player.press(way.label, "Le principal d’abord")
    assert player.dossier.get("imputation") == "principal_first"
    assert player.dossier.remaining == Decimal("750.00")
    assert player.copies[-1] != text
    assert figures(player)[1] == total, (
        "the same day, the order changes what is left of each, not the whole"
    )
    chosen = player.copies[-1]
    player.press(way.label, "Ne rien changer")
    assert (player.copies[-1], player.dossier.get("imputation")) == (chosen, "principal_first")
    player.press(way.label, "Les intérêts d’abord")
    assert player.copies[-1] == text


def test_the_order_of_payments_is_not_asked_without_any() -> None:
    """Without a part payment the order changes nothing and is not offered."""
    player = intake().press("refuse", "change à chaque fois", "C’est ça")
    assert "imputation" not in {c.data.partition(".")[2] for c in player.choices}


def test_a_rate_by_the_month_is_read_back_by_the_year(notice: Player) -> None:
    """« 1,5 % par mois » counts as eighteen a year once confirmed, and not before."""
    notice.press("Taux convenu").say("1,5 % par mois")
    assert notice.state == "need"
    assert "taux par mois" in seen(notice)
    assert "18 % par an" in seen(notice)
    assert "penalty_terms" not in notice.dossier.facts
    assert copy_of(notice).say("oui").dossier.get("penalty_terms") == "taux:18.00"
    notice.say("non")
    assert (notice.state, notice.dossier.get("penalty_terms")) == ("need", None)


def test_the_legal_rate_alone_is_read_back_once(notice: Player) -> None:
    """« taux légal » is never taken for three times that rate."""
    notice.press("Taux convenu").say("taux légal")
    assert "J’ai lu une fois le taux légal" in notice.body
    assert "penalty_terms" not in notice.dossier.facts
    assert notice.say("oui").dossier.get("penalty_terms") == "legal:1"


def test_the_rate_of_the_bank_alone_is_refused(notice: Player) -> None:
    """« taux BCE » asks for the points above it; « 10% » is ten percent, not ten points."""
    notice.press("Taux convenu").say("taux BCE")
    assert "les points qui s’y ajoutent" in notice.body
    assert "penalty_terms" not in notice.dossier.facts
    assert notice.say("10%").dossier.get("penalty_terms") == "taux:10.00"


def test_a_due_date_counted_follows_what_it_was_counted_from() -> None:
    """The end of the work, once told, moves a due date counted from the invoice alone; a told one stays."""
    for typed, expected in (
        ("facture du 20/09", date(2026, 10, 30)),
        ("20/10/2026", date(2026, 10, 20)),
    ):
        player = Player().start().press("facture impayée", "Une société")
        player.say("Dupont SARL", "1 250 €", typed)
        if player.state == "terms":
            player.press("Rien n’est écrit")
        player.press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Hier")
        player.press("Voir le dossier", "Délais de la loi", "Dire quand").say("30/09/2026")
        assert player.dossier.due_on == expected
