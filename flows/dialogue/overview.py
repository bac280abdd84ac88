"""The whole of one's dossiers on one screen: a picture, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flows.board import Age, Board, Coming, Delay, Risk, Share, board_of, client_of
from flows.dangers import Reason, habits
from flows.dialogue.actions import dossier_button
from flows.dialogue.agenda import has_days, send_every_clock
from flows.dialogue.following import type_resting
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.screens import Choice, Picture
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import Dossier, Status
from flows.facts.alarms import is_alarm
from flows.facts.legal import LegalClocks, clocks_of
from flows.ladder import Deadline
from letters.board import FULL, TONES
from letters.format import date_courte, date_longue, euros

LABEL = 40
"""Characters of a client's name on a button."""
PICTURE_RISKS = 3
"""Dossiers to be watched that the picture names: the words name more."""
PICTURE_DELAYS = 2
"""Clients that pay late whom the picture names."""
_DAY = 5
"""Characters of a day in figures without its year."""


def show_overview(turn: Turn) -> View:
    """Say the whole in words, under its picture."""
    everything = turn.book.all()
    if not everything:
        return View(say("overview_empty"), grid(buttons("overview", {"new"})))
    law = turn.library.law
    # Worked out once: the dates to come and what is to be watched both follow from them.
    clocks = {d.id: clocks_of(d, turn.today, law) for d in everything if d.status is Status.OPEN}
    board = board_of(everything, turn.today, law, _next_dates(turn, everything, clocks), clocks)
    body = say("overview_said", today=date_longue(turn.today), **_words_of(board, turn.today))
    watched = [
        dossier_button(one.dossier, Choice("card", _client(one.dossier)[:LABEL]))
        for one in board.risks[:PICTURE_RISKS]
    ]
    wanted = {"dossiers", *(["agenda"] if _any_clock(turn, everything) else [])}
    picture = Picture(words("overview_name"), _sheet(turn, board), words("overview_caption"))
    rows = (*column(watched), *grid(buttons("overview", wanted)))
    return View(body, rows, before=(picture,))


def press_overview(turn: Turn, key: str) -> None:
    """Send every legal clock as a calendar, go to the list, or start a dossier."""
    if key == "agenda":
        send_every_clock(turn)
    elif key == "new":
        turn.begin()
    else:
        turn.drop_scratch("page")
        turn.fire("open_dossiers")


def _any_clock(turn: Turn, dossiers: Sequence[Dossier]) -> bool:
    return any(has_days(d, turn.today, turn.library.law) for d in dossiers)


def _next_dates(
    turn: Turn, dossiers: Sequence[Dossier], clocks: Mapping[str, LegalClocks]
) -> dict[str, Deadline]:
    """Give the next date of each dossier that has its clocks there."""
    found = {}
    for dossier in dossiers:
        known = clocks.get(dossier.id)
        if known and (due := turn.library.reminders(dossier, turn.moment, known)):
            found[dossier.id] = due[0]
    return found


# --- in words ----------------------------------------------------------------------------------


def _words_of(board: Board, today: date) -> dict[str, Any]:
    others = board.others
    return {
        "total": euros(board.total),
        "late": euros(board.late) if board.late else "",
        "open": board.open,
        "paused": board.paused,
        "ended": board.ended,
        "ages": [(_age(one), euros(one.amount), one.invoices) for one in board.ages],
        "clients": [(_name(one), euros(one.amount), one.dossiers) for one in board.clients],
        "others": (board.other_clients, euros(others.amount), others.dossiers) if others else None,
        "average": _delay(board.average) if board.average else "",
        "paid": board.average.dossiers if board.average else 0,
        "slowest": [(_called(one.client), _delay(one), one.dossiers) for one in board.slowest],
        "risks": [
            (_client(one.dossier), euros(one.amount), _reasons(one))
            for one in board.risks[: habits()["risks"]]
        ],
        "more_risks": max(len(board.risks) - habits()["risks"], 0),
        "coming": [
            (_on(one, today), _client(one.dossier), _what(one, full=True)) for one in board.coming
        ],
    }


def _on(one: Coming, today: date) -> str:
    return date_longue(one.on) if one.on > today else words("overview_today")


def _called(client: str) -> str:
    return client or words("unnamed_client")


