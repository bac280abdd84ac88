"""The stand-in as a process with a person at the keyboard."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


def _call(url: str, token: str, method: str, **params: Any) -> Any:
    request = urllib.request.Request(
        f"{url}/bot{token}/{method}",
        json.dumps(params).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as wrong:
        with wrong:
            return json.load(wrong)


def _type(stream: IO[str] | None, line: str) -> None:
    assert stream is not None
    stream.write(line + "\n")
    stream.flush()


def test_a_process_is_driven_by_lines_and_tells_what_was_refused() -> None:
    """Lines are said or pressed, the bot's messages are printed, a violation makes the exit code 1."""
    command = [sys.executable, "-m", "tests.standin", "--port", "0", "--name", "Zoé"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        text=True,
        encoding="utf-8",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        found = re.fullmatch(r"Bot API: (\S+)  token: (\S+)\n", process.stdout.readline())
        assert found is not None
        url, token = found.groups()
        _type(process.stdin, "/start")
        update = _call(url, token, "getUpdates", timeout=10)["result"][0]
        assert update["message"]["text"] == "/start"
        chat = update["message"]["from"]
        assert chat["first_name"] == "Zoé"
        keys = {"inline_keyboard": [[{"text": "Oui", "callback_data": "1"}]]}
        _call(url, token, "sendMessage", chat_id=chat["id"], text="Payé ?", reply_markup=keys)
        shown = process.stdout.readline() + process.stdout.readline()
        assert "bot: 'Payé ?'\n    [Oui]" in shown
        _type(process.stdin, "!press Oui")
        offset = update["update_id"] + 1
        pressed = _call(url, token, "getUpdates", offset=offset, timeout=10)["result"][0]
        assert pressed["callback_query"]["data"] == "1"
        assert not _call(url, token, "sendMessage", chat_id=chat["id"], text="")["ok"]
        _type(process.stdin, "!nonsense")
        _type(process.stdin, "!calls")
        _, complaints = process.communicate("!quit\n", timeout=10)
        assert process.returncode == 1
        assert "unknown: !nonsense" in complaints
        assert "refused: sendMessage" in complaints
        assert "message text is empty" in complaints
