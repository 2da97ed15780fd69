"""What a partner reaches of the provider: discovery, keys, statements, authorize, token (PLP-015 to 019, 064, 072)."""

from __future__ import annotations

import json
from uuid import UUID
from uuid import uuid4

from flask import Blueprint
from flask import Response
from flask import abort
from flask import request
from sqlalchemy import select

from core.auth.oidc import discovery
from core.auth.oidc import endpoints
from core.cabinets.models import Cabinet
from core.extensions import db
from core.links import keys
from core.links import sso as _sso
from core.links.client import issuer
from core.links.models import Mandate
from core.web.policy import policy
from core.web.request import db_session

#: Imported for the kind «partner» it registers.
REGISTERED = (_sso,)
#: PLP-016: seconds for which a partner may keep our keys.
MAX_AGE = 900
_INTERACTION = "PLP-Interaction-Id"


def register(blueprint: Blueprint) -> None:
    """Put the routes on the blueprint of `/plp`."""
    blueprint.add_url_rule("/<slug>/.well-known/openid-configuration", view_func=configuration, methods=["GET"])
    blueprint.add_url_rule("/<slug>/jwks.json", view_func=jwks, methods=["GET"])
    blueprint.add_url_rule("/<slug>/keys-statement", view_func=keys_statement, methods=["GET"])
    blueprint.add_url_rule("/authorize", view_func=authorize, methods=["GET"])
    blueprint.add_url_rule("/token", view_func=token, methods=["POST"])


@policy("machine")
def configuration(slug: str) -> Response:
    """Where everything is (PLP-015)."""
    if _cabinet(slug) is None:
        return problem(404, "not-found", "Adresse inconnue")
    return _json(discovery.document(issuer(slug), ("openid", "plp")), cached=True)


@policy("machine")
def jwks(slug: str) -> Response:
    """The cabinet's public keys (PLP-016)."""
    cabinet_id = _cabinet(slug)
    if cabinet_id is None:
        return problem(404, "not-found", "Adresse inconnue")
    with db.session(cabinet_id, write=False) as session:
        return _json(keys.jwks(session), cached=True)


@policy("machine")
def keys_statement(slug: str) -> Response:
    """The rotation statements of a mandate (PLP-019)."""
    cabinet_id = _cabinet(slug)
    asked = request.args.getlist("mandate")
    if cabinet_id is None:
        return problem(404, "not-found", "Adresse inconnue")
    if len(asked) != 1 or "\0" in asked[0]:
        return problem(400, "malformed-request", "Le paramètre mandate est attendu une fois")
    with db.session(cabinet_id, write=False) as session:
        if session.scalar(select(Mandate.id).where(Mandate.reference == asked[0])) is None:
            return problem(404, "mandate-unknown", "Mandat inconnu")
        return _json({"statements": keys.stated(session, asked[0])})


@policy("public")
def authorize() -> Response:
    """The browser comes from the partner with a launch, and goes back with a code (PLP-055, PLP-056).

    `public`, because who has no session is told so at the partner (PLP-067), not sent to our sign-in page.
    """
    if request.method != "GET":
        abort(405)  # a HEAD would consume the launch
    return endpoints.authorize()


@policy("machine")
def token() -> Response:
    """The partner changes its code into the ID Token (PLP-057)."""
    return _traced(endpoints.token())


def _cabinet(slug: str) -> int | None:
    return db_session().scalar(select(Cabinet.id).where(Cabinet.slug == slug))


def _json(value: object, *, cached: bool = False) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}" if cached else "no-store"
    return _traced(response)


def problem(status: int, slug: str, title: str) -> Response:
    """RFC 9457 (PLP-107); nothing of the request is in it but its path."""
    interaction = _interaction() or str(uuid4())
    body = {
        "type": f"urn:plp:problem:{slug}", "title": title, "status": status, "detail": title, "instance": request.path,
        "interaction_id": interaction, "retryable": False, "reason_code": None,
    }  # fmt: skip
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    response.headers[_INTERACTION] = interaction
    return response


def _traced(response: Response) -> Response:
    """PLP-008: the interaction id comes back; one that is no UUID is replaced."""
    response.headers[_INTERACTION] = _interaction() or str(uuid4())
    return response


def _interaction() -> str | None:
    given = request.headers.get(_INTERACTION, "")
    try:
        return given if str(UUID(given)) == given.lower() else None
    except ValueError:
        return None
