"""AGG-01: the cabinet's SFTP server, a real one in a process of its own: its key, its files each once, what goes wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.models import Account
from core.api.types import Secret
from core.cli.worker import run_due
from core.extensions import db
from core.hooks import settings
from core.hooks import telling
from core.http import addresses
from core.http import sockets
from core.shell.models import Notification
from plugins.aggregation.pipeline import sftp
from plugins.aggregation.pipeline.forms import RULE
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedPulled
from plugins.aggregation.pipeline.models import FeedSource
from tests.conftest import People
from tests.plugins.aggregation.pipeline import world
from tests.plugins.aggregation.pipeline.sftp_server import PASSWORD

SERVER = Path(__file__).with_name("sftp_server.py")


@dataclass
class Host:
    """The server: its folder, its key, its process."""

    at: Path
    people: People
    port: int = 0
    process: subprocess.Popen[str] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.at / "depot"

    def new_key(self) -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        (self.at / "host").write_bytes(key.export_private_key())

    def start(self, cut: int = 0) -> None:
        """Anew, on a port of its own, which the settings are told."""
        self.stop()
        command = [sys.executable, str(SERVER), str(self.folder), str(self.at / "host"), str(cut)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        self.set()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def set(self, **more: Any) -> None:
        """The cabinet's settings of it."""
        self.more = {"sftp_password": Secret(PASSWORD), **self.more, **more}
        with db.session(self.people.cabinet_id) as session:
            plugin = telling.hub().registry.plugins["aggregation"]
            told = {"stale": 45, "sftp_host": "127.0.0.1", "sftp_port": self.port, "sftp_user": "cabinet", **self.more}
            settings.save(session, plugin, told, actor=self.people.administrator)

    def leave(self, name: str, data: bytes | None = None, *, old: int = 60) -> Path:
        path = self.folder / name
        path.write_bytes(data if data is not None else (world.FILES / name).read_bytes())
        os.utime(path, (time.time() - old, time.time() - old))
        return path


@pytest.fixture
def host(app: Flask, people: People, tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path, people)
    made.folder.mkdir()
    made.new_key()
    made.start()
    yield made
    made.stop()


def press(client: FlaskClient, what: str = "actualiser", **sent: str) -> int:
    """A button of the section, then the worker until nothing is due."""
    status = world.press(client, f"/p/aggregation/partenaires/aggregation/{what}", **sent)
    while run_due():
        pass
    return status


def source(people: People) -> FeedSource:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(FeedSource)).one()


def counted(people: People, model: Any) -> int:
    with db.session(people.cabinet_id, write=False) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def trust(client: FlaskClient, people: People) -> None:
    """The first reading, the key compared and confirmed, the second reading."""
    assert press(client) == 303
    assert press(client, "cle", fingerprint=sftp.fingerprint(source(people).host_key_seen)) == 303


def moved(host: Host, people: People, cut: int = 0) -> None:
    """The server begins anew: for the cabinet it is the same address, though a test's port is another each time."""
    host.start(cut)
    with db.session(people.cabinet_id) as session:
        session.scalars(select(FeedSource)).one().host = f"127.0.0.1:{host.port}"
        for one in session.scalars(select(FeedPulled)):
            one.host = f"127.0.0.1:{host.port}"


def test_a_file_comes_once_and_stays_there(administrator: FlaskClient, people: People, host: Host) -> None:
    """AGG-01: nothing is sent to a server whose key nobody confirmed; then its file fills the account, once, and stays."""
    made = world.made(people)
    path = host.leave("suravenir.txt")
    outside = host.at / "secret.txt"
    outside.write_bytes(path.read_bytes() + b"\nautre")
    (host.folder / "lien.txt").symlink_to(outside)
    (host.folder / "dossier").mkdir()
    for name, old in ((".cache.txt", 60), ("envoi.txt.part", 60), ("frais.txt", 0)):
        host.leave(name, path.read_bytes() + name.encode(), old=old)
    assert press(administrator) == 303
    row = source(people)
    shown = sftp.fingerprint(row.host_key_seen)
    assert (row.state, row.host_key, counted(people, FeedFile)) == ("CLE", "", 0)
    page = world.seen(administrator, "/p/aggregation/")
    assert shown in page
    assert "Confirmer la clé" in page
    assert press(administrator, "cle", fingerprint="SHA256:autre") == 303
    assert source(people).state == "CLE"
    assert press(administrator, "cle", fingerprint=shown) == 303
    row = source(people)
    assert (row.state, row.trouble, row.host_key_seen) == ("A_JOUR", "", "")
    with db.session(people.cabinet_id, write=False) as session:
        (file,) = session.scalars(select(FeedFile))
        assert (file.name, file.state, file.source) == ("suravenir.txt", "APPLIQUE", "aggregation")
        assert str(session.scalars(select(Account.value).where(Account.id == made.contract)).one()) == "10180.0000"
    assert path.exists()
    assert "lu chez SFTP 127.0.0.1" in world.seen(administrator, f"/p/aggregation/fichiers/{file.id}")
    os.utime(path, (time.time() - 30, time.time() - 30))  # touched: the same bytes are the same file
    assert press(administrator) == 303
    assert (counted(people, FeedFile), counted(people, FeedPulled)) == (1, 2)


def test_another_key_stops_everything(administrator: FlaskClient, people: People, host: Host) -> None:
    """AGG-01, pinned: a server that shows another key gets neither name nor password; both fingerprints are told."""
    trust(administrator, people)
    before = source(people).host_key
    host.leave("suravenir.txt")
    host.new_key()
    moved(host, people)
    assert press(administrator) == 303
    row = source(people)
    assert (row.state, row.host_key, counted(people, FeedFile)) == ("ECHEC", before, 0)
    assert "La clé du serveur a changé" in row.trouble
    assert sftp.fingerprint(before) in row.trouble
    assert sftp.fingerprint(row.host_key_seen) in row.trouble


