"""PLP-037 to PLP-043, PLP-034: a mandate from its first version to its end, as a partner keeps it."""

from __future__ import annotations

from typing import Any

from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.platform import CODE
from plp_conform.against_partner.platform import Platform
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.serving import Incoming
from plp_conform.trial import Trial

CHAPTER = "Mandat"
check = REGISTRY.chapter(CHAPTER)


def ask(bench: Bench, platform: Platform, **spoil: Any) -> Answer:
    """A capability call for the book's account."""
    return platform.call("POST", "/capabilities", platform.asked(bench.book("account"), bench.scheme), sub=platform.sub, **spoil)


@check("mandate.put", "PUT\u202f: 202 avant le papier, 200 ensuite, avec la vue", "PLP-037")
def a_mandate_is_kept(bench: Bench, trial: Trial) -> None:
    """Created where it was unknown; its state is null until the paper came."""
    fresh = bench.registered()
    first = trial.answer(fresh.put(), 202, due="202, la vue, state null")
    trial.shape("MandateView", first.json(), sent=first.sent, what="vue du mandat")
    trial.answer(first, 202, holds=first.json().get("state") is None, due="state null")
    bench.do("receive", mandate=fresh.mandate)
    second = trial.answer(fresh.put(), 200)
    found = second.json()
    trial.answer(second, 200, holds=(found.get("state"), found.get("version")) == ("received", 2), due="received, version 2")


@check("mandate.one-name", "Chemin, jeton et document nomment le même mandat", "PLP-037")
def one_mandate(bench: Bench, trial: Trial) -> None:
    """422 otherwise, nothing stored."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 202)
    other = wire.new_id("mdt")
    for note, spoil in (
        ("un autre dans le document", {"document": fresh.document(version=2, mandate=other)}),
        ("un autre dans le jeton", {"document": fresh.document(version=2), "claims": {"mandate": other}, "sub": other}),
        ("un autre émetteur dans le document", {"document": fresh.document(version=2, iss=bench.platform.iss)}),
    ):
        trial.refused(fresh.put(note=note, **spoil), 422, "validation")


@check("mandate.version", "Une version plus basse, ou la même avec un autre contenu\u202f: 409", "PLP-038")
def versions_go_up(bench: Bench, trial: Trial) -> None:
    """The same version with the same content is answered as before."""
    fresh = bench.registered()
    fresh.version = 4
    trial.answer(fresh.put(), 202)
    trial.answer(fresh.put(document=fresh.document(), note="la même version, le même contenu"), 202)
    lower, other = fresh.document(version=3), fresh.document(broker_code="C-AUTRE")
    trial.refused(fresh.put(document=lower, note="version plus basse"), 409, "sequence-conflict")
    trial.refused(fresh.put(document=other, note="même version, autre contenu"), 409, "sequence-conflict")
    found = fresh.look()
    trial.answer(found, 200, holds=(found.json() or {}).get("version") == 5, due="version 5, inchangée")


@check("mandate.unknown-jkt", "Une empreinte sans confiance dans le document\u202f: 422, rien n'est gardé", "PLP-038", "PLP-017")
def an_untrusted_thumbprint(bench: Bench, trial: Trial) -> None:
    """Else a stolen key could name its successor."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 202)
    document = fresh.document(version=2, jkt=[fresh.key.kid, jose.Key.make().kid])
    trial.refused(fresh.put(document=document, note="une empreinte inconnue de plus"), 422, "validation")
    found = fresh.look()
    trial.answer(found, 200, holds=(found.json() or {}).get("version") == 1, due="version 1, inchangée")


@check("mandate.unknown", "Mandat inconnu et mandat d'un autre\u202f: une seule réponse", "PLP-039")
def unknown_and_foreign(bench: Bench, trial: Trial) -> None:
    """404 mandate-unknown, the same body."""
    platform, answers = bench.platform, []
    for mandate in ("mdt_conformite_inconnu", bench.other.mandate):
        answer = platform.call("GET", f"/mandates/{mandate}", claims={"mandate": mandate}, sub=mandate)
        answers.append(trial.refused(answer, 404, "mandate-unknown"))
    said = [_without_names(one) for one in answers]
    trial.due(said[0] == said[1], sent=answers[1].sent, came=str(said[1]), due=f"le même corps\u202f: {said[0]}")


def _without_names(answer: Answer) -> dict[str, Any]:
    found = answer.json() or {}
    return {name: value for name, value in found.items() if name not in ("instance", "interaction_id")}


