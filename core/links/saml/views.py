"""What a partner reaches by SAML: the metadata, and where its requests come (PLP-114, PLP-115)."""

from __future__ import annotations

import base64

from flask import Blueprint
from flask import Response
from flask import abort
from flask import make_response
from flask import render_template
from flask import request
from flask_login import current_user
from sqlalchemy import select

from core.auth import sessions
from core.auth.oidc.log import log
from core.auth.oidc.parameters import unknown_client
from core.cabinets.models import Cabinet
from core.extensions import db
from core.links.client import issuer
from core.links.oidc_views import problem
from core.links.saml import certificates
from core.links.saml import metadata
from core.links.saml import sso as flow
from core.links.saml.redirect import Unusable
from core.web import csp
from core.web.policy import policy
from core.web.request import db_session

#: Seconds for which a partner may keep our metadata.
MAX_AGE = 900


def register(blueprint: Blueprint) -> None:
    """Put the routes on the blueprint of `/plp`."""
    blueprint.add_url_rule("/<slug>/saml/metadata", view_func=saml_metadata, methods=["GET"])
    blueprint.add_url_rule("/<slug>/saml/sso", view_func=saml_sso, methods=["GET"])


@policy("machine")
def saml_metadata(slug: str) -> Response:
    """The cabinet as an identity provider; 404 where no partner of its own uses SAML."""
    cabinet_id, shown = _cabinet(slug), []
    if cabinet_id is not None:
        with db.session(cabinet_id, write=False) as session:
            shown = [row.pem for row in certificates.shown(session)]
    if not shown:
        return problem(404, "not-found", "Adresse inconnue")
    response = Response(metadata.document(issuer(slug), shown, MAX_AGE), mimetype=metadata.MEDIA_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


@policy("public")
def saml_sso(slug: str) -> Response:
    """The browser comes from the partner with its request, and takes our Response there (PLP-117).

    `public`, because who has no session is told so at the partner, not sent to our sign-in page.
    """
    if request.method != "GET":
        abort(405)  # a HEAD would consume the launch
    cabinet_id = _cabinet(slug)
    if cabinet_id is None:
        abort(404)
    current = sessions.current() if current_user.is_authenticated else None
    try:
        posted = flow.answer(cabinet_id, slug, request.query_string, current)
    except Unusable as error:
        log.info("saml at %s: %s", slug, error)
        raise unknown_client() from error
    csp.hand_over_to(posted.origins)
    page = render_template(
        "links/saml_post.html", view=posted, response=base64.b64encode(posted.response).decode("ascii")
    )
    return make_response(page)


def _cabinet(slug: str) -> int | None:
    return db_session().scalar(select(Cabinet.id).where(Cabinet.slug == slug))
