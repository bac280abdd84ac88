"""Three months of a dossier, cause by cause, as a person lives them: each day the bot comes back, worked out by hand.

Everything begins on Tuesday 24 November 2026, about 1 250 euros due on 15 October. Against a calendar:
24/11 Tue · 1/12 Tue · 8/12 Tue · 25/12 Fri, holiday · 1/1/2027 Fri, holiday · 1/2 Mon · 24/2 Wed.
Nothing comes on a Saturday, a Sunday or a holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BEGIN = date(2026, 11, 24)
UNTIL = date(2027, 2, 24)
"""Three months later: every story is watched until then at least."""
SENT = ("C’est ça", "J’ai envoyé", "E-mail", "Aujourd’hui")
SILENT = ("Toujours rien", *SENT)
REGISTERED = (
    *("C’est ça", "J’ai envoyé", "Recommandé avec avis de réception", "Aujourd’hui"),
    "1A 123 456 7890 1",
)
LOST = ("Arrêter", "Perdu : je n’y arriverai pas")
CLOCKS = "Délais de la loi"
NOTE = (CLOCKS, "Noter un évènement")


@dataclass(frozen=True)
class Day:
    """A day the bot comes back: what it must say, what is answered, and the dates then shown."""

    on: date
    says: str = ""
    does: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """A whole dossier: what is told on the first day, the days that follow, and the last word."""

    name: str
    opening: tuple[str, ...]
    days: tuple[Day, ...]
    end: str
    kind: str = "Une société"
    until: date = UNTIL

    @property
    def told(self) -> tuple[str, ...]:
        """What is typed on the first day, the invoice first."""
        facts = ("J’ai une facture impayée", self.kind, "Dupont SARL", "1 250 €", "15/10/2026")
        return (*facts, *self.opening)


def on(day: int, month: int, year: int = 0) -> date:
    """Give a day of the three months: from November on 2026, 2027 before."""
    return date(year or (2026 if month > 9 else 2027), month, day)


OUBLI = Story(
    "oubli, jusqu’au paiement",
    # The text asks for the money within a week: Tuesday 1 December.
    ("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Aujourd’hui"),
    (
        # The day after the one asked for.
        Day(on(2, 12), "première relance", SILENT),
        # It asked within five days: Monday 7; the day after.
        Day(on(8, 12), "deuxième relance", SILENT),
        # Five days more end on Sunday 13: it asks for Monday 14; the day after.
        Day(on(15, 12), "dernière relance", SILENT),
        # The last one gives eight days: Wednesday 23; the day after.
        Day(on(24, 12), "mise en demeure", ("Payé",)),
    ),
    "a payé",
)

FONDEE = Story(
    "insatisfaction fondée, jusqu’au paiement",
    ("Il n’est pas content du travail", "Oui, pour l’essentiel", *SENT),
    (
        # Eight days, a quarter more for whoever has a reproach: ten from 24 November.
        Day(on(4, 12), "geste commercial", ("Toujours rien", "C’est ça", "100 €", *SENT[1:])),
        # Ten days more: the text asks for Monday 14; the day after.
        Day(on(15, 12), "première relance", ("Payé en partie", "650 € le 11/12")),
        # Seven days, a quarter more: nine from Friday 11, which is Sunday 20; Monday.
        Day(on(21, 12), "600,00 €", ("Payé",)),
    ),
    "a payé",
)

INFONDEE = Story(
    "insatisfaction infondée, jusqu’à la perte",
    ("Il n’est pas content du travail", "Non, le travail est conforme", *SENT),
    (
        # Ten days from 24 November, as above.
        Day(on(4, 12), "première relance", SILENT),
        # Five days, a quarter more: seven from Friday 4.
        Day(on(11, 12), "deuxième relance", SILENT),
        # Seven from Friday 11.
        Day(on(18, 12), "dernière relance", SILENT),
        # Eight days asked from Friday 18 end on Saturday 26: Monday 28; the day after.
        Day(on(29, 12), "mise en demeure"),
        # Left without an answer, it comes again four days later: Saturday 2; Monday 4 January.
        Day(on(4, 1), "resté sans suite"),
        # Once more four days later, and then no more.
        Day(on(8, 1), "resté sans suite", LOST),
    ),
    "perdu",
)

TRESORERIE = Story(
    "trésorerie, un plan manqué, puis le paiement",
    # Three payments proposed: 416,66 on 8 December, as much on 8 January, 416,68 on 8 February.
    ("Pas d’argent, il demande un délai", "Je ne sais pas", *SENT),
    (
        # Seven days, a quarter more for want of money: nine from 24 November.
        Day(
            on(3, 12),
            "9 jours après votre envoi",
            ("/dossiers", "Dupont SARL", "Noter un évènement", "Échéancier signé", "Aujourd’hui"),
        ),
        # The day after the first payment.
        Day(on(9, 12), "versement n° 1 de 416,66 €", ("Payé en partie", "416,66 €")),
        # The day after the second, Friday 8 January, is a Saturday: Monday 11. A reminder of it goes out.
        Day(on(11, 1), "versement n° 2 de 416,66 €", SILENT),
        # It gave five days, to Saturday 16, so Monday 18; the day after. Missed for good, all is asked for.
        Day(on(19, 1), "mise en demeure", ("Toujours rien", *REGISTERED)),
        # Five days after a registered letter, Sunday 24: Monday 25.
        Day(on(25, 1), "date de réception", ("Lettre reçue", "22/01/2027")),
        # Eight days from Friday 22 end on Saturday 30; the day after is a Sunday: Monday 1 February.
        Day(on(1, 2), "délai de 8 jours", ("Payé",)),
    ),
    "a payé",
)

ADMIN = Story(
    "administratif, jusqu’au paiement",
    ("En validation, il manque une pièce", "Un bon de commande", *SENT),
    (
        # Seven days, a quarter more for a missing piece: nine.
        Day(on(3, 12), "première relance", ("Il a répondu", "Le virement est parti")),
        # Three working days after Thursday 3: Friday 4, Monday 7, Tuesday 8.
        Day(on(8, 12), "virement a été annoncé", ("Payé",)),
    ),
    "a payé",
)

PUBLIC = Story(
    "client public, jusqu’au silence de l’administration, puis le paiement",
    # A public body is given fifteen days: Wednesday 9 December.
    ("Message laissé, pas de réponse", "Je ne sais pas", *SENT),
    (
        Day(on(10, 12), "mise en demeure", ("Toujours rien", *REGISTERED)),
        # Five days after Thursday 10.
        Day(on(15, 12), "date de réception", ("Lettre reçue", "14/12/2026")),
        # Fifteen days from Monday 14 end on Tuesday 29; the day after.
        Day(on(30, 12), "délai de 15 jours"),
        # Four days later, Sunday 3; Monday. And four days after that.
        Day(on(4, 1), "resté sans suite"),
        Day(on(8, 1), "resté sans suite"),
        # Two months from 14 December end on Sunday 14 February, and are not put off: on Monday silence is a refusal.
        Day(on(15, 2), "l’attente se termine le 15/02/2027", ("Payé",)),
    ),
    "a payé",
    kind="Une mairie, un hôpital, l’État",
)

PROCEDURE = Story(
    "procédure collective, jusqu’à la perte",
    ("Sauvegarde, redressement, liquidation", "12/11/2026", "D’accord"),
    (
        # The working day after. The claim is to be declared within two months of the notice of Friday 20 November.
        Day(
            on(25, 11),
            "BODACC",
            (*NOTE, "Annonce au BODACC", "20/11/2026"),
            ("20 janvier 2027",),
        ),
        # Every ten days: Saturday 5, so Monday 7; Thursday 17; Sunday 27, so Monday 28.
        Day(on(7, 12), "Créance déclarée ?"),
        Day(on(17, 12), "Créance déclarée ?"),
        Day(on(28, 12), "Créance déclarée ?"),
        # The law's own day, three weeks before 20 January.
        Day(on(30, 12), "au plus tard le 20/01/2027"),
        # Ten days after Monday 28. Declared, then given up: nothing more comes.
        Day(on(7, 1), "Créance déclarée ?", ("C’est déclaré", "Voir le dossier", *LOST)),
    ),
    "perdu",
)

INJOIGNABLE = Story(
    "injoignable, jusqu’à la perte",
    # A first letter, for messages were left already: five days end on Sunday 29, it asks for Monday 30.
    ("Message laissé, pas de réponse", "Je ne sais pas", *SENT),
    (
        Day(on(1, 12), "deuxième relance", SILENT),
        # Five days from Tuesday 1 end on Sunday 6: Monday 7; the day after.
        Day(on(8, 12), "dernière relance", SILENT),
        # Eight days: Wednesday 16; the day after.
        Day(on(17, 12), "mise en demeure", ("Toujours rien", *REGISTERED)),
        # Five days after, to note its receipt.
        Day(on(22, 12), "date de réception"),
        # Four days later, Saturday 26: Monday 28. Then 1 January, a holiday: Monday 4.
        Day(on(28, 12), "resté sans suite"),
        Day(on(4, 1), "resté sans suite"),
        # Taken as received after fifteen days, 1 January; eight days, the day after: Sunday 10, so Monday 11.
        Day(on(11, 1), "supposée reçue", LOST),
    ),
    "perdu",
)

ORDRE = Story(
    "mauvaise foi, jusqu’au titre exécutoire",
    ("Il refuse ou conteste tout", "Sa raison change à chaque fois", *REGISTERED),
    (
        # Five days after the letter, Sunday 29: Monday 30.
        Day(on(30, 11), "date de réception", ("Lettre reçue", "27/11/2026")),
        # Eight days from Friday 27 end on Saturday 5; the day after is a Sunday: Monday 7.
        Day(
            on(7, 12),
            "délai de 8 jours",
            (
                CLOCKS,
                "Dire quand",
                "01/10/2026",
                "Noter un évènement",
                "Requête déposée",
                "Aujourd’hui",
            ),
            # Fifteen days to pay the court's fee: Tuesday 22. Five years from 1 October 2026.
            ("22 décembre 2026", "1er octobre 2031"),
        ),
        # Three weeks before is past: the next working day. A week before; two days before, Sunday 20, so Friday 18.
        Day(on(8, 12), "au plus tard le 22/12/2026"),
        Day(on(15, 12), "au plus tard le 22/12/2026"),
        Day(on(18, 12), "au plus tard le 22/12/2026"),
        # The day itself. The order has come: three months to serve it, Monday 22 March.
        Day(
            on(22, 12),
            "au plus tard le 22/12/2026",
            (*NOTE, "Ordonnance obtenue", "Aujourd’hui"),
            ("22 mars 2027",),
        ),
        # Three weeks without news, counted from the order. It was served on Friday 8 January: a month to oppose it,
        # to Monday 8 February, over the day after; two months to be a title, to Monday 8 March, over the day after.
        Day(
            on(12, 1),
            "21 jours depuis",
            (*NOTE, "Ordonnance signifiée", "08/01/2027"),
            ("9 février 2027", "9 mars 2027"),
        ),
        # Three weeks from the service; four days later; four days later, Saturday 6, so Monday 8.
        Day(on(29, 1), "21 jours depuis"),
        Day(on(2, 2), "resté sans suite"),
        Day(on(8, 2), "resté sans suite"),
        # The time to oppose is over.
        Day(on(9, 2), "l’attente se termine le 09/02/2027"),
        # The order is a title: ten years to have it carried out.
        Day(
            on(9, 3),
            "l’attente se termine le 09/03/2027",
            (*NOTE, "Titre exécutoire obtenu", "Aujourd’hui"),
            ("9 mars 2037",),
        ),
        # Three weeks later, the day after Easter Monday.
        Day(on(30, 3), "21 jours depuis", ("Payé",)),
    ),
    "a payé",
    until=on(30, 4),
)

STORIES = (*(OUBLI, FONDEE, INFONDEE, TRESORERIE, ADMIN, PUBLIC, PROCEDURE, INJOIGNABLE, ORDRE),)
