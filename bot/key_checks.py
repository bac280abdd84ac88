"""What `relance doctor` says of the keys: whether there is one, how old it is, what is not under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings import Finding, Verdict
from bot.limits import limits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from bot.keys import Key

_SUBJECT = "chiffrement"
_HOW = "deploy/RUNBOOK.md, « The key »"
_ROTATE = "deploy/RUNBOOK.md, « Rotate the key »"


def check_keys(keys: Sequence[Key], noted: Collection[str], today: date) -> Iterator[Finding]:
    """Tell how old the first key is and what rows may not be under it; `noted`: see `Tx.noted_keys`."""
    missing = sorted(set(noted) - {key.id for key in keys} - {"plain"})
    for name in missing:
        yield Finding(
            Verdict.ERROR,
            _SUBJECT,
            f"la base est sous la clé {name}, absente des réglages : le bot ne démarre pas",
            f"la remettre dans RELANCE_ENCRYPTION_KEY ; {_HOW}",
        )
    if not keys:
        if not missing:
            yield Finding(
                Verdict.WARNING,
                _SUBJECT,
                "aucune clé : la base et ses sauvegardes sont en clair",
                f"relance cles --nouvelle ; {_HOW}",
            )
        return
    first, bound = keys[0], limits().key_days
    age = first.age(today)
    words = f"clé {first.id} du {first.made:%d/%m/%Y}, {age} jours"
    if age > bound:
        yield Finding(Verdict.WARNING, _SUBJECT, f"{words} : plus de {bound}", _ROTATE)
    else:
        yield Finding(Verdict.OK, _SUBJECT, words)
    if older := sorted(set(noted) - {first.id, "plain"} - set(missing)):
        yield Finding(
            Verdict.WARNING,
            _SUBJECT,
            f"des lignes peuvent être encore sous {', '.join(older)}",
            "relance cles --tourner",
        )
    if "plain" in noted:
        yield Finding(
            Verdict.WARNING,
            _SUBJECT,
            "des lignes d’avant la clé peuvent être encore en clair",
            "relance cles --tourner",
        )
