"""Every document, all that a person types in it looking like code: on no channel does any of it run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from jinja2 import Environment

from flows.dialogue.texts import texts as cache_of_texts
from flows.facts import registry
from letters import docx, draft, load_catalogue, pdf, sheet
from letters.template import compiled
from tests.dialogue.player import Player
from tests.dialogue.test_manners import check

CATALOGUE = load_catalogue()
RUN, SHOWN = "{{ 7*191 }}", "1337"
TYPED = f'{RUN} {{% raw %}}<b>g</b> &amp; #panic(1) $x$ *q* _i_ @r `c` \\ // "« '
"""Jinja2 would write 1337 or fail, Typst would stop at #panic, XML would break at <b>."""
FREE = {"name", "text", "address", "reference", "town", "court", "email", "phone"}


def hostile(known: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Give the facts with code in the place of all that is typed freely, and the names of those."""
    facts = registry()
    typed = {
        name
        for name, value in known.items()
        if isinstance(value, str) and (fact := facts.get(name)) and fact.kind in FREE
    }
    assert len(typed) > 15
    return known | dict.fromkeys(typed, TYPED), typed


@pytest.mark.parametrize("document_id", CATALOGUE.ids())
def test_nothing_typed_runs(document_id: str, facts: Callable[..., dict[str, Any]]) -> None:
    """In the chat, as PDF and as DOCX the words come out as typed, and the files can be made."""
    document = CATALOGUE.get(document_id)
    known, typed = hostile(facts(document.debtors[0], document_id))
    made = draft(document, known)
    assert SHOWN not in made.text
    if not document_id.startswith("prevention"):  # for the next time: these state little of anybody
        assert typed & {*document.needs, *document.blanks, *document.optional}
        assert RUN in made.text
    edited = made.with_paragraph(0, TYPED)
    laid_out = sheet(edited)
    assert pdf.render(laid_out).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(docx.render(laid_out))) as archive:
        body = unescape(archive.read("word/document.xml").decode())
    assert RUN in body
    assert SHOWN not in body


def test_nothing_typed_is_ever_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first question to the printed letter and its paragraphs, no source that is compiled was typed."""
    sources: list[str] = []
    whole = Environment.compile

    def noted(self: Environment, source: Any, *rest: Any, **more: Any) -> Any:
        sources.append(str(source))
        return whole(self, source, *rest, **more)

    monkeypatch.setattr(Environment, "compile", noted)
    cache_of_texts.cache_clear()
    compiled.cache_clear()
    player = Player().start().press("facture impayée", "Une société").say(TYPED[:100], "1250")
    player.say(TYPED, "15/10/2026", TYPED).press("refuse", "change à chaque fois").say(TYPED)
    player.press("C’est ça", "Modifier").say(TYPED, "1", TYPED)
    check(player)
    cache_of_texts.cache_clear()
    assert len(sources) > 10
    assert player.copies
    assert [source for source in sources if "7*191" in source.replace(" ", "")] == []
