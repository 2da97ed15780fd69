"""From an operation to its route: who calls, what was sent, the function, the answer; every refusal is a problem.

One order for all: address and media types, token and scope, parameters, body, idempotency key, If-Match, the function,
its answer written in the transaction of its effect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask import Flask
from flask import Response
from flask import request
from marshmallow import ValidationError

from core.auth.api_tokens import Bearer
from core.cabinets import audit
from core.db.errors import DomainError
from core.db.model import new_id
from core.documents import uploads
from core.rest import body
from core.rest import cursors
from core.rest import entry
from core.rest import replies
from core.rest.operations import Call
from core.rest.operations import Operation
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.rest.schemas import Asked
from core.rest.schemas import faults
from core.rest.schemas import files_of
from core.web import request as work
from core.web.attached import attach
from core.web.policy import policy
from core.web.problems import Fault
from core.web.problems import Problem

ROOT = "/api/v1"
#: Lines of a page: unless asked otherwise, at most.
USUAL, MOST = 50, 200
BLUEPRINT = "api"


def register(app: Flask, resources: Iterable[Resource]) -> None:
    """Make the routes of these resources, and keep their operations for the document."""
    made = Blueprint(BLUEPRINT, __name__, url_prefix=ROOT)
    found = {one.name: one for resource in resources for one in resource.operations}
    for one in found.values():
        path = one.path.replace("{", "<").replace("}", ">")
        made.add_url_rule(path, one.name, _view(one, found), methods=[one.method], merge_slashes=False)
    made.after_request(_options)
    app.register_blueprint(made)
    app.extensions["encours_api"] = tuple(resources)


def _options(response: Response) -> Response:
    """OPTIONS says what is allowed, and nothing else."""
    if request.method == "OPTIONS":
        response.status_code = 204
        response.headers.remove("Content-Type")
    return response


def _view(operation: Operation, known: dict[str, Operation]) -> Callable[..., Response]:
    def view(**named: str) -> Response:
        request.max_content_length = body.most(files_of(operation.takes))
        body.only_accepted(operation.media or "application/json")
        bearer, _context = entry.admit(operation)
        with audit.came_by(f"jeton «{bearer.token.name}»"):
            return _post(operation, bearer, named) if operation.method == "POST" else _other(operation, known, bearer, named)

    view.__name__ = operation.name  # first: what is exempt from the forms' token is known by its name
    view.__doc__ = operation.view.__doc__
    return policy("machine")(view)


def _other(operation: Operation, known: dict[str, Operation], bearer: Bearer, named: dict[str, str]) -> Response:
    call = _call(operation, bearer)
    if operation.same is not None:
        _unchanged(known[operation.same], bearer, named)
    found = operation.view(call, **named) if operation.method != "GET" else _read(operation, call, named)
    answer = _answer(operation, call, found, bearer)
    if operation.method != "GET":
        if operation.same is not None and operation.method == "PATCH":  # as it is now
            answer.set_etag(_tag(known[operation.same], bearer, named))
        work.db_session().commit()
        return answer
    if not operation.paged and (operation.gives is not None or operation.media):
        answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
        answer.make_conditional(request)
    return answer


def _read(operation: Operation, call: Call, named: dict[str, str]) -> Any:
    """A read has no body: what a rule refuses there is a parameter of its address."""
    try:
        return operation.view(call, **named)
    except DomainError as error:
        if error.status != DomainError.status:
            raise
        raise _refused([Fault(error.field or "", error.text)]) from error


def _refused(wrong: list[Fault]) -> Problem:
    said = "Des paramètres de l'adresse ne sont pas acceptés."
    return Problem(400, "parameters-invalid", "Paramètres à corriger", said, faults=wrong)


def _post(operation: Operation, bearer: Bearer, named: dict[str, str]) -> Response:
    claim = replies.claim(request, body.told(files_of(operation.takes)), bearer.adviser.cabinet_id, bearer.adviser.user_id)
    if claim.earlier is not None:
        return claim.earlier
    try:
        call = _call(operation, bearer, once=new_id())
        answer = _answer(operation, call, operation.view(call, **named), bearer)
        replies.keep(work.db_session(), claim, answer)
        work.db_session().commit()
    except BaseException:
        work.end()  # what was begun is rolled back, and its lock given up
        replies.release(claim)
        raise
    return answer


def _call(operation: Operation, bearer: Bearer, once: str = "") -> Call:
    asked, after, size = _asked(operation, bearer)
    taken: dict[str, Any] = {}
    if operation.takes is not None:
        schema, files = operation.takes(), files_of(operation.takes)
        for rule in files.values():
            uploads.rule_of(rule.name, bearer.adviser)
        sent = body.form_body(schema, files) if files else body.json_body()
        try:
            taken = dict(schema.load(sent))
        except ValidationError as error:
            raise Problem(
                422, "validation", "Saisie à corriger", "Des champs ne sont pas acceptés\u202f: corrigez-les, puis recommencez.",
                faults=[Fault(*one) for one in faults(error.messages)],
            ) from error  # fmt: skip
    return Call(bearer.adviser, work.db_session(), bearer.token.name, asked, taken, after, size, once)


def _asked(operation: Operation, bearer: Bearer) -> tuple[dict[str, Any], tuple[Any, ...] | None, int]:
    sent = {key: values[0] for key, values in request.args.to_dict(flat=False).items()}
    wrong = [Fault(key, "Ce paramètre est donné deux fois.") for key, values in request.args.lists() if len(values) > 1]
    cursor, size = "", USUAL
    if operation.paged:
        cursor, size = sent.pop("cursor", ""), USUAL
        if (limit := sent.pop("limit", None)) is not None:
            good = limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MOST
            size = int(limit) if good else USUAL
            wrong += [] if good else [Fault("limit", f"Un nombre de 1 à {MOST} est attendu.")]
    try:
        asked = dict((operation.asks or Asked)().load(sent))
    except ValidationError as error:
        wrong += [Fault(*one) for one in faults(error.messages)]
        asked = {}
    if wrong:
        raise _refused(wrong)
    after = cursors.read(cursor, _bound(operation, bearer, asked)) if cursor else None
    return asked, after, size


def _bound(operation: Operation, bearer: Bearer, asked: dict[str, Any]) -> str:
    named = {**asked, **{f"/{key}": value for key, value in (request.view_args or {}).items()}}
    return cursors.bound_to(operation.name, bearer.adviser.cabinet_id, bearer.adviser.user_id, named)


def _answer(operation: Operation, call: Call, found: Any, bearer: Bearer) -> Response:
    reply = found if isinstance(found, Reply) else Reply(found)
    if reply.data is not None:
        return attach(Response(reply.data, operation.status, mimetype=reply.media), reply.filename)
    if operation.gives is None:
        answer = Response(status=operation.status)
        answer.headers.remove("Content-Type")
        return answer
    schema = operation.gives()
    shown: Any
    if operation.paged:
        assert isinstance(reply.value, Slice), operation.name
        last = reply.value.last
        following = cursors.made(last, _bound(operation, bearer, dict(call.asked))) if last is not None else None
        shown = {"items": schema.dump(reply.value.items, many=True), "next_cursor": following}
    else:
        shown = schema.dump(reply.value)
    answer = Response(json.dumps(shown, ensure_ascii=False), operation.status, mimetype="application/json")
    if reply.location is not None:
        answer.headers["Location"] = ROOT + reply.location
    return answer


def _unchanged(same: Operation, bearer: Bearer, named: dict[str, str]) -> None:
    """The check that forms make of what they showed: nothing of somebody else's change is overwritten unseen."""
    if not request.if_match or request.if_match.star_tag:
        return
    if not request.if_match.contains(_tag(same, bearer, named)):
        raise Problem(
            412, "precondition-failed", "Modifié entre-temps",
            "La ressource a changé depuis que vous l'avez lue\u202f: relisez-la, puis recommencez. Rien n'a été enregistré.",
        )  # fmt: skip


def _tag(same: Operation, bearer: Bearer, named: dict[str, str]) -> str:
    """The ETag that its GET would give now."""
    call = Call(bearer.adviser, work.db_session(), bearer.token.name)
    found = same.view(call, **{key: value for key, value in named.items() if key in same.arguments})
    shown = found.data if same.gives is None else json.dumps(same.gives().dump(found), ensure_ascii=False).encode()
    return hashlib.sha256(shown).hexdigest()[:32]
