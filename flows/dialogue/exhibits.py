"""The exhibits: what the person sends in the chat to be joined to a letter, numbered and named."""

from __future__ import annotations

from flows.dialogue.edits import first_words
from flows.dialogue.events import SentFile
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.papers import can_join, send_bundle
from flows.dialogue.screens import Choice
from flows.dialogue.table import RESTING
from flows.dialogue.texts import LABEL_LIMIT, buttons, say, texts, words
from flows.dialogue.turn import Turn
from flows.dossier import EXHIBIT_OUT, EXHIBIT_TITLE, EXHIBIT_UP, ActKind, Exhibit
from flows.reading import Refused, read_text, sentence

TITLE_LIMIT = 120
"""Characters of the title of an exhibit: one line of the bordereau."""
NAMING = RESTING | {"draft", "exhibits", "exhibit", "exhibit_title", "home"}
"""States where the title of a piece just received is asked at once; elsewhere a question is open."""
_GENERIC = (
    "img",
    "image",
    "photo",
    "scan",
    "document",
    "file",
    "dsc",
    "pxl",
    "whatsapp",
    "screenshot",
    "capture",
)
"""Beginnings of the names devices give: they say nothing of a piece."""


def receive(turn: Turn, sent: SentFile) -> bool:
    """Take a file sent in the chat. True when its title is to be asked, False when all is said in a note."""
    if sent.file is None:
        key = f"file_{sent.refused}" if f"file_{sent.refused}" in texts() else "file_broken"
        turn.notes.append(say(key))
        return False
    if turn.dossier is None or turn.dossier.debtor_kind is None:
        turn.notes.append(say("file_no_dossier"))
        return False
    title = _title(sent)
    turn.record(
        ActKind.EXHIBIT_ADDED,
        file=sent.file.id,
        title=title or words("exhibit_untitled"),
        pages=sent.file.pages,
    )
    number = len(turn.need_dossier().exhibits)
    turn.notes.append(
        say(
            "exhibit_added",
            client=summary(turn)[0],
            number=number,
            title=title,
            pages=sent.file.pages,
        )
    )
    if title or turn.state not in NAMING:
        return False
    turn.set_scratch(exhibit=sent.file.id)
    turn.fire("name_exhibit")
    return True


def _title(sent: SentFile) -> str:
    """Give the title a file comes with: its caption, or a name that says something; "" otherwise."""
    if sent.caption.strip():
        return " ".join(sent.caption.split())[:TITLE_LIMIT]
    stem = sent.name.rpartition(".")[0] or sent.name
    said = " ".join(stem.replace("_", " ").split())[:TITLE_LIMIT]
    letters_in = sum(char.isalpha() for char in said)
    generic = said.lower().startswith(_GENERIC) or letters_in < 4
    return "" if sent.kind == "photo" or generic else said


def in_hand(turn: Turn) -> tuple[int, Exhibit] | None:
    """Give the number and the exhibit being looked at, None when it was taken out since."""
    listed = enumerate(turn.need_dossier().exhibits, 1)
    return next((one for one in listed if one[1].file == turn.scratch("exhibit")), None)


# --- the list ----------------------------------------------------------------------------------


def show_exhibits(turn: Turn) -> View:
    """List the exhibits; with a text in hand, offer it with them in one PDF."""
    listed = turn.need_dossier().exhibits
    writing = bool(turn.scratch("document"))
    rows = [{"title": one.title, "pages": one.pages} for one in listed]
    body = say("exhibits", client=summary(turn)[0], rows=rows)
    picks = [
        Choice(
            f"x{number}",
            first_words(words("exhibit_row", number=number, title=one.title), LABEL_LIMIT - 2),
        )
        for number, one in enumerate(listed, 1)
    ]
    joined = writing and bool(listed) and can_join(turn)
    wanted = {"draft" if writing else "card", *(["bundle"] if joined else [])}
    return View(body, (*column(picks), *grid(buttons("exhibits_choices", wanted))))


def press_exhibits(turn: Turn, key: str) -> None:
    """Look at one, make the PDF of all, or go back to the text or the card."""
    match key:
        case "bundle":
            send_bundle(turn)
            turn.stay()
        case "draft":
            turn.fire("to_text")
        case "card":
            turn.leave()
            turn.fire("open_card", remember=False)
        case _:
            turn.set_scratch(exhibit=turn.need_dossier().exhibits[int(key[1:]) - 1].file)
            turn.fire("pick_exhibit")


# --- one of them -------------------------------------------------------------------------------


def show_exhibit(turn: Turn) -> View:
    """Show one exhibit and what can be done with it."""
    found = in_hand(turn)
    if found is None:
        return View(say("exhibit_gone"), column(buttons("exhibit", {"list"})))
    number, one = found
    body = say("exhibit", number=number, title=one.title, pages=one.pages)
    wanted = {"rename", "remove", "list", *(["up"] if number > 1 else [])}
    return View(body, grid(buttons("exhibit", wanted)))


def press_exhibit(turn: Turn, key: str) -> None:
    """Name it again, move it up, take it out, or go back to the list."""
    match key:
        case "rename":
            turn.fire("name_exhibit")
        case "up":
            turn.record(ActKind.CORRECTED, fact=EXHIBIT_UP, file=turn.scratch("exhibit"))
            turn.fire("answered")
        case "remove":
            turn.record(ActKind.CORRECTED, fact=EXHIBIT_OUT, file=turn.scratch("exhibit"))
            turn.notes.append(say("exhibit_removed"))
            turn.fire("answered")
        case _:
            turn.fire("answered")


def show_exhibit_title(turn: Turn) -> View:
    """Ask what the exhibit is."""
    found = in_hand(turn)
    number = found[0] if found else 0
    return View(say("exhibit_title", number=number), grid(buttons("exhibit_title")))


def press_exhibit_title(turn: Turn, key: str) -> None:
    """Take a usual title, or leave the naming for later."""
    if key != "later":
        choice = next(c for c in buttons("exhibit_title") if c.data == key)
        _name(turn, choice.label)
    turn.fire("answered")


def type_exhibit_title(turn: Turn, text: str) -> None:
    """Take the title typed."""
    match read_text(text, TITLE_LIMIT):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            _name(turn, " ".join(str(understood.value).split()))
    turn.fire("answered")


def _name(turn: Turn, title: str) -> None:
    turn.record(ActKind.CORRECTED, fact=EXHIBIT_TITLE, file=turn.scratch("exhibit"), after=title)


HANDLERS = {
    "exhibits": Handler(show_exhibits, press_exhibits),
    "exhibit": Handler(show_exhibit, press_exhibit),
    "exhibit_title": Handler(show_exhibit_title, press_exhibit_title, type_exhibit_title),
}
