"""Sending, editing, deleting and answering: what goes through and what Telegram refuses."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest

from tests.standin import Limits, Person, StandIn

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
Raw = Any


def keyboard(*rows: list[str]) -> dict[str, Any]:
    """Return an inline keyboard whose buttons send their own words."""
    return {"inline_keyboard": [[{"text": w, "callback_data": w} for w in row] for row in rows]}


def test_a_sent_message_comes_back_as_telegram_gives_it(raw: Raw, camille: Person) -> None:
    """The result holds the bot, the chat, the date, the parsed text and the keyboard."""
    sent = raw.ok(
        "sendMessage",
        chat_id=camille.id,
        text="<b>Bonjour</b>",
        parse_mode="HTML",
        reply_markup=keyboard(["Oui"]),
    )
    assert sent["text"] == "Bonjour"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
    assert sent["from"]["is_bot"] is True
    assert sent["chat"] == {"id": camille.id, "type": "private", "first_name": "Camille"}
    assert sent["reply_markup"] == keyboard(["Oui"])
    assert isinstance(sent["date"], int)


def test_a_form_a_query_and_a_multipart_body_say_the_same(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """Parameters are read from JSON, a form, multipart and the address of a GET, under any case of name."""
    path = f"/bot{api.token}/sendMessage"
    form = {
        "chat_id": str(camille.id),
        "text": "é & 1",
        "reply_markup": json.dumps(keyboard(["A"])),
    }
    encoded = urllib.parse.urlencode(form)
    raw.send(path, encoded.encode(), "application/x-www-form-urlencoded")
    raw.send(f"{path.lower().replace(api.token.lower(), api.token)}?{encoded}")
    raw.upload("sendMessage", "unused", "x.pdf", b"x", **form)
    assert [(m.text, m.labels) for m in camille.messages()] == [("é & 1", [["A"]])] * 3
    assert api.calls("sendMessage")[0].params["reply_markup"] == keyboard(["A"])
    assert api.violations == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x" * 40000}, "text is too long"),
        ({"text": "x", "parse_mode": "reST"}, "unsupported parse_mode"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "x", "reply_markup": keyboard(["é" * 33])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(["a"] * 9)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": keyboard(*[["a"]] * 101)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [{}]}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": keyboard([" "])},
            "inline keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "nowhere"}]]}},
            "inline keyboard button URL 'nowhere' is invalid",
        ),
        (
            {
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "a", "copy_text": {"text": "y" * 257}}]]
                },
            },
            "BUTTON_COPY_TEXT_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[" "]]}},
            "keyboard button text must be non-empty",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "ENTITY_BOUNDS"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 42}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
    ],
)
def test_a_wrong_message_is_refused_and_noted(
    api: StandIn, raw: Raw, camille: Person, params: dict[str, Any], description: str
) -> None:
    """Each refusal is a 400 in Telegram's words, shows nothing to the person, and is a violation."""
    code, said = raw.refused("sendMessage", **({"chat_id": camille.id} | params))
    assert code == 400
    assert said.startswith(f"Bad Request: {description}")
    assert camille.messages() == []
    assert [call.description for call in api.violations] == [said]


def test_the_largest_of_everything_goes_through(api: StandIn, raw: Raw, camille: Person) -> None:
    """4,096 characters, 64 bytes of data, 8 buttons in a row and 100 in all are accepted."""
    rows = [["d" * 64] * 8] * 12 + [["é" * 32] * 4]
    raw.ok("sendMessage", chat_id=camille.id, text="x" * 4096, reply_markup=keyboard(*rows))
    copies = {"inline_keyboard": [[{"text": "a", "copy_text": {"text": "y" * 256}}]]}
    raw.ok("sendMessage", chat_id=camille.id, text="x", reply_markup=copies)
    assert camille.last.buttons[0][0].copies == "y" * 256
    assert api.violations == []


def test_a_bot_cannot_write_first(api: StandIn, raw: Raw) -> None:
    """Somebody who never wrote is a chat not found."""
    silent = api.person("Silencieux")
    said = raw.refused("sendMessage", chat_id=silent.id, text="x")
    assert said == (400, "Bad Request: chat not found")


