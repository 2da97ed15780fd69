"""The Flask application."""

from __future__ import annotations

import logging

from flask import Flask
from flask import Response
from flask import g
from flask import make_response
from flask import render_template
from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import RequestEntityTooLarge

from . import act_pages
from . import api
from . import back_office
from . import browser
from . import launch_pages
from . import pages
from . import portfolio_api
from . import saml_pages
from . import sim_routes
from . import wire
from . import wording
from .acts import BY_CODE
from .acts import PERIODICITIES
from .acts import STATUS_LABELS
from .launch import LaunchRefused
from .problems import Problem
from .sender import Sender
from .settings import OIDC
from .world import World

log = logging.getLogger(__name__)

#: Answered to programs, in JSON: PLP/1, and this company's own beside it.
_API = ("/plp/v1/", portfolio_api.PREFIX)
_FORM_CAP = 64 * 1024
_TEXTS = {
    400: "Cette demande n'a pas pu être lue. Revenez en arrière, rechargez la page et recommencez.",
    404: "Cette page n'existe pas, ou n'est pas à votre nom.",
    405: "Cette adresse ne s'ouvre pas ainsi.",
    413: "Ce formulaire est trop long.",
}


def create_app(world: World) -> Flask:
    """The extranet over one world."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.extensions["extranet"] = world
    app.extensions["extranet_sender"] = Sender(world)
    for module in (api, portfolio_api, launch_pages, pages, act_pages, back_office):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(launch_pages.oidc if world.settings.binding == OIDC else saml_pages.blueprint)
    if world.settings.sim_token is not None:
        app.register_blueprint(sim_routes.blueprint)
    app.jinja_env.filters |= {"money": wording.money, "number": wording.number, "day": wording.day,
                              "moment": wording.moment}  # fmt: skip
    app.jinja_env.globals |= {
        "session_now": browser.current_session, "form_token": browser.form_token, "now": world.clock.now,
        "company": world.settings, "statuses": STATUS_LABELS, "periodicities": PERIODICITIES, "acts": BY_CODE,
    }  # fmt: skip
    app.before_request(_before)
    app.after_request(_after)
    app.register_error_handler(Problem, api.problem_answer)
    app.register_error_handler(LaunchRefused, launch_pages.refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)
    return app


def _before() -> None:
    g.interaction_id = wire.interaction_id(request.headers.get("PLP-Interaction-Id"))
    if not request.path.startswith(_API):
        request.max_content_length = saml_pages.RESPONSE_CAP if request.path == "/saml/acs" else _FORM_CAP


def _after(answer: Response) -> Response:
    if request.path.startswith(_API):
        answer.headers["PLP-Version"] = "1"  # PLP-007
        answer.headers["PLP-Interaction-Id"] = g.interaction_id  # PLP-008
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return browser.finish(answer)


def _http_error(error: HTTPException) -> Response:
    if request.path.startswith(_API):
        return api.problem_answer(_problem(error))
    code = error.code or 500
    text = _TEXTS.get(code, "La demande n'a pas abouti.")
    page = render_template("error.html", text=text, reference=g.interaction_id)
    answer = make_response(page, code)
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _problem(error: HTTPException) -> Problem:
    """PLP-025, PLP-026."""
    if isinstance(error, NotFound):
        return Problem("not-found")
    if isinstance(error, MethodNotAllowed):
        return api.allowed(error.valid_methods)
    if isinstance(error, RequestEntityTooLarge):
        return Problem("too-large")
    return Problem("malformed-request")


def _crash(error: Exception) -> Response:
    log.error("request %s failed", g.interaction_id, exc_info=error)
    if request.path.startswith(_API):
        return api.problem_answer(Problem("internal"))
    page = render_template("error.html", text="Le service a rencontré une erreur.", reference=g.interaction_id)
    return make_response(page, 500)
