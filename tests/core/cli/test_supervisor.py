"""The programs of the demonstration, run together."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli.supervisor import Supervisor
from core.programs import Program
from tests.stage import until


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_said_before_anything_starts(taken: int, tmp_path: Path) -> None:
    """BL-15: another program on the port would answer in our place, and look like a good start."""
    mark = tmp_path / "started"
    program = Program("web", [sys.executable, "-c", f"open({str(mark)!r}, 'w')"], f"http://127.0.0.1:{taken}/")
    with pytest.raises(click.ClickException, match=f"Le port {taken} est déjà pris"):
        Supervisor([program]).start()
    assert not mark.exists()


def test_a_program_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """A start that fails stops the others and says which one failed."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    other = Program("fond", [sys.executable, "-c", "import time; time.sleep(60)"])
    dead = Program("web", [sys.executable, "-c", "raise SystemExit(1)"], f"http://127.0.0.1:{free}/")
    supervisor = Supervisor([other, dead])
    with pytest.raises(click.ClickException, match="«web» ne démarre pas"):
        supervisor.start()
    assert all(child.poll() is not None for child in supervisor._running.values())


def test_what_calls_the_others_starts_once_they_answer(tmp_path: Path) -> None:
    """BL-15: a worker that calls a partner still starting opens its breaker, and the mandate waits for half a minute."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    serve = f"import time, http.server as h; time.sleep(1); h.test(h.SimpleHTTPRequestHandler, port={free}, bind='127.0.0.1')"
    seen = tmp_path / "seen"
    call = f"import socket, time; socket.create_connection(('127.0.0.1', {free}), 1); open({str(seen)!r}, 'w'); time.sleep(60)"
    worker = Program("fond", [sys.executable, "-c", call])
    partner = Program("partenaire", [sys.executable, "-c", serve], f"http://127.0.0.1:{free}/")
    supervisor = Supervisor([worker, partner])
    try:
        supervisor.start()
        until(seen.exists, seconds=20)
    finally:
        supervisor.stop()
