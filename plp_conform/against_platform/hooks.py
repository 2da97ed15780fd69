"""PLP-084 to PLP-100: what the platform answers to hooks, right and wrong. What it holds is read off its answers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from plp_conform import hooks as standard
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.partner import EXTRA
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.trial import Trial

CHAPTER = "Notifications"
check = REGISTRY.chapter(CHAPTER)
_CHANGED, _CORRECTED = "transaction.status_changed", "transaction.corrected"
_FINAL = ("validated", "rejected", "cancelled")


@dataclass
class Case:
    """A launched transaction, and what the partner says of it."""

    bench: Bench
    names: dict[str, str]
    last: tuple[int, str] = (0, "")

    def data(self, seq: int, status: str, **more: Any) -> dict[str, Any]:
        """PLP-085."""
        return {
            **self.names, "partner_ref": "CNF-10021", "seq": seq, "corrects": None, "status": status, "status_label": None,
            "previous": None, "effective_at": wire.stamp(wire.now()), "reason": None,
            "amount": {"value": "1500.00", "currency": "EUR"}, "instructions": None, "documents": [], **more,
        }  # fmt: skip

    def send(self, data: Any, kind: str = _CHANGED, **changes: Any) -> Answer:
        """One hook."""
        answer = self.bench.partner.hook(kind, data, **changes)
        if answer.status == 204 and isinstance(data, dict):
            self.last = (data["seq"], data["status"])
        return answer


@contextmanager
def case(bench: Bench, trial: Trial) -> Iterator[Case]:
    """A case that is over afterwards: while it is pending, no act of its nature is open."""
    launched = Case(bench, bench.launched(trial))
    try:
        yield launched
    finally:
        seq, status = launched.last
        if status and status not in _FINAL:
            launched.send(launched.data(seq + 1, "cancelled"))


def result(trial: Trial, answer: Answer, word: str) -> None:
    """200 with this result."""
    found = answer.json()
    trial.answer(answer, 200, holds=isinstance(found, dict) and found.get("result") == word, due=f"200 {word}")


@check("hook.applied", "Une notification juste est appliquée\u202f: 204", "PLP-097", "PLP-084", "PLP-085", "PLP-090")
def it_is_applied(bench: Bench, trial: Trial) -> None:
    """Pending, a declared status, validated."""
    with case(bench, trial) as made:
        for seq, status in enumerate(("pending", EXTRA, "validated"), 1):
            trial.answer(made.send(made.data(seq, status)), 204)


@check("hook.unknown-endpoint", "Adresse de notification inconnue\u202f: 404", "PLP-088")
def an_unknown_endpoint(bench: Bench, trial: Trial) -> None:
    """Before anything is read."""
    url = str(bench.sheet["webhook_url"]).rsplit("/", 1)[0] + "/ep_de_conformite_inconnu"
    trial.answer(bench.partner.hook("ping", {}, url=url), 404)


@check("hook.size", "Plus de 65 536 octets\u202f: 413, autre type\u202f: 415, avant la signature", "PLP-089", "PLP-003")
def size_and_type(bench: Bench, trial: Trial) -> None:
    """Wrongly signed too."""
    big = b'{"filler":"' + b"x" * 65_536 + b'"}'
    trial.answer(bench.partner.hook("ping", {}, body=big, signed=b"", note="65 549 octets"), 413)
    for headers in ({"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}):
        trial.answer(bench.partner.hook("ping", {}, headers=headers, secret=standard.new_secret(), note=str(headers)), 415)


@check(
    "hook.signature",
    "Signature absente, d'un autre secret, d'autres octets, d'une autre version\u202f: 401",
    "PLP-090",
    "PLP-098",
)
def wrong_signatures(bench: Bench, trial: Trial) -> None:
    """Nothing is kept: the true message then passes."""
    with case(bench, trial) as made:
        data = made.data(1, "pending")
        event = wire.dump({"type": _CHANGED, "timestamp": wire.stamp(wire.now()), "data": data}).encode()
        signed = standard.signed(str(bench.sheet["webhook_secret"]), "msg_de_conformite_x", wire.now(), event)
        for note, changes in (
            ("sans signature", {"headers": {"webhook-signature": None}}), ("un autre secret", {"secret": standard.new_secret()}),
            ("d'autres octets", {"body": event + b" ", "signed": event}),
            ("version v2", {"headers": {"webhook-signature": signed["webhook-signature"].replace("v1,", "v2,")}}),
            ("un autre webhook-id", {"headers": {"webhook-id": "msg_un_autre_envoi_x"}}), ("sans webhook-timestamp",
            {"headers": {"webhook-timestamp": None}}),
            ("sans webhook-id", {"headers": {"webhook-id": None}}),
        ):  # fmt: skip
            trial.answer(made.send(data, note=note, **changes), 401)
        both = f"v1,AAAA {standard.signature(str(bench.sheet['webhook_secret']), 'msg_de_conformite_x', wire.now(), event)}"
        last = made.send(
            data, body=event, webhook_id="msg_de_conformite_x", headers={"webhook-signature": both}, note="deux signatures"
        )
        trial.answer(last, 204, due="204\u202f: l'une des signatures est la bonne, et rien n'est resté des refus")


@check("hook.time", "Plus de 300 s d'écart\u202f: 401\u202f; moins\u202f: prise", "PLP-090")
def too_old_or_too_new(bench: Bench, trial: Trial) -> None:
    """By `webhook-timestamp`."""
    for seconds in (-330, 330):
        trial.answer(bench.partner.hook("ping", {}, at=wire.now() + seconds, note=f"{seconds} s"), 401)
    for seconds in (-270, 270):
        trial.answer(bench.partner.hook("ping", {}, at=wire.now() + seconds, note=f"{seconds} s"), 200, 202, 204)


@check("hook.order", "La signature est jugée avant le corps", "PLP-090", "PLP-092")
def the_signature_first(bench: Bench, trial: Trial) -> None:
    """Bad JSON under a bad signature is 401."""
    secret = standard.new_secret()
    trial.answer(bench.partner.hook("ping", {}, body=b"{", secret=secret, note="JSON tronqué, autre secret"), 401)


@check("hook.same-id", "Le même webhook-id\u202f: mêmes octets 200 duplicate, autres octets 409", "PLP-091")
def one_id_one_message(bench: Bench, trial: Trial) -> None:
    """The first stays."""
    with case(bench, trial) as made:
        webhook_id = wire.new_id("msg")
        event = {"type": _CHANGED, "timestamp": wire.stamp(wire.now()), "data": made.data(1, "pending")}
        body = wire.dump(event).encode()
        trial.answer(made.send(event["data"], body=body, signed=body, webhook_id=webhook_id), 204)
        result(trial, made.send(event["data"], body=body, signed=body, webhook_id=webhook_id), "duplicate")
        trial.answer(made.send(made.data(2, "validated"), webhook_id=webhook_id, note="autres octets"), 409)
        trial.answer(made.send(made.data(2, "cancelled"), note="seq 2, sous un autre envoi"), 204)


@check("hook.body", "Corps illisible ou incomplet\u202f: 400, valeur hors règle\u202f: 422", "PLP-092", "PLP-003", "PLP-005")
def the_body(bench: Bench, trial: Trial) -> None:
    """JSON, members, types; then values. The transaction is unchanged."""
    with case(bench, trial) as made:
        right = made.data(1, "pending")
        text = wire.dump({"type": _CHANGED, "timestamp": wire.stamp(wire.now()), "data": right})
        for note, body in (
            ("JSON tronqué", b'{"type":'), ("une liste", b"[]"), ("sans type", b'{"data":{}}'), ("UTF-16", text.encode("utf-16")),
            ("un membre répété", text.replace('"seq":1', '"seq":1,"seq":2').encode()), ("NaN", text.replace('"seq":1',
            '"seq":NaN').encode()),
        ):  # fmt: skip
            trial.answer(made.send(right, body=body, signed=body, note=note), 400)
        for name in ("transaction_ref", "launch_id", "mandate", "seq", "status", "effective_at"):
            trial.answer(made.send({k: v for k, v in right.items() if k != name}, note=f"sans {name}"), 400)
        types: tuple[tuple[str, dict[str, Any]], ...] = (
            ("seq en texte", {"seq": "1"}), ("seq booléen", {"seq": True}), ("status en nombre", {"status": 1}),
        )  # fmt: skip
        for note, changes in types:
            trial.answer(made.send({**right, **changes}, note=note), 400)
        values: tuple[tuple[str, dict[str, Any]], ...] = (
            ("seq 0", {"seq": 0}), ("seq 2^53", {"seq": 2**53}),
            ("montant typographié", {"amount": {"value": "1 500,00", "currency": "EUR"}}),
            ("heure sans Z", {"effective_at": "2026-11-22T10:02:10+01:00"}),
        )  # fmt: skip
        for note, changes in values:
            trial.answer(made.send({**right, **changes}, note=note), 422, 400, due="422 (ou 400)")
        trial.answer(made.send(right, note="la vraie"), 204)


@check("hook.status", "Un statut local ou non déclaré\u202f: 422, transaction inchangée", "PLP-086", "PLP-092", "PLP-009")
def only_wire_statuses(bench: Bench, trial: Trial) -> None:
    """Then the true one passes, with the same number."""
    with case(bench, trial) as made:
        for status in ("initiated", "opened", "abandoned", "unknown", "non_declare", "VALIDATED"):
            trial.refused(made.send(made.data(1, status), note=status), 422, "validation")
        trial.answer(made.send(made.data(1, "pending")), 204)


@check("hook.types", "Type inconnu\u202f: 202\u202f; ping\u202f: pris", "PLP-084", "PLP-092")
def unknown_types(bench: Bench, trial: Trial) -> None:
    """Stored, not applied."""
    trial.answer(bench.partner.hook("transaction.merged", {"x": 1}, note="type inconnu"), 202)
    trial.answer(bench.partner.hook("ping", {}), 200, 202, 204)


@check("hook.aside", "Transaction inconnue ou triplet d'un autre\u202f: une seule réponse, 202", "PLP-093")
def kept_aside(bench: Bench, trial: Trial) -> None:
    """Nothing tells whether it exists."""
    with case(bench, trial) as made:
        said = []
        for note, changes in (
            ("transaction inconnue", {"transaction_ref": wire.new_id("txn")}), ("autre launch_id",
            {"launch_id": wire.new_id("lch")}),
            ("autre mandat", {"mandate": wire.new_id("mdt")}),
        ):  # fmt: skip
            answer = trial.answer(made.send({**made.data(1, "pending"), **changes}, note=note), 202)
            said.append(answer.text)
        trial.due(len(set(said)) == 1, sent="trois inconnues", came=str(said), due="une seule réponse")
        made.last = (0, "")
        trial.answer(made.send(made.data(1, "cancelled"), note="la vraie, seq 1"), 204)


@check("hook.same-seq", "seq égal\u202f: même contenu 200 duplicate, autre contenu 409", "PLP-094", "PLP-099")
def the_same_number(bench: Bench, trial: Trial) -> None:
    """Any member order, absent = null, label and documents apart."""
    with case(bench, trial) as made:
        data = made.data(1, "pending")
        trial.answer(made.send(data), 204)
        turned = {name: data[name] for name in reversed(data) if data[name] is not None}
        result(
            trial,
            made.send({**turned, "status_label": "Autre libellé"}, note="ordre inverse, nuls absents, autre libellé"),
            "duplicate",
        )
        trial.refused(
            made.send({**data, "amount": {"value": "1600.00", "currency": "EUR"}}, note="autre montant"), 409, "sequence-conflict"
        )
        trial.refused(made.send(made.data(1, "validated"), note="autre statut"), 409, "sequence-conflict")


@check("hook.stale", "seq plus petit\u202f: 200 stale", "PLP-095")
def an_older_number(bench: Bench, trial: Trial) -> None:
    """Stored, and nothing changes: the final state still refuses."""
    with case(bench, trial) as made:
        trial.answer(made.send(made.data(2, "validated")), 204)
        answer = made.send(made.data(1, "pending"), note="seq 1 après seq 2")
        made.last = (2, "validated")
        result(trial, answer, "stale")
        trial.refused(made.send(made.data(3, "pending"), note="après un état final"), 409, "sequence-conflict")


@check("hook.final", "Un état final n'est quitté que par une correction", "PLP-096", "PLP-100")
def a_final_state(bench: Bench, trial: Trial) -> None:
    """Last known seq ≤ `corrects` < own seq."""
    with case(bench, trial) as made:
        trial.answer(made.send(made.data(1, "pending")), 204)
        trial.answer(made.send(made.data(2, "validated")), 204)
        trial.refused(made.send(made.data(3, "rejected"), note="sans correction"), 409, "sequence-conflict")
        for corrects in (None, 1, 3, 4):
            answer = made.send(made.data(3, "rejected", corrects=corrects), _CORRECTED, note=f"corrects {corrects}")
            trial.answer(answer, 409, 422, 400, due="un refus (409, ou 400/422 sans corrects)")
        trial.answer(made.send(made.data(3, "rejected", corrects=2), _CORRECTED, note="corrects 2"), 204)
        trial.refused(made.send(made.data(4, "validated"), note="après la correction"), 409, "sequence-conflict")


@check("hook.nothing-left", "Un refus ne laisse rien\u202f: le même envoi, corrigé, est pris", "PLP-098")
def nothing_is_left(bench: Bench, trial: Trial) -> None:
    """No inbox row of an answer ≥ 400."""
    with case(bench, trial) as made:
        webhook_id = wire.new_id("msg")
        trial.answer(made.send(made.data(1, "opened"), webhook_id=webhook_id, note="statut local"), 422)
        trial.answer(made.send(made.data(1, "pending"), webhook_id=webhook_id, note="le même envoi, corrigé"), 204)


@check("hook.id", "Un webhook-id mal formé n'est pas pris", "PLP-004", "PLP-098")
def a_malformed_id(bench: Bench, trial: Trial) -> None:
    """Truly signed all the same."""
    for bad in ("court", "m" * 65, "msg_avec.un.point.conforme"):
        trial.answer(bench.partner.hook("ping", {}, webhook_id=bad, note=bad), 400, 401, 422, due="un refus")


@check("hook.race", "Le même envoi plusieurs fois à la fois n'est appliqué qu'une fois", "PLP-091", "PLP-094")
def at_once(bench: Bench, trial: Trial) -> None:
    """Six at the same moment: one 204, the rest `duplicate`; then the same number under six ids."""
    with case(bench, trial) as made:
        event = {"type": _CHANGED, "timestamp": wire.stamp(wire.now()), "data": made.data(1, "pending")}
        body, webhook_id = wire.dump(event).encode(), wire.new_id("msg")
        for names in ([webhook_id] * 6, [wire.new_id("msg") for _ in range(6)]):
            with ThreadPoolExecutor(6) as pool:
                answers = list(pool.map(lambda name: made.send(event["data"], body=body, signed=body, webhook_id=name), names))
            statuses = sorted(one.status for one in answers)
            due = [200] * 5 + [204] if len(set(names)) == 1 else [200] * 6
            trial.due(statuses == due, sent=f"6 × {answers[0].sent}", came=str(statuses), due=str(due))
