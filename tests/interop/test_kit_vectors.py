"""The kit's other vectors, judged by libraries that share no code with it, and by our own code of both sides (PL-09)."""

from __future__ import annotations

import json
from typing import Any

import jwt as pyjwt
import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from core.extensions import db
from core.hooks.errors import ProtocolError
from core.links import capabilities
from core.links import feedback
from core.links import partner_keys
from core.links import plp_json
from core.links import registration_sheets
from plp_conform import jose
from plp_conform import problems
from plp_conform import wire
from plp_conform.calling import Answer
from plugins.nomineo.simulator import keys as simulator_keys
from plugins.nomineo.simulator import problems as simulator_problems
from plugins.nomineo.simulator import registrations
from scripts.plp_vectors import __main__ as making
from tests.interop import golden


def test_the_files_are_what_the_script_writes() -> None:
    """Deterministic: whoever doubts a vector makes it anew."""
    assert making.main(["--check"]) == 0


def test_there_are_enough() -> None:
    """Annex B: 40 problem bodies, at least 60 negative vectors."""
    names = ("signed-request", "id-token", "client-assertion", "statement", "webhook", "events", "jwks", "capabilities")
    negative = sum(len(golden.read(name)["refused"]) for name in names)
    assert len(golden.read("problems")["cases"]) == 40
    assert negative >= 60
    for name in names:
        words = [one.get("what") or one["why"] for one in (*golden.read(name)["accepted"], *golden.read(name)["refused"])]
        assert len(set(words)) == len(words), name


def verdicts(name: str, taken: Any) -> None:
    vectors = golden.read(name)
    wrong = [one["what"] for one in vectors["accepted"] if not taken(one)]
    wrong += [one["why"] for one in vectors["refused"] if taken(one)]
    assert wrong == []


def test_pyjwt_and_jwcrypto_agree_on_statements() -> None:
    """PLP-018: the signer's key is in the header, its thumbprint trusted before."""
    vectors = golden.read("statement")

    def taken(one: dict[str, Any]) -> bool:
        try:
            header = pyjwt.get_unverified_header(one["token"])
            key = JWK(**header["jwk"])
            if key.has_private or not key.thumbprint() == header["kid"] in vectors["trusted"] or header["typ"] != "plp-keys+jwt":
                return False
            public = pyjwt.PyJWK({**header["jwk"], "alg": "ES256"})
            options = {"verify_exp": False, "verify_iat": False}
            said = pyjwt.decode(one["token"], public, ["ES256"], issuer=vectors["issuer"], options=options)
        except (pyjwt.PyJWTError, JWException, KeyError, ValueError):
            return False
        jkt = said.get("jkt")
        newer = type(said.get("iat")) is int and said["iat"] > vectors["last_accepted_iat"]
        return newer and said.get("mandate") == vectors["mandate"] and isinstance(jkt, list) and bool(jkt)

    verdicts("statement", taken)


def _by_jwcrypto(one: dict[str, Any]) -> bool:
    """PLP-016 by a library that names keys by itself."""
    try:
        found = wire.parse(one["body"])["keys"]
        kids = []
        for entry in found:
            key = JWK(**entry)
            named = key.thumbprint() == entry["kid"] and (entry["kty"], entry["crv"], entry["use"], entry["alg"]) == (
                "EC", "P-256", "sig", "ES256",
            )  # fmt: skip
            if key.has_private or key.is_symmetric or not named:
                return False
            key.get_op_key("verify")
            kids.append(entry["kid"])
    except (JWException, KeyError, TypeError, ValueError):
        return False
    return 0 < len(kids) <= 10 and len(set(kids)) == len(kids)


def _by_the_simulator(one: dict[str, Any]) -> bool:
    try:
        simulator_keys.read_jwks(one["body"].encode())
    except ValueError:
        return False
    return True


def _by_the_platform(one: dict[str, Any]) -> bool:
    try:
        return bool(partner_keys.read_jwks(plp_json.parse(one["body"].encode())))
    except (ValueError, ProtocolError):
        return False


@pytest.mark.parametrize("judge", [_by_jwcrypto, _by_the_simulator, _by_the_platform])
def test_all_agree_on_key_documents(judge: Any) -> None:
    """PLP-016: jwcrypto, the extranet, the platform."""
    verdicts("jwks", judge)


