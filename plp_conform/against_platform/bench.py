"""What the checks of a platform share: the played partner, joined; the adviser's browser; launches."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from plp_conform import calling
from plp_conform import driving
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_platform.partner import Partner
from plp_conform.against_platform.visitor import Form
from plp_conform.against_platform.visitor import Visitor
from plp_conform.against_platform.visitor import forms
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.model import SAML_SP
from plp_conform.serving import Server
from plp_conform.target import Target
from plp_conform.trial import Failed
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Bench:
    """Of one run. `partner` serves from the start; `active` joins it; `visitor` signs in."""

    def __init__(self, target: Target) -> None:
        self.target, self.drive = target, target.drive
        self.sheet = target.sheet
        played = target.played
        self.server = Server(played.get("host", "127.0.0.1"), int(played.get("port", 0)), played.get("public"))
        self.partner = Partner(self.server, played, target.sheet)
        self.wait_s = float(played.get("wait_s", 60))
        self.patience = float(played.get("patience_s", 8.0))
        self.joined: dict[str, Answer] = {}
        self._kept: dict[str, Any] = {}

    def close(self) -> None:
        self.server.close()

    @property
    def binding(self) -> str:
        """How this partner's extranet is opened."""
        return self.target.binding

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Made when first asked for; what hindered it then hinders it again."""
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except (Unverified, driving.DriveFailed, calling.Away) as error:
                self._kept[name] = error
        found = self._kept[name]
        if isinstance(found, Exception):
            raise found
        return found

    # --- joining ----------------------------------------------------------------------------------------------------

    @property
    def active(self) -> Partner:
        """The partner with an active mandate."""
        made: Partner = self.once("active", self._join)
        return made

    def document(self) -> dict[str, Any]:
        """The mandate as it was put last; waits for the first. Raises `Unverified` where none came."""

        def sent() -> Partner:
            if self.drive.can("dispatch") and not self.partner.documents:
                self.drive.do("dispatch", sheet=self.partner.sheet())
            if not self.partner.documents and self.wait_s:
                words = f"plp-conform\u202f: j'attends le mandat à {self.partner.base_url} ({self.wait_s:.0f} s au plus)"
                print(words, file=sys.stderr, flush=True)  # a person fills and sends it meanwhile
            self.server.wait(
                lambda one: one.method == "PUT" and "/mandates/" in one.path, 1, 0 if self.partner.documents else self.wait_s
            )
            if not self.partner.documents:
                raise Unverified(f"la plateforme n'a pas transmis de mandat en {self.wait_s:.0f} s")
            return self.partner

        self.once("sent", sent)
        return self.partner.documents[-1]

    def _join(self) -> Partner:
        self.document()
        partner = self.partner
        if partner.view.get("state") is None:
            code = self.code()
            self.joined["received"] = partner.hook("mandate.received", partner.step("received"))
            wrong = {**partner.view, "seq": 2, "state": "active", "active_from": wire.stamp(wire.now()), "code": "0" * 12}
            self.joined["wrong"] = partner.hook("mandate.activated", wrong, note="un code faux")
            puts = len(partner.documents)
            self.joined["activated"] = partner.hook("mandate.activated", partner.step("active", code=code))
            self.until(lambda: len(partner.documents) > puts)
        if partner.view.get("state") != "active":
            raise Unverified(f"le mandat n'est pas actif ({partner.view.get('state')})")
        return partner

    def code(self) -> str:
        """The one on the paper (PLP-021), as it was typed."""
        given = self.target.played.get("code") or (self.drive.do("code") if self.drive.can("code") else None)
        found = given.get("code") if isinstance(given, dict) else given
        if not found:
            raise Unverified("le fichier cible ne donne pas le code du mandat (played.code, ou drive.commands.code)")
        return str(found)

    def until(self, holds: Callable[[], bool]) -> bool:
        """Whether it came true in time."""
        limit = time.monotonic() + self.patience
        while not holds():
            if time.monotonic() > limit:
                return False
            time.sleep(0.05)
        return True

    # --- the adviser ------------------------------------------------------------------------------------------------

    @property
    def visitor(self) -> Visitor:
        """Signed in once."""
        made: Visitor = self.once("visitor", lambda: Visitor(self.target.pages))
        return made

    @property
    def discovery(self) -> dict[str, Any]:
        """PLP-015: where the endpoints are."""

        def read() -> dict[str, Any]:
            found = calling.call("GET", f"{self.sheet['iss']}/.well-known/openid-configuration").json()
            if not isinstance(found, dict) or "token_endpoint" not in found:
                raise Unverified("le document de découverte ne se lit pas")
            return found

        made: dict[str, Any] = self.once("discovery", read)
        return made

    def acts(self, trial: Trial) -> Answer:
        """The list of acts, for which the partner was asked."""
        partner, visitor = self.active, self.visitor
        before = len(partner.calls("/capabilities"))
        page = visitor.acts()
        asked = len(partner.calls("/capabilities")) - before
        trial.answer(page, 200, holds=asked >= 1, due="200, et le partenaire interrogé")
        return page

    @property
    def _kind(self) -> type[Trip]:
        from plp_conform.against_platform.saml_trip import SamlTrip  # it stands on what is below

        found = {OIDC: Trip, SAML_SP: SamlTrip}.get(self.binding)
        if found is None:
            raise Unverified(f"ce banc n'ouvre pas encore par {self.binding}")
        return found

    def launched(self, trial: Trial) -> dict[str, str]:
        """A launch that the platform has answered: `transaction_ref`, `launch_id`, `mandate`."""
        return self.trip(trial).told(trial)

    def trip(self, trial: Trial) -> Trip:
        """From the icon to the hand-over page."""
        page = self.acts(trial)
        form = self.visitor.launch_form(page)
        label = self.target.pages["launch"]
        trial.due(form is not None, sent=page.sent, came=page.came, due=f"un bouton «\u202f{label}\u202f»")
        assert form is not None  # noqa: S101 - `due` has raised
        made = self._kind(self, page, form)
        made.page = self.visitor.send(page, form)
        trial.answer(made.page, 200, due="200, la page de passage")
        return made


@dataclass
class Trip:
    """One launch, seen from the partner."""

    bench: Bench
    menu: Answer
    form: Form
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    page: Answer | None = None
    urls: list[str] = field(default_factory=list)

    def handover(self) -> Form:
        """The GET form of the hand-over page. Raises `Failed` where there is none."""
        assert self.page is not None  # noqa: S101
        place = self.bench.partner.handed_to
        found = next((one for one in forms(self.page.text) if one.attributes.get("action") == place), None)
        if found is None:
            raise Failed(f"attendu\u202f: une page de passage avec un formulaire vers {place}")
        return found

    @property
    def hints(self) -> dict[str, str]:
        """PLP-062."""
        return {name: value for name, value in self.handover().fields.items() if name}

    def parameters(self) -> dict[str, str]:
        """PLP-064."""
        hints, partner = self.hints, self.bench.partner
        return {
            "response_type": "code", "scope": "openid plp", "client_id": hints["client_id"],
            "redirect_uri": partner.sheet()["redirect_uris"][0], "state": self.state, "nonce": self.nonce,
            "code_challenge": wire.sha256(self.verifier.encode()), "code_challenge_method": "S256", "prompt": "none",
            "login_hint": hints["login_hint"], "plp_message_hint": hints["plp_message_hint"],
        }  # fmt: skip

    def authorize(self, *, http: requests.Session | None = None, note: str = "", extra: str = "", **changes: Any) -> Answer:
        """At the authorization endpoint, in the adviser's browser; None leaves a parameter out."""
        given = {name: value for name, value in {**self.parameters(), **changes}.items() if value is not None}
        url = f"{self.bench.discovery['authorization_endpoint']}?{urlencode(given)}{extra}"
        self.urls.append(url)
        answer = calling.call("GET", url, session=http or self.bench.visitor.http, note=note)
        self.urls.append(answer.headers.get("location", ""))
        return answer

    def redeem(self, code: str, **changes: Any) -> Answer:
        """At the token endpoint."""
        return redeem(self.bench, code, **{"code_verifier": self.verifier, **changes})

    def told(self, trial: Trial) -> dict[str, str]:
        """What the partner learns of this launch."""
        answer = self.authorize()
        code = answered(answer).get("code", "")
        trial.answer(answer, 302, 303, holds=bool(code), due="un code")
        plp = jose.read(self.redeem(code).json()["id_token"])[1]["plp"]
        return {name: plp[name] for name in ("transaction_ref", "launch_id", "mandate")}


