"""Background work of a plugin: `Job` for `Plugin.jobs`, `enqueue` in the transaction at hand. Since 1.0."""

from __future__ import annotations

from core.hooks.job import Job
from core.hooks.work import enqueue

__all__ = ["Job", "enqueue"]
