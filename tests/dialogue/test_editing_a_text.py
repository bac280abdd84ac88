"""A text the person changes: nothing they wrote is lost, undone it is as before, corrected it says what moved."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dialogue.editing import PAGE
from flows.dialogue.edits import MOST, Edits, first_words, last_place
from flows.dialogue.remade import differences
from flows.dossier import ActKind
from flows.facts import fact
from letters import Draft
from tests.dialogue.player import TODAY, Player, plain
from tests.dialogue.test_causes import intake, to_draft

OWN = "Appelez-moi si un point vous gêne."
SECOND = "Je suis joignable chaque matin."


def draft_of(paragraphs: tuple[str, ...], kind: str = "message") -> Draft:
    """Make a draft of bare paragraphs."""
    return Draft("essai", "Essai", kind, "mail", "normal", "", paragraphs, (), {})


# --- any sequence of changes ----------------------------------------------------------------------


@dataclass
class Sheet:
    """A text as one would change it on paper: what each paragraph says, what was slipped in after it."""

    paragraphs: dict[int, str]
    slipped: dict[int, dict[int, str]] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str]]:
        """Give the paragraphs that are left, each with its name."""
        shown = []
        for place, text in self.paragraphs.items():
            shown.append((f"p{place}", text))
            shown += [
                (f"a{number}", words) for number, words in self.slipped.get(place, {}).items()
            ]
        return [(name, text) for name, text in shown if text]

    def write(self, name: str, text: str) -> None:
        """Write over a paragraph; nothing takes it out."""
        number = int(name[1:])
        if name.startswith("p"):
            self.paragraphs[number] = text
        else:
            home = next(home for home in self.slipped.values() if number in home)
            home[number] = text


Steps = list[tuple[str, int]]
_WORD = st.text("abcdefghij éà", min_size=4, max_size=30).map(lambda text: f"« {text.strip()} »")
_PARAGRAPHS = st.lists(_WORD, min_size=1, max_size=6, unique=True).map(tuple)
_KINDS = st.sampled_from(("message", "letter", "filing", "agreement", "note"))
_STEPS = st.lists(
    st.tuples(st.sampled_from(("rewrite", "remove", "add", "undo")), st.integers(0, 20)),
    max_size=12,
)
"""What is done, and to which of the paragraphs shown."""


def play(draft: Draft, steps: Steps) -> list[tuple[Edits, list[tuple[str, str]]]]:
    """Do the steps; give the edits after each, and what the paper then says."""
    sheet = Sheet(dict(enumerate(draft.paragraphs)))
    past = [(Edits(), sheet)]
    for number, (what, where) in enumerate(steps):
        edits, sheet = past[-1][0], deepcopy(past[-1][1])
        words, lines = f"MOTS {number}.", sheet.lines()
        if what == "undo":
            past = past[:-1] or past
            past = past or [(Edits(), Sheet(dict(enumerate(draft.paragraphs))))]
            continue
        if what == "add":
            at = where % len(draft.paragraphs)
            edits = edits.added(draft, at, words)
            sheet.slipped.setdefault(at, {})[edits.changes[-1].number] = words
        elif lines:
            name = lines[where % len(lines)][0]
            text = words if what == "rewrite" else ""
            edits = edits.rewritten(draft, name, text)
            sheet.write(name, text)
        past.append((edits, sheet))
    return [(edits, sheet.lines()) for edits, sheet in past]


@given(_PARAGRAPHS, _KINDS, _STEPS)
@settings(max_examples=150, deadline=None)
def test_any_sequence_of_changes_gives_what_paper_would(
    paragraphs: tuple[str, ...], kind: str, steps: Steps
) -> None:
    """Rewritten, taken out, added to and undone in any order, a text says just what was written."""
    draft = draft_of(paragraphs, kind)
    for edits, lines in play(draft, steps):
        found = edits.apply(draft)
        assert list(zip(found.keys, found.draft.paragraphs, strict=True)) == lines
        assert found.strays == ()


@given(_PARAGRAPHS, _STEPS)
@settings(max_examples=100, deadline=None)
def test_undoing_all_gives_the_text_as_first_written(
    paragraphs: tuple[str, ...], steps: Steps
) -> None:
    """Each undo gives back the text of before, down to the first; one more changes nothing."""
    draft = draft_of(paragraphs)
    edits, _ = play(draft, steps)[-1]
    texts = [edits.apply(draft)]
    while edits:
        before = Edits(edits.changes[:-1]).apply(draft)
        edits = edits.undone()
        assert edits.apply(draft) == before
        texts.append(edits.apply(draft))
    assert texts[-1].draft == draft
    assert edits.undone() == Edits()


@given(_PARAGRAPHS, _STEPS)
@settings(max_examples=100, deadline=None)
def test_changes_survive_storage_and_applying_them_changes_nothing(
    paragraphs: tuple[str, ...], steps: Steps
) -> None:
    """Stored and read back they are the same; applied twice to the same text they give the same."""
    draft = draft_of(paragraphs)
    for edits, _ in play(draft, steps):
        assert Edits.from_json(edits.to_json()) == edits
        assert edits.apply(draft) == Edits.from_json(edits.to_json()).apply(draft)
        assert draft.paragraphs == paragraphs


@given(_PARAGRAPHS, _PARAGRAPHS, _KINDS, _STEPS)
@settings(max_examples=200, deadline=None)
def test_nothing_written_is_lost_when_the_text_is_made_again(
    before: tuple[str, ...], after: tuple[str, ...], kind: str, steps: Steps
) -> None:
    """Whatever the text becomes, each paragraph the person wrote is in it, those without a place at its end."""
    edits, lines = play(draft_of(before, kind), steps)[-1]
    found = edits.apply(draft_of(after, kind))
    own = [text for _, text in lines if text.startswith("MOTS")]
    assert sorted(t for t in found.draft.paragraphs if t.startswith("MOTS")) == sorted(own)
    assert len(found.keys) == len(found.draft.paragraphs)
    assert set(found.strays) <= set(own)


@given(_PARAGRAPHS, st.lists(st.integers(0, 5), min_size=1, max_size=4), st.data())
@settings(max_examples=100, deadline=None)
def test_a_corrected_fact_leaves_each_change_in_its_place(
    before: tuple[str, ...], places: list[int], data: st.DataObject
) -> None:
    """A figure that changes in every paragraph moves no change: each stays over its own paragraph."""
    stem = "La facture {} du {} octobre reste due pour la somme indiquée, merci de la régler"
    tail = [f" ({word})" for word in before]
    first = tuple(stem.format("F-1", at) + word for at, word in enumerate(tail))
    again = tuple(stem.format("F-2", at) + word for at, word in enumerate(tail))
    edits = Edits()
    for place in places:
        edits = edits.rewritten(draft_of(first), f"p{place % len(first)}", f"MOTS {place}.")
    expected = edits.apply(draft_of(first)).draft.paragraphs
    found = edits.apply(draft_of(again))
    for was, now in zip(expected, found.draft.paragraphs, strict=True):
        assert was.startswith("MOTS") == now.startswith("MOTS")
        assert not was.startswith("MOTS") or was == now
    assert found.strays == ()


# --- what is told apart --------------------------------------------------------------------------


def test_words_without_a_place_are_told_once() -> None:
    """Rewritten twice, a paragraph that is gone leaves the last words alone; taken out, it leaves none."""
    draft, other = (
        draft_of(("Bonjour,", "Vingt mille lieues sous les mers.", "Cordialement,")),
        (draft_of(("Bonjour,", "0123456789", "Cordialement,"))),
    )
    edits = Edits().rewritten(draft, "p1", OWN).rewritten(draft, "p1", SECOND)
    found = edits.apply(other)
    assert found.strays == (SECOND,)
    assert OWN not in found.draft.paragraphs
    assert edits.rewritten(draft, "p1", "").apply(other).strays == ()


def test_two_paragraphs_that_become_one_lose_neither() -> None:
    """When a text made again says in one paragraph what it said in two, both changes are kept."""
    draft = draft_of(("Bonjour,", "Merci de payer lundi.", "Merci de payer mardi.", "Bien à vous,"))
    edits = Edits().rewritten(draft, "p1", OWN).rewritten(draft, "p2", SECOND)
    found = edits.apply(draft_of(("Bonjour,", "Merci de payer jeudi.", "Bien à vous,")))
    assert {OWN, SECOND} <= set(found.draft.paragraphs)
    assert len(found.strays) == 1


def test_what_has_no_place_goes_before_the_closing_formula() -> None:
    """In a letter the last paragraph is the closing formula: nothing is added after it by itself."""
    four = ("Bonjour,", "Corps.", "Fin.", "Cordialement,")
    assert [last_place(draft_of(four, kind)) for kind in ("letter", "message")] == [2, 2]
    assert [last_place(draft_of(four, kind)) for kind in ("filing", "note")] == [3, 3]
    assert last_place(draft_of(("Seul.",))) == 0


def test_a_paragraph_rewritten_is_no_heading_nor_table_any_more() -> None:
    """Words typed over a table are words; the tables and headings of the rest follow their paragraphs."""
    draft = Draft(
        *("essai", "Essai", "filing", "depot", "normal", "T"),
        ("Faits", "Un.", "| a |", "Droit", "Deux."),
        *((), {}),
        headings=(0, 3),
        tables=((2, "decompte"),),
    )
    added = Edits().added(draft, 0, OWN).apply(draft).draft
    assert (added.headings, added.tables) == ((0, 4), ((3, "decompte"),))
    rewritten = Edits().rewritten(draft, "p2", OWN).apply(draft).draft
    assert (rewritten.headings, rewritten.tables) == ((0, 3), ())


@pytest.mark.parametrize("stored", ["", "[", "5", "null", '{"op": 1}', '[{"op": "set"}]', '["a"]'])
def test_what_is_not_stored_changes_is_none(stored: str) -> None:
    """Anything else than stored changes is read as no change at all."""
    assert Edits.from_json(stored) == Edits()


def test_more_changes_than_anybody_makes_are_refused() -> None:
    """A text is full from a number of changes on: no older one is forgotten for a new one."""
    draft, edits = draft_of(("Un.", "Deux.", "Trois.")), Edits()
    for number in range(MOST):
        assert not edits.full
        edits = edits.added(draft, 1, f"MOTS {number}.")
    assert edits.full
    assert {f"MOTS {number}." for number in range(MOST)} <= {*edits.apply(draft).draft.paragraphs}


def test_a_full_text_takes_no_more_words() -> None:
    """The change after the last is refused with a sentence, and the question stays."""
    player = to_draft("oubli")
    for number in range(MOST):
        player.press("Modifier", "Ajouter une phrase").say(f"Mot numéro {number}.")
    before = player.dossier.facts
    player.press("Modifier", "Ajouter une phrase").say("Un mot de trop.")
    assert player.state == "edit_add"
    assert "beaucoup de modifications" in player.body
    assert player.dossier.facts == before


def test_words_without_a_place_can_still_be_changed_or_taken_out() -> None:
    """What was written over a paragraph that is gone has a key of its own at the end of the text."""
    edits = Edits().rewritten(draft_of(("Un.", "Deux fois deux.", "Trois.")), "p1", "MES MOTS.")
    now = draft_of(("Un.", "Tout autre chose ici.", "Trois."))
    assert "s1" in edits.apply(now).keys
    again = edits.rewritten(now, "s1", "D’AUTRES MOTS.")
    assert "D’AUTRES MOTS." in again.apply(now).draft.paragraphs
    assert "MES MOTS." not in again.apply(now).draft.paragraphs
    assert again.rewritten(now, "s1", "").apply(now).draft.paragraphs == now.paragraphs


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Court.", 10, "Court."),
        ("Un deux trois", 8, "Un deux…"),
        ("Un\ndeux", 20, "Un deux"),
        ("anticonstitutionnellement", 5, "antic…"),
    ],
)
def test_the_first_words_of_a_paragraph(text: str, limit: int, shown: str) -> None:
    """A label is cut at a space and says that it is cut."""
    assert first_words(text, limit) == shown


# --- in the chat ----------------------------------------------------------------------------------


@pytest.fixture
def notice() -> Player:
    """A mise en demeure, as first shown."""
    return to_draft("mauvaise foi")


@pytest.fixture
def message() -> Player:
    """A friendly SMS, as first shown."""
    return to_draft("oubli")


def rewrite(player: Player, start: str, words: str) -> Player:
    """Rewrite the paragraph that begins so."""
    return player.press("Modifier", f"« {start}").say(words)


def paragraphs(player: Player) -> list[str]:
    """Give the buttons that name a paragraph."""
    return [label for label in player.labels if label.startswith("«")]


def test_undo_gives_back_the_text_of_before(notice: Player) -> None:
    """« Annuler la dernière modification » undoes one change after another, then is no longer offered."""
    texts = [notice.copies[0]]
    rewrite(notice, "Si vous contestez", OWN)
    texts.append(notice.copies[0])
    notice.press("Modifier", "Ajouter une phrase").say(SECOND)
    texts.append(notice.copies[0])
    assert len(set(texts)) == 3
    for expected in reversed(texts[:-1]):
        notice.press("Modifier", "Annuler la dernière")
        assert "annulée" in notice.body
        assert notice.copies[0] == expected
    notice.press("Modifier")
    assert not any("Annuler" in label for label in notice.labels)


def test_a_sentence_is_added_before_the_closing_formula(notice: Player) -> None:
    """« Ajouter une phrase » puts it after the last paragraph that is not the closing formula."""
    notice.press("Modifier")
    last = paragraphs(notice)[-1]
    notice.press("Ajouter une phrase").say(OWN)
    notice.press("Modifier")
    assert [label[2:10] for label in paragraphs(notice)][-2:] == [OWN[:8], last[2:10]]


def test_a_sentence_is_added_after_the_paragraph_chosen(notice: Player) -> None:
    """« Ajouter après celui-ci » says after which, and puts it there."""
    notice.press("Modifier", "« Si vous contestez", "Ajouter après celui-ci")
    assert "Si vous contestez" in notice.body
    notice.say(OWN)
    blocks = notice.copies[0].split("\n\n")
    place = blocks.index(OWN)
    assert blocks[place - 1].startswith("Si vous contestez")


def test_an_added_sentence_can_be_changed_and_taken_out(notice: Player) -> None:
    """What was added is a paragraph like the others, but nothing is added after it."""
    notice.press("Modifier", "Ajouter une phrase").say(OWN)
    rewrite(notice, OWN[:12], SECOND)
    assert SECOND in notice.copies[0]
    assert OWN not in notice.copies[0]
    notice.press("Modifier", f"« {SECOND[:12]}")
    assert not any("Ajouter après" in label for label in notice.labels)
    notice.press("Le retirer")
    assert SECOND not in notice.copies[0]


def test_adding_nothing_changes_nothing(notice: Player) -> None:
    """« Ne rien ajouter » and « Ne rien changer » show the same text again, with no change to undo."""
    text = notice.copies[0]
    notice.press("Modifier", "Ajouter une phrase", "Ne rien ajouter")
    assert notice.copies[0] == text
    notice.press("Modifier", "Ne rien changer")
    assert notice.copies[0] == text
    notice.press("Modifier")
    assert not any("Annuler" in label for label in notice.labels)


def test_words_too_long_are_refused_and_asked_again(notice: Player) -> None:
    """A paragraph longer than the chat holds is refused with a sentence, and the question stays."""
    notice.press("Modifier", "« Si vous contestez").say("a " * 1500)
    assert notice.state == "edit_text"
    notice.say(OWN)
    assert OWN in notice.copies[0]


def test_hostile_words_come_out_as_typed(notice: Player) -> None:
    """Markup, templates and formulas typed over a paragraph are words, on the screen and in the text."""
    typed = "<b>gras</b> {{7*7}} #panic() & « ok »"
    rewrite(notice, "Si vous contestez", typed)
    assert typed in notice.copies[0]
    notice.press("Modifier", "« &lt;b&gt;" if "&lt;" in "".join(notice.labels) else "« <b>")
    assert "&lt;b&gt;gras" in notice.body
    assert typed in plain(notice.body)


def test_the_words_stay_when_the_tone_changes(notice: Player) -> None:
    """Softer then firmer, what the person wrote is still there, and the text returns to what it was."""
    rewrite(notice, "Si vous contestez", OWN)
    before = notice.copies[0]
    notice.press("Plus doux")
    assert OWN in notice.copies[0]
    notice.press("Plus ferme")
    assert notice.copies[0] == before


def test_the_words_stay_when_the_client_is_addressed_otherwise(message: Player) -> None:
    """« Tutoyer » writes the text anew, and the added sentence is in it."""
    message.press("Modifier", "Ajouter une phrase").say(OWN)
    before = message.copies[0]
    message.press("Tutoyer")
    assert OWN in message.copies[0]
    assert message.copies[0] != before
    assert "Vous tutoyez ce client" in message.body
    message.press("Vouvoyer")
    assert message.copies[0] == before


def test_a_text_rewritten_whole_keeps_all_its_words_in_another_tone(notice: Player) -> None:
    """Every paragraph rewritten, then softer: all the words are there, and those without a place are told."""
    notice.press("Modifier")
    count = len(paragraphs(notice))
    notice.press("Ne rien changer")
    for place in range(count):
        notice.press("Modifier")
        notice.press(paragraphs(notice)[place]).say(f"Paragraphe {place} à moi.")
    notice.press("Plus doux")
    text = notice.copies[0]
    assert [place for place in range(count) if f"Paragraphe {place} à moi." not in text] == []
    strays = "vos mots sont à la fin" in notice.body
    own = [block for block in text.split("\n\n") if block.startswith("Paragraphe")]
    in_place = own == [f"Paragraphe {place} à moi." for place in range(count)]
    assert strays or in_place


def test_what_changed_is_said_when_a_fact_is_corrected(notice: Player) -> None:
    """A corrected sum is told with what it moves: before and after, once."""
    notice.press("Modifier", "Changer une information", "Reste dû").say("2000")
    body = plain(notice.body)
    assert "Ce qui a changé dans ce texte" in body
    assert "Reste dû : 1 250,00 € → 2 000,00 €" in body
    assert "Total : 1 306,99 € →" in body
    notice.press("Modifier", "Ne rien changer")
    assert "Ce qui a changé" not in notice.body


def test_nothing_is_said_to_have_changed_at_first(notice: Player) -> None:
    """A text shown for the first time has nothing to be compared with, and a blank filled is no change."""
    assert "Ce qui a changé" not in notice.body
    notice.press("Modifier", "Changer une information", "Facture n°").say("F-77")
    assert "Ce qui a changé" not in notice.body
    notice.press("Modifier", "Changer une information", "Facture n°").say("F-78")
    assert "Facture n° : F-77 → F-78" in plain(notice.body)


def test_the_words_stay_and_the_change_is_said(notice: Player) -> None:
    """A corrected fact is corrected in the rest of the text, and the person's words are kept."""
    rewrite(notice, "Si vous contestez", OWN)
    notice.press("Modifier", "Changer une information", "Client").say("Durand SAS")
    assert OWN in notice.copies[0]
    assert "Durand SAS" in notice.copies[0]
    assert "Dupont SARL → Durand SAS" in plain(notice.body)


