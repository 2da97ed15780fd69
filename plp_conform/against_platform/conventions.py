"""PLP-001 to PLP-011, as far as a platform shows them."""

from __future__ import annotations

from uuid import uuid4

from plp_conform import calling
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.trial import Trial

CHAPTER = "Conventions"
check = REGISTRY.chapter(CHAPTER)


@check("convention.calls", "Ses demandes portent PLP-Version, un PLP-Interaction-Id neuf, et Accept-Encoding: identity",
       "PLP-003", "PLP-007", "PLP-008")  # fmt: skip
def its_calls(bench: Bench, trial: Trial) -> None:
    """Each call below `base_url`."""
    bench.acts(trial)
    for call in bench.partner.calls():
        headers = call.incoming.headers
        right = headers.get("plp-version") == "1" and wire.is_uuid4(headers.get("plp-interaction-id"))
        trial.due(right, sent="une demande de la plateforme", came=call.incoming.told, due="PLP-Version: 1, un uuid4")
        plain = headers.get("accept-encoding") == "identity" and headers.get("content-encoding", "identity") == "identity"
        trial.due(plain, sent="une demande de la plateforme", came=call.incoming.told, due="Accept-Encoding: identity")
        if call.incoming.body:
            typed = headers.get("content-type", "").split(";")[0] == "application/json"
            trial.due(typed, sent="une demande de la plateforme", came=call.incoming.told, due="application/json")


@check("convention.interaction", "PLP-Interaction-Id revient, un mauvais est remplacé", "PLP-008")
def the_interaction_comes_back(bench: Bench, trial: Trial) -> None:
    """On the hook's answer and on the keys."""
    given = str(uuid4())
    for answer in (
        bench.partner.hook("ping", {}, headers={"PLP-Interaction-Id": given}),
        calling.call("GET", str(bench.sheet["jwks_uri"]), headers={"PLP-Interaction-Id": given}),
    ):
        back = answer.headers.get("plp-interaction-id")
        trial.answer(answer, 200, 202, 204, holds=back == given, due=f"PLP-Interaction-Id: {given}")
    answer = bench.partner.hook("ping", {}, headers={"PLP-Interaction-Id": "pas-un-uuid"})
    back = answer.headers.get("plp-interaction-id")
    trial.answer(answer, 200, 202, 204, holds=wire.is_uuid4(back), due="un nouvel uuid4")


@check("convention.handle", "Le conseiller a un seul identifiant, qui n'est pas une adresse", "PLP-010", "PLP-004")
def one_handle(bench: Bench, trial: Trial) -> None:
    """`sub`, `actor.adviser`, `advisers[].sub`, `login_hint` are one."""
    made = bench.trip(trial)
    call = bench.partner.calls("/capabilities")[-1]
    asked = wire.parse(call.incoming.body)
    hint = made.hints["login_hint"]
    names = {call.claims["sub"], asked["actor"]["adviser"], hint}
    listed = hint in {one["sub"] for one in bench.document()["advisers"]}
    right = len(names) == 1 and wire.is_id(hint) and "@" not in hint and listed
    trial.due(right, sent="liste des actes, puis page de passage", came=str(sorted(names)), due="un seul identifiant, du mandat")
    code = asked["actor"]["broker_code"]
    trial.due(code == bench.document()["broker_code"], sent=call.told, came=code, due="le code courtier du mandat")


@check("convention.idempotency-key", "Idempotency-Key ne change rien à une notification", "PLP-011")
def no_idempotency_key(bench: Bench, trial: Trial) -> None:
    """Two messages under one key are two messages."""
    headers = {"Idempotency-Key": "la-meme-cle-de-conformite"}
    for kind in ("conformite.un", "conformite.deux"):
        trial.answer(bench.partner.hook(kind, {}, headers=headers), 202)


@check("convention.version", "PLP-Version n'est pas exigée des notifications ni des clés", "PLP-007")
def no_version_there(bench: Bench, trial: Trial) -> None:
    """Only below `base_url`."""
    trial.answer(bench.partner.hook("ping", {}, headers={"PLP-Version": "9"}), 200, 202, 204)
    trial.answer(calling.call("GET", str(bench.sheet["jwks_uri"]), headers={"PLP-Version": "9"}), 200)
