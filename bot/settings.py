"""What the operator decides, read once from the environment (prefix `RELANCE_`).

No validation library: the terminal chat must start at once. A wrong value is a `SettingsError`
whose text is one line naming the variable and what was expected; it never repeats a secret.
"""

from __future__ import annotations

import difflib
import errno
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.addresses import Address, Webhook, read_health, read_webhook
from bot.keys import Key, read_keys
from bot.mistakes import PREFIX as PREFIX  # noqa: PLC0414 - asked for here by the others
from bot.mistakes import SettingsError as SettingsError  # noqa: PLC0414
from bot.mistakes import wrong as _wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_API_URL = "https://api.telegram.org"
DATABASE_FILE = "relance.sqlite3"
TERMINAL_FILE = "terminal.sqlite3"
BACKUP_FOLDER = "sauvegardes"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
KNOWN = (
    "TELEGRAM_TOKEN",
    "TELEGRAM_API_URL",
    "DATABASE_URL",
    "DATA_DIR",
    "TIMEZONE",
    "LOG_LEVEL",
    "RATE",
    "CHAT_RATE",
    "LAW_FILE",
    "OPERATOR_CHAT",
    "BACKUP_DIR",
    "BACKUP_KEEP",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "WEBHOOK_LISTEN",
    "HEALTH_LISTEN",
    "RETENTION_DAYS",
    "INACTIVE_DAYS",
    "ENCRYPTION_KEY",
    "ENCRYPTION_KEY_FILE",
)
_TROUBLES = {
    errno.ENOENT: "introuvable",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un nom du chemin est celui d’un fichier",
    errno.EEXIST: "ce nom est celui d’un fichier",
    errno.EACCES: "accès refusé à ce compte",
    errno.EPERM: "accès refusé à ce compte",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.ELOOP: "des liens qui tournent en rond",
    errno.ENAMETOOLONG: "nom trop long",
}
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Everything the operator may set. `warnings` are lines to show before starting."""

    telegram_token: str | None
    telegram_api_url: str
    database_url: str
    data_dir: Path
    timezone: ZoneInfo
    log_level: str
    rate: float = 28.0
    """Messages a second toward Telegram in all."""
    chat_rate: float = 1.0
    """Messages a second toward one chat, after a short burst."""
    law_file: Path | None = None
    """The operator's own values of the law, which complete those of the package."""
    retention_days: int = 365
    """Days a paid or closed dossier is kept after its end; 0: for ever."""
    inactive_days: int = 730
    """Days all of a person is kept after their last word; 0: for ever."""
    operator_chat: int | None = None
    """The private chat told once a day when a value of the law must be renewed."""
    backup_folder: Path | None = None
    """Where the operator wants the backups; see `backup_dir`."""
    backup_keep: int = 7
    """How many backups stay in their folder."""
    webhook: Webhook | None = None
    """Where Telegram posts updates; None: they are fetched by long polling."""
    health_listen: Address | None = None
    """Where health, readiness and metrics are served; None: nowhere."""
    encryption_keys: tuple[Key, ...] = ()
    """What people said is sealed under the first, and opened with any; none: it is kept as it is."""
    warnings: tuple[str, ...] = ()
    database_chosen: bool = False
    """Whether the operator named the database, instead of leaving it to the data folder."""

    def __repr__(self) -> str:
        """Describe the settings without the token and without a database password."""
        token = "***" if self.telegram_token else None
        return (
            f"Settings(telegram_token={token!r}, telegram_api_url={self.telegram_api_url!r}, "
            f"database_url={without_password(self.database_url)!r}, "
            f"data_dir={str(self.data_dir)!r}, timezone={self.timezone.key!r}, "
            f"log_level={self.log_level!r})"
        )

    @property
    def bot_base_url(self) -> str:
        """Where methods are served, to be followed by the token."""
        return f"{self.telegram_api_url}/bot"

    @property
    def file_base_url(self) -> str:
        """Where files are served, to be followed by the token."""
        return f"{self.telegram_api_url}/file/bot"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never reach a log line: the token, its half, the webhook's secret, keys, a password."""
        found: list[str] = []
        if self.telegram_token:
            found += [self.telegram_token, self.telegram_token.partition(":")[2]]
        if self.webhook:
            found.append(self.webhook.secret)
        for key in self.encryption_keys:
            found += key.secrets
        password = _password_as_written(self.database_url)
        return tuple(found + ([password] if password else []))

    @property
    def backup_dir(self) -> Path:
        """The folder of the backups: beside the data unless the operator chose another."""
        return self.backup_folder or self.data_dir / BACKUP_FOLDER

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an SQLite database; None for a database on a server."""
        scheme, _, rest = self.database_url.partition(":///")
        # Cut by hand as SQLAlchemy does: a « # » belongs to the path.
        return Path(rest.partition("?")[0]) if scheme == "sqlite" else None

    def sqlite_missing(self) -> bool:
        """Tell whether the SQLite file is not there yet; one that cannot be looked at may well be."""
        try:
            return self.sqlite_file is not None and not self.sqlite_file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False

    def for_terminal(self) -> Settings:
        """Give the settings of the terminal: its own SQLite file, unless the operator chose a database.

        In the bot's file, the running bot would send the terminal's reminders to a Telegram chat
        that does not exist.
        """
        if self.database_chosen:
            return self
        return replace(self, database_url=_sqlite_url(self.data_dir / TERMINAL_FILE))

    def ensure_data_dir(self) -> Path:
        """Create the data folder, for its owner only, when missing; give its path.

        Raises SettingsError when it cannot be created or is not a folder.
        """
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _wrong("DATA_DIR", f"un dossier où écrire ({trouble(error)})") from None
        return self.data_dir


def trouble(error: OSError) -> str:
    """Say in a few French words why a file or a folder cannot be used."""
    words = _TROUBLES.get(error.errno or 0)
    return words or f"erreur {error.errno or type(error).__name__} du système"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; blank counts as not set. Raises SettingsError.

    Reads no file but that of the keys and makes none: `Settings.ensure_data_dir` creates the folder
    when something is about to be written.
    """
    given = {
        key: value.strip()
        for key in KNOWN
        if (value := environ.get(PREFIX + key, "")) and value.strip()
    }
    data_dir = _data_dir(given.get("DATA_DIR", "./donnees"))
    api_url = _api_url(given.get("TELEGRAM_API_URL", DEFAULT_API_URL))
    return Settings(
        telegram_token=_token(given.get("TELEGRAM_TOKEN")),
        telegram_api_url=api_url,
        database_url=_database_url(given.get("DATABASE_URL"), data_dir),
        data_dir=data_dir,
        timezone=_timezone(given.get("TIMEZONE", "Europe/Paris")),
        log_level=_log_level(given.get("LOG_LEVEL", "INFO")),
        rate=_rate("RATE", given.get("RATE", "28")),
        chat_rate=_rate("CHAT_RATE", given.get("CHAT_RATE", "1")),
        law_file=_law_file(given.get("LAW_FILE")),
        operator_chat=_operator_chat(given.get("OPERATOR_CHAT")),
        retention_days=_days("RETENTION_DAYS", given.get("RETENTION_DAYS", "365")),
        inactive_days=_days("INACTIVE_DAYS", given.get("INACTIVE_DAYS", "730")),
        backup_folder=_data_dir(chosen, "BACKUP_DIR")
        if (chosen := given.get("BACKUP_DIR"))
        else None,
        backup_keep=_backup_keep(given.get("BACKUP_KEEP", "7")),
        webhook=read_webhook(given, own_server=api_url != DEFAULT_API_URL),
        health_listen=read_health(given),
        encryption_keys=read_keys(given),
        warnings=tuple(_unknown(environ)),
        database_chosen="DATABASE_URL" in given,
    )


