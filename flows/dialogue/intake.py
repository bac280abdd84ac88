"""The first questions: who owes, how much, since when."""

from __future__ import annotations

from flows.dialogue.answering import keep_promise
from flows.dialogue.asking import DATED, DOUBTS, fact_view, take_press, take_text
from flows.dialogue.choosing import chosen_key, said_button
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.invoice_facts import owed
from flows.dialogue.screens import Choice
from flows.dialogue.settling import note_excess, settle_due_date
from flows.dialogue.terms import take_invoice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import UNKNOWN, Turn
from flows.dialogue.usual import take_usual_rate
from flows.dossier import Dossier, Status
from flows.facts import fact
from flows.reading import SentenceRead, Understood, read_sentence, read_yes_no, sentence
from flows.values import Facts
from letters.format import date_longue

SENTENCE_ENOUGH = 2
"""Facts a sentence must give before it is taken for more than a plain answer."""
_DEBT = ("client", "facture", "impay", "pay")
"""Parts of words that somebody with an unpaid bill uses first."""
_PLAIN = frozenset({"choice", "amount", "past_date"})
"""Kinds of facts that a bare answer is recognised by."""
_WHO = frozenset({"debtor_kind", "debtor_name"})
"""What a bare name may tell: « Dupont SARL » is an answer, not a sentence."""
_ORDER = (
    "debtor_kind",
    "debtor_name",
    "amount_due",
    "invoice_due_on",
    "invoice_number",
    "invoice_on",
    "payment_terms",
)


def unfinished(turn: Turn) -> Dossier | None:
    """Give the dossier in hand when it is open, for « Reprendre »."""
    dossier = turn.dossier
    return dossier if dossier and dossier.status is Status.OPEN else None


def show_home(turn: Turn) -> View:
    """Show the menu: in full on /start, short otherwise."""
    current = unfinished(turn)
    wanted = {"new", "dossiers", "prevention", *(["resume"] if current else [])}
    client = (current.debtor_name or words("unnamed_client")) if current else ""
    rows = column(buttons("home_choices", wanted, client=client))
    greet = turn.scratch("greet") or not turn.conversation.serial
    return View(say("home" if greet else "home_again"), rows)


def press_home(turn: Turn, key: str) -> None:
    """Start a dossier, take the last one up, or list them."""
    if key == "dossiers":
        turn.fire("open_dossiers")
    elif key == "prevention":
        turn.fire("see_prevention")
    elif key == "resume":
        turn.fire("go_on")
    else:
        turn.begin()


def type_home(turn: Turn, text: str) -> None:
    """Read a sentence that tells of an unpaid invoice."""
    read = read_sentence(text, turn.today)
    if not read.facts and read.refused:
        refused = next(iter(read.refused.values()))
        raise Misunderstood(sentence(refused.code, **refused.params))
    if not read.facts:
        key = chosen_key(show_home(turn), text) if not tells_of_a_debt(text) else "new"
        press_home(turn, key)
        return
    turn.open_dossier({})
    take_sentence(turn, read)


def tells_of_a_debt(text: str) -> bool:
    """Say whether a text speaks of an unpaid bill without giving anything of it yet."""
    said = text.lower()
    return any(word in said for word in _DEBT)


def take_sentence(turn: Turn, read: SentenceRead) -> None:
    """Keep what a sentence told aside until it is confirmed."""
    told = {f"told.{name}": value for name, value in read.facts.items()}
    doubts = {
        f"note.{name}": note
        for name, notes in read.notes.items()
        for note in notes
        if note in DOUBTS
    }
    turn.drop_scratch()
    turn.set_scratch(**told, **doubts)
    for refused in read.refused.values():
        turn.notes.append(say("misread", sentence=sentence(refused.code, **refused.params)))
    turn.fire("told", remember=turn.state != "home")


def told(turn: Turn) -> Facts:
    """Give what the sentence told, in the order of the questions."""
    found = {k[5:]: v for k, v in turn.conversation.scratch.items() if k.startswith("told.")}
    return {name: found[name] for name in _ORDER if name in found}


def show_read_back(turn: Turn) -> View:
    """Read back what a sentence told, each line correctable."""
    facts = told(turn)
    lines = []
    for name, value in facts.items():
        note = turn.scratch(f"note.{name}")
        shown = fact(name).show(value)
        lines.append((fact(name).label, f"{shown} ({sentence(note)})" if note else shown))
    rows = [
        *buttons("read_back"),
        *(
            Choice(f"fix{place}", f"Corriger : {fact(name).label.lower()}")
            for place, name in enumerate(facts)
        ),
    ]
    return View(say("read_back", facts=lines), column(rows), yes="ok")


