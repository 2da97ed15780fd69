"""How often one may try to sign in (issue 3 item 4, US-01; ASVS 5.0 §6.3)."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from unittest import mock

import pytest
from argon2 import PasswordHasher
from flask import Flask

from core.app import create_app
from core.auth import limits
from core.cabinets import passwords
from core.cli.worker import run_due
from core.extensions import db
from tests import databases
from tests.conftest import People
from tests.conftest import make_config
from tests.core.auth.own import EMAIL
from tests.core.auth.own import attempts
from tests.core.auth.own import enter
from tests.core.auth.own import is_in
from tests.core.auth.own import journal
from tests.core.auth.own import later
from tests.core.auth.own import text


def test_five_wrong_passwords_then_a_short_pause(app: Flask, people: People) -> None:
    """US-01: the sixth try of the minute waits, the right password too; the page says how long; then one gets in."""
    client = app.test_client()
    for _ in range(5):
        assert enter(client, password="faux").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "patientez 30 secondes" in text(answer)
    assert f'value="{EMAIL}"' in text(answer)
    with later(seconds=31):
        assert enter(client).status_code == 302
        assert is_in(client)


def test_the_pause_grows_to_a_few_minutes_at_most(app: Flask, people: People) -> None:
    """US-01: 30 s, 1, 2, 4, 4 min: it never locks anyone out for long; an hour later it is forgotten."""
    client, after, waits = app.test_client(), 0.0, []
    for _ in range(5):
        for _ in range(5):
            with later(seconds=after):
                assert enter(client, password="faux").status_code == 422
        with later(seconds=after):
            waits.append(int(enter(client, password="faux").headers["Retry-After"]))
        after += waits[-1] + 1
        with later(minutes=0):
            limits.clear(limits.address_key("127.0.0.1"))
    assert waits == [30, 60, 120, 240, 240]
    with later(hours=2):
        assert enter(client).status_code == 302


def test_who_signed_in_here_before_is_not_locked_out_by_others(app: Flask, people: People) -> None:
    """US-01: whoever types wrong passwords for a person elsewhere does not keep that person out of his own browser."""
    mine, other = app.test_client(), app.test_client()
    assert enter(mine).status_code == 302
    mine.delete_cookie("encours_sid")
    for _ in range(5):
        enter(other, password="faux")
    assert enter(other).status_code == 429
    assert enter(mine).status_code == 302
    for _ in range(6):
        last = enter(other, email=EMAIL.upper(), password="faux")
    assert last.status_code == 429  # the same account, however it is spelled


def test_twenty_wrong_ones_from_one_address(app: Flask, people: People) -> None:
    """US-01: many accounts tried from one place; another place goes on."""
    client = app.test_client()
    for number in range(20):
        assert enter(client, email=f"personne{number}@demo.example", password="faux").status_code == 422
    assert enter(client).status_code == 429
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert enter(elsewhere).status_code == 302


def test_right_ones_do_not_count(app: Flask, people: People) -> None:
    """US-01: an office that arrives at nine behind one address gets in."""
    for _ in range(25):
        assert enter(app.test_client()).status_code == 302
    assert attempts() == {"address:127.0.0.1": 0}


def test_nothing_tells_whether_an_account_exists(app: Flask, people: People) -> None:
    """US-01: the same words, status, headers and counts for an e-mail that nobody has, and the same slow reckoning."""
    seen = {}
    for email in (EMAIL, "inconnu@demo.example"):
        client, pages = app.test_client(), []
        with mock.patch.object(PasswordHasher, "verify", autospec=True, side_effect=PasswordHasher.verify) as reckoned:
            for _ in range(6):
                answer = enter(client, email=email, password="faux")
                pages.append((answer.status_code, text(answer).replace(email, "X").split("csrf_token")[0]))
        seen[email] = (pages, [call.args[0] for call in reckoned.call_args_list])
    (known, known_work), (unknown, unknown_work) = seen.values()
    assert known == unknown
    assert known_work == unknown_work
    assert len(known_work) >= 5
    assert sorted(count for key, count in attempts().items() if key.startswith("account:")) == [0, 0]


def test_what_is_no_e_mail(app: Flask, people: People) -> None:
    """US-01, «Bad input»: NUL, line breaks, ten thousand letters, markup: the same message, the journal too."""
    client = app.test_client()
    for email in ("\x00", "a\r\nb@c", "x" * 10000 + "@y", "<b>@c", "😀@c", " "):
        answer = enter(client, email=email, password="\x00" * 3)
        assert answer.status_code == 422, email
        assert 'id="f-email-e"' in text(answer)
    run_due()


def test_all_workers_count_together(app: Flask, people: People) -> None:
    """US-01: many at once gain nothing: five of sixteen are judged, as if they had come one by one."""
    key, found = limits.account_key(EMAIL), []
    start = threading.Barrier(16)

    def one() -> None:
        start.wait()
        found.append(limits.take((key, limits.ACCOUNT)))

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(None) == 5
    assert sum(wait is not None and wait.new for wait in found) == 1


def test_tries_are_in_the_journal(app: Flask, people: People) -> None:
    """US-01: refused, blocked (once, not at each try), begun."""
    client = app.test_client()
    for _ in range(8):
        enter(client, password="faux")
    enter(client, email="inconnu@demo.example", password="faux")
    run_due()
    with later(minutes=1):
        enter(client)
    assert [action for action in journal(people) if action.startswith("session.")] == [
        *["session.refused"] * 5, "session.blocked", "session.begun",
    ]  # fmt: skip


def test_few_passwords_are_checked_at_once(app: Flask) -> None:
    """US-01: each costs 19 MiB: never more than four in a process, the others wait their turn."""
    at_once, most, lock = 0, 0, threading.Lock()
    inner = passwords._hasher.verify

    class Counting:
        def verify(self, *args: str) -> bool:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            try:
                return inner(*args)
            finally:
                with lock:
                    at_once -= 1

    passwords._hasher, before = Counting(), passwords._hasher  # type: ignore[assignment]
    try:
        threads = [threading.Thread(target=passwords.matches, args=(None, "x")) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        passwords._hasher = before
    assert most == passwords.AT_ONCE


@pytest.mark.parametrize(("proxies", "keys"), [("", {"address:127.0.0.1"}), ("127.0.0.1", {"address:192.0.2.9"})])
def test_whose_word_on_the_address_is_taken(tmp_path: Path, proxies: str, keys: set[str]) -> None:
    """US-01: a visitor's own `X-Forwarded-For` gives him no fresh count; our proxy's does."""
    application = create_app(make_config(tmp_path, proxies=proxies))
    databases.ready(str(db.engine.url))
    client = application.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.1, 192.0.2.9"
    assert enter(client, password="faux").status_code == 422
    assert {key for key in attempts() if key.startswith("address:")} == keys
    application.extensions["encours_hub"].close()
    db.close()
