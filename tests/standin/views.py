"""What a person sees: messages as they were at one moment, their buttons and their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files import Shelf, StoredFile
    from .limits import Json


_FILES = ("document", "photo", "sticker", "voice")


def plain(text: str) -> str:
    """Return the text with ordinary spaces and apostrophes, so that tests need not type the others."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words and the one thing it does."""

    label: str
    data: str | None = None
    url: str | None = None
    copies: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as seen at one moment; a later edit is another `Message` of the same id.

    `kind` is "text", "document", "photo", "sticker" or "voice"; `text` is what is read (the
    caption of a file), `html` the markup it was sent as, `buttons` the rows of the inline
    keyboard, `keyboard` the rows of words of a reply keyboard, `entities` as the Bot API gives
    them.
    """

    id: int
    chat_id: int
    from_bot: bool
    kind: str
    text: str
    html: str
    buttons: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    document: StoredFile | None
    photo: StoredFile | None
    entities: tuple[Json, ...]
    silent: bool
    edited: bool
    deleted: bool = False

    @property
    def labels(self) -> list[list[str]]:
        """The words of the inline buttons, row by row."""
        return [[button.label for button in row] for row in self.buttons]

    def find(self, label: str) -> Button | None:
        """Return the button of exactly these words, else the only one holding them, else None.

        Words held by several buttons are an error of the test: ValueError names them.
        """
        every = [button for row in self.buttons for button in row]
        exact = [button for button in every if plain(button.label) == plain(label)]
        if exact:
            return exact[0]
        near = [
            button for button in every if plain(label).casefold() in plain(button.label).casefold()
        ]
        if len(near) > 1:
            raise ValueError(f"« {label} » is in several buttons: {[b.label for b in near]}")
        return near[0] if near else None

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        marks = " (edited)" if self.edited else ""
        marks += " (deleted)" if self.deleted else ""
        lines = [f"#{self.id} {who}{marks}: {self.text!r}"]
        held = self.document or self.photo
        if held is not None:
            lines.append(f"    [{self.kind} {held.name}, {len(held.content)} bytes]")
        elif self.kind != "text":
            lines.append(f"    [{self.kind}]")
        lines += ["    " + " ".join(f"[{label}]" for label in row) for row in self.labels]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on the person's screen: `kind` is "new", "edit" or "delete"."""

    seq: int
    kind: str
    message: Message


def view(data: Json, html: str, shelf: Shelf, *, from_bot: bool, deleted: bool = False) -> Message:
    """Return the message as seen, from its Bot API form."""
    markup = data.get("reply_markup", {})
    photo = data["photo"][-1] if data.get("photo") else None
    document = data.get("document")
    return Message(
        id=data["message_id"],
        chat_id=data["chat"]["id"],
        from_bot=from_bot,
        kind=next((kind for kind in _FILES if kind in data), "text"),
        text=data.get("text") or data.get("caption") or "",
        html=html,
        buttons=tuple(
            tuple(
                Button(
                    button["text"],
                    button.get("callback_data"),
                    button.get("url"),
                    button.get("copy_text", {}).get("text"),
                )
                for button in row
            )
            for row in markup.get("inline_keyboard", [])
        ),
        keyboard=tuple(tuple(b["text"] for b in row) for row in markup.get("keyboard", [])),
        document=shelf.by_id(document["file_id"]) if document else None,
        photo=shelf.by_id(photo["file_id"]) if photo else None,
        entities=tuple(data.get("entities") or data.get("caption_entities") or ()),
        silent=bool(data.get("silent")),
        edited="edit_date" in data,
        deleted=deleted,
    )
