"""An outbox item sent through a `telegram.Bot`.

If Telegram finds a body broken, its words are sent without markup rather than not at all.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import InputFile
from telegram.error import BadRequest, Forbidden

from bot.limits import limits
from bot.papers import ExhibitGone, NotMade, Papers, TooBig
from bot.store import StoreError
from bot.telegram.failures import NotDelivered
from bot.telegram.split import clip, to_plain
from bot.telegram.texts import message_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot

_LOG = logging.getLogger(__name__)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNCHANGED = "message is not modified"
_NO_PHOTO = ("photo_invalid", "image_process_failed", "wrong type of the web page content")
"""How Telegram says that it does not take these bytes as a photo."""
_NO_PREVIEW = {"is_disabled": True}
_BROKEN = "can't parse entities"


async def send_item(bot: Bot, chat_id: int, item: Mapping[str, Any], papers: Papers) -> int | None:
    """Send one item, whose file `papers` makes; give the id of the message now in the chat, None when there is none.

    An edit that changes nothing is a success; one of a message that is gone is sent anew. Every
    other error of the library comes out as it is.
    """
    match item["kind"]:
        case "message" | "farewell":
            return await _send_html(bot, chat_id, item)
        case "edit":
            return await _edit(bot, chat_id, item)
        case "copy":
            return await _send_plain(bot, chat_id, item["text"])
        case "document":
            return await _send_document(bot, chat_id, item, papers)
        case "bundle":
            return await _send_bundle(bot, chat_id, item, papers)
        case "export":
            return await _send_export(bot, chat_id, item, papers)
        case "picture":
            return await _send_picture(bot, chat_id, item, papers)
        case "agenda":
            return await _send_document(bot, chat_id, item, papers)
        case "buttons_off":
            await _buttons_off(bot, chat_id, item["message_id"])
        case "leave":
            await _leave(bot, chat_id)
        case kind:
            raise ValueError(f"unknown kind of outbox item: {kind!r}")
    return None


def _keyboard(item: Mapping[str, Any]) -> dict[str, Any] | None:
    if rows := item.get("buttons"):
        made = [[{"text": b["label"], "callback_data": b["data"]} for b in row] for row in rows]
        return {"inline_keyboard": made}
    return None


def _markup(item: Mapping[str, Any]) -> dict[str, Any] | None:
    if made := _keyboard(item):
        return made
    if words := item.get("placeholder"):
        return {"force_reply": True, "input_field_placeholder": words}
    return None


async def _post(bot: Bot, method: str, data: dict[str, Any]) -> Any:
    """Make a request whose parameters are plain values; give its result as Telegram wrote it.

    The library's own methods want objects made of the keyboard, and make objects of the answer, of which
    only a number is read: more work than all the rest of a message.
    """
    return await bot._post(method, data)  # noqa: SLF001 - its public twin warns for methods it knows


async def _send_html(bot: Bot, chat_id: int, item: Mapping[str, Any]) -> int:
    try:
        return await _send(bot, chat_id, item, item["text"], "HTML")
    except BadRequest as error:
        if _BROKEN not in error.message.lower():
            raise
        _LOG.error("a body is not valid HTML and was sent without markup")
        return await _send(bot, chat_id, item, to_plain(item["text"]), None)


async def _send(
    bot: Bot, chat_id: int, item: Mapping[str, Any], text: str, parse_mode: str | None
) -> int:
    message = await _post(
        bot,
        "sendMessage",
        {
            "chat_id": chat_id,
            "text": text,
            "parse_mode": parse_mode,
            "reply_markup": _markup(item),
            "disable_notification": bool(item.get("silent")) or None,
            "link_preview_options": _NO_PREVIEW,
        },
    )
    return int(message["message_id"])


async def _send_plain(bot: Bot, chat_id: int, text: str) -> int:
    return await _send(bot, chat_id, {}, text, None)


async def _edit(bot: Bot, chat_id: int, item: Mapping[str, Any]) -> int:
    try:
        await _edit_text(bot, chat_id, item, item["text"], "HTML")
    except BadRequest as error:
        reason = error.message.lower()
        if _UNCHANGED in reason:
            return int(item["message_id"])
        if any(gone in reason for gone in _GONE):
            return await _send_html(bot, chat_id, item)
        if _BROKEN not in reason:
            raise
        _LOG.error("a body is not valid HTML and was sent without markup")
        return await _send(bot, chat_id, item, to_plain(item["text"]), None)
    return int(item["message_id"])


async def _edit_text(
    bot: Bot, chat_id: int, item: Mapping[str, Any], text: str, parse_mode: str | None
) -> None:
    await _post(
        bot,
        "editMessageText",
        {
            "chat_id": chat_id,
            "message_id": item["message_id"],
            "text": text,
            "parse_mode": parse_mode,
            # An edited message can hold inline buttons only.
            "reply_markup": _keyboard(item),
            "link_preview_options": _NO_PREVIEW,
        },
    )


async def _send_document(bot: Bot, chat_id: int, item: Mapping[str, Any], papers: Papers) -> int:
    try:
        make = papers.agenda if item["kind"] == "agenda" else papers.document
        content = await make(item)
    except Exception as error:  # noqa: BLE001 - the person must not wait for nothing
        _LOG.error("a file could not be made: %s", type(error).__name__)
        return await _send_plain(bot, chat_id, message_text("paper_failed"))
    return await _send_file(bot, chat_id, item, content)


async def _send_picture(bot: Bot, chat_id: int, item: Mapping[str, Any], papers: Papers) -> int:
    try:
        content = await papers.picture(item)
    except Exception as error:  # noqa: BLE001 - what it shows is said in words too
        _LOG.error("a picture could not be drawn: %s", type(error).__name__)
        return await _send_plain(bot, chat_id, message_text("picture_failed"))
    try:
        message = await bot.send_photo(
            chat_id, InputFile(content, filename=item["name"]), caption=item.get("caption")
        )
    except BadRequest as error:
        if not any(reason in error.message.lower() for reason in _NO_PHOTO):
            raise
        _LOG.error("a picture was refused and was sent as a file: %s", error.message)
        return await _send_file(bot, chat_id, item, content)
    return message.message_id


async def _send_bundle(bot: Bot, chat_id: int, item: Mapping[str, Any], papers: Papers) -> int:
    async with papers.room:
        try:
            content = await papers.bundle(chat_id, item)
        except ExhibitGone as gone:
            return await _send_plain(
                bot, chat_id, message_text("exhibit_gone", title=clip(gone.title, 200))
            )
        except TooBig:
            return await _send_plain(bot, chat_id, message_text("paper_too_big"))
        except StoreError as error:
            # Nothing was sent: the relay tries again, as it does without a network.
            raise NotDelivered(str(error)) from None
        except Exception as error:  # noqa: BLE001 - the person must not wait for nothing
            reason = str(error) if isinstance(error, NotMade) else type(error).__name__
            _LOG.error("a bundle could not be made: %s", reason)
            return await _send_plain(bot, chat_id, message_text("bundle_failed"))
        return await _send_file(bot, chat_id, item, content)


async def _send_export(bot: Bot, chat_id: int, item: Mapping[str, Any], papers: Papers) -> int:
    async with papers.room:
        try:
            content = await papers.export(chat_id, item)
        except StoreError as error:
            raise NotDelivered(str(error)) from None
        except Exception as error:  # noqa: BLE001 - the person must not wait for nothing
            _LOG.error("an export could not be made: %s", type(error).__name__)
            return await _send_plain(bot, chat_id, message_text("export_failed"))
        return await _send_file(bot, chat_id, item, content)


async def _send_file(bot: Bot, chat_id: int, item: Mapping[str, Any], content: bytes) -> int:
    if len(content) > limits().sent_bytes:
        return await _send_plain(bot, chat_id, message_text("paper_too_big"))
    message = await bot.send_document(
        chat_id,
        InputFile(content, filename=item["name"]),
        caption=item.get("caption"),
        disable_content_type_detection=True,
    )
    return message.message_id


async def _buttons_off(bot: Bot, chat_id: int, message_id: int) -> None:
    try:
        await _post(bot, "editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})
    except BadRequest:
        # Already without buttons, erased by the person, or too old: nothing is left to take away.
        return


async def _leave(bot: Bot, chat_id: int) -> None:
    try:
        await bot.leave_chat(chat_id)
    except (BadRequest, Forbidden):
        return  # already out
