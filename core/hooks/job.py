"""A plugin's own background work, declared in `Plugin.jobs`. A leaf: every floor may import it. Since 1.0."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.hooks.types import Context


@dataclass(frozen=True, slots=True)
class Job:
    """Work done by the worker, in one transaction, at least once: it must be idempotent.

    A job that raises is tried again, later and later, for three days. While its module is off for a cabinet its jobs wait.
    One that asks a partner does so in `fetch`, outside of any transaction: a cabinet's other writers would wait along.
    """

    key: str  #: its name within the plugin
    run: Callable[[Context, Mapping[str, Any]], None]  #: what does it; the second argument is what was enqueued
    every: timedelta | None = None  #: done by itself this often for each cabinet that has the module on; never below a minute
    #: What the conformance kit runs it with; `{contact_id}` and the like in a text become ids that it knows. None: nothing is
    #: enqueued with it, as a repeated job runs. With `fetch`, its key «fetched» stands for what is answered outside.
    example: Mapping[str, Any] | None = None
    #: asks outside first, with a session that only reads; what it returns is `run`'s second argument, under the key «fetched»
    fetch: Callable[[Context, Mapping[str, Any]], Any] | None = None
