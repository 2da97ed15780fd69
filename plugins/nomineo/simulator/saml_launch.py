"""Annex A, binding `saml2-sp`, the partner's half: a flow begins at the launch address, ends where the browser comes back.

The platform's answer is a POST from another site, which brings no SameSite=Lax cookie: what it says is checked and kept
first, and the browser is then led to an address of this site, where the flow's cookie shows that it is the one that began.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping
from urllib.parse import quote_plus

from lxml import etree

from . import id_token
from . import saml_keys
from . import saml_response
from . import wire
from .db import Connection
from .db import Row
from .id_token import Expected
from .id_token import Opening
from .launch import Flow
from .launch import LaunchRefused
from .launch import flow_cookie_name
from .launch import keep
from .launch import kept_flow
from .launch import single
from .launch import wanted
from .saml_response import Due
from .saml_response import Said
from .saml_xml import ASSERTION
from .saml_xml import PERSISTENT
from .saml_xml import POST
from .saml_xml import PROTOCOL
from .saml_xml import SamlRefused
from .saml_xml import tag
from .world import World

_ALGORITHM = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_REMEMBERED_S = 60
_TICKET_S = 60


def begin(world: World, values: Mapping[str, list[str]]) -> tuple[Flow, str]:
    """PLP-115: the flow, kept, and where the browser goes with the signed request. Raises `LaunchRefused`."""
    registration, login_hint, launch_id = wanted(world, values)
    if registration.saml is None:
        raise LaunchRefused("malformed", 400, "the platform's sheet has no saml")
    flow = Flow.new(f"_{secrets.token_hex(16)}", registration, launch_id, login_hint)
    with world.store.write() as connection:
        keep(connection, flow, world.clock.now())
        pair = saml_keys.own(connection).signing
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    message = packed.compress(_request(world, flow, registration.saml.sso_url)) + packed.flush()
    pairs = (("SAMLRequest", base64.b64encode(message).decode()), ("RelayState", launch_id), ("SigAlg", _ALGORITHM))
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)
    signature = base64.b64encode(saml_keys.sign(pair, query.encode())).decode()
    separator = "&" if "?" in registration.saml.sso_url else "?"
    return flow, f"{registration.saml.sso_url}{separator}{query}&Signature={quote_plus(signature)}"


def _request(world: World, flow: Flow, destination: str) -> bytes:
    settings = world.settings
    root = etree.Element(
        tag(PROTOCOL, "AuthnRequest"), {
            "ID": flow.state, "Version": "2.0", "IssueInstant": wire.timestamp(world.clock.now()), "Destination": destination,
            "AssertionConsumerServiceURL": settings.acs_url, "ProtocolBinding": POST, "IsPassive": "true",
        }, nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )  # fmt: skip
    etree.SubElement(root, tag(ASSERTION, "Issuer")).text = settings.entity_id
    etree.SubElement(root, tag(PROTOCOL, "NameIDPolicy"), {"Format": PERSISTENT})
    made: bytes = etree.tostring(root)
    return made


def take(world: World, values: Mapping[str, list[str]]) -> str:
    """What came to the assertion consumer service, checked and kept; the ticket to it. Raises `LaunchRefused`."""
    message, relay = single(values, "SAMLResponse"), single(values, "RelayState")
    try:
        raw = base64.b64decode("".join(str(message).split()), validate=True)  # some senders break its lines
        root, request_id = saml_response.in_response_to(raw)
    except (SamlRefused, binascii.Error) as error:
        raise LaunchRefused("malformed", 400, f"response: {error}") from error
    now = world.clock.now()
    with world.store.read() as connection:
        flow = _open_flow(connection, request_id, now)
        keys = saml_keys.own(connection)
    if relay != flow.launch_id:
        raise LaunchRefused("malformed", 400, "RelayState", flow.interaction_id)
    settings, saml = world.settings, flow.registration.saml
    assert saml is not None
    due = Due(
        flow.registration.iss, saml.certs, settings.entity_id, settings.acs_url, request_id, flow.login_hint,
        None if settings.saml_plain else keys.encryption,
    )  # fmt: skip
    try:
        wrong = saml_response.error_of(root)
        said = None if wrong is not None else saml_response.read(root, due, now)
    except SamlRefused as error:
        raise LaunchRefused("refused", 403, f"response: {error}", flow.interaction_id) from error
    return _consume(world, flow, said, wrong, now)


def _open_flow(connection: Connection, request_id: str, now: float) -> Flow:
    row = connection.execute("SELECT * FROM flows WHERE state = ?", (request_id,)).fetchone()
    if row is None or row["completed"] is not None or row["expires"] < now:
        raise LaunchRefused("access_denied", 400, "unknown, completed or expired request")
    return kept_flow(connection, row, now)


def _consume(world: World, flow: Flow, said: Said | None, wrong: str | None, now: float) -> str:
    """The request is answered once, an assertion is taken once (PLP-121)."""
    ticket = secrets.token_urlsafe(24)
    with world.store.write() as connection:
        done = connection.execute(
            "UPDATE flows SET completed = ? WHERE state = ? AND completed IS NULL AND expires >= ?", (now, flow.state, now)
        )
        if done.rowcount != 1:
            raise LaunchRefused("access_denied", 400, "completed or expired", flow.interaction_id)
        if said is not None:
            connection.execute("DELETE FROM used_assertions WHERE until < ?", (now,))
            first = connection.execute(
                "INSERT OR IGNORE INTO used_assertions (iss, id, until) VALUES (?, ?, ?)",
                (flow.registration.iss, said.assertion_id, said.until + _REMEMBERED_S),
            )
            if first.rowcount != 1:
                raise LaunchRefused("access_denied", 400, "assertion taken before", flow.interaction_id)
            connection.execute("DELETE FROM saml_tickets WHERE expires < ?", (now,))
            connection.execute(
                "INSERT INTO saml_tickets (ticket, state, claims, expires) VALUES (?, ?, ?, ?)",
                (wire.sha256(ticket.encode()), flow.state, wire.dump(dict(said.claims)), now + _TICKET_S),
            )
    if wrong is not None:
        raise LaunchRefused(saml_response.kind_of(wrong), 400, f"status: {wrong[-40:]}", flow.interaction_id)
    return ticket


def finish(world: World, values: Mapping[str, list[str]], cookies: Mapping[str, str]) -> tuple[Opening, str]:
    """PLP-063, PLP-077: in the browser that began the flow; with the flow's state. Raises `LaunchRefused`."""
    ticket, now = single(values, "ticket"), world.clock.now()
    with world.store.write() as connection:
        row = connection.execute(
            """SELECT t.claims, f.* FROM saml_tickets t JOIN flows f ON f.state = t.state
               WHERE t.ticket = ? AND t.expires >= ?""",
            (wire.sha256(str(ticket).encode()), now),
        ).fetchone()
        if row is None:
            raise LaunchRefused("access_denied", 400, "unknown ticket")
        _same_browser(row, cookies)
        connection.execute("DELETE FROM saml_tickets WHERE state = ?", (row["state"],))
        flow = kept_flow(connection, row, now)
    expected = Expected(flow.registration, flow.nonce, flow.launch_id, flow.login_hint)
    try:
        return id_token.check_plp(world, json.loads(row["claims"]), expected, now), flow.state
    except id_token.TokenRefused as refused:
        raise LaunchRefused("refused", 403, f"assertion: {refused}", flow.interaction_id) from refused


def _same_browser(row: Row, cookies: Mapping[str, str]) -> None:
    brought = wire.sha256(cookies.get(flow_cookie_name(row["state"]), "").encode())
    if not hmac.compare_digest(brought, row["cookie"]):
        raise LaunchRefused("access_denied", 400, "another browser", row["interaction_id"])

