"""AC-02: a worker killed (-9) in the middle of an import; the next one finishes it, nothing is there twice or half."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy import update

from core.db.clock import now
from core.extensions import db
from core.imports import work
from core.imports.models import ImportLine
from core.jobs.models import Job
from tests.conftest import KEK
from tests.conftest import People
from tests.core.imports import importers as imp

COUNT = 2 * work.BATCH + 100
TEXT = "Nom;Prénom;E-mail\n" + "".join(f"Nom{number};Jean;n{number}@ex.fr\n" for number in range(COUNT))


def test_a_worker_killed_in_the_middle_of_an_import(people: People, tmp_path: Path) -> None:
    """The process dies before its second batch is committed; the other moments: tests/plugins/contacts/test_imports.py."""
    import_id = imp.received(people, TEXT)
    imp.checked(people, import_id)
    imp.begun(people, import_id)
    armed = tmp_path / "armed"
    armed.write_text("worker import:batch 2", "utf-8")
    assert ended(tmp_path, armed) == -9
    row = imp.found(people, import_id)
    assert (row.state, row.position) == ("running", work.BATCH)
    assert imp.count(people) == row.position
    with db.session(None) as session:  # its lease is over
        session.execute(update(Job).where(Job.state == "running").values(leased_until=now()))
    going = worker(tmp_path, armed)
    try:
        deadline = time.monotonic() + 60
        while imp.found(people, import_id).state == "running" and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        going.terminate()
        going.wait(30)
    row = imp.found(people, import_id)
    assert (row.state, imp.tally(row)) == ("done", (COUNT, 0, 0, 0))
    assert imp.count(people) == COUNT
    with db.session(people.cabinet_id, write=False) as session:
        numbers = list(session.scalars(select(ImportLine.number).order_by(ImportLine.number)))
    assert numbers == list(range(2, COUNT + 2))


def worker(folder: Path, armed: Path) -> subprocess.Popen[bytes]:
    """A worker of its own on the test's database."""
    environment = {
        **os.environ, "ENCOURS_DATABASE_URL": str(db.engine.url.render_as_string(hide_password=False)),
        "ENCOURS_VAR_DIR": str(folder), "ENCOURS_SECRET_KEY": "s" * 40, "ENCOURS_KEK": KEK, "ENCOURS_DEMO": "1",
        "ENCOURS_FAULT": str(armed), "ENCOURS_BASE_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "core.cli", "worker"], env=environment, cwd=folder)


def ended(folder: Path, armed: Path) -> int:
    """How it ended, once it did."""
    return worker(folder, armed).wait(90)
