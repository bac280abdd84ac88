"""The files of `deploy/` without a container engine: their shape, and what they refer to."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import KNOWN, PREFIX, load_settings
from tests.deploy.shapes import ALERTS, COMPOSE, KINDS, problems

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
BOT = {"app.kubernetes.io/name": "relance"}


def text(path: Path) -> str:
    return path.read_text("utf-8")


def documents(path: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text(path)) if one]


def all_kubernetes() -> list[dict[str, Any]]:
    return [one for path in sorted(KUBERNETES.glob("*.yaml")) for one in documents(path)]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [one for one in all_kubernetes() if one["kind"] == kind]


def pods() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Give the labels and the spec of every pod."""
    templates = [one["spec"]["template"] for one in of_kind("Deployment")]
    templates += [one["spec"]["jobTemplate"]["spec"]["template"] for one in of_kind("CronJob")]
    return [(one["metadata"]["labels"], one["spec"]) for one in templates]


def files() -> list[Path]:
    return sorted(path for path in DEPLOY.rglob("*") if path.is_file())


# --- shapes ----------------------------------------------------------------------------------


def test_the_checker_finds_what_is_wrong() -> None:
    """An unknown key, a missing one, a wrong type and a wrong word are each found."""
    good = yaml.safe_load(text(DEPLOY / "compose.yaml"))
    assert problems(good, COMPOSE) == []
    changes: tuple[dict[str, Any], ...] = (
        {"service": {}},
        {"name": "Not A Name"},
        {"services": {"a": {"read_only": "yes"}}},
        {"services": {"a": {"restart": "sometimes"}}},
        {"services": {"a": {"healthcheck": {"interval": "5 s"}}}},
    )
    for change in changes:
        assert problems(good | change, COMPOSE), change
    assert sorted(problems({}, COMPOSE)) == [".name: missing", ".services: missing"]


@pytest.mark.parametrize("path", sorted(KUBERNETES.glob("*.yaml")), ids=lambda p: p.name)
def test_each_manifest_has_the_shape_of_its_kind(path: Path) -> None:
    """No key that its kind does not know; every pod is not root, read-only, without capabilities."""
    for one in documents(path):
        assert problems(one, KINDS[one["kind"]], one["kind"]) == []


def test_the_compose_file_refers_to_what_it_declares() -> None:
    """Volumes, networks, services waited for and files mounted are all there."""
    compose = yaml.safe_load(text(DEPLOY / "compose.yaml"))
    services = compose["services"]
    used: dict[str, set[str]] = {"volumes": set(), "networks": set()}
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        used["networks"] |= set(service["networks"])
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).is_file(), source
            else:
                used["volumes"].add(source)
        if build := service.get("build"):
            assert (DEPLOY / build["context"]).resolve() == ROOT
            assert (ROOT / build["dockerfile"]).is_file()
    assert used == {name: set(compose[name]) for name in used}
    assert services["relance"]["deploy"]["replicas"] == 2
    # A fixed port of the machine would be taken by the first replica.
    for ports in services["relance"]["ports"]:
        first, last = re.findall(r"(\d+)-(\d+):", ports)[0]
        assert int(last) - int(first) == 1


def test_the_bot_of_the_compose_file_has_settings_that_load() -> None:
    """With the example filled in, the settings of both modes are accepted; webhook and health are apart."""
    compose = yaml.safe_load(text(DEPLOY / "compose.yaml"))
    given = {
        "RELANCE_TELEGRAM_TOKEN": "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc",
        "POSTGRES_PASSWORD": "secret",
    }
    webhook = {
        "RELANCE_WEBHOOK_URL": "https://bot.example.org/telegram",
        "RELANCE_WEBHOOK_SECRET": "a" * 64,
        "RELANCE_WEBHOOK_LISTEN": "0.0.0.0:8080",
    }
    for values in (given, given | webhook):
        environ = {
            name: re.sub(r"\$\{(\w+)[^}]*\}", lambda m, v=values: v.get(m[1], ""), value)  # type: ignore[misc]
            for name, value in compose["services"]["relance"]["environment"].items()
        }
        settings = load_settings(environ)
        assert settings.warnings == ()
        assert (settings.webhook is not None) == (values is not given)
        assert settings.health_listen is not None
        assert settings.health_listen.port == 9090


# --- Kubernetes, one against the other --------------------------------------------------------


