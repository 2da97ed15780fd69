"""Signed things: requests, ID Tokens, client assertions, rotation statements, hooks."""

from __future__ import annotations

from typing import Any

from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from scripts.plp_vectors import facts
from scripts.plp_vectors.facts import AT
from scripts.plp_vectors.facts import BASE
from scripts.plp_vectors.facts import ISS
from scripts.plp_vectors.facts import NEXT
from scripts.plp_vectors.facts import PARTNER
from scripts.plp_vectors.facts import PLATFORM
from scripts.plp_vectors.facts import STRANGER
from scripts.plp_vectors.facts import TAIL

Vectors = dict[str, Any]
Claims = dict[str, Any]


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def _spoilt(header: Claims, claims: Claims, key: jose.Key) -> list[tuple[str, str]]:
    """What every verifier of a JWS of PLP refuses, whatever it is for."""
    right = facts.sign(header, claims, key)
    return [
        ("alg none", jose.unsigned(header, claims)),
        ("HS256 by the published key", jose.signed_by_secret(header, claims, key.public_jwk())),
        ("alg ES384", facts.sign({**header, "alg": "ES384"}, claims, key)),
        ("kid absent", facts.sign(_without(header, "kid"), claims, key)),
        ("crit in the header", facts.sign({**header, "crit": ["exp"], "exp": 1}, claims, key)),
        ("signed by a stranger under our kid", facts.sign(header, claims, STRANGER)),
        ("a stranger's key, by its own kid", facts.sign({**header, "kid": STRANGER.kid}, claims, STRANGER)),
        ("signature of zeros", jose.with_signature(right, b"\0" * 64)),
        ("the right signature in ASN.1", jose.as_der(right)),
        ("two parts only", right.rpartition(".")[0]),
    ]


def signed_request() -> Vectors:
    """PLP-022 to PLP-036."""
    body = wire.dump({
        "account": {"scheme": "contract-number", "ref": "HIM0012345", "product": "Xaélidia"},
        "actor": {"adviser": facts.ADVISER, "broker_code": "C12345"},
    })  # fmt: skip
    header = {"alg": "ES256", "kid": PLATFORM.kid, "typ": "plp-req+jwt"}

    def claims(method: str, path: str, raw: str, sub: str, jti: str) -> Claims:
        return {
            "iss": ISS, "sub": sub, "aud": BASE, "mandate": facts.MANDATE, "iat": AT, "nbf": AT - 30, "exp": AT + 60,
            "jti": jti, "htm": method, "htu": BASE + path, "bsh": wire.sha256(raw.encode()),
        }  # fmt: skip

    first = claims("POST", "/capabilities", body, facts.ADVISER, f"{TAIL}X29ubHk")
    path = f"/mandates/{facts.MANDATE}"
    second = claims("GET", path, "", facts.MANDATE, f"{TAIL}X3R3aWNl")
    accepted = [
        {"what": "POST /capabilities", "method": "POST", "path": "/capabilities", "at": AT, "body": body, "header": header,
         "claims": first, "token": facts.sign(header, first, PLATFORM)},
        {"what": "GET /mandates/…, without a body", "method": "GET", "path": path, "at": AT, "body": "", "header": header,
         "claims": second, "token": facts.sign(header, second, PLATFORM)},
    ]  # fmt: skip
    refused: list[Claims] = [
        {"why": "other body", "body": body.replace("HIM0012345", "HIM0012346")},
        {"why": "the same JSON, one blank more", "body": body + " "}, {"why": "other method", "method": "PUT"},
        {"why": "other path", "path": "/transactions"}, {"why": "two minutes late", "at": AT + 121},
        {"why": "two minutes early", "at": AT - 120},
    ]  # fmt: skip
    changes: list[tuple[str, Claims]] = [
        ("aud is a list", {"aud": [BASE]}), ("aud of another", {"aud": "https://q.example/plp/v1"}),
        ("aud with a slash", {"aud": BASE + "/"}), ("life of ten minutes", {"exp": AT + 600}), ("exp before iat",
        {"exp": AT - 1}),
        ("exp is a text", {"exp": str(AT + 60)}), ("nbf is a boolean", {"nbf": True}), ("iat with a fraction", {"iat": AT + 0.5}),
        ("jti too short", {"jti": "short"}), ("jti with a blank", {"jti": "a jti with blanks in it"}),
        ("bsh padded", {"bsh": first["bsh"] + "="}), ("bsh in hexadecimal", {"bsh": wire.b64url_read(first["bsh"]).hex()}),
        ("htu with the query", {"htu": first["htu"] + "?a=1"}), ("htu of another host", {"htu": "https://q.example/plp/v1/capabilities"}),
        ("htm in lower case", {"htm": "post"}), ("iss of another platform", {"iss": f"{facts.SITE}/plp/durand"}),
        ("iss is a list", {"iss": [ISS]}),
    ]  # fmt: skip
    refused += [{"why": why, "token": facts.sign(header, {**first, **change}, PLATFORM)} for why, change in changes]
    for name in ("exp", "iat", "jti", "bsh", "htm", "htu", "aud", "mandate", "sub"):
        refused.append({"why": f"{name} absent", "token": facts.sign(header, _without(first, name), PLATFORM)})
    heads: list[tuple[str, Claims]] = [
        ("typ JWT", {**header, "typ": "JWT"}), ("typ absent", _without(header, "typ")),
        ("typ with application/", {**header, "typ": "application/plp-req+jwt"}),
        ("key in the header", {**header, "jwk": PLATFORM.public_jwk()}),
        ("jku in the header", {**header, "jku": f"{ISS}/jwks.json"}), ("x5c in the header", {**header, "x5c": ["MIIB"]}),
    ]  # fmt: skip
    refused += [{"why": why, "token": facts.sign(head, first, PLATFORM)} for why, head in heads]
    twice = wire.dump(first)[:-1] + f',"sub":"{facts.ADVISER}"}}'
    refused.append({"why": "a member named twice", "token": facts.sign(header, twice, PLATFORM)})
    refused += [{"why": why, "token": token} for why, token in _spoilt(header, first, PLATFORM)]
    return {
        "about": f"Signed requests, platform to partner (PLP-022 to PLP-036). {facts.NOTE}", "issuer": ISS, "audience": BASE,
        "jwks": {"keys": [PLATFORM.public_jwk()]}, "trusted": [PLATFORM.kid], "private_jwk": PLATFORM.private_jwk(),
        "accepted": accepted, "refused": refused,
    }  # fmt: skip


