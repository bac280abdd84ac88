"""Reading a request: path, query, and a body that is a form, JSON or multipart."""

from __future__ import annotations

import json
import re
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from .limits import ApiError, bad_request

# Parameters that carry JSON inside a form; anything else stays the text it is.
_OBJECTS = {
    "reply_markup": "reply keyboard markup",
    "commands": "commands",
    "scope": "BotCommandScope",
    "menu_button": "menu button",
    "allowed_updates": "allowed updates",
    "entities": "message entities",
    "caption_entities": "message entities",
    "link_preview_options": "link preview options",
    "reply_parameters": "reply parameters",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Params:
    """The parameters of one call: texts of a form or values of JSON, read the same way."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the parameter as text, "" when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0, low: int = -(2**53), high: int = 2**53) -> int:
        """Return the parameter as an integer within bounds; what is no number is the default."""
        try:
            number = int(self.text(name))
        except ValueError:
            return default
        return max(low, min(high, number))

    def flag(self, name: str) -> bool:
        """Return whether the parameter is true, yes or 1."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def parsed(self, name: str) -> Any:
        """Return a parameter that is JSON, None when absent; raise the 400 for broken JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise bad_request(f"Can't parse {_OBJECTS.get(name, name)} JSON object") from wrong

    def record(self) -> dict[str, Any]:
        """Return what the record keeps: objects decoded, files as their name and size."""
        kept: dict[str, Any] = {}
        for name, value in self.values.items():
            kept[name] = value
            if name in _OBJECTS and isinstance(value, str):
                try:
                    kept[name] = json.loads(value)
                except ValueError:
                    kept[name] = value
        for name, upload in self.uploads.items():
            kept[name] = {"file_name": upload.name, "file_size": len(upload.content)}
        return kept


def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Return the parameters of a request; those of the body win over those of the query."""
    params = Params(dict(urllib.parse.parse_qsl(query, keep_blank_values=True)))
    if not body:
        return params
    kind = content_type.split(";", 1)[0].strip().lower()
    if kind == "application/json":
        try:
            values = json.loads(body)
        except ValueError as wrong:
            raise ApiError(400, "Bad Request: can't parse JSON object") from wrong
        if not isinstance(values, dict):
            raise ApiError(400, "Bad Request: expected a JSON object")
        params.values.update(values)
    elif kind == "multipart/form-data":
        _read_multipart(params, content_type, body)
    elif kind == "application/x-www-form-urlencoded":
        text = body.decode("utf-8", "replace")
        params.values.update(urllib.parse.parse_qsl(text, keep_blank_values=True))
    else:
        raise ApiError(400, "Bad Request: unsupported content type")
    return params


def _read_multipart(params: Params, content_type: str, body: bytes) -> None:
    """Split by the boundary by hand: the mail parser of the library garbles file names in UTF-8."""
    boundary = _attribute(content_type, "boundary")
    if not boundary:
        raise ApiError(400, "Bad Request: boundary not found in multipart content type")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ApiError(400, "Bad Request: multipart body is cut")
    for piece in pieces[1:-1]:
        raw_headers, found, content = piece.partition(b"\r\n\r\n")
        if not found:
            raise ApiError(400, "Bad Request: multipart part has no headers")
        headers = {
            line.partition(":")[0].strip().lower(): line.partition(":")[2].strip()
            for line in raw_headers.decode("utf-8", "replace").splitlines()
            if line.strip()
        }
        disposition = headers.get("content-disposition", "")
        name = _attribute(disposition, "name")
        file_name = _attribute(disposition, "filename")
        if name is None:
            raise ApiError(400, "Bad Request: multipart part has no name")
        if file_name is None:
            params.values[name] = content.decode("utf-8", "replace")
        else:
            mime = headers.get("content-type", "application/octet-stream")
            params.uploads[name] = Upload(file_name, mime, content)


def _attribute(header: str, name: str) -> str | None:
    """Return an attribute of a header; browsers and httpx write a quote of a file name as %22."""
    match = re.search(rf';\s*{name}=(?:"([^"]*)"|([^;\s]+))', header, re.IGNORECASE)
    if match is None:
        return None
    value = match[1] if match[1] is not None else match[2]
    return value.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
