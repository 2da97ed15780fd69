"""The guarded lane: a plugin's own threads, given up at the deadline."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

THREADS = 4


class Late(Exception):
    """The call was given up; its thread ends when it will."""


class Busy(Exception):
    """All of the plugin's threads are taken."""


class Lane:
    """At most four calls of one plugin at a time; a fifth is turned away at once."""

    def __init__(self, plugin: str) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=f"plugin-{plugin}")
        self._free = threading.BoundedSemaphore(THREADS)

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Start the call; `Busy` where no thread is free."""
        if not self._free.acquire(blocking=False):
            raise Busy
        context = contextvars.copy_context()

        def run() -> Any:
            try:
                return context.run(call)
            finally:
                self._free.release()

        return self._pool.submit(run)


def wait(future: Future[Any], deadline: float) -> Any:
    """The call's result, or its exception, or `Late` when the monotonic deadline has passed."""
    try:
        return future.result(timeout=max(0.0, deadline - time.monotonic()))
    except FutureTimeout:
        if future.done():  # the call itself raised TimeoutError, which is the same class
            raise
        raise Late from None
