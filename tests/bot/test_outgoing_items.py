"""What is shown, as outbox items."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.outgoing import decode, encode, safe_filename, to_items, toast
from flows.dialogue.screens import (
    Agenda,
    Bundle,
    Choice,
    Copy,
    Entry,
    Paper,
    Picture,
    Screen,
    Shown,
    Toast,
)

YES, NO = Choice("v1:oui", "Oui"), Choice("v1:non", "Non")
ASK = Screen("<b>Payé ?</b>", ((YES, NO),))


def test_a_screen_is_a_message_with_its_buttons_in_rows() -> None:
    """Without a press, a screen is a new message; an empty row of buttons is dropped."""
    screen = Screen("Payé ?", ((YES,), (), (NO,)), replace=True, silent=True, placeholder="oui")
    assert to_items([screen]) == [
        {
            "kind": "message",
            "text": "Payé ?",
            "silent": True,
            "buttons": [
                [{"data": "v1:oui", "label": "Oui"}],
                [{"data": "v1:non", "label": "Non"}],
            ],
        }
    ]


def test_a_replacing_screen_edits_the_pressed_message() -> None:
    """A first screen that may replace takes the place of the message pressed; the rest follows."""
    items = to_items([Screen("Deux", replace=True), Copy("brouillon")], pressed_message_id=9)
    assert items == [
        {"kind": "edit", "text": "Deux", "message_id": 9},
        {"kind": "copy", "text": "brouillon"},
    ]


def test_new_buttons_take_those_of_the_pressed_message_away() -> None:
    """When a press leads to new messages with a screen, the old buttons go first."""
    items = to_items([Copy("brouillon"), Screen("Et après ?", ((YES,),), replace=True)], 9)
    assert [item["kind"] for item in items] == ["buttons_off", "copy", "message"]
    assert items[0]["message_id"] == 9


def test_a_press_that_only_brings_a_paper_keeps_its_buttons() -> None:
    """Asking for the PDF does not take away the buttons under the draft."""
    items = to_items([Toast("Voici"), Paper("lettre.pdf", {"title": "x"})], 9)
    assert [item["kind"] for item in items] == ["document"]


def test_a_toast_is_no_message_and_answers_the_press() -> None:
    """A toast alone sends nothing; its words are cut at what Telegram shows."""
    assert to_items([Toast("Déjà fait")], 9) == []
    assert toast([ASK, Toast("Déjà fait")]) == "Déjà fait"
    assert toast([ASK]) == ""
    assert len(toast([Toast("é" * 500)])) == 200


def test_a_long_screen_is_cut_and_its_buttons_are_on_the_last_part() -> None:
    """Only the first part edits and only the last part has buttons."""
    body = "\n\n".join("<b>" + "mot " * 500 + "</b>" for _ in range(5))
    items = to_items([Screen(body, ((YES,),), replace=True, silent=True)], 9)
    assert len(items) > 2
    assert [i["kind"] for i in items] == ["edit"] + ["message"] * (len(items) - 1)
    assert ["buttons" in i for i in items] == [False] * (len(items) - 1) + [True]
    assert all(i["silent"] for i in items)


def test_a_long_caption_becomes_a_message_before_the_file() -> None:
    """A caption over 1,024 units is sent as words of their own, nothing is cut off."""
    words = "mot " * 400
    items = to_items([Paper("lettre", {"a": 1}, caption=words)])
    assert [i["kind"] for i in items] == ["copy", "document"]
    assert items[0]["text"] == words
    assert "caption" not in items[1]
    assert to_items([Paper("lettre", {"a": 1}, caption="court")])[0]["caption"] == "court"


def test_a_picture_and_a_calendar_keep_what_they_are_made_of() -> None:
    """Both are stored as JSON values, under a name that says what they are, and made when sent."""
    made_at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    entry = Entry("n1-x@relance", date(2027, 2, 2), "Titre", "Texte", (7, 0))
    shown: list[Shown] = [
        Picture("Vue d’ensemble", {"a": 1}),
        Agenda("Délais.pdf", (entry,), made_at, "Voici"),
    ]
    items = [decode(encode(item)) for item in to_items(shown)]
    assert items == [
        {"kind": "picture", "name": "Vue-densemble.png", "sheet": {"a": 1}},
        {
            "kind": "agenda",
            "name": "Delais.ics",
            "entries": [
                {
                    "uid": "n1-x@relance",
                    "day": "2027-02-02",
                    "title": "Titre",
                    "description": "Texte",
                    "alarms": [7, 0],
                }
            ],
            "made_at": "2026-11-24T10:00:00+00:00",
            "caption": "Voici",
        },
    ]


def test_a_question_without_buttons_may_show_a_placeholder() -> None:
    """The hint of the input field is kept, at most 64 units of it."""
    (item,) = to_items([Screen("Combien ?", placeholder="ex. 1 250,00 " * 9)])
    assert len(item["placeholder"]) == 64


@pytest.mark.parametrize(
    "screen",
    [
        Screen(""),
        Screen("<b> </b>"),
        Screen("x", ((Choice("", "Oui"),),)),
        Screen("x", ((Choice("é" * 33, "Oui"),),)),
        Screen("x", ((Choice("v1", " "),),)),
    ],
)
def test_a_screen_telegram_would_refuse_is_an_error_here(screen: Screen) -> None:
    """No words, callback data over 64 bytes, a button without words: refused before storing."""
    with pytest.raises(ValueError, match=r"words|bytes"):
        to_items([screen])


def test_64_bytes_of_callback_data_pass() -> None:
    """The limit counts bytes and is reached exactly."""
    assert to_items([Screen("x", ((Choice("é" * 32, "Oui"),),))])


def test_a_blank_draft_sends_nothing() -> None:
    """A draft of blanks only would be refused, so it is no item."""
    assert to_items([Copy(" \n ")]) == []


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_items_survive_the_store(text: str, name: str) -> None:
    """What is encoded is decoded alike, as JSON that any database holds."""
    text = text.encode("utf-8", "ignore").decode()
    shown: list[Shown] = [
        Screen(f"a{text}"),
        Copy(text),
        Paper(name, {"t": [{"a": text}, 1, None, True]}),
    ]
    for item in to_items(shown):
        assert decode(encode(item)) == item
        json.loads(encode(item))


@pytest.mark.parametrize("payload", ["[]", "{}", "1", '{"text": "x"}', "pas du json"])
def test_what_is_no_item_is_refused(payload: str) -> None:
    """A payload without a kind cannot be an outbox item."""
    with pytest.raises(ValueError, match=r"outbox item|Expecting"):
        decode(payload)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("mise-en-demeure-dupont.pdf", "mise-en-demeure-dupont.pdf"),
        ("Mise en demeure Société Œuvre d’Art", "Mise-en-demeure-Societe-OEuvre-dArt.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ('a"; filename="b.exe\r\n.pdf', "a-filename-b.exe.pdf"),
        ("", "document.pdf"),
        ("漢字.pdf", "document.pdf"),
        (".pdf", "document.pdf"),
    ],
)
def test_a_file_name_is_plain_and_ends_in_pdf(name: str, safe: str) -> None:
    """Nothing of a name can be a path, a header or a hidden file."""
    assert safe_filename(name) == safe


@pytest.mark.parametrize("name", ["Lettre.docx", "Lettre.DOCX", "Lettre", "Lettre.pdf"])
def test_a_file_name_has_the_end_of_its_format(name: str) -> None:
    """Whatever the name ended with, the file is named for what it is, once."""
    assert safe_filename(name, "docx") == "Lettre.docx"
    assert safe_filename(name) == "Lettre.pdf"


def test_a_paper_says_its_format() -> None:
    """A letter is sent as PDF unless it was asked as DOCX."""
    pdf, docx = to_items([Paper("lettre", {"a": 1}), Paper("lettre.docx", {"a": 1}, format="docx")])
    assert (pdf["name"], pdf["format"]) == ("lettre.pdf", "pdf")
    assert (docx["name"], docx["format"]) == ("lettre.docx", "docx")


def test_a_bundle_holds_its_sheets_and_names_its_files() -> None:
    """A bundle is one item with the letter, the list and the exhibits in their order."""
    shown = Bundle("Dossier complet", {"a": 1}, {"b": 2}, (("Devis", "f1"), ("Été", "f2")), "Voici")
    (item,) = to_items([shown])
    assert decode(encode(item)) == {
        "kind": "bundle",
        "name": "Dossier-complet.pdf",
        "sheet": {"a": 1},
        "bordereau": {"b": 2},
        "exhibits": [["Devis", "f1"], ["Été", "f2"]],
        "caption": "Voici",
    }


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_file_name_is_made_safe(name: str) -> None:
    """Whatever the name, the result is ASCII, short, and no path."""
    safe = safe_filename(name)
    assert safe.isascii()
    assert len(safe) <= 84
    assert safe.endswith(".pdf")
    assert not safe.startswith((".", "-"))
    assert not set('/\\"\r\n ') & set(safe)


def test_making_items_imports_no_telegram() -> None:
    """The engine and the terminal pay nothing for the library."""
    code = (
        "import sys, bot.telegram.outgoing, bot.telegram.incoming, bot.settings, bot.cli;"
        "sys.exit(any(m.split('.')[0] in ('telegram', 'httpx', 'sqlalchemy') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
