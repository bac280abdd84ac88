"""`relance loi`: what is to be done, what expires when, the parameters of the law on a day.

One folder or one parameter is told with its history.
"""

from __future__ import annotations

import difflib
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from bot import paging
from flows.law import Severity, describe, history, horizon
from flows.law.calendar import ONE_DAY
from flows.law.describe import group_titles, holidays
from flows.law.parameter import Use
from flows.law.wording import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from flows.law import Law, Renewal
    from flows.law.describe import Row

_SEMICOLON = "\u00a0; "
_APART = " · "
_VALUE, _DAY, _CONFIDENCE = 18, 10, 9
_REST = _VALUE + 2 * _DAY + _CONFIDENCE + 4
"""Columns right of the label: value, since when, how firm, last checked, and a space before each."""
_LESSON = (
    "Une valeur nouvelle s’ajoute dans le fichier RELANCE_LAW_FILE, sous le nom entre crochets"
    " (deploy/README.md)."
)


class UnknownSubject(LookupError):  # noqa: N818 - the operator's slip, told in one line
    """No folder and no parameter bears the name asked for; the text is one French line."""


def main(law: Law, today: date, *, on: date | None = None, subject: str | None = None) -> int:
    """Print the law on a day, today unless given; 1 when a value in use today has expired, else 0.

    `subject`: a folder or a parameter, told alone and with its history unless a day is given.
    A day given tells the past or the future: it is never a failure. Raises UnknownSubject.
    """
    names = _named(law, subject) if subject is not None else sorted(law.parameters)
    width = paging.width()
    due = [r for r in law.renewals(today) if r.parameter in names] if on is None else []
    lines = [f"Le droit au {day_text(on or today)}"]
    if on is None:
        lines += [paging.fit(line, width) for line in _due(due)]
        lines += _horizon(law, names, today, width)
    lines += _page(law, names, today, on, subject is not None, width)
    paging.show(lines)
    return int(any(renewal.severity is Severity.EXPIRED for renewal in due))


def _named(law: Law, subject: str) -> list[str]:
    names = [p.name for p in law.parameters.values() if subject in {p.group, p.name}]
    if names:
        return names
    groups = sorted({parameter.group for parameter in law.parameters.values()})
    near = difflib.get_close_matches(subject, [*groups, *law.parameters], n=1)
    hint = (
        f"\u00a0; vouliez-vous dire {near[0]}\u00a0?"
        if near
        else f"\u00a0; dossiers\u00a0: {', '.join(groups)}."
    )
    raise UnknownSubject(
        f"«\u00a0{subject}\u00a0» n’est ni un dossier ni un paramètre du droit{hint}"
    )


def _page(
    law: Law, names: Sequence[str], today: date, on: date | None, detailed: bool, width: int
) -> Iterator[str]:
    day = on or today
    for group, rows in groupby(describe(law, day, names), key=lambda row: row.group):
        yield ""
        yield from _title(group, width, columns=not detailed)
        for place, row in enumerate(rows):
            if not detailed:
                yield from _line(row, width, future=on is None)
                continue
            yield from [""] if place else []
            past = _history(history(law, row.name), row) if on is None else ()
            for line in (*_sheet(row, future=on is None), *past):
                yield paging.fit(line, width)
    if not detailed:
        yield from (paging.fit(line, width) for line in _holidays(day.year))


def _title(group: str, width: int, *, columns: bool) -> Iterator[str]:
    """Give the title of a folder, its name to type, and the heads of the columns."""
    title = f"{group_titles().get(group, group).upper()} [{group}]"
    if not columns:
        yield title
        return
    cells = _cells("Valeur", "Depuis", "Confiance", "Vérifié")
    if len(title) > width - _REST:
        yield title
        title = ""
    yield f"{title:<{width - _REST}}{cells}"


def _cells(value: str, since: str, confidence: str, checked: str) -> str:
    return (
        f" {value:<{_VALUE}} {since:<{_DAY}} {confidence:<{_CONFIDENCE}} {checked:<{_DAY}}".rstrip()
    )


