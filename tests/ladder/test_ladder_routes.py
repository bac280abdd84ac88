"""A route taken: news are expected after some weeks, and the ladder proposes no letter meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder import Deadline, ladder, next_deadline, stage_of

Make = Callable[..., Act]
Debt = Callable[..., Dossier]
Wakes = Callable[[Dossier], tuple[Deadline, ...]]
_NOTICE = dict.fromkeys(DebtorKind, 8)
SENT, RECEIVED, TAKEN = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 24)


@pytest.fixture
def notice(told: Make) -> tuple[Act, Act]:
    """A mise en demeure received on 4 November 2026: its eight days are over on the thirteenth."""
    return (
        told(
            ActKind.SENT, SENT, document="mise_en_demeure_pro", stage="mise_en_demeure", channel="lrar"
        ),
        told(ActKind.RECEIVED, RECEIVED, document="mise_en_demeure_pro"),
    )  # fmt: skip


@pytest.fixture
def taken(told: Make) -> Callable[..., Act]:
    """Make the act of taking a route."""

    def make(on: date = TAKEN) -> Act:
        return told(
            ActKind.ROUTE_CHOSEN, on, route="injonction_de_payer", label="Injonction de payer"
        )

    return make


def test_news_are_expected_three_weeks_after(
    debt: Debt, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act]
) -> None:
    """Taken on 24 November 2026, a route wakes the dossier once, on 15 December, and says why."""
    (only,) = wakes(debt(*notice, taken()))
    assert only.on == date(2026, 12, 15)
    assert only.on - TAKEN == timedelta(days=ladder().habits.after_route_taken)
    assert only.why == "21 jours depuis votre choix d’une voie, le 24 novembre 2026"
    assert only.stage is Stage.ROUTE
    assert (only.document, only.channel) == (None, None)


def test_a_route_taken_replaces_the_choice(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act]
) -> None:
    """What was waited for before, the choice itself, is waited for no more."""
    silent = told(ActKind.ANSWERED, date(2026, 11, 16), outcome="toujours_rien")
    (before,) = wakes(debt(*notice, silent))
    (after,) = wakes(debt(*notice, silent, taken()))
    assert "pour choisir une voie" in before.why
    assert "votre choix d’une voie" in after.why
    assert before.key != after.key


def test_a_route_does_not_shorten_a_letter(
    debt: Debt, told: Make, wakes: Wakes, taken: Callable[..., Act]
) -> None:
    """A route taken while the delay of a letter runs waits for the later of the two days."""
    letter = told(
        ActKind.SENT, TAKEN, document="mise_en_demeure_particulier", stage="mise_en_demeure", channel="lrar"
    )  # fmt: skip
    alone = wakes(debt(letter, debtor_kind="particulier"))[-1]
    both = wakes(debt(letter, taken(), debtor_kind="particulier"))[-1]
    assert both.on >= alone.on
    assert both.on >= TAKEN + timedelta(days=21)


def test_a_second_route_counts_again(
    debt: Debt, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act]
) -> None:
    """Another route taken later starts the weeks again."""
    later = date(2026, 12, 1)
    (only,) = wakes(debt(*notice, taken(), taken(later)))
    assert only.on == date(2026, 12, 22)
    assert "1er décembre 2026" in only.why


def test_an_answer_after_the_route_counts_for_itself(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act]
) -> None:
    """A promise made once the route is taken is waited for on its own day."""
    said = told(ActKind.ANSWERED, date(2026, 11, 26), outcome="promesse")
    promised = told(ActKind.PROMISED, date(2026, 11, 26), promised_on=date(2026, 12, 3))
    (only,) = wakes(debt(*notice, taken(), said, promised))
    assert (only.what, only.on) == ("promesse", date(2026, 12, 4))


def test_it_comes_back_a_few_times_then_no_more(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act]
) -> None:
    """Without reaction the nudge of a route is repeated as any other, and then stops."""
    found, rung = debt(*notice, taken()), 0
    while due := wakes(found):
        (only,) = due
        found = found.with_act(told(ActKind.NUDGED, only.on, key=only.key))
        rung += 1
        assert rung <= 10
    assert rung == 1 + 2


@pytest.mark.parametrize("kind", [ActKind.PAID, ActKind.CLOSED, ActKind.PAUSED], ids=str)
def test_nothing_after_the_end(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act], taken: Callable[..., Act], kind: ActKind
) -> None:  # fmt: skip
    """Paid, closed or paused, the route is asked about no more."""
    assert wakes(debt(*notice, taken(), told(kind, date(2026, 11, 30)))) == ()


def test_a_route_taken_early_ends_the_letters(
    debt: Debt, taken: Callable[..., Act], wakes: Wakes
) -> None:
    """A route taken before any letter, a conciliation say, wakes after its weeks and proposes no letter."""
    found = debt(taken())
    assert stage_of(debt(), TAKEN) is Stage.FIRST_CONTACT
    assert stage_of(found, TAKEN) is Stage.ROUTE
    (only,) = wakes(found)
    assert (only.on, only.document) == (date(2026, 12, 15), None)


def test_the_pace_applies(debt: Debt, notice: tuple[Act, Act], taken: Callable[..., Act]) -> None:
    """A client to be spared is given more weeks, and one in a hurry fewer."""
    found = debt(*notice, taken())
    days = []
    for pace in ("0.5", "1", "2"):
        deadline = next_deadline(
            found, TAKEN, lambda day: day.weekday() < 6, _NOTICE, Decimal(pace)
        )  # fmt: skip
        assert deadline is not None
        days.append((deadline.on - TAKEN).days)
    assert days[0] < days[1] == 21 < days[2]


@pytest.mark.parametrize("what", ["reconnaissance", "echeancier_signe", "conciliation"])
def test_an_agreement_moves_no_rung(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act], what: str
) -> None:
    """What is noted of an agreement counts for the law, and changes neither the step nor its day."""
    before = debt(*notice)
    after = before.with_act(told(ActKind.HAPPENED, RECEIVED, what=what))
    assert [(d.on, d.stage, d.what) for d in wakes(after)] == [
        (d.on, d.stage, d.what) for d in wakes(before)
    ]


@pytest.mark.parametrize("what", sorted(ladder().habits.of_a_judge))
def test_what_a_judge_has_ends_the_letters(debt: Debt, told: Make, wakes: Wakes, what: str) -> None:
    """Once a judge has it no letter is proposed; taken back, the ladder goes on as before."""
    before, noted = debt(), told(ActKind.HAPPENED, TAKEN, what=what)
    after = before.with_act(noted)
    assert stage_of(after, TAKEN) is Stage.ROUTE
    assert {(d.stage, d.document) for d in wakes(after)} == {(Stage.ROUTE, None)}
    assert all(d.on > TAKEN for d in wakes(after))
    back = told(ActKind.CORRECTED, TAKEN, fact="evenement", what=what, day=TAKEN)
    undone = after.with_act(back)
    assert stage_of(undone, TAKEN) is stage_of(before, TAKEN)
    assert {d.document for d in wakes(undone)} == {d.document for d in wakes(before)}


def test_a_credit_note_moves_no_rung(
    debt: Debt, told: Make, wakes: Wakes, notice: tuple[Act, Act]
) -> None:
    """A credit note lowers the debt; the step and its day stay."""
    before = debt(*notice)
    credit = told(ActKind.CREDITED, date(2026, 11, 5), amount=Decimal(100), corrects="non")
    assert [(d.key, d.on) for d in wakes(before.with_act(credit))] == [
        (d.key, d.on) for d in wakes(before)
    ]
