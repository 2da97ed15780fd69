"""PLP-022 to PLP-036: what the platform really signed."""

from __future__ import annotations

from plp_conform import calling
from plp_conform import jose
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.serving import Reply
from plp_conform.trial import Trial

CHAPTER = "Demandes signées"
check = REGISTRY.chapter(CHAPTER)


@check(
    "request.claims",
    "Chaque demande est signée pour ce destinataire, ce corps, cet instant",
    "PLP-022",
    "PLP-029",
    "PLP-032",
    "PLP-033",
)
def its_assertions(bench: Bench, trial: Trial) -> None:
    """Header, times, `aud`, `htm`, `htu`, `bsh`, ids."""
    bench.acts(trial)
    calls = bench.partner.calls()
    for call in calls:
        trial.due(call.fault is None, sent="une demande de la plateforme", came=f"{call.told}\n{call.fault}", due="PLP-022")
        small = len(call.incoming.body) <= 256 * 1024
        trial.due(small, sent="une demande de la plateforme", came=f"{len(call.incoming.body)} octets", due="256 Kio au plus")


@check("request.signature", "Chaque signature est d'une clé de la fiche, publiée", "PLP-031", "PLP-017")
def its_signatures(bench: Bench, trial: Trial) -> None:
    """By the JWKS, and the thumbprints on the sheet."""
    bench.acts(trial)
    keys = {key["kid"]: key for key in calling.call("GET", str(bench.sheet["jwks_uri"])).json()["keys"]}
    for call in bench.partner.calls():
        kid = call.header.get("kid")
        right = kid in bench.sheet["jkt"] and kid in keys and jose.verify(call.token, keys[kid])
        trial.due(right, sent="une demande de la plateforme", came=call.told, due="une signature d'une clé de la fiche")


@check("request.sub", "sub est le conseiller sur /capabilities, le mandat ailleurs", "PLP-023", "PLP-030")
def the_sub(bench: Bench, trial: Trial) -> None:
    """And `mandate` is the sheet's."""
    bench.acts(trial)
    for call in bench.partner.calls():
        mandate = bench.sheet["mandate"]
        own = call.claims.get("sub") == mandate
        right = call.claims.get("mandate") == mandate and own == (not call.path.startswith("/capabilities"))
        trial.due(right, sent="une demande de la plateforme", came=call.told, due="sub selon PLP-023, mandate de la fiche")


@check("request.jti", "Un jti ne sert qu'une fois\u202f: une demande répétée est signée à nouveau", "PLP-036", "PLP-108")
def each_is_new(bench: Bench, trial: Trial) -> None:
    """After a 503 the interactive call is repeated once at most."""
    partner = bench.active
    bench.acts(trial)
    before = len(partner.calls("/capabilities"))
    partner.capabilities = lambda asked, _: partner.problem(503, "maintenance", **{"Retry-After": "1"})
    try:
        page = bench.visitor.acts()
    finally:
        partner.capabilities = None
    asked = len(partner.calls("/capabilities")) - before
    trial.answer(page, 200, holds=1 <= asked <= 2, due="une page, après un ou deux appels")
    bench.acts(trial)
    used = [call.claims.get("jti") for call in partner.calls()]
    trial.due(len(set(used)) == len(used), sent=f"{len(used)} demandes", came=f"{len(set(used))} jti", due="un jti à chacune")


@check("request.jti-random", "Un jti a 96 bits au moins", "PLP-004")
def long_enough(bench: Bench, trial: Trial) -> None:
    """Sixteen characters of base64url."""
    bench.acts(trial)
    used = [str(call.claims.get("jti")) for call in bench.partner.calls()]
    starts = {one[:6] for one in used}
    trial.due(all(len(one) >= 16 for one in used) and len(starts) == len(used), sent=f"{len(used)} demandes",
              came=", ".join(used[:5]), due="16 signes au moins, sans suite")  # fmt: skip


@check("request.redirect", "Une redirection n'est pas suivie", "PLP-049", "PLP-016")
def no_redirect(bench: Bench, trial: Trial) -> None:
    """The signed request goes nowhere else."""
    partner, went = bench.active, []
    bench.server.route("POST", "/plp/ailleurs", lambda one: went.append(one) or Reply.json({}))  # type: ignore[func-returns-value]
    bench.server.route("GET", "/plp/ailleurs", lambda one: went.append(one) or Reply.json({}))  # type: ignore[func-returns-value]
    partner.capabilities = lambda asked, _: Reply(307, b"", {"Location": bench.server.public + "/plp/ailleurs"})
    try:
        page = bench.acts(trial)
    finally:
        partner.capabilities = None
    trial.answer(page, 200, holds=not went, due="200, la redirection n'est pas suivie")
    bench.acts(trial)
