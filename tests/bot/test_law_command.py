"""`relance loi`: the table, one parameter, a day of the past, and what its exit code says."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import cli, law_command
from bot.law_file import emptiness, read_law
from bot.settings import SettingsError
from flows.law import load_law
from tests.bot.shell import ROOT, environment, one_line, relance

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 22)
GOOD = """\
interet_legal_autres_cas:
  last_checked_on: 2026-11-20
  known_until: 2027-06-30
  values:
    2027-01-01:
      value: "3.10"
      confidence: confirmed
      reference:
        - title: "Arrêté du 22 décembre 2026"
"""


@pytest.fixture
def show(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Run the command as in a pipe; give the exit code and what was printed, spaces made plain."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(today: date = TODAY, *, file: Path | None = None, **asked: object) -> tuple[int, str]:
        law, _ = read_law(file)
        code = law_command.main(law, today, **asked)  # type: ignore[arg-type]
        return code, capsys.readouterr().out.replace("\u00a0", " ")

    return run


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "droit.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_the_table_fits_a_hundred_columns_and_misses_no_parameter(
    show: Callable[..., tuple[int, str]],
) -> None:
    """Every parameter under its folder, no line over the width, nothing to be done: code 0."""
    code, text = show()
    assert code == 0
    assert max(map(len, text.splitlines())) <= 100
    law = load_law()
    for parameter in law.parameters.values():
        assert f"\n    {parameter.name} ·" in text, parameter.name
    titles = re.findall(r"^([A-ZÀ-Ý’ ]+) \[(\w+)\] ", text, re.MULTILINE)
    assert {group for _, group in titles} == {p.group for p in law.parameters.values()}
    assert titles[0] == ("TAUX", "taux")
    assert ("DÉLAIS DE PROCÉDURE", "delais") in titles
    assert text.splitlines()[1] == "Rien à faire à ce jour."
    assert "À FAIRE" not in text


def test_it_fits_a_narrow_terminal_too(
    show: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In eighty columns no line is longer, whatever is asked; an address alone is left whole."""
    for subject in (None, "taux", "delais"):
        monkeypatch.setenv("COLUMNS", "80")
        _, text = show(date(2027, 2, 1), subject=subject)
        long = [line for line in text.splitlines() if len(line) > 80]
        assert [line for line in long if not line.strip().startswith("https://")] == []


def test_a_line_of_the_table_says_all(show: Callable[..., tuple[int, str]]) -> None:
    """Label, value, since when, confidence, last check; then name, term and source."""
    _, text = show()
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if "Taux de l’intérêt légal, autres cas  " in line)
    assert lines[at].split()[-7:] == [
        "2,75", "%", "par", "an", "01/07/2026", "confirmé", "22/11/2026",
    ]  # fmt: skip
    below = " ".join(" ".join(lines[at + 1 : at + 3]).split())
    assert below.startswith(
        "interet_legal_autres_cas · connu jusqu’au 31/12/2026 · à relire avant le 01/01/2027 ·"
        " Arrêté du 26 juin 2026"
    )


def test_what_ends_next_opens_the_page_and_the_holidays_close_it(
    show: Callable[..., tuple[int, str]],
) -> None:
    """What is to come stands before the table, the two rates of January first, each with its name."""
    _, text = show()
    before, _, table = text.partition("TAUX [taux]")
    terms = before.partition("À VENIR\n")[2].splitlines()
    assert terms[0] == "  01/01/2027, n’est plus connu :"
    assert [line.split()[0] for line in terms[1:3]] == ["bce_semestre", "interet_legal_autres_cas"]
    assert terms[1].endswith("  Taux de la BCE retenu pour le semestre")
    assert terms[3] == "  01/01/2027, à relire avant :"
    assert sum("bce_semestre" in line for line in terms) == 1
    assert "JOURS FÉRIÉS 2026\n  01/01, 06/04, 01/05, 08/05, 14/05, 25/05, 14/07" in table
    assert text.splitlines()[-1].strip().startswith("Art. L3133-1")


