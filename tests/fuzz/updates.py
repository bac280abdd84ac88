"""Raw updates of every kind of the Bot API, as Telegram would write them, and then bent out of shape."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

Json = dict[str, Any]

BOT: Json = {"id": 123456789, "is_bot": True, "first_name": "Relance"}
SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "chat_background_set",
    "boost_added",
    "proximity_alert_triggered",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "gift",
    "unique_gift",
    "connected_website",
)
"""Content of a message that Telegram wrote, not the person: nothing to answer."""
_MEDIA = ("voice", "video", "video_note", "animation", "audio", "sticker")
_OTHER_CONTENT = (
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
    "invoice",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "web_app_data",
    "passport_data",
    "giveaway",
    "giveaway_winners",
    "giveaway_completed",
    "video_chat_started",
    "video_chat_ended",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "new_chat_title",
    "delete_chat_photo",
    "checklist_tasks_done",
    "suggested_post_paid",
    "a_kind_of_next_year",
)
_CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Annonces"}
_ELSEWHERE = (
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "an_update_of_next_year",
)
_ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**53,
    2**63,
    2**64,
    -(2**63),
    10**300,
    1.5,
    1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    "",
    "x",
    "12",
    "\x00",
    "\ud800",
    "private",
    "group",
    "kicked",
    "x" * 10_000,
    [],
    {},
    [[]],
    [None],
    {"id": None},
    {"": ""},
    [{"file_id": 7}],
)


class Maker:
    """Makes updates; numbers its messages, presses and files."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._numbers = 0

    def number(self) -> int:
        """Give a number not given yet."""
        self._numbers += 1
        return self._numbers

    def message(self, chat: int, name: str, at: int, **content: Any) -> Json:
        """Give the message of a person in their private chat."""
        return {
            "message_id": 10_000_000 + self.number(),
            "from": {"id": chat, "is_bot": False, "first_name": name, "language_code": "fr"},
            "chat": {"id": chat, "type": "private", "first_name": name},
            "date": at,
            **content,
        }

    def text(self, chat: int, name: str, at: int, words: str) -> Json:
        """Give a text message, sometimes with all that may surround one."""
        content: Json = {"text": words}
        draw = self.random.random()
        if words.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
        if draw < 0.03:
            content |= {"is_topic_message": True, "message_thread_id": 7}
        elif draw < 0.06:
            content["reply_to_message"] = self.message(chat, name, at, text=words)
            content["quote"] = {"text": words, "position": 0}
        elif draw < 0.09:
            content["forward_origin"] = {
                "type": "hidden_user",
                "sender_user_name": words,
                "date": at,
            }
        elif draw < 0.1:
            content["via_bot"] = BOT
        return {"message": self.message(chat, name, at, **content)}

    def press(self, chat: int, name: str, at: int, data: Any, message_id: int | None) -> Json:
        """Give the press of a button, sometimes under a message that can no longer be read."""
        message: Json | None = {
            "message_id": message_id or self.random.randrange(1, 1000),
            "chat": {"id": chat, "type": "private", "first_name": name},
            "date": at if message_id and self.random.random() < 0.9 else 0,
        }
        query: Json = {
            "id": f"{chat}{self.number():07d}",
            "from": {"id": chat, "is_bot": False, "first_name": name},
            "chat_instance": str(chat),
            "message": message,
            "data": data,
        }
        if data is None:
            del query["data"]
            query["game_short_name"] = "jeu"
        return {"callback_query": query}

    def media(self, chat: int, name: str, at: int, words: str) -> tuple[str, Json]:
        """Give a message that is no text and no file the bot takes, and its kind."""
        kind = self.random.choice(_MEDIA + _OTHER_CONTENT)
        file = {"file_id": f"M{self.number()}", "file_unique_id": "m", "file_size": 1000}
        content: Json = {kind: file if kind in _MEDIA else self._inside(kind, words)}
        if kind == "animation":
            content["document"] = file
        if self.random.random() < 0.3:
            content["caption"] = words
        return kind, {"message": self.message(chat, name, at, **content)}

    def service(self, chat: int, name: str, at: int) -> tuple[str, Json]:
        """Give what Telegram writes by itself in a chat."""
        kind = self.random.choice(SERVICE)
        inside: Json = {kind: self._inside(kind, name)}
        return kind, {"message": self.message(chat, name, at, **inside)}

    def _inside(self, kind: str, words: str) -> Any:
        match kind:
            case "migrate_to_chat_id" | "migrate_from_chat_id":
                return -1_000_000_000_000 - self.number()
            case "new_chat_title":
                return words
            case "delete_chat_photo":
                return True
            case "contact":
                return {"phone_number": "+33612345678", "first_name": words, "vcard": words}
            case "location" | "venue":
                return {"latitude": 48.8, "longitude": 2.3, "title": words}
            case "successful_payment":
                return {"currency": "XTR", "total_amount": 1, "invoice_payload": words}
        return {"question": words, "options": [{"text": words}], "id": "1", "emoji": "🎲"}

    def elsewhere(self, chat: int, name: str, at: int, words: str) -> tuple[str, Json]:
        """Give an update that is not for the bot, of a kind it did not even ask for."""
        kind = self.random.choice(_ELSEWHERE)
        person = {"id": chat, "is_bot": False, "first_name": name}
        message = self.message(chat, name, at, text=words)
        inside: Json = {
            "id": str(self.number()),
            "from": person,
            "user": person,
            "chat": {"id": chat, "type": "private"},
            "query": words,
            "offset": "",
            "date": at,
            "options": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        }
        match kind:
            case "channel_post" | "edited_channel_post":
                inside = message | {"chat": _CHANNEL, "sender_chat": _CHANNEL}
                del inside["from"]
            case "business_message" | "edited_business_message":
                inside = message | {"business_connection_id": "b"}
        return kind, {kind: inside}

    def group(self, number: int, name: str, at: int, words: str) -> Json:
        """Give something that happens in a group."""
        chat = {"id": number, "type": self.random.choice(("group", "supergroup")), "title": name}
        message = self.message(1, name, at, text=words) | {"chat": chat}
        member = {"user": BOT, "status": "member"}
        return self.random.choice(
            (
                {"message": message},
                {"message": message | {"new_chat_members": [BOT]}},
                {"message": message | {"left_chat_member": BOT}},
                {"message": message | {"migrate_to_chat_id": number - 1}},
                {
                    "my_chat_member": {
                        "chat": chat,
                        "from": BOT,
                        "date": at,
                        "old_chat_member": {"user": BOT, "status": "left"},
                        "new_chat_member": member,
                    }
                },
                {
                    "callback_query": {
                        "id": f"{number}{self.number()}",
                        "from": BOT,
                        "message": message,
                        "chat_instance": "g",
                        "data": words[:60],
                    }
                },
            )
        )

    def membership(self, chat: int, name: str, at: int, *, blocks: bool) -> Json:
        """Give the block of the bot by a person, or the end of it."""
        old, new = ("member", "kicked") if blocks else ("kicked", "member")
        return {
            "my_chat_member": {
                "chat": {"id": chat, "type": "private", "first_name": name},
                "from": {"id": chat, "is_bot": False, "first_name": name},
                "date": at,
                "old_chat_member": {"user": BOT, "status": old},
                "new_chat_member": {"user": BOT, "status": new},
            }
        }

    def bent(self, update: Json) -> Json:
        """Give the update with something taken out, of another type, or nested without reason."""
        bent = copy.deepcopy(update)
        for _ in range(self.random.choice((1, 1, 1, 2, 4))):
            places = _places(bent)
            if not places:
                break
            holder, key = self.random.choice(places)
            draw = self.random.random()
            if draw < 0.25:
                del holder[key]
            elif draw < 0.3:
                value = holder[key]
                for _ in range(self.random.choice((3, 60, 150))):
                    value = [value] if draw < 0.28 else {"x": value}
                holder[key] = value
            else:
                holder[key] = copy.deepcopy(self.random.choice(_ODD))
        return bent


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Give every place of a JSON value that can be changed, as (its holder, its key)."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = one.keys() if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found
