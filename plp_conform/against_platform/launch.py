"""PLP-052 to PLP-071, PLP-082: a launch, the platform's half, up to the code."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import requests

from plp_conform import calling
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.bench import Trip
from plp_conform.against_platform.bench import answered
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.against_platform.visitor import words
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.trial import Trial

CHAPTER = "Ouverture"
check = REGISTRY.chapter(CHAPTER, OIDC)
#: Of every binding.
always = REGISTRY.chapter(CHAPTER)


def stranger() -> requests.Session:
    """A browser without the adviser's session."""
    made = requests.Session()
    made.trust_env = False
    return made


def denied(bench: Bench, trial: Trial, made: Trip, answer: Answer, error: str) -> None:
    """An error at the partner's `redirect_uri`: `error`, `state`, `iss`, nothing else (PLP-066 to PLP-070)."""
    callback = bench.partner.sheet()["redirect_uris"][0]
    at = answer.headers.get("location", "").split("?")[0] == callback
    said = answered(answer)
    wanted = {"error": error, "state": made.state, "iss": bench.sheet["iss"]}
    trial.answer(answer, 302, 303, holds=at and said == wanted, due=f"à la redirect_uri\u202f: {wire.dump(wanted)}")


def coded(bench: Bench, trial: Trial, made: Trip, **spoil: Any) -> str:
    """The code of a right request."""
    answer = made.authorize(**spoil)
    said = answered(answer)
    right = set(said) == {"code", "state", "iss"} and said["state"] == made.state and said["iss"] == bench.sheet["iss"]
    trial.answer(answer, 302, 303, holds=right, due="code, state, iss, et rien d'autre")
    return said["code"]


@always("launch.form", "Le bouton d'un acte est un vrai formulaire, vers un nouvel onglet", "PLP-052")
def a_real_form(bench: Bench, trial: Trial) -> None:
    """`method=post target=_blank rel=noopener`: one gesture, no popup blocker."""
    made = bench.trip(trial)
    given = made.form.attributes
    right = given.get("method", "").lower() == "post" and given.get("target") == "_blank" and "noopener" in given.get("rel", "")
    trial.due(right, sent="liste des actes", came=str(given), due="method=post target=_blank rel=noopener")


@always(
    "launch.handover",
    "La page de passage\u202f: 200, un formulaire GET vers l'entrée du partenaire, les paramètres prévus",
    "PLP-054",
    "PLP-062",
)
def the_handover(bench: Bench, trial: Trial) -> None:
    """With the button for who has no script."""
    made = bench.trip(trial)
    assert made.page is not None  # noqa: S101
    form, sheet = made.handover(), bench.partner.sheet()
    trial.answer(made.page, 200, holds=form.method == "get", due=f"un formulaire GET vers {bench.partner.handed_to}")
    target = {} if sheet["target_link_uri"] is None else {"target_link_uri": sheet["target_link_uri"]}
    wanted = {"iss": bench.sheet["iss"], "client_id": bench.sheet["client_id"], **target}
    given = {**target, **made.hints}
    right = {name: given.get(name) for name in wanted} == wanted and set(given) == {*wanted, "login_hint", "plp_message_hint"}
    trial.answer(made.page, 200, holds=right, due="iss, client_id, login_hint, plp_message_hint, rien d'autre que l'enregistré")
    ids = wire.is_id(given["login_hint"]) and wire.is_id(given["plp_message_hint"])
    trial.answer(made.page, 200, holds=ids, due="des identifiants de 16 à 64 signes")
    button = f"Continuer vers {bench.partner.name}"
    trial.answer(made.page, 200, holds="Continuer vers" in form.text, due=f"un bouton «\u202f{button}\u202f»")


@always("launch.policy", "La page de passage\u202f: sa politique, ni cache ni référent", "PLP-060")
def its_policy(bench: Bench, trial: Trial) -> None:
    """CSP with the partner's origins in `form-action` and nothing wider."""
    made = bench.trip(trial)
    assert made.page is not None  # noqa: S101
    headers = made.page.headers
    policy = {part.split()[0]: part.split()[1:] for part in headers.get("content-security-policy", "").split(";") if part.strip()}
    site = bench.server.public
    fixed = {"default-src": ["'none'"], "script-src": ["'self'"], "frame-ancestors": ["'none'"], "base-uri": ["'none'"]}
    shown = headers.get("content-security-policy", "aucune")
    right = {name: policy.get(name) for name in fixed} == fixed and set(policy.get("form-action", ())) == {"'self'", site}
    trial.due(right, sent="page de passage", came=shown, due=f"default-src 'none'…; form-action 'self' {site}")
    control = "no-store" in headers.get("cache-control", "") and headers.get("referrer-policy") == "no-referrer"
    came = f"{headers.get('cache-control')}, {headers.get('referrer-policy')}"
    trial.due(control, sent="page de passage", came=came, due="no-store, no-referrer")


