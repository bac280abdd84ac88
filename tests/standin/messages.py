"""The methods that send, edit, delete and answer."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from .files import StoredFile, check_picture
from .keyboards import read_markup
from .limits import Json, bad_request
from .registry import find_chat, find_post, method, writable_chat
from .state import Chat, Post, World, public, write_text
from .wording import Wording, read

if TYPE_CHECKING:
    from .params import Params

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def _wording(world: World, params: Params, *, caption: bool) -> Wording:
    given = params.parsed("caption_entities" if caption else "entities")
    if given is not None and not isinstance(given, list):
        raise bad_request('Field "entities" must be an Array')
    raw = params.text("caption" if caption else "text")
    return read(raw, params.text("parse_mode"), given, world.limits, caption=caption)


def _markup(world: World, params: Params) -> Json | None:
    return read_markup(params.parsed("reply_markup"), world.limits)


def _extra(chat: Chat, params: Params, markup: Json | None) -> Json:
    """Return what any sent message may have: keyboard, message replied to, silence."""
    extra: Json = {}
    if markup is not None:
        extra["reply_markup"] = markup
    if params.flag("disable_notification"):
        extra["silent"] = True
    reply = params.parsed("reply_parameters") or {}
    number = reply.get("message_id") or params.integer("reply_to_message_id")
    if number:
        replied = chat.posts.get(int(number))
        if replied is not None:
            extra["reply_to_message"] = public(replied.data)
        elif not (
            reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
        ):
            raise bad_request("message to be replied not found")
    if params.flag("protect_content"):
        extra["has_protected_content"] = True
    return extra


@method("sendMessage")
def send_message(world: World, params: Params) -> Any:
    """Send a text."""
    wording = _wording(world, params, caption=False)
    markup = _markup(world, params)
    chat = writable_chat(world, params, world.pace)
    return public(world.post(chat, world.bot, wording, None, _extra(chat, params, markup)).data)


def _file(world: World, params: Params, kind: str) -> StoredFile | bytes:
    """Return a file Telegram already has, or the bytes uploaded with the call."""
    value = params.text(kind)
    upload = params.uploads.get(kind)
    if value.startswith("attach://"):
        upload = params.uploads.get(value.removeprefix("attach://"))
    if upload is not None:
        if not upload.content:
            raise bad_request("File must be non-empty")
        return upload.content
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):  # the stand-in reaches no network
        raise bad_request("Failed to get HTTP URL content")
    stored = world.shelf.by_id(value)
    if stored is None:
        raise bad_request("Wrong file identifier/HTTP URL specified")
    return stored


def _upload_name(params: Params, kind: str) -> str:
    """Return the file name given with an upload, whatever its path."""
    value = params.text(kind).removeprefix("attach://")
    upload = params.uploads.get(value) or params.uploads.get(kind)
    name = upload.name if upload else ""
    return name.replace("\\", "/").rpartition("/")[2] or kind


@method("sendDocument")
def send_document(world: World, params: Params) -> Any:
    """Send a file with an optional caption."""
    wording = _wording(world, params, caption=True)
    markup = _markup(world, params)
    held = _file(world, params, "document")
    chat = writable_chat(world, params, world.pace)
    extra = _extra(chat, params, markup)
    if isinstance(held, bytes):
        name = _upload_name(params, "document")
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        held = world.shelf.put("document", name, mime, held)
    content = {"document": document_form(held)}
    return public(world.post(chat, world.bot, wording, content, extra).data)


@method("sendPhoto")
def send_photo(world: World, params: Params) -> Any:
    """Send a picture with an optional caption; it must be one Telegram can read."""
    wording = _wording(world, params, caption=True)
    markup = _markup(world, params)
    held = _file(world, params, "photo")
    raw = held if isinstance(held, bytes) else held.content
    size = check_picture(raw, world.limits)
    chat = writable_chat(world, params, world.pace)
    extra = _extra(chat, params, markup)
    if isinstance(held, bytes):
        held = world.shelf.put("photo", _upload_name(params, "photo"), "image/jpeg", held)
    content = {"photo": photo_form(held, size)}
    return public(world.post(chat, world.bot, wording, content, extra).data)


def document_form(stored: StoredFile) -> Json:
    """Return a Document of the Bot API."""
    return stored.head() | {"file_name": stored.name, "mime_type": stored.mime}


def photo_form(stored: StoredFile, size: tuple[int, int]) -> list[Json]:
    """Return the sizes of a photo: the stand-in keeps only the whole one."""
    return [stored.head() | {"width": size[0], "height": size[1]}]


@method("editMessageText")
def edit_message_text(world: World, params: Params) -> Any:
    """Replace the text and the inline keyboard of one of the bot's messages."""
    wording = _wording(world, params, caption=False)
    return _edit(world, params, wording, caption=False)


@method("editMessageCaption")
def edit_message_caption(world: World, params: Params) -> Any:
    """Replace the caption and the inline keyboard of one of the bot's files."""
    wording = _wording(world, params, caption=True)
    return _edit(world, params, wording, caption=True)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Params) -> Any:
    """Replace the inline keyboard only."""
    return _edit(world, params, None, caption=False)


def _edit(world: World, params: Params, wording: Wording | None, *, caption: bool) -> Any:
    markup = _markup(world, params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    chat = find_chat(world, params)
    post = find_post(chat, params, "message to edit")
    if not post.from_bot:
        raise bad_request("message can't be edited")
    after = dict(post.data)
    if wording is not None:
        if not caption and "text" not in post.data:
            raise bad_request("There is no text in the message to edit")
        if caption and not {"document", "photo"} & post.data.keys():
            raise bad_request("There is no caption in the message to edit")
        write_text(after, wording, caption=caption)
    if markup is None:
        after.pop("reply_markup", None)
    else:
        after["reply_markup"] = markup
    if after == post.data:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    if world.pace is not None:
        world.pace.spend(chat.id, world.clock.now(), private=chat.private)
    _keep_edit(world, chat, post, after, wording)
    return public(post.data)


def _keep_edit(world: World, chat: Chat, post: Post, after: Json, wording: Wording | None) -> None:
    post.data = after | {"edit_date": int(world.clock.now())}
    if wording is not None:
        post.html = wording.html
    world.show(chat, post, "edit")


@method("deleteMessage")
def delete_message(world: World, params: Params) -> Any:
    """Delete a message under 48 hours: any of a private chat, the bot's own in a group."""
    if not params.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    chat = find_chat(world, params)
    post = find_post(chat, params, "message to delete")
    old = world.clock.now() - post.at > world.limits.delete_lifetime
    if old or not (post.from_bot or chat.private):
        raise bad_request("message can't be deleted")
    del chat.posts[post.data["message_id"]]
    world.show(chat, post, "delete")
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> Any:
    """Answer a press, once and soon enough."""
    callback = world.callbacks.get(params.text("callback_query_id"))
    text = params.text("text")
    too_late = (
        callback is None
        or callback.answer is not None
        or world.clock.now() - callback.at > world.limits.callback_lifetime
    )
    if callback is None or too_late:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(text) > world.limits.callback_answer:
        raise bad_request("MESSAGE_TOO_LONG")
    callback.answer = {"text": text, "show_alert": params.flag("show_alert")}
    world.changed.notify_all()
    return True


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> Any:
    """Show that the bot is typing or sending."""
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    writable_chat(world, params).actions.append(action)
    return True