def test_what_is_due_comes_before_all(show: Callable[..., tuple[int, str]]) -> None:
    """The errors, then the warnings, then what is to come, each with the name to write in a file."""
    _, text = show(date(2027, 2, 1))
    lines = text.splitlines()
    assert lines[:3] == ["Le droit au 01/02/2027", "", "À FAIRE"]
    assert lines[3].startswith("  erreur : Taux de la BCE")
    due = " ".join(text.partition("À VENIR")[0].split())
    assert "sont refusés. [bce_semestre]" in due
    assert "RELANCE_LAW_FILE" in due
    verdicts = re.findall(r"^  (erreur|attention) ", text, re.MULTILINE)
    assert verdicts == sorted(verdicts, reverse=True)


@pytest.mark.parametrize(
    ("today", "errors", "warnings"),
    [
        (date(2026, 11, 30), 0, 0),
        (date(2026, 12, 5), 0, 8),
        (date(2027, 1, 1), 2, 6),
        (date(2027, 2, 1), 2, 26),
    ],
)
def test_the_days_of_a_turn_of_the_year(
    show: Callable[..., tuple[int, str]], today: date, errors: int, warnings: int
) -> None:
    """Silent until 30 November, warned through December, failing from 1 January; more in February."""
    code, text = show(today)
    assert code == (1 if errors else 0)
    assert text.count("\n  erreur : ") == errors
    assert text.count("\n  attention : ") == warnings


def test_an_expired_value_in_use_is_a_failure(show: Callable[..., tuple[int, str]]) -> None:
    """On 1 January 2027 the rates are missing: code 1 and a line each."""
    code, text = show(date(2027, 1, 1))
    assert code == 1
    assert "  erreur : Taux de la BCE retenu pour le semestre : plus aucune" in text
    assert "  attention : Majoration du taux de la BCE entre professionnels" in text


def test_a_month_ahead_is_a_warning_only(show: Callable[..., tuple[int, str]]) -> None:
    """In December the renewals are told and the code stays 0."""
    code, text = show(date(2026, 12, 1))
    assert code == 0
    assert (
        "  attention : Taux de l’intérêt légal, autres cas : à compléter avant le 01/01/2027"
        in text
    )
    assert (
        "  attention : Majoration du taux de la BCE entre professionnels : à relire avant" in text
    )


def test_a_late_check_alone_is_no_failure(show: Callable[..., tuple[int, str]]) -> None:
    """Only what has expired fails: a folder with nothing but late checks gives 0."""
    code, text = show(date(2027, 1, 2), subject="paiement")
    assert code == 0
    assert "attention : Plafond du délai convenu" in text


def test_a_day_of_the_past_has_its_own_values(show: Callable[..., tuple[int, str]]) -> None:
    """The rates then in force, until when they were; what did not exist is unknown; code 0."""
    code, text = show(date(2027, 1, 1), on=date(2024, 3, 1))
    assert code == 0
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "Le droit au 01/03/2024"
    assert (
        "Taux de la BCE retenu pour le semestre 4,50 % par an 01/01/2024 confirmé 22/11/2026"
        in lines
    )
    assert any("bce_semestre · vaut jusqu’au 30/06/2024" in line for line in lines)
    assert "facture_electronique_reception" in lines
    at = lines.index("facture_electronique_reception")
    assert "inconnu 22/11/2026" in lines[at - 2]
    assert "JOURS FÉRIÉS 2024" in lines
    assert "À VENIR" not in lines
    assert "connu jusqu’au" not in text


def test_one_parameter_comes_with_its_history(show: Callable[..., tuple[int, str]]) -> None:
    """Every value by its days, the one in force marked, addresses in full, nothing of the others."""
    code, text = show(subject="bce_semestre")
    assert code == 0
    flat = " ".join(text.split())
    assert "du 01/01/2015 au 30/06/2015 : 0,05 % par an (confirmé)" in flat
    assert "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000038414392" in text
    assert flat.count("→") == 1
    assert "→ du 01/07/2026 au 31/12/2026 : 2,40 % par an" in flat
    assert "interet_legal" not in text
    assert "JOURS FÉRIÉS" not in text


def test_a_folder_is_told_alone(show: Callable[..., tuple[int, str]]) -> None:
    """All the parameters of a folder with their histories, and no other folder."""
    _, text = show(subject="indemnite")
    law = load_law()
    for name, parameter in law.parameters.items():
        assert (f"[{name}]" in text) == (parameter.group == "indemnite")


def test_an_unknown_name_is_one_line_with_the_nearest(
    show: Callable[..., tuple[int, str]],
) -> None:
    """A slip of the hand is answered with the name that was meant, or with the folders."""
    with pytest.raises(law_command.UnknownSubject, match=r"vouliez-vous dire bce_semestre"):
        show(subject="bce_semstre")
    with pytest.raises(law_command.UnknownSubject, match=r"dossiers.*taux"):
        show(subject="zzz")


