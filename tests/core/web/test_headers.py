"""Every answer of every route carries the security headers; proxies are believed only where the setting says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask import request
from flask.testing import FlaskClient

from core.app import create_app
from core.config import ConfigError
from core.extensions import db
from core.web.policy import policy
from tests import databases
from tests.conftest import make_config

#: What stands on every answer, whatever the route, method or status.
ALWAYS = {
    "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
FILLED = {"int": "1", "path": "x/y.css", "string": "x", "default": "x"}


def addresses(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of every route, its variables filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: FILLED["path"] if "path" in str(type(rule._converters[name])).lower() else "1" for name in rule.arguments}
        with app.test_request_context():
            built = app.url_map.bind("localhost").build(rule.endpoint, values)
        found += [(method, built) for method in sorted((rule.methods or set()) - {"OPTIONS"})]
    return found


def missing(app: Flask, client: FlaskClient, secure: bool) -> list[str]:
    """The answers that lack a header."""
    faults = []
    for method, address in [*addresses(app), ("GET", "/nulle-part"), ("DELETE", "/")]:
        if address.startswith("/live/stream"):
            continue  # it never ends; `policy` and headers are those of `/live`
        answer = client.open(address, method=method)
        headers = answer.headers
        wrong = [name for name, value in ALWAYS.items() if headers.get(name) != value]
        wrong += ["Referrer-Policy"] if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer") else []
        csp = headers.get("Content-Security-Policy", "")
        wrong += ["CSP"] if "default-src 'none'" not in csp or "frame-ancestors 'none'" not in csp or "unsafe" in csp else []
        wrong += ["HSTS"] if ("max-age=31536000" in headers.get("Strict-Transport-Security", "")) is not secure else []
        kept = "/static/" in address or "/theme/" in address or address.startswith("/plp/")
        wrong += ["Cache-Control"] if not kept and "no-store" not in headers.get("Cache-Control", "no-store") else []
        faults += [f"{method} {address} ({answer.status_code}): {', '.join(wrong)}"] if wrong else []
    return faults


def test_every_route_s_answer_has_the_headers(app: Flask, adviser: FlaskClient) -> None:
    """security-reliability.md, «headers»: signed in or not, found or not, also where the method is wrong."""
    assert len(addresses(app)) > 40
    assert missing(app, app.test_client(), secure=False) == []
    assert missing(app, adviser, secure=False) == []


def test_over_https_the_browser_is_told_to_stay_there(tmp_path: Path) -> None:
    """security-reliability.md, «headers»: HSTS on every answer of an https installation, whatever the proxy says."""
    app = create_app(make_config(tmp_path, base_url="https://encours.example"))
    databases.ready(str(db.engine.url))
    assert missing(app, app.test_client(), secure=True) == []
    db.close()


@pytest.mark.parametrize(
    ("setting", "peer", "seen"),
    [
        ("", "127.0.0.1", ("127.0.0.1", "http")),
        ("127.0.0.1", "127.0.0.1", ("203.0.113.9", "https")),
        ("10.0.0.0/24, ::1", "10.0.0.7", ("203.0.113.9", "https")),
        ("10.0.0.0/24", "10.0.1.7", ("10.0.1.7", "http")),
        ("unix", "", ("203.0.113.9", "https")),
        ("127.0.0.1", "", (None, "http")),
    ],
)
def test_only_named_proxies_are_believed(tmp_path: Path, setting: str, peer: str, seen: tuple[str | None, str]) -> None:
    """Operations: X-Forwarded-* of anybody else changes neither the client's address nor the scheme, nor the host."""
    app = create_app(make_config(tmp_path, proxies=setting))

    @app.get("/qui", endpoint="qui")
    @policy("public")
    def who() -> dict[str, str | None]:
        return {"peer": request.remote_addr or None, "scheme": request.scheme, "host": request.host}

    forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    told = app.test_client().get("/qui", headers=forged, environ_base={"REMOTE_ADDR": peer}).get_json()
    assert (told["peer"], told["scheme"]) == seen
    assert told["host"] == "localhost"
    db.close()


@pytest.mark.parametrize("wrong", [{"proxies": "partout"}, {"log": "xml"}, {"metrics_token": "court"}])
def test_a_wrong_setting_is_said_at_once(tmp_path: Path, wrong: dict[str, str]) -> None:
    """Operations: in French, with the setting's name."""
    with pytest.raises(ConfigError, match="ENCOURS_"):
        make_config(tmp_path, **wrong)
