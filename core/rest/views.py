"""The document for programs, and the page of it for people: both are for everybody, as the code is."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import json
from flask import render_template

from core import config
from core.auth.api_scopes import SCOPES
from core.rest import entry
from core.rest import openapi
from core.rest import reference
from core.rest import serve
from core.rest.operations import Resource
from core.web.policy import policy

blueprint = Blueprint("api_docs", __name__)


def resources() -> tuple[Resource, ...]:
    """The application's resources."""
    found: tuple[Resource, ...] = current_app.extensions["encours_api"]
    return found


@blueprint.get("/api/v1/openapi.json")
@policy("public")
def document() -> Response:
    """OpenAPI 3.1."""
    found = openapi.document(resources(), config.current().base_url)
    return Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")


@blueprint.get("/api/docs")
@policy("public")
def index() -> str:
    """The same for people: everything on one page, so that the browser's own search finds it."""
    found = openapi.document(resources(), config.current().base_url)
    about = {one.name: str(one.about) for one in resources()}
    return render_template(
        "api/docs.html", sections=reference.sections(found, about), things=reference.things(found), scopes=SCOPES.values(),
        server=f"{config.current().base_url}{serve.ROOT}", usual=serve.USUAL, most=serve.MOST, calls=entry.TOKEN.tries,
        all_calls=entry.CABINET.tries,
    )  # fmt: skip
