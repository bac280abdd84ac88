"""What can happen in a dossier: the kinds of acts, what each says, and which can be taken back.

Names are stored with every dossier: renaming one needs a migration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.values import Facts


class DebtorKind(StrEnum):
    """Who owes: rates, the fixed sum, the court and the limitation period all depend on it."""

    PROFESSIONAL = "professionnel"
    CONSUMER = "particulier"
    PUBLIC = "public"
    NONTRADER = "association"
    """Association, syndic de copropriété: neither clearly professional nor consumer."""
    FOREIGN = "etranger"


class Cause(StrEnum):
    """Why the client has not paid. `UNKNOWN` is an honest state, not an error."""

    FORGOT = "oubli"
    UNHAPPY = "insatisfaction"
    CASH = "tresorerie"
    BAD_FAITH = "mauvaise_foi"
    ADMIN = "administratif"
    UNKNOWN = "pas_encore"


class Stage(StrEnum):
    """Where the dossier stands on the ladder: the step that comes next."""

    BEFORE_DUE = "avant_echeance"
    FIRST_CONTACT = "premier_contact"
    REMINDER_1 = "relance_1"
    REMINDER_2 = "relance_2"
    LAST_REMINDER = "derniere_relance"
    FORMAL_NOTICE = "mise_en_demeure"
    ROUTE = "choix_de_la_voie"
    """The mise en demeure has run out: a legal or amicable route is to be chosen."""
    HOLD = "en_attente"
    """A payment is announced or promised: nothing is sent before its date."""


class ActKind(StrEnum):
    """What can happen in a dossier. Names are stored: renaming one needs a migration."""

    OPENED = "ouvert"
    DIAGNOSED = "diagnostic"
    """data: cause, sureness, by ("table" or "personne")."""
    SENT = "envoye"
    """Something went to the debtor. data: document, stage, channel, draft (as it left, JSON; `text` alone in older
    acts), asked_by (the day the text gives, if any), told ("oui" when it left before the bot knew of it: no text is
    kept, and it can be taken back); `on` is the day of sending."""
    FILED = "depose"
    """A document went to a court or to somebody else than the debtor; data: document, channel, draft."""
    EXHIBIT_ADDED = "piece"
    """A file the person sent to be joined to a letter; data: file (its id in the store), title, pages."""
    TRACKED = "suivi"
    """The tracking number of a registered letter; data: number, document."""
    RECEIVED = "recu"
    """A LRAR was delivered, or first presented when the addressee did not take it; data: document, how
    ("non_reclamee", "refusee"; absent when it was taken)."""
    RETURNED = "retour"
    """A letter came back without reaching the addressee, unknown there: no delay runs; data: document, how."""
    ANSWERED = "reponse"
    """data: outcome (an id of `flows/diagnosis/outcomes.yaml`), note (what the client wrote, as pasted)."""
    PROMISED = "promesse"
    """data: promised_on, amount (optional)."""
    PART_PAID = "paiement_partiel"
    """data: amount, invoice (the key of the invoice it is for, when that was said)."""
    PAID = "paye"
    NUDGED = "rappel"
    """A reminder fired; data: key."""
    UNTOLD = "rappel_perdu"
    """A reminder that fired could not be delivered: it waits again; data: key."""
    SNOOZED = "reporte"
    """data: until."""
    PAUSED = "pause"
    """data: until (optional): the day the dossier resumes by itself."""
    RESUMED = "reprise"
    """data: by ("pause" when the day of a pause came, absent when the person did it)."""
    STEPPED = "etape"
    """The person skips a step or goes back to one; data: from (the step that came next), to (the one that does)."""
    DELAYED = "delai"
    """The person chooses when the next step comes; data: stage, then until (a day), or days, months, counts_from and
    of (see `flows.ladder.delays`); with the stage alone the habit is taken up again."""
    CORRECTED = "correction"
    """data: fact, before, after (as text).

    The name of a kind as fact takes back an act of that kind, by its day and what tells it apart: "evenement"
    (what), "avoir" and "paiement_partiel" (amount, invoice), "envoye", "recu" and "retour" (document), "reponse"
    (outcome), "promesse" (promised_on), "echeancier" (first_on), "paye", "facture" an invoice added (key);
    "facture_corrigee" tells an invoice anew (key, and the data of `INVOICE_ADDED` that change).
    Of an exhibit (data: file): "piece" takes it out, "piece_titre" names it again (after), "piece_avant"
    moves it one place up.
    """
    PLANNED = "echeancier"
    """The dates of a plan told or changed; data: parts (a number), first_on, signed ("oui" or "non")."""
    CREDITED = "avoir"
    """A credit note; data: amount, corrects ("oui" when it mends an error of the invoice), invoice (a key, if told)."""
    INVOICE_ADDED = "facture"
    """One more invoice of the same client; data: key, amount (euros TTC still due), due_on, number, issued_on, label
    (the last three optional). The first invoice is in the facts."""
    HAPPENED = "evenement"
    """Something the law counts from; data: what (an id of `flows/facts/occurrences.yaml`), until (optional)."""
    ROUTE_CHOSEN = "voie"
    """The person takes a route of `flows/law/routes`; data: route, label, court (a key, "" without one)."""
    PROCEDURE_OPENED = "procedure_collective"
    """`on` is the day of the opening judgment when known; data: published_on (BODACC)."""
    CLOSED = "clos"
    """data: how ("perdu", "abandon", "erreur": it was no debt, "avoir": credit notes and payments cover it)."""
    REOPENED = "rouvert"


class Status(StrEnum):
    """Whether a dossier still asks for anything."""

    OPEN = "ouvert"
    PAUSED = "en_pause"
    PAID = "paye"
    CLOSED = "clos"


OF_THE_BOT = frozenset({ActKind.NUDGED, ActKind.UNTOLD})
"""Acts the bot makes by itself: nobody said or did anything."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened: never changed, never removed.

    `on` is the local day it happened; `at` the instant it was recorded (aware datetime).
    """

    kind: ActKind
    on: date
    at: datetime
    data: Facts = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give the datum `name` as text, "" when absent."""
        return str(self.data.get(name, ""))


