"""The document for programs, and the page of it for people: both are for everybody, as the code is."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import json
from flask import render_template
from flask_babel import gettext as _

from core import config
from core.auth.api_scopes import SCOPES
from core.db.errors import NotFound
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
    """For people: how to begin, and every operation on one page, so that the browser's own search finds it."""
    return render_template(
        "api/docs.html", sections=_sections(), scopes=SCOPES.values(), server=f"{config.current().base_url}{serve.ROOT}",
        usual=serve.USUAL, most=serve.MOST, calls=entry.TOKEN.tries, all_calls=entry.CABINET.tries,
    )  # fmt: skip


@blueprint.get("/api/docs/<noun>")
@policy("public")
def resource(noun: str) -> str:
    """A resource: each operation with an example, and the objects that it takes and answers."""
    sections = _sections()
    found = next((one for one in sections if one.name == noun), None)
    if found is None:
        raise NotFound(_("Cette ressource n'existe pas."))
    things = reference.things(openapi.document(resources(), config.current().base_url), found)
    return render_template("api/resource.html", sections=sections, section=found, things=things)


def _sections() -> list[reference.Section]:
    about = {one.name: str(one.about) for one in resources()}
    return reference.sections(openapi.document(resources(), config.current().base_url), about)