def id_token() -> Vectors:
    """PLP-075 to PLP-077."""
    nonce, at = "bm9uY2Vfb2ZfdGhlX2V4YW1wbGU", AT + 12
    header = {"alg": "ES256", "kid": PLATFORM.kid, "typ": "JWT"}
    claims: Claims = {
        "iss": ISS, "sub": facts.ADVISER, "aud": facts.CLIENT, "nonce": nonce, "iat": AT + 10, "exp": AT + 310,
        "auth_time": AT - 3200, "amr": ["pwd"], "sid": "c2lkX2hhc2hfb2ZfdGhlX2V4YW1wbGU", "acr": "urn:plp:acr:password",
        "plp": {
            "launch_id": f"lch_{TAIL}", "interaction_id": "0b9f2c1e-7a44-4c7e-9f55-3a6f2f1d8e10",
            "transaction_ref": f"txn_{TAIL}",
            "mandate": facts.MANDATE, "action": "arbitrage", "account": {"scheme": "contract-number", "ref": "HIM0012345"},
            "actor": {"sub": facts.ADVISER, "display": "Camille Dupont", "broker_code": "C12345"}, "decision_id": f"dec_{TAIL}",
            "prefill": None, "return_url": f"{facts.SITE}/plp/return?launch=lch_{TAIL}", "locale": "fr-FR",
        },
    }  # fmt: skip
    changes: list[tuple[str, Claims]] = [
        ("aud of another client", {"aud": "cl_of_another_client"}), ("aud is a list", {"aud": [facts.CLIENT]}),
        ("iss of another cabinet", {"iss": f"{facts.SITE}/plp/durand"}), ("another nonce",
        {"nonce": "another_nonce_of_the_example"}),
    ]  # fmt: skip
    token = facts.sign(header, claims, PLATFORM)
    refused: list[Claims] = [
        {"why": why, "at": at, "token": facts.sign(header, {**claims, **change}, PLATFORM)} for why, change in changes
    ]
    refused.append({"why": "nonce absent", "at": at, "token": facts.sign(header, _without(claims, "nonce"), PLATFORM)})
    typed = {**header, "typ": "plp-req+jwt"}
    refused.append({"why": "typ of a signed request", "at": at, "token": facts.sign(typed, claims, PLATFORM)})
    refused += [{"why": why, "at": at, "token": spoilt} for why, spoilt in _spoilt(header, claims, PLATFORM)]
    refused.append({"why": "ten minutes late", "at": AT + 610, "token": token})
    return {
        "about": f"The ID Token of a launch (PLP-075 to PLP-077). {facts.NOTE}", "issuer": ISS, "client_id": facts.CLIENT,
        "nonce": nonce, "jwks": {"keys": [PLATFORM.public_jwk()]}, "private_jwk": PLATFORM.private_jwk(),
        "accepted": [{"what": "a launch of an arbitrage", "at": at, "header": header, "claims": claims, "token": token}],
        "refused": refused,
    }  # fmt: skip


