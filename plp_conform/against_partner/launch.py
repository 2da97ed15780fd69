"""PLP-052 to PLP-083: a launch, the partner's half."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

from plp_conform import calling
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.flow import Flow
from plp_conform.against_partner.flow import browser
from plp_conform.against_partner.flow import flow
from plp_conform.against_partner.flow import origin
from plp_conform.against_partner.platform import TOKEN
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.serving import Reply
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Ouverture"
check = REGISTRY.chapter(CHAPTER, OIDC)
#: Of every binding.
always = REGISTRY.chapter(CHAPTER)
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASKED = {
    "response_type", "scope", "client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method", "prompt",
    "login_hint", "plp_message_hint",
}  # fmt: skip
ENDED = "Ce lien a déjà servi ou a expiré. Revenez à votre logiciel et recommencez."


def refused(trial: Trial, made: Flow, answer: Answer, *, exchanged: bool = False) -> None:
    """A page of the partner's: no redirect, no session; no code was spent where `exchanged` is False."""
    right = 400 <= answer.status < 500 and "location" not in answer.headers
    trial.due(right, sent=answer.sent, came=answer.came, due="une page d'erreur 4xx, sans redirection")
    if not exchanged:
        trial.due(not made.exchanged, sent=answer.sent, came=f"{len(made.exchanged)} demande de jeton", due="aucune demande")


def texts(answer: Answer) -> str:
    """What a person reads of a page."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@check("launch.request", "initiate mène à l'authorization_endpoint publié, avec les paramètres prévus, chacun une fois",
       "PLP-055", "PLP-062", "PLP-064", "PLP-015")  # fmt: skip
def the_authorization_request(bench: Bench, trial: Trial) -> None:
    """By GET and by POST; the endpoint is read from discovery, never built."""
    for post in (False, True):
        made = flow(bench).begin(trial, post=post)
        asked, place = made.request, made.urls[-1]
        names = [pair.split("=")[0] for pair in urlsplit(place).query.split("&")]
        right = sorted(names) == sorted(_ASKED - {"acr_values", "max_age"})
        trial.due(right, sent="initiate", came=place, due=f"exactement {', '.join(sorted(_ASKED))}")
        fixed = {
            "response_type": "code", "scope": "openid plp", "client_id": made.platform.client_id, "prompt": "none",
            "code_challenge_method": "S256", "login_hint": made.platform.sub, "plp_message_hint": made.launch_id,
        }  # fmt: skip
        trial.due({k: asked[k] for k in fixed} == fixed, sent="initiate", came=place, due=wire.dump(fixed))
        sized = all(16 <= len(asked[name]) <= 256 for name in ("state", "nonce")) and len(asked["code_challenge"]) == 43
        trial.due(sized, sent="initiate", came=place, due="state et nonce de 16 à 256 caractères, code_challenge de 43")
        listed = asked["redirect_uri"] in bench.sheet["redirect_uris"]
        trial.due(listed, sent="initiate", came=asked["redirect_uri"], due="une redirect_uri de la fiche")


@check("launch.fresh", "state, nonce et code_challenge sont neufs à chaque ouverture", "PLP-055", "PLP-064")
def each_flow_is_new(bench: Bench, trial: Trial) -> None:
    """Never the same twice."""
    one, two = (flow(bench).begin(trial).request for _ in range(2))
    same = [name for name in ("state", "nonce", "code_challenge") if one[name] == two[name]]
    trial.due(not same, sent="deux fois initiate", came=f"identiques\u202f: {same}", due="trois valeurs neuves")


@check("launch.target", "target_link_uri enregistré\u202f: accepté, jamais une destination", "PLP-062")
def the_target_is_a_label(bench: Bench, trial: Trial) -> None:
    """It leads to the platform all the same."""
    flow(bench).begin(trial, target_link_uri=str(bench.sheet["target_link_uri"]))


@always("launch.initiate-missing", "Un paramètre manquant à l'entrée\u202f: page 400", "PLP-062")
def a_missing_parameter(bench: Bench, trial: Trial) -> None:
    """Each in turn."""
    made = flow(bench)
    for name in made.hints():
        left: dict[str, Any] = {name: None}
        answer = made.initiate(note=f"sans {name}", **left)
        trial.answer(answer, 400, holds="location" not in answer.headers, due="400, sans redirection")


@always("launch.initiate-repeated", "Un paramètre répété à l'entrée\u202f: page 400", "PLP-062")
def a_repeated_parameter(bench: Bench, trial: Trial) -> None:
    """Two readers would take two values."""
    made = flow(bench)
    for name, value in made.hints().items():
        for again in (value, value + "x"):
            answer = made.initiate_with([*made.hints().items(), (name, again)], note=f"{name} répété")
            trial.answer(answer, 400, holds="location" not in answer.headers, due="400, sans redirection")


@always("launch.initiate-foreign", "Émetteur, client ou cible étrangers à l'entrée\u202f: page 400", "PLP-062", "PLP-012")
def a_foreign_parameter(bench: Bench, trial: Trial) -> None:
    """Another platform's client is foreign too."""
    made = flow(bench)
    foreign: tuple[tuple[str, dict[str, Any]], ...] = (
        ("iss inconnu", {"iss": made.platform.iss + "x"}), ("client_id d'un autre", {"client_id": bench.other.client_id}),
        ("cible étrangère", {"target_link_uri": "https://ailleurs.example/"}), ("launch_id mal formé", {"plp_message_hint": "x"}),
    )  # fmt: skip
    for note, changes in foreign:
        answer = made.initiate(note=note, **changes)
        trial.answer(answer, 400, holds="location" not in answer.headers, due="400, sans redirection")