TOLD = "oui"
"""What says of a sending that it was told afterwards, and left without its text."""
EXHIBIT_OUT = "piece"
EXHIBIT_TITLE = "piece_titre"
EXHIBIT_UP = "piece_avant"
"""What a correction of an exhibit names: taken out, named again, moved one place up."""


INVOICE_CHANGED = "facture_corrigee"
"""What a correction of an invoice added names."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece joined to the letters of a dossier: the id of its file, what it is, its count of pages."""

    file: str
    title: str
    pages: int


REMOVABLE = {
    ActKind.HAPPENED: "what",
    ActKind.CREDITED: "amount",
    ActKind.PART_PAID: "amount",
    ActKind.INVOICE_ADDED: "key",
    ActKind.SENT: "document",
    ActKind.RECEIVED: "document",
    ActKind.RETURNED: "document",
    ActKind.ANSWERED: "outcome",
    ActKind.PROMISED: "promised_on",
    ActKind.PLANNED: "first_on",
    ActKind.PAID: "how",
}
"""Kinds of acts that can be taken back, with what tells one from another of the same day."""


def taken_back(acts: tuple[Act, ...]) -> frozenset[int]:
    """Give the identities of the acts that a later correction describes: the latest one each, two may be alike."""
    gone: set[int] = set()
    for index, act in enumerate(acts):
        if act.kind is not ActKind.CORRECTED:
            continue
        named = act.data.get("day"), act.text("invoice")
        for one in reversed(acts[:index]):
            name = REMOVABLE.get(one.kind)
            if name is None or one.kind.value != act.data.get("fact") or id(one) in gone:
                continue
            if one.data.get(name) == act.data.get(name) and (one.on, one.text("invoice")) == named:
                gone.add(id(one))
                break
    return frozenset(gone)