def answered(answer: Answer) -> dict[str, str]:
    """What an authorization response carries."""
    return dict(parse_qsl(urlsplit(answer.headers.get("location", "")).query, keep_blank_values=True))


def assertion_claims(bench: Bench) -> dict[str, Any]:
    """PLP-073."""
    client_id, at = str(bench.sheet["client_id"]), wire.now()
    return {
        "iss": client_id, "sub": client_id, "aud": bench.sheet["iss"], "iat": at, "exp": at + 60,
        "jti": secrets.token_urlsafe(16),
    }  # fmt: skip


def redeem(
    bench: Bench, code: str, *, make: Callable[[dict[str, Any], dict[str, Any]], str] | None = None, note: str = "",
    headers: dict[str, str] | None = None, without: str = "",
    **changes: str | None,
) -> Answer:  # fmt: skip
    """One token request; `make` makes the assertion of header and claims, `changes` spoil the form, `without` is left out."""
    key = bench.partner.key
    header, claims = {"alg": "ES256", "kid": key.kid, "typ": "JWT"}, assertion_claims(bench)
    given: dict[str, str | None] = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": bench.partner.sheet()["redirect_uris"][0],
        "code_verifier": "v" * 64, "client_id": str(bench.sheet["client_id"]), "client_assertion_type": ASSERTION,
        "client_assertion": make(header, claims) if make else jose.sign(header, claims, key), **changes,
    }  # fmt: skip
    form = {name: value for name, value in given.items() if value is not None and name != without}
    sent = {"PLP-Interaction-Id": str(uuid4()), **(headers or {})}
    return calling.call("POST", bench.discovery["token_endpoint"], form=form, headers=sent, note=note)
