"""The responses and the table, read once from their data files and checked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flows.diagnosis.model import LABEL_LIMIT
from flows.diagnosis.tables import Row, load
from flows.dossier import Cause, DebtorKind, Stage
from flows.responses.model import NO_VARIANT, Response, Rule, Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = "flows.responses"


@cache
def all_responses() -> Mapping[str, Response]:
    """Give every response by id. Raises BadTableError."""
    return read_responses(load(_PACKAGE, "responses.yaml"))


def response(response_id: str) -> Response:
    """Give one response. Raises KeyError when there is none of that id."""
    return all_responses()[response_id]


@cache
def rules() -> tuple[Rule, ...]:
    """Give the rules of the table, in order. Raises BadTableError."""
    return read_rules(load(_PACKAGE, "table.yaml"), all_responses())


def read_responses(table: Row) -> Mapping[str, Response]:
    """Read responses.yaml. Raises BadTableError."""
    found: dict[str, Response] = {}
    for row in table.rows("responses"):
        one = Response(
            id=row.text("id"),
            label=row.text("label"),
            document=row.text_or_none("document"),
            why=row.text("why"),
            cost=row.text("cost"),
            delay=row.text("delay"),
            effect=row.text("effect"),
            then=row.text("then"),
            kinds=frozenset(row.members("kinds", DebtorKind) or DebtorKind),
        )
        row.done()
        if one.id in found:
            raise row.fail("the id is used twice")
        if len(one.label) > LABEL_LIMIT:
            raise row.fail(f"label is longer than {LABEL_LIMIT} characters")
        found[one.id] = one
    table.done()
    return found


def read_rules(table: Row, known: Mapping[str, Response]) -> tuple[Rule, ...]:
    """Read table.yaml; `known` are the responses it may name. Raises BadTableError."""
    flags = frozenset(table.texts("flags"))
    variants = frozenset(table.texts("variants"))
    found: dict[str, Rule] = {}
    for row in table.rows("rules"):
        rule = _rule(row, known, flags, variants | {NO_VARIANT})
        if rule.id in found:
            raise row.fail("the id is used twice")
        found[rule.id] = rule
    table.done()
    return tuple(found.values())


def _rule(
    row: Row, known: Mapping[str, Response], flags: frozenset[str], variants: frozenset[str]
) -> Rule:
    when = row.row("when")
    situation = read_situation(when)
    wanted = (frozenset(when.texts("variants")), frozenset(when.texts("flags")))
    when.done()
    if not wanted[0] <= variants or not wanted[1] <= flags:
        raise when.fail("a variant or a flag is not declared at the top of the table")
    rule = Rule(
        id=row.text("id"),
        when=Situation(situation.causes, situation.stages, situation.kinds, wanted[0], wanted[1]),
        recommended=row.text_or_none("recommended"),
        alternatives=row.texts("alternatives"),
        nothing=row.text_or_none("nothing"),
        then=row.text_or_none("then"),
        because=row.text_or_none("because") or "",
    )
    row.done()
    if (rule.recommended is None) == (rule.nothing is None):
        raise row.fail("a rule says either recommended or nothing")
    if rule.recommended and not (rule.when.causes and rule.when.stages and rule.when.kinds):
        raise row.fail("a rule that recommends names its causes, stages and kinds")
    if rule.recommended and not rule.because:
        raise row.fail("a rule that recommends says because")
    named = ([rule.recommended] if rule.recommended else []) + list(rule.alternatives)
    if len(set(named)) != len(named) or not set(named) <= set(known):
        raise row.fail("a response is unknown or named twice")
    if rule.then is not None and rule.then not in rule.alternatives:
        raise row.fail("what follows is one of the alternatives")
    if rule.recommended and not rule.when.kinds <= known[rule.recommended].kinds:
        raise row.fail(f"{rule.recommended} does not exist for every debtor of the rule")
    return rule


def read_situation(row: Row) -> Situation:
    """Read the causes, stages and kinds of a `when`; empty means any. Raises BadTableError."""
    return Situation(
        frozenset(row.members("causes", Cause)),
        frozenset(row.members("stages", Stage)),
        frozenset(row.members("kinds", DebtorKind)),
    )
