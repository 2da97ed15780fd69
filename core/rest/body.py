"""What comes in and goes out, before anybody looks at what it says: media types, sizes, strict JSON, parts of a form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import g
from flask import request
from marshmallow import Schema
from marshmallow import fields
from werkzeug.exceptions import RequestEntityTooLarge

from core.documents.uploads import Rule
from core.rest.schemas import Part
from core.web import formats
from core.web.problems import Fault
from core.web.problems import Problem

#: Bytes of a body, its files apart.
MOST = 1024 * 1024
FORM = "multipart/form-data"
#: What documents may be.
DOCUMENTS = ("application/pdf", "image/png", "image/jpeg")


def most(rules: Mapping[str, Rule]) -> int:
    """Bytes of a body that may hold these files. A file somewhat over its own limit is still told so by its name."""
    return MOST + sum(one.max_bytes for one in rules.values())


def kinds(media: str) -> tuple[str, ...]:
    """The media types that an operation answers: «*/*» stands for those of documents."""
    return DOCUMENTS if media == "*/*" else (media,)


def only_accepted(media: str) -> None:
    """Raise `Problem` (406) where the caller takes neither what is answered here nor problems."""
    accepted = request.accept_mimetypes
    if accepted and not any(accepted.quality(one) > 0 for one in kinds(media)):
        answered = ", ".join(kinds(media))
        raise Problem(406, "not-acceptable", "Format de réponse non disponible", f"Cette adresse répond en {answered}.")


def json_body() -> dict[str, Any]:
    """The request's JSON object. Raises `Problem`: 400, 413, 415."""
    if request.mimetype != "application/json" or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise _wrong_type("Le corps doit être un document JSON (Content-Type\u202f: application/json), en UTF-8.")
    _plain()
    try:
        sent = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise _too_large(MOST) from error
    try:
        found = json.loads(sent.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a sign (\\ud800) is no text
    except (ValueError, RecursionError) as error:
        raise Problem(400, "json-invalid", "JSON illisible", "Le corps n'est pas un document JSON valable.") from error
    if not isinstance(found, dict):
        raise Problem(400, "json-invalid", "JSON inattendu", "Un objet JSON est attendu.")
    return found


def form_body(schema: Schema, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The members of a form of parts: texts, files as `Part`s. Raises `Problem`: 413, 415, 422 for one that comes twice."""
    found: dict[str, Any] = {}
    for name, value in _parts(rules):
        if isinstance(schema.fields.get(name), fields.List):
            found.setdefault(name, []).append(value)
        elif name in found:
            raise Problem(
                422, "validation", "Saisie à corriger", "Une partie du formulaire est donnée deux fois.",
                faults=[Fault(name, "Ce champ est donné deux fois.")],
            )  # fmt: skip
        else:
            found[name] = value
    return found


def told(rules: Mapping[str, Rule]) -> bytes:
    """What an idempotency key is for. Of a form: its parts, since what separates them is drawn anew each time it is sent."""
    if not rules:
        return request.get_data(cache=True)
    lines = sorted(
        [name, value] if isinstance(value, str) else [name, value.filename, hashlib.sha256(value.data).hexdigest()]
        for name, value in _parts(rules)
    )
    return json.dumps(lines).encode()


def _parts(rules: Mapping[str, Rule]) -> list[tuple[str, str | Part]]:
    """The request's parts, read once; of a file, one byte more than is allowed is enough to refuse it."""
    found: list[tuple[str, str | Part]] | None = g.get("api_parts")
    if found is None:
        if request.mimetype != FORM or "boundary" not in request.mimetype_params:
            raise _wrong_type(f"Le corps doit être un formulaire en parties (Content-Type\u202f: {FORM}).")
        _plain()
        try:
            found = list(request.form.items(multi=True))
            for name, one in request.files.items(multi=True):
                if one.filename:
                    limit = rules[name].max_bytes if name in rules else 0
                    found.append((name, Part(one.filename, one.stream.read(limit + 1))))
        except RequestEntityTooLarge as error:
            raise _too_large(most(rules)) from error
        g.api_parts = found
    return found


def _plain() -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _wrong_type("Le corps ne doit pas être compressé (Content-Encoding).")


def _too_large(limit: int) -> Problem:
    detail = f"Un corps compte {formats.file_size(limit)} au plus."
    return Problem(413, "too-large", "Corps trop volumineux", detail)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _wrong_type(detail: str) -> Problem:
    return Problem(415, "unsupported-media-type", "Format non accepté", detail)
