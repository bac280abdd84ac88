"""The inner rooms are pure: today, now and what is typed come in as arguments, and nothing is written."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for room in ("flows", "letters") for path in (ROOT / room).rglob("*.py"))

FORBIDDEN_MODULES = {
    "time", "random", "secrets", "os", "posix", "subprocess", "tempfile", "shutil", "uuid",
}  # fmt: skip
FORBIDDEN_NAMES = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
}
FORBIDDEN_BUILTINS = {"input", "print", "eval", "exec", "breakpoint", "__import__"}
CHANGING_METHODS = {"write_text", "write_bytes", "mkdir", "touch", "unlink", "rmdir", "symlink_to"}
READING_MODES = {"r", "rb", "rt"}

ALLOWED: dict[str, set[str]] = {}
"""Exceptions, as path from the root -> what it may do. None: the printing of letters needs none either."""


class _Impurities(ast.NodeVisitor):
    """Collects what a module may not do, each as a short name."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._names: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._names[alias.asname or top] = alias.name if alias.asname else top
            self._refuse_module(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or node.module is None:
            return
        self._refuse_module(node.module)
        for alias in node.names:
            self._names[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def _refuse_module(self, name: str) -> None:
        if (top := name.partition(".")[0]) in FORBIDDEN_MODULES:
            self.found.add(top)

    def visit_Name(self, node: ast.Name) -> None:
        self._refuse(self._names.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._refuse(self._dotted(node))
        if node.attr in CHANGING_METHODS:
            self.found.add(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name("open"):
                self._refuse_opening(node, place=1)
            case ast.Attribute(attr="open"):
                self._refuse_opening(node, place=0)
        self.generic_visit(node)

    def _refuse_opening(self, node: ast.Call, place: int) -> None:
        given = [word.value for word in node.keywords if word.arg == "mode"] + node.args[
            place : place + 1
        ]
        for mode in given:
            if not (isinstance(mode, ast.Constant) and mode.value in READING_MODES):
                self.found.add("open")

    def _refuse(self, name: str | None) -> None:
        if name in FORBIDDEN_NAMES | FORBIDDEN_BUILTINS:
            self.found.add(name)

    def _dotted(self, node: ast.expr) -> str | None:
        match node:
            case ast.Name(name):
                return self._names.get(name, name)
            case ast.Attribute(value, attr):
                start = self._dotted(value)
                return start and f"{start}.{attr}"
        return None


def impurities(source: str) -> set[str]:
    """Give what `source` does that a pure module may not."""
    visitor = _Impurities()
    visitor.visit(ast.parse(source))
    return visitor.found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_inner_rooms_read_no_clock_draw_no_lot_and_write_nothing(path: Path) -> None:
    """No module of flows or letters knows the time, chance, the system, the keyboard or the screen."""
    found = impurities(path.read_text(encoding="utf-8"))
    assert found == ALLOWED.get(str(path.relative_to(ROOT)), set())


def test_both_rooms_are_looked_at() -> None:
    """The modules of both rooms are found, and the exceptions name modules that are there."""
    rooms = {path.relative_to(ROOT).parts[0] for path in MODULES}
    assert rooms == {"flows", "letters"}
    assert len(MODULES) > 50
    assert ALLOWED.keys() <= {str(path.relative_to(ROOT)) for path in MODULES}


def test_the_forbidden_builtins_exist() -> None:
    """A misspelt name would forbid nothing."""
    assert all(hasattr(builtins, name) for name in FORBIDDEN_BUILTINS)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("from datetime import datetime as d\nd.utcnow()", "datetime.datetime.utcnow"),
        ("import datetime\ndatetime.datetime.today()", "datetime.datetime.today"),
        ("import datetime as dt\ndt.date.today()", "datetime.date.today"),
        ("from datetime import date\nread = date.today", "datetime.date.today"),
        ("import time\ntime.monotonic()", "time"),
        ("from time import monotonic", "time"),
        ("import random", "random"),
        ("def f():\n    from secrets import choice", "secrets"),
        ("import os.path", "os"),
        ("import subprocess as s", "subprocess"),
        ("open('x', 'w')", "open"),
        ("open('x', mode='a')", "open"),
        ("open('x', mode)", "open"),
        ("path.open('wb')", "open"),
        ("import io\nio.open('x', 'w')", "open"),
        ("path.write_text('x')", "write_text"),
        ("input()", "input"),
        ("list(map(print, []))", "print"),
    ],
)
def test_each_impurity_is_seen(source: str, found: str) -> None:
    """The clock, chance, the system, writing, the keyboard and the screen are seen under any name."""
    assert impurities(source) == {found}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date, time\ndate(2026, 1, 1)\ntime(10)",
        "moment.today\nmoment.now",
        "today = moment.today()",
        "open('x')\nopen('x', 'rb')\npath.open()\npath.open('r')",
        "from .time import now",
        "'print(1)'",
    ],
)
def test_what_is_pure_passes(source: str) -> None:
    """Dates given, files read and names that only look alike are no impurity."""
    assert impurities(source) == set()
