"""The partner's API: `{base_url}/capabilities`, `/mandates/…`, `/transactions…` (PLP §3 to §5, §7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask import Response
from flask import g
from flask import request

from . import capabilities
from . import documents
from . import feed
from . import gate
from . import mandates
from . import trust
from . import wire
from .context import world
from .fault_answers import faulty
from .problems import Problem

blueprint = Blueprint("api", __name__, url_prefix="/plp/v1")


def incoming(below: str = "/plp/v1", beside: str = "") -> gate.Request:
    """The request, its body read at most to the cap (PLP-026); its path is counted from `below`."""
    if request.method == "HEAD":
        raise allowed(["GET"])
    if (request.content_length or 0) > gate.BODY_CAP:
        raise Problem("too-large", "256 Kio au plus")
    body = request.stream.read(gate.BODY_CAP + 1)
    if len(body) > gate.BODY_CAP:
        raise Problem("too-large", "256 Kio au plus")
    return gate.Request(
        method=request.method, path=request.path.removeprefix(below), version=request.headers.get("PLP-Version"),
        media_type=request.mimetype, charset=request.mimetype_params.get("charset", "").lower(),
        encoding=request.headers.get("Content-Encoding", "").strip().lower(),
        authorization=request.headers.get("Authorization"), body=body, beside=beside,
    )  # fmt: skip


def _enter() -> tuple[gate.Request, gate.Caller]:
    came = incoming()
    gate.check_envelope(came)
    return came, gate.authenticate(world(), came)


def _json(value: dict[str, Any], status: int = 200) -> Response:
    return Response(wire.dump(value), status, mimetype="application/json")


def problem_answer(problem: Problem) -> Response:
    """PLP-107."""
    document = problem.document(request.path, g.interaction_id)
    answer = Response(wire.dump(document), problem.status, mimetype="application/problem+json")
    answer.headers.update(problem.headers)
    return answer


@blueprint.post("/capabilities")
@faulty("capabilities")
def ask_capabilities() -> Response:
    """PLP §5."""
    came, caller = _enter()
    mandate = gate.check_mandate(world(), caller, "capabilities", ledger=False)
    asked = documents.read_asked(came.body)
    return _json(capabilities.answer(world(), caller, mandate, asked))


@blueprint.put("/mandates/<mandate>")
@faulty("mandates")
def put_mandate(mandate: str) -> Response:
    """PLP-037, PLP-038: 200 stored, 202 until the paper is received."""
    came, caller = _enter()
    if caller.sub != caller.mandate:
        raise Problem("adviser-not-mandated", "sub doit être le mandat")  # PLP-023
    document = documents.read_mandate(came.body, caller, mandate, world().settings.partner_id)
    with world().store.write() as connection:
        now = world().clock.now()
        trust.take(connection, caller.registration, mandate, document.get("statements") or [], now)
        if not set(document["jkt"]) <= trust.trusted(connection, caller.registration, mandate):
            raise Problem("validation", "une empreinte n'est pas reconnue")
        try:
            kept, stored = mandates.store(connection, caller.registration, document, now)
        except mandates.StepRefused as error:
            raise Problem("sequence-conflict", "version déjà dépassée, ou contenu différent") from error
    return _json(kept.view(), 200 if stored else 202)


@blueprint.get("/mandates/<mandate>")
@faulty("mandates")
def get_mandate(mandate: str) -> Response:
    """PLP-039: unknown and foreign are one answer."""
    _, caller = _enter()
    if caller.sub != caller.mandate:
        raise Problem("adviser-not-mandated", "sub doit être le mandat")
    with world().store.read() as connection:
        kept = mandates.find(connection, mandate, caller.registration.iss)
    if kept is None or caller.mandate != mandate:
        raise Problem("mandate-unknown", "aucun mandat de ce nom")
    return _json(kept.view())


def single(name: str) -> str | None:
    """A parameter of the address, once at most. Raises `Problem`."""
    found = request.args.getlist(name)
    if len(found) > 1:
        raise Problem("malformed-request", f"paramètre {name} répété")
    return found[0] if found else None


@blueprint.get("/transactions")
@faulty("feed")
def get_feed() -> Response:
    """PLP-101, PLP-102."""
    _, caller = _enter()
    mandate = gate.check_mandate(world(), caller, "status", ledger=True)
    limit, cursor, since = feed.read_limit(single("limit")), single("cursor"), single("since")
    with world().store.read() as connection:
        page = feed.page(
            connection, mandate.mandate, limit=limit, cursor=cursor, since=since, now=world().clock.now()
        )
    return _json(page)


@blueprint.get("/transactions/<reference>")
@faulty("transaction")
def get_transaction(reference: str) -> Response:
    """PLP-103."""
    _, caller = _enter()
    mandate = gate.check_mandate(world(), caller, "status", ledger=True)
    with world().store.read() as connection:
        return _json(feed.newest(connection, mandate.mandate, reference))


def allowed(methods: Iterable[str] | None) -> Problem:
    """PLP-025."""
    return Problem("method-not-allowed", "", {"Allow": ", ".join(sorted(set(methods or ()) - {"HEAD", "OPTIONS"}))})