def test_the_operator_s_value_is_marked(show: Callable[..., tuple[int, str]], own: Path) -> None:
    """In the table and in the history, a value of the operator's file says so."""
    _, table = show(date(2027, 1, 2), file=own)
    assert "interet_legal_autres_cas · valeur de votre fichier ·" in table
    _, sheet = show(date(2027, 1, 2), file=own, subject="interet_legal_autres_cas")
    assert "3,10 % par an, du 01/01/2027 au 30/06/2027 (valeur de votre fichier)" in sheet
    assert "(confirmé, de votre fichier)" in sheet
    assert sheet.count("votre fichier") == 2
    assert "vérifié le 20/11/2026" in sheet
    line = next(
        line for line in table.splitlines() if line.startswith("  Taux de l’intérêt légal, a")
    )
    assert line.endswith(" 20/11/2026")


def test_the_blanks_of_a_text_are_filled(show: Callable[..., tuple[int, str]]) -> None:
    """The mention of the penalties is shown as it would stand on an invoice, on any day."""
    for on in (None, date(2020, 1, 1)):
        text = " ".join(show(subject="mention_penalites", on=on)[1].split())
        assert "européenne majoré de 10 points, et indemnité forfaitaire de 40 € pour frais" in text
        assert "{" not in text
    assert "{" not in show()[1]


