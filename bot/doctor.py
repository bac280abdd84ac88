"""`relance doctor`: one line a check, « OK », « À VOIR » or « PANNE »; the last makes it fail.

Leaves nothing behind: no folder, no file and no table remains from looking.
"""

# ruff: noqa: T201 - it speaks to the operator

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.findings import Finding, Verdict
from bot.key_checks import check_keys
from bot.running_checks import check_backup, check_room, check_sender, check_waiting
from bot.settings import PREFIX, Settings, SettingsError, load_settings, trouble
from letters.sheets import bare_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

_SAMPLE = bare_sheet(
    "letter",
    "Page d’essai",
    sender=[[{"t": "Page d’essai"}]],
    subject=[{"t": "Objet : page d’essai"}],
    blocks=[{"kind": "text", "lines": [[{"t": "Été, cœur, façade, 1\u202f250,00\u00a0€."}]]}],
)


def main(environ: Mapping[str, str], *, as_json: bool = False) -> int:
    """Run every check and print its lines, or one JSON object; give the exit code (1: a PANNE)."""
    found = []
    for finding in check(environ):
        if not as_json:
            print(finding, flush=True)
        found.append(finding)
    worst = max((finding.verdict for finding in found), key=list(Verdict).index)
    if as_json:
        report = {
            "verdict": worst.value,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "findings": [finding.as_data() for finding in found],
        }
        print(json.dumps(report, ensure_ascii=False, indent=1))
    return int(worst is Verdict.ERROR)


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Give the findings one by one. Never raises for something that is merely wrong."""
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        yield Finding(Verdict.ERROR, "réglages", str(error))
        return
    for warning in settings.warnings:
        yield Finding(Verdict.WARNING, "réglages", warning)
    yield Finding(
        Verdict.OK,
        "réglages",
        f"fuseau {settings.timezone.key}, journal {settings.log_level}",
    )
    yield check_data_dir(settings.data_dir)
    yield from check_database(settings, int(time.time()))
    yield check_token(settings)
    yield from check_law(datetime.now(settings.timezone).date(), settings.law_file)
    yield check_printing(datetime.now(settings.timezone).date())


def check_data_dir(folder: Path) -> Finding:
    """Tell whether the data folder can be written in, and whether others can read it."""
    subject = "dossier des données"
    if not folder.exists():
        parent = next(p for p in folder.parents if p.exists())
        if refused := _refusal(parent):
            return Finding(Verdict.ERROR, subject, f"{folder} ne peut pas être créé ({refused})")
        return Finding(Verdict.OK, subject, f"{folder} sera créé au premier démarrage")
    if refused := _refusal(folder):
        return Finding(
            Verdict.ERROR, subject, f"{folder} n’est pas accessible en écriture ({refused})"
        )
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        return Finding(
            Verdict.WARNING, subject, f"{folder} est lisible par d’autres comptes : chmod 700"
        )
    return Finding(Verdict.OK, subject, str(folder))


def _refusal(folder: Path) -> str | None:
    """Try to make a folder in `folder`; give why it cannot be done, None when it can.

    Permission bits do not tell: a superuser has them all, even where nothing can be made (/proc).
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".relance-", dir=folder):
            return None
    except OSError as error:
        return trouble(error)


