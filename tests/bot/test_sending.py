"""Items sent through the library to a strict stand-in of Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from bot.papers import Papers
from bot.telegram import failures
from bot.telegram.outgoing import to_items
from bot.telegram.sending import send_item
from bot.telegram.starting import post_init
from bot.telegram.texts import load_descriptions, message_text
from bot.telegram.translate import translate
from flows.dialogue.screens import Choice, Copy, Paper, Screen
from letters.sheets import bare_sheet
from tests.standin import Person, StandIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

YES = Choice("v1:oui", "Oui")


async def _no_file(file_id: str, chat_id: int) -> bytes | None:
    return None


PAPERS = Papers(_no_file)
SHEET = bare_sheet(
    "letter",
    "Essai",
    date="2026-11-23",
    sender=[[{"t": "Camille Martin"}]],
    subject=[{"t": "Essai"}],
    blocks=[{"kind": "text", "lines": [[{"t": "Bonjour #panic(1)"}]]}],
)


@pytest.fixture
async def bot(api: StandIn) -> AsyncIterator[Bot]:
    client = Bot(
        api.token, base_url=f"{api.url}/bot", request=HTTPXRequest(read_timeout=1, pool_timeout=1)
    )
    async with client:
        yield client


async def send(bot: Bot, person: Person, *shown: Any, pressed: int | None = None) -> list[Any]:
    return [await send_item(bot, person.id, item, PAPERS) for item in to_items(shown, pressed)]


async def test_a_screen_a_draft_and_a_paper_arrive(api: StandIn, camille: Person, bot: Bot) -> None:
    """HTML is shown as markup, a draft as typed, a paper as a PDF with its name."""
    await send(
        bot,
        camille,
        Screen("<b>Payé &lt;hier&gt; ?</b>", ((YES,),)),
        Copy("Bonjour <b>vous</b> & merci"),
        Paper("Lettre été", SHEET, caption="Votre <lettre>"),
    )
    screen, draft, paper = camille.messages()[-3:]
    assert (screen.text, screen.labels) == ("Payé <hier> ?", [["Oui"]])
    assert draft.text == "Bonjour <b>vous</b> & merci"
    assert paper.document is not None
    assert paper.document.name == "Lettre-ete.pdf"
    assert paper.document.content.startswith(b"%PDF-")
    assert paper.text == "Votre <lettre>"
    assert api.violations == []


async def test_an_edit_takes_the_place_of_the_message(camille: Person, bot: Bot) -> None:
    """A replacing screen changes the message pressed, words and buttons."""
    (first,) = await send(bot, camille, Screen("Un", ((YES,),)))
    (second,) = await send(bot, camille, Screen("Deux", replace=True), pressed=first)
    assert first == second
    assert camille.messages()[-1].text == "Deux"
    assert camille.messages()[-1].labels == []


async def test_an_edit_without_change_is_a_success(camille: Person, bot: Bot) -> None:
    """The same button twice leads to the same screen, which is no error."""
    (first,) = await send(bot, camille, Screen("Un", ((YES,),)))
    before = len(camille.messages())
    again = await send(bot, camille, Screen("Un", ((YES,),), replace=True), pressed=first)
    assert again == [first]
    assert len(camille.messages()) == before


async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(camille: Person, bot: Bot) -> None:
    """When the person erased the message, the screen comes as a new one, once."""
    (first,) = await send(bot, camille, Screen("Un", ((YES,),)))
    camille.delete(camille.messages()[-1])
    (second,) = await send(bot, camille, Screen("Deux", ((YES,),), replace=True), pressed=first)
    assert second != first
    assert camille.messages()[-1].text == "Deux"
    assert camille.messages()[-1].labels == [["Oui"]]


async def test_old_buttons_go_and_going_twice_is_no_error(camille: Person, bot: Bot) -> None:
    """The pressed message loses its buttons; one already without, or gone, is left alone."""
    (first,) = await send(bot, camille, Screen("Un", ((YES,),)))
    off = {"kind": "buttons_off", "message_id": first}
    assert await send_item(bot, camille.id, off, PAPERS) is None
    assert camille.messages()[-1].labels == []
    await send_item(bot, camille.id, off, PAPERS)
    await send_item(bot, camille.id, {"kind": "buttons_off", "message_id": 999_999}, PAPERS)


@pytest.mark.parametrize("pressed", [False, True])
async def test_broken_markup_still_says_its_words(
    camille: Person, bot: Bot, caplog: pytest.LogCaptureFixture, pressed: bool
) -> None:
    """A body Telegram cannot parse is sent without markup and logged without its words."""
    message_id = (await send(bot, camille, Screen("Un")))[0] if pressed else None
    await send(bot, camille, Screen("<b>Dupont &amp; fils", replace=True), pressed=message_id)
    assert camille.messages()[-1].text == "Dupont & fils"
    assert "not valid HTML" in caplog.text
    assert "Dupont" not in caplog.text


async def test_a_paper_that_cannot_be_printed_is_told(
    camille: Person, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """The person hears that the file failed instead of waiting for it; the log says how."""
    await send(bot, camille, Paper("x", {"title": "sans rien"}))
    assert camille.messages()[-1].text == message_text("paper_failed")
    assert "could not be made" in caplog.text
    assert "sans rien" not in caplog.text


async def test_a_long_screen_arrives_whole(api: StandIn, camille: Person, bot: Bot) -> None:
    """Ten thousand characters of body arrive as several messages that Telegram takes."""
    before = len(camille.messages())
    words = " ".join(f"mot{n}" for n in range(2000))
    await send(bot, camille, Screen(f"<b>{words}</b>", ((YES,),)))
    new = camille.messages()[before:]
    assert " ".join(m.text for m in new).split() == words.split()
    assert [bool(m.buttons) for m in new] == [False] * (len(new) - 1) + [True]
    assert api.violations == []


async def test_an_unknown_kind_of_item_is_refused(bot: Bot) -> None:
    """An item of a kind this version does not know is an error, not silence."""
    with pytest.raises(ValueError, match="unknown kind"):
        await send_item(bot, 1, {"kind": "danse"}, PAPERS)


async def failure_of(bot: Bot, person_id: int) -> failures.DeliveryError:
    with pytest.raises(TelegramError) as caught:
        await send_item(bot, person_id, {"kind": "copy", "text": "bonjour"}, PAPERS)
    return translate(caught.value)


async def test_each_refusal_is_told_apart(api: StandIn, camille: Person, bot: Bot) -> None:
    """429, 403, 400, 5xx, a lost answer and no server each lead to their own failure."""
    api.faults.refuse("sendMessage", 429, retry_after=7)
    flooded = await failure_of(bot, camille.id)
    assert isinstance(flooded, failures.Flooded)
    assert flooded.seconds == 7
    for code in (500, 502):
        api.faults.refuse("sendMessage", code)
        assert isinstance(await failure_of(bot, camille.id), failures.ServerTrouble)
    api.faults.lose_answer("sendMessage")
    assert isinstance(await failure_of(bot, camille.id), failures.MaybeDelivered)
    api.faults.hang("sendMessage", seconds=2)
    assert isinstance(await failure_of(bot, camille.id), failures.MaybeDelivered)
    assert isinstance(await failure_of(bot, 999_999), failures.Unreachable)
    camille.block()
    assert isinstance(await failure_of(bot, camille.id), failures.Unreachable)


async def test_no_server_means_surely_not_delivered() -> None:
    """A connection that could not be made is told from an answer that was lost."""
    bot = Bot("1234:abc", base_url="http://127.0.0.1:9/bot", request=HTTPXRequest())
    assert isinstance(await failure_after_start(bot), failures.NotDelivered)


async def failure_after_start(bot: Bot) -> failures.DeliveryError:
    await bot.request.initialize()
    try:
        return await failure_of(bot, 1)
    finally:
        await bot.request.shutdown()


async def test_a_wrong_token_is_fatal(api: StandIn) -> None:
    """A refused token stops the bot with a line that does not hold it."""
    bot = Bot("1234:wrong", base_url=f"{api.url}/bot", request=HTTPXRequest())
    failure = await failure_after_start(bot)
    assert isinstance(failure, failures.Fatal)
    assert "RELANCE_TELEGRAM_TOKEN" in str(failure)
    assert "1234:wrong" not in str(failure)


def test_a_refusal_is_logged_without_what_it_quotes() -> None:
    """What Telegram quotes of the message does not reach the log."""
    failure = translate(BadRequest('Bad Request: unsupported start tag "dupont" at byte offset 3'))
    assert isinstance(failure, failures.Rejected)
    assert "dupont" not in str(failure)


async def test_commands_and_descriptions_are_published_for_french_and_for_all(
    api: StandIn, bot: Bot
) -> None:
    """Both languages get the menu and both descriptions, within Telegram's limits."""
    await post_init(bot)
    texts = load_descriptions()
    names = [command["command"] for command in api.commands]
    assert names == list(texts.commands)
    assert {"start", "aide", "retour", "annuler", "dossiers", "nouveau"} <= set(names)
    languages = {call.params.get("language_code", "") for call in api.calls("setMyDescription")}
    assert languages == {"", "fr"}
    assert api.violations == []


async def test_publishing_that_fails_does_not_stop_the_bot(api: StandIn, bot: Bot) -> None:
    """The bot works without its menu."""
    api.faults.refuse("setMyCommands", 500)
    await post_init(bot)
    assert api.calls("setMyDescription") == []
