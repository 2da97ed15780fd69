"""PLP-044 to PLP-051: the answer to «what is open on this contract»."""

from __future__ import annotations

from typing import Any

from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.mandate import ask
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.trial import Trial

CHAPTER = "Actes ouverts"
check = REGISTRY.chapter(CHAPTER)


def listed(bench: Bench, ref: str, **spoil: Any) -> Answer:
    """The list of an account."""
    platform = spoil.pop("platform", None) or bench.platform
    return platform.call("POST", "/capabilities", platform.asked(ref, bench.scheme), sub=platform.sub, **spoil)


def items(answer: Answer) -> dict[str, dict[str, Any]]:
    """By code."""
    found = answer.json()
    given = found.get("actions") if isinstance(found, dict) else None
    return {str(item.get("code")): item for item in given or [] if isinstance(item, dict)}


@check("capabilities.answer", "La liste est entière et suit son schéma", "PLP-044", "PLP-045", "PLP-046", "PLP-047", "PLP-049")
def the_list(bench: Bench, trial: Trial) -> None:
    """The account as it was asked; each code once; a reason wherever an act is not open."""
    ref = bench.book("account")
    answer = trial.answer(listed(bench, ref), 200)
    found = answer.json()
    trial.shape("CapabilityAnswer", found, sent=answer.sent, what="liste des actes")
    trial.answer(answer, 200, holds=found["account_ref"] == ref, due=f"account_ref {ref}, tel que demandé")
    codes = [item["code"] for item in found["actions"]]
    trial.answer(answer, 200, holds=len(set(codes)) == len(codes) <= 100, due="chaque code une fois, 100 au plus")
    states = {item["state"] for item in found["actions"]}
    known = states <= {"allowed", "denied", "unavailable"}
    trial.answer(answer, 200, holds=known, due="allowed, denied ou unavailable")
    limited = [item["code"] for item in found["actions"] if item.get("limits") and item["state"] != "allowed"]
    trial.answer(answer, 200, holds=not limited, due="limits seulement avec allowed")
    explained = all(item.get("reason") for item in found["actions"] if item["state"] != "allowed")
    trial.answer(answer, 200, holds=explained and len(answer.body) <= 256 * 1024, due="un motif à chaque acte fermé")
    act = bench.book("act")
    trial.answer(answer, 200, holds=items(answer).get(act, {}).get("state") == "allowed", due=f"{act}\u202f: allowed")


@check("capabilities.fresh", "La réponse est de maintenant, pour 60 s au plus", "PLP-050")
def it_is_fresh(bench: Bench, trial: Trial) -> None:
    """`evaluated_at`, `ttl_s`; a new `decision_id` each time."""
    made = [trial.answer(listed(bench, bench.book("account")), 200) for _ in range(2)]
    for answer in made:
        found = answer.json()
        late = abs(wire.read_stamp(found["evaluated_at"]) - wire.now())
        trial.answer(answer, 200, holds=late <= 30 and 0 <= found["ttl_s"] <= 60, due="evaluated_at à 30 s près, ttl_s 0-60")
    ids = [answer.json().get("decision_id") for answer in made]
    right = all(one is None or wire.is_id(one) for one in ids) and (None in ids or ids[0] != ids[1])
    trial.due(right, sent=made[1].sent, came=str(ids), due="decision_id nul, ou nouveau et bien formé")


@check("capabilities.closed", "Un acte fermé dit pourquoi", "PLP-046", "PLP-047", "PLP-045")
def a_closed_act_says_why(bench: Bench, trial: Trial) -> None:
    """The target's `book.closed_account` and `book.closed_act`."""
    answer = trial.answer(listed(bench, bench.book("closed_account")), 200)
    act = bench.book("closed_act")
    item = items(answer).get(act, {})
    reason = item.get("reason") or {}
    right = item.get("state") in ("denied", "unavailable") and bool(reason.get("code")) and bool(reason.get("text"))
    trial.answer(answer, 200, holds=right, due=f"{act}\u202f: denied ou unavailable, avec reason.code et reason.text")


@check("capabilities.unknown", "Contrat inconnu, d'un autre courtier, schéma inconnu\u202f: une seule réponse", "PLP-048")
def unknown_and_foreign_accounts(bench: Bench, trial: Trial) -> None:
    """404 account-unknown, the same body: nothing tells that another broker's contract exists."""
    platform = bench.platform
    unknown = trial.refused(listed(bench, "CONFORMITE-0"), 404, "account-unknown")
    foreign = trial.refused(
        listed(bench, bench.book("foreign_account"), note="contrat d'un autre courtier"), 404, "account-unknown"
    )
    other = platform.asked(bench.book("account"), "un-autre-schema")
    scheme = trial.refused(platform.call("POST", "/capabilities", other, sub=platform.sub), 404, "account-unknown")
    said = [_anonymous(one) for one in (unknown, foreign, scheme)]
    trial.due(said[0] == said[1] == said[2], sent=foreign.sent, came=str(said[1]), due=f"le même corps\u202f: {said[0]}")


def _anonymous(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in (answer.json() or {}).items() if name != "interaction_id"}


@check("capabilities.actor", "Le conseiller et le code courtier sont ceux du mandat", "PLP-048", "PLP-010")
def the_actor(bench: Bench, trial: Trial) -> None:
    """`actor.adviser` other than `sub`, another `broker_code`: 403."""
    platform, ref = bench.platform, bench.book("account")
    for note, actor in (
        ("un autre conseiller du mandat", {"adviser": platform.other_sub}), ("un autre code", {"broker_code": "C-AUTRE"}),
    ):  # fmt: skip
        asked = platform.asked(ref, bench.scheme, **actor)
        answer = platform.call("POST", "/capabilities", asked, sub=platform.sub, note=note)
        trial.refused(answer, 403, "adviser-not-mandated")


@check("capabilities.repeat", "Une demande répétée, signée à nouveau, a la même réponse", "PLP-044", "PLP-051")
def a_question_changes_nothing(bench: Bench, trial: Trial) -> None:
    """It is safe to retry."""
    first, second = (trial.answer(ask(bench, bench.platform), 200) for _ in range(2))
    trial.due(
        first.json()["actions"] == second.json()["actions"], sent=second.sent, came="une autre liste", due="la même liste d'actes"
    )
