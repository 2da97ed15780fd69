"""The log on standard error: JSON lines for machines, a short line on a terminal.

One line a request and a job, with the trace that error pages show. Exceptions are told by their types and places,
without their words (a driver's quotes the row); only a terminal gets those too.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import IO
from typing import Any

from core.telemetry import trace
from core.telemetry.scrub import scrub
from core.telemetry.scrub import without_secrets

CHOICES = ("auto", "json", "text")
_ROOT = str(Path(__file__).parent.parent.parent) + "/"
#: Loggers whose words are written by us, for the log.
_OURS = ("encours", "core")
#: Frames kept of an exception: the last ones.
_FRAMES = 12


def install(choice: str, *, level: int = logging.INFO, stream: IO[str] | None = None) -> logging.Handler:
    """Send this process's log to `stream` (standard error), once. `auto`: text on a terminal, JSON elsewhere."""
    out = stream or sys.stderr
    text = choice == "text" or (choice == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines(text))
    handler.setLevel(level)
    root = logging.getLogger()
    for before in [item for item in root.handlers if isinstance(item.formatter, Lines)]:
        root.removeHandler(before)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
    return handler


def event(logger: logging.Logger, level: int, what: str, **fields: str | float | None) -> None:
    """A line of named fields: ids, codes and figures only."""
    known = {name: value for name, value in fields.items() if value is not None}
    logger.log(level, "%s", what, extra={"fields": known})


class Lines(logging.Formatter):
    """One line a record; `text` for people."""

    def __init__(self, text: bool) -> None:
        super().__init__()
        self._text = text

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        if not self._text:
            at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "pid": record.process}
            line |= {**fields, "message": _message(record)}
            if record.exc_info and record.exc_info[1] is not None:
                line["error"] = told(record.exc_info[1])
            return json.dumps(line, ensure_ascii=False)
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")  # noqa: DTZ006 - the terminal's own time
        rest = "".join(f" {name}={value}" for name, value in fields.items())
        shown = f"{at} {record.levelname.lower():7} {_message(record)}{rest}"
        return f"{shown}\n{without_secrets(self.formatException(record.exc_info))}" if record.exc_info else shown


def told(error: BaseException) -> dict[str, Any]:
    """An exception without its words: its type, where it came from, what caused it."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    found: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins."),
        "at": [f"{frame.filename.removeprefix(_ROOT)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        found["cause"] = told(cause)
    return found


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    work = trace.current()
    known: dict[str, Any] = {} if work is None else {"trace": work.trace, **work.fields}
    own: Mapping[str, Any] = getattr(record, "fields", {})
    return {**known, **own}


def _message(record: logging.LogRecord) -> str:
    """Ours: as written, through the net. Others': their pattern without what they put in; they know no rule of ours."""
    if record.name.split(".")[0] in _OURS or (record.name.startswith("gunicorn") and record.levelno <= logging.INFO):
        return scrub(record.getMessage())
    return scrub(str(record.msg).split(" from ip=")[0].split("\n")[0][:200])
