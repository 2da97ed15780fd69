"""Runs a few programs together: starts them, starts again one that dies, stops all of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from typing import Any
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import click

from core.programs import Program

#: A program that dies this often within a minute is not started again: everything stops.
DEATHS = 5


class Supervisor:
    """One for a set of programs."""

    def __init__(self, programs: list[Program]) -> None:
        self._programs = programs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: dict[str, list[float]] = {}
        self._stop = threading.Event()

    def start(self) -> None:
        """Start all and wait until each answers; `click.ClickException` for a port in use or no answer within 60 s.

        What has no address calls the others: started before they answer, it would open a partner's breaker for 30 s.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for program in self._programs:
            refuse_taken(program.ready or "")
        answering = [program for program in self._programs if program.ready]
        for program in answering:
            self._spawn(program)
        for program in answering:
            if not self._answers(program):
                self.stop()
                raise click.ClickException(f"«{program.name}» ne démarre pas : les lignes ci-dessus disent pourquoi.")
        for program in self._programs:
            if not program.ready:
                self._spawn(program)

    def watch(self) -> int:
        """Keep all running until told to stop; the exit status."""
        status = 0
        while not self._stop.wait(0.5):
            for program in self._programs:
                if self._running[program.name].poll() is not None and not self._again(program):
                    click.echo(f"«{program.name}» s'arrête sans cesse : tout est arrêté.", err=True)
                    self._stop.set()
                    status = 1
        self.stop()
        return status

    def stop(self) -> None:
        """Ask each program to end; kill those that have not within ten seconds."""
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
        limit = time.monotonic() + 10
        for child in self._running.values():
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)

    def _spawn(self, program: Program) -> None:
        self._running[program.name] = subprocess.Popen(  # noqa: S603 - our own programs
            program.command, env={**os.environ, **program.env}, start_new_session=True
        )

    def _again(self, program: Program) -> bool:
        deaths = [at for at in self._deaths.get(program.name, []) if at > time.monotonic() - 60]
        self._deaths[program.name] = [*deaths, time.monotonic()]
        if len(deaths) >= DEATHS:
            return False
        self._spawn(program)
        return True

    def _answers(self, program: Program) -> bool:
        limit = time.monotonic() + 60
        while time.monotonic() < limit and not self._stop.is_set():
            try:
                with urlopen(program.ready or "", timeout=2):  # noqa: S310 - our own loopback address
                    return True
            except HTTPError:
                return True
            except (URLError, OSError):
                if self._running[program.name].poll() is not None:
                    return False
                time.sleep(0.1)
        return False

    def _end(self, *_: Any) -> None:
        self._stop.set()


def refuse_taken(url: str) -> None:
    """`click.ClickException` where something listens at the address: it would answer in our place."""
    parts = urlsplit(url)
    if not parts.hostname:
        return
    try:
        socket.create_connection((parts.hostname, parts.port or 80), 1).close()
    except OSError:
        return
    raise click.ClickException(
        f"Le port {parts.port} est déjà pris : une démonstration tourne peut-être déjà. Arrêtez-la, ou choisissez d'autres "
        "ports par ENCOURS_PORT et EXTRANET_PORT."
    )