@check("launch.cookie", "Un cookie par ouverture\u202f: cinq minutes, HttpOnly, SameSite=Lax", "PLP-063", "PLP-113")
def the_flows_cookie(bench: Bench, trial: Trial) -> None:
    """`Secure` on https; none is called `session`."""
    names = []
    for _ in range(2):
        answer = flow(bench).initiate()
        found = [_attributes(text) for text in answer.cookies]
        shown = "; ".join(f"{one['']} {sorted(set(one) - {''})}" for one in found)
        secure = answer.url.startswith("https://")
        right = [
            one for one in found
            if "httponly" in one and one.get("samesite", "").lower() == "lax" and one.get("max-age", "").isdecimal()
            and int(one["max-age"]) <= 300 and (not secure or "secure" in one)
        ]  # fmt: skip
        trial.due(len(right) == 1, sent=answer.sent, came=shown, due="un cookie HttpOnly, SameSite=Lax, Max-Age ≤ 300")
        names.append(right[0][""])
    apart = names[0] != names[1] and "session" not in names
    trial.due(apart, sent="deux ouvertures", came=", ".join(names), due="deux noms, aucun n'est session")


def _attributes(text: str) -> dict[str, str]:
    """Of a Set-Cookie; its name under the empty word."""
    first, *rest = text.split(";")
    parts = (part.strip().partition("=") for part in rest)
    return {"": first.partition("=")[0].strip(), **{name.lower(): value for name, _, value in parts}}


@always(
    "launch.opens",
    "L'acte s'ouvre\u202f: redirection, page au nom du conseiller, lien de retour",
    "PLP-057",
    "PLP-058",
    "PLP-082",
)
def it_opens(bench: Bench, trial: Trial) -> None:
    """The page is the partner's own; the return is a link, never a redirect."""
    made = flow(bench)
    page = made.open(trial)
    origins = made.origins()
    trial.answer(page, 200, holds=origin(page.url) in origins, due=f"sur une origine de la fiche\u202f: {sorted(origins)}")
    trial.answer(page, 200, holds=made.platform.display in texts(page), due=f"le nom du conseiller, {made.platform.display}")
    trial.answer(page, 200, holds=made.return_url in unescape(page.text), due="un lien vers return_url")


@always("launch.urls", "Ni numéro de contrat ni nom dans une adresse", "PLP-083")
def nothing_in_an_address(bench: Bench, trial: Trial) -> None:
    """From initiate to the act's page."""
    made = flow(bench)
    made.open(trial)
    told = [url for url in made.urls if made.ref in url or made.platform.display.split()[-1] in url]
    trial.due(not told, sent="une ouverture entière", came="\n".join(made.urls), due="aucun numéro de contrat, aucun nom")