def without_password(url: str) -> str:
    """Mask the password of a database address; one that cannot be read is masked whole."""
    try:
        parts = urlsplit(url)
        has_password = parts.password is not None
    except ValueError:
        return "***"
    if not has_password:
        return url
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:***@{place}"))


def _password_as_written(url: str) -> str | None:
    """Give the password still percent-encoded, as it would show in an error text."""
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    return user.partition(":")[2] or None if at else None


def _token(value: str | None) -> str | None:
    if value is not None and not _TOKEN.fullmatch(value):
        raise _wrong(
            "TELEGRAM_TOKEN",
            "le jeton donné par @BotFather, de la forme 123456789:AAE…",
        )
    return value


def _api_url(value: str) -> str:
    expected = f"une adresse http(s) sans paramètres, par exemple {DEFAULT_API_URL}"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or re.search(r"\s", value):
        raise _wrong("TELEGRAM_API_URL", expected)
    return value.rstrip("/")


def _database_url(value: str | None, data_dir: Path) -> str:
    if value is None:
        if "?" in str(data_dir):
            raise _wrong("DATA_DIR", "un chemin sans « ? »")  # an address would be cut there
        return _sqlite_url(data_dir / DATABASE_FILE)
    expected = (
        "sqlite:///chemin/du/fichier.sqlite3 ou postgresql://utilisateur:mot-de-passe@machine/base"
    )
    try:
        parts = urlsplit(value)
        usable = parts.scheme in _DATABASES and (parts.port is None or parts.port > 0)
    except ValueError:
        raise _wrong("DATABASE_URL", expected) from None
    if parts.scheme == "sqlite":
        # Three slashes before a path, as SQLAlchemy reads it; a store in memory would lose every
        # dossier.
        usable = not parts.netloc and len(parts.path) > 1 and ":memory:" not in value
    elif usable:
        usable = len(parts.path) > 1
    if not usable:
        raise _wrong("DATABASE_URL", expected)
    return value


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def _data_dir(value: str, name: str = "DATA_DIR") -> Path:
    if "\0" in value:
        raise _wrong(name, "un chemin de dossier")
    try:
        path = Path(value).expanduser().absolute()
        is_other = path.exists() and not path.is_dir()
    except (OSError, RuntimeError):
        raise _wrong(name, "un chemin de dossier") from None
    if is_other:
        raise _wrong(name, f"un dossier (« {value} » est un fichier)")
    return path


