"""One call of a plugin's code, watched: how long, what it asked of the database, what it reached outside.

Python's own audit events tell of sockets, processes and files, whatever library is in between; of sleeps, which have none in
3.11, tells a stand-in of `time.sleep` that is there while the kit is `listening`. What is forbidden is refused at once, so
that a plugin that sleeps for half a minute does not hold up whoever watches it.
"""

from __future__ import annotations

import contextvars
import math
import sys
import threading
import time
import traceback
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event

from core.db import current
from core.extensions import db

#: Audit event → what it is, as people say it.
DOINGS: dict[str, str] = {
    "time.sleep": "attend (time.sleep)",
    "socket.connect": "ouvre une connexion réseau",
    "socket.getaddrinfo": "cherche une adresse sur le réseau",
    "socket.gethostbyname": "cherche une adresse sur le réseau",
    "subprocess.Popen": "lance un programme",
    "os.system": "lance un programme",
    "open": "ouvre un fichier",
}
NETWORK = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"})
#: Files in between that open for somebody else.
_BETWEEN = ("pathlib.py", "<frozen codecs>", "codecs.py", "tempfile.py")
_SILENT = ("BEGIN", "PRAGMA", "SELECT pg_advisory", "SELECT set_config", "SAVEPOINT", "RELEASE")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Refused(BaseException):
    """A call did what it may not: it ends here. No `except Exception` keeps it."""


def told(error: BaseException) -> str:
    """An error as findings say it: what was ended by the kit itself is no error of that name."""
    if isinstance(error, Refused):
        return f"il {DOINGS.get(str(error), str(error))}, et le kit l'a arrêté"
    said = str(error).strip()
    return f"{type(error).__name__} : {said.splitlines()[0][:160]}" if said else type(error).__name__


@dataclass(frozen=True, slots=True)
class Doing:
    """Something done: an audit event, or «sql»; the stack's files and lines, innermost last."""

    what: str
    detail: str
    stack: tuple[tuple[str, int], ...]


@dataclass
class Watch:
    """What is noted, and what is refused. `network`: the error that a connection to elsewhere than this machine meets.

    `patience`: where the plugin's own code sleeps for that many seconds or more, it is refused: a page is not held up.
    """

    forbid: frozenset[str] = frozenset()
    patience: float = math.inf
    network: OSError | None = None
    owns: Callable[[str], bool] = field(default=lambda _path: True)
    doings: list[Doing] = field(default_factory=list)
    statements: list[Doing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a call went. `late`: it was given up, and may still run."""

    result: Any
    error: BaseException | None
    seconds: float
    late: bool
    doings: tuple[Doing, ...]
    statements: tuple[Doing, ...]


_watch: contextvars.ContextVar[Watch | None] = contextvars.ContextVar("encours_watch", default=None)
_installed: list[bool] = []


def tried(
    function: Callable[..., Any], *args: Any, limit: float, cabinet_id: int | None = None, write: bool = False,
    watch: Watch | None = None,
) -> Trial:  # fmt: skip
    """Call it in a thread of its own, with the session that hooks have; `limit` in seconds, after which it is given up."""
    seen = watch or Watch()
    outcome: list[Any] = []
    begun = time.perf_counter()

    def call() -> None:
        try:
            with watched(seen):
                if cabinet_id is None:
                    outcome.append((function(*args), None, time.perf_counter() - begun))
                    return
                with current.opened(db, cabinet_id, write=write):
                    outcome.append((function(*args), None, time.perf_counter() - begun))
        except BaseException as error:  # a plugin may raise SystemExit and its like
            outcome.append((None, error, time.perf_counter() - begun))

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(call,), daemon=True)
    thread.start()
    thread.join(limit)
    if not outcome:
        return Trial(None, None, limit, True, tuple(seen.doings), tuple(seen.statements))
    result, error, seconds = outcome[0]
    return Trial(result, error, seconds, False, tuple(seen.doings), tuple(seen.statements))


@contextmanager
def listening() -> Iterator[None]:
    """Hear of sleeps too: modules that are imported from here on get the stand-in, also by `from time import sleep`."""
    usual = time.sleep

    def sleep(seconds: Any) -> None:
        _audit("time.sleep", (seconds,))
        usual(seconds)

    time.sleep = sleep
    try:
        yield
    finally:
        time.sleep = usual


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Note what this very thread does while the block lasts."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)
        event.listen(Engine, "before_cursor_execute", _sql)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def _audit(name: str, args: tuple[Any, ...]) -> None:
    if name not in DOINGS:
        return
    watch = _watch.get()
    if watch is None:
        return
    token = _watch.set(None)  # what looking at the stack opens is not the plugin's
    try:
        stack = _stack()
        if name == "open" and not _own_file(watch, args, stack):
            return
        watch.doings.append(Doing(name, _detail(args), stack))
        held_up = name == "time.sleep" and args[0] >= watch.patience and any(watch.owns(path) for path, _line in stack)
        if name in watch.forbid or held_up:
            raise Refused(name)
        if name in NETWORK and watch.network is not None and not _here(args):
            raise watch.network
    finally:
        _watch.reset(token)


def _sql(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    watch = _watch.get()
    if watch is not None and not statement.startswith(_SILENT):
        watch.statements.append(Doing("sql", " ".join(statement.split())[:200], _stack()))
        if "sql" in watch.forbid:
            raise Refused("sql")


def _own_file(watch: Watch, args: tuple[Any, ...], stack: tuple[tuple[str, int], ...]) -> bool:
    """Whether the plugin itself opens a file that is no module."""
    if str(args[0]).endswith((".py", ".pyc", ".so")):
        return False
    outer = [path for path, _line in stack if Path(path).name not in _BETWEEN and path not in _BETWEEN]
    return bool(outer) and watch.owns(outer[-1])


def _here(args: tuple[Any, ...]) -> bool:
    """Whether a network event is about this machine, or no address at all."""
    last = args[-1] if args and isinstance(args[-1], tuple) else args
    host = str(last[0] if last else "")
    return host in _LOOPBACK or any(str(one) in _LOOPBACK for one in args)


def _detail(args: tuple[Any, ...]) -> str:
    return " ".join(str(one) for one in args if isinstance(one, str | int | float | tuple))[:120]


def _stack() -> tuple[tuple[str, int], ...]:
    found = traceback.walk_stack(sys._getframe(2))
    return tuple((frame.f_code.co_filename, line) for frame, line in found)[::-1]
