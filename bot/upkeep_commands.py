"""`relance sauvegarde`, `restaure` and `copie`: what an operator does to the database as a whole."""

# ruff: noqa: T201 - it speaks to the operator

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from datetime import datetime

    from bot.settings import Settings
    from bot.store import Tx


def add(commands: argparse._SubParsersAction[Any], load: Callable[[], Settings]) -> None:
    """Add the three commands to the command line; `load` reads the settings when one runs."""
    backup = commands.add_parser(
        "sauvegarde",
        help="une copie sûre de la base, pendant que le bot tourne",
        description="Copie la base, la relit, et garde les dernières copies. Les fichiers sont lisibles"
        " par ce seul compte.",
    )
    backup.add_argument(
        "--vers", metavar="DOSSIER", help="où la mettre (sinon RELANCE_BACKUP_DIR)", type=Path
    )
    backup.set_defaults(command=lambda arguments: _backup(load(), arguments.vers))
    restored = commands.add_parser(
        "restaure",
        help="remettre une sauvegarde à la place de la base",
        description="Remet une sauvegarde à la place de la base des réglages, et la met au dernier"
        " schéma. Le bot doit être arrêté.",
    )
    restored.add_argument("fichier", metavar="FICHIER", type=Path, help="la sauvegarde")
    restored.add_argument(
        "--remplacer",
        action="store_true",
        help="même si la base n’est pas vide : ce qu’elle contient est mis de côté",
    )
    restored.add_argument(
        "--sans-avis",
        action="store_true",
        help="ne pas écrire aux personnes ce que la restauration leur fait perdre",
    )
    restored.set_defaults(
        command=lambda arguments: _restore(
            load(),
            arguments.fichier,
            replace=arguments.remplacer,
            tell=not arguments.sans_avis,
        )
    )
    copied = commands.add_parser(
        "copie",
        help="copier toute une base dans une autre, vide : de SQLite à PostgreSQL, ou l’inverse",
        description="Copie toutes les lignes en une transaction et vérifie chaque table. Arrêtez le bot"
        " d’abord : ce qui s’écrit pendant la copie reste dans la base de départ.",
    )
    copied.add_argument("--de", metavar="URL", required=True, help="la base de départ")
    copied.add_argument("--vers", metavar="URL", required=True, help="la base d’arrivée, vide")
    copied.set_defaults(command=lambda arguments: _copy(load(), arguments.de, arguments.vers))


def _backup(settings: Settings, folder: Path | None) -> int:
    from bot.app import now
    from bot.store import backup

    file, manifest = backup.make(
        settings.database_url, folder or settings.backup_dir, now(), settings.backup_keep
    )
    print(
        f"{file} : {manifest.rows} lignes, schéma {manifest.revision}, {_size(manifest.size)}, "
        "relue et vérifiée."
    )
    return 0


def _restore(settings: Settings, file: Path, *, replace: bool, tell: bool) -> int:
    from bot.app import now
    from bot.store.restore import restore

    instant = now()

    def finish(tx: Tx, made_at: datetime) -> None:
        chats = tx.doubt_what_waits()
        if tell:
            tell_people(tx, chats, made_at.astimezone(settings.timezone), int(instant.timestamp()))

    done = restore(
        file,
        settings.database_url,
        replace=replace,
        now=instant,
        finish=finish,
        keys=settings.encryption_keys,
    )
    made = done.made_at.astimezone(settings.timezone)
    print(
        f"Base du {made:%d/%m/%Y à %H:%M} restaurée : {done.rows} lignes, schéma {done.revision}."
    )
    if not done.verified:
        print("Sans manifeste à côté : le contenu n’a pas pu être comparé.")
    if done.aside:
        print(f"Ce qui s’y trouvait est gardé dans {done.aside} : à effacer quand tout va bien.")
    return 0


def tell_people(tx: Tx, chats: list[int], made_at: datetime, now: int) -> None:
    """Queue, for each of these chats, what going back to a backup of that local instant means."""
    from bot.queueing import push
    from bot.telegram.texts import message_text

    words = message_text("restored", day=f"{made_at:%d/%m/%Y}", hour=f"{made_at:%H\u00a0h\u00a0%M}")
    item = {"kind": "copy", "text": words}
    for chat in chats:
        push(tx, chat, [item], now, dedup=f"restored:{chat}:{now}")


def _copy(settings: Settings, source: str, target: str) -> int:
    from bot import logs
    from bot.store import copying
    from bot.store.digest import Content

    logs.set_up("ERROR", settings.secrets)

    def told(name: str, content: Content) -> None:
        print(f"{name:<16}{content.rows:>10}  {content.digest[:16]}  identique", flush=True)

    print(f"{'table':<16}{'lignes':>10}  {'empreinte':<16}")
    copied = copying.copy(source, target, told)
    total = sum(content.rows for content in copied.values())
    print(f"{'total':<16}{total:>10}")
    print(
        "Donnez maintenant la nouvelle adresse à RELANCE_DATABASE_URL, et ne démarrez plus le bot sur"
        " l’ancienne."
    )
    sys.stdout.flush()
    return 0


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} Mo".replace(".", ",")
