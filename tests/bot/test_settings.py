"""Settings: defaults, wrong values, secrets."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings, SettingsError, load_settings, without_password

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def test_nothing_set_gives_the_documented_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any variable the bot has no token, SQLite in ./donnees and Paris time."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings == Settings(
        telegram_token=None,
        telegram_api_url="https://api.telegram.org",
        database_url=f"sqlite:///{tmp_path}/donnees/relance.sqlite3",
        data_dir=tmp_path / "donnees",
        timezone=settings.timezone,
        log_level="INFO",
    )
    assert settings.timezone.key == "Europe/Paris"
    assert not (tmp_path / "donnees").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "pas-un-jeton"),
        ("TELEGRAM_TOKEN", "123456789"),
        ("TELEGRAM_TOKEN", f"{TOKEN} {TOKEN}"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "http://localhost:port"),
        ("TELEGRAM_API_URL", "http://localhost:99999"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("TELEGRAM_API_URL", "https://api.telegram.org?x=1"),
        ("DATABASE_URL", "mysql://localhost/base"),
        ("DATABASE_URL", "relance.sqlite3"),
        ("DATABASE_URL", "sqlite://relance.sqlite3"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://machine"),
        ("DATABASE_URL", "postgresql://machine:abc/base"),
        ("DATA_DIR", __file__),
        ("DATA_DIR", "a\0b"),
        ("DATA_DIR", "a?b"),
        ("TIMEZONE", "Europe/Marseille"),
        ("TIMEZONE", "Europe"),
        ("TIMEZONE", "../etc/passwd"),
        ("TIMEZONE", "/etc/localtime"),
        ("LOG_LEVEL", "BAVARD"),
        ("LOG_LEVEL", "20"),
        ("RATE", "0"),
        ("RATE", "-1"),
        ("RATE", "1e9"),
        ("CHAT_RATE", "vite"),
        ("CHAT_RATE", "nan"),
        ("LAW_FILE", "a\0b"),
        ("LAW_FILE", "~personne-ici/droit.yaml"),
        ("OPERATOR_CHAT", "camille"),
        ("OPERATOR_CHAT", "-100123"),
        ("OPERATOR_CHAT", "0"),
        ("OPERATOR_CHAT", "1_000"),
        ("OPERATOR_CHAT", "9223372036854775808"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_variable(name: str, value: str) -> None:
    """Every wrong value ends in one line with the variable's name and what was expected."""
    with pytest.raises(SettingsError) as caught:
        load_settings({f"RELANCE_{name}": value})
    line = str(caught.value)
    assert line.startswith(f"RELANCE_{name} : ")
    assert "attendu" in line
    assert "\n" not in line


def test_a_wrong_token_is_not_repeated() -> None:
    """What was typed as a token may be nearly right, so the error does not show it."""
    with pytest.raises(SettingsError) as caught:
        load_settings({"RELANCE_TELEGRAM_TOKEN": TOKEN + "!"})
    assert TOKEN[10:] not in str(caught.value)


def test_blank_counts_as_not_set_and_spaces_around_are_dropped() -> None:
    """A variable left empty in a file means the default; a trailing newline does no harm."""
    settings = load_settings(
        {
            "RELANCE_TELEGRAM_TOKEN": f" {TOKEN}\n",
            "RELANCE_TIMEZONE": "  ",
            "RELANCE_LOG_LEVEL": "debug",
            "RELANCE_CHAT_RATE": "2.5",
            "RELANCE_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        }
    )
    assert settings.telegram_token == TOKEN
    assert settings.timezone.key == "Europe/Paris"
    assert settings.log_level == "DEBUG"
    assert (settings.rate, settings.chat_rate) == (28, 2.5)
    assert settings.bot_base_url == "http://127.0.0.1:8081/bot"
    assert settings.file_base_url == "http://127.0.0.1:8081/file/bot"


def test_the_law_file_and_the_operator_s_chat_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path is made absolute without being looked at; the chat is a number; neither is needed."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings({"RELANCE_LAW_FILE": "droit.yaml", "RELANCE_OPERATOR_CHAT": "4242"})
    assert (settings.law_file, settings.operator_chat) == (tmp_path / "droit.yaml", 4242)
    assert settings.warnings == ()
    none = load_settings({})
    assert (none.law_file, none.operator_chat) == (None, None)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/relance.sqlite3",
        "sqlite:///relance.sqlite3",
        "postgresql://relance:secret@base/relance",
        "postgres://base:5433/relance",
        "postgresql+psycopg://u@/relance?host=/run/postgresql",
    ],
)
def test_known_databases_are_taken_as_written(url: str) -> None:
    """SQLite files and PostgreSQL addresses pass unchanged."""
    assert load_settings({"RELANCE_DATABASE_URL": url}).database_url == url


