"""The same site, some time later: a second web process over the same data, whose clock is ahead."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import requests

from tests.stage import Person
from tests.stage import Stage
from tests.stage import free_port
from tests.stage import until


class Later:
    """`seconds` ahead of the stage. Cookies hold: to a browser the ports of one host are one site."""

    def __init__(self, stage: Stage, seconds: int) -> None:
        self.stage, self.seconds, self.port = stage, seconds, free_port()
        self.web = f"http://127.0.0.1:{self.port}"
        env = {**stage.env, **stage.settings(), "ENCOURS_CLOCK_OFFSET": str(seconds)}
        command = [sys.executable, "-m", "core.cli", "serve", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, env={**os.environ, **env}, stdout=stage.log, stderr=stage.log)

    def start(self) -> Later:
        until(self._ready, seconds=60)
        return self

    def _ready(self) -> bool:
        assert self.process.poll() is None
        try:
            return requests.get(f"{self.web}/connexion", timeout=2).status_code == 200
        except requests.RequestException:  # not there yet, or slow on a busy machine
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def get(self, who: Person, path: str, **headers: str) -> requests.Response:
        """What this person would get from the same address then."""
        return who.http.get(self.web + path, headers=headers, timeout=30, allow_redirects=False)

    def post(self, who: Person, path: str, **form: str) -> requests.Response:
        return who.http.post(self.web + path, data=form, timeout=30, allow_redirects=False)

    def enter(self, who: Person, handover: str) -> requests.Response:
        """Follow a hand-over page then: the extranet sends the browser to our `authorize`, which is this one."""
        answer = who.enter(handover, follow=False)
        for _ in range(8):
            where = answer.headers.get("Location")
            if where is None:
                return answer
            parts = urlsplit(where)
            if parts.port == self.stage.port:
                where = parts._replace(netloc=f"127.0.0.1:{self.port}").geturl()
            answer = who.http.get(where, timeout=30, allow_redirects=False)
        raise AssertionError(f"redirects without end: {answer.url}")
