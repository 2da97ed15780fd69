"""PLP-012 to PLP-021: the partner's sheet and keys, and what it makes of a platform's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from plp_conform import calling
from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.platform import CODE
from plp_conform.against_partner.platform import Platform
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.serving import Reply
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Fiches et clés"
check = REGISTRY.chapter(CHAPTER)


@check("sheet.shape", "La fiche du partenaire suit son schéma", "PLP-012", "PLP-014", "PLP-009")
def the_sheet(bench: Bench, trial: Trial) -> None:
    """`registration.partner.schema.json`."""
    trial.shape("PartnerSheet", dict(bench.sheet), sent="fiche", what="fiche du partenaire")
    for name in ("jwks_uri", *(("initiate_login_uri", "target_link_uri") if bench.binding == OIDC else ())):
        trial.due(
            wire.plain_url(bench.sheet.get(name)), sent="fiche", came=f"{name} {bench.sheet.get(name)}", due="adresse https"
        )


@check("keys.jwks", "Les clés du partenaire\u202f: P-256, kid = empreinte, rien de privé", "PLP-016", "PLP-017")
def its_keys(bench: Bench, trial: Trial) -> None:
    """And the ones of its sheet are there."""
    answer = calling.call("GET", str(bench.sheet["jwks_uri"]))
    trial.answer(answer, 200, holds=answer.media_type in ("application/json", "application/jwk-set+json"), due="200, JSON")
    found = answer.json()
    trial.shape("Jwks", found, sent=answer.sent, what="clés")
    kids = [key["kid"] for key in found["keys"]]
    named = kids == [jose.thumbprint(key) for key in found["keys"]] and len(set(kids)) == len(kids)
    trial.answer(answer, 200, holds=named, due="kid = empreinte RFC 7638, chacun une fois")
    private = any(set(key) & {"d", "p", "q", "k"} for key in found["keys"])
    trial.answer(answer, 200, holds=not private and len(answer.body) <= 65_536, due="aucun membre privé, 64 Kio au plus")
    trial.answer(answer, 200, holds=set(bench.sheet["jkt"]) <= set(kids), due="les empreintes de la fiche y sont")


@check("keys.jwks-cache", "Les clés se gardent 900 s", "PLP-016")
def they_are_kept(bench: Bench, trial: Trial) -> None:
    """`max-age=900`."""
    answer = calling.call("GET", str(bench.sheet["jwks_uri"]))
    control = answer.headers.get("cache-control", "").replace(" ", "").split(",")
    trial.answer(answer, 200, holds="max-age=900" in control, due="Cache-Control: max-age=900")


def _elsewhere(platform: Platform) -> Reply:
    """To another address, where the right keys are: whoever follows takes them."""
    place = f"/plp/ailleurs-{platform.slug}.json"
    platform.server.route("GET", place, lambda _: Reply.json({"keys": platform.keys}))
    return Reply(302, b"", {"Location": platform.server.public + place})


def _first(bench: Bench, **reply: Any) -> tuple[Platform, Answer]:
    """A new platform's first request, after its keys were made what they are here."""
    fresh = bench.registered()
    if "keys" in reply:
        fresh.keys = reply["keys"](fresh)
    if "answer" in reply:
        fresh.jwks_reply = reply["answer"](fresh)
    return fresh, fresh.put(note=reply["note"])


@check("keys.refused", "Un document de clés hors règle est refusé", "PLP-016")
def a_bad_document_is_refused(bench: Bench, trial: Trial) -> None:
    """A `kid` twice, a private member, another name than the thumbprint, another curve, a redirect, too many, too large."""
    many = [jose.Key.make().public_jwk() for _ in range(9)]
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("un kid deux fois", {"keys": lambda p: [*p.keys, *p.keys]}),
        ("un membre privé", {"keys": lambda p: [{**p.keys[0], "d": p.key.private_jwk()["d"]}]}),
        ("un kid qui n'est pas l'empreinte", {"keys": lambda p: [*p.keys, {**many[0], "kid": "une-autre-cle"}]}),
        ("onze clés", {"keys": lambda p: [*p.keys, *many]}),
        ("une redirection", {"answer": _elsewhere}),
        ("70 Kio", {"answer": lambda p: Reply.json({"keys": p.keys, "filler": "x" * 70_000})}),
    )
    for note, changed in cases:
        _, answer = _first(bench, note=note, **changed)
        due = f"{note}\u202f: 503 maintenance ou 401 invalid-signature"
        trial.answer(answer, 401, 503, holds=answer.slug in ("maintenance", "invalid-signature"), due=due)


