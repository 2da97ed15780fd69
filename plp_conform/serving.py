"""The address at which the played side is reached: a small HTTP server that keeps all it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from plp_conform import wire
from plp_conform.calling import masked

_CAP = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came. `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    def parameters(self) -> list[tuple[str, str]]:
        """Of the query, blanks kept."""
        return parse_qsl(self.query, keep_blank_values=True)

    def form(self) -> list[tuple[str, str]]:
        """Of the body."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def told(self) -> str:
        """For the report."""
        names = ("content-type", "plp-version", "plp-interaction-id", "webhook-id", "webhook-timestamp", "accept-encoding")
        lines = [f"{name}: {self.headers[name]}" for name in names if name in self.headers]
        target = f"{self.path}?{self.query}" if self.query else self.path
        return "\n".join([f"{self.method} {target}", *lines, masked(self.body.decode("utf-8", "replace"))[:700]]).strip()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the played side."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200, **headers: str) -> Reply:
        """`headers` with `_` for `-`."""
        named = {name.replace("_", "-"): given for name, given in headers.items()}
        return cls(status, wire.dump(value).encode(), {"Content-Type": "application/json", **named})


Route = Callable[[Incoming], Reply]


class Server:
    """Listens on this machine. `public` is the address that the other side is given."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, public: str | None = None) -> None:
        self._routes: list[tuple[str, str, Route]] = []
        self.seen: list[Incoming] = []
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._server.daemon_threads = True
        self.public = (public or f"http://{host}:{self._server.server_port}").rstrip("/")
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def route(self, method: str, prefix: str, answer: Route) -> None:
        """What is under this path; the latest rule first."""
        self._routes.insert(0, (method, prefix, answer))

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()

    def came(self, wanted: Callable[[Incoming], bool]) -> list[Incoming]:
        """What came so far and is of this kind."""
        with self._news:
            return [one for one in self.seen if wanted(one)]

    def wait(self, wanted: Callable[[Incoming], bool], count: int = 1, seconds: float = 10.0) -> list[Incoming]:
        """The same, once there are so many, or when the time is over."""
        limit = time.monotonic() + seconds
        with self._news:
            while True:
                found = [one for one in self.seen if wanted(one)]
                left = limit - time.monotonic()
                if len(found) >= count or left <= 0:
                    return found
                self._news.wait(left)

    def _answer(self, incoming: Incoming) -> Reply:
        for method, prefix, route in self._routes:
            if incoming.method == method and (incoming.path == prefix or incoming.path.startswith(prefix.rstrip("/") + "/")):
                return route(incoming)
        return Reply(404)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), _CAP)
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                incoming = Incoming(self.command, parts.path, parts.query, headers, self.rfile.read(length), time.time())
                reply = server._answer(incoming)
                with server._news:
                    server.seen.append(incoming)
                    server._news.notify_all()
                with suppress(ConnectionError):  # who asked may have given up meanwhile
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names that http.server asks for

            def log_message(self, *_: object) -> None:
                """What came is in the report."""

        return Handler
