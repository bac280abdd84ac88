"""Updates: long polling, offsets, conflicts, redelivery, webhooks, files."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.standin import Limits, Person, StandIn

Raw = Any


def texts(updates: list[dict[str, Any]]) -> list[str]:
    """Return the texts of message updates."""
    return [update["message"]["text"] for update in updates]


def test_an_update_stays_until_an_offset_confirms_it(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """The same updates come again until a poll asks for what follows them."""
    camille.say("un")
    assert texts(raw.updates()) == ["/start", "un"]
    first, second = raw.updates()
    assert second["update_id"] == first["update_id"] + 1
    assert texts(raw.updates(offset=second["update_id"])) == ["un"]
    assert texts(raw.updates()) == ["un"]
    assert raw.updates(offset=second["update_id"] + 1) == []
    assert api.waiting == 0


def test_limit_and_negative_offset(raw: Raw, camille: Person) -> None:
    """A limit takes the oldest; a negative offset forgets all but the last ones."""
    for text in ("a", "b", "c"):
        camille.say(text)
    assert texts(raw.ok("getUpdates", limit=2)) == ["/start", "a"]
    assert texts(raw.ok("getUpdates", offset=-1)) == ["c"]
    assert texts(raw.updates()) == ["c"]


def test_a_poll_waits_for_the_next_update(
    api: StandIn, raw: Raw, camille: Person, pool: ThreadPoolExecutor
) -> None:
    """A long poll answers as soon as something is said, well before its timeout."""
    last = raw.updates()[-1]["update_id"]
    start = time.monotonic()
    waiting = pool.submit(raw.updates, last + 1, 30)
    api.wait_call("getUpdates", lambda call: call.status == 0)
    camille.say("bonjour")
    assert texts(waiting.result(5)) == ["bonjour"]
    assert time.monotonic() - start < 5


def test_a_poll_that_waited_in_vain_is_empty(raw: Raw) -> None:
    """At its timeout a poll answers with nothing."""
    start = time.monotonic()
    assert raw.updates(timeout=1) == []
    assert 0.9 < time.monotonic() - start < 3


def test_a_newer_poller_ends_the_older_with_a_conflict(
    api: StandIn, raw: Raw, pool: ThreadPoolExecutor
) -> None:
    """Two pollers at once: one of them is told 409, which is no violation."""
    older = pool.submit(raw.call, "getUpdates", timeout=30)
    api.wait_call("getUpdates", lambda call: call.status == 0)
    assert raw.updates() == []
    status, body = older.result(5)
    assert status == 409
    assert body["description"].startswith("Conflict: terminated by other getUpdates request")
    assert api.violations == []


def test_only_asked_updates_are_made(raw: Raw, camille: Person) -> None:
    """allowed_updates is remembered until it is given again, and an empty list means the usual ones."""
    raw.ok("getUpdates", offset=-1, allowed_updates=["callback_query"])
    assert raw.ok("getWebhookInfo")["allowed_updates"] == ["callback_query"]
    camille.say("perdu")
    assert "perdu" not in texts(raw.updates())
    raw.ok("getUpdates", allowed_updates=[])
    camille.say("lu")
    assert texts(raw.updates())[-1] == "lu"


def test_updates_are_kept_a_day(api: StandIn, raw: Raw, camille: Person) -> None:
    """What was not fetched within 24 hours is lost, as with Telegram."""
    api.advance(23 * 3600)
    assert len(raw.updates()) == 1
    api.advance(2 * 3600)
    assert raw.updates() == []
    assert camille.id > 0


def test_an_update_can_be_delivered_twice(api: StandIn, raw: Raw, camille: Person) -> None:
    """A confirmed update comes once more, under the same number, when redelivered."""
    update = raw.updates()[0]
    assert raw.updates(update["update_id"] + 1) == []
    api.redeliver(update)
    assert raw.updates(update["update_id"] + 1) == [update]
    assert raw.updates(update["update_id"] + 1) == []
    assert texts(api.updates) == ["/start"]
    assert camille.messages() == []


def test_every_act_of_a_person_makes_its_update(
    raw: Raw, camille: Person, png: Callable[[int, int], bytes]
) -> None:
    """Texts, edits, files, pictures, stickers and voice notes arrive in the form of the Bot API."""
    said = camille.say("/start d_12")
    camille.edit(said, "corrigé")
    camille.send_document("facture.pdf", b"%PDF", "la facture")
    camille.send_photo(png(8, 9))
    camille.send_sticker()
    camille.send_voice(4)
    contents = [u.get("message") or u.get("edited_message") for u in raw.updates()[1:]]
    assert contents[0]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    sender = {"id": camille.id, "is_bot": False, "first_name": "Camille", "language_code": "fr"}
    assert contents[0]["from"] == sender
    assert (contents[1]["text"], contents[1]["message_id"]) == ("corrigé", said.id)
    assert "edit_date" in contents[1]
    assert contents[2]["document"]["file_name"] == "facture.pdf"
    assert contents[2]["caption"] == "la facture"
    assert (contents[3]["photo"][0]["width"], contents[3]["photo"][0]["height"]) == (8, 9)
    assert contents[4]["sticker"]["emoji"] == "👍"
    assert contents[5]["voice"]["duration"] == 4


def test_a_file_of_a_person_can_be_downloaded(
    api: StandIn, raw: Raw, camille: Person, make_api: Any, raw_on: Any
) -> None:
    """GetFile gives a path that serves the bytes; unknown, too big and wrong tokens are refused."""
    camille.send_document("facture.pdf", b"%PDF-1.4 \x00")
    file_id = raw.updates()[-1]["message"]["document"]["file_id"]
    path = raw.ok("getFile", file_id=file_id)["file_path"]
    with urllib.request.urlopen(f"{api.url}/file/bot{api.token}/{path}") as answer:
        assert answer.read() == b"%PDF-1.4 \x00"
    assert raw.refused("getFile", file_id="x") == (400, "Bad Request: invalid file_id")
    for wrong, code in ((f"{api.token}/nowhere", 404), (f"1:x/{path}", 401)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{api.url}/file/bot{wrong}")
        refused.value.close()
        assert refused.value.code == code
    small = make_api(Limits(download_bytes=3))
    person = small.person()
    person.send_document("a.pdf", b"%PDF")
    large = raw_on(small).updates()[-1]["message"]["document"]["file_id"]
    said = raw_on(small).refused("getFile", file_id=large)
    assert said == (400, "Bad Request: file is too big")


def test_a_group_hears_commands_only_and_can_be_left(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """A group tells the bot it was added and what it was commanded; once left, it cannot be written to."""
    group = api.group("Les clients", by=camille)
    inside = camille.inside(group)
    inside.say("bavardage")
    inside.command("aide")
    added, command = raw.updates()[1:]
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert command["message"]["chat"] == {"id": group.id, "type": "group", "title": "Les clients"}
    raw.ok("sendMessage", chat_id=group.id, text="Je pars")
    inside.expect("Je pars")
    raw.ok("leaveChat", chat_id=group.id)
    said = raw.refused("sendMessage", chat_id=group.id, text="x")
    assert said == (403, "Forbidden: bot is not a member of the group chat")
    assert raw.refused("leaveChat", chat_id=camille.id)[0] == 400


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[str | None, dict[str, Any]]], list[int]]]:
    """Return a webhook: its address, what it received with the secret, and statuses to answer with."""
    received: list[tuple[str | None, dict[str, Any]]] = []
    statuses: list[int] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.headers.get("X-Telegram-Bot-Api-Secret-Token"), body))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", received, statuses
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_receives_updates_in_order_until_each_is_taken(
    raw: Raw, camille: Person, hook: tuple[str, list[Any], list[int]]
) -> None:
    """Updates are posted with the secret; one answered 500 is posted again before the next."""
    url, received, statuses = hook
    statuses.append(500)
    camille.say("suite")
    raw.ok("setWebhook", url=url, secret_token="s3cret")
    until = time.monotonic() + 5
    while len(received) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert [secret for secret, _ in received] == ["s3cret"] * 3
    assert texts([update for _, update in received]) == ["/start", "/start", "suite"]
    info = raw.ok("getWebhookInfo")
    assert info["url"] == url
    assert info["last_error_message"] == "Wrong response from the webhook: 500"


def test_a_webhook_and_polling_exclude_each_other(
    raw: Raw, hook: tuple[str, list[Any], list[int]]
) -> None:
    """GetUpdates is a conflict while a webhook is set, and works again once it is deleted."""
    raw.ok("setWebhook", url=hook[0])
    code, said = raw.refused("getUpdates")
    assert code == 409
    assert said.startswith("Conflict: can't use getUpdates method while webhook is active")
    raw.ok("deleteWebhook")
    assert raw.updates() == []
    assert raw.ok("getWebhookInfo")["url"] == ""


def test_deleting_a_webhook_may_drop_what_waits(raw: Raw, camille: Person) -> None:
    """drop_pending_updates forgets what was not delivered."""
    raw.ok("deleteWebhook", drop_pending_updates=True)
    assert raw.updates() == []
    assert camille.messages() == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:1/"}, "bad webhook: Webhook can be set up only on ports"),
        ({"url": "https://example.org/", "secret_token": "é"}, "secret token contains"),
    ],
)
def test_a_wrong_webhook_is_refused(raw: Raw, params: dict[str, Any], description: str) -> None:
    """Plain http, odd ports and odd secrets are refused."""
    code, said = raw.refused("setWebhook", **params)
    assert code == 400
    assert said.startswith(f"Bad Request: {description}")
