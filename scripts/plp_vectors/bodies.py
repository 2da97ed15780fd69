"""Unsigned things: key documents, hook bodies, lists of acts, problem bodies, sheets."""

from __future__ import annotations

from typing import Any

from plp_conform import problems
from plp_conform import wire
from scripts.plp_vectors import facts
from scripts.plp_vectors.facts import NEXT
from scripts.plp_vectors.facts import PARTNER
from scripts.plp_vectors.facts import TAIL

Vectors = dict[str, Any]
_PUBLIC_RSA = {"kty": "RSA", "n": "sXch" * 85 + "Aw", "e": "AQAB", "kid": "rsa", "use": "sig", "alg": "RS256"}


def jwks() -> Vectors:
    """PLP-016: what a reader of keys takes and refuses. The bodies are texts: some name a member twice."""
    one, two = PARTNER.public_jwk(), NEXT.public_jwk()

    def body(*keys: dict[str, Any], **more: Any) -> str:
        return wire.dump({"keys": list(keys), **more})

    point = {**one, "y": two["y"]}
    refused = [
        ("a kid twice", body(one, one)), ("a private member", body({**one, "d": PARTNER.private_jwk()["d"]})),
        ("a symmetric key", body({"kty": "oct", "k": "c2VjcmV0", "kid": "oct", "use": "sig", "alg": "HS256"})),
        ("an RSA key", body(_PUBLIC_RSA)), ("another curve", body({**one, "crv": "P-384"})),
        ("kid is not the thumbprint", body({**one, "kid": two["kid"]})), ("kid absent", body({k: v for k,
        v in one.items() if k != "kid"})),
        ("use is enc", body({**one, "use": "enc"})), ("use absent", body({k: v for k, v in one.items() if k != "use"})),
        ("alg is ES384", body({**one, "alg": "ES384"})), ("a point off the curve", body(point)),
        ("eleven keys", body(*([one, two] * 6)[:11])), ("no key", body()), ("keys is no list", '{"keys":{}}'), ("a list",
        wire.dump([one])),
        ("keys named twice", body(one)[:-1] + ',"keys":[]}'), ("JSON cut short", body(one)[:-2]),
    ]  # fmt: skip
    return {
        "about": f"Key documents, of either side (PLP-016). {facts.NOTE}",
        "accepted": [{"what": "one key", "body": body(one)}, {"what": "two keys, during a rotation", "body": body(one, two)},
                     {"what": "an unknown member beside", "body": body(one, later=1)}],
        "refused": [{"why": why, "body": text} for why, text in refused],
    }  # fmt: skip


def events() -> Vectors:
    """PLP-084 to PLP-086, PLP-092: bodies of hooks that are truly signed."""
    data: dict[str, Any] = {
        "transaction_ref": f"txn_{TAIL}", "partner_ref": "TXP-10021", "launch_id": f"lch_{TAIL}", "mandate": facts.MANDATE,
        "seq": 1, "corrects": None, "status": "pending", "status_label": "En attente", "previous": None,
        "effective_at": "2026-11-22T09:19:59Z", "reason": None, "amount": {"value": "1500.00", "currency": "EUR"},
        "instructions": None, "documents": [],
    }  # fmt: skip

    def body(kind: str = "transaction.status_changed", **changes: Any) -> str:
        return wire.dump({"type": kind, "timestamp": "2026-11-22T09:20:00Z", "data": {**data, **changes}})

    def without(name: str) -> str:
        kept = {key: value for key, value in data.items() if key != name}
        return wire.dump({"type": "transaction.status_changed", "timestamp": "2026-11-22T09:20:00Z", "data": kept})

    right = body()
    bad = [
        ("JSON cut short", right[:-3]), ("a list", "[]"), ("no type", '{"data":{}}'), ("type is a number",
        '{"type":1,"data":{}}'),
        ("seq named twice", right.replace('"seq":1', '"seq":1,"seq":2')), ("NaN", right.replace('"seq":1', '"seq":NaN')),
        ("data is a list", wire.dump({"type": "transaction.status_changed", "timestamp": "2026-11-22T09:20:00Z", "data": []})),
        *((f"no {name}", without(name)) for name in ("transaction_ref", "launch_id", "mandate", "seq", "status", "effective_at")),
        ("seq is a text", body(seq="1")), ("seq is a boolean", body(seq=True)), ("status is a number", body(status=1)),
    ]  # fmt: skip
    wrong = [
        *((f"the local status {name}", body(status=name)) for name in ("initiated", "opened", "abandoned", "unknown")),
        ("an undeclared status", body(status="lost_in_the_post")), ("seq 0", body(seq=0)), ("seq of 2^53", body(seq=2**53)),
        ("an amount as people write it", body(amount={"value": "1 500,00", "currency": "EUR"})),
        ("a moment with an offset", body(effective_at="2026-11-22T10:19:59+01:00")),
    ]  # fmt: skip
    return {
        "about": "Bodies of hooks, the signature being right (PLP-084 to PLP-086, PLP-092). `status`: the answer that is due.",
        "declared_statuses": ["signature_awaited"],
        "accepted": [
            {"what": "pending", "body": right}, {"what": "validated", "body": body(seq=2, status="validated",
            previous="pending")},
            {"what": "a declared status", "body": body(seq=2, status="signature_awaited", previous="pending")},
            {"what": "rejected, with its reason", "body": body(status="rejected", reason={"code": "other",
            "text": "Dossier incomplet."})},
            {"what": "corrected", "body": body("transaction.corrected", seq=3, corrects=2, status="rejected",
            previous="validated")},
            {"what": "an unknown member", "body": body(later={"a": 1})}, {"what": "an unknown type: 202, kept",
            "body": body("transaction.merged")},
            {"what": "ping", "body": '{"type":"ping","timestamp":"2026-11-22T09:20:00Z","data":{}}'},
        ],
        "refused": [{"why": why, "status": 400, "body": text} for why, text in bad]
        + [{"why": why, "status": 422, "body": text} for why, text in wrong],
    }  # fmt: skip


