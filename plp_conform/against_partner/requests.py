"""PLP-022 to PLP-036: signed requests, each spoilt in one way."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from typing import Any

from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.platform import Platform
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.model import Check
from plp_conform.model import Side
from plp_conform.serving import Reply
from plp_conform.trial import Trial

CHAPTER = "Demandes signées"
check = REGISTRY.chapter(CHAPTER)
_STRANGER = jose.Key.make()
Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A request that is right but for one thing, and the refusal that is due. `change`: new claims from the right ones."""

    name: str
    title: str
    ids: tuple[str, ...]
    slug: str
    status: int = 401
    change: Callable[[Claims], Mapping[str, Any]] | None = None
    spoil: Mapping[str, Any] = field(default_factory=dict)


def _make(change: Callable[[Claims], Mapping[str, Any]]) -> Callable[[dict[str, Any], Claims], tuple[dict[str, Any], Claims]]:
    return lambda header, claims: (header, {**claims, **change(claims)})


def _send(platform: Platform, case: Spoilt) -> Answer:
    spoil = dict(case.spoil)
    if case.change is not None:
        changed = _make(case.change)
        spoil["make"] = lambda header, claims: jose.sign(*changed(header, claims), platform.key)
    return platform.look(note=case.title, **spoil)


INVALID, STALE, SIGNATURE = "invalid-assertion", "stale-assertion", "invalid-signature"
_H = ("PLP-029",)
_T = ("PLP-032",)
_C = ("PLP-033", "PLP-022")


def _at(**moved: int) -> Callable[[Claims], Mapping[str, Any]]:
    """Times as they are if the token was made so many seconds from now."""
    return lambda claims: {name: claims["iat"] + seconds for name, seconds in moved.items()}


