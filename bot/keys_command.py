"""`relance cles`: the keys of the settings, a new one, and the rows sealed again under the first."""

# ruff: noqa: T201 - it speaks to the operator

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.keys import Key
from bot.mistakes import PREFIX, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.settings import Settings
    from bot.store import Store

_PATIENCE = 10.0
"""Seconds that emptying the journal waits for whoever reads."""
_HOW = "deploy/RUNBOOK.md, « The key »"


def add(commands: argparse._SubParsersAction[Any], load: Callable[[], Settings]) -> None:
    """Add the command to the command line; `load` reads the settings when it needs them."""
    keys = commands.add_parser(
        "cles",
        help="les clés de chiffrement : celles qui servent, une nouvelle, changer de clé",
        description="Affiche les clés des réglages, leur âge, et combien de lignes de la base sont sous"
        " chacune ou en clair.",
    )
    either = keys.add_mutually_exclusive_group()
    either.add_argument(
        "--nouvelle", action="store_true", help="afficher une clé neuve ; rien n’est changé"
    )
    either.add_argument(
        "--tourner",
        action="store_true",
        help="chiffrer toutes les lignes avec la première clé, pendant que le bot tourne",
    )
    keys.set_defaults(
        command=lambda arguments: (
            _new() if arguments.nouvelle else _turn(load()) if arguments.tourner else _list(load())
        )
    )


def _new() -> int:
    print(Key.new(datetime.now(UTC).date()).text, flush=True)
    print(
        f"À mettre dans {PREFIX}ENCRYPTION_KEY, et à garder aussi ailleurs que sur cette machine, jamais"
        " à côté des sauvegardes : perdue, ce qu’elle chiffre est perdu.",
        file=sys.stderr,
    )
    return 0


def _list(settings: Settings) -> int:
    counts, where = _counted(settings)
    print(where)
    for line in told(settings.encryption_keys, counts, datetime.now(settings.timezone).date()):
        print(line)
    return 0


def _counted(settings: Settings) -> tuple[Mapping[str, int], str]:
    """Give how many rows are under each key, and the name of the base. Makes none."""
    if settings.sqlite_missing():
        return {}, f"{settings.sqlite_file} n’existe pas encore."
    from bot import logs
    from bot.store import HEAD, Store, StoreError

    logs.set_up("ERROR", settings.secrets)
    with Store.open(settings.database_url) as store:
        revision = store.revision()
        if revision is None:
            return {}, f"{store.where}, vide."
        if revision != HEAD:
            raise StoreError(
                f"{store.where} est au schéma {revision}, attendu {HEAD} : relance migrate."
            )
        with store.read() as tx:
            return tx.rows_by_key(), f"{store.where}."


def told(keys: Sequence[Key], counts: Mapping[str, int], today: date) -> list[str]:
    """Give a line for each key of the settings, for what is plain, and for each key that is missing."""
    lines = []
    for key in keys:
        use = "chiffre et ouvre" if key is keys[0] else "ouvre"
        lines.append(
            f"clé {key.id} du {key.made:%d/%m/%Y} ({_days(key.age(today))}) : {use},"
            f" {_rows(counts.get(key.id, 0))}"
        )
    if not keys:
        lines.append(f"aucune clé dans les réglages : rien n’est chiffré ({_HOW})")
    if plain := counts.get("plain", 0):
        lines.append(f"en clair : {_rows(plain)}")
    known = {key.id for key in keys}
    lines += [
        f"clé {name} ABSENTE des réglages : {_rows(count)}, illisibles sans elle"
        for name, count in sorted(counts.items())
        if name != "plain" and name not in known
    ]
    return lines


def _turn(settings: Settings) -> int:
    if not settings.encryption_keys:
        raise SettingsError(
            f"{PREFIX}ENCRYPTION_KEY manque : relance cles --nouvelle en donne une ({_HOW})."
        )
    from bot import logs
    from bot.app import open_store
    from bot.store.turning import turn

    logs.set_up("ERROR", settings.secrets)
    store = open_store(settings)
    try:
        done: Counter[str] = Counter()
        for table, count in turn(store):
            done[table] += count
            if sys.stdout.isatty():
                print(f"\r{table:<16}{done[table]:>10}", end="", flush=True)
        if sys.stdout.isatty() and done:
            print("\r", end="")
        for table, count in done.items():
            print(f"{table:<16}{count:>10}")
        print(f"{'total':<16}{done.total():>10} sous la clé {settings.encryption_keys[0].id}")
        return _conclude(store)
    finally:
        store.close()


def _conclude(store: Store) -> int:
    """Forget the keys that serve no more, empty the journal, say what to do next."""
    with store.read() as tx:
        done = tx.all_turned()
    if not done:
        print(
            "Des lignes ne sont pas sous cette clé : en cours d’usage, altérées, ou écrites entre-temps"
            " par un bot qui chiffre avec une autre (redémarrez-le). Relancez relance cles --tourner."
        )
        return 1
    with store.write() as tx:
        gone = tx.forget_keys()
    for name in gone:
        if name == "plain":
            print(
                "Plus rien n’est en clair dans la base ; les sauvegardes d’avant le sont toujours."
            )
        else:
            print(
                f"La clé {name} n’ouvre plus aucune ligne. Si aucun bot ne chiffre encore avec elle,"
                f" retirez-la de {PREFIX}ENCRYPTION_KEY ; les sauvegardes d’avant en ont toujours"
                " besoin : gardez-la tant qu’elles durent."
            )
    if store.where.startswith("PostgreSQL") and gone:
        print("Les anciens octets partent du disque avec VACUUM FULL (deploy/donnees.md).")
    end = time.monotonic() + _PATIENCE
    while not store.sweep():
        if time.monotonic() > end:
            print(
                "Un autre programme lit la base : d’anciens octets restent dans son journal. Relancez"
                " relance cles --tourner quand il aura fini."
            )
            return 1
        time.sleep(0.2)
    return 0


def _days(count: int) -> str:
    return "aujourd’hui" if not count else f"{count} jour" if count == 1 else f"{count} jours"


def _rows(count: int) -> str:
    return "1 ligne" if count == 1 else f"{count} lignes" if count else "aucune ligne"
