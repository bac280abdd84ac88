"""`relance cles`: keys made, listed, changed; and what starts without the right one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.findings import Verdict
from bot.key_checks import check_keys
from bot.keys import Key
from bot.keys_command import told
from bot.store import Store
from tests.bot.shell import one_line, relance
from tests.store.sealed import NEW, OLD, check_alive, live, words_in

TODAY = NEW.made


def filled(tmp_path: Path, *keys: Key) -> str:
    """A database of the settings with two people, under these keys."""
    url = f"sqlite:///{tmp_path}/donnees/relance.sqlite3"
    with Store.open(url, keys=keys) as store:
        store.prepare()
        store.unlock()
        live(store, 7)
        live(store, 8)
    return url


def test_a_new_key_is_printed_alone(tmp_path: Path) -> None:
    """One line that a script can take, made today, and no database; what to do with it goes to stderr."""
    done = relance(tmp_path, "cles", "--nouvelle")
    assert done.returncode == 0
    key = Key.read(done.stdout.strip())
    assert key.made == datetime.now(UTC).date()
    assert "RELANCE_ENCRYPTION_KEY" in done.stderr
    assert key.text not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_changed_by_the_steps_of_the_runbook(tmp_path: Path) -> None:
    """Plain, then a key, then another before it: all is sealed again, the words are gone from the files."""
    url = filled(tmp_path)
    words = words_in(url)
    assert words
    first = relance(tmp_path, "cles", "--tourner", RELANCE_ENCRYPTION_KEY=OLD.text)
    assert first.returncode == 0, first.stderr
    assert f"14 sous la clé {OLD.id}" in first.stdout
    assert "Plus rien n’est en clair" in first.stdout
    assert words_in(url) == set()
    both = f"{NEW.text},{OLD.text}"
    listed = relance(tmp_path, "cles", RELANCE_ENCRYPTION_KEY=both)
    assert listed.returncode == 0, listed.stderr
    assert re.search(rf"{NEW.id} du 22/11/2026 .*: chiffre et ouvre, aucune ligne", listed.stdout)
    assert re.search(rf"{OLD.id} du 01/11/2025 .*: ouvre, 14 lignes", listed.stdout)
    second = relance(tmp_path, "cles", "--tourner", RELANCE_ENCRYPTION_KEY=both)
    assert second.returncode == 0, second.stderr
    assert f"La clé {OLD.id} n’ouvre plus aucune ligne" in second.stdout
    for done in (first, listed, second):
        assert OLD.text[9:] not in done.stdout + done.stderr
    with Store.open(url, keys=[NEW]) as store:
        store.unlock()
        check_alive(store, 7)


@pytest.mark.parametrize("keys", [(), (NEW,)], ids=["none", "another"])
def test_nothing_that_reads_starts_without_the_key(tmp_path: Path, keys: tuple[Key, ...]) -> None:
    """One line names the key and the setting, with the code of a mistake; `cles` still lists, `effacer` erases."""
    url = filled(tmp_path, OLD)
    given = {"RELANCE_ENCRYPTION_KEY": ",".join(key.text for key in keys)}
    refused = relance(
        tmp_path, "run", **given, RELANCE_TELEGRAM_TOKEN="123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    )  # fmt: skip
    said = [line for line in refused.stderr.splitlines() if "RELANCE_ENCRYPTION_KEY" in line]
    assert (refused.returncode, len(said)) == (2, 1)
    assert OLD.id in said[0]
    assert "Traceback" not in refused.stderr
    turned = relance(tmp_path, "cles", "--tourner", **given)
    assert turned.returncode == 2
    assert "RELANCE_ENCRYPTION_KEY" in one_line(turned)
    listed = relance(tmp_path, "cles", **given)
    assert f"clé {OLD.id} ABSENTE des réglages : 14 lignes" in listed.stdout
    assert relance(tmp_path, "effacer", "8", **given).returncode == 0
    with Store.open(url, keys=[OLD]) as store:
        check_alive(store, 7)
        with store.read() as tx:
            assert tx.dossiers_of(8) == []


def test_a_restore_without_the_key_changes_nothing(tmp_path: Path) -> None:
    """It is refused in one line before anything is replaced; with the key it is done."""
    filled(tmp_path, OLD)
    assert relance(tmp_path, "sauvegarde").returncode == 0
    (kept,) = (tmp_path / "donnees" / "sauvegardes").glob("*.sqlite3")
    elsewhere = tmp_path / "ailleurs"
    given = {"RELANCE_DATABASE_URL": f"sqlite:///{elsewhere}/relance.sqlite3"}
    assert OLD.id in one_line(relance(tmp_path, "restaure", str(kept), **given))
    assert list(elsewhere.iterdir()) == []
    done = relance(tmp_path, "restaure", str(kept), **given, RELANCE_ENCRYPTION_KEY=OLD.text)
    assert done.returncode == 0, done.stderr
    with Store.open(given["RELANCE_DATABASE_URL"], keys=[OLD]) as store:
        assert store.revision()
        with store.read() as tx:
            assert "sauvegarde du" in tx.pending_of(7)[-1]


def test_each_key_has_its_line() -> None:
    """Those of the settings with their use and age, what is plain, and those that are missing."""
    assert told([NEW, OLD], {NEW.id: 1, "plain": 2, "deadbeef": 3}, TODAY) == [
        f"clé {NEW.id} du 22/11/2026 (aujourd’hui) : chiffre et ouvre, 1 ligne",
        f"clé {OLD.id} du 01/11/2025 (386 jours) : ouvre, aucune ligne",
        "en clair : 2 lignes",
        "clé deadbeef ABSENTE des réglages : 3 lignes, illisibles sans elle",
    ]
    (line,) = told([], {}, TODAY)
    assert "rien n’est chiffré" in line


@pytest.mark.parametrize(
    ("keys", "noted", "verdicts", "says"),
    [
        ((), (), [Verdict.WARNING], "en clair"),
        ((), (OLD.id,), [Verdict.ERROR], f"la clé {OLD.id}, absente"),
        ((NEW,), (NEW.id,), [Verdict.OK], f"clé {NEW.id} du 22/11/2026, 0 jours"),
        ((NEW,), (), [Verdict.OK], NEW.id),
        ((OLD,), (OLD.id,), [Verdict.WARNING], "386 jours : plus de 365"),
        ((NEW, OLD), (NEW.id, OLD.id), [Verdict.OK, Verdict.WARNING], f"sous {OLD.id}"),
        ((NEW,), (NEW.id, "plain"), [Verdict.OK, Verdict.WARNING], "encore en clair"),
        ((NEW,), (NEW.id, OLD.id), [Verdict.ERROR, Verdict.OK], f"la clé {OLD.id}, absente"),
    ],
)
def test_doctor_tells_of_the_keys(
    keys: tuple[Key, ...], noted: tuple[str, ...], verdicts: list[Verdict], says: str
) -> None:
    """None, one, an old one, one more than is needed, one that is missing: each has its verdict and what to do."""
    found = list(check_keys(keys, noted, TODAY))
    assert [one.verdict for one in found] == verdicts
    assert any(says in one.words for one in found)
    assert all(one.todo for one in found if one.verdict is not Verdict.OK)


def test_doctor_reads_the_keys_of_a_base(tmp_path: Path) -> None:
    """A base under a key that is not given is a PANNE; given, it is one line with its age."""
    filled(tmp_path, NEW)
    missing = relance(tmp_path, "doctor")
    assert missing.returncode == 1
    assert re.search(rf"^PANNE +chiffrement : .*{NEW.id}", missing.stdout, re.MULTILINE)
    given = relance(tmp_path, "doctor", RELANCE_ENCRYPTION_KEY=NEW.text)
    assert re.search(rf"^OK +chiffrement : clé {NEW.id}", given.stdout, re.MULTILINE)
    assert NEW.text[9:] not in given.stdout + given.stderr
