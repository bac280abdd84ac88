"""Every kind of update, as the conversation understands it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.incoming import (
    Ignored,
    Incoming,
    Intruded,
    Reached,
    Remote,
    Said,
    file_name,
    read_command,
    read_update,
    scrub,
)
from flows.dialogue.events import Command, Edited, Pressed, SentFile, Typed, Unreadable

PRIVATE = {"id": 42, "type": "private", "first_name": "Camille"}
GROUP = {"id": -100, "type": "supergroup", "title": "Amis"}
CAMILLE = {"id": 42, "is_bot": False, "first_name": "Camille"}


def message(**content: Any) -> dict[str, Any]:
    return {
        "update_id": 1,
        "message": {"message_id": 7, "date": 1, "chat": PRIVATE, "from": CAMILLE, **content},
    }


def member(chat: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {
        "update_id": 1,
        "my_chat_member": {
            "chat": chat,
            "from": CAMILLE,
            "date": 1,
            "old_chat_member": {"status": old, "user": {"id": 1}},
            "new_chat_member": {"status": new, "user": {"id": 1}},
        },
    }


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"text": "bonjour"}, Typed("bonjour")),
        ({"text": "12/03"}, Typed("12/03")),
        ({"text": "/12"}, Typed("/12")),
        ({"text": "/"}, Typed("/")),
        ({"text": ""}, Typed("")),
        ({"text": "/start"}, Command("start")),
        ({"text": "/start d_12"}, Command("start", "d_12")),
        ({"text": "/AIDE@RelanceBot"}, Command("aide")),
        ({"text": "/Confidentialité"}, Command("confidentialite")),
        ({"text": "/nouveau  Dupont\nSARL "}, Command("nouveau", "Dupont\nSARL")),
        ({"document": {"file_id": "a"}, "animation": {"file_id": "a"}}, Unreadable("animation")),
        ({"sticker": {}}, Unreadable("sticker")),
        ({"voice": {}}, Unreadable("voice")),
        ({"video": {}}, Unreadable("video")),
        ({"video_note": {}}, Unreadable("video_note")),
        ({"audio": {}}, Unreadable("audio")),
        ({"location": {}}, Unreadable("location")),
        ({"venue": {}, "location": {}}, Unreadable("location")),
        ({"contact": {}}, Unreadable("contact")),
        ({"poll": {}}, Unreadable("poll")),
        ({"dice": {}}, Unreadable("dice")),
        ({"something_of_2031": {}}, Unreadable("other")),
    ],
)
def test_a_private_message_becomes_its_event(content: dict[str, Any], event: Any) -> None:
    """Text, commands, files and everything unreadable each become one event of the chat."""
    assert read_update(message(**content)) == Said(42, event, "Camille")


@pytest.mark.parametrize(
    ("content", "event", "remote"),
    [
        (
            {"photo": [{"file_id": "a"}], "caption": "la facture"},
            SentFile("photo", "", "la facture"),
            Remote("a"),
        ),
        (
            {"document": {"file_id": "a", "file_name": "f.pdf", "file_size": 12}},
            SentFile("document", "f.pdf"),
            Remote("a", 12),
        ),
    ],
)
def test_a_file_comes_with_where_to_fetch_it(
    content: dict[str, Any], event: SentFile, remote: Remote
) -> None:
    """A photo or a document is an event, and names the file that Telegram holds."""
    assert read_update(message(**content)) == Said(42, event, "Camille", remote=remote)


def test_the_largest_size_of_a_photo_is_taken() -> None:
    """Telegram gives a photo in several sizes; their order says nothing."""
    sizes = [
        {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
        {"file_id": "large", "width": 1280, "height": 960, "file_size": 90_000},
        {"file_id": "middle", "width": 320, "height": 240, "file_size": 9_000},
    ]
    said = read_update(message(photo=sizes))
    assert isinstance(said, Said)
    assert said.remote == Remote("large", 90_000)


@pytest.mark.parametrize("kind", ["photo", "document"])
@pytest.mark.parametrize(
    "content", [[], {}, None, 3, "x", [None, 3], [{"width": 3}], {"file_id": 7}, {"file_id": ""}]
)
def test_a_file_that_cannot_be_named_is_out_of_reach(kind: str, content: Any) -> None:
    """A message whose file has no usable id is answered, and nothing is fetched for it."""
    said = read_update(message(**{kind: content}))
    assert said == Said(42, SentFile(kind, refused="unreachable"), "Camille")


@pytest.mark.parametrize("size", [-1, 0, "12", 3.5, None, True, [], 2**80])
def test_a_size_is_believed_only_when_it_can_be_one(size: Any) -> None:
    """Anything but a whole positive number is no size: the file itself will tell."""
    said = read_update(message(document={"file_id": "a", "file_size": size}))
    assert isinstance(said, Said)
    assert said.remote == Remote("a", 2**80 if size == 2**80 else None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("facture n° 12.pdf", "facture n° 12.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\camille\\devis.pdf", "devis.pdf"),
        ("a\r\nSubject: b.pdf", "a Subject: b.pdf"),
        ("fdp.\u202exe", "fdp. xe"),
        ("  .pdf ", ".pdf"),
        ("é" * 300, "é" * 120),
        ("/", ""),
    ],
)
def test_a_file_name_is_one_line_without_a_path(name: str, shown: str) -> None:
    """What a file is called can be shown: no path, no line end, nothing that turns the text round."""
    assert file_name(name) == shown
    said = read_update(message(document={"file_id": "a", "file_name": name}))
    assert isinstance(said, Said)
    assert said.event == SentFile("document", shown)


def test_a_first_name_is_one_line_and_not_endless() -> None:
    """What is kept to sign messages with has no line break and nothing unseen, and a bounded length."""
    payload = message(text="x")
    payload["message"]["from"] = {**CAMILLE, "first_name": "Ca\nmille\u202e " + "x" * 5000}
    found = read_update(payload)
    assert isinstance(found, Said)
    assert found.first_name.startswith("Ca mille xxx")
    assert len(found.first_name) <= 120


def test_an_edited_message_is_an_edit_and_never_a_message() -> None:
    """An edit carries its new words, or its caption; a moving live location says nothing."""
    edited = {"edited_message": message(text="1500")["message"]}
    caption = {"edited_message": message(photo=[], caption="deux")["message"]}
    moving = {"edited_message": message(location={})["message"]}
    command = {"edited_message": message(text="/annuler")["message"]}
    assert read_update(edited) == Said(42, Edited("1500"), "Camille")
    assert read_update(caption) == Said(42, Edited("deux"), "Camille")
    assert read_update(command) == Said(42, Edited("/annuler"), "Camille")
    assert read_update(moving) == Ignored()


def press(chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    query = {
        "id": "q1",
        "from": CAMILLE,
        "message": {"message_id": 9, "chat": chat, "date": 0},
        **more,
    }
    return {"update_id": 1, "callback_query": query}


def test_a_press_keeps_its_data_as_it_came_with_what_is_needed_to_answer() -> None:
    """A button gives its raw data, the query to answer and the message pressed, old or not."""
    found = read_update(press(PRIVATE, data="v1:<oui>"))
    assert found == Said(42, Pressed("v1:<oui>"), "Camille", callback_id="q1", message_id=9)


@pytest.mark.parametrize("number", [0, -1])
def test_a_press_under_a_message_without_a_number_edits_none(number: int) -> None:
    """Telegram numbers with 0 what it has not sent yet: the press counts, its message cannot be touched."""
    payload = press(PRIVATE, data="x")
    payload["callback_query"]["message"]["message_id"] = number
    assert read_update(payload) == Said(42, Pressed("x"), "Camille", callback_id="q1")


def test_a_press_outside_a_private_chat_never_reaches_the_conversation() -> None:
    """In a group a press is an intrusion, under an inline message it is nothing."""
    assert read_update(press(GROUP, data="x")) == Intruded(-100, added=False, callback_id="q1")
    inline = press(PRIVATE, data="x", inline_message_id="i")
    del inline["callback_query"]["message"]
    assert read_update(inline) == Ignored()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (member(PRIVATE, "member", "kicked"), Reached(42, reachable=False)),
        (member(PRIVATE, "kicked", "member"), Reached(42, reachable=True)),
        (member(GROUP, "left", "member"), Intruded(-100, added=True)),
        (member(GROUP, "member", "administrator"), Intruded(-100, added=False)),
        (member(GROUP, "member", "left"), Ignored()),
        (member({"id": -5, "type": "channel"}, "left", "administrator"), Ignored()),
    ],
)
def test_membership_tells_who_is_reachable_and_where_the_bot_intrudes(
    payload: dict[str, Any], expected: Incoming
) -> None:
    """Blocking, unblocking and being put in a group are each told apart."""
    assert read_update(payload) == expected


@pytest.mark.parametrize(
    "payload",
    [
        {"update_id": 1, "channel_post": message(text="x")["message"]},
        {"update_id": 1, "inline_query": {"id": "1", "from": CAMILLE, "query": "x"}},
        {"update_id": 1, "message": {"chat": {"id": -5, "type": "channel"}, "text": "x"}},
        {"update_id": 1, "message": None},
        {"update_id": 1},
        {},
        message(pinned_message={}),
        message(message_auto_delete_timer_changed={}),
        message(text="x", **{"from": {**CAMILLE, "is_bot": True}}),
        {"update_id": 1, "message": {"text": "sans chat"}},
        {"update_id": 1, "message": {"chat": {"id": "abc", "type": "private"}, "text": "x"}},
        {"update_id": 1, "callback_query": {"id": "q", "message": {}}},
        *(
            {"update_id": 1, "message": {"chat": {"id": odd, "type": "private"}, "text": "x"}}
            for odd in (float("inf"), float("nan"), 1.5, True, "42", 2**63, None)
        ),
    ],
)
def test_what_is_not_for_the_bot_is_ignored(payload: dict[str, Any]) -> None:
    """Channels, inline queries, service messages, other bots and broken updates do nothing."""
    assert read_update(payload) == Ignored()


def test_a_group_message_is_an_intrusion_and_leaving_is_nothing() -> None:
    """Any word in a group counts as an intrusion; the notice that someone left does not."""
    said = {"message": {**message(text="salut")["message"], "chat": GROUP}}
    gone = {"message": {**message(left_chat_member={})["message"], "chat": GROUP}}
    added = {"message": {**message(new_chat_members=[])["message"], "chat": GROUP}}
    assert read_update(said) == Intruded(-100, added=False)
    assert read_update(added) == Intruded(-100, added=True)
    assert read_update(gone) == Ignored()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "message",
                    "callback_query",
                    "my_chat_member",
                    "chat",
                    "id",
                    "type",
                    "from",
                    "text",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(deadline=None, max_examples=200)
def test_no_shape_of_update_raises(value: Any) -> None:
    """Whatever JSON object comes as an update, reading it gives an answer."""
    payload = value if isinstance(value, dict) else {"message": value}
    assert isinstance(read_update(payload), Said | Reached | Intruded | Ignored)


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200)
def test_only_a_text_that_starts_with_a_slash_can_be_a_command(text: str) -> None:
    """A command starts with « / » and its name is lower case, without accents, one word."""
    command = read_command(text)
    if command is not None:
        assert text.startswith("/")
        assert command.name == command.name.lower()
        assert " " not in command.name
        assert command.argument == command.argument.strip()


def test_scrub_removes_only_what_cannot_be_stored() -> None:
    """Null characters and lone surrogates go; accents, emoji and newlines stay."""
    dirty = {"a\0": ["é\0\ud800 👩🏽‍🔧\n", 1, None, {"b": "c"}]}
    assert scrub(dirty) == {"a": ["é 👩🏽‍🔧\n", 1, None, {"b": "c"}]}
