"""The due date of an invoice, from what was agreed and from who owes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.dossier import DebtorKind
from flows.law.calendar import next_working_day
from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Confidence, Unit, weakest
from flows.law.prose import fill, parameter_text, written
from flows.law.terms.answers import Choice, DueDate, Excess, Undecided
from flows.law.terms.ceiling import professional_excess, public_excess
from flows.law.terms.payment_terms import PaymentTerms, Reading, TermsKind
from flows.law.terms.rules import load_rules
from flows.law.wording import day_text, sentence

UNKNOWN_BODY = "inconnu"


@dataclass(frozen=True, slots=True)
class _Invoice:
    """One invoice and the days known of it, with the law that is asked."""

    law: Law
    on: date
    done_on: date | None
    received_on: date | None
    received_assumed: bool = False

    def say(self, key: str, **values: str) -> str:
        """Fill the sentence `key` with the law on the day of the invoice."""
        return fill(load_rules().sentences[key], self.law, self.on, **values)

    def due(self, key: str, on: date, *sentences: str, **values: str) -> DueDate:
        """Make a due date counted by the rule `key`."""
        rule = load_rules().rules[key]
        words = fill(rule.text, self.law, self.on, **values)
        return DueDate(on, words, rule.articles, rule.confidence, sentences)

    @property
    def last_known(self) -> date:
        """The latest of the days known, the invoice's own included."""
        return max(day for day in (self.on, self.done_on, self.received_on) if day)


def due_date(  # noqa: PLR0913 - each is a fact of the dossier, given by name
    terms: PaymentTerms,
    debtor_kind: DebtorKind,
    law: Law,
    *,
    invoice_on: date,
    done_on: date | None = None,
    received_on: date | None = None,
    received_assumed: bool = False,
    public_body: str = UNKNOWN_BODY,
    periodic: bool = False,
) -> DueDate | Undecided:
    """Give the last day to pay, or what must be asked first.

    `done_on`: the work was completed (or the goods received); `received_on`: the client received
    the invoice (a public buyer: the payment request), `received_assumed`: nobody said so, and a sentence
    tells it; `public_body`: etat, collectivite, hopital,
    entreprise_publique or inconnu; `periodic`: the invoice sums up the deliveries of a month.
    A term beyond the ceiling is kept between professionals and only flagged; it is void for a
    public buyer. When no delay is known on the day of the invoice, the answer is undecided, with the
    sentence of the refusal. Raises ValueError for another public body.
    """
    invoice = _Invoice(law, invoice_on, done_on, received_on, received_assumed)
    try:
        if debtor_kind is DebtorKind.PUBLIC:
            return _public(terms, invoice, public_body)
        if terms.kind is TermsKind.NONE:
            return _nothing_agreed(debtor_kind, invoice)
    except UnknownForPeriod as unknown:
        return Undecided(unknown.sentence)
    return _by_agreement(terms, debtor_kind, invoice, periodic)


def _by_agreement(
    terms: PaymentTerms, debtor_kind: DebtorKind, invoice: _Invoice, periodic: bool
) -> DueDate | Undecided:
    choices = tuple(
        Choice(read, _reading_words(read, invoice), _agreed(read, debtor_kind, invoice, periodic))
        for read in terms.readings()
    )
    if len({choice.due.on for choice in choices}) > 1:
        return Undecided(invoice.say("ask_reading", days=written(terms.days, Unit.DAYS)), choices)
    if terms.kind is TermsKind.MONTH_END and terms.reading is None:
        due = invoice.due("month_end_same", choices[0].due.on, days=written(terms.days, Unit.DAYS))
        return _checked(due, terms, debtor_kind, invoice, periodic)
    return choices[0].due


def excess(  # noqa: PLR0913 - the days of due_date and the date typed
    invoice_on: date,
    due_on: date,
    debtor_kind: DebtorKind,
    law: Law,
    terms: PaymentTerms | None = None,
    *,
    done_on: date | None = None,
    received_on: date | None = None,
    public_body: str = UNKNOWN_BODY,
    periodic: bool = False,
) -> Excess | None:
    """Tell how far a due date, as typed, goes beyond the ceiling; None when it does not.

    Only a professional and a public debtor have a ceiling; none is known of an invoice older than
    the texts on file, and nothing is then said. `terms`, when known, tells whether the ceiling « fin
    de mois » may serve. Raises ValueError for another public body.
    """
    try:
        if debtor_kind is DebtorKind.PROFESSIONAL:
            return professional_excess(invoice_on, due_on, law, terms, periodic)
        if debtor_kind is DebtorKind.PUBLIC:
            invoice = _Invoice(law, invoice_on, done_on, received_on)
            return public_excess(invoice_on, due_on, _statutory(invoice, public_body).on, law)
    except UnknownForPeriod:
        return None
    return None


# --- something was agreed ----------------------------------------------------------------------


def _reading_words(terms: PaymentTerms, invoice: _Invoice) -> str:
    if terms.reading is None:
        return ""
    return invoice.say(f"reading_{terms.reading}", days=written(terms.days, Unit.DAYS))


def _agreed(terms: PaymentTerms, kind: DebtorKind, invoice: _Invoice, periodic: bool) -> DueDate:
    if terms.kind is TermsKind.RECEIPT:
        known = invoice.received_on is not None
        day = invoice.received_on or invoice.on
        due = invoice.due("reception_known" if known else "reception_unknown", day)
    else:
        key = {
            None: "agreed_days",
            Reading.ADD_THEN_END: "month_end_add",
            Reading.END_THEN_ADD: "month_end_then",
        }[terms.reading]
        due = invoice.due(key, terms.counted_from(invoice.on), days=written(terms.days, Unit.DAYS))
    return _checked(due, terms, kind, invoice, periodic)


