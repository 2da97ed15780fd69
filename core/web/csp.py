"""Security headers, set on every answer (ux.md §1): the content policy allows our own origin only."""

from __future__ import annotations

from flask import Flask
from flask import Response
from flask import g
from flask import request

from core import config

_BASE = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("connect-src", "'self'"),
    ("font-src", "'self'"),
    ("form-action", "'self'"),
    ("base-uri", "'none'"),
    ("frame-ancestors", "'none'"),
)
#: PLP-060: the hand-over page fetches nothing.
_HANDOVER = tuple((name, value) for name, value in _BASE if name != "connect-src")


def hand_over_to(origins: tuple[str, ...]) -> None:
    """Let this answer, and no other, submit a form to the partner's declared origins (PLP-060)."""
    g.csp_origins = origins


def install(app: Flask) -> None:
    """Set the headers after each request."""

    @app.after_request
    def headers(response: Response) -> Response:
        origins: tuple[str, ...] | None = g.get("csp_origins")
        rules = _BASE if origins is None else _HANDOVER
        response.headers["Content-Security-Policy"] = "; ".join(
            f"{name} {value}{' ' + ' '.join(origins) if name == 'form-action' and origins else ''}"
            for name, value in rules
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        # A page that holds a launch form must send its origin (PLP-061); the hand-over page must not (PLP-060).
        response.headers["Referrer-Policy"] = "no-referrer" if origins is not None else "same-origin"
        # Acts open with rel=noopener and tell their page by BroadcastChannel (PLP-052): nothing needs an opener.
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if origins is not None or ("Cache-Control" not in response.headers and request.endpoint != "static_files"):
            response.headers["Cache-Control"] = "no-store"
        if config.current().secure:  # whatever the proxy says of its own connection
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