def press_read_back(turn: Turn, key: str) -> None:
    """Keep all that was told, or all but the one line that is wrong."""
    facts = dict(told(turn))
    if key != "ok":
        facts.pop(list(facts)[int(key[3:])])
    turn.drop_scratch()
    turn.put(turn.need_dossier().with_facts(**facts))
    if "debtor_kind" in facts:
        take_usual_rate(turn)
    if facts.keys() >= DATED:
        note_excess(turn)
    elif "payment_terms" in facts and turn.need_dossier().due_on is None:
        settle_due_date(turn)
    turn.fire("answered")


def type_read_back(turn: Turn, text: str) -> None:
    """Take « oui », a button's words, or the right words in place of a wrong line; « non » asks which one is."""
    read = dict(read_sentence(text, turn.today).facts)
    if not read:
        for name in told(turn):
            if fact(name).kind in _PLAIN:
                match fact(name).read(text, turn.today):
                    case Understood(value, _):
                        read = {name: value}
                        break
    if not read:
        _choose_read_back(turn, text)
        return
    turn.drop_scratch(*(f"note.{name}" for name in read))
    turn.set_scratch(**{f"told.{name}": value for name, value in read.items()})


def _choose_read_back(turn: Turn, text: str) -> None:
    try:
        press_read_back(turn, chosen_key(show_read_back(turn), text))
    except Misunderstood:
        match read_yes_no(text):
            case Understood(agreed, _) if not agreed:
                if len(told(turn)) == 1:
                    press_read_back(turn, "fix0")
                else:
                    turn.notes.append(say("read_back_wrong"))
            case _:
                raise


def show_fact(turn: Turn) -> View:
    """Ask the fact of this state."""
    asked = turn.need_fact()
    return fact_view(turn, asked, buttons("dont_know") if asked.optional else None)


def press_fact(turn: Turn, key: str) -> None:
    """Take a choice, the answer to a doubt, or « je ne sais pas »."""
    asked = turn.need_fact()
    if key == "dont_know":
        turn.put(turn.need_dossier().with_facts(**{UNKNOWN + asked.name: True}))
        turn.fire("answered")
    elif take_press(turn, asked, key):
        turn.fire("answered")


def type_fact(turn: Turn, text: str) -> None:
    """Take a typed answer; a sentence that tells more than was asked is read whole."""
    asked = turn.need_fact()
    if key := said_button(show_fact(turn), text):
        press_fact(turn, key)
        return
    if turn.state == "due_date" and take_invoice(turn, text):
        return
    read = read_sentence(text, turn.today)
    more = set(read.facts) - _WHO - {asked.name}
    if turn.state != "contact_detail" and more and len(read.facts) >= SENTENCE_ENOUGH:
        take_sentence(turn, read)
        return
    if turn.state == "contact_detail" and keep_promise(turn, text, alone=True):
        turn.fire("answered")
        return
    try:
        done = take_text(turn, asked, text)
    except Misunderstood:
        # « 1 250 € » in place of a name: an answer to another question is still an answer.
        if turn.state != "contact_detail" and more:
            take_sentence(turn, read)
            return
        raise
    if done:
        turn.fire("answered")


def show_before_due(turn: Turn) -> View:
    """Nothing is late yet: offer the courteous reminder."""
    dossier = turn.need_dossier()
    assert dossier.due_on is not None
    offered = turn.recommendation.recommended
    key = "before_due" if offered and offered.document else "before_due_plain"
    return View(
        say(key, due=date_longue(dossier.due_on)), column(buttons(key)), yes="choose", no="settle"
    )


def press_before_due(turn: Turn, key: str) -> None:
    """Draft the reminder, or wait for the day after."""
    if key == "settle":
        turn.fire("settle")
        return
    offered = turn.recommendation.recommended
    assert offered is not None
    turn.drop_scratch()
    turn.set_scratch(response=offered.id, document=offered.document or "", tone="normal")
    turn.fire("choose")


def summary(turn: Turn) -> tuple[str, str, int]:
    """Give (client, amount still due, days late) of the dossier in hand, as words."""
    dossier = turn.need_dossier()
    late = (turn.today - dossier.due_on).days if dossier.due_on else 0
    return (
        dossier.debtor_name or words("unnamed_client"),
        owed(dossier),
        max(late, 0),
    )


_FACT = Handler(show_fact, press_fact, type_fact)
HANDLERS = {
    "home": Handler(show_home, press_home, type_home),
    "debtor_kind": _FACT,
    "debtor_name": _FACT,
    "amount": _FACT,
    "due_date": _FACT,
    "contact_detail": _FACT,
    "read_back": Handler(show_read_back, press_read_back, type_read_back),
    "before_due": Handler(show_before_due, press_before_due),
}
