"""Errors for programs: problem details (RFC 9457) in French. Under `/api/` nothing else is ever answered."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from flask import Response

from core.telemetry import trace

MEDIA = "application/problem+json"
#: The API's addresses; its reference is pages for people.
ROOT, PAGE = "/api/", "/api/docs"
_PREFIX = "urn:encours:problem:"
#: Status → what its problem is called, unless somebody knows better.
SLUGS: dict[int, str] = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 410: "gone", 412: "precondition-failed", 413: "too-large",
    414: "address-too-long", 415: "unsupported-media-type", 417: "expectation-failed", 422: "validation",
    428: "precondition-required", 429: "too-many-requests", 431: "headers-too-large", 500: "internal", 501: "not-implemented",
    503: "unavailable",
}  # fmt: skip
#: What the pages for people do not say, or say of pages.
WORDS: dict[int, tuple[str, str]] = {
    400: ("Demande incomplète", "La demande reçue n'est pas celle que cette adresse attend."),
    401: ("Jeton refusé", "Présentez un jeton d'accès valable dans l'en-tête Authorization."),
    404: ("Introuvable", "Cette adresse n'existe pas, ou ce qu'elle nomme n'est pas ouvert à votre profil."),
    406: ("Format de réponse non disponible", "L'en-tête Accept n'admet aucun format que cette adresse sait répondre."),
    412: ("Modifié entre-temps", "La ressource a changé depuis que vous l'avez lue\u202f: relisez-la, puis recommencez."),
    413: ("Corps trop volumineux", "Ce qui a été envoyé dépasse la taille acceptée."),
    415: ("Format non accepté", "Le corps doit être un document JSON (application/json), en UTF-8."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `field` is empty where it is about the whole."""

    field: str
    text: str


class Problem(Exception):
    """An answer that is an error, raised from anywhere below the API."""

    def __init__(
        self, status: int, slug: str, title: str, detail: str, *, faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(title)
        self.view = View(status, slug, title, detail, tuple(faults), dict(headers or {}))


@dataclass(frozen=True, slots=True)
class View:
    """A problem, ready to be written."""

    status: int
    slug: str
    title: str
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    #: Further members of the answer (RFC 9457, §3.2).
    more: Mapping[str, object] = field(default_factory=dict)


def is_api(path: str) -> bool:
    """Whether an address is the API's, and not the page that describes it."""
    return path == ROOT.rstrip("/") or (path.startswith(ROOT) and path != PAGE and not path.startswith(f"{PAGE}/"))


def response(view: View) -> Response:
    """The answer."""
    body: dict[str, object] = {
        "type": f"{_PREFIX}{view.slug}", "title": view.title, "status": view.status, "detail": view.detail,
        "instance": f"urn:encours:trace:{trace.reference()}",
    }  # fmt: skip
    if view.faults:
        body["errors"] = [{"field": one.field, "text": one.text} for one in view.faults]
    body.update(view.more)
    answer = Response(json.dumps(body, ensure_ascii=False) + "\n", view.status, mimetype=MEDIA)
    answer.headers.update(view.headers)
    return answer
