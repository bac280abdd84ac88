"""The command `relance`: chat, run, migrate, doctor, loi, documents, effacer, sauvegarde, restaure, copie, cles.

What the operator got wrong ends with one line on stderr and an exit code that is not 0, never a
traceback. Each command imports what it needs when it runs: `relance chat` must start at once.
"""

# ruff: noqa: T201 - it speaks to the operator

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from bot import keys_command, upkeep_commands
from bot.settings import PREFIX, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flows.law import Law

OPERATOR_MISTAKE = 2
READER_GONE = 141
"""What a shell gives for a command whose reader left early, as in `relance doctor | head -3`."""
_CHAT_LIMIT = 2**63
_NO_TOKEN = (
    f"{PREFIX}TELEGRAM_TOKEN manque : demandez un jeton à @BotFather sur Telegram (/newbot), "
    f"puis lancez {PREFIX}TELEGRAM_TOKEN=… make run. Pour essayer sans jeton : make chat."
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with one line instead of the usage and a line."""
        self.exit(OPERATOR_MISTAKE, f"relance : {message} ; voir relance --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; give the exit code (0 done, 1 failed, 2 something to correct)."""
    try:
        try:
            arguments = _parser().parse_args(argv)
            command: Callable[[argparse.Namespace], int] = arguments.command
            return command(arguments)
        finally:
            sys.stdout.flush()
    except SettingsError as error:
        return _say(error)
    except BrokenPipeError:
        # What is left in the buffer has no reader either: the interpreter must not try again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if "bot.store" in sys.modules:
            from bot.store import KeyMissing, StoreError

            if isinstance(error, StoreError):
                code = OPERATOR_MISTAKE if isinstance(error, KeyMissing) else 1
                return _say(error, code=code)
        raise


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="relance",
        description="Assistant pour l’auto-entrepreneur dont le client n’a pas payé.",
    )
    parser.add_argument("--version", action=_Version, help="afficher la version")
    commands = parser.add_subparsers(required=True, metavar="commande", parser_class=_Parser)

    chat = commands.add_parser("chat", help="la conversation dans ce terminal, sans jeton")
    chat.add_argument(
        "--aujourdhui", type=_day, metavar="DATE", help="faire comme si l’on était ce jour-là"
    )
    chat.add_argument("--donnees", metavar="DIR", help="dossier des données de cette conversation")
    chat.set_defaults(command=_chat)

    run = commands.add_parser("run", help=f"le bot sur Telegram ({PREFIX}TELEGRAM_TOKEN)")
    run.set_defaults(command=_run)
    migrate = commands.add_parser("migrate", help="mettre la base au dernier schéma")
    migrate.set_defaults(command=_migrate)
    doctor = commands.add_parser(
        "doctor",
        help="vérifier réglages, base, ce qui attend, sauvegarde, disque, jeton, paramètres de droit",
        description="Une ligne par contrôle : OK, À VOIR ou PANNE. Finit par le code 1 s’il y a une"
        " PANNE.",
    )
    doctor.add_argument("--json", action="store_true", help="le même rapport, pour un programme")
    doctor.set_defaults(command=_doctor)
    law = commands.add_parser(
        "loi",
        help="les paramètres de droit, leurs sources, ce qui expire et quand",
        description="Affiche les paramètres de droit. Finit par le code 1 si l’un de ceux qui servent"
        " a expiré.",
    )
    law.add_argument(
        "sujet",
        nargs="?",
        metavar="SUJET",
        help="un dossier (taux) ou un paramètre (bce_semestre), avec tout son historique",
    )
    law.add_argument(
        "--au", type=_day, metavar="DATE", help="ce qui valait ce jour-là, par exemple 2024-03-01"
    )
    law.set_defaults(command=_law)
    documents = commands.add_parser(
        "documents",
        help="les textes que Relance sait écrire, ou un seul en détail",
        description="Affiche les textes par famille\u00a0: pour qui, quand, et comment les envoyer.",
    )
    documents.add_argument(
        "texte", nargs="?", metavar="TEXTE", help="le nom d’un texte, par exemple relance_1"
    )
    documents.add_argument(
        "--client",
        type=_debtor,
        metavar="CLIENT",
        help="professionnel, particulier, public, association ou etranger",
    )
    documents.set_defaults(command=_documents)
    erase = commands.add_parser(
        "effacer",
        help="effacer tout ce qui est gardé d’une personne",
        description="Efface de la base, sans rien demander, tout ce qui est gardé d’une conversation"
        " Telegram\u00a0: dossiers, actes, rappels, messages. Rien ne peut être retrouvé ensuite.",
    )
    erase.add_argument(
        "chat",
        type=_chat_id,
        metavar="CHAT",
        help="le numéro que Telegram donne à la conversation privée, par exemple 123456789",
    )
    erase.set_defaults(command=_erase)
    upkeep_commands.add(commands, lambda: _load(os.environ))
    keys_command.add(commands, lambda: _load(os.environ))
    return parser


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print the version; looked up here because importlib.metadata is slow to import."""
        from importlib.metadata import version

        print(f"relance {version('relance')}")
        parser.exit(0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas une date ; attendu : AAAA-MM-JJ, par exemple 2026-12-01"
        ) from None


def _debtor(text: str) -> str:
    from flows.dossier import DebtorKind

    kind = text.strip().lower().replace("é", "e")
    if kind not in {known.value for known in DebtorKind}:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas un type de client ; attendu : {', '.join(DebtorKind)}"
        )
    return kind


def _chat_id(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,19}", text, re.ASCII) or abs(int(text)) >= _CHAT_LIMIT:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas un numéro de conversation ; attendu : un nombre entier, "
            "par exemple 123456789"
        )
    return int(text)


def _say(error: object, *, code: int = OPERATOR_MISTAKE) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return code


def _load(environ: Mapping[str, str]) -> Settings:
    settings = load_settings(environ)
    for warning in settings.warnings:
        print(warning, file=sys.stderr)
    return settings


def _today(settings: Settings) -> date:
    return datetime.now(settings.timezone).date()


def _read_law(settings: Settings) -> Law:
    """Give the law with the operator's values; say on stderr that their file is empty."""
    from bot.law_file import emptiness, read_law

    law, own = read_law(settings.law_file, _today(settings))
    if empty := emptiness(settings.law_file, own):
        print(empty, file=sys.stderr)
    return law


