"""Bad input for every route, drawn from the URL map: the same every time, so that what fails once fails again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule

from core.web.lists import PARAMETERS
from core.web.policy import policy_of
from tests import databases

ROOT = Path(__file__).parents[2]
#: Percent-encoded where no text could say it.
ODD = (
    "", " ", "0", "-1", "1", "99999999999999999999999", "9223372036854775807", "1e309", "NaN", "é", "\x00", "a\x00b", "'", '">',
    "<script>alert(1)</script>", "../../etc/passwd", "%", "%s%n", "{{7*7}}", "a" * 5000, "[]", "{}", "true", "null", "on",
    "2026-02-30", "31/02/2026", "0001-01-01", "9999-12-31", "\u202e", "\U0001f600", "//evil.example", "http://[", "/\\x",
    "\r\nX: y",
)  # fmt: skip
RAW = ("%FF%FE", "%ED%A0%80", "%C0%AE", "%00")
HEADERS = (
    {"Referer": "http://["}, {"Referer": "http://\xff"},
    {"Cookie": "encours_sid=%00;;;=;"}, {"Accept-Language": "xx-" + "y" * 500},
    {"Accept": "image/*;q=x"}, {"X-Fragment": ""}, {"Last-Event-ID": "-9e9"}, {"Range": "bytes=9-1"}, {"Content-Type": "x"},
    {"Sec-Fetch-Site": "cross-site"}, {"PLP-Interaction-Id": "\xff"}, {"Origin": "null"}, {"If-None-Match": '"'},
)  # fmt: skip
#: What a form is filled with around its one odd value, so that it gets past «required».
VALID = {
    "inspector_name": "Claire Vasseur", "inspector_email": "inspection@nomineo.example", "sent_on": "2026-11-20",
    "on": "2026-11-20", "deposit_on": "2026-11-20", "deposit_code": "GP-20417", "broker_code": "GP-20417",
    "representative": "Anne Keller", "quality": "Gérante", "email": "anne@demo.example", "place": "Nantes", "acts": "arbitrage",
    "signed_on": "2026-11-20", "file": "%PDF-1.7", "state": "enrolled", "reason": "Essai", "delay_days": "5",
    "delay_kind": "calendar", "reminder_days": "3",
}  # fmt: skip
BODIES = (
    ("application/json", b'{"token":['), ("application/json", b"[]"), ("multipart/form-data", b"--x\r\nno boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="), ("text/plain", b"\xff\xfe"),
    ("application/x-www-form-urlencoded", b"%FF=%FE&=&&token=%00"), ("application/x-www-form-urlencoded", b"a=1&" * 2000),
    ("application/x-www-form-urlencoded", b"token=" + b"x" * 600_000),
)  # fmt: skip
#: Ends the session of the walk; never ends; take no input and typeset a PDF for seconds.
LEFT_OUT = ("auth.sign_out", "live_stream", "p_nomineo.issue", "p_nomineo.blank")


@dataclass(frozen=True)
class Shot:
    """One request. `query` is already encoded."""

    method: str
    path: str
    query: str = ""
    form: dict[str, str] | None = None
    body: tuple[str, bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        what = self.form or self.body or self.headers or ""
        return f"{self.method} {self.path[:200]}?{self.query[:120]} {str(what)[:200]}"


@cache
def names_of(module: str) -> tuple[str, ...]:
    """The parameters that a view's module reads, from its source; a new one is fuzzed from its first day."""
    folder = (ROOT / module.replace(".", "/")).parent
    texts = [(ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")]
    beside = ("schemas.py", "forms.py", "listing.py", "histories.py", "steps.py")
    texts += [path.read_text("utf-8") for name in beside if (path := folder / name).is_file()]
    found: set[str] = set()
    for text in texts:
        found |= set(re.findall(r'(?:args|form|values|files)(?:\.get|\.getlist)?[\[(]"(\w+)"', text))
        found |= set(re.findall(r'^    (\w+) = (?:fields\.|_text|_email|FrenchDate)', text, re.M))
        filters = re.findall(r'ListFilter\(\s*"(\w+)"', text)
        found |= {*filters, *PARAMETERS} if filters else set()
        found |= {name for line in re.findall(r"^FILTERS = \((.*)\)", text, re.M) for name in re.findall(r'"(\w+)"', line)}
    return tuple(sorted(found))


def shots(app: Flask, ids: dict[str, str], seed: int, each: int, *, door: bool = False) -> Iterator[Shot]:
    """Every route and method: odd ids, odd parameters, odd bodies, odd headers. `ids`: real ones, by argument name.

    `door`: of nobody, whom a route that asks for a person turns away before it reads anything: one shot there.
    """
    rng = Random(seed)  # noqa: S311 - not for secrets
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint in LEFT_OUT or rule.endpoint.startswith("api."):  # asked with tokens: test_api_walls, test_api_schema
            continue
        view = app.view_functions[rule.endpoint]
        names = names_of(view.__module__)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            real = path_of(rule, ids)
            if door and (declared := policy_of(view)) is not None and declared.kind in ("session", "permission"):
                yield Shot(method, real, f"q={rng.choice(RAW)}", headers=rng.choice(HEADERS))
                continue
            yield from _odd_ids(rng, rule, method, ids, each)
            for name, odd in rng.sample([(name, odd) for name in names for odd in ODD], min(len(names) * len(ODD), 5 * each)):
                if method == "GET":
                    yield Shot(method, real, f"{name}={quote(odd, safe='')}")
                else:
                    yield Shot(method, real, form={**{name: VALID[name] for name in names if name in VALID}, name: odd})
            for name in rng.sample(names, min(len(names), each)):
                yield Shot(method, real, f"{name}={rng.choice(RAW)}&{name}=2")
            yield from (Shot(method, real, headers=header) for header in rng.sample(HEADERS, min(len(HEADERS), 3 * each)))
            if method != "GET":
                yield from (Shot(method, real, body=body) for body in rng.sample(BODIES, min(len(BODIES), each)))
            yield Shot("DELETE" if method == "GET" else "PUT", real)


def _odd_ids(rng: Random, rule: Rule, method: str, ids: dict[str, str], each: int) -> Iterator[Shot]:
    for argument in sorted(rule.arguments):
        for odd in [*(quote(odd, safe="") for odd in rng.sample(ODD[1:], min(len(ODD) - 1, each))), rng.choice(RAW)]:
            yield Shot(method, path_of(rule, {**ids, argument: odd}, encoded=argument))


def path_of(rule: Rule, ids: dict[str, str], encoded: str = "") -> str:
    """The rule's address with these arguments; one is encoded already."""
    def put(found: re.Match[str]) -> str:
        name = found.group(1)
        return ids.get(name, "x") if name == encoded else quote(ids.get(name, "x"))

    return re.sub(r"<(?:\w+:)?(\w+)>", put, rule.rule)


class Rows:
    """Whether anything was written: the database says that something may have been, then rows are counted."""

    def __init__(self, address: str) -> None:
        self._held = ExitStack()
        self._hand = self._held.enter_context(databases.below(address))
        self._tables = databases.tables(self._hand)
        self._version = databases.version(self._hand)
        self._counts = self.counts()

    def counts(self) -> dict[str, int]:
        """Rows of every table but `session`: looking at a page may begin or prolong one."""
        count = 'SELECT count(*) FROM "{}"'
        one = self._hand.execute
        return {name: one(count.format(name)).fetchone()[0] for name in self._tables if name != "session"}

    def changed(self) -> dict[str, Any]:
        """Table → (before, after), since the last time it was asked."""
        version = databases.version(self._hand)
        if version == self._version:
            return {}
        before, self._version, self._counts = self._counts, version, self.counts()
        return {name: (before[name], now) for name, now in self._counts.items() if before[name] != now}

    def one(self, sql: str) -> str:
        """The first value of the first row."""
        found: str = self._hand.execute(f"{sql} ORDER BY cabinet_id LIMIT 1").fetchone()[0]
        return found

    def close(self) -> None:
        self._held.close()
