"""The protocol's description keeps step with the addresses and with what really crosses (PL-09, docs/protocol)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests
from flask import Flask
from jsonschema import Draft202012Validator

from core.web.policy import policy_of
from plugins.nomineo.simulator.settings import Settings
from plugins.nomineo.simulator.web import create_app as simulator_app
from plugins.nomineo.simulator.world import open_world
from tests.interop import described
from tests.interop import golden
from tests.interop.elsewhere import Platform
from tests.interop.joining import Joining
from tests.interop.launching import Trip
from tests.stage import Stage

Rules = set[tuple[str, str]]


def rules(app: Flask, prefix: str) -> list[Any]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix)]


def shapes(found: list[Any], prefix: str = "") -> Rules:
    """(method, path with its parameters unnamed)."""
    return {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule.removeprefix(prefix)))
        for rule in found for method in rule.methods - {"HEAD", "OPTIONS"}
    }  # fmt: skip


def described_for(tag: str) -> Rules:
    operations = [one for one in described.operations() if one[2]["tags"] == [tag]]
    return {(method, re.sub(r"{[^}]+}", "{}", path)) for method, path, _ in operations}


def test_our_addresses_are_described(app: Flask) -> None:
    """PLP-001: all of /plp that a partner may call, and nothing that is not there; the rest asks for a person's rights."""
    partner_facing = [rule for rule in rules(app, "/plp/") if _kind(app, rule) in ("machine", "public")]
    assert shapes(partner_facing) == described_for("platform")


def _kind(app: Flask, rule: Any) -> str:
    policy = policy_of(app.view_functions[rule.endpoint])
    assert policy is not None, rule
    return policy.kind


def test_the_simulators_api_is_described(tmp_path: Any) -> None:
    """BL-15: the extranet serves just what a partner of PLP/1 serves below its base_url."""
    app = simulator_app(open_world(Settings(db=tmp_path / "extranet.sqlite")))
    assert shapes(rules(app, "/plp/v1/"), "/plp/v1") == described_for("partner")


def test_each_schema_is_one() -> None:
    """JSON Schema 2020-12, as OpenAPI 3.1 has it."""
    for name, schema in described.SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert "type" in schema or "oneOf" in schema or name == "Nature", name


EXAMPLES = list(described.examples())


@pytest.mark.parametrize(("schema", "value"), [one[1:] for one in EXAMPLES], ids=[one[0] for one in EXAMPLES])
def test_each_example_passes_its_schema(schema: str, value: Any) -> None:
    """And fails without any one of the members that the schema requires."""
    assert described.faults(schema, value) == []
    for name in described.SCHEMAS[schema].get("required", []):
        assert described.faults(schema, {key: kept for key, kept in value.items() if key != name}), name


def test_the_golden_vectors_pass() -> None:
    """The sheets and the claims of each token."""
    assert described.faults("PlatformSheet", golden.read("platform-sheet")) == []
    assert described.faults("PartnerSheet", golden.read("partner-sheet")) == []
    for name, schema in zip(golden.TOKENS, ("RequestClaims", "IdTokenClaims", "AssertionClaims"), strict=True):
        for one in golden.read(name)["accepted"]:
            assert described.faults(schema, one["claims"]) == []


def test_what_we_send_passes(joined: Joining) -> None:
    """What really crossed to the independent partner: sheets, mandate, capability question, claims of each token."""
    trip = Trip(joined)
    claims = trip.all()["claims"]
    assert described.faults("IdTokenClaims", claims) == []
    assert described.faults("PlatformSheet", joined.partner.platform) == []
    assert described.faults("PartnerSheet", joined.partner.sheet) == []
    schemas = {"/mandates/": "Mandate", "/capabilities": "CapabilityRequest"}
    for path, schema in schemas.items():
        calls = joined.partner.seen(path)
        assert calls, path
        for call in calls:
            assert described.faults(schema, json.loads(call["body"])) == []
            assert described.faults("RequestClaims", call["payload"]) == []


def test_what_we_answer_passes(joined: Joining) -> None:
    """Discovery, keys, statements, and our refusals."""
    platform = joined.partner.platform
    site = joined.stage.web
    hook, token = platform["webhook_url"], f"{site}/plp/token"
    statements = f"{platform['iss']}/keys-statement"
    for answer, schema, status in (
        (requests.get(platform["iss"] + "/.well-known/openid-configuration", timeout=10), "Discovery", 200),
        (requests.get(platform["jwks_uri"], timeout=10), "Jwks", 200),
        (requests.get(statements, params={"mandate": platform["mandate"]}, timeout=10), "Statements", 200),
        (requests.get(statements, params={"mandate": "mdt_of_nobody_at_all"}, timeout=10), "Problem", 404),
        (requests.get(f"{site}/plp/nobody/jwks.json", timeout=10), "Problem", 404),
        (requests.post(hook, json={}, timeout=10), "Problem", 401),
        (requests.post(hook + "x", json={}, timeout=10), "Problem", 404),
        (requests.post(hook, data=b"{}", timeout=10), "Problem", 415),
        (requests.post(token, data={"grant_type": "authorization_code"}, timeout=10), "OAuthError", 400),
    ):
        assert (answer.status_code, described.faults(schema, answer.json())) == (status, []), answer.url


def test_what_the_simulator_says_passes(stage: Stage) -> None:
    """View, hooks, capability answer, feed and refusals of the extranet, asked by a platform that is not ours."""
    platform = Platform(stage, broker_code="GP-20417")
    try:
        put = platform.call("PUT", f"/mandates/{platform.mandate}", platform.document())
        assert described.faults("MandateView", put.json()) == []
        stage.sim("POST", f"/mandates/{platform.mandate}/receive")
        stage.sim("POST", f"/mandates/{platform.mandate}/activate", code="7K2M-9QX4-TB0D")
        for delivery in platform.delivered(2):
            assert described.faults("Event", json.loads(delivery.body)) == []
        [(ref,)] = stage.rows("SELECT number_key FROM account WHERE number_key LIKE 'HIM%' ORDER BY id LIMIT 1")
        adviser = platform.document()["advisers"][0]["sub"]
        asked = {"account": {"scheme": "contract-number", "ref": ref}, "actor": {"adviser": adviser, "broker_code": "GP-20417"}}
        for answer, schema, status in (
            (platform.call("POST", "/capabilities", asked, sub=adviser), "CapabilityAnswer", 200),
            (platform.call("GET", "/transactions"), "FeedPage", 200),
            (platform.call("GET", "/transactions/txn_of_nobody_at_all"), "Problem", 404),
            (platform.call("GET", "/mandates/mdt_of_nobody_at_all"), "Problem", 404),
        ):
            assert (answer.status_code, described.faults(schema, answer.json())) == (status, []), answer.text
    finally:
        platform.close()