def capabilities() -> Vectors:
    """PLP-044 to PLP-049: answers to one question. `open`: the acts that a person may click."""
    allowed = {
        "code": "arbitrage",
        "label": "Arbitrage",
        "state": "allowed",
        "accepts_prefill": True,
        "limits": {"min": "500.00", "currency": "EUR"},
    }
    reason = {"code": "pending_same_kind", "text": "Un rachat est en cours de traitement.", "ref": "TXP-9981", "until": None}
    denied = {"code": "rachat_partiel", "label": "Rachat partiel", "state": "denied", "reason": reason}
    away = {"code": "avance", "label": "Avance", "state": "unavailable", "reason": {**reason, "code": "maintenance", "ref": None}}

    def body(*actions: Any, **more: Any) -> str:
        return wire.dump({
            "account_ref": "HIM0012345", "evaluated_at": "2026-11-22T09:20:00Z", "ttl_s": 60, "decision_id": f"dec_{TAIL}",
            "actions": list(actions), **more,
        })  # fmt: skip

    own = {"code": "option_securisation", "label": "Option de sécurisation", "nature": "une_autre", "state": "allowed"}
    accepted: list[tuple[str, str, list[str]]] = [
        ("one open, one denied, one unavailable", body(allowed, denied, away), ["arbitrage"]),
        ("an act of the partner's own, of an unknown nature", body(own), ["option_securisation"]),
        ("an unknown state reads as denied", body({**allowed, "state": "open"}), []),
        ("an act without a label is dropped", body({**allowed, "label": None}, own), ["option_securisation"]),
        ("an act with a malformed code is dropped", body({**allowed, "code": "Arbitrage !"}, own), ["option_securisation"]),
        ("an unknown reason code reads as other", body({**denied, "reason": {**reason, "code": "moon_phase"}}), []),
        ("nothing open", body(), []),
        ("an unknown member", body(allowed, later=1), ["arbitrage"]),
    ]
    many = [{**allowed, "code": f"act_{number}"} for number in range(101)]
    refused = [
        ("another account", body(allowed, account_ref="HIM0099999")), ("account_ref absent", body(allowed, account_ref=None)),
        ("a code twice", body(allowed, allowed)), ("101 acts", body(*many)), ("actions absent", body(actions=None)),
        ("actions is no list", body(actions={})),
        ("JSON cut short", body(allowed)[:-4]), ("a member twice", body(allowed)[:-1] + ',"ttl_s":60}'), ("a list", "[]"),
    ]  # fmt: skip
    return {
        "about": "Answers to a capability question (PLP-044 to PLP-049). Refused: the list is unavailable as a whole.",
        "asked": {"account": {"scheme": "contract-number", "ref": "HIM0012345"}},
        "scopes": ["capabilities", "status", "launch:arbitrage", "launch:rachat_partiel", "launch:avance",
        "launch:option_securisation"],
        "accepted": [{"what": what, "body": text, "open": acts} for what, text, acts in accepted],
        "refused": [{"why": why, "body": text} for why, text in refused],
    }  # fmt: skip


