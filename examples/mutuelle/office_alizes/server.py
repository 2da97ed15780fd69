"""The mutual's API over HTTP, and its back office as a page."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import threading
import time
from html import escape
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from office_alizes.book import MOVES
from office_alizes.book import Book
from office_alizes.book import Conflict
from office_alizes.book import faults

WORDS = {
    "pending": "reçue", "en_controle": "en contrôle", "piece_demandee": "pièce demandée", "validated": "acceptée",
    "rejected": "refusée", "cancelled": "annulée",
}  # fmt: skip
LARGEST = 30 * 1024 * 1024


class Office:
    """A context manager: it listens while its block lasts. `mood`: well, down (503) or deaf (takes it, never answers)."""

    def __init__(self, book: Book, key: str, *, port: int = 0) -> None:
        self.book, self.key, self.mood = book, key, "well"
        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Office:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forever(self) -> None:
        """Serve until the process ends."""
        self._server.serve_forever()


def _handler(office: Office) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            if self.path == "/":
                return self._page()
            if not self._admitted():
                return None
            if self.path == "/v1/ping":
                return self._say(200, {"name": "La Mutuelle des Alizés"})
            if self.path == "/v1/events":
                return self._say(200, {"events": office.book.events})
            return self._say(404, {"message": "Adresse inconnue."})

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            if size > LARGEST:
                return self._say(413, {"message": "Trop volumineux."})
            raw = self.rfile.read(size)
            if self.path == "/":
                sent = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                office.book.move(sent.get("number", ""), sent.get("status", ""), sent.get("reason", ""))
                self.send_response(303)
                self.send_header("Location", "/")
                self.end_headers()
                return None
            return self._operation(raw) if self._admitted() else None

        def _operation(self, raw: bytes) -> None:
            office.asked += 1
            try:
                asked = json.loads(raw)
                documents = {
                    str(one["slot"]): base64.b64decode(one["content"], validate=True) for one in asked.pop("documents")
                }
            except (ValueError, KeyError, TypeError, binascii.Error):
                return self._say(400, {"message": "Demande illisible."})
            if found := faults(asked, documents):
                return self._say(422, {"message": "La mutuelle ne peut pas prendre cet acte en l'état.", "errors": found})
            try:
                new, made = office.book.take(self.headers.get("Idempotency-Key") or "", asked, documents)
            except Conflict:
                return self._say(409, {"message": "Cette clé a déjà servi pour un autre acte."})
            if office.mood == "deaf":
                time.sleep(0.2)
                self.close_connection = True
                return None
            return self._say(201 if new else 200, {name: made[name] for name in ("number", "seq", "status")})

        def _admitted(self) -> bool:
            if office.mood == "down":
                self._say(503, {"message": "Maintenance."})
                return False
            if not hmac.compare_digest(self.headers.get("Authorization") or "", f"Bearer {office.key}"):
                self._say(401, {"message": "Clé inconnue."})
                return False
            return True

        def _page(self) -> None:
            lines = "".join(_line(one) for one in office.book.operations.values()) or "<p>Aucune opération.</p>"
            html = (
                "<!doctype html><html lang='fr'><meta charset='utf-8'><title>Back-office de la mutuelle</title>"
                f"<h1>Mutuelle des Alizés : back-office (inventé)</h1>{lines}</html>"
            )
            self._send(200, "text/html; charset=utf-8", html.encode())

        def _say(self, status: int, said: dict[str, Any]) -> None:
            self._send(status, "application/json", json.dumps(said, ensure_ascii=False).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nothing: what is asked here holds clients' data."""

    return Handler


def _line(one: dict[str, Any]) -> str:
    buttons = "".join(f"<button name='status' value='{code}'>{WORDS[code]}</button> " for code in MOVES.get(one["status"], ()))
    return (
        f"<form method='post' action='/'><p><b>{escape(one['number'])}</b> {escape(str(one['kind']))} "
        f"{escape(str(one['contract']))} {escape(str(one['amount']))} € : {WORDS[one['status']]} "
        f"<input type='hidden' name='number' value='{escape(one['number'])}'><input name='reason' placeholder='motif'> "
        f"{buttons}</p></form>"
    )
