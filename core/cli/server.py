"""`encours serve`, `encours worker`, `encours keys`."""

from __future__ import annotations

import base64
import logging
import secrets
import signal
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from core import config as configuration
from core.app import create_app
from core.cli import cycles
from core.cli.worker import run_worker
from core.config import Config
from core.db import roles
from core.db.session import Database
from core.live.views import streams
from core.telemetry import logs
from core.telemetry import metrics

#: Seconds that a request under way has to end after SIGTERM.
GRACE = 30


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads: a partner fetches our keys while we wait for its answer, one thread would deadlock."""

    def handle_exit(self, sig: int, frame: object) -> None:
        """Told to stop: requests end, live streams do not keep them waiting."""
        streams.end_all()
        super().handle_exit(sig, frame)


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own lines go where ours go, in the same form."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, as we run it everywhere: demonstration, tests, production."""

    def __init__(self, config: Config, bind: str, workers: int) -> None:
        self._counts: Path = metrics.share()
        self._options = {
            "bind": bind, "workers": workers, "threads": max(8, config.web_threads), "worker_class": Worker,
            "logger_class": Log, "timeout": 120, "graceful_timeout": GRACE, "keepalive": 15, "accesslog": None,
            "proc_name": "encours",
            "forwarded_allow_ips": "",  # whom we believe is decided in one place: core.web.proxies
            "child_exit": lambda _server, worker: metrics.ended(worker.pid),
            "on_exit": lambda _server: metrics.forget(self._counts),
            "control_socket_disable": True,  # one fixed path in the home would be shared by all instances
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        made = create_app()
        cycles.rarely()
        return made


@click.command()
@click.option("--bind", help="Adresse d'écoute (adresse:port ou unix:/chemin) ; par défaut celle des réglages.")
@click.option("--workers", type=click.IntRange(1), help="Processus web ; par défaut ceux des réglages.")
def serve(bind: str | None, workers: int | None) -> None:
    """Serveur web de production (gunicorn). Sur SIGTERM, les requêtes en cours se terminent."""
    config = configuration.load()
    log(config)
    _bound(config)
    parts = urlsplit(config.base_url)
    address = bind or config.bind or f"{parts.hostname}:{parts.port or 8000}"
    Server(config, address, workers or config.web_workers).run()


@click.command()
def worker() -> None:
    """Exécute le travail de fond : envois, relevés, rappels. S'arrête proprement sur SIGTERM."""
    config = configuration.load()
    log(config)
    _bound(config)
    create_app(config)
    cycles.rarely()
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_worker(stop)


def _bound(config: Config) -> None:
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


def log(config: Config) -> None:
    """This program's log; the demonstration says only what goes wrong, unless it was asked for more."""
    quiet = config.demo and config.log == "auto"
    logs.install("text" if quiet else config.log, level=logging.WARNING if quiet else logging.INFO)
