"""PLP-075 to PLP-077: an ID Token spoilt in one way opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.capabilities import items
from plp_conform.against_partner.capabilities import listed
from plp_conform.against_partner.flow import Flow
from plp_conform.against_partner.flow import flow
from plp_conform.against_partner.launch import refused
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.model import OIDC
from plp_conform.model import Check
from plp_conform.model import Side
from plp_conform.trial import Trial

CHAPTER = "Jeton d'identité"
check = REGISTRY.chapter(CHAPTER, OIDC)
_STRANGER = jose.Key.make()
_GONE = object()


@dataclass(frozen=True, slots=True)
class Spoilt:
    """`claims`, `plp`: members that are other than right (`_GONE`: left out), or a function of bench and flow."""

    name: str
    title: str
    ids: tuple[str, ...]
    claims: dict[str, Any] | Callable[[Bench, Flow], dict[str, Any]] | None = None
    plp: dict[str, Any] | Callable[[Bench, Flow], dict[str, Any]] | None = None
    make: Callable[[dict[str, Any], dict[str, Any], Flow], str] | None = None


def _times(**moved: int) -> Callable[[Bench, Flow], dict[str, Any]]:
    return lambda _, made: {name: made.platform.now() + seconds for name, seconds in moved.items()}


def _actor(**changes: Any) -> Callable[[Bench, Flow], dict[str, Any]]:
    return lambda _, made: {"actor": {**made.claims()["plp"]["actor"], **changes}}


_J = ("PLP-075",)
_P = ("PLP-076", "PLP-077")
_7 = ("PLP-077",)
SPOILT = (
    Spoilt("alg-none", "alg none", _J, make=lambda header, claims, _: jose.unsigned(header, claims)),
    Spoilt("alg-hs256", "HS256 avec la clé publiée pour secret", _J,
           make=lambda header, claims, made: jose.signed_by_secret(header, claims, made.platform.key.public_jwk())),
    Spoilt("signature", "signé par une autre clé sous notre kid", _J,
           make=lambda header, claims, _: jose.sign(header, claims, _STRANGER)),
    Spoilt("key", "signé d'une clé absente du papier", ("PLP-075", "PLP-017"),
           make=lambda header, claims, _: jose.sign({**header, "kid": _STRANGER.kid}, claims, _STRANGER)),
    Spoilt("request-token", "une demande signée à la place du jeton", _J,
           make=lambda header, claims, made: jose.sign({**header, "typ": "plp-req+jwt"}, claims, made.platform.key)),
    Spoilt("crit", "en-tête crit", _J,
           make=lambda header, claims, made: jose.sign({**header, "crit": ["exp"]}, claims, made.platform.key)),
    Spoilt("iss", "iss d'un autre", _J, claims=lambda bench, _: {"iss": bench.other.iss}),
    Spoilt("aud", "aud d'un autre client", ("PLP-075", "PLP-012"), claims=lambda bench, _: {"aud": bench.other.client_id}),
    Spoilt("aud-list", "aud en liste", _J, claims=lambda _, made: {"aud": [made.platform.client_id, "cl_un_autre_client_x"]}),
    Spoilt("azp", "azp présent", _J, claims={"azp": "cl_un_autre_client_x"}),
    Spoilt("exp", "échu depuis 45 s", ("PLP-075",), claims=_times(iat=-345, exp=-45)),
    Spoilt("iat", "émis dans 45 s", ("PLP-075",), claims=_times(iat=45, exp=345)),
    Spoilt("exp-text", "exp en texte", _J, claims=lambda _, made: {"exp": str(made.platform.now() + 300)}),
    Spoilt("nonce", "un autre nonce", _7, claims={"nonce": "un-autre-nonce-de-conformite"}),
    Spoilt("nonce-absent", "nonce absent", _7, claims={"nonce": _GONE}),
    Spoilt("sub", "sub d'un autre conseiller du mandat", _7, claims=lambda _, made: {"sub": made.platform.other_sub}),
    Spoilt("plp-absent", "sans plp", _P, claims={"plp": _GONE}),
    Spoilt("launch-id", "launch_id d'une autre ouverture", _7, plp={"launch_id": wire.new_id("lch")}),
    Spoilt("interaction-id", "interaction_id qui n'est pas un uuid4", _P, plp={"interaction_id": "pas-un-uuid"}),
    Spoilt("mandate", "mandat inconnu", _7, plp={"mandate": wire.new_id("mdt")}),
    Spoilt("mandate-other", "mandat d'un autre émetteur", _7, plp=lambda bench, _: {"mandate": bench.other.mandate}),
    Spoilt("action", "acte que la fiche n'a pas", _P, plp={"action": "un_acte_inconnu"}),
    Spoilt("actor-sub", "actor.sub autre que sub", _7, plp=lambda b, m: _actor(sub=m.platform.other_sub)(b, m)),
    Spoilt("broker-code", "code courtier autre que celui du mandat", _7, plp=_actor(broker_code="C-AUTRE")),
    Spoilt("account", "contrat inconnu", _7, plp=lambda b, _: {"account": {"scheme": b.scheme, "ref": "CONFORMITE-0"}}),
    Spoilt("account-foreign", "contrat d'un autre courtier", _7,
           plp=lambda b, _: {"account": {"scheme": b.scheme, "ref": b.book("foreign_account")}}),
    Spoilt("return-url", "return_url d'une autre origine", _7, plp={"return_url": "https://ailleurs.example/plp/return"}),
    Spoilt("return-url-port", "return_url d'un autre port", _7, plp={"return_url": "http://127.0.0.1:1/plp/return"}),
    Spoilt("return-url-script", "return_url en javascript:", _7, plp={"return_url": "javascript:alert(1)"}),
    Spoilt("transaction-null", "transaction_ref nul pour un acte", ("PLP-076",), plp={"transaction_ref": None}),
    Spoilt("transaction-short", "transaction_ref mal formé", ("PLP-076", "PLP-004"), plp={"transaction_ref": "court"}),
    *(
        Spoilt(f"{name}-absent", f"plp.{name} absent", ("PLP-076",), plp={name: _GONE})
        for name in ("launch_id", "interaction_id", "mandate", "action", "account", "actor", "return_url", "locale")
    ),
)  # fmt: skip


def _changed(value: dict[str, Any], change: Any, bench: Bench, made: Flow) -> dict[str, Any]:
    given = change(bench, made) if callable(change) else change or {}
    return {name: item for name, item in {**value, **given}.items() if item is not _GONE}


def _opens_nothing(case: Spoilt, bench: Bench, trial: Trial) -> None:
    made = flow(bench)

    def spoil(header: dict[str, Any], claims: dict[str, Any]) -> str:
        said = {**claims, "plp": _changed(claims["plp"], case.plp, bench, made)}
        said = _changed(said, case.claims, bench, made)
        return case.make(header, said, made) if case.make else jose.sign(header, said, made.platform.key)

    made.spoil = spoil
    made.begin(trial)
    answer = made.callback(note=f"jeton\u202f: {case.title}")
    trial.due(bool(made.exchanged), sent=answer.sent, came=f"{len(made.exchanged)} demande de jeton", due="une demande de jeton")
    refused(trial, made, answer, exchanged=True)


for _case in SPOILT:
    _title = f"N'ouvre rien\u202f: {_case.title}"
    REGISTRY.add(
        Check(f"id-token.{_case.name}", _title, _case.ids, CHAPTER, Side.PARTNER, partial(_opens_nothing, _case), (OIDC,))
    )


@check("id-token.scope", "Un acte hors des droits du mandat ne s'ouvre pas", "PLP-077", "PLP-040")
def an_act_out_of_scope(bench: Bench, trial: Trial) -> None:
    """Its mandate has no `launch:` at all."""
    platform = bench.active(scopes=["capabilities", "status"])
    made = flow(bench, platform=platform).begin(trial)
    refused(trial, made, made.callback(note="acte hors des droits"), exchanged=True)


@check("id-token.mandate-usable", "Sans mandat utilisable, rien ne s'ouvre", "PLP-077", "PLP-042")
def a_mandate_that_ended(bench: Bench, trial: Trial) -> None:
    """Suspended between the hand-over and the token."""
    platform = bench.active()
    made = flow(bench, platform=platform).begin(trial)
    bench.do("suspend", mandate=platform.mandate)
    refused(trial, made, made.callback(note="mandat suspendu entre-temps"), exchanged=True)


@check("id-token.unlisted", "Un conseiller absent du mandat n'ouvre rien", "PLP-077")
def an_unlisted_adviser(bench: Bench, trial: Trial) -> None:
    """Hint, `sub` and `actor.sub` agree; the mandate does not know him."""
    platform = bench.active()
    stranger = wire.new_id("adv")
    made = flow(bench, platform=platform)
    made.spoil = lambda header, claims: jose.sign(
        header,
        {**claims, "sub": stranger, "plp": {**claims["plp"], "actor": {**claims["plp"]["actor"], "sub": stranger}}},
        platform.key,
    )
    made.begin(trial, login_hint=stranger)
    refused(trial, made, made.callback(note="conseiller hors de la liste"), exchanged=True)


@check("id-token.transaction-used", "Une transaction_ref déjà connue n'ouvre rien", "PLP-077")
def a_transaction_that_is_known(bench: Bench, trial: Trial) -> None:
    """Each launch has its own."""
    first = flow(bench)
    first.open(trial)
    second = flow(bench, transaction_ref=first.transaction_ref).begin(trial)
    refused(trial, second, second.callback(note="transaction_ref déjà servie"), exchanged=True)


@check("id-token.mfa", "Un acte qui demande mfa ne s'ouvre pas sur un mot de passe", "PLP-077", "PLP-080")
def mfa_is_asked(bench: Bench, trial: Trial) -> None:
    """Where an act of the book's account asks it."""
    answer = trial.answer(listed(bench, bench.book("account")), 200)
    asking = [code for code, item in items(answer).items() if item.get("acr") == "urn:plp:acr:mfa"]
    if not asking:
        trial.answer(answer, 200, due="aucun acte de la liste ne demande mfa\u202f: rien à refuser")
        return
    for note, changes in (
        ("acr password", {}), ("authentifié il y a 20 min", {"acr": "urn:plp:acr:mfa", "auth_time": wire.now() - 1200}),
    ):  # fmt: skip
        made = flow(bench, act=asking[0])
        made.spoil = lambda header, claims, said=changes, of=made: jose.sign(header, {**claims, **said}, of.platform.key)
        made.begin(trial)
        refused(trial, made, made.callback(note=note), exchanged=True)