def _line(row: Row, width: int, *, future: bool) -> Iterator[str]:
    """Give one parameter as a line of the table; its name, source and terms below it."""
    value = row.value or "inconnu"
    long = len(value) > _VALUE
    since = day_text(row.since) if row.since else ""
    label, *more = textwrap.wrap(row.label, width - _REST - 2, subsequent_indent="  ")
    cells = _cells(
        "(ci-dessous)" if long else value, since, row.confidence, day_text(row.checked_on)
    )
    yield f"  {label:<{width - _REST - 2}}{cells}"
    yield from (f"  {line}" for line in more)
    if long:
        yield paging.fit(f"    {value}", width)
    notes = [row.name]
    if row.own:
        notes.append("valeur de votre fichier")
    notes += (
        _terms(row) if future else [f"vaut jusqu’au {day_text(row.until)}"] if row.until else []
    )
    if row.references:
        notes.append(_SEMICOLON.join(reference.title for reference in row.references))
    yield paging.fit(f"    {_APART.join(notes)}", width)


def _terms(row: Row) -> Iterator[str]:
    """Say when the parameter expires and when it is to be read again."""
    if row.use is Use.NONE:
        yield "pour mémoire"
    if row.use is Use.DERIVED:
        yield "sert à calculer une autre valeur"
    if row.lapses_on:
        yield f"connu jusqu’au {day_text(row.lapses_on - ONE_DAY)}"
    if row.renew_before:
        yield f"à relire avant le {day_text(row.renew_before)}"


def _sheet(row: Row, *, future: bool) -> Iterator[str]:
    """Give one parameter alone: label and value, its days, then where each was read."""
    yield f"  {row.label} [{row.name}]"
    yield f"    {_value(row)}"
    state = [row.confidence] if row.confidence else []
    state += [f"vérifié le {day_text(row.checked_on)}", *(_terms(row) if future else ())]
    yield f"    {', '.join(state)}"
    for reference in row.references:
        yield f"    {reference.title}"
        if reference.href:
            yield f"    {reference.href}"


def _value(row: Row) -> str:
    if not row.value:
        return "inconnu à cette date"
    own = " (valeur de votre fichier)" if row.own else ""
    return f"{row.value}, {_period(row)}{own}"


def _period(row: Row) -> str:
    assert row.since is not None
    if row.until is None:
        return f"depuis le {day_text(row.since)}"
    return f"du {day_text(row.since)} au {day_text(row.until)}"


def _history(periods: Iterable[Row], now: Row) -> Iterator[str]:
    yield "    Historique\u00a0:"
    for row in periods:
        if not row.value:
            yield f"      {_period(row)}\u00a0: sans valeur connue"
            continue
        own = ", de votre fichier" if row.own else ""
        titles = _SEMICOLON.join(reference.title for reference in row.references)
        mark = "→" if row.since == now.since else " "
        yield f"    {mark} {_period(row)}\u00a0: {row.value} ({row.confidence}{own}), {titles}"


def _horizon(law: Law, names: Sequence[str], today: date, width: int) -> Iterator[str]:
    terms = [term for term in horizon(law, today) if term.name in names]
    if not terms:
        return
    yield from ("", "À VENIR")
    column = max(len(term.name) for term in terms)
    for (day, lapses), group in groupby(terms, key=lambda term: (term.on, term.lapses)):
        yield f"  {day_text(day)}, {'n’est plus connu' if lapses else 'à relire avant'}\u00a0:"
        for term in group:
            yield textwrap.fill(
                term.label,
                width,
                initial_indent=f"    {term.name:<{column}}  ",
                subsequent_indent=" " * (column + 6),
            )


def _holidays(year: int) -> Iterator[str]:
    found = holidays(year)
    yield from ("", f"JOURS FÉRIÉS {year}")
    yield f"  {', '.join(f'{day:%d/%m}' for day in found.days)}"
    yield f"    {found.reference}, vérifié le {day_text(found.checked_on)}"


def _due(renewals: Sequence[Renewal]) -> Iterator[str]:
    if not renewals:
        yield "Rien à faire à ce jour."
        return
    yield from ("", "À FAIRE")
    for renewal in renewals:
        verdict = "erreur" if renewal.severity is Severity.EXPIRED else "attention"
        yield f"  {verdict}\u00a0: {renewal.french} [{renewal.parameter}]"
    yield f"  {_LESSON}"
