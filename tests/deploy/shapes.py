"""What container files may say: a small strict schema, where an unknown or mistyped key is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Matching:
    """A text of this form."""

    form: str


@dataclass(frozen=True)
class Each:
    """A list whose items have this shape."""

    item: Any


@dataclass(frozen=True)
class Named:
    """A mapping whose values have this shape."""

    value: Any


@dataclass(frozen=True)
class OneOf:
    """One of these shapes."""

    shapes: tuple[Any, ...]


def one_of(*shapes: Any) -> OneOf:
    return OneOf(shapes)


def problems(found: Any, shape: Any, at: str = "") -> list[str]:
    """Give what of `found` is not as `shape` says; keys that end with « ! » must be there."""
    match shape:
        case dict():
            if not isinstance(found, dict):
                return [f"{at}: no mapping"]
            known = {key.rstrip("!"): inner for key, inner in shape.items()}
            needed = {key[:-1] for key in shape if key.endswith("!")}
            wrong = [f"{at}.{key}: unknown" for key in found if key not in known]
            wrong += [f"{at}.{key}: missing" for key in needed if key not in found]
            for key, value in found.items():
                if key in known:
                    wrong += problems(value, known[key], f"{at}.{key}")
            return wrong
        case Each(item):
            if not isinstance(found, list):
                return [f"{at}: no list"]
            return [w for n, one in enumerate(found) for w in problems(one, item, f"{at}[{n}]")]
        case Named(value):
            if not isinstance(found, dict):
                return [f"{at}: no mapping"]
            return [w for key, one in found.items() for w in problems(one, value, f"{at}.{key}")]
        case OneOf(shapes):
            tried = [problems(found, inner, at) for inner in shapes]
            return [] if any(not wrong for wrong in tried) else tried[0]
        case Matching(form):
            fits = isinstance(found, str) and re.fullmatch(form, found, re.DOTALL)
            return [] if fits else [f"{at}: {found!r} is no {form}"]
        case type():
            # A bool is an int for Python and not for whoever reads these files.
            good = isinstance(found, shape) and not (shape is int and isinstance(found, bool))
            return [] if good else [f"{at}: {found!r} is no {shape.__name__}"]
    return [] if found == shape else [f"{at}: {found!r} is not {shape!r}"]


NAME = Matching(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
TIME = Matching(r"(\d+(ms|s|m|h))+")
SIZE = Matching(r"\d+[bkmg]b?")
IMAGE = Matching(r"[a-z0-9./_-]+(:[A-Za-z0-9._-]+)?")

COMPOSE = {
    "name!": NAME,
    "services!": Named(
        {
            "image": IMAGE,
            "build": {"context!": str, "dockerfile": str, "args": Named(str), "target": str},
            "restart": one_of("no", "always", "on-failure", "unless-stopped"),
            "profiles": Each(NAME),
            "depends_on": one_of(
                Each(NAME),
                Named(
                    {
                        "condition!": one_of(
                            "service_started", "service_healthy", "service_completed_successfully"
                        )
                    }
                ),
            ),
            "environment": Named(str),
            "deploy": {"replicas!": int},
            "command": Each(str),
            "volumes": Each(Matching(r"[^:]+:/[^:]*(:ro)?")),
            "networks": Each(NAME),
            "ports": Each(Matching(r"([\d.]+:)?\d+(-\d+)?:\d+")),
            "read_only": bool,
            "tmpfs": Each(Matching(r"/[a-z]*(:[a-z0-9=,]+)?")),
            "cap_drop": Each("ALL"),
            "cap_add": Each(Matching(r"[A-Z_]+")),
            "security_opt": Each("no-new-privileges:true"),
            "pids_limit": int,
            "mem_limit": SIZE,
            "shm_size": SIZE,
            "stop_grace_period": TIME,
            "healthcheck": one_of(
                {"test!": Each(str), "interval": TIME, "timeout": TIME, "retries": int},
                {"disable!": True},
            ),
        }
    ),
    "volumes": Named({}),
    "networks": Named({"internal": bool}),
}

_LABELS = Named(Matching(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"))
_META = {"name!": NAME, "namespace": NAME, "labels": _LABELS, "annotations": Named(str)}
_QUANTITY = Matching(r"\d+(\.\d+)?(m|Ki|Mi|Gi)?")
_SELECTOR = {"matchLabels!": _LABELS}
_PROBE = {
    "httpGet!": {"path!": Matching(r"/[a-z]+"), "port!": one_of(NAME, int)},
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
    "initialDelaySeconds": int,
}
_POD = {
    "restartPolicy": one_of("Never", "OnFailure", "Always"),
    "automountServiceAccountToken!": False,
    "enableServiceLinks": bool,
    "terminationGracePeriodSeconds": int,
    "securityContext!": {
        "runAsNonRoot!": True,
        "runAsUser!": int,
        "runAsGroup": int,
        "fsGroup": int,
        "seccompProfile!": {"type!": "RuntimeDefault"},
    },
    "topologySpreadConstraints": Each(
        {
            "maxSkew!": int,
            "topologyKey!": str,
            "whenUnsatisfiable!": one_of("ScheduleAnyway", "DoNotSchedule"),
            "labelSelector!": _SELECTOR,
        }
    ),
    "containers!": Each(
        {
            "name!": NAME,
            "image!": IMAGE,
            "args": Each(str),
            "envFrom": Each({"secretRef!": {"name!": NAME}}),
            "env": Each({"name!": Matching(r"[A-Z_]+"), "value!": str}),
            "ports": Each({"name!": NAME, "containerPort!": int}),
            "startupProbe": _PROBE,
            "livenessProbe": _PROBE,
            "readinessProbe": _PROBE,
            "resources!": {"requests!": Named(_QUANTITY), "limits!": Named(_QUANTITY)},
            "securityContext!": {
                "allowPrivilegeEscalation!": False,
                "readOnlyRootFilesystem!": True,
                "capabilities!": {"drop!": ["ALL"]},
            },
            "volumeMounts": Each({"name!": NAME, "mountPath!": str, "readOnly": bool}),
        }
    ),
    "volumes": Each(
        {
            "name!": NAME,
            "persistentVolumeClaim": {"claimName!": NAME},
            "emptyDir": {"sizeLimit!": _QUANTITY},
        }
    ),
}
_TEMPLATE = {"metadata!": {"labels!": _LABELS, "annotations": Named(str)}, "spec!": _POD}


def _kind(version: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion!": version, "kind!": kind, "metadata!": _META} | rest


_PORTS = Each({"port!": int, "protocol!": one_of("TCP", "UDP")})
KINDS: dict[str, dict[str, Any]] = {
    "Namespace": _kind("v1", "Namespace"),
    "Secret": _kind("v1", "Secret", **{"type!": "Opaque", "stringData!": Named(str)}),
    "PersistentVolumeClaim": _kind(
        "v1",
        "PersistentVolumeClaim",
        **{
            "spec!": {
                "accessModes!": Each("ReadWriteOnce"),
                "resources!": {"requests!": {"storage!": _QUANTITY}},
                "storageClassName": NAME,
            }
        },
    ),
    "Service": _kind(
        "v1",
        "Service",
        **{
            "spec!": {
                "selector!": _LABELS,
                "ports!": Each({"name!": NAME, "port!": int, "targetPort!": NAME}),
            }
        },
    ),
    "Deployment": _kind(
        "apps/v1",
        "Deployment",
        **{
            "spec!": {
                "replicas!": 2,
                "strategy!": {"type!": "Recreate"},
                "selector!": _SELECTOR,
                "template!": _TEMPLATE,
            }
        },
    ),
    "PodDisruptionBudget": _kind(
        "policy/v1",
        "PodDisruptionBudget",
        **{"spec!": {"minAvailable!": int, "selector!": _SELECTOR}},
    ),
    "NetworkPolicy": _kind(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        **{
            "spec!": {
                "podSelector!": _SELECTOR,
                "policyTypes!": ["Ingress", "Egress"],
                "ingress!": Each(
                    {"from!": Each({"namespaceSelector!": _SELECTOR}), "ports!": _PORTS}
                ),
                "egress!": Each({"ports!": _PORTS}),
            }
        },
    ),
    "CronJob": _kind(
        "batch/v1",
        "CronJob",
        **{
            "spec!": {
                "schedule!": Matching(r"(\S+ ){4}\S+"),
                "concurrencyPolicy!": "Forbid",
                "startingDeadlineSeconds": int,
                "successfulJobsHistoryLimit": int,
                "failedJobsHistoryLimit": int,
                "jobTemplate!": {
                    "spec!": {
                        "backoffLimit": int,
                        "activeDeadlineSeconds": int,
                        "template!": _TEMPLATE,
                    }
                },
            }
        },
    ),
    "Kustomization": {
        "apiVersion!": "kustomize.config.k8s.io/v1beta1",
        "kind!": "Kustomization",
        "namespace!": NAME,
        "resources!": Each(str),
    },
}
ALERTS = {
    "groups!": Each(
        {
            "name!": NAME,
            "rules!": Each(
                {
                    "alert!": Matching(r"Relance[A-Za-z]+"),
                    "expr!": str,
                    "for": TIME,
                    "labels!": {"severity!": one_of("page", "ticket")},
                    "annotations!": {"summary!": str, "runbook!": str},
                }
            ),
        }
    )
}
