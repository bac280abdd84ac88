"""Long texts in parts that Telegram takes."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram.split import clip, split_html, split_text, to_plain, units

LETTERS = st.text(st.sampled_from("ab é\n\u00a0🙂&<>'"), max_size=300)
TAGS = ["b", "i", "u", "s", "code", "pre", "blockquote"]


@st.composite
def bodies(draw: st.DrawFn, depth: int = 0) -> str:
    """Well-formed bodies: escaped words and nested elements."""
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        words = html.escape(draw(LETTERS), quote=draw(st.booleans()))
        if depth < 3 and draw(st.booleans()):
            inner = draw(bodies(depth + 1))
            tag = draw(st.sampled_from(TAGS))
            opening = '<a href="https://e.fr/?a&amp;b">' if draw(st.booleans()) else f"<{tag}>"
            closing = "</a>" if opening.startswith("<a") else f"</{tag}>"
            parts.append(f"{opening}{inner}{closing}")
        parts.append(words)
    return "".join(parts)


def assert_balanced(part: str) -> None:
    opened: list[str] = []
    rest = re.sub(r"&(?:[a-z]+|#\d+|#x[0-9a-f]+);", "", part)
    for tag in re.findall(r"<[^>]*>", rest):
        name = re.match(r"</?(\w+)", tag)
        assert name, tag
        if tag.startswith("</"):
            assert opened.pop() == name[1]
        else:
            opened.append(name[1])
    assert not opened
    bare = re.sub(r"</?\w+(?: [^>]*)?>", "", rest)
    assert not set("<>&") & set(bare)


@given(st.text(max_size=3000), st.integers(20, 400))
@example("\n" * 900, 50)
@example("a" * 900, 50)
@example("🙂" * 900, 51)
@settings(deadline=None, max_examples=150)
def test_parts_of_a_text_join_back_and_none_is_too_long(text: str, limit: int) -> None:
    """Any text is cut so that nothing is lost and each part fits."""
    limit = max(limit, 2 * 200)
    parts = split_text(text, limit)
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)


@given(bodies())
@settings(deadline=None, max_examples=200)
def test_parts_of_a_body_are_balanced_and_lose_no_word(body: str) -> None:
    """Any body is cut into balanced parts that fit and whose words are the body's."""
    limit = 600
    parts = split_html(body, limit)
    assert "".join(to_plain(part) for part in parts) == to_plain(body)
    for part in parts:
        assert units(part) <= limit
        assert_balanced(part)


def test_a_short_text_is_left_alone() -> None:
    """What fits is one part, unchanged."""
    assert split_text("a\n\nb") == ["a\n\nb"]
    assert split_html("<b>a</b>\n\nb") == ["<b>a</b>\n\nb"]


def test_the_cut_falls_between_paragraphs_when_it_can() -> None:
    """Paragraphs stay whole as long as each fits."""
    paragraphs = [f"{n} " + "mot " * 300 + "fin." for n in range(9)]
    parts = split_text("\n\n".join(paragraphs))
    assert len(parts) > 1
    assert [p for part in parts for p in part.strip().split("\n\n")] == paragraphs


def test_an_amount_is_not_cut_at_its_no_break_space() -> None:
    """« 1 250,00 € » is never split in two."""
    text = "x" * 90 + " 1\u202f250,00\u00a0€ dus"
    for limit in range(92, 104):
        parts = split_text(text, limit)
        assert any("1\u202f250,00\u00a0€" in part for part in parts), limit


def test_an_element_open_at_the_cut_is_closed_and_opened_again() -> None:
    """Bold that spans the cut is bold on both sides, links keep their address."""
    body = '<b>gras <a href="https://e.fr">' + "mot " * 1500 + "</a></b>"
    first, second = split_html(body)
    assert first.endswith("</a></b>")
    assert second.startswith('<b><a href="https://e.fr">')


def test_tags_that_leave_no_room_are_dropped_and_the_words_kept() -> None:
    """A body that is nearly all markup loses the markup, not the words."""
    body = "<b>" * 500 + html.escape("<mot> " * 900) + "</b>" * 500
    parts = split_html(body)
    assert "".join(to_plain(p) for p in parts) == "<mot> " * 900
    assert all(units(p) <= 4096 for p in parts)


@pytest.mark.parametrize(("text", "limit"), [("🙂" * 50, 20), ("é" * 30, 20), ("abc", 20)])
def test_clip_never_passes_the_limit_nor_halves_an_emoji(text: str, limit: int) -> None:
    """A clipped text fits, says that it was cut, and can be encoded."""
    short = clip(text, limit)
    assert units(short) <= limit
    short.encode()
    assert short == text or short.endswith("…")
