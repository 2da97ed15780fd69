"""One launch step by step, as a browser makes it between the two sites (PLP-052 to PLP-058)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import requests

from tests.interop import book
from tests.interop.joining import ADVISER
from tests.interop.joining import Joining
from tests.stage import Person


def query(url: str) -> dict[str, str]:
    """The parameters of an address, each once."""
    pairs = parse_qsl(urlsplit(url).query, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), url
    return dict(pairs)


class Trip:
    """An adviser on the way from the icon to the partner's act page. `urls`: every address on the way."""

    def __init__(self, joined: Joining) -> None:
        self.adviser = Person(joined.stage, ADVISER)
        self.urls: list[str] = []
        account = self.adviser.account(book.NUMBER)
        self.menu = self.adviser.acts(account).text
        tokens = self.adviser.tokens(self.menu)
        assert list(tokens) == ["Arbitrage"], self.menu
        handover = self.adviser.launch(tokens["Arbitrage"])
        assert handover.status_code == 200, handover.text
        action = re.search(r'<form method="get" action="([^"]+)"', handover.text)
        assert action, handover.text
        self.action = action.group(1)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', handover.text)
        self.hints = {name: unescape(value) for name, value in hidden}

    def initiate(self) -> str:
        """At the partner's `initiate_login_uri`; the authorization request it sends the browser to."""
        answer = self.get(self.action, self.hints)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def authorize(self, request_url: str, *, signed_in: bool = True) -> str:
        """At our authorization endpoint; the address back to the partner."""
        http = self.adviser.http if signed_in else requests.Session()
        self.urls.append(request_url)
        answer = http.get(request_url, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def finish(self, callback: str) -> dict[str, Any]:
        """At the partner's `redirect_uri`: what openid-client made of the answer."""
        made: dict[str, Any] = self.get(callback).json()
        return made

    def get(self, url: str, params: dict[str, str] | None = None) -> requests.Response:
        answer = self.adviser.http.get(url, params=params, timeout=30, allow_redirects=False)
        self.urls.append(answer.request.url or "")
        return answer

    def all(self) -> dict[str, Any]:
        """From the hand-over page to the partner's verified claims."""
        return self.finish(self.authorize(self.initiate()))
