"""PLP-101 to PLP-103, PLP-099: the feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.cases import case
from plp_conform.against_partner.platform import Platform
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.serving import Incoming
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Fil des transactions"
check = REGISTRY.chapter(CHAPTER)


def page(platform: Platform, trial: Trial, query: str = "") -> dict[str, Any]:
    """One page that must come."""
    answer = trial.answer(platform.call("GET", "/transactions", query=query), 200)
    found = answer.json()
    trial.shape("FeedPage", found, sent=answer.sent, what="page du fil")
    return dict(found)


def _bad(platform: Platform, query: str) -> Answer:
    return platform.call("GET", "/transactions", query=query)


@check("feed.offered", "La fiche offre le fil", "PLP-101", "PLP-014")
def the_feed_is_there(bench: Bench, trial: Trial) -> None:
    """Where `feed` is false, the platform does not poll, and nothing of this chapter binds."""
    if not bench.sheet.get("feed"):
        raise Unverified("la fiche annonce feed\u202f: false")
    page(bench.platform, trial)


@check("feed.equals", "Fil et notifications disent la même chose, un élément par changement, dans l'ordre", "PLP-099", "PLP-101")
def feed_and_hooks_agree(bench: Bench, trial: Trial) -> None:
    """The same objects, oldest first."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        told = [made.move("pending", 1), made.move("validated", 2), made.move("rejected", 3, corrected=True, reason="other")]
        found = page(platform, trial)["items"]
        mine = [item for item in found if item["data"]["transaction_ref"] == made.reference]
        numbers = [(item["type"], item["data"]["seq"]) for item in mine]
        due = [(event["type"], event["data"]["seq"]) for event in told]
        trial.due(numbers == due, sent="GET /transactions", came=str(numbers), due=str(due))
        same = [wire.content(a["data"]) == wire.content(b["data"]) for a, b in zip(mine, told, strict=True)]
        trial.due(all(same), sent="GET /transactions", came=wire.dump(mine)[:700], due="les mêmes data que les notifications")


@check("feed.before-hook", "Un changement est dans le fil avant sa première notification", "PLP-103")
def the_feed_comes_first(bench: Bench, trial: Trial) -> None:
    """Read while the hook is being delivered."""
    platform, seen = bench.active(), []

    def look(incoming: Incoming) -> None:
        if b"transaction." in incoming.body:
            seen.append((incoming.told, page(platform, Trial())["items"]))

    with case(bench, trial, platform=platform) as made:
        platform.on_hook = look
        made.move("pending", 1)
        platform.on_hook = None
        sent, items = seen[0] if seen else ("notification", [])
        here = any(item["data"]["transaction_ref"] == made.reference for item in items)
        trial.due(here, sent=sent, came=f"{len(items)} éléments dans le fil", due="le changement y est déjà")


@check("feed.pages", "Les pages se suivent par le curseur, sans trou ni doublon", "PLP-102", "PLP-101")
def page_by_page(bench: Bench, trial: Trial) -> None:
    """One item at a time; the last cursor then brings only what is new."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        made.move("pending", 1)
        made.move("validated", 2)
        numbers, query = [], "limit=1"
        for _ in range(2):
            found = page(platform, trial, query)
            numbers += [item["data"]["seq"] for item in found["items"]]
            query = f"limit=1&cursor={quote(found['next_cursor'], safe='')}"
        trial.due(numbers == [1, 2], sent="limit=1, deux fois", came=str(numbers), due="[1, 2]")
        rest = page(platform, trial, query)
        trial.due(not rest["items"] and not rest["has_more"], sent=query, came=wire.dump(rest)[:300], due="une page vide")
        made.move("rejected", 3, corrected=True, reason="other")
        rest = page(platform, trial, f"cursor={quote(rest['next_cursor'], safe='')}")
        numbers = [item["data"]["seq"] for item in rest["items"]]
        trial.due(numbers == [3], sent="le dernier curseur", came=str(numbers), due="[3]")
        cursor = rest["next_cursor"]
        safe = 1 <= len(cursor) <= 512 and quote(cursor, safe="") == cursor
        trial.due(safe, sent="next_cursor", came=cursor, due="1 à 512 signes, sans rien à coder dans une adresse")


@check("feed.limit", "limit va de 1 à 200, au-delà il est abaissé", "PLP-102")
def the_limit(bench: Bench, trial: Trial) -> None:
    """Anything else: 400."""
    platform = bench.platform
    for text in ("0", "-1", "abc", "1.5", "", "%C2%B2"):
        trial.refused(_bad(platform, f"limit={text}"), 400, "malformed-request")
    page(platform, trial, "limit=5000")


@check("feed.cursor", "Curseur forgé, d'un autre mandat, ou avec since\u202f: 400", "PLP-102")
def a_wrong_cursor(bench: Bench, trial: Trial) -> None:
    """A cursor is no way into another's feed."""
    platform, other = bench.platform, bench.other
    mine, theirs = (page(one, trial)["next_cursor"] for one in (platform, other))
    forged = mine[:-2] + ("AA" if mine[-2:] != "AA" else "BB")
    for note in (forged, "n-importe-quoi", "1", theirs):
        trial.refused(_bad(platform, f"cursor={quote(note, safe='')}"), 400, "malformed-request")
    both = f"cursor={quote(mine, safe='')}&since=2026-01-01T00:00:00Z"
    trial.refused(_bad(platform, both), 400, "malformed-request")


