"""`encours serve`, `encours worker`, `encours keys`."""

from __future__ import annotations

import base64
import secrets
import signal
import threading
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from core import config as configuration
from core.app import create_app
from core.cli.worker import run_worker
from core.db import roles
from core.db.session import Database


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads: a partner fetches our keys while we wait for its answer, one thread would deadlock."""

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self._options = {
            "bind": bind, "workers": workers, "threads": threads, "worker_class": "gthread", "timeout": 120,
            "graceful_timeout": 10, "keepalive": 15, "accesslog": None, "proc_name": "encours",
            "control_socket_disable": True,  # one fixed path in the home would be shared by all instances
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return create_app()


@click.command()
@click.option("--bind", help="Adresse d'écoute ; par défaut celle de ENCOURS_BASE_URL.")
@click.option("--workers", default=1, show_default=True, help="Processus web.")
def serve(bind: str | None, workers: int) -> None:
    """Serveur web de production (gunicorn)."""
    config = configuration.load()
    _bound(config)
    parts = urlsplit(config.base_url)
    Server(bind or f"{parts.hostname}:{parts.port or 8000}", workers, max(8, config.web_threads)).run()


@click.command()
def worker() -> None:
    """Exécute le travail de fond : envois, relevés, rappels. S'arrête proprement sur SIGTERM."""
    config = configuration.load()
    _bound(config)
    create_app(config)
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_worker(stop)


def _bound(config: configuration.Config) -> None:
    """Do not start with a role that PostgreSQL's second wall does not hold, unless told so (`roles.check`)."""
    if config.any_role:
        return
    asked = Database()
    asked.open(config.database_url, check=False)
    try:
        roles.check(asked)
    finally:
        asked.close()


@click.command()
def keys() -> None:
    """Écrit de nouvelles clés d'installation, à mettre dans l'environnement et en lieu sûr."""
    click.echo(f"ENCOURS_SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"ENCOURS_KEK={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")
