"""How a planned fault spoils an answer of ours (Annex B)."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from collections.abc import Iterator
from functools import wraps
from typing import ParamSpec

from flask import Response
from flask import make_response
from flask import request
from flask.typing import ResponseReturnValue

from . import faults
from .context import world
from .faults import Fault

P = ParamSpec("P")
_HUGE = 10 * 1024 * 1024
_HANG_S = 60.0


def faulty(op: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, Response]]:
    """Uses a fault planned for `op` on this answer, if there is one."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
        @wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> Response:
            fault = taken(op)
            early = None if fault is None else before(fault)
            if early is not None:
                return early
            answer = make_response(view(*args, **kwargs))
            return answer if fault is None else after(fault, answer)

        return wrapped

    return decorate


def taken(op: str) -> Fault | None:
    """The fault of this call; a cheap look first, so that an ordinary call writes nothing."""
    with world().store.read() as connection:
        if not faults.planned(connection, op):
            return None
    with world().store.write() as connection:
        return faults.take(connection, op)


def before(fault: Fault) -> Response | None:
    """What happens instead of the work, if anything."""
    if fault.kind == "latency":
        time.sleep(fault.value or 1.0)
    elif fault.kind == "hang":
        time.sleep(fault.value or _HANG_S)
        return _reset()
    elif fault.kind == "reset":
        return _reset()
    elif fault.kind in ("500", "503", "429"):
        answer = Response("fault", int(fault.kind), mimetype="text/plain")
        if fault.kind != "500":
            answer.headers["Retry-After"] = str(int(fault.value or 1))
        return answer
    elif fault.kind == "redirect":
        return Response(status=302, headers={"Location": "http://169.254.169.254/"})
    elif fault.kind == "malformed":
        return Response('{"actions":[{"code":', 200, mimetype="application/json")
    elif fault.kind == "huge":
        return Response(b'{"filler":"' + b"x" * _HUGE + b'"}', 200, mimetype="application/json")
    return None


def after(fault: Fault, answer: Response) -> Response:
    """What happens to a right answer."""
    if fault.kind == "content_type":
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    elif fault.kind == "trickle":
        whole = answer.get_data()
        answer.response = _slowly(whole, fault.value or 0.2)
        answer.headers["Content-Length"] = str(len(whole))
    return answer


def _slowly(whole: bytes, pause_s: float) -> Iterator[bytes]:
    for index in range(len(whole)):
        time.sleep(pause_s)
        yield whole[index : index + 1]


def _reset() -> Response:
    """Cuts the connection with a RST."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    return Response(status=503, headers={"Connection": "close"})