def test_changes_are_kept_through_leaving_and_coming_back(notice: Player) -> None:
    """Left for later and taken again days after from « Documents », a text has its changes."""
    rewrite(notice, "Si vous contestez", OWN)
    notice.press("Plus tard").command("documents").press("Mise en demeure")
    assert OWN in notice.copies[0]
    notice.command("start").later(2, stop=False)
    notice.command("documents").press("Mise en demeure")
    assert OWN in notice.copies[0]
    assert "Total" in plain(notice.body)
    assert "Ce qui a changé" in notice.body, "the interest of two days has run"


def test_changes_belong_to_one_text(notice: Player) -> None:
    """Another document of the same dossier is as first written, and the first one keeps its changes."""
    rewrite(notice, "Si vous contestez", OWN)
    notice.take("relance_2")
    assert OWN not in notice.copies[0]
    notice.take("mise_en_demeure_pro")
    assert OWN in notice.copies[0]


def test_changes_are_dropped_once_sent(notice: Player) -> None:
    """What left is kept as it left; the same document taken again is as first written."""
    rewrite(notice, "Si vous contestez", OWN)
    left = notice.copies[0]
    notice.press("J’ai envoyé", "Recommandé", "Aujourd’hui")
    assert [name for name in notice.dossier.facts if name.startswith("edited.")] == []
    act = notice.dossier.last(ActKind.SENT)
    assert act is not None
    assert Draft.from_json(act.text("draft")).text == left
    notice.take("mise_en_demeure_pro")
    assert OWN not in notice.copies[0]


