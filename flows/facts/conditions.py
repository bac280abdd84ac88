"""What a document supposes of a dossier (`letters/vocabulary.yaml`, conditions): so, not so, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flows import ladder
from flows import law as law_room
from flows.dossier import ActKind, Dossier, Status
from flows.facts.computed import UNKNOWN_VALUE
from flows.facts.legal import situation_of
from flows.facts.underway import claimed_on
from flows.law.routes import Situation, court_for
from flows.plan import PLANS
from flows.values import Facts

_BEFORE_A_JUDGE = frozenset({"requete", "ordonnance", "signifiee", "opposition", "juge_saisi"})
_ORDERED = frozenset({"ordonnance"})
_CIVIL_ONLY = frozenset({"tj"})
_COMMERCIAL_ONLY = frozenset({"tc", "tae", "chambre_commerciale", "tribunal_mixte"})
"""Keys of `flows/law/routes/courts.yaml`: where the other kind of court has no say."""
_INJONCTION = "injonction_de_payer"
_ATTEMPTS = ("conciliation", "conciliation_echec", "petites_creances_refus")
"""What happened that stands for the attempt of art. 750-1 CPC."""
_FOUNDED = "probe.fondee"
"""The answer to « Le client a-t-il raison ? » (`flows/diagnosis/questions.yaml`)."""
_NOT_SAID = frozenset({None, UNKNOWN_VALUE, "ne_sait_pas"})
_LOST = frozenset({"perdu", "abandon"})


@dataclass(frozen=True)
class Standing:
    """A dossier on one day, as the documents look at it. Raises ValueError before the debtor is known."""

    dossier: Dossier
    person: Facts
    today: date
    law: law_room.Law

    @cached_property
    def situation(self) -> Situation:
        """What the routes depend on."""
        return situation_of(self.dossier, self.person, self.today, self.law)

    @cached_property
    def court(self) -> str:
        """The key of the court an order to pay would be asked of, "" when there is none."""
        found = court_for(self.situation, self.law, _INJONCTION)
        return found.key if found else ""

    @property
    def civil(self) -> bool:
        """Whether an order to pay had better be asked of a civil court: always, or where there is a choice."""
        return self.court not in _COMMERCIAL_ONLY

    def sent(self, *documents: str) -> bool:
        """Say whether one of these documents went out."""
        acts = self.dossier.acts_of(ActKind.SENT)
        return any(act.text("document") in documents for act in acts)

    def said(self, name: str, *values: str) -> bool | None:
        """Say whether a fact is one of these values, None while it is not known."""
        told = self.dossier.get(name)
        return None if told in _NOT_SAID else str(told) in values

    def holds(self, condition: str) -> bool | None:
        """Say whether a condition of the vocabulary is so, None when nothing told settles it.

        Raises KeyError for a condition that is not declared.
        """
        return _CONDITIONS[condition](self)


def _late(here: Standing) -> bool:
    due = here.dossier.due_on
    return due is not None and due < here.today


def _contested(here: Standing) -> bool | None:
    told = here.situation.contested
    return None if told == UNKNOWN_VALUE else told == "oui"


def _promised(here: Standing) -> bool | None:
    """Say whether a day announced for the payment is still to come, or today."""
    last = here.dossier.last(ActKind.PROMISED)
    announced = here.dossier.get("promised_on") or (last.data.get("promised_on") if last else None)
    return announced >= here.today if isinstance(announced, date) else None


def _working(here: Standing) -> bool | None:
    """Say whether the work goes on: it does not once its end is known."""
    ends = [here.dossier.get(name) for name in ("work_done_on", "delivered_on")]
    known = [day for day in ends if isinstance(day, date)]
    return None if not known else max(known) > here.today


def _closed_unpaid(here: Standing) -> bool:
    last = here.dossier.last(ActKind.CLOSED)
    closed = here.dossier.status is Status.CLOSED
    return closed and last is not None and last.text("how") in _LOST


def _attempted(dossier: Dossier) -> bool:
    """Say whether an amicable way that the judge asks for was tried, or told."""
    return any(dossier.happened_on(what) for what in _ATTEMPTS) or bool(
        dossier.get("amicable_attempt")
    )


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told


def _claim(here: Standing, *states: str) -> bool:
    return here.situation.procedure_open and here.situation.claim in states


_CONDITIONS: Mapping[str, Callable[[Standing], bool | None]] = {
    "echeance_passee": _late,
    "echeance_a_venir": lambda here: not _late(here),
    "promesse_depassee": lambda here: ladder.promise_broken(here.dossier, here.today),
    "promesse_a_venir": _promised,
    "relance_deja_envoyee": lambda here: any(here.dossier.acts_of(ActKind.SENT)),
    "pas_de_procedure_collective": lambda here: not ladder.procedure_open(here.dossier),
    "procedure_collective_ouverte": lambda here: ladder.procedure_open(here.dossier),
    "pas_de_surendettement": lambda here: not here.situation.surendettement,
    "delai_pour_agir_ouvert": lambda here: _not(here.situation.limitation_passed),
    "reserve_fondee": lambda here: here.said(_FOUNDED, "oui", "partie"),
    "reserve_infondee": lambda here: here.said(_FOUNDED, "non"),
    "pas_de_contestation": lambda here: _not(_contested(here)),
    "contestation": _contested,
    "mise_en_demeure_envoyee": lambda here: here.situation.formal_notice == "echue",
    "pas_encore_de_titre": lambda here: not here.situation.title,
    "pas_devant_le_juge": lambda here: here.situation.stage not in _BEFORE_A_JUDGE,
    "ordonnance_rendue": lambda here: here.situation.stage in _ORDERED,
    "opposition_formee": lambda here: here.situation.stage == "opposition",
    "delai_de_declaration_ouvert": lambda here: _claim(here, "inconnue", "en_cours"),
    "delai_de_declaration_passe": lambda here: _claim(here, "passee"),
    "sous_traitance": lambda here: here.said("special_case", "sous_traitance"),
    "marchandises": lambda here: here.said("special_case", "marchandises"),
    "batiment": lambda here: here.said("special_case", "batiment"),
    "travaux_en_cours": _working,
    "client_paye": lambda here: here.dossier.status is Status.PAID,
    "versement_recu": lambda here: (
        bool(here.dossier.part_payments) or here.dossier.status is Status.PAID
    ),
    "echeancier_convenu": lambda here: (
        here.sent(*PLANS)
        or here.dossier.last(ActKind.PLANNED) is not None
        or here.dossier.happened_on("echeancier_signe") is not None
    ),
    "geste_convenu": lambda here: (
        here.sent("geste_commercial") or here.dossier.get("gesture_amount") is not None
    ),
    "dette_abandonnee": _closed_unpaid,
    "collectivite_ou_hopital": lambda here: here.said("public_body", "collectivite", "hopital"),
    "collectivite": lambda here: here.said("public_body", "collectivite"),
    "reclamation_deja_faite": lambda here: claimed_on(here.dossier) is not None,
    "tribunal_judiciaire": lambda here: here.court not in _COMMERCIAL_ONLY,
    "tribunal_de_commerce": lambda here: here.court not in _CIVIL_ONLY,
    "dossier_ouvert": lambda here: here.dossier.status in {Status.OPEN, Status.PAUSED},
    "silence_passe": lambda here: here.situation.prior_claim == "silence_echu",
    "tentative_amiable_faite": lambda here: _attempted(here.dossier),
    "surendettement": lambda here: here.situation.surendettement,
    "autre_etat_de_l_union": lambda here: here.said("debtor_country", "ue"),
}