@check("mandate.foreign-put", "Le mandat d'un autre ne s'écrase pas", "PLP-037", "PLP-034")
def a_foreign_mandate_is_safe(bench: Bench, trial: Trial) -> None:
    """A `PUT` under another platform's mandate changes nothing of it."""
    platform, other = bench.platform, bench.other
    document = {**platform.document(version=99), "mandate": other.mandate}
    answer = platform.call(
        "PUT", f"/mandates/{other.mandate}", document, sub=other.mandate, claims={"mandate": other.mandate},
        note="le mandat d'une autre plateforme",
    )  # fmt: skip
    trial.answer(answer, 403, 404, 409, 422, due="un refus (403, 404, 409 ou 422)")
    found = other.look()
    version = (found.json() or {}).get("version")
    trial.answer(found, 200, holds=version == other.version, due=f"version {other.version}, inchangée")


@check("mandate.scopes", "Un acte hors des droits est «\u202fdenied\u202f», act_not_mandated", "PLP-040")
def an_act_outside_the_scopes(bench: Bench, trial: Trial) -> None:
    """The list stays whole."""
    act = bench.book("act")
    fresh = bench.active(scopes=["capabilities", "status"])
    answer = trial.answer(ask(bench, fresh), 200)
    items = {item["code"]: item for item in answer.json()["actions"]}
    item = items.get(act, {})
    right = item.get("state") == "denied" and (item.get("reason") or {}).get("code") == "act_not_mandated"
    trial.answer(answer, 200, holds=right, due=f"{act}\u202f: denied, act_not_mandated")


@check("mandate.wildcard", "Un droit à joker n'existe pas", "PLP-040")
def no_wildcard(bench: Bench, trial: Trial) -> None:
    """`launch:*` opens nothing: refused, or read as a scope of no act."""
    act = bench.book("act")
    fresh = bench.active(scopes=["capabilities", "status"])
    fresh.scopes = ["capabilities", "status", "launch:*"]
    answer = fresh.put(note="launch:*")
    if answer.status == 422:
        trial.refused(answer, 422, "validation")
        return
    listed = trial.answer(ask(bench, fresh), 200)
    open_acts = [item["code"] for item in listed.json()["actions"] if item["state"] == "allowed"]
    trial.answer(listed, 200, holds=act not in open_acts, due=f"{act} n'est pas ouvert")


@check(
    "mandate.scope-needed",
    "Sans le droit «\u202fcapabilities\u202f» ou «\u202fstatus\u202f»\u202f: 403 scope-denied",
    "PLP-034",
    "PLP-040",
)
def a_scope_is_needed(bench: Bench, trial: Trial) -> None:
    """Each opens its own operation."""
    act = bench.book("act")
    fresh = bench.active(scopes=[f"launch:{act}"])
    trial.refused(ask(bench, fresh), 403, "scope-denied")
    trial.refused(fresh.call("GET", "/transactions"), 403, "scope-denied")


