"""What can go wrong with the store. `str(error)` is one line a person can act on."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked."""


class Conflict(StoreError):  # noqa: N818  # an outcome, named as one
    """Somebody else changed it first: run the whole transaction again."""


class NotYours(StoreError):  # noqa: N818  # an outcome, named as one
    """The dossier belongs to another chat."""


class Unavailable(StoreError):  # noqa: N818  # an outcome, named as one
    """Locked, unreachable or full for now: what was asked may succeed later."""


class Refused(StoreError):  # noqa: N818  # an outcome, named as one
    """The database cannot hold a value, or a constraint or a trigger said no: the caller asked for the impossible."""


class KeyMissing(Unavailable):  # an outcome, named as one
    """What is stored is sealed under a key that is not in the settings: put back, it opens again."""

    def __init__(self, key_id: str, where: str = "La base") -> None:
        super().__init__(
            f"{where} est chiffrée avec la clé {key_id}, absente des réglages : remettez-la dans "
            "RELANCE_ENCRYPTION_KEY (deploy/RUNBOOK.md, « The key »)."
        )
        self.key_id = key_id


class Altered(ValueError):  # noqa: N818  # an outcome, named as one
    """What is stored at this place was not sealed there: cut short, changed, or moved from another row."""