@check("keys.last-good", "Le dernier bon document de clés reste en vigueur", "PLP-016")
def the_last_good_one_stays(bench: Bench, trial: Trial) -> None:
    """For 24 h: an issuer whose address fails for a while is not cut off."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 200, 202)
    fresh.jwks_reply = Reply(503)
    trial.answer(fresh.look(note="nos clés ne répondent plus"), 200)


@check("keys.refetch", "Un kid inconnu ne fait relire les clés qu'une fois par minute", "PLP-016")
def one_refetch(bench: Bench, trial: Trial) -> None:
    """Else anybody could make it call us without end."""
    fresh = bench.registered()
    absent = jose.Key.make()
    fresh.jkt = [fresh.key.kid, absent.kid]
    bench.do("register", sheet=fresh.sheet())
    trial.answer(fresh.put(), 200, 202)
    before = len(bench.server.came(lambda one: one.path == f"/plp/{fresh.slug}/jwks.json"))
    for _ in range(4):
        trial.refused(fresh.look(key=absent, note="kid de la fiche, absent des clés"), 401, "invalid-signature")
    asked = len(bench.server.came(lambda one: one.path == f"/plp/{fresh.slug}/jwks.json")) - before
    trial.due(asked <= 1, sent="4 demandes de kid absent", came=f"{asked} lectures des clés", due="une lecture au plus")


@check("keys.paper", "Une clé publiée mais absente du papier est refusée", "PLP-017")
def a_key_off_the_paper(bench: Bench, trial: Trial) -> None:
    """Whoever takes the web site over has not the cabinet's word."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 200, 202)
    trial.refused(fresh.look(key=fresh.next_key, note="clé publiée, pas sur le papier"), 401, "invalid-signature")


@check("keys.paper-differs", "Après le papier, ses empreintes seules font foi", "PLP-017", "PLP-037")
def after_the_paper(bench: Bench, trial: Trial) -> None:
    """It says another thumbprint than the sheet: 401."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 200, 202)
    bench.do("receive", mandate=fresh.mandate, jkt=[jose.Key.make().kid])
    trial.refused(fresh.look(note="le papier porte une autre empreinte"), 401, "invalid-signature")


@check("secret.rotation", "Nouvelle fiche\u202f: les deux secrets signent pendant sept jours", "PLP-013")
def two_secrets_sign(bench: Bench, trial: Trial) -> None:
    """A new sheet is the rotation."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 200, 202)
    old, fresh.secret = fresh.secret, hooks.new_secret()
    bench.do("register", sheet=fresh.sheet())
    bench.do("receive", mandate=fresh.mandate)
    came = fresh.told("mandate.received")
    trial.due(bool(came), sent="réception du mandat", came=f"{len(came)} notification", due="mandate.received")
    right = [hooks.verified(came[0].headers, came[0].body, secret) for secret in (fresh.secret, old)]
    trial.due(all(right), sent=came[0].told, came=f"nouveau, ancien\u202f: {right}", due="signée par les deux secrets")


@check("statements.address", "Les déclarations de clés du partenaire se lisent", "PLP-019")
def its_statements(bench: Bench, trial: Trial) -> None:
    """`keys_statement_uri`: a list for a known mandate, 404 for an unknown one."""
    uri = bench.sheet.get("keys_statement_uri")
    if not uri:
        raise Unverified("la fiche n'a pas de keys_statement_uri")
    answer = calling.call("GET", f"{uri}?mandate={bench.platform.mandate}")
    trial.answer(answer, 200)
    trial.shape("Statements", answer.json(), sent=answer.sent, what="déclarations")
    trial.answer(calling.call("GET", f"{uri}?mandate=mdt_conformite_inconnu"), 404)


