"""PLP-084 to PLP-087, PLP-099, PLP-100: what a partner tells of a transaction, and how often."""

from __future__ import annotations

import time
from typing import Any

from plp_conform import calling
from plp_conform import hooks as standard
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.capabilities import items
from plp_conform.against_partner.capabilities import listed
from plp_conform.against_partner.cases import Case
from plp_conform.against_partner.cases import case
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.driving import DriveFailed
from plp_conform.model import OIDC
from plp_conform.serving import Incoming
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Notifications"
check = REGISTRY.chapter(CHAPTER)
_LABELS = {"pending": "En attente", "validated": "Validé", "rejected": "Refusé", "cancelled": "Annulé"}


@check(
    "hook.first", "Le premier statut\u202f: un instantané entier, seq 1, previous nul", "PLP-084", "PLP-085", "PLP-086", "PLP-059"
)
def the_first_status(bench: Bench, trial: Trial) -> None:
    """With the triple of its launch, and the label of PLP-086."""
    with case(bench, trial) as made:
        event = made.move("pending", 1)
        data = event["data"]
        flow = made.made
        wanted = {
            "transaction_ref": made.reference, "launch_id": flow.launch_id, "mandate": flow.platform.mandate, "seq": 1,
            "corrects": None, "status": "pending", "status_label": _LABELS["pending"], "previous": None,
        }  # fmt: skip
        shown = wire.dump(event)
        trial.due({k: data.get(k) for k in wanted} == wanted, sent="statut pending", came=shown, due=wire.dump(wanted))
        whole = {"partner_ref", "effective_at", "reason", "amount", "instructions", "documents"} <= data.keys()
        trial.due(whole, sent="statut pending", came=shown, due="un instantané entier (PLP-085)")
        right = event["type"] == "transaction.status_changed" and not data["documents"]
        trial.due(right, sent="statut pending", came=shown, due="transaction.status_changed, documents []")
        late = abs(wire.read_stamp(data["effective_at"]) - flow.platform.now())
        trial.due(late <= 60, sent="statut pending", came=data["effective_at"], due="effective_at, à l'heure")


@check(
    "hook.signed", "Une notification est signée à l'instant de son envoi, 20 000 octets au plus", "PLP-087", "PLP-090", "PLP-013"
)
def it_is_signed(bench: Bench, trial: Trial) -> None:
    """Standard Webhooks 1.0; whole seconds."""
    with case(bench, trial) as made:
        made.move("pending", 1)
        [came] = made.hooks(1)
        platform = made.made.platform
        signed = standard.verified(came.headers, came.body, platform.secret)
        trial.due(signed, sent="statut pending", came=came.told, due="v1, HMAC-SHA256 du secret de la fiche")
        stamp = came.headers.get("webhook-timestamp", "")
        on_time = stamp.isdecimal() and abs(int(stamp) - platform.now()) <= 30
        trial.due(on_time, sent="statut pending", came=f"webhook-timestamp {stamp}", due="l'heure d'envoi, en secondes entières")
        named = wire.is_id(came.headers.get("webhook-id"))
        trial.due(named, sent="statut pending", came=str(came.headers.get("webhook-id")), due="webhook-id de 16 à 64 signes")
        small = len(came.body) <= 20_000 and came.headers.get("content-type", "").startswith("application/json")
        trial.due(small, sent="statut pending", came=f"{len(came.body)} octets", due="du JSON, 20 000 octets au plus")


@check("hook.interaction", "Les notifications portent l'interaction_id de l'ouverture", "PLP-081", "PLP-008")
def it_names_the_interaction(bench: Bench, trial: Trial) -> None:
    """`PLP-Interaction-Id`."""
    with case(bench, trial) as made:
        made.move("pending", 1)
        given = made.hooks(1)[0].headers.get("plp-interaction-id")
        wanted = made.made.interaction_id
        trial.due(given == wanted, sent="statut pending", came=f"PLP-Interaction-Id {given}", due=wanted)


@check("hook.sequence", "seq va de un en un, previous suit", "PLP-085", "PLP-086")
def numbers_go_up(bench: Bench, trial: Trial) -> None:
    """Each transaction has its own numbers; a declared status is never final."""
    extra = [item["code"] for item in bench.sheet.get("extra_statuses") or ()]
    with case(bench, trial) as made:
        before = None
        for number, status in enumerate(["pending", *extra[:1], "validated"], 1):
            data = made.move(status, number)["data"]
            came = (data["seq"], data["status"], data["previous"])
            due = (number, status, before)
            trial.due(came == due, sent=f"statut {status}", came=str(came), due=f"(seq, status, previous) = {due}")
            before = status
    with case(bench, trial) as other:
        data = other.move("pending", 1)["data"]
        trial.due(data["seq"] == 1, sent="une autre transaction", came=f"seq {data['seq']}", due="seq 1")


