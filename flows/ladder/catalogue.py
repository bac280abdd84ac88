"""The ladder, read once from its data file and checked."""

from __future__ import annotations

from functools import cache

from flows.diagnosis.catalogue import declared_outcomes
from flows.diagnosis.tables import Row, load
from flows.dossier import Cause, DebtorKind, Stage
from flows.ladder.delays import Base, Delay
from flows.ladder.model import ORDER, FollowUp, Habits, Ladder, Paces, Step, Words

_WHY = (
    "asked",
    "route",
    "route_taken",
    "happened",
    "after_due",
    "promise",
    "transfer",
    "instalment",
    "agreed",
    "answer",
    "call_again",
    "part_payment",
    "opened",
    "resumed",
    "receipt",
    "notice",
    "notice_assumed",
    "notice_presented",
    "promise_sum",
    "returned",
    "snoozed",
    "repeated",
    "silence",
    "declaration",
    "published",
    "chosen",
    "chosen_day",
    "paused",
    "entered_late",
    "entered_reached",
    "entered_told",
)
_MOVED = ("closed", "gap")


@cache
def ladder() -> Ladder:
    """Give the ladder. Raises BadTableError."""
    return read_ladder(load("flows.ladder", "ladder.yaml"))


def read_ladder(table: Row) -> Ladder:
    """Read ladder.yaml. Raises BadTableError."""
    found = Ladder(
        steps={step.stage: step for step in (_step(row) for row in table.rows("steps"))},
        follow_up=_follow_up(table.row("follow_up")),
        habits=_habits(table),
        paces=_paces(table.row("pace")),
        words=_words(table),
    )
    table.done()
    if tuple(found.steps) != ORDER[1:-1]:
        raise table.fail(
            "steps must be the rungs from the first contact up, once each and in order"
        )
    delays = [(step.delay.months, step.delay.days) for step in found.steps.values()]
    if delays != sorted(delays) or delays[0] < (0, 1):
        raise table.fail("a step cannot come before the one below it, nor on the due date")
    return found


def _step(row: Row) -> Step:
    documents = row.row("documents")
    found = Step(
        stage=row.member(row.text("stage"), Stage),
        delay=_delay(row.row("delay")),
        channel=row.text("channel"),
        tone=row.text("tone"),
        documents={
            documents.member(kind, DebtorKind): documents.text(kind)
            for kind in documents.keys()  # noqa: SIM118 - a method of Row, not a dict
        },
        why=row.text("why"),
    )
    row.done()
    return found


def _delay(row: Row, days: int | None = None, *, done: bool = True) -> Delay:
    """Read a delay and what it counts from; `days` stands in when none are given."""
    of = row.text_or_none("of")
    counts_from = row.member(row.text("counts_from"), Base)
    try:
        found = Delay(
            days=row.integer("days", days),
            counts_from=counts_from,
            of=row.member(of, Base) if of else None,
            months=row.integer("months", 0),
        )
    except ValueError as error:
        raise row.fail(str(error)) from error
    if done:
        row.done()
    return found


def _paces(row: Row) -> Paces:
    kinds, causes = row.row("kinds"), row.row("causes")
    found = Paces(
        least=row.decimal("least"),
        most=row.decimal("most"),
        kinds={kind: kinds.decimal(kind.value) for kind in DebtorKind},
        causes={cause.value: causes.decimal(cause.value) for cause in Cause},
    )
    for one in (row, kinds, causes):
        one.done()
    if not 0 < found.least <= 1 <= found.most:
        raise row.fail("least and most stand on each side of 1, above 0")
    every = (*found.kinds.values(), *found.causes.values())
    if any(not found.least <= pace <= found.most for pace in every):
        raise row.fail("a pace stays between least and most")
    return found


def _follow_up(table: Row) -> dict[str, FollowUp]:
    found = {}
    for document in table.keys():  # noqa: SIM118 - a method of Row, not a dict
        row = table.row(document)
        notice = row.flag("notice")
        found[document] = FollowUp(
            delay=_delay(row, 0 if notice else None, done=False),
            stage=row.member(row.text("stage"), Stage),
            notice=notice,
            rung=row.flag("rung"),
            until=row.text_or_none("until"),
        )
        row.done()
        delay = found[document].delay
        if found[document].stage not in ORDER or (delay.days < 1) is not notice:
            raise row.fail("a rung and a delay are needed; a notice takes its delay from the law")
        if (delay.counts_from is Base.RECEIPT) is not notice:
            raise row.fail("a notice, and it alone, counts from its receipt")
    return found


def _habits(table: Row) -> Habits:
    contact, repeat, parts = table.row("contact"), table.row("repeat"), table.row("instalments")
    procedure = table.row("procedure")
    working = table.row("after_answer_working")
    known = {outcome.id: outcome for outcome in declared_outcomes()}
    after_answer_working = {name: working.integer(name) for name in working.keys()}  # noqa: SIM118
    silences = frozenset(table.texts("silences"))
    if not known.keys() >= {*after_answer_working, *silences}:
        raise table.fail("names an outcome that does not exist")
    if any(known[name].contacted or known[name].hold for name in silences):
        raise table.fail("a silence is no contact and announces nothing")
    weekdays = frozenset(int(day) for day in contact.whole_numbers("closed_weekdays"))
    if not weekdays < frozenset(range(7)):
        raise contact.fail("closed_weekdays are 0 to 6, and leave a day open")
    found = Habits(
        min_gap=contact.integer("min_gap_days"),
        closed_weekdays=weekdays,
        repeat_days=repeat.integer("days"),
        repeat_times=repeat.integer("times"),
        after_due=table.integer("after_due"),
        after_promise=table.integer("after_promise"),
        after_part_payment=table.integer("after_part_payment"),
        after_answer=table.integer("after_answer"),
        after_route=table.integer("after_route"),
        after_route_taken=table.integer("after_route_taken"),
        of_a_judge=frozenset(table.texts("of_a_judge")),
        of_the_client=frozenset(table.texts("of_the_client")),
        after_answer_working=after_answer_working,
        silences=silences,
        after_change=table.integer("after_change"),
        receipt_check=table.integer("receipt_check"),
        receipt_assumed=table.integer("receipt_assumed"),
        after_notice=table.integer("after_notice"),
        after_instalment=parts.integer("after"),
        plan_delay_kinds=frozenset(
            parts.member(kind, DebtorKind) for kind in parts.texts("delay_kinds")
        ),
        registered_channels=frozenset(table.texts("registered_channels")),
        follow_up_default=_delay(table.row("follow_up_default")),
        after_procedure=procedure.integer("after"),
        declaration_days=procedure.integer("days"),
        declaration_times=procedure.integer("times"),
        pause_looks_ahead=table.integer("pause_looks_ahead"),
    )
    for row in (contact, repeat, parts, procedure):
        row.done()
    return found


def _words(table: Row) -> Words:
    why, moved, days = table.row("why"), table.row("moved"), table.row("days")
    after, same = table.row("after"), table.row("same")
    found = Words(
        why={name: why.text(name) for name in _WHY},
        moved={name: moved.text(name) for name in _MOVED},
        after={base: after.text(base.value) for base in Base},
        same={base: same.text(base.value) for base in Base},
        one_day=days.text("one"),
        many_days=days.text("many"),
        some_months=days.text("months"),
        months=table.texts("months"),
        weekdays=table.texts("weekdays"),
        first=table.text("first_of_month"),
    )
    for row in (why, moved, after, same, days):
        row.done()
    if (len(found.months), len(found.weekdays)) != (12, 7):
        raise table.fail("a year has twelve months, and a week seven days")
    return found