SPOILT = (
    Spoilt("bearer-absent", "sans Authorization", _H, INVALID, spoil={"headers": {"Authorization": None}}),
    Spoilt("bearer-basic", "Authorization Basic", _H, INVALID, spoil={"headers": {"Authorization": "Basic cGxwOnBscA=="}}),
    Spoilt("jwt-unreadable", "un jeton qui n'en est pas un", _H, INVALID, spoil={"headers": {"Authorization": "Bearer a.b.c"}}),
    Spoilt("jwt-too-long", "un jeton de plus de 8 Kio", _H, INVALID, change=lambda _: {"filler": "x" * 9000}),
    Spoilt("alg-none", "alg none, sans signature", _H, INVALID, spoil={"make": jose.unsigned}),
    Spoilt("alg-hs256", "HS256 avec la clé publiée pour secret", _H, INVALID, spoil={
        "make": lambda header, claims: jose.signed_by_secret(header, claims, _STRANGER.public_jwk())}),
    Spoilt("alg-es384", "alg ES384", _H, INVALID, spoil={"header": {"alg": "ES384"}}),
    Spoilt("typ-jwt", "typ JWT", _H, INVALID, spoil={"header": {"typ": "JWT"}}),
    Spoilt("typ-absent", "typ absent", _H, INVALID, spoil={"header": {"typ": None}}),
    Spoilt("typ-prefixed", "typ avec application/", _H, INVALID, spoil={"header": {"typ": "application/plp-req+jwt"}}),
    Spoilt("kid-absent", "kid absent", _H, INVALID, spoil={"header": {"kid": None}}),
    Spoilt("kid-number", "kid qui n'est pas un texte", _H, INVALID, spoil={"header": {"kid": 1}}),
    *(
        Spoilt(f"header-{name}", f"en-tête {name}", _H, INVALID, spoil={"header": {name: value}})
        for name, value in (
            ("jku", "http://127.0.0.1:9/jwks.json"), ("x5u", "http://127.0.0.1:9/cert.pem"), ("x5c", ["MIIB"]),
            ("jwk", _STRANGER.public_jwk()), ("crit", ["exp"]),
        )
    ),
    Spoilt("iss-unknown", "iss inconnu", ("PLP-030",), INVALID, change=lambda c: {"iss": c["iss"] + "x"}),
    Spoilt("iss-list", "iss en liste", ("PLP-030",), INVALID, change=lambda c: {"iss": [c["iss"]]}),
    Spoilt("iss-absent", "iss absent", ("PLP-030",), INVALID, spoil={"drop": ("iss",)}),
    Spoilt("signature-stranger", "signé par une autre clé sous notre kid", ("PLP-031",), SIGNATURE, spoil={
        "make": lambda header, claims: jose.sign(header, claims, _STRANGER)}),
    Spoilt("signature-zero", "signature nulle", ("PLP-031",), SIGNATURE, spoil={
        "make": lambda header, claims: jose.with_signature(jose.sign(header, claims, _STRANGER), b"\0" * 64)}),
    Spoilt("key-unpublished", "une clé inconnue, sous son propre kid", ("PLP-017", "PLP-031"), SIGNATURE,
           spoil={"key": _STRANGER}),
    Spoilt("exp-past", "exp passé de 45 s", _T, STALE, change=_at(iat=-105, nbf=-135, exp=-45)),
    Spoilt("nbf-ahead", "nbf dans 45 s", _T, STALE, change=_at(nbf=45)),
    Spoilt("iat-ahead", "iat dans 45 s", _T, STALE, change=_at(iat=45, nbf=15, exp=105)),
    Spoilt("life-too-long", "exp - iat de 120 s", ("PLP-033", "PLP-022"), INVALID, change=_at(exp=120)),
    Spoilt("exp-before-iat", "exp avant iat", _C, INVALID, change=_at(exp=-5)),
    Spoilt("exp-absent", "exp absent", _C, INVALID, spoil={"drop": ("exp",)}),
    Spoilt("exp-text", "exp en texte", _C, INVALID, change=lambda c: {"exp": str(c["exp"])}),
    Spoilt("nbf-boolean", "nbf booléen", _C, INVALID, change=lambda _: {"nbf": True}),
    Spoilt("iat-fraction", "iat à virgule", _C, INVALID, change=lambda c: {"iat": c["iat"] + 0.5}),
    Spoilt("aud-list", "aud en liste", _C, INVALID, change=lambda c: {"aud": [c["aud"]]}),
    Spoilt("aud-other", "aud d'un autre", _C, INVALID, change=lambda _: {"aud": "https://autre.example/plp/v1"}),
    Spoilt("aud-slash", "aud avec une barre finale", _C, INVALID, change=lambda c: {"aud": c["aud"] + "/"}),
    Spoilt("htm-other", "htm d'une autre méthode", _C, INVALID, change=lambda _: {"htm": "POST"}),
    Spoilt("htm-lower", "htm en minuscules", _C, INVALID, change=lambda _: {"htm": "get"}),
    Spoilt("htu-other", "htu d'une autre adresse", _C, INVALID, change=lambda c: {"htu": c["aud"] + "/capabilities"}),
    Spoilt("htu-query", "htu avec des paramètres", _C, INVALID, change=lambda c: {"htu": c["htu"] + "?limit=1"}),
    Spoilt("bsh-other", "bsh d'un autre corps", _C, INVALID, change=lambda _: {"bsh": wire.sha256(b"{}")}),
    Spoilt("bsh-padded", "bsh avec son bourrage", _C, INVALID, change=lambda c: {"bsh": c["bsh"] + "="}),
    Spoilt("bsh-absent", "bsh absent", _C, INVALID, spoil={"drop": ("bsh",)}),
    Spoilt("jti-absent", "jti absent", _C, INVALID, spoil={"drop": ("jti",)}),
    Spoilt("jti-short", "jti de 8 caractères", ("PLP-033", "PLP-004"), INVALID, change=lambda _: {"jti": "12345678"}),
    Spoilt("mandate-absent", "mandate absent", _C, INVALID, spoil={"drop": ("mandate",)}),
)  # fmt: skip


def _refuses(case: Spoilt, bench: Bench, trial: Trial) -> None:
    trial.refused(_send(bench.platform, case), case.status, case.slug)


for _case in SPOILT:
    _title = f"Refusée\u202f: {_case.title}"
    REGISTRY.add(Check(f"request.{_case.name}", _title, _case.ids, CHAPTER, Side.PARTNER, partial(_refuses, _case)))


@check("request.right", "Une demande juste est prise", "PLP-022", "PLP-024")
def a_right_request(bench: Bench, trial: Trial) -> None:
    """Without it, the refusals would prove nothing."""
    trial.answer(bench.platform.look(), 200)


@check("request.leeway", "La tolérance de 30 s est accordée", "PLP-032")
def the_leeway_is_given(bench: Bench, trial: Trial) -> None:
    """A clock may be late or early by less than 30 s."""
    for name, moved in (("15 s de retard", {"iat": -75, "nbf": -105, "exp": -15}), ("15 s d'avance", {"iat": 15, "exp": 75})):
        case = Spoilt("", name, (), "", change=_at(**moved))
        trial.answer(_send(bench.platform, case), 200)


@check("request.der", "Une signature en ASN.1 est refusée", "PLP-029", "PLP-031")
def a_signature_in_der(bench: Bench, trial: Trial) -> None:
    """The right signature in another writing is no ES256."""
    platform = bench.platform
    answer = platform.look(note="la bonne signature, en DER", make=lambda h, c: jose.as_der(jose.sign(h, c, platform.key)))
    trial.refused(answer, 401, SIGNATURE, INVALID)


