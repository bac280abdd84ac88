"""`make drill`: the runbook from an empty PostgreSQL to a key turned, each step with real processes.

Two replicas behind one address; each killed, then both at once, while people talk; a backup; a
restore of it over what came after; another key while somebody is talking. A step that does not hold
ends the drill with an AssertionError. About a minute.
"""

from __future__ import annotations

import random
import re
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import psycopg

from tests.acceptance.visitor import WORDS, WORDS_END, Visitor, said_to, without_repeats
from tests.drill.system import System

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
DEBTOR = "Dupont SARL"


def main() -> int:
    """Play all of it; give the exit code."""
    began = time.monotonic()
    with System() as system:
        camille = Visitor(system.api.person("Camille"))
        alix = Visitor(system.api.person("Alix"))
        _two_replicas(system)
        _step("kills while five people talk", lambda: _kills(system))
        camille.to_draft("oubli")
        backup = _step("a backup while they run", lambda: _backup(system))
        camille.send()
        alix.tell()
        _step("yesterday's backup put back", lambda: _restore(system, backup, camille, alix))
        _step("another key while somebody talks", lambda: _turn_the_key(system, alix))
        assert system.api.violations == [], system.api.violations
        floods = [call for call in system.api.calls() if call.status == 429]
        print(f"no call refused by Telegram, {len(floods)} answers 429")
        system.stop()
    print(f"all of it holds, in {time.monotonic() - began:.0f} s")
    return 0


def _step(name: str, play: Callable[[], T]) -> T:
    started = time.monotonic()
    result = play()
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
    return result


def _new_key(system: System) -> str:
    found = re.search(r"^\d{8}-\S{40,}$", system.relance("cles", "--nouvelle"), re.MULTILINE)
    assert found, "no key was made"
    return found[0]


def _two_replicas(system: System) -> None:
    """From nothing to two replicas, as the runbook says."""
    started = time.monotonic()
    system.environment["RELANCE_ENCRYPTION_KEY"] = _new_key(system)
    system.relance("migrate")
    system.start()
    system.sender()
    assert "PANNE" not in system.relance("doctor")
    print(
        f"from an empty PostgreSQL to two replicas: {time.monotonic() - started:.1f} s", flush=True
    )


def _kills(system: System) -> None:
    """Kill the one that sends, the other, both, while five people tell a whole case each."""
    people = [system.api.person("Camille") for _ in range(5)]
    left = {person.id: list(WORDS) for person in people}
    chance = random.Random(2026)

    def talk(answers: int) -> None:
        for _ in range(answers):
            waiting = [person for person in people if left[person.id]]
            if waiting:
                person = chance.choice(waiting)
                person.say(left[person.id].pop(0))
                time.sleep(0.02)

    for victims in ("sender", "other", "both"):
        talk(12)
        sender = system.sender()
        places = {"sender": [sender], "other": [1 - sender], "both": [0, 1]}[victims]
        system.kill(*places)
        talk(4)
        system.start(*places)
    talk(1000)
    for person in people:
        person.wait(lambda p=person: WORDS_END in "".join(said_to(p)), 60, "an answer was lost")  # type: ignore[misc]
    told = {tuple(without_repeats(said_to(person))) for person in people}
    assert len(told) == 1, "two people who said the same were told different things"
    again = sum(len(said_to(person)) - len(next(iter(told))) for person in people)
    print(f"  four processes killed, nothing lost, came twice: {again}")
    assert again <= 3 * len(people)


def _backup(system: System) -> str:
    said = system.relance("sauvegarde")
    return said.split(" : ")[0].strip()


def _restore(system: System, backup: str, camille: Visitor, alix: Visitor) -> None:
    """Put the backup back; what came after it is gone, and those concerned are told so."""
    assert "arrêt" in system.relance("restaure", backup, "--remplacer", code=1).lower()
    system.stop()
    system.relance("restaure", backup, "--remplacer")
    system.relance("doctor")
    mark = camille.person.mark()
    system.start()
    camille.person.wait(
        lambda: camille.person._after(mark), 20, "nobody told Camille of the restore"
    )
    assert "sauvegarde" in said_to(camille.person)[-1]
    camille.person.command("dossiers")
    camille.person.expect(DEBTOR)
    alix.tell()  # all of theirs came after the backup: they begin again


def _turn_the_key(system: System, alix: Visitor) -> None:
    """Add a key after the old one, then before it, seal again while Alix talks, take the old one out."""
    old, new = system.environment["RELANCE_ENCRYPTION_KEY"], _new_key(system)

    def one_by_one(keys: str) -> None:
        system.environment["RELANCE_ENCRYPTION_KEY"] = keys
        for place in (0, 1):
            system.stop(place)
            system.start(place)

    one_by_one(f"{old},{new}")
    one_by_one(f"{new},{old}")
    alix.press("Il avait oublié")
    print("  " + system.relance("cles", "--tourner").strip().replace("\n", "\n  "))
    alix.settle_questions()
    one_by_one(new)
    alix.draft()
    alix.send()
    with psycopg.connect(system.database) as connection:
        kept = str(connection.execute("SELECT data, debtor_name, outline FROM dossiers").fetchall())
    assert DEBTOR not in kept
    system.environment["RELANCE_ENCRYPTION_KEY"] = old
    said = system.relance("doctor", code=1)
    assert "PANNE" in said, said
    system.environment["RELANCE_ENCRYPTION_KEY"] = new


if __name__ == "__main__":
    sys.exit(main())
