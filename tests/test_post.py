"""What became of a letter, read from the acts: awaited, numbered, come back, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from flows.dossier import Act, ActKind, Dossier
from flows.post import awaiting_number, awaiting_receipt, delivered, number_of, undelivered
from flows.values import Value

DAY = date(2026, 11, 2)
NOTICE = "mise_en_demeure_pro"


def act(kind: ActKind, on: date = DAY, **data: Value) -> Act:
    """Make an act recorded at ten on its day."""
    return Act(kind, on, datetime.combine(on, time(10), tzinfo=UTC), data)


def sent(document: str = NOTICE, channel: str = "lrar") -> Act:
    """Make a sending."""
    return act(ActKind.SENT, document=document, channel=channel)


def dossier(*acts: Act) -> Dossier:
    """Make a dossier with these acts."""
    return Dossier("d", DAY, {}, acts)


def test_a_letter_is_awaited_until_it_arrives_or_comes_back() -> None:
    """A letter signed for is awaited; another text sent since does not end that, its arrival or return does."""
    letter, text = sent(), sent("relance_1", "mail")
    assert awaiting_receipt(dossier(letter, text)) is letter
    assert awaiting_receipt(dossier(text)) is None
    for kind in (ActKind.RECEIVED, ActKind.RETURNED):
        assert awaiting_receipt(dossier(letter, text, act(kind, document=NOTICE))) is None
    assert awaiting_receipt(dossier(letter, act(ActKind.RECEIVED, document=""))) is None


def test_a_letter_sent_again_is_awaited_again() -> None:
    """After a return, the letter sent anew is the one awaited, and only the first is lost."""
    first, again = sent(), sent()
    back = act(ActKind.RETURNED, document=NOTICE, how="inconnu")
    found = dossier(first, back, again)
    assert awaiting_receipt(found) is again
    assert undelivered(found) == {0}
    assert delivered(found) == [again]


def test_a_number_goes_with_its_own_letter() -> None:
    """A number told after the second sending of a letter is not that of the first."""
    first, again = sent(), sent()
    number = act(ActKind.TRACKED, number="1A12345678901", document=NOTICE)
    found = dossier(first, again, number)
    assert (number_of(found, first), number_of(found, again)) == ("", "1A12345678901")
    assert awaiting_number(found) is None
    assert awaiting_number(dossier(first, number, again)) is again
    assert awaiting_number(dossier(sent(channel="mail"))) is None


def test_what_was_taken_back_is_awaited_no_more() -> None:
    """A sending taken back is neither awaited nor delivered; a return taken back lost nothing."""
    letter = sent()
    undone = act(ActKind.CORRECTED, fact="envoye", document=NOTICE, day=DAY)
    assert awaiting_receipt(dossier(letter, undone)) is None
    assert delivered(dossier(letter, undone)) == []
    assert delivered(dossier(letter, undone, again := sent())) == [again]
    back = act(ActKind.RETURNED, document=NOTICE, how="inconnu")
    no = act(ActKind.CORRECTED, fact="retour", document=NOTICE, day=DAY)
    assert delivered(dossier(letter, back, no)) == [letter]


def test_of_two_payments_alike_one_is_taken_back() -> None:
    """The same sum paid twice in a day and one noted by mistake: one stands."""
    paid = [act(ActKind.PART_PAID, amount=Decimal(100)) for _ in range(2)]
    undone = act(ActKind.CORRECTED, fact="paiement_partiel", amount=Decimal(100), day=DAY)
    assert dossier(*paid, undone).part_payments == (paid[0],)
    assert dossier(*paid, undone, undone).part_payments == ()
