"""One launch as the kit's platform and the kit's browser make it (PLP-052 to PLP-058)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urljoin
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from plp_conform import calling
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.platform import AUTHORIZE
from plp_conform.against_partner.platform import Platform
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.model import SAML_SP
from plp_conform.serving import Incoming
from plp_conform.serving import Reply
from plp_conform.trial import Trial
from plp_conform.trial import Unverified


def browser() -> requests.Session:
    """Keeps cookies, as one browser does; follows nothing by itself."""
    made = requests.Session()
    made.trust_env = False
    return made


@dataclass
class Flow:
    """From the hand-over to the act page. `spoil` changes the ID Token: (header, claims) → token."""

    bench: Bench
    platform: Platform
    ref: str
    act: str
    http: requests.Session = field(default_factory=browser)
    spoil: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    prefill: Mapping[str, Any] | None = None
    reply: Reply | None = None
    launch_id: str = field(default_factory=lambda: wire.new_id("lch"))
    transaction_ref: str | None = field(default_factory=lambda: wire.new_id("txn"))
    interaction_id: str = field(default_factory=lambda: str(uuid4()))
    code: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    urls: list[str] = field(default_factory=list)
    request: dict[str, str] = field(default_factory=dict)
    exchanged: list[Incoming] = field(default_factory=list)

    @property
    def return_url(self) -> str:
        """PLP-076."""
        return f"{self.bench.server.public}/plp/return?launch={self.launch_id}"

    def hints(self) -> dict[str, str]:
        """PLP-062."""
        return {
            "iss": self.platform.iss, "client_id": self.platform.client_id, "login_hint": self.platform.sub,
            "plp_message_hint": self.launch_id,
        }  # fmt: skip

    def get(self, url: str, note: str = "") -> Answer:
        """As the browser does, without following."""
        self.urls.append(url)
        return calling.call("GET", url, session=self.http, note=note)

    def initiate(self, *, post: bool = False, note: str = "", **changes: Any) -> Answer:
        """At `initiate_login_uri`; None leaves a parameter out."""
        given = {name: value for name, value in {**self.hints(), **changes}.items() if value is not None}
        return self.initiate_with(list(given.items()), post=post, note=note)

    @property
    def handed_to(self) -> str:
        """Where the hand-over page leads."""
        return str(self.bench.sheet["initiate_login_uri"])

    def origins(self) -> set[str]:
        """Where the act's page may be (PLP-014)."""
        return {origin(url) for url in (*self.bench.sheet["redirect_uris"], *(self.bench.sheet.get("launch_origins") or ()))}

    def initiate_with(self, pairs: Iterable[tuple[str, str]], *, post: bool = False, note: str = "") -> Answer:
        """The same with parameters in any number."""
        uri, query = self.handed_to, urlencode(list(pairs))
        if not post:
            return self.get(f"{uri}?{query}", note)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return calling.call("POST", uri, headers=headers, body=query.encode(), session=self.http, note=note)

    def begin(self, trial: Trial, **changes: Any) -> Flow:
        """Through initiate; the authorization request is read from where it leads."""
        answer = self.initiate(**changes)
        place = answer.headers.get("location", "")
        wanted = self.bench.server.public + AUTHORIZE
        due = "une redirection vers l'authorization_endpoint du document de découverte"
        trial.answer(answer, 302, 303, holds=place.split("?")[0] == wanted, due=due)
        self.urls.append(place)
        self.request = dict(parse_qsl(urlsplit(place).query, keep_blank_values=True))
        return self

    def callback(self, *, http: requests.Session | None = None, note: str = "", extra: str = "", **changes: Any) -> Answer:
        """Back at the partner's `redirect_uri` with a code; `changes` spoil it, None leaves a parameter out, `extra` is added."""
        self.platform.tokens[self.code] = self._token
        given: dict[str, str | None] = {"code": self.code, "state": self.request["state"], "iss": self.platform.iss}
        values = {name: value for name, value in {**given, **changes}.items() if value is not None}
        url = f"{self.request['redirect_uri']}?{urlencode(values)}{extra}"
        self.urls.append(url)
        return calling.call("GET", url, session=http or self.http, note=note)

    def page(self, trial: Trial, answer: Answer) -> Answer:
        """The page that the callback leads to."""
        place = urljoin(answer.url, answer.headers.get("location", ""))
        trial.answer(answer, 303, holds=bool(answer.headers.get("location")), due="303 vers la page de l'acte")
        return trial.answer(self.get(place), 200)

    def open(self, trial: Trial) -> Answer:
        """All of it: the act's page."""
        self.begin(trial)
        return self.page(trial, self.callback())

    # --- the platform's answer ----------------------------------------------------------------------------------------

    def claims(self) -> dict[str, Any]:
        """PLP-075, PLP-076."""
        at, platform = self.platform.now(), self.platform
        return {
            "iss": platform.iss, "sub": platform.sub, "aud": platform.client_id, "nonce": self.request["nonce"], "iat": at,
            "exp": at + 300, "auth_time": at - 600, "acr": "urn:plp:acr:password", "amr": ["pwd"],
            "sid": wire.sha256(platform.sub.encode()),
            "plp": {
                "launch_id": self.launch_id, "interaction_id": self.interaction_id, "transaction_ref": self.transaction_ref,
                "mandate": platform.mandate, "action": self.act, "account": {"scheme": self.bench.scheme, "ref": self.ref},
                "actor": {"sub": platform.sub, "display": platform.display, "broker_code": platform.broker_code},
                "decision_id": None, "prefill": self.prefill, "return_url": self.return_url, "locale": "fr-FR",
            },
        }  # fmt: skip

    def _token(self, incoming: Incoming) -> Reply:
        self.exchanged.append(incoming)
        if self.reply is not None:
            return self.reply
        header = {"alg": "ES256", "kid": self.platform.key.kid, "typ": "JWT"}
        claims = self.claims()
        token = self.spoil(header, claims) if self.spoil else jose.sign(header, claims, self.platform.key)
        body = {
            "token_type": "Bearer", "expires_in": 300, "access_token": secrets.token_urlsafe(24), "scope": "openid plp",
            "id_token": token,
        }  # fmt: skip
        return Reply.json(body, Cache_Control="no-store")


def origin(url: str) -> str:
    """Scheme and host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def flow(bench: Bench, **changes: Any) -> Flow:
    """On the book's account and act, by the partner's binding."""
    from plp_conform.against_partner.saml_flow import SamlFlow  # it stands on what is above

    kind = {OIDC: Flow, SAML_SP: SamlFlow}.get(bench.binding)
    if kind is None:
        raise Unverified(f"ce banc n'ouvre pas encore par {bench.binding}")
    values = {
        "platform": changes.pop("platform", None) or bench.platform, "ref": changes.pop("ref", None) or bench.book("account"),
        "act": changes.pop("act", None) or bench.book("act"), **changes,
    }  # fmt: skip
    return kind(bench, **values)
