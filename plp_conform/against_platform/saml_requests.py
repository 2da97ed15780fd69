"""PLP-115: requests that are no partner's, or not as they should be: nothing is answered by an assertion, nothing consumed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from urllib.parse import quote_plus

from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.against_platform.saml_idp import nothing
from plp_conform.against_platform.saml_idp import opened
from plp_conform.against_platform.saml_idp import trip
from plp_conform.against_platform.saml_trip import SamlTrip
from plp_conform.model import SAML_SP
from plp_conform.saml import forging
from plp_conform.saml import keys
from plp_conform.saml import messages
from plp_conform.saml import names
from plp_conform.trial import Trial

CHAPTER = "Ouverture par SAML 2.0\u202f: demandes refusées"
check = REGISTRY.chapter(CHAPTER, SAML_SP)
_ELSEWHERE = "https://ailleurs.example/saml"
Make = Callable[[SamlTrip], str]


def _each(bench: Bench, trial: Trial, cases: tuple[tuple[str, Make], ...], *, own_page: bool) -> None:
    """Each in turn on one launch, which the right request then opens."""
    made = trip(bench, trial)
    for note, query in cases:
        nothing(trial, made, made.sso(query(made), note=note), own_page=own_page)
    opened(trial, made)


def _other_request(made: SamlTrip) -> str:
    """The signature of one request on another."""
    mine, other = (messages.deflated(made.asked()) for _ in range(2))
    return made.query(packed=mine).replace(quote_plus(mine), quote_plus(other))


@check("saml.request-signature", "Signature absente, étrangère, d'autres octets, SHA-1\u202f: page de la plateforme", "PLP-115")
def wrong_signatures(bench: Bench, trial: Trial) -> None:
    """There is nobody to answer to."""
    cases: tuple[tuple[str, Make], ...] = (
        ("sans signature", lambda made: messages.redirect_query(made.asked(), made.hints["plp_message_hint"], None)),
        ("signée par une clé étrangère", lambda made: made.query(pair=keys.strangers())),
        ("RelayState changé après la signature",
         lambda made: made.query(relay=wire.new_id("lch")).replace("RelayState=lch", "RelayState=Lch")),
        ("une autre demande sous la même signature", _other_request),
        ("rsa-sha1", lambda made: made.query(sha1=True)),
        ("rsa-sha1 annoncé rsa-sha256",
         lambda made: made.query(sha1=True).replace(quote_plus(names.RSA_SHA1), quote_plus(names.RSA_SHA256))),
        ("Signature vide", lambda made: made.query().rpartition("&Signature=")[0] + "&Signature="),
        ("SAMLRequest deux fois", lambda made: f"{made.query()}&SAMLRequest={quote_plus(messages.deflated(made.asked()))}"),
    )  # fmt: skip
    _each(bench, trial, cases, own_page=True)


@check("saml.request-xml", "DTD, entités, bombe, ce qui n'est pas une demande\u202f: page de la plateforme", "PLP-115")
def hostile_xml(bench: Bench, trial: Trial) -> None:
    """Truly signed, all of them."""
    cases: tuple[tuple[str, Make], ...] = (
        ("un type de document", lambda made: made.query(made.asked(before="<!DOCTYPE AuthnRequest>"))),
        ("des entités qui se multiplient", lambda made: made.query(forging.bomb(made.asked()))),
        ("une entité d'un fichier de la machine", lambda made: made.query(forging.outside(made.asked()))),
        ("vingt mégaoctets en peu d'octets", lambda made: made.query(packed=_zeros())),
        ("XML coupé", lambda made: made.query(made.asked()[:-9])),
        ("un autre message", lambda made: made.query(made.asked().replace("AuthnRequest", "LogoutRequest"))),
        ("ni comprimé ni codé", lambda made: made.query(packed="rien de tel")),
        ("un commentaire dans Issuer", lambda made: made.query(made.asked().replace("/saml</", "/<!-- -->saml</"))),
    )  # fmt: skip
    _each(bench, trial, cases, own_page=True)


def _zeros() -> str:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packed.compress(b"<" + b" " * 20_000_000) + packed.flush()).decode()


@check("saml.request-addressed", "Issuer, adresse de retour ou Destination d'un autre\u202f: page de la plateforme", "PLP-115")
def addressed_elsewhere(bench: Bench, trial: Trial) -> None:
    """Else an assertion would go where no sheet says."""
    cases: tuple[tuple[str, Make], ...] = (
        ("Issuer inconnu", lambda made: made.query(made.asked(issuer=_ELSEWHERE))),
        ("autre adresse de retour", lambda made: made.query(made.asked(AssertionConsumerServiceURL=f"{_ELSEWHERE}/acs"))),
        ("adresse de retour plus longue", lambda made: made.query(
            made.asked(AssertionConsumerServiceURL=made.sheet["acs_url"] + "/../acs"))),
    )  # fmt: skip
    _each(bench, trial, cases, own_page=True)
    other = (("autre Destination", lambda made: made.query(made.asked(Destination=f"{_ELSEWHERE}/sso"))),)
    _each(bench, trial, other, own_page=False)


@check("saml.request-said", "Heure, liaison, passivité, nom autres que prévu\u202f: aucune assertion", "PLP-115")
def otherwise_than_due(bench: Bench, trial: Trial) -> None:
    """RequestDenied, or the platform's own page."""
    at = wire.now()
    cases: tuple[tuple[str, Make], ...] = (
        ("émise il y a 330 s", lambda made: made.query(made.asked(issued=at - 330))),
        ("émise dans 330 s", lambda made: made.query(made.asked(issued=at + 360))),
        ("IsPassive absent", lambda made: made.query(made.asked(IsPassive=None))),
        ("IsPassive false", lambda made: made.query(made.asked(IsPassive="false"))),
        ("réponse demandée par HTTP-Redirect", lambda made: made.query(made.asked(ProtocolBinding=names.REDIRECT))),
        ("NameIDPolicy transient", lambda made: made.query(made.asked(policy=names.TRANSIENT))),
        ("SAML 1.1", lambda made: made.query(made.asked(Version="1.1"))),
        ("sans ID", lambda made: made.query(made.asked().replace(' ID="', ' Id="'))),
    )  # fmt: skip
    _each(bench, trial, cases, own_page=False)