@check(
    "hook.silence",
    "Une ouverture non validée ne se dit pas et ne bloque rien",
    "PLP-051",
    "PLP-086",
)
def an_open_form_is_nothing(bench: Bench, trial: Trial) -> None:
    """No hook; the act stays open to others; then, `pending`, it is denied with its own reason."""
    with case(bench, trial) as made:
        act, ref = made.made.act, made.made.ref
        answer = trial.answer(listed(bench, ref), 200)
        trial.answer(answer, 200, holds=items(answer)[act]["state"] == "allowed", due=f"{act}\u202f: allowed, rien n'est validé")
        came = made.hooks(1, seconds=0.6)
        trial.due(not came, sent="une ouverture sans validation", came=f"{len(came)} notification", due="aucune")
        made.move("pending", 1)
        answer = trial.answer(listed(bench, ref, note="pending"), 200)
        item = items(answer)[act]
        right = item["state"] == "denied" and item["reason"]["code"] == "pending_same_kind"
        trial.answer(answer, 200, holds=right, due=f"{act}\u202f: denied, pending_same_kind")


@check("hook.corrected", "Un état final se corrige par transaction.corrected, avec le numéro corrigé", "PLP-100", "PLP-084")
def a_correction(bench: Bench, trial: Trial) -> None:
    """`corrects` = seq of the snapshot corrected."""
    with case(bench, trial) as made:
        made.move("pending", 1)
        made.move("validated", 2)
        event = made.move("rejected", 3, corrected=True, reason="other")
        data = event["data"]
        came = (event["type"], data["seq"], data["corrects"], data["previous"])
        due = ("transaction.corrected", 3, 2, "validated")
        trial.due(came == due, sent="correction", came=str(came), due=f"(type, seq, corrects, previous) = {due}")


@check("hook.final", "Un état final n'est quitté que par une correction", "PLP-100", "PLP-086")
def a_final_state_stays(bench: Bench, trial: Trial) -> None:
    """The partner's own desk refuses, or tells a correction."""
    with case(bench, trial) as made:
        made.move("validated", 1)
        try:
            made.set("pending")
        except DriveFailed as refused:
            trial.due(True, sent="pending après validated", came=str(refused), due="un refus, ou une correction")
            return
        came = made.hooks(2)
        kind = wire.parse(came[-1].body)["type"] if len(came) > 1 else None
        trial.due(kind in (None, "transaction.corrected"), sent="pending après validated", came=str(kind), due="une correction")
        raise Unverified("le changement n'a été ni refusé ni annoncé")


def _attempts(bench: Bench, made: Case, count: int) -> list[Incoming]:
    """Of the one hook, once there are so many, with the waiting ones sent at once where that is declared."""
    met, limit = 0, time.monotonic() + bench.patience + 1.0
    while (have := len(made.hooks(0))) < count and time.monotonic() < limit:
        if have > met:  # patience is for each: a busy machine takes its time over seven
            met, limit = have, time.monotonic() + bench.patience + 1.0
        if bench.drive.can("flush"):
            bench.do("flush")
        made.hooks(count, seconds=0.3)
    return made.hooks(0)


@check("hook.retried", "Après 503, 401, 408, 429, 302 et 500, la même notification revient, signée à nouveau", "PLP-087")
def it_comes_again(bench: Bench, trial: Trial) -> None:
    """Same id, same bytes; each attempt signed with its own moment. Without `flush`, the first two attempts only."""
    statuses: list[int] = [503, 401, 408, 429, 302, 500] if bench.drive.can("flush") else [503]
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        platform.hook_answers = [*statuses]
        made.set("pending")
        came = _attempts(bench, made, len(statuses) + 1)
        shown = ", ".join(one.headers.get("webhook-timestamp", "") for one in came)
        due = f"{len(statuses) + 1} envois"
        trial.due(len(came) == len(statuses) + 1, sent=f"réponses {statuses}", came=f"{len(came)} envois ({shown})", due=due)
        same = len({(one.headers["webhook-id"], one.body) for one in came}) == 1
        trial.due(same, sent=f"réponses {statuses}", came=shown, due="le même webhook-id, les mêmes octets")
        signed = all(standard.verified(one.headers, one.body, platform.secret) for one in came)
        fresh = all(abs(int(one.headers["webhook-timestamp"]) - one.at) <= 5 for one in came)
        trial.due(signed and fresh, sent=f"réponses {statuses}", came=shown, due="chacun signé à son heure")


