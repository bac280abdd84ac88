"""Faults: planned for a method, a chat, a number of calls; and Telegram's own pace."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.standin import ApiError, Pace, Person, StandIn

Raw = Any


def test_a_429_tells_how_long_to_wait(api: StandIn, raw: Raw, camille: Person) -> None:
    """The planned number of calls is answered 429, in the body and in the header, then all goes on."""
    api.faults.refuse("sendMessage", 429, times=2, retry_after=7)
    for _ in range(2):
        status, body = raw.call("sendMessage", chat_id=camille.id, text="x")
        assert status == 429
        assert body["parameters"] == {"retry_after": 7}
        assert body["description"] == "Too Many Requests: retry after 7"
    raw.ok("sendMessage", chat_id=camille.id, text="x")
    assert [m.text for m in camille.messages()] == ["x"]
    assert api.violations == []
    assert [call.injected for call in api.calls("sendMessage")] == ["error", "error", ""]


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
    ],
)
def test_other_codes_have_their_usual_words(
    api: StandIn, raw: Raw, camille: Person, code: int, description: str
) -> None:
    """A refusal with a usual code needs no description, and does none of the work."""
    api.faults.refuse("sendMessage", code)
    assert raw.refused("sendMessage", chat_id=camille.id, text="x") == (code, description)
    assert camille.messages() == []
    assert api.violations == []


def test_a_planned_400_is_no_violation(api: StandIn, raw: Raw, camille: Person) -> None:
    """A refusal that was planned is not held against the bot; one without words needs them."""
    api.faults.refuse("sendMessage", 400, description="Bad Request: PEER_ID_INVALID")
    assert raw.refused("sendMessage", chat_id=camille.id, text="x")[1].endswith("PEER_ID_INVALID")
    assert api.violations == []
    with pytest.raises(ValueError, match="description"):
        api.faults.refuse("sendMessage", 418)
    with pytest.raises(ValueError, match="at least once"):
        api.faults.drop("sendMessage", times=0)


def test_a_fault_may_be_for_one_chat_and_come_later(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """Only the chat meant is struck, after the calls that were to be spared."""
    other = api.person("Dominique")
    other.start()
    api.faults.refuse("*", 500, chat_id=camille.id, skip=1)
    for person in (other, camille, other):
        raw.ok("sendMessage", chat_id=person.id, text="x")
    assert raw.refused("sendMessage", chat_id=camille.id, text="x")[0] == 500
    api.faults.refuse("*", 500)
    assert raw.updates()
    assert api.faults.left == 1
    api.faults.clear()
    raw.ok("getMe")


def test_a_lost_answer_leaves_the_work_done(api: StandIn, raw: Raw, camille: Person) -> None:
    """The message is there, the client only saw the connection close."""
    api.faults.lose_answer("sendMessage")
    with pytest.raises(http.client.RemoteDisconnected):
        raw.call("sendMessage", chat_id=camille.id, text="x")
    assert camille.expect("x").text == "x"
    call = api.calls("sendMessage")[0]
    assert (call.injected, call.status) == ("lose", 200)


def test_a_dropped_call_leaves_the_work_undone(api: StandIn, raw: Raw, camille: Person) -> None:
    """The connection closes before anything was done."""
    api.faults.drop("sendMessage")
    with pytest.raises(http.client.RemoteDisconnected):
        raw.call("sendMessage", chat_id=camille.id, text="x")
    assert camille.messages() == []


@pytest.mark.parametrize(("kind", "shown"), [("hang", 0), ("stall", 1)])
def test_a_silent_server_makes_the_client_time_out(
    api: StandIn, camille: Person, kind: str, shown: int
) -> None:
    """A hang does no work, a stall does it; both say nothing until the client gives up."""
    getattr(api.faults, kind)("sendMessage", 30)
    path = f"{api.url}/bot{api.token}/sendMessage?chat_id={camille.id}&text=x"
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        urllib.request.urlopen(path, timeout=0.2)
    assert time.monotonic() - start < 2
    assert len(camille.messages()) == shown


def test_a_lost_answer_to_a_poll_brings_the_updates_again(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """Updates whose answer was lost were not confirmed."""
    api.faults.lose_answer("getUpdates")
    with pytest.raises(http.client.RemoteDisconnected):
        raw.updates()
    assert [u["message"]["text"] for u in raw.updates()] == ["/start"]
    assert camille.messages() == []


def test_a_client_that_dies_has_called_nothing(api: StandIn, raw: Raw, camille: Person) -> None:
    """A request cut in the middle is no call and no violation, and the server goes on."""
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        head = f"POST /bot{api.token}/sendMessage HTTP/1.1\r\nContent-Length: 50\r\n\r\n"
        client.sendall(head.encode() + b'{"chat_id"')
    raw.ok("getMe")
    assert [call.method for call in api.calls()] == ["getMe"]
    assert camille.messages() == []


def test_the_stop_of_the_server_ends_what_waits(pool: ThreadPoolExecutor) -> None:
    """A server stopped during a long poll and a hang lets both clients go at once."""
    api = StandIn().start()
    api.faults.hang("getMe", 30)

    def get(method: str) -> str:
        try:
            with urllib.request.urlopen(f"{api.url}/bot{api.token}/{method}", timeout=20) as answer:
                return str(answer.status)
        except (OSError, http.client.HTTPException) as gone:
            return type(gone).__name__

    waiting = [pool.submit(get, method) for method in ("getUpdates?timeout=30", "getMe")]
    api.wait_call("getUpdates", lambda call: call.status == 0)
    api.wait_call("getMe", lambda call: call.injected == "hang")
    start = time.monotonic()
    api.stop()
    for future in waiting:
        future.result(5)
    assert time.monotonic() - start < 3


def served(api: StandIn, raw: Raw, camille: Person) -> str:
    """Send a file and give the address it is downloaded from."""
    camille.send_document("facture.pdf", b"%PDF" + bytes(1000))
    file_id = raw.updates()[-1]["message"]["document"]["file_id"]
    path = raw.ok("getFile", file_id=file_id)["file_path"]
    return f"{api.url}/file/bot{api.token}/{path}"


def test_a_download_is_refused_cut_and_silent_on_purpose(
    api: StandIn, raw: Raw, camille: Person
) -> None:
    """Each fault strikes one download, which the record tells; the next comes whole."""
    address = served(api, raw, camille)
    api.faults.refuse("file", 404)
    api.faults.lose_answer("file")
    api.faults.drop("file")
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(address)
    refused.value.close()
    with urllib.request.urlopen(address) as answer, pytest.raises(http.client.IncompleteRead):
        answer.read()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        urllib.request.urlopen(address)
    with urllib.request.urlopen(address) as answer:
        assert len(answer.read()) == 1004
    calls = api.calls("file")
    assert [call.injected for call in calls] == ["error", "lose", "drop", ""]
    assert calls[-1].params == {"file_path": address.rpartition(api.token + "/")[2]}
    assert api.violations == []


def test_a_slow_download_comes_whole(api: StandIn, raw: Raw, camille: Person) -> None:
    """A file that pauses half-way is all there at the end."""
    address = served(api, raw, camille)
    api.faults.drip(0.1)
    with urllib.request.urlopen(address) as answer:
        assert len(answer.read()) == 1004
    assert [call.injected for call in api.calls("file")] == ["drip"]


def test_a_file_that_is_nowhere_is_a_violation(api: StandIn, raw: Raw) -> None:
    """A bot that asks for a path it was not given is told 404, and the record has it."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{api.url}/file/bot{api.token}/nowhere")
    refused.value.close()
    assert [str(call) for call in api.violations] == [
        "file({'file_path': 'nowhere'}) -> 404 Not Found"
    ]