def test_selectors_find_the_bot() -> None:
    """The service, the policy, the budget and the spreading select the pods of the bot, and only them."""
    (deployment,) = of_kind("Deployment")
    assert deployment["spec"]["selector"]["matchLabels"] == BOT
    assert deployment["spec"]["template"]["metadata"]["labels"] == BOT
    assert [one["spec"]["selector"] for one in of_kind("Service")] == [BOT]
    assert [one["spec"]["podSelector"]["matchLabels"] for one in of_kind("NetworkPolicy")] == [BOT]
    assert [one["spec"]["selector"]["matchLabels"] for one in of_kind("PodDisruptionBudget")] == [
        BOT
    ]
    (spec,) = [spec for labels, spec in pods() if labels == BOT]
    (spread,) = spec["topologySpreadConstraints"]
    assert spread["labelSelector"]["matchLabels"] == BOT
    names = [
        one["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
        for one in of_kind("CronJob")
    ]
    assert BOT not in names


def test_replicas_share_no_volume() -> None:
    """Two pods of the bot on two nodes: nothing of theirs is a volume of one node, and the schema is one at a time."""
    (deployment,) = of_kind("Deployment")
    assert deployment["spec"]["replicas"] == 2
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    volumes = deployment["spec"]["template"]["spec"]["volumes"]
    assert all("emptyDir" in volume for volume in volumes)


def test_ports_and_probes_meet() -> None:
    """Service, probes and policy use the ports of the container; all three probes are there."""
    (bot,) = next(spec for labels, spec in pods() if labels == BOT)["containers"]
    ports = {port["name"]: port["containerPort"] for port in bot["ports"]}
    for name, path in (("startup", "healthz"), ("liveness", "healthz"), ("readiness", "readyz")):
        assert bot[f"{name}Probe"]["httpGet"] == {"path": f"/{path}", "port": "health"}
    (service,) = of_kind("Service")
    assert {p["targetPort"]: p["port"] for p in service["spec"]["ports"]} == ports
    (policy,) = of_kind("NetworkPolicy")
    assert {p["port"] for rule in policy["spec"]["ingress"] for p in rule["ports"]} == set(
        ports.values()
    )


def test_volumes_secrets_and_resources_exist() -> None:
    """Every volume mounted is declared, every claim and secret named is there, and kustomize lists all."""
    claims = {one["metadata"]["name"] for one in of_kind("PersistentVolumeClaim")}
    secrets = {one["metadata"]["name"] for one in of_kind("Secret")}
    used: set[str] = set()
    for _, spec in pods():
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        for container in spec["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
            assert {source["secretRef"]["name"] for source in container["envFrom"]} <= secrets
        used |= {
            volume["persistentVolumeClaim"]["claimName"]
            for volume in volumes.values()
            if "persistentVolumeClaim" in volume
        }
    assert used == claims
    (listed,) = of_kind("Kustomization")
    here = {path.name for path in KUBERNETES.glob("*.yaml")}
    assert set(listed["resources"]) == here - {"kustomization.yaml", "secret.example.yaml"}


def test_the_same_image_everywhere_and_its_user() -> None:
    """The backup runs what the bot runs, as the user that the image makes."""
    assert len({c["image"] for _, spec in pods() for c in spec["containers"]}) == 1
    made = re.search(r"--uid (\d+)", text(DEPLOY / "Containerfile"))
    assert made is not None
    assert {str(spec["securityContext"]["runAsUser"]) for _, spec in pods()} == {made[1]}


# --- the image --------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", text(DEPLOY / "Containerfile"))
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in lines]


def test_the_image_is_small_safe_and_pinned() -> None:
    """Two stages, hashes required, no root at the end, a health check, what is copied exists."""
    found = instructions()
    known = "ARG FROM ENV RUN WORKDIR COPY USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD"
    assert {name for name, _ in found} <= set(known.split())
    assert [name for name, _ in found].count("FROM") == 2
    assert any("--require-hashes --requirement requirements.lock" in rest for _, rest in found)
    assert [rest for name, rest in found if name == "USER"] == ["10001:10001"]
    last = [name for name, _ in found]
    assert last.index("USER") > max(n for n, name in enumerate(last) if name == "RUN")
    (check,) = (rest for name, rest in found if name == "HEALTHCHECK")
    assert "127.0.0.1:9090/healthz" in check
    for name, rest in found:
        if name == "COPY" and not rest.startswith("--from"):
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists(), source


def test_the_build_sees_what_it_copies() -> None:
    """The ignore file lets through exactly what the image copies."""
    let = {line[1:] for line in text(ROOT / ".dockerignore").splitlines() if line.startswith("!")}
    copied = {
        source
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for source in shlex.split(rest)[:-1]
    }
    assert let == copied


def test_every_data_file_is_in_the_package() -> None:
    """An image holds the installed package: no file of the code is left out of it by its name."""
    pyproject = text(ROOT / "pyproject.toml")
    line = re.search(r'^"\*" = (\[.*\])$', pyproject, re.MULTILINE)
    assert line is not None
    patterns = yaml.safe_load(line[1])
    left_out = [
        path.relative_to(ROOT).as_posix()
        for room in ("bot", "flows", "letters")
        for path in (ROOT / room).rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc"}
        and "pictures" not in path.parts
        and not any(path.match(pattern) for pattern in patterns)
    ]
    assert left_out == []


# --- names ------------------------------------------------------------------------------------


def test_every_variable_named_exists_and_every_one_is_documented() -> None:
    """`deploy/` names no variable that the settings do not know, and its table leaves none out."""
    named = {
        (path.name, name)
        for path in files()
        for name in re.findall(rf"\b{PREFIX}([A-Z_]+[A-Z])\b", text(path))
    }
    assert {pair for pair in named if pair[1] not in KNOWN} == set()
    table = [
        line for line in text(DEPLOY / "README.md").splitlines() if line.startswith("| `RELANCE")
    ]
    documented = {name for line in table for name in re.findall(rf"`{PREFIX}([A-Z_]+)`", line)}
    assert documented == set(KNOWN)


def test_every_path_and_link_leads_somewhere() -> None:
    """A file of the clone named in deploy/, and every relative link with its heading, exists."""
    for path in files():
        for name in re.findall(r"(?<![\w./-])deploy/[\w./-]*\w", text(path)):
            assert (ROOT / name).exists() or name == "deploy/.env", f"{path.name}: {name}"
        if path.suffix == ".md":
            for link in re.findall(r"\]\(([^)]+)\)", text(path)):
                if not link.startswith("http"):
                    target, _, heading = link.partition("#")
                    file = path.parent / target if target else path
                    assert file.exists(), f"{path.name}: {link}"
                    assert not heading or heading in headings(file), f"{path.name}: {link}"


def test_the_example_has_every_variable_the_compose_file_asks_for() -> None:
    """What `${…}` names stands in the example, and the other way round."""
    asked = set(re.findall(r"\$\{(\w+)", text(DEPLOY / "compose.yaml")))
    given = set(re.findall(r"^(\w+)=", text(DEPLOY / "relance.env.example"), re.MULTILINE))
    assert asked == given


def headings(path: Path) -> list[str]:
    """Give the anchors of a page, as the sites that show it make them."""
    titles = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


# --- alarms -----------------------------------------------------------------------------------


def rules() -> list[dict[str, Any]]:
    (alerts,) = documents(DEPLOY / "alerts.yaml")
    assert problems(alerts, ALERTS) == []
    return [rule for group in alerts["groups"] for rule in group["rules"]]


def test_each_alarm_has_its_page_and_each_page_its_alarm() -> None:
    """The runbook has a heading for each alarm, in their order, and the rule leads to it."""
    names = [rule["alert"] for rule in rules()]
    runbook = text(DEPLOY / "RUNBOOK.md")
    assert re.findall(r"^## (Relance\w+)$", runbook, re.MULTILINE) == names
    for rule in rules():
        page, _, heading = rule["annotations"]["runbook"].partition("#")
        assert heading == rule["alert"].lower()
        assert heading in headings(ROOT / page)


def test_alarms_ask_for_figures_that_exist() -> None:
    """Every figure of a rule is one the bot serves, with the labels it asks for."""
    from prometheus_client import generate_latest

    from bot.vitals import Vitals

    vitals = Vitals()
    vitals.posted(403)
    vitals.show_law([])
    served = generate_latest(vitals.registry).decode()
    for rule in rules():
        expression = rule["expr"]
        assert expression.count("(") == expression.count(")")
        for name, labels in re.findall(r"\b(relance_\w+)(?:\{([^}]*)\})?", expression):
            lines = [line for line in served.splitlines() if re.match(rf"{name}[ {{]", line)]
            assert lines, name
            for label, values in re.findall(r'(\w+)=~?"([^"]*)"', labels):
                for value in values.split("|"):
                    assert any(f'{label}="{value}"' in line for line in lines), (name, value)