@pytest.mark.parametrize(
    ("terminal", "height", "paged"), [(True, 40, 1), (True, 900, 0), (False, 40, 0)]
)
def test_a_long_page_is_shown_from_its_top(
    show: Callable[..., tuple[int, str]],
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
    monkeypatch.setenv("COLUMNS", "100")
    code, text = show(date(2027, 1, 1))
    assert code == 1
    assert len(pages) == paged
    assert ("".join(pages) or text).startswith("Le droit au 01/01/2027")
    assert bool(text) is not bool(pages)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: 1\n b: 2\n", "vers la ligne 2"),
        (b"a: 1\na: 2\n", "vers la ligne 1"),
        (b"a: 2027-02-30\n", "une date n’existe pas"),
        (b"? [a]\n: 1\n", "YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: \x00", "YAML"),
        (b"taux_du_voisin: {last_checked_on: 2026-12-30}", "taux_du_voisin"),
        (b"- 1", "sont attendues"),
        (b"[" * 5000, "YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    """The line names the setting, the file and what is wrong."""
    file = tmp_path / "droit.yaml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_law(file)
    assert str(caught.value).startswith(f"RELANCE_LAW_FILE, {file}")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """A missing file, a folder, a file as a folder: the reason is given, in French."""
    (tmp_path / "f").touch()
    for name, why in (("absent", "introuvable"), (".", "dossier"), ("f/x", "celui d’un fichier")):
        with pytest.raises(SettingsError, match=rf"ne peut pas être lu \([^)]*{why}\)"):
            read_law(tmp_path / name)


@pytest.mark.parametrize("content", ["", "# rien encore\n", "{}\n"])
def test_an_empty_file_adds_nothing_and_says_so(tmp_path: Path, content: str) -> None:
    """A file without a value is no mistake: one line tells it, and the command goes on."""
    file = tmp_path / "droit.yaml"
    file.write_text(content, encoding="utf-8")
    assert read_law(file, TODAY) == (load_law(), ())
    assert emptiness(file, ()) == (
        f"RELANCE_LAW_FILE, {file}\u00a0: ce fichier est vide, seules les valeurs de la version"
        " installée servent."
    )
    assert emptiness(None, ()) == ""
    done = relance(tmp_path, "loi", "--au", "2026-11-22", RELANCE_LAW_FILE=str(file))
    assert done.returncode == 0
    assert done.stderr.splitlines() == [emptiness(file, ())]


def test_a_file_with_a_line_is_not_said_to_be_empty(own: Path) -> None:
    """Whatever the line does, there is nothing to warn of."""
    assert emptiness(own, read_law(own)[1]) == ""


def test_a_check_of_a_day_to_come_is_refused(own: Path) -> None:
    """Nobody has read on a later day: the line is named; on the day itself it is taken."""
    assert read_law(own, date(2026, 11, 20)) == read_law(own)
    with pytest.raises(SettingsError) as caught:
        read_law(own, date(2026, 11, 19))
    assert "interet_legal_autres_cas.last_checked_on\u00a0: 20/11/2026 n’est pas" in str(
        caught.value
    )
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("command", ["run", "chat", "loi"])
def test_no_command_starts_with_a_check_of_a_day_to_come(tmp_path: Path, command: str) -> None:
    """A year typed wrong ends the start in one line, before anything is made."""
    file = tmp_path / "droit.yaml"
    file.write_text(GOOD.replace("2026-11-20", "9026-11-20"), encoding="utf-8")
    token = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    done = relance(tmp_path, command, RELANCE_LAW_FILE=str(file), RELANCE_TELEGRAM_TOKEN=token)
    assert done.returncode == 2
    assert "20/11/9026 n’est pas encore venu" in one_line(done)
    assert not (tmp_path / "donnees").exists()


def test_the_documented_example_works_once_it_is_filled_in(tmp_path: Path) -> None:
    """The file of deploy/README.md is refused with its blanks, and taken with figures in them."""
    readme = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    file = tmp_path / "droit.yaml"
    file.write_text(example, encoding="utf-8")
    with pytest.raises(SettingsError, match="n’est pas un nombre"):
        read_law(file)
    file.write_text(example.replace('"…"', '"3.10"'), encoding="utf-8")
    law, _ = read_law(file)
    for name in ("interet_legal_autres_cas", "bce_semestre"):
        assert law.number(name, date(2027, 6, 30)) == Decimal("3.10")


@pytest.mark.parametrize("command", ["run", "chat", "loi"])
def test_a_wrong_law_file_stops_the_command_in_one_line(tmp_path: Path, command: str) -> None:
    """No command starts with a file it cannot use, and no database is made."""
    file = tmp_path / "droit.yaml"
    file.write_text(GOOD.replace('"3.10"', "3.10"), encoding="utf-8")
    token = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    done = relance(tmp_path, command, RELANCE_LAW_FILE=str(file), RELANCE_TELEGRAM_TOKEN=token)
    line = one_line(done)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "interet_legal_autres_cas.2027-01-01" in line
    assert "guillemets" in line
    assert not list(tmp_path.glob("donnees/*"))


def test_the_command_prints_the_state_on_a_day(tmp_path: Path, own: Path) -> None:
    """From the shell: a day, a folder, the operator's file; code 0 and nothing on stderr."""
    done = relance(tmp_path, "loi", "taux", "--au", "2027-02-01", RELANCE_LAW_FILE=str(own))
    assert (done.returncode, done.stderr) == (0, "")
    assert "3,10\u00a0% par an" in done.stdout
    assert "inconnu" in done.stdout


def test_a_day_whose_rates_are_unknown_is_no_failure(tmp_path: Path) -> None:
    """A day asked for shows what is unknown and gives 0, as deploy/README.md says."""
    done = relance(tmp_path, "loi", "bce_semestre", "--au", "2099-02-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "inconnu à cette date" in done.stdout
    readme = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    assert "`relance loi --au 2027-02-01`" in readme


def test_the_shell_hears_that_a_value_has_expired(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`relance loi` ends with 1 on 1 January 2027, and with 0 on the eve and for a day asked."""
    monkeypatch.delenv("RELANCE_LAW_FILE", raising=False)
    codes = []
    for day, more in ((1, []), (1, ["--au", "2027-01-01"]), (0, [])):
        today = date(2026, 12, 31) + timedelta(days=day)
        monkeypatch.setattr(cli, "_today", lambda _, today=today: today)
        codes.append(cli.main(["loi", *more]))
    assert codes == [1, 0, 0]
    assert "erreur" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (("--au", "01/03/2024"), "AAAA-MM-JJ"),
        (("--au", "2026-02-30"), "2026-02-30"),
        (("--au",), "--au"),
        (("tau",), "taux"),
    ],
)
def test_a_wrong_question_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], needed: str
) -> None:
    """A date typed wrong or an unknown name ends with one line and code 2."""
    done = relance(tmp_path, "loi", *arguments)
    assert needed in one_line(done)
    assert done.returncode == 2


def test_a_reader_who_leaves_early_gets_no_traceback(tmp_path: Path) -> None:
    """`relance loi | head -1` ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "loi"],
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
