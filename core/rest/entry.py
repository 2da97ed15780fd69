"""Who calls: the bearer's token, how often it may call, whether what it asks for is open to it.

The session's cookie is never read here: no browser's page can call in a person's name (hence no token against forgery).
"""

from __future__ import annotations

from flask import g
from flask import request
from flask_login import AnonymousUserMixin

from core.auth import api_tokens
from core.auth.api_scopes import SCOPES
from core.auth.api_tokens import Bearer
from core.auth.limits import MINUTE
from core.auth.limits import Limit
from core.extensions import db
from core.hooks import context
from core.hooks import gates
from core.hooks.types import Context
from core.rest.operations import Operation
from core.rest.pace import PACE
from core.shell.gate import hub
from core.web import request as work
from core.web.problems import Problem

#: Calls a minute of one token, and of all tokens of a cabinet together; then a pause.
TOKEN = Limit(300, MINUTE, MINUTE / 4, MINUTE)
CABINET = Limit(1200, MINUTE, MINUTE / 4, MINUTE)


def admit(operation: Operation) -> tuple[Bearer, Context]:
    """Who calls, with the request's session and context set to his. Raises `Problem`: 401, 403, 404, 429."""
    g._login_user = AnonymousUserMixin()  # whoever asks for the current user below is not led to a cookie
    found = _bearer()
    _count(found)
    api_tokens.used(found.token)
    with db.session(found.adviser.cabinet_id, write=False) as reader:
        made = context.make(reader, hub().registry, principal=found.adviser, slug=found.cabinet_slug)
    work.begin(found.adviser.cabinet_id)
    work.act_as(found.adviser)
    g.context = made
    if operation.plugin is not None and (held := gates.shut(hub().registry, operation.plugin, made.enabled)) is not None:
        raise Problem(404, "not-found", "Introuvable", held.text)
    _allowed(operation, found)
    return found, made


def _bearer() -> Bearer:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise _refused(
            "token-missing", "Jeton d'accès manquant",
            "Présentez un jeton d'accès dans l'en-tête Authorization\u202f: Bearer, puis le jeton.", 'Bearer realm="encours"',
        )  # fmt: skip
    found = api_tokens.bearer(text.strip())
    if found is None:
        raise _refused(
            "token-invalid", "Jeton d'accès refusé",
            "Ce jeton est inconnu, expiré ou révoqué, ou son titulaire n'a plus accès à Encours.",
            'Bearer realm="encours", error="invalid_token"',
        )  # fmt: skip
    if found.unproven:
        raise Problem(
            403, "second-factor-required", "Second facteur exigé",
            "Votre cabinet exige le second facteur\u202f: enregistrez le vôtre dans «\u202fMon compte\u202f», "
            "et ce jeton servira de nouveau.",
        )  # fmt: skip
    return found


def _refused(slug: str, title: str, detail: str, challenge: str) -> Problem:
    return Problem(401, slug, title, detail, headers={"WWW-Authenticate": challenge})


def _count(found: Bearer) -> None:
    wait = PACE.take((f"api:{found.token.id}", TOKEN), (f"api-cabinet:{found.adviser.cabinet_id}", CABINET))
    if wait is not None:
        raise Problem(
            429, "too-many-requests", "Trop d'appels",
            f"Trop d'appels sont arrivés en peu de temps\u202f: attendez {wait.seconds} s, puis recommencez.",
            headers={"Retry-After": str(wait.seconds)},
        )  # fmt: skip


def _allowed(operation: Operation, found: Bearer) -> None:
    if operation.scope is None:
        return
    scope = SCOPES[operation.scope]
    if operation.scope not in found.token.scopes:
        raise Problem(
            403, "scope-missing", "Droit absent du jeton",
            f"Ce jeton ne permet pas «\u202f{scope.label}\u202f» ({scope.code})\u202f: créez-en un qui le permet.",
            headers={"WWW-Authenticate": f'Bearer realm="encours", error="insufficient_scope", scope="{scope.code}"'},
        )  # fmt: skip
    if scope.right is not None and not found.adviser.can(scope.right):
        raise Problem(
            403, "forbidden", "Accès refusé", "Votre profil ne permet pas cette action. Demandez ce droit à un administrateur."
        )