def test_what_left_is_seen_again_as_it_left(notice: Player) -> None:
    """« Ce qui est parti » lists what left with its day; touched, it is shown and printed as it left."""
    rewrite(notice, "Si vous contestez", OWN)
    left = notice.copies[0]
    notice.press("J’ai envoyé", "Recommandé", "Aujourd’hui").command("documents")
    notice.press("Ce qui est parti")
    (row,) = [label for label in notice.labels if label.startswith("24/11/2026")]
    assert "Mise en demeure" in row
    notice.command("dossiers").press("Dupont", "Corriger", "Reste dû").say("2000")
    notice.later(3, stop=False)
    notice.command("documents").press("Ce qui est parti", "24/11/2026")
    assert notice.copies == [left]
    (paper,) = notice.papers
    assert "comme elle est partie" in paper.caption
    assert OWN in str(paper.sheet)
    assert "2\u202f000" not in str(paper.sheet)
    assert notice.state == "documents"


def test_nothing_left_nothing_to_see_again(notice: Player) -> None:
    """Before anything was sent, « Ce qui est parti » is not offered."""
    notice.command("documents")
    assert "Ce qui est parti" not in notice.labels


def test_differences_name_the_facts_that_moved() -> None:
    """Only what was stated before and is stated otherwise now is told, in the words of the facts."""
    before = {"invoice_number": "1", "amount_remaining": "5,00 €", "debtor_name": "A", "gone": "x"}
    now = {"invoice_number": "2", "amount_remaining": "4,00 €", "debtor_name": "A", "new": "y"}
    assert [plain(line) for line in differences(before, now)] == [
        "Facture n° : 1 → 2",
        "Reste dû : 5,00 € → 4,00 €",
    ]
    assert differences({}, now) == []


