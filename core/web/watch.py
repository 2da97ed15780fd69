"""Around the whole application: one log line and one count a request, whatever became of it.

The route is told by its pattern, never by its address: an address may hold a launch token or what somebody typed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any
from uuid import UUID

from flask import Flask
from flask import Response
from flask import request

from core.telemetry import logs
from core.telemetry import metrics
from core.telemetry import trace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from _typeshed.wsgi import WSGIApplication
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("encours.request")
_ROUTE = "encours.route"
#: What an address that no route answers is counted under.
NOWHERE = "-"


def install(app: Flask) -> None:
    """Note each request's route, and watch it from outside."""

    @app.before_request
    def route() -> None:
        if request.url_rule is not None:
            request.environ[_ROUTE] = request.url_rule.rule

    @app.after_request
    def reference(response: Response) -> Response:
        response.headers["X-Request-Id"] = trace.reference()
        return response

    app.wsgi_app = Watch(app.wsgi_app)  # type: ignore[method-assign, assignment]


class Watch:
    """The outermost layer."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        trace.begin()
        if interaction := _uuid(environ.get("HTTP_PLP_INTERACTION_ID", "")):
            trace.note(interaction=interaction)
        one = _One(environ)

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            one.status = int(status[:3])
            one.streams = any(name.lower() == "content-type" and "event-stream" in value for name, value in headers)
            return start(status, headers, *more)

        try:
            body = self._app(environ, started)
        except BaseException:
            one.status = 500
            one.end()
            raise
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and isinstance(body, wrapper):
            one.end()  # the server sends the file by itself if it gets it as it is
            return body
        return _Body(body, one)


class _One:
    """One request; told once."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ
        self._begun = time.perf_counter()
        self._ended = False
        self.status = 0
        self.streams = False

    def end(self) -> None:
        """The last byte is out, or the client is gone."""
        if self._ended:
            return
        self._ended = True
        took = time.perf_counter() - self._begun
        route, method = self._environ.get(_ROUTE, NOWHERE), _method(self._environ)
        metrics.request(route, method, self.status, None if self.streams else took)
        level = logging.WARNING if self.status >= 500 else logging.INFO
        logs.event(_log, level, "request", method=method, route=route, status=self.status, ms=round(took * 1000, 1))


class _Body:
    """The answer's body; says when it was sent."""

    def __init__(self, body: Iterable[bytes], one: _One) -> None:
        self._body = body
        self._one = one

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body
        finally:
            self._one.end()

    def close(self) -> None:
        """Called by the server at the end, also when the client is gone."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._one.end()


def _method(environ: WSGIEnvironment) -> str:
    """A method that somebody made up does not become a label."""
    given: str = environ.get("REQUEST_METHOD", "")
    return given if given in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else NOWHERE


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text)) if len(text) == 36 else None
    except ValueError:
        return None