@always("launch.side-by-side", "Deux ouvertures côte à côte aboutissent", "PLP-063")
def two_at_once(bench: Bench, trial: Trial) -> None:
    """In one browser, the second begun before the first ended."""
    http = browser()
    one, two = flow(bench, http=http).begin(trial), flow(bench, http=http).begin(trial)
    one.page(trial, one.callback())
    two.page(trial, two.callback())


@check("launch.once", "Un retour n'aboutit qu'une fois", "PLP-063", "PLP-071")
def a_callback_ends_once(bench: Bench, trial: Trial) -> None:
    """Reload or back button: the page that says so."""
    made = flow(bench).begin(trial)
    kept = made.http.cookies.copy()
    made.page(trial, made.callback())
    made.exchanged.clear()
    made.http.cookies.update(kept)  # a browser that kept the flow's cookie, whatever the partner said of it
    answer = made.callback(note="le même retour, une seconde fois")
    refused(trial, made, answer)
    trial.answer(answer, 400, holds=ENDED in texts(answer), due=f"400, «\u202f{ENDED}\u202f»")


@check("launch.other-browser", "Un retour dans un autre navigateur est refusé", "PLP-063")
def another_browser(bench: Bench, trial: Trial) -> None:
    """Else a launch could be slipped to somebody else; the true browser may still end it."""
    made = flow(bench).begin(trial)
    refused(trial, made, made.callback(http=browser(), note="sans le cookie de l'ouverture"))
    other = flow(bench).begin(trial)
    refused(trial, made, made.callback(http=other.http, note="avec le cookie d'une autre ouverture"))


@check("launch.iss", "Une réponse sans iss, ou d'un autre émetteur, est refusée", "PLP-066", "PLP-057")
def the_issuer_of_the_answer(bench: Bench, trial: Trial) -> None:
    """RFC 9207: no code is sent to the wrong token endpoint."""
    for note, changes in (("sans iss", {"iss": None}), ("iss d'un autre", {"iss": bench.other.iss})):
        made = flow(bench).begin(trial)
        refused(trial, made, made.callback(note=note, **changes))


@check("launch.state", "Un state inconnu ou absent, un paramètre répété sont refusés", "PLP-063", "PLP-057")
def the_state_of_the_answer(bench: Bench, trial: Trial) -> None:
    """400."""
    made = flow(bench).begin(trial)
    for note, state in (("inconnu", "x" * 32), ("absent", None)):
        refused(trial, made, made.callback(state=state, note=f"state {note}"))
    for name in ("state", "iss", "code"):
        refused(trial, made, made.callback(note=f"{name} répété", extra=f"&{name}=une-autre-valeur-de-conformite"))


@check("launch.flow-expires", "Une ouverture de plus de cinq minutes est close", "PLP-063")
def a_flow_ends(bench: Bench, trial: Trial) -> None:
    """By the partner's clock."""
    bench.move_clock(0)
    made = flow(bench).begin(trial)
    bench.move_clock(310)
    try:
        refused(trial, made, made.callback(note="310 s après initiate"))
    finally:
        bench.move_clock(0)


@check(
    "launch.errors",
    "Une erreur de la plateforme mène à une page française, avec une référence, sans bouton",
    "PLP-071",
    "PLP-067",
    "PLP-068",
)
def its_error_page(bench: Bench, trial: Trial) -> None:
    """access_denied has a text of its own."""
    for error in ("access_denied", "login_required", "invalid_request", "temporarily_unavailable"):
        made = flow(bench).begin(trial)
        answer = made.callback(code=None, error=error, note=error)
        refused(trial, made, answer)
        bare = "<form" not in answer.text and answer.media_type == "text/html"
        trial.answer(answer, answer.status, holds=bare, due="une page HTML sans formulaire")
        if error == "access_denied":
            trial.answer(answer, answer.status, holds=ENDED in texts(answer), due=f"«\u202f{ENDED}\u202f»")
        reference = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}|[Rr]éférence", texts(answer))
        trial.answer(answer, answer.status, holds=reference is not None, due="une référence")


