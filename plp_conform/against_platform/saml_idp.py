"""Annex A, `saml2-sp`: the platform's sheet and metadata, its Response, its refusals (PLP-114 to PLP-120)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from lxml import etree

from plp_conform import calling
from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.launch import copied
from plp_conform.against_platform.launch import stranger
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.against_platform.saml_trip import Posted
from plp_conform.against_platform.saml_trip import SamlTrip
from plp_conform.against_platform.saml_trip import attributes
from plp_conform.against_platform.visitor import words
from plp_conform.calling import Answer
from plp_conform.model import SAML_IDP
from plp_conform.model import SAML_SP
from plp_conform.saml import encryption
from plp_conform.saml import keys
from plp_conform.saml import messages
from plp_conform.saml import names
from plp_conform.saml import signing
from plp_conform.saml.xml import Element
from plp_conform.saml.xml import child
from plp_conform.saml.xml import each
from plp_conform.saml.xml import parse
from plp_conform.saml.xml import text
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Ouverture par SAML 2.0"
check = REGISTRY.chapter(CHAPTER, SAML_SP)
unsolicited = REGISTRY.chapter(CHAPTER, SAML_IDP)
_REQUIRED = {
    "launch_id", "interaction_id", "transaction_ref", "mandate", "action", "account_scheme", "account_ref", "actor_display",
    "broker_code", "return_url", "locale",
}  # fmt: skip
_NULLABLE = {"orias", "decision_id", "prefill"}


def trip(bench: Bench, trial: Trial) -> SamlTrip:
    """From the icon to the hand-over page."""
    made = bench.trip(trial)
    if not isinstance(made, SamlTrip):
        raise Unverified(f"la liaison est {bench.binding}")
    return made


def opened(trial: Trial, made: SamlTrip, query: str | None = None) -> Posted:
    """A right request is answered by Success."""
    answer = made.sso(query)
    posted = made.response(trial, answer)
    due = "Success, avec une assertion"
    trial.due(posted.status == [names.SUCCESS] and posted.carries() == 1, sent=answer.sent, came=str(posted.status), due=due)
    return posted


def denied(trial: Trial, made: SamlTrip, answer: Answer, second: str) -> None:
    """A Response without assertion: Responder, then this status; to acs_url, RelayState as it came (PLP-117)."""
    posted = made.response(trial, answer)
    right = posted.status == [names.RESPONDER, second] and posted.carries() == 0
    trial.due(right, sent=answer.sent, came=str(posted.status), due=f"Responder, {second.rpartition(':')[2]}, sans assertion")
    bound = posted.root.get("Destination") == made.sheet["acs_url"] and bool(posted.root.get("InResponseTo"))
    trial.due(bound, sent=answer.sent, came=str(dict(posted.root.attrib)), due="Destination = acs_url, InResponseTo")


@check("saml.sheet", "La fiche\u202f: saml entier, certificats RSA de 3072 bits au moins", "PLP-114")
def its_sheet(bench: Bench, trial: Trial) -> None:
    """entity_id is the issuer; one certificate, or two."""
    given, iss = bench.sheet["saml"], str(bench.sheet["iss"])
    shown = wire.dump({name: value for name, value in given.items() if name != "certs"})
    trial.due(given.get("entity_id") == iss, sent="fiche", came=shown, due=f"entity_id = {iss}")
    under = all(str(given.get(name)).startswith(f"{iss}/saml/") for name in ("sso_url", "metadata"))
    trial.due(under, sent="fiche", came=shown, due="sso_url et metadata sous {iss}/saml/")
    bits = [keys.public(one).key_size for one in given["certs"]]
    trial.due(1 <= len(bits) <= 2 and min(bits) >= keys.BITS, sent="fiche", came=f"{bits} bits", due="un ou deux, 3072 bits")


@check("saml.metadata", "Les métadonnées disent ce que dit la fiche", "PLP-114")
def its_metadata(bench: Bench, trial: Trial) -> None:
    """At `{iss}/saml/metadata`."""
    given = bench.sheet["saml"]
    answer = trial.answer(calling.call("GET", str(given["metadata"])), 200)
    root = parse(answer.body)
    named = root.tag == names.tag(names.METADATA, "EntityDescriptor") and root.get("entityID") == bench.sheet["iss"]
    trial.answer(answer, 200, holds=named, due="EntityDescriptor, entityID = iss")
    described = child(root, names.METADATA, "IDPSSODescriptor")
    places = {
        one.get("Location") for one in each(described, names.METADATA, "SingleSignOnService")
        if one.get("Binding") == names.REDIRECT
    }  # fmt: skip
    trial.answer(answer, 200, holds=places == {given["sso_url"]}, due="SingleSignOnService HTTP-Redirect = sso_url")
    listed = {"".join(text(one).split()) for one in each(described, names.DS, "X509Certificate")}
    sheet = {keys.body_of(one) for one in given["certs"]}
    trial.answer(answer, 200, holds=sheet <= listed, due="les certificats de la fiche")


@check("saml.page", "La page de réponse\u202f: un formulaire POST vers acs_url, sa politique, ni cache ni référent",
       "PLP-117", "PLP-060")  # fmt: skip
def its_page(bench: Bench, trial: Trial) -> None:
    """With a button for who has no script; `form-action` has acs_url's origin and nothing wider."""
    made = trip(bench, trial)
    answer = made.sso()
    posted = made.response(trial, answer)
    trial.due(posted.form.method == "post", sent=answer.sent, came=str(posted.form.attributes), due="method=post")
    trial.due(set(posted.form.fields) == {"SAMLResponse", "RelayState"}, sent=answer.sent, came=str(sorted(posted.form.fields)),
              due="SAMLResponse et RelayState")  # fmt: skip
    trial.due(bool(posted.form.text.strip()), sent=answer.sent, came=posted.form.text, due="un bouton")
    policy = {
        part.split()[0]: part.split()[1:] for part in answer.headers.get("content-security-policy", "").split(";") if part.strip()
    }
    site, shown = bench.server.public, answer.headers.get("content-security-policy", "aucune")
    right = set(policy.get("form-action", ())) <= {"'self'", site} and site in policy.get("form-action", ())
    trial.due(right, sent=answer.sent, came=shown, due=f"form-action {site}, et rien de plus large")
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    trial.due("'unsafe-inline'" not in scripts and "*" not in scripts, sent=answer.sent, came=shown, due="pas de script en ligne")
    control = "no-store" in answer.headers.get("cache-control", "")
    trial.due(control, sent=answer.sent, came=str(answer.headers.get("cache-control")), due="no-store")