def check_database(settings: Settings, now: int) -> Iterator[Finding]:
    """Tell whether the database answers, is at the schema this code wants, and what waits in it."""
    from bot.store import HEAD, Store, StoreError

    subject = "base"
    if (file := settings.sqlite_file) and settings.sqlite_missing():
        if refused := _refusal(next(p for p in file.absolute().parents if p.exists())):
            yield Finding(Verdict.ERROR, subject, f"{file} ne peut pas être créé ({refused})")
            return
        yield Finding(Verdict.OK, subject, "le fichier SQLite sera créé au premier démarrage")
        yield from check_keys(settings.encryption_keys, (), _day(settings, now))
        return
    try:
        store = Store.open(settings.database_url)
    except StoreError as error:
        yield Finding(Verdict.ERROR, subject, str(error))
        return
    try:
        revision = store.revision()
        if revision is None:
            yield Finding(Verdict.OK, subject, f"{store.where}, vide : schéma créé au démarrage")
            yield from check_keys(settings.encryption_keys, (), _day(settings, now))
            return
        if revision != HEAD:
            yield Finding(
                Verdict.ERROR,
                subject,
                f"{store.where} au schéma {revision}, attendu {HEAD} : relance migrate",
            )
            return
        yield Finding(Verdict.OK, subject, f"{store.where}, schéma {HEAD}")
        with store.read() as tx:
            stats, sends, noted = tx.stats(now), tx.somebody_sends(), tx.noted_keys()
    except StoreError as error:
        yield Finding(Verdict.ERROR, subject, str(error))
        return
    finally:
        store.close()
    yield from check_sender(sends)
    yield from check_keys(settings.encryption_keys, noted, _day(settings, now))
    yield from check_waiting(stats, now)
    yield check_backup(settings, now)
    yield from check_room(settings)


def _day(settings: Settings, now: int) -> date:
    return datetime.fromtimestamp(now, settings.timezone).date()


def check_token(settings: Settings) -> Finding:
    """Ask Telegram who the token is; without a token there is nothing to ask."""
    subject = "jeton"
    if settings.telegram_token is None:
        return Finding(
            Verdict.WARNING,
            subject,
            f"{PREFIX}TELEGRAM_TOKEN absent : relance chat marche, relance run non",
        )
    from telegram import Bot
    from telegram.error import TelegramError

    from bot.telegram.failures import Fatal
    from bot.telegram.translate import translate

    bot = Bot(settings.telegram_token, base_url=settings.bot_base_url)

    async def ask() -> str:
        async with bot:
            return bot.username

    try:
        name = asyncio.run(ask())
    except TelegramError as error:
        failure = translate(error)
        reason = (
            str(failure)
            if isinstance(failure, Fatal)
            else f"{settings.telegram_api_url} ne répond pas ({failure})"
        )
        return Finding(Verdict.ERROR, subject, reason)
    return Finding(Verdict.OK, subject, f"@{name}")


def check_law(today: date, file: Path | None = None) -> Iterator[Finding]:
    """List what the operator's file adds, then the parameters expired or to be read again."""
    from bot.law_file import emptiness, read_law
    from flows.law import Severity
    from flows.law.own_values import Outcome

    subject = "droit"
    try:
        law, own = read_law(file, today)
    except (SettingsError, ValueError) as error:
        yield Finding(Verdict.ERROR, subject, str(error))
        return
    if empty := emptiness(file, own):
        yield Finding(Verdict.WARNING, subject, empty)
    for line in own:
        against = line.outcome is Outcome.REPLACED or line.outcome.useless
        yield Finding(Verdict.WARNING if against else Verdict.OK, subject, line.french)
    renewals = law.renewals(today)
    for renewal in renewals:
        expired = renewal.severity is Severity.EXPIRED
        yield Finding(Verdict.ERROR if expired else Verdict.WARNING, subject, renewal.french)
    if not renewals:
        yield Finding(
            Verdict.OK, subject, f"{len(law.parameters)} paramètres, aucun à renouveler ce mois-ci"
        )


def check_printing(today: date) -> Finding:
    """Print a page, which also tells that the engine and its fonts are there."""
    from letters.pdf import render

    try:
        page = render({**_SAMPLE, "date": today.isoformat()})
    except Exception as error:  # noqa: BLE001 - whatever is missing is the finding
        return Finding(Verdict.ERROR, "PDF", f"aucune page imprimée ({type(error).__name__})")
    return Finding(Verdict.OK, "PDF", f"une page imprimée, {len(page) // 1024} ko")
