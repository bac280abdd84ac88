"""What became of a letter that left: its tracking number, its arrival, its return."""

from __future__ import annotations

from flows.dossier import Act, ActKind, Dossier

REGISTERED = "lrar"
"""The channel of a registered letter."""
_SIGNED_FOR = frozenset({REGISTERED, "main"})
"""Channels whose arrival is signed for."""
_LEFT = (ActKind.SENT, ActKind.FILED)
_SETTLED = (ActKind.RECEIVED, ActKind.RETURNED)


def awaiting_receipt(dossier: Dossier) -> Act | None:
    """Give the last letter signed for whose arrival is not known, None when there is none."""
    return _last_open(dossier, (ActKind.SENT,), _SIGNED_FOR, _SETTLED)


def awaiting_number(dossier: Dossier) -> Act | None:
    """Give the last registered letter without a tracking number, None when there is none."""
    return _last_open(dossier, _LEFT, frozenset({REGISTERED}), (ActKind.TRACKED,))


def _last_open(
    dossier: Dossier,
    kinds: tuple[ActKind, ...],
    channels: frozenset[str],
    settling: tuple[ActKind, ...],
) -> Act | None:
    settled: set[str] = set()
    for act in reversed(dossier.acts):
        if not dossier.stands(act):
            continue
        if act.kind in settling:
            settled.add(act.text("document"))
        elif act.kind in kinds and act.text("channel") in channels:
            return None if settled & {"", act.text("document")} else act
    return None


def last_left(dossier: Dossier, document: str) -> Act | None:
    """Give the last sending or filing of a document that was not taken back, None when it did not leave."""
    for act in reversed(dossier.acts):
        if act.kind in _LEFT and act.text("document") == document and dossier.stands(act):
            return act
    return None


def number_of(dossier: Dossier, letter: Act) -> str:
    """Give the tracking number of a letter of the dossier, "" when it was not told."""
    seen = False
    for act in dossier.acts:
        if act is letter:
            seen = True
        elif (
            seen and act.kind is ActKind.TRACKED and act.text("document") == letter.text("document")
        ):
            return act.text("number")
        elif seen and act.kind in _LEFT and act.text("document") == letter.text("document"):
            return ""
    return ""


def undelivered(dossier: Dossier) -> frozenset[int]:
    """Give the indexes of the letters that came back without reaching their addressee."""
    found: set[int] = set()
    for index, act in enumerate(dossier.acts):
        if act.kind is not ActKind.RETURNED or not dossier.stands(act):
            continue
        named = act.text("document")
        sent = [
            i
            for i, one in enumerate(dossier.acts[:index])
            if one.kind is ActKind.SENT and one.text("document") == named and dossier.stands(one)
        ]
        found |= set(sent[-1:])
    return frozenset(found)


def delivered(dossier: Dossier) -> list[Act]:
    """Give the texts sent to the debtor that did not come back, oldest first."""
    lost = undelivered(dossier)
    return [
        act
        for index, act in enumerate(dossier.acts)
        if act.kind is ActKind.SENT and index not in lost and dossier.stands(act)
    ]
