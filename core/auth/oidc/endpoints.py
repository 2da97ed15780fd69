"""The two endpoints' work, for the views of `core.links` (PLP-064 to 070, PLP-072 to 074)."""

from __future__ import annotations

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError
from flask import Response
from flask import redirect
from flask import request
from flask_login import current_user
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import RequestEntityTooLarge

from core.auth import sessions
from core.auth.oidc import parameters
from core.auth.oidc.kinds import KeysAway
from core.auth.oidc.log import log
from core.auth.oidc.server import provider
from core.auth.oidc.server import refusal

#: The database is away, or too busy to answer.
AWAY = (OperationalError, InterfaceError, PoolTimeout)
#: Seconds after which a client may come again.
RETRY_AFTER = 5


def authorize() -> Response:
    """The browser's half. Raises `UnknownClient` where there is nobody to redirect to."""
    client = parameters.client_of(request.args)
    try:
        parameters.check_authorization(client, request.args)
        response = _granted()
    except OAuth2Error as error:
        log.info("authorize of %s: %s", client.client_id, error.error)
        response = _error(str(error.error))
    except AWAY as error:
        log.error("authorize of %s: the database is away", client.client_id, exc_info=error)
        response = _error("temporarily_unavailable")
    # PLP-066: whatever the answer, it says who gives it (RFC 9207).
    response.location = add_params_to_uri(response.location, {"iss": client.issuer})
    response.headers["Cache-Control"] = "no-store"
    return response


def token() -> Response:
    """The client's half: always JSON, always `no-store`, never the session's cookie."""
    request.max_content_length = parameters.MAX_BODY
    try:
        parameters.check_token(request)
        answer: Response = provider.create_token_response()
    except RequestEntityTooLarge:
        return refusal("invalid_request", 400)
    except OAuth2Error as error:
        return provider.handle_error_response(request, error)
    except (KeysAway, *AWAY) as error:
        log.error("token: not now", exc_info=error)
        answer = refusal("temporarily_unavailable", 503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    except Exception as error:
        log.exception("token: unexpected", exc_info=error)
        return refusal("server_error", 500)
    return answer


def _granted() -> Response:
    current = sessions.current() if current_user.is_authenticated else None
    if current is None:
        raise LoginRequiredError
    grant = provider.get_consent_grant(end_user=current)
    response: Response = provider.create_authorization_response(grant=grant, grant_user=current)
    return response


def _error(word: str) -> Response:
    """An error at the client's redirect URI: the word and the state, no description (PLP-067 to 070)."""
    answer = [("error", word)]
    if (state := parameters.state_of(request.args)) is not None:
        answer.append(("state", state))
    return redirect(add_params_to_uri(request.args["redirect_uri"], answer), 302)  # type: ignore[return-value]
