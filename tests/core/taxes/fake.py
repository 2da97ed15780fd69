"""A program that answers in the engine's place: what it is asked, and in which mood it answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any

BRACKETS = {"2024-01-01": {"0.0": 0.0, "11497.0": 0.11}, "2025-01-01": {"0.0": 0.0, "11600.0": 0.11, "29579.0": 0.3}}


@dataclass
class FakeEngine:
    """`mood`: «well», «slow», «html», «error», «null», «nan», «refuses», «preparing», «stranger». `cases`: what was asked."""

    url: str = ""
    mood: str = "well"
    version: str = "1.2.3"
    figure: float = 100.0
    cases: list[Any] = field(default_factory=list)


@contextmanager
def fake_engine() -> Iterator[FakeEngine]:
    """One, listening on this machine."""
    told = FakeEngine()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            found: Any = {"brackets": BRACKETS} if self.path.startswith("/parameter/") else {"welcome": "here"}
            self.answer(300 if self.path == "/" else 200, json.dumps(found))

        def do_POST(self) -> None:
            case = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.cases.append(case)
            wrong = {"null": None, "nan": float("nan")}.get(told.mood, told.figure)
            for foyer in case["foyers_fiscaux"].values():
                for periods in foyer.values():
                    if isinstance(periods, dict):
                        periods.update({period: wrong for period, value in periods.items() if value is None})
            self.answer(400 if told.mood == "refuses" else 200, json.dumps(case))

        def answer(self, status: int, body: str) -> None:
            if told.mood == "slow":
                time.sleep(1.0)
            if told.mood == "preparing":
                self.send_response(503)
                self.send_header("X-Encours-Preparing", "1")
                self.end_headers()
                return
            body = "<html>" if told.mood == "html" else body
            self.send_response(500 if told.mood == "error" else status)
            self.send_header("Country-Package", "autre" if told.mood == "stranger" else "openfisca-france")
            self.send_header("Country-Package-Version", told.version)
            self.end_headers()
            self.wfile.write(body.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