@check("request.claims-repeated", "Un membre répété dans le jeton est refusé", "PLP-029", "PLP-003")
def a_member_twice(bench: Bench, trial: Trial) -> None:
    """Two readers would read two requests; truly signed all the same."""
    platform = bench.platform
    for note, make in (
        ("htm répété", lambda h, c: jose.sign(h, wire.dump(c)[:-1] + ',"htm":"GET"}', platform.key)),
        ("alg répété", lambda h, c: jose.sign(wire.dump(h)[:-1] + ',"alg":"ES256"}', c, platform.key)),
    ):
        trial.refused(platform.look(note=note, make=make), 401, INVALID)


@check("request.jti-once", "Un jti ne sert qu'une fois", "PLP-036")
def a_jti_serves_once(bench: Bench, trial: Trial) -> None:
    """The same assertion, then the same `jti` in another."""
    platform, jti = bench.platform, wire.new_id("jti")
    trial.answer(platform.look(claims={"jti": jti}), 200)
    trial.refused(platform.look(claims={"jti": jti}, note="jti déjà servi"), 401, INVALID)


@check("request.jti-of-each", "Le jti d'une plateforme n'est pas celui d'une autre", "PLP-036")
def a_jti_is_its_issuers(bench: Bench, trial: Trial) -> None:
    """Unique per (`iss`, `jti`): one platform cannot use up another's."""
    jti = wire.new_id("jti")
    trial.answer(bench.platform.look(claims={"jti": jti}), 200)
    trial.answer(bench.other.look(claims={"jti": jti}, note="le même jti, d'un autre émetteur"), 200)


@check("request.jti-race", "Deux demandes de même jti à la fois\u202f: une seule est prise", "PLP-036")
def a_jti_serves_once_at_once(bench: Bench, trial: Trial) -> None:
    """Six at the same moment."""
    platform, jti = bench.platform, wire.new_id("jti")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: platform.look(claims={"jti": jti}), range(6)))
    taken = [one.status for one in answers].count(200)
    trial.due(taken == 1, sent=f"6 × {answers[0].sent}", came=f"{taken} fois HTTP 200", due="une fois HTTP 200")


@check("request.www-authenticate", "Un 401 porte WWW-Authenticate", "PLP-036")
def a_401_says_how(bench: Bench, trial: Trial) -> None:
    """RFC 6750."""
    answer = bench.platform.look(key=_STRANGER)
    given = answer.headers.get("www-authenticate", "")
    trial.answer(answer, 401, holds='error="invalid_token"' in given, due='401, WWW-Authenticate: Bearer error="invalid_token"')


@check("request.each-operation", "Chaque opération vérifie la signature", "PLP-031", "PLP-024")
def each_operation_checks(bench: Bench, trial: Trial) -> None:
    """One that forgets would be the way in."""
    platform = bench.platform
    body = platform.asked("X0000001", bench.scheme)
    for method, path, sub, given in (
        ("POST", "/capabilities", platform.sub, body), ("GET", "/transactions", None, None),
        ("GET", "/transactions/txn_conformite_inconnue", None, None),
        ("PUT", f"/mandates/{platform.mandate}", None, platform.document()),
    ):  # fmt: skip
        answer = platform.call(
            method, path, given, sub=sub, note="signé par une autre clé",
            make=lambda header, claims: jose.sign(header, claims, _STRANGER),
        )  # fmt: skip
        trial.refused(answer, 401, SIGNATURE)


@check("request.sub", "sub est le mandat sur /transactions et /mandates, le conseiller sur /capabilities", "PLP-023")
def the_sub_is_the_operations(bench: Bench, trial: Trial) -> None:
    """403 adviser-not-mandated otherwise."""
    platform = bench.platform
    for path in (f"/mandates/{platform.mandate}", "/transactions"):
        trial.refused(platform.call("GET", path, sub=platform.sub, note="sub du conseiller"), 403, "adviser-not-mandated")
    asked = platform.asked("X0000001", bench.scheme)
    trial.refused(platform.call("POST", "/capabilities", asked, note="sub du mandat"), 403, "adviser-not-mandated")


@check("request.keys-unreachable", "Clés de l'émetteur injoignables\u202f: 503, rien n'est pris", "PLP-031", "PLP-108")
def keys_unreachable(bench: Bench, trial: Trial) -> None:
    """With a Retry-After; never taken on trust."""
    fresh = bench.registered()
    fresh.jwks_reply = Reply(500)
    answer = trial.refused(fresh.put(note="nos clés répondent 500"), 503, "maintenance")
    given = answer.headers.get("retry-after", "")
    trial.answer(answer, 503, holds=given.isdecimal(), due="Retry-After en secondes entières (PLP-108)")