def test_a_plan_keeps_its_words_when_the_number_of_payments_changes() -> None:
    """Three payments become five: the schedule follows, and the added sentence stays."""
    player = to_draft("trésorerie").press("Modifier", "Ajouter une phrase").say(OWN)
    player.press("Modifier", "Changer une information", "Nombre").say("5")
    assert OWN in player.copies[0]
    assert "250,00" in player.copies[0]
    assert "3 → 5" in plain(player.body)


def test_a_text_shown_keeps_its_day_until_it_is_sent() -> None:
    """The sums read are the sums sent, even when the button is pressed days after."""
    player = intake().press("refuse", "change à chaque fois")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça")
    text = player.copies[0]
    player.later(2, stop=False)
    player.press("J’ai envoyé", "Recommandé", "Hier")
    act = player.dossier.last(ActKind.SENT)
    assert act is not None
    assert act.on > TODAY
    assert Draft.from_json(act.text("draft")).text == text
    assert Draft.from_json(act.text("draft")).facts["today"] == TODAY
    assert isinstance(player.dossier.amount_due, Decimal)
    assert isinstance(player.dossier.due_on, date)


# --- what was taken out, what was rewritten, when the text is made again --------------------------


def test_a_paragraph_taken_out_does_not_come_back_unsaid() -> None:
    """Taken out, a paragraph that the other tone words otherwise stays out, or its return is told."""
    player = to_draft("trésorerie")
    other = to_draft("trésorerie").press("Plus ferme")
    player.press("Modifier", "« Pour avancer", "Le retirer", "Plus ferme")
    assert player.copies[0] != other.copies[0] or "revenu sous une autre forme" in player.body


