"""AGG-01, «fed automatically»: what is left in the cabinet's folder is read, applied where nothing is in doubt, else told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts.models import Account
from core.cli.worker import run_due
from core.config import Config
from core.extensions import db
from core.hooks import context
from core.hooks import settings
from core.hooks import telling
from core.jobs import queue
from core.shell.models import Notification
from plugins.aggregation.pipeline.models import FeedFile
from tests.conftest import People
from tests.plugins.aggregation.pipeline import world


@pytest.fixture
def depot(app: Flask, people: People, config: Config) -> Path:
    """The cabinet's folder, watched in the adviser's name."""
    with db.session(people.cabinet_id) as session:
        plugin = telling.hub().registry.plugins["aggregation"]
        settings.save(session, plugin, {"watch": "conseiller@demo.example", "stale": 45}, actor=people.administrator)
    folder = Path(config.var_dir) / "depot" / "demo"
    folder.mkdir(parents=True)
    return folder


def leave(folder: Path, name: str, data: bytes, *, old: int = 60) -> Path:
    """Put a file there, written so many seconds ago."""
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (time.time() - old, time.time() - old))
    return path


def look(people: People) -> None:
    """One look of the worker."""
    with db.session(people.cabinet_id) as session:
        context.make(session, telling.hub().registry)
        queue.enqueue(session, "plugin.fetch", {"plugin": "aggregation", "key": "feeds.watch", "data": {}})
    run_due()


def told(people: People) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        wanted = select(Notification.title).where(Notification.user_id == people.administrator, Notification.kind == "warning")
        return sorted(session.scalars(wanted))


def value(people: People, account_id: str) -> str:
    with db.session(people.cabinet_id, write=False) as session:
        return str(session.scalars(select(Account.value).where(Account.id == account_id)).one())


def test_what_is_left_there_is_applied(people: People, depot: Path) -> None:
    """AGG-01: the account has its value without a hand; the file is put aside once; a second look changes nothing."""
    made = world.made(people)
    path = leave(depot, "suravenir.txt", (world.FILES / "suravenir.txt").read_bytes())
    look(people)
    assert value(people, made.contract) == "10180.0000"
    assert told(people) == []
    look(people)
    assert not path.exists()
    assert (depot / "lus" / "suravenir.txt").exists()
    assert value(people, made.contract) == "10180.0000"


def test_what_is_in_doubt_waits_and_is_told(people: People, depot: Path) -> None:
    """AGG-02: an account that nobody attached, a file that cannot be read: nothing is written, the administrators know."""
    leave(depot, "suravenir.txt", (world.FILES / "suravenir.txt").read_bytes())
    leave(depot, "casse.ofx", b"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1>")
    look(people)
    assert told(people) == ["Fichier en attente\u202f: casse.ofx", "Fichier en attente\u202f: suravenir.txt"]
    with db.session(people.cabinet_id, write=False) as session:
        assert sorted(session.scalars(select(FeedFile.state))) == ["LU", "REFUSE"]
    look(people)
    assert len(told(people)) == 2


def test_what_is_not_whole_or_not_a_file_is_left(people: People, depot: Path) -> None:
    """AGG-01: a file that is still growing, a hidden one, a link, a folder: not taken."""
    data = (world.FILES / "suravenir.txt").read_bytes()
    leave(depot, "neuf.txt", data, old=0)
    leave(depot, ".cache.txt", data)
    leave(depot, "envoi.txt.part", data)
    (depot / "lien.txt").symlink_to(leave(depot.parent, "ailleurs.txt", data))
    (depot / "dossier").mkdir()
    look(people)
    with db.session(people.cabinet_id, write=False) as session:
        assert list(session.scalars(select(FeedFile.id))) == []


def test_without_a_name_nothing_is_watched(people: People, app: Flask, config: Config) -> None:
    """AGG-01: off until somebody is named."""
    folder = Path(config.var_dir) / "depot" / "demo"
    folder.mkdir(parents=True)
    leave(folder, "suravenir.txt", (world.FILES / "suravenir.txt").read_bytes())
    look(people)
    assert (folder / "suravenir.txt").exists()
