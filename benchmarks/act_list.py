"""The list of acts over the real processes: our part of the time; the web process's size; the second start."""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.measure import Row
from benchmarks.measure import demonstration
from benchmarks.measure import interleaved
from benchmarks.measure import ms
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.db.session import TenantSession
from core.extensions import db
from core.links import enrolments
from core.links import mandates
from core.links.client import PlpClient
from tests.stage import Person
from tests.stage import Stage

PAIRS = 40
NUMBER = "HIM0012345"


def run() -> list[Row]:
    """The partner's own time: the same signed call, made directly from here."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        stage = Stage(folder).start()
        try:
            ours, theirs, size = _measured(stage)
        finally:
            stage.stop()
        begun = time.monotonic()
        again = Stage(folder, ports=(stage.port, stage.extranet_port)).start()
        second = time.monotonic() - begun
        again.stop()
    apart = ours - theirs
    return [
        Row("list of acts − the partner's own time", f"{ms(ours)} − {ms(theirs)} = {ms(apart)}", "≤ 50 ms", apart <= 0.05),
        Row("resident size of the web process", f"{size} MB", "< 180 MB", size < 180),
        Row("second start of the demonstration", f"{second:.1f} s", "< 10 s", second < 10),
    ]


def _measured(stage: Stage) -> tuple[float, float, int]:
    person = Person(stage)
    account = person.account(NUMBER)
    wanted = {"scheme": "contract-number", "ref": NUMBER, "product": "Himalia"}
    with demonstration(stage.folder, stage.port):
        client, handle, broker = _direct()
        ours, theirs = interleaved(
            lambda: _listed(person, account),
            lambda: client.capabilities(account=wanted, handle=handle, broker_code=broker),
            pairs=PAIRS,
        )
    for path in ("/p/contacts/", "/p/portefeuille/comptes", "/notifications", "/p/nomineo/activation"):
        assert person.get(path).status_code == 200
    return ours, theirs, max(_resident(pid) for pid in stage.pids("web"))


def _listed(person: Person, account: str) -> None:
    answer = person.acts(account)
    assert answer.status_code == 200
    assert "Arbitrage" in answer.text


def _direct() -> tuple[PlpClient, str, str]:
    with db.session(None, write=False) as session:
        cabinet_id = session.scalars(select(Cabinet.id).where(Cabinet.slug == "demo")).one()
    with db.session(cabinet_id, write=False) as session:
        launch = mandates.usable(session, "nomineo", _user(session, cabinet_id))
        assert not isinstance(launch, mandates.Blocked), launch.text
        handle = enrolments.handle(session, "nomineo", _user(session, cabinet_id))
        broker = str(launch.content["broker_code"])
    return PlpClient(cabinet_id, "nomineo"), handle, broker


def _user(session: TenantSession, cabinet_id: int) -> str:
    return session.scalars(
        select(User.id).where(User.display_name == "Marc Diallo", User.cabinet_id == cabinet_id)
    ).one()


def _resident(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found.group(1)) // 1024
