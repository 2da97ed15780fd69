"""What a request carries: its database session, opened at the first need and closed with it."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask
from flask import g
from flask import request

from core.db import current
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.telemetry import trace

READS = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    """Close each request's session at its end; what was not committed is rolled back."""

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        end()


def begin(cabinet_id: int | None) -> None:
    """Give the request its cabinet; a session opened before with another is closed."""
    end()
    if cabinet_id is not None:
        trace.note(cabinet=cabinet_id)
    g.work = ExitStack()
    g.work.enter_context(current.opened(db, cabinet_id, write=request.method not in READS))


def end() -> None:
    """Close the request's session, so that nothing of it holds a lock any more."""
    stack: ExitStack | None = g.pop("work", None)
    if stack is not None:
        stack.close()


def db_session() -> TenantSession:
    """The request's session, with its cabinet. Writers commit it themselves."""
    return current.session()


def act_as(adviser: Adviser) -> None:
    """Whoever a program acts for in this request: no session says so."""
    g.acting = adviser


def acting() -> Adviser | None:
    """Whom a program acts for; None where a person asks by a session, or nobody known."""
    found: Adviser | None = g.get("acting")
    return found
