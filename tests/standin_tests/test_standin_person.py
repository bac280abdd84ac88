"""The driver: what a person does, sees, and is told when the bot does not follow."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.standin import Person, StandIn

Raw = Any


def show(raw: Raw, person: Person, text: str, *labels: str, edit: int = 0) -> int:
    """Have the bot send a text with a row of buttons, or edit a message to it; return its number."""
    row = [{"text": label, "callback_data": f"d:{label}"} for label in labels]
    params = {"chat_id": person.id, "text": text, "reply_markup": {"inline_keyboard": [row]}}
    if edit:
        return int(raw.ok("editMessageText", message_id=edit, **params)["message_id"])
    return int(raw.ok("sendMessage", **params)["message_id"])


def show_later(raw: Raw, person: Person, text: str, *labels: str) -> int:
    """Have the bot send a text after a moment."""
    time.sleep(0.05)
    return show(raw, person, text, *labels)


def test_expect_waits_for_what_comes(raw: Raw, camille: Person, pool: ThreadPoolExecutor) -> None:
    """An answer that comes later is waited for."""
    later = pool.submit(show_later, raw, camille, "Bonjour Camille")
    assert camille.expect("Camille").text == "Bonjour Camille"
    later.result()


def test_expect_takes_each_answer_once_and_none_from_before(raw: Raw, camille: Person) -> None:
    """The same words must come twice to be expected twice, and an old answer does not count."""
    show(raw, camille, "Rappel")
    assert camille.expect("Rappel").text == "Rappel"
    with pytest.raises(AssertionError, match="did not say « Rappel »"):
        camille.expect("Rappel", timeout=0.01)
    show(raw, camille, "Rappel")
    mark = camille.mark()
    camille.say("merci")
    with pytest.raises(AssertionError):
        camille.expect("Rappel", timeout=0.01)
    show(raw, camille, "Rappel bis")
    camille.say("encore")
    assert camille.expect("Rappel", since=mark).text == "Rappel bis"


def test_french_typography_need_not_be_typed(raw: Raw, camille: Person) -> None:
    """Ordinary spaces and apostrophes match no-break and typographic ones, in texts and buttons."""
    show(raw, camille, "Payé\u00a0? 1\u202f250,00\u00a0€", "J’ai envoyé")
    assert camille.expect("Payé ? 1 250,00 €").labels == [["J’ai envoyé"]]
    assert camille.press("J'ai envoyé").callback.data == "d:J’ai envoyé"


def test_an_edit_is_something_seen(raw: Raw, camille: Person) -> None:
    """An edit can be expected, and the message expected is what it was at that moment."""
    number = show(raw, camille, "Question 1", "Oui")
    show(raw, camille, "Question 2", "Non", edit=number)
    first, second = camille.expect("Question 1"), camille.expect("Question 2")
    assert (first.id, first.labels, first.edited) == (number, [["Oui"]], False)
    assert (second.id, second.labels, second.edited) == (number, [["Non"]], True)
    assert [m.text for m in camille.messages()] == ["Question 2"]


def test_a_press_carries_the_data_of_its_button(raw: Raw, camille: Person) -> None:
    """Exact words win over part of them, and the update holds the message and its data."""
    number = show(raw, camille, "?", "Payé en partie", "Payé", "Rien")
    camille.press("Payé")
    query = raw.updates()[-1]["callback_query"]
    assert query["data"] == "d:Payé"
    assert query["message"]["message_id"] == number
    assert query["from"]["id"] == camille.id
    camille.press("partie", camille.last)
    assert raw.updates()[-1]["callback_query"]["data"] == "d:Payé en partie"


def test_a_press_waits_for_the_new_screen(
    raw: Raw, camille: Person, pool: ThreadPoolExecutor
) -> None:
    """After an act, a button of the same words under an older message is not taken for the new one."""
    old = show(raw, camille, "ancien", "Oui")
    camille.say("suite")
    later = pool.submit(show_later, raw, camille, "nouveau", "Oui")
    assert camille.press("Oui").callback.message_id > old
    later.result()
    camille.say("fin")
    with pytest.raises(AssertionError, match="give message= for an older one"):
        camille.press("Oui", timeout=0.01)


def test_two_presses_are_two_callbacks_of_the_same_button(raw: Raw, camille: Person) -> None:
    """Pressing twice makes two callbacks in a row, each waiting for its own answer."""
    show(raw, camille, "?", "Oui")
    first, second = camille.press_twice("Oui")
    queries = [u["callback_query"]["id"] for u in raw.updates() if "callback_query" in u]
    assert queries == [first.callback.id, second.callback.id]
    raw.ok("answerCallbackQuery", callback_query_id=second.callback.id, text="b")
    assert second.answer()["text"] == "b"
    with pytest.raises(AssertionError, match="no answer to the press"):
        first.answer(timeout=0.01)


def test_an_older_screen_can_still_be_pressed(raw: Raw, camille: Person) -> None:
    """A tap on a keyboard that has just been replaced reaches the bot; not so once the message is gone."""
    number = show(raw, camille, "Question 1", "Oui")
    before = camille.expect("Question 1")
    show(raw, camille, "Question 2", "Non", edit=number)
    camille.press_old(before, "Oui")
    query = raw.updates()[-1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("d:Oui", "Question 2")
    raw.ok("deleteMessage", chat_id=camille.id, message_id=number)
    with pytest.raises(AssertionError, match="is gone"):
        camille.press_old(before, "Oui")
    with pytest.raises(AssertionError, match="is gone"):
        camille.press("Oui", before)


def test_a_button_that_is_not_there_or_not_clear_is_an_error(raw: Raw, camille: Person) -> None:
    """Missing words fail with the chat shown; words in two buttons, or a link, fail too."""
    show(raw, camille, "Que faire ?", "Oui, tout", "Oui, en partie")
    with pytest.raises(
        AssertionError, match=r"Que faire \?'\n    \[Oui, tout\] \[Oui, en partie\]"
    ):
        camille.press("Non", camille.last)
    with pytest.raises(ValueError, match="in several buttons"):
        camille.press("oui", camille.last)
    link = {"inline_keyboard": [[{"text": "Site", "url": "https://example.org"}]]}
    raw.ok("sendMessage", chat_id=camille.id, text="x", reply_markup=link)
    with pytest.raises(AssertionError, match="opens or copies"):
        camille.press("Site")


def test_quiet_passes_in_silence_and_fails_at_a_word(
    raw: Raw, camille: Person, pool: ThreadPoolExecutor
) -> None:
    """Silence is waited out; a message meanwhile is shown in the failure."""
    camille.quiet(0.05)
    later = pool.submit(show_later, raw, camille, "encore moi")
    with pytest.raises(AssertionError, match=r"expected silence, but new: .*encore moi"):
        camille.quiet(5)
    later.result()


def test_a_failure_shows_the_end_of_the_chat(raw: Raw, camille: Person) -> None:
    """What was waited for and the last messages of both sides are in the failure."""
    show(raw, camille, "Bonjour", "Aide")
    with pytest.raises(AssertionError) as failed:
        camille.expect("Montant", timeout=0.01)
    shown = str(failed.value)
    assert "the bot did not say « Montant » within 0.01 s" in shown
    assert "person: '/start'" in shown
    assert "bot: 'Bonjour'\n    [Aide]" in shown


def test_a_person_cannot_do_what_telegram_forbids(api: StandIn, raw: Raw, camille: Person) -> None:
    """Nobody writes to a bot they blocked, sends nothing, edits another's text or reads an empty chat."""
    with pytest.raises(AssertionError, match="empty text"):
        camille.say("  ")
    with pytest.raises(AssertionError, match="has said nothing"):
        _ = camille.last
    show(raw, camille, "?", "Oui")
    with pytest.raises(AssertionError, match="can edit"):
        camille.edit(camille.last, "x")
    with pytest.raises(AssertionError, match="as a picture"):
        camille.send_photo(b"%PDF")
    camille.block()
    with pytest.raises(AssertionError, match="unblock"):
        camille.say("x")
    with pytest.raises(AssertionError, match="already kicked"):
        camille.block()
    assert len(api.updates) == 2