@check("mandate.hooks", "Chaque étape se dit par une notification dont data est la vue", "PLP-041", "PLP-090")
def steps_are_told(bench: Bench, trial: Trial) -> None:
    """`seq` from 1, one by one; the code in the first activation."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 202)
    bench.do("receive", mandate=fresh.mandate)
    _told(trial, fresh, "mandate.received", 1)
    bench.do("activate", mandate=fresh.mandate, code=CODE)
    data = _told(trial, fresh, "mandate.activated", 2)
    trial.due(data.get("code") == CODE, sent="activation", came=str(data.get("code")), due=f"code {CODE}")
    bench.do("suspend", mandate=fresh.mandate)
    _told(trial, fresh, "mandate.suspended", 3)


def _told(trial: Trial, platform: Platform, kind: str, seq: int) -> dict[str, Any]:
    came = platform.told(kind)
    trial.due(bool(came), sent=f"étape {kind}", came=f"{len(came)} notification", due=f"une notification {kind}")
    event = wire.parse(came[0].body)
    trial.shape("MandateEvent", event, sent=came[0].told, what="notification")
    trial.due(_is_signed(platform, came[0]), sent=came[0].told, came="signature", due="signée du secret de la fiche")
    shown = platform.look()
    trial.answer(shown, 200, holds=shown.json() == event["data"], due="la vue, égale à data")
    data: dict[str, Any] = event["data"]
    trial.due(data["seq"] == seq, sent=came[0].told, came=f"seq {data['seq']}", due=f"seq {seq}")
    return data


def _is_signed(platform: Platform, came: Incoming) -> bool:
    return hooks.verified(came.headers, came.body, platform.secret)


@check("mandate.usable", "Sans mandat utilisable, aucune liste d'actes", "PLP-042", "PLP-034")
def only_a_usable_mandate(bench: Bench, trial: Trial) -> None:
    """Not active yet; suspended, expired by the document; the adviser not listed."""
    early = bench.registered()
    trial.answer(early.put(), 202)
    trial.refused(ask(bench, early, note="avant le papier"), 403, "mandate-inactive")
    fresh = bench.active()
    for note, changes in (("suspendu", {"state": "suspended"}), ("échu", {"expires_at": "2026-01-01T00:00:00Z"})):
        fresh.version += 1
        trial.answer(fresh.put(document=fresh.document(**changes)), 200)
        trial.refused(ask(bench, fresh, note=f"document {note}"), 403, "mandate-inactive")
    trial.answer(fresh.put(), 200)
    stranger = wire.new_id("adv")
    asked = fresh.asked(bench.book("account"), bench.scheme, adviser=stranger)
    answer = fresh.call("POST", "/capabilities", asked, sub=stranger, note="conseiller hors de la liste")
    trial.refused(answer, 403, "adviser-not-mandated")


@check("mandate.of-another", "Le mandat d'un autre émetteur n'est le nôtre en rien", "PLP-034")
def anothers_mandate(bench: Bench, trial: Trial) -> None:
    """403 mandate-inactive, as for one that does not exist."""
    platform, other = bench.platform, bench.other
    asked = platform.asked(bench.book("account"), bench.scheme)
    answer = platform.call("POST", "/capabilities", asked, sub=platform.sub, claims={"mandate": other.mandate})
    trial.refused(answer, 403, "mandate-inactive")


@check("mandate.suspended", "Suspendu par le partenaire\u202f: actes fermés, transactions lisibles", "PLP-042", "PLP-043")
def suspended_by_the_partner(bench: Bench, trial: Trial) -> None:
    """The feed stays open."""
    fresh = bench.active()
    bench.do("suspend", mandate=fresh.mandate)
    trial.refused(ask(bench, fresh), 403, "mandate-inactive")
    trial.answer(fresh.call("GET", "/transactions"), 200)


@check("mandate.revoked", "Révoqué\u202f: 410 mandate-revoked, transactions lisibles 90 jours", "PLP-043", "PLP-034")
def revoked(bench: Bench, trial: Trial) -> None:
    """By the platform's document."""
    fresh = bench.active()
    fresh.version += 1
    trial.answer(fresh.put(document=fresh.document(state="revoked")), 200)
    trial.refused(ask(bench, fresh), 410, "mandate-revoked")
    trial.answer(fresh.call("GET", "/transactions"), 200)
    if bench.drive.can("clock"):
        bench.move_clock(91 * 86_400)
        try:
            trial.refused(fresh.call("GET", "/transactions", note="91 jours plus tard"), 410, "mandate-revoked")
        finally:
            bench.move_clock(0)


@check("mandate.returned", "Renvoyé incomplet, puis reçu à nouveau\u202f: chaque étape se dit, avec son motif", "PLP-041")
def returned(bench: Bench, trial: Trial) -> None:
    """`mandate.returned` with a reason; `seq` goes on."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 202)
    bench.do("receive", mandate=fresh.mandate)
    bench.do("return", mandate=fresh.mandate)
    data = _told(trial, fresh, "mandate.returned", 2)
    trial.due(bool(data.get("reason")), sent="renvoi", came=wire.dump(data), due="un motif")
    bench.do("receive", mandate=fresh.mandate)
    came = fresh.told("mandate.received", 2)
    numbers = [wire.parse(one.body)["data"]["seq"] for one in came]
    trial.due(numbers == [1, 3], sent="seconde réception", came=str(numbers), due="seq 1, puis 3")


@check(
    "mandate.revoked-there",
    "Révoqué par le partenaire\u202f: dit, 410 sur les actes, transactions lisibles",
    "PLP-043",
    "PLP-041",
)
def revoked_by_the_partner(bench: Bench, trial: Trial) -> None:
    """Final: nothing leads back."""
    fresh = bench.active()
    bench.do("revoke", mandate=fresh.mandate)
    _told(trial, fresh, "mandate.revoked", 3)
    trial.refused(ask(bench, fresh), 410, "mandate-revoked")
    trial.answer(fresh.call("GET", "/transactions"), 200)
