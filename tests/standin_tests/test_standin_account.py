"""What a bot says about itself, and the ways in that are closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standin import Person, StandIn

Raw = Any


def test_a_wrong_token_path_or_method_is_turned_away(api: StandIn, raw: Raw) -> None:
    """An unknown token is 401, a malformed one, an unknown method or path is 404; only the method is noted."""
    assert raw.send("/bot42:wrong/getMe")[0] == 401
    assert raw.send("/bot42:wrong/getMe")[1]["description"] == "Unauthorized"
    for path in ("/botnonsense/getMe", "/bot", "/", f"/bot{api.token}/sendGift"):
        status, body = raw.send(path)
        assert (status, body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    assert [call.method for call in api.violations] == ["sendGift"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"x", "text/plain"),
        (b"x", "multipart/form-data"),
        (
            b"--a\r\nContent-Disposition: form-data; name=x\r\n\r\ny",
            "multipart/form-data; boundary=a",
        ),
        (b"--a\r\nnothing\r\n--a--", "multipart/form-data; boundary=a"),
        (b"--a\r\nX: y\r\n\r\nz\r\n--a--", "multipart/form-data; boundary=a"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    api: StandIn, raw: Raw, body: bytes, kind: str
) -> None:
    """Broken JSON, a cut multipart or an unknown kind of body is a 400 and a violation."""
    status, answer = raw.send(f"/bot{api.token}/getMe", body, kind)
    assert (status, answer["ok"]) == (400, False)
    assert len(api.violations) == 1


def test_get_me_and_get_chat_describe(raw: Raw, camille: Person) -> None:
    """The bot and a chat it knows are described, a stranger's is not found."""
    me = raw.ok("getMe")
    assert me["is_bot"] is True
    assert me["username"].endswith("bot")
    assert raw.ok("getChat", chat_id=camille.id)["first_name"] == "Camille"
    assert raw.refused("getChat", chat_id=1) == (400, "Bad Request: chat not found")


def test_commands_are_kept_by_scope_and_language(api: StandIn, raw: Raw) -> None:
    """Each scope and language has its own list; deleting one leaves the others."""
    french = [{"command": "aide", "description": "Aide"}]
    raw.ok("setMyCommands", commands=french)
    raw.ok(
        "setMyCommands", commands=[{"command": "/help", "description": "Help"}], language_code="en"
    )
    assert api.commands == french
    assert raw.ok("getMyCommands") == french
    assert raw.ok("getMyCommands", language_code="en")[0]["command"] == "help"
    assert raw.ok("getMyCommands", scope={"type": "all_private_chats"}) == []
    raw.ok("deleteMyCommands")
    assert raw.ok("getMyCommands") == []
    assert len(raw.ok("getMyCommands", language_code="en")) == 1


@pytest.mark.parametrize(
    ("commands", "description"),
    [
        ([{"command": "Aide", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "à", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "", "description": "x"}], "command must be non-empty"),
        ([{"command": "a" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "a", "description": " "}], "command description must be non-empty"),
        (
            [{"command": "a", "description": "x" * 257}],
            "command description length must not exceed 256",
        ),
        ([{"command": f"a{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
        ([{"command": "a"}], "can't parse BotCommand: Can't find field \"description\""),
        (["a"], "can't parse BotCommand: expected an Object"),
        ({"a": 1}, "expected an Array of BotCommand"),
    ],
)
def test_wrong_commands_are_refused(raw: Raw, commands: Any, description: str) -> None:
    """Names, descriptions and their number have the limits Telegram gives them."""
    said = raw.refused("setMyCommands", commands=commands)
    assert said == (400, f"Bad Request: {description}")
    assert raw.ok("getMyCommands") == []


def test_the_largest_commands_are_accepted(raw: Raw) -> None:
    """A hundred commands of 32 letters and 256 characters of description are accepted."""
    commands = [{"command": f"{n:032d}", "description": "é" * 256} for n in range(100)]
    raw.ok("setMyCommands", commands=commands)
    assert raw.ok("getMyCommands") == commands


@pytest.mark.parametrize(
    ("name", "field", "limit"),
    [
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
        ("Name", "name", 64),
    ],
)
def test_texts_of_the_bot_are_kept_and_limited(raw: Raw, name: str, field: str, limit: int) -> None:
    """Each text is kept by language, falls back on the one without, and has its limit."""
    raw.ok(f"setMy{name}", **{field: "x" * limit})
    assert raw.ok(f"getMy{name}", language_code="fr") == {field: "x" * limit}
    raw.ok(f"setMy{name}", **{field: "français"}, language_code="fr")
    assert raw.ok(f"getMy{name}", language_code="fr") == {field: "français"}
    assert raw.ok(f"getMy{name}") == {field: "x" * limit}
    assert raw.refused(f"setMy{name}", **{field: "x" * (limit + 1)})[0] == 400
    code, said = raw.refused(f"getMy{name}", language_code="french")
    assert (code, said) == (400, "Bad Request: invalid language code specified")


def test_the_menu_button_is_kept_for_a_chat_or_for_all(raw: Raw, camille: Person) -> None:
    """A chat without its own button shows the one of everybody."""
    raw.ok("setChatMenuButton", menu_button={"type": "default"})
    raw.ok("setChatMenuButton", chat_id=camille.id, menu_button={"type": "commands"})
    assert raw.ok("getChatMenuButton") == {"type": "default"}
    assert raw.ok("getChatMenuButton", chat_id=camille.id) == {"type": "commands"}
    assert raw.refused("setChatMenuButton", menu_button={"type": "x"})[0] == 400


def test_close_must_wait_and_log_out_ends_everything(api: StandIn, raw: Raw) -> None:
    """Close is refused for ten minutes after the start; after logOut nothing is answered."""
    status, body = raw.call("close")
    assert status == 429
    assert 590 <= body["parameters"]["retry_after"] <= 600
    api.advance(601)
    assert raw.ok("close") is True
    assert raw.ok("logOut") is True
    assert raw.refused("getMe") == (400, "Logged out")