def test_secrets_never_show_in_the_representation() -> None:
    """Neither the token nor the database password is in repr or str, and both are in `secrets`."""
    settings = load_settings(
        {
            "RELANCE_TELEGRAM_TOKEN": TOKEN,
            "RELANCE_DATABASE_URL": "postgresql://relance:m%40t-de-passe@base/relance",
        }
    )
    for shown in (repr(settings), str(settings), f"{settings}"):
        assert TOKEN not in shown
        assert TOKEN.partition(":")[2] not in shown
        assert "de-passe" not in shown
        assert "relance:***@base" in shown
    assert set(settings.secrets) == {TOKEN, TOKEN.partition(":")[2], "m%40t-de-passe"}


def test_an_unknown_variable_is_a_warning_with_the_nearest_name() -> None:
    """A misspelt variable is told with the name that was probably meant; others are left alone."""
    settings = load_settings({"RELANCE_TELEGRAM_TOKN": "x", "RELANCE_ZZZ": "x", "PATH": "/bin"})
    near, far = settings.warnings
    assert "RELANCE_TELEGRAM_TOKN" in near
    assert "RELANCE_TELEGRAM_TOKEN ?" in near
    assert "RELANCE_ZZZ" in far
    assert "?" not in far


def test_the_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    """A missing data folder is created with no right for anybody else."""
    settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path / "a" / "b")})
    folder = settings.ensure_data_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert settings.ensure_data_dir() == folder


def test_a_folder_that_cannot_be_made_is_a_setting_to_correct(tmp_path: Path) -> None:
    """A data folder under a file is refused in one line naming the variable."""
    (tmp_path / "fichier").write_text("")
    settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path / "fichier" / "donnees")})
    with pytest.raises(SettingsError, match="RELANCE_DATA_DIR"):
        settings.ensure_data_dir()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:5432/b", "postgresql://u:***@h:5432/b"),
        ("postgresql://u:p@ss@h/b", "postgresql://u:***@h/b"),
        ("postgresql://u@h/b", "postgresql://u@h/b"),
        ("sqlite:////tmp/a", "sqlite:////tmp/a"),
        ("http://[", "***"),
    ],
)
def test_a_password_in_an_address_is_masked(url: str, shown: str) -> None:
    """Only the password is masked; an address that cannot be read is masked whole."""
    assert without_password(url) == shown


def test_the_terminal_has_its_own_file_unless_a_database_is_chosen(tmp_path: Path) -> None:
    """Only the database differs, and only when the operator left it to the data folder."""
    usual = load_settings({"RELANCE_DATA_DIR": str(tmp_path)})
    assert usual.sqlite_file == tmp_path / "relance.sqlite3"
    assert usual.for_terminal().sqlite_file == tmp_path / "terminal.sqlite3"
    assert usual.for_terminal().data_dir == usual.data_dir
    for url in (f"sqlite:///{tmp_path}/relance.sqlite3", "postgresql://relance@localhost/relance"):
        chosen = load_settings({"RELANCE_DATA_DIR": str(tmp_path), "RELANCE_DATABASE_URL": url})
        assert chosen.for_terminal() == chosen


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/a#b/x.sqlite3", "/srv/a#b/x.sqlite3"),
        ("sqlite:///x.sqlite3", "x.sqlite3"),
        ("postgresql://relance@localhost/relance", None),
    ],
)
def test_the_file_of_a_database_is_the_one_that_is_opened(
    tmp_path: Path, url: str, file: str | None
) -> None:
    """The path is whole, relative when it was given so; a server has none."""
    found = load_settings({"RELANCE_DATABASE_URL": url}).sqlite_file
    assert (str(found) if found else None) == file