@always("launch.twice", "Le même formulaire envoyé deux fois n'ouvre qu'une fois", "PLP-054", "PLP-053")
def the_same_form_again(bench: Bench, trial: Trial) -> None:
    """A double click, a reload: the same hand-over."""
    made = bench.trip(trial)
    first = made.hints["plp_message_hint"]
    made.page = bench.visitor.send(made.menu, made.form)
    trial.answer(made.page, 200, holds=made.hints["plp_message_hint"] == first, due="la même ouverture")


@always("launch.csrf", "Sans jeton de formulaire, ou venu d'un autre site, rien ne s'ouvre", "PLP-053", "PLP-061")
def no_forged_post(bench: Bench, trial: Trial) -> None:
    """`Sec-Fetch-Site: same-origin` where it is sent."""
    page = bench.acts(trial)
    form = bench.visitor.launch_form(page)
    assert form is not None  # noqa: S101
    without: dict[str, str | None] = dict.fromkeys(form.fields)
    initiate = bench.partner.handed_to
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://ailleurs.example"}
    for note, answer in (
        ("sans ses champs", bench.visitor.send(page, form, without)),
        ("d'un autre site", bench.visitor.send(page, form, None, **elsewhere)),
    ):
        trial.due(initiate not in answer.text, sent=f"POST {note}", came=answer.came[:300], due="pas de page de passage")


@check("launch.code", "Une demande juste\u202f: 302 avec code, state, iss", "PLP-056", "PLP-064", "PLP-066")
def a_code(bench: Bench, trial: Trial) -> None:
    """`acr_values` and `max_age` are taken and ignored."""
    coded(bench, trial, bench.trip(trial))
    made = bench.trip(trial)
    coded(bench, trial, made, extra="&acr_values=urn:plp:acr:mfa&max_age=0")


@check("launch.urls", "Ni numéro de contrat ni nom dans une adresse", "PLP-083")
def nothing_in_an_address(bench: Bench, trial: Trial) -> None:
    """Of the hand-over and the answer."""
    made = bench.trip(trial)
    coded(bench, trial, made)
    ref = wire.parse(bench.partner.calls("/capabilities")[-1].incoming.body)["account"]["ref"]
    hints = " ".join(made.hints.values())
    told = [url for url in (*made.urls, hints) if ref in url]
    trial.due(not told, sent="une ouverture", came="\n".join(made.urls), due="aucun numéro de contrat")


@check("launch.client", "Client inconnu ou autre redirect_uri\u202f: page 400 de la plateforme, sans redirection", "PLP-065")
def an_unknown_client(bench: Bench, trial: Trial) -> None:
    """Byte for byte."""
    made = bench.trip(trial)
    callback = bench.partner.sheet()["redirect_uris"][0]
    for changes in (
        {"client_id": wire.new_id("cl")}, {"client_id": None}, {"redirect_uri": callback + "/"},
        {"redirect_uri": callback + "?x=1"}, {"redirect_uri": "https://ailleurs.example/plp/callback"}, {"redirect_uri": None},
    ):  # fmt: skip
        answer = made.authorize(note=str(changes), **changes)
        trial.answer(answer, 400, holds="location" not in answer.headers, due="400, sans redirection")
    coded(bench, trial, made)


@check("launch.parameters", "Paramètre manquant, répété, faux ou de trop\u202f: invalid_request", "PLP-069", "PLP-064", "PLP-066")
def wrong_parameters(bench: Bench, trial: Trial) -> None:
    """A refusal consumes nothing: the right request then passes."""
    made = bench.trip(trial)
    names = (
        "response_type",
        "scope",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "login_hint",
        "plp_message_hint",
    )
    for name in names:
        left: dict[str, Any] = {name: None}
        denied(bench, trial, made, made.authorize(note=f"sans {name}", **left), "invalid_request")
    wrong: tuple[dict[str, Any], ...] = (
        {"response_type": "token"}, {"scope": "openid"}, {"code_challenge_method": "plain"}, {"prompt": "login"},
        {"nonce": "court"}, {"code_challenge": "x" * 42}, {"response_mode": "form_post"},
    )  # fmt: skip
    for changes in wrong:
        denied(bench, trial, made, made.authorize(note=str(changes), **changes), "invalid_request")
    denied(
        bench, trial, made, made.authorize(note="nonce répété", extra="&nonce=un-autre-nonce-de-conformite"), "invalid_request"
    )
    coded(bench, trial, made)


