"""kill -9 of web, worker and extranet at every kill point and commit boundary, on real processes (BL-13, PLP-106).

A killed web worker is started again by gunicorn, a person's failed click is repeated as a person would, the extranet
sends its hooks again by its ladder. Then one polling round, and both books are equal. `test_every_commit…` does the same
for each single commit of the main job, before and after, in one process where its number is exact.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import requests

from core.db import faults
from core.links import polling
from tests import databases
from tests.faults import campaign
from tests.pair import NUMBERS
from tests.pair import Pair
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until

#: Where each kill point is passed, so that none is forgotten.
WEB = tuple(name for name in faults.POINTS if name.split(":")[0] in ("launch", "authorize", "token", "hook"))
WORKER = tuple(name for name in faults.POINTS if name.split(":")[0] in ("feed", "job", "outbox"))
#: tests/faults/test_import_kill.py
IMPORTS = tuple(name for name in faults.POINTS if name.split(":")[0] == "import")
COMMITS = tuple(name for name in faults.POINTS if name.split(":")[0] == "commit")
ACT = "Rachat total"
Clicked = TypeVar("Clicked")


#: What a browser meets of a server that is killed, before its answer or in the middle of it.
CUT = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def insist(step: Callable[[], Clicked]) -> Clicked:
    """A click, repeated while the site is away."""
    limit = time.monotonic() + 40
    while True:
        try:
            return step()
        except CUT:
            assert time.monotonic() < limit, "the site does not come back"
            time.sleep(0.1)


def main_job(stage: Stage, person: Person, number: str) -> None:
    """From the contract to the receipt; where the opening was lost in between, once more from the list."""
    account = insist(lambda: person.account(number))
    for _ in range(4):
        menu = insist(lambda: person.acts(account))
        if ACT not in person.tokens(menu.text):
            return  # the partner has it in progress already
        token = person.tokens(menu.text)[ACT]
        handover = insist(lambda token=token: person.launch(token))
        page = insist(lambda text=handover.text: person.enter(text))
        if "/acts/" in page.url and "accuse" in insist(lambda page=page: person.validate(page)).url:
            return
    raise AssertionError(f"no receipt: {page.status_code} {page.text[:500]}")


def running(stage: Stage, number: str) -> list[str]:
    """The partner's transactions in progress on a contract, by our reference."""
    found = stage.sim("GET", "/transactions")
    mine = [row for row in found if row["ref"] and row["account"].replace(" ", "").replace("-", "") == number]
    return [row["ref"] for row in mine if row["status"] == "pending"]


def finish(stage: Stage, number: str, status: str = "rejected") -> None:
    """The clerk ends what is in progress on the contract."""
    references = running(stage, number)
    assert references, number
    for reference in references:
        assert campaign.clerk(stage, reference, status)


def healthy(stage: Stage) -> bool:
    try:
        return requests.get(f"{stage.web}/connexion", timeout=5).status_code == 200
    except CUT:
        return False


#: Contracts that no other test of the stage acts on: their clients are not the adviser's.
APART = tuple(f"HIM01000{number}" for number in ["03", "04", "05", "06", "11", "18", "19", "20", "32", "35", "38", "40"]) + tuple(
    f"XAE02000{number}" for number in ["01", "02", "11", "12", "13", "14", "16", "18"]
)


@pytest.fixture
def boss(stage: Stage) -> Person:
    """Who may act on every contract."""
    return Person(stage, "administrateur@demo.example")


def test_the_list_of_kill_points_is_whole() -> None:
    """Every point belongs to a campaign below."""
    assert set(WEB) | set(WORKER) | set(COMMITS) | set(IMPORTS) == set(faults.POINTS)


def test_the_web_server_killed_at_each_point_of_the_main_job(stage: Stage, boss: Person) -> None:
    """launch, authorize, token, hook: before, inside and after each commit, -9 on the real process."""
    for at, point in enumerate((*WEB, *COMMITS, *COMMITS)):
        number = APART[at]
        stage.kill_at("serve", point, 1 + at % 2 if point in COMMITS else 1)
        main_job(stage, boss, number)
        finish(stage, number)
        until(lambda: stage.killed(), seconds=20)
        until(lambda: healthy(stage), seconds=20)
    stage.poll()
    campaign.check_all(stage, equal=True)


@contextmanager
def asleep(stage: Stage) -> Iterator[None]:
    """The stage's own worker stands still, not inside a transaction, so that another one has all the work."""
    (pid,) = stage.pids("worker")
    limit = time.monotonic() + 20
    while True:
        os.kill(pid, signal.SIGSTOP)
        if databases.at_rest(stage.database_url):
            break
        os.kill(pid, signal.SIGCONT)
        assert time.monotonic() < limit
        time.sleep(0.05)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def a_worker(stage: Stage, fault: str) -> subprocess.Popen[bytes]:
    """One more worker, with a kill order of its own."""
    env = {**stage.env, **stage.settings(), "ENCOURS_FAULT": str(stage.folder / fault)}
    return subprocess.Popen([sys.executable, "-m", "core.cli", "worker"], env=env, stdout=stage.log, stderr=stage.log)


