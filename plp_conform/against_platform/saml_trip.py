"""One launch under `saml2-sp`, seen from the partner: its request, and the page that brings the answer (Annex A)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import requests

from plp_conform import calling
from plp_conform import wire
from plp_conform.against_platform.bench import Trip
from plp_conform.against_platform.visitor import Form
from plp_conform.against_platform.visitor import forms
from plp_conform.calling import Answer
from plp_conform.saml import encryption
from plp_conform.saml import messages
from plp_conform.saml import names
from plp_conform.saml.keys import Pair
from plp_conform.saml.names import tag
from plp_conform.saml.xml import Element
from plp_conform.saml.xml import child
from plp_conform.saml.xml import each
from plp_conform.saml.xml import parse
from plp_conform.saml.xml import text
from plp_conform.trial import Failed
from plp_conform.trial import Trial


@dataclass(frozen=True, slots=True)
class Posted:
    """What a page of the platform posts to the partner. `root`: the Response."""

    form: Form
    root: Element
    raw: bytes

    @property
    def relay(self) -> str | None:
        """RelayState."""
        return self.form.fields.get("RelayState")

    @property
    def status(self) -> list[str]:
        """The status codes, outer first."""
        return [str(one.get("Value")) for one in each(self.root, names.PROTOCOL, "StatusCode")]

    def carries(self) -> int:
        """How many assertions, plain or encrypted."""
        return sum(len(list(each(self.root, names.ASSERTION, name))) for name in ("Assertion", "EncryptedAssertion"))


class SamlTrip(Trip):
    """`asked` gives a request that is right but for its changes."""

    @property
    def sheet(self) -> dict[str, Any]:
        """Of the played partner, its `saml`."""
        found: dict[str, Any] = self.bench.partner.sheet()["saml"]
        return found

    def asked(self, **changes: Any) -> str:
        """PLP-115; `id`, `issued`, `issuer`, `before`, `policy`, and attributes of the root by their names."""
        given: dict[str, Any] = {
            "issuer": self.sheet["entity_id"], "ID": changes.pop("id", None) or messages.new_id(),
            "IssueInstant": wire.stamp(changes.pop("issued", None) or wire.now()),
            "Destination": self.bench.sheet["saml"]["sso_url"], "AssertionConsumerServiceURL": self.sheet["acs_url"], **changes,
        }  # fmt: skip
        return messages.authn_request(**given)

    def query(self, markup: str | None = None, *, relay: str | None = "", pair: Pair | None = None, **how: Any) -> str:
        """The signed query; `relay` None leaves RelayState out."""
        state = self.hints["plp_message_hint"] if relay == "" else relay
        signer = pair or self.bench.partner.pairs["signing"]
        return messages.redirect_query(markup or self.asked(), state, signer, **how)

    def sso(
        self, query: str | None = None, *, http: requests.Session | None = None, note: str = "", method: str = "GET"
    ) -> Answer:
        """At `sso_url`, in the adviser's browser."""
        url = f"{self.bench.sheet['saml']['sso_url']}?{query or self.query()}"
        self.urls.append(url)
        return calling.call(method, url, session=http or self.bench.visitor.http, note=note, seconds=30)

    def posted(self, answer: Answer) -> Posted | None:
        """What the page posts to acs_url; None where it posts nothing there."""
        acs = self.sheet["acs_url"]
        found = [one for one in forms(answer.text) if one.attributes.get("action") == acs and "SAMLResponse" in one.fields]
        if len(found) != 1:
            return None
        raw = base64.b64decode(found[0].fields["SAMLResponse"])
        return Posted(found[0], parse(raw), raw)

    def response(self, trial: Trial, answer: Answer) -> Posted:
        """A page with one form that posts a Response to acs_url."""
        found = self.posted(answer) if answer.status == 200 else None
        trial.answer(answer, 200, holds=found is not None, due="200, une page avec un formulaire POST vers acs_url")
        assert found is not None  # noqa: S101 - `answer` has raised
        return found

    def assertion(self, posted: Posted) -> Element:
        """The one assertion, decrypted. Raises `Failed`."""
        try:
            if self.sheet["encryption_cert"] is None:
                return child(posted.root, names.ASSERTION, "Assertion")
            wrapped = child(posted.root, names.ASSERTION, "EncryptedAssertion")
            found = parse(encryption.decrypted(wrapped, self.bench.partner.pairs["encryption"]))
        except ValueError as error:
            raise Failed(f"attendu\u202f: une assertion chiffrée pour encryption_cert ({error})") from error
        if found.tag != tag(names.ASSERTION, "Assertion"):
            raise Failed("attendu\u202f: une Assertion sous le chiffrement")
        return found

    def told(self, trial: Trial) -> dict[str, str]:
        answer = self.sso()
        posted = self.response(trial, answer)
        trial.due(posted.status == [names.SUCCESS], sent=answer.sent, came=str(posted.status), due="Success")
        found = attributes(self.assertion(posted))
        return {name: found[name] for name in ("transaction_ref", "launch_id", "mandate")}


def attributes(assertion: Element) -> dict[str, str]:
    """PLP-119, by their short names. Raises `ValueError` where one is named twice or has not one value."""
    found: dict[str, str] = {}
    for one in each(assertion, names.ASSERTION, "Attribute"):
        name = str(one.get("Name")).removeprefix(names.ATTRIBUTE)
        if name in found:
            raise ValueError(f"{name} deux fois")
        found[name] = text(child(one, names.ASSERTION, "AttributeValue"))
    return found