def test_the_platform_agrees_on_events(app: Flask, people: Any) -> None:
    """PLP-084 to PLP-086, PLP-092: with the status that is due."""
    vectors = golden.read("events")
    declared = {name: name for name in vectors["declared_statuses"]}

    def status(one: dict[str, Any]) -> int:
        try:
            item = plp_json.parse(one["body"].encode())
            if not isinstance(item, dict) or not isinstance(item.get("type"), str):
                return 400
        except ValueError:
            return 400
        if item["type"] not in ("transaction.status_changed", "transaction.corrected"):
            return 202
        with db.session(people.cabinet_id) as session:
            try:
                return feedback.apply_snapshot(session, "nomineo", item, channel="hook", declared=declared).status
            except feedback.Refused as refused:
                return refused.status

    assert [one["what"] for one in vectors["accepted"] if status(one) >= 300] == []
    assert [(one["why"], status(one)) for one in vectors["refused"] if status(one) != one["status"]] == []


def test_the_platform_agrees_on_lists_of_acts() -> None:
    """PLP-044 to PLP-049: what may be clicked, and which answers are none."""
    vectors = golden.read("capabilities")

    def opened(one: dict[str, Any]) -> list[str] | None:
        try:
            answer = plp_json.parse(one["body"].encode())
            if not isinstance(answer, dict):
                return None
            ref = vectors["asked"]["account"]["ref"]
            read = capabilities.read(answer, account_ref=ref, partner="X", scopes=frozenset(vectors["scopes"]))
        except (ValueError, ProtocolError):
            return None
        return [action.key for action in read.actions if action.enabled]

    assert [(one["what"], opened(one)) for one in vectors["accepted"] if opened(one) != one["open"]] == []
    assert [one["why"] for one in vectors["refused"] if opened(one) is not None] == []


def test_the_slugs_of_problems_are_one_table() -> None:
    """PLP-107: the vectors, the kit's table, the extranet's."""
    for one in golden.read("problems")["cases"]:
        answer = Answer("GET", "", {}, b"", one["status"], {"content-type": one["content_type"]}, one["body"].encode())
        assert (answer.slug, one["status"] in problems.RETRIED) == (one["slug"], one["retried"]), one["what"]
    assert {slug: simulator_problems.TITLES[slug][0] for slug in simulator_problems.TITLES}.items() <= problems.STATUSES.items()


def _changed(right: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**right, **one.get("change", {})}.items() if name != one.get("without")}


@pytest.mark.parametrize("side", ["platform", "partner"])
def test_the_schemas_agree_on_sheets(side: str) -> None:
    """PLP §2: by jsonschema; each schema stands alone and is a schema."""
    schema = json.loads((golden.FOLDER.parent / "schemas" / f"registration.{side}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator, right = Draft202012Validator(schema), golden.read(f"{side}-sheet")
    assert list(validator.iter_errors(right)) == []
    assert [one["why"] for one in golden.read("sheets")[side] if validator.is_valid(_changed(right, one))] == []


def test_our_own_readers_agree_on_sheets() -> None:
    """PLP §2: the extranet reads the platform's, the platform reads the partner's."""
    right = golden.read("platform-sheet")
    assert registrations.check_sheet(right) == right
    for one in golden.read("sheets")["platform"]:
        with pytest.raises(registrations.BadSheet):
            registrations.check_sheet(_changed(right, one))
    right = golden.read("partner-sheet")
    assert registration_sheets.check(right, loopback=False) == right
    for one in golden.read("sheets")["partner"]:
        with pytest.raises(registration_sheets.BadSheet):
            registration_sheets.check(_changed(right, one), loopback=False)


def test_the_kits_own_jose_agrees() -> None:
    """What the kit verifies with is held to the same vectors: its signatures alone, claims are the checks' business."""
    for name in golden.TOKENS:
        vectors = golden.read(name)
        [public] = vectors["jwks"]["keys"]
        assert jose.thumbprint(public) == public["kid"]
        assert all(jose.verify(one["token"], public) for one in vectors["accepted"])
        forged = [one for one in vectors["refused"] if one["why"] in ("signed by a stranger under our kid", "signature of zeros",
                                                                     "alg none", "the right signature in ASN.1")]  # fmt: skip
        assert len(forged) == 4
        assert not any(jose.verify(one["token"], public) for one in forged)