def test_what_was_taken_out_and_cannot_be_found_is_counted() -> None:
    """A paragraph taken out whose place is gone may be back in other words: it is counted, once, and no other is."""
    draft = draft_of(("Bonjour,", "Vingt mille lieues sous les mers.", "Cordialement,"))
    other = draft_of(("Bonjour,", "0123456789", "Cordialement,"))
    out = Edits().rewritten(draft, "p1", "")
    assert (out.apply(draft).returned, out.apply(other).returned) == (0, 1)
    assert out.rewritten(draft, "p1", "").apply(other).returned == 1
    assert Edits().rewritten(draft, "p1", OWN).apply(other).returned == 0
    assert out.undone().apply(other).returned == 0


@given(_PARAGRAPHS, _PARAGRAPHS, _KINDS, _STEPS)
@settings(max_examples=100, deadline=None)
def test_nothing_returns_in_the_text_it_was_taken_out_of(
    before: tuple[str, ...], after: tuple[str, ...], kind: str, steps: Steps
) -> None:
    """On the same text nothing returns; on another, never more than was taken out."""
    edits, _ = play(draft_of(before, kind), steps)[-1]
    assert edits.apply(draft_of(before, kind)).returned == 0
    removed = {change.at for change in edits.changes if change.op == "set" and not change.text}
    assert 0 <= edits.apply(draft_of(after, kind)).returned <= len(removed)


