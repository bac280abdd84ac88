"""The dialogue as data: its states, and where each trigger leads.

State names are stored with every conversation: renaming one is a migration. A trigger's transitions are tried
in order and the first whose condition holds wins; conditions are methods of `flows.dialogue.turn.Turn`.
"""

from __future__ import annotations

from typing import Any

from transitions import Machine

STATES = (
    "home",  # the menu
    "debtor_kind",  # who is the client
    "debtor_name",
    "amount",
    "due_date",
    "terms",  # the invoice is dated, its due date is not known: by what terms is it paid
    "read_back",  # what a whole sentence said, to be confirmed
    "before_due",  # the due date has not passed
    "contact",  # what has happened since the due date
    "contact_detail",  # what the outcome calls for: a promised date, a missing piece
    "probe",  # one discriminating question
    "diagnosis",  # the likeliest cause, why, and the response that fits
    "other_cause",  # the person overrules the table
    "stake",  # what is at stake with this client
    "responses",  # every response that fits, each with why, cost, delay
    "advice",  # a response that is not a document
    "need",  # one fact that a document needs
    "draft",  # a document is shown
    "edit",  # what to change in it
    "edit_fact",  # which fact of it to change
    "edit_text",  # the new words of a paragraph
    "edit_add",  # a paragraph to add
    "sent_how",
    "sent_when",
    "said",  # what the client wrote, whole
    "plan_parts",  # in how many payments
    "plan_first",  # the day of the first one
    "paid_on",  # the day of a full payment
    "filing",  # what to do about a filing without an answer
    "tracking",  # the number of a registered letter
    "received_on",  # the day a registered letter arrived
    "returned_on",  # the day it was presented first, or came back
    "waiting",  # nothing to do before a date
    "nudge",  # a deadline has passed
    "digest",  # several did: one message for the day
    "paid_part",
    "snooze",
    "dossiers",
    "overview",  # the whole of them, in figures and as a picture
    "card",
    "correct",  # which fact of the card to correct
    "settings",
    "closed",
    "stop",  # how the dossier ends
    "routes",  # every legal route, open or closed, and why
    "route",  # one of them
    "clocks",  # limitation and legal deadlines
    "event",  # what happened that the law counts from
    "event_when",
    "event_amount",
    "documents",  # every document there is for the dossier, by how well it fits
    "exhibits",  # the pieces sent to be joined
    "exhibit",  # one of them
    "exhibit_title",  # what it is
    "prevention",  # for the next time: the menu
    "prevention_kind",  # what kind of client a text is for
    "prevention_text",  # a text to paste, with no dossier
    "prevention_review",  # of which dossier to make the review
    "client_check",  # what to look up before signing
    "steps",  # the ladder of the dossier: done, next, after
    "step_delay",  # when the next one comes
    "step_back",  # which one to go back to
    "step_told",  # what had been sent before
    "step_told_when",
    "pause_until",
    "invoices",  # the invoices of the client, and what each leaves to pay
    "invoice",  # one of them
    "invoice_new",  # one more
    "same_client",  # a dossier is open for this client: add the invoice to it
    "erase_all",  # the person wants everything of theirs erased
    "erase_one",  # or one dossier
)

RESTING = frozenset(
    {
        *("home", "waiting", "nudge", "digest", "dossiers", "overview", "card", "settings"),
        *("closed", "clocks", "prevention", "said", "steps", "filing"),
    }
)
"""States where no question is open: a reminder may take the floor there."""

WITHOUT_DOSSIER = frozenset(
    {
        *("home", "dossiers", "overview", "settings", "digest"),
        *("prevention", "prevention_kind", "prevention_text", "prevention_review", "client_check"),
        "erase_all",
    }
)
"""States that are about no dossier: they can be shown with none in hand."""

TYPING = frozenset(
    {
        *("debtor_name", "amount", "due_date", "contact_detail", "need", "edit_text"),
        *("sent_when", "received_on", "paid_part", "snooze", "read_back"),
        *("tracking", "returned_on", "plan_parts", "plan_first", "paid_on"),
        *("terms", "event_when", "event_amount", "edit_add", "exhibit_title"),
        *("step_delay", "step_told_when", "pause_until"),
        "invoice_new",
        *("erase_all", "erase_one"),
    }
)
"""States where somebody may be writing an answer: a reminder is said beside it and takes nothing."""

FREE_WORDS = frozenset({"edit_text", "edit_add", "exhibit_title"})
"""States where whatever is typed is the answer, even a word that is a command elsewhere."""