@check("statements.rotation", "Une clé annoncée par l'ancienne sert", "PLP-018", "PLP-019")
def a_stated_key_is_trusted(bench: Bench, trial: Trial) -> None:
    """The statement comes with the `PUT`; both keys then hold."""
    platform = bench.active()
    platform.jkt = [platform.key.kid, platform.next_key.kid]
    platform.statements = [platform.statement(platform.jkt)]
    trial.answer(platform.put(note="la nouvelle clé, et sa déclaration signée de l'ancienne"), 200)
    trial.answer(platform.look(key=platform.next_key, note="signée de la nouvelle clé"), 200)
    trial.answer(platform.look(note="signée de l'ancienne"), 200)


@check("statements.fewer", "Un PUT à moins d'empreintes les retire aussitôt", "PLP-020")
def fewer_thumbprints_hold_at_once(bench: Bench, trial: Trial) -> None:
    """Without waiting for the JWKS."""
    fresh = bench.new()
    second = fresh.next_key
    fresh.jkt = [fresh.key.kid, second.kid]
    bench.do("register", sheet=fresh.sheet())
    trial.answer(fresh.put(), 200, 202)
    bench.do("receive", mandate=fresh.mandate)
    bench.do("activate", mandate=fresh.mandate, code=CODE)
    trial.answer(fresh.look(key=second, note="la seconde clé du papier"), 200)
    fresh.jkt = [fresh.key.kid]
    trial.answer(fresh.put(note="une empreinte de moins"), 200)
    trial.refused(fresh.look(key=second, note="la clé retirée"), 401, "invalid-signature")


@check("statements.forged", "Une déclaration d'une clé sans confiance est refusée", "PLP-018", "PLP-038")
def a_forged_statement(bench: Bench, trial: Trial) -> None:
    """Signed by the new key itself, or by the old in the name of another: 422, nothing stored."""
    platform = bench.active()
    new, kept = platform.next_key, platform.jkt
    stated = [platform.key.kid, new.kid]
    for note, statement in (
        ("déclarée par elle-même", platform.statement(stated, by=new)),
        ("au nom d'un autre émetteur", platform.statement(stated, iss="https://autre.example/plp/x")),
        ("sans déclaration", None),
    ):
        platform.jkt, platform.statements = stated, [statement] if statement else []
        trial.refused(platform.put(note=note), 422, "validation")
        platform.jkt, platform.statements = kept, []
        platform.version -= 1
    trial.answer(platform.look(note="l'ancienne clé, après les refus"), 200)


@check("code.view", "Le code saisi revient dans la vue, en majuscules et sans tirets", "PLP-021")
def the_code_comes_back(bench: Bench, trial: Trial) -> None:
    """The platform alone knows whether it is right."""
    fresh = bench.registered()
    trial.answer(fresh.put(), 200, 202)
    bench.do("receive", mandate=fresh.mandate)
    bench.do("activate", mandate=fresh.mandate, code="7k2m-9qx4-tb0d")
    answer = fresh.look()
    found = answer.json() or {}
    code = str(found.get("code")).replace("-", "").upper()
    trial.answer(answer, 200, holds=found.get("state") == "active" and code == CODE, due=f"active, code {CODE}")


@check("sheet.origins", "Les adresses d'ouverture sont celles de la fiche", "PLP-014")
def the_origins(bench: Bench, trial: Trial) -> None:
    """`launch_origins` are origins, nothing more."""
    origins = bench.sheet.get("launch_origins") or []
    wrong = [url for url in origins if urlsplit(url).path not in ("", "/") or not wire.plain_url(url)]
    trial.due(not wrong, sent="fiche", came=", ".join(map(str, origins)) or "aucune", due="des origines https, sans chemin")
