"""PLP-044 to PLP-051: what the platform makes of a partner's list, good and hostile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from uuid import uuid4

from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.partner import Partner
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.against_platform.visitor import forms
from plp_conform.against_platform.visitor import words
from plp_conform.model import Check
from plp_conform.model import Side
from plp_conform.serving import Reply
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Actes ouverts"
check = REGISTRY.chapter(CHAPTER)
Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hostile:
    """An answer that must open nothing. `reply` makes it of the partner and the question."""

    name: str
    title: str
    ids: tuple[str, ...]
    reply: Callable[[Partner, Asked], Reply]


def _json(partner: Partner, asked: Asked, **changes: Any) -> Reply:
    return Reply.json(partner.answer(asked, **changes))


def _first(partner: Partner, asked: Asked, **changes: Any) -> Reply:
    """The usual list, its first act changed."""
    first, *rest = partner.answer(asked)["actions"]
    return _json(partner, asked, actions=[{**first, **changes}, *rest])


_N = ("PLP-049",)
HOSTILE = (
    Hostile("404-untyped", "un 404 sans type de problème", _N, lambda p, a: Reply(404, b"not found",
    {"Content-Type": "text/plain"})),
    Hostile("account-unknown", "404 account-unknown", ("PLP-048",), lambda p, a: p.problem(404, "account-unknown")),
    Hostile("media-type", "un autre type de contenu", _N,
            lambda p, a: Reply(200, wire.dump(p.answer(a)).encode(), {"Content-Type": "text/html"})),
    Hostile("other-account", "account_ref d'un autre contrat", _N, lambda p, a: _json(p, a, account_ref="AUTRE-0001")),
    Hostile("other-interaction", "PLP-Interaction-Id d'un autre échange", _N,
            lambda p, a: Reply.json(p.answer(a), PLP_Interaction_Id=str(uuid4()))),
    Hostile("code-twice", "un code deux fois", _N, lambda p, a: _json(p, a, actions=p.answer(a)["actions"] * 2)),
    Hostile("too-many", "101 actes", _N, lambda p, a: _json(p, a, actions=[
        *p.answer(a)["actions"], *({"code": f"acte_{n}", "label": f"Acte {n}", "state": "allowed"} for n in range(100))])),
    Hostile("too-large", "plus de 256 Kio", _N, lambda p, a: _json(p, a, filler="x" * (257 * 1024))),
    Hostile("bad-json", "du JSON tronqué", _N, lambda p, a: Reply(200, b'{"actions":[', {"Content-Type": "application/json"})),
    Hostile("member-twice", "un membre répété", ("PLP-003", "PLP-049"), lambda p, a: Reply(
        200, (wire.dump(p.answer(a))[:-1] + ',"ttl_s":60}').encode(), {"Content-Type": "application/json"})),
    Hostile("redirect", "une redirection", _N, lambda p, a: Reply(302, b"", {"Location": p.server.public + "/plp/ailleurs"})),
    Hostile("state-unknown", "un état inconnu, lu comme denied", ("PLP-045",), lambda p, a: _first(p, a, state="ouvert")),
    Hostile("denied", "l'acte denied", ("PLP-045",), lambda p, a: _first(
        p, a, state="denied", reason={"code": "other", "text": "Fermé.", "ref": None, "until": None})),
    Hostile("unavailable", "l'acte unavailable", ("PLP-045",), lambda p, a: _first(
        p, a, state="unavailable", reason={"code": "maintenance", "text": "Interrompu.", "ref": None, "until": None})),
    Hostile("no-label", "l'acte sans libellé", _N, lambda p, a: _first(p, a, label=None)),
    Hostile("bad-code", "l'acte de code mal formé", _N, lambda p, a: _first(p, a, code="Arbitrage !")),
    Hostile("absent", "l'acte absent de la liste", ("PLP-044",), lambda p, a: _json(p, a, actions=p.answer(a)["actions"][1:])),
    Hostile("403", "403 mandate-inactive", ("PLP-048",), lambda p, a: p.problem(403, "mandate-inactive")),
    Hostile("500", "un 500", ("PLP-108",), lambda p, a: Reply(500)),
)  # fmt: skip


def _opens_nothing(case: Hostile, bench: Bench, trial: Trial) -> None:
    """The page stands, without the act; a right answer opens it again (and closes the breaker)."""
    made = bench.active
    right = bench.acts(trial)
    trial.answer(right, 200, holds=bench.visitor.launch_form(right) is not None, due="ouvert, sur une réponse juste")
    made.capabilities = lambda asked, _: case.reply(made, asked)
    try:
        page = bench.acts(trial)
    finally:
        made.capabilities = None
    closed = bench.visitor.launch_form(page) is None
    trial.due(
        closed and page.status == 200,
        sent=f"réponse\u202f: {case.title}",
        came=words(page.text)[:400],
        due="une page sans cet acte ouvert",
    )


for _case in HOSTILE:
    _title = f"N'ouvre pas l'acte\u202f: {_case.title}"
    REGISTRY.add(Check(f"capabilities.{_case.name}", _title, _case.ids, CHAPTER, Side.PLATFORM, partial(_opens_nothing, _case)))


@check("capabilities.request", "La question suit son schéma, sans nommer d'acte", "PLP-044", "PLP-010")
def the_question(bench: Bench, trial: Trial) -> None:
    """The contract, the adviser, the broker code."""
    bench.acts(trial)
    call = bench.partner.calls("/capabilities")[-1]
    asked = wire.parse(call.incoming.body)
    trial.shape("CapabilityRequest", asked, sent=call.told, what="question")
    named = [code for code in bench.partner.acts if code in call.incoming.body.decode("utf-8")]
    known = asked["account"]["scheme"] in bench.partner.sheet()["account_schemes"]
    trial.due(not named and known, sent="liste des actes", came=call.incoming.told, due="aucun acte nommé, un schéma de la fiche")


@check(
    "capabilities.shown",
    "La liste du partenaire est montrée entière, dans son ordre, avec ses mots",
    "PLP-044",
    "PLP-045",
    "PLP-046",
    "PLP-047",
)
def it_is_shown(bench: Bench, trial: Trial) -> None:
    """Unknown acts too; the closed one with its reason and no button."""
    partner = bench.active
    actions: list[dict[str, Any]] = [
        {"code": "conformite.libre", "label": "Acte libre de conformité", "state": "allowed", "accepts_prefill": False},
        *partner.answer({"account": {"ref": "x"}})["actions"],
        {"code": "conformite.ferme", "label": "Acte fermé de conformité", "state": "denied", "reason": {
            "code": "conformite_inconnu", "text": "Motif écrit par le banc.", "ref": None, "until": None}},
    ]  # fmt: skip
    partner.capabilities = lambda asked, _: _json(partner, asked, actions=actions)
    try:
        page = bench.acts(trial)
    finally:
        partner.capabilities = None
    said = words(page.text)
    places = [said.find(escape(item["label"])) for item in actions]
    trial.due(
        -1 not in places and places == sorted(places), sent="une liste de quatre actes", came=said[:500], due="tous, dans l'ordre"
    )
    trial.answer(page, 200, holds="Motif écrit par le banc." in said, due="le motif de l'acte fermé")
    buttons = [one for one in forms(page.text) if one.method == "post" and "Acte fermé de conformité" in one.text]
    trial.answer(page, 200, holds=not buttons, due="aucun bouton pour l'acte fermé")


@check("capabilities.plain-text", "Libellés et motifs sont du texte, jamais du HTML", "PLP-006")
def plain_text(bench: Bench, trial: Trial) -> None:
    """A partner's label is not markup."""
    partner = bench.active
    label = "<b id=conformite>Gras</b>"
    partner.capabilities = lambda asked, _: _first(partner, asked, label=label)
    try:
        page = bench.acts(trial)
    finally:
        partner.capabilities = None
    trial.answer(page, 200, holds=label not in page.text, due="le libellé échappé")


@check("capabilities.slow", "Un partenaire muet ne retient pas la page au-delà de 6 s", "PLP-108")
def a_silent_partner(bench: Bench, trial: Trial) -> None:
    """5 s in all. Only where the target file asks for slow tries (`played.slow`)."""
    if not bench.target.played.get("slow"):
        raise Unverified("essai lent\u202f: played.slow = true dans le fichier cible")
    partner = bench.active
    bench.acts(trial)

    def wait(asked: Asked, _: Any) -> Reply:
        time.sleep(9)
        return _json(partner, asked)

    partner.capabilities, begun = wait, time.monotonic()
    try:
        page = bench.visitor.acts()
    finally:
        partner.capabilities = None
    took = time.monotonic() - begun
    closed = bench.visitor.launch_form(page) is None
    trial.answer(page, 200, holds=took <= 7 and closed, due=f"une page sans acte ouvert, en 6 s (ici {took:.1f} s)")
