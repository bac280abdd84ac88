"""The sandbox templates run in, and the shape of their text.

A template's own line ends mean little, as in Markdown: lines of a paragraph are joined, a blank
line ends it, a backslash at the end of a line or a dash at the start of the next keeps the break.
« ## » at the start of a line makes it a heading, and `{{ decompte_table }}` alone on its line stands
for a table. Both become marks in the source, before anything typed comes in, and what is typed
never holds a mark: a fact can neither make a heading nor a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters import courts
from letters import format as french
from letters.format import Blank

KEEP_BREAK = "\u2028"
HEADING = "\ue000"
"""The mark a heading starts with."""
TABLES = {"\ue001": "decompte", "\ue002": "schedule", "\ue003": "exhibits", "\ue004": "invoices"}
"""The marks that stand alone in a paragraph where a table goes, and which table it is."""

_LINE_ENDS = re.compile(r"[ \t]*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\ue004]")
_HEADING = re.compile(r"^[ \t]*##[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_TABLE = re.compile(
    r"^[ \t]*\{\{ (decompte|schedule|exhibits|invoices)_table \}\}[ \t]*$", re.MULTILINE
)
_MARK_OF = {name: mark for mark, name in TABLES.items()}
_LONE_TAG = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n", re.MULTILINE)


def _printable(value: object) -> str:
    """Let only texts, counts and blanks be printed: a raw amount or day means a missing filter."""
    if isinstance(value, Blank | Undefined):
        return str(value)  # StrictUndefined raises here
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"a template prints {type(value).__name__} without a filter")


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Give the one environment every template is compiled in."""
    env = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # the result is plain text; each output escapes for itself
        finalize=_printable,
        keep_trailing_newline=False,
    )
    for name in (
        "euros",
        "date_longue",
        "date_courte",
        "pourcent",
        "pluriel",
        "enumeration",
        "iban",
        "siret",
        "de",
        "d_",
        "que",
        "phrase",
        "piece",
        "pieces",
    ):
        env.filters[name] = getattr(french, name)
    env.filters |= {"le": courts.le, "du": courts.du, "au": courts.au}
    env.tests["blank"] = lambda value: isinstance(value, Blank)
    return env


def _prepared(source: str) -> str:
    source = french.typeset(source)
    source = _HEADING.sub(rf"\n\n{HEADING}\1\n\n", source)
    source = _TABLE.sub(lambda found: f"\n\n{_MARK_OF[found[1]]}\n\n", source)
    source = re.sub(r"\\[ \t]*\n", f"{KEEP_BREAK}\n", source)
    source = re.sub(r"\n(?=– )", f"\n{KEEP_BREAK}", source)
    return _LONE_TAG.sub(r"\1", source)


@cache
def compiled(source: str) -> Template:
    """Compile a template's source once. Raises jinja2.TemplateSyntaxError."""
    template = environment().from_string(_prepared(source))
    # A plain mapping: the one it comes with is walked through in Python each time it is filled.
    template.globals = dict(template.globals)
    return template


@cache
def names_read(source: str) -> frozenset[str]:
    """Give the facts a template reads from outside. Raises jinja2.TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(environment().parse(_prepared(source))))


@cache
def attributes_read(source: str, name: str) -> frozenset[str]:
    """Give what a template reads of the mapping `name`; `name` itself when it reads it whole.

    Raises jinja2.TemplateSyntaxError, when it names it.
    """
    if name not in source:
        return frozenset()  # most do not, and to read them twice would be half of a start
    tree = environment().parse(_prepared(source))
    read: set[str] = set()
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == name:
            read.add(node.attr)
            node.node = nodes.Const(None)
    if any(found.name == name for found in tree.find_all(nodes.Name)):
        read.add(name)
    return frozenset(read)


def one_line(text: str) -> str:
    """Put what a person typed on one line, without control characters; the rest stays as typed."""
    return _CONTROLS.sub("", _LINE_ENDS.sub(" ", text)).strip()


def lines_of(text: str) -> tuple[str, ...]:
    """Split what a person typed into its lines, empty ones dropped."""
    return tuple(line for part in _LINE_ENDS.split(text) if (line := one_line(part)))


def as_data(value: object) -> Any:
    """Prepare a fact for a template: texts on one line, lists and mappings plain and deep.

    Raises TypeError on a type no template may print (a float above all).
    """
    if isinstance(value, str):
        return one_line(str(value))
    if value is None or isinstance(value, bool | int | Decimal | date):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [as_data(item) for item in value]
    raise TypeError(f"a fact cannot be {type(value).__name__}")


def paragraphs(source: str, context: Mapping[str, object]) -> tuple[str, ...]:
    """Render a body into its paragraphs; kept line breaks are plain newlines.

    A heading keeps its mark before it, a table is its mark alone. `context` is prepared by
    `as_data`. Raises jinja2.UndefinedError on a name it lacks.
    """
    text = compiled(source).render(context)
    blocks = (block.strip() for block in re.split(r"\n[ \t]*\n", text))
    joined = (re.sub(r"[ \t]*\n[ \t]*", " ", block) for block in blocks)
    broken = (re.sub(rf" *{KEEP_BREAK} *", "\n", block).strip() for block in joined)
    return tuple(block for block in broken if block)


def line(source: str, context: Mapping[str, object]) -> str:
    """Render a one-line template (a subject, an enclosure); "" when it comes out empty."""
    return " ".join(paragraphs(source, context))
