"""`/saml/…`: the launch address, the assertion consumer service, and the step after it."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import redirect
from flask import request
from flask import url_for

from . import saml_launch
from .context import world
from .fault_answers import faulty
from .launch_pages import opened
from .launch_pages import sent
from .launch_pages import values

blueprint = Blueprint("saml", __name__, url_prefix="/saml")
#: A response is larger than the forms of these pages.
RESPONSE_CAP = 512 * 1024


@blueprint.get("/launch")
@faulty("initiate")
def launch() -> Response:
    """PLP-115: the hand-over arrives, the signed request leaves."""
    flow, url = saml_launch.begin(world(), values(request.args))
    return sent(flow, url, "/saml")


@blueprint.post("/acs")
def acs() -> Response:
    """PLP-117 to PLP-121."""
    ticket = saml_launch.take(world(), values(request.form))
    answer = make_response(redirect(url_for("saml.open_it", ticket=ticket), 303))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/open")
def open_it() -> Response:
    """PLP-058: 303 to the act page, or to the contract for `consultation`."""
    opening, state = saml_launch.finish(world(), values(request.args), request.cookies)
    return opened(opening, state, "/saml")