@check("hook.not-retried", "Après un autre 4xx, la notification n'est pas répétée", "PLP-087")
def it_does_not_come_again(bench: Bench, trial: Trial) -> None:
    """400, 409, 422: alert, no retry."""
    platform = bench.active()
    for status in (400, 409, 422):
        with case(bench, trial, platform=platform) as made:
            platform.hook_answers = [status]
            made.set("pending")
            came = made.hooks(1)
            if bench.drive.can("flush"):
                bench.do("flush")
            came = made.hooks(2, seconds=0.7)
            trial.due(len(came) == 1, sent=f"réponse {status}", came=f"{len(came)} envois", due="un seul envoi")


@check("hook.gone", "Après 410, plus rien jusqu'à une nouvelle fiche", "PLP-087")
def gone_until_registered_again(bench: Bench, trial: Trial) -> None:
    """The endpoint is stopped, not the transaction."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        platform.hook_answers = [410]
        made.set("pending")
        made.hooks(1)
        time.sleep(0.2)
        made.set("validated")
        if bench.drive.can("flush"):
            bench.do("flush")
        came = made.hooks(2, seconds=0.7)
        trial.due(len(came) == 1, sent="réponse 410", came=f"{len(came)} envois", due="plus aucun envoi")
        bench.do("register", sheet=platform.sheet())
        came = _attempts(bench, made, 2)
        trial.due(len(came) >= 2, sent="la fiche, enregistrée à nouveau", came=f"{len(came)} envois", due="les envois reprennent")


@check("hook.undeclared", "Un statut local ou non déclaré ne part jamais", "PLP-086", "PLP-009")
def only_known_statuses(bench: Bench, trial: Trial) -> None:
    """`opened`, `unknown`, or one that the sheet does not have."""
    with case(bench, trial) as made:
        for status in ("opened", "unknown", "un_statut_non_declare"):
            sent: Any = f"statut {status}"
            try:
                made.set(status)
            except DriveFailed as refused:
                trial.due(True, sent=sent, came=str(refused), due="rien sur le fil")
                continue
            came = made.hooks(1, seconds=0.6)
            trial.due(not came, sent=sent, came=f"{len(came)} notification", due="rien sur le fil")


@check(
    "hook.keys-rotated",
    "Une nouvelle clé du partenaire s'annonce, signée de l'ancienne",
    "PLP-018",
    "PLP-019",
    "PLP-020",
    "PLP-084",
)
def it_announces_its_next_key(bench: Bench, trial: Trial) -> None:
    """`keys.rotated` and `keys_statement_uri` hold one statement; the key is published, and does not sign yet."""
    platform, kept = bench.active(), set(bench.sheet["jkt"])
    bench.do("rotate")
    came = platform.told("keys.rotated")
    trial.due(bool(came), sent="changement de clé", came=f"{len(came)} notification", due="keys.rotated")
    data = wire.parse(came[0].body)["data"]
    header, claims = jose.read(data["statement"])
    shown = f"{wire.dump(header)}\n{wire.dump(claims)}"
    signed = (header.get("alg"), header.get("typ")) == ("ES256", "plp-keys+jwt") and header["kid"] in kept
    own = jose.thumbprint(header["jwk"]) == header["kid"] and jose.verify(data["statement"], header["jwk"])
    trial.due(signed and own, sent="keys.rotated", came=shown, due="ES256, plp-keys+jwt, signée de la clé de la fiche, jwk = kid")
    named = (claims["iss"], claims["mandate"]) == (bench.sheet["partner_id"], platform.mandate)
    trial.due(named and kept < set(claims["jkt"]), sent="keys.rotated", came=shown, due="partner_id, ce mandat, la clé de plus")
    published = calling.call("GET", str(bench.sheet["jwks_uri"])).json()
    kids = {key["kid"] for key in published["keys"]}
    trial.due(set(claims["jkt"]) <= kids, sent="jwks_uri", came=str(kids), due="toutes les clés déclarées sont publiées")
    answer = trial.answer(calling.call("GET", f"{bench.sheet['keys_statement_uri']}?mandate={platform.mandate}"), 200)
    listed = (answer.json() or {}).get("statements", [])
    trial.due(data["statement"] in listed, sent=answer.sent, came=f"{len(listed)} déclarations", due="la même déclaration")
    if bench.binding != OIDC:
        return  # nothing of a launch is signed by these keys then
    with case(bench, trial, platform=platform) as made:
        token = dict(made.made.exchanged[0].form())["client_assertion"]
        kid = jose.read(token)[0].get("kid")
        trial.due(
            kid in kept, sent="une ouverture, aussitôt", came=f"kid {kid}", due="l'ancienne clé signe encore (24 h, PLP-020)"
        )
