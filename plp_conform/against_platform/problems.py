"""PLP-107: how a platform refuses a partner."""

from __future__ import annotations

from urllib.parse import urlsplit

from plp_conform import problems
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.model import OIDC
from plp_conform.trial import Trial

CHAPTER = "Problèmes"
check = REGISTRY.chapter(CHAPTER)
oidc = REGISTRY.chapter(CHAPTER, OIDC)


@check("problem.shape", "Un refus de notification est un problème RFC 9457, entier", "PLP-107")
def a_whole_problem(bench: Bench, trial: Trial) -> None:
    """Type, title, status, instance, interaction id, retryable."""
    partner = bench.partner
    unknown = str(bench.sheet["webhook_url"]) + "x"
    answers = [
        partner.hook("ping", {}, headers={"webhook-signature": None}), partner.hook("ping", {}, url=unknown),
        partner.hook("ping", {}, headers={"Content-Type": "text/plain"}), partner.hook("ping", {}, body=b"{", signed=b"{"),
        partner.hook("transaction.status_changed", {}),
    ]  # fmt: skip
    for answer in answers:
        found = answer.json()
        trial.shape("Problem", found, sent=answer.sent, what="problème")
        slug = answer.slug or ""
        right = (
            problems.STATUSES.get(slug) == answer.status == found["status"]
            and found.get("instance") == urlsplit(answer.url).path
            and found.get("interaction_id") == answer.headers.get("plp-interaction-id")
            and isinstance(found.get("retryable"), bool)
        )  # fmt: skip
        due = "un type du tableau avec son statut, instance, interaction_id de l'en-tête, retryable"
        trial.answer(answer, answer.status, holds=right, due=due)


@oidc("problem.pages", "La page 400 de l'authorization_endpoint est un texte, sans code de problème", "PLP-107", "PLP-065")
def browser_pages(bench: Bench, trial: Trial) -> None:
    """For a person."""
    made = bench.trip(trial)
    answer = made.authorize(client_id="cl_un_autre_client_x", note="client inconnu")
    page = answer.media_type == "text/html" and "urn:plp:problem" not in answer.text
    trial.answer(answer, 400, holds=page, due="400, une page HTML sans urn:plp:problem")
