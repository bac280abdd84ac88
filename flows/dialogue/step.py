"""The one way in: a conversation, an event and the moment give a new conversation and what to show.

Pure: the same arguments give the same result. All that a channel may send twice, late or out of order is
settled here: a button of an older screen, the same button twice, an unknown state, a text nobody expected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from flows.dialogue import actions, why
from flows.dialogue.asides import WHY, explain, explain_aside
from flows.dialogue.cabinet import see_documents
from flows.dialogue.choosing import chosen_key
from flows.dialogue.conversation import Book, Conversation, Moment, Step
from flows.dialogue.events import (
    Command,
    Edited,
    Event,
    Pressed,
    SentFile,
    Typed,
    Unreadable,
    Wakes,
    Woken,
)
from flows.dialogue.exhibits import receive
from flows.dialogue.handler import Misunderstood
from flows.dialogue.leaving import Forgotten, export, privacy
from flows.dialogue.library import Library
from flows.dialogue.room import Full
from flows.dialogue.screens import Screen, Toast
from flows.dialogue.showing import BACK, HANDLERS, append, remark, show, view_of
from flows.dialogue.table import FREE_WORDS, STATES, WITHOUT_DOSSIER
from flows.dialogue.texts import say, words
from flows.dialogue.turn import Turn
from flows.dialogue.waking import wake
from flows.dossier import Dossier

TEXT_LIMIT = 4096
"""Characters of a message that is read at all: as much as Telegram carries."""
DATA_LIMIT = 64
"""Characters of a button's data: as much as Telegram carries, in bytes."""
_ALIASES = {
    "help": "aide",
    "cancel": "annuler",
    "privacy": "confidentialite",
    "settings": "parametres",
    "back": "retour",
    "new": "nouveau",
}
_PLACES = {
    "dossiers": ("open_dossiers", "page"),
    "bilan": ("open_overview", "page"),
    "parametres": ("open_settings", "purpose", "section"),
    "prevenir": ("see_prevention", "topic", "kind", "number"),
    "supprimer": ("ask_erase_all",),
}
"""Where a command leads: the trigger, and the words of the scratch pad that would lead elsewhere."""
_SAID = {"mes dossiers": "dossiers", "menu": "annuler", "vue d’ensemble": "bilan"}
"""Words typed that stand for a command of another name."""
_WORDS = {"retour", "annuler", "aide", "dossiers", "bilan", *_SAID}