def test_people_see_only_their_own_chat(api: StandIn, raw: Raw, camille: Person) -> None:
    """What is sent to one is not seen by another, and calls can be looked up by chat."""
    other = api.person("Dominique", last_name="Petit", username="domi", language_code="")
    other.start()
    assert api.updates[-1]["message"]["from"] == {
        "id": other.id,
        "is_bot": False,
        "first_name": "Dominique",
        "last_name": "Petit",
        "username": "domi",
    }
    show(raw, camille, "pour Camille")
    assert other.messages() == []
    assert [call.params["text"] for call in api.calls(chat_id=camille.id)] == ["pour Camille"]
    assert api.calls("sendMessage", chat_id=other.id) == []


def test_the_markup_sent_is_kept_beside_the_text_read(raw: Raw, camille: Person) -> None:
    """`html` is what the bot wrote, escaped when it wrote plain text; a reply keyboard is shown too."""
    raw.ok("sendMessage", chat_id=camille.id, text="<b>a</b> &amp; b", parse_mode="HTML")
    assert (camille.last.text, camille.last.html) == ("a & b", "<b>a</b> &amp; b")
    raw.ok(
        "sendMessage",
        chat_id=camille.id,
        text="a & b",
        disable_notification=True,
        reply_markup={"keyboard": [["Oui", {"text": "Non"}]], "one_time_keyboard": True},
    )
    assert camille.last.html == "a &amp; b"
    assert camille.last.keyboard == (("Oui", "Non"),)
    assert camille.last.silent is True


def test_a_call_waited_for_that_never_comes_fails_with_the_last_ones(
    api: StandIn, raw: Raw
) -> None:
    """The failure names the method and shows what was called instead."""
    raw.ok("getMe")
    with pytest.raises(AssertionError, match=r"no such sendMessage within 0.01 s(.|\n)*getMe"):
        api.wait_call("sendMessage", timeout=0.01)
