"""A person in front of the bot: says, presses, sends, waits, reads; thread-safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .files import picture_size
from .messages import document_form, photo_form
from .state import Callback, Chat, Post, public, write_text
from .watcher import PATIENCE, Watcher
from .wording import typed

if TYPE_CHECKING:
    from .limits import Json
    from .views import Button, Message


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed. `answer` waits for what the bot answers to it."""

    person: Person
    callback: Callback

    def answer(self, timeout: float = PATIENCE) -> Json:
        """Return the bot's answer, `text` and `show_alert`; AssertionError when none comes."""
        return self.person.wait(
            lambda: self.callback.answer,
            timeout,
            f"no answer to the press of {self.callback.data!r}",
        )


class Person(Watcher):
    """Somebody with Telegram open on the bot.

    What they see and wait for is in `Watcher`.
    """

    def inside(self, group: Chat) -> Person:
        """Return the same person seen in a group: what they say goes there."""
        return Person(self._world, self.user, group)

    # What a person does

    def say(self, text: str) -> Message:
        """Send a text; return it as it appears."""
        if not text.strip():
            raise AssertionError("Telegram does not let a person send an empty text")
        with self._world.changed:
            self._acts(f"say {text!r}")
            return self._sent(self._world.post(self._chat, self.user, typed(text)))

    def command(self, name: str, argument: str = "") -> Message:
        """Send a command, given with or without its slash."""
        return self.say(f"/{name.removeprefix('/')} {argument}".strip())

    def start(self, payload: str = "") -> Message:
        """Press Start, which is sending /start."""
        return self.command("start", payload)

    def press(self, label: str, message: Message | None = None, timeout: float = PATIENCE) -> Press:
        """Press the button of these words, under `message` or under what the bot just showed.

        Exact words win; else part of the words of one button. A button of a reply keyboard says
        its words, and has no answer: use `say`. AssertionError when no such button comes in time.
        """
        if message is not None:
            with self._world.changed:
                now = self._chat.posts.get(message.id)
                if now is None:
                    raise self._failed(f"message #{message.id} is gone, nothing to press")
                return self._pressed(self._world.seen(now), label)
        found = self.wait(
            lambda: self._showing(label),
            timeout,
            f"no button « {label} » in what the bot showed since {self.name}'s last act "
            "(give message= for an older one)",
        )
        with self._world.changed:
            return self._pressed(found, label)

    def press_twice(self, label: str, message: Message | None = None) -> tuple[Press, Press]:
        """Press the same button twice before the bot can answer the first."""
        with self._world.changed:
            if message is None and self._showing(label) is None:
                self.wait(lambda: self._showing(label), PATIENCE, f"no button « {label} »")
            target = message or self._showing(label)
            assert target is not None
            data = self._data(target, label)
            self._acts(f"press {label!r} twice")
            first, second = (self._touch(target, data) for _ in range(2))
            return first, second

    def press_old(self, message: Message, label: str) -> Press:
        """Press a button as `message` showed it, even if its keyboard changed since."""
        with self._world.changed:
            if message.id not in self._chat.posts:
                raise self._failed(f"message #{message.id} is gone, nothing to press")
            return self._pressed(message, label)

    def send_document(
        self, name: str, content: bytes, caption: str = "", mime: str = "application/pdf"
    ) -> Message:
        """Send a file."""
        with self._world.changed:
            stored = self._world.shelf.put("document", name, mime, content)
            return self._send({"document": document_form(stored)}, caption)

    def send_photo(self, content: bytes, caption: str = "") -> Message:
        """Send a picture (PNG, JPEG or GIF)."""
        size = picture_size(content)
        if size is None:
            raise AssertionError("Telegram does not let a person send this as a picture")
        with self._world.changed:
            stored = self._world.shelf.put("photo", "photo.jpg", "image/jpeg", content)
            return self._send({"photo": photo_form(stored, size)}, caption)

    def send_sticker(self, emoji: str = "👍") -> Message:
        """Send a sticker."""
        with self._world.changed:
            stored = self._world.shelf.put("sticker", "sticker.webp", "image/webp", b"RIFF")
            shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
            form = stored.head() | shape | {"type": "regular", "emoji": emoji}
            return self._send({"sticker": form})

    def send_voice(self, seconds: int = 3) -> Message:
        """Send a voice note."""
        with self._world.changed:
            stored = self._world.shelf.put("voice", "note.ogg", "audio/ogg", b"OggS")
            form = stored.head() | {"duration": seconds, "mime_type": "audio/ogg"}
            return self._send({"voice": form})

    def edit(self, message: Message, text: str) -> Message:
        """Change a text the person sent."""
        with self._world.changed:
            self._acts(f"edit #{message.id}")
            post = self._chat.posts.get(message.id)
            if post is None or post.from_bot or "text" not in post.data:
                raise self._failed(f"message #{message.id} is not a text {self.name} can edit")
            wording = typed(text)
            write_text(post.data, wording, caption=False)
            post.data["edit_date"] = int(self._world.clock.now())
            post.html = wording.html
            self._world.show(self._chat, post, "edit")
            self._world.queue.add("edited_message", public(post.data))
            return self._world.seen(post)

    def delete(self, message: Message) -> None:
        """Delete a message for both sides; the bot is told nothing."""
        with self._world.changed:
            self._acts(f"delete #{message.id}")
            post = self._chat.posts.pop(message.id)
            self._world.show(self._chat, post, "delete")

    def block(self) -> None:
        """Stop the bot: it can no longer write."""
        self._membership("member", "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        self._membership("kicked", "member")

    # Inside

    def _membership(self, old: str, new: str) -> None:
        with self._world.changed:
            if self._chat.blocked is (new == "kicked"):
                raise AssertionError(f"the bot is already {new} for {self.name}")
            self._chat.blocked = new == "kicked"
            self._since = self._world.last_event()
            bot = self._world.bot
            until = {"until_date": 0}
            self._world.queue.add(
                "my_chat_member",
                {
                    "chat": self._chat.data,
                    "from": self.user,
                    "date": int(self._world.clock.now()),
                    "old_chat_member": {"user": bot, "status": old}
                    | (until if old == "kicked" else {}),
                    "new_chat_member": {"user": bot, "status": new}
                    | (until if new == "kicked" else {}),
                },
            )

    def _acts(self, what: str) -> None:
        if self._chat.blocked:
            raise AssertionError(f"{self.name} blocked the bot and cannot {what}: unblock() first")
        self._chat.met = True
        self._since = self._world.last_event()

    def _sent(self, post: Post) -> Message:
        """Tell the bot, which in a group is told of commands only (privacy mode)."""
        kinds = {entity["type"] for entity in post.data.get("entities", [])}
        if self._chat.private or (self._chat.present and "bot_command" in kinds):
            self._world.queue.add("message", public(post.data))
        return self._world.seen(post)

    def _send(self, content: Json, caption: str = "") -> Message:
        self._acts(f"send a {next(iter(content))}")
        return self._sent(self._world.post(self._chat, self.user, typed(caption), content))

    def _showing(self, label: str) -> Message | None:
        """Return the newest message shown since the last act that still has this button."""
        for event in reversed(self._after(self._since)):
            post = self._chat.posts.get(event.message.id)
            message = self._world.seen(post) if post else None
            if message is not None and message.find(label) is not None:
                return message
        return None

    def _pressed(self, message: Message, label: str) -> Press:
        data = self._data(message, label)
        self._acts(f"press {label!r}")
        return self._touch(message, data)

    def _touch(self, message: Message, data: str) -> Press:
        return Press(self, self._world.press(self._chat, self.user, message.id, data))

    def _data(self, message: Message, label: str) -> str:
        button: Button | None = message.find(label)
        if button is None:
            raise self._failed(f"no button « {label} » under message #{message.id}")
        if button.data is None:
            raise self._failed(
                f"the button « {button.label} » opens or copies: the bot is not told"
            )
        return button.data
