"""The document for programs, and the page of it for people: both are for everybody, as the code is."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import json

from core import config
from core.rest import openapi
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
