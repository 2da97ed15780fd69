"""Two web processes: two hundred people at live pages leave room (PL-05); a look is worn by both at once (PL-06)."""

from __future__ import annotations

import hashlib
import re
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
from tests.stage import field

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


def test_a_theme_and_its_colours_are_worn_by_both_workers_at_once(two_workers: Stage) -> None:
    """PL-06: chosen by one process, worn by every next page of either; one sheet is one content in both."""
    boss = Person(two_workers, "administrateur@demo.example")
    page = "/administration/apparence"
    token = field(boss.get(page).text, "csrf_token")
    assert boss.post(f"{page}/theme", csrf_token=token, theme="ardoise").status_code == 303
    assert boss.post(f"{page}/couleurs", csrf_token=token, main="#7a1f3d", accent="").status_code == 303
    with ThreadPoolExecutor(8) as pool:
        # a connection each: the two processes take them in turn
        cookies, alone = boss.http.cookies.get_dict(), {"Connection": "close"}
        asked = [f"{two_workers.web}/notifications"] * 24
        shown = list(pool.map(lambda url: requests.get(url, cookies=cookies, headers=alone, timeout=20).text, asked))
        assert all("/theme/ardoise/" in text and "marque-7a1f3d-none.css" in text for text in shown)
        found = re.search(r'href="(/theme/ardoise/[^"]+marque-[^"]+)"', shown[0])
        assert found
        sheet = two_workers.web + found.group(1)
        sheets = set(pool.map(lambda url: requests.get(url, headers=alone, timeout=20).text, [sheet] * 12))
        assert len(sheets) == 1
        assert "--brand: #7a1f3d" in sheets.pop()
