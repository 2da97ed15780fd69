"""`/live/stream` (server-sent events) and `/live` (asked every few seconds where streams are refused)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from flask import Flask
from flask import Response
from flask import jsonify
from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core import config
from core.extensions import db
from core.hooks.types import Adviser
from core.live import events
from core.telemetry import metrics
from core.web.policy import policy
from core.web.request import db_session
from core.web.request import end

#: A stream ends by itself: a browser that is gone is found out, and another tab has its turn.
LIFETIME = 300.0
EVERY = 1.0


#: The person of a session's name, as he stands now; None once it ended. `core.auth.people` sets it at start-up.
_signed_in: list[Callable[[str], Adviser | None]] = []


def signed_in(find: Callable[[str], Adviser | None]) -> None:
    """Name the function that tells whose a session is."""
    _signed_in[:] = [find]


class Streams:
    """How many streams this process holds: at most a quarter of its threads, one a session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, int] = {}
        self._turn = 0
        self._over = False

    def end_all(self) -> None:
        """The process stops: each stream ends at its next turn, so that nothing waits for it."""
        self._over = True

    def take(self, who: str) -> int | None:
        """A turn for this session (its older stream ends), or None where all places are taken."""
        with self._lock:
            if who not in self._held and len(self._held) >= max(1, config.current().web_threads // 4):
                return None
            self._turn += 1
            self._held[who] = self._turn
            return self._turn

    def holds(self, who: str, turn: int) -> bool:
        """Whether the turn is still this session's."""
        return not self._over and self._held.get(who) == turn

    def give_back(self, who: str, turn: int) -> None:
        """The stream ended."""
        with self._lock:
            if self._held.get(who) == turn:
                del self._held[who]


streams = Streams()


def register(app: Flask) -> None:
    """The two routes."""
    app.add_url_rule("/live", "live", poll)
    app.add_url_rule("/live/stream", "live_stream", stream)


@policy("session")
def poll() -> ResponseReturnValue:
    """What came after `after`; without it, where to start."""
    session = db_session()
    last = events.position(session)
    found = events.after(session, _start(request.args.get("after", type=int), last), current_user.adviser)
    shown = [{"id": item.id, "topic": item.topic, "data": item.data} for item in found]
    return jsonify(events=shown, last=shown[-1]["id"] if shown else last, position=last)


@policy("session")
def stream() -> ResponseReturnValue:
    """The stream of the session's leading tab; 204 where there is no place: the page then asks instead."""
    sid = request.cookies.get(config.current().cookie("encours_sid"), "")
    who = f"{current_user.id}:{sid[:12]}"
    turn = streams.take(who)
    if turn is None:
        return "", 204
    seen = request.headers.get("Last-Event-ID", type=int) or request.args.get("after", type=int)
    start = _start(seen, events.position(db_session()))
    cabinet_id = current_user.cabinet_id
    end()
    answer = Response(_written(who, turn, cabinet_id, sid, start), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _start(seen: int | None, last: int) -> int:
    """Where a page goes on: after what it saw; a number that no event ever had (a typed one, another data's) is now."""
    return last if seen is None or not 0 <= seen <= last else seen


def _written(who: str, turn: int, cabinet_id: int, sid: str, seen: int) -> Iterator[str]:
    """The stream. Whose session it is, and what he may see, is asked anew whenever there is something to tell."""
    limit = time.monotonic() + LIFETIME
    metrics.stream(+1)
    try:
        yield "retry: 2000\n\n"
        while time.monotonic() < limit and streams.holds(who, turn):
            with db.session(cabinet_id, write=False) as session:
                last = events.position(session)
            found: Sequence[events.Live] = ()
            if last > seen:
                adviser = _signed_in[0](sid)
                if adviser is None or adviser.cabinet_id != cabinet_id:
                    return
                with db.session(cabinet_id, write=False) as session:
                    found = events.after(session, seen, adviser)
                # those in between were not for him; a full batch has more behind it
                seen = found[-1].id if len(found) == events.BATCH else max(last, *(item.id for item in found), seen)
            for item in found:
                body = json.dumps({"id": item.id, "topic": item.topic, "data": item.data})
                yield f"id: {item.id}\ndata: {body}\n\n"
            if not found:
                yield ": \n\n"
            time.sleep(EVERY)
    finally:
        metrics.stream(-1)
        streams.give_back(who, turn)
