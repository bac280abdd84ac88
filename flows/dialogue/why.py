"""« Pourquoi ? » : the rule behind a figure, a delay or a route, its article, when it was checked, where to read it.

An explanation is said beside the question at hand and moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from flows import ladder
from flows.dialogue.texts import say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, DebtorKind
from flows.facts.owed import of_notice
from flows.law import Decompte, Imputation
from flows.law.explain import Explanation, explain, standing_sentence
from flows.law.routes import Route
from flows.yamlfile import load_yaml
from letters.format import date_courte

MOST = 5
"""Explanations of one answer: more would not be read on a phone."""
WORDS = frozenset({"pourquoi", "pourquoi ?", "pourquoi?", "c’est quoi ?", "d’où ça vient ?"})
"""What a person types to ask for the rule behind what is shown."""

_INTEREST = {
    DebtorKind.PROFESSIONAL: "penalites_professionnel",
    DebtorKind.CONSUMER: "interet_particulier",
    DebtorKind.PUBLIC: "penalites_public",
    DebtorKind.NONTRADER: "interet_association",
    DebtorKind.FOREIGN: "etranger_sans_penalite",
}
_LUMP_SUM = {
    DebtorKind.PROFESSIONAL: "indemnite_forfaitaire",
    DebtorKind.PUBLIC: "indemnite_public",
    DebtorKind.CONSUMER: "pas_d_indemnite_particulier",
}
_LIMITATION = {
    DebtorKind.PROFESSIONAL: "prescription_professionnel",
    DebtorKind.CONSUMER: "prescription_particulier",
    DebtorKind.PUBLIC: "prescription_public",
    DebtorKind.NONTRADER: "prescription_association",
}
_DUE = {
    DebtorKind.PROFESSIONAL: ("echeance_fin_de_mois", "echeance_defaut", "echeance_plafond"),
    DebtorKind.CONSUMER: ("echeance_particulier",),
    DebtorKind.PUBLIC: ("echeance_public", "echeance_public_depart", "entreprise_publique"),
}
_ABOUT_A_DOSSIER = frozenset({"nudge", "card", "waiting", "diagnosis", "responses"})
"""States where what is asked about is the dossier: its sums, and when to come back."""
_BY_ORDER = frozenset({"injonction_signification", "injonction_titre"})
_AGREED = {"taux": "taux_convenu", "legal": "taux_trois_fois_legal", "bce": "taux_convenu"}


def of_figures(turn: Turn, counted: Decompte | None) -> list[str]:
    """Give the topics behind the sums of a décompte."""
    dossier = turn.need_dossier()
    kind = dossier.debtor_kind
    if counted is None or kind is None or not counted.days_late:
        return []
    agreed = str(dossier.get("penalty_terms") or "").partition(":")[0]
    topics = [_INTEREST[kind]]
    if kind is DebtorKind.PROFESSIONAL and agreed in _AGREED:
        topics = [
            _AGREED[agreed],
            *(["taux_sous_plancher", "plancher"] if counted.agreed_sentences else []),
        ]
    if kind in _LUMP_SUM and (counted.lump_sum_accrued or kind is DebtorKind.CONSUMER):
        topics.append(_LUMP_SUM[kind])
    if counted.refused_from:
        topics.append("taux_inconnu")
    if counted.lines and counted.paid:
        first = counted.imputation is Imputation.INTEREST_FIRST
        topics.append("imputation_interets" if first else "imputation_principal")
    if counted.credited:
        topics.append("avoir")
    if len({line.rate for line in counted.lines}) > 1:
        topics.append("semestres")
    return topics


@cache
def _table() -> Mapping[str, Mapping[str, tuple[tuple[str, frozenset[str]], ...]]]:
    """Read `why.yaml`: by section and id, the topics and the debtors each is for (none: all of them)."""
    data = load_yaml(resources.files("flows.dialogue") / "why.yaml")
    return {
        section: {name: tuple(_entry(one) for one in listed) for name, listed in entries.items()}
        for section, entries in data.items()
    }


def _entry(one: str | dict[str, list[str]]) -> tuple[str, frozenset[str]]:
    if isinstance(one, str):
        return one, frozenset()
    ((topic, kinds),) = one.items()
    return topic, frozenset(kinds)


def _listed(turn: Turn, section: str, name: str) -> list[str] | None:
    """Give the topics listed for this debtor under a name, None when the name is not listed."""
    listed = _table()[section].get(name)
    if listed is None:
        return None
    kind = str(turn.need_dossier().debtor_kind)
    return [topic for topic, kinds in listed if not kinds or kind in kinds]


def of_draft(turn: Turn) -> list[str]:
    """Give the topics behind the document in hand: its sums, then what is listed for it."""
    document = turn.library.catalogue.get(turn.scratch("document"))
    counted = turn.library.total_due(turn.need_dossier(), turn.today)
    figures = of_figures(turn, counted) if document.legal else []
    listed = _listed(turn, "documents", document.id)
    if not listed and not figures:
        listed = _listed(turn, "documents", "")
    room = MOST - len((listed or [])[:2])
    return [*figures[:room], *(listed or [])]


def of_dossier(turn: Turn) -> list[str]:
    """Give the topics behind a reminder or a card: the sums, the days waited, the limitation."""
    dossier = turn.need_dossier()
    if ladder.procedure_open(dossier):
        return ["procedure_collective_declaration", "procedure_collective_interets"]
    figures = of_figures(turn, turn.library.total_due(dossier, turn.today))
    notice = any(of_notice(act) for act in dossier.acts_of(ActKind.SENT))
    waited = "delai_mise_en_demeure" if notice else "pourquoi_attendre"
    return [*figures[: MOST - 2], waited, *of_limitation(turn)[:1]]


def of_limitation(turn: Turn) -> list[str]:
    """Give the topics behind the limitation period of the dossier in hand."""
    kind = turn.need_dossier().debtor_kind
    if turn.need_dossier().get("special_case") == "transport":
        return ["prescription_transport", "prescription_non_interrompue"]
    return [_LIMITATION[kind], "prescription_non_interrompue"] if kind in _LIMITATION else []


def of_route(turn: Turn, found: Route) -> list[str]:
    """Give the topics behind one route: what is listed for it, or its court."""
    listed = _listed(turn, "routes", found.id)
    return listed if listed is not None else (["tribunal"] if found.court else [])


def of_clocks(turn: Turn) -> list[str]:
    """Give the topics behind the legal clocks."""
    dossier = turn.need_dossier()
    order = dossier.happened_on("ordonnance") is not None
    claim = ladder.procedure_open(dossier)
    return [
        *of_limitation(turn),
        *(["injonction_signification", "injonction_titre"] if order else []),
        *(["procedure_collective_declaration"] if claim else []),
        *(["duree_du_titre"] if dossier.happened_on("titre") else []),
    ]


def topics(turn: Turn) -> list[str]:
    """Give what there is to explain where the conversation stands, most useful first."""
    if turn.state in {"draft", "edit", "edit_fact", "edit_text", "sent_how", "sent_when"}:
        return of_draft(turn)
    if turn.state in {"terms", "due_date"} and turn.dossier:
        return list(_DUE.get(turn.need_dossier().debtor_kind or DebtorKind.FOREIGN, ()))
    if turn.state == "advice":
        return _listed(turn, "responses", turn.scratch("response")) or []
    if turn.state == "routes":
        return ["tribunal", "conciliation_prealable", "frais_recouvrement_interdits"]
    if turn.state in {"clocks", "event", "event_when"}:
        return of_clocks(turn)
    if turn.state == "received_on":
        return ["lrar", "mise_en_demeure_sans_reception"]
    if turn.state in _ABOUT_A_DOSSIER and turn.dossier is not None:
        return of_dossier(turn)
    return []


def _explain(turn: Turn, topic: str) -> Explanation:
    """Explain one topic; what follows an order is ruled by the date of the order."""
    order = turn.dossier.happened_on("ordonnance") if turn.dossier else None
    if order and topic in _BY_ORDER:
        return explain(topic, turn.library.law, order)
    return explain(topic, turn.library.law, _figures_day(turn, topic))


def _figures_day(turn: Turn, topic: str) -> date:
    """Give the day whose rate a topic tells: that of the last line of interest, where one was counted."""
    figures = {*_INTEREST.values(), *_AGREED.values(), "taux_sous_plancher", "plancher"}
    if topic not in figures or turn.dossier is None:
        return turn.today
    counted = turn.library.total_due(turn.dossier, turn.today)
    if counted is None or not counted.lines:
        return turn.today
    fixed = topic == _INTEREST[DebtorKind.PUBLIC]
    days = [line.from_on if fixed else line.to_on for line in counted.lines]
    return min(days) if fixed else max(days)


def explained(turn: Turn, wanted: list[str], extra: tuple[Explanation, ...] = ()) -> str:
    """Write explanations as HTML, at most `MOST`, with the sentence on what they are worth."""
    found = [*extra, *(_explain(turn, topic) for topic in wanted[: MOST - len(extra)])]
    standing = standing_sentence()
    if not found:
        return say("why_nothing", standing=standing)
    rows: list[dict[str, Any]] = [
        {
            "title": one.title,
            "text": one.text,
            "articles": one.articles,
            "approximate": one.approximate,
            "checked_on": date_courte(one.checked_on),
        }
        for one in found
    ]
    return say("why", explanations=rows, standing=standing)