def problem_bodies() -> Vectors:
    """PLP-107, PLP-108: what each refusal means. `slug` null: the HTTP status alone counts."""
    kind = "application/problem+json"

    def body(slug: str, status: int, **more: Any) -> str:
        return wire.dump({
            "type": f"urn:plp:problem:{slug}", "title": "Refus", "status": status, "detail": "",
            "instance": "/plp/v1/capabilities",
            "interaction_id": "0b9f2c1e-7a44-4c7e-9f55-3a6f2f1d8e10", "retryable": status in problems.RETRIED,
            "reason_code": None,
            **more,
        })  # fmt: skip

    cases: list[tuple[str, int, str, str, str | None]] = [
        (f"{slug}", status, kind, body(slug, status), slug) for slug, status in problems.STATUSES.items()
    ]
    cases += [
        ("with a charset", 403, f"{kind}; charset=utf-8", body("mandate-inactive", 403), "mandate-inactive"),
        ("media type in capitals", 403, "Application/Problem+JSON", body("mandate-inactive", 403), "mandate-inactive"),
        ("an unknown member", 403, kind, body("scope-denied", 403, later=1), "scope-denied"),
        ("type and title alone", 404, kind, '{"type":"urn:plp:problem:account-unknown","title":"Inconnu","status":404}',
        "account-unknown"),
        ("about:blank", 404, kind, '{"type":"about:blank","title":"Not Found","status":404}', None),
        ("no type", 404, kind, '{"title":"Not Found","status":404}', None),
        ("type of another scheme", 404, kind, '{"type":"https://p.example/problems/account-unknown","status":404}', None),
        ("type in another case", 404, kind, '{"type":"URN:PLP:PROBLEM:account-unknown","status":404}', None),
        ("type is a number", 404, kind, '{"type":404,"status":404}', None),
        ("type named twice", 404, kind, '{"type":"urn:plp:problem:account-unknown","type":"about:blank","status":404}', None),
        ("JSON cut short", 404, kind, '{"type":"urn:plp:problem:account-un', None), ("a list", 404, kind, "[]", None),
        ("plain JSON, not a problem", 404, "application/json", body("account-unknown", 404), None),
        ("a page", 404, "text/html", "<title>Not Found</title>", None), ("nothing", 503, "text/plain", "", None),
        ("a page of a proxy", 502, "text/html", "<title>Bad Gateway</title>", None),
    ]  # fmt: skip
    return {
        "about": "Refusals as they come (PLP-107, PLP-108). `retried`: a platform may ask again.",
        "cases": [
            {"what": what, "status": status, "content_type": media, "body": text, "slug": slug,
            "retried": status in problems.RETRIED}
            for what, status, media, text, slug in cases
        ],
    }  # fmt: skip


def sheets() -> Vectors:
    """PLP §2: what each sheet must not say. `change`: members of the right sheet, in their wrong form; `without`: left out."""
    platform: list[tuple[str, dict[str, Any]]] = [
        ("plp 2", {"plp": 2}), ("of the other kind", {"kind": "partner"}), ("iss ends in a slash", {"iss": facts.ISS + "/"}),
        ("iss with a query", {"iss": facts.ISS + "?a=1"}), ("iss by ftp", {"iss": "ftp://c.example/plp/dupont"}),
        ("client_id too short", {"client_id": "cl"}), ("mandate with a blank", {"mandate": "mdt of the example"}),
        ("no thumbprint", {"jkt": []}), ("a thumbprint cut short", {"jkt": ["short"]}),
        ("secret without whsec_", {"webhook_secret": facts.SECRET.removeprefix("whsec_")}),
        ("secret of 16 bytes", {"webhook_secret": "whsec_MTIzNDU2Nzg5MDEyMzQ1Ng=="}), ("webhook_url with a fragment",
        {"webhook_url": "https://c.example/plp/hooks/x#y"}),
    ]  # fmt: skip
    partner: list[tuple[str, dict[str, Any]]] = [
        ("plp 2", {"plp": 2}), ("of the other kind", {"kind": "platform"}), ("partner_id in capitals", {"partner_id": "Nomineo"}),
        ("base_url ends in a slash", {"base_url": facts.BASE + "/"}), ("base_url with a query",
        {"base_url": facts.BASE + "?a=1"}),
        ("another binding", {"binding": "link"}), ("no redirect address", {"redirect_uris": []}), ("no act", {"actions": []}),
        ("an act with a malformed code", {"actions": [{"code": "Arbitrage !", "label": "Arbitrage"}]}),
        ("an act without a label", {"actions": [{"code": "arbitrage"}]}), ("no thumbprint", {"jkt": []}),
        ("feed is a text", {"feed": "yes"}), ("mandates by pigeon", {"mandates": "pigeon"}),
        ("a declared status without a label", {"extra_statuses": [{"code": "signature_awaited"}]}),
    ]  # fmt: skip
    return {
        "about": "Registration sheets that must not be taken (PLP §2). The right ones: platform-sheet.json, partner-sheet.json.",
        "platform": [{"why": why, "change": change} for why, change in platform]
        + [{"why": f"{name} absent", "without": name} for name in ("iss", "client_id", "mandate", "jwks_uri", "jkt",
        "webhook_url")],
        "partner": [{"why": why, "change": change} for why, change in partner]
        + [{"why": f"{name} absent", "without": name} for name in ("partner_id", "base_url", "jwks_uri", "initiate_login_uri",
        "actions")],
    }  # fmt: skip
