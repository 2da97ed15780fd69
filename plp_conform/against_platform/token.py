"""PLP-072 to PLP-077: the token endpoint and the ID Token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from plp_conform import calling
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.bench import redeem
from plp_conform.against_platform.launch import coded
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.model import Check
from plp_conform.model import Side
from plp_conform.trial import Trial

CHAPTER = "Jeton"
check = REGISTRY.chapter(CHAPTER, OIDC)
_STRANGER = jose.Key.make()
_UNKNOWN = "code-de-conformite-inconnu"
Make = Callable[[dict[str, Any], dict[str, Any], jose.Key], str]


def error(trial: Trial, answer: Answer, status: int, word: str) -> None:
    """RFC 6749 §5.2, JSON, `no-store`, never a problem document."""
    found = answer.json()
    plain = answer.media_type == "application/json" and "no-store" in answer.headers.get("cache-control", "")
    right = isinstance(found, dict) and found.get("error") == word and "type" not in found
    trial.answer(answer, status, holds=plain and right, due=f"{status}, {word}, JSON, no-store")


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An assertion that is right but for one thing. `make` of header, claims and the partner's key."""

    name: str
    title: str
    make: Make


def _with(**changes: Any) -> Make:
    def make(header: dict[str, Any], claims: dict[str, Any], key: jose.Key) -> str:
        said = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jose.sign(header, said, key)

    return make


def _header(**changes: Any) -> Make:
    def make(header: dict[str, Any], claims: dict[str, Any], key: jose.Key) -> str:
        top = {name: value for name, value in {**header, **changes}.items() if value is not None}
        return jose.sign(top, claims, key)

    return make


def _times(iat: int, exp: int) -> Make:
    return lambda h, c, key: jose.sign(h, {**c, "iat": c["iat"] + iat, "exp": c["iat"] + exp}, key)


SPOILT = (
    Spoilt("alg-none", "alg none", lambda h, c, _: jose.unsigned(h, c)),
    Spoilt("alg-hs256", "HS256 avec la clé publiée", lambda h, c, key: jose.signed_by_secret(h, c, key.public_jwk())),
    Spoilt("signature", "signée par une autre clé sous notre kid", lambda h, c, _: jose.sign(h, c, _STRANGER)),
    Spoilt("key", "signée d'une clé absente de la fiche", lambda h, c, _: jose.sign({**h, "kid": _STRANGER.kid}, c, _STRANGER)),
    Spoilt("der", "la bonne signature, en DER", lambda h, c, key: jose.as_der(jose.sign(h, c, key))),
    Spoilt("kid-absent", "kid absent", _header(kid=None)),
    Spoilt("typ", "typ d'une demande signée", _header(typ="plp-req+jwt")),
    Spoilt("jku", "en-tête jku", _header(jku="http://127.0.0.1:9/jwks.json")),
    Spoilt(
        "jwk", "en-tête jwk", lambda h, c, _: jose.sign({**h, "kid": _STRANGER.kid, "jwk": _STRANGER.public_jwk()}, c, _STRANGER)
    ),
    Spoilt("crit", "en-tête crit", _header(crit=["exp"])),
    Spoilt("iss", "iss d'un autre", _with(iss="cl_un_autre_client_x")),
    Spoilt("sub", "sub d'un autre", _with(sub="cl_un_autre_client_x")),
    Spoilt("aud", "aud d'un autre", _with(aud="https://autre.example/plp/x")),
    Spoilt("aud-list", "aud en liste", lambda h, c, key: jose.sign(h, {**c, "aud": [c["aud"]]}, key)),
    Spoilt("life", "dix minutes de vie", _times(0, 600)),
    Spoilt("exp", "échue depuis 45 s", _times(-105, -45)),
    Spoilt("iat", "émise dans 45 s", _times(45, 105)),
    Spoilt("exp-text", "exp en texte", lambda h, c, key: jose.sign(h, {**c, "exp": str(c["exp"])}, key)),
    Spoilt("jti-absent", "jti absent", _with(jti=None)),
    Spoilt("member-twice", "un membre répété", lambda h, c, key: jose.sign(h, wire.dump(c)[:-1] + f',"sub":"{c["sub"]}"}}', key)),
)