UNTOUCHED = "Ce que vous avez réécrit ou ajouté n’a pas été touché : relisez-le."


def test_the_words_of_the_person_are_to_be_read_again_when_a_fact_moves(notice: Player) -> None:
    """A fact corrected after a paragraph was rewritten: the change is told, and that their words were not touched."""
    rewrite(notice, "Si vous contestez", OWN)
    assert UNTOUCHED not in plain(notice.body)
    notice.press("Modifier", "Changer une information", "Reste dû").say("2000")
    body = plain(notice.body)
    assert "Reste dû : 1 250,00 € → 2 000,00 €" in body
    assert UNTOUCHED in body


def test_without_words_of_the_person_nothing_is_to_be_read_again(notice: Player) -> None:
    """A text as first written is told what changed, and no more."""
    notice.press("Modifier", "Changer une information", "Reste dû").say("2000")
    assert "Ce qui a changé" in notice.body
    assert UNTOUCHED not in plain(notice.body)


# --- long lists -----------------------------------------------------------------------------------


def pages(player: Player, more: str) -> list[list[str]]:
    """Give the labels of each page of a list, from the first to the last."""
    found = [player.labels]
    while more in player.labels:
        player.press(more)
        found.append(player.labels)
        assert len(found) < 20, "the pages do not end"
    return found