@check("launch.no-session", "Sans session\u202f: login_required, rien n'est consommé", "PLP-067", "PLP-065")
def no_session(bench: Bench, trial: Trial) -> None:
    """The same request with the session then passes."""
    made = bench.trip(trial)
    denied(bench, trial, made, made.authorize(http=stranger(), note="sans session"), "login_required")
    coded(bench, trial, made)


@check("launch.once", "Une ouverture ne sert qu'une fois", "PLP-068", "PLP-065")
def it_serves_once(bench: Bench, trial: Trial) -> None:
    """access_denied, one for all reasons."""
    made = bench.trip(trial)
    coded(bench, trial, made)
    denied(bench, trial, made, made.authorize(note="une seconde fois"), "access_denied")


@check("launch.race", "Deux demandes à la fois\u202f: un seul code", "PLP-065")
def one_code(bench: Bench, trial: Trial) -> None:
    """Four at the same moment."""
    made = bench.trip(trial)
    session = bench.visitor.http
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: made.authorize(http=copied(session)), range(4)))
    codes = [one for one in answers if "code" in answered(one)]
    trial.due(len(codes) == 1, sent="quatre fois la même demande", came=f"{len(codes)} codes", due="un code")


def copied(session: requests.Session) -> requests.Session:
    """The same browser, for another thread."""
    made = stranger()
    made.cookies.update(session.cookies)
    return made


@check("launch.foreign", "Ouverture inconnue, ou autre login_hint\u202f: access_denied", "PLP-068")
def a_foreign_launch(bench: Bench, trial: Trial) -> None:
    """And the true one then passes."""
    made = bench.trip(trial)
    others: tuple[dict[str, Any], ...] = ({"plp_message_hint": wire.new_id("lch")}, {"login_hint": wire.new_id("adv")})
    for changes in others:
        denied(bench, trial, made, made.authorize(note=str(changes), **changes), "access_denied")
    coded(bench, trial, made)


@check("launch.mandate", "Mandat suspendu entre-temps\u202f: access_denied", "PLP-068", "PLP-043", "PLP-042")
def the_mandate_ended(bench: Bench, trial: Trial) -> None:
    """A launch dies with what allowed it."""
    made, partner = bench.trip(trial), bench.partner
    partner.hook("mandate.suspended", partner.step("suspended", reason={"code": "other", "text": "Essai de conformité."}))
    answer = made.authorize(note="mandat suspendu")
    partner.hook("mandate.activated", partner.step("active"))
    denied(bench, trial, made, answer, "access_denied")


@check("launch.return", "Le retour est une page, sans statut ni redirection", "PLP-082")
def the_return(bench: Bench, trial: Trial) -> None:
    """Unknown parameters are ignored."""
    made = bench.trip(trial)
    claims = wire.parse(wire.b64url_read(made.redeem(coded(bench, trial, made)).json()["id_token"].split(".")[1]))
    url = claims["plp"]["return_url"]
    answer = bench.visitor.get(f"{url}&status=validated&autre=1")
    said = words(answer.text)
    trial.answer(
        answer, 200, holds="location" not in answer.headers and "Validé" not in said, due="200, aucun statut de l'adresse"
    )
    refresh = re.search(r'http-equiv="?refresh', answer.text, re.I) or "refresh" in answer.headers
    trial.answer(answer, 200, holds=not refresh, due="sans redirection automatique")


@always("launch.cookie", "Le cookie de session\u202f: HttpOnly, SameSite=Lax, aucun ne s'appelle session", "PLP-065", "PLP-113")
def the_sessions_cookie(bench: Bench, trial: Trial) -> None:
    """`Secure` and `__Host-` on https."""
    found = [text for text in bench.visitor.cookies if "httponly" in text.lower()]
    names = [text.split("=")[0] for text in bench.visitor.cookies]
    secure = urlsplit(str(bench.target.pages["sign_in"])).scheme == "https"
    right = any("samesite=lax" in text.lower() and (not secure or "secure" in text.lower()) for text in found)
    trial.due(right and "session" not in names, sent="connexion", came=", ".join(names), due="HttpOnly, SameSite=Lax")


@check("launch.head", "HEAD sur l'authorization_endpoint ne consomme rien", "PLP-065")
def head_consumes_nothing(bench: Bench, trial: Trial) -> None:
    """A scanner of links must not use a launch up."""
    made = bench.trip(trial)
    url = requests.Request("GET", bench.discovery["authorization_endpoint"], params=made.parameters()).prepare().url or ""
    calling.call("HEAD", url, session=bench.visitor.http)
    coded(bench, trial, made)