def _refuses(case: Spoilt, bench: Bench, trial: Trial) -> None:
    key = bench.partner.key
    answer = redeem(bench, _UNKNOWN, make=lambda h, c: case.make(h, c, key), note=f"assertion\u202f: {case.title}")
    error(trial, answer, 401, "invalid_client")


@check("token.client", "Une assertion juste est prise\u202f: c'est le code qui est inconnu", "PLP-073", "PLP-074")
def a_right_assertion(bench: Bench, trial: Trial) -> None:
    """`aud` the issuer, or the token endpoint; `typ` JWT, absent, or client-authentication+jwt."""
    key, endpoint = bench.partner.key, bench.discovery["token_endpoint"]
    makes: tuple[tuple[str, Make], ...] = (
        ("aud = émetteur", _with()), ("aud = token_endpoint", _with(aud=endpoint)), ("sans typ", _header(typ=None)),
        ("typ client-authentication+jwt", _header(typ="client-authentication+jwt")),
    )  # fmt: skip
    for note, make in makes:
        answer = redeem(bench, _UNKNOWN, make=lambda h, c, by=make: by(h, c, key), note=note)  # type: ignore[misc]
        error(trial, answer, 400, "invalid_grant")


for _case in SPOILT:
    _title = f"Assertion refusée\u202f: {_case.title}"
    REGISTRY.add(
        Check(f"assertion.{_case.name}", _title, ("PLP-073",), CHAPTER, Side.PLATFORM, partial(_refuses, _case), (OIDC,))
    )


@check("assertion.jti-once", "Une assertion ne sert qu'une fois", "PLP-073")
def an_assertion_serves_once(bench: Bench, trial: Trial) -> None:
    """The same `jti` again."""
    jti, key = wire.new_id("jti"), bench.partner.key
    for word, status in (("invalid_grant", 400), ("invalid_client", 401)):
        error(trial, redeem(bench, _UNKNOWN, make=lambda h, c: jose.sign(h, {**c, "jti": jti}, key)), status, word)


@check("token.form", "Une demande mal faite\u202f: invalid_request ou unsupported_grant_type", "PLP-074", "PLP-072")
def a_wrong_form(bench: Bench, trial: Trial) -> None:
    """Missing members; another grant; a JSON body."""
    for name in ("grant_type", "code", "redirect_uri", "code_verifier", "client_id"):
        error(trial, redeem(bench, _UNKNOWN, note=f"sans {name}", without=name), 400, "invalid_request")
    error(trial, redeem(bench, _UNKNOWN, grant_type="client_credentials"), 400, "unsupported_grant_type")
    headers = {"Content-Type": "application/json"}
    answer = calling.call("POST", bench.discovery["token_endpoint"], headers=headers, body=b"{}", note="un corps JSON")
    error(trial, answer, 400, "invalid_request")


@check(
    "token.answer", "Le jeton\u202f: ES256, une audience, les déclarations prévues", "PLP-072", "PLP-075", "PLP-076", "PLP-057"
)
def the_token(bench: Bench, trial: Trial) -> None:
    """Its signature by a key of the sheet, though it came from the token endpoint."""
    made = bench.trip(trial)
    answer = trial.answer(made.redeem(coded(bench, trial, made)), 200)
    body = answer.json()
    trial.shape("TokenAnswer", body, sent=f"POST {answer.url}", what="réponse")
    stored = "no-store" in answer.headers.get("cache-control", "") and "set-cookie" not in answer.headers
    trial.due(stored, sent=f"POST {answer.url}", came=str(answer.headers.get("cache-control")), due="no-store, sans cookie")
    header, claims = jose.read(body["id_token"])
    shown = f"{wire.dump(header)}\n{wire.dump(claims)}"
    keys = {key["kid"]: key for key in calling.call("GET", str(bench.sheet["jwks_uri"])).json()["keys"]}
    right = header.get("alg") == "ES256" and header.get("kid") in bench.sheet["jkt"] and header.get("typ") == "JWT"
    trial.due(right, sent="jeton", came=shown, due="{alg: ES256, kid de la fiche, typ: JWT}")
    trial.due(jose.verify(body["id_token"], keys[header["kid"]]), sent="jeton", came=shown, due="une signature de cette clé")
    trial.shape("IdTokenClaims", claims, sent="jeton", what="déclarations")
    wanted = {
        "iss": bench.sheet["iss"], "aud": bench.sheet["client_id"], "nonce": made.nonce, "sub": made.hints["login_hint"],
    }  # fmt: skip
    trial.due({k: claims[k] for k in wanted} == wanted and "azp" not in claims, sent="jeton", came=shown, due=wire.dump(wanted))
    timed = claims["exp"] - claims["iat"] == 300 and abs(claims["iat"] - wire.now()) <= 30 and claims["auth_time"] <= wire.now()
    trial.due(timed, sent="jeton", came=shown, due="300 s, à l'heure, auth_time passé")
    personal = set(claims) & {"email", "name", "given_name", "family_name", "phone_number", "preferred_username"}
    trial.due(not personal and claims["sid"] not in str(bench.visitor.cookies), sent="jeton", came=shown, due="rien de personnel")


