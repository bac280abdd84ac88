"""Several invoices of one client: what each leaves to pay, the clock, the décompte, the time to act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import ladder
from flows.dossier import Act, ActKind, Dossier, Stage
from flows.facts.computed import decompte_of
from flows.facts.legal import limitation_of, limited_by, situation_of
from flows.facts.owed import asked_for
from flows.facts.stated import stated_facts
from flows.invoices import FIRST, Invoice, Sum, settle
from flows.law import Imputation, load_law
from flows.law.limitation import Limitation
from flows.values import Value
from letters import load_catalogue
from tests.facts.makers import TODAY, act

SUMS = st.decimals(min_value="0.01", max_value="2000", places=2)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
KEYS = st.sampled_from(["", "i1", "i2", "i3", "i9"])


def invoice(key: str, number: str, amount: int, due: date) -> Act:
    """Make the act of one more invoice, told on 1 October."""
    told: dict[str, Value] = {
        "key": key,
        "number": number,
        "amount": Decimal(amount),
        "due_on": due,
    }
    return act(ActKind.INVOICE_ADDED, date(2026, 10, 1), **told)


SECOND = invoice("i2", "F-018", 800, date(2026, 11, 3))
THIRD = invoice("i3", "F-021", 300, date(2026, 12, 20))


def owing(*acts: Act, kind: str = "professionnel", **facts: str | date | Decimal) -> Dossier:
    """F-014, 1 250 € due on 15 October, and whatever the acts tell."""
    known: dict[str, Value] = {
        "debtor_kind": kind,
        "debtor_name": "Dupont SARL",
        "amount_due": Decimal(1250),
        "invoice_due_on": date(2026, 10, 15),
        "invoice_number": "F-014",
    }
    opened = act(ActKind.OPENED, date(2026, 9, 30))
    return Dossier("n", date(2026, 9, 30), known | facts, (opened, *acts))


def paid(amount: int, on: date = TODAY, invoice: str = "") -> Act:
    """Make a part payment."""
    told = {"invoice": invoice} if invoice else {}
    return act(ActKind.PART_PAID, on, amount=Decimal(amount), **told)


def left(dossier: Dossier) -> dict[str, Decimal]:
    """Give what remains by number."""
    balances = dossier.settlement.balances
    return {one.number: balances[one.key] for one in dossier.invoices}


def test_an_invoice_added_stands_beside_the_first() -> None:
    """The first comes from the facts, the others from the acts, in the order told; the sum is owed."""
    dossier = owing(SECOND, THIRD)
    assert [(i.key, i.number, i.amount) for i in dossier.invoices] == [
        (FIRST, "F-014", Decimal(1250)),
        ("i2", "F-018", Decimal(800)),
        ("i3", "F-021", Decimal(300)),
    ]
    assert dossier.remaining == Decimal(2350)
    assert dossier.next_invoice_key() == "i4"


def test_one_invoice_is_no_several() -> None:
    """A dossier of one invoice, or whose second one was taken back, has one."""
    back = act(ActKind.CORRECTED, TODAY, fact="facture", key="i2", day=SECOND.on)
    assert not owing().several_invoices
    dossier = owing(SECOND, back)
    assert not dossier.several_invoices
    assert dossier.remaining == Decimal(1250)
    assert dossier.next_invoice_key() == "i3", "a key is never used twice"


def test_an_invoice_is_corrected_by_an_act() -> None:
    """A correction changes what it tells and leaves the rest."""
    dossier = owing(
        SECOND,
        act(ActKind.CORRECTED, TODAY, fact="facture_corrigee", key="i2", amount=Decimal(850)),
        act(ActKind.CORRECTED, TODAY, fact="facture_corrigee", key="i2", number="F-18"),
    )
    second = dossier.invoices[1]
    assert (second.number, second.amount, second.due_on) == (
        "F-18",
        Decimal(850),
        date(2026, 11, 3),
    )


def test_a_payment_told_for_one_goes_to_it() -> None:
    """500 € for F-018 leave F-014 whole; what nobody placed goes to the oldest due."""
    assert left(owing(SECOND, paid(500, invoice="i2"))) == {"F-014": 1250, "F-018": 300}
    assert left(owing(SECOND, paid(500))) == {"F-014": 750, "F-018": 800}


def test_what_an_invoice_cannot_take_goes_to_the_oldest() -> None:
    """1 000 € told for an invoice of 800 € pay 200 € of the oldest."""
    assert left(owing(SECOND, paid(1000, invoice="i2"))) == {"F-014": 1050, "F-018": 0}


def test_a_payment_for_an_invoice_taken_back_is_kept() -> None:
    """The money came: it goes to the oldest of those that are left."""
    back = act(ActKind.CORRECTED, TODAY, fact="facture", key="i2", day=SECOND.on)
    assert left(owing(SECOND, paid(300, invoice="i2"), back)) == {"F-014": 950}


def test_taking_back_a_payment_leaves_its_twin() -> None:
    """Of two equal sums of a day for two invoices, the one taken back is the one that was told."""
    twin: dict[str, Value] = {
        "fact": "paiement_partiel",
        "amount": Decimal(300),
        "day": TODAY,
        "invoice": "i2",
    }
    back = act(ActKind.CORRECTED, TODAY, **twin)
    dossier = owing(SECOND, paid(300, invoice="i1"), paid(300, invoice="i2"), back)
    assert left(dossier) == {"F-014": 950, "F-018": 800}


INVOICES = st.lists(st.tuples(SUMS, DAYS), min_size=1, max_size=4)
TOLD = st.lists(st.builds(Sum, DAYS, SUMS, KEYS), max_size=5)


def _numbered(told: Sequence[tuple[Decimal, date]]) -> list[Invoice]:
    return [Invoice(f"i{n}", "", amount, due) for n, (amount, due) in enumerate(told, 1)]


@given(INVOICES, TOLD, TOLD)
def test_balances_add_up(
    told: list[tuple[Decimal, date]], credited: list[Sum], received: list[Sum]
) -> None:
    """What remains on every invoice sums to what was invoiced less what came, never below zero."""
    invoices = _numbered(told)
    found = settle(invoices, credited, received)
    owed = sum(i.amount for i in invoices) - sum(s.amount for s in (*credited, *received))
    assert sum(found.balances.values()) == max(owed, Decimal(0))
    assert all(balance >= 0 for balance in found.balances.values())
    for one in invoices:
        parts = [p.amount for p in (*found.credits, *found.payments) if p.invoice == one.key]
        assert one.amount - sum(parts) == found.balances[one.key]


@given(INVOICES, TOLD, st.randoms(use_true_random=False))
def test_the_order_of_the_telling_changes_no_balance(
    told: list[tuple[Decimal, date]], received: list[Sum], chance: object
) -> None:
    """Payments told late or twice over in another order leave the same to pay on each invoice."""
    shuffled = list(received)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    invoices = _numbered(told)
    assert settle(invoices, (), received).balances == settle(invoices, (), shuffled).balances


def test_the_clock_is_that_of_the_oldest_unpaid() -> None:
    """An invoice not due yet makes no dossier early; once the first is paid, the next sets the clock."""
    assert owing(SECOND, THIRD).due_on == date(2026, 10, 15)
    assert owing(SECOND, THIRD, paid(1250, invoice="i1")).due_on == date(2026, 11, 3)
    earlier = invoice("i2", "F-002", 100, date(2026, 9, 1))
    assert owing(earlier).due_on == date(2026, 9, 1)


def test_the_ladder_starts_again_for_an_invoice_nobody_asked_for() -> None:
    """Three reminders for an invoice since paid are none for the one added after them."""
    sent = [
        act(ActKind.SENT, date(2026, 11, day), document=name, channel="email")
        for day, name in ((1, "relance_1"), (8, "relance_2"), (14, "derniere_relance"))
    ]
    later = act(
        ActKind.INVOICE_ADDED,
        date(2026, 11, 16),
        key="i2",
        number="F-018",
        amount=Decimal(800),
        due_on=date(2026, 11, 20),
    )
    both = owing(*sent, later)
    assert ladder.stage_of(both, TODAY) is Stage.FORMAL_NOTICE
    assert ladder.stage_of(both.with_act(paid(1250, invoice="i1")), TODAY) is Stage.FIRST_CONTACT


def test_a_notice_for_a_paid_invoice_opens_no_delay() -> None:
    """The mise en demeure of an invoice since paid says nothing of the one added after it."""
    notice = act(ActKind.SENT, date(2026, 10, 20), document="mise_en_demeure_pro", channel="lrar")
    later = act(
        ActKind.INVOICE_ADDED,
        date(2026, 11, 1),
        key="i2",
        number="F-018",
        amount=Decimal(800),
        due_on=date(2026, 11, 3),
    )
    law = load_law()
    both = owing(notice, later)
    assert situation_of(both, {}, TODAY, law).formal_notice == "echue"
    alone = both.with_act(paid(1250, invoice="i1"))
    assert situation_of(alone, {}, TODAY, law).formal_notice == "aucune"


def test_a_text_asks_for_what_is_due() -> None:
    """An invoice that is not due yet is not asked for beside those that are, nor one that is paid."""
    dossier = owing(SECOND, THIRD)
    assert [i.number for i in asked_for(dossier, TODAY)] == ["F-014", "F-018"]
    assert [i.number for i in asked_for(dossier, TODAY, whole=True)] == ["F-014", "F-018", "F-021"]
    one = dossier.with_act(paid(1250, invoice="i1"))
    assert [i.number for i in asked_for(one, TODAY)] == ["F-018"]
    early = one.with_act(paid(800, invoice="i2"))
    assert [i.number for i in asked_for(early, TODAY)] == ["F-021"]


def test_each_invoice_bears_its_own_penalties() -> None:
    """Every invoice late counts from its own due date and owes its own fixed sum; one not due owes neither."""
    counted = decompte_of(owing(SECOND, THIRD), TODAY, load_law())
    assert counted is not None
    first, second, third = counted.balances
    assert (first.days_late, second.days_late, third.days_late) == (40, 21, 0)
    assert first.lump_sum == second.lump_sum > 0
    assert third.lump_sum == third.interest == Decimal(0)
    assert min(line.from_on for line in counted.lines if line.number == "F-018") == date(
        2026, 11, 4
    )
    assert counted.lump_sum == 2 * first.lump_sum
    assert counted.principal_remaining == Decimal(2350)


def test_the_decompte_leaves_out_what_is_paid() -> None:
    """An invoice paid whole is in no décompte, and its payment lowers no other."""
    dossier = owing(SECOND, paid(1250, date(2026, 11, 10), invoice="i1"))
    counted = decompte_of(dossier, TODAY, load_law(), Imputation.PRINCIPAL_FIRST)
    assert counted is not None
    assert [balance.number for balance in counted.balances] == ["F-018"]
    assert (counted.principal_remaining, counted.paid) == (Decimal(800), Decimal(0))


@given(
    st.lists(
        st.tuples(
            SUMS, st.dates(date(2026, 10, 1), TODAY), st.sampled_from(["", "i1", "i2", "i3"])
        ),
        max_size=4,
    )
)
def test_the_decompte_agrees_with_the_balances(
    told: list[tuple[Decimal, date, str]],
) -> None:
    """Payments that go to the principal first leave the same sums in the décompte and in the dossier."""
    acts = [
        act(ActKind.PART_PAID, on, amount=amount, **({"invoice": key} if key else {}))
        for amount, on, key in told
    ]
    dossier = owing(SECOND, THIRD, *acts)
    counted = decompte_of(dossier, TODAY, load_law(), Imputation.PRINCIPAL_FIRST)
    assert counted is not None
    assert counted.principal_remaining == dossier.remaining
    balances = dossier.settlement.balances
    assert {b.key: b.principal for b in counted.balances if b.principal} == {
        key: balance for key, balance in balances.items() if balance
    }


def test_a_notice_counts_for_the_invoices_it_named() -> None:
    """A consumer owes interest from a mise en demeure on what it asked for, not on an invoice added since."""
    notice = [
        act(
            ActKind.SENT, date(2026, 11, 4), document="mise_en_demeure_particulier", channel="lrar"
        ),
        act(ActKind.RECEIVED, date(2026, 11, 6), document="mise_en_demeure_particulier"),
    ]
    named = decompte_of(owing(SECOND, *notice, kind="particulier"), TODAY, load_law())
    added = decompte_of(owing(*notice, SECOND, kind="particulier"), TODAY, load_law())
    assert named is not None
    assert added is not None
    assert {line.number for line in named.lines} == {"F-014", "F-018"}
    assert {line.number for line in added.lines} == {"F-014"}


def test_what_a_route_weighs_is_what_is_due() -> None:
    """The principal of a claim is the sum of the invoices due, without the one that is not."""
    assert situation_of(owing(SECOND, THIRD), {}, TODAY, load_law()).principal == Decimal(2050)


def test_the_time_to_act_is_that_of_the_invoice_that_ends_first() -> None:
    """With an older invoice added, its time governs and it is the one named."""
    older = act(
        ActKind.INVOICE_ADDED,
        date(2026, 10, 1),
        key="i2",
        number="F-001",
        amount=Decimal(100),
        issued_on=date(2024, 12, 1),
        due_on=date(2025, 1, 1),
    )
    dossier = owing(older, kind="particulier", work_done_on=date(2026, 9, 15))
    found = limitation_of(dossier, TODAY, load_law())
    assert isinstance(found, Limitation)
    assert found.starts_on == date(2024, 12, 1)
    named = limited_by(dossier, TODAY, load_law())
    assert named is not None
    assert named.number == "F-001"
    settled = dossier.with_act(paid(100, invoice="i2"))
    after = limitation_of(settled, TODAY, load_law())
    assert isinstance(after, Limitation)
    assert after.starts_on == date(2026, 9, 15)


def test_a_payment_interrupts_the_time_of_the_invoice_it_went_to() -> None:
    """A sum paid on one invoice is no acknowledgement of the other."""
    dossier = owing(
        SECOND, paid(100, date(2026, 11, 10), invoice="i2"), work_done_on=date(2026, 9, 15)
    )
    found = limitation_of(dossier, TODAY, load_law())
    assert isinstance(found, Limitation)
    assert not found.timeline
    on_first = owing(
        SECOND, paid(100, date(2026, 11, 10), invoice="i1"), work_done_on=date(2026, 9, 15)
    )
    told = limitation_of(on_first, TODAY, load_law())
    assert isinstance(told, Limitation)
    assert [step.event.on for step in told.timeline] == [date(2026, 11, 10)]


@pytest.mark.parametrize(
    "kind", ["professionnel", "particulier", "public", "association", "etranger"]
)
def test_every_debtor_has_a_decompte_of_several(kind: str) -> None:
    """Whoever owes, the principal of three invoices is the sum of the three."""
    counted = decompte_of(owing(SECOND, THIRD, kind=kind), TODAY, load_law())
    assert counted is not None
    assert counted.principal_remaining == Decimal(2350)


def facts_for(dossier: Dossier, document_id: str) -> dict[str, object]:
    """Give what a document states today."""
    catalogue = load_catalogue()
    document = catalogue.get(document_id)
    return stated_facts(dossier, {}, document, TODAY, load_law(), catalogue)


def numbers_in(dossier: Dossier, document_id: str) -> list[str]:
    """Give the numbers of the invoices a document is about."""
    listed = facts_for(dossier, document_id)["invoices"]
    assert isinstance(listed, list)
    return [one["number"] for one in listed]


def test_a_dossier_of_one_states_no_list() -> None:
    """With one invoice, documents state what they always did."""
    assert "invoices" not in facts_for(owing(), "relance_1")


def test_a_reminder_states_what_is_due_and_no_more() -> None:
    """A reminder asks for the sum of the invoices due, from the oldest; an agreement takes all in."""
    stated = facts_for(owing(SECOND, THIRD), "relance_1")
    assert numbers_in(owing(SECOND, THIRD), "relance_1") == ["F-014", "F-018"]
    assert (stated["amount_remaining"], stated["invoice_number"]) == (Decimal(2050), "F-014")
    assert numbers_in(owing(SECOND, THIRD), "accord_echeancier") == ["F-014", "F-018", "F-021"]
    assert numbers_in(owing(SECOND, THIRD), "declaration_creance") == ["F-014", "F-018", "F-021"]


def test_once_the_first_is_paid_the_next_is_the_invoice_of_the_text() -> None:
    """A text about the one that is left states its number and its due date, and not the day of the other."""
    dossier = owing(
        SECOND, paid(1250, invoice="i1"), invoice_on=date(2026, 9, 15), work_label="le site"
    )
    stated = facts_for(dossier, "mise_en_demeure_pro")
    assert (stated["invoice_number"], stated["invoice_due_on"]) == ("F-018", date(2026, 11, 3))
    assert (stated["amount_remaining"], stated["several_invoices"]) == (Decimal(800), False)
    assert "invoice_on" not in stated
    assert "work_label" not in stated


def test_a_letter_does_not_claim_earlier_messages_about_a_paid_invoice() -> None:
    """« Malgré mes messages » counts those that asked for what is still due."""
    sent = act(ActKind.SENT, date(2026, 10, 20), document="relance_1", channel="email")
    late = act(
        ActKind.INVOICE_ADDED,
        date(2026, 11, 1),
        key="i2",
        number="F-018",
        amount=Decimal(800),
        due_on=date(2026, 11, 3),
    )
    both = owing(sent, late)
    assert facts_for(both, "relance_2")["letters_before"] != []
    assert facts_for(both.with_act(paid(1250, invoice="i1")), "relance_2")["letters_before"] == []


def test_a_part_receipt_is_about_the_invoice_paid() -> None:
    """A receipt for a part names the invoice it was told for; once that one is paid whole, the others with it."""
    assert numbers_in(owing(SECOND, paid(300, invoice="i2")), "quittance_partielle") == ["F-018"]
    whole = owing(SECOND, paid(800, invoice="i2"))
    assert numbers_in(whole, "quittance_partielle") == ["F-014", "F-018"]


def test_a_corrected_invoice_is_one() -> None:
    """A document that replaces an invoice names one of them, whatever else is owed."""
    assert numbers_in(owing(SECOND), "facture_corrigee") == ["F-014"]


def test_what_is_said_to_remain_on_an_invoice_gives_its_amount() -> None:
    """« Il reste 1 000 € » on an invoice partly paid: its amount is what leaves that much."""
    dossier = owing(SECOND, paid(500))
    assert dossier.amount_leaving(FIRST, Decimal(1000)) == Decimal(1500)
    assert dossier.amount_leaving("i2", Decimal(700)) == Decimal(700)
