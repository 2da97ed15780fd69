"""Kill points for fault campaigns: nothing happens unless `ENCOURS_FAULT` names one.

`ENCOURS_FAULT=launch:written` ends the process at the first passing, `launch:written:3` at the third: as kill -9 does,
with no clean-up.
"""

from __future__ import annotations

import os

#: Every point there is: before and after each commit boundary of the main job.
POINTS = (
    "launch:before",
    "launch:written",
    "launch:committed",
    "authorize:before",
    "authorize:committed",
    "token:before",
    "token:committed",
    "hook:before",
    "hook:applied",
    "hook:committed",
    "feed:before",
    "feed:applied",
    "feed:committed",
    "job:claimed",
    "job:done",
    "job:committed",
    "outbox:before",
    "outbox:sent",
    "outbox:committed",
)

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """End the process here if the environment says so."""
    wanted = os.environ.get("ENCOURS_FAULT")
    if not wanted:
        return
    target, _, nth = wanted.rpartition(":") if wanted.rpartition(":")[2].isdigit() else (wanted, "", "1")
    if target == name:
        _passed[name] = _passed.get(name, 0) + 1
        if _passed[name] >= int(nth):
            os._exit(137)