FORGETTABLE = RESTING | {
    *("read_back", "other_cause", "edit", "edit_fact", "edit_text"),
    *("snooze", "stop", "paid_part", "correct", "event_when", "event_amount"),
    *("edit_add", "exhibit", "exhibit_title"),
    *("tracking", "returned_on", "plan_parts", "plan_first", "paid_on"),
    *("step_delay", "step_back", "step_told", "step_told_when", "pause_until"),
    *("invoice_new", "same_client"),
    *("erase_all", "erase_one"),
}
"""States « Retour » does not lead back to: what they were about is settled."""

FACT_OF_STATE = {
    "debtor_kind": "debtor_kind",
    "debtor_name": "debtor_name",
    "amount": "amount_due",
    "due_date": "invoice_due_on",
}
"""States that ask one fact, always the same."""

_ANY = "*"

# What is still to be learned, in order; the last line is where everything known leads.
_ONWARD = (
    ("debtor_kind", "kind_missing"),
    ("debtor_name", "name_missing"),
    ("same_client", "client_has_dossier"),
    ("amount", "amount_missing"),
    ("terms", "terms_missing"),
    ("due_date", "due_missing"),
    ("before_due", "not_due_yet"),
    ("contact", "outcome_missing"),
    ("contact_detail", "detail_missing"),
    ("waiting", "payment_announced"),
    ("probe", "worth_probing"),
    ("stake", "stake_worth_asking"),
    ("diagnosis", None),
)

_TO_DOCUMENT = (
    ("advice", "response_without_document"),
    ("diagnosis", "document_unfit"),
    ("need", "facts_missing"),
    ("draft", None),
)

_PREVENTION = ["prevention", "prevention_text", "client_check"]
_TO_TOPIC = (
    ("prevention_kind", "client_kind_missing"),
    ("prevention_text", None),
)

_ROUTES = (
    ("need", "route_question_left"),
    ("routes", None),
)

_AFTER_SENDING = (
    ("card", "dossier_over"),
    ("waiting", None),
)

_AFTER_FACT = (
    ("need", "route_question_left"),
    ("routes", "fact_for_routes"),
    ("clocks", "fact_for_clocks"),
    ("settings", "fact_for_settings"),
    ("card", "fact_for_card"),
    ("invoices", "fact_for_invoices"),
    ("diagnosis", "document_unfit"),
    ("need", "facts_missing"),
    ("draft", None),
)


def _rows(
    trigger: str, sources: str | list[str], chain: tuple[tuple[str, str | None], ...]
) -> list[dict[str, Any]]:
    return [
        {
            "trigger": trigger,
            "source": sources,
            "dest": dest,
            **({"conditions": condition} if condition else {}),
        }
        for dest, condition in chain
    ]


def _row(trigger: str, sources: str | list[str], dest: str) -> dict[str, Any]:
    return {"trigger": trigger, "source": sources, "dest": dest}


