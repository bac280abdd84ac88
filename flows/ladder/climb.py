"""Which rungs of the ladder are behind a dossier, and what put them there."""

from __future__ import annotations

from flows.diagnosis import Outcome, UnknownAnswerError, outcome
from flows.dossier import Act, ActKind, Dossier, Stage
from flows.ladder.catalogue import ladder
from flows.ladder.model import ORDER
from flows.post import undelivered

_NAMES = tuple(stage.value for stage in ORDER)


def outcome_of(act: Act) -> Outcome | None:
    """Give the outcome an answer recorded, None when it is not one that is declared any more."""
    try:
        return outcome(act.text("outcome"))
    except UnknownAnswerError:
        return None


def climbed(dossier: Dossier) -> tuple[int, dict[Stage, Act]]:
    """Give the place in `ORDER` of the highest rung behind, -1 for none, and the act that put each rung behind.

    That act is what was sent or told; or the person's, who passed the step.
    """
    highest, behind = -1, dict[Stage, Act]()
    bygone, lost = dossier.bygone, undelivered(dossier)
    for place, act in enumerate(dossier.acts):
        if place in bygone or not dossier.stands(act):
            continue  # it asked for invoices paid since, the ladder starts for those left; or it was taken back
        if act.kind is ActKind.STEPPED and act.text("to") in _NAMES:
            to = _NAMES.index(act.text("to"))
            behind = {stage: by for stage, by in behind.items() if ORDER.index(stage) < to}
            behind |= dict.fromkeys(ORDER[highest + 1 : to], act)
            highest = to - 1
            continue
        if act.kind is ActKind.SENT:
            # What came back from the post is to be sent again: the rung is the one below.
            rung = rung_of(act) - (place in lost)
            behind[ORDER[max(rung, 0)]] = act
        elif act.kind is ActKind.PROMISED or met(act):
            rung = ORDER.index(Stage.FIRST_CONTACT)
            if highest < rung:
                behind[Stage.FIRST_CONTACT] = act
        else:
            continue
        highest = max(highest, rung)
    return highest, behind


def met(act: Act) -> bool:
    """Say whether an answer stands for the first contact."""
    found = outcome_of(act) if act.kind is ActKind.ANSWERED else None
    return found is not None and found.contacted and not found.message_first


def rung_of(act: Act) -> int:
    """Give the rung a sending climbs: its document's own, or the step a text of the ladder was sent for if higher.

    Only a mise en demeure climbs the rung of the mise en demeure, whatever was sent at that step.
    """
    follow_up = ladder().follow_up.get(act.text("document"))
    own = ORDER.index(follow_up.stage if follow_up else Stage.FIRST_CONTACT)
    if follow_up is None or not follow_up.rung or follow_up.notice:
        return own
    names = [stage.value for stage in ORDER]
    recorded = names.index(act.text("stage")) if act.text("stage") in names else own
    return min(max(own, recorded), ORDER.index(Stage.LAST_REMINDER))
