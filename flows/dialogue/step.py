"""The one way in: a conversation, an event and the moment give a new conversation and what to show.

Pure: the same arguments give the same result. All that a channel may send twice, late or out of order is
settled here: a button of an older screen, the same button twice, an unknown state, a text nobody expected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from flows.dialogue import (
    actions,
    desk,
    diagnosing,
    drafting,
    following,
    happening,
    intake,
    law_desk,
    sending,
    terms,
    why,
)
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
    Woken,
)
from flows.dialogue.handler import Handler, Misunderstood, View
from flows.dialogue.library import Library
from flows.dialogue.screens import Choice, Screen, Shown, Toast
from flows.dialogue.table import RESTING, STATES, TYPING
from flows.dialogue.texts import say, words
from flows.dialogue.turn import Turn, was_late
from flows.dossier import ActKind, Dossier, Status

HANDLERS: dict[str, Handler] = {
    **intake.HANDLERS,
    **diagnosing.HANDLERS,
    **drafting.HANDLERS,
    **sending.HANDLERS,
    **following.HANDLERS,
    **desk.HANDLERS,
    **terms.HANDLERS,
    **law_desk.HANDLERS,
    **happening.HANDLERS,
}

TEXT_LIMIT = 4096
"""Characters of a message that is read at all: as much as Telegram carries."""
BACK = "back"
WHY = "why"
"""The one button of a dossier that moves nothing, not even the dossier in hand."""
_ALIASES = {
    "help": "aide",
    "cancel": "annuler",
    "privacy": "confidentialite",
    "settings": "parametres",
    "back": "retour",
    "new": "nouveau",
}
_WORDS = {"retour", "annuler", "aide", "dossiers", "mes dossiers", "menu"}


def step(
    conversation: Conversation, book: Book, event: Event, moment: Moment, library: Library
) -> Step:
    """Take one event.

    `book` holds the person's own dossiers only. Returns the new conversation, what to show in order, the
    dossiers that changed and, for each, all the reminders it should have from now on.
    """
    turn = Turn(conversation, book, moment, library)
    _mend(turn)
    match event:
        case Woken():
            _wake(turn, event)
        case Command(name, _):
            _command(turn, _ALIASES.get(name, name))
        case Pressed(data):
            _press(turn, data)
        case Typed(text):
            _type(turn, text)
        case Edited():
            _remark(turn, say("edited"))
        case SentFile(kind):
            _remark(turn, say("file_not_read", kind=kind))
        case Unreadable(kind):
            _remark(turn, say("unreadable", kind=kind))
    changed = tuple(turn.changed.values())
    return Step(
        turn.conversation,
        tuple(turn.shown),
        changed,
        {d.id: library.reminders(d, moment) for d in changed},
    )


def view_of(turn: Turn) -> View:
    """Show the present state."""
    return HANDLERS[turn.state].show(turn)


# --- the events --------------------------------------------------------------------------------


def _mend(turn: Turn) -> None:
    """Lead a place that no longer exists to the menu; what was entered is kept."""
    unknown = turn.state not in STATES
    homeless = turn.dossier is None and turn.state not in {"home", "dossiers", "settings"}
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
            _show(turn)
            turn.drop_scratch("greet")
        case "aide":
            _remark(turn, say("help"))
        case "confidentialite":
            _remark(turn, say("privacy"))
        case "retour":
            _back(turn)
        case "annuler":
            client = turn.dossier.debtor_name if turn.dossier and turn.state != "home" else ""
            turn.notes.append(say("cancelled", client=client))
            turn.drop_scratch()
            turn.fire("cancel")
            _show(turn)
        case "dossiers":
            turn.drop_scratch("page")
            turn.fire("open_dossiers")
            _show(turn)
        case "nouveau":
            turn.begin()
            _show(turn)
        case "parametres":
            turn.drop_scratch("purpose")
            turn.fire("open_settings")
            _show(turn)
        case _:
            _remark(turn, say("unknown_command"))


def _back(turn: Turn) -> None:
    if not turn.go_back():
        turn.notes.append(say("nothing_to_go_back"))
    _show(turn)


def _press(turn: Turn, data: str) -> None:
    if data.startswith(actions.DOSSIER):
        _press_bound(turn, data)
        return
    serial, _, key = data.partition(".")
    if serial != str(turn.conversation.serial):
        if data and data == turn.conversation.last_pressed:
            turn.shown.append(Toast(words("already_noted")))
            return
        _remark(turn, say("stale_screen"))
        return
    if key == BACK and turn.conversation.trail:
        _accept(turn, data)
        _back(turn)
        return
    if key not in _offered(turn):
        _remark(turn, say("unknown_button"))
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
    if dossier is None or action not in actions.ACTIONS:
        _remark(turn, say("no_dossier" if dossier is None else "unknown_button"))
        return
    if action != WHY:
        turn.hold(dossier)
    _accept(turn, data)
    if action == WHY:
        _explain_aside(turn, dossier)
        return
    old = action in actions.ONCE and seen != actions.version(dossier)
    if old or action not in actions.allowed(turn):
        turn.notes.append(say("stale_screen"))
        turn.fire("open_card", remember=False)
        _show(turn, replace_pressed=True)
        return
    actions.ACTIONS[action](turn)
    _count(turn)
    _show(turn, replace_pressed=True)


def _explain(turn: Turn) -> None:
    """Say the rule in a message of its own, then the present screen again, unmoved."""
    asked = turn.asked_fact
    if asked and asked.why and turn.state != "due_date":
        _remark(turn, say("why_asked", why=asked.why))
        return
    turn.shown.append(Screen(why.explained(turn, why.topics(turn))))
    _show(turn)


def _explain_aside(turn: Turn, dossier: Dossier) -> None:
    """Explain a nudge or a card where it stands, with its buttons again; the question at hand stays."""
    if turn.conversation.dossier_id == dossier.id and turn.state in {"nudge", "card"}:
        turn.hold(dossier)
        _explain(turn)
        return
    aside = Turn(
        replace(turn.conversation, dossier_id=dossier.id, scratch={}),
        turn.book,
        turn.moment,
        turn.library,
    )
    view = following.nudge_view(aside)
    turn.shown.append(Screen(why.explained(aside, why.of_dossier(aside))))
    turn.shown.append(Screen(view.body, view.rows))


def _accept(turn: Turn, data: str) -> None:
    turn.conversation = replace(turn.conversation, last_pressed=data)


def _type(turn: Turn, text: str) -> None:
    if len(text) > TEXT_LIMIT:
        _remark(turn, say("too_long"))
        return
    said = text.strip().lower()
    if said in _WORDS and turn.state != "edit_text":
        _command(turn, {"mes dossiers": "dossiers", "menu": "annuler"}.get(said, said))
        return
    if said in why.WORDS and turn.state not in {"edit_text", "home"}:
        _explain(turn)
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
    turn.hold(dossier)
    actions.ACTIONS[action](turn)


def _answer(turn: Turn, take: Callable[[], None], *, pressed: bool = False) -> None:
    try:
        take()
    except Misunderstood as misread:
        # Nothing read, nothing lost: the same question again, with what was expected.
        _remark(turn, say("misread", sentence=str(misread)))
        return
    _count(turn)
    _show(turn, replace_pressed=pressed)


def _count(turn: Turn) -> None:
    if turn.moved:
        turn.conversation = replace(turn.conversation, answers=turn.conversation.answers + 1)


def _wake(turn: Turn, woken: Woken) -> None:
    """A reminder has come due: it is said at once, and takes the floor unless a question has it."""
    dossier = turn.book.get(woken.dossier_id)
    if dossier is None or dossier.status is not Status.OPEN:
        return
    due = {d.key: d for d in turn.library.reminders(dossier, turn.moment)}
    if woken.key not in due:
        return
    late = woken.due_at.astimezone(turn.moment.now.tzinfo).date()
    late_on = late if was_late(woken.due_at, turn.moment) else None
    why = due[woken.key].why
    # A question asked today may be being answered; one left for days gives way, and « Retour » leads back.
    fresh = turn.conversation.offered[:1] == (turn.today.isoformat(),)
    own = turn.conversation.dossier_id == dossier.id and not (fresh and turn.state in TYPING)
    if turn.state in RESTING or own:
        turn.hold(dossier)
        turn.record(ActKind.NUDGED, key=woken.key)
        turn.set_scratch(why=why, legal="!" in woken.key)
        turn.fire("wake")
        _append(turn, following.nudge_view(turn, why, late_on))
    else:
        view = _nudge_aside(turn, dossier, woken.key, why, late_on)
        turn.shown.append(Screen(view.body, view.rows))


def _nudge_aside(turn: Turn, dossier: Dossier, key: str, why: str, late: date | None) -> View:
    """Show a nudge beside a question that stays open: its buttons name their dossier."""
    aside = Turn(
        replace(turn.conversation, dossier_id=dossier.id), turn.book, turn.moment, turn.library
    )
    aside.record(ActKind.NUDGED, key=key)
    turn.changed[dossier.id] = aside.need_dossier()
    return following.nudge_view(aside, why, late)


# --- showing -----------------------------------------------------------------------------------


def _remark(turn: Turn, remark: str) -> None:
    """Say something and show the present question again, unchanged."""
    turn.notes.append(remark)
    _append(turn, view_of(turn))


def _show(turn: Turn, *, replace_pressed: bool = False) -> None:
    _append(turn, view_of(turn), replace_pressed=replace_pressed)


def _append(turn: Turn, view: View, *, replace_pressed: bool = False) -> None:
    before: tuple[Shown, ...] = view.before if turn.moved else ()
    turn.shown.extend(before)
    body = "\n\n".join([*turn.notes, view.body])
    turn.notes.clear()
    alone = not any(not isinstance(shown, Toast) for shown in turn.shown)
    offered = (turn.today.isoformat(), *(choice.data for choice in view.choices))
    turn.conversation = replace(turn.conversation, offered=offered)
    rows = tuple(tuple(_number(turn, choice) for choice in row) for row in view.rows)
    if turn.conversation.trail and turn.state not in RESTING - {"nudge"}:
        rows = (*rows, (_number(turn, Choice(BACK, words("back_label"))),))
    turn.shown.append(
        Screen(body, rows, replace=replace_pressed and alone, placeholder=view.placeholder)
    )


def _number(turn: Turn, choice: Choice) -> Choice:
    """Put the number of the screen on a button, unless it names its dossier."""
    if choice.data.startswith(actions.DOSSIER):
        return choice
    return Choice(f"{turn.conversation.serial}.{choice.data}", choice.label)
