"""« Vue d’ensemble » in the chat: the picture, the same in words, and where its buttons lead."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from bot.telegram.outgoing import to_items
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Command, Typed
from letters import board
from tests.bench.crowd import crowd
from tests.dialogue.player import Player, plain
from tests.dialogue.test_happening import card, note

HOSTILE = '<b>#panic(1)</b> & {{ 7*7 }} "' + "très " * 30


def owner(count: int) -> Player:
    """Somebody with so many dossiers."""
    player = Player()
    player.book.dossiers = {d.id: d for d in crowd(count)}
    return player.command("bilan")


def texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_of(one)]
    return [text for one in value for text in texts_of(one)] if isinstance(value, list) else []


def test_the_picture_comes_before_its_words() -> None:
    """One picture, then one message that can be read without it."""
    player = card().command("bilan")
    (picture,) = player.pictures
    assert player.shown[0] is picture
    assert player.state == "overview"
    assert "1 250,00 € à recevoir, dont 1 250,00 € en retard" in plain(player.body).replace(
        "<b>", ""
    ).replace("</b>", "")
    assert "31 à 60 jours : 1 250,00 € (1 facture)" in plain(player.body)
    assert "Pas encore assez de dossiers payés" in player.body
    assert "2 décembre 2026, Dupont SARL : une première relance" in plain(player.body)


@pytest.mark.parametrize("count", [1, 3, 12, 500])
def test_whatever_the_picture_shows_is_said(count: int) -> None:
    """Every sum and every name of the picture stands in the words, and it is drawn for a phone."""
    player = owner(count)
    sheet = player.pictures[0].sheet
    said = plain(player.body)
    for panel in sheet["panels"]:
        assert panel["title"] in said
        for row in panel["rows"]:
            value = plain(row["value"])
            assert value in said or value[2:3] == "/", value
    assert plain(sheet["headline"]["value"]) in said
    drawn = Image.open(io.BytesIO(board.render(sheet)))
    assert drawn.width < drawn.height <= 1340
    assert len(json.dumps(dict(sheet))) < 10_000


def test_without_a_dossier_there_is_nothing_to_draw() -> None:
    """Somebody who has none is told so, and can start one."""
    player = Player().start().command("bilan")
    assert player.pictures == []
    assert player.press("facture impayée").state == "debtor_kind"


def test_a_hostile_name_is_text_in_words_and_picture() -> None:
    """Markup in a name is shown as typed, in both."""
    player = card()
    player.book.dossiers["n1"] = player.dossier.with_facts(debtor_name=HOSTILE)
    player.command("bilan")
    assert "<b>#panic" not in player.body
    assert "&lt;b&gt;#panic(1)&lt;/b&gt; &amp; {{ 7*7 }}" in player.body
    assert any(
        "<b>#panic(1)</b> & {{ 7*7 }}" in text for text in texts_of(player.pictures[0].sheet)
    )
    board.render(player.pictures[0].sheet)


def test_the_words_alone_come_back_when_nothing_moved() -> None:
    """Asking for help there shows the words again; the picture is not drawn twice."""
    player = card().command("bilan")
    player.send(Command("aide"))
    assert player.pictures == []
    assert "Vue d’ensemble" in player.body


def test_from_the_list_and_back() -> None:
    """The list leads to the overview, and the overview to the list."""
    player = card().command("dossiers").press("Vue d’ensemble")
    assert player.pictures
    assert player.press("Mes dossiers").state == "dossiers"


def test_every_clock_of_every_dossier_in_one_calendar() -> None:
    """The days of all dossiers come in order; a dossier that is over has none."""
    player = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    note(player, "Ordonnance obtenue", "02/11/2026")
    other = player.dossier
    player.book.dossiers["n2"] = type(other)("n2", other.opened_on, other.facts, other.acts)
    player.command("bilan").press("Tous mes délais")
    (agenda,) = player.agendas
    assert [one.uid.partition("-")[0] for one in agenda.entries] == ["n1", "n2"] * 3
    assert [one.day for one in agenda.entries] == sorted(one.day for one in agenda.entries)
    assert player.state == "overview"


def test_those_to_watch_can_be_opened_from_there() -> None:
    """Each of the first ones is a button to its card."""
    player = owner(12)
    name = player.labels[0]
    player.press(name)
    assert player.state == "card"
    assert player.dossier.debtor_name == name


@pytest.mark.parametrize("words", ["Bilan", "vue d'ensemble", "Vue d’ensemble"])
def test_it_can_be_typed(words: str) -> None:
    """Its name does as /bilan."""
    player = card()
    player.send(Typed(words))
    assert player.state == "overview"


def test_a_place_of_nobody_in_particular() -> None:
    """Without a dossier in hand the overview stays where it is."""
    player = Player(conversation=Conversation(state="overview"))
    player.book.dossiers = {d.id: d for d in crowd(3)}
    player.send(Typed("je ne sais pas"))
    assert player.state == "overview"


def test_it_is_sent_within_the_limits_of_a_chat() -> None:
    """With five hundred dossiers: a photo, then one message."""
    player = owner(500)
    assert [item["kind"] for item in to_items(player.shown)] == ["picture", "message"]