class _AskedWhy(Exception):  # noqa: N818 - it is a question, not a fault
    """« Pourquoi ? » was typed in place of its button: it moves nothing."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__()
        self.dossier = dossier


def step(
    conversation: Conversation, book: Book, event: Event, moment: Moment, library: Library
) -> Step:
    """Take one event.

    `book` holds the person's own dossiers only. Returns the new conversation, what to show in order, the
    dossiers that changed and, for each, all the reminders it should have from now on; for every dossier
    when the person changed when they want to be spoken to, and for one whose days have moved on by themselves.
    """
    turn = Turn(conversation, book, moment, library)
    _mend(turn)
    try:
        _take_event(turn, event)
        if not isinstance(event, Woken | Wakes):
            library.room.for_all(turn.changed.values(), book)
    except Full as full:
        # As if it had not been said: the place of before, and why.
        turn = Turn(conversation, book, moment, library)
        _mend(turn)
        remark(turn, str(full))
    if turn.forgotten:
        return Step(Conversation(), tuple(turn.shown), forgotten=True)
    turn.begin_with_the_debt()
    changed = tuple(turn.changed.values())
    moved = turn.moment.rhythm != moment.of(conversation.person).rhythm
    derived = turn.everything() if moved else tuple({**turn.outdated, **turn.changed}.values())
    return Step(
        turn.conversation,
        tuple(turn.shown),
        changed,
        {d.id: library.reminders(d, turn.moment) for d in derived},
        turn.held,
        tuple(turn.erased),
    )


# --- the events --------------------------------------------------------------------------------


def _take_event(turn: Turn, event: Event) -> None:
    match event:
        case Woken():
            wake(turn, (event,))
        case Wakes(items):
            wake(turn, items)
        case Command(name, _):
            _command(turn, _ALIASES.get(name, name))
        case Pressed(data):
            _press(turn, data)
        case Typed(text):
            _type(turn, text)
        case Edited():
            remark(turn, say("edited"))
        case SentFile():
            if receive(turn, event):
                show(turn)
            else:
                append(turn, view_of(turn))
        case Unreadable(kind):
            remark(turn, say("unreadable", kind=kind))


def _mend(turn: Turn) -> None:
    """Lead a place that no longer exists to the menu; what was entered is kept."""
    unknown = turn.state not in STATES
    homeless = turn.dossier is None and turn.state not in WITHOUT_DOSSIER
    settings = turn.state == "need" and turn.scratch("purpose") == "settings"
    if unknown or (homeless and not settings):
        turn.state = "home"
        turn.conversation = replace(turn.conversation, state="home", trail=(), scratch={})
        if unknown:
            turn.notes.append(say("lost_place"))


def _command(turn: Turn, name: str) -> None:
    match name:
        case "start":
            turn.drop_scratch("page", "purpose")
            turn.fire("cancel")
            turn.set_scratch(greet=True)
            show(turn)
            turn.drop_scratch("greet")
        case "exporter":
            remark(turn, export(turn))
        case "aide" | "confidentialite":
            remark(turn, say("help") if name == "aide" else privacy(turn))
        case "retour":
            _back(turn)
        case "annuler":
            client = turn.dossier.debtor_name if turn.dossier and turn.state != "home" else ""
            turn.notes.append(say("cancelled", client=client))
            turn.drop_scratch()
            turn.fire("cancel")
            show(turn)
        case "dossiers" | "bilan" | "parametres" | "prevenir" | "supprimer":
            trigger, *about = _PLACES[name]
            turn.drop_scratch(*about)
            turn.fire(trigger)
            show(turn)
        case "pieces" | "documents" if name not in _papers(turn):
            remark(turn, say("file_no_dossier" if name == "pieces" else "documents_no_dossier"))
        case "pieces":
            turn.fire("see_exhibits")
            show(turn)
        case "documents":
            see_documents(turn)
            show(turn)
        case "nouveau":
            turn.begin()
            show(turn)
        case _:
            remark(turn, say("unknown_command"))


def _papers(turn: Turn) -> set[str]:
    """Give which of its papers can be looked at for the dossier in hand."""
    if turn.dossier is None or turn.dossier.debtor_kind is None:
        return set()
    told = turn.dossier.amount_due is not None and turn.dossier.due_on is not None
    return {"pieces", "documents"} if told else {"pieces"}


def _back(turn: Turn) -> None:
    if not turn.go_back():
        turn.notes.append(say("nothing_to_go_back"))
    show(turn)


def _press(turn: Turn, data: str) -> None:
    if len(data) > DATA_LIMIT:
        remark(turn, say("unknown_button"))  # no button of the bot holds as much
        return
    if data.startswith(actions.DOSSIER):
        _press_bound(turn, data)
        return
    serial, _, key = data.partition(".")
    if serial != str(turn.conversation.serial):
        if data and data == turn.conversation.last_pressed:
            turn.shown.append(Toast(words("already_noted")))
            return
        remark(turn, say("stale_screen"))
        return
    if key == BACK and turn.conversation.trail:
        _accept(turn, data)
        _back(turn)
        return
    if key not in _offered(turn):
        remark(turn, say("unknown_button"))
        return
    _accept(turn, data)
    _answer(turn, lambda: HANDLERS[turn.state].pressed(turn, key), pressed=True)


def _offered(turn: Turn) -> Collection[str]:
    """Give the keys that can be pressed now: those just shown, or on a later day those shown anew."""
    shown = turn.conversation.offered
    if shown and shown[0] == turn.today.isoformat():
        return shown[1:]
    return {choice.data for choice in view_of(turn).choices}


def _press_bound(turn: Turn, data: str) -> None:
    """Take a button that names its dossier: under a nudge, on a card, in the list."""
    dossier_id, action, seen = actions.read_dossier_button(data)
    if data == turn.conversation.last_pressed and action in actions.ONCE:
        turn.shown.append(Toast(words("already_noted")))
        return
    dossier = turn.book.get(dossier_id)
    if dossier is None or action not in {WHY, *actions.ACTIONS}:
        remark(turn, say("no_dossier" if dossier is None else "unknown_button"))
        return
    if action == WHY:
        _accept(turn, data)
        explain_aside(turn, dossier)
        return
    turn.hold(dossier)
    _accept(turn, data)
    old = action in actions.ONCE and seen != actions.version(dossier)
    if old or action not in actions.allowed(turn):
        turn.notes.append(say("stale_screen"))
        turn.fire("open_card", remember=False)
        show(turn, replace_pressed=True)
        return
    actions.ACTIONS[action](turn)
    _count(turn)
    show(turn, replace_pressed=True)


def _accept(turn: Turn, data: str) -> None:
    turn.conversation = turn.conversation.but(last_pressed=data)


def _type(turn: Turn, text: str) -> None:
    if len(text) > TEXT_LIMIT:
        remark(turn, say("too_long"))
        return
    said = " ".join(text.replace("'", "’").lower().split())
    if said in _WORDS and turn.state not in FREE_WORDS:
        _command(turn, _SAID.get(said, said))
        return
    if said in why.WORDS and turn.state not in FREE_WORDS:
        explain(turn)
        return
    handler = HANDLERS[turn.state]
    if handler.typed:
        read = handler.typed
        _answer(turn, lambda: _read_or_take(turn, read, text))
    else:
        _answer(turn, lambda: _take(turn, chosen_key(view_of(turn), text)))


def _read_or_take(turn: Turn, read: Callable[[Turn, str], bool | None], text: str) -> None:
    """Let the state read the text; what it leaves is read as the words of a button."""
    if read(turn, text) is False:
        _take(turn, chosen_key(view_of(turn), text))


def _take(turn: Turn, key: str) -> None:
    """Take a button of the present screen, chosen by its words."""
    dossier_id, action, _ = actions.read_dossier_button(key)
    if not action:
        HANDLERS[turn.state].pressed(turn, key)
        return
    dossier = turn.book.get(dossier_id)
    assert dossier is not None
    if action == WHY:
        raise _AskedWhy(dossier)
    turn.hold(dossier)
    actions.ACTIONS[action](turn)


def _answer(turn: Turn, take: Callable[[], None], *, pressed: bool = False) -> None:
    try:
        take()
    except _AskedWhy as asked:
        explain_aside(turn, asked.dossier)
        return
    except Forgotten as farewell:
        turn.shown, turn.forgotten = [Screen(str(farewell))], True
        return
    except Misunderstood as misread:
        # Nothing read, nothing lost: the same question again, with what was expected.
        remark(turn, say("misread", sentence=str(misread)))
        return
    _count(turn)
    show(turn, replace_pressed=pressed)


def _count(turn: Turn) -> None:
    if turn.moved:
        turn.conversation = turn.conversation.but(answers=turn.conversation.answers + 1)
