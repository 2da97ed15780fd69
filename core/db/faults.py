"""Kill points for fault campaigns: inert but in a demonstration that was told of a file.

`ENCOURS_FAULT` names a file. While it exists and says `serve hook:applied 3`, the process started as `encours serve`
kills itself (-9, no clean-up) at its third passing of that point. The file is taken away first, so that what is started
again lives.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

#: Every point there is: before and after each step of the main job, and around every commit of a writer.
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
    "import:batch",
    "import:committed",
    "commit:before",
    "commit:after",
)

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """End the process here if the file says so."""
    armed = os.environ.get("ENCOURS_FAULT")
    if not armed or os.environ.get("ENCOURS_DEMO") != "1":
        return
    file = Path(armed)
    try:
        order = f"{file.stat().st_mtime_ns} {file.read_text('utf-8')}"
        _, program, wanted, nth = order.split()
    except (OSError, ValueError):
        return
    if wanted != name or program not in sys.argv[1:2]:
        return
    _passed[order] = _passed.get(order, 0) + 1
    if _passed[order] < int(nth):
        return
    try:
        file.unlink()
    except FileNotFoundError:
        return  # another thread was first
    os.kill(os.getpid(), signal.SIGKILL)
