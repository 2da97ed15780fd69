"""What comes in and goes out, before anybody looks at what it says: media types, sizes, strict JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from core.web.problems import Problem

#: Bytes of a body.
MOST = 1024 * 1024


def only_accepted(media: str) -> None:
    """Raise `Problem` (406) where the caller takes neither what is answered here nor problems."""
    accepted = request.accept_mimetypes
    kinds = ("application/pdf", "image/png", "image/jpeg") if media == "*/*" else (media,)
    if accepted and not any(accepted.quality(one) > 0 for one in kinds):
        raise Problem(406, "not-acceptable", "Format de réponse non disponible", f"Cette adresse répond en {', '.join(kinds)}.")


def json_body() -> dict[str, Any]:
    """The request's JSON object. Raises `Problem`: 400, 413, 415."""
    if request.mimetype != "application/json" or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise _wrong_type("Le corps doit être un document JSON (Content-Type\u202f: application/json), en UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _wrong_type("Le corps ne doit pas être compressé (Content-Encoding).")
    try:
        sent = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise Problem(413, "too-large", "Corps trop volumineux", "Un corps compte 1 Mio au plus.") from error
    try:
        found = json.loads(sent.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a sign (\\ud800) is no text
    except (ValueError, RecursionError) as error:
        raise Problem(400, "json-invalid", "JSON illisible", "Le corps n'est pas un document JSON valable.") from error
    if not isinstance(found, dict):
        raise Problem(400, "json-invalid", "JSON inattendu", "Un objet JSON est attendu.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _wrong_type(detail: str) -> Problem:
    return Problem(415, "unsupported-media-type", "Format non accepté", detail)
