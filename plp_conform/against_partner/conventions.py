"""PLP-001 to PLP-011, as far as a partner shows them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.trial import Trial

CHAPTER = "Conventions"
check = REGISTRY.chapter(CHAPTER)
_VOCABULARY = {"initiated", "opened", "pending", "validated", "rejected", "cancelled", "abandoned", "unknown"}


@check("convention.base-url", "base_url est une adresse https sans barre finale, paramètre ni ancre", "PLP-001", "PLP-002")
def the_base_url(bench: Bench, trial: Trial) -> None:
    """http only on this machine (demonstration)."""
    url = bench.sheet.get("base_url")
    trial.due(wire.plain_url(url), sent="fiche", came=str(url), due="https (ou http sur cette machine), sans / final, ? ni #")


@check("convention.unknown-members", "Les membres inconnus sont ignorés", "PLP-003")
def unknown_members(bench: Bench, trial: Trial) -> None:
    """At each level of the body; absent is null."""
    platform = bench.platform
    body = platform.asked(bench.book("account"), bench.scheme)
    body["account"].pop("product")
    body |= {"later": {"a": 1}, "account": {**body["account"], "later": None}}
    trial.answer(platform.call("POST", "/capabilities", body, sub=platform.sub, note="membres inconnus"), 200)


@check("convention.ids", "Un identifiant mal formé n'est pas pris", "PLP-004")
def malformed_ids(bench: Bench, trial: Trial) -> None:
    """Fifteen characters, sixty-five, a sign outside the alphabet."""
    platform = bench.platform
    for bad in ("mdt_of_15_chars", "m" * 65, "mdt_avec_un_accent_é", "mdt with a blank x"):
        document = {**platform.document(), "mandate": bad}
        answer = platform.call("PUT", f"/mandates/{platform.mandate}", document, note=f"mandate {bad}")
        trial.answer(answer, 400, 422)


@check("convention.ids-exact", "Les identifiants se comparent octet par octet", "PLP-004", "PLP-010")
def ids_byte_for_byte(bench: Bench, trial: Trial) -> None:
    """A handle in another case is another adviser's."""
    platform = bench.platform
    other = platform.sub.swapcase()
    asked = platform.asked(bench.book("account"), bench.scheme, adviser=other)
    trial.refused(platform.call("POST", "/capabilities", asked, sub=other, note="autre casse"), 403, "adviser-not-mandated")


@check("convention.texts", "Moments, montants, libellés et références sont écrits comme prévu", "PLP-005", "PLP-006", "PLP-004")
def how_values_are_written(bench: Bench, trial: Trial) -> None:
    """In the answer that has them all."""
    answer = _capabilities(bench)
    found = answer.json()
    trial.shape("CapabilityAnswer", found, sent=answer.sent, what="liste des actes")
    for item in found["actions"]:
        reason = item.get("reason") or {}
        text = reason.get("text") or ""
        short = len(item["label"]) <= 100 and len(text) <= 200 and "<" not in item["label"] + text
        trial.due(short, sent=answer.sent, came=f"{item['label']} {text}", due="label ≤ 100, text ≤ 200, sans HTML")
        for name in ("min", "max"):
            value = (item.get("limits") or {}).get(name, "0")
            trial.due(_is_number(value), sent=answer.sent, came=str(value), due="un nombre décimal à point, sans espace")


def _is_number(value: object) -> bool:
    whole, _, part = str(value).lstrip("-").partition(".")
    return isinstance(value, str) and whole.isdecimal() and len(whole) <= 15 and (not part or part.isdecimal())


@check("convention.version", "PLP-Version absente ou autre\u202f: 426", "PLP-007", "PLP-027")
def another_version(bench: Bench, trial: Trial) -> None:
    """And `PLP-Version: 1` on each answer, refusals included."""
    platform = bench.platform
    for given in (None, "2", "1.0", ""):
        answer = platform.look(headers={"PLP-Version": given}, note=f"PLP-Version {given}")
        trial.refused(answer, 426, "version-unsupported")
        trial.answer(answer, 426, holds=answer.headers.get("plp-version") == "1", due="PLP-Version: 1 dans la réponse")
    answer = platform.look()
    trial.answer(answer, 200, holds=answer.headers.get("plp-version") == "1", due="200, PLP-Version: 1")


@check("convention.interaction", "PLP-Interaction-Id revient tel quel", "PLP-008")
def the_interaction_comes_back(bench: Bench, trial: Trial) -> None:
    """On an answer and on a refusal."""
    given = str(uuid4())
    for spoil, status in (({}, 200), ({"claims": {"aud": "x"}}, 401)):
        answer = bench.platform.look(headers={"PLP-Interaction-Id": given}, **spoil)
        back = answer.headers.get("plp-interaction-id")
        trial.answer(answer, status, holds=back == given, due=f"{status}, PLP-Interaction-Id: {given}")


@check("convention.interaction-bad", "Un PLP-Interaction-Id qui n'est pas un UUID est remplacé", "PLP-008")
def a_bad_interaction_is_replaced(bench: Bench, trial: Trial) -> None:
    """Never sent back, since it would be logged."""
    for given in ("pas-un-uuid", "00000000-0000-1000-8000-000000000000x", None):
        answer = bench.platform.look(headers={"PLP-Interaction-Id": given}, note=f"PLP-Interaction-Id {given}")
        back = answer.headers.get("plp-interaction-id")
        trial.answer(answer, 200, holds=wire.is_uuid4(back) and back != given, due="200, un nouvel uuid4")


@check("convention.codes", "Codes d'actes et statuts déclarés suivent le motif", "PLP-009")
def codes_on_the_sheet(bench: Bench, trial: Trial) -> None:
    """Extra statuses lie outside the vocabulary."""
    acts = [item.get("code") for item in bench.sheet.get("actions", ())]
    extra = [item.get("code") for item in bench.sheet.get("extra_statuses") or ()]
    right = all(isinstance(code, str) and wire.CODE.fullmatch(code) for code in [*acts, *extra])
    came = ", ".join(map(str, [*acts, *extra]))
    trial.due(right and not _VOCABULARY & set(extra), sent="fiche", came=came, due="[a-z0-9_.]{1,60}, statuts hors vocabulaire")


@check("convention.idempotency-key", "Idempotency-Key ne change rien", "PLP-011")
def no_idempotency_key(bench: Bench, trial: Trial) -> None:
    """The same key on two questions: two answers."""
    platform = bench.platform
    headers = {"Idempotency-Key": "la-meme-cle-de-conformite"}
    refs = (bench.book("account"), bench.book("other_account"))
    for ref in refs:
        answer = platform.call("POST", "/capabilities", platform.asked(ref, bench.scheme), sub=platform.sub, headers=headers)
        found = answer.json() or {}
        trial.answer(answer, 200, holds=found.get("account_ref") == ref, due=f"200, account_ref {ref}")


def _capabilities(bench: Bench) -> Any:
    platform = bench.platform
    return platform.call("POST", "/capabilities", platform.asked(bench.book("account"), bench.scheme), sub=platform.sub)