TRANSITIONS: tuple[dict[str, Any], ...] = (
    # From anywhere: the menu, the lists, and taking a dossier up where it stands.
    _row("cancel", _ANY, "home"),
    _row("open_dossiers", _ANY, "dossiers"),
    _row("open_overview", _ANY, "overview"),
    _row("open_card", _ANY, "card"),
    _row("open_settings", _ANY, "settings"),
    _row("wake", _ANY, "nudge"),
    _row("wake_many", _ANY, "digest"),
    *_rows("go_on", _ANY, _ONWARD),
    # Intake: each answer leads to the first thing not known yet.
    _row("told", _ANY, "read_back"),
    *_rows(
        "answered",
        [
            "debtor_kind",
            "debtor_name",
            "amount",
            "due_date",
            "terms",
            "read_back",
            "contact",
            "contact_detail",
            "probe",
            "stake",
            "other_cause",
        ],
        _ONWARD,
    ),
    # Diagnosis and response.
    _row("overrule", "diagnosis", "other_cause"),
    _row("ask_stake", "diagnosis", "stake"),
    _row("probe_more", "diagnosis", "probe"),
    _row("compare", ["diagnosis", "draft", "advice", "before_due"], "responses"),
    *_rows("choose", ["diagnosis", "responses", "before_due", "documents", "route"], _TO_DOCUMENT),
    _row("settle", ["diagnosis", "before_due", "advice", "responses"], "waiting"),
    # Documents.
    *_rows("answered", "need", _AFTER_FACT),
    *_rows("complete", "draft", _TO_DOCUMENT),
    *_rows("take_up_text", _ANY, _TO_DOCUMENT),
    _row("redraw", "draft", "draft"),
    _row("edit", "draft", "edit"),
    _row("pick_paragraph", "edit", "edit_text"),
    _row("list_facts", "edit", "edit_fact"),
    _row("pick_fact", ["edit_fact", "settings", "correct", "draft", "clocks"], "need"),
    _row("add_paragraph", ["edit", "edit_text"], "edit_add"),
    _row("answered", ["edit", "edit_fact", "edit_text", "edit_add"], "draft"),
    _row("later", "draft", "waiting"),
    # Sending and following up.
    _row("called", "draft", "contact"),
    _row("sent", _ANY, "sent_how"),
    _row("answered", "sent_how", "sent_when"),
    *_rows("answered", "sent_when", (("tracking", "number_awaited"), *_AFTER_SENDING)),
    _row("see_said", _ANY, "said"),
    _row("track", _ANY, "tracking"),
    _row("see_filing", _ANY, "filing"),
    _row("ask_plan", _ANY, "plan_parts"),
    _row("ask_first", "plan_parts", "plan_first"),
    _row("answered", "plan_first", "card"),
    _row("ask_paid_day", _ANY, "paid_on"),
    _row("answered", "paid_on", "closed"),
    *_rows("answered", "tracking", _AFTER_SENDING),
    _row("received", _ANY, "received_on"),
    _row("came_back", "received_on", "returned_on"),
    _row("answered", ["received_on", "returned_on"], "waiting"),
    _row("part_paid", _ANY, "paid_part"),
    *_rows("answered", "paid_part", (("closed", "dossier_over"), ("waiting", None))),
    _row("put_off", _ANY, "snooze"),
    _row("answered", "snooze", "waiting"),
    _row("rest", _ANY, "waiting"),
    _row("finish", _ANY, "closed"),
    _row("ask_end", _ANY, "stop"),
    _row("correct", "card", "correct"),
    # The invoices of one client.
    _row("see_invoices", _ANY, "invoices"),
    _row("pick_invoice", "invoices", "invoice"),
    _row("add_invoice", _ANY, "invoice_new"),
    _row("pick_fact", "invoice", "need"),
    _row("answered", ["invoice", "invoice_new"], "invoices"),
    *_rows("answered", "same_client", _ONWARD),
    # The papers: what there is to write, what is joined to it.
    _row("see_documents", _ANY, "documents"),
    _row("see_exhibits", _ANY, "exhibits"),
    _row("pick_exhibit", "exhibits", "exhibit"),
    _row("name_exhibit", _ANY, "exhibit_title"),
    _row("answered", ["exhibit", "exhibit_title"], "exhibits"),
    *_rows("to_text", "exhibits", _TO_DOCUMENT),
    # For the next time: no dossier is needed.
    _row("see_prevention", _ANY, "prevention"),
    *_rows("pick_topic", _PREVENTION, _TO_TOPIC),
    _row("answered", "prevention_kind", "prevention_text"),
    _row("check_client", "prevention", "client_check"),
    _row("review_dossier", "prevention", "prevention_review"),
    # The steps of a dossier, and its pause.
    _row("see_steps", _ANY, "steps"),
    _row("change_delay", "steps", "step_delay"),
    _row("step_back", "steps", "step_back"),
    _row("tell_sent", _ANY, "step_told"),
    _row("pick_told", "step_told", "step_told_when"),
    _row("put_pause", _ANY, "pause_until"),
    # What is kept, erased.
    _row("ask_erase_all", _ANY, "erase_all"),
    _row("ask_erase_one", _ANY, "erase_one"),
    # The law: routes, legal clocks, and what happened that they count from.
    *_rows("see_routes", _ANY, _ROUTES),
    _row("pick_route", "routes", "route"),
    _row("see_clocks", _ANY, "clocks"),
    _row("note_event", _ANY, "event"),
    _row("pick_event", "event", "event_when"),
    _row("ask_event_amount", "event_when", "event_amount"),
    _row("answered", ["event_when", "event_amount"], "clocks"),
)


def build_machine() -> Machine:
    """Build the shared machine; it holds no model, so one serves every conversation."""
    return Machine(
        model=None,
        states=list(STATES),
        transitions=[dict(row) for row in TRANSITIONS],
        initial=None,
        auto_transitions=False,
        send_event=True,
    )


MACHINE = build_machine()
