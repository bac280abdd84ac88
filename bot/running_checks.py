"""What `relance doctor` asks of a system that runs: what waits, backups, room on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bot.findings import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings
    from bot.store import Stats

_LATE = (300, 3600)
"""Seconds from which what waits is worth a look, and from which the bot does not do its work."""
_BACKUP_AGE = (36 * 3600, 7 * 86_400)
_JOURNAL_BYTES = 100_000_000
_FREE_BYTES = (1_000_000_000, 100_000_000)
_RUNS = "systemctl status relance : le bot tourne-t-il ?"


def check_sender(sends: bool | None) -> Iterator[Finding]:
    """Tell whether one of the processes on the database sends; nothing for a database that does not say."""
    if sends is None:
        return
    if sends:
        yield Finding(Verdict.OK, "envoi", "un processus tient l’envoi")
    else:
        yield Finding(Verdict.WARNING, "envoi", "aucun processus ne tient l’envoi", _RUNS)


def check_waiting(stats: Stats, now: int) -> Iterator[Finding]:
    """Tell what waits to be handled, sent or recalled, since when, and what was given up."""
    yield _waiting("messages reçus", stats.updates_new, stats.oldest_update_at, now)
    yield _waiting(
        "messages à envoyer", stats.out_pending + stats.out_sending, stats.oldest_out_at, now
    )
    yield _waiting("rappels", stats.reminders_pending, stats.oldest_overdue_at, now)
    if stats.updates_failed or stats.out_failed:
        yield Finding(
            Verdict.WARNING,
            "abandons",
            f"{stats.updates_failed} messages reçus et {stats.out_failed} envois abandonnés",
            "journalctl -u relance | grep -i 'given up' : la cause de chacun",
        )


def _waiting(subject: str, count: int, oldest: int | None, now: int) -> Finding:
    late = now - oldest if oldest is not None else 0
    if late <= _LATE[0]:
        return Finding(Verdict.OK, subject, f"{count} en attente, aucun en retard")
    return Finding(
        Verdict.ERROR if late > _LATE[1] else Verdict.WARNING,
        subject,
        f"{count} en attente, le plus ancien depuis {_span(late)}",
        _RUNS,
    )


def check_backup(settings: Settings, now: int) -> Finding:
    """Tell how old the last backup is, and whether its file is still the one its manifest says."""
    from bot.store import backup

    subject, folder = "sauvegarde", settings.backup_dir
    again = "relance sauvegarde ; minuterie : deploy/relance-sauvegarde.timer"
    try:
        # Those of a SQLite file left behind say nothing of the PostgreSQL that took its place.
        kind = "sqlite" if settings.sqlite_file else "postgresql"
        made = [one for one in backup.made_in(folder) if one[1].database == kind]
        if not made:
            return Finding(Verdict.WARNING, subject, f"aucune dans {folder}", again)
        file, manifest = made[0]
        size = file.stat().st_size
    except OSError as error:
        return Finding(
            Verdict.WARNING, subject, f"{folder} ne se lit pas ({error.strerror})", again
        )
    if size != manifest.size:
        return Finding(Verdict.ERROR, subject, f"{file} n’a plus la taille de son manifeste", again)
    age = now - int(manifest.made.timestamp())
    words = f"la dernière a {_span(max(age, 0))} ({file.name}, {manifest.rows} lignes)"
    if age <= _BACKUP_AGE[0]:
        return Finding(Verdict.OK, subject, words)
    return Finding(
        Verdict.ERROR if age > _BACKUP_AGE[1] else Verdict.WARNING, subject, words, again
    )


def check_room(settings: Settings) -> Iterator[Finding]:
    """Tell the size of the files and what is free on their disk."""
    file = settings.sqlite_file
    if file is not None and file.exists():
        yield _check_file(file)
    folder = file.parent if file is not None else settings.data_dir
    standing = next((p for p in (folder, *folder.parents) if p.exists()), Path("/"))
    try:
        free = shutil.disk_usage(standing).free
    except OSError as error:
        yield Finding(Verdict.WARNING, "disque", f"{standing} ne se lit pas ({error.strerror})")
        return
    words = f"{_size(free)} libres sur le disque de {standing}"
    if free >= _FREE_BYTES[0]:
        yield Finding(Verdict.OK, "disque", words)
        return
    yield Finding(
        Verdict.ERROR if free < _FREE_BYTES[1] else Verdict.WARNING,
        "disque",
        words,
        "deploy/RUNBOOK.md, « Disk full »",
    )


def _check_file(file: Path) -> Finding:
    subject, journal = "taille de la base", Path(f"{file}-wal")
    beside = journal.stat().st_size if journal.exists() else 0
    words = f"{_size(file.stat().st_size)}, journal {_size(beside)}"
    if beside > _JOURNAL_BYTES:
        return Finding(
            Verdict.WARNING,
            subject,
            words,
            "un programme lit la base depuis longtemps : fermez-le, ou redémarrez le bot",
        )
    return Finding(Verdict.OK, subject, words)


def _span(seconds: int) -> str:
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86_400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} jours"


def _size(count: int) -> str:
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f} Mo".replace(".", ",")
    return f"{count / 1_000_000_000:.1f} Go".replace(".", ",")
