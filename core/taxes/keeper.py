"""Keeps the engine: listens at its address, installs it once, starts it when it is first asked, and again after it died.

The engine takes 6 to 13 s and 200 MB to load. The listening socket is the keeper's, handed on to the engine: nobody is
turned away while it loads, whether at first or after a kill, and it is not loaded where nobody asks.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from core.taxes.asking import PREPARING

_log = logging.getLogger("encours.taxes")

COUNTRY = "openfisca_france"
#: Seconds between two looks; before another try of an address that is taken; of an installation, of an engine that failed.
LOOK, TAKEN, AGAIN = 0.3, 20.0, 120.0
#: An engine that ends within this time did not start: what asks meanwhile is told, for a while.
SHORT, PAUSE = 20.0, 30.0
_PR_SET_PDEATHSIG = 1
_HEAD = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n"


@dataclass
class Keeper:
    """One for an address. `folder`: the engine's own environment; `script`: installs it there, None where nothing may."""

    url: str
    folder: Path
    script: Path | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    child: subprocess.Popen[bytes] | None = None
    _installing: subprocess.Popen[bytes] | None = None
    _wait_until: float = 0.0

    @property
    def program(self) -> Path:
        """The engine's command."""
        return self.folder / "bin" / "openfisca"

    @property
    def installed(self) -> bool:
        """Whether the engine is there, whole."""
        return (self.folder / ".installed").exists() and self.program.exists()

    def run(self) -> None:
        """Keep it until told to stop."""
        listener = self._listen()
        if listener is None:
            return
        try:
            with listener:
                while not self.stop.is_set():
                    self._round(listener)
        finally:
            for child in (self.child, self._installing):
                end(child)

    def _round(self, listener: socket.socket) -> None:
        if self.child is not None:
            if self.child.poll() is None:
                self.stop.wait(LOOK)
                return
            _log.warning("the tax engine ended with %s", self.child.returncode)
            kill_group(self.child.pid)  # a worker of it would go on answering, and hold its memory, for a minute
            self.child = None
        ready = self._prepared()
        if not select.select([listener], [], [], LOOK)[0]:
            return
        if not ready:
            self._answer(listener, f"{PREPARING}: 1" if self._installing else "Retry-After: 30")
        elif time.monotonic() < self._wait_until:
            self._answer(listener, "Retry-After: 30")
        else:
            self._start(listener)

    def _prepared(self) -> bool:
        """Whether it is installed; its installation goes on beside, once at a time, and is tried again after a failure."""
        if self._installing is not None and self._installing.poll() is not None:
            failed, self._installing = self._installing.returncode, None
            if failed:
                _log.warning("the tax engine could not be installed (%s): another try in %s s", failed, AGAIN)
                self._wait_until = time.monotonic() + AGAIN
        if self.installed:
            return True
        if self._installing is None and self.script is not None and time.monotonic() >= self._wait_until:
            command = ["bash", str(self.script), str(self.folder)]
            self._installing = self._spawn(command)
        return False

    def _start(self, listener: socket.socket) -> None:
        command = [
            str(self.program), "serve", "--country-package", COUNTRY, "--bind", f"fd://{listener.fileno()}", "--workers", "1",
            "--timeout", "120", "--log-level", "error",
        ]  # fmt: skip
        begun = time.monotonic()
        self.child = self._spawn(command, listener.fileno())
        while not self.stop.is_set() and time.monotonic() < begun + SHORT:
            if self.child.poll() is not None:
                self._wait_until = time.monotonic() + (PAUSE if self.child.returncode > 0 else 0.0)
                return
            self.stop.wait(LOOK)

    def _spawn(self, command: list[str], *handed: int) -> subprocess.Popen[bytes]:
        """A program without our settings, keys among them, in its environment."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ENCOURS_")}
        return subprocess.Popen(  # noqa: S603 - our own program; this process has one thread
            command, pass_fds=handed, env=environment, start_new_session=True, preexec_fn=_with_parent(),
        )  # fmt: skip

    def _listen(self) -> socket.socket | None:
        parts = urlsplit(self.url)
        while not self.stop.is_set():
            made = socket.socket()
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                made.bind((parts.hostname, parts.port or 80))
                made.listen(64)
            except OSError as error:
                made.close()
                _log.warning("the tax engine's address %s cannot be had: %s", self.url, error)
                self.stop.wait(TAKEN)
                continue
            return made
        return None

    def _answer(self, listener: socket.socket, more: str) -> None:
        """Tell who asks that it is not the time yet; whatever becomes of the telling."""
        try:
            line, _whose = listener.accept()
            with line:
                line.settimeout(1)
                line.recv(65536)
                line.sendall(f"{_HEAD}{more}\r\n\r\n".encode())
        except OSError:
            return


def end(child: subprocess.Popen[bytes] | None, seconds: float = 5) -> None:
    """End a program and what it started; killed where it has not ended by then."""
    if child is None or child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(child.pid)
        child.wait()


def kill_group(leader: int) -> None:
    """Kill what a program of ours started, and itself; nothing where all of it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _with_parent() -> Callable[[], None]:
    """What a child does before it begins: it ends when its parent does, however that ended, kill -9 too (Linux)."""
    libc = ctypes.CDLL(None, use_errno=True)

    def follow() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return follow