def _backup_keep(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", value, re.ASCII):
        raise _wrong("BACKUP_KEEP", "un nombre de sauvegardes à garder, 1 ou plus")
    return int(value)


def _law_file(value: str | None) -> Path | None:
    if value is None:
        return None
    try:
        if "\0" not in value:
            return Path(value).expanduser().absolute()
    except (OSError, RuntimeError):
        pass
    raise _wrong("LAW_FILE", "le chemin d’un fichier YAML")


def _days(name: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,5}", value, re.ASCII):
        raise _wrong(name, "un nombre de jours, par exemple 365 ; 0 pour garder toujours")
    return int(value)


def _operator_chat(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,17}", value, re.ASCII):
        raise _wrong("OPERATOR_CHAT", "le numéro d’une conversation privée, par exemple 123456789")
    return int(value)


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _wrong("TIMEZONE", "un fuseau connu, par exemple Europe/Paris") from None


def _log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise _wrong("LOG_LEVEL", ", ".join(LOG_LEVELS))
    return value.upper()


def _rate(name: str, value: str) -> float:
    if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", value, re.ASCII) or not float(value):
        raise _wrong(name, "un nombre de messages par seconde, par exemple 1")
    return float(value)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    lines = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in KNOWN:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), KNOWN, n=1, cutoff=0.5)
            hint = f" ; vouliez-vous dire {PREFIX}{near[0]} ?" if near else ""
            lines.append(f"{name} : réglage inconnu, ignoré{hint}")
    return lines
