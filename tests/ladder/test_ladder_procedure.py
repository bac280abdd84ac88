"""A collective procedure: the ladder stops for good, and the claim to declare wakes the dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from flows.dossier import Act, ActKind, Dossier, Stage
from flows.ladder import Deadline, procedure_open, stage_of

Make = Callable[..., Act]
Debt = Callable[..., Dossier]
Wakes = Callable[[Dossier], tuple[Deadline, ...]]
TOLD = date(2026, 11, 6)


@pytest.fixture
def opened(told: Make) -> tuple[Act, Act]:
    """A procedure told on a Friday, its judgment a month before."""
    return (
        told(ActKind.ANSWERED, TOLD, outcome="procedure"),
        told(ActKind.PROCEDURE_OPENED, date(2026, 10, 5), TOLD, dated="oui"),
    )


def test_a_procedure_outlives_the_next_contact(
    debt: Debt, told: Make, wakes: Wakes, opened: tuple[Act, Act]
) -> None:
    """Whatever is told after, the procedure stays open and no step of the ladder wakes."""
    for outcome in ("pas_content", "rien", "promesse", "toujours_rien"):
        later = told(ActKind.ANSWERED, date(2026, 11, 10), outcome=outcome)
        for acts in (opened, opened[:1], opened[1:]):
            found = debt(*acts, later)
            assert procedure_open(found)
            assert {d.what for d in wakes(found)} == {"declaration"}


def test_a_correction_ends_the_procedure(debt: Debt, told: Make, opened: tuple[Act, Act]) -> None:
    """Only a correction of the procedure itself opens the ladder again, until it is told again."""
    other = told(ActKind.CORRECTED, date(2026, 11, 7), fact="amount_due")
    assert procedure_open(debt(*opened, other))
    corrected = told(ActKind.CORRECTED, date(2026, 11, 7), fact="procedure")
    assert not procedure_open(debt(*opened, corrected))
    assert procedure_open(debt(*opened, corrected, opened[1]))
    assert not procedure_open(debt())


def test_a_correction_brings_the_ladder_back(
    debt: Debt, told: Make, wakes: Wakes, opened: tuple[Act, Act]
) -> None:
    """Once corrected, the dossier wakes for its step again."""
    corrected = told(ActKind.CORRECTED, date(2026, 11, 7), fact="procedure")
    assert {d.what for d in wakes(debt(*opened, corrected))} == {"etape"}


def test_the_claim_is_spoken_of_the_next_working_day(
    debt: Debt, wakes: Wakes, opened: tuple[Act, Act]
) -> None:
    """Told on a Friday, the dossier wakes on Saturday for the declaration alone, at its own stage."""
    found = debt(*opened)
    (only,) = wakes(found)
    assert (only.what, only.on) == ("declaration", date(2026, 11, 7))
    assert only.stage is stage_of(found, TOLD) is Stage.REMINDER_1
    assert only.why == (
        "l’annonce du BODACC est à chercher\u00a0: "
        "le délai pour déclarer votre créance court à partir de sa publication"
    )
    assert (only.document, only.channel, only.tone) == (None, None, None)


def test_the_claim_comes_back_every_ten_days_four_times(
    debt: Debt, told: Make, wakes: Wakes, opened: tuple[Act, Act]
) -> None:
    """Without reaction it comes back at least ten days apart, four times, always with its reason."""
    found = debt(*opened)
    days = []
    while due := wakes(found):
        (only,) = due
        days.append(only.on)
        assert "BODACC" in only.why
        found = found.with_act(told(ActKind.NUDGED, only.on, key=only.key))
    assert len(days) == 5
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert all(10 <= gap <= 12 for gap in gaps)


def test_a_known_publication_is_named(
    debt: Debt, told: Make, wakes: Wakes, opened: tuple[Act, Act]
) -> None:
    """Once the publication is known the same wakes go on, and name its day."""
    known = told(ActKind.PROCEDURE_OPENED, date(2026, 10, 5), TOLD, published_on=date(2026, 10, 20))
    (only,) = wakes(debt(*opened, known))
    assert (only.what, only.on) == ("declaration", date(2026, 11, 7))
    assert "20 octobre 2026" in only.why


@pytest.mark.parametrize("kind", [ActKind.PAID, ActKind.CLOSED, ActKind.PAUSED])
def test_an_ended_dossier_does_not_wake_for_its_claim(
    debt: Debt, told: Make, wakes: Wakes, opened: tuple[Act, Act], kind: ActKind
) -> None:
    """Paid, closed or paused, nothing wakes; paused then resumed, the claim does."""
    ended = debt(*opened, told(kind, date(2026, 11, 9)))
    assert wakes(ended) == ()
    back = ActKind.RESUMED if kind is ActKind.PAUSED else ActKind.REOPENED
    (only,) = wakes(ended.with_act(told(back, date(2026, 12, 1))))
    assert (only.what, only.on) == ("declaration", date(2026, 12, 2))
