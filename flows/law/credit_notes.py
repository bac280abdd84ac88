"""Credit notes (avoirs): which invoice each one lowers, and by how much.

One that corrects an error lowers the invoice from the start, since the higher sum was never due.
For a goodwill one the base of interest is not settled: the cautious reading, the same net, is taken
and told. So the two differ by their sentence alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flows.law.claims import ZERO, Claim, Credit


def spread_credits(
    claims: Sequence[Claim], notes: Iterable[Credit]
) -> tuple[list[Decimal], Decimal]:
    """Give the euros taken off each claim, in their order, and what no claim could take.

    A credit note that names an invoice touches only it; the others, like one whose number is that
    of no claim, lower the invoice that fell due first, then the next.
    """
    taken = [ZERO] * len(claims)
    numbers = {claim.key for claim in claims if claim.key}
    oldest_first = sorted(range(len(claims)), key=lambda index: claims[index].due_on)
    excess = ZERO
    for note in sorted(notes, key=lambda note: (note.number not in numbers, note.on)):
        left = note.amount
        for index in oldest_first:
            if note.number in numbers and claims[index].key != note.number:
                continue
            part = min(left, claims[index].amount - taken[index])
            taken[index] += part
            left -= part
        excess += left
    return taken, excess
