"""Somebody who plays a whole case with the bot, pressing the buttons a person would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tests.acceptance.bot_process import PATIENCE, day_named
from tests.standin.views import plain

if TYPE_CHECKING:
    from tests.acceptance.bot_process import BotProcess
    from tests.standin import Call, Message, Person, StandIn

INTAKE = ("Dupont SARL", "1 250 €", "15/10/2026")
RECOMMENDED = "C'est ça"
LATER = "Je l’ajouterai plus tard"
NO_ANSWER = "Message laissé"
UNSURE = "Je ne sais pas"


NEEDS = {"combien voulez-vous réduire": "100 €"}
"""What is answered when a text must state something that was not told: words of the question first."""


WORDS = (
    "/start",
    "/nouveau",
    "Une société",
    "Dupont SARL",
    "1 250 €",
    "15/10/2026",
    "Il avait oublié",
    "1",
    "J’ai envoyé",
    "SMS",
    "Aujourd’hui",
)
"""A whole case, typed: a person may type the words of a button."""
WORDS_END = "Je reviens vers vous"


@dataclass(frozen=True)
class Cause:
    """What is answered for one cause: what happened, then to each question in turn."""

    outcome: str
    answers: tuple[str, ...]
    title: str
    """Words of the screen that names the draft."""


CAUSES = {
    "oubli": Cause("Il avait oublié", (), "SMS amical"),
    "administratif": Cause("il manque une pièce", ("Un bon de commande",), "pièce manquante"),
    "insatisfaction fondée": Cause("pas content", ("Oui, pour l'essentiel",), "réserve justifiée"),
    "insatisfaction infondée": Cause(
        "pas content", ("Non, le travail",), "réserve que rien n'appuie"
    ),
    "trésorerie": Cause("Pas d'argent", (UNSURE,), "paiement en plusieurs fois"),
    "mauvaise foi": Cause("refuse", ("change à chaque fois",), "Mise en demeure"),
    "pas encore": Cause("Rien fait", (UNSURE,), "de quoi appeler"),
}


@dataclass
class Visitor:
    """A person and the count of what they answered since /start."""

    person: Person
    answers: int = 0

    # One thing at a time

    def start(self) -> Visitor:
        """Press Start."""
        self.person.start()
        self.answers = 0
        return self

    def press(self, *labels: str) -> Visitor:
        """Press these buttons, each once it is shown."""
        for label in labels:
            self.person.press(label, timeout=PATIENCE)
            self.answers += 1
        return self

    def say(self, *texts: str) -> Visitor:
        """Type these texts, each once the bot said something about the one before."""
        for text in texts:
            self.person.wait(
                lambda: self.person._after(self.person._since), PATIENCE, "no answer yet"
            )
            self.person.say(text)
            self.person.expect(timeout=PATIENCE)
            self.answers += 1
        return self

    def shown(self, *labels: str) -> tuple[str, Message]:
        """Wait for a screen that offers one of these buttons; give the button and the screen."""

        def ready() -> tuple[str, Message] | None:
            for event in reversed(self.person._after(self.person._since)):
                offered = [plain(label) for row in event.message.labels for label in row]
                for label in labels:
                    if any(plain(label).lower() in one.lower() for one in offered):
                        return label, event.message
            return None

        return self.person.wait(ready, PATIENCE, f"none of the buttons {labels}")

    # A whole case

    def tell(self, kind: str = "Une société") -> Visitor:
        """Tell who owes how much since when, one answer a message: the longest way there is."""
        return self.start().press("facture impayée", kind).say(*INTAKE)

    def to_diagnosis(self, name: str) -> Message:
        """Play a cause until the bot says what it thinks; give that screen."""
        cause = CAUSES[name]
        self.tell().press(cause.outcome)
        for answer in cause.answers:
            self.shown(answer)
            self.press(answer)
        return self.settle_questions()

    def settle_questions(self) -> Message:
        """Answer « je ne sais pas » until the bot concludes; give the screen that does."""
        while True:
            label, screen = self.shown(RECOMMENDED, "D'accord", UNSURE)
            if label != UNSURE:
                return screen
            self.press(UNSURE)

    def to_draft(self, name: str) -> Draft:
        """Play a cause to its first draft."""
        self.to_diagnosis(name)
        return self.draft()

    def draft(self) -> Draft:
        """Take the recommended response, tell what its text must state; give the text."""
        self.press(RECOMMENDED)
        while True:
            label, screen = self.shown("J'ai envoyé", "J'ai appelé", "Retour")
            if label != "Retour":
                break
            self.say(*[said for asked, said in NEEDS.items() if asked in plain(screen.text)])
        fresh = self.person._after(self.person._since)
        texts = [e.message for e in fresh if e.kind == "new" and e.message.id != screen.id]
        assert len(texts) == 1, [str(one) for one in texts]
        return Draft(texts[0], screen)

    def send(self) -> date:
        """Say that the draft was sent today, by the first means offered; give the day of return."""
        self.press("J'ai")
        _, screen = self.shown("Retour")
        if any(NO_ANSWER in plain(label) for row in screen.labels for label in row):
            # After a call, what came of it is asked at once: nobody answered, so a text is sent.
            self.press(NO_ANSWER)
            self.settle_questions()
            self.press(RECOMMENDED, "J'ai envoyé")
            _, screen = self.shown("Retour")
        self.press(screen.labels[0][0], "Aujourd'hui")
        label, waiting = self.shown("Voir le dossier", LATER)
        if label == LATER:  # the tracking number of a registered letter
            self.press(LATER)
            _, waiting = self.shown("Voir le dossier")
        return day_named(waiting.text)

    def nudged(self) -> Message:
        """Wait for the bot to come back by itself; give what it says."""
        return self.person.expect("Payé depuis ?", timeout=PATIENCE)


def wake(api: StandIn) -> None:
    """Have the bot look now at what is due, as after any update, instead of at its next tick."""
    passer_by = api.person("Passage")
    passer_by.command("aide")
    passer_by.expect(timeout=PATIENCE)


def stays_silent(visitor: Visitor, api: StandIn, bot: BotProcess, days: int) -> None:
    """Let days pass and fail if the bot says anything to this person meanwhile."""
    mark = visitor.person.mark()
    bot.advance(days)
    wake(api)
    visitor.person.quiet(0.2)
    assert visitor.person._after(mark) == []


@dataclass(frozen=True)
class Draft:
    """A text ready to copy, alone in its message, and the screen that speaks of it."""

    message: Message
    screen: Message

    @property
    def text(self) -> str:
        return self.message.text


def said_to(person: Person) -> list[str]:
    """Give the texts of the bot as they came, edits included."""
    return [event.message.text for event in person._after(0)]


def without_repeats(texts: list[str]) -> list[str]:
    """Give the texts without those that only repeat the one before."""
    return [text for n, text in enumerate(texts) if n == 0 or texts[n - 1] != text]


def wait_struck(api: StandIn, method: str, kind: str) -> Call:
    """Wait until a planned fault holds a call."""
    return api.wait_call(method, lambda call: call.injected == kind)
