"""TLS proxies in front of us: what they say of the client counts only when it is they who say it.

Without the setting `proxies` no header can change the client's address or the scheme.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.config import SOCKET
from core.config import networks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from _typeshed.wsgi import WSGIApplication
    from _typeshed.wsgi import WSGIEnvironment

_SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


def install(app: Flask, setting: str) -> None:
    """Believe these proxies, and nobody else."""
    app.wsgi_app = Proxies(app.wsgi_app, setting)  # type: ignore[method-assign, assignment]


class Proxies:
    """One proxy is believed: the one that speaks to us. It names the client, scheme and port; the host stays `Host`."""

    def __init__(self, app: WSGIApplication, setting: str) -> None:
        self._app = app
        self._believed = ProxyFix(app, x_for=1, x_proto=1, x_host=0, x_port=0, x_prefix=0)
        self._networks = networks(setting)
        self._socket = SOCKET in [word.strip() for word in setting.split(",")]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self._is_ours(environ.get("REMOTE_ADDR", "")):
            return self._believed(environ, start)
        for name in _SAID:
            environ.pop(name, None)
        return self._app(environ, start)

    def _is_ours(self, peer: str) -> bool:
        if not peer:
            return self._socket
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