def _checked(
    due: DueDate, terms: PaymentTerms, kind: DebtorKind, invoice: _Invoice, periodic: bool
) -> DueDate:
    """Add to a date agreed what the law says of it: beyond the ceiling, or out of its reach."""
    if kind is DebtorKind.FOREIGN:
        return _with(due, invoice.say("foreign"), confidence=Confidence.LIKELY)
    if kind is not DebtorKind.PROFESSIONAL:
        return due
    try:
        found = professional_excess(invoice.on, due.on, invoice.law, terms, periodic)
    except UnknownForPeriod as unknown:
        return _with(due, unknown.sentence)
    if found is None:
        return due
    return _with(due, *found.sentences, articles=found.articles, excess=found)


def _with(
    due: DueDate,
    *sentences: str,
    articles: tuple[str, ...] = (),
    confidence: Confidence = Confidence.CONFIRMED,
    excess: Excess | None = None,
) -> DueDate:
    """Give the due date with more to say; its confidence can only fall."""
    return DueDate(
        due.on,
        due.rule,
        tuple(dict.fromkeys(due.articles + articles)),
        weakest(due.confidence, confidence),
        due.sentences + sentences,
        excess or due.excess,
    )


# --- nothing was agreed ------------------------------------------------------------------------


def _nothing_agreed(kind: DebtorKind, invoice: _Invoice) -> DueDate | Undecided:
    if kind is DebtorKind.FOREIGN:
        return Undecided(invoice.say("ask_contract"))
    missing = () if invoice.done_on else (invoice.say("missing_done"),)
    if kind is DebtorKind.CONSUMER:
        return invoice.due("consumer", max(invoice.on, invoice.done_on or invoice.on), *missing)
    start = invoice.last_known
    delay = timedelta(days=invoice.law.days("delai_paiement_defaut", invoice.on))
    if kind is DebtorKind.NONTRADER:
        # No text sets a term for them: the professional's is borrowed, since late is the safe side.
        said = (invoice.say("nontrader"), *missing)
        return invoice.due("nontrader", start + delay, *said, start=day_text(start))
    if invoice.done_on is None:
        return invoice.due("professional_known", start + delay, *missing, start=day_text(start))
    on = invoice.done_on + delay
    if on < invoice.on:
        # The text counts from the work alone, yet nobody pays a bill before it exists.
        return invoice.due("professional_billed_late", invoice.on)
    return invoice.due("professional_done", on)


# --- a public buyer ----------------------------------------------------------------------------


def _public(terms: PaymentTerms, invoice: _Invoice, public_body: str) -> DueDate:
    """Give the date of the texts: a longer one is void, a shorter one binds by the market alone."""
    due = _statutory(invoice, public_body)
    if terms.kind is TermsKind.NONE:
        return due
    received = terms.kind is TermsKind.RECEIPT and invoice.received_on
    agreed = received or max(read.counted_from(invoice.on) for read in terms.readings())
    found = public_excess(invoice.on, agreed, due.on, invoice.law)
    if found:
        return _with(due, *found.sentences, articles=found.articles, excess=found)
    if agreed < due.on:
        said = invoice.say("public_shorter", agreed=day_text(agreed))
        return _with(due, said, confidence=Confidence.LIKELY)
    return due


def _statutory(invoice: _Invoice, public_body: str) -> DueDate:
    law, bodies = invoice.law, load_rules().bodies
    if public_body != UNKNOWN_BODY and public_body not in bodies:
        raise ValueError(f"not a public body: {public_body!r}")
    names = dict.fromkeys(body.parameter for body in bodies.values())
    longest = max(names, key=lambda name: law.days(name, invoice.on))
    body = bodies.get(public_body) or next(b for b in bodies.values() if b.parameter == longest)

    said, confidence = [], body.confidence
    if public_body == UNKNOWN_BODY:
        delays = sorted(law.days(name, invoice.on) for name in names)
        *first, last = [written(days, Unit.DAYS) for days in delays]
        several = sentence("or", first=", ".join(first), last=last)
        said.append(invoice.say("unknown_body", delays=several))
    received = invoice.received_on
    articles = body.articles
    if received is None:
        days = law.days("delai_reception_demande_publique", invoice.on)
        received = invoice.on + timedelta(days=days)
        rule = load_rules().rules["missing_received"]
        said.append(fill(rule.text, law, invoice.on))
        articles += rule.articles
        confidence = weakest(confidence, rule.confidence)
    elif invoice.received_assumed:
        said.append(invoice.say("assumed_received"))
        confidence = weakest(confidence, Confidence.LIKELY)
    if invoice.done_on is None:
        said.append(invoice.say("missing_public_done"))
    start = max(received, invoice.done_on or received)
    raw = start + timedelta(days=law.days(body.parameter, invoice.on))
    on = next_working_day(raw)
    if on != raw:
        # Whether art. 642 CPC governs this term is not settled: the later day never claims too much.
        said.append(invoice.say("public_closed", raw=day_text(raw), later=day_text(on)))
        confidence = weakest(confidence, Confidence.LIKELY)
    due = invoice.due(
        "public",
        on,
        *said,
        delay=parameter_text(law, body.parameter, invoice.on),
        start=day_text(start),
    )
    return _with(due, articles=articles, confidence=confidence)
