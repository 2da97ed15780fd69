"""The engine's keeper: nothing is loaded until it is asked, a kill heals, nothing outlives it (PA-03)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.taxes.asking import Engine
from core.taxes.asking import Unavailable
from tests.conftest import KEK
from tests.stage import free_port
from tests.stage import until

#: Stands for the engine: takes the socket that it is handed, and answers as it does.
PROGRAM = """#!{python}
import os, socket, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
here = os.path.dirname(os.path.abspath(__file__))
open(os.path.join(here, "seen"), "w").write(" ".join(sorted(n for n in os.environ if n.startswith("ENCOURS"))))
class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_GET(self):
        self.send_response(300)
        self.send_header("Country-Package", "OpenFisca-France")
        self.send_header("Country-Package-Version", str(os.getpid()))
        self.end_headers()
        self.wfile.write(b"{{}}")
bind = sys.argv[sys.argv.index("--bind") + 1]
server = HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=int(bind.removeprefix("fd://")))
server.serve_forever()
"""


class Kept:
    """A keeper that runs, with an engine that is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "env"
        (self.folder / "bin").mkdir(parents=True)
        program = self.folder / "bin" / "openfisca"
        program.write_text(PROGRAM.format(python=sys.executable), "utf-8")
        program.chmod(0o755)
        (self.folder / ".installed").touch()
        self.asked = Engine(f"http://127.0.0.1:{free_port()}", answer=20)
        environment = {
            **os.environ, "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK, "ENCOURS_FISCALITE_URL": self.asked.url,
            "ENCOURS_FISCALITE_DIR": str(self.folder),
        }  # fmt: skip
        command = [sys.executable, "-m", "core.cli", "fiscalite"]
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)
        until(self.answers, seconds=60)

    def answers(self) -> bool:
        """Whether the address is the keeper's: a connection is taken, whoever will answer it."""
        import socket
        from urllib.parse import urlsplit

        try:
            socket.create_connection((urlsplit(self.asked.url).hostname, urlsplit(self.asked.url).port), 1).close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    made = Kept(tmp_path_factory.mktemp("keeper"))
    yield made
    made.process.kill()
    made.process.wait(10)


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_it_is_started_when_asked_and_again_after_a_kill(kept: Kept) -> None:
    """PA-03: kill -9 of the engine heals at the next question; one engine answers all; our keys are not in its environment."""
    first = int(kept.asked.version())
    assert int(kept.asked.version()) == first
    assert (kept.folder / "bin" / "seen").read_text("utf-8") == ""
    os.kill(first, signal.SIGKILL)
    second = int(kept.asked.version())
    assert second != first


def test_it_ends_with_its_keeper_however_that_ended(kept: Kept) -> None:
    """PA-03: stopped with the rest; kill -9 of the keeper leaves no engine behind."""
    pid = int(kept.asked.version())
    kept.process.kill()
    kept.process.wait(10)
    until(lambda: gone(pid), seconds=20)
    with pytest.raises(Unavailable):
        kept.asked.version()


def test_what_is_not_installed_says_so(tmp_path: Path) -> None:
    """PA-03: the command without an engine says what to do."""
    environment: dict[str, Any] = {
        **os.environ, "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK, "ENCOURS_FISCALITE_URL": "http://127.0.0.1:9",
        "ENCOURS_FISCALITE_DIR": str(tmp_path),
    }  # fmt: skip
    command = [sys.executable, "-m", "core.cli", "fiscalite"]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert made.returncode != 0
    assert "make fiscalite" in made.stderr