def _client(dossier: Dossier) -> str:
    return _called(client_of(dossier))


def _name(share: Share) -> str:
    return _called(share.client)


def _age(age: Age) -> str:
    return words("overview_age", first=age.first, last=age.last)


def _delay(delay: Delay) -> str:
    return words("overview_delay", days=delay.days)


def _reasons(risk: Risk) -> str:
    return " ; ".join(_reason(one) for one in risk.reasons)


def _reason(one: Reason) -> str:
    return words(
        f"danger_{one.danger.value}",
        on=date_longue(one.on) if one.on else "",
        count=one.count,
        label=one.label[:1].lower() + one.label[1:],
    )


def _what(one: Coming, *, full: bool) -> str:
    """Name what comes: what the ladder calls for, or the legal clock, in full or by its kind."""
    if is_alarm(one.deadline.key):
        return one.deadline.why if full else words("overview_clock")
    return words(f"stage_{one.deadline.stage.value}")


# --- as a picture --------------------------------------------------------------------------------


def _sheet(turn: Turn, board: Board) -> Mapping[str, Any]:
    """Lay the figures out for `letters.board`."""
    return {
        "title": words("overview_name"),
        "day": date_longue(turn.today),
        "headline": {
            "value": euros(board.total),
            "label": words("overview_due"),
            "notes": _notes(board),
        },
        "panels": [
            _panel("ages", _age_bars(board)),
            _panel("clients", _client_bars(board)),
            _panel("delay", _delay_lines(board)),
            _panel("risks", [_risk_line(one) for one in board.risks[:PICTURE_RISKS]]),
            _panel("dates", [_date_line(turn, one) for one in board.coming], lead=True),
        ],
    }


def _notes(board: Board) -> list[str]:
    late = [words("overview_late", amount=euros(board.late))] if board.late else []
    return [*late, words("overview_count", open=board.open, paused=board.paused)]


def _panel(name: str, rows: list[dict[str, Any]], *, lead: bool = False) -> dict[str, Any]:
    title, empty = words(f"panel_{name}"), words(f"panel_{name}_empty")
    return {"title": title, "rows": rows, "empty": empty, "lead": lead}


def _row(label: str, value: str = "", note: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, "share": None, "tone": 0}


def _bars(rows: list[tuple[str, Decimal, int]]) -> list[dict[str, Any]]:
    """Draw sums as bars, the greatest as long as there is room."""
    most = max((amount for _, amount, _ in rows), default=Decimal(0))
    return [
        {**_row(label, euros(amount)), "share": int(amount / most * FULL) if most else 0, "tone": t}
        for label, amount, t in rows
    ]


def _age_bars(board: Board) -> list[dict[str, Any]]:
    if not board.total:
        return []
    last = TONES - 2  # the plain one is for what has no order
    return _bars([(_age(one), one.amount, min(n, last)) for n, one in enumerate(board.ages)])


def _client_bars(board: Board) -> list[dict[str, Any]]:
    named = _bars([(_name(one), one.amount, TONES - 1) for one in board.clients])
    if board.others is None:
        return named
    # Without a bar: all others together would dwarf every client named.
    label = words("overview_others", count=board.other_clients)
    return [*named, _row(label, euros(board.others.amount))]


def _delay_lines(board: Board) -> list[dict[str, Any]]:
    if board.average is None:
        return []
    note = words("overview_paid", count=board.average.dossiers)
    rows = [_row(words("overview_everybody"), _days(board.average), note)]
    named = board.slowest[:PICTURE_DELAYS] if len(board.slowest) > 1 else ()
    return [*rows, *(_row(_called(one.client), _days(one)) for one in named)]


def _days(delay: Delay) -> str:
    return words("overview_days", days=delay.days)


def _risk_line(one: Risk) -> dict[str, Any]:
    return _row(_client(one.dossier), euros(one.amount), _reasons(one))


def _date_line(turn: Turn, one: Coming) -> dict[str, Any]:
    day = date_courte(one.on)
    near = one.on.year == turn.today.year
    return _row(_client(one.dossier), day[:_DAY] if near else day, _what(one, full=False))


HANDLERS = {"overview": Handler(show_overview, press_overview, type_resting)}
