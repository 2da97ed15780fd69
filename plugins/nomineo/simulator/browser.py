"""What pages share: the session of the cookie, the tokens of forms, the headers."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response
from flask import abort
from flask import g
from flask import make_response
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue

from . import sessions
from . import wire
from .context import world
from .sessions import Session

P = ParamSpec("P")

#: For forms of those who are not signed in.
_FORM_COOKIE = "extranet_form"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def current_session() -> Session | None:
    """Of this request."""
    if "session" not in g:
        here = world()
        now = here.clock.now()
        with here.store.read() as connection:
            g.session = sessions.find(connection, request.cookies.get(here.settings.session_cookie), now)
        if g.session is not None and sessions.needs_touch(g.session, now):
            with here.store.write() as connection:
                sessions.touch(connection, g.session, now)
    found: Session | None = g.session
    return found


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Leads to the sign-in page whoever has no session."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_session() is None:
            return redirect(url_for("pages.sign_in", expired=1), 303)
        return view(*args, **kwargs)

    return wrapped


def the_session() -> Session:
    """Inside a `signed_in` view."""
    session = current_session()
    assert session is not None
    return session


def form_token() -> str:
    """The hidden field of this page's forms."""
    session = current_session()
    if session is not None:
        return session.csrf
    if "form_cookie" not in g:
        g.form_cookie = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    return wire.sha256(f"form|{g.form_cookie}".encode())


def check_form() -> None:
    """A POST of our own pages; else 400."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(400)
    if not hmac.compare_digest(form_token().encode(), request.form.get("token", "").encode()):
        abort(400)


def set_session_cookie(answer: Response, value: str) -> None:
    """HttpOnly, SameSite=Lax; `__Host-` and Secure on https (PLP-113)."""
    settings = world().settings
    answer.set_cookie(
        settings.session_cookie, value, httponly=True, samesite="Lax", secure=settings.secure, path="/"
    )


def finish(answer: Response) -> Response:
    """Headers of every page, and the form cookie where a page needed one."""
    answer.headers.setdefault("Content-Security-Policy", CSP)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static":
        return answer
    answer.headers.setdefault("Cache-Control", "no-store")
    if "form_cookie" in g and _FORM_COOKIE not in request.cookies:
        answer.set_cookie(
            _FORM_COOKIE, g.form_cookie, httponly=True, samesite="Lax", secure=world().settings.secure, path="/"
        )
    return answer


def see_other(endpoint: str, **values: object) -> Response:
    """303, so that a reload posts nothing."""
    return make_response(redirect(url_for(endpoint, **values), 303))  # type: ignore[arg-type]
