"""The HTML that Telegram takes and the HTML it refuses."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standin import ApiError, Limits
from tests.standin.limits import utf16_length
from tests.standin.markup import parse_html
from tests.standin.wording import read, typed


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<b >x</ b>".replace("</ b>", "</b >"), "bold"),
    ],
)
def test_each_known_tag_gives_its_entity(raw: str, kind: str) -> None:
    """Every tag Telegram documents becomes one entity around the words."""
    assert parse_html(raw) == ("x", [{"type": kind, "offset": 0, "length": 1}])


def test_tags_with_an_argument_keep_it() -> None:
    """A link, a mention, an emoji, a date and a language of code are read from their attributes."""
    assert (
        parse_html('<a href="https://x.fr/?a=1&amp;b=2">x</a>')[1][0]["url"]
        == "https://x.fr/?a=1&b=2"
    )
    assert parse_html("<a href='tg://user?id=42'>x</a>")[1][0]["user"] == {"id": 42}
    assert parse_html("<a>www.impots.fr</a>")[1][0]["url"] == "http://www.impots.fr"
    assert parse_html('<tg-emoji emoji-id="5368">x</tg-emoji>')[1][0]["custom_emoji_id"] == "5368"
    assert parse_html('<tg-time unix="1700000000">x</tg-time>')[1][0]["unix_time"] == 1700000000
    for raw in (
        '<pre><code class="language-python">x</code></pre>',
        '<code class="language-python"><pre>x</pre></code>',
    ):
        expected = {"type": "pre", "offset": 0, "length": 1, "language": "python"}
        assert parse_html(raw) == ("x", [expected])


def test_a_link_that_leads_nowhere_is_dropped_with_its_words_kept() -> None:
    """Telegram keeps the words of a link it cannot follow and forgets the link."""
    assert parse_html('<a href="javascript:alert(1)">x</a>') == ("x", [])


def test_offsets_are_counted_in_utf16_units() -> None:
    """An emoji counts for two, an accented letter for one."""
    text, entities = parse_html("é👍<b>👍 ok</b>")
    assert text == "é👍👍 ok"
    assert entities == [{"type": "bold", "offset": 3, "length": 5}]


def test_nested_tags_are_sorted_from_the_outside() -> None:
    """Nested entities come in order of offset, the longer first; empty ones vanish."""
    _, entities = parse_html("<b>a<i>b</i></b><u></u>")
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("bold", 0, 2),
        ("italic", 1, 1),
    ]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#233;&#xE9;&#x1F44D;", "éé👍"),
        ("&nbsp;&apos;&euro;", "&nbsp;&apos;&euro;"),
        ("a & b &; &#0; &#x110000;", "a & b &; &#0; &#x110000;"),
        ("&lt", "<"),
    ],
)
def test_only_four_names_and_numbers_are_decoded(raw: str, text: str) -> None:
    """Any other character reference stays the text it is."""
    assert parse_html(raw) == (text, [])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("é<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("1 <2 >", 'Unsupported start tag "2" at byte offset 2'),
        ("a < b", "Unsupported start tag"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=http://x>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_the_words_of_telegram(raw: str, reason: str) -> None:
    """What is not well formed is a 400 that says what and where, in bytes."""
    with pytest.raises(ApiError) as refused:
        parse_html(raw)
    assert refused.value.code == 400
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escaped_text_comes_back_whole(text: str) -> None:
    """Whatever was escaped is read back unchanged, with one entity over all of it."""
    parsed, entities = parse_html(f"<b>{html.escape(text)}</b>".replace("&#x27;", "&#39;"))
    assert parsed == text
    assert [e["length"] for e in entities] == ([utf16_length(text)] if text else [])


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("<>/=\"'&;#ab i-é👍x1 "), max_size=25))
def test_any_soup_is_either_read_or_refused(raw: str) -> None:
    """No text makes the parser fail otherwise than by a refusal, and entities stay within the text."""
    refusal = ""
    length, ends = 0, [0]
    try:
        text, entities = parse_html(raw)
        length, ends = utf16_length(text), [e["offset"] + e["length"] for e in entities]
    except ApiError as refused:
        refusal = refused.description
    assert all(end <= length for end in ends)
    assert not refusal or refusal.startswith("Bad Request: can't parse entities: ")


def test_a_text_is_trimmed_and_its_entities_follow() -> None:
    """White space goes at both ends, unless an entity covers it at the start."""
    kept = read("\n  a <b>b  </b>\n", "HTML", None, Limits(), caption=False)
    assert kept.text == "a b"
    assert kept.entities == [{"type": "bold", "offset": 2, "length": 1}]
    assert read("<b> a</b>", "HTML", None, Limits(), caption=False).text == " a"


def test_length_is_measured_after_parsing() -> None:
    """Tags do not count, emoji count twice."""
    limits = Limits()
    assert len(read("<b>" + "x" * 4096 + "</b>", "HTML", None, limits, caption=False).text) == 4096
    for raw in ("x" * 4097, "👍" * 2049):
        with pytest.raises(ApiError, match="message is too long"):
            read(raw, "HTML", None, limits, caption=False)


def test_what_a_person_types_carries_the_entities_telegram_finds() -> None:
    """Commands, links, addresses and mentions are found; a path or a date is no command."""
    kinds = [e["type"] for e in typed("/start x www.a.fr b@c.fr @somebody #facture").entities]
    assert kinds == ["bot_command", "url", "email", "mention", "hashtag"]
    assert typed("👍 /aide").entities == [{"type": "bot_command", "offset": 3, "length": 5}]
    assert typed("le 15/10/26, et/ou #12").entities == []
