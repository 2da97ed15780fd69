"""PLP-097, PLP-101, PLP-104: the platform reads the feed."""

from __future__ import annotations

from typing import Any

from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.hooks import case
from plp_conform.against_platform.hooks import result
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.serving import Incoming
from plp_conform.serving import Reply
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Fil des transactions"
check = REGISTRY.chapter(CHAPTER)
_CHANGED = "transaction.status_changed"


@check("feed.gap", "Un trou dans les numéros fait lire le fil, page par page", "PLP-097", "PLP-101", "PLP-102", "PLP-104")
def a_gap_is_filled(bench: Bench, trial: Trial) -> None:
    """Soon; by its cursor; a bad item is skipped, the rest is taken: the missing number is then known."""
    partner = bench.active
    with case(bench, trial) as made:
        missing = made.data(1, "pending")
        items: list[dict[str, Any]] = [
            {"type": _CHANGED, "timestamp": "hier", "data": {"seq": "x"}},
            {"type": _CHANGED, "timestamp": wire.stamp(wire.now()), "data": missing},
        ]
        asked: list[dict[str, str]] = []

        def serve(incoming: Incoming) -> Reply:
            asked.append(dict(incoming.parameters()))
            last = asked[-1].get("cursor") == "conformite-1"
            return Reply.json(partner.page([] if last else items, "conformite-2" if last else "conformite-1", more=not last))

        partner.transactions = serve
        try:
            trial.answer(made.send(made.data(2, "validated"), note="seq 2, sans seq 1"), 204)
            read = bench.until(lambda: any(one.get("cursor") == "conformite-1" for one in asked))
        finally:
            partner.transactions = None
        trial.due(bool(asked), sent="seq 2 sans seq 1", came=f"{len(asked)} lectures du fil", due="une lecture du fil")
        trial.due(read, sent="has_more, next_cursor conformite-1", came=str(asked[-3:]), due="la page suivante, par ce curseur")
        limits = [int(one.get("limit", "200")) for one in asked]
        trial.due(all(1 <= one <= 200 for one in limits), sent="lectures du fil", came=str(limits), due="limit de 1 à 200")
        again = made.send(missing, note="seq 1, par notification")
        made.last = (2, "validated")
        result(trial, again, "stale")


@check("feed.signed", "Le fil se demande au nom du mandat", "PLP-023", "PLP-101")
def in_the_mandates_name(bench: Bench, trial: Trial) -> None:
    """`sub` = mandate; the query is not in `htu`."""
    calls = bench.partner.calls("/transactions")
    if not calls:
        raise Unverified("la plateforme n'a pas lu le fil pendant l'essai")
    for call in calls:
        right = call.fault is None and call.claims["sub"] == call.claims["mandate"] == bench.sheet["mandate"]
        trial.due(
            right, sent="lecture du fil", came=f"{call.told} {call.fault or ''}", due="signée, sub = mandat, htu sans paramètres"
        )