def test_who_blocked_the_bot_gets_nothing_until_unblocking(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """A blocked bot gets 403, which is no violation; unblocking lets it write again."""
    camille.block()
    for method, extra in (("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})):
        said = raw.refused(method, chat_id=camille.id, **extra)
        assert said == (403, "Forbidden: bot was blocked by the user")
    camille.unblock()
    raw.ok("sendMessage", chat_id=camille.id, text="x")
    assert api.violations == []
    changes = [u["my_chat_member"] for u in api.updates if "my_chat_member" in u]
    assert [c["new_chat_member"]["status"] for c in changes] == ["kicked", "member"]


def test_an_edit_must_change_something(api: StandIn, raw: Raw, camille: Person) -> None:
    """Editing to the same text and keyboard is refused, whatever the markup it is written in."""
    sent = raw.ok("sendMessage", chat_id=camille.id, text="a", reply_markup=keyboard(["A"]))
    where = {"chat_id": camille.id, "message_id": sent["message_id"]}
    same = {"text": " a ", "parse_mode": "HTML", "reply_markup": keyboard(["A"])}
    assert raw.refused("editMessageText", **where, **same) == (400, NOT_MODIFIED)
    said = raw.refused("editMessageReplyMarkup", **where, reply_markup=keyboard(["A"]))
    assert said == (400, NOT_MODIFIED)
    edited = raw.ok("editMessageText", **where, text="b", reply_markup=keyboard(["A"]))
    assert (edited["text"], edited["date"]) == ("b", sent["date"])
    assert "edit_date" in edited
    raw.ok("editMessageReplyMarkup", **where)
    assert (camille.last.text, camille.last.labels) == ("b", [])
    assert raw.refused("editMessageReplyMarkup", **where) == (400, NOT_MODIFIED)
    assert len(api.violations) == 3


def test_an_edit_without_keyboard_takes_it_away(raw: Raw, camille: Person) -> None:
    """Telegram removes the keyboard of an edit that names none."""
    sent = raw.ok("sendMessage", chat_id=camille.id, text="a", reply_markup=keyboard(["A"]))
    raw.ok("editMessageText", chat_id=camille.id, message_id=sent["message_id"], text="b")
    assert camille.buttons() == []


def test_only_ones_own_existing_messages_can_be_edited(raw: Raw, camille: Person) -> None:
    """An unknown or deleted message, one of the person, one without text: each has its refusal."""
    mine = camille.say("à moi")
    sent = raw.ok("sendMessage", chat_id=camille.id, text="a")["message_id"]
    _, body = raw.upload("sendDocument", "document", "a.pdf", b"%PDF", chat_id=str(camille.id))
    document = body["result"]["message_id"]
    camille.delete(camille.messages()[0])

    def said(method: str, number: int, **extra: Any) -> tuple[int, str]:
        refusal: tuple[int, str] = raw.refused(
            method, chat_id=camille.id, message_id=number, **extra
        )
        return refusal

    gone = (400, "Bad Request: message to edit not found")
    assert said("editMessageText", sent, text="b") == gone
    assert said("editMessageText", 999, text="b") == gone
    own = (400, "Bad Request: message can't be edited")
    assert said("editMessageText", mine.id, text="b") == own
    no_text = (400, "Bad Request: there is no text in the message to edit")
    assert said("editMessageText", document, text="b") == no_text
    assert said("editMessageText", 0, text="b")[1].endswith("message identifier is not specified")
    raw.ok("editMessageCaption", chat_id=camille.id, message_id=document, caption="b")
    assert camille.last.text == "b"


def test_deleting_is_allowed_for_two_days(api: StandIn, raw: Raw, camille: Person) -> None:
    """A message can be deleted once, and not after 48 hours."""
    first, second = (
        raw.ok("sendMessage", chat_id=camille.id, text=t)["message_id"] for t in ("a", "b")
    )
    where = {"chat_id": camille.id}
    assert raw.ok("deleteMessage", **where, message_id=first) is True
    assert [m.text for m in camille.messages()] == ["b"]
    again = raw.refused("deleteMessage", **where, message_id=first)
    assert again == (400, "Bad Request: message to delete not found")
    api.advance(49 * 3600)
    late = raw.refused("deleteMessage", **where, message_id=second)
    assert late == (400, "Bad Request: message can't be deleted")


def test_a_press_is_answered_once_and_in_time(api: StandIn, raw: Raw, camille: Person) -> None:
    """The answer reaches the person; a second, a late or an unknown one is refused."""
    raw.ok("sendMessage", chat_id=camille.id, text="?", reply_markup=keyboard(["Oui"]))
    press = camille.press("Oui")
    query = press.callback.id
    long = raw.refused("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    raw.ok("answerCallbackQuery", callback_query_id=query, text="Noté", show_alert=True)
    assert press.answer() == {"text": "Noté", "show_alert": True}
    assert raw.refused("answerCallbackQuery", callback_query_id=query) == (400, TOO_OLD)
    assert raw.refused("answerCallbackQuery", callback_query_id="7") == (400, TOO_OLD)
    late = camille.press("Oui", camille.last)
    api.advance(api.world.limits.callback_lifetime + 1)
    said = raw.refused("answerCallbackQuery", callback_query_id=late.callback.id)
    assert said == (400, TOO_OLD)


def test_a_document_is_kept_served_and_sent_again(api: StandIn, raw: Raw, camille: Person) -> None:
    """What the bot uploads reaches the person, and its file_id can be downloaded and sent again."""
    name, content = "mise en demeure à Zoé.pdf", b"%PDF-1.7\r\n--limi\x00\xff\r\n\r\n"
    status, body = raw.upload(
        "sendDocument", "document", name, content, chat_id=str(camille.id), caption="Voici"
    )
    assert status == 200
    document = body["result"]["document"]
    assert (document["file_name"], document["file_size"]) == (name, len(content))
    assert document["mime_type"] == "application/pdf"
    assert camille.expect_document() == (name, content)
    assert camille.last.text == "Voici"
    raw.ok("sendDocument", chat_id=camille.id, document=document["file_id"])
    assert camille.last.document is not None
    assert camille.last.document.content == content
    record = api.calls("sendDocument")[0].params["document"]
    assert record == {"file_name": name, "file_size": len(content)}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({}, "there is no document in the request"),
        ({"document": "https://example.org/a.pdf"}, "failed to get HTTP URL content"),
        ({"document": "FILEunknown"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "x", "caption": "x" * 1025}, "message caption is too long"),
        ({"document": "x", "caption": "<p>", "parse_mode": "HTML"}, "can't parse entities: Uns"),
    ],
)
def test_a_wrong_document_is_refused(
    raw: Raw, camille: Person, params: dict[str, Any], description: str
) -> None:
    """A document that cannot be had and a caption that is too long or broken are 400s."""
    code, said = raw.refused("sendDocument", chat_id=camille.id, **params)
    assert code == 400
    assert said.startswith(f"Bad Request: {description}")


def test_an_empty_and_an_oversized_file_are_refused(
    make_api: Callable[..., StandIn], raw_on: Callable[[StandIn], Raw]
) -> None:
    """An empty file is a 400; one over the limit is the 413 of Telegram's front, and both are violations."""
    assert Limits().upload_bytes == 50 * 1024 * 1024
    api = make_api(Limits(upload_bytes=100_000))
    raw, person = raw_on(api), api.person()
    person.start()
    where = {"chat_id": str(person.id)}
    _, body = raw.upload("sendDocument", "document", "a.pdf", b"", **where)
    assert body["description"] == "Bad Request: file must be non-empty"
    for size in (100_001, 500_000):
        status, body = raw.upload("sendDocument", "document", "a.pdf", b"x" * size, **where)
        assert (status, body["description"]) == (413, "Request Entity Too Large")
    assert raw.upload("sendDocument", "document", "a.pdf", b"x" * 100_000, **where)[0] == 200
    assert len(api.violations) == 3


def test_a_photo_must_be_a_picture_of_sensible_size(
    raw: Raw, camille: Person, png: Callable[[int, int], bytes]
) -> None:
    """A picture is measured; what is none, or far too long, is refused."""
    where = {"chat_id": str(camille.id)}
    status, body = raw.upload("sendPhoto", "photo", "a.png", png(30, 20), **where)
    assert status == 200
    assert [(p["width"], p["height"]) for p in body["result"]["photo"]] == [(30, 20)]
    assert camille.last.photo is not None
    _, body = raw.upload("sendPhoto", "photo", "a.png", b"%PDF", **where)
    assert body["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    _, body = raw.upload("sendPhoto", "photo", "a.png", png(21, 1), **where)
    assert body["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


def test_a_chat_action_must_be_known(api: StandIn, raw: Raw, camille: Person) -> None:
    """« typing » is shown, anything unheard of is refused."""
    raw.ok("sendChatAction", chat_id=camille.id, action="typing")
    assert api.world.chats[camille.id].actions == ["typing"]
    said = raw.refused("sendChatAction", chat_id=camille.id, action="thinking")
    assert said == (400, "Bad Request: wrong parameter action in request")