@check("saml.response", "La Response\u202f: entière, une assertion, signée elle-même, chiffrée",
       "PLP-117", "PLP-120", "PLP-114", "PLP-115")  # fmt: skip
def its_response(bench: Bench, trial: Trial) -> None:
    """Its signature by a certificate of the sheet."""
    made, name = trip(bench, trial), messages.new_id()
    posted = opened(trial, made, made.query(made.asked(id=name)))
    root = posted.root
    shown = str(dict(root.attrib))
    wanted = {"Destination": made.sheet["acs_url"], "InResponseTo": name, "Version": "2.0"}
    trial.due({k: root.get(k) for k in wanted} == wanted, sent="sso_url", came=shown, due=wire.dump(wanted))
    launch = made.hints["plp_message_hint"]
    trial.due(posted.relay == launch, sent="sso_url", came=str(posted.relay), due="RelayState = launch_id")
    issuer = root.find(names.tag(names.ASSERTION, "Issuer"))
    trial.due(issuer is None or text(issuer) == bench.sheet["iss"], sent="sso_url", came=shown, due="Issuer = iss")
    plain = list(each(root, names.ASSERTION, "Assertion"))
    wrapped = list(each(root, names.ASSERTION, "EncryptedAssertion"))
    count = f"{len(plain)} Assertion, {len(wrapped)} EncryptedAssertion"
    trial.due((len(plain), len(wrapped)) == (0, 1), sent="sso_url", came=count, due="une EncryptedAssertion, rien en clair")
    wrong = encryption.faults(wrapped[0])
    trial.due(not wrong, sent="sso_url", came="; ".join(wrong) or "conforme", due="AES-256-GCM, RSA-OAEP, MGF1 SHA-256")
    assertion = made.assertion(posted)
    wrong = signing.faults(assertion, bench.sheet["saml"]["certs"])
    due = "enveloped, exc-c14n, rsa-sha256, sha256, Reference = son ID, d'un certificat de la fiche"
    trial.due(not wrong, sent="sso_url", came="; ".join(wrong) or "conforme", due=due)
    remarks = list(assertion.iter(etree.Comment, etree.ProcessingInstruction))
    trial.due(not remarks, sent="sso_url", came=f"{len(remarks)}", due="ni commentaire ni instruction")


def _within(given: str | None, due: float) -> bool:
    return abs(wire.read_stamp(re.sub(r"\.\d+Z$", "Z", str(given))) - due) <= 15


