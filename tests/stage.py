"""The whole product on one stage: `encours demo` with free ports and a folder of its own, as real processes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from sqlalchemy import Select

from core.cli.demo import environment
from tests import databases

PASSWORD = "Demo-2026!"
SIM_TOKEN = "jeton-de-la-suite"


def free_port() -> int:
    """A port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(
    check: Callable[[], Any], seconds: float = 30, every: float = 0.1, sleep: Callable[[float], object] = time.sleep
) -> Any:
    """Wait for a truth; AssertionError with the last value where it does not come.

    `sleep`: a browser test that answers requests itself gives one that lets the browser's events in meanwhile.
    """
    limit = time.monotonic() + seconds
    value = check()
    while not value and time.monotonic() < limit:
        sleep(every)
        value = check()
    assert value, f"did not come within {seconds} s: {value!r}"
    return value


class Stage:
    """One running demonstration. `web` and `extranet` are the two sites' addresses."""

    def __init__(self, folder: Path, *, ports: tuple[int, int] | None = None, **env: str) -> None:
        self.folder = folder
        self.port, self.extranet_port = ports or (free_port(), free_port())
        self.web = f"http://127.0.0.1:{self.port}"
        self.extranet = f"http://localhost:{self.extranet_port}"
        if "ENCOURS_DATABASE_URL" not in env:
            env = {**env, **databases.addresses(folder)}
        self.env = {
            **os.environ, "EXTRANET_PORT": str(self.extranet_port), "EXTRANET_SIM_TOKEN": SIM_TOKEN,
            "EXTRANET_HOOK_LADDER": "0,1,2,4,8", "ENCOURS_FISCALITE_URL": "", "ENCOURS_FAULT": str(folder / "fault"), **env,
        }  # fmt: skip
        self.log = (folder / "stage.log").open("ab")
        self._before = self.log.tell()  # what an earlier start on this folder wrote says nothing of this one
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        """Where its rows lie: read and changed by the tests only, below the product."""
        return self.env["ENCOURS_DATABASE_URL"]

    def settings(self) -> dict[str, str]:
        """What `encours` takes from the environment to work on the stage's data, in another process or in this one."""
        return {**environment(self.folder, self.port), "ENCOURS_DATABASE_URL": self.database_url}

    def start(self) -> Stage:
        """Start it and wait until it says that it is ready."""
        command = [sys.executable, "-m", "core.cli", "demo", "--folder", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.env, stdout=self.log, stderr=self.log, start_new_session=True
        )
        until(self._ready, seconds=240)
        assert (self.folder / "demo.joined").exists(), (self.folder / "stage.log").read_text("utf-8")[-4000:]
        return self

    def _ready(self) -> bool:
        assert self.process is not None
        text = (self.folder / "stage.log").read_bytes()[self._before :].decode("utf-8", "replace")
        assert self.process.poll() is None, text[-4000:]
        return "Ctrl-C arrête tout" in text

    def stop(self) -> None:
        """End all of it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()

    def sim(self, method: str, path: str, **body: Any) -> Any:
        """A call of the simulated extranet's test interface (Annex B)."""
        answer = requests.request(
            method, f"{self.extranet}/_sim{path}", json=body or None, headers={"X-Sim-Token": SIM_TOKEN}, timeout=15
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the product's database holds: read by the tests only."""
        with databases.below(self.database_url) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
            return found

    def read(self, statement: Select[Any]) -> list[tuple[Any, ...]]:
        """The same in Python's types (amounts, JSON, moments), which raw SQL gives as each engine keeps them."""
        return databases.read(self.database_url, statement)

    def write(self, sql: str, *values: object) -> None:
        """Change what the product's database holds: for moments that a test cannot wait for."""
        with databases.below(self.database_url) as connection:
            connection.execute(sql, values)

    def change(self, sql: str, *values: object) -> None:
        """What only time would bring about, at once."""
        with databases.below(self.database_url) as connection:
            connection.execute(sql, values)

    def kill_at(self, program: str, point: str, nth: int = 1, name: str = "fault") -> None:
        """`serve` or `worker` kills itself (-9) at its nth passing of a kill point from now on (`core.db.faults`)."""
        order = self.folder / f"{name}.new"
        order.write_text(f"{program} {point} {nth}", "utf-8")
        order.rename(self.folder / name)

    def killed(self, name: str = "fault") -> bool:
        """Whether it has."""
        return not (self.folder / name).exists()

    def spare(self, name: str = "fault") -> None:
        """It need not any more."""
        (self.folder / name).unlink(missing_ok=True)

    def encours(self, *words: str) -> str:
        """A command of the product on the stage's data; what it printed."""
        env = {**self.env, **self.settings()}
        made = subprocess.run(
            [sys.executable, "-m", "core.cli", *words], env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert made.returncode == 0, made.stderr[-2000:]
        return made.stdout

    def poll(self) -> None:
        """One polling round, now (`encours partner poll`)."""
        self.encours("partner", "poll", "--cabinet", "demo")

    def close_breaker(self) -> None:
        """As if thirty quiet seconds had passed."""
        self.write("DELETE FROM breaker")

    def pids(self, name: str) -> list[int]:
        """The processes of one program of the stage: web, worker, extranet."""
        words = {"web": "core.cli serve", "worker": "core.cli worker", "extranet": "nomineo.simulator serve"}[name]
        listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
        mine = []
        for line in listed.splitlines():
            pid, _, args = line.strip().partition(" ")
            if words in args and self._is_mine(int(pid)):
                mine.append(int(pid))
        return mine

    def _is_mine(self, pid: int) -> bool:
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return False
        return f"EXTRANET_PORT={self.extranet_port}".encode() in environment


class Person:
    """Somebody who uses the web site with a plain HTTP client: fast, exact, no browser."""

    def __init__(self, stage: Stage, email: str = "conseiller@demo.example", password: str = PASSWORD) -> None:
        self.stage = stage
        self.http = requests.Session()
        page = self.get("/connexion").text
        answer = self.post("/connexion", email=email, password=password, csrf_token=field(page, "csrf_token"))
        assert answer.status_code == 302, answer.text[:500]

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.http.get(self.stage.web + path, headers=headers, timeout=30, allow_redirects=False)

    def post(self, path: str, **form: str) -> requests.Response:
        return self.http.post(self.stage.web + path, data=form, timeout=30, allow_redirects=False)

    def account(self, number: str) -> str:
        """The id of an account, from the flat list."""
        page = self.get(f"/p/portefeuille/comptes?q={number}").text
        found = re.search(r"/p/portefeuille/comptes/([0-9a-z]{26})", page)
        assert found, f"{number} is not in the list"
        return found.group(1)

    def acts(self, account_id: str, plugin: str = "nomineo") -> requests.Response:
        """The icon's menu of an account."""
        return self.get(f"/liens/{plugin}/comptes/{account_id}/actes", **{"X-Fragment": "1"})

    def tokens(self, fragment: str) -> dict[str, tuple[str, str]]:
        """Act label → (form token, CSRF token) of the open acts of a menu."""
        found = {}
        for form in re.findall(r"<form[^>]*data-launch.*?</form>", fragment, re.S):
            label = unescape(re.sub(r"<[^>]+>", " ", form.split("<button")[1].split(">", 1)[1]))
            found[" ".join(label.replace("nouvel onglet", "").split())] = (field(form, "token"), field(form, "csrf_token"))
        return found

    def launch(self, token: tuple[str, str], **more: str) -> requests.Response:
        """Post a launch form."""
        return self.post("/plp/launches", token=token[0], csrf_token=token[1], **more)

    def enter(self, handover: str, *, follow: bool = True) -> requests.Response:
        """Follow a hand-over page to the partner's act page, as the browser does; its last answer, or its first."""
        action = re.search(r'<form method="get" action="([^"]+)"', handover)
        assert action, handover[:2000]
        params = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', handover))
        return self.http.get(action.group(1), params=params, timeout=30, allow_redirects=follow)

    def validate(self, page: requests.Response, **values: str) -> requests.Response:
        """Fill an act page of the extranet and validate it, step by step; the receipt."""
        for _ in range(3):
            forms = re.findall(r"<form.*?</form>", page.text, re.S)
            wanted = next((text for text in forms if "Valider la transaction" in text or 'id="act"' in text), None)
            if wanted is None:
                return page
            page = self.submit(page.url, wanted, **values)
        return page

    def submit(self, url: str, form: str, **values: str) -> requests.Response:
        """Post one form of a page: what it holds already, then plausible values, then `values`."""
        action = re.search(r'<form[^>]*action="([^"]*)"', form)
        target = urljoin(url, unescape(action.group(1)) if action else "")
        return self.http.post(target, data={**typed(form), **values}, timeout=30)


#: What an adviser types in an act's fields: enough for every act of the simulated extranet.
USUAL = {"amount": "1 500,00", "iban": "FR76 3000 6000 0112 3456 7890 189"}


def soon() -> str:
    """A date that every act takes: past its notice, never the 29th to the 31st of a month."""
    day = date.today() + timedelta(days=20)  # noqa: DTZ011 - the extranet's own day is the machine's
    return str(day.replace(day=min(day.day, 28)))


def typed(form: str) -> dict[str, str]:
    """The fields of a form, filled: first choice of each list, boxes ticked, 1 000 € from one support to another."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if name := attributes.get("name"):
            usual = soon() if attributes.get("type") == "date" else USUAL.get(name, "")
            data[name] = attributes.get("value") or usual
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', form, re.S):
        data[name] = next((code for code in re.findall(r'<option value="([^"]+)"', options)), "")
    held = [name for name in data if name.startswith("out:")]
    if held:
        data[held[0]] = "1 000,00"
    bought = next((name for name in data if name.startswith("in:") and f"out{name[2:]}" not in held), None)
    if bought:
        data[bought] = "100"
    return data


def field(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name} in {html[:500]}"
    return found.group(1)


def dumped(value: object) -> str:
    """JSON for messages of failed assertions."""
    return json.dumps(value, ensure_ascii=False, default=str)[:2000]


def texts(html: str) -> str:
    """What a person reads of a page or fragment."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