def test_a_long_text_is_listed_twelve_paragraphs_at_a_time() -> None:
    """Every paragraph of a requête is on one page and one only, and the last page leads back to the first."""
    player = to_draft("mauvaise foi").take("requete_injonction_tj").press("Modifier")
    found = pages(player, "La suite du texte")
    assert len(found) > 1
    shown = [[label for label in page if label.startswith("«")] for page in found]
    assert [len(page) for page in shown[:-1]] == [PAGE] * (len(shown) - 1)
    assert 0 < len(shown[-1]) <= PAGE
    assert "Le début du texte" in found[-1]
    assert not any("Le début du texte" in page for page in found[:-1])
    player.press("Le début du texte")
    assert player.labels == found[0]


def test_a_paragraph_of_a_later_page_is_rewritten() -> None:
    """Picked on the second page, a paragraph is rewritten in its own place."""
    player = to_draft("mauvaise foi").take("requete_injonction_tj")
    before = player.copies[0].split("\n\n")
    player.press("Modifier", "La suite du texte")
    label = paragraphs(player)[0]
    player.press(label)
    words = label.strip("« »").rstrip("…").strip()
    player.say(OWN)
    after = player.copies[0].split("\n\n")
    assert len(after) == len(before)
    (place,) = [at for at, (was, now) in enumerate(zip(before, after, strict=True)) if was != now]
    assert after[place] == OWN
    assert words[:20] in " ".join(before[place].split())


def test_many_facts_are_listed_twelve_at_a_time() -> None:
    """Every fact a requête states is on one page, and one of the last page can be changed."""
    player = to_draft("mauvaise foi").take("requete_injonction_tj")
    player.press("Modifier", "Changer une information")
    found = pages(player, "Les suivantes")
    ways = {"Les suivantes", "Les premières", "Ne rien changer", "‹ Retour"}
    shown = [[label for label in page if label not in ways] for page in found]
    assert [len(page) for page in shown[:-1]] == [PAGE] * (len(shown) - 1)
    assert len(shown) > 1
    every = [label for page in shown for label in page]
    assert len(set(every)) == len(every)
    assert "Les premières" in found[-1]
    player.press(shown[-1][-1])
    asked = player.conversation.scratch["fact"]
    assert player.state == "need"
    assert fact(str(asked)).label == shown[-1][-1]


def test_the_facts_begin_at_their_first_page() -> None:
    """The page of the paragraphs is not that of the facts, nor that of the next time."""
    player = to_draft("mauvaise foi").take("requete_injonction_tj")
    player.press("Modifier", "La suite du texte", "Changer une information")
    first = player.labels
    assert "Les suivantes" in first
    player.press("Les suivantes", "Ne rien changer", "Modifier", "Changer une information")
    assert player.labels == first


@pytest.mark.parametrize("leaving", ["Ne rien changer", "Retour"])
def test_the_paragraphs_begin_at_their_first_page_after_the_facts(leaving: str) -> None:
    """Left on a later page of the facts, the list of paragraphs is at its beginning."""
    player = to_draft("mauvaise foi").take("requete_injonction_tj").press("Modifier")
    first = player.labels
    player.press("Changer une information", "Les suivantes", leaving)
    if player.state == "draft":
        player.press("Modifier")
    assert player.state == "edit"
    assert player.labels == first


def test_a_short_text_is_listed_whole(notice: Player) -> None:
    """A letter of a page has no second page of paragraphs."""
    notice.press("Modifier")
    assert not {"La suite du texte", "Le début du texte"} & set(notice.labels)