def client_assertion() -> Vectors:
    """PLP-073."""
    endpoint, at = f"{facts.SITE}/plp/token", AT + 6
    header = {"alg": "ES256", "kid": PARTNER.kid, "typ": "JWT"}

    def claims(aud: Any, jti: str) -> Claims:
        return {"iss": facts.CLIENT, "sub": facts.CLIENT, "aud": aud, "iat": AT + 5, "exp": AT + 65, "jti": jti}

    first, second = claims(ISS, "YXNzZXJ0aW9uX2V4YW1wbGU"), claims(endpoint, "YXNzZXJ0aW9uX2V4YW1wbGUx")
    accepted = [
        {"what": what, "at": at, "header": header, "claims": said, "token": facts.sign(header, said, PARTNER)}
        for what, said in (("aud is the issuer", first), ("aud is the token endpoint", second))
    ]
    changes: list[tuple[str, Claims]] = [
        ("aud is a list", {"aud": [ISS]}), ("aud of another cabinet", {"aud": f"{facts.SITE}/plp/durand"}),
        ("sub is not the client", {"sub": "cl_of_another_client"}), ("iss is not the client", {"iss": "cl_of_another_client"}),
        ("life of ten minutes", {"exp": AT + 605}), ("exp before iat", {"exp": AT + 4}),
    ]  # fmt: skip
    refused: list[Claims] = [
        {"why": why, "at": at, "token": facts.sign(header, {**first, **change}, PARTNER)} for why, change in changes
    ]
    for name in ("jti", "exp", "iat", "aud", "sub", "iss"):
        refused.append({"why": f"{name} absent", "at": at, "token": facts.sign(header, _without(first, name), PARTNER)})
    typed = {**header, "typ": "plp-req+jwt"}
    refused.append({"why": "typ of a signed request", "at": at, "token": facts.sign(typed, first, PARTNER)})
    refused += [{"why": why, "at": at, "token": spoilt} for why, spoilt in _spoilt(header, first, PARTNER)]
    refused.append({"why": "three minutes late", "at": AT + 186, "token": accepted[0]["token"]})
    return {
        "about": f"A partner's client assertion at the token endpoint (PLP-073). {facts.NOTE}", "issuer": ISS,
        "token_endpoint": endpoint, "client_id": facts.CLIENT, "jwks": {"keys": [PARTNER.public_jwk()]},
        "private_jwk": PARTNER.private_jwk(), "accepted": accepted, "refused": refused,
    }  # fmt: skip


