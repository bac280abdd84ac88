"""Keyboards under messages: what the server takes, what it refuses, what it keeps."""

from __future__ import annotations

import re
from typing import Any

from .limits import Json, Limits, bad_request

_STYLES = {"", "default", "primary", "danger", "success"}
_URL = re.compile(r"(?:https?|tg|ton)://[^\s]+|[^\s:/]+\.[^\s:/.]{2,}(?:[/?#:]\S*)?", re.IGNORECASE)
_PREFIX = "Can't parse inline keyboard button: "


def read_markup(value: Any, limits: Limits) -> Json | None:
    """Return the markup as Telegram keeps it, None when there is none, or raise its 400."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    if value.get("keyboard"):
        return _reply_keyboard(value, limits)
    rows = value.get("inline_keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [[_inline_button(button, limits) for button in row] for row in rows if row]
    _check_size(kept, limits)
    if kept:
        return {"inline_keyboard": kept}
    if value.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if value.get("force_reply"):
        _check_placeholder(value, limits)
        return {"force_reply": True}
    return None


def _check_size(rows: list[list[Json]], limits: Limits) -> None:
    if sum(map(len, rows)) > limits.buttons:
        raise bad_request("reply markup is too long")
    if any(len(row) > limits.buttons_a_row for row in rows):
        raise bad_request("reply markup is too long")


def _check_placeholder(value: Json, limits: Limits) -> None:
    if len(str(value.get("input_field_placeholder") or "")) > limits.placeholder:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")


def _reply_keyboard(value: Json, limits: Limits) -> Json:
    rows = value["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('Field "keyboard" must be an Array of Arrays')
    kept: list[list[Json]] = []
    for row in rows:
        buttons = [{"text": b} if isinstance(b, str) else b for b in row]
        if not all(isinstance(b, dict) and isinstance(b.get("text"), str) for b in buttons):
            raise bad_request('Can\'t parse keyboard button: Field "text" must be of type String')
        if not all(b["text"].strip() for b in buttons):
            raise bad_request("Keyboard button text must be non-empty")
        kept.append(buttons)
    _check_size(kept, limits)
    _check_placeholder(value, limits)
    return {**value, "keyboard": kept}


def _inline_button(button: Any, limits: Limits) -> Json:
    if not isinstance(button, dict):
        raise bad_request(f"{_PREFIX}InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request(f'{_PREFIX}Can\'t find field "text"')
    if not isinstance(text, str):
        raise bad_request(f'{_PREFIX}Field "text" must be of type String')
    if not text.strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if str(button.get("style") or "").lower() not in _STYLES:
        raise bad_request(f"{_PREFIX}invalid button style specified")
    kept: Json = {"text": text, **_action(button, limits)}
    if button.get("style"):
        kept["style"] = button["style"]
    return kept


def _action(button: Json, limits: Limits) -> Json:
    """Return what the button does. Only the first kind named counts, in Telegram's order."""
    if url := button.get("url"):
        if not isinstance(url, str) or not _URL.fullmatch(url):
            raise bad_request(
                f"Inline keyboard button URL '{url}' is invalid: Wrong HTTP URL specified"
            )
        return {"url": url}
    if data := button.get("callback_data"):
        if not isinstance(data, str):
            raise bad_request(f'{_PREFIX}Field "callback_data" must be of type String')
        if len(data.encode()) > limits.callback_data_bytes:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"callback_data": data}
    for query in ("switch_inline_query", "switch_inline_query_current_chat"):
        if query in button:
            return {query: str(button[query])}
    if isinstance(web_app := button.get("web_app"), dict):
        if not str(web_app.get("url", "")).startswith("https://"):
            raise bad_request(
                f"Inline keyboard button Web App URL '{web_app.get('url')}' is invalid: "
                "Only HTTPS links are allowed"
            )
        return {"web_app": {"url": web_app["url"]}}
    if isinstance(copy := button.get("copy_text"), dict):
        copied = copy.get("text")
        if not isinstance(copied, str) or not 1 <= len(copied) <= limits.copy_text:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": {"text": copied}}
    raise bad_request(f"{_PREFIX}Text buttons are unallowed in the inline keyboard")
