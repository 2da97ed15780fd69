"""gunicorn, inside this program: one worker, sixteen threads, on this machine only."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.app.base import BaseApplication

from .web import create_app
from .world import World
from .world import open_world

_THREADS = 16


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The worker opens the database itself, after the fork, and starts the sender of hooks."""

    def __init__(self, world: World) -> None:
        self._settings = world.settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._settings.port}", "workers": 1, "worker_class": "gthread", "threads": _THREADS,
            "proc_name": "extranet", "graceful_timeout": 3, "timeout": 90, "keepalive": 2, "loglevel": "warning",
            "control_socket_disable": True, "limit_request_line": 8190, "worker_tmp_dir": None,
        }  # fmt: skip
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app(open_world(self._settings))
        app.extensions["extranet_sender"].start()
        return app


def serve(world: World) -> None:
    """Until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    world.store.close()  # no SQLite connection crosses the fork
    Server(world).run()