def _check_law_file(settings: Settings) -> None:
    """Look at the operator's file before anything starts: it is read once more by the engine."""
    if settings.law_file is not None:
        _read_law(settings)


def _chat(arguments: argparse.Namespace) -> int:
    environ = dict(os.environ)
    if arguments.donnees is not None:
        if not arguments.donnees.strip():
            return _say("--donnees : attendu : un chemin de dossier.")
        environ[f"{PREFIX}DATA_DIR"] = arguments.donnees
        # The folder asked for holds the whole conversation, its database included.
        environ.pop(f"{PREFIX}DATABASE_URL", None)
    settings = _load(environ)
    _check_law_file(settings)
    settings.ensure_data_dir()
    from bot import terminal

    return int(terminal.main(settings, today=arguments.aujourdhui) or 0)


def _run(_: argparse.Namespace) -> int:
    settings = _load(os.environ)
    if settings.telegram_token is None:
        return _say(_NO_TOKEN)
    _check_law_file(settings)
    settings.ensure_data_dir()
    from bot import app, logs

    logs.set_up(settings.log_level, settings.secrets)
    return int(app.run(settings) or 0)


def _migrate(_: argparse.Namespace) -> int:
    settings = _load(os.environ)
    settings.ensure_data_dir()
    from bot import logs
    from bot.store import Store

    logs.set_up(settings.log_level, settings.secrets)
    store = Store.open(settings.database_url)
    try:
        before, after = store.migrate()
    finally:
        store.close()
    if before == after:
        print(f"{store.where} : déjà au dernier schéma ({after})")
    else:
        print(f"{store.where} : schéma {before or 'vide'} → {after}")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from bot import doctor, logs

    logs.set_up("ERROR")
    return doctor.main(os.environ, as_json=arguments.json)


def _law(arguments: argparse.Namespace) -> int:
    settings = _load(os.environ)
    from bot import law_command

    law = _read_law(settings)
    try:
        return law_command.main(law, _today(settings), on=arguments.au, subject=arguments.sujet)
    except law_command.UnknownSubject as error:
        return _say(error)


def _documents(arguments: argparse.Namespace) -> int:
    settings = _load(os.environ)
    from bot import documents_command

    law = _read_law(settings)
    try:
        return documents_command.main(
            law, _today(settings), document_id=arguments.texte, debtor=arguments.client
        )
    except documents_command.UnknownDocument as error:
        return _say(error)


def _erase(arguments: argparse.Namespace) -> int:
    settings = _load(os.environ)
    if settings.sqlite_missing():
        # An erasure makes no database; the name tells an operator who looked in the wrong place.
        print(
            f"{settings.sqlite_file} n’existe pas : rien n’était gardé de la conversation {arguments.chat}."
        )
        return 0
    from bot import logs
    from bot.app import open_store

    logs.set_up("ERROR", settings.secrets)
    store = open_store(settings, reading=False)  # whoever lost the key can still erase
    try:
        with store.write() as tx:
            gone = tx.erase_chat(arguments.chat)
    finally:
        store.close()
    if gone:
        rows = f"{gone} ligne effacée" if gone == 1 else f"{gone} lignes effacées"
        print(
            f"{store.where} : {rows} de la conversation {arguments.chat},"
            " avec ses actes et ses rappels."
        )
    else:
        print(f"{store.where} : rien n’était gardé de la conversation {arguments.chat}.")
    return 0
