"""PLP-107, PLP-108: how a partner refuses."""

from __future__ import annotations

from urllib.parse import urlsplit

from plp_conform import problems
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.capabilities import listed
from plp_conform.against_partner.flow import flow
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.trial import Trial

CHAPTER = "Problèmes"
check = REGISTRY.chapter(CHAPTER)


@check("problem.shape", "Un refus est un problème RFC 9457, entier et sans donnée personnelle", "PLP-107")
def a_whole_problem(bench: Bench, trial: Trial) -> None:
    """Type, title, status, instance, interaction id, retryable: on each kind of refusal."""
    platform = bench.platform
    answers = [
        platform.look(claims={"aud": "x"}), platform.look(headers={"PLP-Version": None}), platform.call("GET", "/nowhere"),
        platform.call("DELETE", "/capabilities"), platform.call("POST", "/capabilities", raw=b"[", sub=platform.sub),
        listed(bench, "CONFORMITE-0"), platform.call("GET", "/transactions", query="limit=0"),
        platform.call("GET", "/transactions/txn_conformite_inconnue"),
        platform.put(document=platform.document(version=0), note="version 0"),
    ]  # fmt: skip
    for answer in answers:
        found = answer.json()
        trial.shape("Problem", found, sent=answer.sent, what="problème")
        slug = answer.slug or ""
        right = (
            slug in problems.STATUSES and problems.STATUSES[slug] == answer.status == found["status"]
            and found.get("instance") == urlsplit(answer.url).path
            and found.get("interaction_id") == answer.headers.get("plp-interaction-id")
            and isinstance(found.get("retryable"), bool)
        )  # fmt: skip
        due = "un type du tableau avec son statut, instance, interaction_id de l'en-tête, retryable"
        trial.answer(answer, answer.status, holds=right, due=due)
        told = found.get("detail") or ""
        trial.answer(
            answer, answer.status, holds=platform.display not in told and "CONFORMITE" not in told, due="rien de personnel"
        )


@check("problem.pages", "Une page d'erreur a un texte et une référence, pas de code de problème", "PLP-107", "PLP-071")
def browser_pages(bench: Bench, trial: Trial) -> None:
    """What a person reads."""
    answer = flow(bench).initiate(iss=None, note="sans iss")
    page = answer.media_type == "text/html" and "urn:plp:problem" not in answer.text
    trial.answer(answer, 400, holds=page, due="400, une page HTML sans urn:plp:problem")


@check("problem.version", "PLP-Version et PLP-Interaction-Id sont sur les refus aussi", "PLP-007", "PLP-008")
def headers_of_refusals(bench: Bench, trial: Trial) -> None:
    """So that a refusal can be traced."""
    answer = bench.platform.call("GET", "/nowhere-at-all")
    right = answer.headers.get("plp-version") == "1" and wire.is_uuid4(answer.headers.get("plp-interaction-id"))
    trial.answer(answer, 404, holds=right, due="PLP-Version: 1 et un uuid4")