HOOK = {
    "RELANCE_WEBHOOK_URL": "https://bot.exemple.fr/poste/relance",
    "RELANCE_WEBHOOK_SECRET": "a_Z-9" * 4,
    "RELANCE_WEBHOOK_LISTEN": "127.0.0.1:8443",
}


def test_the_webhook_and_the_health_page_are_read() -> None:
    """Three variables make the webhook, a fourth the page of health; the secret is one of the secrets."""
    settings = load_settings({**HOOK, "RELANCE_HEALTH_LISTEN": "[::1]:9000"})
    assert settings.webhook is not None
    assert settings.webhook.path == "/poste/relance"
    assert (settings.webhook.listen.host, settings.webhook.listen.port) == ("127.0.0.1", 8443)
    assert settings.health_listen is not None
    assert (settings.health_listen.host, settings.health_listen.port) == ("::1", 9000)
    assert settings.webhook.secret in settings.secrets
    assert settings.webhook.secret not in repr(settings) + repr(settings.webhook)
    assert settings.warnings == ()
    none = load_settings({})
    assert (none.webhook, none.health_listen) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://bot.exemple.fr/poste"),
        ("WEBHOOK_URL", "bot.exemple.fr"),
        ("WEBHOOK_URL", "https:///poste"),
        ("WEBHOOK_URL", "https://bot.exemple.fr:8444/poste"),
        ("WEBHOOK_URL", "https://bot.exemple.fr:99999/poste"),
        ("WEBHOOK_URL", "https://bot.exemple.fr/poste?a=1"),
        ("WEBHOOK_URL", "https://bot.exemple.fr/poste#a"),
        ("WEBHOOK_URL", "https://moi:mot@bot.exemple.fr/poste"),
        ("WEBHOOK_URL", "https://bot.exemple.fr/a b"),
        ("WEBHOOK_URL", "https://bot.exemple.fr/é"),
        ("WEBHOOK_SECRET", "a" * 257),
        ("WEBHOOK_SECRET", "mot de passe"),
        ("WEBHOOK_SECRET", "é"),
        ("WEBHOOK_LISTEN", "8443"),
        ("WEBHOOK_LISTEN", ":8443"),
        ("WEBHOOK_LISTEN", "127.0.0.1:0"),
        ("WEBHOOK_LISTEN", "127.0.0.1:65536"),
        ("WEBHOOK_LISTEN", "::1:8443"),
        ("HEALTH_LISTEN", "localhost"),
        ("HEALTH_LISTEN", "127.0.0.1:8443"),
    ],
)
def test_a_wrong_address_or_secret_is_one_line(name: str, value: str) -> None:
    """A wrong value of the webhook or of the health page is one line with its name, never its secret."""
    with pytest.raises(SettingsError) as caught:
        load_settings({**HOOK, f"RELANCE_{name}": value})
    line = str(caught.value)
    assert line.startswith(f"RELANCE_{name} : ")
    assert "attendu" in line
    assert "\n" not in line
    assert value not in {"mot de passe", "a" * 257} or value not in line


@pytest.mark.parametrize("missing", list(HOOK))
def test_a_webhook_half_set_is_refused(missing: str) -> None:
    """Two of the three variables are a mistake: the line names the one that is missing."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value for name, value in HOOK.items() if name != missing})
    assert str(caught.value).startswith(f"{missing} : valeur manquante")


@pytest.mark.parametrize("secret", ["a", "a" * 256])
def test_a_secret_of_any_allowed_length_is_taken(secret: str) -> None:
    """One character or 256 are taken, as Telegram does."""
    webhook = load_settings({**HOOK, "RELANCE_WEBHOOK_SECRET": secret}).webhook
    assert webhook is not None
    assert webhook.secret == secret


def test_one_s_own_server_posts_by_http_and_to_any_port() -> None:
    """A Bot API server of one's own, which posts inside one's network, may be given an http address."""
    settings = load_settings(
        {
            **HOOK,
            "RELANCE_TELEGRAM_API_URL": "http://127.0.0.1:8081",
            "RELANCE_WEBHOOK_URL": "http://bot.interne:9001/poste",
        }
    )
    assert settings.webhook is not None
