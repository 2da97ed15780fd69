"""Two hundred people at live pages over two web processes: pages still answer (PL-05, architecture.md §5)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest
import requests

from core.auth.models import SessionRow
from core.config import Config
from tests.stage import Person
from tests.stage import Stage

PEOPLE = 200
LIVE = "/live/stream"
#: Threads of each web process, as the settings have them.
THREADS = next(int(one.default) for one in fields(Config) if one.name == "web_threads")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage whose web site has two processes."""
    made = Stage(tmp_path_factory.mktemp("two-workers"), ENCOURS_WEB_WORKERS="2")
    try:
        yield made.start()
    finally:
        made.stop()


def hashed(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()


def sessions_of(stage: Stage, first: Person) -> list[requests.Session]:
    """As many signed-in browsers: one signs in, its row is written again under other names (a sign-in costs its hash)."""
    kept = [first.http]
    names = ", ".join(column.name for column in SessionRow.__table__.columns if column.name != "sid_hash")
    again = f"INSERT INTO session (sid_hash, {names}) SELECT ?, {names} FROM session WHERE sid_hash = ?"  # noqa: S608
    mine = hashed(first.http.cookies["encours_sid"])
    for number in range(1, PEOPLE):
        sid = f"essai-{number}-{secrets.token_urlsafe(32)}"
        stage.write(again, hashed(sid), mine)
        one = requests.Session()
        one.cookies.set("encours_sid", sid)
        kept.append(one)
    return kept


def test_two_hundred_live_pages_leave_room_for_the_next(two_workers: Stage) -> None:
    """Issue 3: streams take at most a quarter of the threads; who finds no place is told to ask; every page still answers."""
    web = two_workers.web
    assert len(two_workers.pids("web")) == 3, "the one that watches, and two that serve"
    people = sessions_of(two_workers, Person(two_workers))
    with ThreadPoolExecutor(24) as pool:
        open_ = list(pool.map(lambda one: one.get(web + LIVE, stream=True, timeout=20), people))
        held = [answer for answer in open_ if answer.status_code == 200]
        asked = [answer for answer in open_ if answer.status_code == 204]
        try:
            assert len(held) + len(asked) == PEOPLE
            assert 1 <= len(held) <= 2 * (THREADS // 4), len(held)
            pages = list(pool.map(lambda one: one.get(f"{web}/p/contacts/", timeout=20), people[-48:]))
            assert {page.status_code for page in pages} == {200}
            assert all("Durand" in page.text for page in pages)
            polled = list(pool.map(lambda one: one.get(f"{web}/live?after=0", timeout=20), people[-24:]))
            assert {answer.status_code for answer in polled} == {200}
        finally:
            for answer in open_:
                answer.close()