@check("saml.subject", "Sujet, conditions, authentification", "PLP-118", "PLP-010", "PLP-080")
def whom_it_names(bench: Bench, trial: Trial) -> None:
    """The handle of the hand-over; a minute; this partner alone."""
    made, name = trip(bench, trial), messages.new_id()
    assertion = made.assertion(opened(trial, made, made.query(made.asked(id=name))))
    at, shown = wire.now(), _shown(assertion)
    issuer = text(child(assertion, names.ASSERTION, "Issuer"))
    trial.due(issuer == bench.sheet["iss"], sent="sso_url", came=shown, due="Issuer = iss")
    subject = child(assertion, names.ASSERTION, "Subject")
    named = child(subject, names.ASSERTION, "NameID")
    who = (text(named), named.get("Format"), named.get("NameQualifier"), named.get("SPNameQualifier"))
    wanted = (made.hints["login_hint"], names.PERSISTENT, bench.sheet["iss"], made.sheet["entity_id"])
    trial.due(who == wanted, sent="sso_url", came=str(who), due=str(wanted))
    confirmation = child(subject, names.ASSERTION, "SubjectConfirmation")
    data = child(confirmation, names.ASSERTION, "SubjectConfirmationData")
    bound = (confirmation.get("Method"), data.get("Recipient"), data.get("InResponseTo"))
    due = (names.BEARER, made.sheet["acs_url"], name)
    trial.due(bound == due, sent="sso_url", came=str(bound), due="bearer, acs_url, la demande")
    trial.due(_within(data.get("NotOnOrAfter"), at + 60), sent="sso_url", came=str(data.get("NotOnOrAfter")), due="+60 s")
    conditions = child(assertion, names.ASSERTION, "Conditions")
    timed = _within(conditions.get("NotBefore"), at - 30) and _within(conditions.get("NotOnOrAfter"), at + 60)
    trial.due(timed, sent="sso_url", came=str(dict(conditions.attrib)), due="NotBefore -30 s, NotOnOrAfter +60 s")
    audiences = [text(one) for one in each(conditions, names.ASSERTION, "Audience")]
    trial.due(audiences == [made.sheet["entity_id"]], sent="sso_url", came=str(audiences), due="une Audience, entity_id")
    child(conditions, names.ASSERTION, "OneTimeUse")
    authn = child(assertion, names.ASSERTION, "AuthnStatement")
    reference = text(next(each(authn, names.ASSERTION, "AuthnContextClassRef")))
    index = authn.get("SessionIndex") or ""
    told = reference in (names.PASSWORD, names.MFA) and bool(authn.get("AuthnInstant")) and bool(index)
    secret = index not in str(bench.visitor.cookies)
    trial.due(told and secret, sent="sso_url", came=shown, due="AuthnInstant, classe connue, SessionIndex d'emprunt")


def _shown(assertion: Element) -> str:
    return calling.masked(etree.tostring(assertion).decode())[:900]


@check("saml.attributes", "Les attributs disent l'ouverture, chacun une fois, rien de plus", "PLP-119", "PLP-077", "PLP-083")
def what_it_says(bench: Bench, trial: Trial) -> None:
    """As the partner knows it otherwise."""
    made = trip(bench, trial)
    assertion = made.assertion(opened(trial, made))
    found, shown = attributes(assertion), _shown(assertion)
    formats = {one.get("NameFormat") for one in each(assertion, names.ASSERTION, "Attribute")}
    trial.due(formats == {names.URI}, sent="sso_url", came=str(formats), due="NameFormat uri")
    trial.due(set(found) >= _REQUIRED and set(found) <= _REQUIRED | _NULLABLE, sent="sso_url", came=str(sorted(found)),
              due=str(sorted(_REQUIRED)))  # fmt: skip
    asked = wire.parse(bench.partner.calls("/capabilities")[-1].incoming.body)
    document = bench.document()
    wanted = {
        "launch_id": made.hints["plp_message_hint"], "mandate": bench.sheet["mandate"], "action": bench.partner.acts[0],
        "account_scheme": asked["account"]["scheme"], "account_ref": asked["account"]["ref"],
        "broker_code": document["broker_code"],
    }  # fmt: skip
    trial.due({k: found[k] for k in wanted} == wanted, sent="sso_url", came=shown, due=wire.dump(wanted))
    listed = {one["sub"]: one["display"] for one in document["advisers"]}
    right = listed.get(made.hints["login_hint"]) == found["actor_display"]
    trial.due(right, sent="sso_url", came=found["actor_display"], due="le nom du conseiller, du mandat")
    back, issuer = urlsplit(found["return_url"]), urlsplit(str(bench.sheet["iss"]))
    same = (back.scheme, back.netloc) == (issuer.scheme, issuer.netloc)
    trial.due(same, sent="sso_url", came=found["return_url"], due="return_url de l'origine de l'émetteur")
    ids = wire.is_id(found["transaction_ref"]) and wire.is_uuid4(found["interaction_id"])
    trial.due(ids, sent="sso_url", came=shown, due="transaction_ref, interaction_id uuid4")
    hints = [*made.urls, *made.hints.values()]
    told = [one for one in hints if found["account_ref"] in one]
    trial.due(not told, sent="une ouverture", came="\n".join(made.urls), due="aucun numéro de contrat dans une adresse")


