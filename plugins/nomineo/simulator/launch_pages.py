"""`/plp/initiate`, `/plp/callback`, keys: what a launch and a platform reach without a session."""

from __future__ import annotations

import logging

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.datastructures import MultiDict

from . import launch
from . import mandates
from . import own_keys
from . import rotation
from . import sessions
from .browser import set_session_cookie
from .context import world
from .fault_answers import faulty
from .id_token import Opening
from .launch import Flow
from .launch import LaunchRefused
from .problems import Problem

log = logging.getLogger(__name__)
#: Keys, under every binding.
blueprint = Blueprint("launch", __name__)
#: Under `oidc-code` alone.
oidc = Blueprint("oidc", __name__)


def values(given: MultiDict[str, str]) -> dict[str, list[str]]:
    """All values of each name: a repeated one is refused, not passed over (PLP-062)."""
    return {name: given.getlist(name) for name in given}


def refused(error: LaunchRefused) -> Response:
    """PLP-071: French text, a reference, no retry button, no redirect."""
    log.warning("launch %s ended: %s", error.reference, error)
    page = render_template("launch_refused.html", kind=error.kind, reference=error.reference)
    answer = make_response(page, error.status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def sent(flow: Flow, url: str, path: str) -> Response:
    """On to the platform, with the flow's cookie (PLP-063)."""
    answer = make_response(redirect(url, 302))
    answer.set_cookie(
        flow.cookie_name, flow.cookie, max_age=launch.FLOW_S, httponly=True, samesite="Lax",
        secure=world().settings.secure, path=path,
    )  # fmt: skip
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def opened(opening: Opening, state: str, path: str) -> Response:
    """PLP-058: the session, and 303 to the act page, or to the contract for `consultation`."""
    here = world()
    act = launch.open_act(here, opening)
    with here.store.write() as connection:
        cookie = sessions.start(
            connection, opening.who, here.clock.now(), cookie=request.cookies.get(here.settings.session_cookie),
            return_url=opening.return_url, interaction_id=opening.interaction_id, iss=opening.mandate.iss,
            mandate=opening.mandate.mandate,
        )  # fmt: skip
    if act is None:
        place = url_for("pages.contract", contract_id=opening.contract.id)
    else:
        place = url_for("act_pages.show", key=act.key)
    answer = make_response(redirect(place, 303))
    set_session_cookie(answer, cookie)
    answer.delete_cookie(launch.flow_cookie_name(state), path=path)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@oidc.route("/plp/initiate", methods=["GET", "POST"])
@faulty("initiate")
def initiate() -> Response:
    """PLP-055, PLP-062, PLP-063."""
    given = request.form if request.method == "POST" else request.args
    flow, url = launch.begin(world(), values(given))
    return sent(flow, url, "/plp")


@oidc.get("/plp/callback")
def callback() -> Response:
    """PLP-057."""
    opening = launch.finish(world(), values(request.args), request.cookies)
    return opened(opening, request.args["state"], "/plp")


@blueprint.get("/jwks.json")
@faulty("jwks")
def jwks() -> Response:
    """PLP-016."""
    with world().store.read() as connection:
        answer = jsonify(own_keys.jwks(connection, world().clock.now()))
    answer.headers["Cache-Control"] = "max-age=900"
    return answer


@blueprint.get("/plp/keys-statement")
def keys_statement() -> Response:
    """PLP-019: an unknown mandate is 404."""
    with world().store.read() as connection:
        kept = mandates.find(connection, request.args.get("mandate"))
        if kept is None:
            raise Problem("mandate-unknown", "aucun mandat de ce nom")
        return jsonify({"statements": rotation.stated(connection, kept.mandate)})
