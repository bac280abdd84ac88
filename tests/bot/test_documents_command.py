"""`relance documents`: the list by family, one text in full, and what a wrong question is answered."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot import cli, documents_command
from bot.documents_command import UnknownDocument, articles_of
from flows.dossier import DebtorKind
from flows.facts import registry
from flows.law import load_law
from letters import load_catalogue
from letters.words import vocabulary
from tests.bot.shell import ROOT, environment, one_line, relance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CATALOGUE = load_catalogue()
IDS = CATALOGUE.ids()
TODAY = date(2026, 11, 22)


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the command as in a pipe; give what was printed, spaces made plain."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(document_id: str | None = None, debtor: str | None = None) -> str:
        assert (
            documents_command.main(load_law(), TODAY, document_id=document_id, debtor=debtor) == 0
        )
        return re.sub("[\u00a0\u202f]", " ", capsys.readouterr().out)

    return run


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_list_holds_every_text_once_under_its_family(show: Callable[..., str]) -> None:
    """Families in the order of the vocabulary, each text with title, id, kind and clients; 100 columns."""
    text = show()
    assert sorted(re.findall(r"\[(\w+)\]$", text, re.MULTILINE)) == list(IDS)
    assert text.startswith(f"{len(IDS)} textes\n")
    assert max(len(line) for line in text.splitlines()) <= 100
    headings = [line for line in text.splitlines() if line.isupper()]
    assert headings[0] == "RELANCER"
    assert len(headings) == len(vocabulary()["families"])
    assert "  SMS amical [sms_amical]\n    message · SMS · tous les clients\n" in text
    assert (
        "  Déclaration de créance [declaration_creance]\n"
        "    acte · recommandé avec avis de réception · professionnel, association\n"
    ) in text
    juge = text.split("SAISIR LE JUGE")[1].split("\n\n")[0]
    assert "requete_injonction_tj" in juge
    assert "sms_amical" not in juge


@pytest.mark.parametrize("debtor", [kind.value for kind in DebtorKind])
def test_the_list_can_be_that_of_one_client(show: Callable[..., str], debtor: str) -> None:
    """With a kind of client, just the texts that serve it, and nothing on the others."""
    listed = re.findall(r"\[(\w+)\]$", show(debtor=debtor), re.MULTILINE)
    assert sorted(listed) == [d.id for d in CATALOGUE if debtor in d.debtors]


@pytest.mark.parametrize("document_id", IDS)
def test_every_text_can_be_told_in_full(show: Callable[..., str], document_id: str) -> None:
    """Its facts by their labels, its conditions in words, no template, no code left to read."""
    document = CATALOGUE.get(document_id)
    text = show(document_id)
    said = flat(text)
    assert max(len(line) for line in text.splitlines()) <= 100
    for unwanted in ("{", "}", "%}", "None", "True", "False", "[…]"):
        assert unwanted not in text
    for code in (*document.must_be_true, *document.advised):
        assert flat(vocabulary()["conditions"][code]) in said
    for name in (*document.needs, *document.blanks):
        assert f"– {flat(registry()[name].label)}" in said
        assert flat(document.why(name))[1:] in said
    assert said.count("Comment l’envoyer :") == bool(document.sending)
    if document.kind == "filing":
        for label in ("Où :", "Comment :", "Coût :", "Ensuite :"):
            assert f"    – {label} " in text
    assert ("tutoiement possible" in said) == document.has_tutoiement


def test_a_text_says_what_it_takes_and_what_follows(show: Callable[..., str]) -> None:
    """When it fits, what is supposed, what is advised, routes, what is noted, the next step."""
    said = flat(show("requete_injonction_tj"))
    for part in (
        "S’adresse à : le tribunal",
        "Un particulier (particulier)",
        "À quelle étape : la mise en demeure, le choix d’une voie",
        "Suppose : – L’échéance de la facture est passée.",
        "Mieux vaut d’abord : – Une mise en demeure a été envoyée",
        "– Votre date de naissance : la requête doit donner votre date de naissance (article 54",
        "– Facture n° [numéro de la facture] du [date de la facture]",
        "Voie : – Injonction de payer",
        "Noté une fois parti : Requête déposée",
    ):
        assert part in said
    said = flat(show("relance_1"))
    assert "Ton : normal, plus doux, plus ferme (tutoiement possible)" in said
    assert said.endswith("Ensuite : une deuxième relance, 5 jours après l’envoi")
    assert "8 jours après la réception" in flat(show("mise_en_demeure_pro"))


def test_the_figures_are_those_of_the_law_handed_in(show: Callable[..., str]) -> None:
    """« Comment l’envoyer » says the delays of the parameters, not its own."""
    law = load_law()
    months = law.value("delai_signification_injonction", TODAY)
    assert f"dans les {months} mois de sa date" in flat(show("requete_injonction_tj"))


def test_what_depends_on_the_client_says_so(show: Callable[..., str]) -> None:
    """Told for all, a line for some names them; told for one client, only its lines are left."""
    whole = flat(show("avoir"))
    assert "Où : Sur Chorus Pro, à la suite de la facture d’origine. (public)" in whole
    assert whole.index("Sur Chorus Pro") < whole.index("– Comment :")
    one = flat(show("avoir", "public"))
    assert "Où : Sur Chorus Pro, à la suite de la facture d’origine. –" in one
    assert "par e-mail, en PDF" not in one
    both = flat(show("requete_injonction_tj"))
    assert "L. 441-10 et D. 441-5 du code de commerce (professionnel)" in both
    assert "441-10" not in flat(show("requete_injonction_tj", "particulier"))


def test_conditions_on_facts_are_tried_with_each_answer() -> None:
    """An article cited in one case only, or with one answer, is told all the same."""
    procedure = CATALOGUE.get("declaration_creance")
    told = " | ".join(articles_of(procedure, "professionnel"))
    assert "L.\u00a0631-14" in told
    assert "L.\u00a0641-3" in told
    building = CATALOGUE.get("suspension_travaux")
    assert any("1799-1" in text for text in articles_of(building, "professionnel"))
    assert not any("1799-1" in text for text in articles_of(building, "particulier"))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("relance1", "relance_1"),
        ("requete", "requete_injonction_tj"),
        ("Première relance", "relance_1"),
        ("mise-en-demeure-pro", "mise_en_demeure_pro"),
        ("QUITTANCE", "quittance ou quittance_partielle"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(asked: str, meant: str) -> None:
    """A slip of the hand, a word of a title or the title itself names what was perhaps meant."""
    with pytest.raises(UnknownDocument, match="vouliez-vous dire") as caught:
        documents_command.main(load_law(), TODAY, document_id=asked)
    assert meant in str(caught.value)
    assert str(caught.value).startswith(f"«\u00a0{asked}\u00a0» n’est pas un texte")


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (("zzz",), "« zzz » n’est pas un texte"),
        (("",), "relance documents les donne tous"),
        (("--client", "mairie"), "attendu : professionnel, particulier, public, association"),
        (("--client",), "--client"),
        (
            ("relance_public", "--client", "particulier"),
            "ne va pas à ce client ; il va à : public.",
        ),
    ],
)
def test_a_wrong_question_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], needed: str
) -> None:
    """One French line on stderr, nothing on stdout, code 2."""
    done = relance(tmp_path, "documents", *arguments)
    assert needed in one_line(done).replace("\u00a0", " ")
    assert (done.returncode, done.stdout) == (2, "")


def test_the_command_runs_from_the_shell(tmp_path: Path) -> None:
    """The list, the filter, accents or not, and one text; code 0, nothing on stderr, no database."""
    for arguments, needed in (
        ((), "[relance_1]"),
        (("--client", "étranger"), "client étranger"),
        (("relance_1",), "Première relance [relance_1]"),
    ):
        done = relance(tmp_path, "documents", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert needed in done.stdout
    assert not (tmp_path / "donnees").exists()


def test_the_command_is_told_by_the_help_and_by_make(capsys: pytest.CaptureFixture[str]) -> None:
    """`relance --help` and the Makefile name it."""
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "documents" in capsys.readouterr().out
    assert "\n\t@$(BIN)/relance documents $(ARGS)\n" in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    ("terminal", "height", "paged"), [(True, 40, 1), (True, 900, 0), (False, 40, 0)]
)
def test_a_long_list_is_shown_from_its_top(
    show: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    height: int,
    paged: int,
) -> None:
    """A terminal that could not hold it all gets a pager; a tall one and a pipe do not."""
    pages: list[str] = []
    monkeypatch.setattr("pydoc.pager", pages.append)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("LINES", str(height))
    text = show()
    assert len(pages) == paged
    assert ("".join(pages) or text).startswith(f"{len(IDS)} textes")
    assert bool(text) is not bool(pages)


def test_the_reader_of_a_list_may_leave_early(tmp_path: Path) -> None:
    """`relance documents | head -1` ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "documents"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()
    assert process.wait(60) == 141
    assert said == ""
