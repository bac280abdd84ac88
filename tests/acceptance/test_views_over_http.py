"""The whole view over HTTP: a photo with its words, the list, and the calendar of the legal clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from tests.acceptance.bot_process import TODAY
from tests.acceptance.visitor import Visitor
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.bot_process import BotProcess
    from tests.standin import StandIn


@pytest.fixture
def camille(visit: Callable[..., Visitor], shared_bot: BotProcess) -> Visitor:
    """Somebody new, on the first day."""
    shared_bot.go_to(TODAY)
    return visit()


def test_the_whole_then_the_calendar(camille: Visitor, shared_api: StandIn) -> None:
    """/bilan sends a photo and says the same below; a clock noted leaves as a calendar that opens."""
    camille.to_draft("oubli")
    camille.send()
    person = camille.person
    person.command("bilan")
    said = person.expect("Prochaines dates", timeout=20)
    before = person.messages()[person.messages().index(said) - 1]
    assert before.photo is not None
    assert "redit en mots" in before.text
    assert "1 250,00 € à recevoir" in plain(said.text)
    (photo,) = shared_api.calls("sendPhoto", person.id)
    assert photo.params["photo"]["file_size"] > 10_000

    camille.press("Mes dossiers")
    person.expect("de retard", timeout=20)
    camille.press("Dupont SARL", "Délais de la loi", "Dire quand").say("01/09/2025")
    camille.press("Ajouter à mon agenda")
    person.expect("ouvrez ce fichier", timeout=20)
    sent = [m.document for m in person.messages() if m.document]
    assert sent[-1].name == "Delais-Dupont-SARL.ics"
    titles = {str(e["summary"]) for e in Calendar.from_ical(sent[-1].content).walk("VEVENT")}
    assert "Dupont SARL : agir avant la prescription" in titles
    assert shared_api.violations == []
