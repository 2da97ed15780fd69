"""What an authorization or token request must look like, checked before Authlib sees it (PLP-064, PLP-069, PLP-072).

Authlib takes the first of a repeated parameter, defaults a missing challenge method to `plain`, and reads form and
query as one: all of that is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749 import UnsupportedGrantTypeError
from flask import Request
from werkzeug.datastructures import MultiDict

from core.auth.oidc import clients
from core.auth.oidc.clients import Client
from core.db.errors import DomainError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: Octets of a token request's body.
MAX_BODY = 16 * 1024
_OPAQUE = re.compile(r"[\x21-\x7e]{16,256}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
#: Taken and not looked at (PLP-064).
_IGNORED = frozenset({"acr_values", "max_age"})
_FORM = ("code", "redirect_uri", "code_verifier", "client_id")


class UnknownClient(DomainError):
    """No registered client, or not its redirect URI: our own page, never a redirect (PLP-065)."""

    status = 400
    code = "invalid-client"


def client_of(args: MultiDict[str, str]) -> Client:
    """The client of an authorization request whose redirect URI is one of its own. Raises `UnknownClient`."""
    client_id, redirect_uri = args.getlist("client_id"), args.getlist("redirect_uri")
    client = clients.find(client_id[0]) if len(client_id) == 1 else None
    if client is None or len(redirect_uri) != 1 or not client.check_redirect_uri(redirect_uri[0]):
        raise unknown_client()
    return client


def unknown_client() -> UnknownClient:
    """What a person reads when nobody is there to be redirected to, by whatever binding."""
    return UnknownClient(
        "Le site qui vous envoie ici n'est pas enregistré auprès de votre cabinet, ou son adresse de retour n'est "
        "pas celle convenue ; rien ne lui a été transmis. Revenez à votre logiciel et recommencez ; si cela se "
        "répète, prévenez votre administrateur."
    )


def state_of(args: MultiDict[str, str]) -> str | None:
    """The state to give back, where there is exactly one."""
    given = args.getlist("state")
    return given[0] if len(given) == 1 and given[0] else None


def check_authorization(client: Client, args: MultiDict[str, str]) -> Mapping[str, str]:
    """The request's parameters, each once and of its shape. Raises `InvalidRequestError`."""
    shapes: dict[str, re.Pattern[str]] = {
        "response_type": re.compile("code"), "prompt": re.compile("none"),
        "code_challenge_method": re.compile("S256"), "code_challenge": _CHALLENGE, "state": _OPAQUE,
        "nonce": _OPAQUE, **client.kind.parameters,
    }  # fmt: skip
    values = {name: args[name] for name in args}
    if any(len(args.getlist(name)) != 1 for name in values):
        raise InvalidRequestError
    if values.keys() - _IGNORED != shapes.keys() | {"client_id", "redirect_uri", "scope"}:
        raise InvalidRequestError
    if not all(shape.fullmatch(values[name]) for name, shape in shapes.items()):
        raise InvalidRequestError
    words = values["scope"].split(" ")
    if frozenset(words) != client.kind.scope or len(words) != len(client.kind.scope):
        raise InvalidRequestError
    return values


def check_token(request: Request) -> None:
    """A token request's form. Raises the error of RFC 6749 §5.2 that PLP-074 names."""
    form = request.form
    if request.args or request.mimetype != "application/x-www-form-urlencoded":
        raise InvalidRequestError
    if any(len(form.getlist(name)) != 1 or not form[name] for name in form):
        raise InvalidRequestError
    if "grant_type" not in form:
        raise InvalidRequestError
    if form["grant_type"] != "authorization_code":
        raise UnsupportedGrantTypeError(form["grant_type"])
    if "client_secret" in form or request.headers.get("Authorization") is not None:
        raise InvalidRequestError  # more than one way of proving oneself (RFC 6749 §2.3)
    if any(name not in form for name in _FORM):
        raise InvalidRequestError
    if not _VERIFIER.fullmatch(form["code_verifier"]):
        raise InvalidRequestError
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise InvalidClientError
