"""The files of the terminal: what `/piece` reads, and what is saved beside the letters."""

from __future__ import annotations

import contextlib
import errno
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.dialogue.events import SentFile
from flows.dialogue.screens import Agenda, Bundle, Export, Paper, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.engine import Arrived
    from bot.export import Kept

_NOT_WRITTEN = {
    errno.EEXIST: "ce nom est celui d’un fichier, il faut un dossier",
    errno.ENOTDIR: "ce nom est celui d’un fichier, il faut un dossier",
    errno.EACCES: "écriture refusée",
    errno.EPERM: "écriture refusée",
    errno.EROFS: "écriture refusée",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
}
_NOT_READ = {
    errno.ENOENT: "fichier introuvable",
    errno.ENOTDIR: "fichier introuvable",
    errno.EISDIR: "c’est un dossier, il faut un fichier",
    errno.EACCES: "lecture refusée",
    errno.EPERM: "lecture refusée",
    errno.ENAMETOOLONG: "nom trop long",
}
_NO_PATH = "Donnez le chemin du fichier : /piece factures/facture.pdf"


Saved = Paper | Bundle | Picture | Agenda | Export
"""What is shown as a file."""


class Unusable(Exception):  # noqa: N818 - the text is what the person reads
    """A file cannot be read or written; the text says which and why, in one line."""


def receive(typed: str) -> tuple[SentFile, Arrived | None]:
    """Read and accept the file at a path, typed or dropped on the terminal. Raises Unusable."""
    # Imported late: the first prompt must not wait for what reads files.
    from bot.accepting import NotAccepted, accept_here
    from bot.engine import Arrived
    from bot.limits import limits

    path = _path(typed)
    try:
        if not path.is_file() and path.exists() and not path.is_dir():
            raise Unusable(f"{path}\u00a0: ce n’est pas un fichier.")  # a device could never end
        with path.open("rb") as file:
            content = file.read(limits().received_bytes + 1)
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else None
        words = _NOT_READ.get(code or 0, "fichier illisible")
        raise Unusable(f"{path}\u00a0: {words}.") from None
    event = SentFile("document", path.name)
    if len(content) > limits().received_bytes:
        return replace(event, refused="too_big"), None
    try:
        arrived = Arrived.of(accept_here(content))
    except NotAccepted as refusal:
        return replace(event, refused=refusal.code), None
    return replace(event, file=arrived.file), arrived


def save(
    paper: Saved,
    folder: Path,
    read: Callable[[str], bytes | None],
    gather: Callable[[], Kept] | None = None,
) -> tuple[str, Path]:
    """Make a paper and write it in `folder`, made when missing; give its kind and its path.

    `read` gives the content of an exhibit by its id, None when it is gone; `gather` all that is kept.
    Raises Unusable.
    """
    from bot.papers import ExhibitGone, NotMade, TooBig

    extension = _extension(paper)
    kind = extension.upper()
    name = Path(paper.name).name
    path = folder / (name if name.endswith(f".{extension}") else f"{name}.{extension}")
    try:
        content = _content(paper, read, gather)
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except ExhibitGone as gone:
        lost = f"la pièce «\u00a0{gone.title}\u00a0» n’est plus gardée"
        raise Unusable(f"{kind} non enregistré ; {lost}.") from None
    except TooBig:
        raise Unusable(f"{kind} non enregistré ; les pièces sont trop lourdes.") from None
    except NotMade:
        raise Unusable(f"{kind} non enregistré ; une des pièces ne peut pas être lue.") from None
    except OSError as error:
        reason = _NOT_WRITTEN.get(error.errno or 0, error.strerror or type(error).__name__)
        where = error.filename or path
        raise Unusable(f"{kind} non enregistré ; {where}\u00a0: {reason}.") from None
    return kind, path


def _extension(paper: Saved) -> str:
    match paper:
        case Paper():
            return paper.format
        case Picture():
            return "png"
        case Agenda():
            return "ics"
        case Bundle():
            return "pdf"
        case Export():
            return "zip"


def _content(
    paper: Saved, read: Callable[[str], bytes | None], gather: Callable[[], Kept] | None
) -> bytes:
    from bot import papers

    match paper:
        case Paper():
            return papers.printed(paper.sheet, paper.format)
        case Picture():
            return papers.drawn(paper.sheet)
        case Agenda():
            from bot.telegram.outgoing import agenda_item

            return papers.calendar(agenda_item(paper))
        case Bundle():
            exhibits = [(title, read(file_id)) for title, file_id in paper.exhibits]
            return papers.bundled(paper.sheet, paper.bordereau, exhibits)
        case Export():
            from bot.export import whole

            if gather is None:
                raise papers.NotMade("nothing can be gathered")
            return whole(gather(), paper.on, read)


def _path(typed: str) -> Path:
    """Read a path: as it is, in quotes, or with its spaces escaped as a terminal writes a dropped file."""
    if not typed.strip():
        raise Unusable(f"{_NO_PATH}.")
    with contextlib.suppress(ValueError, OSError, RuntimeError):
        # A name with a space or an apostrophe, typed as it is, would be cut in pieces below.
        if (whole := Path(typed).expanduser()).exists():
            return whole
        if len(parts := shlex.split(typed)) == 1:
            return Path(parts[0]).expanduser()
    return Path(typed)
