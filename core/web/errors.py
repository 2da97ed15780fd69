"""Every error is one clear French page (or one problem answer): what, why, what to do, with a reference."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask import make_response
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed

from core.db.errors import DomainError
from core.telemetry import trace
from core.web import problems

_log = logging.getLogger("encours.web")
#: What answers for a thing that lives on elsewhere, or None: asked before a page is said not to exist.
Forward = Callable[[], ResponseReturnValue | None]
_forwards: list[Forward] = []


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What the error page says."""

    code: int
    title: str
    text: str
    todo: str
    reference: str
    back_url: str = "/"
    back_label: str = "Revenir"


_BACK = "Revenez à la page précédente, ou à l'accueil."
_AGAIN = "Réessayez dans un instant. Si cela dure, donnez cette référence à votre administrateur."
_WORDS: dict[int, tuple[str, str, str]] = {
    400: ("Demande incomplète", "La demande reçue n'est pas celle que cette page attend.", _BACK),
    401: ("Session expirée", "Votre session a pris fin.", "Reconnectez-vous\u202f: vous reviendrez à cette page."),
    403: ("Accès refusé", "Votre profil ne permet pas cette action.", "Demandez ce droit à un administrateur du cabinet."),
    404: ("Page introuvable", "Cette page n'existe pas, ou n'est pas ouverte à votre profil.", _BACK),
    405: ("Action impossible ici", "Cette adresse n'accepte pas ce type de demande.", _BACK),
    409: ("Action devenue impossible", "La situation a changé depuis l'affichage de la page.", "Rechargez la page et vérifiez."),
    410: ("Lien périmé", "Ce lien n'est plus valable.", _BACK),
    413: ("Fichier trop volumineux", "Ce qui a été envoyé dépasse la taille acceptée.", "Réduisez le fichier, puis recommencez."),
    415: ("Format non accepté", "Ce qui a été envoyé n'est pas dans un format accepté.", _BACK),
    422: ("Saisie à corriger", "Une valeur n'est pas acceptée.", "Corrigez-la, puis recommencez."),
    429: ("Trop de demandes", "Trop de demandes sont arrivées en peu de temps.", "Patientez une minute, puis recommencez."),
    500: ("Erreur interne", "Une erreur inattendue s'est produite\u202f; rien n'a été enregistré à moitié.", _AGAIN),
    503: ("Service momentanément indisponible", "La base de données ne répond pas.", _AGAIN),
}  # fmt: skip


def page(
    status: int, *, text: str = "", title: str = "", todo: str = "", back: tuple[str, str] = ("/", "Revenir"),
    slug: str = "", fields: tuple[problems.Fault, ...] = (),
) -> ResponseReturnValue:  # fmt: skip
    """The answer for an error: HTML for people, a problem for programs and fragments' scripts.

    `back`: where the page's button leads, and what it says.
    """
    reference = trace.reference()
    words = _WORDS.get(status) or (_WORDS[500] if status >= 500 else _WORDS[400])
    view = ErrorView(status, title or words[0], text or words[1], todo or words[2], reference, *back)
    # The route, not the address: that may hold a launch token, or what somebody typed.
    route = request.url_rule.rule if request.url_rule else "-"
    level = logging.ERROR if status >= 500 else logging.INFO
    _log.log(level, "%s %s → %s (%s)", request.method, route, status, reference)
    api = problems.is_api(request.path)
    if api or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        own = problems.WORDS.get(status, words) if api else words
        name = slug or problems.SLUGS.get(status, "internal" if status >= 500 else "bad-request")
        return problems.response(problems.View(status, name, title or own[0], text or own[1], fields))
    return render_template("errors/error.html", view=view), status


def forward(ask: Forward) -> Forward:
    """Register who knows where a thing that was not found lives on."""
    if ask not in _forwards:
        _forwards.append(ask)
    return ask


def install(app: Flask) -> None:
    """Turn every exception into such a page."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> ResponseReturnValue:
        if error.status == 404:
            for ask in _forwards:
                if (answer := ask()) is not None:
                    return answer
        fields = (problems.Fault(error.field, error.text),) if error.field else ()
        return page(error.status, text=error.text, slug=error.code, fields=fields)

    @app.errorhandler(problems.Problem)
    def problem(error: problems.Problem) -> ResponseReturnValue:
        route = request.url_rule.rule if request.url_rule else "-"
        _log.info("%s %s → %s %s (%s)", request.method, route, error.view.status, error.view.slug, trace.reference())
        return problems.response(error.view)

    @app.errorhandler(CSRFError)
    def csrf(_error: CSRFError) -> ResponseReturnValue:
        return page(
            400, title="Formulaire périmé",
            text="Ce formulaire a été ouvert dans une session qui a pris fin, ou vient d'un autre site.",
            todo="Revenez à la page précédente, rechargez-la, puis recommencez\u202f: rien n'a été enregistré.",
        )  # fmt: skip

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        answer = make_response(page(error.code or 500))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer

    @app.errorhandler(OperationalError)
    def database(error: OperationalError) -> ResponseReturnValue:
        _log.error("the database is away", exc_info=error)
        return page(503)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        _log.exception("unexpected", exc_info=error)
        return page(500)
