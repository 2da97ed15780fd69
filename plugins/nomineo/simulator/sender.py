"""Sends hooks, retries them by the ladder of PLP-087; all it knows is in the database."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition
from threading import Event
from threading import Thread

from . import calls
from . import hook_faults
from . import registrations
from . import signing
from .db import Connection
from .hook_faults import Hook
from .registrations import Registration
from .world import World

log = logging.getLogger(__name__)

_TIMEOUT_S = 20.0
_LOOK_S = 0.3
_RETRY_AFTER_MAX = 3600
_RETRIED = (401, 408, 429)
_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to; `status` None: no answer."""

    status: int | None
    error: str | None
    retry_after: int

    @property
    def done(self) -> bool:
        """Taken by the platform."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def retried(self) -> bool:
        """PLP-087."""
        return self.status is None or 300 <= self.status < 400 or self.status in _RETRIED or self.status >= 500


class Sender:
    """One a process. `start` lets a thread follow the outbox; `flush` attempts all that waits, now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._busy: set[str] = set()
        self._free = Condition()
        self._stop = Event()

    def start(self) -> Thread:
        """Follows the outbox until the process ends."""
        thread = Thread(target=self._follow, name="hooks", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Lets the thread end."""
        self._stop.set()
        self._world.wake.set()

    def _follow(self) -> None:
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="hook") as pool:
            while not self._stop.is_set():
                try:
                    for hook in self._waiting(due_only=True):
                        if self._claim(hook.subject, wait=False):
                            pool.submit(self._attempt_claimed, hook)
                except Exception:
                    log.exception("outbox")
                self._world.wake.wait(_LOOK_S)
                self._world.wake.clear()

    def flush(self) -> int:
        """Attempts everything that waits, once each, whatever the ladder says; how many."""
        attempted = 0
        for hook in self._waiting(due_only=False):
            self._claim(hook.subject, wait=True)
            if self._still_due(hook.id, hook.attempts):
                attempted += 1
                self._attempt_claimed(hook)
            else:
                self._release(hook.subject)
        return attempted

    # --- one hook at a time a subject -------------------------------------------------------------------------

    def _claim(self, subject: str, *, wait: bool) -> bool:
        with self._free:
            while subject in self._busy:
                if not wait:
                    return False
                self._free.wait(1.0)
            self._busy.add(subject)
            return True

    def _release(self, subject: str) -> None:
        with self._free:
            self._busy.discard(subject)
            self._free.notify_all()

    def _waiting(self, *, due_only: bool) -> list[Hook]:
        with self._world.store.read() as connection:
            rows = connection.execute(
                """SELECT h.* FROM hooks h JOIN registrations r USING (iss)
                   WHERE h.state = 'due' AND NOT r.stopped AND (? OR h.next_at <= ?) ORDER BY h.id LIMIT 500""",
                (not due_only, self._world.clock.now()),
            ).fetchall()
        return [hook_faults.read(row) for row in rows]

    def _still_due(self, hook_id: int, attempts: int) -> bool:
        with self._world.store.read() as connection:
            # an endpoint that was gone for the hook before it, of the same subject, gets no other
            row = connection.execute(
                "SELECT h.state, h.attempts FROM hooks h JOIN registrations r USING (iss) WHERE h.id = ? AND NOT r.stopped",
                (hook_id,),
            ).fetchone()
        return row is not None and row["state"] == "due" and row["attempts"] == attempts

    # --- one attempt ------------------------------------------------------------------------------------------

    def _attempt_claimed(self, hook: Hook) -> None:
        try:
            if self._still_due(hook.id, hook.attempts):
                self._attempt(hook)
        except Exception:
            log.exception("hook %s", hook.webhook_id)
        finally:
            self._release(hook.subject)

    def _attempt(self, hook: Hook) -> None:
        now = self._world.clock.now()
        with self._world.store.write() as connection:
            registration = registrations.find(connection, hook.iss, now)
            spoilt = hook_faults.before(connection, hook, now)
        if registration is None or spoilt.withheld:
            return
        headers = signing.headers(
            registration.secrets, hook.webhook_id, int(now + spoilt.skew_s), hook.body, hook.interaction_id
        )
        outcome = self._post(registration, headers, hook.body)
        with self._world.store.write() as connection:
            self._log(connection, hook, outcome, headers, spoilt.note)
            self._settle(connection, hook, outcome)
            copies = hook_faults.after(connection, hook, headers, registration, now) if outcome.done else []
        for copy in copies:
            answered = self._post(registration, copy.headers, copy.body)
            with self._world.store.write() as connection:
                self._log(connection, hook, answered, copy.headers, copy.note)

    def _post(self, registration: Registration, headers: Mapping[str, str], body: bytes) -> Outcome:
        try:
            answer = calls.call("POST", registration.webhook_url, seconds=_TIMEOUT_S, data=body, headers=headers)
        except calls.CallFailed as error:
            return Outcome(None, str(error), 0)
        wanted = answer.headers.get("Retry-After", "")
        seconds = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 else 0
        return Outcome(answer.status, None, seconds if seconds <= _RETRY_AFTER_MAX else 0)

    def _log(
        self, connection: Connection, hook: Hook, outcome: Outcome, headers: Mapping[str, str], note: str | None
    ) -> None:
        kept = "\n".join(f"{name}: {value}" for name, value in headers.items())
        connection.execute(
            "INSERT INTO attempts (hook_id, at, http_status, error, note, headers) VALUES (?, ?, ?, ?, ?, ?)",
            (hook.id, self._world.clock.now(), outcome.status, outcome.error, note, kept),
        )

    def _settle(self, connection: Connection, hook: Hook, outcome: Outcome) -> None:
        attempts = hook.attempts + 1
        state, delay = "due", 0.0
        ladder = self._world.settings.ladder
        if outcome.done:
            state = "done"
        elif outcome.status == 410:
            log.error("endpoint of %s is gone: stopped until it is registered anew", hook.iss)
            connection.execute("UPDATE registrations SET stopped = 1 WHERE iss = ?", (hook.iss,))
        elif not outcome.retried:
            log.error("hook %s refused for good: %s", hook.webhook_id, outcome.status)
            state = "failed"
        elif attempts >= len(ladder):
            log.error("hook %s: the ladder is at its end", hook.webhook_id)
            state = "dead"
        else:
            delay = max(ladder[attempts], outcome.retry_after)
        connection.execute(
            "UPDATE hooks SET state = ?, attempts = ?, next_at = ? WHERE id = ?",
            (state, attempts, self._world.clock.now() + delay, hook.id),
        )