@check("feed.cursor-kept", "Un curseur vaut 30 jours au moins", "PLP-102")
def a_cursor_is_kept(bench: Bench, trial: Trial) -> None:
    """By the partner's clock."""
    platform = bench.platform
    cursor = page(platform, trial)["next_cursor"]
    bench.move_clock(29 * 86_400)
    try:
        page(platform, trial, f"cursor={quote(cursor, safe='')}")
    finally:
        bench.move_clock(0)


@check("feed.since", "since borne le fil, mal écrit il est refusé", "PLP-102", "PLP-005")
def since(bench: Bench, trial: Trial) -> None:
    """A timestamp of PLP-005."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        made.move("pending", 1)
        late, early = wire.stamp(platform.now() + 3600), wire.stamp(platform.now() - 3600)
        trial.due(not page(platform, trial, f"since={late}")["items"], sent=f"since={late}", came="des éléments", due="aucun")
        trial.due(bool(page(platform, trial, f"since={early}")["items"]), sent=f"since={early}", came="aucun", due="l'élément")
        for text in ("hier", "2026-01-01", "2026-01-01T00:00:00%2B01:00"):
            trial.refused(_bad(platform, f"since={text}"), 400, "malformed-request")


@check("feed.own", "Le fil ne montre que le mandat du jeton", "PLP-101")
def only_its_own(bench: Bench, trial: Trial) -> None:
    """Another platform's changes are not in it."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        made.move("pending", 1)
        found = page(bench.other, trial)["items"]
        foreign = [item for item in found if item["data"]["mandate"] != bench.other.mandate]
        trial.due(
            not foreign, sent="GET /transactions d'une autre plateforme", came=wire.dump(foreign)[:300], due="rien d'autrui"
        )


@check("feed.one", "GET /transactions/{ref} rend l'élément le plus récent", "PLP-103")
def the_newest(bench: Bench, trial: Trial) -> None:
    """As the hook said it."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        made.move("pending", 1)
        told = made.move("validated", 2)
        answer = trial.answer(platform.call("GET", f"/transactions/{made.reference}"), 200)
        found = answer.json()
        right = found["type"] == told["type"] and wire.content(found["data"]) == wire.content(told["data"])
        trial.answer(answer, 200, holds=right, due="validated, seq 2, comme la notification")


@check("feed.unknown", "Transaction inconnue et transaction d'un autre\u202f: une seule réponse", "PLP-103")
def unknown_and_foreign(bench: Bench, trial: Trial) -> None:
    """404 transaction-unknown, the same body."""
    platform = bench.active()
    with case(bench, trial, platform=platform) as made:
        made.move("pending", 1)
        said = []
        for reference in (made.reference, "txn_conformite_inconnue"):
            answer = bench.other.call("GET", f"/transactions/{reference}")
            trial.refused(answer, 404, "transaction-unknown")
            said.append({k: v for k, v in (answer.json() or {}).items() if k not in ("instance", "interaction_id")})
        trial.due(said[0] == said[1], sent=answer.sent, came=str(said[0]), due=f"le même corps\u202f: {said[1]}")