def due_now(stage: Stage) -> None:
    """As if an hour had passed: a dead worker's lease is over, every open transaction is to be looked at again, the
    mandate goes out once more."""
    past = "2020-01-01 00:00:00.000000"
    stage.change("UPDATE job SET leased_until = ? WHERE state = 'running'", past)
    stage.change("UPDATE \"transaction\" SET next_poll_at = ? WHERE status IN ('pending', 'opened')", past)
    stage.change("DELETE FROM lease WHERE name = 'every:links.poll'")
    ((cabinet_id, item),) = stage.rows("SELECT cabinet_id, id FROM outbox WHERE kind LIKE '%mandate%' ORDER BY id LIMIT 1")
    stage.change("UPDATE outbox SET state = 'waiting' WHERE id = ?", item)
    stage.change(
        "INSERT INTO job (id, cabinet_id, kind, payload, state, run_at, attempts, created_at)"
        " VALUES (?, ?, 'outbox', ?, 'queued', ?, 0, ?)",
        os.urandom(13).hex(), cabinet_id, f'{{"item": "{item}"}}', past, past,
    )  # fmt: skip


def test_the_worker_killed_at_each_point_of_its_work(stage: Stage, boss: Person) -> None:
    """Jobs, outbox, feed: before, inside and after each commit, -9 on the real process; the next one carries on."""
    main_job(stage, boss, "XAE0200019")
    (reference,) = running(stage, "XAE0200019")
    with asleep(stage):
        for at, point in enumerate(WORKER):
            assert campaign.clerk(stage, reference, ("signature_awaited", "pending")[at % 2])
            due_now(stage)
            stage.kill_at("worker", point, name="fault-worker")
            one = a_worker(stage, "fault-worker")
            try:
                assert one.wait(40) == -signal.SIGKILL, point
            finally:
                one.kill()
            assert stage.killed("fault-worker"), point
    due_now(stage)
    stage.poll()
    campaign.check_all(stage, equal=True)
    until(lambda: stage.rows("SELECT count(*) FROM job WHERE state != 'queued'") == [(0,)], seconds=30)
    until(lambda: stage.rows("SELECT DISTINCT state FROM outbox") == [("sent",)], seconds=30)


def test_all_of_the_web_and_the_extranet_killed_at_once(stage: Stage, boss: Person) -> None:
    """Every process of both sites -9 with hooks under way: what was committed on either side is told in the end."""
    main_job(stage, boss, "XAE0200020")
    finish(stage, "XAE0200020", "validated")
    for pid in (*stage.pids("web"), *stage.pids("extranet")):
        os.kill(pid, signal.SIGKILL)
    until(lambda: healthy(stage), seconds=40)
    until(lambda: answers(stage), seconds=40)
    stage.poll()
    campaign.check_all(stage, equal=True)


def answers(stage: Stage) -> bool:
    """Whether the extranet does."""
    try:
        return isinstance(stage.sim("GET", "/faults"), list)
    except requests.RequestException:
        return False


def whole_job(pair: Pair) -> None:
    """The main job and all the work that follows from it, whoever dies in between."""
    main_job(pair, pair.marc, NUMBERS[0])
    for status in ("signature_awaited", "validated"):
        pair.sender.flush()
        pair.set_off(pair.work)
        pair.set_off(lambda: polling.poll_all(pair.cabinet_id))
        for reference in running(pair, NUMBERS[0]) or awaited(pair):
            campaign.clerk(pair, reference, status)
    pair.sender.flush()
    pair.set_off(pair.work)


def awaited(pair: Pair) -> list[str]:
    return [row["ref"] for row in pair.sim("GET", "/transactions") if row["ref"] and row["status"] == "signature_awaited"]


@pytest.mark.parametrize("point", COMMITS)
def test_every_commit_of_the_main_job_is_a_safe_place_to_die(pair: Pair, point: str) -> None:
    """Each commit of launch, sign-on, hooks, jobs and polling in turn: die there, start again, poll once, compare."""
    with pair.counting(point) as passed:
        whole_job(pair)
    campaign.check_all(pair, equal=True)
    assert passed[0] > 20, "the scenario has become too small"
    for nth in range(1, passed[0] + 1):
        pair.rewind()
        dead = pair.killed
        pair.kill_at(point, nth)
        whole_job(pair)
        assert pair.killed == dead + 1, nth
        polling.poll_all(pair.cabinet_id)
        campaign.check_all(pair, equal=True)
        assert "validated" in {row.status for row in campaign.ours(pair).values()}, nth


def test_no_process_dies_where_it_is_not_a_demonstration(tmp_path: Path) -> None:
    """The kill points are inert in production, whatever a file says."""
    order = tmp_path / "fault"
    order.write_text("serve hook:applied 1", "utf-8")
    program = "import sys; sys.argv = ['encours', 'serve']; from core.db import faults; faults.point('hook:applied')"
    codes = []
    for demonstration in ("", "1"):
        env = {**os.environ, "ENCOURS_FAULT": str(order), "ENCOURS_DEMO": demonstration}
        codes.append(subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode)
    assert codes == [0, -signal.SIGKILL]