def test_what_goes_wrong_is_said(administrator: FlaskClient, people: People, host: Host) -> None:
    """AGG-02: a wrong password, a folder that is not there, no server at all: why, what to do; then all is well."""
    trust(administrator, people)
    host.leave("suravenir.txt")
    for more, said in (
        ({"sftp_password": Secret("autre")}, "refuse l'identifiant"), ({"sftp_folder": "ailleurs"}, "n'existe pas"),
        ({"sftp_folder": "../../etc"}, "n'existe pas"),
        ({"sftp_key": Secret("-----BEGIN X----- y -----END X-----")}, "clé privée"),
        ({"sftp_host": "169.254.169.254"}, "Adresse refusée"), ({"sftp_host": "absent.invalid"}, "pas connu du réseau"),
    ):  # fmt: skip
        usual = dict(host.more)
        host.set(**more)
        assert press(administrator) == 303
        row = source(people)
        assert (row.state, counted(people, FeedFile)) == ("ECHEC", 0), said
        assert said in row.trouble
        assert row.remedy
        host.more = usual
    key = asyncssh.generate_private_key("ssh-ed25519")
    (host.at / "authorized").write_bytes(key.export_public_key())
    moved(host, people)
    pem = " ".join(key.export_private_key().decode().split("\n"))  # as a field of one line leaves it
    host.set(sftp_key=Secret(pem), sftp_password=Secret("autre"))
    assert press(administrator) == 303
    assert (source(people).trouble, counted(people, FeedFile)) == ("", 1)
    with db.session(people.cabinet_id, write=False) as session:
        told = set(session.scalars(select(Notification.title).where(Notification.kind == "warning")))
    assert "Flux interrompu\u202f: SFTP 127.0.0.1" in told


def test_a_reading_that_is_cut_goes_on(administrator: FlaskClient, people: People, host: Host) -> None:
    """AGG-01, «resumable»: the connection dies after some files, which are kept; the next reading takes the rest, each once."""
    trust(administrator, people)
    data = (world.FILES / "suravenir.txt").read_bytes()
    for n in range(24):
        host.leave(f"releve-{n:02}.txt", data.replace(b"111111 22 333333333", f"111111 22 {n:09}".encode()), old=600 - n)
    moved(host, people, cut=7)
    assert press(administrator) == 303
    row, first = source(people), counted(people, FeedFile)
    assert (row.state, 0 < first < 24) == ("ECHEC", True)
    assert "coupée" in row.trouble
    moved(host, people)
    assert press(administrator) == 303
    assert (source(people).state, counted(people, FeedPulled)) == ("A_JOUR", 24)
    with db.session(people.cabinet_id, write=False) as session:
        names = list(session.scalars(select(FeedFile.name)))
    assert len(names) == len(set(names)) == 24


def test_three_hundred_files_each_once(host: Host) -> None:
    """AGG-01: some at each visit, the oldest first; one that grows while it is read is left; one that is too large is told."""
    for n in range(300):
        host.leave(f"releve-{n:03}.txt", b"%d" % n, old=900 - n)
    host.leave("croit.txt", b"ligne\n")
    with (host.folder / "enorme.txt").open("wb") as stream:
        stream.truncate(RULE.max_bytes + 1)
    os.utime(host.folder / "enorme.txt", (time.time() - 60, time.time() - 60))
    key = asyncssh.read_private_key(host.at / "host").export_public_key().decode().strip()
    server = sftp.Server("127.0.0.1", host.port, "cabinet", "", "*.txt", Secret(PASSWORD), None)
    known, names, more = set[sftp.Mark](), list[str](), True
    while more:
        visit = sftp.visit(server, key, known, lambda: sockets.connected("127.0.0.1", host.port, seconds=5))
        assert visit.refusal is None
        assert len(visit.files) <= sftp.MOST_FILES
        known |= {one.mark for one in visit.files}
        names += [one.mark[0] for one in visit.files if one.data is not None]
        more = visit.more
    assert names == [f"releve-{n:03}.txt" for n in range(300)]
    assert {mark[0] for mark in known} - set(names) == {"enorme.txt"}


def test_a_thread_that_has_a_loop_may_visit(host: Host) -> None:
    """AGG-01: where the caller's thread runs an event loop of its own, the visit is made all the same."""
    host.leave("releve.txt", b"ligne")

    async def visited() -> sftp.Visit:
        server = sftp.Server("127.0.0.1", host.port, "cabinet", "", "*.txt", Secret(PASSWORD), None)
        return sftp.visit(server, "", set(), lambda: sockets.connected("127.0.0.1", host.port, seconds=5))

    # In a thread of its own: where browser tests went before, the worker's own thread keeps a loop that runs.
    with ThreadPoolExecutor(max_workers=1) as apart:
        refusal = apart.submit(asyncio.run, visited()).result().refusal
    assert refusal is not None
    assert refusal.offered.startswith("ssh-")  # it came as far as the server's key


def test_a_private_address_is_never_asked() -> None:
    """SSRF: of what a person types, only the public internet is reached (security-reliability.md §2.2)."""
    for host in ("10.0.0.8", "192.168.1.4", "127.0.0.1", "100.64.0.1", "169.254.169.254"):
        with pytest.raises(addresses.RefusedAddress):
            addresses.resolve(host, 22, loopback=False)
