"""One launch under `saml2-sp`: the kit's platform is the identity provider (Annex A)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urljoin
from urllib.parse import urlsplit

import requests

from plp_conform import calling
from plp_conform import wire
from plp_conform.against_partner.flow import Flow
from plp_conform.against_partner.flow import origin
from plp_conform.against_partner.platform import SSO
from plp_conform.calling import Answer
from plp_conform.saml import encryption
from plp_conform.saml import keys
from plp_conform.saml import messages
from plp_conform.saml import names
from plp_conform.saml import signing
from plp_conform.saml.keys import Pair
from plp_conform.saml.messages import Said
from plp_conform.saml.signing import How
from plp_conform.saml.xml import Element
from plp_conform.saml.xml import parse
from plp_conform.trial import Trial

_HOPS = 5
#: From the signed assertion's markup, what the Response carries.
Carry = Callable[["SamlFlow", str], str]


@dataclass(frozen=True, slots=True)
class Spoil:
    """What a Response has otherwise than right. `said`: members of the assertion, or a function of the flow; `plp`: its
    attributes (None: left out); `outer`: the Response's own; `relay`: None leaves RelayState out."""

    said: Mapping[str, Any] | Callable[[SamlFlow], Mapping[str, Any]] = field(default_factory=dict)
    plp: Mapping[str, str | None] | Callable[[SamlFlow], Mapping[str, str | None]] = field(default_factory=dict)
    outer: Mapping[str, Any] = field(default_factory=dict)
    how: How = field(default_factory=How)
    key: Callable[[], Pair] = keys.platforms
    unsigned: bool = False
    carry: Carry | None = None
    relay: str | None = ""


@dataclass
class SamlFlow(Flow):
    """`asked`: the AuthnRequest; `query`: the one that brought it, as it came."""

    query: str = ""
    asked: Element | None = None

    @property
    def saml(self) -> Mapping[str, Any]:
        """Of the partner's sheet."""
        found: Mapping[str, Any] = self.bench.sheet["saml"]
        return found

    @property
    def handed_to(self) -> str:
        return str(self.saml["launch_url"])

    def origins(self) -> set[str]:
        return {origin(url) for url in (self.saml["acs_url"], *(self.bench.sheet.get("launch_origins") or ()))}

    @property
    def request_id(self) -> str:
        """Of the AuthnRequest."""
        return str(self.asked.get("ID")) if self.asked is not None else ""

    def begin(self, trial: Trial, **changes: Any) -> SamlFlow:
        """Through the launch address; the request is read from where it leads."""
        answer = self.initiate(**changes)
        place = answer.headers.get("location", "")
        due = "une redirection vers sso_url de la fiche"
        trial.answer(answer, 302, 303, holds=place.split("?")[0] == self.bench.server.public + SSO, due=due)
        self.urls.append(place)
        self.query = urlsplit(place).query
        _, self.request = messages.signed_part(self.query)
        self.asked = parse(messages.inflated(self.request["SAMLRequest"]))
        return self

    # --- the platform's answer ----------------------------------------------------------------------------------------

    def attributes(self) -> dict[str, str | None]:
        """PLP-119."""
        platform = self.platform
        return {
            "launch_id": self.launch_id, "interaction_id": self.interaction_id, "transaction_ref": self.transaction_ref,
            "mandate": platform.mandate, "action": self.act, "account_scheme": self.bench.scheme, "account_ref": self.ref,
            "actor_display": platform.display, "broker_code": platform.broker_code, "orias": "07000123", "decision_id": None,
            "return_url": self.return_url, "locale": "fr-FR",
            "prefill": None if self.prefill is None else wire.dump(dict(self.prefill)),
        }  # fmt: skip

    def said(self, spoil: Spoil | None = None) -> Said:
        """PLP-118."""
        spoil = spoil or Spoil()
        at, entity = self.platform.now(), str(self.saml["entity_id"])
        plp = {**self.attributes(), **(spoil.plp(self) if callable(spoil.plp) else spoil.plp)}
        made = Said(
            id=messages.new_id(), issued=wire.stamp(at), issuer=self.platform.iss, name_id=self.platform.sub, sp=entity,
            recipient=str(self.saml["acs_url"]), in_response_to=self.request_id, until=wire.stamp(at + 60),
            begins=wire.stamp(at - 30), ends=wire.stamp(at + 60), authenticated=wire.stamp(at - 600),
            session=wire.sha256(self.platform.sub.encode()),
            plp=tuple((name, value) for name, value in plp.items() if value is not None),
        )  # fmt: skip
        return replace(made, **(spoil.said(self) if callable(spoil.said) else spoil.said))

    def carried(self, markup: str) -> str:
        """As PLP-120 has it: encrypted where the sheet has a certificate for that."""
        certificate = self.saml.get("encryption_cert")
        return encryption.encrypted(markup.encode(), certificate) if certificate else markup

    def response(self, spoil: Spoil | None = None) -> str:
        """A whole Response."""
        spoil = spoil or Spoil()
        markup = self.said(spoil).markup()
        signed = markup if spoil.unsigned else signing.signed(markup, spoil.key(), spoil.how)
        content = spoil.carry(self, signed) if spoil.carry else self.carried(signed)
        return self.around(content, **spoil.outer)

    def around(self, content: str, **changes: Any) -> str:
        """PLP-117."""
        outer: dict[str, Any] = {
            "name": messages.new_id(), "issued": wire.stamp(self.platform.now()), "issuer": self.platform.iss,
            "destination": str(self.saml["acs_url"]), "in_response_to": self.request_id, **changes,
        }  # fmt: skip
        return messages.response(content, **outer)

    def deliver(
        self, response: str, *, relay: str | None = None, http: requests.Session | None = None, note: str = ""
    ) -> Answer:
        """To the assertion consumer service, then on as a browser goes within the partner's site: the last page."""
        form = {"SAMLResponse": base64.b64encode(response.encode()).decode()}
        if relay is not None:
            form["RelayState"] = relay
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.bench.server.public,
                   "Sec-Fetch-Site": "cross-site"}  # fmt: skip
        session = http or self.http
        url = str(self.saml["acs_url"])
        answer = calling.call("POST", url, headers=headers, body=urlencode(form).encode(), session=session, note=note)
        for _ in range(_HOPS):
            place = urljoin(answer.url, answer.headers.get("location", ""))
            if answer.status not in (302, 303) or "location" not in answer.headers or origin(place) not in self.origins():
                break
            self.urls.append(place)
            answer = calling.call("GET", place, session=session, note=note)
        return answer

    def callback(
        self, *, http: requests.Session | None = None, note: str = "", spoil: Spoil | None = None, **_: Any
    ) -> Answer:
        """The platform's answer, right but for `spoil`."""
        relay = (spoil or Spoil()).relay
        return self.deliver(
            self.response(spoil), relay=self.launch_id if relay == "" else relay, http=http, note=note
        )

    def page(self, trial: Trial, answer: Answer) -> Answer:
        """The act's page, where the browser has ended."""
        holds = origin(answer.url) in self.origins()
        return trial.answer(answer, 200, holds=holds, due="l'acte s'ouvre\u202f: une page du partenaire")

    def error(self, second: str) -> str:
        """A Response without assertion (PLP-117)."""
        return self.around("", status=names.RESPONDER, second=second)
