"""`encours serve` as an operator runs it: several processes, a TLS proxy in front, stopped by SIGTERM."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from core.config import load
from tests import databases
from tests.conftest import KEK
from tests.stage import free_port
from tests.stage import until

TOKEN = "jeton-de-mesure-0123"
FROM_PROXY = {"Host": "encours.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
#: The server with one more page, which takes its time: what a request under way is.
SLOW = """
import time
from core.cli import server
from core.web.policy import policy
class Slow(server.Server):
    def load(self):
        app = super().load()
        app.add_url_rule("/lente", "lente", policy("public")(lambda: (time.sleep(2), "fin")[1]))
        return app
server.Server = Slow
server.serve([], standalone_mode=False)
"""


@dataclass
class Served:
    """The running server. Behind TLS a client comes through the proxy: its headers are what makes it https."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers={**FROM_PROXY, **headers}, timeout=10, allow_redirects=False)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Two processes from an `encours.toml`, as docs/operator.md says."""
    port = free_port()
    given = databases.addresses(tmp_path)
    (tmp_path / "encours.toml").write_text(
        f'base_url = "https://encours.example"\nbind = "127.0.0.1:{port}"\nweb_workers = 2\nproxies = "127.0.0.1"\n'
        f'database_url = "{given.pop("ENCOURS_DATABASE_URL")}"\nvar_dir = "{tmp_path}"\nmetrics_token = "{TOKEN}"\n',
        "utf-8",
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("ENCOURS_")} | {
        "ENCOURS_CONFIG": str(tmp_path / "encours.toml"), "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK,
        "TMPDIR": str(tmp_path),
    }  # fmt: skip
    upgrade = [sys.executable, "-m", "core.cli", "db", "upgrade"]
    subprocess.run(upgrade, env=env | given, check=True, capture_output=True)  # the owner's address is for this one only
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", SLOW], env=env, stdout=out, stderr=out)
    made = Served(f"http://127.0.0.1:{port}", process, log)
    until(lambda: _answers(made), 30)
    yield made
    if process.poll() is None:
        process.kill()
    process.wait(10)


def _answers(served: Served) -> bool:
    assert served.process.poll() is None, served.log.read_text("utf-8")
    try:
        return served.get("/healthz").status_code in (200, 503)
    except requests.RequestException:
        return False


def _counted(served: Served) -> set[float]:
    """How often the sign-in page was answered, as each of the two processes tells it."""
    told = [served.get("/metrics", Authorization=f"Bearer {TOKEN}", Connection="close").text for _ in range(6)]
    row = r'^encours_requests_total\{method="GET",route="/connexion",status="200"\} (\S+)$'
    return {float(re.findall(row, text, re.M)[0]) for text in told}


def test_it_serves_counts_and_stops(served: Served, tmp_path: Path) -> None:
    """Operations: proxy believed, counts summed over both processes, a request under way ends, nothing is left behind."""
    page = served.get("/connexion")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "__Host-encours_sid" in page.headers["Set-Cookie"]
    assert "Secure" in page.headers["Set-Cookie"]

    with ThreadPoolExecutor(8) as pool:  # no connection is kept: both processes get some
        list(pool.map(lambda _: served.get("/connexion", Connection="close"), range(60)))
    assert served.get("/metrics").status_code == 401
    ends = time.monotonic() + 10  # a request is counted once its answer is closed, which its reader does not wait for
    while (told := _counted(served)) != {61.0}:
        assert time.monotonic() < ends, told
    workers = {line["pid"] for line in served.lines() if line["message"] == "request"}
    assert len(workers) == 2

    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(served.get, "/lente")
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        assert under_way.result(10).text == "fin"
    assert served.process.wait(10) == 0
    assert [path.name for path in tmp_path.glob("encours-metrics-*")] == []
    routes = [line.get("route") for line in served.lines() if line["message"] == "request"]
    assert {"/connexion", "/metrics", "/lente", "/healthz"} <= set(routes)


def test_the_file_s_values_are_checked(tmp_path: Path) -> None:
    """Operations: a value of another type is said when it is read, not later in a thread."""
    file = tmp_path / "encours.toml"
    file.write_text('web_threads = "seize"\n', "utf-8")
    with pytest.raises(Exception, match="web_threads"):
        load(file)