@check("request.not-found", "Adresse inconnue, puis méthode inconnue", "PLP-025")
def unknown_route(bench: Bench, trial: Trial) -> None:
    """404 not-found; 405 with `Allow`."""
    platform = bench.platform
    trial.refused(platform.call("GET", "/nowhere-at-all"), 404, "not-found")
    answer = trial.refused(platform.call("DELETE", "/capabilities"), 405, "method-not-allowed")
    trial.answer(answer, 405, holds="POST" in answer.headers.get("allow", ""), due="Allow: POST")


@check("request.too-large", "Un corps de plus de 256 Kio est refusé", "PLP-026")
def a_body_too_large(bench: Bench, trial: Trial) -> None:
    """Before anything else of it is looked at."""
    platform = bench.platform
    raw = wire.dump({**platform.asked("X0000001", bench.scheme), "filler": "x" * (256 * 1024)}).encode()
    trial.refused(platform.call("POST", "/capabilities", raw=raw, sub=platform.sub), 413, "too-large")


@check("request.media-type", "Un autre type de corps est refusé", "PLP-028", "PLP-003")
def another_media_type(bench: Bench, trial: Trial) -> None:
    """Text, compressed, or of no type."""
    platform = bench.platform
    asked = platform.asked("X0000001", bench.scheme)
    for headers in ({"Content-Type": "text/plain"}, {"Content-Type": None}, {"Content-Encoding": "gzip"}):
        answer = platform.call("POST", "/capabilities", asked, sub=platform.sub, headers=headers, note=str(headers))
        trial.refused(answer, 415, "media-type")


@check("request.body-unread", "Rien du corps n'est lu avant la signature", "PLP-024")
def the_body_waits(bench: Bench, trial: Trial) -> None:
    """Bad JSON under a bad signature is a bad signature; under another body's hash, a bad assertion."""
    platform = bench.platform
    for spoil, slug in (
        ({"make": lambda header, claims: jose.sign(header, claims, _STRANGER)}, SIGNATURE),
        ({"claims": {"bsh": wire.sha256(b"")}}, INVALID),
    ):
        answer = platform.call("POST", "/capabilities", raw=b'{"account":', sub=platform.sub, note="JSON tronqué", **spoil)
        trial.refused(answer, 401, slug)


@check("request.order", "Les contrôles suivent l'ordre de PLP-024", "PLP-024", "PLP-027", "PLP-030", "PLP-032")
def the_order_of_checks(bench: Bench, trial: Trial) -> None:
    """Two faults at once: the earlier one is answered."""
    platform = bench.platform
    old: Callable[[Claims], Mapping[str, Any]] = _at(iat=-500, nbf=-530, exp=-440)
    unknown = {"make": lambda header, claims: jose.sign(header, {**claims, "iss": "https://x.example/plp/x"}, _STRANGER)}
    late = {"make": lambda header, claims: jose.sign(header, {**claims, **old(claims), "aud": "x"}, platform.key)}
    forged = {"make": lambda header, claims: jose.sign(header, {**claims, **old(claims)}, _STRANGER)}
    trial.refused(platform.look(headers={"PLP-Version": "2"}, key=_STRANGER, note="version et clé"), 426, "version-unsupported")
    trial.refused(platform.look(note="émetteur inconnu et clé étrangère", **unknown), 401, INVALID)
    trial.refused(platform.look(note="clé étrangère et jeton périmé", **forged), 401, SIGNATURE)
    trial.refused(platform.look(note="jeton périmé et aud d'un autre", **late), 401, STALE)


@check("request.body", "Un corps illisible est 400, une valeur hors règle 422", "PLP-035", "PLP-003")
def the_body_is_judged(bench: Bench, trial: Trial) -> None:
    """JSON, members, types → 400; values → 422."""
    platform = bench.platform
    right = wire.dump(platform.asked("X0000001", bench.scheme))
    repeated = right[:-1] + ',"account":{"scheme":"contract-number","ref":"X0000002"}}'
    for raw, why in (
        (b'{"account":', "JSON tronqué"), (b"[]", "une liste"), (b'{"actor":{}}', "account absent"),
        (right.replace('"X0000001"', "1").encode(), "ref qui n'est pas un texte"), (repeated.encode(), "un membre répété"),
        (right.encode("utf-16"), "UTF-16"),
    ):  # fmt: skip
        answer = platform.call("POST", "/capabilities", raw=raw, sub=platform.sub, note=why)
        trial.refused(answer, 400, "malformed-request")
    wrong = platform.asked("R" * 65, bench.scheme)
    trial.refused(platform.call("POST", "/capabilities", wrong, sub=platform.sub, note="ref de 65 caractères"), 422, "validation")
