"""PLP-012 to PLP-021: the platform's sheet, discovery and keys, and what it makes of the partner's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from plp_conform import calling
from plp_conform import hooks
from plp_conform import jose
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.bench import redeem
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.calling import Answer
from plp_conform.model import OIDC
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Fiches et clés"
check = REGISTRY.chapter(CHAPTER)
#: By what the token endpoint answers to a signed assertion.
oidc = REGISTRY.chapter(CHAPTER, OIDC)


@check("sheet.shape", "La fiche de la plateforme suit son schéma", "PLP-012", "PLP-013", "PLP-001", "PLP-002", "PLP-004")
def the_sheet(bench: Bench, trial: Trial) -> None:
    """`registration.platform.schema.json`, with its hook's secret, shown this once."""
    sheet = dict(bench.sheet)
    _ = bench.sheet["webhook_url"], bench.sheet["webhook_secret"]  # an issuer alone is no sheet: nothing to judge
    shown = {name: value for name, value in sheet.items() if name != "webhook_secret"}
    trial.shape("PlatformSheet", sheet, sent="fiche", what="fiche de la plateforme")
    for name in ("iss", "jwks_uri", "webhook_url"):
        trial.due(wire.plain_url(sheet[name]), sent="fiche", came=f"{name} {sheet[name]}", due="https, sans / final ni paramètre")
    under = all(urlsplit(sheet[name]).path.startswith("/plp/") for name in ("iss", "jwks_uri", "webhook_url"))
    trial.due(under, sent="fiche", came=wire.dump(shown), due="toutes les adresses sous /plp/")
    trial.due(_is_secret(sheet["webhook_secret"]), sent="fiche", came="webhook_secret", due="whsec_ et 32 octets en base64")


def _is_secret(secret: str) -> bool:
    try:
        return len(hooks.secret_bytes(secret)) == 32
    except ValueError:
        return False


@check("discovery.document", "Le document de découverte dit tout, à l'adresse de l'émetteur", "PLP-015", "PLP-001")
def its_discovery(bench: Bench, trial: Trial) -> None:
    """The path is appended to the issuer."""
    answer = trial.answer(calling.call("GET", f"{bench.sheet['iss']}/.well-known/openid-configuration"), 200)
    found = answer.json()
    trial.shape("Discovery", found, sent=answer.sent, what="découverte")
    same = found["issuer"] == bench.sheet["iss"] and found["jwks_uri"] == bench.sheet["jwks_uri"]
    trial.answer(answer, 200, holds=same, due="issuer et jwks_uri de la fiche")
    for name in ("authorization_endpoint", "token_endpoint"):
        under = wire.plain_url(found[name]) and urlsplit(found[name]).path.startswith("/plp/")
        trial.answer(answer, 200, holds=under, due=f"{name} en https, sous /plp/")


@check("keys.jwks", "Les clés de la plateforme\u202f: P-256, kid = empreinte, rien de privé", "PLP-016", "PLP-017")
def its_keys(bench: Bench, trial: Trial) -> None:
    """And those of its sheet are there, to be kept 900 s."""
    answer = trial.answer(calling.call("GET", str(bench.sheet["jwks_uri"])), 200)
    found = answer.json()
    trial.shape("Jwks", found, sent=answer.sent, what="clés")
    kids = [key["kid"] for key in found["keys"]]
    named = kids == [jose.thumbprint(key) for key in found["keys"]] and len(set(kids)) == len(kids)
    trial.answer(answer, 200, holds=named, due="kid = empreinte RFC 7638, chacun une fois")
    private = any(set(key) & {"d", "p", "q", "k"} for key in found["keys"])
    trial.answer(answer, 200, holds=not private and len(answer.body) <= 65_536, due="aucun membre privé, 64 Kio au plus")
    trial.answer(answer, 200, holds=set(bench.sheet["jkt"]) <= set(kids), due="les empreintes de la fiche y sont")
    control = answer.headers.get("cache-control", "").replace(" ", "").split(",")
    trial.answer(answer, 200, holds="max-age=900" in control, due="Cache-Control: max-age=900")


@check("statements.address", "Les déclarations de clés se lisent", "PLP-019")
def its_statements(bench: Bench, trial: Trial) -> None:
    """A list for a known mandate, 404 for an unknown one."""
    uri = f"{bench.sheet['iss']}/keys-statement"
    answer = trial.answer(calling.call("GET", f"{uri}?mandate={bench.sheet['mandate']}"), 200)
    trial.shape("Statements", answer.json(), sent=answer.sent, what="déclarations")
    trial.answer(calling.call("GET", f"{uri}?mandate=mdt_conformite_inconnu"), 404)


