"""Pictures and calendars, sent through the library to a strict stand-in of Telegram."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image
from telegram import Bot
from telegram.error import BadRequest

from bot.papers import Papers
from bot.telegram.outgoing import to_items
from bot.telegram.sending import send_item
from bot.telegram.texts import message_text
from flows.dialogue.screens import Agenda, Entry, Picture
from tests.standin import Person, StandIn

SHEET: dict[str, Any] = {
    "title": "Vue d’ensemble",
    "day": "24 novembre 2026",
    "headline": {"value": "1 250,00 €", "label": "à recevoir", "notes": []},
    "panels": [],
}
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ENTRY = Entry("n1-x@relance", date(2027, 2, 2), "Dupont <SARL>", "Texte", (7,))


async def _no_file(file_id: str, chat_id: int) -> bytes | None:
    return None


PAPERS = Papers(_no_file)


async def send(bot: Bot, person: Person, shown: Picture | Agenda) -> None:
    for item in to_items([shown]):
        await send_item(bot, person.id, item, PAPERS)


async def test_a_picture_arrives_as_a_photo(api: StandIn, camille: Person, bot: Bot) -> None:
    """Telegram shows it in the chat, with its caption as typed."""
    await send(bot, camille, Picture("Vue", SHEET, caption="Votre <vue>"))
    (call,) = api.calls("sendPhoto")
    assert camille.messages()[-1].text == "Votre <vue>"
    assert call.params["photo"]["file_name"] == "Vue.png"
    assert api.violations == []


async def test_a_calendar_arrives_as_a_file_that_opens(
    api: StandIn, camille: Person, bot: Bot
) -> None:
    """It bears the name of a calendar and holds the entries."""
    await send(bot, camille, Agenda("Délais", (ENTRY,), NOW))
    document = camille.messages()[-1].document
    assert document is not None
    assert document.name == "Delais.ics"
    (event,) = Calendar.from_ical(document.content).walk("VEVENT")
    assert event["summary"] == "Dupont <SARL>"
    assert api.violations == []


async def test_a_picture_that_cannot_be_drawn_is_told(
    camille: Person, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """The person hears that the words say it all, and what was typed stays out of the log."""
    await send(bot, camille, Picture("Vue", {"title": "Dupont doit"}))
    assert camille.messages()[-1].text == message_text("picture_failed")
    assert "Dupont" not in caplog.text


async def test_a_picture_telegram_does_not_take_comes_as_a_file(
    camille: Person, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo refused for what it is arrives as a document; another refusal is not hidden."""

    async def refuse(self: Bot, *about: Any, **more: Any) -> Any:
        raise BadRequest(reason)

    monkeypatch.setattr(Bot, "send_photo", refuse)
    reason = "PHOTO_INVALID_DIMENSIONS"
    await send(bot, camille, Picture("Vue", SHEET))
    document = camille.messages()[-1].document
    assert document is not None
    assert Image.open(io.BytesIO(document.content)).format == "PNG"
    reason = "Chat not found"
    with pytest.raises(BadRequest):
        await send(bot, camille, Picture("Vue", SHEET))