def test_the_pace_of_a_chat_is_a_message_a_second_after_a_burst(
    make_api: Callable[..., StandIn], raw_on: Callable[[StandIn], Raw]
) -> None:
    """Three at once, then 429 with the wait; waiting that long is enough, and other chats are free."""
    api = make_api(pace=Pace(chat_burst=3))
    raw = raw_on(api)
    first, second = api.person(), api.person()
    for person in (first, second):
        person.start()
    for _ in range(3):
        raw.ok("sendMessage", chat_id=first.id, text="x")
    status, body = raw.call("sendMessage", chat_id=first.id, text="x")
    assert (status, body["parameters"]) == (429, {"retry_after": 1})
    raw.ok("sendMessage", chat_id=second.id, text="x")
    api.advance(1)
    raw.ok("sendMessage", chat_id=first.id, text="x")
    assert api.violations == []


def test_the_pace_overall_and_of_a_group() -> None:
    """Thirty messages a second overall and twenty a minute in a group, no more."""
    pace = Pace(chat_burst=100)
    for chat in range(30):
        pace.spend(chat, 1000.0, private=True)
    with pytest.raises(ApiError, match="retry after 1"):
        pace.spend(99, 1000.5, private=True)
    pace.spend(99, 1001.0, private=True)
    for second in range(20):
        pace.spend(-1, 2000.0 + second, private=False)
    with pytest.raises(ApiError, match="retry after 40"):
        pace.spend(-1, 2020.0, private=False)
    pace.spend(-1, 2060.0, private=False)


def test_a_late_answer_is_an_answer(api: StandIn, raw: Raw, camille: Person) -> None:
    """The work is done at once, and said so after the seconds that were planned."""
    api.faults.late("sendMessage", 0.1)
    began = time.monotonic()
    raw.ok("sendMessage", chat_id=camille.id, text="x")
    assert time.monotonic() - began >= 0.1
    assert [m.text for m in camille.messages()] == ["x"]