@check("saml.return", "return_url de l'assertion\u202f: une page, sans statut ni redirection", "PLP-082")
def the_return(bench: Bench, trial: Trial) -> None:
    """Unknown parameters are ignored."""
    made = trip(bench, trial)
    url = attributes(made.assertion(opened(trial, made)))["return_url"]
    answer = bench.visitor.get(f"{url}&status=validated&autre=1")
    still = "location" not in answer.headers and "Validé" not in words(answer.text)
    trial.answer(answer, 200, holds=still, due="200, aucun statut de l'adresse")


@check("saml.no-session", "Sans session\u202f: NoPassive, rien n'est consommé", "PLP-117", "PLP-115")
def no_session(bench: Bench, trial: Trial) -> None:
    """A request with the session then passes."""
    made = trip(bench, trial)
    denied(trial, made, made.sso(http=stranger(), note="sans session"), names.NO_PASSIVE)
    opened(trial, made)


@check("saml.once", "Une ouverture ne sert qu'une fois par SAML\u202f: RequestDenied", "PLP-115", "PLP-117")
def it_serves_once(bench: Bench, trial: Trial) -> None:
    """By another request too."""
    made = trip(bench, trial)
    opened(trial, made)
    denied(trial, made, made.sso(note="une autre demande, la même ouverture"), names.DENIED)


@check("saml.request-once", "Un ID de demande ne sert qu'une fois", "PLP-115")
def a_request_serves_once(bench: Bench, trial: Trial) -> None:
    """For another launch neither; a new request then opens it."""
    name, first = messages.new_id(), trip(bench, trial)
    opened(trial, first, first.query(first.asked(id=name)))
    second = trip(bench, trial)
    answer = second.sso(second.query(second.asked(id=name)), note="l'ID d'une demande déjà servie")
    nothing(trial, second, answer)
    opened(trial, second)


def nothing(trial: Trial, made: SamlTrip, answer: Answer, *, own_page: bool = False) -> None:
    """No assertion: the platform's own page, or (unless `own_page`) a Response that says RequestDenied."""
    posted = made.posted(answer)
    if posted is not None and not own_page:
        denied(trial, made, answer, names.DENIED)
        return
    page = 400 <= answer.status < 500 and "location" not in answer.headers and made.sheet["acs_url"] not in answer.text
    right = posted is None and page and answer.media_type == "text/html" and "urn:plp:problem" not in answer.text
    trial.answer(answer, answer.status, holds=right, due="une page 4xx de la plateforme, sans formulaire vers le partenaire")


@check("saml.foreign", "Ouverture inconnue ou RelayState absent\u202f: RequestDenied", "PLP-115", "PLP-117")
def a_foreign_launch(bench: Bench, trial: Trial) -> None:
    """And the true one then passes."""
    made = trip(bench, trial)
    answer = made.sso(made.query(relay=wire.new_id("lch")), note="ouverture inconnue")
    denied(trial, made, answer, names.DENIED)
    nothing(trial, made, made.sso(made.query(relay=None), note="sans RelayState"))
    opened(trial, made)


@check("saml.mandate", "Mandat suspendu entre-temps\u202f: RequestDenied", "PLP-117", "PLP-043", "PLP-042")
def the_mandate_ended(bench: Bench, trial: Trial) -> None:
    """A launch dies with what allowed it."""
    made, partner = trip(bench, trial), bench.partner
    partner.hook("mandate.suspended", partner.step("suspended", reason={"code": "other", "text": "Essai de conformité."}))
    answer = made.sso(note="mandat suspendu")
    partner.hook("mandate.activated", partner.step("active"))
    denied(trial, made, answer, names.DENIED)


@check("saml.race", "Quatre demandes à la fois\u202f: une seule assertion", "PLP-115")
def one_assertion(bench: Bench, trial: Trial) -> None:
    """Each with an ID of its own."""
    made = trip(bench, trial)
    queries = [made.query() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda query: made.sso(query, http=copied(bench.visitor.http)), queries))
    found = [one for one in map(made.posted, answers) if one is not None and one.carries()]
    trial.due(len(found) == 1, sent="quatre demandes d'une ouverture", came=f"{len(found)} assertions", due="une assertion")


@check("saml.head", "HEAD sur sso_url ne consomme rien", "PLP-115")
def head_consumes_nothing(bench: Bench, trial: Trial) -> None:
    """A scanner of links must not use a launch up."""
    made = trip(bench, trial)
    made.sso(method="HEAD")
    opened(trial, made)


@unsolicited("saml.idp", "Ouverture par une Response non demandée (saml2-idp)", "PLP-116")
def by_the_platform_alone(bench: Bench, trial: Trial) -> None:
    """Not of this kit yet."""
    raise Unverified("ce banc n'essaie pas encore la liaison saml2-idp")
