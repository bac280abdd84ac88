"""Where the bot listens: the settings of the webhook and of the health page, and their sockets."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.mistakes import PREFIX, SettingsError, wrong

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from contextlib import ExitStack

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):(\d{1,5})", re.ASCII)
_TOGETHER = ("WEBHOOK_URL", "WEBHOOK_SECRET", "WEBHOOK_LISTEN")
_TELEGRAM_PORTS = (443, 80, 88, 8443)
_TROUBLES = {
    errno.EADDRINUSE: "adresse déjà prise par un autre programme",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas celle de cette machine",
    errno.EACCES: "port interdit à ce compte",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A place to listen at: a name or an IP of this machine, and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """Where Telegram posts updates, the secret it shows, and where the bot listens for them."""

    url: str
    secret: str
    listen: Address

    @property
    def path(self) -> str:
        """The only path that is answered."""
        return urlsplit(self.url).path or "/"


def read_webhook(given: Mapping[str, str], *, own_server: bool) -> Webhook | None:
    """Read the three variables of the webhook, None when none is set. Raises SettingsError.

    `own_server`: the Bot API server is the operator's, which posts to http and to any port.
    """
    missing = [name for name in _TOGETHER if name not in given]
    if len(missing) == len(_TOGETHER):
        return None
    if missing:
        names = ", ".join(PREFIX + name for name in missing)
        raise SettingsError(
            f"{names} : valeur manquante ; attendu : les trois variables du webhook ensemble "
            f"({', '.join(PREFIX + name for name in _TOGETHER)}), ou aucune."
        )
    if not _SECRET.fullmatch(given["WEBHOOK_SECRET"]):
        raise wrong("WEBHOOK_SECRET", "1 à 256 caractères parmi A-Z, a-z, 0-9, _ et -")
    url = _url(given["WEBHOOK_URL"], own_server=own_server)
    return Webhook(url, given["WEBHOOK_SECRET"], read_listen(given, "WEBHOOK_LISTEN"))


def read_health(given: Mapping[str, str]) -> Address | None:
    """Read where the health page listens, None when it is off. Raises SettingsError."""
    if "HEALTH_LISTEN" not in given:
        return None
    address = read_listen(given, "HEALTH_LISTEN")
    if "WEBHOOK_LISTEN" in given and address == read_listen(given, "WEBHOOK_LISTEN"):
        raise wrong("HEALTH_LISTEN", f"une autre adresse que {PREFIX}WEBHOOK_LISTEN")
    return address


def read_listen(given: Mapping[str, str], name: str) -> Address:
    """Read « machine:port ». Raises SettingsError."""
    found = _LISTEN.fullmatch(given[name])
    if found is None or not 0 < int(found[2]) < 65536:
        raise wrong(name, "machine:port, par exemple 127.0.0.1:8443 ou [::1]:8443")
    return Address(found[1].strip("[]"), int(found[2]))


def bind(held: ExitStack, name: str, address: Address | None) -> list[socket.socket]:
    """Take the address; give its listening sockets, none for None. `held` closes them at its end.

    Raises SettingsError, which names the variable, when it cannot be had.
    """
    if address is None:
        return []
    # Only the running bot listens.
    from socket import gaierror

    from tornado.netutil import bind_sockets

    try:
        sockets = bind_sockets(address.port, address.host)
    except OSError as error:
        why = (
            "nom de machine inconnu"
            if isinstance(error, gaierror)
            else _TROUBLES.get(error.errno or 0, f"erreur {error.errno} du système")
        )
        raise SettingsError(
            f"{PREFIX}{name} : {address.host}:{address.port} ne peut pas servir ({why})."
        ) from None
    for taken in sockets:
        held.callback(taken.close)
    return sockets


def _url(value: str, *, own_server: bool) -> str:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    schemes = {"https", "http"} if own_server else {"https"}
    usable = parts.scheme in schemes and bool(parts.hostname) and port != 0
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise wrong("WEBHOOK_URL", "une adresse https sans paramètres, que Telegram puisse joindre")
    if not re.fullmatch(r"[!-~]+", value):
        raise wrong("WEBHOOK_URL", "une adresse https en caractères ASCII, sans espace")
    if not own_server and (port or 443) not in _TELEGRAM_PORTS:
        raise wrong("WEBHOOK_URL", "un port où Telegram envoie : 443, 80, 88 ou 8443")
    return value