def _client(bench: Bench, key: jose.Key, note: str) -> Answer:
    """A token request whose assertion this key signed: `invalid_grant` tells that the client was believed."""
    return redeem(bench, "code-de-conformite-inconnu", note=note, make=lambda h, c: jose.sign({**h, "kid": key.kid}, c, key))


def _error(answer: Answer) -> Any:
    found = answer.json()
    return found.get("error") if isinstance(found, dict) else None


@oidc("keys.partner", "La clé de la fiche du partenaire est prise, une clé publiée hors fiche est refusée", "PLP-017", "PLP-073")
def only_the_sheets_key(bench: Bench, trial: Trial) -> None:
    """Who takes the partner's web site over has not its word."""
    partner = bench.partner
    answer = _client(bench, partner.key, "clé de la fiche")
    trial.answer(answer, 400, holds=_error(answer) == "invalid_grant", due="400 invalid_grant\u202f: le client est reconnu")
    answer = _client(bench, partner.next_key, "clé publiée, absente de la fiche")
    trial.answer(answer, 401, holds=_error(answer) == "invalid_client", due="401 invalid_client")


@oidc("keys.refetch", "Un kid inconnu ne fait relire les clés qu'une fois par minute", "PLP-016")
def one_refetch(bench: Bench, trial: Trial) -> None:
    """Else anybody could make it call without end."""
    _client(bench, bench.partner.key, "clé de la fiche")
    before = len(bench.server.came(lambda one: one.path == "/plp/jwks.json"))
    for _ in range(4):
        answer = _client(bench, jose.Key.make(), "kid inconnu")
        trial.answer(answer, 401, holds=_error(answer) == "invalid_client", due="401 invalid_client")
    asked = len(bench.server.came(lambda one: one.path == "/plp/jwks.json")) - before
    trial.due(asked <= 1, sent="4 assertions de kid inconnu", came=f"{asked} lectures des clés", due="une lecture au plus")


@check("code.wrong", "Un code faux à l'activation est refusé, le mandat reste", "PLP-021")
def a_wrong_code(bench: Bench, trial: Trial) -> None:
    """422; the right one is then taken, hyphens and case ignored."""
    partner = bench.active
    if "wrong" not in bench.joined:
        raise Unverified(f"le mandat était déjà {partner.view['state']} au début\u202f: le code n'a pas été saisi cette fois")
    trial.refused(bench.joined["wrong"], 422, "validation")
    trial.answer(bench.joined["activated"], 204)


@oidc("statements.rotation", "keys.rotated\u202f: une clé déclarée par l'ancienne sert", "PLP-018", "PLP-019", "PLP-020")
def a_stated_key_is_trusted(bench: Bench, trial: Trial) -> None:
    """The statement is in the hook and at `keys_statement_uri`; a forged one is not believed."""
    partner = bench.active
    new, jwks_uri = partner.next_key, partner.sheet()["jwks_uri"]
    jkt = [partner.key.kid, new.kid]
    for signer, note, status, word in (
        (new, "déclarée par elle-même", 401, "invalid_client"), (partner.key, "déclarée par l'ancienne", 400, "invalid_grant"),
    ):  # fmt: skip
        statement = _statement(bench, signer, jkt)
        partner.statements = [statement]
        data = {"mandate": partner.view["mandate"], "jwks_uri": jwks_uri, "statement": statement}
        trial.answer(partner.hook("keys.rotated", data, note=note), 200, 202, 204, 422)
        answer = _client(bench, new, f"clé {note}")
        trial.answer(answer, status, holds=_error(answer) == word, due=f"{status} {word}")
    answer = _client(bench, partner.key, "l'ancienne clé")
    trial.answer(answer, 400, holds=_error(answer) == "invalid_grant", due="400 invalid_grant\u202f: le client est reconnu")


def _statement(bench: Bench, key: jose.Key, jkt: list[str]) -> str:
    public = {name: value for name, value in key.public_jwk().items() if name in ("kty", "crv", "x", "y")}
    header = {"alg": "ES256", "kid": key.kid, "typ": "plp-keys+jwt", "jwk": public}
    said = {"iss": bench.partner.partner_id, "iat": wire.now(), "mandate": bench.partner.view["mandate"], "jkt": jkt}
    return jose.sign(header, said, key)