def statement() -> Vectors:
    """PLP-018: a key's word for the next."""

    def header(key: jose.Key) -> Claims:
        public = {name: value for name, value in key.public_jwk().items() if name in ("kty", "crv", "x", "y")}
        return {"alg": "ES256", "kid": key.kid, "typ": "plp-keys+jwt", "jwk": public}

    claims: Claims = {"iss": ISS, "iat": AT, "mandate": facts.MANDATE, "jkt": [PLATFORM.kid, NEXT.kid]}
    top = header(PLATFORM)
    right = facts.sign(top, claims, PLATFORM)
    last = {**claims, "jkt": [NEXT.kid]}
    refused = [
        {"why": "signed by the next key itself", "token": facts.sign(header(NEXT), claims, NEXT)},
        {"why": "a stranger's key in the header, under our kid", "token": facts.sign({**top, "jwk": header(STRANGER)["jwk"]},
        claims, STRANGER)},
        {"why": "signed by a stranger, with our key in the header", "token": facts.sign(top, claims, STRANGER)},
        {"why": "no key in the header", "token": facts.sign(_without(top, "jwk"), claims, PLATFORM)},
        {"why": "a private key in the header", "token": facts.sign({**top, "jwk": {**top["jwk"],
        "d": PLATFORM.private_jwk()["d"]}}, claims, PLATFORM)},
        {"why": "typ JWT", "token": facts.sign({**top, "typ": "JWT"}, claims, PLATFORM)},
        {"why": "typ absent", "token": facts.sign(_without(top, "typ"), claims, PLATFORM)},
        {"why": "alg none", "token": jose.unsigned(top, claims)},
        {"why": "signature of zeros", "token": jose.with_signature(right, b"\0" * 64)},
        {"why": "iss of another platform", "token": facts.sign(top, {**claims, "iss": f"{facts.SITE}/plp/durand"}, PLATFORM)},
        {"why": "mandate of another", "token": facts.sign(top, {**claims, "mandate": "mdt_of_another_mandate"}, PLATFORM)},
        {"why": "no older than the last one taken", "token": facts.sign(top, {**claims, "iat": AT - 3600}, PLATFORM)},
        {"why": "iat is a text", "token": facts.sign(top, {**claims, "iat": str(AT)}, PLATFORM)},
        {"why": "an empty set", "token": facts.sign(top, {**claims, "jkt": []}, PLATFORM)},
        {"why": "jkt is no list", "token": facts.sign(top, {**claims, "jkt": NEXT.kid}, PLATFORM)},
        {"why": "jkt absent", "token": facts.sign(top, _without(claims, "jkt"), PLATFORM)},
    ]  # fmt: skip
    return {
        "about": f"Rotation statements (PLP-018): which keys are trusted from then on. {facts.NOTE}", "issuer": ISS,
        "mandate": facts.MANDATE, "trusted": [PLATFORM.kid], "last_accepted_iat": AT - 3600,
        "private_jwk": PLATFORM.private_jwk(),
        "accepted": [
            {"what": "the next key beside the old", "at": AT, "header": top, "claims": claims, "token": right},
            {"what": "the next key alone", "at": AT, "header": top, "claims": last, "token": facts.sign(top, last, PLATFORM)},
        ],
        "refused": refused,
    }  # fmt: skip


def webhook() -> Vectors:
    """PLP-013, PLP-087, PLP-090."""
    name = f"msg_{TAIL}"
    event = {
        "type": "transaction.status_changed", "timestamp": "2026-11-22T09:20:00Z",
        "data": {
            "transaction_ref": f"txn_{TAIL}", "partner_ref": "TXP-10021", "launch_id": f"lch_{TAIL}", "mandate": facts.MANDATE,
            "seq": 1, "corrects": None, "status": "pending", "status_label": "En attente", "previous": None,
            "effective_at": "2026-11-22T09:19:59Z", "reason": None, "amount": {"value": "1500.00", "currency": "EUR"},
            "instructions": [{"side": "in", "isin": "FR0010315770", "support_ref": None, "mode": "amount", "value": "1500.00"}],
            "documents": [],
        },
    }  # fmt: skip
    body = wire.dump(event)
    right = hooks.signature(facts.SECRET, name, AT, body.encode())
    other = hooks.signature(facts.OTHER_SECRET, name, AT, body.encode())

    def case(word: str, text: str, signature: str = right, at: int = AT, sent: str = body, **headers: str) -> Claims:
        given = {"webhook-id": name, "webhook-timestamp": str(AT), "webhook-signature": signature}
        given.update({key.replace("_", "-"): value for key, value in headers.items()})
        return {word: text, "at": at, "headers": given, "body": sent}

    return {
        "about": f"Standard Webhooks 1.0, partner to platform (PLP-013, PLP-087, PLP-090). {facts.NOTE}", "secret": facts.SECRET,
        "accepted": [
            case("what", "one signature"), case("what", "during a rotation: another secret's signature first",
            f"{other} {right}"),
            case("what", "a version of signature to come is passed over", f"v1a,AAAA {right}"),
            case("what", "four minutes late", at=AT + 240),
        ],
        "refused": [
            case("why", "other body", sent=body.replace("pending", "validated")), case("why", "one blank more", sent=body + " "),
            case("why", "other id", webhook_id="msg_of_another_message"), case("why", "other time",
            webhook_timestamp=str(AT + 1)),
            case("why", "six minutes late", at=AT + 360), case("why", "six minutes early", at=AT - 360),
            case("why", "another secret", other), case("why", "version v2 of the right bytes", right.replace("v1,", "v2,")),
            case("why", "no signature", ""), case("why", "the signature without its version", right.removeprefix("v1,")),
            case("why", "signed over the body alone", hooks.signature(facts.SECRET, "", "", body.encode())),
            case("why", "an empty body under the signature of another", sent=""),
            case("why", "the signature cut short", right[:-4]),
        ],
    }  # fmt: skip
