"""The methods about the bot itself, its updates, its files and its chats."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from .limits import ApiError, Json, bad_request, too_many
from .registry import find_chat, method
from .webhook import check_url

if TYPE_CHECKING:
    from .params import Params
    from .state import World

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
_CLOSE_AFTER = 600.0
_TEXTS = {
    "Description": ("description", "description", "DESCRIPTION_TOO_LONG"),
    "ShortDescription": ("short_description", "short_description", "ABOUT_TOO_LONG"),
    "Name": ("name", "name", "BOT_TITLE_INVALID"),
}


@method("getMe")
def get_me(world: World, params: Params) -> Any:
    """Describe the bot."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates")
def get_updates(world: World, params: Params) -> Any:
    """Confirm what was received, wait for more, return it."""
    _remember_allowed(world, params)
    seconds = params.integer("timeout", 0, 0, world.limits.poll_seconds)
    return world.queue.poll(params.integer("offset"), params.integer("limit", 100, 1, 100), seconds)


def _remember_allowed(world: World, params: Params) -> None:
    """Keep the list of asked updates; without one, the former stays, as Telegram does."""
    allowed = params.parsed("allowed_updates")
    if allowed is None:
        return
    if not isinstance(allowed, list):
        raise bad_request("Can't parse allowed updates: expected an Array of Strings")
    world.queue.allowed = [str(kind) for kind in allowed]


@method("setWebhook")
def set_webhook(world: World, params: Params) -> Any:
    """Have updates posted to an address; an empty one is deleteWebhook."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    check_url(url)
    secret = params.text("secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(world, params)
    if params.flag("drop_pending_updates"):
        world.queue.clear()
    most = params.integer("max_connections", 40, 1, 100)
    world.queue.webhook = {"url": url, "secret_token": secret, "max_connections": most}
    world.changed.notify_all()
    return True


@method("deleteWebhook")
def delete_webhook(world: World, params: Params) -> Any:
    """Go back to getUpdates."""
    if params.flag("drop_pending_updates"):
        world.queue.clear()
    world.queue.webhook = None
    world.changed.notify_all()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> Any:
    """Describe the webhook."""
    hook = world.queue.webhook or {}
    info: Json = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": world.queue.waiting(),
    }
    shown = ("max_connections", "last_error_date", "last_error_message")
    info |= {name: hook[name] for name in shown if name in hook}
    if world.queue.allowed:
        info["allowed_updates"] = world.queue.allowed
    return info


@method("getFile")
def get_file(world: World, params: Params) -> Any:
    """Tell where a file can be downloaded from."""
    stored = world.shelf.by_id(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > world.limits.download_bytes:
        raise bad_request("file is too big")
    return stored.head() | {"file_path": stored.path}


@method("getChat")
def get_chat(world: World, params: Params) -> Any:
    """Describe a chat."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts")
    more = ("premium_subscription", "gifts_from_channels")
    return find_chat(world, params).data | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, *more), False),
    }


@method("leaveChat")
def leave_chat(world: World, params: Params) -> Any:
    """Leave a group; a private chat cannot be left."""
    chat = find_chat(world, params)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    if not chat.present:
        raise ApiError(403, "Forbidden: bot is not a member of the group chat")
    chat.present = False
    world.changed.notify_all()
    return True


@method("logOut")
def log_out(world: World, params: Params) -> Any:
    """Leave the cloud server: nothing else is answered afterwards."""
    world.logged_out = True
    return True


@method("close")
def close(world: World, params: Params) -> Any:
    """Close the bot before moving it; Telegram refuses in the first ten minutes."""
    left = world.started + _CLOSE_AFTER - world.clock.now()
    if left > 0:
        raise too_many(math.ceil(left))
    return True


def _scope_key(params: Params) -> tuple[str, ...]:
    scope = params.parsed("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    place = (str(scope.get(name, "")) for name in ("chat_id", "user_id"))
    return ("commands", scope["type"], *place, _language(params))


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("Invalid language code specified")
    return language


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> Any:
    """Set the commands of a scope and a language."""
    commands = params.parsed("commands") or []
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    key = _scope_key(params)
    kept = [_command(world, command) for command in commands]
    if len(kept) > world.limits.commands:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile[key] = kept
    return True


def _command(world: World, command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    word = command["command"].removeprefix("/")
    description = command["description"].strip()
    limits = world.limits
    if not word:
        raise bad_request("Command must be non-empty")
    if len(word) > limits.command_name:
        raise bad_request(f"Command length must not exceed {limits.command_name}")
    if not _COMMAND.fullmatch(word):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > limits.command_description:
        raise bad_request(
            f"Command description length must not exceed {limits.command_description}"
        )
    return {"command": word, "description": description}


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> Any:
    """Return the commands of exactly this scope and language."""
    return world.profile.get(_scope_key(params), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> Any:
    """Forget the commands of this scope and language."""
    world.profile.pop(_scope_key(params), None)
    return True


def _enter_text(name: str, field: str, limit_name: str, error: str) -> None:
    """Enter setter and getter of one of the bot's texts; the getter falls back on no language."""

    def setter(world: World, params: Params) -> Any:
        text = params.text(field)
        if len(text) > getattr(world.limits, limit_name):
            raise bad_request(error)
        world.profile[(field, _language(params))] = {field: text}
        return True

    def getter(world: World, params: Params) -> Any:
        default: Json = {field: world.bot["first_name"] if field == "name" else ""}
        for language in (_language(params), ""):
            kept = world.profile.get((field, language))
            if isinstance(kept, dict) and kept[field]:
                return kept
        return default

    method(f"setMy{name}")(setter)
    method(f"getMy{name}")(getter)


for _name, (_field, _limit, _error) in _TEXTS.items():
    _enter_text(_name, _field, _limit, _error)


@method("setChatMenuButton")
def set_chat_menu_button(world: World, params: Params) -> Any:
    """Set the button beside the input field, for one chat or for all."""
    button = params.parsed("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("Can't parse menu button: Unsupported type specified")
    if button["type"] == "web_app" and not button.get("text"):
        raise bad_request("Menu button text must be non-empty")
    if params.text("chat_id"):
        find_chat(world, params).menu_button = button
    else:
        world.default_menu_button = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, params: Params) -> Any:
    """Return the button beside the input field."""
    if params.text("chat_id"):
        return find_chat(world, params).menu_button or world.default_menu_button
    return world.default_menu_button