@check("launch.error-iss", "Une réponse d'erreur sans iss ne compte pas pour une réponse de la plateforme", "PLP-066")
def an_error_without_iss(bench: Bench, trial: Trial) -> None:
    """The true answer may still come... or the flow is over; in neither case does it open."""
    made = flow(bench).begin(trial)
    refused(trial, made, made.callback(code=None, error="access_denied", iss=None, note="erreur sans iss"))


@check("launch.token-request", "La demande de jeton porte ce que PLP-072 prévoit, et rien de plus", "PLP-072", "PLP-015")
def the_token_request(bench: Bench, trial: Trial) -> None:
    """At the endpoint of the discovery document; the verifier is the challenge's."""
    made = flow(bench)
    made.open(trial)
    [came] = made.exchanged
    pairs = came.form()
    form = dict(pairs)
    wanted = {
        "grant_type": "authorization_code", "code": made.code, "redirect_uri": made.request["redirect_uri"],
        "client_id": made.platform.client_id, "client_assertion_type": _ASSERTION,
    }  # fmt: skip
    names = sorted([*wanted, "code_verifier", "client_assertion"])
    shown = ", ".join(name for name, _ in pairs)
    trial.due(sorted(name for name, _ in pairs) == names, sent=came.method + " " + TOKEN, came=shown, due=", ".join(names))
    trial.due({k: form[k] for k in wanted} == wanted, sent=TOKEN, came=shown, due="code, redirect_uri et client_id identiques")
    verified = wire.sha256(form["code_verifier"].encode()) == made.request["code_challenge"]
    trial.due(verified, sent=TOKEN, came=form["code_verifier"][:8] + "…", due="le code_verifier du code_challenge")


@check(
    "launch.assertion",
    "L'assertion du client est signée d'une clé de la fiche, pour 90 s au plus, une fois",
    "PLP-073",
    "PLP-017",
)
def the_client_assertion(bench: Bench, trial: Trial) -> None:
    """ES256, `kid`, `iss` = `sub` = client, one audience, a new `jti`."""
    jtis = []
    for _ in range(2):
        made = flow(bench)
        made.open(trial)
        token = dict(made.exchanged[0].form())["client_assertion"]
        header, claims = jose.read(token)
        shown = f"{wire.dump(header)}\n{wire.dump(claims)}"
        right_header = header.get("alg") == "ES256" and header.get("typ") in (None, "JWT", "client-authentication+jwt")
        trial.due(right_header and header.get("kid") in bench.sheet["jkt"], sent=TOKEN, came=shown, due="ES256, kid de la fiche")
        keys = (calling.call("GET", str(bench.sheet["jwks_uri"])).json() or {}).get("keys", [])
        signed = any(key.get("kid") == header["kid"] and jose.verify(token, key) for key in keys)
        trial.due(signed, sent=TOKEN, came=shown, due="une signature de cette clé")
        site = bench.server.public
        right = (
            claims.get("iss") == claims.get("sub") == made.platform.client_id
            and claims.get("aud") in (made.platform.iss, site + TOKEN) and isinstance(claims.get("aud"), str)
            and 0 < claims["exp"] - claims["iat"] <= 90 and abs(claims["iat"] - made.platform.now()) <= 30
            and wire.is_id(claims.get("jti"))
        )  # fmt: skip
        trial.due(right, sent=TOKEN, came=shown, due="iss = sub = client_id, aud un texte, 90 s au plus, jti de 16 à 64")
        jtis.append(claims["jti"])
    trial.due(jtis[0] != jtis[1], sent="deux ouvertures", came=str(jtis), due="deux jti")


@check("launch.token-refused", "Un refus du jeton n'ouvre rien", "PLP-074", "PLP-057", "PLP-071")
def a_refused_token_opens_nothing(bench: Bench, trial: Trial) -> None:
    """invalid_grant, a fault, another media type, no ID Token."""
    for note, reply in (
        ("invalid_grant", Reply.json({"error": "invalid_grant"}, 400)), ("500", Reply(500)),
        ("du texte", Reply(200, b"{}", {"Content-Type": "text/plain"})), ("sans id_token", Reply.json({"token_type": "Bearer"})),
    ):  # fmt: skip
        made = flow(bench, reply=reply).begin(trial)
        answer = made.callback(note=note)
        right = answer.status >= 400 and "location" not in answer.headers
        trial.due(right, sent=answer.sent, came=answer.came, due="une page d'erreur, sans redirection")