@check(
    "token.plp",
    "plp dit l'ouverture, telle que le partenaire la connaît par ailleurs",
    "PLP-076",
    "PLP-077",
    "PLP-010",
    "PLP-080",
)
def what_plp_says(bench: Bench, trial: Trial) -> None:
    """Each member that the partner must check."""
    made = bench.trip(trial)
    _, claims = jose.read(made.redeem(coded(bench, trial, made)).json()["id_token"])
    asked = wire.parse(bench.partner.calls("/capabilities")[-1].incoming.body)
    plp, document, shown = claims["plp"], bench.document(), wire.dump(claims["plp"])
    wanted = {
        "launch_id": made.hints["plp_message_hint"], "mandate": bench.sheet["mandate"], "action": bench.partner.acts[0],
        "account": {"scheme": asked["account"]["scheme"], "ref": asked["account"]["ref"]},
    }  # fmt: skip
    given = {**{name: plp.get(name) for name in wanted}, "account": {k: plp["account"].get(k) for k in ("scheme", "ref")}}
    trial.due(given == wanted, sent="jeton", came=shown, due=wire.dump(wanted))
    listed = {one["sub"]: one["display"] for one in document["advisers"]}
    actor = plp["actor"]["sub"] == claims["sub"] in listed and plp["actor"]["broker_code"] == document["broker_code"]
    trial.due(actor, sent="jeton", came=shown, due="un conseiller et le code courtier du mandat")
    back, issuer = urlsplit(plp["return_url"]), urlsplit(str(bench.sheet["iss"]))
    same = (back.scheme, back.netloc) == (issuer.scheme, issuer.netloc)
    trial.due(same, sent="jeton", came=plp["return_url"], due="return_url de l'origine de l'émetteur")
    named = wire.is_id(plp["transaction_ref"]) and wire.is_uuid4(plp["interaction_id"])
    trial.due(named, sent="jeton", came=shown, due="transaction_ref, interaction_id uuid4")
    trial.due(plp.get("prefill") is None, sent="jeton", came=shown, due="prefill nul\u202f: l'acte n'a pas dit accepts_prefill")
    trial.due(
        claims["acr"] in ("urn:plp:acr:password", "urn:plp:acr:mfa"), sent="jeton", came=claims["acr"], due="acr de PLP-080"
    )
    trial.due(
        f"launch:{plp['action']}" in document["scopes"], sent="jeton", came=plp["action"], due="un acte des droits du mandat"
    )


@check("token.verifier", "Un mauvais code_verifier ou redirect_uri\u202f: invalid_grant, rien n'est consommé", "PLP-074")
def a_wrong_verifier(bench: Bench, trial: Trial) -> None:
    """The right one then passes."""
    made = bench.trip(trial)
    code = coded(bench, trial, made)
    error(trial, made.redeem(code, code_verifier="w" * 64, note="autre code_verifier"), 400, "invalid_grant")
    error(
        trial,
        made.redeem(code, redirect_uri="https://ailleurs.example/plp/callback", note="autre redirect_uri"),
        400,
        "invalid_grant",
    )
    trial.answer(made.redeem(code), 200)


@check("token.once", "Un code ne sert qu'une fois", "PLP-074")
def a_code_serves_once(bench: Bench, trial: Trial) -> None:
    """invalid_grant."""
    made = bench.trip(trial)
    code = coded(bench, trial, made)
    trial.answer(made.redeem(code), 200)
    error(trial, made.redeem(code, note="le même code"), 400, "invalid_grant")