@always("launch.consultation", "«\u202fconsultation\u202f» s'ouvre sans transaction", "PLP-076", "PLP-044")
def a_consultation(bench: Bench, trial: Trial) -> None:
    """`transaction_ref` null: no transaction, no event."""
    if not any(item.get("code") == "consultation" for item in bench.sheet["actions"]):
        raise Unverified("la fiche n'a pas l'acte consultation")
    made = flow(bench, act="consultation", transaction_ref=None)
    made.open(trial)


@always("launch.prefill", "Un préremplissage inutilisable ne ferme pas l'acte", "PLP-078")
def a_useless_prefill(bench: Bench, trial: Trial) -> None:
    """What the partner cannot use it leaves blank."""
    instructions: list[dict[str, Any]] = [
        {"side": "out", "isin": "FR0000000000", "support_ref": None, "mode": "percent", "value": "50"},
        {"side": "in", "isin": None, "support_ref": "INCONNU-1", "mode": "all", "value": None},
        {"side": "de travers", "mode": "à moitié"},
    ]
    made = flow(bench, prefill={"instructions": instructions, "amount": {"value": "1500.00", "currency": "XXX"}, "origin": None})
    made.open(trial)


@always(
    "launch.closed",
    "Acte fermé entre-temps\u202f: la page dit pourquoi, «\u202frejected\u202f» part, seq 1",
    "PLP-079",
    "PLP-058",
)
def closed_meanwhile(bench: Bench, trial: Trial) -> None:
    """The partner evaluates anew: an act that its own list denies is not opened because a token names it."""
    made = flow(bench, ref=bench.book("closed_account"), act=bench.book("closed_act"))
    page = made.open(trial)
    trial.answer(page, 200, holds=made.return_url in unescape(page.text), due="un lien vers return_url")
    data = _only(made, trial)
    right = (data["status"], data["seq"], data["previous"]) == ("rejected", 1, None) and bool(data.get("reason"))
    trial.due(right, sent="ouverture d'un acte fermé", came=wire.dump(data), due="rejected, seq 1, previous null, un motif")


@always("launch.abandon", "«\u202fAbandonner\u202f»\u202f: «\u202fcancelled\u202f», seq 1", "PLP-079")
def abandoned(bench: Bench, trial: Trial) -> None:
    """By the button that the target file names (`pages.abandon`)."""
    label = bench.target.pages.get("abandon")
    if not label:
        raise Unverified("le fichier cible ne nomme pas le bouton d'abandon (pages.abandon)")
    made = flow(bench)
    page = made.open(trial)
    form = next((text for text in re.findall(r"(?s)<form.*?</form>", page.text) if f">{label}<" in text), None)
    trial.due(form is not None, sent=page.sent, came=texts(page)[:300], due=f"un bouton «\u202f{label}\u202f»")
    assert form is not None  # noqa: S101 - `due` has raised
    action = re.search(r'action="([^"]*)"', form)
    data = {unescape(n): unescape(v) for n, v in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)}
    place = urljoin(page.url, unescape(action.group(1)) if action else "")
    calling.call("POST", place, form=data, session=made.http)
    told = _only(made, trial)
    right = (told["status"], told["seq"], told["previous"]) == ("cancelled", 1, None)
    trial.due(right, sent=f"bouton {label}", came=wire.dump(told), due="cancelled, seq 1, previous null")


def _only(made: Flow, trial: Trial) -> dict[str, Any]:
    """The data of the one hook of this flow's transaction."""
    platform, reference = made.platform, str(made.transaction_ref)
    came = platform.server.wait(lambda one: platform.is_hook(one) and reference.encode() in one.body, 1, made.bench.patience)
    trial.due(len(came) == 1, sent="l'acte", came=f"{len(came)} notification", due="une notification de statut")
    data: dict[str, Any] = wire.parse(came[0].body)["data"]
    return data
